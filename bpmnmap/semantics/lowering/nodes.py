"""Pass 4: tasks, catch events, gateways and end events, with their implicit splits and ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from bpmnmap import model as m
from bpmnmap.semantics.lowering.draft import Draft, DraftStep, DraftWay, Step, exit_step, way_out
from bpmnmap.semantics.program import Choose, End, Fork, Join, Operation, Origin, Wait, Way, Work

_MakeFrom: TypeAlias = Callable[[Origin, tuple[Way, ...]], Operation]


def lower_nodes(draft: Draft) -> None:
    """Add the steps of each node: where tokens rest at it, then how they leave it."""
    for node in draft.nodes.values():
        if isinstance(node, m.Gateway):
            _lower_gateway(draft, node)
        elif isinstance(node, m.Activity):
            _add(draft, node, "rest", lambda origin, ways: Work(origin, ways[0]), (way_out(draft, node),))
            _lower_exit(draft, node)
        elif isinstance(node, m.IntermediateCatchEvent):
            _lower_catch(draft, node)
            _lower_exit(draft, node)
        elif isinstance(node, m.EndEvent):
            _add(draft, node, "end", lambda origin, _: End(origin), ())
        elif isinstance(node, m.StartEvent):
            _lower_exit(draft, node)


def _add(draft: Draft, node: m.FlowNode, role: str, make: _MakeFrom, ways: tuple[DraftWay, ...]) -> None:
    origin = draft.origin(node)
    draft.steps[Step(node.id or "", role)] = DraftStep(lambda made: make(origin, made), ways)


def _lower_exit(draft: Draft, node: m.FlowNode) -> None:
    """Several flows out of anything but a gateway are an implicit parallel split, none an implicit end."""
    step = exit_step(draft, node)
    if step is not None and step.role == "fork":
        _add(draft, node, "fork", Fork, tuple(draft.way(flow) for flow in draft.outgoing[node.id or ""]))
    elif step is not None:
        _add(draft, node, "end", lambda origin, _: End(origin), ())


def _lower_catch(draft: Draft, node: m.IntermediateCatchEvent) -> None:
    definition = node.event_definitions[0]
    duration: str | None = None
    if isinstance(definition, m.TimerEventDefinition) and definition.time_duration is not None:
        duration = (definition.time_duration.body or "").strip() or None
    trigger = "timer" if isinstance(definition, m.TimerEventDefinition) else "message"
    _add(draft, node, "rest", lambda origin, ways: Wait(origin, ways[0], trigger, duration), (way_out(draft, node),))


def _lower_gateway(draft: Draft, node: m.Gateway) -> None:
    """A gateway may merge and split at once; an exclusive one that only merges is nothing but a way on."""
    name = node.id or ""
    incoming, flows = draft.incoming[name], draft.outgoing[name]
    ways = tuple(draft.way(flow) for flow in flows)
    ids = tuple(flow.id or "" for flow in flows)
    if isinstance(node, m.ParallelGateway):
        if len(incoming) > 1:
            entries = len(incoming)
            _add(draft, node, "join", lambda origin, made: Join(origin, entries, made[0]), (way_out(draft, node),))
        if len(flows) > 1:
            _add(draft, node, "fork", Fork, ways)
    elif len(flows) > 1:
        _add(draft, node, "choose", lambda origin, made: Choose(origin, made, ids), ways)
    if not flows:
        _add(draft, node, "end", lambda origin, _: End(origin), ())
