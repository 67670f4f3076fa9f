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
    untaken: tuple[tuple[str, str, int], ...] = ()

    @cached_property
    def kinds(self) -> Array:
        """Kind of each row."""
        return (self.rows["code"] & r.KIND_MASK).astype(np.uint8)

    @cached_property
    def row_cases(self) -> Array:
        """Case of each row (of arrivals: their own)."""
        scopes, kinds = self.rows["scope"], self.kinds
        of_scope = np.zeros(len(scopes), dtype=np.int32)  # where a scope opened: its case
        arrivals = np.flatnonzero(kinds == r.ARRIVAL)
        of_scope[arrivals] = scopes[arrivals]
        for row in np.flatnonzero(kinds == r.SCOPE).tolist():  # a parent's row comes before its child's
            of_scope[row] = of_scope[int(scopes[row]) >> r.ROW_SHIFT]
        cases = np.empty(len(scopes), dtype=np.int32)
        for first in range(0, len(scopes), r.CHUNK):
            part = slice(first, first + r.CHUNK)
            cases[part] = of_scope[scopes[part] >> r.ROW_SHIFT]
        cases[arrivals] = of_scope[arrivals]
        return cases

    @cached_property
    def instance_rows(self) -> Array:
        """Indexes of the rows of instances, in the order in which their tokens entered."""
        found = np.flatnonzero(self.kinds <= r.LAST_INSTANCE_KIND)
        if (self.kinds == r.SCOPE).any():  # items of one activity have one ref: they were entered as their scopes were opened
            found = found[np.argsort(self.rows["scope"][found], kind="stable")]
        ranks = np.array([node.rank for node in self.nodes], dtype=np.int32)
        # refs are in order of time; what has one ref was entered in the order of branches
        keys = self.rows["ref"][found].astype(np.int64)
        keys <<= 20
        keys += ranks[self.rows["code"][found] >> r.KIND_BITS]
        ordered: Array = found[np.argsort(keys, kind="stable")]
        return ordered

    def cases(self) -> Columns:
        """Derive the table of cases."""
        at = np.flatnonzero(self.kinds == r.ARRIVAL)
        arrived = self.rows["end"][at]
        ended = np.full(len(at), -1, dtype=np.int64)
        ends = np.flatnonzero(self.kinds == r.END)
        ended[self.row_cases[ends]] = self.rows["end"][ends]  # in order of time: the last one stays
        status = np.zeros(len(at), dtype=np.int8)
        for code, offsets in ((1, self.unfinished), (2, self.stuck)):
            numbers = self.rows["scope"][offsets >> r.ROW_SHIFT]
            status[numbers] = code
            ended[numbers] = -1
        counted = arrived >= self.warm_up_us
        if self.window_us is not None:
            counted &= arrived < self.window_us

        def of_source(values: list[int]) -> Array:
            spread: Array = np.array(values, dtype=np.int32)[self.rows["code"][at] >> r.KIND_BITS]
            return spread

        maps = [source.map for source in self.sources]
        elements = tuple(source.element for source in self.sources)
        return Columns(
            {
                "case": np.arange(len(at), dtype=np.int64),
                "map": lambda: Categorical(of_source(maps), self.maps),
                "start": lambda: Categorical(of_source(list(range(len(elements)))), elements),
                "number": lambda: self.rows["ref"][at].astype(np.int64),
                "arrived_us": arrived,
                "ended_us": ended,
                "status": Categorical(status, ("completed", "unfinished", "stuck")),
                "counted": counted,
            }
        )

    def instances(self) -> Columns:
        """Derive the table of instances, each column when it is first asked for."""
        at = self.instance_rows
        of = self._per_node
        return Columns(
            {
                "instance": lambda: np.arange(len(at), dtype=np.int64),
                "case": lambda: self.row_cases[at],
                "scope": self._scopes,
                "element": lambda: self._elements,
                "unit": lambda: Categorical(of([node.unit for node in self.nodes]), self.units),
                "pool": lambda: Categorical(of([node.pool for node in self.nodes]), self.pools),
                "person": lambda: Categorical(self.rows["person"][at].astype(np.int64) - 1, self.persons),
                "status": lambda: Categorical(self.kinds[at], r.STATUS_NAMES),
                "enabled_us": lambda: self._enabled,
                "released_us": lambda: self._enabled,
                "start_us": lambda: self._starts,
                "complete_us": lambda: self._completes,
                "worked_us": self._worked,
                "batching_us": lambda: self._nothing(len(at)),
                "unavailability_us": lambda: self._closed,
                "prioritization_us": lambda: self._nothing(len(at)),
                "contention_us": lambda: self._waited - self._closed if self._has_hours else self._waited,
            },
            len(at),
        )

    @staticmethod
    def _nothing(length: int) -> Array:
        return np.broadcast_to(np.int64(0), length)  # takes no memory

    @cached_property
    def _instance_nodes(self) -> Array:
        return self.rows["code"][self.instance_rows] >> r.KIND_BITS

    def _per_node(self, values: list[int]) -> Array:
        """Spread one small number per node over the instances."""
        return np.array(values, dtype=np.int16 if max(values, default=0) < 1 << 15 else np.int32)[self._instance_nodes]

    @cached_property
    def _elements(self) -> Categorical:
        several = len(self.maps) > 1
        names = [f"{self.maps[node.map]}/{node.element}" if several else node.element for node in self.nodes]
        categories = sorted({name for name, node in zip(names, self.nodes, strict=True) if node.is_work})
        codes = {name: code for code, name in enumerate(categories)}
        return Categorical(self._per_node([codes.get(name, -1) for name in names]), tuple(categories))

    @cached_property
    def _enabled(self) -> Array:
        enabled: Array = self.rows["end"][self.rows["ref"][self.instance_rows] >> r.ROW_SHIFT]
        return enabled

    @cached_property
    def _starts(self) -> Array:
        return self.rows["start"][self.instance_rows]

    @cached_property
    def _completes(self) -> Array:
        return self.rows["end"][self.instance_rows]

    @cached_property
    def _ends_of_wait(self) -> Array:
        """Start of work; of what never started, its withdrawal or the end of the run."""
        never = np.flatnonzero(self._starts < 0)
        if not len(never):
            return self._starts
        until = self._starts.copy()
        withdrawn = self._completes[never]
        until[never] = np.where(withdrawn >= 0, withdrawn, self.end_us)
        return until

    @cached_property
    def _waited(self) -> Array:
        at, refs, ends = self.instance_rows, self.rows["ref"], self.rows["end"]
        waited = self._ends_of_wait.copy()
        for first in range(0, len(at), r.CHUNK):
            part = slice(first, first + r.CHUNK)
            waited[part] -= ends[refs[at[part]] >> r.ROW_SHIFT]
        return waited

    @property
    def _has_hours(self) -> bool:
        return any(node.calendar >= 0 for node in self.nodes)

    @cached_property
    def _closed(self) -> Array:
        """Wait while the pool had nobody on duty."""
        if not self._has_hours:
            return self._nothing(len(self.instance_rows))
        waiting = np.flatnonzero(self._waited)  # most work does not wait
        closed = np.zeros(len(self._waited), dtype=np.int64)
        waited = self._waited[waiting]
        closed[waiting] = waited - self._open_time(self._instance_nodes[waiting], self._enabled[waiting], self._ends_of_wait[waiting])
        return closed

    def _worked(self) -> Array:
        ends = self._completes
        going_on = np.flatnonzero(ends < 0)
        if len(going_on):
            ends = ends.copy()
            ends[going_on] = self.end_us
        return self._open_time(self._instance_nodes, self._ends_of_wait, ends) * (self._starts >= 0)

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

    def _scopes(self) -> Categorical:
        """Path of each instance's scope: process id, then ``/activity:visit:index`` inward."""
        at = (self.rows["scope"][self.instance_rows] >> r.ROW_SHIFT).astype(np.int64)
        if not (self.kinds[at] == r.SCOPE).any():
            return Categorical(self._per_node([node.map for node in self.nodes]), self.maps)
        texts: dict[int, str] = {}
        paths = [self._path(int(row), int(node), texts) for row, node in zip(at, self._instance_nodes, strict=True)]
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
        number = np.full(len(self.rows), -1, dtype=np.int32)
        number[self.instance_rows] = np.arange(len(self.instance_rows), dtype=np.int32)
        return Columns(
            {
                "from_instance": number[origins.from_row],
                "to_instance": number[origins.to_row],
                "case": lambda: self.row_cases[origins.to_row],
                "left_us": origins.left,
                "dispatch_us": origins.parts[r.DISPATCH],
                "transfer_us": origins.parts[r.TRANSFER],
                "event_us": origins.parts[r.EVENT],
                "synchronization_us": origins.parts[r.SYNCHRONIZATION],
                "critical": origins.critical,
            }
        )
