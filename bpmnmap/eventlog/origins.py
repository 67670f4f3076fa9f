"""Movements from back references: all refs are walked back together, one numpy pass per link (H4, H8, H9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpmnmap.eventlog import rows as r
from bpmnmap.eventlog.columns import Array

_STATES = (r.DISPATCH, r.TRANSFER, r.EVENT, r.SYNCHRONIZATION)


@dataclass(frozen=True, slots=True)
class Origins:
    """One entry per movement: row it comes from (an instance's or an arrival's) and goes to, `left`, parts by kind, critical."""

    from_row: Array
    to_row: Array
    left: Array
    parts: dict[int, Array]
    critical: Array


class _Walkers:
    """Walks that have not reached their origin: one column each."""

    def __init__(self, to_row: Array, at: Array, receiver: Array, critical: Array, path: list[Array]) -> None:
        self.to_row = to_row
        self.at = at
        self.receiver = receiver  # order of the receivers in the table
        self.critical = critical
        self.path = path  # order among the origins of one receiver: turns taken at merges
        self.turns = np.zeros(len(at), dtype=np.int64)
        self.parts = {state: np.zeros(len(at), dtype=np.int64) for state in _STATES}

    def take(self, chosen: Array) -> _Walkers:
        taken = _Walkers(self.to_row[chosen], self.at[chosen], self.receiver[chosen], self.critical[chosen], [p[chosen] for p in self.path])
        taken.turns = self.turns[chosen]
        taken.parts = {state: part[chosen] for state, part in self.parts.items()}
        return taken


def walk(rows: Array, kinds: Array, instance_rows: Array) -> Origins:
    """Origins of all started instances, in the table's order, then of all ended tokens, in order of time.

    The origins of one receiver stand in the order in which they joined; one that came in by several tokens stands once,
    with the account of the token that came last (H8).
    """
    started = instance_rows[(rows["start"][instance_rows] >= 0)]
    receivers = np.concatenate([started, np.flatnonzero(kinds == r.END)])
    count = len(receivers)
    first = _Walkers(
        receivers, (rows["ref"][receivers] >> r.ROW_SHIFT).astype(np.int64), np.arange(count), np.ones(count, dtype=np.bool_), []
    )
    done: list[_Walkers] = []
    pending = [first]
    while pending:
        spawned: list[_Walkers] = []
        for walkers in pending:
            _run_back(rows, kinds, walkers, done, spawned)
        pending = spawned
    return _collect(rows, kinds, done, len(done) > 0 and max(len(walkers.path) for walkers in done) > 0)


def _run_back(rows: Array, kinds: Array, walkers: _Walkers, done: list[_Walkers], spawned: list[_Walkers]) -> None:
    """Follow refs until every walk is at an instance or an arrival; each merge spawns a walk of its other token."""
    ends, refs, others = rows["end"], rows["ref"], rows["start"]
    while len(walkers.at):
        kind = kinds[walkers.at]
        resting = kind >= r.DISPATCH
        resting &= kind != r.LEFT
        arrived = ~resting
        if arrived.any():
            done.append(walkers.take(arrived))
            walkers = walkers.take(resting)
            kind = kind[resting]
        if not len(walkers.at):
            return
        before = (refs[walkers.at] >> r.ROW_SHIFT).astype(np.int64)
        for state in _STATES:
            in_state = kind == state
            if in_state.any():
                walkers.parts[state][in_state] += ends[walkers.at[in_state]] - ends[before[in_state]]
        merging = kind == r.MERGE
        if merging.any():
            other = walkers.take(merging)
            merges = other.at
            other.at = (others[merges] >> r.ROW_SHIFT).astype(np.int64)
            other.parts[r.SYNCHRONIZATION] += ends[merges] - ends[other.at]
            other.critical[:] = False
            other.path = [*other.path, other.turns]
            other.turns = np.zeros(len(merges), dtype=np.int64)
            spawned.append(other)
            walkers.turns[merging] += 1
        walkers.at = before


def _collect(rows: Array, kinds: Array, done: list[_Walkers], merged: bool) -> Origins:
    if not done:
        nothing = np.zeros(0, dtype=np.int64)
        return Origins(nothing, nothing, nothing, dict.fromkeys(_STATES, nothing), np.zeros(0, dtype=np.bool_))
    to_row = np.concatenate([walkers.to_row for walkers in done])
    at = np.concatenate([walkers.at for walkers in done])
    receiver = np.concatenate([walkers.receiver for walkers in done])
    critical = np.concatenate([walkers.critical for walkers in done])
    parts = {state: np.concatenate([walkers.parts[state] for walkers in done]) for state in _STATES}
    left = rows["end"][at].astype(np.int64)
    from_row = np.where(kinds[at] == r.LEFT, rows["ref"][at] >> r.ROW_SHIFT, at).astype(np.int64)
    order = np.argsort(receiver, kind="stable")
    if merged:
        order = _by_joining(done, receiver)
        order = order[_last_of_each(receiver[order], from_row[order])]
    return Origins(
        from_row[order], to_row[order], left[order], {state: part[order] for state, part in parts.items()}, critical[order]
    )


def _by_joining(done: list[_Walkers], receiver: Array) -> Array:
    """Order by receiver, then as the origins joined: at each merge the other token before the one that fired it."""
    depth = max(len(walkers.path) for walkers in done)
    last = np.iinfo(np.int64).max
    levels = []
    for level in range(depth):
        columns = [walkers.path[level] if level < len(walkers.path) else np.full(len(walkers.at), last) for walkers in done]
        levels.append(np.concatenate(columns))
    return np.lexsort((*reversed(levels), receiver))


def _last_of_each(receiver: Array, origin: Array) -> Array:
    """Positions of the last of each pair (receiver, origin), in order; a stretch of one receiver stands together."""
    several = np.flatnonzero(receiver[1:] == receiver[:-1])
    if not len(several):
        return np.arange(len(receiver))
    mine = np.zeros(len(receiver), dtype=np.bool_)
    mine[several] = True
    mine[several + 1] = True
    at = np.flatnonzero(mine)
    ordered = at[np.lexsort((at, origin[at], receiver[at]))]
    same = (receiver[ordered[1:]] == receiver[ordered[:-1]]) & (origin[ordered[1:]] == origin[ordered[:-1]])
    keep = np.ones(len(receiver), dtype=np.bool_)
    keep[ordered[:-1][same]] = False
    return np.flatnonzero(keep)
