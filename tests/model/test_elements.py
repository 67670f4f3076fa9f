"""What all elements have in common: frozen, compared by value, printed without defaults, walked in document order."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import pickle
import pkgutil

import pytest

import bpmnmap.model as model
from bpmnmap.model import (
    Activity,
    BaseElement,
    BoundaryEvent,
    Documentation,
    Element,
    ExclusiveGateway,
    FlowElement,
    FlowNode,
    FormalExpression,
    InputOutputSpecification,
    LaneSet,
    Process,
    SequenceFlow,
    StartEvent,
    SubProcess,
    Task,
    TimerEventDefinition,
    UserTask,
    Waypoint,
    XmlElement,
)
from bpmnmap.model.elements import fill

CLASSES = [getattr(model, name) for name in model.__all__]
ELEMENTS = [cls for cls in CLASSES if isinstance(cls, type) and issubclass(cls, Element)]


def test_every_class_is_exported() -> None:
    modules = [importlib.import_module(f"bpmnmap.model.{info.name}") for info in pkgutil.iter_modules(model.__path__)]
    defined = {name for module in modules for name, found in vars(module).items() if isinstance(found, type) and issubclass(found, Element)}
    assert defined - set(model.__all__) == set()


@pytest.mark.parametrize("cls", ELEMENTS)
def test_every_class_is_slotted_and_frozen(cls: type[Element]) -> None:
    element = cls(id="a")
    assert not hasattr(element, "__dict__")
    with pytest.raises(dataclasses.FrozenInstanceError):
        element.id = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del element.id
    assert element.id == "a"


@pytest.mark.parametrize("cls", ELEMENTS)
def test_every_class_survives_pickling(cls: type[Element]) -> None:
    element = cls(id="a", line=3)
    again = pickle.loads(pickle.dumps(element))
    assert type(again) is cls
    assert again == element
    assert again.line == 3


@pytest.mark.parametrize("cls", ELEMENTS)
def test_unfilled_fields_have_their_defaults(cls: type[Element]) -> None:
    bare, made = cls.__new__(cls), cls()
    assert {f.name: getattr(bare, f.name) for f in dataclasses.fields(bare)} == {
        f.name: getattr(made, f.name) for f in dataclasses.fields(made)
    }
    assert bare == made


def test_kinds_are_the_names_in_xml() -> None:
    kinds = [
        cls.kind for cls in (Task, UserTask, ExclusiveGateway, SequenceFlow, LaneSet, InputOutputSpecification, model.BPMNShape, Waypoint)
    ]
    assert kinds == ["task", "userTask", "exclusiveGateway", "sequenceFlow", "laneSet", "ioSpecification", "BPMNShape", "waypoint"]


def test_hierarchy_is_that_of_the_specification() -> None:
    assert UserTask.__mro__[:-1] == (UserTask, Task, Activity, FlowNode, FlowElement, BaseElement, Element)


def test_equality_is_by_value_and_class() -> None:
    assert Task(id="a", name="b") == Task(id="a", name="b")
    assert Task(id="a") != Task(id="b")
    assert Task(id="a") != UserTask(id="a")
    assert Task(id="a") != "a"


def test_the_line_plays_no_part_in_comparisons() -> None:
    assert Task(id="a", line=1) == Task(id="a", line=2)
    assert hash(Task(id="a", line=1)) == hash(Task(id="a", line=2))


def test_hash_follows_the_values() -> None:
    assert len({Task(id="a"), Task(id="a"), Task(id="b"), UserTask(id="a")}) == 3


def test_repr_leaves_defaults_out() -> None:
    assert repr(BoundaryEvent(id="a", attached_to_ref="b", line=7)) == "BoundaryEvent(id='a', attached_to_ref='b')"
    assert repr(BoundaryEvent(id="a", cancel_activity=False)) == "BoundaryEvent(id='a', cancel_activity=False)"


def test_copies_are_the_element_itself() -> None:
    task = Task(id="a")
    assert copy.copy(task) is task
    assert copy.deepcopy(task) is task


def test_replace_makes_a_new_element() -> None:
    task = Task(id="a", name="Check", line=4)
    renamed = dataclasses.replace(task, name="Check twice")
    assert (task.name, renamed.name, renamed.line) == ("Check", "Check twice", 4)


def test_unknown_attributes_are_refused() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'nam'"):
        Task(nam="a")  # type: ignore[call-arg]
    with pytest.raises(AttributeError, match="'Task' has no attribute 'nam'"):
        Task().nam  # type: ignore[attr-defined]  # noqa: B018


def test_filled_field_is_kept() -> None:
    task = Task.__new__(Task)
    fill(task, "name", "Check")
    assert task == Task(name="Check")


def test_extension_attribute_by_name() -> None:
    task = Task(extension_attributes=(("{urn:a}unit", "FO"),))
    assert (task.extension_attribute("{urn:a}unit"), task.extension_attribute("unit")) == ("FO", None)


def test_walk_is_in_the_order_of_the_schema() -> None:
    timer = TimerEventDefinition(id="timer", time_duration=FormalExpression(id="value", body="PT5M"))
    start = StartEvent(id="start", documentation=(Documentation(id="text", text="why"),), event_definitions=(timer,))
    inner = SubProcess(id="inner", flow_elements=(Task(id="task"),))
    process = Process(id="process", flow_elements=(start, inner), lane_sets=(LaneSet(id="lanes"),))
    assert [element.id for element in process.walk()] == ["process", "lanes", "start", "text", "timer", "value", "inner", "task"]


def test_walk_is_in_document_order_where_lines_tell_it() -> None:
    process = Process(lane_sets=(LaneSet(id="later", line=9),), flow_elements=(Task(id="first", line=2), Task(id="second", line=5)))
    assert [element.id for element in process.walk()][1:] == ["first", "second", "later"]


def test_walk_keeps_elements_of_one_line_in_the_order_of_the_schema() -> None:
    process = Process(lane_sets=(LaneSet(id="lanes", line=1),), flow_elements=(Task(id="task", line=1), Task(id="new")))
    assert [element.id for element in process.walk()][1:] == ["lanes", "task", "new"]


def test_walk_passes_over_what_is_kept_as_xml() -> None:
    task = Task(other_elements=(XmlElement("{urn:a}b"), Documentation(id="text")), extension_elements=(XmlElement("{urn:a}c"),))
    assert [element.id for element in task.walk()] == [None, "text"]


def test_walk_needs_no_recursion() -> None:
    scope = SubProcess(id="s0")
    for depth in range(1, 3000):
        scope = SubProcess(id=f"s{depth}", flow_elements=(scope,))
    assert sum(1 for _ in scope.walk()) == 3000


def test_xml_element_tells_its_name_and_attributes() -> None:
    element = XmlElement("{urn:a}b", attributes=(("id", "x"), ("{urn:c}d", "y")), children=(XmlElement("e", text="f"),))
    assert (element.kind, element.namespace, element.id, element.attribute("{urn:c}d"), element.attribute("d")) == (
        "b",
        "urn:a",
        "x",
        "y",
        None,
    )
    assert (element.children[0].kind, element.children[0].namespace, element.children[0].id) == ("e", "", None)
    assert [each.name for each in element.walk()] == ["{urn:a}b", "e"]


def test_expression_text_is_without_space_around_it() -> None:
    assert FormalExpression(body="\n  PT5M ").text == "PT5M"
