"""Gateways: where paths part and meet (section 10.5)."""

from __future__ import annotations

from bpmnmap.model.elements import Expression, FlowNode, bpmn_element


@bpmn_element
class Gateway(FlowNode):
    """Base of all gateways; ``gateway_direction`` is what the map says, not what its flows show (section 8.3.12)."""

    gateway_direction: str = "Unspecified"


@bpmn_element
class ExclusiveGateway(Gateway):
    """One path of several (section 10.5.2)."""

    default: str | None = None


@bpmn_element
class InclusiveGateway(Gateway):
    """One path or more (section 10.5.3)."""

    default: str | None = None


@bpmn_element
class ParallelGateway(Gateway):
    """All paths at once (section 10.5.4)."""


@bpmn_element
class ComplexGateway(Gateway):
    """Paths by a rule of its own (section 10.5.5)."""

    default: str | None = None
    activation_condition: Expression | None = None


@bpmn_element
class EventBasedGateway(Gateway):
    """The path of the event that comes first (section 10.5.6)."""

    instantiate: bool = False
    event_gateway_type: str = "Exclusive"
