"""Which way tokens take: probabilities, and choices by case and visit."""

from __future__ import annotations

from typing import Any

import pytest

import bpmnmap as bm
from bpmnmap.simulation.plan import ChoosePlan
from bpmnmap.simulation.scenario import GatewayChoices
from tests.simulation.planning.inputs import plan_of, read, worked

THREE = read(
    ["startEvent s", "exclusiveGateway g 'Which?'", "task a", "task b", "endEvent e"],
    {"in": "s g", "x": "g a first", "y": "g b second way", "z": "g e", "o": "a e", "w": "b e"},
    lanes={"FO": "a b"},
)


def chosen(**tables: Any) -> ChoosePlan:
    plan = plan_of(THREE, activities=worked("a", "b"), gateways={"g": GatewayChoices(**tables)})
    (choose,) = plan.processes[0].chooses.values()
    return choose


def faults(**tables: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(bm.ScenarioError) as caught:
        chosen(**tables)
    return [(finding.code, finding.location.key) for finding in caught.value.findings]


def test_bounds_are_cumulated_in_document_order() -> None:
    assert chosen(probabilities={"z": 0.5, "x": 0.25, "y": 0.25}) == ChoosePlan((0.25, 0.5, 1.0))


def test_flows_by_name() -> None:
    assert chosen(probabilities={"First": 0.25, "second  way": 0.25, "z": 0.5}) == ChoosePlan((0.25, 0.5, 1.0))


def test_the_last_possible_way_ends_at_1_whatever_rounding_does() -> None:
    assert chosen(probabilities={"x": 0.1, "y": 0.9 - 1e-10, "z": 0}) == ChoosePlan((0.1, 1.0, 1.0))
    assert chosen(probabilities={"x": 1, "y": 0, "z": 0}) == ChoosePlan((1.0, 1.0, 1.0))
    assert chosen(probabilities={"x": 0, "y": 0, "z": 1}) == ChoosePlan((0.0, 0.0, 1.0))


@pytest.mark.parametrize("error", [1e-9, -1e-9, 0.9e-9])
def test_sums_within_a_thousand_millionth(error: float) -> None:
    assert chosen(probabilities={"x": 0.25, "y": 0.25, "z": 0.5 + 0.99 * error}).bounds[-1] == 1.0


@pytest.mark.parametrize(
    ("probabilities", "wanted"),
    [
        ({"x": 0.5, "y": 0.25, "z": 0.25 + 2e-9}, [("probabilities", "gateways.g")]),
        ({"x": 0.5, "y": 0.25, "z": 0.15}, [("probabilities", "gateways.g")]),
        ({"x": 0.0, "y": 0.0, "z": 0.0}, [("probabilities", "gateways.g")]),
        ({"x": 0.5, "y": 0.5}, [("missing-probability", "gateways.g")]),
        (
            {"x": 0.5, "in": 0.5, "q": 0.1},
            [("unknown-flow", "gateways.g.probabilities.in"), ("unknown-flow", "gateways.g.probabilities.q")],
        ),
        ({"x": 0.5, "first": 0.5, "y": 0.0, "z": 0.0}, [("doubled-flow", "gateways.g.probabilities.first")]),
    ],
)
def test_faulty_probabilities(probabilities: dict[str, float], wanted: list[tuple[str, str]]) -> None:
    assert faults(probabilities=probabilities) == wanted


def test_choices_by_case_and_visit() -> None:
    choices = ((("x"), ("second way")), (["z"],), ("y", "y", "z"))
    assert chosen(choices=choices) == ChoosePlan((), ((0, 1), (2,), (1, 1, 2)))


def test_faulty_choices_are_all_told() -> None:
    assert faults(choices=(("x", "q"), (["x", "y"],), ("r",))) == [
        ("unknown-flow", "gateways.g.choices[0][1]"),
        ("invalid-choices", "gateways.g.choices[1][0]"),
        ("unknown-flow", "gateways.g.choices[2][0]"),
    ]


def test_flows_of_one_name() -> None:
    definitions = read(
        ["startEvent s", "exclusiveGateway g", "task a", "endEvent e"],
        {"i": "s g", "x": "g a same", "y": "g e same", "o": "a e"},
        lanes={"FO": "a"},
    )
    with pytest.raises(bm.ScenarioError, match=r"ambiguous-flow\] exclusiveGateway 'g': 'same' is the name of 'x' and 'y'"):
        plan_of(definitions, activities=worked("a"), gateways={"g": GatewayChoices(probabilities={"same": 1})})
    plan = plan_of(definitions, activities=worked("a"), gateways={"g": GatewayChoices(probabilities={"x": 0.25, "y": 0.75})})
    assert list(plan.processes[0].chooses.values()) == [ChoosePlan((0.25, 1.0))]


def test_a_flow_that_dangles_is_told_in_the_map_alone() -> None:
    text = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="urn:d"><process id="p"><startEvent id="s"/>'
        '<exclusiveGateway id="g"/><endEvent id="e"/><endEvent id="d"/><sequenceFlow id="i" sourceRef="s" targetRef="g"/>'
        '<sequenceFlow id="x" sourceRef="g" targetRef="e"/><sequenceFlow id="y" sourceRef="g" targetRef="d"/>'
        '<sequenceFlow id="z" name="third" sourceRef="g" targetRef="nowhere"/></process></definitions>'
    )
    definitions = bm.parse_bpmn(text.encode(), "p.bpmn")
    with pytest.raises(bm.MapError) as caught:
        plan_of(definitions, gateways={"g": GatewayChoices(probabilities={"x": 0.3, "y": 0.3, "third": 0.4})})
    assert [finding.code for finding in caught.value.findings] == ["dangling-reference"]


def test_nothing_about_a_gateway() -> None:
    with pytest.raises(bm.ScenarioError) as caught:
        plan_of(THREE, activities=worked("a", "b"))
    (finding,) = caught.value.findings
    assert (finding.code, finding.location.key) == ("missing-probabilities", "gateways.g")
    assert finding.fix == "set probabilities = { x = …, y = …, z = … } that sum to 1"


def test_a_gateway_that_only_merges_needs_nothing() -> None:
    definitions = read(
        ["startEvent s", "startEvent t", "exclusiveGateway m", "task a", "endEvent e"],
        {"f": "s m", "g": "t m", "h": "m a", "i": "a e"},
        lanes={"FO": "a"},
    )
    with pytest.raises(bm.ScenarioError, match=r"missing-arrivals\] startEvent 't'"):
        plan_of(definitions, activities=worked("a"))
