"""What rests in a scope that can be cancelled, noted there as ``(node, kind, thing)``."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from bpmnmap.simulation.engine.agenda import DEAD, SITE
from bpmnmap.simulation.engine.scopes import HELD, Scope

QUEUED: Final = 0  # thing: a queue's entry
WORKING: Final = 1  # a person
PENDING: Final = 2  # an entry of the agenda
TAKING: Final = 3  # a taker of messages: [scope, ref, node, site]
CHILD: Final = 4  # a child scope

Thing: TypeAlias = Any  # what it is, its kind says

_PURGE_AT: Final = 32


def hold(scope: Scope, node: int, kind: int, thing: Thing) -> None:
    """Note what rests in a scope that can be cancelled; nothing elsewhere."""
    held = scope[HELD]
    if held is not None:
        if len(held) > _PURGE_AT:  # entries of the agenda that fired are dropped late
            held[:] = [item for item in held if item[1] != PENDING or item[2][SITE] != DEAD]
        held.append((node, kind, thing))


def unhold(scope: Scope, thing: Thing) -> None:
    """Forget what no longer rests."""
    held = scope[HELD]
    if held is not None:
        for index, item in enumerate(held):
            if item[2] is thing:
                del held[index]
                return
