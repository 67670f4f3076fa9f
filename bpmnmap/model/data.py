"""Data: what flows, where it is kept, how it enters and leaves an activity (section 10.3)."""

from __future__ import annotations

from bpmnmap.model.elements import BaseElement, Expression, FlowElement, FormalExpression, RootElement, bpmn_element


class ItemAwareElement:
    """Base of all that holds an item: fields ``item_subject_ref`` and ``data_state`` (section 10.3.1)."""

    __slots__ = ()
    item_subject_ref: str | None
    data_state: DataState | None


@bpmn_element
class DataState(BaseElement):
    """State of an item, such as "signed" (section 10.3.1)."""

    name: str | None = None


@bpmn_element
class ItemDefinition(RootElement):
    """Structure of an item; ``structure_ref`` may name a type outside the map (section 8.3.10)."""

    structure_ref: str | None = None
    is_collection: bool = False
    item_kind: str = "Information"


@bpmn_element
class DataObject(FlowElement, ItemAwareElement):
    """An item that lives as long as its process (section 10.3.1)."""

    item_subject_ref: str | None = None
    is_collection: bool = False
    data_state: DataState | None = None


@bpmn_element
class DataObjectReference(FlowElement, ItemAwareElement):
    """A data object drawn once more, perhaps in another state (section 10.3.1)."""

    item_subject_ref: str | None = None
    data_object_ref: str | None = None
    data_state: DataState | None = None


@bpmn_element
class DataStore(RootElement, ItemAwareElement):
    """Where items outlive the process (section 10.3.1)."""

    name: str | None = None
    capacity: int | None = None
    is_unlimited: bool = True
    item_subject_ref: str | None = None
    data_state: DataState | None = None


@bpmn_element
class DataStoreReference(FlowElement, ItemAwareElement):
    """A data store as drawn in a process (section 10.3.1)."""

    item_subject_ref: str | None = None
    data_store_ref: str | None = None
    data_state: DataState | None = None


@bpmn_element
class DataInput(BaseElement, ItemAwareElement):
    """An item that an activity or process needs (section 10.3.1)."""

    name: str | None = None
    item_subject_ref: str | None = None
    is_collection: bool = False
    data_state: DataState | None = None


@bpmn_element
class DataOutput(BaseElement, ItemAwareElement):
    """An item that an activity or process makes (section 10.3.1)."""

    name: str | None = None
    item_subject_ref: str | None = None
    is_collection: bool = False
    data_state: DataState | None = None


@bpmn_element
class Property(BaseElement, ItemAwareElement):
    """An item that is not drawn (section 10.3.1)."""

    name: str | None = None
    item_subject_ref: str | None = None
    data_state: DataState | None = None


@bpmn_element
class InputSet(BaseElement):
    """Inputs that together let an activity start (section 10.3.1)."""

    name: str | None = None
    data_input_refs: tuple[str, ...] = ()
    optional_input_refs: tuple[str, ...] = ()
    while_executing_input_refs: tuple[str, ...] = ()
    output_set_refs: tuple[str, ...] = ()


@bpmn_element
class OutputSet(BaseElement):
    """Outputs that are made together (section 10.3.1)."""

    name: str | None = None
    data_output_refs: tuple[str, ...] = ()
    optional_output_refs: tuple[str, ...] = ()
    while_executing_output_refs: tuple[str, ...] = ()
    input_set_refs: tuple[str, ...] = ()


@bpmn_element
class InputOutputSpecification(BaseElement):
    """All inputs and outputs of an activity or process (section 10.3.1)."""

    kind = "ioSpecification"

    data_inputs: tuple[DataInput, ...] = ()
    data_outputs: tuple[DataOutput, ...] = ()
    input_sets: tuple[InputSet, ...] = ()
    output_sets: tuple[OutputSet, ...] = ()


@bpmn_element
class InputOutputBinding(BaseElement):
    """Which operation of an interface takes which input and gives which output (section 10.3.1)."""

    kind = "ioBinding"

    operation_ref: str | None = None
    input_data_ref: str | None = None
    output_data_ref: str | None = None


@bpmn_element
class Assignment(BaseElement):
    """One value taken over from one place to another (section 10.3.2)."""

    from_: Expression | None = None
    to: Expression | None = None


@bpmn_element
class DataAssociation(BaseElement):
    """How items move between data and activities (section 10.3.2)."""

    source_ref: tuple[str, ...] = ()
    target_ref: str | None = None
    transformation: FormalExpression | None = None
    assignments: tuple[Assignment, ...] = ()


@bpmn_element
class DataInputAssociation(DataAssociation):
    """An item moves into an activity or throw event (section 10.3.2)."""


@bpmn_element
class DataOutputAssociation(DataAssociation):
    """An item moves out of an activity or catch event (section 10.3.2)."""
