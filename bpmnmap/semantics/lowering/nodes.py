"""Nodes: what each flow node of a level becomes, with its implicit splits and ends."""

from __future__ import annotations

from bpmnmap import model as m
from bpmnmap.semantics.lowering.activities import lower_activity
from bpmnmap.semantics.lowering.catching import lower_catch, lower_race
from bpmnmap.semantics.lowering.draft import Draft
from bpmnmap.semantics.lowering.kinds import is_event_sub_process, is_link_target
from bpmnmap.semantics.lowering.levels import Level
from bpmnmap.semantics.lowering.throwing import lower_end, lower_throw
from bpmnmap.semantics.lowering.ways import add_select, conditions_of, lower_exit, step, way_along, way_out
from bpmnmap.semantics.program import Choose, End, Fork, Join


def lower_level(draft: Draft, level: Level) -> None:
    """Add the steps of each node in document order: where tokens rest at it, then how they leave it."""
    for name, node in level.nodes.items():
        draft.starts.pop((level.number, name), _nothing)()
        if isinstance(node, m.Gateway):
            _lower_gateway(draft, level, node)
        elif isinstance(node, m.Activity):
            if not is_event_sub_process(node):
                lower_activity(draft, level, node, lower_level)
                lower_exit(draft, level, node)
        elif isinstance(node, m.EndEvent):
            lower_end(draft, level, node)
        elif isinstance(node, m.IntermediateThrowEvent):
            lower_throw(draft, level, node)
            lower_exit(draft, level, node)
        elif isinstance(node, m.IntermediateCatchEvent) and not is_link_target(node, level.definitions):
            lower_catch(draft, level, node)
            lower_exit(draft, level, node)
        else:  # start and boundary events, targets of links
            lower_exit(draft, level, node)


def _nothing() -> None:
    """Do what stands for the start of a case where none starts."""


def _lower_gateway(draft: Draft, level: Level, node: m.Gateway) -> None:
    """A gateway may merge and split at once; an exclusive one that only merges is nothing but a way on."""
    name = node.id or ""
    incoming, flows = level.incoming[name], level.outgoing[name]
    origin = draft.origin(level, node)
    is_inclusive = isinstance(node, m.InclusiveGateway)
    if (is_inclusive or isinstance(node, m.ParallelGateway)) and len(incoming) > 1:
        entries = len(incoming)
        onward = (way_out(draft, level, node),)
        draft.add(step(level, node, "join"), lambda made, _: Join(origin, entries, made[0], is_inclusive), onward, level.scope)
    if not flows:
        draft.add(step(level, node, "end"), lambda _, __: End(origin), (), level.scope)
        return
    if isinstance(node, m.EventBasedGateway):
        lower_race(draft, level, node)
        return
    ways = tuple(way_along(draft, level, flow) for flow in flows)
    if len(flows) == 1:
        return
    if isinstance(node, m.ParallelGateway):
        draft.add(step(level, node, "fork"), lambda made, _: Fork(origin, made), ways, level.scope)
    elif isinstance(node, m.InclusiveGateway):
        add_select(draft, level, node, step(level, node, "select"), ways, node.default, implicit=False)
    else:
        ids = tuple(flow.id or "" for flow in flows)
        conditions, default = conditions_of(flows, node.default if isinstance(node, m.ExclusiveGateway) else None)
        draft.add(step(level, node, "choose"), lambda made, _: Choose(origin, made, ids, conditions, default), ways, level.scope)
