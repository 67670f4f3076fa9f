"""Loops that no case can leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

import bpmnmap as bm
from bpmnmap.semantics.program import Program
from bpmnmap.simulation.plan import ChoosePlan
from bpmnmap.simulation.planning.loops import EndlessLoop, endless_loops, possible_ways
from bpmnmap.simulation.scenario import GatewayChoices
from tests.simulation.planning.inputs import plan_of, read, worked


def program(nodes: Sequence[str], flows: Mapping[str, str]) -> Program:
    (result,) = bm.lower(read(["startEvent s", *nodes, "endEvent e"], flows))
    return result


def index_of(of: Program, element: str) -> int:
    return next(index for index, operation in enumerate(of.operations) if operation.origin.element == element)


def found(of: Program, **chooses: ChoosePlan) -> list[tuple[str, tuple[str, ...]]]:
    plans = {index_of(of, element): plan for element, plan in chooses.items()}
    return [(of.operations[loop.operation].origin.element, loop.never_taken) for loop in endless_loops(of, plans)]


REWORK = program(["task a", "exclusiveGateway g"], {"f": "s a", "h": "a g", "back": "g a", "on": "g e"})


def test_a_loop_with_a_way_out() -> None:
    assert found(REWORK) == []
    assert found(REWORK, g=ChoosePlan((0.999, 1.0))) == []
    assert found(REWORK, g=ChoosePlan((), ((0, 0, 1),))) == []


def test_a_way_out_that_is_never_taken() -> None:
    assert found(REWORK, g=ChoosePlan((1.0, 1.0))) == [("g", ("on",))]
    assert found(REWORK, g=ChoosePlan((), ((0, 0), (0,)))) == [("g", ("on",))]


def test_no_way_out() -> None:
    """What leads into the loop is none of its operations."""
    circle = program(["task a", "task b", "task c"], {"f": "s a", "h": "a b", "i": "b c", "j": "c b"})
    assert found(circle) == [("b", ())]


def test_two_loops_beside_each_other() -> None:
    nodes = ["exclusiveGateway g", "task a", "task b", "task c"]
    loops = program(nodes, {"f": "s g", "x": "g a", "y": "g b", "z": "g e", "h": "a a2", "i": "b c", "j": "c b"} | {"h": "a a"})
    assert found(loops) == [("a", ()), ("b", ())]
    assert found(loops, g=ChoosePlan((0.5, 0.5, 1.0))) == [("a", ())]
    assert found(loops, g=ChoosePlan((0.0, 0.0, 1.0))) == []


def test_a_branch_of_a_fork_that_never_ends() -> None:
    forked = program(["parallelGateway k", "task a", "task b"], {"f": "s k", "x": "k a", "y": "k e", "h": "a b", "i": "b a"})
    assert found(forked) == [("a", ())]


def test_one_loop_inside_another() -> None:
    """Told is the gateway whose way out is never taken; of two, the one that cases come to."""
    nodes = ["task a", "exclusiveGateway g", "task b", "exclusiveGateway h"]
    flows = {"f": "s a", "i": "a g", "redo": "g a", "go": "g b", "j": "b h", "again": "h a", "out": "h e"}
    nested = program(nodes, flows)
    assert found(nested) == []
    assert found(nested, h=ChoosePlan((1.0, 1.0))) == [("h", ("out",))]
    assert found(nested, g=ChoosePlan((1.0, 1.0))) == [("g", ("go",))]
    assert found(nested, g=ChoosePlan((1.0, 1.0)), h=ChoosePlan((1.0, 1.0))) == [("g", ("go",))]


def test_a_loop_behind_a_loop() -> None:
    """Cases turn at `g`; whoever left it would turn at `b` for ever, where nothing leads out."""
    nodes = ["task a", "exclusiveGateway g", "task b"]
    behind = program(nodes, {"f": "s a", "h": "a g", "redo": "g a", "go": "g b", "end": "g e", "j": "b b"})
    assert found(behind) == [("b", ())]
    assert found(behind, g=ChoosePlan((1.0, 1.0, 1.0))) == [("g", ("end",))]
    assert found(behind, g=ChoosePlan((0.5, 1.0, 1.0))) == [("g", ("end",)), ("b", ())]


@pytest.mark.parametrize(
    ("plan", "ways"),
    [
        (None, [0, 1, 2]),
        (ChoosePlan((0.5, 0.5, 1.0)), [0, 2]),
        (ChoosePlan((0.0, 1.0, 1.0)), [1]),
        (ChoosePlan((), ((2, 0), (2,))), [0, 2]),
    ],
)
def test_possible_ways(plan: ChoosePlan | None, ways: list[int]) -> None:
    three = program(["exclusiveGateway g", "task a", "task b"], {"f": "s g", "x": "g a", "y": "g b", "z": "g e", "h": "a e", "i": "b e"})
    (choose,) = [operation for operation in three.operations if operation.origin.element == "g"]
    assert possible_ways(choose, plan) == ways  # type: ignore[arg-type]


def test_a_loop_is_told_once_and_deadlocks_are_not_looked_for() -> None:
    definitions = read(
        ["startEvent s", "task a", "exclusiveGateway g", "endEvent e"],
        {"f": "s a", "h": "a g", "back": "g a", "on": "g e"},
        lanes={"FO": "a"},
    )
    with pytest.raises(bm.ScenarioError) as caught:
        plan_of(definitions, activities=worked("a"), gateways={"g": GatewayChoices(probabilities={"back": 1, "on": 0})})
    assert [(finding.code, finding.location.key, finding.element_id) for finding in caught.value.findings] == [
        ("endless-loop", "gateways.g", "g")
    ]
    assert EndlessLoop(2, ("on",)) in endless_loops(REWORK, {2: ChoosePlan((1.0, 1.0))})


def test_ways_of_a_start_that_is_switched_off_are_not_looked_at_for_deadlocks() -> None:
    """Cases of `t` alone would get stuck at the join, and none arrives there."""
    from bpmnmap.simulation.scenario import Arrival, Fixed
    from tests.simulation.planning.inputs import MINUTE, codes

    nodes = ["startEvent s", "startEvent t", "task a", "task b", "parallelGateway k", "parallelGateway j", "endEvent e"]
    flows = {"f": "s k", "x": "k a", "y": "k b", "h": "a j", "i": "b j", "o": "t b", "z": "j e"}
    definitions = read(nodes, flows, lanes={"FO": "a b"})
    gaps = Arrival(inter_arrival_time=Fixed(value=MINUTE))
    assert codes(plan_of(definitions, arrivals={"s": gaps, "t": Arrival(cases=0)}, activities=worked("a", "b"))) == []
    assert "deadlock" in codes(plan_of(definitions, arrivals={"s": gaps, "t": gaps}, activities=worked("a", "b")))
