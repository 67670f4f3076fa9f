"""Throwing: messages, signals, errors, escalations and terminate, from events and from activities (H14, H19, H20)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpmnmap import model as m
from bpmnmap.findings import Severity
from bpmnmap.semantics.lowering.draft import Draft, Make
from bpmnmap.semantics.lowering.kinds import definition_of, is_event_sub_process
from bpmnmap.semantics.lowering.levels import Level
from bpmnmap.semantics.lowering.partners import MessageWay, signal_key
from bpmnmap.semantics.lowering.steps import DraftWay, Step
from bpmnmap.semantics.lowering.ways import step, throws, way_out
from bpmnmap.semantics.program import Cancel, Choose, End, Fork, Leave, Origin, Send, Wait, Way


def lower_throw(draft: Draft, level: Level, node: m.IntermediateThrowEvent) -> None:
    """Add an intermediate throwing event; one that throws nothing is passed."""
    if throws(level, node):
        _throw(draft, level, node, way_out(draft, level, node))


def lower_end(draft: Draft, level: Level, node: m.EndEvent) -> None:
    """Add an end event: what it throws, then the token's end."""
    origin = draft.origin(level, node)
    kills = isinstance(definition_of(node, level.definitions), m.TerminateEventDefinition) and level.scope is not None
    draft.add(step(level, node, "end"), lambda _, __: End(origin, kills), (), level.scope)
    if throws(level, node):
        _throw(draft, level, node, DraftWay(step(level, node, "end")))


def _throw(draft: Draft, level: Level, node: m.ThrowEvent, onward: DraftWay) -> None:
    definition = definition_of(node, level.definitions)
    name = step(level, node, "throw")
    onward = sending(draft, level, node, level.scope, onward)
    if isinstance(definition, (m.ErrorEventDefinition, m.EscalationEventDefinition)):
        _propagate(draft, level, node, definition, name, onward)
    elif isinstance(definition, m.SignalEventDefinition) and signal_key(definition, level.definitions) in level.partners.caught:
        origin = draft.origin(level, node)
        channel = draft.channel("signal", level.definitions.path or "", signal_key(definition, level.definitions))
        draft.add(name, lambda made, _: Send(origin, made[0], channel, -1, broadcast=True), (onward,), level.scope)
        draft.steps[name].channel = channel
    else:  # a message: what sends it is all there is
        _alias(draft, name, onward)


def sending(draft: Draft, level: Level, node: m.FlowNode, scope: Step | None, onward: DraftWay) -> DraftWay:
    """Add what sends a node's messages, each along its flow; return the way to the first, or on."""
    ways = level.partners.sent.get(node.id or "", ())
    for number in reversed(range(len(ways))):
        name = step(level, node, f"send{number}")
        _send(draft, level, node, ways[number], name, scope, onward)
        onward = DraftWay(name)
    return onward


def _send(draft: Draft, level: Level, node: m.FlowNode, way: MessageWay, name: Step, scope: Step | None, onward: DraftWay) -> None:
    origin = draft.origin(level, node)
    if way.participant is not None:
        goal = _party(draft, level, node, way)

        def ask(made: tuple[Way, ...], goals: tuple[int, ...]) -> Send:
            return Send(origin, made[0], -1, goals[0], way.flow)

        draft.add(name, ask, (onward,), scope, (goal,))
        return
    channel = draft.channel("message", level.partners.homes[way.target], way.target)
    draft.add(name, lambda made, _: Send(origin, made[0], channel, -1, way.flow), (onward,), scope)
    draft.steps[name].channel = channel


