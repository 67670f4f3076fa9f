"""Sites: the places of a Program where tokens can be, numbered, and where they go on from there."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

from bpmnmap.semantics.cardinality import DEFAULT_LIMITS, Limits, Turns, firings_of, numbers_of_items, turns_of
from bpmnmap.semantics.program import (
    Choose,
    Join,
    Leave,
    Open,
    Operation,
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
    message_targets,
    ways_of,
)
from bpmnmap.semantics.reachability import entries_reachable
from bpmnmap.semantics.resting import MESSAGE, boundary_guards, guarding_operations, resting_ways

MoveKind: TypeAlias = Literal["start", "complete", "fire", "deliver", "arrive"]

_MOVE_KINDS: dict[type[Operation], MoveKind] = {Start: "start", Work: "complete", Wait: "fire"}


class Gone:
    """What is passed where a token vanishes out of its scope without an `End`."""


class Turn:
    """What is passed at the beginning of each turn that a `Repeat` counts."""


Passed: TypeAlias = type[Operation] | type[Gone] | type[Turn]
BODY: Final = 0  # of a `Repeat`: its ways, in the order of `ways_of`
ON: Final = 1


class Counted(NamedTuple):
    """How the turns of a `Repeat` are counted: as a site that stands for one turn, and one more each for further ones."""

    first: int
    turns: Turns


class Inclusive(NamedTuple):
    """An inclusive join: its scope, the site of its first entry, and by site a mask of the entries that a token there may come by."""

    join: int
    scope: int
    first: int
    entries: int
    reachable: list[int]


class Sites:
    """The sites of a Program.

    First its operations, then entries of joins, ways on which tokens rest, guards that have fired, where tokens vanish, messages
    on their way and messages that wait; last, numbers of turns, which are no tokens.

    Parameters
    ----------
    program, impossible, travelled, limits
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
    after
        By index of an `Open`: the site at which its merged tokens go on; None: nowhere.
    stays
        By site of a guard that fires again: where it stays when it fires.
    spent
        Sites of guards that rest although they would fire again.
    gone
        By index of an operation: the site where its token vanishes.
    is_guard
        By site: whether its tokens only guard their scope.
    boundary_guards
        Indexes of operations of guards that lead outside their scope.
    first_entry
        By index of a `Join`: the site of its first entry.
    possible
        By index of a `Choose`, `Select` or `Repeat`: its possible ways.
    numbers
        By index of a `Spread`: how many items there may be.
    counted
        By index of a `Repeat`: how its turns are counted, and by index of its body the same.
    inclusive
        The inclusive joins.
    in_transit, waiting
        By channel: the site of its messages on their way, and of those that wait (where anything takes them). A message that
        goes on at an operation has ``~index`` as its channel.
    always_slow
        `Send` whose messages are never there at once.
    first_message, first_waiting, first_turn
        Sites from there on are of messages, of messages that wait, of numbers of turns.
    """

    def __init__(
        self, program: Program, impossible: frozenset[tuple[int, int]], travelled: frozenset[str], limits: Limits = DEFAULT_LIMITS
    ) -> None:
        operations = program.operations
        self.program = program
        self.operation_of = list(range(len(operations)))
        self.move_kinds = [_MOVE_KINDS.get(type(operation)) for operation in operations]
        self.passes: list[Passed | None] = [type(operation) for operation in operations]
        guards = guarding_operations(program)
        self.is_guard = [index in guards for index in range(len(operations))]
        self.boundary_guards = boundary_guards(program)
        self.first_entry: dict[int, int] = {}
        for index, operation in enumerate(operations):
            if isinstance(operation, Join):
                self.first_entry[index] = len(self.operation_of)
                for _ in range(operation.entries):
                    self._add(index, None, Join)
        self.onward: list[tuple[int, ...]] = [()] * len(self.operation_of)
        resting = resting_ways(program, travelled, limits)
        self._rested: dict[int, Way] = {}
        for index, operation in enumerate(operations):
            ways = enumerate(ways_of(operation))
            self.onward[index] = tuple(self._way_site(way) if (index, at) in resting else self._site(way) for at, way in ways)
        self.after = {
            index: None if operation.next is None else self.onward[index][-1]
            for index, operation in enumerate(operations)
            if isinstance(operation, Open)
        }
        self.possible = _possible_ways(program, impossible)
        spreads = ((index, operation) for index, operation in enumerate(operations) if isinstance(operation, Spread))
        self.numbers = {index: numbers_of_items(operation, limits) for index, operation in spreads}
        self._add_guards(limits)
        self.gone = {
            index: self._add(index, None, Gone)
            for index, operation in enumerate(operations)
            if isinstance(operation, Leave) or (isinstance(operation, Send) and operation.next is None)
        }
        self.always_slow = {index for index, position in resting if position == MESSAGE}
        self._add_channels()
        self._add_turns(limits)
        self.inclusive = self._inclusive_joins()

    def _add(self, operation: int, kind: MoveKind | None, passes: Passed | None) -> int:
        self.operation_of.append(operation)
        self.move_kinds.append(kind)
        self.passes.append(passes)
        self.is_guard.append(self.is_guard[operation])
        return len(self.operation_of) - 1

    def _site(self, way: Way) -> int:
        return self.first_entry[way.target] + way.entry if way.target in self.first_entry else way.target

    def _way_site(self, way: Way) -> int:
        self.onward.append((self._site(way),))
        self._rested[len(self.operation_of)] = way
        return self._add(way.target, "arrive", None)

    def _add_guards(self, limits: Limits) -> None:
        """Add a site for each number of times that a guard has fired, as far as that matters."""
        self.stays: dict[int, int] = {}
        self.spent: set[int] = set()
        for index, operation in enumerate(self.program.operations):
            if isinstance(operation, Take) and operation.again:
                self.stays[index] = index
            elif isinstance(operation, Wait):
                times, rests = firings_of(operation, limits)
                if times == 0:
                    self.stays[index] = index
                site = index
                for _ in range(times - 1):
                    self.stays[site] = self._add(index, "fire", None)
                    self.onward.append(self.onward[index])
                    site = self.stays[site]
                if rests:
                    self.stays[site] = self._add(index, None, None)
                    self.onward.append(())
                    self.spent.add(self.stays[site])

    def _add_channels(self) -> None:
        senders: dict[int, int] = {}
        takers: dict[int, int] = {}
        operations = self.program.operations
        for index, operation in enumerate(operations):
            if isinstance(operation, Send):
                if not operation.broadcast and operation.channel >= 0:
                    senders.setdefault(operation.channel, index)
                for target in message_targets(operation):
                    senders.setdefault(~target, index)
            elif isinstance(operation, Take):
                takers.setdefault(operation.channel, index)
        self.first_message = len(self.operation_of)
        self.in_transit = {channel: self._add(index, "deliver", None) for channel, index in senders.items()}
        self.first_waiting = len(self.operation_of)
        self.waiting = {channel: self._add(index, None, None) for channel, index in takers.items()}
        self.channel_of = {site: channel for channel, site in self.in_transit.items()}
        self.takers = {index: operation.channel for index, operation in enumerate(operations) if isinstance(operation, Take)}

    def _add_turns(self, limits: Limits) -> None:
        self.first_turn = len(self.operation_of)
        self.counted: dict[int, Counted] = {}
        for index, operation in enumerate(self.program.operations):
            turns = turns_of(operation, limits) if isinstance(operation, Repeat) else None
            if turns is not None and turns.most > 0 and isinstance(operation, Repeat):
                self.counted[index] = self.counted[operation.body.target] = Counted(len(self.operation_of), turns)
                self.passes[operation.body.target] = Turn
                for _ in range(turns.most):
                    self.is_guard[self._add(index, None, None)] = True  # it keeps no scope open
            elif turns is not None:
                self.possible[index] = (ON,)

    def _inclusive_joins(self) -> tuple[Inclusive, ...]:
        found = []
        for index, reachable in entries_reachable(self.program).items():
            join, first = self.program.operations[index], self.first_entry[index]
            assert isinstance(join, Join)
            masks = [_mask(reachable[self.operation_of[site]]) for site in range(self.first_message)]
            for site, way in self._rested.items():
                if way.target == index:
                    masks[site] = 1 << way.entry
            found.append(Inclusive(index, self.program.scopes[index], first, join.entries, masks))
        return tuple(found)


def _mask(entries: frozenset[int]) -> int:
    return sum(1 << entry for entry in entries)


def _possible_ways(program: Program, impossible: frozenset[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    possible = {}
    for index, operation in enumerate(program.operations):
        if isinstance(operation, (Choose, Select, Repeat)):
            possible[index] = tuple(at for at in range(len(ways_of(operation))) if (index, at) not in impossible)
            if not possible[index] and not (isinstance(operation, Select) and operation.always):
                raise ValueError(f"one way of operation {index} ({operation.origin.element}) must be possible (got none)")
    return possible
