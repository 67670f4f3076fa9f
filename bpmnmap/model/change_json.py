"""Changes as JSON: keys and their order are stable (docs/reference/differences.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bpmnmap.model.changes import VERBS, Aspect, Change, Insert, LaneMove, Mention, Move, Place, Remove, Update
from bpmnmap.model.element_tree import is_part, items
from bpmnmap.model.elements import Element, XmlElement, compared_fields, defaults, fields_with_elements


def changes_json(changes: Sequence[Change], paths: tuple[str | None, str | None]) -> str:
    """JSON text; equal changes give equal bytes."""
    counts = {str(aspect): sum(change.aspect is aspect for change in changes) for aspect in Aspect}
    record = {
        "format": 1,
        "a": {"path": paths[0]},
        "b": {"path": paths[1]},
        "counts": counts,
        "changes": [_change(change) for change in changes],
    }
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)


def _change(change: Change) -> dict[str, Any]:
    place = {"path": change.location.path, "line": change.location.line}
    record = {"change": VERBS[type(change)], "aspect": str(change.aspect), **_mention(change.element), **place}
    match change:
        case Insert() | Remove():
            return {**record, "place": _place(change.place), "value": _element(change.value, told_apart=True)}
        case Move():
            return {**record, "old": _place(change.old), "new": _place(change.new)}
        case LaneMove():
            return {**record, "old": [_mention(lane) for lane in change.old], "new": [_mention(lane) for lane in change.new]}
        case Update():
            fields = [{"field": each.field, "old": _value(each.old), "new": _value(each.new)} for each in change.changes]
            return {**record, "fields": fields}


def _mention(element: Mention) -> dict[str, Any]:
    return {"kind": element.kind, "id": element.id, "name": element.name}


def _place(place: Place) -> dict[str, Any]:
    return {
        "parent": _mention(place.parent),
        "field": place.field,
        "index": place.index,
        "previous": None if place.previous is None else _mention(place.previous),
        "lanes": [_mention(lane) for lane in place.lanes],
    }


def _value(value: object) -> Any:  # noqa: ANN401 - JSON
    """A value: XML as name, attributes, text and children."""
    if isinstance(value, Element):
        return _element(value)
    if isinstance(value, XmlElement):
        children = [_value(child) for child in value.children]
        return {"name": value.name, "attributes": dict(value.attributes), "text": value.text, "children": children}
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    return value


def _element(element: Element, *, told_apart: bool = False) -> dict[str, Any]:
    """An element as its kind and what it says beside defaults; without what is told apart from it, if asked."""
    record: dict[str, Any] = {"kind": element.kind}
    for name in compared_fields(type(element)):
        value = getattr(element, name)
        if told_apart and name in fields_with_elements(type(element)):
            kept = tuple(item for item in items(element, name) if not isinstance(item, Element) or is_part(item, element))
            value = kept if isinstance(value, tuple) else next(iter(kept), None)
        if value is not defaults(type(element))[name] and value != defaults(type(element))[name]:
            record[name] = _value(value)
    return record
