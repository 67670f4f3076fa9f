"""Scenario: arrivals, times, chances, transfers over an organization; scenario files as frozen models."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cached_property
from os import PathLike, fspath
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, ValidationError, ValidationInfo

from bpmnmap.errors import BpmnMapError, OrganizationError, ScenarioError
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.org.organization import FORMAT, Format, Organization, as_tuple, placed
from bpmnmap.org.tables import Fault, checked, content_digest, fault, plain, retold
from bpmnmap.org.toml_files import UNREADABLE, Key, load_toml, parse_key
from bpmnmap.simulation.scenario_distributions import (
    Distribution,
    Duration,
    Erlang,
    Exponential,
    Fixed,
    Gamma,
    Instant,
    Lognormal,
    Positive,
    Triangular,
    Uniform,
)
from bpmnmap.simulation.scenario_files import Layers, Origin, load_layers, locate
from bpmnmap.simulation.scenario_references import WINDOW, holds_for, rank, reference_faults, scenario_faults, warnings_of
from bpmnmap.simulation.scenario_tables import (
    ActivityTimes,
    Arrival,
    EventTimes,
    GatewayChoices,
    ProcessTables,
    ScenarioTable,
    TimetableEntry,
    Transfer,
)

__all__ = [
    "ActivityTimes", "Arrival", "Distribution", "Erlang", "EventTimes", "Exponential", "Fixed", "Gamma", "GatewayChoices", "Lognormal",
    "ProcessTables", "Scenario", "TimetableEntry", "Transfer", "Triangular", "Uniform", "read_scenario",
]  # fmt: skip

_OVERRIDES: Final = ("calendars", "units")
_CONSEQUENCES: Final = frozenset({"missing-key", "unknown-calendar", "unknown-unit", "unknown-pool", "nothing-to-remove"})
"""Codes of faults that may be none once a file that cannot be read is there."""


class Scenario(ScenarioTable):
    """What a run is fed with; what needs the map is checked when map and scenario meet.

    Parameters
    ----------
    organization
        Who works where and when.
    start
        Clock zero, naive, in the organization's time zone.
    warm_up, duration, follow_up
        Counted are cases that arrive within `duration` after `warm_up`; they are followed `follow_up` longer at most,
        as long as `duration` unless said otherwise.
    cases
        Instead of these three: so many per start.
    replications, seed
        How often, and which numbers.
    event_budget
        Events of a replication at most.
    arrivals, activities, events, gateways
        By element: id, or name.
    processes
        The same for one of several processes, by its id.
    transfers
        Travel between units and along flows.
    calendars, units
        As in `org.toml`: laid over the organization, for this scenario only. They are input, not attributes.

    Raises
    ------
    ScenarioError
        With all faults at once.

    Examples
    --------
    >>> from datetime import datetime
    >>> from bpmnmap.org.organization import ResourcePool, Unit
    >>> city = Organization(units={"TO": Unit(calendar="always", pools={"staff": ResourcePool(quantity=4)})})
    >>> as_is = Scenario(organization=city, start=datetime(2026, 1, 5), cases=100,
    ...                  arrivals={"Start": Arrival(inter_arrival_time=Exponential(mean=timedelta(minutes=15)))})
    >>> to_be = as_is.replace(units={"TO": {"pools": {"staff": {"quantity": 5}}}})
    >>> as_is.organization.units["TO"].pools["staff"].quantity, to_be.organization.units["TO"].pools["staff"].quantity
    (4, 5)
    """

    later: ClassVar[frozenset[str]] = frozenset({"attributes", "participants"})
    also_known: ClassVar[frozenset[str]] = frozenset({"calendars", "units", "extends", "remove"})

    format: Format = FORMAT
    organization: Organization
    start: Instant
    warm_up: Duration = timedelta(0)
    duration: Positive | None = None
    follow_up: Duration | None = None
    cases: Annotated[int, Field(ge=1)] | None = None
    replications: Annotated[int, Field(ge=1)] = 30
    seed: Annotated[int, Field(ge=0)] = 1
    event_budget: Annotated[int, Field(ge=1)] = 100_000_000
    arrivals: dict[str, Arrival] = Field(default_factory=dict)
    activities: dict[str, ActivityTimes] = Field(default_factory=dict)
    events: dict[str, EventTimes] = Field(default_factory=dict)
    gateways: dict[str, GatewayChoices] = Field(default_factory=dict)
    processes: dict[str, ProcessTables] = Field(default_factory=dict)
    transfers: Annotated[tuple[Transfer, ...], BeforeValidator(as_tuple)] = ()

    _path: str | None = PrivateAttr(default=None)
    _origins: dict[Key, Origin] = PrivateAttr(default_factory=dict)
    _warnings: tuple[tuple[Key, str, str, str], ...] = PrivateAttr(default=())

    @classmethod
    def prepared(cls, table: dict[str, Any], info: ValidationInfo) -> tuple[dict[str, Any], list[Fault]]:
        """Return the table with its calendars and units laid over the organization."""
        table, faults = super().prepared(table, info)
        over = {key: plain(table.pop(key)) for key in _OVERRIDES if key in table}
        organization = table.get("organization")
        if not over or not isinstance(organization, Organization):
            return table, faults
        layers = Layers()
        layers.lay(plain(organization), lambda key: ("", key))
        layers.lay(over, lambda key: ("", key))
        try:
            merged = Organization.__pydantic_validator__.validate_python(layers.tables)
        except ValidationError as error:
            return table, [*faults, *retold(Organization, error)]
        return {**table, "organization": _like(merged, organization)}, faults

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find faults between tables, and names that the organization does not have."""
        organization = (info.context or {}).get("organization") or table.get("organization")
        found = list(scenario_faults(table))
        if isinstance(organization, Mapping):
            found += reference_faults(table, organization)
        return found

    @classmethod
    def finished(cls, result: Self, table: dict[str, Any]) -> None:
        """Fill in how long cases are followed, and keep the warnings."""
        if result.duration is not None and result.follow_up is None:
            result.__dict__["follow_up"] = result.duration  # no value that was given: it is not in model_fields_set
        result._warnings = tuple(warnings_of(table, table["organization"]))
