"""Which ways tokens must rest on, so that no move goes on without end; which operations only guard a scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from bpmnmap.semantics.program import Cancel, End, Leave, Open, Program, Send, Start, Take, Wait, Way, Work, ways_of

WayKey: TypeAlias = tuple[int, int]  # index of an operation, position in its `ways_of`


def resting_ways(program: Program, travelled: frozenset[str] = frozenset()) -> frozenset[WayKey]:
    """Return the ways on which tokens rest: of each circle that takes no time one way, and all with a flow in `travelled`.

    Examples
    --------
    >>> from bpmnmap.semantics.program import Choose, Origin
    >>> again = Choose(Origin("g", "exclusiveGateway"), (Way(1, ("f",)), Way(2, ("h",))), ("f", "h"))
    >>> program = Program("p", (Start(Origin("s", "startEvent"), Way(1)), again, End(Origin("e", "endEvent"))), (-1,) * 3)
    >>> resting_ways(program)
    frozenset({(1, 0)})
    """
    found = {
        (index, position)
        for index, operation in enumerate(program.operations)
        for position, way in enumerate(ways_of(operation))
        if not travelled.isdisjoint(way.flows)
    }
    takers: dict[int, list[int]] = {}
    for index, operation in enumerate(program.operations):
        if isinstance(operation, Take):
            takers.setdefault(operation.channel, []).append(index)
    steps = [list(_instant_steps(program, index, takers)) for index in range(len(program.operations))]
    unseen, open_, done = 0, 1, 2
    states = [unseen] * len(steps)
    for root in range(len(steps)):
        pending = [(root, 0)] if states[root] == unseen else []
        while pending:
            index, position = pending.pop()
            states[index] = open_
            if position == len(steps[index]):
                states[index] = done
                continue
            pending.append((index, position + 1))
            target, way = steps[index][position]
            if states[target] == open_:
                found.add(way)
            elif states[target] == unseen:
                pending.append((target, 0))
    return frozenset(found)


def _instant_steps(program: Program, index: int, takers: dict[int, list[int]]) -> Iterator[tuple[int, WayKey]]:
    """Yield where tokens may be next at the same instant, and a way on which that can be stopped."""
    operation = program.operations[index]
    match operation:
        case Start() | Work() | Wait():
            return
        case End():
            scope = program.scopes[index]
            host = program.operations[scope] if scope >= 0 else None
            if isinstance(host, Open) and host.next is not None:
                yield host.next.target, (scope, len(ways_of(host)) - 1)
        case Open():
            for position, way in enumerate(_ways_in(operation)):
                yield way.target, (index, position)
        case _:
            for position, way in enumerate(ways_of(operation)):
                yield way.target, (index, position)
            if isinstance(operation, Send):
                for taker in takers.get(operation.channel, ()):
                    yield taker, (taker, 0)


def _ways_in(operation: Open) -> tuple[Way, ...]:
    return (*((operation.body,) if operation.body is not None else ()), *operation.guards)


def guarding_operations(program: Program) -> frozenset[int]:
    """Return the operations whose tokens only guard their scope: they don't keep it open."""
    guards: set[int] = set()
    pending = [way.target for operation in program.operations if isinstance(operation, Open) for way in operation.guards]
    while pending:
        index = pending.pop()
        if index not in guards:
            guards.add(index)
            operation = program.operations[index]
            if isinstance(operation, Open):
                pending += [operation.next.target] if operation.next is not None else []
            elif not isinstance(operation, (Cancel, Leave)):
                pending += [way.target for way in ways_of(operation)]
    return frozenset(guards)
