"""Artifacts: remarks on a map that do not change how it runs (section 8.3.1), and categories."""

from __future__ import annotations

from bpmnmap.model.elements import BaseElement, RootElement, bpmn_element


@bpmn_element
class Artifact(BaseElement):
    """Base of all artifacts."""


@bpmn_element
class Association(Artifact):
    """A line between an artifact and what it is about; between an activity and its compensation handler too."""

    source_ref: str | None = None
    target_ref: str | None = None
    association_direction: str = "None"


@bpmn_element
class Group(Artifact):
    """A frame around elements of one category."""

    category_value_ref: str | None = None


@bpmn_element
class TextAnnotation(Artifact):
    """A remark."""

    text: str = ""
    text_format: str = "text/plain"


@bpmn_element
class CategoryValue(BaseElement):
    """One value of a category."""

    value: str | None = None


@bpmn_element
class Category(RootElement):
    """A way in which the user groups elements."""

    name: str | None = None
    category_values: tuple[CategoryValue, ...] = ()
