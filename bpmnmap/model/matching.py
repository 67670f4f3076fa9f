"""Which element of one map is which of another: by id; without one, by kind and place; with another id, where no doubt is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable

from bpmnmap.model.artifacts import Association
from bpmnmap.model.collaboration import MessageFlow
from bpmnmap.model.data import DataAssociation
from bpmnmap.model.diagram import BPMNDiagram, BPMNPlane
from bpmnmap.model.element_tree import Node
from bpmnmap.model.elements import FlowNode, SequenceFlow
from bpmnmap.model.field_values import own_references, own_values
from bpmnmap.model.resources import ResourceRole

_FAMILIES: tuple[type, ...] = (FlowNode, ResourceRole)
_CONNECTORS = (SequenceFlow, MessageFlow, Association, DataAssociation)
_MOST_ROUNDS = 20  # each goes over what has no partner yet; a new id needs one for each level that it stands below other new ids


def match(old: list[Node], new: list[Node]) -> tuple[Side, Side]:
    """Set the partners of the nodes of two maps; return both maps, ready to be asked what a reference names.

    Each rule treats both maps alike, so that either order of the maps gives the same pairs.
    """
    matching = _Matching(old, new)
    matching.run()
    return matching.sides


class Side:
    """One of the two maps: what its references name, and which sequence flows meet at a node."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.named: dict[str, Node] = {}
        self.sources: defaultdict[str | None, list[str | None]] = defaultdict(list)
        self.targets: defaultdict[str | None, list[str | None]] = defaultdict(list)
        for node in nodes:
            element = node.element
            if element.id is not None:
                self.named.setdefault(element.id, node)
            if isinstance(element, SequenceFlow):
                self.sources[element.target_ref].append(element.source_ref)
                self.targets[element.source_ref].append(element.target_ref)

    def pairs(self, references: Iterable[str | None]) -> tuple[int, ...] | None:
        """The pairs that references name; None if one names an element without a partner, or no element."""
        found = []
        for name in references:
            node = None if name is None else self.named.get(name)
            if node is None or node.pair is None:
                return None
            found.append(node.pair)
        return tuple(found)

    def unmatched(self, *, is_drawing: bool) -> list[Node]:
        """The nodes without partner whose parents have one."""
        return [
            node
            for node in self.nodes
            if node.pair is None and node.parent is not None and node.parent.pair is not None and node.is_drawing == is_drawing
        ]


class _Matching:
    def __init__(self, old: list[Node], new: list[Node]) -> None:
        self.sides = (Side(old), Side(new))
        self.size = 0
        self.fresh: list[Node] = []

    def run(self) -> None:
        self.pair(self.sides[0].nodes[0], self.sides[1].nodes[0])
        self.in_order(_by_id, is_drawing=False)
        self.below(is_drawing=False)
        # A shape is what it draws: many tools number shapes anew with each export.
        for key in (_by_id_of_diagram, _by_diagram, _by_kind_of_diagram, _by_plane, _by_drawn_element_in_place, _by_drawn_element, _by_id):
            self.in_order(key, is_drawing=True)
        self.below(is_drawing=True)

    def pair(self, old: Node, new: Node) -> None:
        old.partner, new.partner = new, old
        old.pair = new.pair = self.size
        self.size += 1
        self.fresh.append(old)

    def below(self, *, is_drawing: bool) -> None:
        """Match elements without id, and elements with new ids, from the top down."""
        self.fresh = [node for node in self.sides[0].nodes if node.pair is not None]
        for _ in range(_MOST_ROUNDS):
            before = self.size
            while self.fresh:
                self.by_place(self.fresh.pop(), is_drawing=is_drawing)
            self.by_content(*[side.unmatched(is_drawing=is_drawing) for side in self.sides])
            if self.size == before:
                return

    def in_order(self, key: Callable[[Side, Node], Hashable | None], *, is_drawing: bool) -> None:
        """Match the nodes that share a key, the first with the first, the second with the second."""
        sides = [[node for node in side.nodes if node.pair is None and node.is_drawing == is_drawing] for side in self.sides]
        old, new = (self.groups(side, nodes, key) for side, nodes in zip(self.sides, sides, strict=True))
        for found, group in old.items():
            for first, second in zip(group, new.get(found, ()), strict=False):
                self.pair(first, second)

    def groups(self, side: Side, nodes: list[Node], key: Callable[[Side, Node], Hashable | None]) -> dict[Hashable, list[Node]]:
        found: defaultdict[Hashable, list[Node]] = defaultdict(list)
        for node in nodes:
            value = key(side, node)
            if value is not None:
                found[value].append(node)
        return found

    def by_place(self, parent: Node, *, is_drawing: bool) -> None:
        """Match the children without id that stand in the same place; equal ones at both ends first."""
        assert parent.partner is not None
        old, new = (_without_id(node, is_drawing=is_drawing) for node in (parent, parent.partner))
        for key, group in old.items():
            other = new.get(key, [])
            end = 0 if len(group) == len(other) else _common_end(group, other)
            pairs = [*zip(group[: len(group) - end], other[: len(other) - end], strict=False)]
            pairs += zip(group[len(group) - end :], other[len(other) - end :], strict=True)
            for first, second in pairs:
                self.pair(first, second)

    def by_content(self, old: list[Node], new: list[Node]) -> None:
        """Match elements that are equal but for their ids, where only one of either map can be meant."""
        groups = [self.groups(side, nodes, _by_content) for side, nodes in zip(self.sides, (old, new), strict=True)]
        for key, group in groups[0].items():
            other = groups[1].get(key, [])
            if len(group) == len(other) == 1:
                self.pair(group[0], other[0])


