"""Activities: tasks, sub-processes, calls, and how often they run (section 10.2)."""

from __future__ import annotations

from bpmnmap.model.artifacts import Artifact
from bpmnmap.model.data import DataInput, DataInputAssociation, DataOutput, DataOutputAssociation, InputOutputSpecification, Property
from bpmnmap.model.elements import BaseElement, Expression, FlowElement, FlowNode, FormalExpression, bpmn_element
from bpmnmap.model.events import ImplicitThrowEvent
from bpmnmap.model.process import CallableElement, FlowElementsContainer, LaneSet
from bpmnmap.model.resources import ResourceRole


@bpmn_element
class LoopCharacteristics(BaseElement):
    """Base of the two ways to repeat an activity (section 10.2.8)."""


@bpmn_element
class StandardLoopCharacteristics(LoopCharacteristics):
    """Again and again while a condition holds (section 10.2.8)."""

    test_before: bool = False
    loop_maximum: int | None = None
    loop_condition: Expression | None = None


@bpmn_element
class ComplexBehaviorDefinition(BaseElement):
    """An event that a multi-instance activity throws when a condition holds (section 10.2.8)."""

    condition: FormalExpression | None = None
    event: ImplicitThrowEvent | None = None


@bpmn_element
class MultiInstanceLoopCharacteristics(LoopCharacteristics):
    """Once for each item, one after the other or all at once (section 10.2.8)."""

    is_sequential: bool = False
    behavior: str = "All"
    one_behavior_event_ref: str | None = None
    none_behavior_event_ref: str | None = None
    loop_cardinality: Expression | None = None
    loop_data_input_ref: str | None = None
    loop_data_output_ref: str | None = None
    input_data_item: DataInput | None = None
    output_data_item: DataOutput | None = None
    complex_behavior_definitions: tuple[ComplexBehaviorDefinition, ...] = ()
    completion_condition: Expression | None = None


@bpmn_element
class Activity(FlowNode):
    """Work (section 10.2)."""

    is_for_compensation: bool = False
    start_quantity: int = 1
    completion_quantity: int = 1
    default: str | None = None
    io_specification: InputOutputSpecification | None = None
    properties: tuple[Property, ...] = ()
    data_input_associations: tuple[DataInputAssociation, ...] = ()
    data_output_associations: tuple[DataOutputAssociation, ...] = ()
    resources: tuple[ResourceRole, ...] = ()
    loop_characteristics: LoopCharacteristics | None = None


@bpmn_element
class Task(Activity):
    """Work that is not divided further: the abstract task, and base of the others (section 10.2.3).

    Examples
    --------
    >>> Task(id="Task_Sign", name="Sign permit").kind
    'task'
    """


@bpmn_element
class Rendering(BaseElement):
    """How a user task shows itself; left to vendors (section 10.2.4)."""


@bpmn_element
class UserTask(Task):
    """Work of a person with a program (section 10.2.3)."""

    implementation: str = "##unspecified"
    renderings: tuple[Rendering, ...] = ()


@bpmn_element
class ManualTask(Task):
    """Work of a person without a program (section 10.2.3)."""


@bpmn_element
class ServiceTask(Task):
    """Work of a service (section 10.2.3)."""

    implementation: str = "##WebService"
    operation_ref: str | None = None


@bpmn_element
class ScriptTask(Task):
    """A script that the engine runs; bpmnmap never does (section 10.2.3)."""

    script_format: str | None = None
    script: str | None = None


@bpmn_element
class BusinessRuleTask(Task):
    """A decision by rules (section 10.2.3)."""

    implementation: str = "##unspecified"


@bpmn_element
class SendTask(Task):
    """A task that sends a message (section 10.2.3)."""

    implementation: str = "##WebService"
    message_ref: str | None = None
    operation_ref: str | None = None


@bpmn_element
class ReceiveTask(Task):
    """A task that waits for a message (section 10.2.3)."""

    implementation: str = "##WebService"
    instantiate: bool = False
    message_ref: str | None = None
    operation_ref: str | None = None


@bpmn_element
class CallActivity(Activity):
    """Calls a process or a global task, perhaps of another map (section 10.2.6)."""

    called_element: str | None = None


@bpmn_element
class SubProcess(Activity, FlowElementsContainer):
    """An activity with a process inside; with ``triggered_by_event`` an event sub-process (section 10.2.5)."""

    triggered_by_event: bool = False
    lane_sets: tuple[LaneSet, ...] = ()
    flow_elements: tuple[FlowElement, ...] = ()
    artifacts: tuple[Artifact, ...] = ()


@bpmn_element
class Transaction(SubProcess):
    """A sub-process that is done wholly or undone (section 10.2.5)."""

    method: str = "##Compensate"


@bpmn_element
class AdHocSubProcess(SubProcess):
    """Activities in no fixed order (section 10.2.5)."""

    cancel_remaining_instances: bool = True
    ordering: str | None = None
    completion_condition: Expression | None = None


@bpmn_element
class GlobalTask(CallableElement):
    """A task that several maps call (section 10.2.7)."""

    resources: tuple[ResourceRole, ...] = ()


@bpmn_element
class GlobalUserTask(GlobalTask):
    """A user task that several maps call."""

    implementation: str = "##unspecified"
    renderings: tuple[Rendering, ...] = ()


@bpmn_element
class GlobalManualTask(GlobalTask):
    """A manual task that several maps call."""


@bpmn_element
class GlobalScriptTask(GlobalTask):
    """A script task that several maps call."""

    script_language: str | None = None
    script: str | None = None


@bpmn_element
class GlobalBusinessRuleTask(GlobalTask):
    """A business rule task that several maps call."""

    implementation: str = "##unspecified"
