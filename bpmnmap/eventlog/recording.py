"""Recording: an engine's packed rows (rows.py) and what is needed to derive the log's tables from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpmnmap.eventlog import rows as r
from bpmnmap.eventlog.columns import Array, Categorical, Columns
from bpmnmap.eventlog.log import OpenSpans
from bpmnmap.eventlog.origins import Origins, walk


@dataclass(frozen=True, slots=True)
class Node:
    """What an operation's rows stand for: element, map, order among branches, unit, pool, calendar (−1 = none)."""

    element: str
    map: int
    rank: int
    unit: int
    pool: int
    calendar: int
    is_work: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A start that was set off from outside: its map and element."""

    map: int
    element: str


@dataclass(frozen=True)
class Recording:
    """One run as an engine recorded it; `cases`, `instances` and `movements` derive the tables.

    Parameters
    ----------
    rows
        Structured array of `rows.ROW_DTYPE`.
    unfinished, stuck
        Offsets of the arrivals' rows of cases that had not ended.
    calendars
        Opening spans by index, None = always open.
    """

    rows: Array
    nodes: tuple[Node, ...]
    sources: tuple[Source, ...]
    maps: tuple[str, ...]
    units: tuple[str, ...]
    pools: tuple[str, ...]
    persons: tuple[str, ...]
    calendars: tuple[OpenSpans | None, ...]
    unfinished: Array
    stuck: Array
    warm_up_us: int
    window_us: int | None
    end_us: int
    stuck_at: tuple[tuple[str, str, int], ...] = ()

    @cached_property
    def kinds(self) -> Array:
        """Kind of each row."""
        return (self.rows["code"] & r.KIND_MASK).astype(np.uint8)

    @cached_property
    def row_cases(self) -> Array:
        """Case of each row (of arrivals: their own)."""
        scopes = self.rows["scope"].astype(np.int64)
        is_arrival = self.kinds == r.ARRIVAL
        at = scopes >> r.ROW_SHIFT
        at[is_arrival] = np.flatnonzero(is_arrival)
        nested = np.flatnonzero(self.kinds[at] == r.SCOPE)
        while len(nested):
            at[nested] = scopes[at[nested]] >> r.ROW_SHIFT
            nested = nested[self.kinds[at[nested]] == r.SCOPE]
        return scopes[at]

    @cached_property
    def instance_rows(self) -> Array:
        """Indexes of the rows of instances, in the order in which their tokens entered."""
        found = np.flatnonzero(self.kinds <= r.LAST_INSTANCE_KIND)
        nodes = self.rows["code"][found] >> r.KIND_BITS
        ranks = np.array([node.rank for node in self.nodes], dtype=np.int64)
        # refs are in order of time; what has one ref was entered in the order of branches
        keys = (self.rows["ref"][found].astype(np.int64) << 20) + ranks[nodes]
        return found[np.argsort(keys, kind="stable")]

    def cases(self) -> Columns:
        """Derive the table of cases."""
        at = np.flatnonzero(self.kinds == r.ARRIVAL)
        arrivals = self.rows[at]
        sources = (arrivals["code"] >> r.KIND_BITS).astype(np.int64)
        maps = np.array([source.map for source in self.sources], dtype=np.int64)
        ended = np.full(len(at), -1, dtype=np.int64)
        ends = self.kinds == r.END
        ended[self.row_cases[ends]] = self.rows["end"][ends]  # in order of time: the last one stays
        status = np.zeros(len(at), dtype=np.int8)
        for code, offsets in ((1, self.unfinished), (2, self.stuck)):
            numbers = self.rows["scope"][offsets >> r.ROW_SHIFT]
            status[numbers] = code
            ended[numbers] = -1
        arrived = arrivals["end"].astype(np.int64)
        counted = arrived >= self.warm_up_us
        if self.window_us is not None:
            counted &= arrived < self.window_us
        elements = [source.element for source in self.sources]
        return Columns(
            {
                "case": np.arange(len(at), dtype=np.int64),
                "map": Categorical(maps[sources], self.maps),
                "start": Categorical(sources, tuple(elements)),
                "number": arrivals["ref"].astype(np.int64),
                "arrived_us": arrived,
                "ended_us": ended,
                "status": Categorical(status, ("completed", "unfinished", "stuck")),
                "counted": counted,
            }
        )

    def instances(self) -> Columns:
        """Derive the table of instances."""
        at = self.instance_rows
        rows, kinds = self.rows[at], self.kinds[at]
        nodes = (rows["code"] >> r.KIND_BITS).astype(np.int64)
        enabled = self.rows["end"][rows["ref"] >> r.ROW_SHIFT].astype(np.int64)
        start, complete = rows["start"].astype(np.int64), rows["end"].astype(np.int64)
        pool = np.array([node.pool for node in self.nodes], dtype=np.int64)[nodes]
        until = np.where(start >= 0, start, np.where(complete >= 0, complete, self.end_us))
        closed = (until - enabled) - self._open_time(nodes, enabled, until)
        worked_until = np.where(complete >= 0, complete, self.end_us)
        worked = np.where(start >= 0, self._open_time(nodes, np.maximum(start, 0), worked_until), 0)
        none = np.zeros(len(at), dtype=np.int64)
        persons = rows["person"].astype(np.int64) - 1
        several = len(self.maps) > 1
        elements = _codes([f"{self.maps[node.map]}/{node.element}" if several else node.element for node in self.nodes])
        return Columns(
            {
                "instance": np.arange(len(at), dtype=np.int64),
                "case": self.row_cases[at].astype(np.int64),
                "scope": self._scopes(rows["scope"].astype(np.int64) >> r.ROW_SHIFT, nodes),
                "element": Categorical(elements.codes[nodes], elements.categories),
                "unit": Categorical(np.array([node.unit for node in self.nodes], dtype=np.int64)[nodes], self.units),
                "pool": Categorical(pool, self.pools),
                "person": Categorical(persons, self.persons),
                "status": Categorical(kinds, r.STATUS_NAMES),
                "enabled_us": enabled,
                "released_us": enabled,
                "start_us": start,
                "complete_us": complete,
                "worked_us": worked,
                "batching_us": none,
                "unavailability_us": closed,
                "prioritization_us": none,
                "contention_us": until - enabled - closed,
            }
        )

    def _open_time(self, nodes: Array, begin: Array, end: Array) -> Array:
        """Open time of each instance's pool in [begin, end)."""
        elapsed = end - begin
        calendars = np.array([node.calendar for node in self.nodes], dtype=np.int64)[nodes]
        for index, spans in enumerate(self.calendars):
            if spans is not None:
                mine = calendars == index
                if mine.any():
                    elapsed[mine] = spans.open_until(end[mine]) - spans.open_until(begin[mine])
        return elapsed

    def _scopes(self, at: Array, nodes: Array) -> Categorical:
        """Path of each instance's scope: process id, then ``/activity:visit:index`` inward."""
        maps = np.array([node.map for node in self.nodes], dtype=np.int64)
        if not (self.kinds[at] == r.SCOPE).any():
            return Categorical(maps[nodes], self.maps)
        texts: dict[int, str] = {}
        paths = [self._path(int(row), int(node), texts) for row, node in zip(at, nodes, strict=True)]
        categories = sorted(set(paths))
        codes = {path: code for code, path in enumerate(categories)}
        return Categorical(np.array([codes[path] for path in paths], dtype=np.int64), tuple(categories))

    def _path(self, row: int, node: int, texts: dict[int, str]) -> str:
        if row in texts:
            return texts[row]
        if self.kinds[row] != r.SCOPE:
            return self.maps[self.nodes[node].map]
        opened = self.rows[row]
        opener = int(opened["code"] >> r.KIND_BITS)
        outer = self._path(int(opened["scope"]) >> r.ROW_SHIFT, opener, texts)
        texts[row] = f"{outer}/{self.nodes[opener].element}:{opened['ref']}:{opened['start']}"
        return texts[row]

    @cached_property
    def origins(self) -> Origins:
        """Where the token of each started instance and of each ended token came from."""
        return walk(self.rows, self.kinds, self.instance_rows)

    def movements(self) -> Columns:
        """Derive the table of movements."""
        origins = self.origins
        number = np.full(len(self.rows), -1, dtype=np.int64)
        number[self.instance_rows] = np.arange(len(self.instance_rows))
        return Columns(
            {
                "from_instance": number[origins.from_row],
                "to_instance": number[origins.to_row],
                "case": self.row_cases[origins.to_row].astype(np.int64),
                "left_us": origins.left,
                "dispatch_us": origins.parts[r.DISPATCH],
                "transfer_us": origins.parts[r.TRANSFER],
                "event_us": origins.parts[r.EVENT],
                "synchronization_us": origins.parts[r.SYNCHRONIZATION],
                "critical": origins.critical,
            }
        )


def _codes(texts: list[str]) -> Categorical:
    categories = sorted(set(texts))
    codes = {text: code for code, text in enumerate(categories)}
    return Categorical(np.array([codes[text] for text in texts], dtype=np.int64), tuple(categories))
