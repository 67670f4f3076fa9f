"""Movements from back references: all refs are walked back together, one numpy pass per link (H4, H8, H9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpmnmap.eventlog import rows as r
from bpmnmap.eventlog.columns import Array
from bpmnmap.eventlog.origins_by_row import origins_by_row

_COLUMNS: dict[str, type] = {"from_row": np.int32, "to_row": np.int32, "left": np.int64, "critical": np.bool_}
_STATES = (r.DISPATCH, r.TRANSFER, r.EVENT, r.SYNCHRONIZATION)
_CROWD = 64


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

    def __init__(self, at: Array, receiver: Array, critical: Array, path: list[Array]) -> None:
        self.at = at
        self.receiver = receiver  # order of the receivers in the table
        self.critical = critical
        self.path = path  # order among the origins of one receiver: turns taken at merges
        self.turns = np.zeros(len(at), dtype=np.int64)
        self.parts = {state: np.zeros(len(at), dtype=np.int64) for state in _STATES}

    def take(self, chosen: Array) -> _Walkers:
        taken = _Walkers(self.at[chosen], self.receiver[chosen], self.critical[chosen], [turns[chosen] for turns in self.path])
        taken.turns = self.turns[chosen]
        taken.parts = {state: part[chosen] for state, part in self.parts.items()}
        return taken


def walk(rows: Array, kinds: Array, instance_rows: Array, *, chunk: int = r.CHUNK) -> Origins:
    """Origins of all started instances, in the table's order, then of all ended tokens, in order of time.

    The origins of one receiver stand in the order in which they joined; one that came in by several tokens stands once,
    with the account of the token that came last (H8).

    Parameters
    ----------
    rows, kinds
        The packed rows and the kind of each.
    instance_rows
        Indexes of the rows of instances, in the table's order.
    chunk
        Receivers that are walked at once: what they need fits into the cache, and the result does not depend on it.
    """
    started = rows["start"][instance_rows] >= 0
    if not started.all():
        instance_rows = instance_rows[started]
    receivers = np.concatenate([instance_rows, np.flatnonzero(kinds == r.END)])
    table = _Table(len(receivers) + int(np.count_nonzero(kinds == r.MERGE)))
    for first in range(0, len(receivers), chunk):
        table.add(_walk_chunk(rows, kinds, receivers[first : first + chunk]))
    return table.origins()


class _Table:
    """Movements being collected: written where they will stay, so that little memory is touched."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.length = 0
        self.columns: dict[str, Array] = {name: np.empty(room, dtype=dtype) for name, dtype in _COLUMNS.items()}
        self.parts: dict[int, Array] = {}

    def add(self, piece: Origins) -> None:
        """Add the movements of further receivers."""
        end = self.length + len(piece.left)
        if end > self.room:
            self._grow(end)
        for name, column in self.columns.items():
            column[self.length : end] = getattr(piece, name)
        for state, part in piece.parts.items():
            if part.any():
                if state not in self.parts:
                    self.parts[state] = np.zeros(self.room, dtype=np.int64)
                self.parts[state][self.length : end] = part
        self.length = end

    def _grow(self, least: int) -> None:
        more = max(least, self.room * 3 // 2) - self.room
        self.room += more
        self.columns = {name: np.concatenate([column, np.empty(more, column.dtype)]) for name, column in self.columns.items()}
        self.parts = {state: np.concatenate([part, np.zeros(more, np.int64)]) for state, part in self.parts.items()}

    def origins(self) -> Origins:
        """Return all of them."""
        nothing = np.broadcast_to(np.int64(0), self.length)  # takes no memory
        parts = {state: self.parts[state][: self.length] if state in self.parts else nothing for state in _STATES}
        return Origins(**{name: column[: self.length] for name, column in self.columns.items()}, parts=parts)


def _walk_chunk(rows: Array, kinds: Array, receivers: Array) -> Origins:
    at = (rows["ref"][receivers] >> r.ROW_SHIFT).astype(np.int64)
    walks = _is_step(kinds[at])
    walking = np.flatnonzero(walks)
    done: list[_Walkers] = []
    pending = [_Walkers(at[walking], walking, np.ones(len(walking), dtype=np.bool_), [])]
    while pending:
        spawned: list[_Walkers] = []
        for walkers in pending:
            _run_back(rows, kinds, walkers, done, spawned)
        crowded = _crowded(spawned, len(at))
        if len(crowded):
            spawned, done = _without(spawned, crowded), _without(done, crowded)
            done.append(_walk_by_row(rows, kinds, crowded, at))
        pending = spawned
    if done:
        return _with_walked(rows, kinds, receivers, at, walks, _Walked(rows, kinds, done))
    return Origins(_from_rows(rows, kinds, at), receivers, rows["end"][at], {}, np.ones(len(at), dtype=np.bool_))


def _crowded(spawned: list[_Walkers], receivers: int) -> Array:
    """Receivers with so many walks that each merge may double them."""
    if sum(len(walkers.at) for walkers in spawned) <= _CROWD:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.bincount(np.concatenate([walkers.receiver for walkers in spawned]), minlength=receivers) > _CROWD)


