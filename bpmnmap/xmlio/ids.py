"""Ids and references of one map: what occurs twice, what names nothing, what names the wrong thing."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.model import BaseElement, Documentation, Element, FlowNode, Lane, MessageFlow, Participant, SequenceFlow
from bpmnmap.model.references import UNCHECKED, Reference, reference
from bpmnmap.xmlio.vocabulary import xml_name

MAXIMUM_SUGGESTIONS = 50
"""Dangling references of one file for which a similar id is searched: the search takes time."""
_MAXIMUM_CANDIDATES = 2000


class Place(NamedTuple):
    """Where elements stand: the id of their process, and the number of their innermost scope."""

    process: str | None
    scope: int


class Holder(NamedTuple):
    """An element with an id or a reference."""

    cls: type[Element]
    id: str | None
    line: int | None
    place: Place


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
    uses : list
        References: the element that has it, the field, the id that it names.
    external : set of str
        References to elements of other files.
    """

    def __init__(self, path: str | None, all_ids: Callable[[], frozenset[str]]) -> None:
        self._path = path
        self._all_ids = all_ids
        self._others: frozenset[str] | None = None
        self._first: dict[str | None, Holder] = {}
        self._again: list[Holder] = []
        self._suggestions = 0
        self.uses: list[tuple[Holder, str, str]] = []
        self.external: set[str] = set()

    def add(self, holder: Holder) -> None:
        """Take an element with an id."""
        if self._first.setdefault(holder.id, holder) is not holder:
            self._again.append(holder)

    def __contains__(self, element_id: str) -> bool:
        if self._others is None:
            self._others = self._all_ids()
        return element_id in self._others

    def findings(self) -> Iterator[Finding]:
        """All that is wrong with ids and references."""
        for first_id, again in self._again.items():
            yield from self._duplicates(self._first[first_id], again)
        ends: dict[Holder, list[Holder]] = {}
        for use in self._uses:
            yield from self._wrong(use)
            found = self._first.get(use.value)
            if found is not None and use.field in ("source_ref", "target_ref"):
                ends.setdefault(use.holder, []).append(found)
        for flow, (source, *target) in ends.items():
            if target:
                yield from self._wrong_ends(flow, source, target[0])

    def _finding(
        self, code: str, holder: Holder, message: str, fix: str, severity: Severity = Severity.ERROR, related: tuple[str, ...] = ()
    ) -> Finding:
        return Finding(code, message, Location(self._path, holder.line), severity, holder.cls.kind, holder.id, fix, related)

    def _duplicates(self, first: Holder, again: list[Holder]) -> Iterator[Finding]:
        for holder in again:
            grave = _is_named_by_others(first.cls) and _is_named_by_others(holder.cls)
            where = f" in line {first.line}" if first.line is not None else ""
            yield self._finding(
                "duplicate-id",
                holder,
                f"id '{holder.id}' is also that of a {first.cls.kind}{where}",
                f"give the {holder.cls.kind} an id of its own, and point its references at that",
                Severity.ERROR if grave else Severity.WARNING,
            )

    def _wrong(self, use: Use) -> Iterator[Finding]:
        holder, field, value = use
        target = reference(holder.cls, field)
        found = self._first.get(value)
        if target is None or (found is not None and issubclass(found.cls, target.classes)):
            return
        name = xml_name(holder.cls, field)
        place = f"point {name} at {target.wording}{_of_process(holder, target)}"
        if found is not None:
            message = f"{name} '{value}' names a {found.cls.kind}, must be {target.wording}"
            yield self._finding("wrong-reference", holder, message, place, target.severity, (value,))
        elif field not in UNCHECKED and value not in self.external and value not in self:
            fix = place + self._suggestion(use, target)
            yield self._finding("dangling-reference", holder, f"{name} '{value}' names no element", fix, target.severity)

    def _suggestion(self, use: Use, target: Reference) -> str:
        self._suggestions += 1
        if self._suggestions > MAXIMUM_SUGGESTIONS:
            return ""
        length, process = len(use.value), use.holder.process
        fitting = [
            other
            for other, found in self._first.items()
            if abs(len(other) - length) <= length // 2 and found.process in (process, None) and issubclass(found.cls, target.classes)
        ]
        similar = difflib.get_close_matches(use.value, fitting[:_MAXIMUM_CANDIDATES], n=1)
        return f"; did you mean '{similar[0]}'?" if similar else ""

    def _wrong_ends(self, flow: Holder, source: Holder, target: Holder) -> Iterator[Finding]:
        related = tuple(end.id for end in (source, target) if end.id is not None)
        if issubclass(flow.cls, SequenceFlow) and source.scope != target.scope and _are_nodes(source, target):
            message = f"leads from '{source.id}' to '{target.id}', which stands in another process or sub-process"
            fix = "let it end in its own process or sub-process; between participants, draw a message flow"
            yield self._finding("crossing-flow", flow, message, fix, related=related)
        if issubclass(flow.cls, MessageFlow):
            inside = self._pool(source)
            if inside is not None and inside == self._pool(target):
                message = f"leads from '{source.id}' to '{target.id}' inside one participant, that of process '{inside}'"
                yield self._finding("inner-message-flow", flow, message, "draw a sequence flow instead", Severity.WARNING, related)

    def _pool(self, end: Holder) -> str | None:
        return self._process_of.get(end.id or "") if issubclass(end.cls, Participant) else end.process


def _are_nodes(source: Holder, target: Holder) -> bool:
    return issubclass(source.cls, FlowNode) and issubclass(target.cls, FlowNode)


def _of_process(holder: Holder, target: Reference) -> str:
    inside = holder.process is not None and any(issubclass(cls, FlowNode | SequenceFlow) for cls in target.classes)
    return f" of process '{holder.process}'" if inside else ""


def _is_named_by_others(cls: type[Element]) -> bool:
    return issubclass(cls, BaseElement) and not issubclass(cls, Documentation | Lane)
