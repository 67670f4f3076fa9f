"""Differences: what changed between two maps, in terms of the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bpmnmap.findings import Location
from bpmnmap.model.change_json import changes_json
from bpmnmap.model.change_text import change_line, summary
from bpmnmap.model.changes import Aspect, Change, Insert, LaneMove, Mention, Move, Place, Remove, Update, mention
from bpmnmap.model.collection import collection_paused
from bpmnmap.model.definitions import Definitions
from bpmnmap.model.element_tree import Node, nodes
from bpmnmap.model.elements import FlowNode
from bpmnmap.model.field_changes import FieldComparison
from bpmnmap.model.matching import match
from bpmnmap.model.process import Lane
from bpmnmap.model.sibling_order import out_of_order


@dataclass(frozen=True, slots=True)
class Differences:
    """What changed between two maps; false if nothing did.

    Parameters
    ----------
    changes
        All changes, in document order of the second map; what is gone, at its place in the first.
    paths
        The files of the two maps.

    Examples
    --------
    >>> from bpmnmap.model import Process, Task
    >>> old = Definitions(root_elements=(Process(id="permit", flow_elements=(Task(id="Check", name="Check form"),)),))
    >>> new = Definitions(root_elements=(Process(id="permit", flow_elements=(Task(id="Check", name="Check"), Task(id="Sign"))),))
    >>> print(differences(old, new))
    <input>: change task 'Check' (Check): name 'Check form' → 'Check'
    <input>: insert task 'Sign' into process 'permit'
    2 differences in meaning: 1 insert, 1 change
    """

    changes: tuple[Change, ...]
    paths: tuple[str | None, str | None] = (None, None)

    def __len__(self) -> int:
        return len(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    @property
    def meaning(self) -> tuple[Change, ...]:
        """Changes of what the map says."""
        return tuple(change for change in self.changes if change.aspect is Aspect.MEANING)

    @property
    def layout(self) -> tuple[Change, ...]:
        """Changes of how it is drawn."""
        return tuple(change for change in self.changes if change.aspect is Aspect.LAYOUT)

    @property
    def incidental(self) -> tuple[Change, ...]:
        """Changes that repeat others, or that nobody relies on: see `Aspect`."""
        return tuple(change for change in self.changes if change.aspect is Aspect.INCIDENTAL)

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, *, in_full: bool = False) -> str:
        """One line for each change of meaning, and a summary.

        Parameters
        ----------
        in_full
            Also one for each change of layout, and for each incidental one.
        """
        shown = self.changes if in_full else self.meaning
        return "\n".join([*map(change_line, shown), summary(self.changes)])

    def to_json(self) -> str:
        """JSON text of all changes; equal differences give equal bytes."""
        return changes_json(self.changes, self.paths)


def differences(a: Definitions, b: Definitions) -> Differences:
    """What changed from one map to another.

    Elements are the same if their ids are. Those without an id are matched by kind and place, shapes by what they draw; an element that
    is equal but for its id is told as one with a new id if no other can be meant. Prefixes, comments, the order of attributes, white
    space between elements, and the order of elements of different kinds make no difference.

    Parameters
    ----------
    a, b
        The map as it was, and as it is now.

    Returns
    -------
    Differences
        The changes: of meaning, of layout, and incidental ones.

    Examples
    --------
    >>> from bpmnmap.model import Process
    >>> bool(differences(Definitions(), Definitions())), len(differences(Definitions(), Definitions(root_elements=(Process(id="p"),))))
    (False, 1)
    """
    with collection_paused():
        changes = () if a is b else tuple(_Comparison(a, b).changes())
    return Differences(changes, (a.path, b.path))


class _Comparison:
    """One comparison of two maps."""

    def __init__(self, a: Definitions, b: Definitions) -> None:
        self.paths = (a.path, b.path)
        old, new = nodes(a), nodes(b)
        self.root = new[0]
        self.fields = FieldComparison(*match(old, new))
        self.lanes = (_lanes(old), _lanes(new))
        self.moved: set[int] = set()
        self.previous: dict[int, Node | None] = {}
        for each in (*old, *new):
            self.note_previous(each)
        for each in new:
            self.note_moves(each)

    def note_previous(self, parent: Node) -> None:
        """Note for each ordered child which one stands before it."""
        last: dict[str, Node] = {}
        for child in sorted(parent.children, key=_index):
            if child.sort:
                self.previous[id(child)] = last.get(child.sort)
                last[child.sort] = child

    def note_moves(self, parent: Node) -> None:
        """Note the fewest ordered children that must move for the others to stand as in the partner."""
        staying: defaultdict[str, list[tuple[Node, Node]]] = defaultdict(list)
        for child in sorted(parent.children, key=_index):
            partner = child.partner
            if child.sort and partner is not None and partner.parent is parent.partner and partner.field == child.field:
                staying[child.sort].append((partner, child))
        for pairs in staying.values():
            self.moved |= {id(child) for _, child in out_of_order(pairs)}

    def changes(self) -> Iterator[Change]:
        """All changes, in document order."""
        pending: list[tuple[Node, bool]] = [(self.root, True)]
        while pending:
            node, is_new = pending.pop()
            if is_new:
                yield from self.of(node) if node.partner is not None else [self.insert(node)]
                pending.extend(reversed(_with_removed(node)))
            else:
                yield self.remove(node)
                pending.extend((child, False) for child in reversed(node.children) if child.partner is None)

    def of(self, node: Node) -> Iterator[Change]:
        """Changes of an element that both maps have."""
        partner, element, location = node.partner, mention(node.element), Location(self.paths[1], node.element.line)
        assert partner is not None
        if partner.parent is not None and node.parent is not None:
            is_elsewhere = partner.parent is not node.parent.partner or partner.field != node.field
            if is_elsewhere or id(node) in self.moved:
                aspect = Aspect.LAYOUT if node.is_drawing else Aspect.MEANING
                yield Move(element, self.place(partner, 0), self.place(node, 1), location, aspect)
        if isinstance(node.element, FlowNode):
            old, new = self.lanes_of(partner, 0), self.lanes_of(node, 1)
            if {lane.partner for lane in old} != set(new):
                yield LaneMove(element, _mentions(old), _mentions(new), location)
        for aspect, changes in sorted(self.fields.changes(node).items(), key=lambda item: list(Aspect).index(item[0])):
            yield Update(element, tuple(changes), location, aspect)

    def insert(self, node: Node) -> Insert:
        """An element that only the new map has."""
        aspect = Aspect.LAYOUT if node.is_drawing else Aspect.MEANING
        return Insert(mention(node.element), self.place(node, 1), Location(self.paths[1], node.element.line), aspect, node.element)

    def remove(self, node: Node) -> Remove:
        """An element that only the old map has."""
        aspect = Aspect.LAYOUT if node.is_drawing else Aspect.MEANING
        return Remove(mention(node.element), self.place(node, 0), Location(self.paths[0], node.element.line), aspect, node.element)

    def place(self, node: Node, side: int) -> Place:
        """Where a node stands."""
        assert node.parent is not None
        previous = self.previous.get(id(node))
        return Place(
            mention(node.parent.element),
            node.field,
            node.index if node.sort else None,
            None if previous is None else mention(previous.element),
            _mentions(self.lanes_of(node, side)),
        )

    def lanes_of(self, node: Node, side: int) -> Sequence[Node]:
        """The lanes that name a flow node."""
        return self.lanes[side].get(node.element.id or "", ()) if isinstance(node.element, FlowNode) else ()


def _lanes(found: list[Node]) -> dict[str, list[Node]]:
    """The lanes that name each id."""
    lanes: defaultdict[str, list[Node]] = defaultdict(list)
    for node in found:
        if isinstance(node.element, Lane):
            for name in dict.fromkeys(node.element.flow_node_refs):
                lanes[name].append(node)
    return lanes


def _mentions(found: Sequence[Node]) -> tuple[Mention, ...]:
    return tuple([mention(node.element) for node in found])


def _index(node: Node) -> int:
    return node.index


def _with_removed(node: Node) -> list[tuple[Node, bool]]:
    """The children of a node of the new map, and after each of them those gone that stood there in the old map."""
    gone: defaultdict[int, list[Node]] = defaultdict(list)
    last = 0
    for child in node.partner.children if node.partner is not None else ():
        if child.partner is None:
            gone[last].append(child)
        elif child.partner.parent is node:
            last = id(child.partner)
    found = [(child, False) for child in gone[0]]
    for child in node.children:
        found.append((child, True))
        found += [(other, False) for other in gone.get(id(child), ())]
    return found
