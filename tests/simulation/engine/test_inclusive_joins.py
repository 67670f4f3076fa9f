"""Inclusive joins in time: what a token waits there is synchronization, and they fire before anything else of the instant (H60)."""

from __future__ import annotations

from typing import Any

import bpmnmap as bm
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_once
from tests.reference.small import MINUTE, MONDAY, small_scenario

ALWAYS = "Mon-Sun 00:00-24:00"
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x"><process id="P"><startEvent id="s"/>'
SPLIT = '<inclusiveGateway id="g"/><task id="a"/><inclusiveGateway id="j"/>'


def read(nodes: str, *flows: str) -> bm.Definitions:
    """A map with an inclusive block, further nodes, and flows like "a -> b"."""
    ends = [flow.split(" -> ") for flow in flows]
    told = "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in ends)
    return bm.parse_bpmn(f"{HEAD}{SPLIT}{nodes}{told}</process></definitions>".encode())


def test_a_token_that_waited_for_one_that_went_elsewhere() -> None:
    """b works 30 minutes and ends elsewhere: until then a's token waits at the join, alone."""
    nodes = '<endEvent id="e"/><task id="b"/><exclusiveGateway id="x"/><task id="c"/><endEvent id="out"/>'
    flows = ("s -> g", "g -> a", "g -> b", "a -> j", "b -> x", "x -> j", "x -> out", "j -> c", "c -> e")
    gateways: dict[str, Any] = {"g": {"choices": [[["g_a", "g_b"]]]}, "x": {"choices": [["x_out"]]}}
    units = {"A": {"hours": ALWAYS, "pools": {"staff": {"quantity": 2}}}}
    tasks = {"a": ("A", "PT10M"), "b": ("A", "PT30M"), "c": ("A", "PT5M")}
    scenario = small_scenario(units, tasks, arrivals={"s": {"at": [MONDAY]}}, gateways=gateways)
    log = run_once(make_plan([read(nodes, *flows)], scenario), 1, 1)
    (c,) = [at for at, element in enumerate(log.instances.element.tolist()) if element == "c"]
    assert log.instances.enabled_us[c] == log.instances.start_us[c] == 30 * MINUTE
    (into,) = [at for at, to in enumerate(log.movements.to_instance.tolist()) if to == c]
    assert log.movements.left_us[into] == 10 * MINUTE
    assert log.movements.synchronization_us[into] == 20 * MINUTE


def test_two_tokens_that_waited_for_a_third() -> None:
    """Both wait from when they came until the third has gone elsewhere; the one that came last is critical (H8)."""
    nodes = '<endEvent id="e"/><task id="b"/><task id="d"/><exclusiveGateway id="x"/><task id="c"/><endEvent id="out"/>'
    flows = ("s -> g", "g -> a", "g -> b", "g -> d", "a -> j", "d -> j", "b -> x", "x -> j", "x -> out", "j -> c", "c -> e")
    gateways: dict[str, Any] = {"g": {"choices": [[["g_a", "g_b", "g_d"]]]}, "x": {"choices": [["x_out"]]}}
    units = {"A": {"hours": ALWAYS, "pools": {"staff": {"quantity": 3}}}}
    tasks = {"a": ("A", "PT10M"), "b": ("A", "PT30M"), "c": ("A", "PT5M"), "d": ("A", "PT20M")}
    scenario = small_scenario(units, tasks, arrivals={"s": {"at": [MONDAY]}}, gateways=gateways)
    log = run_once(make_plan([read(nodes, *flows)], scenario), 1, 1)
    elements, movements = log.instances.element.tolist(), log.movements
    rows = [at for at, to in enumerate(movements.to_instance.tolist()) if to >= 0 and elements[to] == "c"]
    found = {elements[movements.from_instance[at]]: (movements.synchronization_us[at] // MINUTE, bool(movements.critical[at])) for at in rows}
    assert found == {"a": (20, False), "d": (10, True)}


def test_it_fires_before_a_timer_of_the_same_instant() -> None:
    """The end behind the join kills the timer's token: what moved by a's completion settles first."""
    duration = '<timerEventDefinition id="t_d"><timeDuration>PT10M</timeDuration></timerEventDefinition>'
    timer = f'<intermediateCatchEvent id="t">{duration}</intermediateCatchEvent>'
    nodes = f'{timer}<task id="c"/><task id="d"/><endEvent id="out"/><endEvent id="all"><terminateEventDefinition id="all_d"/></endEvent>'
    flows = ("s -> g", "g -> a", "g -> t", "g -> d", "a -> j", "d -> j", "t -> c", "c -> out", "j -> all")
    tasks = {"a": ("A", "PT10M"), "c": ("A", "PT5M"), "d": ("A", "PT5M")}
    gateways: dict[str, Any] = {"g": {"choices": [[["g_a", "g_t"]]]}}
    scenario = small_scenario({"A": ALWAYS}, tasks, arrivals={"s": {"at": [MONDAY]}}, gateways=gateways)
    log = run_once(make_plan([read(nodes, *flows)], scenario), 1, 1)
    assert log.instances.element.tolist() == ["a"]
    assert log.cases.ended_us.tolist() == [10 * MINUTE]
