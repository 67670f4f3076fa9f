"""Event logs as CSV: the three tables in a directory, or the instances in one file of the field's usual columns."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

import numpy as np

from bpmnmap.durations import SECOND_US
from bpmnmap.errors import EventLogError
from bpmnmap.eventlog.columns import Array, Columns
from bpmnmap.eventlog.instants import Instants
from bpmnmap.eventlog.log import CASE_COLUMNS, INSTANCE_COLUMNS, MOVEMENT_COLUMNS, EventLog, Run
from bpmnmap.findings import Finding, Location

_TEXTS = frozenset({"map", "start", "status", "scope", "element", "unit", "pool", "person"})
_INSTANTS = frozenset({"arrived_us", "ended_us", "enabled_us", "released_us", "start_us", "complete_us", "left_us"})
_OUTSIDE = {"from_instance": "source", "to_instance": "sink"}
_USUAL_COLUMNS = ("case_id", "activity", "resource", "unit", "enable_time", "start_time", "end_time")
_CHUNK = 1 << 16

ColumnTexts = Callable[[slice], list[str]]  # one text per row of a slice, ready for a CSV line


def write_event_log(logs: EventLog | Iterable[EventLog], path: str | os.PathLike[str]) -> None:
    r"""Write one or several event logs as CSV.

    A path that ends in ``.csv`` becomes one file of all activity instances in the columns that tools of the field
    know: ``case_id, activity, resource, unit, enable_time, start_time, end_time``, with several logs ``replication``
    before them; what has not happened is empty. Any other path becomes a directory of ``cases.csv``,
    ``instances.csv`` and ``movements.csv``. Instants are ISO 8601 in the organization's time zone, spans exact decimal
    seconds in columns that end in ``_s``. UTF-8 with ``\n`` line ends; equal logs give equal bytes. Files appear
    whole or not at all.

    Parameters
    ----------
    logs
        A simulation's result, one event log, or several.
    path
        Where to write; files of these names there are replaced.

    Raises
    ------
    EventLogError
        The path cannot be written.
    ValueError
        There is no log.

    Examples
    --------
    >>> write_event_log([], "runs")
    Traceback (most recent call last):
        ...
    ValueError: logs must hold at least one event log (got none)

    References
    ----------
    formats.md, "The event log".
    """
    given = [logs] if isinstance(logs, EventLog) else list(logs)
    if not given:
        raise ValueError("logs must hold at least one event log (got none)")
    target = Path(path)
    try:
        if target.suffix.lower() == ".csv":
            _write_usual(given, target)
        else:
            _write_tables(given, target)
    except OSError as error:
        raise EventLogError([_not_written(error, target)]) from error


def _write_tables(logs: Sequence[EventLog], directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    tables = {"cases.csv": CASE_COLUMNS, "instances.csv": INSTANCE_COLUMNS, "movements.csv": MOVEMENT_COLUMNS}
    with _replacing([directory / name for name in tables]) as files:
        for file, names in zip(files, tables.values(), strict=True):
            file.write(",".join(["replication", *(_file_name(name) for name in names)]) + "\n")
        for log in logs:
            instants = Instants(log.run)
            for file, table, names in zip(files, (log.cases, log.instances, log.movements), tables.values(), strict=True):
                columns = [_column_texts(table, name, instants) for name in names]
                _write_rows(file, [_constant(log.run.replication), *columns], len(table))


def _write_usual(logs: Sequence[EventLog], path: Path) -> None:
    has_several = len(logs) > 1
    with _replacing([path]) as (file,):
        file.write(",".join((["replication"] if has_several else []) + list(_USUAL_COLUMNS)) + "\n")
        for log in logs:
            instants, table = Instants(log.run), log.instances
            columns = [_column_texts(table, name, instants) for name in ("case", "person", "unit", "enabled_us", "start_us", "complete_us")]
            columns.insert(1, _activities(table, log.run))
            _write_rows(file, ([_constant(log.run.replication)] if has_several else []) + columns, len(table))


def _write_rows(file: TextIO, columns: Sequence[ColumnTexts], count: int) -> None:
    """Line by line, in slices: the texts of millions of rows at once would need gigabytes."""
    for begin in range(0, count, _CHUNK):
        rows = slice(begin, min(begin + _CHUNK, count))
        file.write("\n".join(map(",".join, zip(*(texts(rows) for texts in columns), strict=True))) + "\n")


def _file_name(name: str) -> str:
    return name if not name.endswith("_us") else name.removesuffix("_us") + ("" if name in _INSTANTS else "_s")


def _column_texts(table: Columns, name: str, instants: Instants) -> ColumnTexts:
    if name in _TEXTS:
        column = table.categorical(name)
        return _category_texts(column.codes, column.categories)
    values = table[name]
    if values.dtype.kind == "b":
        return lambda rows: ["true" if value else "false" for value in values[rows].tolist()]
    if name in _INSTANTS:
        return lambda rows: instants.texts(values[rows])
    if name.endswith("_us"):
        return lambda rows: _seconds(values[rows])
    return lambda rows: _with_none(list(map(str, values[rows].tolist())), values[rows], _OUTSIDE.get(name, ""))


def _activities(table: Columns, run: Run) -> ColumnTexts:
    """The names of the elements, which the field's tools show; the id where an element has none."""
    column = table.categorical("element")
    return _category_texts(column.codes, [run.element_names.get(element) or element for element in column.categories])


def _category_texts(codes: Array, categories: Sequence[str]) -> ColumnTexts:
    texts = [*map(_quoted, categories), ""]  # code −1 is the empty text
    return lambda rows: [texts[code] for code in codes[rows].tolist()]


def _constant(number: int) -> ColumnTexts:
    return lambda rows: [str(number)] * (rows.stop - rows.start)


def _seconds(times_us: Array) -> list[str]:
    """Exact decimals: a float would print noise."""
    wholes, rests = np.divmod(times_us, SECOND_US)
    texts = list(map(str, wholes.tolist()))
    fractions = np.flatnonzero(rests)
    for index, rest in zip(fractions.tolist(), rests[fractions].tolist(), strict=True):
        texts[index] += f".{rest:06d}".rstrip("0")
    return _with_none(texts, times_us, "")


def _with_none(texts: list[str], values: Array, text: str) -> list[str]:
    """Replace the texts of −1."""
    for index in np.flatnonzero(values == -1).tolist():
        texts[index] = text
    return texts


def _quoted(text: str) -> str:
    """A field of a CSV line (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


@contextmanager
def _replacing(paths: Sequence[Path]) -> Iterator[list[TextIO]]:
    """Files that take the place of `paths` when all has been written, and vanish when something fails."""
    drafts = [path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in paths]
    try:
        with ExitStack() as stack:
            yield [stack.enter_context(draft.open("w", encoding="utf-8", newline="\n")) for draft in drafts]
        for draft, path in zip(drafts, paths, strict=True):
            os.replace(draft, path)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def _not_written(error: OSError, target: Path) -> Finding:
    if target.is_file() and target.suffix.lower() != ".csv":
        message, fix = "a directory is to be written, but this is a file", "name a directory, or a file that ends in .csv"
    elif target.is_dir() and target.suffix.lower() == ".csv":
        message, fix = "a file is to be written, but this is a directory", "name a file that does not exist, or a directory not named .csv"
    else:
        message, fix = f"the log cannot be written: {error.strerror or error}", "name a place that can be written"
    return Finding("not-written", message, Location(str(target)), fix=fix)