def _by_id(side: Side, node: Node) -> Hashable | None:
    del side  # the keys of all rules are asked for alike
    element = node.element
    if element.id is None:
        return None
    family = next((family for family in _FAMILIES if isinstance(element, family)), type(element))
    return (element.id, family.__name__)


def _by_diagram(side: Side, node: Node) -> Hashable | None:
    """A diagram, by what it shows."""
    return _by_drawn_element(side, node.children[0]) if isinstance(node.element, BPMNDiagram) and node.children else None


def _by_id_of_diagram(side: Side, node: Node) -> Hashable | None:
    return _by_id(side, node) if isinstance(node.element, BPMNDiagram) else None


def _by_kind_of_diagram(side: Side, node: Node) -> Hashable | None:
    del side
    return "diagram" if isinstance(node.element, BPMNDiagram) else None


def _by_plane(side: Side, node: Node) -> Hashable | None:
    del side
    return node.parent.pair if isinstance(node.element, BPMNPlane) and node.parent is not None else None


def _by_drawn_element_in_place(side: Side, node: Node) -> Hashable | None:
    """A shape or edge, by what it draws, within its plane."""
    drawn = _by_drawn_element(side, node)
    return None if drawn is None or node.parent is None or node.parent.pair is None else (node.parent.pair, drawn)


def _by_drawn_element(side: Side, node: Node) -> Hashable | None:
    name = getattr(node.element, "bpmn_element", None)
    drawn = side.named.get(name) if isinstance(name, str) else None
    return None if drawn is None or drawn.pair is None else (type(node.element).__name__, drawn.pair)


def _without_id(parent: Node, *, is_drawing: bool) -> dict[tuple[str, type], list[Node]]:
    """Children that have neither an id nor, so far, a partner, by field and class."""
    found: defaultdict[tuple[str, type], list[Node]] = defaultdict(list)
    for child in parent.children:
        if child.element.id is None and child.pair is None and child.is_drawing == is_drawing:
            found[child.field, type(child.element)].append(child)
    return found


def _common_end(old: list[Node], new: list[Node]) -> int:
    """How many nodes two lists end with in common, those apart that they begin with in common."""
    most = min(len(old), len(new))
    start = next((place for place in range(most) if not _is_alike(old[place], new[place])), most)
    return next((place for place in range(most - start) if not _is_alike(old[~place], new[~place])), most - start)


def _is_alike(old: Node, new: Node) -> bool:
    return _said(old) == _said(new) and own_references(old.element) == own_references(new.element)


def _by_content(side: Side, node: Node) -> Hashable | None:
    element = node.element
    if node.parent is None:
        return None
    if isinstance(element, _CONNECTORS):
        found = _ends(side, element)
    elif isinstance(element, FlowNode) and not element.name:  # only what it stands between tells one such from another
        found = _neighbors(side, element)
    else:
        found = ()
    return None if found is None else (type(element).__name__, node.parent.pair, node.field, found, _said(node))


def _said(node: Node) -> Hashable:
    if node.said is None:
        node.said = own_values(node.element)
    return node.said


def _ends(side: Side, element: SequenceFlow | MessageFlow | Association | DataAssociation) -> Hashable | None:
    sources = element.source_ref if isinstance(element.source_ref, tuple) else (element.source_ref,)
    return side.pairs((*sources, element.target_ref))


def _neighbors(side: Side, element: FlowNode) -> Hashable | None:
    sources, targets = side.pairs(side.sources[element.id]), side.pairs(side.targets[element.id])
    if sources is None or targets is None or not (sources or targets):
        return None
    return (tuple(sorted(sources)), tuple(sorted(targets)))
