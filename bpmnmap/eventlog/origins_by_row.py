"""Origins of single receivers, row by row, latest first: tokens that met at many merges are followed once each (H8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from typing import TypeAlias

from bpmnmap.eventlog import rows as r
from bpmnmap.eventlog.columns import Array

Place: TypeAlias = tuple[float, ...]

_LAST = float("inf")


@dataclass(frozen=True, slots=True)
class Account:
    """What one origin of a receiver has spent in each state, and whether it is critical.

    `path` says where among the receiver's origins it joined: the number of the merge at which it left the main token,
    of that at which it left the token of that merge, and so on.
    """

    path: tuple[int, ...]
    turns: int
    parts: tuple[tuple[int, int], ...]
    critical: bool

    @property
    def place(self) -> Place:
        """Sorts accounts as they joined: what was merged in stands before the token that fired the merge."""
        return (*self.path, _LAST)

    def with_time(self, state: int, time: int) -> Account:
        """Return it with time spent in a state."""
        parts = dict(self.parts)
        parts[state] = parts.get(state, 0) + time
        return replace(self, parts=tuple(sorted(parts.items())))


def origins_by_row(rows: Array, kinds: Array, first: int) -> list[tuple[int, Account]]:
    """Return the rows of origin behind one row, each with the account of the token that came last, as they joined."""
    accounts = {first: Account((), 0, (), True)}
    pending = [-first]
    found: list[tuple[int, Account]] = []

    def reach(row: int, account: Account) -> None:
        known = accounts.get(row)
        if known is None:
            heappush(pending, -row)
        if known is None or known.place < account.place:
            accounts[row] = account

    while pending:
        row = -heappop(pending)  # refs lead to earlier rows only, so all that comes here has come
        account = accounts.pop(row)
        kind = int(kinds[row])
        if kind < r.DISPATCH or kind == r.LEFT:
            found.append((row, account))
            continue
        before, end = int(rows["ref"][row]) >> r.ROW_SHIFT, int(rows["end"][row])
        if kind == r.MERGE:
            other = int(rows["start"][row]) >> r.ROW_SHIFT
            aside = Account((*account.path, account.turns), 0, account.parts, False)
            reach(other, aside.with_time(r.SYNCHRONIZATION, end - int(rows["end"][other])))
            account = replace(account, turns=account.turns + 1)
        elif kind < r.MERGE:
            account = account.with_time(kind, end - int(rows["end"][before]))
        reach(before, account)
    return sorted(found, key=lambda each: each[1].place)
