"""Scenario: arrivals, times, chances, transfers over an organization; scenario files as frozen models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cached_property
from os import PathLike, fspath
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, ValidationInfo

from bpmnmap.errors import OrganizationError, ScenarioError
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.org.organization import FORMAT, Format, Organization, as_tuple, placed
from bpmnmap.org.tables import Fault, checked, content_digest, plain, retold
from bpmnmap.org.toml_files import UNREADABLE, Key, parse_key
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
from bpmnmap.simulation.scenario_files import (
    OVERRIDES,
    Layers,
    Origin,
    in_document_order,
    load_layers,
    load_organization,
    locate,
    superseded,
)
from bpmnmap.simulation.scenario_numbers import (
    AttributeDraw,
    Categorical,
    ErlangNumber,
    ExponentialNumber,
    FixedNumber,
    FixedValue,
    GammaNumber,
    LognormalNumber,
    NumberDistribution,
    TriangularNumber,
    UniformNumber,
)
from bpmnmap.simulation.scenario_references import holds_for, rank, reference_faults, scenario_faults, warnings_of
from bpmnmap.simulation.scenario_tables import (
    MOST,
    ActivityTimes,
    Arrival,
    EventTimes,
    GatewayChoices,
    ParticipantResponse,
    ProcessTables,
    ScenarioTable,
    TimetableEntry,
    TimeWhen,
    Transfer,
)

__all__ = [
    "ActivityTimes", "Arrival", "AttributeDraw", "Categorical", "Distribution", "Erlang", "ErlangNumber", "EventTimes", "Exponential",
    "ExponentialNumber", "Fixed", "FixedNumber", "FixedValue", "Gamma", "GammaNumber", "GatewayChoices", "Lognormal", "LognormalNumber",
    "NumberDistribution", "ParticipantResponse", "ProcessTables", "Scenario", "TimeWhen", "TimetableEntry", "Transfer", "Triangular",
    "TriangularNumber", "Uniform", "UniformNumber", "read_scenario",
]  # fmt: skip

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
    attributes
        By name: what is drawn once per case, for conditions.
    participants
        By id or name: how a black-box pool answers.
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

    unordered: ClassVar[frozenset[str]] = frozenset({"transfers"})
    also_known: ClassVar[frozenset[str]] = frozenset({"calendars", "units", "extends", "remove"})

    format: Format = FORMAT
    organization: Organization
    start: Instant
    warm_up: Duration = timedelta(0)
    duration: Positive | None = None
    follow_up: Duration | None = None
    cases: Annotated[int, Field(ge=1, le=MOST)] | None = None
    replications: Annotated[int, Field(ge=1, le=MOST)] = 30
    seed: Annotated[int, Field(ge=0, le=MOST)] = 1
    event_budget: Annotated[int, Field(ge=1, le=MOST)] = 100_000_000
    arrivals: dict[str, Arrival] = Field(default_factory=dict)
    activities: dict[str, ActivityTimes] = Field(default_factory=dict)
    events: dict[str, EventTimes] = Field(default_factory=dict)
    gateways: dict[str, GatewayChoices] = Field(default_factory=dict)
    processes: dict[str, ProcessTables] = Field(default_factory=dict)
    attributes: dict[str, AttributeDraw] = Field(default_factory=dict)
    participants: dict[str, ParticipantResponse] = Field(default_factory=dict)
    transfers: Annotated[tuple[Transfer, ...], BeforeValidator(as_tuple)] = ()

    _path: str | None = PrivateAttr(default=None)
    _origins: dict[Key, Origin] = PrivateAttr(default_factory=dict)
    _documents: dict[str, dict[str, Any]] = PrivateAttr(default_factory=dict)
    _warnings: tuple[tuple[Key, str, str, str], ...] = PrivateAttr(default=())

    @classmethod
    def prepared(cls, table: dict[str, Any], info: ValidationInfo) -> tuple[dict[str, Any], list[Fault]]:
        """Return the table with its calendars and units laid over the organization."""
        table, faults = super().prepared(table, info)
        over: dict[str, Any] = {key: plain(table.pop(key)) for key in OVERRIDES if key in table}
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
        return {**table, "organization": merged if organization.path is None else placed(merged, organization.path)}, faults

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

    @property
    def path(self) -> str | None:
        """The file it was read from, None if built in code."""
        return self._path

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Warnings: what is allowed, but hardly meant."""
        return tuple(
            Finding(code, message, self.location(key), severity=Severity.WARNING, fix=fix) for key, code, message, fix in self._warnings
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content with its organization, in hex; order of keys, files and `source` do not count."""
        return content_digest(self)

    def location(self, key: str | Key) -> Location:
        """Return the file that gave a value and its key there, for findings.

        Parameters
        ----------
        key
            Dotted key as TOML writes it, ``transfers[0].to`` for places in arrays; or its parts. Of a value that is not
            there: where its table stands.
        """
        return locate(self._origins, parse_key(key) if isinstance(key, str) else key)

    def in_order(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return findings about it file by file, each file's in document order; as they come where it was built in code."""
        return in_document_order(list(findings), self._documents)

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401
        """Return a scenario with other values; `calendars` and `units` are laid over the organization.

        Of `cases` and `duration` the one that is given drops the other, as in files.
        """
        given = {name for name, value in changes.items() if value is not None}
        kept = self.model_fields_set - changes.keys() - superseded((), dict.fromkeys(given))
        scenario = type(self)(**{name: getattr(self, name) for name in kept}, **changes)
        scenario._path, scenario._origins, scenario._documents = self._path, self._origins, self._documents
        return scenario

    def transfer_between(self, from_unit: str, to_unit: str) -> int | None:
        """Return the place in `transfers` of the one for a pair of units: pair before array before ``*``; None if there is none."""
        found = [
            (rank(transfer.from_, transfer.to), place)
            for place, transfer in enumerate(self.transfers)
            if transfer.from_ is not None
            and transfer.to is not None
            and holds_for(transfer.from_, from_unit)
            and holds_for(transfer.to, to_unit)
        ]
        return min(found)[1] if found and from_unit != to_unit else None


def read_scenario(path: str | PathLike[str]) -> Scenario:
    """Scenario of a file, with all that it extends and its organization.

    Parameters
    ----------
    path
        A scenario file.

    Raises
    ------
    ScenarioError
        A file cannot be read, or is faulty: with all faults of all files at once.
    OrganizationError
        Only the organization's file is faulty.
    """
    file = fspath(path)
    layers, findings = load_layers(file)
    place = layers.location(("organization",))
    home, units, faults = load_organization(layers)
    findings += faults
    incomplete = any(each.code in UNREADABLE or each.code == "extends-circle" for each in findings)
    organization, faults = (None, []) if units is None else checked(Organization, units.tables, units.location)
    values = {**layers.tables, "organization": organization} if organization is not None else layers.tables
    context = None if units is None else units.tables
    scenario, more = checked(Scenario, values, layers.location, organization=context)
    if home is not None:
        more = [each for each in more if each.location != place or each.code != "missing-key"]  # it is there, but faulty itself
    findings = [each for each in (*findings, *faults, *more) if not incomplete or each.code not in _CONSEQUENCES]
    if findings or scenario is None or organization is None or units is None or home is None:
        raise (OrganizationError if all(each.location.path == home for each in findings) else ScenarioError)(
            in_document_order(findings, layers.documents)
        )
    scenario.__dict__["organization"] = placed(organization, home)
    theirs = {key: origin for key, origin in units.origins.items() if key[:1] not in ((), ("format",))}
    scenario._path, scenario._origins, scenario._documents = file, {**layers.origins, **theirs}, layers.documents
    return scenario
