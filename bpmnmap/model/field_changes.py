"""What two elements that are the same one say otherwise, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import cast

from bpmnmap.model.changes import Aspect, FieldChange, Value
from bpmnmap.model.definitions import Definitions
from bpmnmap.model.element_tree import DRAWING, Node, is_of_part_class, is_part, items
from bpmnmap.model.elements import Element, Expression, FlowNode, compared_fields, defaults, fields_with_elements
from bpmnmap.model.field_values import ECHOES, is_same_text, normal_value
from bpmnmap.model.matching import Side
from bpmnmap.model.references import reference

Found = Iterator[tuple[Aspect, FieldChange]]


class FieldComparison:
    """Compares elements of two maps whose nodes are matched.

    Parameters
    ----------
    old, new
        The maps.
    """

    def __init__(self, old: Side, new: Side) -> None:
        self._old = old
        self._new = new

    def changes(self, node: Node) -> dict[Aspect, list[FieldChange]]:
        """What a node of the new map says otherwise than its partner, by aspect."""
        found: dict[Aspect, list[FieldChange]] = {}
        if node.partner is not None:
            for aspect, change in self._element(node.partner.element, node.element, ""):
                told = Aspect.LAYOUT if aspect is Aspect.MEANING and node.is_drawing else aspect
                found.setdefault(told, []).append(change)
        return found

    def _element(self, old: Element, new: Element, path: str) -> Found:
        if type(old) is type(new):
            for name, holds_elements in _plan(type(old)):
                before, after = getattr(old, name), getattr(new, name)
                if before is not after and (holds_elements or before != after):
                    yield from self._field(name, (old, new), (before, after), path)
            return
        yield Aspect.MEANING, FieldChange(f"{path}kind", old.kind, new.kind)
        known = (defaults(type(old)), defaults(type(new)))
        for name in dict.fromkeys((*compared_fields(type(old)), *compared_fields(type(new)))):
            before, after = getattr(old, name, None), getattr(new, name, None)
            is_default = all(value == default.get(name) for value, default in zip((before, after), known, strict=True))
            if not is_default:
                yield from self._field(name, (old, new), (before, after), path)
            elif before != after and all(name in default for default in known):  # one class's default for the other's says nothing
                yield Aspect.INCIDENTAL, FieldChange(f"{path}{name}", before, after)

    def _field(self, name: str, owners: tuple[Element, Element], values: tuple[object, object], path: str) -> Found:
        old, new = values
        if name == "extension_attributes":
            yield from _attributes(cast(Sequence[tuple[str, str]], old or ()), cast(Sequence[tuple[str, str]], new or ()), path)
        elif any(name in fields_with_elements(type(owner)) for owner in owners):
            is_several = isinstance(old, tuple) or isinstance(new, tuple)
            yield from self._parts(_parts(owners[0], name, path), _parts(owners[1], name, path), f"{path}{name}", is_several=is_several)
        elif normal_value(old) != normal_value(new):
            yield self._aspect(name, owners, values), FieldChange(f"{path}{name}", cast(Value, old), cast(Value, new))

    def _parts(self, old: list[object], new: list[object], path: str, *, is_several: bool) -> Found:
        if path == "waypoints":
            if old != new:
                yield Aspect.LAYOUT, FieldChange(path, tuple(old), tuple(new))
            return
        is_numbered = is_several and max(len(old), len(new)) > 1
        for place, (before, after) in enumerate(zip_longest(old, new)):
            here = f"{path}[{place}]" if is_numbered else path
            if isinstance(before, Element) and isinstance(after, Element) and _is_same_part(before, after):
                yield from self._element(before, after, f"{here}.")
            elif before != after and normal_value(before) != normal_value(after):
                yield Aspect.MEANING, FieldChange(here, cast(Value, before), cast(Value, after))

    def _aspect(self, name: str, owners: tuple[Element, Element], values: tuple[object, object]) -> Aspect:
        old, new = values
        if name in ECHOES or (name == "id" and all(_is_never_named(owner) for owner in owners)):
            return Aspect.INCIDENTAL
        if name == "flow_node_refs":
            is_echo = self._others(self._old, old) == self._others(self._new, new)
        elif reference(type(owners[1]), name) is not None:
            is_echo = self._follows(old, new)
        else:
            is_echo = isinstance(old, str) and isinstance(new, str) and is_same_text(name, old, new)
        return Aspect.INCIDENTAL if is_echo else Aspect.MEANING

    def _others(self, side: Side, refs: object) -> set[str]:
        """What a lane names that is no flow node: of flow nodes, the lanes are told with themselves."""
        named = {name: side.named.get(name) for name in cast(tuple[str, ...], refs or ())}
        return {name for name, node in named.items() if node is None or not isinstance(node.element, FlowNode)}

    def _follows(self, old: object, new: object) -> bool:
        """Whether references name the same elements as before, which have new ids."""
        before, after = (value if isinstance(value, tuple) else (value,) for value in (old, new))
        pairs = self._old.pairs(before)
        return pairs is not None and pairs == self._new.pairs(after)


_PLANS: dict[type, tuple[tuple[str, bool], ...]] = {}


def _plan(cls: type[Element]) -> tuple[tuple[str, bool], ...]:
    """The compared fields of a class, and whether each may hold elements: those, only a look at them can compare."""
    if cls not in _PLANS:
        _PLANS[cls] = tuple((name, name in fields_with_elements(cls)) for name in compared_fields(cls))
    return _PLANS[cls]


def _parts(owner: Element, name: str, path: str) -> list[object]:
    """What a field holds that is told with its owner; in a part, all is."""
    found = items(owner, name) if name in fields_with_elements(type(owner)) else ()
    return [item for item in found if path or not isinstance(item, Element) or is_part(item, owner)]


def _is_same_part(old: Element, new: Element) -> bool:
    return type(old) is type(new) or (isinstance(old, Expression) and isinstance(new, Expression))


def _is_never_named(element: Element) -> bool:
    """Whether nothing but the drawing can name an element: its id serves nobody."""
    return isinstance(element, (Definitions, *DRAWING)) or is_of_part_class(type(element))


def _attributes(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]], path: str) -> Found:
    before, after = dict(old), dict(new)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield Aspect.MEANING, FieldChange(f"{path}extension_attributes[{name}]", before.get(name), after.get(name))
