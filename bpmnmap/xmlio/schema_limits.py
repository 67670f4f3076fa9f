"""What the schema of BPMN 2.0 lets stand nowhere although the model can hold it, as some files do: written only where a file has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from bpmnmap.model import (
    Bounds,
    BPMNDiagram,
    BPMNLabel,
    BPMNLabelStyle,
    BPMNPlane,
    Definitions,
    Documentation,
    Element,
    Extension,
    Font,
    Import,
    ResourceRole,
    TimerEventDefinition,
    Waypoint,
    XmlElement,
)
from bpmnmap.xmlio.escaping import unwritable
from bpmnmap.xmlio.vocabulary import DI, DRAWN, MODEL, XSI

WITHOUT_ID = (Bounds, Extension, Font, Import, Waypoint)
"""Classes whose elements have no id."""
WITHOUT_FOREIGN_ATTRIBUTES = (*WITHOUT_ID, BPMNDiagram, BPMNLabelStyle, Documentation)
"""Classes whose elements have the attributes of the schema and no other."""
NOT_IN: dict[tuple[type[Element], str], tuple[tuple[type[Element | XmlElement], ...], str, str]] = {
    (Definitions, "documentation"): ((Documentation,), "BPMN 2.0 gives it no documentation", "document a process or collaboration in it"),
    (Definitions, "extension_elements"): ((XmlElement,), "BPMN 2.0 gives it no extension elements", "add them to an element in it"),
    (BPMNPlane, "elements"): ((BPMNLabel, BPMNPlane), "BPMN 2.0 lets it hold shapes and edges only", "put labels into those"),
}
"""What does not belong in a field of a class, and what is said of it."""
CHOICES: dict[type[Element], tuple[tuple[str, ...], ...]] = {
    TimerEventDefinition: (("time_date",), ("time_duration",), ("time_cycle",)),
    ResourceRole: (("resource_ref", "resource_parameter_bindings"), ("resource_assignment_expression",)),
}
"""Groups of fields of which one may be given."""


class Surplus(NamedTuple):
    """What the schema does not allow of an element, and how to mend it."""

    message: str
    fix: str


def refuse_surplus(element: Element, is_known: Callable[[str], bool]) -> None:
    """Refuse an element of which the schema does not allow all.

    Parameters
    ----------
    element
        The element itself; what stands in it is not looked into.
    is_known
        Whether the file that is edited has such a thing already, by its `fault`.

    Raises
    ------
    MapError
        The schema does not allow all of it, and the file has nothing like it.
    """
    for message, fix in surplus(element):
        if not is_known(fault(element, message)):
            raise unwritable(message, element.kind, element.id, fix)


def fault(element: Element, message: str) -> str:
    """What a fault is known by: elements of one kind have it in common."""
    return f"{element.kind}: {message}"


def surplus(element: Element) -> Iterator[Surplus]:
    """All that the schema does not allow of an element."""
    if element.id is not None and isinstance(element, WITHOUT_ID):
        yield Surplus("BPMN 2.0 gives it no id", "leave the id out")
    if element.extension_attributes:
        yield from _attributes(element)
    for other in element.other_elements:
        fix = "move it to where BPMN 2.0 allows it; what is a vendor's, into extension_elements"
        yield Surplus(f"'{other.kind}' does not belong in it", fix)
    for item in getattr(element, "extension_elements", ()):
        if item.namespace in ("", DI if type(element) in DRAWN else MODEL):
            message = f"the extension element '{item.kind}' is in no namespace of its own"
            yield Surplus(message, f"name it '{{NAMESPACE}}{item.kind}', with a namespace of yours")
    for (cls, field), (classes, message, fix) in NOT_IN.items():
        if isinstance(element, cls) and any(isinstance(each, classes) for each in getattr(element, field)):
            yield Surplus(message, fix)
    if isinstance(element, Documentation) and len(element.content) > 1:
        yield Surplus("BPMN 2.0 lets it hold one element, not several", "put one element around them")
    yield from _choices(element)


def _attributes(element: Element) -> Iterator[Surplus]:
    own = DI if type(element) in DRAWN else MODEL
    for name, _ in element.extension_attributes:
        namespace = name[1:].rpartition("}")[0] if name.startswith("{") else ""
        if namespace == XSI:
            continue
        local = name.rpartition("}")[2]
        if isinstance(element, WITHOUT_FOREIGN_ATTRIBUTES):
            yield Surplus(f"BPMN 2.0 gives it no attribute '{local}'", "leave it out, or set it on the element around")
        elif namespace in ("", own):
            yield Surplus(
                f"the attribute '{local}' is in no namespace of its own", f"name it '{{NAMESPACE}}{local}', with a namespace of yours"
            )


def _choices(element: Element) -> Iterator[Surplus]:
    for cls, groups in CHOICES.items():
        if isinstance(element, cls):
            given = [group[0] for group in groups if any(getattr(element, field) not in (None, ()) for field in group)]
            if len(given) > 1:
                yield Surplus(f"it can have {' or '.join(given)}, not both", "set one of them to None")
