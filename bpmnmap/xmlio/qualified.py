"""Values that are names with a prefix, as ``xsd:string``: which fields hold them."""

from __future__ import annotations

from collections.abc import Iterator

import bpmnmap.model as model
from bpmnmap.model.elements import Element
from bpmnmap.xmlio.vocabulary import GRAMMARS, Attribute, Child

QUALIFIED = frozenset(
    {
        (model.CorrelationProperty, "type"),
        (model.Error, "structure_ref"),
        (model.Escalation, "structure_ref"),
        (model.Extension, "definition"),
        (model.FormalExpression, "evaluates_to_type_ref"),
        (model.Interface, "implementation_ref"),
        (model.ItemDefinition, "structure_ref"),
        (model.LinkEventDefinition, "source"),
        (model.LinkEventDefinition, "target"),
        (model.Operation, "implementation_ref"),
        (model.Relationship, "source"),
        (model.Relationship, "target"),
        (model.ResourceParameter, "type"),
        (model.Signal, "structure_ref"),
    }
)
"""Fields with such a value that name no element of the map, beside all references."""


def is_qualified(cls: type[Element], field: str, form: str) -> bool:
    """Return whether a field holds a name that may have a prefix.

    Examples
    --------
    >>> is_qualified(model.ItemDefinition, "structure_ref", "text"), is_qualified(model.Task, "name", "text")
    (True, False)
    """
    return form == "reference" or (cls, field) in QUALIFIED


def prefixed_values(element: Element) -> Iterator[str]:
    """The values of an element that are names with a prefix.

    Examples
    --------
    >>> list(prefixed_values(model.Error(structure_ref="xsd:string", name="a: b")))
    ['xsd:string']
    """
    for field in _fields(type(element)):
        found = getattr(element, field)
        for value in found if isinstance(found, tuple) else (found,):
            if isinstance(value, str) and ":" in value:
                yield value


def unknown_prefix(value: str) -> str:
    """What is said of a value whose prefix means nothing."""
    return f"the prefix '{value.partition(':')[0]}' of a name in it is that of no namespace"


def _fields(cls: type[Element]) -> tuple[str, ...]:
    if cls not in _FIELDS:
        rules = GRAMMARS[cls]
        slots: list[Attribute | Child] = [*rules.attributes.values(), *rules.children.values()]
        _FIELDS[cls] = tuple(slot.field for slot in slots if is_qualified(cls, slot.field, slot.form))
    return _FIELDS[cls]


_FIELDS: dict[type[Element], tuple[str, ...]] = {}
