"""Processes as nested blocks: drawn at random, and made into Programs. What they mean, `block_meaning` says.

A block is a tuple:

==========================================  ==========================================================================
``("task", id)``, ``("wait", id)``          one event
``("seq", blocks…)``                        one after the other
``("xor", …)``, ``("and", …)``, ``("or", …)``  one of them, all, or some at once
``("loop", block)``                         once or more
``("turns", block)``, ``("series", block)``  once or twice; exactly twice: a loop with a limit, a sequential multi-instance
``("each", block)``                         twice at once: a parallel multi-instance
``("sub", block)``                          a sub-process
``("guarded", id, block)``                  a timer may take it out
``("caught", id, block, handler)``          a timer may put the handler in its place: an interrupting event sub-process
``("beside", id, block, handler)``          a timer may start the handler beside it, once: an event sub-process
``("reminded", id, block, handler)``        a timer may start the handler outside, twice
``("killing", block, other)``               both at once, until the first is over
``("asked", block)``                        a process instance that a message opens does it, then answers
``("broken", blocks…)``                     an exclusive split closed by a parallel join
``("doubled", id, blocks…)``                a parallel split that is never joined, before a task
==========================================  ==========================================================================
"""

from __future__ import annotations

from itertools import count
from typing import Any, Final, TypeAlias

from hypothesis import strategies as st

from bpmnmap.semantics.program import (
    Cancel,
    Choose,
    End,
    Fork,
    Join,
    Leave,
    Open,
    Operation,
    Origin,
    Program,
    Repeat,
    Select,
    Send,
    Spread,
    Start,
    Take,
    Wait,
    Way,
    Work,
)

Block: TypeAlias = tuple[Any, ...]
NOTHING: Final[Block] = ("seq",)
TIMED: Final = ("guarded", "caught", "beside", "reminded")
"""Kinds whose id is a timer's."""


def _named(block: Block, numbers: count[int]) -> Block:
    """Give each task, wait and timer an id of its own."""
    kind = block[0]
    name = (f"{kind}{next(numbers)}",) if kind in {"task", "wait", "doubled", *TIMED} else ()
    return (kind, *name, *(_named(part, numbers) for part in block[1:]))


