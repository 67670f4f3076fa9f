"""Movements from back references: all refs are walked back together, one numpy pass per link (H4, H8, H9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpmnmap.eventlog import rows as r
from bpmnmap.eventlog.columns import Array

_COLUMNS: dict[str, type] = {"from_row": np.int32, "to_row": np.int32, "left": np.int64, "critical": np.bool_}
_STATES = (r.DISPATCH, r.TRANSFER, r.EVENT, r.SYNCHRONIZATION)


@dataclass(frozen=True, slots=True)
class Origins:
    """One entry per movement: row it comes from (an instance's or an arrival's) and goes to, `left`, parts by kind, critical."""

    from_row: Array
    to_row: Array
    left: Array
    parts: dict[int, Array]
    critical: Array


_NO_TURN = np.iinfo(np.int64).max


class _Walkers:
    """Walks that have not reached their origin: one column each.

    `path` orders the walks of one receiver as their tokens joined: at each merge the other token turns off before the one
    that fired it, which goes on without a turn.
    """

    def __init__(self, at: Array, receiver: Array, critical: Array, path: list[Array]) -> None:
        self.at = at
        self.receiver = receiver  # order of the receivers in the table
        self.critical = critical
        self.path = path
        self.turns = np.zeros(len(at), dtype=np.int64)
        self.parts = {state: np.zeros(len(at), dtype=np.int64) for state in _STATES}

    def take(self, chosen: Array) -> _Walkers:
        taken = _Walkers(self.at[chosen], self.receiver[chosen], self.critical[chosen], [turns[chosen] for turns in self.path])
        taken.turns = self.turns[chosen]
        taken.parts = {state: part[chosen] for state, part in self.parts.items()}
        return taken

    def level(self, level: int) -> Array:
        """Return the turn of each walk at a level of merges."""
        return self.path[level] if level < len(self.path) else np.full(len(self.at), _NO_TURN)


def _together(walks: list[_Walkers]) -> _Walkers:
    depth = max((len(each.path) for each in walks), default=0)
    path = [np.concatenate([each.level(level) for each in walks]) for level in range(depth)]
    joint = _Walkers(
        np.concatenate([each.at for each in walks]),
        np.concatenate([each.receiver for each in walks]),
        np.concatenate([each.critical for each in walks]),
        path,
    )
    joint.turns = np.concatenate([each.turns for each in walks])
    joint.parts = {state: np.concatenate([each.parts[state] for each in walks]) for state in _STATES}
    return joint


def _by_joining(walks: _Walkers) -> Array:
    """Order by receiver, then as the tokens joined."""
    return np.lexsort((*reversed(walks.path), walks.receiver))


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
    seen = _Seen(len(rows))
    pending = _Walkers(at[walking], walking, np.ones(len(walking), dtype=np.bool_), [])
    while len(pending.at):
        first, later = _last_joined(pending)
        spawned = _run_back(rows, kinds, first, seen, done)
        pending = _together([*later, *spawned]) if later or spawned else first.take(np.zeros(0, dtype=np.int64))
        again = np.flatnonzero(kinds[pending.at] == r.MERGE)
        if len(again):  # what was passed so far was passed by walks that joined later than all that are pending
            fresh = np.ones(len(pending.at), dtype=np.bool_)
            fresh[again] = ~seen.has(pending.receiver[again], pending.at[again])
            pending = pending.take(fresh)
    if done:
        return _with_walked(rows, kinds, receivers, at, walks, _Walked(rows, kinds, done))
    return Origins(_from_rows(rows, kinds, at), receivers, rows["end"][at], {}, np.ones(len(at), dtype=np.bool_))


def _last_joined(pending: _Walkers) -> tuple[_Walkers, list[_Walkers]]:
    """Part walks: of each receiver the one that joined last, which goes first as the others need not walk it again (H8)."""
    if (pending.receiver[1:] > pending.receiver[:-1]).all():
        return pending, []
    order = _by_joining(pending)
    is_last = np.ones(len(order), dtype=np.bool_)
    is_last[:-1] = pending.receiver[order[1:]] != pending.receiver[order[:-1]]
    return pending.take(order[is_last]), [pending.take(order[~is_last])]


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


class _Seen:
    """Merges that walks of a receiver have passed."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.keys = np.zeros(0, dtype=np.int64)

    def has(self, receiver: Array, at: Array) -> Array:
        """Return which rows are merges that a walk of the receiver has passed."""
        passed: Array = np.isin(receiver * self.rows + at, self.keys)
        return passed

    def first_time(self, receiver: Array, at: Array) -> Array:
        """Return which of the merges no walk of the receiver has passed, and note them."""
        keys = receiver * self.rows + at
        fresh = ~np.isin(keys, self.keys) if len(self.keys) else np.ones(len(keys), dtype=np.bool_)
        self.keys = np.concatenate([self.keys, keys[fresh]])
        return fresh


def _run_back(rows: Array, kinds: Array, walkers: _Walkers, seen: _Seen, done: list[_Walkers]) -> list[_Walkers]:
    """Follow refs until every walk is at an instance or an arrival; return a walk of the other token of each merge."""
    ends, refs, others = rows["end"], rows["ref"], rows["start"]
    spawned: list[_Walkers] = []
    while len(walkers.at):
        resting = _is_step(kinds[walkers.at])
        if not resting.all():
            done.append(walkers.take(~resting))
            walkers = walkers.take(resting)
        merging = kinds[walkers.at] == r.MERGE
        if merging.any():
            fresh = np.ones(len(merging), dtype=np.bool_)
            fresh[merging] = seen.first_time(walkers.receiver[merging], walkers.at[merging])
            if not fresh.all():
                walkers, merging = walkers.take(fresh), merging[fresh]
        before = (refs[walkers.at] >> r.ROW_SHIFT).astype(np.int64)
        for state in _STATES:
            in_state = np.flatnonzero(kinds[walkers.at] == state)
            if len(in_state):
                walkers.parts[state][in_state] += ends[walkers.at[in_state]] - ends[before[in_state]]
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
    return spawned


class _Walked:
    """Walks that are done: by receiver, as their origins joined, each origin once."""

    def __init__(self, rows: Array, kinds: Array, done: list[_Walkers]) -> None:
        walks = _together(done)
        order = _by_joining(walks)
        order = order[_last_of_each(walks.receiver[order], _from_rows(rows, kinds, walks.at)[order])]
        self.receiver = walks.receiver[order]
        self.at = walks.at[order]
        self.critical = walks.critical[order]
        self.parts = {state: part[order] for state, part in walks.parts.items()}


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
