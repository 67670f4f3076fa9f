"""A map as a tree of the elements that are told on their own; their parts (documentation, expressions, …) belong to them."""

from __future__ import annotations

from dataclasses import fields

from bpmnmap.model.activities import ComplexBehaviorDefinition, LoopCharacteristics, Rendering
from bpmnmap.model.collaboration import CorrelationPropertyBinding, CorrelationPropertyRetrievalExpression, ParticipantMultiplicity
from bpmnmap.model.data import Assignment, DataState
from bpmnmap.model.definitions import Definitions
from bpmnmap.model.diagram import Bounds, BPMNDiagram, BPMNLabel, BPMNLabelStyle, DiagramElement, Font, Waypoint
from bpmnmap.model.elements import (
    Auditing,
    Documentation,
    Element,
    Expression,
    FlowNode,
    FormalExpression,
    Monitoring,
    SequenceFlow,
    fields_with_elements,
)
from bpmnmap.model.events import EventDefinition
from bpmnmap.model.resources import ResourceAssignmentExpression, ResourceParameterBinding

DRAWING = (DiagramElement, BPMNDiagram, BPMNLabelStyle)
"""Classes of the nodes that are the drawing."""
_PARTS = (
    *(Assignment, Auditing, Bounds, BPMNLabel, ComplexBehaviorDefinition, CorrelationPropertyBinding, DataState, Documentation),
    *(CorrelationPropertyRetrievalExpression, EventDefinition, Expression, Font, LoopCharacteristics, Monitoring),
    *(ParticipantMultiplicity, Rendering, ResourceAssignmentExpression, ResourceParameterBinding, Waypoint),
)
_PART_NAMES = frozenset({*(cls.__name__ for cls in _PARTS), FormalExpression.__name__})
_FIELDS: dict[type, tuple[str, ...]] = {}
_IS_PART: dict[type, bool] = {}
_ORDERED = frozenset({"lane_sets", "lanes", "message_flows", "resources"})


class Node:
    """An element of a map that is told on its own.

    Attributes
    ----------
    parent, field
        The node that holds it, and in which field; None and "" for the map itself.
    sort, index
        The siblings whose order says something, "" if there are none, and the place among them.
    children
        In document order.
    said
        What the element says by itself, once somebody has asked.
    partner, pair
        The node of the other map that is the same element, and a number that both share; None if there is none.
    """

    __slots__ = ("children", "element", "field", "index", "pair", "parent", "partner", "said", "sort")

    def __init__(self, element: Element, parent: Node | None, field: str) -> None:
        self.element = element
        self.parent = parent
        self.field = field
        self.sort = _sort(element, field)
        self.index = 0
        self.children: list[Node] = []
        self.partner: Node | None = None
        self.pair: int | None = None
        self.said: tuple[object, ...] | None = None

    @property
    def is_drawing(self) -> bool:
        """Whether it is part of the drawing."""
        return isinstance(self.element, DRAWING)


def nodes(definitions: Definitions) -> list[Node]:
    """The nodes of a map, in document order; the map itself first.

    Examples
    --------
    >>> from bpmnmap.model import Process, Task
    >>> [node.element.kind for node in nodes(Definitions(root_elements=(Process(id="p", flow_elements=(Task(id="t"),)),)))]
    ['definitions', 'process', 'task']
    """
    found: list[Node] = []
    pending = [Node(definitions, None, "")]
    while pending:
        node = pending.pop()
        found.append(node)
        node.children = _children(node)
        pending.extend(reversed(node.children))
    return found


def _children(node: Node) -> list[Node]:
    found: list[Node] = []
    sizes: dict[str, int] = {}
    for name in _fields_with_nodes(type(node.element)):
        value: object = getattr(node.element, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Element) and not is_part(item, node.element):
                child = Node(item, node, name)
                child.index = sizes.get(child.sort, 0)
                sizes[child.sort] = child.index + 1
                found.append(child)
    # As `Element.children`: by line, where all have one.
    if len(found) > 1 and all(child.element.line is not None for child in found):
        found.sort(key=_line)
    return found


def _fields_with_nodes(cls: type[Element]) -> tuple[str, ...]:
    """The fields with elements that are not parts by their declaration: a few of many."""
    if cls not in _FIELDS:
        annotations = {f.name: str(f.type).removeprefix("tuple[").partition(",")[0].partition(" ")[0] for f in fields(cls)}
        _FIELDS[cls] = tuple(name for name in fields_with_elements(cls) if annotations[name] not in _PART_NAMES)
    return _FIELDS[cls]


def items(element: Element, field: str) -> tuple[object, ...]:
    """What a field holds: one or several."""
    value: object = getattr(element, field)
    return value if isinstance(value, tuple) else () if value is None else (value,)


def is_part(element: Element, owner: Element) -> bool:
    """Whether an element is told as part of the one that holds it."""
    cls = type(element)
    return is_of_part_class(cls) and not (type(owner) is Definitions and issubclass(cls, EventDefinition))


def is_of_part_class(cls: type[Element]) -> bool:
    """Whether elements of a class are parts of those that hold them."""
    if cls not in _IS_PART:
        _IS_PART[cls] = issubclass(cls, _PARTS)
    return _IS_PART[cls]


def _line(node: Node) -> int:
    return node.element.line or 0


def _sort(element: Element, field: str) -> str:
    """The siblings among which document order says something: it decides ties, and which of two lanes counts."""
    if field == "flow_elements":
        return "flow_nodes" if isinstance(element, FlowNode) else "sequence_flows" if isinstance(element, SequenceFlow) else ""
    return field if field in _ORDERED else ""
