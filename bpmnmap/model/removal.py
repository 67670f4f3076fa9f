"""Removal of elements together with all that names them."""

from __future__ import annotations

from dataclasses import fields
from typing import TypeVar

from bpmnmap.model.artifacts import Association
from bpmnmap.model.diagram import BPMNEdge, BPMNPlane, BPMNShape
from bpmnmap.model.edits import copied
from bpmnmap.model.elements import Element, defaults, fields_with_elements
from bpmnmap.model.references import reference

AnyElement = TypeVar("AnyElement", bound=Element)


def without(root: AnyElement, removed: set[str]) -> AnyElement:
    """A map in which no element has one of some ids and nothing names them.

    What is nothing without the element that it names goes with it: flows and associations that begin or end there, events attached to
    it, its shapes and edges. Where the name is one of several, or may be missing, only the name goes.
    """
    while True:
        more = {each.id for each in root.walk() if each.id is not None and each.id not in removed and _is_lost(each, removed)}
        if not more:
            break
        removed = removed | more
    found = _pruned(root, removed)
    assert isinstance(found, type(root))
    return found


def _is_lost(element: Element, removed: set[str]) -> bool:
    """Return whether an element is nothing once some others are gone."""
    if isinstance(element, (BPMNShape, BPMNEdge)):
        return element.bpmn_element in removed
    for f in fields(element):
        target = reference(type(element), f.name)
        if target is None or not (target.required or isinstance(element, Association)):
            continue
        value = getattr(element, f.name)
        if value in removed if isinstance(value, str) else bool(value) and removed.issuperset(value):
            return True
    return False


def _pruned(element: Element, removed: set[str]) -> Element | None:
    if element.id in removed or _is_lost(element, removed):
        return None
    changes: dict[str, object] = {}
    for name in fields_with_elements(type(element)):
        value = getattr(element, name)
        if isinstance(value, Element):
            kept = _pruned(value, removed)
            if kept is not value:
                changes[name] = kept
        elif value:
            items = [_pruned(item, removed) if isinstance(item, Element) else item for item in value]
            new = tuple(item for item in items if item is not None)
            if len(new) != len(value) or any(a is not b for a, b in zip(new, value, strict=True)):
                changes[name] = new
    for name, default in defaults(type(element)).items():
        value = getattr(element, name)
        if not value or not isinstance(value, (str, tuple)) or reference(type(element), name) is None:
            continue
        if isinstance(value, str):
            if value in removed and not isinstance(element, BPMNPlane):  # a plane stays one of the whole map
                changes[name] = default
        elif any(item in removed for item in value):
            changes[name] = tuple(item for item in value if item not in removed)
    return copied(element, changes) if changes else element
