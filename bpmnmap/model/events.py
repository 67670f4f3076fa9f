"""Events, what sets them off, and what they name (sections 8.3.3, 8.3.4, 8.3.11 and 10.4)."""

from __future__ import annotations

from bpmnmap.model.data import DataInput, DataInputAssociation, DataOutput, DataOutputAssociation, InputSet, OutputSet, Property
from bpmnmap.model.elements import Expression, FlowNode, RootElement, bpmn_element


@bpmn_element
class Message(RootElement):
    """What one participant sends another (section 8.3.11)."""

    name: str | None = None
    item_ref: str | None = None


@bpmn_element
class Signal(RootElement):
    """What is broadcast to all who listen (section 10.4.1)."""

    name: str | None = None
    structure_ref: str | None = None


@bpmn_element
class Error(RootElement):
    """A fault that ends the scope it is thrown in (section 8.3.3)."""

    name: str | None = None
    error_code: str | None = None
    structure_ref: str | None = None


@bpmn_element
class Escalation(RootElement):
    """Something that a higher level should know (section 8.3.4)."""

    name: str | None = None
    escalation_code: str | None = None
    structure_ref: str | None = None


@bpmn_element
class EventDefinition(RootElement):
    """What sets an event off (section 10.4.5)."""


@bpmn_element
class CancelEventDefinition(EventDefinition):
    """A transaction is cancelled."""


@bpmn_element
class CompensateEventDefinition(EventDefinition):
    """Work done is undone; in XML and in the specification's text also called compensation."""

    wait_for_completion: bool | None = None
    activity_ref: str | None = None


@bpmn_element
class ConditionalEventDefinition(EventDefinition):
    """A condition becomes true."""

    condition: Expression | None = None


@bpmn_element
class ErrorEventDefinition(EventDefinition):
    """An error is thrown or caught."""

    error_ref: str | None = None


@bpmn_element
class EscalationEventDefinition(EventDefinition):
    """An escalation is thrown or caught."""

    escalation_ref: str | None = None


@bpmn_element
class LinkEventDefinition(EventDefinition):
    """A sequence flow that is not drawn, from a throwing to a catching link of the same name."""

    name: str | None = None
    source: tuple[str, ...] = ()
    target: str | None = None


@bpmn_element
class MessageEventDefinition(EventDefinition):
    """A message is sent or taken."""

    message_ref: str | None = None
    operation_ref: str | None = None


@bpmn_element
class SignalEventDefinition(EventDefinition):
    """A signal is broadcast or heard."""

    signal_ref: str | None = None


@bpmn_element
class TerminateEventDefinition(EventDefinition):
    """All that still runs in the scope ends."""


@bpmn_element
class TimerEventDefinition(EventDefinition):
    """A point in time, a span or a cycle; one of the three."""

    time_date: Expression | None = None
    time_duration: Expression | None = None
    time_cycle: Expression | None = None


@bpmn_element
class Event(FlowNode):
    """Something that happens (section 10.4)."""

    properties: tuple[Property, ...] = ()


@bpmn_element
class CatchEvent(Event):
    """An event that waits for its trigger (section 10.4.1)."""

    parallel_multiple: bool = False
    data_outputs: tuple[DataOutput, ...] = ()
    data_output_associations: tuple[DataOutputAssociation, ...] = ()
    output_set: OutputSet | None = None
    event_definitions: tuple[EventDefinition, ...] = ()
    event_definition_refs: tuple[str, ...] = ()


@bpmn_element
class ThrowEvent(Event):
    """An event that sets something off (section 10.4.1)."""

    data_inputs: tuple[DataInput, ...] = ()
    data_input_associations: tuple[DataInputAssociation, ...] = ()
    input_set: InputSet | None = None
    event_definitions: tuple[EventDefinition, ...] = ()
    event_definition_refs: tuple[str, ...] = ()


@bpmn_element
class StartEvent(CatchEvent):
    """Where a process or sub-process starts (section 10.4.2)."""

    is_interrupting: bool = True


@bpmn_element
class IntermediateCatchEvent(CatchEvent):
    """Where a token waits for a trigger (section 10.4.4)."""


@bpmn_element
class BoundaryEvent(CatchEvent):
    """An event on the edge of an activity (section 10.4.4)."""

    cancel_activity: bool = True
    attached_to_ref: str | None = None


@bpmn_element
class EndEvent(ThrowEvent):
    """Where a path ends (section 10.4.3)."""


@bpmn_element
class IntermediateThrowEvent(ThrowEvent):
    """Where a token sets something off and goes on (section 10.4.4)."""


@bpmn_element
class ImplicitThrowEvent(ThrowEvent):
    """An event that a multi-instance activity throws, not drawn (section 10.4.1)."""
