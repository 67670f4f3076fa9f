"""Processes, their lanes, and what may be called (sections 10.1, 10.2.5 and 10.7)."""

from __future__ import annotations

from collections.abc import Iterator

from bpmnmap.model.artifacts import Artifact
from bpmnmap.model.collaboration import CorrelationSubscription
from bpmnmap.model.data import InputOutputBinding, InputOutputSpecification, Property
from bpmnmap.model.elements import (
    Auditing,
    BaseElement,
    FlowElement,
    FlowNode,
    Monitoring,
    RootElement,
    SequenceFlow,
    XmlElement,
    bpmn_element,
)
from bpmnmap.model.resources import ResourceRole


@bpmn_element
class Lane(BaseElement):
    """Part of a process, mostly a unit of the organization (section 10.7).

    ``partition_element`` is kept as XML: the specification leaves its type open.
    """

    name: str | None = None
    partition_element_ref: str | None = None
    partition_element: XmlElement | None = None
    flow_node_refs: tuple[str, ...] = ()
    child_lane_set: LaneSet | None = None


@bpmn_element
class LaneSet(BaseElement):
    """One way to divide a process into lanes (section 10.7)."""

    name: str | None = None
    lanes: tuple[Lane, ...] = ()


class FlowElementsContainer:
    """Base of processes and sub-processes: fields ``lane_sets``, ``flow_elements``, ``artifacts`` (section 8.3.8)."""

    __slots__ = ()
    lane_sets: tuple[LaneSet, ...]
    flow_elements: tuple[FlowElement, ...]
    artifacts: tuple[Artifact, ...]

    @property
    def flow_nodes(self) -> tuple[FlowNode, ...]:
        """Activities, events and gateways directly in this scope, in document order."""
        return tuple(element for element in self.flow_elements if isinstance(element, FlowNode))

    @property
    def sequence_flows(self) -> tuple[SequenceFlow, ...]:
        """Sequence flows directly in this scope, in document order."""
        return tuple(element for element in self.flow_elements if isinstance(element, SequenceFlow))

    def scopes(self) -> Iterator[FlowElementsContainer]:
        """The scope itself and all scopes inside it, in document order."""
        pending = [self]
        while pending:
            scope = pending.pop()
            yield scope
            pending.extend(element for element in reversed(scope.flow_elements) if isinstance(element, FlowElementsContainer))


@bpmn_element
class CallableElement(RootElement):
    """Base of what a call activity may call (section 8.3.2)."""

    name: str | None = None
    supported_interface_refs: tuple[str, ...] = ()
    io_specification: InputOutputSpecification | None = None
    io_bindings: tuple[InputOutputBinding, ...] = ()


@bpmn_element
class Process(CallableElement, FlowElementsContainer):
    """A process (section 10.1).

    Examples
    --------
    >>> from bpmnmap.model import EndEvent, StartEvent
    >>> process = Process(id="permit", flow_elements=(
    ...     StartEvent(id="in"), EndEvent(id="out"), SequenceFlow(id="on", source_ref="in", target_ref="out")))
    >>> [node.id for node in process.flow_nodes], [flow.id for flow in process.sequence_flows]
    (['in', 'out'], ['on'])
    """

    process_type: str = "None"
    is_closed: bool = False
    is_executable: bool | None = None
    definitional_collaboration_ref: str | None = None
    auditing: Auditing | None = None
    monitoring: Monitoring | None = None
    properties: tuple[Property, ...] = ()
    lane_sets: tuple[LaneSet, ...] = ()
    flow_elements: tuple[FlowElement, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    resources: tuple[ResourceRole, ...] = ()
    correlation_subscriptions: tuple[CorrelationSubscription, ...] = ()
    supports: tuple[str, ...] = ()
