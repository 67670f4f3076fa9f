"""The movements of counted cases, sorted once by the pair that they are told under."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bpmnmap.eventlog.columns import Array, Columns


class Pair(NamedTuple):
    """What rows are told together: ``handoff``, ``internal``, ``source`` or ``sink``, and the ids of both ends."""

    kind: str
    from_: str | None
    to: str | None


class Grouping:
    """The movements of counted cases, sorted by pair.

    Attributes
    ----------
    rows
        Row numbers of these movements: by pair, within a pair as in the log.
    starts, ends
        Where in `rows` each pair begins and ends.
    pairs
        The pairs, one per begin.
    """

    def __init__(self, movements: Columns, instances: Columns, counted: Array, by: str) -> None:
        origins, goals = movements["from_instance"], movements["to_instance"]
        rows = None
        if not counted.all():
            rows = np.flatnonzero(counted[movements["case"]])
            origins, goals = origins[rows], goals[rows]
        units, unit_names = codes_by_instance(instances, "unit")
        from_units, to_units = units[origins], units[goals]
        if by == "unit":
            names, keys = unit_names, [from_units, to_units]
        else:
            elements, names = codes_by_instance(instances, "element")
            # an activity of a called process may stand in several units: its rows may be of both kinds
            keys = [elements[origins], elements[goals], from_units == to_units]
        order, self.starts = _sorted(keys, len(names))
        self.rows = order if rows is None else rows[order]
        self.ends = np.append(self.starts[1:], len(order))[: len(self.starts)]
        first = order[self.starts]
        self.pairs = tuple(
            _pair(names[origin], names[goal], is_internal)
            for origin, goal, is_internal in zip(
                keys[0][first].tolist(),
                keys[1][first].tolist(),
                (from_units[first] == to_units[first]).tolist(),
                strict=True,
            )
        )

    def rows_by_pair(self) -> Iterator[Array]:
        """Rows of each pair, as in the log."""
        return (self.rows[start:end] for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True))


def codes_by_instance(instances: Columns, name: str) -> tuple[Array, tuple[str | None, ...]]:
    """Index into names per instance, and the names; one more index at the end, so that −1 (source, sink) leads to None."""
    column = instances.categorical(name)
    names = (*column.categories, "", None)
    small = np.uint16 if len(names) < 1 << 16 else np.int64  # numpy sorts 16 bits in linear time
    codes = np.empty(len(column) + 1, dtype=small)
    codes[:-1] = column.codes
    none = np.flatnonzero(column.codes < 0)
    if len(none):
        codes[none] = len(names) - 2
    codes[-1] = len(names) - 1
    return codes, names


def _sorted(keys: list[Array], size: int) -> tuple[Array, Array]:
    """Order by the keys, each below `size`, and then as they stand; and where in this order any key changes."""
    if size ** len(keys) <= 1 << 16:  # numpy sorts 16 bits in linear time: one pass instead of one per key
        joint = keys[0].astype(np.uint16)
        for key in keys[1:]:
            joint *= np.uint16(size)
            joint += key
        counts = np.bincount(joint)
        counts = counts[counts > 0]
        return np.argsort(joint, kind="stable"), np.cumsum(counts) - counts
    order = np.lexsort(keys[::-1])
    changes = np.zeros(len(order), dtype=np.bool_)
    changes[:1] = True
    for key in keys:
        changes[1:] |= key[order[1:]] != key[order[:-1]]
    return order, np.flatnonzero(changes)


def _pair(origin: str | None, goal: str | None, is_internal: bool) -> Pair:
    if goal is None:
        return Pair("sink", origin, None)
    if origin is None:
        return Pair("source", None, goal)
    return Pair("internal" if is_internal else "handoff", origin, goal)
