"""Maps and scenarios in a few words, for tests of planning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import bpmnmap as bm
from bpmnmap.org.organization import Calendar, Organization, ResourcePool, Unit
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.scenario import ActivityTimes, Arrival, Fixed, Scenario

MINUTE = timedelta(minutes=1)
START = datetime(2026, 1, 5)
CITY = Organization(
    calendars={"office": Calendar(hours="Mon-Fri 08:00-16:00"), "morning": Calendar(hours="Mon-Fri 08:00-12:00")},
    units={
        "FO": Unit(name="Front Office", calendar="office", pools={"clerks": ResourcePool(quantity=2)}),
        "TO": Unit(
            name="Technical Office", aliases=("Bureau",), calendar="office",
            pools={"staff": ResourcePool(quantity=3), "heads": ResourcePool(quantity=1, calendar="morning", assumed=True)},
        ),
        "MR": Unit(name="Mail Room", parent="TO", pools={"clerks": ResourcePool(quantity=1)}),
        "EX": Unit(name="Expert", external=True),
    },
)  # fmt: skip


def read(
    nodes: Sequence[str], flows: Mapping[str, str], *, lanes: Mapping[str, str] | None = None, process: str = "p", around: str = ""
) -> bm.Definitions:
    """A map of one process.

    Parameters
    ----------
    nodes
        Like ``task a 'Check form'``: kind, id and, if it has one, its name.
    flows
        By id, like ``"a b"``: source and target; a third word is the flow's name.
    lanes
        Ids of nodes by the lane's name.
    around
        XML beside the process.
    """
    lines = []
    for number, (name, members) in enumerate((lanes or {}).items()):
        refs = "".join(f"<flowNodeRef>{member}</flowNodeRef>" for member in members.split())
        lines.append(f'<lane id="lane{number}" name="{name}">{refs}</lane>')
    parts = [f"<laneSet id='lanes'>{''.join(lines)}</laneSet>"] if lines else []
    parts += map(_node, nodes)
    for flow, text in flows.items():
        source, target, *words = text.split()
        parts.append(f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}" name="{" ".join(words)}"/>')
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="urn:d">'
    return bm.parse_bpmn(f'{head}<process id="{process}">{"".join(parts)}</process>{around}</definitions>'.encode(), f"{process}.bpmn")


def _node(text: str) -> str:
    kind, identifier, *name = text.split(" ", 2)
    called = f' name="{name[0].strip(chr(39))}"' if name else ""
    if kind.startswith("timer"):
        duration = kind.partition(":")[2]
        inner = f"<timeDuration>{duration}</timeDuration>" if duration else ""
        return f'<intermediateCatchEvent id="{identifier}"{called}><timerEventDefinition>{inner}</timerEventDefinition></intermediateCatchEvent>'
    return f'<{kind} id="{identifier}"{called}/>'


def chain(*nodes: str, **options: Any) -> bm.Definitions:
    """A map whose nodes follow each other, from a start event ``s`` to an end event ``e``, by flows f0, f1, …"""
    ids = ["s", *(node.split()[1] for node in nodes), "e"]
    flows = {f"f{at}": f"{source} {target}" for at, (source, target) in enumerate(pairwise(ids))}
    return read(["startEvent s", *nodes, "endEvent e"], flows, **options)


def scenario(organization: Organization = CITY, **tables: Any) -> Scenario:
    """A scenario of ten cases; an arrival a minute at the start event ``s``, if nothing else is said."""
    given = {"start": START, "cases": 10, "arrivals": {"s": Arrival(inter_arrival_time=Fixed(value=MINUTE))}}
    if "duration" in tables:
        del given["cases"]
    return Scenario(organization=organization, **{**given, **tables})


def worked(*elements: str, **options: Any) -> dict[str, ActivityTimes]:
    """Tables of activities that are each worked a minute."""
    return {element: ActivityTimes(processing_time=Fixed(value=MINUTE), **options) for element in elements}


def plan_of(*maps: bm.Definitions, **tables: Any) -> Plan:
    """The plan of maps and a scenario of these tables."""
    return make_plan(maps, scenario(**tables))


def unit_of(plan: Plan, element: str, process: int = 0) -> str | None:
    """The unit at which an element's first operation stands."""
    each = plan.processes[process]
    at = next(index for index, operation in enumerate(each.program.operations) if operation.origin.element == element)
    return None if each.units[at] < 0 else plan.units[each.units[at]]


def pool_of(plan: Plan, element: str, process: int = 0) -> str | None:
    """The pool that works a task, as UNIT.POOL."""
    each = plan.processes[process]
    at = next(
        index for index, operation in enumerate(each.program.operations) if operation.origin.element == element and index in each.works
    )
    return None if each.works[at].pool < 0 else plan.pools[each.works[at].pool].key


def codes(plan: Plan) -> list[str]:
    """Codes of a plan's findings."""
    return [finding.code for finding in plan.findings]
