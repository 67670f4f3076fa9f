"""Event logs made by hand: times in minutes, rows in the order in which they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from bpmnmap.durations import MINUTE_US
from bpmnmap.eventlog.columns import Columns
from bpmnmap.eventlog.log import CASE_COLUMNS, INSTANCE_COLUMNS, MOVEMENT_COLUMNS, EventLog, GivenTables, Run

TEXTS = {"map", "start", "status", "scope", "element", "unit", "pool", "person"}
BOOLS = {"counted", "critical"}


def make_run(**changes: Any) -> Run:
    """A run that starts on Monday, 5 January 2026, in naive local time, with all cases counted."""
    values: dict[str, Any] = {
        "replication": 0,
        "seed": 1,
        "start": datetime(2026, 1, 5),
        "warm_up_us": 0,
        "duration_us": None,
        "follow_up_us": None,
        "end_us": 0,
        "time_zone": None,
        "maps": ("permit",),
        "map_digests": ("",),
        "organization_digest": "",
        "scenario_digest": "",
        "calendar_digest": "",
        "version": "0",
        "assumed": (0, 0),
    }
    return Run(**values | changes)


class LogBuilder:
    """Collects rows; `log` makes the EventLog. `unit` is the length of one unit of time in microseconds."""

    def __init__(self, unit: int = MINUTE_US) -> None:
        self.unit = unit
        self.cases: list[dict[str, Any]] = []
        self.instances: list[dict[str, Any]] = []
        self.movements: list[dict[str, Any]] = []

    def case(self, arrived: int, ended: int | None, status: str = "completed", *, counted: bool = True) -> int:
        number = len(self.cases)
        times = {"arrived_us": arrived * self.unit, "ended_us": self.time(ended)}
        self.cases.append(
            {"case": number, "map": "permit", "start": "Start", "number": number, "status": status, "counted": counted} | times
        )
        return number

    def instance(
        self,
        case: int,
        element: str,
        unit: str,
        start: int | None,
        complete: int | None,
        *,
        status: str = "completed",
        batching: int = 0,
        unavailability: int = 0,
        prioritization: int = 0,
        contention: int = 0,
    ) -> int:
        number = len(self.instances)
        row: dict[str, Any] = {
            "instance": number,
            "case": case,
            "scope": "permit",
            "element": element,
            "unit": unit,
            "pool": f"{unit}.staff",
        }
        row |= {"person": "" if start is None else f"{unit}.staff/1", "status": status}
        waiting = {
            "batching_us": batching,
            "unavailability_us": unavailability,
            "prioritization_us": prioritization,
            "contention_us": contention,
        }
        released = None if start is None else start - unavailability - prioritization - contention
        row |= {"enabled_us": -1 if released is None else (released - batching) * self.unit, "released_us": self.time(released)}
        row |= {"start_us": self.time(start), "complete_us": self.time(complete)}
        row |= {"worked_us": 0 if start is None or complete is None else (complete - start) * self.unit}
        self.instances.append(row | {name: time * self.unit for name, time in waiting.items()})
        return number

    def movement(
        self,
        origin: int | None,
        goal: int | None,
        case: int,
        left: int,
        *,
        dispatch: int = 0,
        transfer: int = 0,
        event: int = 0,
        synchronization: int = 0,
        critical: bool = True,
    ) -> int:
        number = len(self.movements)
        ends = {"from_instance": -1 if origin is None else origin, "to_instance": -1 if goal is None else goal}
        travel = {"dispatch_us": dispatch, "transfer_us": transfer, "event_us": event, "synchronization_us": synchronization}
        times = {name: time * self.unit for name, time in ({"left_us": left} | travel).items()}
        self.movements.append(ends | times | {"case": case, "critical": critical})
        return number

    def log(self, **run: Any) -> EventLog:
        tables = (
            _columns(CASE_COLUMNS, self.cases),
            _columns(INSTANCE_COLUMNS, self.instances),
            _columns(MOVEMENT_COLUMNS, self.movements),
        )
        return EventLog(make_run(**run), GivenTables(*tables))

    def time(self, time: int | None) -> int:
        return -1 if time is None else time * self.unit


def _columns(names: Sequence[str], rows: list[dict[str, Any]]) -> Columns:
    kinds = {name: np.str_ if name in TEXTS else np.bool_ if name in BOOLS else np.int64 for name in names}
    return Columns({name: np.array([row[name] for row in rows], dtype=kinds[name]) for name in names})


def joined_branches() -> LogBuilder:
    """handoff.md, example 2: two branches that join."""
    builder = LogBuilder()
    case = builder.case(600, 980)
    inspect = builder.instance(case, "Inspect", "TO", 600, 720)
    memo = builder.instance(case, "Memo", "PO", 610, 960, contention=10)
    decide = builder.instance(case, "Decide", "PO", 970, 980, contention=10)
    builder.movement(None, inspect, case, 600)
    builder.movement(None, memo, case, 600)
    builder.movement(inspect, decide, case, 720, dispatch=120, transfer=60, synchronization=60, critical=False)
    builder.movement(memo, decide, case, 960)
    builder.movement(decide, None, case, 980)
    return builder
