"""The tables of scenario files: arrivals, times of activities and events, ways through gateways, transfers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from bpmnmap.errors import BpmnMapError, ScenarioError
from bpmnmap.org.hours import parse_rounds
from bpmnmap.org.organization import ALWAYS, Hours, as_tuple
from bpmnmap.org.tables import Fault, Table
from bpmnmap.simulation.scenario_checks import (
    arrival_faults,
    as_choices,
    as_units,
    gateway_faults,
    people_faults,
    process_faults,
    transfer_faults,
)
from bpmnmap.simulation.scenario_distributions import Distribution, Fixed, Gaps, Instant

MOST: Final = 2**63 - 1
"""The largest whole number that a file may give: 64 bits hold it."""


def valid_rounds(text: str) -> str:
    """Return a text of rounds as it is."""
    parse_rounds(text)
    return text


def _in_order(instants: tuple[datetime, ...]) -> tuple[datetime, ...]:
    return tuple(sorted(instants))


class ScenarioTable(Table):
    """A table of a scenario file."""

    error_class: ClassVar[type[BpmnMapError]] = ScenarioError


class TimetableEntry(ScenarioTable):
    """Gaps between cases that begin in these hours of the week."""

    hours: Hours
    inter_arrival_time: Gaps


class Arrival(ScenarioTable):
    """When cases arrive at a start: by gaps, by gaps of a timetable, or at given instants.

    Parameters
    ----------
    inter_arrival_time, calendar
        Gaps that run in the open time of a calendar.
    timetable
        Gaps by hours of the week; time outside all hours does not count.
    at
        Exactly these cases; kept in order of time.
    cases
        So many at most; 0 switches the start off. None = as many as the scenario's `cases`, or as come.
    """

    inter_arrival_time: Gaps | None = None
    timetable: Annotated[tuple[TimetableEntry, ...], BeforeValidator(as_tuple)] = ()
    at: Annotated[tuple[Instant, ...], BeforeValidator(as_tuple), AfterValidator(_in_order)] = ()
    calendar: str = ALWAYS
    cases: Annotated[int, Field(ge=0, le=MOST)] | None = None

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find none or several of the three ways, and timetables that overlap."""
        del info
        return arrival_faults(table)


class ActivityTimes(ScenarioTable):
    """How long an activity is worked, who is responsible, and who works.

    Parameters
    ----------
    processing_time
        Time worked, in the open time of its pool.
    unit
        Id of the unit responsible, where the map does not say or says it wrong.
    pools
        "UNIT.POOL", or POOL of its own unit → people; {} = nobody. None = one of the unit's only pool.
    """

    later: ClassVar[frozenset[str]] = frozenset({"split", "priority", "batch", "setup_time"})

    processing_time: Distribution | None = None
    unit: str | None = None
    pools: dict[str, Annotated[int, Field(ge=1)]] | None = None

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find more people than can work at once so far."""
        del info
        return people_faults(table)


class EventTimes(ScenarioTable):
    """How long an event lets wait from entering to firing, in a calendar's open time, and whose it is."""

    wait_time: Distribution | None = None
    calendar: str = ALWAYS
    unit: str | None = None


class GatewayChoices(ScenarioTable):
    """Which way tokens take: by chance, or given by case and visit.

    Parameters
    ----------
    probabilities
        Flow, by id or name → probability.
    choices
        Flows by case, then visit; the last entry repeats. At an inclusive gateway an entry may be several flows.
    """

    later: ClassVar[frozenset[str]] = frozenset({"conditions"})

    probabilities: dict[str, Annotated[float, Field(ge=0, le=1)]] | None = None
    choices: Annotated[tuple[tuple[str | tuple[str, ...], ...], ...], BeforeValidator(as_choices)] | None = None

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find none or both of the two ways."""
        del info
        return gateway_faults(table)


class Transfer(ScenarioTable):
    """Travel in one direction: between units, or along a sequence or message flow.

    Parameters
    ----------
    from_, to
        Unit id, several ids, or "*"; in files `from_` is called ``from``.
    flow
        Id of a flow, instead.
    dispatch
        Rounds with which things leave, like "Mon-Fri 10:00 14:00"; None = at once. None leave on days on which `calendar` is
        closed all day.
    transfer_time
        In the open time of `calendar`.
    """

    from_: Annotated[str | tuple[str, ...], BeforeValidator(as_units)] | None = Field(default=None, validation_alias="from")
    to: Annotated[str | tuple[str, ...], BeforeValidator(as_units)] | None = None
    flow: str | None = None
    dispatch: Annotated[str, AfterValidator(valid_rounds)] | None = None
    transfer_time: Distribution = Fixed(value=timedelta(0))
    calendar: str = ALWAYS

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find transfers from nowhere, to nowhere, or from a unit to itself."""
        del info
        return transfer_faults(table)


class ProcessTables(ScenarioTable):
    """What a scenario says of one of several processes; element tables as at the top, transfers by flow only.

    Parameters
    ----------
    unit
        Id of the unit responsible where nothing else names one.
    """

    unordered: ClassVar[frozenset[str]] = frozenset({"transfers"})

    unit: str | None = None
    arrivals: dict[str, Arrival] = Field(default_factory=dict)
    activities: dict[str, ActivityTimes] = Field(default_factory=dict)
    events: dict[str, EventTimes] = Field(default_factory=dict)
    gateways: dict[str, GatewayChoices] = Field(default_factory=dict)
    transfers: Annotated[tuple[Transfer, ...], BeforeValidator(as_tuple)] = ()

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find transfers that are not by flow."""
        del info
        return process_faults(table)