def _extend(kinds: tuple[str, ...]) -> Any:
    two = tuple(kind for kind in ("xor", "and", "or", "caught", "beside", "reminded", "killing") if kind in kinds)
    one = tuple(kind for kind in ("loop", "turns", "series", "each", "sub", "guarded", "asked") if kind in kinds)

    def extend(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        made = [st.lists(inner, max_size=3).map(lambda parts: ("seq", *parts))]
        if two:
            made.append(st.tuples(st.sampled_from(two), inner, inner))
        if one:
            made.append(st.tuples(st.sampled_from(one), inner))
        return st.one_of(made)

    return extend


SIMPLE_KINDS: Final = ("xor", "and", "loop", "sub", "guarded")
ALL_KINDS: Final = (*SIMPLE_KINDS, "or", "turns", "series", "each", "caught", "beside", "reminded", "killing", "asked")


def blocks(kinds: tuple[str, ...] = SIMPLE_KINDS, leaves: int = 7, special: Block | None = None) -> st.SearchStrategy[Block]:
    """Draw blocks of some kinds; with `special` as one of the leaves."""
    leaf = st.sampled_from([("task",), ("task",), ("wait",), *([special] if special else [])])
    return st.recursive(leaf, _extend(kinds), max_leaves=leaves).map(lambda block: _named(block, count()))


def parts(block: Block) -> tuple[Block, ...]:
    """The blocks within a block."""
    return tuple(part for part in block[1:] if isinstance(part, tuple))


def has(block: Block, *kinds: str) -> bool:
    return block[0] in kinds or any(has(part, *kinds) for part in parts(block))


class _Maker:
    def __init__(self, repeats: int) -> None:
        self.operations: list[Operation | None] = []
        self.scopes: list[int] = []
        self.flows = count()
        self.channels = count()
        self.repeats = repeats

    def reserve(self, scope: int) -> int:
        self.operations.append(None)
        self.scopes.append(scope)
        return len(self.operations) - 1

    def add(self, operation: Operation, scope: int) -> Way:
        index = self.reserve(scope)
        self.operations[index] = operation
        return self.way(index)

    def end(self, scope: int, *, kills: bool = False) -> Way:
        return self.add(End(Origin("end", "endEvent"), kills), scope)

    def way(self, target: int, entry: int = 0) -> Way:
        return Way(target, (f"f{next(self.flows)}",), entry)

    def named(self, ways: tuple[Way, ...]) -> tuple[tuple[Way, ...], tuple[str, ...]]:
        ways = tuple(Way(way.target, (f"f{next(self.flows)}", *way.flows), way.entry) for way in ways)
        return ways, tuple(way.flows[0] for way in ways)

    def choose(self, ways: tuple[Way, ...]) -> Choose:
        return Choose(Origin(f"x{next(self.flows)}", "exclusiveGateway"), *self.named(ways))

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
        if kind in {"and", "or", "broken"}:
            return self._joined(block, then, scope)
        if kind == "loop":
            index = self.reserve(scope)
            body = self.make(block[1], self.way(index), scope)
            self.operations[index] = self.choose((then, body))
            return body
        if kind in {"turns", "series", "each"}:
            return self._repeated(block, then, scope)
        if kind == "asked":
            return self._asked(block[1], then, scope)
        return self._opened(block, then, scope)

    def _joined(self, block: Block, then: Way, scope: int) -> Way:
        index = self.reserve(scope)
        join = Join(Origin(f"{block[0]}-join", "parallelGateway"), len(block) - 1, then, block[0] == "or")
        self.operations[index] = join
        ways = tuple(self.make(part, self.way(index, entry), scope) for entry, part in enumerate(block[1:]))
        if block[0] == "or":
            return self.add(Select(Origin(f"s{next(self.flows)}", "inclusiveGateway"), *self.named(ways)), scope)
        split = Fork(Origin("split", "parallelGateway"), ways) if block[0] == "and" else self.choose(ways)
        return self.add(split, scope)

    def _repeated(self, block: Block, then: Way, scope: int) -> Way:
        everything = self.reserve(scope)
        item, turns, done = self.reserve(everything), self.reserve(everything), self.end(everything)
        origin = Origin("all", "subProcess")
        body = self.make(block[1], self.end(item), item)
        self.operations[item] = Open(origin, body, (), done if block[0] == "each" else self.way(turns), item=True)
        made: dict[str, Operation] = {
            "each": Spread(origin, self.way(item), "2"),
            "series": Repeat(origin, self.way(item), done, "2", counted=True),
            "turns": Repeat(origin, self.way(item), done, maximum=2),
        }
        self.operations[turns] = made[block[0]]
        first = self.way(item if block[0] == "turns" else turns)
        self.operations[everything] = Open(origin, first, (), then)
        return self.way(everything)

    def _asked(self, block: Block, then: Way, scope: int) -> Way:
        channel, origin = next(self.channels), Origin("ask", "intermediateThrowEvent")
        take = self.add(Take(Origin("answer", "intermediateCatchEvent"), then, channel), scope)
        instance = self.reserve(-1)
        answer = self.add(Send(origin, self.end(instance), channel, -1), instance)
        self.operations[instance] = Open(Origin("process", "startEvent"), self.make(block, answer, instance), (), None)
        return self.add(Send(origin, take, -1, instance), scope)

    def _opened(self, block: Block, then: Way, scope: int) -> Way:
        kind, name, outer = block[0], Origin(str(block[1]), "boundaryEvent"), scope
        if kind == "reminded":  # the handler runs beside the host, so that something around must wait for both
            outer = self.reserve(scope)
        index = self.reserve(outer)
        onward = self.end(outer) if kind == "reminded" else then
        first, *others = parts(block)
        body = self.make(first, self.end(index, kills=kind == "killing"), index)
        guards: tuple[Way, ...] = ()
        if kind == "killing":
            other = self.make(others[0], self.end(index), index)
            body = self.add(Fork(Origin("split", "parallelGateway"), (body, other)), index)
        elif kind in TIMED:
            leads = self._handled(kind, name, others, then, (index, outer))
            repeats = self.repeats if kind == "reminded" else 1
            guards = (self.add(Wait(name, self.add(leads, index), "timer", repeats=repeats), index),)
        self.operations[index] = Open(Origin("sub", "subProcess"), body, guards, onward, grouping=kind == "sub")
        if kind == "reminded":
            self.operations[outer] = Open(Origin("around", "subProcess"), self.way(index), (), then)
        return self.way(outer if kind == "reminded" else index)

    def _handled(self, kind: str, name: Origin, handler: list[Block], then: Way, scopes: tuple[int, int]) -> Cancel | Leave:
        """What a timer's guard leads to."""
        index, outer = scopes
        if kind == "guarded":
            return Cancel(name, then)
        if kind == "reminded":
            return Leave(name, self.make(handler[0], self.end(outer), outer))
        opened = self.reserve(index)
        body = self.make(handler[0], self.end(opened), opened)
        self.operations[opened] = Open(Origin("handler", "subProcess"), body, (), self.end(index))
        to_handler = self.way(opened)
        return Cancel(name, to_handler, inside=True) if kind == "caught" else Leave(name, to_handler, inside=True)


def program_of(block: Block, repeats: int = 2) -> Program:
    """The Program of a block; its start is operation 0. `repeats`: how often reminders come."""
    maker = _Maker(repeats)
    first = maker.reserve(-1)
    maker.operations[first] = Start(Origin("start", "startEvent"), maker.make(block, maker.end(-1), -1))
    return Program("p", tuple(operation for operation in maker.operations if operation is not None), tuple(maker.scopes))
