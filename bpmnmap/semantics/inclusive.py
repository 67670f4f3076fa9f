"""Inclusive: when an inclusive join goes on (BPMN 2.0.2, section 13.4.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bpmnmap.semantics.sites import Inclusive, Sites


class _Inner(Protocol):
    @property
    def opened(self) -> int: ...


def may_merge(tokens: Sequence[int], inner: Sequence[_Inner], join: Inclusive, sites: Sites) -> list[int]:
    """Return the sites of the entries whose tokens an inclusive join merges now; nothing: it waits, or nothing is there."""
    full = entries_with_tokens(tokens, join)
    return [] if full and awaited(tokens, inner, join, sites) else full


def entries_with_tokens(tokens: Sequence[int], join: Inclusive) -> list[int]:
    """Return the sites of a join's entries at which tokens wait."""
    return [site for site in range(join.first, join.first + join.entries) if site in tokens]


def awaited(tokens: Sequence[int], inner: Sequence[_Inner], join: Inclusive, sites: Sites) -> int:
    """Return a mask of the entries for which a join waits.

    It waits for each token that may come by an empty entry, unless it may as well come by one where another waits.

    Parameters
    ----------
    tokens, inner
        Sites of the tokens in the join's scope, and the scopes in it.
    """
    full = sum(1 << site - join.first for site in entries_with_tokens(tokens, join))
    last = sites.first_message
    reaches = [join.reachable[site] for site in tokens if site < last] + [join.reachable[scope.opened] for scope in inner]
    mask = 0
    for reach in reaches:
        if not reach & full:
            mask |= reach
    return mask
