"""What waits at activities and in scopes to be set off: boundary events, event sub-processes (H15-H20, H62); and what they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpmnmap.simulation.draws import Purpose
from tests.reference import messages, scopes, travel, work
from tests.reference.levels import Node
from tests.reference.parts import Activity, Guard, Left, Pool, Scope, Taker, Token, merge

if TYPE_CHECKING:
    from tests.reference.simulator import Simulator

DELIVERY = 2
LAST = 1 << 60


def arm_all(sim: Simulator, activity: Activity) -> None:
    """Arm the boundary events of an activity, in document order."""
    for node in activity.node.guards:
        if activity in activity.scope.works:
            guard = Guard(node, activity.scope, activity.scope.visit(node), activity, sim.now)
            activity.guards.append(guard)
            arm(sim, guard)


def arm_event_subs(sim: Simulator, scope: Scope) -> None:
    for sub in scope.level.event_subs():
        (start,) = sub.inner.starts()
        if all(token.alive for token in scope.tokens):
            guard = Guard(start, scope, scope.visit(start), None, sim.now)
            scope.guards.append(guard)
            arm(sim, guard)


def arm(sim: Simulator, guard: Guard) -> None:
    node, case = guard.node, guard.scope.case
    if node.takes:
        while (message := messages.lying(case, node)) is not None and is_armed(guard):
            message = messages.taken_up(sim, case, node)
            fire(sim, guard, message, came_first=True)
        if is_armed(guard):
            await_message(sim, guard)
    elif node.wait is not None:
        number = drawn_at(sim, guard, 1)
        if node.event is None or number < node.event.probability:
            plan(sim, guard)


def drawn_at(sim: Simulator, guard: Guard, part: int) -> float:
    """At a task it is drawn where the task stands; at a sub-process or call, within it."""
    node, work = guard.node, guard.work
    key, visit = guard.scope.key, guard.visit
    if work is not None and work.node.kind != "task" and work.node.repeats is None:
        key, visit = guard.scope.inside(work.node.id, work.visit, 0)[1], 0
    return sim.number_at(Purpose.EVENT, (node.process, node.id), guard.scope.case, key, visit, part)


def is_armed(guard: Guard) -> bool:
    return guard in (guard.work.guards if guard.work is not None else guard.scope.guards)


def await_message(sim: Simulator, guard: Guard) -> None:
    def taken(message: Token) -> None:
        guard.taker = None
        fire(sim, guard, message)
        if is_armed(guard):
            await_message(sim, guard)

    guard.taker = Taker(taken)
    guard.scope.case.takers[guard.node.process, guard.node.id].append(guard.taker)


def plan(sim: Simulator, guard: Guard) -> None:
    node, case = guard.node, guard.scope.case
    assert node.wait is not None
    duration = node.wait.value(drawn_at(sim, guard, 0))
    fires = sim.opening(node.event.calendar if node.event else "always").after(sim.now, duration)

    def ring() -> None:
        assert guard.timer is not None
        case.timers.discard(guard.timer)
        guard.timer = None
        guard.fired += 1
        fire(sim, guard, None)
        if not node.is_interrupting and is_armed(guard) and (node.cycle < 0 or guard.fired < node.cycle):
            guard.visit = guard.scope.visit(node)
            plan(sim, guard)

    guard.timer = sim.schedule(fires, DELIVERY, ring, case)
    case.timers.add(guard.timer)


def disarm(sim: Simulator, guard: Guard) -> None:
    case = guard.scope.case
    if guard.timer is not None:
        guard.timer.off = True
        case.timers.discard(guard.timer)
        guard.timer = None
    if guard.taker is not None:
        case.takers[guard.node.process, guard.node.id].remove(guard.taker)
        guard.taker = None


def close_activity(sim: Simulator, activity: Activity) -> None:
    """It is over, and with it what waits at it."""
    for guard in activity.guards:
        disarm(sim, guard)
    activity.guards = []
    if activity.taker is not None:
        activity.scope.case.takers[activity.node.process, activity.node.id].remove(activity.taker)
        activity.taker = None
    if activity in activity.scope.works:
        activity.scope.works.remove(activity)


def close_scope(sim: Simulator, scope: Scope) -> None:
    for guard in scope.guards:
        disarm(sim, guard)
    scope.guards = []


# ---------------------------------------------------------------------- firing


def fire(sim: Simulator, guard: Guard, message: Token | None, *, came_first: bool = False) -> None:
    """A guard is set off: by time, by the outside world, or by a message, which came last unless it has waited (H45)."""
    scope = guard.scope
    inside = guard.work.all_tokens() if guard.work is not None else scope.all_tokens()
    token = merged(sim, inside)
    if guard.node.is_interrupting:
        interrupt(sim, guard, inside)
    if message is not None:
        message.book(sim.now)
        token = merge([token, message]) if came_first else merge([message, token])
    go_on(sim, guard, token)


def merged(sim: Simulator, tokens: list[Token]) -> Token:
    """H16-H19: one token for all of them, that of the youngest first."""

    def youth(token: Token) -> tuple[int, tuple[int, ...], bool, int]:
        assert token.at is not None
        order = (*token.at.order, LAST) if token.is_behind else token.at.order
        works = token.instance is not None and token.instance.start >= 0
        return (-token.since, order, not works, token.came)

    return merge([token.now(sim.now) for token in sorted(tokens, key=youth)])


def interrupt(sim: Simulator, guard: Guard, inside: list[Token]) -> None:
    """Take out what is killed; freed people take the heads of their queues."""
    if guard.work is not None:
        close_all(sim, guard.work)
    else:
        close_scope(sim, guard.scope)
        for activity in list(guard.scope.works):
            close_all(sim, activity)
        for scope in guard.scope.beside:
            close_deep(sim, scope)
        guard.scope.beside = []
    kill(sim, inside)


def close_all(sim: Simulator, activity: Activity) -> None:
    """An activity and all in it."""
    close_activity(sim, activity)
    for scope in activity.items:
        close_deep(sim, scope)
    activity.items, activity.done = [], []


def close_deep(sim: Simulator, scope: Scope) -> None:
    close_scope(sim, scope)
    for activity in list(scope.works):
        close_all(sim, activity)
    for inner in scope.beside:
        close_deep(sim, inner)
    scope.beside = []


def kill(sim: Simulator, tokens: list[Token]) -> None:
    """End tokens without a movement (H20); then freed people take their queues' heads, in document order (H33)."""
    freed: list[tuple[tuple[tuple[int, ...], int], Pool, int]] = []
    for token in tokens:
        remove(sim, token)
        if token.instance is not None:
            person = work.cut_off(sim, token.instance)
            if person is not None:
                freed.append(((token.instance.node.order, token.came), *person))
    for _, pool, number in sorted(freed, key=lambda each: each[0]):
        work.take_head(sim, pool, number)


