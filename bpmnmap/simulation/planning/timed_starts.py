"""Arrivals that a map's own timer gives: a start event with a cycle, a date or a duration."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from bpmnmap import model as m
from bpmnmap.semantics.program import Start
from bpmnmap.simulation.planning.faults import Faults
from bpmnmap.simulation.planning.timers import parse_timer
from bpmnmap.simulation.scenario import Arrival, Fixed

_CYCLE: Final = re.compile(r"R(\d*)/(.+)", re.DOTALL)


def arrival_of_map(definitions: m.Definitions, operation: Start, faults: Faults) -> Arrival | None:
    """Return when cases arrive at a timer start by what the map says; None if it says nothing that can be followed."""
    node = definitions.element(operation.origin.element)
    if not isinstance(node, m.StartEvent):
        return None
    timers = [each for each in node.event_definitions if isinstance(each, m.TimerEventDefinition)]
    if len(timers) != 1:
        return None
    timer = timers[0]
    if timer.time_cycle is not None and timer.time_cycle.text:
        cycle = _CYCLE.fullmatch(timer.time_cycle.text)
        return None if cycle is None else _arrival(cycle[2], int(cycle[1]) if cycle[1] else None, faults)
    for expression in (timer.time_date, timer.time_duration):
        if expression is not None and expression.text:
            return _arrival(expression.text, 1, faults)
    return None


def _arrival(text: str, times: int | None, faults: Faults) -> Arrival | None:
    try:
        timer = parse_timer(text)
    except ValueError:
        return None
    if timer.until is not None or (timer.at is not None and timer.at.tzinfo is not None):
        return None
    if timer.at is None:
        if timer.time_us == 0:
            return None
        return Arrival(inter_arrival_time=Fixed(value=timedelta(microseconds=timer.time_us)), cases=times)
    if timer.time_us == 0 or times == 1:
        return Arrival(at=(timer.at,))
    if times is None:
        return None
    return Arrival(at=tuple(timer.at + timedelta(microseconds=timer.time_us) * number for number in range(times)))
