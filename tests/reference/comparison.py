"""Row by row: a log of the engine against the reference's tables."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from bpmnmap.eventlog.columns import Columns
from bpmnmap.eventlog.log import CASE_COLUMNS, INSTANCE_COLUMNS, MOVEMENT_COLUMNS, EventLog
from tests.reference.tables import Row, Tables

ENDS = ("from_instance", "to_instance")


def rows(table: Columns, names: Sequence[str]) -> list[Row]:
    columns = {name: table[name].tolist() for name in names}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def tables_of(log: EventLog) -> Tables:
    """The engine's log in the reference's form."""
    cases, instances = rows(log.cases, CASE_COLUMNS), rows(log.instances, INSTANCE_COLUMNS)
    return Tables(cases, instances, rows(log.movements, MOVEMENT_COLUMNS), log.run.end_us, sorted(log.run.stuck_at))


def differences(got: Tables, expected: Tables) -> list[str]:
    """What differs, the first of each table in words; empty if nothing does."""
    found = []
    if got.end_us != expected.end_us:
        found.append(f"the run ended at {got.end_us}, not at {expected.end_us}")
    if got.stuck_at != expected.stuck_at:
        found.append(f"stuck at {got.stuck_at}, not at {expected.stuck_at}")
    found += in_order("case", got.cases, expected.cases, CASE_COLUMNS)
    found += in_order("instance", got.instances, expected.instances, INSTANCE_COLUMNS)
    ours, theirs = (Counter(tuple(row[name] for name in MOVEMENT_COLUMNS) for row in each.movements) for each in (got, expected))
    for told, counts in (("too much", ours - theirs), ("missing", theirs - ours)):
        found += [f"movement {told}: {dict(zip(MOVEMENT_COLUMNS, row, strict=True))} x {count}" for row, count in list(counts.items())[:3]]
    return found


def in_order(kind: str, got: list[Row], expected: list[Row], names: Sequence[str]) -> list[str]:
    found = [] if len(got) == len(expected) else [f"{len(got)} rows of {kind}, not {len(expected)}"]
    for index, (ours, theirs) in enumerate(zip(got, expected, strict=False)):
        wrong = [f"{name} is {ours[name]!r}, not {theirs[name]!r}" for name in names if ours[name] != theirs[name]]
        if wrong:
            return [*found, f"{kind} {index} ({theirs}): {', '.join(wrong)}"]
    return found


def canonical(tables: Tables) -> Tables:
    """The same log with the instances that one case enters at one instant in an order of their content, not of entering."""
    labels = labels_of(tables)
    groups = defaultdict(list)
    for row in tables.instances:
        groups[row["enabled_us"], row["case"]].append(row["instance"])
    number = {-1: -1}
    for members in groups.values():
        number |= dict(zip(sorted(members, key=labels.__getitem__), members, strict=True))
    instances = sorted(({**row, "instance": number[row["instance"]]} for row in tables.instances), key=lambda row: int(row["instance"]))
    movements = [row | {key: number[row[key]] for key in ENDS} for row in tables.movements]
    return Tables(tables.cases, instances, movements, tables.end_us, tables.stuck_at)


def labels_of(tables: Tables) -> dict[int, str]:
    """For each instance a text that no other has; equal logs have equal texts, whatever the order of their instances."""
    labels = refined({row["instance"]: digest([row[name] for name in INSTANCE_COLUMNS[1:]]) for row in tables.instances}, tables)
    while len(set(labels.values())) < len(labels):  # what is still alike may be swapped: tell one apart, and all that hangs on it
        counts = Counter(labels.values())
        alike = min((label, each) for each, label in labels.items() if counts[label] > 1)[1]
        labels = refined(labels | {alike: digest([labels[alike]])}, tables)
    return labels


def refined(labels: dict[int, str], tables: Tables) -> dict[int, str]:
    """Labels that also tell where an instance came from and led to, and so on until they tell no more apart."""
    labels = {-1: ""} | labels
    while True:
        around = defaultdict(list)
        for row in tables.movements:
            values = [row[name] for name in MOVEMENT_COLUMNS[2:]]
            for here, there in (ENDS, ENDS[::-1]):
                around[row[here]].append((here, labels[row[there]], values))
        finer = {-1: ""} | {each: digest([labels[each], sorted(around[each])]) for each in labels if each != -1}
        if len(set(finer.values())) == len(set(labels.values())):
            del finer[-1]
            return finer
        labels = finer


def digest(values: list[Any]) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()
