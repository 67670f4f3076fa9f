"""Event logs written down by hand, and the comparison of a log with one: every column of every row.

A text has the tables ``cases``, ``instances`` and ``movements``, each under its name in brackets, cells between bars. Instants are ISO
8601, spans ISO 8601 durations, ``-`` is none. What a table does not show holds in every row: it is *critical* and *counted*; nothing is
batched or prioritized; what is enabled is released; a person of UNIT.POOL works in that pool; a span is nothing; numbers are those of rows;
the scope is the process itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bpmnmap.durations import format_duration, parse_duration
from bpmnmap.eventlog.columns import Columns
from bpmnmap.eventlog.log import CASE_COLUMNS, INSTANCE_COLUMNS, MOVEMENT_COLUMNS, EventLog

Row = dict[str, str]

TABLES: Mapping[str, tuple[str, ...]] = {"cases": CASE_COLUMNS, "instances": INSTANCE_COLUMNS, "movements": MOVEMENT_COLUMNS}
SPANS = {
    "worked", "batching", "unavailability", "prioritization", "contention", "dispatch", "transfer", "event", "synchronization",
}  # fmt: skip
ENDS = {"from": "from_instance", "to": "to_instance"}
_MICROSECOND = timedelta(microseconds=1)


def written(text: str, process: str) -> dict[str, list[Row]]:
    """The rows of a text, by table, with all columns of the event log."""
    found: dict[str, list[Row]] = {name: [] for name in TABLES}
    name, titles = "", list[str]()
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("[") and line.endswith("]"):
            name, titles = line[1:-1], []
        elif "|" in line:
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if not titles:
                titles = cells
            else:
                found[name].append(_completed(name, dict(zip(titles, cells, strict=True)), len(found[name]), process))
    return found


def recorded(log: EventLog) -> dict[str, list[Row]]:
    """The rows of a log, as `written` gives those of a text."""
    tables = {"cases": log.cases, "instances": log.instances, "movements": log.movements}
    return {name: list(_texts(name, table, log.run.start)) for name, table in tables.items()}


def cells(log: EventLog, table: str, *columns: str) -> list[tuple[str, ...]]:
    """Some columns of a log's table, as they would be written, row by row."""
    return [tuple(row[column] for column in columns) for row in recorded(log)[table]]


def _completed(name: str, given: Row, number: int, process: str) -> Row:
    row = {
        "cases": {"case": str(number), "map": process, "start": "start", "number": str(number), "ended": "-", "status": "completed"},
        "instances": {"instance": str(number), "case": "0", "scope": process, "pool": "", "person": "", "status": "completed"},
        "movements": {"case": "0"},
    }[name] | {"counted": "yes", "critical": "yes"}
    row |= dict.fromkeys(SPANS, "PT0S")
    row |= {column: text.removeprefix("-") if column in {"pool", "person"} else text for column, text in given.items()}
    if name == "instances":
        row.setdefault("released", row["enabled"])
        row["pool"] = row["pool"] or row["person"].partition("/")[0]
    columns = [_title(name, column) for column in TABLES[name]]
    unknown = set(given) - set(columns)
    assert not unknown, f"{name} has no column {unknown}"
    return {column: row[column] for column in columns}


def _title(name: str, column: str) -> str:
    """What a column is called in a text: in the table of cases ``start`` is an element, in that of instances an instant."""
    title = {"from_instance": "from", "to_instance": "to"}.get(column, column.removesuffix("_us"))
    return "begin" if (name, title) == ("instances", "start") else title


def _texts(name: str, table: Columns, start: datetime) -> Iterator[Row]:
    for values in table.rows():
        yield {_title(name, column): _text(column, values[column], start) for column in TABLES[name]}


def _text(column: str, value: Any, start: datetime) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column in ENDS.values():
        return str(value) if value >= 0 else {"from_instance": "source", "to_instance": "sink"}[column]
    if column.removesuffix("_us") in SPANS:
        return format_duration(value)
    if column.endswith("_us"):
        return "-" if value < 0 else instant_text(start, value)
    return str(value)


def instant_text(start: datetime, instant_us: int) -> str:
    """An instant as short as ISO 8601 lets it be: no seconds where there are none."""
    text = (start + instant_us * _MICROSECOND).isoformat()
    return text.removesuffix(":00") if text.count(":") == 2 else text


def normal(tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Spans in one form: PT90M is PT1H30M."""
    return {
        name: [{column: format_duration(parse_duration(cell)) if column in SPANS else cell for column, cell in row.items()} for row in rows]
        for name, rows in tables.items()
    }


def assert_log(log: EventLog, text: str, process: str) -> None:
    """Every column of every row of a log is as written down."""
    expected, found = normal(written(text, process)), recorded(log)
    for name in TABLES:
        for number, (wanted, got) in enumerate(zip(expected[name], found[name], strict=False)):
            differing = {column: (wanted[column], got[column]) for column in wanted if wanted[column] != got[column]}
            assert not differing, f"{name}, row {number}: (written down, recorded) = {differing}"
        assert len(found[name]) == len(expected[name]), f"{name}: {found[name][len(expected[name]) :]}"