def _party(draft: Draft, level: Level, node: m.FlowNode, way: MessageWay) -> Step:
    """Add what a party outside does with a message: it takes its time, then answers by one of its flows; return where it begins."""
    assert way.participant is not None
    party = way.participant
    origin = draft.origin(level, party)
    waits, chooses = (Step(level.number, f"{node.id}\\n{way.flow}", role) for role in ("answer", "which"))
    answers = []
    for flow, taker in way.answers:
        name = Step(level.number, f"{node.id}\\n{way.flow}\\n{flow}", "answers")
        channel = draft.channel("message", level.partners.homes[taker], taker)
        draft.add(name, _answer(origin, channel, flow), (), None)
        draft.steps[name].channel = channel
        answers.append(DraftWay(name))  # the flow is travelled by the message that is sent there
    first = answers[0] if len(answers) == 1 else DraftWay(chooses)
    draft.add(waits, lambda made, _: Wait(origin, made[0], "answer"), (first,), None)
    if len(answers) > 1:
        flows = tuple(flow for flow, _ in way.answers)
        draft.add(chooses, lambda made, _: Choose(origin, made, flows, decides="answer"), tuple(answers), None)
    return waits


def _answer(origin: Origin, channel: int, flow: str) -> Make:
    return lambda _, __: Send(origin, None, channel, -1, flow)


@dataclass(frozen=True, slots=True)
class _Handler:
    """Who catches: the level that it is in, its event, and, of an event sub-process, that."""

    level: Level
    event: m.CatchEvent
    sub_process: m.SubProcess | None = None


def _handlers(level: Level) -> Iterator[_Handler]:
    """Yield what could catch, from inside outward."""
    around: Level | None = level
    from_event_sub_process = False
    while around is not None:
        if not from_event_sub_process:
            for node in around.event_sub_processes:
                events = [each for each in node.flow_nodes if isinstance(each, m.StartEvent)]
                if events:
                    yield _Handler(around, events[0], node)
        host, parent = around.host, around.parent
        from_event_sub_process = host is not None and is_event_sub_process(host)
        if parent is not None and host is not None:
            for event in parent.boundary.get(host.id or "", ()):
                yield _Handler(parent, event)
        around = parent


def _catches(handler: _Handler, thrown: m.EventDefinition, definitions: m.Definitions) -> bool:
    """Whether an event catches what is thrown: the same error or escalation; one that is told on one side only matches any."""
    caught = definition_of(handler.event, handler.level.definitions)
    if isinstance(thrown, m.ErrorEventDefinition) and isinstance(caught, m.ErrorEventDefinition):
        refs = caught.error_ref, thrown.error_ref
    elif isinstance(thrown, m.EscalationEventDefinition) and isinstance(caught, m.EscalationEventDefinition):
        refs = caught.escalation_ref, thrown.escalation_ref
    else:
        return False
    return not refs[0] or not refs[1] or _told(refs[0], handler.level.definitions) == _told(refs[1], definitions)


def _told(ref: str, definitions: m.Definitions) -> str:
    """Return what tells errors, and escalations, of all maps apart: the code, else the name, else the id (BPMN 2.0.2 section 10.5.5)."""
    told = definitions.element(ref)
    if isinstance(told, m.Error):
        return told.error_code or told.name or ref
    return (told.escalation_code or told.name or ref) if isinstance(told, m.Escalation) else ref


