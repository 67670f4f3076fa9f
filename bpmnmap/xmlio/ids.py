"""Ids and references of one map: what occurs twice, what names nothing, what names the wrong thing."""

from __future__ import annotations

import difflib
import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.model import Activity, BaseElement, Element, FlowNode, Lane, MessageFlow, Participant, SequenceFlow
from bpmnmap.model.references import UNCHECKED, Reference
from bpmnmap.xmlio.vocabulary import xml_name

MAXIMUM_SUGGESTIONS = 20
"""Dangling references of one file for which a similar id is searched: the search takes time."""
_MAXIMUM_CANDIDATES = 200
_MAXIMUM_LENGTH = 64
_ENDS = ("source_ref", "target_ref")


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """The innermost scope that elements stand in, and the id of its process."""

    process: str | None


# Plain tuples: a large map has tens of thousands of each, and a class of their own would take three times as long to make.
Entry: TypeAlias = tuple[Element, Place]
"""An element that has an id, and where it stands."""

Use: TypeAlias = tuple[Element, Place, str, str, Reference]
"""A reference: the element that has it, where that stands, the field, the id that it names, and what it must name."""


class Ids:
    """The ids and references that a reading meets, in document order.

    Parameters
    ----------
    path
        The file, for findings.
    all_ids
        Gives the ids of all that stands in the file, whether the model knows it or not.

    Attributes
    ----------
    external : set of str
        References to elements of other files.
    """

    def __init__(self, path: str | None, all_ids: Callable[[], frozenset[str]]) -> None:
        self._path = path
        self._all_ids = all_ids
        self._others: frozenset[str] | None = None
        self._prefixes: frozenset[str] | None = None
        self._first: dict[str, Entry] = {}
        self._again: list[Element] = []
        self._open: list[Use] = []
        self._flows: list[SequenceFlow | MessageFlow] = []
        self._suggestions = 0
        self.external: set[str] = set()

    def add(self, element: Element, element_id: str, place: Place) -> None:
        """Take an element that has an id."""
        entry = (element, place)
        if self._first.setdefault(element_id, entry) is not entry:
            self._again.append(element)

    def connect(self, flow: SequenceFlow | MessageFlow) -> None:
        """Take a flow whose two ends must fit each other."""
        self._flows.append(flow)

    def use(self, element: Element, place: Place, field: str, value: str, target: Reference) -> None:
        """Take a reference; one that names a fitting element already met is kept no longer."""
        found = self._first.get(value)
        if found is None or not isinstance(found[0], target.classes):
            self._open.append((element, place, field, value, target))

    def __contains__(self, element_id: str) -> bool:
        if self._others is None:
            self._others = self._all_ids()
        return element_id in self._others

    def has_prefix(self, prefix: str) -> bool:
        """Return whether an id of the file begins with a text and a colon."""
        if self._prefixes is None:
            self._prefixes = frozenset(each.partition(":")[0] for each in self._all_ids() if ":" in each)
        return prefix in self._prefixes

    def findings(self) -> Iterator[Finding]:
        """All that is wrong with ids and references."""
        for element in self._again:
            yield self._duplicate(self._first[element.id or ""][0], element)
        first = self._first
        for use in self._open:
            found = first.get(use[3])
            if found is None or not isinstance(found[0], use[4].classes):
                yield from self._wrong(use, found)
        for flow in self._flows:
            source, target = first.get(flow.source_ref or ""), first.get(flow.target_ref or "")
            if source is not None and target is not None:
                yield from self._wrong_ends(flow, source, target)

    def _finding(
        self, code: str, element: Element, message: str, fix: str, severity: Severity = Severity.ERROR, related: tuple[str, ...] = ()
    ) -> Finding:
        return Finding(code, message, Location(self._path, element.line), severity, element.kind, element.id, fix, related)

    def _duplicate(self, first: Element, again: Element) -> Finding:
        grave = _is_named_by_others(first) and _is_named_by_others(again)
        message = f"id '{again.id}' is also that of the {first.kind} in line {first.line}"
        fix = f"give the {again.kind} an id of its own, and point its references at that"
        return self._finding("duplicate-id", again, message, fix, Severity.ERROR if grave else Severity.WARNING)

    def _wrong(self, use: Use, found: Entry | None) -> Iterator[Finding]:
        element, place, field, value, target = use
        name = xml_name(type(element), field)
        fix = f"point {name} at {target.wording}{_of_process(place, target)}"
        if found is not None:
            message = f"{name} '{value}' names {_with_article(found[0].kind)}, must be {target.wording}"
            yield self._finding("wrong-reference", element, message, fix, target.severity, (value,))
        elif field not in UNCHECKED and value not in self.external and value not in self:
            fix += self._suggestion(use)
            yield self._finding("dangling-reference", element, f"{name} '{value}' names no element", fix, target.severity)

    def _suggestion(self, use: Use) -> str:
        _, place, _, value, target = use
        self._suggestions += 1
        if self._suggestions > MAXIMUM_SUGGESTIONS or len(value) > _MAXIMUM_LENGTH:
            return ""
        length, processes = len(value), (place.process, None)
        fitting = [
            other
            for other, (element, its_place) in self._first.items()
            if abs(len(other) - length) <= 2 + length // 4 and its_place.process in processes and isinstance(element, target.classes)
        ]
        if len(fitting) > _MAXIMUM_CANDIDATES:
            fitting = heapq.nlargest(_MAXIMUM_CANDIDATES, fitting, key=lambda other: _common_start(other, value))
        similar = difflib.get_close_matches(value, fitting, n=1)
        return f"; did you mean '{similar[0]}'?" if similar else ""

    def _wrong_ends(self, flow: SequenceFlow | MessageFlow, source: Entry, target: Entry) -> Iterator[Finding]:
        """Findings on a flow whose two ends do not fit each other."""
        related = (flow.source_ref or "", flow.target_ref or "")
        if isinstance(flow, SequenceFlow):
            if source[1] is not target[1] and isinstance(source[0], FlowNode) and isinstance(target[0], FlowNode):
                message = f"leads from '{flow.source_ref}' to '{flow.target_ref}', which stands in another process or sub-process"
                fix = "let it end in its own process or sub-process; between participants, draw a message flow"
                yield self._finding("crossing-flow", flow, message, fix, related=related)
        elif (inside := _process(source)) is not None and inside == _process(target):
            message = f"leads from '{flow.source_ref}' to '{flow.target_ref}' inside one participant, that of process '{inside}'"
            yield self._finding("inner-message-flow", flow, message, "draw a sequence flow instead", Severity.WARNING, related)


def _process(end: Entry) -> str | None:
    """The process that an end of a message flow belongs to."""
    element, place = end
    return element.process_ref if isinstance(element, Participant) else place.process


def _of_process(place: Place, target: Reference) -> str:
    inside = place.process is not None and target.classes in ((FlowNode,), (Activity,), (SequenceFlow,))
    return f" of process '{place.process}'" if inside else ""


def _common_start(one: str, other: str) -> int:
    return next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _with_article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _is_named_by_others(element: Element) -> bool:
    return isinstance(element, BaseElement) and not isinstance(element, Lane)
