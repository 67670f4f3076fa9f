"""The delay of each movement: elapsed with its parts (H9), or in open time of the unit that receives it (H28)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bpmnmap.analysis.critical_path import TRAVEL_COLUMNS
from bpmnmap.analysis.grouping import codes_by_instance
from bpmnmap.errors import EventLogError
from bpmnmap.eventlog.columns import Array
from bpmnmap.eventlog.log import EventLog
from bpmnmap.findings import Finding

WAITING_COLUMNS = ("batching_us", "unavailability_us", "prioritization_us", "contention_us")
PART_COLUMNS = (*TRAVEL_COLUMNS, *WAITING_COLUMNS)


def known_parts(log: EventLog) -> tuple[str, ...]:
    """Which of `PART_COLUMNS` are not zero throughout the log."""
    return tuple(name for name in PART_COLUMNS if not _is_zero((log.movements if name in TRAVEL_COLUMNS else log.instances)[name]))


def _is_zero(column: Array) -> bool:
    # a column that is one value throughout may take no memory: then one look is enough
    return not (column[:1] if column.strides == (0,) else column).any()


def part_times(log: EventLog, rows: Array, names: Sequence[str]) -> dict[str, Array]:
    """Microseconds of some parts of the given movements.

    The receiver's parts stand once in its instance's row and apply to each movement into it.
    """
    goals = log.movements["to_instance"][rows]
    sinks = np.flatnonzero(goals < 0)
    parts = {}
    for name in names:
        if name in TRAVEL_COLUMNS:
            parts[name] = log.movements[name][rows]
        else:
            parts[name] = log.instances[name][goals]
            parts[name][sinks] = 0  # nobody receives what has ended
    return parts


def elapsed_times(log: EventLog, rows: Array) -> Array:
    """Microseconds from `left` to the start of the receiver, or to the token's end, of the given movements."""
    movements = log.movements
    goals = movements["to_instance"][rows]
    sinks = np.flatnonzero(goals < 0)
    if len(log.instances):
        delays: Array = log.instances["start_us"][goals]
        delays -= movements["left_us"][rows]
    else:
        delays = np.zeros(len(rows), dtype=np.int64)
    if len(sinks):
        delays[sinks] = 0
        for name in TRAVEL_COLUMNS:
            if not _is_zero(movements[name]):
                delays[sinks] += movements[name][rows[sinks]]
    return delays


def working_times(log: EventLog, rows: Array) -> Array:
    """Open microseconds of the receiving unit between `left` and the start (the token's end) of the given movements.

    A row to *sink* has no receiver: the unit that it comes from counts; from *source* to *sink* all time counts.

    Raises
    ------
    EventLogError
        The log does not know the opening hours of a unit.
    """
    movements = log.movements
    units, names = codes_by_instance(log.instances, "unit")
    outside = len(names) - 1
    offices = units[movements["to_instance"][rows]]
    offices = np.where(offices == outside, units[movements["from_instance"][rows]], offices)
    left, times = movements["left_us"][rows], elapsed_times(log, rows)
    for code in np.flatnonzero(np.bincount(offices, minlength=len(names))[:outside]).tolist():
        unit = names[code]
        if unit not in log.run.opening:
            raise EventLogError([_unknown_hours(unit)])
        spans = log.run.opening[unit]
        if spans is not None:
            own = np.flatnonzero(offices == code)
            times[own] = spans.open_until(left[own] + times[own]) - spans.open_until(left[own])
    return times


def _unknown_hours(unit: str | None) -> Finding:
    return Finding(
        "unknown-hours", f"working time needs the opening hours of unit '{unit}', which the log does not know", fix="measure elapsed time"
    )
