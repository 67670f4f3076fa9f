"""Which arrivals count (H26)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bpmnmap.simulation.planning.calendars import Calendars
from bpmnmap.simulation.planning.faults import Faults
from bpmnmap.simulation.planning.times import microseconds
from bpmnmap.simulation.scenario import Scenario

_EARLIEST: Final = datetime(1, 1, 2)


def first_window(scenario: Scenario) -> tuple[int, int | None, int | None]:
    """Return warm-up, end of counted arrivals, and the run's limit, in microseconds; None with `cases`."""
    if scenario.cases is not None:
        return 0, None, None
    assert scenario.duration is not None
    warm_up = microseconds(scenario.warm_up)
    window = warm_up + microseconds(scenario.duration)
    follow_up = scenario.duration if scenario.follow_up is None else scenario.follow_up
    return warm_up, window, window + microseconds(follow_up)


def check_window(faults: Faults, calendars: Calendars, limit: int | None) -> None:
    """Tell a run that dates cannot follow; else calendars and rounds of the run that never open or leave.

    A year at the end is kept for what is drawn ahead, a day at the beginning for time zones that are ahead of UTC.
    """
    start = calendars.start
    if start < _EARLIEST:
        faults.error("out-of-range", ("start",), f"'{start.isoformat()}' is too early", "let the run start on 0001-01-02 or later")
    elif (limit or 0) > calendars.last_instant:
        fix = "give a shorter duration, warm_up or follow_up, or an earlier start"
        faults.error("past-last-year", ("duration",), "the run goes on into the year 9999, the last that dates have", fix)
    else:
        calendars.check(faults)
