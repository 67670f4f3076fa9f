"""Passage: tokens on their way from where one rested to where all rest, in the order in which the engine moves them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from bpmnmap.semantics.inclusive import may_merge
from bpmnmap.semantics.marking import Marking, Scope, thaw
from bpmnmap.semantics.program import (
    Cancel,
    Choose,
    End,
    Fork,
    Join,
    Leave,
    Open,
    Operation,
    Repeat,
    Select,
    Send,
    Spread,
    Start,
    Take,
    Wait,
    Work,
)
from bpmnmap.semantics.sites import BODY, ON, Gone, Passed, Sites, Turn


class Passage:
    """One way in which things turn out after a token has left its site.

    Parameters
    ----------
    path
        Leads to the token's scope: positions among the scopes of the one around.
    prefix
        The first choices to make; all further ones fall on 0.

    Attributes
    ----------
    picks, limits
        The choices made, in order, and among how many.
    chosen
        For each `Choose` or `Select` passed: its index and the index of each way chosen.
    entered
        Operations that tokens came to, in order.
    taken
        The `Take` of each message taken, in order.
    """

    __slots__ = ("chosen", "entered", "limits", "picks", "prefix", "root", "sites", "stack", "taken")

    def __init__(self, sites: Sites, marking: Marking, path: tuple[int, ...], site: int, prefix: list[int]) -> None:
        self.sites = sites
        self.prefix = prefix
        self.root = scope = thaw(marking)
        self.stack: list[tuple[Scope, int]] = []
        self.picks: list[int] = []
        self.limits: list[int] = []
        self.chosen: list[tuple[int, int]] = []
        self.entered: list[int] = []
        self.taken: list[int] = []
        for position in path:
            scope = scope.scopes[position]
        scope.tokens.remove(site)
        if site in sites.channel_of:
            self._deliver(sites.channel_of[site])
        else:
            if site in sites.stays:
                scope.tokens.append(sites.stays[site])
            self.stack.append((scope, sites.onward[site][0]))
        self._run()
        if sites.inclusive:
            while self._merge_inclusive():
                self._run()

    def _run(self) -> None:
        stack, entered, passes, operation_of = self.stack, self.entered, self.sites.passes, self.sites.operation_of
        while stack:
            scope, site = stack.pop()
            if scope.alive:
                kind = passes[site]
                if kind is None:  # on a way: it has not come to the operation yet
                    scope.tokens.append(site)
                else:
                    index = operation_of[site]
                    entered.append(index)
                    _PASS[kind](self, scope, site, self.sites.program.operations[index])

    def _pick(self, limit: int) -> int:
        if limit == 1:
            return 0
        at = len(self.picks)
        picked = self.prefix[at] if at < len(self.prefix) else 0
        self.picks.append(picked)
        self.limits.append(limit)
        return picked

    def _rest(self, scope: Scope, site: int, _operation: Operation) -> None:
        scope.tokens.append(site)

    def _start(self, scope: Scope, site: int, _operation: Operation) -> None:
        self.stack.append((scope, self.sites.onward[site][0]))

    def _choose(self, scope: Scope, site: int, _operation: Operation) -> None:
        ways = self.sites.possible[site]
        way = ways[self._pick(len(ways))]
        self.chosen.append((site, way))
        self.stack.append((scope, self.sites.onward[site][way]))

    def _select(self, scope: Scope, site: int, select: Select) -> None:
        possible, default = self.sites.possible[site], select.default
        free = [way for way in possible if way != default and way not in select.always]
        may_be_none = default in possible or bool(select.always)
        chosen: list[int] = []
        for way in free:
            is_last_chance = not chosen and not may_be_none and way == free[-1]
            if is_last_chance or self._pick(2) == 0:
                chosen.append(way)
        if not chosen and default is not None and default in possible:
            chosen.append(default)
        self.chosen += ((site, way) for way in chosen)
        for way in sorted({*chosen, *select.always}, reverse=True):
            self.stack.append((scope, self.sites.onward[site][way]))

    def _fork(self, scope: Scope, site: int, _operation: Operation) -> None:
        for onward in reversed(self.sites.onward[site]):
            self.stack.append((scope, onward))

    def _spread(self, scope: Scope, site: int, _operation: Operation) -> None:
        numbers = self.sites.numbers[site]
        number = numbers[self._pick(len(numbers))]
        if number == 0:
            self._vanish(scope, site)
        self.stack += [(scope, self.sites.onward[site][0])] * number

    def _repeat(self, scope: Scope, site: int, _operation: Operation) -> None:
        ways = self.sites.possible[site]
        counted = self.sites.counted.get(site)
        if counted is not None:
            made = self._turns_made(scope, site)
            free = ways if made in counted.turns.over else (BODY,)
            ways = free if made < counted.turns.most else (ON,)
        way = ways[self._pick(len(ways))]
        if way == ON and counted is not None:
            self._count(scope, site, 0)
        self.stack.append((scope, self.sites.onward[site][way]))

    def _turn(self, scope: Scope, site: int, operation: Operation) -> None:
        """Count a turn, then let the token pass the operation where it begins."""
        self._count(scope, site, self._turns_made(scope, site) + 1)
        _PASS[type(operation)](self, scope, site, operation)

    def _turns_made(self, scope: Scope, site: int) -> int:
        counted = self.sites.counted[site]
        return next((token - counted.first + 1 for token in scope.tokens if 0 <= token - counted.first < counted.turns.most), 0)

    def _count(self, scope: Scope, site: int, turns: int) -> None:
        counted = self.sites.counted[site]
        scope.tokens = [token for token in scope.tokens if not 0 <= token - counted.first < counted.turns.most]
        if turns > 0:
            scope.tokens.append(counted.first + min(turns, counted.turns.most) - 1)

    def _join(self, scope: Scope, site: int, join: Join) -> None:
        tokens = scope.tokens
        if join.inclusive:
            tokens.append(site)
            return
        index = self.sites.operation_of[site]
        first = self.sites.first_entry[index]
        others = [other for other in range(first, first + join.entries) if other != site]
        for other in others:
            if other not in tokens:
                tokens.append(site)
                return
        for other in others:
            tokens.remove(other)
        self.stack.append((scope, self.sites.onward[index][0]))

    def _merge_inclusive(self) -> bool:
        """Let the first inclusive join go on that waits for nothing more; return whether there is one."""
        for join in self.sites.inclusive:
            for scope in self.root.and_inner():
                if scope.opened == join.scope:
                    merged = may_merge(scope.tokens, scope.scopes, join, self.sites)
                    if merged:
                        for entry in merged:
                            scope.tokens.remove(entry)
                        self.stack.append((scope, self.sites.onward[join.join][0]))
                        return True
        return False

    def _end(self, scope: Scope, site: int, end: End) -> None:
        if not end.kills:
            self._vanish(scope, site)
            return
        self._empty(scope)
        if scope.parent is not None:
            self._close(scope)

    def _gone(self, scope: Scope, site: int, _operation: Operation) -> None:
        self.entered.pop()  # the token was there already
        self._vanish(scope, site)

    def _vanish(self, scope: Scope, site: int) -> None:
        """Close a scope if the token that is no more was the last of it."""
        if scope.parent is not None and not self.sites.is_guard[site] and self._is_over(scope):
            self._close(scope)

    def _is_over(self, scope: Scope) -> bool:
        """Whether all but guards have ended in a scope."""
        is_guard = self.sites.is_guard
        passing = (site for around, site in self.stack if around is scope)
        return all(is_guard[site] for site in (*scope.tokens, *passing, *(inner.opened for inner in scope.scopes)))

    def _close(self, scope: Scope) -> None:
        after = self.sites.after[scope.opened]
        around = scope.remove()
        if after is None:
            self._vanish(around, scope.opened)
        else:
            self.stack.append((around, after))

    def _empty(self, scope: Scope, *, but_boundary: bool = False) -> None:
        """Take all out of a scope but the case's messages, and what guards it as a whole."""
        for inner in scope.scopes:
            for each in inner.and_inner():
                each.alive = False
        scope.scopes.clear()
        messages = range(self.sites.first_message, self.sites.first_turn)
        stay = self.sites.boundary_guards if but_boundary else frozenset[int]()
        scope.tokens = [site for site in scope.tokens if site in messages or self.sites.operation_of[site] in stay]
        self.stack[:] = [passing for passing in self.stack if passing[0] is not scope]

    def _open(self, scope: Scope, site: int, operation: Open) -> None:
        child = Scope(site, (), scope)
        scope.scopes.append(child)
        body = 0 if operation.body is None else 1
        onward = self.sites.onward[site]
        if body:
            self.stack.append((child, onward[0]))
        for guard in reversed(onward[body : body + len(operation.guards)]):  # guards are armed first (H15)
            self.stack.append((child, guard))

    def _cancel(self, scope: Scope, site: int, cancel: Cancel) -> None:
        if cancel.inside:
            self._empty(scope, but_boundary=True)
        else:
            scope = scope.remove()
        self.stack.append((scope, self.sites.onward[site][0]))

    def _leave(self, scope: Scope, site: int, leave: Leave) -> None:
        if not leave.inside:
            if leave.own:
                self.stack.append((scope, self.sites.gone[site]))
            assert scope.parent is not None
            scope = scope.parent
        self.stack.append((scope, self.sites.onward[site][0]))

    def _send(self, scope: Scope, site: int, send: Send) -> None:
        onward = self.sites.onward[site]
        self.stack.append((scope, onward[0] if onward else self.sites.gone[site]))
        # what is there at once is there before the sender goes on
        if send.broadcast:
            self._broadcast(site, send)
        else:
            self._dispatch(site, send.channel if send.channel >= 0 else ~send.taker)

    def _dispatch(self, site: int, channel: int) -> None:
        """Let a message be on its way, or there at once."""
        if site in self.sites.always_slow or self._pick(2) == 0:
            self.root.tokens.append(self.sites.in_transit[channel])
        else:
            self._deliver(channel)

    def _broadcast(self, site: int, send: Send) -> None:
        """Let all that wait take a copy, in document order, and open what it opens."""
        goals = [(self.root, opener) for opener in send.openers]
        if site in self.sites.always_slow:
            self.root.tokens += [self.sites.in_transit[~opener] for opener in send.openers]
            goals = []
        takers = sorted(self._takers(send.channel), key=lambda taker: taker[1])
        self.stack += reversed([*(self._taken_by(*taker) for taker in takers), *goals])

    def _takers(self, channel: int) -> list[tuple[Scope, int]]:
        channels = self.sites.takers
        return [(scope, site) for scope in self.root.and_inner() for site in scope.tokens if channels.get(site) == channel]

    def _taken_by(self, scope: Scope, site: int) -> tuple[Scope, int]:
        """Let a token take a message; return where it goes on."""
        if site not in self.sites.stays:
            scope.tokens.remove(site)
        self.taken.append(site)
        return scope, self.sites.onward[site][0]

    def _deliver(self, channel: int) -> None:
        """Let one of the tokens that wait for a message on this channel take it, or let it wait; or let it go on by itself."""
        if channel < 0:
            self.stack.append((self.root, ~channel))
            return
        takers = list(dict.fromkeys(self._takers(channel)))
        if takers:
            self.stack.append(self._taken_by(*takers[self._pick(len(takers))]))
        elif channel in self.sites.waiting:
            self.root.tokens.append(self.sites.waiting[channel])

    def _take(self, scope: Scope, site: int, take: Take) -> None:
        waiting = self.sites.waiting[take.channel]
        is_there = waiting in self.root.tokens
        if take.again or not is_there:
            scope.tokens.append(site)
        while waiting in self.root.tokens:
            self.root.tokens.remove(waiting)
            self.taken.append(site)
            self.stack.append((scope, self.sites.onward[site][0]))
            if not take.again:
                break


_Pass: TypeAlias = Callable[[Passage, Scope, int, Any], None]

_PASS: dict[Passed, _Pass] = {
    Start: Passage._start,
    Work: Passage._rest,
    Wait: Passage._rest,
    Choose: Passage._choose,
    Select: Passage._select,
    Fork: Passage._fork,
    Spread: Passage._spread,
    Repeat: Passage._repeat,
    Join: Passage._join,
    End: Passage._end,
    Open: Passage._open,
    Cancel: Passage._cancel,
    Leave: Passage._leave,
    Send: Passage._send,
    Take: Passage._take,
    Gone: Passage._gone,
    Turn: Passage._turn,
}
