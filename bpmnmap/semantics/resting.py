"""Which ways tokens must rest on, so that no move goes on without end; which operations only guard a scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from bpmnmap.semantics.cardinality import DEFAULT_LIMITS, Limits, numbers_of_items, turns_of
from bpmnmap.semantics.program import (
    Cancel,
    End,
    Leave,
    Open,
    Program,
    Repeat,
    Send,
    Spread,
    Start,
    Take,
    Wait,
    Work,
    message_targets,
    ways_of,
)

WayKey: TypeAlias = tuple[int, int]  # index of an operation, position in its `ways_of`
MESSAGE: Final = -1  # position that stands for the message itself, where it goes on as a token


def resting_ways(program: Program, travelled: frozenset[str] = frozenset(), limits: Limits = DEFAULT_LIMITS) -> frozenset[WayKey]:
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
    steps = _Steps(program, limits).all()
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


class _Steps:
    """Where a token may be next at the same instant, and by which way.

    A `Repeat` that makes one turn at least is a second node where a token comes to it first, beyond the operations.
    """

    def __init__(self, program: Program, limits: Limits) -> None:
        self.program = program
        self.limits = limits
        operations = program.operations
        self.opened = {target for operation in operations for target in message_targets(operation)}
        self.armed_again: dict[int, list[int]] = {}
        self.first_turn: dict[int, int] = {}
        for index, operation in enumerate(operations):
            if isinstance(operation, Repeat) and operation.counted:
                turns = turns_of(operation, limits)
                if turns is not None and 0 not in turns.over:
                    self.first_turn[index] = len(operations) + len(self.first_turn)
            if isinstance(operation, Take) and operation.again:
                self.armed_again.setdefault(operation.channel, []).append(index)

    def all(self) -> list[list[tuple[int, WayKey]]]:
        """Return the steps from each operation."""
        steps = [list(self._from(index)) for index in range(len(self.program.operations))]
        return steps + [steps[index][:1] for index in self.first_turn]

    def _from(self, index: int) -> Iterator[tuple[int, WayKey]]:
        operation = self.program.operations[index]
        ways = ways_of(operation)
        match operation:
            case Work() | Wait():
                return
            case Start():
                ways = ways if index in self.opened else ()
            case Open():
                inward = ways[: len(operation.guards) + (operation.body is not None)]
                yield from ((self.first_turn.get(way.target, way.target), (index, position)) for position, way in enumerate(inward))
                return
            case End() | Leave(own=True, inside=False) | Send(next=None):
                yield from self._closing(index)
            case Spread() if 0 in numbers_of_items(operation, self.limits):
                yield from self._closing(index)
        yield from ((way.target, (index, position)) for position, way in enumerate(ways))
        if isinstance(operation, Send):
            yield from ((target, (index, MESSAGE)) for target in message_targets(operation))
            # a taker that stays where it is: the circle is cut behind it
            yield from ((taker, (taker, 0)) for taker in self.armed_again.get(operation.channel, ()))

    def _closing(self, index: int) -> Iterator[tuple[int, WayKey]]:
        """Yield the way on from a scope that a token may close here."""
        scope = self.program.scopes[index]
        host = self.program.operations[scope] if scope >= 0 else None
        if isinstance(host, Open) and host.next is not None:
            yield host.next.target, (scope, len(ways_of(host)) - 1)


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


def boundary_guards(program: Program) -> frozenset[int]:
    """Return the guards that lead outside their scope: they stay armed when an event sub-process takes it over."""
    found: set[int] = set()
    for operation in program.operations:
        for guard in operation.guards if isinstance(operation, Open) else ():
            follower = program.operations[guard.target]
            while isinstance(follower, (Wait, Take)):
                follower = program.operations[follower.next.target]
            if isinstance(follower, (Cancel, Leave)) and not follower.inside:
                found.add(guard.target)
    return frozenset(found)
