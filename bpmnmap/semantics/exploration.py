"""Exploration: all markings that a case can come to from one start, breadth first, so that the first way found is a shortest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bpmnmap.semantics.passage import Marking
from bpmnmap.semantics.program import Work
from bpmnmap.semantics.token_game import Move, TokenGame

_MOVES_PER_MARKING = 16  # so that branches which all choose, with very many moves to few markings, cost no more than others


class Exploration:
    """The markings that a case can come to from one start.

    Parameters
    ----------
    budget
        How many markings are looked at, at most.

    Attributes
    ----------
    completed, stuck
        Markings, by number, in which nothing more can happen.
    doubled
        `Work` at which two tokens of one scope can be at once → the first marking of that kind.
    growing
        Operations to which ever more tokens can come → the first marking that shows it. Markings of which each token was
        there before, and more besides, are not explored further.
    entered
        Operations that tokens come to.
    exhausted
        Whether the budget ended the exploration.
    """

    def __init__(self, game: TokenGame, start: int, budget: int) -> None:
        self.game = game
        self.markings = [game.initial(start)]
        self.moves: list[Move | None] = [None]  # by which each marking was found first
        self.parents = [-1]
        self.successors: list[list[int]] = []
        self.completed: list[int] = []
        self.stuck: list[int] = []
        self.doubled: dict[int, int] = {}
        self.growing: dict[int, int] = {}
        self.entered: set[int] = set()
        self.exhausted = False
        self._works = {index for index, operation in enumerate(game.program.operations) if isinstance(operation, Work)}
        self._sizes = [1]
        self._cut: set[int] = set()
        self._explore(budget)

    @property
    def is_whole(self) -> bool:
        """Whether all that can happen was seen."""
        return not self.exhausted and not self._cut

    def _explore(self, budget: int) -> None:
        numbers = {self.markings[0]: 0}
        moves_left = budget * _MOVES_PER_MARKING
        for number, marking in enumerate(self.markings):  # grows meanwhile
            found: list[int] = []
            self.successors.append(found)
            if number in self._cut:
                continue
            for move in self.game.each_move(marking):
                self.entered.update(move.entered)
                known = numbers.get(move.marking)
                moves_left -= 1
                if moves_left < 0 or (known is None and len(self.markings) >= budget):
                    self.exhausted = True
                    return
                if known is None:
                    known = numbers[move.marking] = len(self.markings)
                    self._add(move, number)
                found.append(known)
            if not found:
                (self.completed if self.game.is_completed(marking) else self.stuck).append(number)

    def _add(self, move: Move, parent: int) -> None:
        number, marking = len(self.markings), move.marking
        self.markings.append(marking)
        self.moves.append(move)
        self.parents.append(parent)
        size = _size(marking)
        self._sizes.append(size)
        if size == 1:
            return
        for site in _doubled(marking):
            if site in self._works:
                self.doubled.setdefault(site, number)
        before = parent
        while before >= 0:
            if self._sizes[before] < size and _covers(marking, self.markings[before]):
                self._cut.add(number)
                for site in _all_sites(marking) - _all_sites(self.markings[before]):
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


def _size(marking: Marking) -> int:
    return len(marking.tokens) + (sum(1 + _size(scope) for scope in marking.scopes) if marking.scopes else 0)


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
