"""The critical path of each completed case: which movements its cycle time went through (H22)."""

from __future__ import annotations

import numpy as np

from bpmnmap.eventlog.columns import Array, Columns
from bpmnmap.eventlog.log import EventLog

_CHUNK = 1 << 15
TRAVEL_COLUMNS = ("dispatch_us", "transfer_us", "event_us", "synchronization_us")


def critical_path_rows(log: EventLog) -> Array:
    """Which rows of ``log.movements`` lie on the critical path of a completed case: one bool per row.

    The path is walked back from the token that ended last (of several at one instant the last row), over the instance
    that it came from, that instance's critical movement, and so on to *source*. Worked time and pauses of the
    instances on it (up to `left`) and the movements on it add up to the cycle time.

    Examples
    --------
    Two tasks, one after the other; the log of a simulation has the same three tables:

    >>> from types import SimpleNamespace
    >>> cases = Columns({"status": np.array(["completed"])})
    >>> movements = Columns({
    ...     "from_instance": np.array([-1, 0, 1]), "to_instance": np.array([0, 1, -1]), "case": np.zeros(3, np.int64),
    ...     "critical": np.ones(3, np.bool_), "left_us": np.array([0, 5, 9]),
    ...     "dispatch_us": np.zeros(3, np.int64), "transfer_us": np.zeros(3, np.int64),
    ...     "event_us": np.zeros(3, np.int64), "synchronization_us": np.zeros(3, np.int64),
    ... })
    >>> critical_path_rows(SimpleNamespace(cases=cases, instances=range(2), movements=movements)).tolist()
    [True, True, True]

    References
    ----------
    handoff.md H5 (the critical origin), H22.
    """
    movements = log.movements
    origins = movements["from_instance"]
    on_path = np.zeros(len(movements), dtype=np.bool_)
    into = _critical_row_by_instance(movements, len(log.instances))
    rows = _last_rows(movements, len(log.cases))[is_completed(log.cases)]
    rows = rows[rows >= 0]
    while len(rows):  # one pass per link of the longest path, all cases together
        on_path[rows] = True
        instances = origins[rows]
        rows = into[instances[instances >= 0]]
        rows = rows[rows >= 0]
        rows = rows[~on_path[rows]]  # a log in which an instance comes from itself must not hang us
    return on_path


def is_completed(cases: Columns) -> Array:
    """Which cases are completed: one bool per case."""
    status = cases.categorical("status")
    if "completed" not in status.categories:
        return np.zeros(len(cases), dtype=np.bool_)
    completed: Array = status.codes == status.categories.index("completed")
    return completed


def _critical_row_by_instance(movements: Columns, count: int) -> Array:
    """Row of the critical movement into each instance; −1: none."""
    critical, goals = movements["critical"], movements["to_instance"]
    into = np.full(count + 1, -1, dtype=np.int32)
    for first in range(0, len(movements), _CHUNK):  # in stretches that stay in the cache
        rows = np.flatnonzero(critical[first : first + _CHUNK])
        rows += first
        into[goals[rows]] = rows  # sinks (goal −1) land on the extra place
    return into[:count]


def _last_rows(movements: Columns, count: int) -> Array:
    """Row of the critical movement to sink of the token that ended last in each case; −1: none."""
    rows = np.flatnonzero(movements["critical"] & (movements["to_instance"] < 0))
    cases = movements["case"][rows]
    ends = movements["left_us"][rows]
    for name in TRAVEL_COLUMNS:
        ends = ends + movements[name][rows]
    latest = np.full(count, np.iinfo(np.int64).min, dtype=np.int64)
    np.maximum.at(latest, cases, ends)
    is_latest = ends == latest[cases]
    last = np.full(count, -1, dtype=np.int64)
    last[cases[is_latest]] = rows[is_latest]  # of several the last assignment stays
    return last
