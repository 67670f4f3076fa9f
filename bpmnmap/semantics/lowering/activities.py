"""Activities: tasks, sub-processes, calls; what repeats them and what guards them (H2, H15–H19)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from bpmnmap import model as m
from bpmnmap.semantics.lowering.catching import arm, taking
from bpmnmap.semantics.lowering.draft import Draft
from bpmnmap.semantics.lowering.kinds import definition_of
from bpmnmap.semantics.lowering.levels import Level
from bpmnmap.semantics.lowering.steps import DraftWay, Step
from bpmnmap.semantics.lowering.throwing import sending
from bpmnmap.semantics.lowering.ways import called_process, inner_role, is_worked, receives, step, way_in, way_out
from bpmnmap.semantics.program import Cancel, Choose, End, Fork, Leave, Open, Origin, Repeat, Spread, Way, Work

LowerLevel: TypeAlias = Callable[[Draft, Level], None]


def lower_activity(draft: Draft, level: Level, node: m.Activity, lower_level: LowerLevel) -> None:
    """Add the steps of an activity: from the outermost scope around it inward."""
    onward = way_out(draft, level, node)
    guards = list(level.boundary.get(node.id or "", ()))
    if node.loop_characteristics is not None:
        _lower_repeated(draft, level, node, guards, onward, lower_level)
    elif not is_worked(level, node):
        onward = _exchange(draft, level, node, level.scope, DraftWay(step(level, node, "open")), onward)
        _lower_content(draft, level, node, step(level, node, "open"), level.scope, guards, onward, lower_level, is_item=False)
    elif guards:
        scope = step(level, node, "guarded")
        _open(draft, level, node, scope, level.scope, onward, grouping=False)
        _lower_work(draft, level, node, scope, _done(level, node))
        _add_done(draft, level, node, scope)
        draft.steps[scope].ways = _opened(draft, level, DraftWay(_innermost(level, node)), guards, scope, onward)
    else:
        _lower_work(draft, level, node, level.scope, onward)


def _innermost(level: Level, node: m.Activity) -> Step:
    return step(level, node, inner_role(level, node))


def _done(level: Level, node: m.Activity) -> DraftWay:
    return DraftWay(step(level, node, "done"))


def _add_done(draft: Draft, level: Level, node: m.Activity, scope: Step) -> None:
    origin = draft.origin(level, node)
    draft.add(step(level, node, "done"), lambda _, __: End(origin), (), scope)


def _open(
    draft: Draft, level: Level, node: m.Activity, name: Step, scope: Step | None, onward: DraftWay, *, grouping: bool, item: bool = False
) -> None:  # fmt: skip
    """Add the `Open` around an activity; its ways are set when its content is known."""
    origin = draft.origin(level, node)

    def make(ways: tuple[Way, ...], _: tuple[int, ...]) -> Open:
        return Open(origin, ways[0], ways[1:-1], ways[-1], grouping, item)

    draft.add(name, make, (onward,), scope)


def _opened(
    draft: Draft, level: Level, body: DraftWay, guards: list[m.BoundaryEvent], scope: Step, onward: DraftWay,
    inner: tuple[DraftWay, ...] = (),
) -> tuple[DraftWay, ...]:  # fmt: skip
    """Return the ways of the `Open` around an activity: its body, its guards, and on."""
    armed = [way for guard in guards if (way := _guard(draft, level, guard, scope)) is not None]
    return (body, *armed, *inner, onward)


def _guard(draft: Draft, level: Level, event: m.BoundaryEvent, scope: Step) -> DraftWay | None:
    """Return the way at which a boundary event is armed; None where it is thrown from inside only."""
    if event.id in level.caught:
        return None
    origin = draft.origin(level, event)
    onward = way_out(draft, level, event)
    if event.cancel_activity:
        draft.add(step(level, event, "leave"), lambda made, _: Cancel(origin, made[0]), (onward,), scope)
    else:
        draft.add(step(level, event, "leave"), lambda made, _: Leave(origin, made[0]), (onward,), scope)
    return arm(draft, level, event, scope, DraftWay(step(level, event, "leave")), again=not event.cancel_activity)


def _lower_work(draft: Draft, level: Level, node: m.Activity, scope: Step | None, onward: DraftWay) -> None:
    """Add what is worked, what it takes before and sends after."""
    origin = draft.origin(level, node)
    rest = step(level, node, "rest")

    def add_work() -> None:
        draft.add(rest, lambda made, _: Work(origin, made[0]), (), scope)

    onward = _exchange(draft, level, node, scope, DraftWay(rest), onward, add_work)
    draft.steps[rest].ways = (onward,)


def _exchange(
    draft: Draft, level: Level, node: m.Activity, scope: Step | None, body: DraftWay, onward: DraftWay,
    add_body: Callable[[], None] = lambda: None,
) -> DraftWay:  # fmt: skip
    """Add what an activity takes before it is worked and sends after, or sends to be answered before; return the way on from it."""
    take = step(level, node, "take")
    if node.id in level.partners.asking:
        sending(draft, level, node, scope, DraftWay(take))
    if receives(level, node):
        taking(draft, level, node, take, scope, body)
    add_body()
    return onward if node.id in level.partners.asking else sending(draft, level, node, scope, onward)


def _lower_repeated(
    draft: Draft, level: Level, node: m.Activity, guards: list[m.BoundaryEvent], onward: DraftWay, lower_level: LowerLevel
) -> None:  # fmt: skip
    """Add a loop or multi-instance activity: a scope for all, in it an `Open` for each item or turn."""
    loop = node.loop_characteristics
    origin = draft.origin(level, node)
    everything, item = step(level, node, "all"), step(level, node, "item")
    _open(draft, level, node, everything, level.scope, onward, grouping=False)
    first, after = _turns(draft, level, node, loop, origin, everything)
    if is_worked(level, node):
        _open(draft, level, node, item, everything, after, grouping=True, item=True)
        _lower_work(draft, level, node, item, DraftWay(step(level, node, "item-done")))
        draft.add(step(level, node, "item-done"), lambda _, __: End(origin), (), item)
        draft.steps[item].ways = (DraftWay(_innermost(level, node)), after)
    else:
        _lower_content(draft, level, node, item, everything, [], after, lower_level, is_item=True)
    _add_done(draft, level, node, everything)
    draft.steps[everything].ways = _opened(draft, level, first, guards, everything, onward)


def _turns(
    draft: Draft, level: Level, node: m.Activity, loop: m.LoopCharacteristics | None, origin: Origin, scope: Step
) -> tuple[DraftWay, DraftWay]:  # fmt: skip
    """Add what makes items or turns; return the way to the first one, and the way on after each."""
    item, turns, done = (DraftWay(step(level, node, role)) for role in ("item", "turns", "done"))
    if isinstance(loop, m.MultiInstanceLoopCharacteristics):
        cardinality = _text(loop.loop_cardinality)
        if loop.is_sequential:
            draft.add(turns.target, lambda made, _: Repeat(origin, made[0], made[1], cardinality, counted=True), (item, done), scope)
        else:
            draft.add(turns.target, lambda made, _: Spread(origin, made[0], cardinality), (item,), scope)
        after = turns if loop.is_sequential else done
        condition = _text(loop.completion_condition)
        if condition is not None or (level.process.id, node.id) in draft.given.completing:
            finished, complete = step(level, node, "finished"), step(level, node, "complete")

            def make(made: tuple[Way, ...], _: tuple[int, ...]) -> Choose:
                return Choose(origin, made, ("", ""), (condition, None), 1, "complete")

            draft.add(complete, make, (DraftWay(finished), after), scope)
            draft.add(finished, lambda _, __: End(origin, kills=True), (), scope)
            after = DraftWay(complete)
        return turns, after
    assert isinstance(loop, m.StandardLoopCharacteristics)
    condition, maximum = _text(loop.loop_condition), loop.loop_maximum
    draft.add(turns.target, lambda made, _: Repeat(origin, made[0], made[1], None, condition, maximum), (item, done), scope)
    return (turns if loop.test_before else item), turns


def _text(expression: m.Expression | None) -> str | None:
    return None if expression is None else expression.text or None


def _lower_content(
    draft: Draft, level: Level, node: m.Activity, name: Step, scope: Step | None, guards: list[m.BoundaryEvent], onward: DraftWay,
    lower_level: LowerLevel, *, is_item: bool,
) -> None:  # fmt: skip
    """Add the `Open` of a sub-process or call, and what is in it."""
    _open(draft, level, node, name, scope, onward, grouping=True, item=is_item)
    if isinstance(node, m.SubProcess):
        inner = draft.level(node, level.process, level.partners, name, parent=level, host=node)
    else:
        called, partners = draft.callable_processes[called_process(node) or ""]
        inner = draft.level(called, called, partners, name, parent=level, host=node)
    body = begin(draft, inner)
    lower_level(draft, inner)
    armed = lower_event_sub_processes(draft, inner, lower_level)
    draft.steps[name].ways = _opened(draft, level, body, guards, name, onward, armed)


def begin(draft: Draft, level: Level) -> DraftWay:
    """Return the way of the token that begins in a scope: at its start event, else at all nodes that nothing leads to."""
    candidates = [node for node in level.nodes.values() if level.is_first(node)]
    starts = [node for node in candidates if isinstance(node, m.StartEvent)]
    # a start that something else sets off is none of a process that is called (BPMN 2.0.2, section 13.3.4)
    first = [node for node in starts if definition_of(node, level.definitions) is None] or starts or candidates
    if not first:
        draft.tell(
            "no-start", level, level.container, "no token can begin in it: every flow node has an incoming sequence flow",
            "add a start event and a sequence flow from it to the first activity",
        )  # fmt: skip
        return DraftWay(Step(level.number, level.container.id or "", "nowhere"))
    ways = tuple(way_in(draft, level, node) for node in first)
    if len(ways) == 1:
        return ways[0]
    origin = draft.origin(level, first[0])
    return DraftWay(draft.add(step(level, first[0], "start-fork"), lambda made, _: Fork(origin, made), ways, level.scope))


def lower_event_sub_processes(draft: Draft, level: Level, lower_level: LowerLevel) -> tuple[DraftWay, ...]:
    """Add the event sub-processes of a scope; return the ways at which they are armed, of those that are not thrown from inside."""
    armed: list[DraftWay] = []
    for node in level.event_sub_processes:
        event = next(each for each in node.flow_nodes if isinstance(each, m.StartEvent))
        assert level.scope is not None
        name = step(level, node, "open")
        _open(draft, level, node, name, level.scope, DraftWay(step(level, node, "done")), grouping=True)
        inner = draft.level(node, level.process, level.partners, name, parent=level, host=node)
        body = begin(draft, inner)
        lower_level(draft, inner)
        more = lower_event_sub_processes(draft, inner, lower_level)
        _add_done(draft, level, node, level.scope)
        draft.steps[name].ways = (body, *more, DraftWay(step(level, node, "done")))
        if event.id not in level.caught:
            armed.append(_arm_event_sub_process(draft, level, event, name))
    return tuple(armed)


def _arm_event_sub_process(draft: Draft, level: Level, event: m.StartEvent, opened: Step) -> DraftWay:
    origin = draft.origin(level, event)
    leave = step(level, event, "leave")
    if event.is_interrupting:
        draft.add(leave, lambda made, _: Cancel(origin, made[0], inside=True), (DraftWay(opened),), level.scope)
    else:
        draft.add(leave, lambda made, _: Leave(origin, made[0], inside=True), (DraftWay(opened),), level.scope)
    assert level.scope is not None
    return arm(draft, level, event, level.scope, DraftWay(leave), again=not event.is_interrupting)
