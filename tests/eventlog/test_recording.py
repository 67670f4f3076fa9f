"""Tables from rows that were made by hand."""

from __future__ import annotations

import pytest

from bpmnmap.eventlog import rows as r
from bpmnmap.eventlog.columns import Columns
from bpmnmap.eventlog.recording import Source
from tests.eventlog.row_builder import RowBuilder, node, offsets, spans


def listed(table: Columns, *names: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in names) for row in table.rows()]


def test_cases_in_order_of_arrival_with_the_end_of_their_last_token() -> None:
    build = RowBuilder()
    first = build.arrival(10, number=4)
    second = build.arrival(20, source=1, number=0)
    build.end(second, second, 30)
    build.end(first, first, 40)
    build.end(first, first, 50)
    cases = build.recording(sources=(Source(0, "start"), Source(0, "other"))).cases()
    assert list(cases) == ["case", "map", "start", "number", "arrived_us", "ended_us", "status", "counted"]
    assert list(map(tuple, listed(cases, *cases))) == [
        (0, "permit", "start", 4, 10, 50, "completed", True),
        (1, "permit", "other", 0, 20, 30, "completed", True),
    ]


def test_unfinished_and_stuck_cases_have_no_end() -> None:
    build = RowBuilder()
    rows = [build.arrival(at) for at in (10, 20, 30)]
    for row in rows:
        build.end(row, row, 40)
    cases = build.recording(unfinished=offsets(rows[0]), stuck=offsets(rows[2])).cases()
    assert listed(cases, "ended_us", "status") == [(-1, "unfinished"), (40, "completed"), (-1, "stuck")]


def test_counted_are_arrivals_from_the_warm_up_to_before_the_window() -> None:
    build = RowBuilder()
    for at in (9, 10, 19, 20):
        build.arrival(at)
    assert build.recording(warm_up_us=10, window_us=20).cases().counted.tolist() == [False, True, True, False]
    assert build.recording().cases().counted.tolist() == [True] * 4


def test_instances_of_every_status() -> None:
    build = RowBuilder()
    case = build.arrival(10)
    build.instance(case, case, 15, 25, person=2)
    build.instance(case, case, 15, 20, node=1, kind=r.INTERRUPTED)
    build.instance(case, case, -1, 30, node=2, person=0, kind=r.WITHDRAWN)
    pause = build.step(r.EVENT, case, case, 35)
    build.instance(case, pause, 40, -1, kind=r.RUNNING)
    build.instance(case, pause, -1, -1, node=1, person=0, kind=r.WAITING)
    instances = build.recording(end_us=50).instances()
    assert listed(instances, "instance", "element", "person", "status", "enabled_us", "released_us", "start_us", "complete_us") == [
        (0, "a", "FO.staff/2", "completed", 10, 10, 15, 25),
        (1, "b", "FO.staff/1", "interrupted", 10, 10, 15, 20),
        (2, "c", "", "withdrawn", 10, 10, -1, 30),
        (3, "a", "FO.staff/1", "running", 35, 35, 40, -1),
        (4, "b", "", "waiting", 35, 35, -1, -1),
    ]
    assert listed(instances, "worked_us", "contention_us", "unavailability_us", "batching_us", "prioritization_us") == [
        (10, 5, 0, 0, 0),
        (5, 5, 0, 0, 0),
        (0, 20, 0, 0, 0),
        (10, 5, 0, 0, 0),
        (0, 15, 0, 0, 0),
    ]


def test_waits_and_work_are_told_apart_by_the_hours_of_the_pool() -> None:
    """Open [10, 20) and [30, 40): closed time while waiting is unavailability, while working a pause."""
    build = RowBuilder()
    case = build.arrival(5)
    build.instance(case, case, 15, 35)
    pause = build.step(r.EVENT, case, case, 22)
    build.instance(case, pause, -1, 32, person=0, kind=r.WITHDRAWN)
    build.instance(case, pause, 38, -1, kind=r.RUNNING)
    build.instance(case, pause, -1, -1, person=0, kind=r.WAITING)
    recording = build.recording([node("a", calendar=0)], calendars=(spans((10, 20), (30, 40)),), end_us=50)
    assert listed(recording.instances(), "unavailability_us", "contention_us", "worked_us") == [
        (5, 5, 10),
        (8, 2, 0),
        (8, 8, 2),
        (18, 10, 0),
    ]


