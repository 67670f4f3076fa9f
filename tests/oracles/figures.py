"""What queueing theory speaks of, measured on an event log; times in hours."""

from __future__ import annotations

import numpy as np

from bpmnmap.eventlog.columns import Array
from bpmnmap.eventlog.log import EventLog

Figures = dict[str, float]

HOUR_US = 3_600_000_000


def station_figures(log: EventLog) -> Figures:
    """Figures of the system and, as ``NAME:ELEMENT``, of each activity.

    ``W`` time in the system, ``Wq`` wait, ``Pw`` chance to wait, ``p95 of …``, ``visits`` per case: over counted cases.
    ``L`` number in the system, ``Lq`` number waiting: integrals over the time in which counted cases arrive, whoever is there.
    """
    cases, instances, run = log.cases, log.instances, log.run
    assert run.duration_us is not None
    window = (run.warm_up_us, run.warm_up_us + run.duration_us)
    cycle = (cases.ended_us - cases.arrived_us)[cases.counted]
    assert cycle.min() >= 0, "each counted case has ended"
    figures = {
        "W": cycle.mean() / HOUR_US,
        "p95 of W": np.quantile(cycle, 0.95) / HOUR_US,
        "L": _mean_number(cases.arrived_us, _until(cases.ended_us, run.end_us), window),
    }
    counted = cases.counted[instances.case]
    element = instances.categorical("element")
    until_start, until_end = _until(instances.start_us, run.end_us), _until(instances.complete_us, run.end_us)
    for code in np.unique(element.codes).tolist():
        name, at = element.categories[code], element.codes == code
        wait = (instances.start_us - instances.enabled_us)[at & counted]
        figures |= {
            f"Wq:{name}": wait.mean() / HOUR_US,
            f"p95 of Wq:{name}": np.quantile(wait, 0.95) / HOUR_US,
            f"Pw:{name}": float((wait > 0).mean()),
            f"visits:{name}": len(wait) / len(cycle),
            f"Lq:{name}": _mean_number(instances.enabled_us[at], until_start[at], window),
            f"L:{name}": _mean_number(instances.enabled_us[at], until_end[at], window),
        }
    return figures


def _until(instants: Array, end_us: int) -> Array:
    return np.where(instants >= 0, instants, end_us)


def _mean_number(begin: Array, end: Array, window: tuple[int, int]) -> float:
    """How many are there on average in the window, if one is there in each [begin, end)."""
    return float((np.clip(end, *window) - np.clip(begin, *window)).sum()) / (window[1] - window[0])
