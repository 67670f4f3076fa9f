"""Marking: where the tokens of a case rest, as a value; and as scopes that change while tokens pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


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
