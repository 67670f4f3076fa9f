"""How tokens go from node to node: flows, legs with dispatch and transfer (H11, H12), joins, ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bpmnmap.simulation.draws import Purpose
from bpmnmap.simulation.scenario import Transfer
from tests.reference import choices, messages, scopes
from tests.reference.addressed import drawn
from tests.reference.levels import Flow, Node
from tests.reference.parts import Left, Token, merge
from tests.reference.units import transfer_between
from tests.reference.weeks import Rounds

if TYPE_CHECKING:
    from tests.reference.simulator import Simulator


def leave(sim: Simulator, token: Token, node: Node, flows: list[Flow] | None = None) -> None:
    """Take all flows out of a node, or some, in document order; without one, the token ends."""
    flows = node.outgoing if flows is None else flows
    if not flows:
        scopes.end(sim, token, node)
        return
    copies = [token, *(copy_of(token) for _ in flows[1:])]
    for copy, flow in zip(copies, flows, strict=True):
        if copy.alive:
            take(sim, copy, flow)


def copy_of(token: Token) -> Token:
    """A copy beside it."""
    copy = token.now(0)
    copy.scope.tokens.append(copy)
    return copy


def take(sim: Simulator, token: Token, flow: Flow, arrive: Callable[[], None] | None = None) -> None:
    """Go along a flow; one that is named under transfers is travelled now."""
    token.along, token.at = flow, flow.target
    if arrive is None:
        arrive = lambda: go_to(sim, token, flow.target)  # noqa: E731
    if flow.transfer is None:
        arrive()
        return
    token.by_flow = True
    travel(sim, token, flow.transfer, flow.id, flow.target, arrive)


def go_to(sim: Simulator, token: Token, node: Node, arrive: Callable[[], None] | None = None) -> None:
    """Travel to where the node stands, if it stands anywhere and no flow has been travelled instead."""
    if arrive is None:
        arrive = lambda: reach(sim, token, node)  # noqa: E731
    if node.kind in ("sub", "call"):
        arrive()  # its content has places
        return
    transfer = None
    if node.place is not None and not token.by_flow:
        transfer = transfer_between(sim.scenario, token.place, node.place)
    if transfer is None:
        arrive()
    else:
        travel(sim, token, transfer, f"{token.left.node}\x01{node.id}", node, arrive)


def travel(sim: Simulator, token: Token, transfer: Transfer, element: str, goal: Node, arrive: Callable[[], None]) -> None:
    """Dispatch, then transfer; what takes no time is no event."""
    left, opening = token.left, sim.opening(transfer.calendar)
    part = left.scope.legs[left.process, element, left.visit]
    left.scope.legs[left.process, element, left.visit] += 1
    number = sim.number(Purpose.TRANSFER, (left.process, element), left.scope, left.visit, part)

    def send() -> None:
        arrived = opening.after(sim.now, drawn(transfer.transfer_time).value(number))
        sim.rest_until(arrived, token, "transfer", goal, arrive)

    sent = sim.now if transfer.dispatch is None else Rounds(transfer.dispatch, opening).first_from(sim.now)
    sim.rest_until(sent, token, "dispatch", goal, send)


def stand(token: Token, node: Node, visit: int) -> None:
    """Its next leg begins here, or goes on from where it is if the node has no place."""
    if node.place is not None:
        token.place, token.by_flow = node.place, False
    token.left = Left(node.process, node.id, token.scope, visit)


def reach(sim: Simulator, token: Token, node: Node) -> None:
    if node.is_join:
        join(sim, token, node)
    elif node.is_activity:
        scopes.enter(sim, token, node)
    elif node.kind == "catch":
        messages.catch(sim, token, node)
    elif node.kind == "race":
        messages.race(sim, token, node)
    elif node.kind == "throw":
        token.scope.visit(node)
        if messages.throw(sim, token, node):
            leave(sim, token, node)
    elif node.kind == "end":
        token.scope.visit(node)
        if messages.throw(sim, token, node):
            scopes.end(sim, token, node)
    else:
        choices.leave_gateway(sim, token, node, token.scope.visit(node))


def join(sim: Simulator, token: Token, node: Node) -> None:
    """Wait for a token on every flow; an inclusive join is looked at when all has come to rest."""
    token.place = node.place or token.place
    assert token.along is not None
    flows = token.scope.at_joins.setdefault(node.id, {each.id: [] for each in node.incoming})
    flows[token.along.id].append(token)
    sim.rest(token, "synchronization", node)
    if node.kind == "and" and all(flows.values()):
        fire_join(sim, node, [tokens.pop(0) for tokens in flows.values()])


def fire_join(sim: Simulator, node: Node, tokens: list[Token]) -> None:
    """All go on as one (H8), from where the last stood if the join has no place (H11)."""
    tokens.sort(key=lambda each: each.came, reverse=True)
    for each in tokens:
        each.book(sim.now)
    for each in tokens[1:]:
        each.alive = False
        each.scope.tokens.remove(each)
    token = merge(tokens)
    visit = token.scope.visit(node)
    stand(token, node, visit)
    choices.leave_gateway(sim, token, node, visit)
