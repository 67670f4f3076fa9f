from __future__ import annotations

import hashlib
import pickle

import numpy as np
import pytest

from bpmnmap.eventlog.columns import Array, Columns
from bpmnmap.eventlog.log import CASE_COLUMNS, INSTANCE_COLUMNS, MOVEMENT_COLUMNS, EventLog, GivenTables, OpenSpans, digest
from tests.eventlog.log_builder import LogBuilder, make_run
from tests.eventlog.row_builder import RowBuilder, spans


def small_log() -> EventLog:
    build = LogBuilder()
    case = build.case(0, 60)
    first = build.instance(case, "check", "FO", 10, 20)
    second = build.instance(case, "decide", "TO", 40, 60, contention=5)
    build.movement(None, first, case, 0, event=10)
    build.movement(first, second, case, 20, transfer=15)
    build.movement(second, None, case, 60)
    return build.log()


def changed(log: EventLog, table: str, column: str) -> EventLog:
    """The log with the first cell of a column changed."""
    tables = {"cases": log.cases, "instances": log.instances, "movements": log.movements}
    columns: dict[str, Array] = {name: values.copy() for name, values in tables[table].items()}
    kind = columns[column].dtype.kind
    columns[column] = columns[column].astype(object) if kind == "U" else columns[column]
    columns[column][0] = {"U": "x", "b": not columns[column][0], "i": 99}[kind]
    if kind == "U":
        columns[column] = columns[column].astype(np.str_)
    return EventLog(log.run, GivenTables(*(Columns(columns) if name == table else each for name, each in tables.items())))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (table, column)
        for table, columns in (("cases", CASE_COLUMNS), ("instances", INSTANCE_COLUMNS), ("movements", MOVEMENT_COLUMNS))
        for column in columns
    ],
)
def test_every_cell_is_in_the_digest(table: str, column: str) -> None:
    assert changed(small_log(), table, column).digest != small_log().digest


def test_the_digest_is_that_of_the_columns_in_the_order_of_the_page() -> None:
    log = small_log()
    sha = hashlib.sha256()
    for table, columns in ((log.cases, CASE_COLUMNS), (log.instances, INSTANCE_COLUMNS), (log.movements, MOVEMENT_COLUMNS)):
        for column in columns:
            values = table[column]
            if values.dtype.kind == "U":
                sha.update("".join(f"{text}\n" for text in values).encode())
            else:
                sha.update(values.astype("?" if values.dtype.kind == "b" else "<i8").tobytes())
    assert log.digest == digest([log]) == sha.hexdigest()


def test_the_order_of_columns_and_what_the_run_says_are_not_in_the_digest() -> None:
    log = small_log()
    turned = [Columns(dict(reversed(list(table.items())))) for table in (log.cases, log.instances, log.movements)]
    assert EventLog(make_run(seed=99), GivenTables(*turned)).digest == log.digest


def test_several_logs_have_one_digest_that_depends_on_their_order() -> None:
    log, other = small_log(), changed(small_log(), "cases", "ended_us")
    assert digest([log, other]) != digest([other, log])
    assert digest([log, log]) != digest([log])
    assert digest([]) == hashlib.sha256().hexdigest()


def test_tables_are_derived_once() -> None:
    build = RowBuilder()
    case = build.arrival(0)
    build.end(case, build.instance(case, case, 0, 5), 5)
    log = EventLog(make_run(), build.recording())
    assert log.instances is log.instances
    assert repr(log) == "EventLog(replication 0, 1 cases)"
    assert (len(log.cases), len(log.instances), len(log.movements)) == (1, 1, 2)


def test_a_pickled_log_has_the_same_digest() -> None:
    build = RowBuilder()
    case = build.arrival(0)
    build.end(case, build.instance(case, case, 0, 5), 5)
    log = EventLog(make_run(), build.recording())
    wanted = log.digest
    assert pickle.loads(pickle.dumps(log)).digest == wanted


@pytest.mark.parametrize(("at", "opened"), [(0, 0), (10, 0), (11, 1), (20, 10), (25, 10), (30, 10), (35, 15), (40, 20), (1_000, 20)])
def test_open_time_until_an_instant(at: int, opened: int) -> None:
    assert spans((10, 20), (30, 40)).open_until(np.array([at])).tolist() == [opened]


def test_open_time_where_it_never_opens() -> None:
    never = OpenSpans(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    assert never.open_until(np.array([0, 5])).tolist() == [0, 0]
