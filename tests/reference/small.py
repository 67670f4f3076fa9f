"""Maps and scenarios small enough to reckon by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bpmnmap.model import Definitions
from bpmnmap.org.organization import Organization
from bpmnmap.simulation.scenario import Scenario
from bpmnmap.xmlio.reader import parse_bpmn
from tests.reference.random_maps import NAMESPACE, TAGS

MONDAY = datetime(2026, 1, 5)
MINUTE = 60_000_000


def small_map(*flows: str, process: str = "P") -> Definitions:
    """A map from texts like "s -> t"; what a node is stands in its id's first letter: start, task, catch, xor, and, end."""
    kinds = {kind[0]: tag for kind, tag in TAGS.items()} | {"t": "task"}
    ends = [tuple(flow.split(" -> ")) for flow in flows]
    nodes = dict.fromkeys(node for pair in ends for node in pair)
    lines = [f'<definitions xmlns="{NAMESPACE}" id="D" targetNamespace="x"><process id="{process}">']
    for node in nodes:
        inner = "<messageEventDefinition/>" if node[0] == "c" else ""
        lines.append(f'<{kinds[node[0]]} id="{node}">{inner}</{kinds[node[0]]}>')
    lines += [f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in ends]
    return parse_bpmn("\n".join([*lines, "</process></definitions>"]).encode())


def small_scenario(units: dict[str, Any], tasks: dict[str, tuple[str, str]], **tables: Any) -> Scenario:
    """Tasks are given by unit and time; a unit by its hours, then it has one person, or by its table, in which `hours` may stand."""
    tables_of_units: dict[str, Any] = {
        name: {"hours": given, "pools": {"staff": {"quantity": 1}}} if isinstance(given, str) else dict(given)
        for name, given in units.items()
    }
    calendars: dict[str, Any] = {}
    for name, table in tables_of_units.items():
        if "hours" in table:
            calendars[f"of_{name}"] = {"hours": table.pop("hours")}
            table["calendar"] = f"of_{name}"
    organization = Organization(calendars=calendars, units=tables_of_units)
    activities = {task: {"unit": unit, "processing_time": time} for task, (unit, time) in tasks.items()}
    activities = {task: table | tables.get("activities", {}).get(task, {}) for task, table in activities.items()}
    given: dict[str, Any] = {"start": MONDAY, "processes": {"P": {"unit": next(iter(units))}}} | tables | {"activities": activities}
    if "duration" not in given:
        given.setdefault("cases", 1)
    return Scenario(organization=organization, **given)
