"""The token game: what may happen next in a case, without clock and chance.

A marking says where the tokens of a case rest; a move is one thing that may happen: a task is completed, an event fires, a
message is delivered. What takes no time happens within the move, in the order in which the engine does it: forks depth
first, guards before the body. Where a token chooses, each way is a move of its own.

Whatever a timed run does is a path of this game. The game allows more: a message may be on its way for any time, and any
of several tokens that wait on one channel may take it. A circle that takes no time is cut: tokens rest on one of its ways.
When all rest, inclusive joins go on that wait for nothing more, one by one in document order. Where the map gives no number
of items or turns, each of 1, 2, 3 is tried (`Limits`). A terminate end of the case itself leaves its messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from bpmnmap.semantics.cardinality import DEFAULT_LIMITS, Limits
from bpmnmap.semantics.marking import Marking, freeze
from bpmnmap.semantics.passage import Passage
from bpmnmap.semantics.program import Choose, Operation, Program, Select
from bpmnmap.semantics.sites import MoveKind, Sites

Event: TypeAlias = tuple[str, str]

EVENT_KINDS: Final = frozenset({"complete", "fire", "flow"})


class Move(NamedTuple):
    """One thing that may happen.

    Parameters
    ----------
    kind
        ``start``; ``complete`` a `Work`; ``fire`` a `Wait`; ``deliver`` a message; ``arrive`` at the end of a way.
    operation
        Index of the operation that it happens at; of a message, of the first that sends on its channel.
    chosen
        For each `Choose` and `Select` passed, in order: its index and the index of each way chosen.
    entered
        Operations that tokens came to, in order.
    marking
        What the case is like then.
    taken
        The `Take` of each message taken, in order.
    """

    kind: MoveKind
    operation: int
    chosen: tuple[tuple[int, int], ...]
    entered: tuple[int, ...]
    marking: Marking
    taken: tuple[int, ...] = ()


class TokenGame:
    """The game of one Program, ready to be played.

    Parameters
    ----------
    impossible
        Ways that no token takes (probability 0): index of the `Choose`, `Select` or `Repeat`, index of the way.
    travelled
        Ids of flows on which tokens rest until they arrive, a move of its own. Needed only to follow a timed run that
        cancels tokens on their way.
    limits
        How far numbers of items, turns and firings are played.

    Raises
    ------
    ValueError
        All ways of an operation are impossible.

    Examples
    --------
    >>> from bpmnmap.semantics.program import End, Origin, Start, Way, Work
    >>> operations = (Start(Origin("s", "startEvent"), Way(1)), Work(Origin("t", "task"), Way(2)), End(Origin("e", "endEvent")))
    >>> game = TokenGame(Program("p", operations, (-1, -1, -1)))
    >>> marking = game.initial(0)
    >>> while moves := game.moves(marking):
    ...     print(moves[0].kind, operations[moves[0].operation].origin.element)
    ...     marking = moves[0].marking
    start s
    complete t
    >>> game.is_completed(marking)
    True
    """

    def __init__(
        self,
        program: Program,
        *,
        impossible: frozenset[tuple[int, int]] = frozenset(),
        travelled: frozenset[str] = frozenset(),
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.program = program
        self.sites = Sites(program, impossible, travelled, limits)

    def initial(self, start: int) -> Marking:
        """Return the marking of a case that is about to start at the `Start` of this index."""
        return Marking(-1, (start,))

    def is_completed(self, marking: Marking) -> bool:
        """Whether the case has ended: no token is left but messages that nobody has taken (H1)."""
        return not marking.scopes and (not marking.tokens or marking.tokens[0] >= self.sites.first_waiting)

    def moves(self, marking: Marking) -> tuple[Move, ...]:
        """Return all that may happen next, in order of scope, site and way; nothing: the case is completed or stuck."""
        return tuple(self.each_move(marking))

    def each_move(self, marking: Marking) -> Iterator[Move]:
        """Yield what `moves` returns: branches that all choose make very many."""
        kinds = self.sites.move_kinds
        for path, scope in _walk(marking, ()):
            before = -1
            for site in scope.tokens:
                kind = kinds[site]
                if kind is not None and site != before:
                    before = site
                    yield from self._outcomes(marking, path, site, kind)

    def _outcomes(self, marking: Marking, path: tuple[int, ...], site: int, kind: MoveKind) -> Iterator[Move]:
        """Yield a move for each way in which things may turn out: the choices are counted up like digits."""
        operation = self.sites.operation_of[site]
        prefix: list[int] = []
        while True:
            passage = Passage(self.sites, marking, path, site, prefix)
            yield Move(
                kind, operation, tuple(passage.chosen), tuple(passage.entered), freeze(passage.root), tuple(passage.taken)
            )
            prefix, limits = passage.picks, passage.limits
            while prefix and prefix[-1] + 1 == limits[len(prefix) - 1]:
                prefix.pop()
            if not prefix:
                return
            prefix[-1] += 1

    def events(self, move: Move) -> tuple[Event, ...]:
        """Return what a trace tells of a move: a completion or firing, by element, then the flows chosen.

        Whether a multi-instance activity is complete is not told.
        """
        operations = self.program.operations
        own = ((str(move.kind), operations[move.operation].origin.element),) if move.kind in EVENT_KINDS else ()
        return own + tuple(event for index, way in move.chosen for event in _flow_chosen(operations[index], way))


def _flow_chosen(operation: Operation, way: int) -> tuple[Event, ...]:
    if isinstance(operation, Select) or (isinstance(operation, Choose) and operation.decides != "complete"):
        return (("flow", operation.flows[way]),)
    return ()


def _walk(marking: Marking, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Marking]]:
    """Yield each scope and the path to it; of equal ones that stand beside each other, the first."""
    yield path, marking
    for position, scope in enumerate(marking.scopes):
        if position == 0 or scope != marking.scopes[position - 1]:
            yield from _walk(scope, (*path, position))


class Replay(NamedTuple):
    """How far a trace is a path of the game.

    Parameters
    ----------
    matched
        How many of its events, from the first, are on a path.
    markings
        What the case may be like after all of them; nothing: the trace is no path.
    exhausted
        Whether the budget ended the search, so that there may be more: circles that send messages without time have no end.
    """

    matched: int
    markings: frozenset[Marking]
    exhausted: bool = False


def replay(
    program: Program,
    start: int,
    trace: Sequence[Event],
    *,
    kinds: frozenset[str] = EVENT_KINDS,
    impossible: frozenset[tuple[int, int]] = frozenset(),
    travelled: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT_LIMITS,
    budget: int = 100_000,
) -> Replay:
    """Return how far the events of one case are a path of the game.

    Parameters
    ----------
    trace
        ``("complete", id of a task)``, ``("fire", id of an event)`` and ``("flow", id of a flow chosen)``, in order.
    kinds
        The kinds of event that the trace tells; what it never tells may happen at any time.
    impossible, travelled, limits
        As of `TokenGame`.
    budget
        How many moves are tried, at most.

    Examples
    --------
    >>> from bpmnmap.semantics.program import End, Origin, Start, Way, Work
    >>> operations = (Start(Origin("s", "startEvent"), Way(1)), Work(Origin("t", "task"), Way(2)), End(Origin("e", "endEvent")))
    >>> replay(Program("p", operations, (-1, -1, -1)), 0, [("complete", "t"), ("complete", "t")])
    Replay(matched=1, markings=frozenset(), exhausted=False)
    """
    game = token_game(program, impossible, travelled, limits)
    reached: list[set[Marking]] = [set() for _ in range(len(trace) + 1)]
    reached[0].add(game.initial(start))
    events = tuple(trace)
    for at, markings in enumerate(reached):
        pending = list(markings)
        for marking in pending:  # grows meanwhile: by what is not told
            for move in game.each_move(marking):
                budget -= 1
                told = tuple(event for event in game.events(move) if event[0] in kinds)
                after = at + len(told)
                if events[at:after] == told and move.marking not in reached[after]:
                    reached[after].add(move.marking)
                    if not told:
                        pending.append(move.marking)
            if budget < 0:
                break
    matched = max(at for at, markings in enumerate(reached) if markings)
    return Replay(matched, frozenset(reached[-1]), budget < 0)


@lru_cache(maxsize=16)
def token_game(
    program: Program,
    impossible: frozenset[tuple[int, int]] = frozenset(),
    travelled: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT_LIMITS,
) -> TokenGame:
    """Return the game of a Program, kept for the next call."""
    return TokenGame(program, impossible=impossible, travelled=travelled, limits=limits)


def initial(program: Program, start: int) -> Marking:
    """Return the marking of a case that is about to start at the `Start` of this index."""
    return token_game(program).initial(start)


def moves(program: Program, marking: Marking, *, impossible: frozenset[tuple[int, int]] = frozenset()) -> tuple[Move, ...]:
    """Return all that may happen next in a case; nothing: it is completed or stuck."""
    return token_game(program, impossible).moves(marking)


def is_completed(program: Program, marking: Marking) -> bool:
    """Whether the case has ended: no token is left but messages that nobody has taken (H1)."""
    return token_game(program).is_completed(marking)
