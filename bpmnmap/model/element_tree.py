"""A map as a tree of the elements that are told on their own; their parts (documentation, expressions, …) belong to them."""

from __future__ import annotations

from functools import cache

from bpmnmap.model.activities import ComplexBehaviorDefinition, LoopCharacteristics, Rendering
from bpmnmap.model.collaboration import CorrelationPropertyBinding, CorrelationPropertyRetrievalExpression, ParticipantMultiplicity
from bpmnmap.model.data import Assignment, DataState
from bpmnmap.model.definitions import Definitions
from bpmnmap.model.diagram import BPMNDiagram, BPMNLabel, BPMNLabelStyle, Bounds, DiagramElement, Font, Waypoint
from bpmnmap.model.elements import Auditing, Documentation, Element, Expression, FlowNode, Monitoring, SequenceFlow, fields_with_elements
from bpmnmap.model.events import EventDefinition
from bpmnmap.model.resources import ResourceAssignmentExpression, ResourceParameterBinding

_PARTS = (
    *(Assignment, Auditing, Bounds, BPMNLabel, ComplexBehaviorDefinition, CorrelationPropertyBinding, DataState, Documentation),
    *(CorrelationPropertyRetrievalExpression, EventDefinition, Expression, Font, LoopCharacteristics, Monitoring),
    *(ParticipantMultiplicity, Rendering, ResourceAssignmentExpression, ResourceParameterBinding, Waypoint),
)
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
    partner, pair
        The node of the other map that is the same element, and a number that both share; None if there is none.
    """

    __slots__ = ("children", "element", "field", "index", "pair", "parent", "partner", "sort")

    def __init__(self, element: Element, parent: Node | None, field: str) -> None:
        self.element = element
        self.parent = parent
        self.field = field
        self.sort = _sort(element, field)
        self.index = 0
        self.children: list[Node] = []
        self.partner: Node | None = None
        self.pair: int | None = None

    @property
    def is_drawing(self) -> bool:
        """Whether it is part of the drawing."""
        return isinstance(self.element, (DiagramElement, BPMNDiagram, BPMNLabelStyle))


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
    for name in fields_with_elements(type(node.element)):
        for item in items(node.element, name):
            if isinstance(item, Element) and not is_part(item, node.element):
                child = Node(item, node, name)
                child.index = sizes.get(child.sort, 0)
                sizes[child.sort] = child.index + 1
                found.append(child)
    # As `Element.children`: by line, where all have one.
    if len(found) > 1 and all(child.element.line is not None for child in found):
        found.sort(key=_line)
    return found


def items(element: Element, field: str) -> tuple[object, ...]:
    """What a field holds: one or several."""
    value: object = getattr(element, field)
    return value if isinstance(value, tuple) else () if value is None else (value,)


def is_part(element: Element, owner: Element) -> bool:
    """Whether an element is told as part of the one that holds it."""
    cls = type(element)
    return is_of_part_class(cls) and not (type(owner) is Definitions and issubclass(cls, EventDefinition))


@cache
def is_of_part_class(cls: type[Element]) -> bool:
    """Whether elements of a class are parts of those that hold them."""
    return issubclass(cls, _PARTS)


def _line(node: Node) -> int:
    return node.element.line or 0


def _sort(element: Element, field: str) -> str:
    """The siblings among which document order says something: it decides ties, and which of two lanes counts."""
    if field == "flow_elements":
        return "flow_nodes" if isinstance(element, FlowNode) else "sequence_flows" if isinstance(element, SequenceFlow) else ""
    return field if field in _ORDERED else ""
