"""When cases arrive: given instants, gaps in a calendar's open time, gaps by a timetable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from bpmnmap.org.organization import Calendar
from bpmnmap.simulation.draws import Distribution
from bpmnmap.simulation.scenario import Arrival, Scenario
from tests.reference.addressed import Numbers, drawn
from tests.reference.levels import Node
from tests.reference.weeks import Clock, Opening


def arrival_times(start: Node, scenario: Scenario, clock: Clock, opening: Callable[[str], Opening], numbers: Numbers) -> Iterator[int]:
    """Instants at which cases arrive at a start, as many as the scenario lets in."""
    arrival = start.arrival
    assert arrival is not None
    if arrival.at:
        times = iter([clock.microseconds(instant) for instant in arrival.at])
    elif arrival.timetable:
        times = by_timetable(start, arrival, clock, numbers)
    else:
        times = by_gaps(start, arrival, opening(arrival.calendar), numbers)
    limits = [each for each in (arrival.cases, scenario.cases) if each is not None]
    return islice(times, limits[0]) if limits else times


def by_gaps(start: Node, arrival: Arrival, opening: Opening, numbers: Numbers) -> Iterator[int]:
    assert arrival.inter_arrival_time is not None
    time, index, gaps = 0, 0, drawn(arrival.inter_arrival_time)
    while True:
        time = opening.after(time, gaps.value(numbers.for_arrival(start.process, start.id, index)))
        yield time
        index += 1


def by_timetable(start: Node, arrival: Arrival, clock: Clock, numbers: Numbers) -> Iterator[int]:
    """A gap is drawn from the entry in whose hours it begins; where another's begin, the rest is scaled by the ratio of the means."""
    entries = [(Opening(Calendar(hours=each.hours), clock), drawn(each.inter_arrival_time)) for each in arrival.timetable]

    def begins_in(time: int) -> tuple[Opening, Distribution]:
        return min(entries, key=lambda entry: max(time, entry[0].span_after(time)[0]))

    time, index = 0, 0
    while True:
        opening, gaps = begins_in(time)
        left = gaps.value(numbers.for_arrival(start.process, start.id, index))
        while True:
            opens, closes = opening.span_after(time)
            time = max(time, opens)
            if time + left <= closes:
                break
            left -= closes - time
            time = closes
            following, others = begins_in(time)
            if following is not opening:
                left = round(left * (others.mean_us / gaps.mean_us))  # floats: one microsecond may depend on their bits
            opening, gaps = following, others
        time += left
        yield time
        index += 1
