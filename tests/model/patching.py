"""The changes of one map applied to another, on a form of maps of its own: records by id, as an embedder would apply them.

Only for maps in which every element that is told on its own has an id of its own.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, fields
from typing import Any

import bpmnmap.model as m
from bpmnmap.model.changes import Insert, Move, Place, Remove, Update
from bpmnmap.model.differences import Differences

_HOLDING = {"artifacts", "child_lane_set", "diagrams", "elements", "flow_elements", "lane_sets", "lanes", "plane", "root_elements"}
_CLASSES = {cls.kind: cls for name in m.__all__ if isinstance(cls := getattr(m, name), type) and issubclass(cls, m.Element)}
_STEP = re.compile(r"(\w+)(?:\[(.+?)\])?(?:\.|$)")


@dataclass
class Record:
    """One element without those in it."""

    parent: str | None
    field: str
    values: dict[str, Any]


@dataclass
class Records:
    """A map: its elements by id, and the ids of those whose order says something, by parent and sort."""

    elements: dict[str, Record]
    orders: dict[tuple[str, str], list[str]]

    @classmethod
    def of(cls, definitions: m.Definitions) -> Records:
        found = cls({}, {})
        found.take(definitions, None, "")
        return found

    def take(self, element: m.Element, parent: str | None, field: str) -> None:
        assert element.id is not None
        assert element.id not in self.elements
        self.elements[element.id] = Record(parent, field, plain(element))
        if parent is not None and (sort := _sort(element.kind, field)):
            self.orders.setdefault((parent, sort), []).append(element.id)
        for name in sorted(_HOLDING):
            value = getattr(element, name, None) or ()
            for child in value if isinstance(value, tuple) else (value,):
                self.take(child, element.id, name)


def plain(value: Any) -> Any:
    """A value as dictionaries and lists; what is as by default is left out, and so are the elements that are records."""
    if isinstance(value, m.Element):
        known = {name: getattr(value, name) for name in _defaults(value.kind) if name not in _HOLDING}
        said = {name: plain(item) for name, item in known.items() if item != _defaults(value.kind)[name]}
        if "extension_attributes" in said:
            said["extension_attributes"] = dict(value.extension_attributes)
        return {"kind": value.kind, **said}
    if isinstance(value, m.XmlElement):
        return [value.name, sorted(value.attributes), value.text, plain(value.children), value.tail]
    return [plain(item) for item in value] if isinstance(value, tuple) else value


def _defaults(kind: str) -> dict[str, Any]:
    return {f.name: f.default for f in fields(_CLASSES[kind]) if f.compare and not f.name.startswith("_")}


def _sort(kind: str, field: str) -> str:
    if field == "flow_elements":
        return "nodes" if issubclass(_CLASSES[kind], m.FlowNode) else "flows" if kind == "sequenceFlow" else ""
    return field if field in ("lane_sets", "lanes") else ""


def patched(old: Records, differences: Differences) -> Records:
    """A map after its changes."""
    elements = deepcopy(old.elements)
    set_down: dict[str, Place] = {}
    new_ids: dict[str, str] = {}
    for change in differences:
        if isinstance(change, Update):
            new_ids |= {each.old: each.new for each in change.changes if each.field == "id"}  # type: ignore[misc]
    gone = {change.element.id for change in differences if isinstance(change, Remove)}
    elements = {new_ids.get(name, name): record for name, record in elements.items() if name not in gone}
    for record in elements.values():
        record.parent = new_ids.get(record.parent or "", record.parent)
    for change in differences:
        name = change.element.id
        assert name is not None
        if isinstance(change, (Insert, Move)):
            place = change.place if isinstance(change, Insert) else change.new
            values = plain(change.value) if isinstance(change, Insert) else elements[name].values
            assert isinstance(change, Move) or name not in elements
            elements[name] = Record(place.parent.id, place.field, values)
            set_down[name] = place
    for change in differences:
        if isinstance(change, Update):
            _update(elements[change.element.id or ""].values, change)
    for record in elements.values():
        _prune(record.values)
    orders: dict[tuple[str, str], list[str]] = {}
    staying = {
        (new_ids.get(parent, parent), sort): [new_ids.get(name, name) for name in names if name not in gone]
        for (parent, sort), names in old.orders.items()
        if parent not in gone
    }
    for name, record in elements.items():
        if record.parent is not None and (sort := _sort(record.values["kind"], record.field)):
            orders.setdefault((record.parent, sort), []).append(name)
    for key, names in orders.items():
        rest = [name for name in staying.get(key, []) if name in names and name not in set_down]
        for name in sorted(set(names) & set(set_down), key=lambda name: set_down[name].index or 0):
            rest.insert(set_down[name].index or 0, name)
        orders[key] = rest
    return Records(elements, orders)


def _update(values: dict[str, Any], change: Update) -> None:
    kind = next((each.new for each in change.changes if each.field == "kind"), None)
    if isinstance(kind, str):  # other defaults apply now, and what stays must be said
        values.update(
            {
                name: plain(value)
                for name, value in _defaults(values["kind"]).items()
                if name in _defaults(kind) and name not in values and value != ()
            }
        )
        values["kind"] = kind
    for each in change.changes:
        _set(values, each.field, each.new)


def _set(values: dict[str, Any], path: str, new: Any) -> None:
    step = _STEP.match(path)
    assert step is not None
    name, key, rest = step[1], step[2], path[step.end() :]
    default = _defaults(values["kind"]).get(name)
    if name == "extension_attributes":
        values.setdefault(name, {})[key] = new
    elif isinstance(default, tuple) and not isinstance(new, tuple) and (new is not None or name in values):
        items, place = values.setdefault(name, []), int(key or 0)
        if rest:
            _set(items[place], rest, new)
        else:
            items[place : place + 1] = [plain(new)]
    elif rest:
        _set(values[name], rest, new)
    else:
        values[name] = None if new == default else plain(new)


def _prune(values: Any) -> None:
    """Take out what is gone, or as by default."""
    if isinstance(values, dict):
        known = _defaults(values["kind"]) if "kind" in values else {}
        for name, value in list(values.items()):
            _prune(value)
            if value is None or value in ([], {}) or (name in known and value == plain(known[name])):
                del values[name]
    elif isinstance(values, list):
        values[:] = [value for value in values if value is not None]
        for value in values:
            _prune(value)