def remove(sim: Simulator, token: Token) -> None:
    token.alive = False
    scope = token.scope
    if token.next is not None:
        token.next.off = True
    for held in (scope.tokens, scope.at_end, *(tokens for flows in scope.at_joins.values() for tokens in flows.values())):
        if token in held:
            held.remove(token)
    for activity in [each for each in scope.works if each.token is token]:
        close_activity(sim, activity)
    messages.give_up(sim, token)


def go_on(sim: Simulator, guard: Guard, token: Token) -> None:
    """A token comes out of a guard: behind a boundary event, or into an event sub-process."""
    node, scope = guard.node, guard.scope
    token.by_flow, token.alive = False, True
    if guard.work is not None:
        token.scope, token.place = scope, node.place
        is_task = guard.work.node.kind == "task" and guard.work.node.repeats is None
        token.left = Left(node.process, node.id, scope, guard.visit if is_task else guard.work.visit)
        scope.tokens.append(token)
        travel.leave(sim, token, node)
        return
    holder = node.level.holder
    assert holder is not None
    text, key = scope.inside(holder.id, scope.visit(holder), 0)
    inner = Scope(scope.case, node.level, text, key, scope)
    scope.beside.append(inner)
    token.place = node.place
    token.scope, token.along, token.at = inner, None, node
    inner.tokens.append(token)
    token.left = Left(node.process, node.id, scope, guard.visit)
    travel.leave(sim, token, node)


# ---------------------------------------------------------------------- thrown from inside


def throw_error(sim: Simulator, token: Token, code: str | None) -> None:
    """H19, H20: the nearest that catches it goes on with the token alone; all else in its scope is killed."""
    scope: Scope | None = token.scope
    while scope is not None:
        guard = next((each for each in scope.guards if catches(each.node, "error", code)), None)
        if guard is not None:
            others = [each for each in scope.all_tokens() if each is not token and each not in scope.at_end]
            detach(token)
            interrupt(sim, guard, others)
            go_on(sim, guard, token)
            return
        if scope.work is not None:
            guard = next((each for each in scope.work.guards if catches(each.node, "error", code)), None)
            if guard is not None:
                others = [each for each in scope.work.all_tokens() if each is not token]
                detach(token)
                interrupt(sim, guard, others)
                go_on(sim, guard, token)
                return
        scope = scope.parent
    terminate(sim, token, root_of(token.scope))


def throw_escalation(sim: Simulator, token: Token, code: str | None) -> bool:
    """The nearest that catches it has a copy, or the token itself where it interrupts; return whether it goes on by itself."""
    scope: Scope | None = token.scope
    while scope is not None:
        held = [*scope.guards, *(scope.work.guards if scope.work is not None else [])]
        guard = next((each for each in held if catches(each.node, "escalation", code)), None)
        if guard is None:
            scope = scope.parent
        elif guard.node.is_interrupting:
            inside = guard.work.all_tokens() if guard.work is not None else scope.all_tokens()
            at_end = [] if guard.work is not None else scope.at_end
            others = [each for each in inside if each is not token and each not in at_end]
            detach(token)
            interrupt(sim, guard, others)
            go_on(sim, guard, token)
            return False
        else:
            go_on(sim, guard, token.now(sim.now))
            return True
    return True


def detach(token: Token) -> None:
    token.scope.tokens.remove(token)


def catches(node: Node, trigger: str, code: str | None) -> bool:
    """One that is told without a reference, on either side, matches any (H61)."""
    if node.trigger != trigger:
        return False
    own = code_of(node)
    return own is None or code is None or own == code


def code_of(node: Node) -> str | None:
    reference = getattr(node.definition, f"{node.trigger}_ref", None)
    if reference is None:
        return None
    element = node.level.definitions.element(reference)
    return str(getattr(element, f"{node.trigger}_code", None) or reference)


def root_of(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


def terminate(sim: Simulator, token: Token, scope: Scope) -> None:
    """H20: end all in a scope; what stands at its end already goes on."""
    others = [each for each in scope.all_tokens() if each is not token and each not in scope.at_end]
    close_scope(sim, scope)
    for activity in list(scope.works):
        close_all(sim, activity)
    for inner in scope.beside:
        close_deep(sim, inner)
    scope.beside = []
    kill(sim, others)
    if token.scope is not scope:
        detach(token)
        token.scope = scope
        scope.tokens.append(token)
    assert token.at is not None
    scopes.end(sim, token, token.at)


