"""Cardinality: how many items or turns there may be, of what the map says and of what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final, NamedTuple

from bpmnmap.semantics.program import Repeat, Spread, Wait

MANY: Final = 1_000
_WHOLE: Final = re.compile(r"\s*(?:=\s*(\d+)|[$#]\{\s*(\d+)\s*\}|(\d+))\s*", re.ASCII)


class Limits(NamedTuple):
    """How far numbers are played.

    Parameters
    ----------
    unknown
        Numbers of items or turns that are tried where the map gives none, in order.
    items
        Numbers that the map gives above this are played as this many; a loop's limit of turns as none.
    firings
        A guard that fires more often, or without end, rests after so many; None: it does not, and more than `MANY` is no end.
    """

    unknown: tuple[int, ...] = (1, 2, 3)
    items: int = MANY
    firings: int | None = None


DEFAULT_LIMITS: Final = Limits()


class Turns(NamedTuple):
    """When a `Repeat` may make another turn: at fewer than `most`; when it may go on: at any number of turns in `over`."""

    most: int
    over: Container[int]


def whole_number(text: str | None) -> int | None:
    """Return the whole number that a map's text is, bare or as an expression; None: it is none.

    Examples
    --------
    >>> [whole_number(text) for text in ("3", "=3", "${ 3 }", "clerks", "-1", None)]
    [3, 3, 3, None, None, None]
    """
    found = _WHOLE.fullmatch(text) if text else None
    return None if found is None else int(next(group for group in found.groups() if group is not None))


def numbers_of_items(spread: Spread, limits: Limits) -> tuple[int, ...]:
    """Return how many items there may be.

    Examples
    --------
    >>> from bpmnmap.semantics.program import Origin, Way
    >>> [numbers_of_items(Spread(Origin("m", "task"), Way(1), text), Limits(items=3)) for text in ("2", "30", "clerks")]
    [(2,), (3,), (1, 2, 3)]
    """
    given = whole_number(spread.cardinality)
    if given is None:
        return limits.unknown
    return (min(given, limits.items),)


def turns_of(repeat: Repeat, limits: Limits) -> Turns | None:
    """Return when another turn may be made; None: always, and no turn needs to be counted.

    Examples
    --------
    >>> from bpmnmap.semantics.program import Origin, Way
    >>> def loop(**given): return Repeat(Origin("l", "task"), Way(1), Way(2), **given)
    >>> turns_of(loop(cardinality="2", counted=True), Limits()), turns_of(loop(maximum=2), Limits()), turns_of(loop(), Limits())
    (Turns(most=2, over=(2,)), Turns(most=2, over=range(0, 3)), None)
    """
    if not repeat.counted:
        if repeat.maximum is None or repeat.maximum > limits.items:
            return None
        return Turns(repeat.maximum, range(repeat.maximum + 1))
    given = whole_number(repeat.cardinality)
    if given is None:
        return Turns(max(limits.unknown), limits.unknown)
    given = min(given, limits.items)
    return Turns(given, (given,))


def firings_of(wait: Wait, limits: Limits) -> tuple[int, bool]:
    """Return how often a `Wait` fires, 0 = without end, and whether it rests after that although it would fire again.

    Examples
    --------
    >>> from bpmnmap.semantics.program import Origin, Way
    >>> [firings_of(Wait(Origin("t", "boundaryEvent"), Way(1), "timer", repeats=n), Limits(firings=2)) for n in (1, 2, 3, 0)]
    [(1, False), (2, False), (2, True), (2, True)]
    """
    if limits.firings is not None and (wait.repeats == 0 or wait.repeats > limits.firings):
        return limits.firings, True
    return (0 if wait.repeats > MANY else wait.repeats), False
