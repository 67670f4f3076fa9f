"""Scopes: processes, sub-processes, calls, items and turns; how they begin and how they end (H2, H8, H58, H64)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpmnmap.model.activities import MultiInstanceLoopCharacteristics, StandardLoopCharacteristics
from tests.reference import choices, guards, travel, work
from tests.reference.levels import Node
from tests.reference.parts import Activity, Left, Scope, Token, merge

if TYPE_CHECKING:
    from tests.reference.simulator import Simulator


def begin(sim: Simulator, scope: Scope, token: Token, start: Node, *, travels: bool = False, left: Left | None = None) -> None:
    """A token sets off what a scope holds, at one of its starts; `left` is that start where it counts as one outside (H31)."""
    token.scope, token.along, token.at = scope, None, start
    scope.tokens.append(token)
    guards.arm_event_subs(sim, scope)
    if not token.alive:
        return
    if start.kind != "start":
        nodes = start.level.implicit_starts()
        copies = [token, *(travel.copy_of(token) for _ in nodes[1:])]
        for copy, node in zip(copies, nodes, strict=True):
            if not travels:
                copy.place = start.place
                copy.left = Left(start.process, start.id, scope, 0)
            copy.at = node
            if copy.alive:
                travel.go_to(sim, copy, node)
        return

    def arrive() -> None:
        visit = scope.visit(start)
        if start.level.holder is None or start.place is not None:
            travel.stand(token, start, visit)
        token.left = left or token.left
        travel.leave(sim, token, start)

    if travels:
        travel.go_to(sim, token, start, arrive)
    else:
        arrive()


def enter(sim: Simulator, token: Token, node: Node) -> None:
    """A token comes to an activity."""
    if node.kind == "task" and node.repeats is None:
        work.enter(sim, token, node)
        return
    scope = token.scope
    activity = Activity(node, scope, scope.visit(node))
    scope.works.append(activity)
    if node.kind == "task":
        travel.stand(token, node, activity.visit)
    activity.token = token  # so that a guard that is set off at once finds it
    sim.rest(token, "", node)
    guards.arm_all(sim, activity)
    if not token.alive:
        return
    activity.token = None
    scope.tokens.remove(token)
    if node.repeats is None:
        begin_item(sim, activity, token)
        return
    activity.count = choices.count_of(sim, activity)
    if activity.count == 0:
        finish(sim, activity, token)
    elif is_parallel(node):
        copies = [token, *(token.now(sim.now) for _ in range(activity.count - 1))]
        for copy in copies:  # all are there before the first one moves
            copy.state = ""
            activity.done.append(copy)
        for copy in copies:
            if copy.alive:
                activity.done.remove(copy)
                begin_item(sim, activity, copy)
    else:
        begin_item(sim, activity, token)


def is_parallel(node: Node) -> bool:
    return isinstance(node.repeats, MultiInstanceLoopCharacteristics) and not node.repeats.is_sequential


def begin_item(sim: Simulator, activity: Activity, token: Token) -> None:
    """One item, one turn, or the only one."""
    node, index = activity.node, activity.begun
    activity.begun += 1
    text, key = activity.scope.inside(node.id, activity.visit, index)
    level = node.level if node.kind == "task" else node.inner
    scope = Scope(token.case, level, text, key, activity.scope, activity, index)
    activity.items.append(scope)
    if node.kind != "task":
        begin(sim, scope, token, level.starts()[0], travels=True)
        return
    token.scope, token.at = scope, node
    scope.tokens.append(token)
    work.enter(sim, token, node, guarded=False)


def end(sim: Simulator, token: Token, at: Node) -> None:
    """A token comes to the end of its scope: in a process it ends; else it waits there for all others (H8)."""
    scope = token.scope
    if scope.parent is None:
        scope.tokens.remove(token)
        token.alive = False
        sim.move(token, -1)
        scope.case.last_end = sim.now
        look_at_process(sim, scope)
        return
    scope.at_end.append(token)
    sim.rest(token, "synchronization", at)
    look_at_end(sim, scope)


def look_at_process(sim: Simulator, scope: Scope) -> None:
    """A process without tokens is over."""
    if not scope.all_tokens() and scope in scope.case.scopes:
        guards.close_scope(sim, scope)
        scope.case.scopes.remove(scope)


def look_at_end(sim: Simulator, scope: Scope) -> None:
    """If all tokens of a scope are at its end, they go on as one."""
    if scope.works or scope.beside or len(scope.at_end) < len(scope.tokens) or not scope.tokens:
        return
    tokens = sorted(scope.at_end, key=lambda each: each.came, reverse=True)
    for each in tokens:
        each.book(sim.now)
        each.alive = each is tokens[0]
    token = merge(tokens)
    scope.tokens, scope.at_end = [], []
    guards.close_scope(sim, scope)
    assert scope.parent is not None
    if scope.work is None:  # an event sub-process
        scope.parent.beside.remove(scope)
        token.scope = scope.parent
        scope.parent.tokens.append(token)
        assert scope.level.holder is not None
        end(sim, token, scope.level.holder)
        return
    scope.work.items.remove(scope)
    item_done(sim, scope.work, scope, token)


def item_done(sim: Simulator, activity: Activity, scope: Scope, token: Token) -> None:
    node = activity.node
    token.scope = activity.scope
    token.left = Left(node.process, node.id, activity.scope, activity.visit)  # as a join is left (H31)
    if node.repeats is None:
        finish(sim, activity, token)
    elif isinstance(node.repeats, StandardLoopCharacteristics):
        if choices.goes_on(sim, activity):
            begin_item(sim, activity, token)
        else:
            finish(sim, activity, token)
    elif is_parallel(node):
        activity.done.append(token)
        sim.rest(token, "synchronization", node)
        token.is_behind = True
        if choices.is_enough(sim, activity):
            guards.kill(sim, [each for scope in activity.items for each in scope.all_tokens()])
            activity.items = []
        if len(activity.done) == activity.count or not activity.items:
            tokens = sorted(activity.done, key=lambda each: each.came, reverse=True)
            for each in tokens:
                each.book(sim.now)
                each.alive = each is tokens[0]
            activity.done = []
            finish(sim, activity, merge(tokens))
    elif activity.begun < activity.count and not choices.is_enough(sim, activity):
        begin_item(sim, activity, token)
    else:
        finish(sim, activity, token)


def finish(sim: Simulator, activity: Activity, token: Token) -> None:
    """An activity that is a scope is done; what goes on leaves it as it would leave a join, from where the last one stood (H11)."""
    guards.close_activity(sim, activity)
    token.left = Left(activity.node.process, activity.node.id, activity.scope, activity.visit)
    token.scope, token.state, token.is_behind = activity.scope, "", False
    activity.scope.tokens.append(token)
    travel.leave(sim, token, activity.node)
