"""A scope at run time: a plain list, so that a token's way through it costs an index and a run can be saved as it is.

A case's root scope is its process instance. Slots from `FIRST_FREE` on are counters of visits and what rests at joins,
laid out by the compiler.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

Scope: TypeAlias = list[Any]

ID: Final = 0  # offset of the log row of the scope, or of the one that it groups into
LIVE: Final = 1  # tokens in it; a child scope counts as the one token that opened it; guards don't count
BLOCK: Final = 2  # the block of draws of its cases
NUMBER: Final = 3  # its place in the block
PARENT: Final = 4
HOME: Final = 5  # the scope that counts visits: itself, or the one around a scope that only guards (None: itself)
LAYOUT: Final = 6  # index of the layout: which process or Open it is of
NOTE: Final = 7  # visit of the element that a token is just leaving (H31: transfers)
DONE: Final = 8  # refs of the tokens that have ended in it, in order; None = none
HELD: Final = 9  # what rests in it and can be killed; None where nothing can
MESSAGES: Final = 10  # root only: channel → [messages' refs, takers]; takers on channel −1 wait for a condition
ENTRY: Final = 11  # ref of the token that stands at its opening: at an event-based gateway, and while guards are armed; else None
LEGS: Final = 12  # legs taken, by (leg, visit): H31's part
VISIT: Final = 13  # the visit of its Open that opened it
DATA: Final = 14  # root only: the case's attributes by name; None = not drawn yet
TURN: Final = 15  # of an item or turn: its index
FIRST_FREE: Final = 16


def above(scope: Scope, levels: int) -> Scope:
    """Return the scope so many levels outward."""
    for _ in range(levels):
        scope = scope[PARENT]
    return scope


def root_of(scope: Scope) -> Scope:
    """Return the scope's case."""
    while scope[PARENT] is not None:
        scope = scope[PARENT]
    return scope
