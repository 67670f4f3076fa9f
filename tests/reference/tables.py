"""What the reference simulator hands out: the log's rows as dicts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from tests.reference.levels import Node
from tests.reference.parts import Case, Instance, Token

Row = dict[str, Any]


@dataclass
class Tables:
    """A run's log as lists of rows, with the column names of an EventLog."""

    cases: list[Row]
    instances: list[Row]
    movements: list[Row]
    end_us: int
    stuck_at: list[tuple[str, str, int]]


def tables_of(cases: list[Case], instances: list[Instance], movements: list[Row], end: int) -> Tables:
    stuck: Counter[tuple[str, str]] = Counter()
    for case in cases:
        if case.status == "stuck":
            stuck.update({(node.process, node.id) for node in map(where, case.tokens())})
    stuck_at = [(*place, count) for place, count in sorted(stuck.items())]
    return Tables([case_row(each) for each in cases], [instance_row(each) for each in instances], movements, end, stuck_at)


def where(token: Token) -> Node:
    """What a token that is stuck stands at: what waits at a scope's end, at the scope."""
    scope = token.scope
    node = (scope.work.node if scope.work is not None else scope.level.holder) if token in scope.at_end else token.at
    assert node is not None
    return node


def case_row(each: Case) -> Row:
    return {
        "case": each.row,
        "map": each.process,
        "start": each.start,
        "number": each.number,
        "arrived_us": each.arrived,
        "ended_us": each.ended,
        "status": each.status,
        "counted": each.counted,
    }


def instance_row(each: Instance) -> Row:
    return {
        "instance": each.row,
        "case": each.token.case.row,
        "scope": each.scope_text,
        "element": each.node.name,
        "unit": each.node.unit,
        "pool": each.node.pool or "",
        "person": f"{each.node.pool}/{each.person}" if each.person else "",
        "status": each.status,
        "enabled_us": each.enabled,
        "released_us": each.enabled,
        "start_us": each.start,
        "complete_us": each.complete,
        "worked_us": each.worked,
        "batching_us": 0,
        **{f"{part}_us": each.waited[part] for part in ("unavailability", "prioritization", "contention")},
    }
