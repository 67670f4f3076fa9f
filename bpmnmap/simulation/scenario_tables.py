"""The tables of scenario files: arrivals, times of activities and events, ways through gateways, transfers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, ValidationInfo

from bpmnmap.errors import BpmnMapError, ScenarioError
from bpmnmap.org.hours import parse_rounds
from bpmnmap.org.organization import ALWAYS, Hours, as_tuple
from bpmnmap.org.tables import Fault, Table, fault, raise_faults, retold, shown
from bpmnmap.simulation.scenario_checks import (
    activity_faults,
    arrival_faults,
    as_choices,
    as_units,
    case_faults,
    event_faults,
    gateway_faults,
    misplaced_tables,
    participant_faults,
    process_faults,
    transfer_faults,
)
from bpmnmap.simulation.scenario_distributions import Distribution, Fixed, Gaps, Instant, TimeDistribution, as_distribution
from bpmnmap.simulation.scenario_expressions import Assigned, ConditionText, FlowCondition, Repeat, moved
from bpmnmap.simulation.scenario_numbers import Count

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


class TimeWhen(ScenarioTable):
    """A time that holds in some cases.

    Parameters
    ----------
    when
        Expression over the case's attributes that says in which; None = in all others.
    time
        Time worked then.
    """

    when: ConditionText | None = None
    time: Distribution


def as_processing_time(value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
    """Return a distribution, or several with the conditions in which they hold."""
    if not isinstance(value, (list, tuple)):
        return as_distribution(value, info)
    faults = list(case_faults(value))
    entries = []
    for place, entry in enumerate(value):
        if not isinstance(entry, (Mapping, TimeWhen)):
            faults.append(fault([place], "wrong-type", f"{shown(entry)} must be a table", "write { when = …, time = … }"))
            continue
        try:
            entries.append(TimeWhen.__pydantic_validator__.validate_python(entry, context=info.context))
        except ValidationError as error:
            faults += [moved(each, (place,)) for each in retold(TimeWhen, error)]
    raise_faults(faults)
    return tuple(entries)


class ActivityTimes(ScenarioTable):
    """How long an activity is worked, who is responsible, who works, how often, and what it changes.

    Parameters
    ----------
    processing_time
        Time worked, in the open time of its pool; or several, each with its condition: the first that holds counts.
    unit
        Id of the unit responsible, where the map does not say or says it wrong.
    pools
        "UNIT.POOL", or POOL of its own unit → people; {} = nobody. None = one of the unit's only pool.
    count
        Instances of a multi-instance activity, or turns of a loop: a whole number, a distribution over numbers, or an expression.
    repeat
        Whether a loop takes another turn: a probability, or an expression.
    completion_condition
        Expression that ends a multi-instance activity before all instances are done.
    set
        Attribute → what it is when the activity is completed: a number, true or false, or an expression.
    """

    later: ClassVar[frozenset[str]] = frozenset({"split", "priority", "batch", "setup_time"})

    processing_time: Annotated[TimeDistribution | tuple[TimeWhen, ...], BeforeValidator(as_processing_time)] | None = None
    unit: str | None = None
    pools: dict[str, Annotated[int, Field(ge=1)]] | None = None
    count: Count | None = None
    repeat: Repeat | None = None
    completion_condition: ConditionText | None = None
    set: dict[str, Assigned] = Field(default_factory=dict)

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find more people than can work at once so far, a loop ruled twice, attributes that cannot be named."""
        del info
        return activity_faults(table)


class EventTimes(ScenarioTable):
    """Whether an event happens and when, and whose it is.

    Parameters
    ----------
    wait_time, calendar
        Time from entering to firing, in the open time of a calendar.
    condition
        Expression that a conditional event waits for, instead.
    probability
        That it happens at all at one visit, where the map lets it also not happen.
    unit
        Id of the unit responsible, where the map does not say or says it wrong.
    """

    wait_time: Distribution | None = None
    calendar: str = ALWAYS
    condition: ConditionText | None = None
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    unit: str | None = None

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find a condition beside a time."""
        del info
        return event_faults(table)


class GatewayChoices(ScenarioTable):
    """Which way tokens take: by chance, by the case's attributes, or given by case and visit.

    Parameters
    ----------
    probabilities
        Flow, by id or name → probability.
    choices
        Flows by case, then visit; the last entry repeats. At an inclusive gateway an entry may be several flows.
    conditions
        Flow, by id or name → expression, or "default": taken where no other one's holds.
    """

    probabilities: dict[str, Annotated[float, Field(ge=0, le=1)]] | None = None
    choices: Annotated[tuple[tuple[str | tuple[str, ...], ...], ...], BeforeValidator(as_choices)] | None = None
    conditions: dict[str, FlowCondition] | None = None

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find none or several of the three ways."""
        del info
        return gateway_faults(table)


class ParticipantResponse(ScenarioTable):
    """How a black-box pool answers: from delivery of a message to sending its own.

    Parameters
    ----------
    response_time, calendar
        How long it takes, in the open time of a calendar; None = it does not answer.
    probabilities
        Message flow, by id or name → probability that it answers along this one.
    """

    response_time: Distribution | None = None
    calendar: str = ALWAYS
    probabilities: dict[str, Annotated[float, Field(ge=0, le=1)]] | None = None

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find answers that take no time that is told."""
        del info
        return participant_faults(table)


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
    def prepared(cls, table: dict[str, Any], info: ValidationInfo) -> tuple[dict[str, Any], list[Fault]]:
        """Take out tables that hold for all processes."""
        table, faults = super().prepared(table, info)
        misplaced = misplaced_tables(table)
        return {key: value for key, value in table.items() if key not in misplaced}, [*faults, *misplaced.values()]

    @classmethod
    def faults(cls, table: dict[str, Any], info: ValidationInfo) -> Iterable[Fault]:
        """Find transfers that are not by flow."""
        del info
        return process_faults(table)
