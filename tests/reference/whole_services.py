"""Whole maps of several pools with a scenario of a few cases, drawn at random."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

import bpmnmap as bm
from bpmnmap.org.organization import Calendar, Organization, ResourcePool, Unit
from bpmnmap.semantics.lowering import lower_map
from bpmnmap.semantics.program import Program, Start, Wait, ways_of
from tests.reference.whole_maps import UNITS, Box, Drawing

MONDAY: Final = datetime(2026, 1, 5)
_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'targetNamespace="http://example.org/drawn"><error id="error_a" errorCode="a"/><error id="error_b" errorCode="b"/>'
    '<escalation id="escalation_a" escalationCode="a"/><escalation id="escalation_b" escalationCode="b"/>'
    '<signal id="signal_a" name="a"/><signal id="signal_b" name="b"/>'
)

@dataclass(frozen=True)
class Service:
    """A map as text, what the scenario's tables hold, and what was drawn into it."""

    text: str
    values: dict[str, Any]
    kinds: frozenset[str]

    @property
    def definitions(self) -> bm.Definitions:
        """The map."""
        return bm.parse_bpmn(self.text.encode())

    @property
    def scenario(self) -> bm.Scenario:
        """The scenario."""
        return bm.Scenario(**self.values)

    def __repr__(self) -> str:
        return f"Service(\n{self.text.replace('><', '>' + chr(10) + '<')}\n{self.values})"


def _process(drawing: Drawing, name: str, pool: int, depth: int, *, opened: bool) -> str:
    """A process; `opened`: by a message."""
    box, start = Box(pool), drawing.id("s")
    if opened:
        drawing.starts.append((pool, start))
    box.parts.append(drawing.element("startEvent", start, f'<messageEventDefinition id="{start}_d"/>' if opened else ""))
    first, last = drawing.block(box, depth)
    drawing.flow(box, start, first)
    drawing.end(box, last)
    if drawing.chance(3):
        drawing.event_sub_process(box, depth - 2)
    return f'<process id="{name}">{"".join(box.parts)}</process>'


@st.composite
def services(draw: st.DrawFn, size: int = 14) -> Service:
    """A map of one to three pools and what they call, with a scenario of a few cases."""
    drawing = Drawing(draw, size)
    processes, participants = [], []
    if drawing.chance(3):
        processes.append(_process(drawing, "called", -1, 2, opened=False))
        drawing.called.append("called")
    for pool in range(drawing.one(1, 1, 2, 2, 3)):
        drawing.left = max(drawing.left, size // 2)
        processes.append(_process(drawing, f"process{pool}", pool, 4, opened=pool > 0))
        participants.append(f'<participant id="pool{pool}" processRef="process{pool}"/>')
    collaboration = f'<collaboration id="all">{"".join(participants)}{"".join(_message_flows(drawing))}</collaboration>'
    text = f"{_HEAD}{collaboration}{''.join(processes)}</definitions>"
    return Service(text, _values(drawing, lower_map(bm.parse_bpmn(text.encode())).programs), frozenset(drawing.kinds))


def _message_flows(drawing: Drawing) -> list[str]:
    """Connect what throws with what catches in another pool; what opens a process first."""
    flows = []
    throwers = list(drawing.throwers)
    for pool, catcher in (*drawing.starts, *drawing.catchers):
        opens = (pool, catcher) in drawing.starts
        senders = [each for each in throwers if (each[0] < pool if opens else each[0] != pool)]
        if senders and (opens or not drawing.chance(4)):
            sender = drawing.one(*senders)
            throwers.remove(sender)
            flows.append((sender[1], catcher))
    if flows:
        drawing.kinds.add("message flow")
    return [f'<messageFlow id="mf{number}" sourceRef="{ends[0]}" targetRef="{ends[1]}"/>' for number, ends in enumerate(flows)]


def _values(drawing: Drawing, programs: tuple[Program, ...]) -> dict[str, Any]:
    hour = drawing.one(7, 15)
    at = [MONDAY + timedelta(hours=hour, minutes=25 * number) for number in range(3)]
    arrivals: dict[str, Any] = {}
    for program in programs:
        for index, operation in enumerate(program.operations):
            name = operation.origin.element
            if isinstance(operation, Start) and operation.expected:
                arrivals[name] = {"cases": 0} if program.process_of(index) == "called" else {"at": at}
            elif isinstance(operation, Wait) and operation.trigger in ("message", "signal", "error", "escalation"):
                drawing.events[name] = {"wait_time": drawing.time()}
                if operation.origin.kind in ("boundaryEvent", "startEvent"):
                    drawing.events[name]["probability"] = drawing.one(1.0, 0.5)
    office = Calendar(hours="Mon-Fri 08:00-16:00")
    units = {
        name: Unit(calendar=drawing.one("always", "office"), pools={"staff": ResourcePool(quantity=drawing.one(1, 2))}) for name in UNITS
    }
    transfers: list[dict[str, Any]] = []
    if drawing.chance(2):
        pair: dict[str, Any] = {"from": drawing.one("*", "U0"), "to": drawing.one("*", "U1", "U2"), "transfer_time": drawing.time()}
        if drawing.chance(3):
            pair["dispatch"] = "Mon-Fri 10:00 14:00"
        transfers.append(pair)
    flows = sorted({flow for program in programs for each in program.operations for way in ways_of(each) for flow in way.flows})
    named = drawing.draw(st.lists(st.sampled_from(flows), max_size=2, unique=True))
    transfers += [{"flow": flow, "transfer_time": drawing.time()} for flow in named]
    return {
        "organization": Organization(calendars={"office": office}, units=units),
        "start": MONDAY,
        "warm_up": timedelta(0),
        "duration": timedelta(days=1),
        "follow_up": timedelta(days=drawing.one(0, 30)),
        "event_budget": 5_000,
        "arrivals": arrivals,
        "activities": drawing.activities,
        "events": drawing.events,
        "gateways": drawing.gateways,
        "processes": {},
        "attributes": {
            "amount": {"distribution": "uniform", "min": 0, "max": 100},
            "district": {"categories": {"North": 0.5, "South": 0.5}},
            "tally": {"distribution": "fixed", "value": 0},
        },
        "transfers": transfers,
    }
