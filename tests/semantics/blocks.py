"""Processes as nested blocks: drawn at random, made into Programs, and with a meaning of their own by which these are judged.

A block is a tuple: ``("task", id)``, ``("wait", id)``, ``("seq", blocks…)``, ``("xor", blocks…)``, ``("and", blocks…)``,
``("loop", block)`` (once or more), ``("sub", block)``, ``("guarded", timer's id, block)``, ``("broken", blocks…)`` (an exclusive
split closed by a parallel join), ``("doubled", id, blocks…)`` (a parallel split that is never joined, before a task).
"""

from __future__ import annotations

from itertools import count
from typing import Any, TypeAlias

from hypothesis import strategies as st

from bpmnmap.semantics.program import Cancel, Choose, End, Fork, Join, Open, Operation, Origin, Program, Start, Wait, Way, Work

Block: TypeAlias = tuple[Any, ...]
NOTHING: Block = ("seq",)


def _named(block: Block, numbers: count[int]) -> Block:
    """Give each task, wait and timer an id of its own."""
    kind = block[0]
    name = (f"{kind}{next(numbers)}",) if kind in {"task", "wait", "guarded", "doubled"} else ()
    return (kind, *name, *(_named(part, numbers) for part in block[1:]))


def _extend(kinds: tuple[str, ...]) -> Any:
    several = tuple(kind for kind in ("xor", "and") if kind in kinds)
    around = tuple(kind for kind in ("loop", "sub", "guarded") if kind in kinds)

    def extend(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        made = [st.lists(inner, max_size=3).map(lambda parts: ("seq", *parts))]
        made.append(st.tuples(st.sampled_from(several), inner, inner))
        if around:
            made.append(st.tuples(st.sampled_from(around), inner))
        return st.one_of(made)

    return extend


ALL_KINDS = ("xor", "and", "loop", "sub", "guarded")


def blocks(kinds: tuple[str, ...] = ALL_KINDS, leaves: int = 7, special: Block | None = None) -> st.SearchStrategy[Block]:
    """Draw blocks of some kinds; with `special` as one of the leaves."""
    leaf = st.sampled_from([("task",), ("task",), ("wait",), *([special] if special else [])])
    return st.recursive(leaf, _extend(kinds), max_leaves=leaves).map(lambda block: _named(block, count()))


def parts(block: Block) -> tuple[Block, ...]:
    """The blocks within a block."""
    return tuple(part for part in block[1:] if isinstance(part, tuple))


def has(block: Block, kind: str) -> bool:
    return block[0] == kind or any(has(part, kind) for part in parts(block))


class _Maker:
    def __init__(self) -> None:
        self.operations: list[Operation | None] = []
        self.scopes: list[int] = []
        self.flows = count()

    def reserve(self, scope: int) -> int:
        self.operations.append(None)
        self.scopes.append(scope)
        return len(self.operations) - 1

    def add(self, operation: Operation, scope: int) -> Way:
        index = self.reserve(scope)
        self.operations[index] = operation
        return self.way(index)

    def way(self, target: int, entry: int = 0) -> Way:
        return Way(target, (f"f{next(self.flows)}",), entry)

    def choose(self, ways: tuple[Way, ...]) -> Choose:
        ways = tuple(Way(way.target, (f"f{next(self.flows)}", *way.flows), way.entry) for way in ways)
        return Choose(Origin(f"x{next(self.flows)}", "exclusiveGateway"), ways, tuple(way.flows[0] for way in ways))

    def make(self, block: Block, then: Way, scope: int) -> Way:
        """Return the way into a block from which tokens go on by the way `then`."""
        kind = block[0]
        if kind == "task":
            return self.add(Work(Origin(block[1], "task"), then), scope)
        if kind == "wait":
            return self.add(Wait(Origin(block[1], "intermediateCatchEvent"), then, "timer"), scope)
        if kind == "seq":
            for part in reversed(block[1:]):
                then = self.make(part, then, scope)
            return then
        if kind == "xor":
            return self.add(self.choose(tuple(self.make(part, then, scope) for part in block[1:])), scope)
        if kind == "doubled":
            target = self.add(Work(Origin(block[1], "task"), then), scope)
            ways = tuple(self.make(part, target, scope) for part in parts(block))
            return self.add(Fork(Origin(f"{block[1]}-split", "parallelGateway"), ways), scope)
        if kind in {"and", "broken"}:
            return self._joined(block, then, scope)
        if kind == "loop":
            index = self.reserve(scope)
            body = self.make(block[1], self.way(index), scope)
            self.operations[index] = self.choose((then, body))
            return body
        return self._opened(block, then, scope)

    def _joined(self, block: Block, then: Way, scope: int) -> Way:
        index = self.reserve(scope)
        self.operations[index] = Join(Origin(f"{block[0]}-join", "parallelGateway"), len(block) - 1, then)
        ways = tuple(self.make(part, self.way(index, entry), scope) for entry, part in enumerate(block[1:]))
        split = Fork(Origin("split", "parallelGateway"), ways) if block[0] == "and" else self.choose(ways)
        return self.add(split, scope)

    def _opened(self, block: Block, then: Way, scope: int) -> Way:
        index = self.reserve(scope)
        body = self.make(parts(block)[0], self.add(End(Origin("end", "endEvent")), index), index)
        guards: tuple[Way, ...] = ()
        if block[0] == "guarded":
            cancel = self.add(Cancel(Origin(block[1], "boundaryEvent"), then), index)
            guards = (self.add(Wait(Origin(block[1], "boundaryEvent"), cancel, "timer"), index),)
        self.operations[index] = Open(Origin("sub", "subProcess"), body, guards, then, grouping=block[0] == "sub")
        return self.way(index)


def program_of(block: Block) -> Program:
    """The Program of a block; its start is operation 0."""
    maker = _Maker()
    first = maker.reserve(-1)
    maker.operations[first] = Start(Origin("start", "startEvent"), maker.make(block, maker.add(End(Origin("end", "endEvent")), -1), -1))
    return Program("p", tuple(operation for operation in maker.operations if operation is not None), tuple(maker.scopes))


def is_idle(block: Block) -> bool:
    """Whether nothing can happen in a block: it is passed at once."""
    return block[0] not in {"task", "wait"} and all(map(is_idle, parts(block)))


def may_end(block: Block) -> bool:
    """Whether a block may be over without anything more happening in it."""
    if block[0] in {"task", "wait", "broken"}:
        return False
    return (any if block[0] == "xor" else all)(map(may_end, parts(block)))


def first_events(block: Block) -> set[str]:
    """What may happen first in a block."""
    kind = block[0]
    if kind in {"task", "wait"}:
        return {block[1]}
    if kind == "seq":
        events: set[str] = set()
        for part in block[1:]:
            events |= first_events(part)
            if not may_end(part):
                break
        return events
    events = set().union(*map(first_events, parts(block)))
    return events | {block[1]} if kind == "guarded" and not is_idle(block) else events


def after(block: Block, event: str) -> set[Block]:
    """What may be left of a block after an event: its derivative (Brzozowski 1964), with shuffles for parallel branches."""
    kind = block[0]
    if kind in {"task", "wait"}:
        return {NOTHING} if block[1] == event else set()
    if kind == "seq":
        left = set()
        for at, part in enumerate(block[1:], start=2):
            left |= {("seq", rest, *block[at:]) for rest in after(part, event)}
            if not may_end(part):
                break
        return left
    if kind == "and":
        return {(*block[:at], rest, *block[at + 1 :]) for at in range(1, len(block)) for rest in after(block[at], event)}
    if kind == "loop":
        return {("seq", rest, ("xor", NOTHING, block)) for rest in after(block[1], event)}
    if kind == "guarded":
        if block[1] == event:
            return set() if is_idle(block) else {NOTHING}
        return {("guarded", block[1], rest) for rest in after(block[2], event)}
    return set().union(*(after(part, event) for part in parts(block)))
