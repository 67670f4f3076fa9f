"""Faults: what explorations say of a Program, each fault once, with a shortest run to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpmnmap.semantics.exploration import Exploration
from bpmnmap.semantics.inclusive import awaited
from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Join, Operation, Program, Send, Take, ways_of
from bpmnmap.semantics.token_game import Move, TokenGame


@dataclass(frozen=True, slots=True)
class Deadlock:
    """A case that is stuck.

    Parameters
    ----------
    operations
        Where its tokens stand, in order.
    missing
        Flows by which no token comes to the joins among these.
    run
        Names of the elements completed or fired before, in order: a shortest run.
    flows
        Flows that were chosen in that run.
    """

    operations: tuple[int, ...]
    missing: tuple[str, ...]
    run: tuple[str, ...]
    flows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Livelock:
    """A circle that a case cannot leave: its operations, and a shortest run into it."""

    operations: tuple[int, ...]
    run: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsynchronized:
    """An operation at which two tokens of one scope can be at once; `unbounded`: ever more. With a shortest run to it."""

    operation: int
    unbounded: bool
    run: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmet:
    """A `Send` whose messages nobody ever takes, or a `Take` to which none ever comes; with a shortest run to it."""

    operation: int
    run: tuple[str, ...]


class Faults:
    """What the explorations from all starts found, each fault once."""

    def __init__(self, game: TokenGame) -> None:
        self.game = game
        self.deadlocks: dict[tuple[tuple[int, ...], tuple[str, ...]], Deadlock] = {}
        self.livelocks: dict[tuple[int, ...], Livelock] = {}
        self.unsynchronized: dict[int, Unsynchronized] = {}
        self.messages: dict[int, Unmet] = {}
        self.taken: set[int] = set()
        self.exhausted = False

    def add(self, exploration: Exploration) -> None:
        """Add what one exploration found."""
        for number in exploration.stuck.values():
            marking = exploration.markings[number]
            operations = self._operations([marking])
            missing = tuple(dict.fromkeys(self._missing(marking)))
            if (operations, missing) not in self.deadlocks:
                run = exploration.run_to(number)
                self.deadlocks[operations, missing] = Deadlock(operations, missing, self._names(run), self._flows(run))
        for growing, found in ((True, exploration.growing), (False, exploration.doubled)):
            for operation, number in found.items():
                fault = Unsynchronized(operation, growing, self._names(exploration.run_to(number)))
                self.unsynchronized.setdefault(operation, fault)
        endless = exploration.endless()
        if endless:
            operations = self._operations([exploration.markings[number] for number in endless])
            self.livelocks.setdefault(operations, Livelock(operations, self._names(exploration.run_to(endless[0]))))
        self.taken |= exploration.taken
        for operation, (number, move) in exploration.first_at.items():
            if operation not in self.messages:
                self.messages[operation] = Unmet(operation, self._names((*exploration.run_to(number), move)))

    def untaken(self) -> tuple[Unmet, ...]:
        """Return where messages are sent that nobody ever takes."""
        operations = self.game.program.operations
        channels = {operation.channel for operation in (operations[index] for index in self.taken) if isinstance(operation, Take)}
        return tuple(unmet for unmet in self._unmet() if _lost(operations[unmet.operation], channels))

    def unsent(self) -> tuple[Unmet, ...]:
        """Return where tokens wait for messages that never come."""
        operations = self.game.program.operations
        takes = (unmet for unmet in self._unmet() if isinstance(operations[unmet.operation], Take))
        return tuple(unmet for unmet in takes if unmet.operation not in self.taken)

    def _unmet(self) -> list[Unmet]:
        return [self.messages[index] for index in sorted(self.messages)]

    def _operations(self, markings: list[Marking]) -> tuple[int, ...]:
        """Return the operations at which tokens stand, in order."""
        return tuple(sorted({self.game.sites.operation_of[site] for marking in markings for site in self._standing(marking)}))

    def _standing(self, marking: Marking) -> Iterator[int]:
        """Yield the sites where tokens stand; a scope's guards count only where nothing else is in it."""
        tokens = [site for site in marking.tokens if site < self.game.sites.first_waiting]
        own = [site for site in tokens if not self.game.sites.is_guard[site]]
        yield from own if own or marking.scopes else tokens or [marking.opened]
        for scope in marking.scopes:
            yield from self._standing(scope)

    def _missing(self, marking: Marking) -> Iterator[str]:
        """Yield the flows by which no token has come to a join where others wait."""
        sites, operations = self.game.sites, self.game.program.operations
        for index, first in sites.first_entry.items():
            join = operations[index]
            assert isinstance(join, Join)
            absent = {entry for entry in range(join.entries) if first + entry not in marking.tokens}
            if join.inclusive and len(absent) < join.entries:
                absent &= self._still_awaited(marking, index)
            if len(absent) < join.entries:
                ways = (way for operation in operations for way in ways_of(operation) if way.target == index and way.entry in absent)
                yield from (way.flows[-1] for way in ways if way.flows)
        for scope in marking.scopes:
            yield from self._missing(scope)

    def _still_awaited(self, marking: Marking, index: int) -> set[int]:
        """Return the entries of an inclusive join by which tokens may still come."""
        join = next(each for each in self.game.sites.inclusive if each.join == index)
        mask = awaited(marking.tokens, marking.scopes, join, self.game.sites)
        return {entry for entry in range(join.entries) if mask >> entry & 1}

    def _names(self, run: tuple[Move, ...]) -> tuple[str, ...]:
        return tuple(element_name(self.game.program, move.operation) for move in run if move.kind in {"complete", "fire"})

    def _flows(self, run: tuple[Move, ...]) -> tuple[str, ...]:
        return tuple(identifier for move in run for kind, identifier in self.game.events(move) if kind == "flow")


def _lost(operation: Operation, channels: set[int]) -> bool:
    """Whether what is sent waits to be taken, on a channel on which nothing is."""
    return isinstance(operation, Send) and operation.channel >= 0 and not operation.openers and operation.channel not in channels


def element_name(program: Program, operation: int) -> str:
    """Return the name of an operation's element, or its id if it has none."""
    origin = program.operations[operation].origin
    return " ".join(origin.name.split()) if origin.name and origin.name.strip() else origin.element
