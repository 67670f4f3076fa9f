"""The token game: what may happen next in a case, without clock and chance.

A marking says where the tokens of a case rest; a move is one thing that may happen: a task is completed, an event fires, a
message is delivered. What takes no time happens within the move, in the order in which the engine does it: forks depth
first, guards before the body. Where a token chooses, each way is a move of its own.

Whatever a timed run does is a path of this game. The game allows more: a message may be on its way for any time, and any
of several waiting tokens may take it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from bpmnmap.semantics.program import (
    Cancel,
    Choose,
    End,
    Fork,
    Join,
    Leave,
    Open,
    Operation,
    Program,
    Send,
    Start,
    Take,
    Wait,
    Work,
    ways_of,
)
from bpmnmap.semantics.resting import guarding_operations, ways_to_rest_on

MoveKind: TypeAlias = Literal["start", "complete", "fire", "deliver", "arrive"]
Event: TypeAlias = tuple[str, str]
EVENT_KINDS = frozenset({"complete", "fire", "flow"})


class Marking(NamedTuple):
    """Where the tokens of a case rest: a tree of scopes, hashable; equal trees are equal markings.

    Tokens that have ended in a scope are not part of it: they have no say in what may happen.

    Parameters
    ----------
    opened
        Index of the `Open` that opened the scope; −1 is the case itself.
    tokens
        The site of each token, sorted. Sites are numbered by `TokenGame`: first the operations, then the entries of
        joins, ways on which tokens rest, messages on their way and messages that wait, by channel.
    scopes
        The scopes in it, sorted.
    """

    opened: int
    tokens: tuple[int, ...]
    scopes: tuple[Marking, ...]


class Move(NamedTuple):
    """One thing that may happen.

    Parameters
    ----------
    kind
        ``start``; ``complete`` a `Work`; ``fire`` a `Wait`; ``deliver`` a message; ``arrive`` at the end of a way.
    operation
        Index of the operation that it happens at: of a message, the sender's.
    chosen
        For each `Choose` passed, in order: its index and the index of the way taken.
    entered
        Operations that tokens came to, in order.
    marking
        What the case is like then.
    """

    kind: MoveKind
    operation: int
    chosen: tuple[tuple[int, int], ...]
    entered: tuple[int, ...]
    marking: Marking


class TokenGame:
    """The game of one Program, ready to be played.

    Parameters
    ----------
    impossible
        Ways that no token takes (probability 0): index of the `Choose`, index of the way.
    travelled
        Ids of flows on which tokens rest until they arrive, a move of its own. Needed only to follow a timed run in
        which something is cancelled meanwhile.

    Raises
    ------
    ValueError
        All ways of a `Choose` are impossible.

    Examples
    --------
    >>> from bpmnmap.semantics.program import Origin, Way
    >>> def origin(name): return Origin(name, "task")
    >>> game = TokenGame(Program("p", (Start(origin("s"), Way(1)), Work(origin("t"), Way(2)), End(origin("e"))), (-1,) * 3))
    >>> marking = game.initial(0)
    >>> while moves := game.moves(marking):
    ...     print(moves[0].kind, game.element(moves[0].operation))
    ...     marking = moves[0].marking
    start s
    complete t
    >>> game.is_completed(marking)
    True
    """

    def __init__(
        self, program: Program, *, impossible: frozenset[tuple[int, int]] = frozenset(), travelled: frozenset[str] = frozenset()
    ) -> None:
        operations = program.operations
        self.program = program
        self.operation_of = list(range(len(operations)))  # by site, as all lists below
        self.move_kinds: list[MoveKind | None] = [_MOVE_KINDS.get(type(operation)) for operation in operations]
        self.passages = [_PASSAGES[type(operation)] for operation in operations]
        self.first_entry = {index: self._add_entries(index, operation) for index, operation in enumerate(operations) if isinstance(operation, Join)}
        self.onward: list[tuple[int, ...]] = [()] * len(self.operation_of)  # where the ways of a site lead
        resting = ways_to_rest_on(program, travelled)
        for index, operation in enumerate(operations):
            self.onward[index] = tuple(self._site(index, position, position in resting.get(index, ())) for position in range(len(ways_of(operation))))
        self.possible = _possible_ways(program, impossible)
        guards = guarding_operations(program)
        self.is_guard = [index in guards for index in self.operation_of]
        channels = sorted({operation.channel for operation in operations if isinstance(operation, (Send, Take))})
        self.first_message = len(self.operation_of)
        self.in_transit = {channel: self._add_messages(Send, channel, "deliver") for channel in channels}
        self.first_waiting = len(self.operation_of)
        self.waiting = {channel: self._add_messages(Take, channel, None) for channel in channels}
        self.channel_of = {site: channel for channel, site in self.in_transit.items()}

    def _add(self, operation: int, kind: MoveKind | None) -> int:
        self.operation_of.append(operation)
        self.move_kinds.append(kind)
        self.passages.append(_PASSAGES[type(self.program.operations[operation])] if kind is None else _Passage.rest)
        return len(self.operation_of) - 1

    def _add_entries(self, index: int, join: Join) -> int:
        first = len(self.operation_of)
        for _ in range(join.entries):
            self._add(index, None)
        return first

    def _site(self, index: int, position: int, rests: bool) -> int:
        way = ways_of(self.program.operations[index])[position]
        site = self.first_entry[way.target] + way.entry if way.target in self.first_entry else way.target
        if not rests:
            return site
        self.onward.append((site,))
        return self._add(way.target, "arrive")

    def _add_messages(self, kind: type[Send] | type[Take], channel: int, move: MoveKind | None) -> int:
        found = [at for at, operation in enumerate(self.program.operations) if isinstance(operation, kind) and operation.channel == channel]
        self.is_guard.append(False)
        return self._add(found[0] if found else 0, move)

    def element(self, operation: int) -> str:
        """Return the id of an operation's element."""
        return self.program.operations[operation].origin.element

    def initial(self, start: int) -> Marking:
        """Return the marking of a case that is about to start at the `Start` of this index."""
        return Marking(-1, (start,), ())

    def is_completed(self, marking: Marking) -> bool:
        """Whether the case has ended: no token is left, but for messages that nobody has taken (H1)."""
        return not marking.scopes and (not marking.tokens or marking.tokens[0] >= self.first_waiting)

    def moves(self, marking: Marking) -> tuple[Move, ...]:
        """Return all that may happen next, by scope, site and way; nothing: the case is completed or stuck."""
        return tuple(self.each_move(marking))

    def each_move(self, marking: Marking) -> Iterator[Move]:
        """Yield what `moves` returns; branches of a fork that all choose can make very many."""
        kinds = self.move_kinds
        for path, scope in _walk(marking, ()):
            last = -1
            for site in scope.tokens:
                if site != last and (kind := kinds[site]) is not None:
                    last = site
                    yield from self._outcomes(marking, path, site, kind)

    def _outcomes(self, marking: Marking, path: tuple[int, ...], site: int, kind: MoveKind) -> Iterator[Move]:
        """Let a token go on once for each way in which things may turn out, by counting up its choices."""
        prefix: list[int] = []
        while True:
            passage = _Passage(self, marking, prefix)
            passage.let_go(path, site)
            yield Move(kind, self.operation_of[site], tuple(passage.chosen), tuple(passage.entered), passage.root.freeze())
            picks, limits = passage.picks, passage.limits
            while picks and picks[-1] + 1 == limits[len(picks) - 1]:
                picks.pop()
            if not picks:
                return
            picks[-1] += 1
            prefix = picks


