"""Row by row: a log of the engine against the reference's tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bpmnmap.eventlog.columns import Columns
from bpmnmap.eventlog.log import CASE_COLUMNS, INSTANCE_COLUMNS, MOVEMENT_COLUMNS, EventLog
from tests.reference.simulator import Row, Tables


def rows(table: Columns, names: Sequence[str]) -> list[Row]:
    columns = {name: table[name].tolist() for name in names}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def differences(log: EventLog, expected: Tables) -> list[str]:
    """What differs, the first of each table in words; empty if nothing does."""
    found = []
    if log.run.end_us != expected.end_us:
        found.append(f"the run ended at {log.run.end_us}, not at {expected.end_us}")
    if sorted(log.run.stuck_at) != expected.stuck_at:
        found.append(f"stuck at {log.run.stuck_at}, not at {expected.stuck_at}")
    found += in_order("case", rows(log.cases, CASE_COLUMNS), expected.cases, CASE_COLUMNS)
    found += in_order("instance", rows(log.instances, INSTANCE_COLUMNS), expected.instances, INSTANCE_COLUMNS)
    got, wanted = (Counter(tuple(row[name] for name in MOVEMENT_COLUMNS) for row in each) for each in (rows(log.movements, MOVEMENT_COLUMNS), expected.movements))
    found += [f"movement too much: {dict(zip(MOVEMENT_COLUMNS, row, strict=True))} x {count}" for row, count in list((got - wanted).items())[:3]]
    found += [f"movement missing: {dict(zip(MOVEMENT_COLUMNS, row, strict=True))} x {count}" for row, count in list((wanted - got).items())[:3]]
    return found


def in_order(kind: str, got: list[Row], expected: list[Row], names: Sequence[str]) -> list[str]:
    if len(got) != len(expected):
        found = [f"{len(got)} rows of {kind}, not {len(expected)}"]
    else:
        found = []
    for index, (ours, theirs) in enumerate(zip(got, expected, strict=False)):
        wrong = [f"{name} is {ours[name]!r}, not {theirs[name]!r}" for name in names if ours[name] != theirs[name]]
        if wrong:
            return [*found, f"{kind} {index} ({theirs}): {', '.join(wrong)}"]
    return found
