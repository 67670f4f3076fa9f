"""What a saved run holds: each scope once, attributes, items, messages that nobody took."""

from __future__ import annotations

from pathlib import Path

import bpmnmap as bm
from bpmnmap.simulation.engine.run import Run
from bpmnmap.simulation.engine.scopes import DATA, HELD, Scope
from bpmnmap.simulation.engine.snapshot import load, save
from bpmnmap.simulation.planning import make_plan
from tests.by_hand.runs import started
from tests.reference.small import MINUTE, MONDAY, small_scenario

ALWAYS = "Mon-Sun 00:00-24:00"
CONSTRUCTS = Path(__file__).parents[2] / "semantics" / "constructs"
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x"><process id="P"><startEvent id="s"/>'


def read(nodes: str, *flows: str) -> bm.Definitions:
    ends = [flow.split(" -> ") for flow in flows]
    told = "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in ends)
    return bm.parse_bpmn(f"{HEAD}{nodes}{told}</process></definitions>".encode())


def held(scope: Scope) -> list[object]:
    """Node and kind of what a scope and its children hold, in order of node."""
    inner = ((node, kind, held(thing) if kind == 4 else None) for node, kind, thing in scope[HELD] or ())
    return sorted(inner, key=str)


def roots(run: Run) -> list[Scope]:
    return list(run.runtime.live.values())


def test_a_scope_in_which_something_waits_for_a_condition_is_there_once() -> None:
    """Its number was given twice where the case was reached before it by what waits in it."""
    condition = '<conditionalEventDefinition id="b_d"><condition>tally > 0</condition></conditionalEventDefinition>'
    nodes = (
        f'<task id="a"/><boundaryEvent id="b" attachedToRef="a">{condition}</boundaryEvent><endEvent id="e"/>'
        '<endEvent id="all"><terminateEventDefinition id="all_d"/></endEvent>'
    )
    scenario = small_scenario(
        {"A": ALWAYS},
        {"a": ("A", "PT1H")},
        arrivals={"s": {"at": [MONDAY]}},
        events={"b": {"condition": "tally > 0"}},
        attributes={"tally": {"distribution": "fixed", "value": 0}},
    )
    plan = make_plan([read(nodes, "s -> a", "a -> e", "b -> all")], scenario)
    run = started(plan)
    assert not run.advance(10 * MINUTE)
    loaded = load(plan, save(run))
    (before,), (after,) = roots(run), roots(loaded)
    assert held(after) == held(before)
    assert after[DATA] == before[DATA] == {"tally": 0}
    assert save(loaded) == save(run)


def test_messages_that_nobody_took_are_still_counted() -> None:
    definitions = bm.read_bpmn(CONSTRUCTS / "messages_nobody_takes.bpmn")
    works = {node.id or "": ("A", "PT1H") for process in definitions.processes for node in process.flow_nodes if node.kind == "task"}
    units = {"A": {"hours": ALWAYS, "pools": {"staff": {"quantity": 9}}}}
    processes = {process.id or "": {"unit": "A"} for process in definitions.processes}
    leaves = {"x": {"choices": [["leaves"]]}}
    plan = make_plan([definitions], small_scenario(units, works, arrivals={"s": {"at": [MONDAY]}}, processes=processes, gateways=leaves))
    run = started(plan)
    assert run.advance(100 * MINUTE) or not roots(run)
    assert run.runtime.untaken
    assert load(plan, save(run)).runtime.untaken == run.runtime.untaken


def test_executors_that_are_idle_keep_their_numbers() -> None:
    """Numbers tell who was worked first, where several are killed at once."""
    nodes = '<parallelGateway id="g"/><serviceTask id="a"/><serviceTask id="b"/><endEvent id="e"/>'
    scenario = small_scenario(
        {"A": ALWAYS},
        {"a": ("A", "PT5M"), "b": ("A", "PT1H")},
        arrivals={"s": {"at": [MONDAY]}},
        activities={"a": {"pools": {}}, "b": {"pools": {}}},
    )
    run = started(make_plan([read(nodes, "s -> g", "g -> a", "g -> b", "a -> e", "b -> e")], scenario))
    assert not run.advance(10 * MINUTE)
    assert run.runtime.executors.idle() == [2, 0]
    assert load(run.plan, save(run)).runtime.executors.idle() == [2, 0]
