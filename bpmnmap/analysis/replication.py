"""One log's figures per pair of units or activities: integer sums and percentiles (H27)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpmnmap.analysis.critical_path import critical_path_rows, is_completed
from bpmnmap.analysis.delays import PART_COLUMNS, elapsed_times, known_parts, part_times, working_times
from bpmnmap.analysis.estimates import exact_sum, percentiles_s
from bpmnmap.analysis.grouping import Grouping, Pair
from bpmnmap.eventlog.columns import Array
from bpmnmap.eventlog.log import EventLog

PERCENTS = (50, 90)


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Sums over the rows of a pair in one replication.

    Parameters
    ----------
    count, time_us, percentiles_s
        Rows, the sum of their delays, and p50 and p90 of these.
    parts_us
        Sum of each of `PART_COLUMNS`.
    completed, critical, critical_us
        Rows of completed cases; those on the critical path; the sum of their delays.
    """

    count: int
    time_us: int
    percentiles_s: tuple[float, ...]
    parts_us: tuple[int, ...]
    completed: int
    critical: int
    critical_us: int


@dataclass(frozen=True, slots=True)
class ReplicationFigures:
    """What one replication adds to the table: its counted cases and their rows.

    Parameters
    ----------
    statuses
        Counted cases by status.
    cases, completed
        Counted cases, and completed ones of these.
    cycle_us, cycle_percentiles_s
        Sum of the cycle times of completed cases, and p50 and p90 (empty without a completed case).
    pairs
        Figures by pair.
    """

    statuses: dict[str, int]
    cases: int
    completed: int
    cycle_us: int
    cycle_percentiles_s: tuple[float, ...]
    pairs: dict[Pair, PairFigures]


def replication_figures(log: EventLog, *, by: str, time: str) -> ReplicationFigures:
    """Figures of one log; `by` and `time` as in `handoff_delays`."""
    cases = log.cases
    counted = cases["counted"].astype(np.bool_, copy=False)
    status = cases.categorical("status")
    numbers = np.bincount(status.codes[counted & (status.codes >= 0)], minlength=len(status.categories)).tolist()
    completed = is_completed(cases)
    finished = np.flatnonzero(counted & completed)
    cycles = cases["ended_us"][finished] - cases["arrived_us"][finished]
    return ReplicationFigures(
        statuses=dict(zip(status.categories, numbers, strict=True)),
        cases=int(np.count_nonzero(counted)),
        completed=len(finished),
        cycle_us=exact_sum(cycles),
        cycle_percentiles_s=percentiles_s(cycles, PERCENTS) if len(cycles) else (),
        pairs=_pair_figures(log, Grouping(log.movements, log.instances, counted, by), completed, time),
    )


def _pair_figures(log: EventLog, grouping: Grouping, completed: Array, time: str) -> dict[Pair, PairFigures]:
    """Figures of each pair, one after the other: what one needs stays in the cache."""
    elapsed = time == "elapsed"  # parts and shares are told of elapsed time only (H28)
    on_path = critical_path_rows(log) if elapsed else np.zeros(len(log.movements), dtype=np.bool_)
    known = known_parts(log) if elapsed else ()
    cases = log.movements["case"]
    all_completed = bool(completed.all())
    figures = {}
    for pair, rows in zip(grouping.pairs, grouping.rows_by_pair(), strict=True):
        delays = elapsed_times(log, rows) if elapsed else working_times(log, rows)
        parts = part_times(log, rows, known)
        critical = on_path[rows]
        figures[pair] = PairFigures(
            count=len(rows),
            time_us=exact_sum(delays),
            percentiles_s=percentiles_s(delays, PERCENTS),
            parts_us=tuple(exact_sum(parts[name]) if name in parts else 0 for name in PART_COLUMNS),
            completed=len(rows) if all_completed else int(np.count_nonzero(completed[cases[rows]])),
            critical=int(np.count_nonzero(critical)),
            critical_us=exact_sum(delays[critical]),
        )
    return figures
