"""Common random numbers (H31) of what is counted, chosen by itself, happens or not, is repeated, and of attributes of cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

import bpmnmap as bm
from bpmnmap.org.organization import Organization, ResourcePool, Unit
from tests.oracles.models import START
from tests.repeatability.drawn_numbers import Drawn, drawn

CASES = 300
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://example.org/common">'
LETTER = '<messageEventDefinition id="{0}_d"/>'
NODES = {
    "start": '<startEvent id="start"/>',
    "A": '<task id="A"/>',
    "some": '<inclusiveGateway id="some"/>',
    "B": '<task id="B"><multiInstanceLoopCharacteristics id="B_l"/></task>',
    "C": f'<task id="C"/><boundaryEvent id="letter" attachedToRef="C">{LETTER.format("letter")}</boundaryEvent>',
    "H": '<task id="H"/>',
    "S": '<subProcess id="S"><startEvent id="in"/><task id="L"><standardLoopCharacteristics id="L_l"/></task><endEvent id="out"/>'
    '<sequenceFlow id="in_L" sourceRef="in" targetRef="L"/><sequenceFlow id="L_out" sourceRef="L" targetRef="out"/></subProcess>',
    "all": '<inclusiveGateway id="all"/>',
    "large": '<exclusiveGateway id="large"/>',
    "D": '<task id="D"/>',
    "E": '<task id="E"/>',
    "end": '<endEvent id="end"/>',
}
FLOWS = (
    "start A", "A some", "some B", "some C", "some S", "letter H", "B all", "C all", "H all", "S all", "all large", "large D", "large E", "D end",
    "E end",
)  # fmt: skip
TIMES = {"distribution": "exponential", "mean": "PT30M"}


@dataclass(frozen=True, slots=True)
class Change:
    """Nodes and flows beside, flows that are cut, what stands beside the process, and tables of the scenario."""

    nodes: str = ""
    flows: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    beside: str = ""
    events: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


POOL = (
    '<process id="Q"><startEvent id="told"><messageEventDefinition id="told_d"/></startEvent><task id="N"/><endEvent id="read"/>'
    '<sequenceFlow id="told_N" sourceRef="told" targetRef="N"/><sequenceFlow id="N_read" sourceRef="N" targetRef="read"/></process>'
    '<collaboration id="c"><participant id="p" processRef="P"/><participant id="q" processRef="Q"/>'
    '<messageFlow id="news" sourceRef="A" targetRef="told"/></collaboration>'
)
CHANGES = {
    "activity before": Change('<task id="N"/>', ("start N", "N A"), ("start A",)),
    "activity before the split": Change('<task id="N"/>', ("A N", "N some"), ("A some",)),
    "activity in parallel": Change('<parallelGateway id="f"/><task id="N"/><endEvent id="e"/>', ("start f", "f A", "f N", "N e"), ("start A",)),
    "multi-instance in parallel": Change(
        '<parallelGateway id="f"/><task id="N"><multiInstanceLoopCharacteristics id="N_l"/></task><endEvent id="e"/>',
        ("start f", "f N", "f A", "N e"), ("start A",),
    ),
    "another boundary event": Change(
        f'<boundaryEvent id="call" attachedToRef="C" cancelActivity="false">{LETTER.format("call")}</boundaryEvent><task id="N"/><endEvent id="e"/>',
        ("call N", "N e"), events=("call",),
    ),
    "another pool": Change(beside=POOL),
    "another attribute": Change(attributes=("aaa",)),
}  # fmt: skip


def changed_map(change: Change, process: str = "P") -> bm.Definitions:
    """The map after a change."""
    flows = [flow.split() for flow in (*FLOWS, *change.flows) if flow not in change.cut]
    told = "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in flows)
    text = f'{HEAD}<process id="{process}">{"".join(NODES.values())}{change.nodes}{told}</process>{change.beside}</definitions>'
    return bm.parse_bpmn(text.encode())


def scenario_of(definitions: bm.Definitions, change: Change) -> bm.Scenario:
    """Everything that can be is drawn; there are people for all."""
    tasks = {node.id or "" for process in definitions.processes for scope in process.scopes() for node in scope.flow_nodes if node.kind == "task"}
    activities: dict[str, dict[str, Any]] = {name: {"processing_time": TIMES, "unit": "U"} for name in tasks}
    for name in tasks & {"B", "N"}:
        if name == "B" or "multiInstance" in change.nodes:
            activities[name]["count"] = {"distribution": "uniform", "min": 0, "max": 4, "integer": True}
    activities["C"]["processing_time"] = "PT1H"
    activities["L"]["repeat"] = 0.5
    number = {"distribution": "uniform", "min": 0, "max": 100}
    tables: dict[str, Any] = {
        "arrivals": {"start": {"inter_arrival_time": {"distribution": "exponential", "mean": "PT2H"}}},
        "activities": activities,
        "events": {name: {"wait_time": TIMES, "probability": 0.5} for name in ("letter", *change.events)},
        "gateways": {
            "some": {"probabilities": {"some_B": 0.6, "some_C": 0.6, "some_S": 0.3}},
            "large": {"conditions": {"large_D": "amount > 40", "large_E": "default"}},
        },
        "attributes": dict.fromkeys(("amount", *change.attributes), number),
    }
    people = Organization(units={"U": Unit(calendar="always", pools={"staff": ResourcePool(quantity=200)})})
    return bm.Scenario(organization=people, start=START, cases=CASES, **tables)


def drawn_in(change: Change) -> Drawn:
    """All that is drawn for the process after a change."""
    definitions = changed_map(change)
    (log,) = bm.simulate(definitions, scenario_of(definitions, change), replications=1, seed=3)
    return drawn(log)


@pytest.fixture(scope="module")
def base() -> Drawn:
    return drawn_in(Change())


def test_base_draws_everything(base: Drawn) -> None:
    entered = base["entered"]
    assert {count for (_, element), count in entered.items() if element == "B"} == {1, 2, 3, 4}
    assert max(count for (_, element), count in entered.items() if element == "L") > 3
    some = {element: sum(1 for _, name in entered if name == element) for element in ("B", "C", "H", "L", "D", "E")}
    assert all(CASES // 20 < count < CASES for count in some.values())
    assert some["D"] + some["E"] == CASES


@pytest.mark.parametrize("name", CHANGES)
def test_change_beside(base: Drawn, name: str) -> None:
    changed = drawn_in(CHANGES[name])
    own = "ABCHLDE"
    for kind in ("arrival", "worked", "entered"):
        kept = {key: value for key, value in changed[kind].items() if kind == "arrival" or key[1] in own}
        assert kept == base[kind], kind


def test_another_map_beside(base: Drawn) -> None:
    definitions = changed_map(Change())
    text = (
        f'{HEAD}<process id="R"><startEvent id="other"/><task id="M"><multiInstanceLoopCharacteristics id="M_l"/></task><endEvent id="done"/>'
        '<sequenceFlow id="o_M" sourceRef="other" targetRef="M"/><sequenceFlow id="M_d" sourceRef="M" targetRef="done"/></process></definitions>'
    )
    scenario = scenario_of(definitions, Change())
    both = scenario.replace(
        arrivals={**scenario.arrivals, "other": scenario.arrivals["start"]},
        activities={**scenario.activities, "M": {"processing_time": TIMES, "unit": "U", "count": 2}},
    )
    (log,) = bm.simulate([bm.parse_bpmn(text.encode()), definitions], both, replications=1, seed=3)
    assert drawn(log) == base
