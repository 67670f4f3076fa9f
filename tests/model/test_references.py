"""Which fields are references, and what they must name."""

from __future__ import annotations

import dataclasses

import pytest

import bpmnmap.model as model
from bpmnmap.findings import Severity
from bpmnmap.model import Association, BoundaryEvent, DataInputAssociation, Element, MessageFlow, SequenceFlow, StartEvent, UserTask
from bpmnmap.model.references import BY_CLASS, BY_NAME, UNCHECKED, reference

# Fields that end like references, and name what is no element of the map.
OUTSIDE = {"structure_ref", "evaluates_to_type_ref", "implementation_ref"}


def test_each_field_named_like_a_reference_is_one() -> None:
    classes = [cls for name in model.__all__ if isinstance(cls := getattr(model, name), type) and issubclass(cls, Element)]
    names = {
        (cls, f.name) for cls in classes for f in dataclasses.fields(cls) if f.name.endswith(("_ref", "_refs")) and f.name not in OUTSIDE
    }
    assert [(cls.__name__, name) for cls, name in names if reference(cls, name) is None] == []


def test_each_reference_is_a_field_of_some_class() -> None:
    classes = [cls for name in model.__all__ if isinstance(cls := getattr(model, name), type) and issubclass(cls, Element)]
    fields = {f.name for cls in classes for f in dataclasses.fields(cls)}
    assert BY_NAME.keys() - fields == set()
    assert UNCHECKED - BY_NAME.keys() == set()
    assert [name for cls, name in BY_CLASS if name not in {f.name for f in dataclasses.fields(cls)}] == []


@pytest.mark.parametrize(
    ("cls", "field", "wording", "severity", "required"),
    [
        (SequenceFlow, "source_ref", "a flow node", Severity.ERROR, True),
        (MessageFlow, "target_ref", "a participant, activity or event", Severity.ERROR, True),
        (Association, "source_ref", "an element of the map", Severity.WARNING, True),
        (DataInputAssociation, "source_ref", "a data element", Severity.WARNING, False),
        (BoundaryEvent, "attached_to_ref", "an activity", Severity.ERROR, True),
        (UserTask, "default", "a sequence flow", Severity.ERROR, False),
        (StartEvent, "outgoing", "a sequence flow", Severity.WARNING, False),
    ],
)
def test_reference(cls: type[Element], field: str, wording: str, severity: Severity, required: bool) -> None:
    found = reference(cls, field)
    assert found is not None
    assert (found.wording, found.severity, found.required) == (wording, severity, required)


def test_other_fields_are_no_references() -> None:
    assert [reference(SequenceFlow, name) for name in ("id", "name", "condition_expression")] == [None, None, None]
