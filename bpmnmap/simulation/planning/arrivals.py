"""When cases arrive at a start (H6), and whether any that counts can (H26)."""

from __future__ import annotations

from collections.abc import Sequence

from bpmnmap.semantics.program import Origin, Program
from bpmnmap.simulation.plan import GapPlan, SourcePlan
from bpmnmap.simulation.planning.calendars import Calendars
from bpmnmap.simulation.planning.faults import Faults
from bpmnmap.simulation.planning.tables import Found
from bpmnmap.simulation.planning.times import used
from bpmnmap.simulation.scenario import Arrival


class ArrivalPlanner:
    """Plans the starts of a run.

    Parameters
    ----------
    warm_up, window
        When arrivals begin to count, and when they end; the latter None with the scenario's `cases`.
    """

    def __init__(self, faults: Faults, calendars: Calendars, warm_up: int, window: int | None) -> None:
        self.faults = faults
        self.calendars = calendars
        self.warm_up = warm_up
        self.window = window
        self.sources: list[SourcePlan] = []
        self._counted = False

    def add(self, process: int, index: int, origin: Origin, found: Found[Arrival]) -> None:
        """Plan the arrivals of one start, if it is not switched off."""
        arrival = found.table
        cases = arrival.cases if arrival.cases is not None else self.faults.scenario.cases
        if cases == 0:
            return
        if arrival.at:
            at = tuple(self.calendars.instant(instant) for instant in arrival.at)
            source = SourcePlan(process, index, (), at[:cases], None)
        else:
            source = SourcePlan(process, index, self._gaps(found, origin), (), cases)
        self.sources.append(source)
        self._check(source, found, origin)

    def _gaps(self, found: Found[Arrival], origin: Origin) -> tuple[GapPlan, ...]:
        arrival = found.table
        if arrival.inter_arrival_time is not None:
            time = used(self.faults, arrival.inter_arrival_time, (*found.key, "inter_arrival_time"), arrival.assumed, origin)
            return (GapPlan(self.calendars.number(arrival.calendar), time),)
        gaps = []
        for place, entry in enumerate(arrival.timetable):
            key = (*found.key, "timetable", place)
            time = used(self.faults, entry.inter_arrival_time, (*key, "inter_arrival_time"), arrival.assumed or entry.assumed, origin)
            gaps.append(GapPlan(self.calendars.hours(entry.hours, (*key, "hours")), time))
        return tuple(gaps)

    def _check(self, source: SourcePlan, found: Found[Arrival], origin: Origin) -> None:
        """Tell a start at which no case can arrive in time."""
        if self.window is None:
            self._counted = True
            if source.cases is not None and source.gaps:
                expected = source.cases * min(gap.time.mean_us for gap in source.gaps)
                if expected > self.calendars.last_instant:
                    message = f"{source.cases} cases with such gaps arrive until the year 9999 and on"
                    self.faults.error("past-last-year", found.key, message, "let fewer cases arrive, or with shorter gaps", origin)
            return
        if source.at:
            first = min(source.at)
            self._counted |= any(self.warm_up <= instant < self.window for instant in source.at)
            fix = "move an instant into the run, or give a longer duration; cases = 0 switches the start off"
        else:
            first = min(self._earliest(gap) for gap in source.gaps)
            self._counted = True
            fix = "choose hours that open within the run, shorter gaps, or a longer duration; cases = 0 switches the start off"
        if first >= self.window:
            self.faults.error("no-arrivals", found.key, "no case can arrive before the end of warm_up and duration", fix, origin)
            self._counted = True  # told here

    def _earliest(self, gap: GapPlan) -> int:
        """Return an instant before which no first case can arrive; 0 for a calendar that is told never to open."""
        least = int(gap.time.parameters[0]) if gap.time.is_fixed else 0
        if gap.calendar < 0:
            return least
        calendar = self.calendars.expanded[gap.calendar]
        opening = self.calendars.asked(self.faults, calendar.next_opening, 0)
        return 0 if opening is None else self.calendars.asked(self.faults, calendar.finish, opening, least) or 0

    def finish(self, programs: Sequence[Program]) -> tuple[SourcePlan, ...]:
        """Return the starts at which cases arrive, and tell if no case counts."""
        if not self.sources and programs and not self.faults.has_errors:
            message = "every start is switched off, so no case can arrive"
            self.faults.error("no-arrivals", ("arrivals",), message, "give one start cases > 0, or take its cases = 0 out")
        elif self.sources and not self._counted:
            message = "every case arrives during warm_up, so none is counted"
            self.faults.error("no-arrivals", ("warm_up",), message, "give a shorter warm_up, or later instants")
        return tuple(self.sources)