def test_nobodys_work_knows_no_hours() -> None:
    build = RowBuilder()
    case = build.arrival(0)
    build.instance(case, case, 0, 60, person=0)
    recording = build.recording([node("a", pool=-1)], calendars=(spans((10, 20)),))
    assert listed(recording.instances(), "pool", "person", "worked_us", "unavailability_us") == [("", "", 60, 0)]


def test_instances_stand_in_the_order_in_which_their_tokens_entered_not_in_which_they_ended() -> None:
    """By the row that the token comes from; from one row by branches; at one element as written."""
    build = RowBuilder()
    case = build.arrival(0)
    late = build.step(r.EVENT, case, case, 5)
    build.instance(case, late, 5, 6, node=0)
    build.instance(case, case, 0, 7, node=2)
    build.instance(case, case, 0, 8, node=1)
    build.instance(case, case, 0, 9, node=1)
    assert listed(build.recording().instances(), "element", "complete_us") == [("b", 8), ("b", 9), ("c", 7), ("a", 6)]


def test_scopes_are_paths_and_their_instances_belong_to_the_case_around() -> None:
    build = RowBuilder()
    other = build.arrival(0)
    case = build.arrival(1)
    outer = build.scope(case, 1, 0, 2)
    inner = build.scope(outer, 2, 3, 4)
    build.instance(inner, inner, 5, 6)
    build.instance(outer, inner, 5, 7, node=1)
    build.instance(other, inner, 5, 8, node=2)
    assert listed(build.recording().instances(), "case", "scope") == [(1, "permit/b:0:0/c:3:0"), (1, "permit/b:0:0"), (0, "permit")]


def test_with_several_maps_elements_are_named_with_theirs() -> None:
    build = RowBuilder()
    first = build.arrival(0)
    second = build.arrival(0, source=1)
    build.instance(first, first, 0, 1)
    build.instance(second, second, 0, 1, node=1)
    recording = build.recording(
        [node("a"), node("a", map_=1, unit=1, rank=1)], maps=("p", "q"), sources=(Source(0, "start"), Source(1, "start"))
    )
    assert listed(recording.instances(), "element", "scope", "unit") == [("p/a", "p", "FO"), ("q/a", "q", "TO")]
    assert listed(recording.cases(), "map", "start") == [("p", "start"), ("q", "start")]


def test_movements_from_source_between_instances_and_to_sink() -> None:
    build = RowBuilder()
    case = build.arrival(10)
    first = build.instance(case, case, 15, 20)
    sent = build.step(r.DISPATCH, case, first, 30)
    there = build.step(r.TRANSFER, case, sent, 45)
    fired = build.step(r.EVENT, case, there, 50)
    second = build.instance(case, fired, 55, 60, node=1)
    build.end(case, second, 60)
    movements = build.recording().movements()
    assert list(movements) == [
        "from_instance", "to_instance", "case", "left_us", "dispatch_us", "transfer_us", "event_us", "synchronization_us", "critical"
    ]  # fmt: skip
    assert list(map(tuple, listed(movements, *movements))) == [
        (-1, 0, 0, 10, 0, 0, 0, 0, True),
        (0, 1, 0, 20, 10, 15, 5, 0, True),
        (1, -1, 0, 60, 0, 0, 0, 0, True),
    ]


@pytest.mark.parametrize(("kind", "start", "moves"), [(r.COMPLETED, 5, 1), (r.RUNNING, 5, 1), (r.WITHDRAWN, -1, 0), (r.WAITING, -1, 0)])
def test_only_what_started_has_movements(kind: int, start: int, moves: int) -> None:
    build = RowBuilder()
    case = build.arrival(0)
    build.instance(case, case, start, -1 if kind in {r.RUNNING, r.WAITING} else 9, kind=kind)
    assert len(build.recording().movements()) == moves


def test_an_empty_recording() -> None:
    recording = RowBuilder().recording()
    assert [len(table) for table in (recording.cases(), recording.instances(), recording.movements())] == [0, 0, 0]
    assert recording.cases().status.tolist() == recording.instances().scope.tolist() == recording.movements().critical.tolist() == []
