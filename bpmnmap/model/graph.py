"""A process as a graph of networkx; the only module that knows networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpmnmap.model.process import FlowElementsContainer

if TYPE_CHECKING:
    from networkx import MultiDiGraph  # type: ignore[import-untyped]  # networkx has no types


def flow_graph(scope: FlowElementsContainer) -> MultiDiGraph:
    """Return the flow nodes and sequence flows directly in a process or sub-process.

    Nodes are ids with the attribute ``element``; edges are keyed by the flow's id, with the attribute ``flow``. Flows without an id
    have a number for a key; flows that are not attached to two nodes of the scope are left out, and so are nodes without an id.

    Examples
    --------
    >>> from bpmnmap.model import EndEvent, Process, SequenceFlow, StartEvent
    >>> process = Process(flow_elements=(
    ...     StartEvent(id="in"), EndEvent(id="out"), SequenceFlow(id="on", source_ref="in", target_ref="out")))
    >>> list(flow_graph(process).edges(keys=True))
    [('in', 'out', 'on')]
    """
    import networkx  # here, because it takes a tenth of a second and most work needs no graph

    graph: MultiDiGraph = networkx.MultiDiGraph()
    for node in scope.flow_nodes:
        if node.id is not None:
            graph.add_node(node.id, element=node)
    for flow in scope.sequence_flows:
        if flow.source_ref in graph and flow.target_ref in graph:
            graph.add_edge(flow.source_ref, flow.target_ref, key=flow.id, flow=flow)
    return graph
