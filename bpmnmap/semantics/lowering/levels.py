"""Levels: each process instance, sub-process and called process on its own, as a graph from `sourceRef` and `targetRef` alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from bpmnmap import model as m
from bpmnmap.semantics.lowering.kinds import is_event_sub_process, is_link_target
from bpmnmap.semantics.lowering.partners import Partners
from bpmnmap.semantics.lowering.steps import Step

Container: TypeAlias = m.Process | m.SubProcess


@dataclass(slots=True)
class Level:
    """One container whose content is lowered, once for each place from which it is entered.

    Parameters
    ----------
    scope
        The `Open` in whose scope its tokens are; None = the case.
    callable_ids
        Processes that may be called.
    parent, host
        The level around it and the activity there that it is the content of; None for a process instance.
    nodes
        Its flow nodes, in document order.
    incoming, outgoing
        Whole sequence flows by flow node, in document order.
    boundary
        Boundary events by host.
    event_sub_processes
        Those in it.
    caught
        Boundary events and starts of event sub-processes to which something inside throws.
    """

    number: int
    container: Container
    process: m.Process
    partners: Partners
    scope: Step | None
    callable_ids: frozenset[str] = frozenset()
    parent: Level | None = None
    host: m.Activity | None = None
    nodes: dict[str, m.FlowNode] = field(default_factory=dict)
    incoming: dict[str, list[m.SequenceFlow]] = field(default_factory=dict)
    outgoing: dict[str, list[m.SequenceFlow]] = field(default_factory=dict)
    boundary: dict[str, list[m.BoundaryEvent]] = field(default_factory=dict)
    event_sub_processes: list[m.SubProcess] = field(default_factory=list)
    caught: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for node in self.container.flow_nodes:
            if node.id is not None and node.id not in self.nodes:
                self.nodes[node.id] = node
                self.incoming[node.id] = []
                self.outgoing[node.id] = []
        for flow in self.container.sequence_flows:
            if flow.source_ref in self.nodes and flow.target_ref in self.nodes:
                self.outgoing[flow.source_ref].append(flow)
                self.incoming[flow.target_ref].append(flow)
        for node in self.nodes.values():
            if isinstance(node, m.BoundaryEvent) and node.attached_to_ref is not None:
                self.boundary.setdefault(node.attached_to_ref, []).append(node)
            elif is_event_sub_process(node) and isinstance(node, m.SubProcess):
                self.event_sub_processes.append(node)

    @property
    def definitions(self) -> m.Definitions:
        """Its map."""
        return self.partners.definitions

    @property
    def path(self) -> str | None:
        """File of its map."""
        return self.definitions.path

    def is_first(self, node: m.FlowNode) -> bool:
        """Whether tokens may begin at a node: nothing leads there, and nothing sets it off on its own."""
        aside = isinstance(node, m.BoundaryEvent) or is_event_sub_process(node) or is_link_target(node, self.definitions)
        return not aside and not self.incoming[node.id or ""] and not (isinstance(node, m.Activity) and node.is_for_compensation)
