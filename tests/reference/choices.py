"""What is decided: ways out of gateways, inclusive joins, how often something is done, attributes and conditions (H56-H63)."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from bpmnmap.model.activities import MultiInstanceLoopCharacteristics, StandardLoopCharacteristics
from bpmnmap.semantics.expressions import parse_expression
from bpmnmap.simulation.draws import Purpose
from bpmnmap.simulation.scenario import Categorical, FixedNumber, FixedValue, ParticipantResponse, UniformNumber
from tests.reference import travel
from tests.reference.levels import Flow, MessageWay, Node
from tests.reference.parts import Activity, Case, Scope, Token
from tests.reference.units import folded

if TYPE_CHECKING:
    from tests.reference.simulator import Simulator


def leave_gateway(sim: Simulator, token: Token, node: Node, visit: int) -> None:
    if len(node.outgoing) < 2 or node.kind not in ("xor", "or"):
        travel.leave(sim, token, node)
    elif node.kind == "xor":
        travel.take(sim, token, one_way(sim, token, node, visit))
    else:
        travel.leave(sim, token, node, some_ways(sim, token, node, visit))


def by_flow(node: Node, given: dict[str, Any]) -> dict[str, Any]:
    """What is said of flows, by id, whatever they are called there."""
    names = {folded(flow.name): flow.id for flow in node.outgoing if flow.name}
    ids = {flow.id for flow in node.outgoing}
    return {key if key in ids else names[folded(key)]: value for key, value in given.items()}


def given_ways(token: Token, node: Node, visit: int) -> list[Flow] | None:
    choices = node.choices.choices if node.choices else None
    if not choices:
        return None
    row = choices[min(token.case.number, len(choices) - 1)]
    told = row[min(visit, len(row) - 1)]
    ids = by_flow(node, dict.fromkeys([told] if isinstance(told, str) else told))
    return [flow for flow in node.outgoing if flow.id in ids]


def default_of(node: Node) -> Flow | None:
    default = getattr(node.element, "default", None)
    return next((flow for flow in node.outgoing if flow.id == default), None)


def by_conditions(sim: Simulator, token: Token, node: Node) -> list[Flow] | None:
    """Flows whose condition holds, and the default flow for none."""
    if node.choices is not None and node.choices.conditions is None:
        return None
    if node.choices is not None and node.choices.conditions is not None:
        conditions = by_flow(node, dict(node.choices.conditions))
    else:
        conditions = {flow.id: flow.condition or "default" for flow in node.outgoing}
    others = [flow for flow in node.outgoing if conditions[flow.id].strip() == "default"]
    found = [flow for flow in node.outgoing if flow not in others and evaluate(sim, token.case, conditions[flow.id])]
    return found or others


def one_way(sim: Simulator, token: Token, node: Node, visit: int) -> Flow:
    flows = given_ways(token, node, visit) or by_conditions(sim, token, node)
    if flows:
        return flows[0]
    assert node.choices is not None
    assert node.choices.probabilities is not None
    chances = by_flow(node, node.choices.probabilities)
    number, total = sim.number(Purpose.BRANCH, (node.process, node.id), token.scope, visit), 0.0
    for flow in node.outgoing:
        total += chances[flow.id]
        if number < total:
            return flow
    return [flow for flow in node.outgoing if chances[flow.id] > 0][-1]


def some_ways(sim: Simulator, token: Token, node: Node, visit: int) -> list[Flow]:
    """H59: one number for each flow; none at all: the default flow, or drawn again."""
    flows = given_ways(token, node, visit) or by_conditions(sim, token, node)
    if flows:
        return flows
    assert node.choices is not None
    assert node.choices.probabilities is not None
    chances, part = by_flow(node, node.choices.probabilities), 0
    while True:
        numbers = [sim.number(Purpose.BRANCH, (node.process, node.id), token.scope, visit, part + at) for at in range(len(node.outgoing))]
        found = [flow for flow, number in zip(node.outgoing, numbers, strict=True) if number < chances.get(flow.id, 0.0)]
        default = default_of(node)
        if found or default is not None:
            return found or [flow for flow in node.outgoing if flow is default]
        part += len(node.outgoing)


# ---------------------------------------------------------------------- inclusive joins


def fire_inclusive_join(sim: Simulator, case: Case) -> bool:
    """Let the first inclusive join go on that need not wait longer; whether there was one."""
    for scope in case.scopes:
        for inner in all_scopes(scope):
            for name in sorted(inner.at_joins, key=lambda each: inner.level.nodes[each].order):
                node, flows = inner.level.nodes[name], inner.at_joins[name]
                if node.kind == "or" and any(flows.values()) and not waits(inner, node):
                    travel.fire_join(sim, node, [tokens.pop(0) for tokens in flows.values() if tokens])
                    return True
    return False


def all_scopes(scope: Scope) -> list[Scope]:
    inner = [*(item for work in scope.works for item in work.items), *scope.beside]
    return [scope, *(each for one in inner for each in all_scopes(one))]


def waits(scope: Scope, node: Node) -> bool:
    """Whether a token elsewhere may still come to an entry that has none, and to none that has one."""
    entries = scope.at_joins[node.id]
    filled = {name for name, tokens in entries.items() if tokens}
    standing = {id(token) for tokens in entries.values() for token in tokens}
    for token in scope.tokens:
        if id(token) in standing or token in scope.at_end:
            continue
        if may_reach(token, node) - filled and not may_reach(token, node) & filled:
            return True
    for work in scope.works:
        if work.items or work.done:
            reached = reach_from(starting_points(work.node), node)
            if reached - filled and not reached & filled:
                return True
    return False


def starting_points(node: Node) -> list[Flow]:
    return [*node.outgoing, *(flow for guard in node.guards for flow in guard.outgoing)]


def may_reach(token: Token, join: Node) -> set[str]:
    """Entries of a join that a token may come to."""
    assert token.at is not None
    if token.state in ("dispatch", "transfer"):
        if token.along is not None and token.along.target is join:
            return {token.along.id}
        return reach_from(starting_points(token.at), join)
    return reach_from(starting_points(token.at), join)


def reach_from(flows: list[Flow], join: Node) -> set[str]:
    found: set[str] = set()
    seen: set[str] = set()
    ahead = list(flows)
    while ahead:
        flow = ahead.pop()
        if flow.id in seen:
            continue
        seen.add(flow.id)
        if flow.target is join:
            found.add(flow.id)
        else:
            ahead += starting_points(flow.target)
    return found


# ---------------------------------------------------------------------- how often


def count_of(sim: Simulator, activity: Activity) -> int:
    """How many items; of a loop, whether there is a first turn."""
    node, case = activity.node, activity.scope.case
    given = node.times.count if node.times else None
    if isinstance(node.repeats, StandardLoopCharacteristics):
        if given is not None:
            activity.count = number_of(sim, activity, given)
            return activity.count if node.repeats.test_before else max(1, activity.count)
        activity.count = node.repeats.loop_maximum or 1_000_000
        return 1 if not node.repeats.test_before or goes_on(sim, activity, turn=0) else 0
    assert isinstance(node.repeats, MultiInstanceLoopCharacteristics)
    if given is None:
        assert node.repeats.loop_cardinality is not None
        return round(float(evaluate(sim, case, node.repeats.loop_cardinality.text)))
    return number_of(sim, activity, given)


def number_of(sim: Simulator, activity: Activity, given: object) -> int:
    if isinstance(given, int):
        return given
    if isinstance(given, str):
        return round(float(evaluate(sim, activity.scope.case, given)))
    number = sim.number(Purpose.COUNT, (activity.node.process, activity.node.id), activity.scope, activity.visit)
    if isinstance(given, FixedNumber):
        return round(given.value)
    assert isinstance(given, UniformNumber)
    return round(given.min + (given.max - given.min) * number)


def goes_on(sim: Simulator, activity: Activity, turn: int | None = None) -> bool:
    """Whether a loop has another turn."""
    node = activity.node
    assert isinstance(node.repeats, StandardLoopCharacteristics)
    given = node.times.repeat if node.times else None
    if node.times is not None and node.times.count is not None:
        return activity.begun < activity.count
    if activity.begun >= (node.repeats.loop_maximum or 1_000_000):
        return False
    if isinstance(given, float):
        part = activity.begun if turn is None else turn
        number = sim.number(Purpose.BRANCH, (node.process, node.id), activity.scope, activity.visit, part)
        return number < given
    text = given or (node.repeats.loop_condition.text if node.repeats.loop_condition else "false")
    return bool(evaluate(sim, activity.scope.case, text))


def is_enough(sim: Simulator, activity: Activity) -> bool:
    """Whether the completion condition holds."""
    repeats = activity.node.repeats
    given = activity.node.times.completion_condition if activity.node.times else None
    if given is None and isinstance(repeats, MultiInstanceLoopCharacteristics) and repeats.completion_condition is not None:
        given = repeats.completion_condition.text
    return given is not None and bool(evaluate(sim, activity.scope.case, given))


# ---------------------------------------------------------------------- attributes


def evaluate(sim: Simulator, case: Case, text: str) -> Any:
    expression = parse_expression(text)
    return expression.evaluate({name: value_of(sim, case, name) for name in expression.names})


def value_of(sim: Simulator, case: Case, name: str) -> Any:
    """H63: drawn when first asked for."""
    if name not in case.attributes:
        given = sim.scenario.attributes[name]
        number = sim.numbers.of_attribute(name, case.stream, case.number)
        if isinstance(given, (FixedNumber, FixedValue)):
            case.attributes[name] = given.value
        elif isinstance(given, Categorical):
            sums = list(accumulate(given.categories.values()))
            texts = list(given.categories)
            case.attributes[name] = next((text for text, total in zip(texts, sums, strict=True) if number < total), texts[-1])
        else:
            assert isinstance(given, UniformNumber)
            value = given.min + (given.max - given.min) * number
            case.attributes[name] = round(value) if given.integer else value
    return case.attributes[name]


def set_attributes(sim: Simulator, case: Case, node: Node) -> None:
    """All by the values before."""
    assert node.times is not None
    case.attributes |= {
        name: evaluate(sim, case, given) if isinstance(given, str) else given for name, given in node.times.set.items()
    }


def answered(sim: Simulator, message: Token, ways: list[MessageWay], given: ParticipantResponse, name: str | None) -> MessageWay:
    """Along which message flow a party outside answers."""
    if len(ways) == 1:
        return ways[0]
    chances = [1 / len(ways)] * len(ways)
    if given.probabilities is not None:
        told = {folded(key): value for key, value in given.probabilities.items()}
        chances = [told.get(folded(way.id), told.get(folded(way.name), 0.0)) for way in ways]
    number = sim.number(Purpose.BRANCH, ("", folded(name)), message.left.scope, message.left.visit)
    total = 0.0
    for way, chance in zip(ways, chances, strict=True):
        total += chance
        if number < total * 1.0:
            return way
    return ways[-1]
