"""Which ways tokens must rest on, so that no move goes on without end; which operations only guard a scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from bpmnmap.semantics.program import Cancel, End, Leave, Open, Program, Start, Wait, Work, ways_of

WayKey: TypeAlias = tuple[int, int]  # index of an operation, position in its `ways_of`


def resting_ways(program: Program, travelled: frozenset[str] = frozenset()) -> frozenset[WayKey]:
    """Return the ways on which tokens rest: of each circle that takes no time one way, and all with a flow in `travelled`.

    Examples
    --------
    >>> from bpmnmap.semantics.program import Choose, Origin, Way
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
    steps = [list(_instant_steps(program, index)) for index in range(len(program.operations))]
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


def _instant_steps(program: Program, index: int) -> Iterator[tuple[int, WayKey]]:
    """Yield where a token may be next at the same instant, and by which way."""
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
            inward = len(operation.guards) + (operation.body is not None)
            for position, way in enumerate(ways_of(operation)[:inward]):
                yield way.target, (index, position)
        case _:
            for position, way in enumerate(ways_of(operation)):
                yield way.target, (index, position)


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