def _without(all_walkers: list[_Walkers], receivers: Array) -> list[_Walkers]:
    """Walks of other receivers only."""
    return [walkers.take(~np.isin(walkers.receiver, receivers)) for walkers in all_walkers]


def _walk_by_row(rows: Array, kinds: Array, receivers: Array, at: Array) -> _Walkers:
    """Walks of single receivers, done row by row."""
    found = [(receiver, origins_by_row(rows, kinds, int(at[receiver]))) for receiver in receivers.tolist()]
    flat = [(row, receiver, place, account) for receiver, each in found for place, (row, account) in enumerate(each)]
    rows_of, receiver_of, place_of = (np.array([each[column] for each in flat], dtype=np.int64) for column in range(3))
    walkers = _Walkers(rows_of, receiver_of, np.array([account.critical for *_, account in flat], dtype=np.bool_), [place_of])
    for state in _STATES:
        walkers.parts[state][:] = [dict(account.parts).get(state, 0) for *_, account in flat]
    return walkers


def _is_step(kinds: Array) -> Array:
    """Which rows are states of a token on its way, not where it came from."""
    is_step: Array = (kinds >= r.DISPATCH) & (kinds != r.LEFT)
    return is_step


def _from_rows(rows: Array, kinds: Array, at: Array) -> Array:
    """Rows that walks have come to: the instance that a token left while it ran stands for it."""
    left = np.flatnonzero(kinds[at] == r.LEFT)
    if len(left):
        at = at.copy()
        at[left] = rows["ref"][at[left]] >> r.ROW_SHIFT
    return at


def _with_walked(rows: Array, kinds: Array, receivers: Array, at: Array, walks: Array, walked: _Walked) -> Origins:
    """Put the walked movements where their receivers stand among those of tokens that came straight."""
    counts = np.ones(len(at), dtype=np.int64)
    counts[walks] = np.bincount(walked.receiver, minlength=len(at))[walks]
    at = np.repeat(at, counts)
    places = np.flatnonzero(np.repeat(walks, counts))
    at[places] = walked.at
    critical = np.ones(len(at), dtype=np.bool_)
    critical[places] = walked.critical
    parts = {}
    for state in _STATES:
        parts[state] = np.zeros(len(at), dtype=np.int64)
        parts[state][places] = walked.parts[state]
    return Origins(_from_rows(rows, kinds, at), np.repeat(receivers, counts), rows["end"][at], parts, critical)


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


class _Walked:
    """Walks that are done: by receiver, as their origins joined, each origin once."""

    def __init__(self, rows: Array, kinds: Array, done: list[_Walkers]) -> None:
        receiver = np.concatenate([walkers.receiver for walkers in done])
        at = np.concatenate([walkers.at for walkers in done])
        order = _by_joining(done, receiver)
        order = order[_last_of_each(receiver[order], _from_rows(rows, kinds, at)[order])]
        self.receiver = receiver[order]
        self.at = at[order]
        self.critical = np.concatenate([walkers.critical for walkers in done])[order]
        self.parts = {state: np.concatenate([walkers.parts[state] for walkers in done])[order] for state in _STATES}


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
    keep = np.ones(len(receiver), dtype=np.bool_)
    same = receiver[1:] == receiver[:-1]
    keep[:-1] = ~(same & (origin[1:] == origin[:-1]))  # settles receivers of two origins
    several = np.flatnonzero(same[1:] & same[:-1])
    if len(several):
        mine = np.zeros(len(receiver), dtype=np.bool_)
        for shift in (0, 1, 2):
            mine[several + shift] = True
        at = np.flatnonzero(mine)
        ordered = at[np.lexsort((at, origin[at], receiver[at]))]
        again = (receiver[ordered[1:]] == receiver[ordered[:-1]]) & (origin[ordered[1:]] == origin[ordered[:-1]])
        keep[ordered[:-1][again]] = False
    return np.flatnonzero(keep)
