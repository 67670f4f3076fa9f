"""Edits of a map: the same map with an element changed, added or removed; all else stays the very same objects."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import NamedTuple, TypeVar

from bpmnmap.model.elements import Element, XmlElement, defaults, fields_with_elements

AnyElement = TypeVar("AnyElement", bound=Element)
_APART = frozenset({"line", "findings", "path"})
_TYPES: dict[str, tuple[type, ...]] = {"str": (str,), "bool": (bool,), "int": (int,), "float": (float, int)}


class Step(NamedTuple):
    """One step on the way down to an element: the parent, its field, and the place in the field's tuple (None if it is none)."""

    parent: Element
    field: str
    place: int | None


def changed(element: AnyElement, changes: dict[str, object]) -> AnyElement:
    """A copy of an element with other values in some fields.

    Raises
    ------
    TypeError
        The class has no such field, or the field takes values of another type.
    """
    known = {f.name: str(f.type) for f in fields(element) if f.name[0] != "_" and f.name not in _APART and f.type != "Source | None"}
    for name, value in changes.items():
        if name not in known:
            similar = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean '{similar[0]}'?" if similar else ""
            raise TypeError(f"{type(element).__name__} has no field '{name}'{hint}")
        _check_type(element, name, known[name], value)
    return copied(element, changes)


def copied(element: AnyElement, changes: dict[str, object]) -> AnyElement:
    """A copy of an element with other values in some fields, which are not checked."""
    new = type(element).__new__(type(element))
    new.__setstate__({**element.__getstate__(), **changes})
    return new


def _check_type(element: Element, name: str, annotation: str, value: object) -> None:
    wanted = annotation.removesuffix(" | None")
    if value is None and wanted != annotation:
        return
    types = (tuple,) if wanted.startswith("tuple[") else _TYPES.get(wanted, (Element, XmlElement))
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise TypeError(f"{name} of {element.kind} must be {annotation} (got {value!r})")


def path_to(root: Element, which: str | Element) -> list[Step]:
    """The steps from the root to the first element with an id, or to an element of the map; none if it is the root itself.

    Raises
    ------
    ValueError
        The map has no such element.
    """
    if root is which or (root.id is not None and root.id == which):
        return []
    steps: list[Step] = []
    pending = [iter(_steps(root))]
    while pending:
        step = next(pending[-1], None)
        if step is None:
            pending.pop()
            if steps:
                steps.pop()
            continue
        child = at(step)
        steps.append(step)
        if child is which or (isinstance(which, str) and child.id == which):
            return steps
        pending.append(iter(_steps(child)))
    raise ValueError(_not_there(root, which))


def _not_there(root: Element, which: str | Element) -> str:
    if isinstance(which, Element):
        return f"the {which.kind} '{which.id}' is no element of this map; name it by its id, or take it from this map"
    similar = difflib.get_close_matches(which, (each.id for each in root.walk() if each.id is not None), n=1)
    return f"no element has the id '{which}'" + (f"; did you mean '{similar[0]}'?" if similar else "")


def _steps(parent: Element) -> Iterator[Step]:
    for name in fields_with_elements(type(parent)):
        value = getattr(parent, name)
        if isinstance(value, Element):
            yield Step(parent, name, None)
        elif value:
            for place, item in enumerate(value):
                if isinstance(item, Element):
                    yield Step(parent, name, place)


def at(step: Step) -> Element:
    """The element that a step leads to."""
    value = getattr(step.parent, step.field)
    found = value if step.place is None else value[step.place]
    assert isinstance(found, Element)
    return found


def rebuilt(root: AnyElement, steps: list[Step], element: Element | None) -> AnyElement:
    """The root of a map in which an element stands (None: nothing stands) where some steps lead to."""
    new: Element | None = element
    for parent, field, place in reversed(steps):
        value: object = new
        if place is not None:
            old = getattr(parent, field)
            value = (*old[:place], *(() if new is None else (new,)), *old[place + 1 :])
        new = copied(parent, {field: value})
    assert isinstance(new, type(root))
    return new


def with_child(parent: AnyElement, child: Element | XmlElement, before: str | Element | XmlElement | None, field: str | None) -> AnyElement:
    """A copy of a parent that holds one child more.

    Raises
    ------
    ValueError
        The parent has no place for it, more than one, or one that is taken; or what shall come after it does not stand there.
    """
    name = field or _field_for(parent, child)
    old = getattr(parent, name)
    if not isinstance(old, tuple):
        if old is not None:
            raise ValueError(f"{parent.kind} '{parent.id}' has its {name} already; use replace")
        if before is not None:
            raise ValueError(f"{name} of {parent.kind} '{parent.id}' holds one element: nothing can come after it")
        return changed(parent, {name: child})
    place = len(old)
    if before is not None:
        found = (index for index, item in enumerate(old) if item is before or (item.id is not None and item.id == before))
        place = next(found, -1)
        if place < 0:
            named = before if isinstance(before, str) else before.id
            raise ValueError(f"'{named}' does not stand in {name} of {parent.kind} '{parent.id}'")
    return changed(parent, {name: (*old[:place], child, *old[place:])})


def _field_for(parent: Element, child: Element | XmlElement) -> str:
    if isinstance(child, XmlElement):
        return "content" if "content" in defaults(type(parent)) else "extension_elements"
    names = [base.__name__ for base in type(child).__mro__ if issubclass(base, Element)]
    found: dict[int, list[str]] = {}
    for f in fields(parent):
        inner = str(f.type).removesuffix(" | None").removeprefix("tuple[").removesuffix(", ...]")
        if inner in names and f.name != "other_elements":
            found.setdefault(names.index(inner), []).append(f.name)
    if not found:
        raise ValueError(f"a {parent.kind} takes no {child.kind}")
    nearest = found[min(found)]
    if len(nearest) > 1:
        raise ValueError(f"a {parent.kind} takes a {child.kind} as {' or '.join(nearest)}: say which with field=")
    return nearest[0]


def ids_in(elements: Iterable[Element]) -> set[str]:
    """The ids of elements and of all below them."""
    return {each.id for element in elements for each in element.walk() if each.id is not None}
