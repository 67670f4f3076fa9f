"""Plan: what is to be run, flat, checked and ready; picklable, so that workers get it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bpmnmap.findings import Finding
from bpmnmap.org.calendars import ExpandedCalendar
from bpmnmap.org.rounds import ExpandedRounds
from bpmnmap.semantics.expressions import Expression
from bpmnmap.semantics.program import Program
from bpmnmap.simulation.draws import Distribution, NumberDraw

NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """A resource pool: ``UNIT.POOL``, its people, the index of its calendar (−1: always open)."""

    key: str
    quantity: int
    calendar: int


@dataclass(frozen=True, slots=True)
class AttributePlan:
    """An attribute of cases: what is drawn once for each (H31)."""

    name: str
    numbers: NumberDraw


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """How a task is worked.

    Parameters
    ----------
    pool
        Index of the pool; `NOBODY`: it starts when released, always open.
    time
        Processing time; of several `times` the last.
    times
        The first whose condition holds when the token enters; the last has none. Empty: always `time`.
    sets
        Attributes that completion changes, each by an expression.
    """

    pool: int
    time: Distribution
    times: tuple[tuple[Expression | None, Distribution], ...] = ()
    sets: tuple[tuple[str, Expression], ...] = ()


@dataclass(frozen=True, slots=True)
class WaitPlan:
    """How long an event lets wait.

    Parameters
    ----------
    calendar
        In whose open time; −1: always.
    at
        The instant before which it does not fire; then `time` is 0.
    until
        The instant after which a repeated event does not fire again.
    probability
        Of being armed at all, at one visit.
    condition
        What it waits for, instead of a time.
    """

    time: Distribution
    calendar: int = -1
    at: int | None = None
    until: int | None = None
    probability: float = 1.0
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class ChoosePlan:
    """Which way a token takes: by upper bounds of cumulated probabilities, given by case and visit, or by conditions.

    Parameters
    ----------
    conditions
        By way; the first that holds is taken, else the `default`.
    """

    bounds: tuple[float, ...] = ()
    choices: tuple[tuple[int, ...], ...] = ()
    conditions: tuple[Expression | None, ...] = ()
    default: int | None = None


@dataclass(frozen=True, slots=True)
class SelectPlan:
    """Which ways copies of a token take: each by its probability, given by case and visit, or each whose condition holds.

    Parameters
    ----------
    default
        The way taken alone where no other is.
    always
        Ways that are always taken.
    """

    probabilities: tuple[float, ...] = ()
    choices: tuple[tuple[tuple[int, ...], ...], ...] = ()
    conditions: tuple[Expression | None, ...] = ()
    default: int | None = None
    always: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CountPlan:
    """How many items or turns: a number, drawn, or an expression over the case's attributes."""

    number: int | None = None
    drawn: NumberDraw | None = None
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class RepeatPlan:
    """Whether another turn is made: until `count` are made, by chance, or while a condition holds; `maximum` at most."""

    count: CountPlan | None = None
    probability: float | None = None
    condition: Expression | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class TransferPlan:
    """One leg's travel: rounds to leave with (−1: at once), then a transfer time in a calendar's open time."""

    rounds: int
    time: Distribution
    calendar: int = -1


@dataclass(frozen=True, slots=True)
class GapPlan:
    """One entry of an arrival timetable: the hours in which it holds (a calendar) and its gaps."""

    calendar: int
    time: Distribution


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """A start that is set off from outside.

    Parameters
    ----------
    process, operation
        Index of the process and of its `Start`.
    gaps
        One entry and its calendar, or a timetable's entries; empty where `at` gives the instants.
    at
        Given instants, ascending, in microseconds.
    cases
        How many arrive at most; None = until the run ends.
    """

    process: int
    operation: int
    gaps: tuple[GapPlan, ...] = ()
    at: tuple[int, ...] = ()
    cases: int | None = None


@dataclass(frozen=True, slots=True)
class ProcessPlan:
    """One process: its Program and, by index of operation, what the scenario says of it.

    Parameters
    ----------
    units
        Index of the unit at which each operation stands; −1 = none.
    selects, counts, repeats
        Of inclusive splits, of multi-instance activities, of loops.
    flow_transfers
        Travel of sequence and message flows that ``[[transfers]]`` names, by flow id.
    """

    program: Program
    units: tuple[int, ...]
    works: Mapping[int, WorkPlan]
    waits: Mapping[int, WaitPlan]
    chooses: Mapping[int, ChoosePlan]
    flow_transfers: Mapping[str, TransferPlan] = field(default_factory=dict)
    selects: Mapping[int, SelectPlan] = field(default_factory=dict)
    counts: Mapping[int, CountPlan] = field(default_factory=dict)
    repeats: Mapping[int, RepeatPlan] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a run needs but its seed.

    Parameters
    ----------
    processes
        In order of process id (H33).
    units
        Unit ids, sorted.
    pools
        In order of (unit id, pool id) (H33).
    pair_transfers
        By (index of unit left, index of unit headed for).
    window_us
        End of arrival of counted cases, None with `cases`.
    limit_us
        When the run ends at the latest, None with `cases`.
    block_bits
        2**block_bits cases have their numbers drawn at once; no result depends on it.
    """

    processes: tuple[ProcessPlan, ...]
    units: tuple[str, ...]
    pools: tuple[PoolPlan, ...]
    calendars: tuple[ExpandedCalendar, ...]
    rounds: tuple[ExpandedRounds, ...]
    sources: tuple[SourcePlan, ...]
    pair_transfers: Mapping[tuple[int, int], TransferPlan]
    start: datetime
    warm_up_us: int
    window_us: int | None
    limit_us: int | None
    event_budget: int
    block_bits: int = 12
    time_zone: str | None = None
    unit_calendars: tuple[int, ...] = ()
    unit_names: Mapping[str, str] = field(default_factory=dict)
    assumed: tuple[int, int] = (0, 0)
    map_digests: tuple[str, ...] = ()
    organization_digest: str = ""
    scenario_digest: str = ""
    replications: int = 30
    seed: int = 1
    findings: tuple[Finding, ...] = ()
    attributes: tuple[AttributePlan, ...] = ()


def processes_of(plan: Plan) -> tuple[str, ...]:
    """Ids of all processes of a plan, in order."""
    return tuple(sorted({name for process in plan.processes for name in processes_in(process.program)}))


def processes_in(program: Program) -> tuple[str, ...]:
    """Ids of all processes that operations of a program are of, those that are called too, in order."""
    return tuple(sorted({*program.processes, *(program.process_of(index) for index in range(len(program.operations)))}))
