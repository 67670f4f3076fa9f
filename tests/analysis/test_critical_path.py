from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from bpmnmap.analysis.critical_path import critical_path_rows
from bpmnmap.eventlog.log import EventLog
from tests.analysis.random_logs import random_log
from tests.analysis.slow_table import critical_rows, movement_parts
from tests.eventlog.log_builder import LogBuilder, joined_branches


def rows_on_path(builder: LogBuilder) -> list[int]:
    return np.flatnonzero(critical_path_rows(builder.log())).tolist()


def test_join_follows_the_token_that_came_last() -> None:
    """handoff.md, example 2: Memo came last, so its row into Decide is critical, and Inspect's is not."""
    assert rows_on_path(joined_branches()) == [1, 3, 4]


def test_token_that_ended_last_leads_the_path() -> None:
    builder = LogBuilder()
    case = builder.case(0, 50)
    first, second = builder.instance(case, "A", "FO", 0, 10), builder.instance(case, "B", "FO", 0, 20)
    builder.movement(None, first, case, 0)
    builder.movement(None, second, case, 0)
    builder.movement(first, None, case, 10, transfer=40)
    builder.movement(second, None, case, 20, transfer=5)
    assert rows_on_path(builder) == [0, 2]


def test_of_tokens_that_ended_together_the_last_leads() -> None:
    builder = LogBuilder()
    case = builder.case(0, 20)
    first, second = builder.instance(case, "A", "FO", 0, 10), builder.instance(case, "B", "FO", 0, 20)
    builder.movement(None, first, case, 0)
    builder.movement(None, second, case, 0)
    builder.movement(second, None, case, 20)
    builder.movement(first, None, case, 10, event=10)
    assert rows_on_path(builder) == [0, 3]


def test_only_the_critical_origin_of_the_last_token_counts() -> None:
    builder = LogBuilder()
    case = builder.case(0, 20)
    first, second = builder.instance(case, "A", "FO", 0, 10), builder.instance(case, "B", "FO", 0, 20)
    builder.movement(None, first, case, 0)
    builder.movement(None, second, case, 0)
    builder.movement(second, None, case, 20)
    builder.movement(first, None, case, 10, synchronization=10, critical=False)
    assert rows_on_path(builder) == [1, 2]


def test_case_without_an_activity() -> None:
    builder = LogBuilder()
    builder.movement(None, None, builder.case(0, 30), 0, event=30)
    assert rows_on_path(builder) == [0]


def test_unfinished_and_stuck_cases_have_no_path() -> None:
    builder = LogBuilder()
    for status in ("unfinished", "stuck"):
        case = builder.case(0, None, status)
        check = builder.instance(case, "A", "FO", 0, 10)
        builder.movement(None, check, case, 0)
        builder.movement(check, None, case, 10)
    assert rows_on_path(builder) == []


def test_loop_passes_an_activity_twice() -> None:
    builder = LogBuilder()
    case = builder.case(0, 30)
    last = None
    for turn in range(3):
        again = builder.instance(case, "A", "FO", 10 * turn, 10 * turn + 10)
        builder.movement(last, again, case, 10 * turn)
        last = again
    builder.movement(last, None, case, 30)
    assert rows_on_path(builder) == [0, 1, 2, 3]


def test_path_may_end_where_the_log_knows_no_more() -> None:
    builder = LogBuilder()
    case = builder.case(0, 30)
    check = builder.instance(case, "A", "FO", 5, 30)
    builder.movement(check, None, case, 30)
    assert rows_on_path(builder) == [0]


def test_instance_that_comes_from_itself_ends_the_walk() -> None:
    builder = LogBuilder()
    case = builder.case(0, 10)
    check = builder.instance(case, "A", "FO", 0, 10)
    builder.movement(check, check, case, 0)
    builder.movement(check, None, case, 10)
    assert rows_on_path(builder) == [0, 1]


def test_empty_log() -> None:
    assert rows_on_path(LogBuilder()) == []


@settings(max_examples=40, deadline=None)
@given(random_log())
def test_path_equals_a_walk_link_by_link(log: EventLog) -> None:
    assert set(np.flatnonzero(critical_path_rows(log)).tolist()) == critical_rows(log)


@settings(max_examples=40, deadline=None)
@given(random_log())
def test_path_and_work_add_up_to_the_cycle_time(log: EventLog) -> None:
    """H22: the end of each piece is the beginning of the next."""
    on_path = critical_path_rows(log)
    for case in log.cases.rows():
        if case["status"] == "completed":
            rows = [row for row, is_on in zip(log.movements.rows(), on_path, strict=True) if is_on and row["case"] == case["case"]]
            origins = [log.instances.row(row["from_instance"]) for row in rows if row["from_instance"] >= 0]
            worked = sum(origin["complete_us"] - origin["start_us"] for origin in origins)
            waited = sum(sum(movement_parts(log, row)) for row in rows)
            assert worked + waited == case["ended_us"] - case["arrived_us"]
