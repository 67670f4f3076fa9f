"""Sites: the places of a Program where tokens can be, numbered, and where they go on from there."""

from __future__ import annotations

from typing import Literal, TypeAlias

from bpmnmap.semantics.program import Choose, Join, Operation, Program, Send, Start, Take, Wait, Way, Work, ways_of
from bpmnmap.semantics.resting import guarding_operations, resting_ways

MoveKind: TypeAlias = Literal["start", "complete", "fire", "deliver", "arrive"]

_MOVE_KINDS: dict[type[Operation], MoveKind] = {Start: "start", Work: "complete", Wait: "fire"}


class Sites:
    """The sites of a Program.

    First its operations, then entries of joins, ways on which tokens rest, messages on their way and messages that wait.

    Parameters
    ----------
    program, impossible, travelled
        As of `TokenGame`.

    Attributes
    ----------
    operation_of
        By site: the operation that it belongs to; of a message on its way the first sender, of one that waits the first taker.
    move_kinds
        By site: what happens when a token goes on from here; None: it does not by itself.
    passes
        By site: the kind of operation that a token which comes here passes; None: it rests.
    onward
        By site: the sites to which the ways from here lead.
    is_guard
        By site: whether its tokens only guard their scope.
    first_entry
        By index of a `Join`: the site of its first entry.
    possible
        By index of a `Choose`: its possible ways.
    in_transit, waiting
        By channel: the site of its messages on their way, and of those that wait (where anything takes them).
    first_waiting
        Sites from here on are of messages that wait.
    """

    def __init__(self, program: Program, impossible: frozenset[tuple[int, int]], travelled: frozenset[str]) -> None:
        operations = program.operations
        self.program = program
        self.operation_of = list(range(len(operations)))
        self.move_kinds = [_MOVE_KINDS.get(type(operation)) for operation in operations]
        self.passes: list[type[Operation] | None] = [type(operation) for operation in operations]
        guards = guarding_operations(program)
        self.is_guard = [index in guards for index in range(len(operations))]
        self.first_entry: dict[int, int] = {}
        for index, operation in enumerate(operations):
            if isinstance(operation, Join):
                self.first_entry[index] = len(self.operation_of)
                for _ in range(operation.entries):
                    self._add(index, None, Join)
        self.onward: list[tuple[int, ...]] = [()] * len(self.operation_of)
        resting = resting_ways(program, travelled)
        for index, operation in enumerate(operations):
            ways = enumerate(ways_of(operation))
            self.onward[index] = tuple(self._way_site(way) if (index, at) in resting else self._site(way) for at, way in ways)
        self.possible = _possible_ways(program, impossible)
        self.in_transit: dict[int, int] = {}
        self.waiting: dict[int, int] = {}
        self._add_channels()

    def _add(self, operation: int, kind: MoveKind | None, passes: type[Operation] | None) -> int:
        self.operation_of.append(operation)
        self.move_kinds.append(kind)
        self.passes.append(passes)
        self.is_guard.append(self.is_guard[operation])
        return len(self.operation_of) - 1

    def _site(self, way: Way) -> int:
        return self.first_entry[way.target] + way.entry if way.target in self.first_entry else way.target

    def _way_site(self, way: Way) -> int:
        self.onward.append((self._site(way),))
        return self._add(way.target, "arrive", None)

    def _add_channels(self) -> None:
        senders: dict[int, int] = {}
        takers: dict[int, int] = {}
        for index, operation in enumerate(self.program.operations):
            if isinstance(operation, Send):
                senders.setdefault(operation.channel, index)
            elif isinstance(operation, Take):
                takers.setdefault(operation.channel, index)
        self.in_transit = {channel: self._add(index, "deliver", None) for channel, index in senders.items()}
        self.first_waiting = len(self.operation_of)
        self.waiting = {channel: self._add(index, None, None) for channel, index in takers.items()}
        self.channel_of = {site: channel for channel, site in self.in_transit.items()}
        self.takers = {index: operation.channel for index, operation in enumerate(self.program.operations) if isinstance(operation, Take)}


def _possible_ways(program: Program, impossible: frozenset[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    possible = {}
    for index, operation in enumerate(program.operations):
        if isinstance(operation, Choose):
            possible[index] = tuple(at for at in range(len(operation.ways)) if (index, at) not in impossible)
            if not possible[index]:
                raise ValueError(f"one way of operation {index} ({operation.origin.element}) must be possible (got none)")
    return possible
