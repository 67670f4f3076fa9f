"""Pass 1: the graph, from `sourceRef` and `targetRef` alone."""

from __future__ import annotations

from bpmnmap import model as m
from bpmnmap.semantics.lowering.draft import Draft


def link_flows(draft: Draft) -> None:
    """Put each node's whole sequence flows in document order; half-attached ones are findings of reading."""
    for node in draft.process.flow_nodes:
        if node.id is not None and node.id not in draft.nodes:
            draft.nodes[node.id] = node
            draft.incoming[node.id] = []
            draft.outgoing[node.id] = []
    for flow in draft.process.sequence_flows:
        if flow.source_ref in draft.nodes and flow.target_ref in draft.nodes:
            draft.outgoing[flow.source_ref].append(flow)
            draft.incoming[flow.target_ref].append(flow)


def conditional_flows(draft: Draft) -> list[m.SequenceFlow]:
    """Return flows out of activities and events that have a condition: an implicit inclusive or exclusive split."""
    return [
        flow
        for flow in draft.process.sequence_flows
        if flow.condition_expression is not None and not isinstance(draft.nodes.get(flow.source_ref or ""), (m.Gateway, type(None)))
    ]
