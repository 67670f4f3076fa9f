"""Which attributes are references, what they must name, and how grave it is if they do not."""

from __future__ import annotations

from dataclasses import dataclass

from bpmnmap.findings import Severity
from bpmnmap.model.activities import Activity
from bpmnmap.model.artifacts import Association, CategoryValue
from bpmnmap.model.collaboration import Collaboration, CorrelationKey, CorrelationProperty, MessageFlow, Participant
from bpmnmap.model.data import (
    DataAssociation,
    DataInput,
    DataObject,
    DataOutput,
    DataStore,
    InputSet,
    ItemAwareElement,
    ItemDefinition,
    OutputSet,
)
from bpmnmap.model.diagram import BPMNLabelStyle, BPMNShape, DiagramElement
from bpmnmap.model.elements import Element, FlowNode, SequenceFlow
from bpmnmap.model.events import BoundaryEvent, Error, Escalation, Event, EventDefinition, Message, Signal
from bpmnmap.model.process import CallableElement, Process
from bpmnmap.model.resources import Resource, ResourceParameter
from bpmnmap.model.services import EndPoint, Interface, Operation


@dataclass(frozen=True, slots=True)
class Reference:
    """What a reference must name.

    Parameters
    ----------
    classes
        The referenced element is of one of these; mixins such as `ItemAwareElement` count.
    wording
        How a message calls it, with its article: "a flow node".
    severity
        How grave a dangling or wrongly typed reference is: an error where the map would run otherwise than it is drawn.
    required
        Whether the specification demands a value.
    """

    classes: tuple[type, ...]
    wording: str
    severity: Severity = Severity.WARNING
    required: bool = False


_ANY = Reference((Element,), "an element of the map")
_ERROR = Severity.ERROR
_FLOW = Reference((SequenceFlow,), "a sequence flow")
_ITEM = Reference((ItemDefinition,), "an itemDefinition")
_MESSAGE = Reference((Message,), "a message")
_PARTICIPANT = Reference((Participant,), "a participant")
_EVENT_DEFINITION = Reference((EventDefinition,), "an event definition", _ERROR)
_DATA = Reference((ItemAwareElement,), "a data element")
_INPUT = Reference((DataInput,), "a dataInput")
_OUTPUT = Reference((DataOutput,), "a dataOutput")
_CATEGORY = Reference((CategoryValue,), "a categoryValue")
_OPERATION = Reference((Operation,), "an operation")
_NODE_END = Reference((FlowNode,), "a flow node", _ERROR, required=True)
_MESSAGE_END = Reference((Participant, Activity, Event), "a participant, activity or event", _ERROR, required=True)
_LINE_END = Reference((Element,), "an element of the map", required=True)
_MESSAGE_FLOW = Reference((MessageFlow,), "a messageFlow")

BY_CLASS: dict[tuple[type[Element], str], Reference] = {
    (SequenceFlow, "source_ref"): _NODE_END,
    (SequenceFlow, "target_ref"): _NODE_END,
    (MessageFlow, "source_ref"): _MESSAGE_END,
    (MessageFlow, "target_ref"): _MESSAGE_END,
    (Association, "source_ref"): _LINE_END,
    (Association, "target_ref"): _LINE_END,
    (DataAssociation, "source_ref"): _DATA,
    (DataAssociation, "target_ref"): _DATA,
    (BoundaryEvent, "attached_to_ref"): Reference((Activity,), "an activity", _ERROR, required=True),
}
"""References whose meaning depends on the class that has them."""

BY_NAME: dict[str, Reference] = {
    "activity_ref": Reference((Activity,), "an activity", _ERROR),
    "bpmn_element": _ANY,
    "called_element": Reference((CallableElement,), "a process or global task", _ERROR),
    "category_value_ref": _CATEGORY,
    "category_value_refs": _CATEGORY,
    "choreography_activity_shape": Reference((BPMNShape,), "a BPMNShape"),
    "choreography_refs": _ANY,
    "correlation_key_ref": Reference((CorrelationKey,), "a correlationKey"),
    "correlation_property_ref": Reference((CorrelationProperty,), "a correlationProperty"),
    "correlation_property_refs": Reference((CorrelationProperty,), "a correlationProperty"),
    "data_input_refs": _INPUT,
    "data_object_ref": Reference((DataObject,), "a dataObject"),
    "data_output_refs": _OUTPUT,
    "data_store_ref": Reference((DataStore,), "a dataStore"),
    "default": Reference((SequenceFlow,), "a sequence flow", _ERROR),
    "definitional_collaboration_ref": Reference((Collaboration,), "a collaboration"),
    "end_point_refs": Reference((EndPoint,), "an endPoint"),
    "error_ref": Reference((Error,), "an error", _ERROR),
    "error_refs": Reference((Error,), "an error"),
    "escalation_ref": Reference((Escalation,), "an escalation", _ERROR),
    "event_definition_refs": _EVENT_DEFINITION,
    "flow_node_refs": Reference((FlowNode,), "a flow node"),
    "in_message_ref": _MESSAGE,
    "incoming": _FLOW,
    "inner_message_flow_ref": _MESSAGE_FLOW,
    "inner_participant_ref": _PARTICIPANT,
    "input_data_ref": _INPUT,
    "input_set_refs": Reference((InputSet,), "an inputSet"),
    "interface_refs": Reference((Interface,), "an interface"),
    "item_ref": _ITEM,
    "item_subject_ref": _ITEM,
    "label_style": Reference((BPMNLabelStyle,), "a BPMNLabelStyle"),
    "loop_data_input_ref": _DATA,
    "loop_data_output_ref": _DATA,
    "message_ref": _MESSAGE,
    "none_behavior_event_ref": _EVENT_DEFINITION,
    "one_behavior_event_ref": _EVENT_DEFINITION,
    "operation_ref": _OPERATION,
    "optional_input_refs": _INPUT,
    "optional_output_refs": _OUTPUT,
    "out_message_ref": _MESSAGE,
    "outer_message_flow_ref": _MESSAGE_FLOW,
    "outer_participant_ref": _PARTICIPANT,
    "outgoing": _FLOW,
    "output_data_ref": _OUTPUT,
    "output_set_refs": Reference((OutputSet,), "an outputSet"),
    "parameter_ref": Reference((ResourceParameter,), "a resourceParameter"),
    "participant_refs": _PARTICIPANT,
    "partition_element_ref": _ANY,
    "process_ref": Reference((Process,), "a process", _ERROR),
    "resource_ref": Reference((Resource,), "a resource"),
    "signal_ref": Reference((Signal,), "a signal", _ERROR),
    "source_element": Reference((DiagramElement,), "a shape or edge"),
    "supported_interface_refs": Reference((Interface,), "an interface"),
    "supports": Reference((Process,), "a process"),
    "target_element": Reference((DiagramElement,), "a shape or edge"),
    "while_executing_input_refs": _INPUT,
    "while_executing_output_refs": _OUTPUT,
}
"""References whose attribute's name says it all."""

UNCHECKED = frozenset({"called_element", "supports", "definitional_collaboration_ref"})
"""References that may well name an element of another map."""


def reference(cls: type[Element], field: str) -> Reference | None:
    """What a field of a class must name; None if the field is no reference.

    Examples
    --------
    >>> reference(SequenceFlow, "target_ref").wording, reference(SequenceFlow, "name")
    ('a flow node', None)
    """
    for base in cls.__mro__:
        found = BY_CLASS.get((base, field))
        if found is not None:
            return found
    return BY_NAME.get(field)
