"""Catching: events and tasks that wait, for time, for the outside world, or for what is sent within the run (H13–H15)."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from bpmnmap import model as m
from bpmnmap.semantics.lowering.draft import Draft
from bpmnmap.semantics.lowering.kinds import definition_of
from bpmnmap.semantics.lowering.levels import Level
from bpmnmap.semantics.lowering.partners import signal_key
from bpmnmap.semantics.lowering.steps import DraftWay, Step
from bpmnmap.semantics.lowering.ways import is_worked, step, way_in, way_out
from bpmnmap.semantics.program import Cancel, Open, Take, Wait, Way

Catching: TypeAlias = m.CatchEvent | m.Activity

_CYCLE: Final = re.compile(r"R(\d*)/(.+)", re.DOTALL)
_TRIGGERS: Final = {
    m.TimerEventDefinition: "timer",
    m.MessageEventDefinition: "message",
    m.SignalEventDefinition: "signal",
    m.ConditionalEventDefinition: "conditional",
    m.ErrorEventDefinition: "error",
    m.EscalationEventDefinition: "escalation",
}


def channel_of(draft: Draft, level: Level, node: m.FlowNode) -> int | None:
    """Return the channel on which a node gets what is sent within the run; None: it waits for time or the outside world."""
    if node.id in level.partners.taken:
        return draft.channel("message", level.process.id or "", node.id or "")
    definition = definition_of(node, level.definitions)
    if isinstance(definition, m.SignalEventDefinition):
        key = signal_key(definition, level.definitions)
        if key in level.partners.thrown:
            return draft.channel("signal", level.definitions.path or "", key)
    return None


def taking(draft: Draft, level: Level, node: Catching, name: Step, scope: Step | None, onward: DraftWay, *, again: bool = False) -> Step:
    """Add the step at which a token waits at a node."""
    origin = draft.origin(level, node)
    channel = channel_of(draft, level, node)
    if channel is not None:
        draft.takers.setdefault(channel, []).append(name)
        return draft.add(name, lambda made, _: Take(origin, made[0], channel, again), (onward,), scope)
    definition = definition_of(node, level.definitions)
    trigger = "message" if definition is None else _TRIGGERS[type(definition)]
    duration, condition, repeats = None, None, 1
    if isinstance(definition, m.TimerEventDefinition):
        duration, repeats = _timer(definition, again=again)
    elif isinstance(definition, m.ConditionalEventDefinition) and definition.condition is not None:
        condition = definition.condition.text or None

    def make(made: tuple[Way, ...], _: tuple[int, ...]) -> Wait:
        return Wait(origin, made[0], trigger, duration, condition, repeats)

    return draft.add(name, make, (onward,), scope)


def _timer(definition: m.TimerEventDefinition, *, again: bool) -> tuple[str | None, int]:
    """Return a timer's text, and how often it fires at a guard that does not end its scope."""
    for expression in (definition.time_duration, definition.time_date):
        if expression is not None and expression.text:
            return expression.text, 1
    if definition.time_cycle is None or not definition.time_cycle.text:
        return None, 1
    cycle = _CYCLE.fullmatch(definition.time_cycle.text)
    if cycle is None:
        return definition.time_cycle.text, 1
    times = int(cycle[1]) if cycle[1] else 0
    return cycle[2], times if again else 1


def lower_catch(draft: Draft, level: Level, node: m.IntermediateCatchEvent) -> None:
    """Add an event at which a token rests."""
    taking(draft, level, node, step(level, node, "rest"), level.scope, way_out(draft, level, node))


def arm(draft: Draft, level: Level, event: m.CatchEvent, scope: Step, onward: DraftWay, *, again: bool) -> DraftWay:
    """Add the guard of a scope that waits for an event; return the way to it."""
    return DraftWay(taking(draft, level, event, step(level, event, "armed"), scope, onward, again=again))


def lower_race(draft: Draft, level: Level, node: m.EventBasedGateway) -> None:
    """Add an event-based gateway: the first of its events takes the token along, and ends the wait for the others (H13)."""
    origin = draft.origin(level, node)
    race = step(level, node, "race")
    draft.add(race, lambda made, _: Open(origin, None, made, None, grouping=False), (), level.scope)
    guards = []
    for flow in level.outgoing[node.id or ""]:
        target = level.nodes[flow.target_ref or ""]
        if not isinstance(target, (m.IntermediateCatchEvent, m.ReceiveTask)):
            draft.tell(
                "event-gateway", level, target, f"comes after the event-based gateway '{node.name or node.id}', but waits for no event",
                "let the gateway lead to catching events and receive tasks only",
            )  # fmt: skip
            continue
        won = _won(draft, level, target)
        cancelled = Step(level.number, flow.id or "", "won")
        made_of = draft.origin(level, target)
        onward = DraftWay(won.target, (flow.id or "", *won.flows), won.entry)

        def make(made: tuple[Way, ...], _: tuple[int, ...], made_of=made_of) -> Cancel:  # type: ignore[no-untyped-def]  # noqa: ANN001
            return Cancel(made_of, made[0], own=True)

        draft.add(cancelled, make, (onward,), race)
        name = Step(level.number, flow.id or "", "raced")
        guards.append(DraftWay(taking(draft, level, target, name, race, DraftWay(cancelled)), (flow.id or "",)))
    draft.steps[race].ways = tuple(guards)


def _won(draft: Draft, level: Level, target: m.IntermediateCatchEvent | m.ReceiveTask) -> DraftWay:
    """Return where the token goes on whose event came first: of a receive task, to what is worked."""
    if isinstance(target, m.IntermediateCatchEvent):
        return way_out(draft, level, target)
    if target.loop_characteristics is None and not level.boundary.get(target.id or "") and is_worked(level, target):
        return DraftWay(step(level, target, "rest"))
    return way_in(draft, level, target)