class _Scope:
    """A scope while tokens pass."""

    __slots__ = ("alive", "opened", "parent", "scopes", "tokens")

    def __init__(self, opened: int, tokens: Iterable[int], parent: _Scope | None) -> None:
        self.opened = opened
        self.tokens = list(tokens)
        self.parent = parent
        self.scopes: list[_Scope] = []
        self.alive = True

    def freeze(self) -> Marking:
        return Marking(self.opened, tuple(sorted(self.tokens)), tuple(sorted(scope.freeze() for scope in self.scopes)) if self.scopes else ())

    def remove(self) -> _Scope:
        """Take the scope out of the one around it, with all in it; return that one."""
        assert self.parent is not None
        self.parent.scopes.remove(self)
        for scope in self.and_inner():
            scope.alive = False
        return self.parent

    def and_inner(self) -> Iterator[_Scope]:
        yield self
        for scope in self.scopes:
            yield from scope.and_inner()


class _Passage:
    """Tokens on their way to where they rest; `picks` are the choices made, the first ones given as `prefix`."""

    def __init__(self, game: TokenGame, marking: Marking, prefix: list[int]) -> None:
        self.game = game
        self.prefix = prefix
        self.root = _thaw(marking, None)
        self.stack: list[tuple[_Scope, int]] = []
        self.picks: list[int] = []
        self.limits: list[int] = []
        self.chosen: list[tuple[int, int]] = []
        self.entered: list[int] = []

    def let_go(self, path: tuple[int, ...], site: int) -> None:
        """Take the token away from where it rests, and let all pass until all rest."""
        scope = self.root
        for index in path:
            scope = scope.scopes[index]
        scope.tokens.remove(site)
        game, stack, entered = self.game, self.stack, self.entered
        if site in game.channel_of:
            self.deliver(game.channel_of[site])
        else:
            stack.append((scope, game.onward[site][0]))
        while stack:
            scope, site = stack.pop()
            if scope.alive:
                index = game.operation_of[site]
                entered.append(index)
                game.passages[site](self, scope, site, index)

    def pick(self, limit: int) -> int:
        if limit == 1:
            return 0
        at = len(self.picks)
        picked = self.prefix[at] if at < len(self.prefix) else 0
        self.picks.append(picked)
        self.limits.append(limit)
        return picked

    def rest(self, scope: _Scope, site: int, _index: int) -> None:
        scope.tokens.append(site)

    def go_on(self, scope: _Scope, _site: int, index: int) -> None:
        self.stack.append((scope, self.game.onward[index][0]))

    def choose(self, scope: _Scope, _site: int, index: int) -> None:
        ways = self.game.possible[index]
        way = ways[self.pick(len(ways))]
        self.chosen.append((index, way))
        self.stack.append((scope, self.game.onward[index][way]))

    def fork(self, scope: _Scope, _site: int, index: int) -> None:
        for onward in reversed(self.game.onward[index]):
            self.stack.append((scope, onward))

    def join(self, scope: _Scope, site: int, index: int) -> None:
        tokens, entry = scope.tokens, self.game.first_entry[index]
        others = [other for other in range(entry, entry + self.game.program.operations[index].entries) if other != site]  # type: ignore[union-attr]
        if all(other in tokens for other in others):
            for other in others:
                tokens.remove(other)
            self.stack.append((scope, self.game.onward[index][0]))
        else:
            tokens.append(site)

    def end(self, scope: _Scope, _site: int, index: int) -> None:
        if scope.parent is not None and not self.game.is_guard[index] and self._is_over(scope):
            parent = scope.remove()
            self.stack.append((parent, self.game.onward[scope.opened][-1]))

    def _is_over(self, scope: _Scope) -> bool:
        """Whether all but guards have ended in a scope."""
        is_guard = self.game.is_guard
        passing = (site for inside, site in self.stack if inside is scope)
        return all(is_guard[site] for site in (*scope.tokens, *passing, *(inner.opened for inner in scope.scopes)))

    def open(self, scope: _Scope, _site: int, index: int) -> None:
        operation = self.game.program.operations[index]
        assert isinstance(operation, Open)
        child = _Scope(index, (), scope)
        scope.scopes.append(child)
        onward = self.game.onward[index]
        guards = 1 if operation.body is not None else 0
        if operation.body is not None:
            self.stack.append((child, onward[0]))
        for guard in reversed(onward[guards : guards + len(operation.guards)]):
            self.stack.append((child, guard))

    def cancel(self, scope: _Scope, _site: int, index: int) -> None:
        self.stack.append((scope.remove(), self.game.onward[index][0]))

    def leave(self, scope: _Scope, _site: int, index: int) -> None:
        assert scope.parent is not None
        self.stack.append((scope.parent, self.game.onward[index][0]))

    def send(self, scope: _Scope, _site: int, index: int) -> None:
        operation = self.game.program.operations[index]
        assert isinstance(operation, Send)
        self.stack.append((scope, self.game.onward[index][0]))
        if self.pick(2) == 0:
            self.root.tokens.append(self.game.in_transit[operation.channel])
        else:  # it is there at once, before the sender goes on
            self.deliver(operation.channel)

    def deliver(self, channel: int) -> None:
        """Let one of the tokens that wait for a message on this channel take it, or let it wait."""
        operations = self.game.program.operations
        takers = [
            (scope, site)
            for scope in self.root.and_inner()
            for site in dict.fromkeys(scope.tokens)
            if site < len(operations) and isinstance(taker := operations[site], Take) and taker.channel == channel
        ]
        if takers:
            scope, site = takers[self.pick(len(takers))]
            scope.tokens.remove(site)
            self.stack.append((scope, self.game.onward[site][0]))
        else:
            self.root.tokens.append(self.game.waiting[channel])

    def take(self, scope: _Scope, site: int, index: int) -> None:
        operation = self.game.program.operations[index]
        assert isinstance(operation, Take)
        waiting = self.game.waiting[operation.channel]
        if waiting in self.root.tokens:
            self.root.tokens.remove(waiting)
            self.stack.append((scope, self.game.onward[index][0]))
        else:
            scope.tokens.append(site)
