"""Which cases count, until when they are followed, and which are stuck (H26)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bpmnmap.durations import MINUTE_US
from bpmnmap.eventlog.log import EventLog
from bpmnmap.simulation.draws import fixed
from bpmnmap.simulation.plan import Plan
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.sketch import Step, Travel, choose, end, fork, join, plan, scope, send, start, take, wait, work
from tests.by_hand.tables import cells

ONE_TASK = {"start": start("a"), "a": work("end", 30, at="A"), "end": end()}
DEADLOCK = {
    "start": start("which"),
    "which": choose("a", "b", choices=[[0], [0], [1]]),
    "a": work("meet", 10, at="A"),
    "b": work("end", 30, at="A"),
    "never": work("meet.1", 10, at="A"),
    "meet": join("end"),
    "end": end(),
}


def cases(log: EventLog) -> list[tuple[str, ...]]:
    """Minutes of arrival and end, status, counted."""
    return [
        (f"{arrived // MINUTE_US}", f"{ended // MINUTE_US}" if ended >= 0 else "-", status, "yes" if counted else "no")
        for arrived, ended, status, counted in zip(
            log.cases.arrived_us.tolist(), log.cases.ended_us.tolist(), log.cases.status.tolist(), log.cases.counted.tolist(), strict=True
        )
    ]


def windowed(steps: Mapping[str, Step], at: list[float], *, warm_up: float, duration: float, follow_up: float) -> Plan:
    return plan(steps, at=at, hours={"A": ""}, window=(warm_up, duration, follow_up))


def test_counted_are_arrivals_from_the_warm_up_to_before_the_end_of_the_duration() -> None:
    microsecond = 1 / MINUTE_US
    run = windowed(ONE_TASK, [60 - microsecond, 60, 160 - microsecond, 160], warm_up=60, duration=100, follow_up=100)
    log = log_of(run)
    assert log.cases.arrived_us.tolist() == [60 * MINUTE_US - 1, 60 * MINUTE_US, 160 * MINUTE_US - 1, 160 * MINUTE_US]
    assert log.cases.counted.tolist() == [False, True, True, False]
    assert_saved_and_loaded(run)


def test_the_run_ends_with_the_last_counted_case_while_arrivals_go_on() -> None:
    run = windowed(ONE_TASK, [10, 90, 105, 110, 119, 121], warm_up=60, duration=40, follow_up=1_000)
    log = log_of(run)
    assert cases(log) == [
        ("10", "40", "completed", "no"),
        ("90", "120", "completed", "yes"),
        ("105", "-", "unfinished", "no"),
        ("110", "-", "unfinished", "no"),
        ("119", "-", "unfinished", "no"),
    ]
    assert log.run.end_us == 120 * MINUTE_US
    assert_saved_and_loaded(run)


def test_without_a_counted_case_the_run_ends_with_the_window() -> None:
    log = log_of(windowed(ONE_TASK, [10, 200], warm_up=60, duration=40, follow_up=1_000))
    assert cases(log) == [("10", "40", "completed", "no")]
    assert log.run.end_us == 100 * MINUTE_US


def test_a_case_that_has_not_ended_at_the_limit_is_unfinished() -> None:
    """The case of minute 90 would end at 120; at the limit itself it has not ended, a microsecond later it has."""
    at_limit = windowed(ONE_TASK, [90], warm_up=60, duration=40, follow_up=20)
    log = log_of(at_limit)
    assert cases(log) == [("90", "-", "unfinished", "yes")]
    assert cells(log, "instances", "status", "complete", "worked") == [("running", "-", "PT30M")]
    assert log.run.end_us == 120 * MINUTE_US
    assert_saved_and_loaded(at_limit)
    assert at_limit.limit_us is not None
    assert cases(log_of(replace(at_limit, limit_us=at_limit.limit_us + 1))) == [("90", "120", "completed", "yes")]


def test_what_waits_at_the_limit_is_in_the_log() -> None:
    steps = {"start": start("a"), "a": work("end", 30, at="A", pool="A.staff"), "end": end()}
    run = plan(steps, at=[70, 75], hours={"A": ""}, pools={"A.staff": 1}, window=(60, 20, 10))
    log = log_of(run)
    assert cells(log, "instances", "status", "begin", "complete", "worked", "contention") == [
        ("running", "2026-01-05T01:10", "-", "PT20M", "PT0S"),
        ("waiting", "-", "-", "PT0S", "PT15M"),
    ]
    assert cells(log, "movements", "from", "to") == [("source", "0")]
    assert_saved_and_loaded(run)


def test_a_follow_up_of_nothing_ends_the_run_with_the_window() -> None:
    log = log_of(windowed(ONE_TASK, [70, 90], warm_up=60, duration=40, follow_up=0))
    assert cases(log) == [("70", "-", "unfinished", "yes"), ("90", "-", "unfinished", "yes")]
    assert log.run.end_us == 100 * MINUTE_US


def test_with_a_number_of_cases_all_count_and_all_are_followed() -> None:
    log = log_of(plan(ONE_TASK, at=[0, 10_000], hours={"A": ""}))
    assert cases(log) == [("0", "30", "completed", "yes"), ("10000", "10030", "completed", "yes")]


def test_stuck_cases_are_named_with_the_elements_where_their_tokens_stand() -> None:
    log = log_of(plan(DEADLOCK, at=[0, 1, 2], hours={"A": ""}))
    assert cases(log) == [("0", "-", "stuck", "yes"), ("1", "-", "stuck", "yes"), ("2", "32", "completed", "yes")]
    assert log.run.stuck_at == (("permit", "meet", 2),)
    assert_saved_and_loaded(plan(DEADLOCK, at=[0, 1, 2], hours={"A": ""}))


def test_a_stuck_case_counts_as_ended_for_the_end_of_the_run() -> None:
    """Stuck before the window closes, and after: the run ends at once, at the later of the two instants."""
    log = log_of(windowed(DEADLOCK, [60, 70, 85], warm_up=60, duration=20, follow_up=1_000))
    assert cases(log) == [("60", "-", "stuck", "yes"), ("70", "-", "stuck", "yes")]
    assert log.run.end_us == 80 * MINUTE_US
    late = windowed(DEADLOCK, [60, 75, 84, 86], warm_up=60, duration=20, follow_up=1_000)
    log = log_of(late)
    assert log.run.end_us == 85 * MINUTE_US
    assert cases(log)[:3] == [("60", "-", "stuck", "yes"), ("75", "-", "stuck", "yes"), ("84", "-", "unfinished", "no")]
    assert_saved_and_loaded(late)


def test_a_token_that_can_still_go_on_keeps_its_case_from_being_stuck() -> None:
    """One token waits at a join for a branch that never comes, the other is in an event: stuck only once that one has ended."""
    steps = {
        "start": start("split"),
        "split": fork("meet", "pause"),
        "pause": wait("end", 50),
        "never": work("meet.1", 1, at="A"),
        "meet": join("end"),
        "end": end(),
    }
    log = log_of(windowed(steps, [70], warm_up=60, duration=20, follow_up=1_000))
    assert log.run.end_us == 120 * MINUTE_US
    assert cases(log) == [("70", "-", "stuck", "yes")]
    unfinished = log_of(windowed(steps, [70], warm_up=60, duration=20, follow_up=30))
    assert cases(unfinished) == [("70", "-", "unfinished", "yes")]
    assert unfinished.run.stuck_at == ()


def test_a_catch_without_a_message_is_stuck() -> None:
    steps = {"start": start("letter"), "letter": take("end", at="A"), "end": end()}
    log = log_of(plan(steps, at=[5], hours={"A": ""}))
    assert cases(log) == [("5", "-", "stuck", "yes")]
    assert log.run.stuck_at == (("permit", "letter", 1),)


def test_what_is_stuck_in_a_sub_process_is_named_too() -> None:
    """The join in the sub-process, and the end of the sub-process, where the other token waits for it."""
    steps = {
        "start": start("outer"),
        "outer": scope("inner", then="end"),
        "inner": scope("split", then="outer_done", inside="outer"),
        "split": fork("meet", "inner_done", inside="inner"),
        "never": work("meet.1", 1, at="A", inside="inner"),
        "meet": join("inner_done", inside="inner"),
        "inner_done": end(inside="inner"),
        "outer_done": end(inside="outer"),
        "end": end(),
    }
    run = plan(steps, at=[5], hours={"A": ""})
    assert log_of(run).run.stuck_at == (("permit", "meet", 1), ("permit", "inner_done", 1))
    assert_saved_and_loaded(run)


def test_a_message_on_its_way_keeps_a_case_alive_and_one_that_waits_does_not() -> None:
    """The case is completed at its last token's end, though the message that nobody takes arrives later (H1)."""
    steps = {
        "start": start("a", at="A"),
        "a": work("send", 30, at="A"),
        "send": send("end", "letter"),
        "never": wait("letter", 1),
        "letter": take("end", at="B"),
        "end": end(),
    }
    run = plan(steps, at=[0], hours={"A": "", "B": ""}, travel={("A", "B"): Travel(45)}, window=(0, 10, 1_000))
    log = log_of(run)
    assert cases(log) == [("0", "30", "completed", "yes")]
    assert log.run.end_us == 75 * MINUTE_US
    short = log_of(plan(steps, at=[0], hours={"A": "", "B": ""}, travel={("A", "B"): Travel(45)}, window=(0, 10, 50)))
    assert cases(short) == [("0", "-", "unfinished", "yes")]
    assert_saved_and_loaded(run)


def test_arrivals_by_gaps_stop_with_the_run() -> None:
    run = plan(ONE_TASK, gaps=[("", fixed(10 * MINUTE_US))], hours={"A": ""}, window=(20, 30, 100))
    log = log_of(run)
    assert [arrived for arrived, *_ in cases(log)] == ["10", "20", "30", "40", "50", "60"]
    assert log.cases.counted.tolist() == [False, True, True, True, False, False]  # the end goes before the arrival of 70
    assert log.run.end_us == 70 * MINUTE_US
    assert_saved_and_loaded(run)
