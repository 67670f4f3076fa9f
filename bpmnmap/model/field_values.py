"""Values of fields in a normal form: what two ways of writing the same map have in common."""

from __future__ import annotations

from bpmnmap.model.element_tree import is_part, items
from bpmnmap.model.elements import Element, XmlElement, compared_fields, defaults, fields_with_elements
from bpmnmap.model.references import reference

NormalValue = object
ECHOES = frozenset({"exporter", "exporter_version", "incoming", "outgoing"})
"""Fields that say nothing of their own."""
_RUNNING_TEXTS = frozenset({"name", "text"})
_OWN: dict[type, tuple[tuple[str, ...], tuple[str, ...]]] = {}


def normal_value(value: object) -> NormalValue:
    """A hashable value in which the order of XML attributes plays no part."""
    if isinstance(value, XmlElement):
        children = tuple([normal_value(child) for child in value.children])
        return (value.name, tuple(sorted(value.attributes)), value.text, children, value.tail)
    if isinstance(value, tuple):
        return tuple([normal_value(item) for item in value])
    if isinstance(value, Element):
        names = compared_fields(type(value))
        return (type(value).__name__, *[normal_value(_sorted(name, getattr(value, name))) for name in names])
    return value


def _sorted(name: str, value: object) -> object:
    return tuple(sorted(value)) if name == "extension_attributes" and isinstance(value, tuple) else value


def is_same_text(name: str, old: str, new: str) -> bool:
    r"""Whether two texts differ in white space only, where that says nothing.

    Examples
    --------
    >>> is_same_text("name", "Sign\npermit", "Sign permit"), is_same_text("script", "a  b", "a b")
    (True, False)
    """
    if name in _RUNNING_TEXTS:
        return old.split() == new.split()
    return name == "body" and old.strip() == new.strip()


def own_values(element: Element) -> tuple[NormalValue, ...]:
    """What an element says by itself: not its id, not what it refers to, not the elements in it that are told on their own."""
    cls = type(element)
    values: list[object] = []
    for name in _own_fields(cls)[0]:
        value: object = getattr(element, name)
        if value is not defaults(cls)[name]:
            if name in fields_with_elements(cls):
                value = tuple(item for item in items(element, name) if not isinstance(item, Element) or is_part(item, element))
            elif name in _RUNNING_TEXTS and isinstance(value, str):
                value = " ".join(value.split())
            if value != defaults(cls)[name]:
                values.append((name, normal_value(_sorted(name, value))))
    return tuple(values)


def own_references(element: Element) -> tuple[NormalValue, ...]:
    """What an element refers to."""
    return tuple([getattr(element, name) for name in _own_fields(type(element))[1]])


def _own_fields(cls: type[Element]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that say something by themselves, but for the id: those that are no references, and those that are."""
    if cls not in _OWN:
        names = [name for name in compared_fields(cls) if name != "id" and name not in ECHOES]
        references = tuple(name for name in names if reference(cls, name) is not None)
        _OWN[cls] = (tuple(name for name in names if name not in references), references)
    return _OWN[cls]
