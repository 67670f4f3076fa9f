"""Plan: what is to be run, flat, checked and ready; picklable, so that workers get it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bpmnmap.findings import Finding
from bpmnmap.org.calendars import ExpandedCalendar
from bpmnmap.org.rounds import ExpandedRounds
from bpmnmap.semantics.program import Program
from bpmnmap.simulation.draws import Distribution

NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """A resource pool: ``UNIT.POOL``, its people, the index of its calendar (−1: always open)."""

    key: str
    quantity: int
    calendar: int


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """How a task is worked: the pool (`NOBODY`: starts when released, always open) and the processing time."""

    pool: int
    time: Distribution


@dataclass(frozen=True, slots=True)
class WaitPlan:
    """How long an event lets wait, in the open time of a calendar (−1: always)."""

    time: Distribution
    calendar: int = -1


@dataclass(frozen=True, slots=True)
class ChoosePlan:
    """Which way a token takes: by upper bounds of cumulated probabilities, or given by case and visit."""

    bounds: tuple[float, ...] = ()
    choices: tuple[tuple[int, ...], ...] = ()


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
    flow_transfers
        Travel of sequence and message flows that ``[[transfers]]`` names, by flow id.
    """

    program: Program
    units: tuple[int, ...]
    works: Mapping[int, WorkPlan]
    waits: Mapping[int, WaitPlan]
    chooses: Mapping[int, ChoosePlan]
    flow_transfers: Mapping[str, TransferPlan] = field(default_factory=dict)


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
