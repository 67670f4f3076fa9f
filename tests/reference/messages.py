"""Catch events, event-based gateways, and what is sent: messages, errors, ends of scopes (H13, H14, H54, H56)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpmnmap.simulation.draws import Purpose
from bpmnmap.simulation.scenario import Transfer
from tests.reference import choices, guards, scopes, travel, work
from tests.reference.addressed import drawn
from tests.reference.levels import MessageWay, Node, entry
from tests.reference.parts import Address, Case, Left, Scope, Taker, Token, merge
from tests.reference.units import named_unit, transfer_between
from tests.reference.weeks import Rounds

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.reference.parts import Happening
    from tests.reference.simulator import Simulator

DELIVERY = 2


# ---------------------------------------------------------------------- waiting


def catch(sim: Simulator, token: Token, node: Node) -> None:
    travel.stand(token, node, token.scope.visit(node))
    wait_for(sim, token, [node], lambda _: travel.leave(sim, token, node))


def race(sim: Simulator, token: Token, node: Node) -> None:
    """An event-based gateway: its events are armed where the token stands (H13)."""
    travel.stand(token, node, token.scope.visit(node))

    def go_on(chosen: Node) -> None:
        (flow,) = [each for each in node.outgoing if each.target is chosen]

        def arrive() -> None:
            if chosen.is_activity:  # its message was taken at the gateway, its work is where it stands (H46)
                travel.go_to(sim, token, chosen, lambda: work.enter(sim, token, chosen, took=True))
            else:
                token.left = Left(chosen.process, chosen.id, token.scope, token.scope.visits[chosen.id] - 1)
                travel.leave(sim, token, chosen)

        travel.take(sim, token, flow, arrive)

    events = [flow.target for flow in node.outgoing]
    for event in events:
        if not event.is_activity:
            token.scope.visit(event)
    wait_for(sim, token, events, go_on, at=node)


def wait_for(sim: Simulator, token: Token, events: list[Node], go_on: Callable[[Node], None], at: Node | None = None) -> None:
    """Wait for the first of several events."""
    scope, case = token.scope, token.case
    sim.rest(token, "event", at or events[0])
    ready = [each for each in sorted(events, key=lambda each: each.order) if each.takes and lying(case, each) is not None]
    if ready:
        message = lying(case, ready[0])
        assert message is not None
        take_lying(sim, token, message)
        go_on(ready[0])
        return
    timers: list[Happening] = []
    takers: list[tuple[Address, Taker]] = []

    def settle() -> None:
        for timer in timers:
            timer.off = True
            case.timers.discard(timer)
        for address, taker in takers:
            if taker in case.takers[address]:
                case.takers[address].remove(taker)
        case.waits.pop(id(token), None)

    case.waits[id(token)] = settle
    for event in events:
        if event.takes:

            def taken(message: Token, event: Node = event) -> None:
                settle()
                take_coming(sim, token, message)
                go_on(event)

            takers.append(((event.process, event.id), Taker(taken)))
            case.takers[event.process, event.id].append(takers[-1][1])
        elif event.wait is not None:

            def fires(event: Node = event) -> None:
                settle()
                token.book(sim.now)
                go_on(event)

            number = sim.number(Purpose.EVENT, (event.process, event.id), scope, scope.visits[event.id] - 1)
            time = sim.opening(event.event.calendar if event.event else "always").after(sim.now, event.wait.value(number))
            timers.append(sim.schedule(time, DELIVERY, fires, case))
            case.timers.add(timers[-1])


def give_up(sim: Simulator, token: Token) -> None:
    """A token that waits is killed."""
    settle = token.case.waits.get(id(token))
    if settle is not None:
        settle()


def lying(case: Case, node: Node) -> Token | None:
    """The oldest message that nobody has taken yet."""
    found = case.lying[node.process, node.id]
    return found[0] if found else None


def taken_up(sim: Simulator, case: Case, node: Node) -> Token:
    message = case.lying[node.process, node.id].pop(0)
    message.book(sim.now)
    return message


def take_lying(sim: Simulator, token: Token, message: Token) -> None:
    """The token came last (H8)."""
    token.book(sim.now)
    message.book(sim.now)
    for messages in token.case.lying.values():
        if message in messages:
            messages.remove(message)
    merge([token, message])


def take_coming(sim: Simulator, token: Token, message: Token) -> None:
    """The message came last."""
    token.book(sim.now)
    both = merge([message, token])
    token.origins, token.critical = both.origins, both.critical


# ---------------------------------------------------------------------- sending


def throw(sim: Simulator, token: Token, node: Node) -> bool:
    """What a throw or end event does; return whether its token goes on by itself then."""
    if node.trigger == "terminate":
        guards.terminate(sim, token, token.scope)
        return False
    if node.trigger == "error":
        guards.throw_error(sim, token, guards.code_of(node))
        return False
    if node.trigger == "escalation":
        return guards.throw_escalation(sim, token, guards.code_of(node)) and token.alive
    send(sim, token, node)
    return token.alive


def send(sim: Simulator, token: Token, node: Node) -> None:
    """A copy along each message flow (H14)."""
    for way in node.flows_of_messages:
        if token.alive:
            message = token.now(sim.now)
            post(sim, message, way, node)


def post(sim: Simulator, message: Token, way: MessageWay, sender: Node | None) -> None:
    """Send a message on its way; it is delivered at once if there is none."""
    place = place_of(sim, way.target)
    transfer = way.transfer or transfer_between(sim.scenario, message.place, place)
    case = message.case
    case.on_way.append(message)

    def arrive() -> None:
        case.on_way.remove(message)
        message.place = place if not way.target[0] else place or message.place  # a party outside is somewhere else
        deliver(sim, message, way, sender)

    if transfer is None:
        arrive()
        return
    element = way.id if way.transfer is not None else f"{message.left.node}\x01{way.target[1]}"
    carry(sim, message, transfer, element, arrive)


def carry(sim: Simulator, message: Token, transfer: Transfer, element: str, arrive: Callable[[], None]) -> None:
    left, opening = message.left, sim.opening(transfer.calendar)
    part = left.scope.legs[left.process, element, left.visit]
    left.scope.legs[left.process, element, left.visit] += 1
    number = sim.number(Purpose.TRANSFER, (left.process, element), left.scope, left.visit, part)
    node = sim.world.find(left.process, left.node)

    def send_off() -> None:
        arrived = opening.after(sim.now, drawn(transfer.transfer_time).value(number))
        sim.rest_until(arrived, message, "transfer", node, arrive)

    sent = sim.now if transfer.dispatch is None else Rounds(transfer.dispatch, opening).first_from(sim.now)
    sim.rest_until(sent, message, "dispatch", node, send_off)


def place_of(sim: Simulator, target: Address) -> str | None:
    process, element = target
    if process:
        node = sim.world.find(process, element)
        return node.incoming[0].source.place if node.is_raced else node.place
    name, _ = sim.world.participant(element)
    return named_unit(sim.scenario.organization, [name])


def deliver(sim: Simulator, message: Token, way: MessageWay, sender: Node | None) -> None:
    """To whoever waits first; to a start; else it lies there."""
    case, (process, element) = message.case, way.target
    if not process:
        answer(sim, message, way, sender)
        return
    node = sim.world.find(process, element)
    if node.kind == "start" and node.level.holder is None:
        begin_process(sim, message, node)
        return
    waiting = case.takers[way.target]
    if waiting:
        waiting.pop(0).take(message)
    else:
        sim.rest(message, "synchronization", node)
        case.lying[way.target].append(message)


def begin_process(sim: Simulator, message: Token, start: Node) -> None:
    """A message sets off another process of the case (H64)."""
    case = message.case
    outermost = case.outermost.setdefault(start.process, Scope(case, start.level, start.process, case.stream))
    visit = outermost.visit(start)
    text, key = outermost.inside(start.id, visit, 0)
    scope = Scope(case, start.level, text, key)
    case.scopes.append(scope)
    message.by_flow = False
    scopes.begin(sim, scope, message, start, left=Left(start.process, start.id, outermost, visit))


def answer(sim: Simulator, message: Token, way: MessageWay, sender: Node | None) -> None:
    """A party outside has it, and answers to the taker that comes next in the sender's process (H56)."""
    if sender is None:
        return
    ways = next_takers(sim, way.target, sender)
    if not ways:
        return
    name, _ = sim.world.participant(way.target[1])
    given = entry([sim.scenario.participants], way.target[1], name)
    assert given is not None
    assert given.response_time is not None
    case = message.case
    visit = case.asked[way.target[1]]
    case.asked[way.target[1]] += 1
    number = sim.number_at(Purpose.EVENT, (sender.process, way.target[1]), case, case.stream, visit)
    until = sim.opening(given.calendar).after(sim.now, drawn(given.response_time).value(number))
    case.on_way.append(message)
    chosen = choices.answered(sim, message, ways, given, name)

    def reply() -> None:
        case.on_way.remove(message)
        message.by_flow = False
        post(sim, message, chosen, None)

    sim.rest(message, "event", sender)

    def go_on() -> None:
        message.next = None
        message.book(sim.now)
        reply()

    message.next = sim.schedule(until, DELIVERY, go_on, case)


def next_takers(sim: Simulator, party: Address, sender: Node) -> list[MessageWay]:
    """Message flows of a party to what may come next behind the sender."""
    ways = {way.target: way for way in sim.world.sent.get(party, [])}
    found: list[MessageWay] = []
    seen: set[int] = set()
    ahead = [sender]
    while ahead:
        node = ahead.pop(0)
        for flow in node.outgoing:
            target = flow.target
            if id(target) in seen:
                continue
            seen.add(id(target))
            if (target.process, target.id) in ways and target.takes:
                found.append(ways[target.process, target.id])
            else:
                ahead.append(target)
    return found
