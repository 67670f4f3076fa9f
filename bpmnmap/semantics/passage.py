"""Passage: tokens on their way from where one rested to where all rest, in the order in which the engine moves them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

from bpmnmap.semantics.program import Cancel, Choose, End, Fork, Join, Leave, Open, Operation, Send, Start, Take, Wait, Work
from bpmnmap.semantics.sites import Sites


class Marking(NamedTuple):
    """Where the tokens of a case rest: a tree of scopes. Equal trees are equal markings.

    What has ended in a scope is not part of it: it has no say in what may happen.

    Parameters
    ----------
    opened
        Index of the `Open` that opened the scope; −1 is the case itself.
    tokens
        The site of each token (see `Sites`), sorted. The case's own scope also has the messages.
    scopes
        The scopes in it, sorted.
    """

    opened: int
    tokens: tuple[int, ...]
    scopes: tuple[Marking, ...] = ()


class Scope:
    """A scope while tokens pass."""

    __slots__ = ("alive", "opened", "parent", "scopes", "tokens")

    def __init__(self, opened: int, tokens: Iterable[int], parent: Scope | None) -> None:
        self.opened = opened
        self.tokens = list(tokens)
        self.parent = parent
        self.scopes: list[Scope] = []
        self.alive = True

    def remove(self) -> Scope:
        """Take the scope out of the one around it, with all in it; return that one."""
        assert self.parent is not None
        self.parent.scopes.remove(self)
        for scope in self.and_inner():
            scope.alive = False
        return self.parent

    def and_inner(self) -> Iterator[Scope]:
        """Yield the scope and all in it."""
        yield self
        for scope in self.scopes:
            yield from scope.and_inner()


def thaw(marking: Marking, parent: Scope | None = None) -> Scope:
    """Return a marking as scopes that can change."""
    scope = Scope(marking.opened, marking.tokens, parent)
    for inner in marking.scopes:
        scope.scopes.append(thaw(inner, scope))
    return scope


def freeze(scope: Scope) -> Marking:
    """Return the marking of a scope."""
    inner = tuple(sorted(map(freeze, scope.scopes))) if scope.scopes else ()
    return Marking(scope.opened, tuple(sorted(scope.tokens)), inner)


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
        For each `Choose` passed: its index and the index of the way taken.
    entered
        Operations that tokens came to, in order.
    """

    __slots__ = ("chosen", "entered", "limits", "picks", "prefix", "root", "sites", "stack")

    def __init__(self, sites: Sites, marking: Marking, path: tuple[int, ...], site: int, prefix: list[int]) -> None:
        self.sites = sites
        self.prefix = prefix
        self.root = scope = thaw(marking)
        self.stack: list[tuple[Scope, int]] = []
        self.picks: list[int] = []
        self.limits: list[int] = []
        self.chosen: list[tuple[int, int]] = []
        self.entered: list[int] = []
        for position in path:
            scope = scope.scopes[position]
        scope.tokens.remove(site)
        if site in sites.channel_of:
            self._deliver(sites.channel_of[site])
        else:
            self.stack.append((scope, sites.onward[site][0]))
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

    def _fork(self, scope: Scope, site: int, _operation: Operation) -> None:
        for onward in reversed(self.sites.onward[site]):
            self.stack.append((scope, onward))

    def _join(self, scope: Scope, site: int, join: Join) -> None:
        index, tokens = self.sites.operation_of[site], scope.tokens
        first = self.sites.first_entry[index]
        others = [other for other in range(first, first + join.entries) if other != site]
        for other in others:
            if other not in tokens:
                tokens.append(site)
                return
        for other in others:
            tokens.remove(other)
        self.stack.append((scope, self.sites.onward[index][0]))

    def _end(self, scope: Scope, site: int, _operation: Operation) -> None:
        if scope.parent is not None and not self.sites.is_guard[site] and self._is_over(scope):
            self.stack.append((scope.remove(), self.sites.onward[scope.opened][-1]))

    def _is_over(self, scope: Scope) -> bool:
        """Whether all but guards have ended in a scope."""
        is_guard = self.sites.is_guard
        passing = (site for around, site in self.stack if around is scope)
        return all(is_guard[site] for site in (*scope.tokens, *passing, *(inner.opened for inner in scope.scopes)))

    def _open(self, scope: Scope, site: int, operation: Open) -> None:
        child = Scope(site, (), scope)
        scope.scopes.append(child)
        body = 0 if operation.body is None else 1
        onward = self.sites.onward[site]
        if body:
            self.stack.append((child, onward[0]))
        for guard in reversed(onward[body : body + len(operation.guards)]):  # guards are armed first (H15)
            self.stack.append((child, guard))

    def _cancel(self, scope: Scope, site: int, _operation: Operation) -> None:
        self.stack.append((scope.remove(), self.sites.onward[site][0]))

    def _leave(self, scope: Scope, site: int, _operation: Operation) -> None:
        assert scope.parent is not None
        self.stack.append((scope.parent, self.sites.onward[site][0]))

    def _send(self, scope: Scope, site: int, send: Send) -> None:
        self.stack.append((scope, self.sites.onward[site][0]))
        if self._pick(2) == 0:
            self.root.tokens.append(self.sites.in_transit[send.channel])
        else:
            self._deliver(send.channel)  # it is there before the sender goes on

    def _deliver(self, channel: int) -> None:
        """Let one of the tokens that wait for a message on this channel take it, or let it wait."""
        channels = self.sites.takers
        takers = [(scope, site) for scope in self.root.and_inner() for site in set(scope.tokens) if channels.get(site) == channel]
        if takers:
            scope, site = takers[self._pick(len(takers))]
            scope.tokens.remove(site)
            self.stack.append((scope, self.sites.onward[site][0]))
        elif channel in self.sites.waiting:
            self.root.tokens.append(self.sites.waiting[channel])

    def _take(self, scope: Scope, site: int, take: Take) -> None:
        waiting = self.sites.waiting[take.channel]
        if waiting in self.root.tokens:
            self.root.tokens.remove(waiting)
            self.stack.append((scope, self.sites.onward[site][0]))
        else:
            scope.tokens.append(site)


_Pass: TypeAlias = Callable[[Passage, Scope, int, Any], None]

_PASS: dict[type[Operation], _Pass] = {
    Start: Passage._start,
    Work: Passage._rest,
    Wait: Passage._rest,
    Choose: Passage._choose,
    Fork: Passage._fork,
    Join: Passage._join,
    End: Passage._end,
    Open: Passage._open,
    Cancel: Passage._cancel,
    Leave: Passage._leave,
    Send: Passage._send,
    Take: Passage._take,
}
