"""The handoff table once more, in plain Python and fractions, row by row; shares no code with `bpmnmap.analysis`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from bpmnmap.eventlog.log import EventLog

TRAVEL = ("dispatch_us", "transfer_us", "event_us", "synchronization_us")
WAITING = ("batching_us", "unavailability_us", "prioritization_us", "contention_us")
Key = tuple[str, str | None, str | None]


def movement_parts(log: EventLog, row: dict[str, Any]) -> list[int]:
    goal = row["to_instance"]
    own = [row[name] for name in TRAVEL]
    return own + ([0] * 4 if goal < 0 else [log.instances.row(goal)[name] for name in WAITING])


def critical_rows(log: EventLog) -> set[int]:
    """Walk each completed case's path back, link by link."""
    movements = list(log.movements.rows())
    path = set()
    for case in log.cases.rows():
        if case["status"] != "completed":
            continue
        last, latest = None, None
        for number, row in enumerate(movements):
            if row["case"] == case["case"] and row["to_instance"] < 0 and row["critical"]:
                end = row["left_us"] + sum(movement_parts(log, row))
                if latest is None or end >= latest:
                    last, latest = number, end
        while last is not None:
            path.add(last)
            origin = movements[last]["from_instance"]
            into = [number for number, row in enumerate(movements) if origin >= 0 and row["to_instance"] == origin and row["critical"]]
            last = into[0] if into else None
    return path


def key_of(log: EventLog, row: dict[str, Any], by: str) -> Key:
    column = "unit" if by == "unit" else "element"
    origin = log.instances.row(row["from_instance"]) if row["from_instance"] >= 0 else None
    goal = log.instances.row(row["to_instance"]) if row["to_instance"] >= 0 else None
    if goal is None:
        return "sink", origin[column] if origin else None, None
    if origin is None:
        return "source", None, goal[column]
    return "internal" if origin["unit"] == goal["unit"] else "handoff", origin[column], goal[column]


def quantile(values: Iterable[int], share: Fraction) -> Fraction:
    ordered = [Fraction(value) for value in sorted(values)]
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def slow_rows(logs: Sequence[EventLog], by: str) -> dict[Key, dict[str, Any]]:
    """Per pair: the figures of the table as fractions of seconds, means over replications (H27)."""
    replications = [figures for log in logs if (figures := _replication(log, by)) is not None]
    keys = {key for figures in replications for key in figures}
    result: dict[Key, dict[str, Any]] = {}
    for key in keys:
        found = [figures[key] for figures in replications if key in figures]
        names = ("mean", "p50", "p90", "parts", "critical", "share")
        row: dict[str, Any] = {name: [figures[name] for figures in found if figures[name] is not None] for name in names}
        result[key] = {
            "count": sum(figures["count"] for figures in found),
            "per_case": sum(figures["per_case"] for figures in found) / len(replications),
            "parts": [mean([parts[k] for parts in row["parts"]]) for k in range(8)],
            "replications": len(found),
            **{name: mean(row[name]) for name in ("mean", "p50", "p90", "critical", "share")},
        }
    return result


def _replication(log: EventLog, by: str) -> dict[Key, dict[str, Any]] | None:
    cases = list(log.cases.rows())
    counted = [case for case in cases if case["counted"]]
    if not counted:
        return None
    cycle = sum(case["ended_us"] - case["arrived_us"] for case in counted if case["status"] == "completed")
    path = critical_rows(log)
    groups: dict[Key, list[tuple[int, dict[str, Any]]]] = {}
    for number, row in enumerate(log.movements.rows()):
        if cases[row["case"]]["counted"]:
            groups.setdefault(key_of(log, row, by), []).append((number, row))
    return {key: _figures(log, rows, path, len(counted), cycle) for key, rows in groups.items()}


def _figures(log: EventLog, rows: list[tuple[int, dict[str, Any]]], path: set[int], cases: int, cycle: int) -> dict[str, Any]:
    delays = {number: sum(movement_parts(log, row)) for number, row in rows}
    parts = [movement_parts(log, row) for _, row in rows]
    completed = [number for number, row in rows if log.cases.row(row["case"])["status"] == "completed"]
    on_path = [number for number in completed if number in path]
    second = 10**6
    return {
        "count": len(rows),
        "per_case": Fraction(len(rows), cases),
        "mean": Fraction(sum(delays.values()), len(rows) * second),
        "p50": quantile(delays.values(), Fraction(1, 2)) / second,
        "p90": quantile(delays.values(), Fraction(9, 10)) / second,
        "parts": [Fraction(sum(part[k] for part in parts), len(rows) * second) for k in range(8)],
        "critical": Fraction(len(on_path), len(completed)) if completed else None,
        "share": Fraction(sum(delays[number] for number in on_path), cycle) if cycle else None,
    }