def _propagate(draft: Draft, level: Level, node: m.ThrowEvent, definition: m.EventDefinition, name: Step, onward: DraftWay) -> None:
    """Add the way of an error or escalation from where it is thrown to where it is caught, scope by scope."""
    handler = next((each for each in _handlers(level) if _catches(each, definition, level.definitions)), None)
    is_error = isinstance(definition, m.ErrorEventDefinition)
    if handler is None:
        _uncaught(draft, level, node, name, onward, is_error=is_error)
        return
    handler.level.caught.add(handler.event.id or "")
    event = handler.event
    interrupts = is_error or (event.cancel_activity if isinstance(event, m.BoundaryEvent) else getattr(event, "is_interrupting", True))
    goal, last = _goal(draft, handler)
    scopes = _scopes_up_to(draft, level.scope, last)
    origin, caught_by = draft.origin(level, node), draft.origin(handler.level, event)
    if handler.sub_process is not None:
        inner, way = scopes, goal
        if interrupts:
            made_inside = step(handler.level, event, "caught")
            draft.add(made_inside, lambda made, _: Cancel(caught_by, made[0], own=True, inside=True), (goal,), last)
            way = DraftWay(made_inside)
        scopes, outermost = inner[:-1], None
    else:
        way, outermost = goal, scopes[-1]
    for number, scope in reversed(list(enumerate(scopes))):
        of = caught_by if scope == outermost else origin
        hop = Step(level.number, f"{node.id}", f"up{number}")
        # the last one kills all at once: were each scope killed by itself, freed people would take what is about to be killed (H33)
        draft.add(hop, _up(of, interrupts=interrupts and scope == outermost), (way,), scope)
        way = DraftWay(hop)
    if interrupts:
        _alias(draft, name, way)
        return
    draft.add(name, lambda made, _: Fork(origin, made), (way, onward), level.scope)


def _up(origin: Origin, *, interrupts: bool) -> Make:
    def make(made: tuple[Way, ...], _: tuple[int, ...]) -> Cancel | Leave:
        return Cancel(origin, made[0], own=True) if interrupts else Leave(origin, made[0], own=True)

    return make


def _goal(draft: Draft, handler: _Handler) -> tuple[DraftWay, Step]:
    """Return where what is caught goes on, and the scope whose guard or event sub-process catches it."""
    if handler.sub_process is not None:
        assert handler.level.scope is not None
        return DraftWay(step(handler.level, handler.sub_process, "open")), handler.level.scope
    host = handler.level.nodes[handler.event.attached_to_ref or ""] if isinstance(handler.event, m.BoundaryEvent) else None
    assert isinstance(host, m.Activity)
    role = "all" if host.loop_characteristics is not None else "open"
    return way_out(draft, handler.level, handler.event), step(handler.level, host, role)


def _scopes_up_to(draft: Draft, scope: Step | None, last: Step) -> list[Step]:
    """Return the scopes from one outward, up to and with another."""
    found: list[Step] = []
    while scope is not None:
        found.append(scope)
        if scope == last:
            break
        scope = draft.steps[scope].scope
    return found


def _uncaught(draft: Draft, level: Level, node: m.ThrowEvent, name: Step, onward: DraftWay, *, is_error: bool) -> None:
    """An error that nothing catches ends its process instance; an escalation is ignored; both are told."""
    if not is_error:
        draft.tell(
            "uncaught-escalation", level, node, "nothing catches its escalation, so it has no effect",
            "add a boundary event or event sub-process for it around the place where it is thrown", Severity.WARNING,
        )  # fmt: skip
        _alias(draft, name, onward)
        return
    draft.tell(
        "uncaught-error", level, node, "nothing catches its error, so it ends the whole process instance",
        "add a boundary event or event sub-process for it around the place where it is thrown", Severity.WARNING,
    )  # fmt: skip
    scopes = _scopes_up_to(draft, level.scope, Step(-1, "", ""))
    origin = draft.origin(level, node)
    if not scopes:  # outside of all scopes: the process instance is the case
        _alias(draft, name, DraftWay(step(level, node, "end")))
        return
    failed = Step(level.number, node.id or "", "failed")
    draft.add(failed, lambda _, __: End(origin, kills=True), (), scopes[-1])
    way = DraftWay(failed)
    for number, scope in reversed(list(enumerate(scopes[:-1]))):
        hop = Step(level.number, node.id or "", f"up{number}")
        draft.add(hop, _up(origin, interrupts=False), (way,), scope)
        way = DraftWay(hop)
    _alias(draft, name, way)


def _alias(draft: Draft, name: Step, way: DraftWay) -> None:
    """Let ways to a step lead on to another one."""
    draft.aliases[name] = way


__all__ = ["lower_end", "lower_throw", "sending"]
