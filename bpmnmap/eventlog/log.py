"""EventLog: what did happen, as three columnar tables and the data of the run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol

import numpy as np

from bpmnmap.eventlog.columns import Array, Columns

CASE_COLUMNS = ("case", "map", "start", "number", "arrived_us", "ended_us", "status", "counted")
INSTANCE_COLUMNS = (
    "instance", "case", "scope", "element", "unit", "pool", "person", "status", "enabled_us", "released_us", "start_us", "complete_us",
    "worked_us", "batching_us", "unavailability_us", "prioritization_us", "contention_us",
)  # fmt: skip
MOVEMENT_COLUMNS = (
    "from_instance", "to_instance", "case", "left_us", "dispatch_us", "transfer_us", "event_us", "synchronization_us", "critical",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenSpans:
    """When an office is open: sorted disjoint half-open spans in microseconds since the run's start.

    Parameters
    ----------
    opens, closes
        int64, of one length.
    """

    opens: Array
    closes: Array

    def open_until(self, times: Array) -> Array:
        """Open microseconds in [0, t) for each t of an int64 array."""
        elapsed = np.concatenate([[0], np.cumsum(self.closes - self.opens)])
        index = np.searchsorted(self.opens, times, side="right")
        inside = np.zeros(len(times), dtype=np.int64)
        begun = index > 0
        last = index[begun] - 1
        inside[begun] = elapsed[last] + np.minimum(times[begun], self.closes[last]) - self.opens[last]
        return inside


@dataclass(frozen=True, slots=True)
class Run:
    """What is known of the run that a log is of: formats.md, "The event log".

    Parameters
    ----------
    start
        Instant of clock zero, in the organization's time zone `time_zone` (None: naive local time).
    warm_up_us, duration_us, follow_up_us
        Counted are the cases that arrive in [warm_up, warm_up + duration); None where all cases count (H26).
    end_us
        When the run ended.
    assumed
        n of m numbers that the run used are assumed.
    maps
        Process ids, in order.
    unit_names, element_names
        Names by unit id and by element id (``PROCESS/ID`` with several maps).
    opening
        Opening spans by unit id, as far as the run went; None = always open.
    stuck_at
        Where tokens of stuck cases stand: map, element and how many cases (H26).
    untaken
        Messages that nobody took until their case ended: map, element that would have taken them, and how many (H14).
    """

    replication: int
    seed: int | None
    start: datetime
    warm_up_us: int
    duration_us: int | None
    follow_up_us: int | None
    end_us: int
    time_zone: str | None
    maps: tuple[str, ...]
    map_digests: tuple[str, ...]
    organization_digest: str
    scenario_digest: str
    calendar_digest: str
    version: str
    assumed: tuple[int, int]
    unit_names: dict[str, str] = field(default_factory=dict)
    element_names: dict[str, str] = field(default_factory=dict)
    opening: dict[str, OpenSpans | None] = field(default_factory=dict)
    stuck_at: tuple[tuple[str, str, int], ...] = ()
    untaken: tuple[tuple[str, str, int], ...] = ()


class Tables(Protocol):
    """Where an EventLog takes its tables from: given columns, or a recording that derives them."""

    def cases(self) -> Columns:
        """Return the cases."""
        ...

    def instances(self) -> Columns:
        """Return the instances."""
        ...

    def movements(self) -> Columns:
        """Return the movements."""
        ...


@dataclass(frozen=True, slots=True)
class GivenTables:
    """Three tables as they are."""

    case_columns: Columns
    instance_columns: Columns
    movement_columns: Columns

    def cases(self) -> Columns:
        """Return the cases."""
        return self.case_columns

    def instances(self) -> Columns:
        """Return the instances."""
        return self.instance_columns

    def movements(self) -> Columns:
        """Return the movements."""
        return self.movement_columns


class CaseAttributes(Protocol):
    """Where an EventLog takes the attributes of its cases from."""

    def of(self, cases: Columns) -> Columns:
        """Return a column per attribute, a row per case."""
        ...


class EventLog:
    """One run's log: tables `cases`, `instances`, `movements` and the run's data `run`.

    Times are int64 microseconds since ``run.start``; −1 means none. Tables are derived when first asked for.
    """

    def __init__(self, run: Run, tables: Tables, case_attributes: CaseAttributes | None = None) -> None:
        self.run = run
        self.tables = tables
        self.case_attributes = case_attributes

    @cached_property
    def cases(self) -> Columns:
        """One row per case, in order of arrival: `CASE_COLUMNS`."""
        return self.tables.cases()

    @cached_property
    def instances(self) -> Columns:
        """One row per activity instance, in order of entering: `INSTANCE_COLUMNS`."""
        return self.tables.instances()

    @cached_property
    def movements(self) -> Columns:
        """One row per origin of each started instance and of each ended token (H4): `MOVEMENT_COLUMNS`.

        `from_instance` −1 is *source*, `to_instance` −1 is *sink*.
        """
        return self.tables.movements()

    @cached_property
    def attributes(self) -> Columns:
        """What each case had been given when it arrived: a column per attribute, a row per case.

        No part of the tables nor of the digest: what is drawn follows from seed and case alone (H31). What activities
        changed later does not stand here.
        """
        return Columns({}, len(self.cases)) if self.case_attributes is None else self.case_attributes.of(self.cases)

    def counting(self, counted: Array) -> EventLog:
        """Return this log with other cases counted, one bool per case; all else is shared."""
        return EventLog(self.run, _Recounted(self, counted), self.case_attributes)

    def __getstate__(self) -> dict[str, object]:
        # what is derived can be derived again
        return {"run": self.run, "tables": self.tables, "case_attributes": self.case_attributes}

    @property
    def digest(self) -> str:
        """SHA-256 over all columns of all tables in the order of formats.md, little-endian, texts as UTF-8 lines."""
        return digest([self])

    def __repr__(self) -> str:
        return f"EventLog(replication {self.run.replication}, {len(self.cases)} cases)"


@dataclass(frozen=True, slots=True)
class _Recounted:
    """Another log's tables, with other cases counted."""

    log: EventLog
    counted: Array

    def cases(self) -> Columns:
        return self.log.cases.replaced("counted", self.counted)

    def instances(self) -> Columns:
        return self.log.instances

    def movements(self) -> Columns:
        return self.log.movements


def digest(logs: list[EventLog]) -> str:
    """SHA-256 over all columns of all tables of all logs: equal logs have equal digests on every machine (H34)."""
    sha = hashlib.sha256()
    for log in logs:
        for table, names in ((log.cases, CASE_COLUMNS), (log.instances, INSTANCE_COLUMNS), (log.movements, MOVEMENT_COLUMNS)):
            for name in names:
                sha.update(table.column_bytes(name))
    return sha.hexdigest()
