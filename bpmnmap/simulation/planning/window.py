"""Which arrivals count (H26)."""

from __future__ import annotations

from bpmnmap.simulation.planning.calendars import Calendars
from bpmnmap.simulation.planning.faults import Faults
from bpmnmap.simulation.planning.times import microseconds
from bpmnmap.simulation.scenario import Scenario


def first_window(scenario: Scenario) -> tuple[int, int | None, int | None]:
    """Return warm-up, end of counted arrivals, and the run's limit, in microseconds; None with `cases`."""
    if scenario.cases is not None:
        return 0, None, None
    assert scenario.duration is not None
    warm_up = microseconds(scenario.warm_up)
    window = warm_up + microseconds(scenario.duration)
    follow_up = scenario.duration if scenario.follow_up is None else scenario.follow_up
    return warm_up, window, window + microseconds(follow_up)


def check_window(faults: Faults, calendars: Calendars, window: int | None) -> None:
    """Tell a run that goes beyond the last date; else calendars and rounds of the run that never open or leave."""
    if window is not None and window > calendars.last_instant:
        fix = "give a shorter duration or warm_up, or an earlier start"
        faults.error("past-last-year", ("duration",), "warm_up and duration end after the year 9999", fix)
    else:
        calendars.check(faults)
