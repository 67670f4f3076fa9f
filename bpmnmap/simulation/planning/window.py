"""Which arrivals count (H26), and whether any can come."""

from __future__ import annotations

from bpmnmap.semantics.program import Program
from bpmnmap.simulation.plan import SourcePlan
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


def tell_no_arrivals(
    faults: Faults, programs: tuple[Program, ...], sources: list[SourcePlan], calendars: Calendars, window: int | None
) -> None:
    """Tell starts whose cases can never arrive in the counted window, and a run without any case."""
    if not sources and not faults.findings:
        faults.error("no-arrivals", ("arrivals",), "every start is switched off, so no case can arrive", "give one start cases > 0")
    for source in sources:
        origin = programs[source.process].operations[source.operation].origin
        if window is None:
            first: int | None = None
        elif source.at:
            first = min(source.at)
        else:
            first = min(0 if gap.calendar < 0 else calendars.expanded[gap.calendar].next_opening(0) for gap in source.gaps)
        if window is not None and first is not None and first >= window:
            faults.error(
                "no-arrivals",
                ("arrivals", origin.element),
                "no case can arrive before the end of warm_up and duration",
                "choose a calendar that opens within the run, or a longer duration",
                origin,
            )
