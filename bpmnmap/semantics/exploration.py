"""Exploration: all markings that a case can come to from one start, breadth first, so that the first way found is a shortest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Send, Take, Work
from bpmnmap.semantics.reachability import repeated_operations
from bpmnmap.semantics.sites import Sites
from bpmnmap.semantics.token_game import Move, TokenGame

WORK: Final = 1_000_000
"""How many tokens are moved and compared, at most: about a second, where markings are many, large, or reached by very many moves."""


class Exploration:
    """The markings that a case can come to from one start.

    Parameters
    ----------
    budget
        How many markings are looked at, at most.
    work
        How many tokens are moved and compared, at most.

    Attributes
    ----------
    completed
        Markings, by number, in which a case has ended.
    stuck
        Markings in which nothing more can happen → the one since which nothing did but guards that fire again and again.
    doubled
        `Work` at which two tokens of one scope can be at once → the first marking of that kind.
    growing
        Operations to which ever more tokens can come → the first marking that shows it. Markings of which each token was
        there before, and more besides, are not explored further.
    entered
        Operations that tokens come to.
    exhausted
        Whether budget or work ended the exploration.
    work
        How much of it is left.
    first_at
        `Send` and `Take` that tokens come to → the marking and the move of a shortest run there.
    taken
        `Take` at which a message is taken.
    """

    def __init__(self, game: TokenGame, start: int, budget: int, work: int = WORK) -> None:
        self.game = game
        self.work = work
        self.markings = [game.initial(start)]
        self.moves: list[Move | None] = [None]  # by which each marking was found first
        self.parents = [-1]
        self.successors: list[list[int]] = []
        self.completed: list[int] = []
        self.stuck: dict[int, int] = {}
        self.doubled: dict[int, int] = {}
        self.growing: dict[int, int] = {}
        self.entered: set[int] = set()
        self.exhausted = False
        self.first_at: dict[int, tuple[int, Move]] = {}
        self.taken: set[int] = set()
        operations = game.program.operations
        works = {index for index, operation in enumerate(operations) if isinstance(operation, Work)}
        self._works = works - repeated_operations(game.program)
        self._messages = {index for index, operation in enumerate(operations) if isinstance(operation, (Send, Take))}
        self._first_turn = game.sites.first_turn
        self._sizes = [1]
        self._cut: set[int] = set()
        self._explore(budget)

    @property
    def is_whole(self) -> bool:
        """Whether all that can happen was seen."""
        return not self.exhausted and not self._cut

    def _explore(self, budget: int) -> None:
        numbers = {self.markings[0]: 0}
        for number, marking in enumerate(self.markings):  # grows meanwhile
            found: list[int] = []
            self.successors.append(found)
            if number in self._cut:
                continue
            for move in self.game.each_move(marking):
                self.entered.update(move.entered)
                if self._messages:
                    self._note_messages(number, move)
                known = numbers.get(move.marking)
                self.work -= self._sizes[number] + len(move.entered)
                if self.work < 0 or (known is None and len(self.markings) >= budget):
                    self.exhausted = True
                    return
                if known is None:
                    known = numbers[move.marking] = len(self.markings)
                    self._add(move, number)
                found.append(known)
            if not found:
                self._end(number)

    def _note_messages(self, number: int, move: Move) -> None:
        self.taken.update(move.taken)
        for index in self._messages.intersection(move.entered):
            self.first_at.setdefault(index, (number, move))

    def _end(self, number: int) -> None:
        """Sort in a marking in which nothing more can happen, or would but for guards that no longer fire."""
        if self.game.is_completed(self.markings[number]):
            self.completed.append(number)
            return
        stuck_since = self._stuck_since(number)
        if stuck_since is None:
            self._cut.add(number)
        else:
            self.stuck[number] = stuck_since

    def _stuck_since(self, number: int) -> int | None:
        """Return since when a case does not get on but by guards that fire again; None: those might help."""
        sites = self.game.sites
        if not sites.spent or sites.spent.isdisjoint(_all_sites(self.markings[number])):
            return number
        here = _without_guards(self.markings[number], sites)
        found, before = None, self.parents[number]
        while before >= 0:
            if _without_guards(self.markings[before], sites) == here:
                found = before
            before = self.parents[before]
        return found

    def _add(self, move: Move, parent: int) -> None:
        number, marking = len(self.markings), move.marking
        self.markings.append(marking)
        self.moves.append(move)
        self.parents.append(parent)
        size = _size(marking, self._first_turn)
        self._sizes.append(size)
        if size == 1:
            return
        for site in _doubled(marking):
            if site in self._works:
                self.doubled.setdefault(site, number)
        before = parent
        while before >= 0:
            if self._sizes[before] < size:
                self.work -= size
                if _covers(marking, self.markings[before]):
                    self._cut.add(number)
                    more = (_all_sites(marking) - _all_sites(self.markings[before])).keys()
                    for site in more:
                        if site < self._first_turn:
                            self.growing.setdefault(self.game.sites.operation_of[site], number)
                    return
            before = self.parents[before]

    def run_to(self, number: int) -> tuple[Move, ...]:
        """Return the moves of a shortest run to a marking."""
        found = []
        while (move := self.moves[number]) is not None:
            found.append(move)
            number = self.parents[number]
        return tuple(reversed(found))

    def endless(self) -> tuple[int, ...]:
        """Return the markings that come again and again to a case which can neither be completed nor get stuck."""
        reverse: list[list[int]] = [[] for _ in self.markings]
        for number, successors in enumerate(self.successors):
            for successor in successors:
                reverse[successor].append(number)
        lost = set(range(len(self.markings))) - self._ending(reverse)
        ways_in = {number: sum(before in lost for before in reverse[number]) for number in lost}
        passed = [number for number in lost if ways_in[number] == 0]
        for number in passed:  # grows meanwhile: what only leads to the circle
            for successor in self.successors[number]:
                ways_in[successor] -= 1
                if ways_in[successor] == 0:
                    passed.append(successor)
        return tuple(sorted(lost.difference(passed)))

    def _ending(self, reverse: list[list[int]]) -> set[int]:
        """Return the markings from which a case can be completed, get stuck, or come to what was not explored."""
        first_open = len(self.successors) - 1 if self.exhausted else len(self.markings)
        pending = [*self.completed, *self.stuck, *self._cut, *range(first_open, len(self.markings))]
        ending = set(pending)
        while pending:
            for before in reverse[pending.pop()]:
                if before not in ending:
                    ending.add(before)
                    pending.append(before)
        return ending


def _size(marking: Marking, first_turn: int) -> int:
    """Return the number of tokens and scopes."""
    tokens = marking.tokens
    size = len(tokens) if not tokens or tokens[-1] < first_turn else sum(site < first_turn for site in tokens)
    return size + (sum(1 + _size(scope, first_turn) for scope in marking.scopes) if marking.scopes else 0)


def _without_guards(marking: Marking, sites: Sites) -> Marking:
    """Return a marking as it is but for guards that fire again and again."""
    tokens = tuple(site for site in marking.tokens if site not in sites.stays and site not in sites.spent)
    return Marking(marking.opened, tokens, tuple(sorted(_without_guards(scope, sites) for scope in marking.scopes)))


def _doubled(marking: Marking) -> Iterator[int]:
    tokens = marking.tokens
    yield from (tokens[at] for at in range(1, len(tokens)) if tokens[at] == tokens[at - 1])
    for scope in marking.scopes:
        yield from _doubled(scope)


def _all_sites(marking: Marking) -> Counter[int]:
    sites = Counter(marking.tokens)
    for scope in marking.scopes:
        sites[scope.opened] += 1
        sites.update(_all_sites(scope))
    return sites


def _covers(marking: Marking, other: Marking) -> bool:
    """Whether a marking has all that another has, scope by scope."""
    if marking.opened != other.opened or not _has_all(marking.tokens, other.tokens):
        return False
    left = list(marking.scopes)
    for inner in other.scopes:
        match = next((scope for scope in left if _covers(scope, inner)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _has_all(tokens: tuple[int, ...], others: tuple[int, ...]) -> bool:
    left = list(tokens)
    for token in others:
        if token not in left:
            return False
        left.remove(token)
    return True
