"""Recordings made by hand: rows in the order in which an engine would write them, told by the number of each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from bpmnmap.eventlog import rows as r
from bpmnmap.eventlog.log import OpenSpans
from bpmnmap.eventlog.recording import Node, Recording, Source


class RowBuilder:
    """Appends rows; each method returns the number of the row, which later rows refer to."""

    def __init__(self) -> None:
        self._rows = bytearray()
        self._cases = 0

    def _add(self, kind: int, *, scope: int = 0, node: int = 0, person: int = 0, ref: int = 0, start: int = 0, end: int = 0) -> int:
        self._rows += r.ROW.pack(scope, node << r.KIND_BITS | kind, person, ref, start, end)
        return len(self._rows) // r.ROW_BYTES - 1

    def arrival(self, at: int, *, source: int = 0, number: int | None = None) -> int:
        """A case arrives; scopes of later rows name it by the number of this row."""
        self._cases += 1
        return self._add(r.ARRIVAL, scope=self._cases - 1, node=source, ref=self._cases - 1 if number is None else number, end=at)

    def scope(self, scope: int, node: int, visit: int, at: int) -> int:
        """A child scope opens."""
        return self._add(r.SCOPE, scope=_offset(scope), node=node, ref=visit, end=at)

    def step(self, kind: int, scope: int, before: int, until: int, *, node: int = 0) -> int:
        """A token has been in a state until an instant."""
        return self._add(kind, scope=_offset(scope), node=node, ref=_offset(before), end=until)

    def merge(self, scope: int, last: int, other: int, at: int) -> int:
        """Two tokens merge; `last` fired it."""
        return self._add(r.MERGE, scope=_offset(scope), ref=_offset(last), start=_offset(other), end=at)

    def instance(self, scope: int, before: int, start: int, end: int, *, node: int = 0, person: int = 1, kind: int = r.COMPLETED) -> int:
        """A task's instance."""
        return self._add(kind, scope=_offset(scope), node=node, person=person, ref=_offset(before), start=start, end=end)

    def left(self, scope: int, instance: int, at: int) -> int:
        """A token leaves a running instance."""
        return self._add(r.LEFT, scope=_offset(scope), ref=_offset(instance), end=at)

    def end(self, scope: int, before: int, at: int) -> int:
        """A token ends."""
        return self._add(r.END, scope=_offset(scope), ref=_offset(before), end=at)

    def rows(self) -> np.ndarray[Any, Any]:
        """All rows."""
        return np.frombuffer(bytes(self._rows), r.ROW_DTYPE)

    def recording(self, nodes: Sequence[Node] = (), **changes: Any) -> Recording:
        """The recording of a run that ended with its last row."""
        rows = self.rows()
        values: dict[str, Any] = {
            "rows": rows,
            "nodes": tuple(nodes) or (node("a"), node("b", rank=1), node("c", rank=2)),
            "sources": (Source(0, "start"),),
            "maps": ("permit",),
            "units": ("FO", "TO"),
            "pools": ("FO.staff",),
            "persons": ("FO.staff/1", "FO.staff/2"),
            "calendars": (),
            "unfinished": np.zeros(0, dtype=np.int64),
            "stuck": np.zeros(0, dtype=np.int64),
            "warm_up_us": 0,
            "window_us": None,
            "end_us": int(rows["end"].max(initial=0)),
        }
        return Recording(**values | changes)


def node(element: str, *, rank: int = 0, unit: int = 0, pool: int = 0, calendar: int = -1, map_: int = 0) -> Node:
    """A task's node."""
    return Node(element, map_, rank, unit, pool, calendar, is_work=True)


def offsets(*rows: int) -> np.ndarray[Any, Any]:
    """Offsets of rows by their numbers."""
    return np.array([_offset(row) for row in rows], dtype=np.int64)


def spans(*ends: tuple[int, int]) -> OpenSpans:
    """Opening spans."""
    return OpenSpans(np.array([opens for opens, _ in ends]), np.array([closes for _, closes in ends]))


def _offset(row: int) -> int:
    return row << r.ROW_SHIFT
