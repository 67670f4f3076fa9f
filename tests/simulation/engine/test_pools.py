"""Who works what when: queues, numbers, opening hours, ties (H33)."""

from __future__ import annotations

from collections.abc import Mapping

from bpmnmap.simulation.plan import Plan
from tests.by_hand.runs import log_of
from tests.by_hand.sketch import DAY, HOUR, Step, choose, end, fork, plan, start, wait, work
from tests.by_hand.tables import cells

MORNING = "Mon-Fri 08:00-12:00 13:00-16:00"


def desk(minutes: float, *, at: list[float], people: int = 1, hours: str = "") -> Plan:
    """One task at one pool."""
    steps = {"start": start("task", at="FO"), "task": work("end", minutes, at="FO", pool="FO.staff"), "end": end()}
    return plan(steps, at=at, hours={"FO": hours}, pools={"FO.staff": people})


def who_and_when(run: Plan) -> list[tuple[str, ...]]:
    return [
        (person.rpartition("/")[2], begin[8:], complete[8:])
        for person, begin, complete in cells(log_of(run), "instances", "person", "begin", "complete")
    ]


def test_the_free_person_of_the_lowest_number_works() -> None:
    run = desk(30, at=[8 * HOUR, 8 * HOUR + 10, 8 * HOUR + 35, 8 * HOUR + 36], people=3)
    assert [person for person, *_ in who_and_when(run)] == ["1", "2", "1", "3"]


def test_the_queue_is_served_in_order_of_release() -> None:
    assert who_and_when(desk(30, at=[480, 481, 482, 483])) == [
        ("1", "05T08:00", "05T08:30"),
        ("1", "05T08:30", "05T09:00"),
        ("1", "05T09:00", "05T09:30"),
        ("1", "05T09:30", "05T10:00"),
    ]


def test_a_freed_person_takes_the_queues_head_before_the_finished_token_moves_on() -> None:
    """Each case comes twice to the pool: its second time it stands behind what was queued meanwhile."""
    run = plan(
        {
            "start": start("first", at="FO"),
            "first": work("second", 10, at="FO", pool="FO.staff"),
            "second": work("end", 10, at="FO", pool="FO.staff"),
            "end": end(),
        },
        at=[480, 480, 480],
        hours={"FO": ""},
        pools={"FO.staff": 1},
    )
    found = cells(log_of(run), "instances", "case", "element", "begin")
    assert sorted((begin[11:], case, element) for case, element, begin in found) == [
        ("08:00", "0", "first"),
        ("08:10", "1", "first"),
        ("08:20", "2", "first"),
        ("08:30", "0", "second"),
        ("08:40", "1", "second"),
        ("08:50", "2", "second"),
    ]


def test_work_pauses_over_each_closing() -> None:
    (row,) = who_and_when(desk(15 * HOUR, at=[10 * HOUR], hours=MORNING))
    assert row == ("1", "05T10:00", "07T11:00")  # Mon 2 + 3, Tue 4 + 3, Wed 3
    assert cells(log_of(desk(15 * HOUR, at=[10 * HOUR], hours=MORNING)), "instances", "worked") == [("PT15H",)]


def test_work_that_ends_with_the_last_minute_is_completed_at_closing_and_the_next_waits_for_the_opening() -> None:
    assert who_and_when(desk(60, at=[11 * HOUR, 11 * HOUR + 30], hours=MORNING)) == [
        ("1", "05T11:00", "05T12:00"),
        ("1", "05T13:00", "05T14:00"),
    ]


def test_at_the_opening_all_free_people_take_from_the_queue_lowest_number_first() -> None:
    run = desk(30, at=[6 * HOUR, 6 * HOUR + 1, 7 * HOUR], people=2, hours=MORNING)
    assert who_and_when(run) == [("1", "05T08:00", "05T08:30"), ("2", "05T08:00", "05T08:30"), ("1", "05T08:30", "05T09:00")]


def test_a_person_whose_work_pauses_is_not_free_at_the_opening() -> None:
    run = desk(90, at=[11 * HOUR, 12 * HOUR, 12 * HOUR], people=2, hours=MORNING)
    assert who_and_when(run) == [("1", "05T11:00", "05T13:30"), ("2", "05T13:00", "05T14:30"), ("1", "05T13:30", "05T15:00")]


def opening(later: float, *, process: Mapping[str, Step] | None = None) -> Plan:
    """One case waits before the opening; another branch's token comes `later`."""
    steps = {
        "start": start("split", at="FO"),
        "split": fork("early", "pause"),
        "early": work("end", 30, at="FO", pool="FO.staff"),
        "pause": wait("late", later),
        "late": work("end", 30, at="FO", pool="FO.staff"),
        "end": end(),
    }
    return plan(process or steps, at=[7 * HOUR], hours={"FO": MORNING}, pools={"FO.staff": 2})


def test_work_released_at_the_instant_of_opening_stands_behind_the_queue() -> None:
    """The delivery comes before the opening; the queue's head has person 1 nevertheless."""
    assert who_and_when(opening(60)) == [("1", "05T08:00", "05T08:30"), ("2", "05T08:00", "05T08:30")]


def test_work_released_at_the_instant_of_opening_starts_at_once_where_nothing_waits() -> None:
    run = plan(
        {"start": start("pause", at="FO"), "pause": wait("task", 60), "task": work("end", 30, at="FO", pool="FO.staff"), "end": end()},
        at=[7 * HOUR],
        hours={"FO": MORNING},
        pools={"FO.staff": 1},
    )
    assert who_and_when(run) == [("1", "05T08:00", "05T08:30")]


def test_openings_before_arrivals_at_one_instant() -> None:
    assert who_and_when(desk(30, at=[7 * HOUR, 8 * HOUR], hours=MORNING)) == [("1", "05T08:00", "05T08:30"), ("1", "05T08:30", "05T09:00")]


def test_pools_open_in_order_of_unit_and_pool() -> None:
    """All wait from before 08:00 for work that takes no time, then for one signature; the order of entering is the reverse."""
    names = ["B.b", "B.a", "A.b", "A.a"]
    tasks = [name.replace(".", "_") for name in names]
    steps = {"start": start("split", at="A"), "split": fork(*tasks)}
    for name, task in zip(names, tasks, strict=True):
        steps[task] = work(f"{task}_sign", 0, at=name[0], pool=name)
        steps[f"{task}_sign"] = work("end", 10, at="C", pool="C.staff")
    steps["end"] = end()
    run = plan(steps, at=[7 * HOUR], hours={"A": MORNING, "B": MORNING, "C": ""}, pools=dict.fromkeys(names, 1) | {"C.staff": 1})
    signed = [(begin[11:], element) for element, begin in cells(log_of(run), "instances", "element", "begin") if element.endswith("sign")]
    assert sorted(signed) == [("08:00", "A_a_sign"), ("08:10", "A_b_sign"), ("08:20", "B_a_sign"), ("08:30", "B_b_sign")]


def test_an_automatic_task_starts_when_it_is_released_day_and_night() -> None:
    run = plan(
        {"start": start("task", at="FO"), "task": work("end", 90, at="FO"), "end": end()},
        at=[3 * HOUR, 3 * HOUR, 3 * HOUR],
        hours={"FO": MORNING},
    )
    assert (
        cells(log_of(run), "instances", "pool", "person", "begin", "complete", "unavailability")
        == [("", "", "2026-01-05T03:00", "2026-01-05T04:30", "PT0S")] * 3
    )


def test_a_pool_that_nobody_uses_changes_nothing() -> None:
    steps = {"start": start("task", at="FO"), "task": work("end", 30, at="FO", pool="FO.staff"), "end": end()}
    alone = plan(steps, at=[480, 481], hours={"FO": MORNING}, pools={"FO.staff": 1})
    beside = plan(steps, at=[480, 481], hours={"FO": MORNING, "AB": MORNING}, pools={"AB.staff": 5, "FO.staff": 1})
    assert who_and_when(alone) == who_and_when(beside)


def test_the_queue_over_night_keeps_its_order_in_a_loop() -> None:
    """Rework that comes back at closing time stands behind what came before it."""
    run = plan(
        {
            "start": start("task", at="FO"),
            "task": work("again", 60, at="FO", pool="FO.staff"),
            "again": choose("task", "end", choices=[[0, 1], [1]]),
            "end": end(),
        },
        at=[15 * HOUR, 15 * HOUR + 30],
        hours={"FO": MORNING},
        pools={"FO.staff": 1},
    )
    assert [(case, begin[8:]) for case, begin in cells(log_of(run), "instances", "case", "begin")] == [
        ("0", "05T15:00"),
        ("1", "06T08:00"),
        ("0", "06T09:00"),
    ]


def test_nobody_is_at_work_before_the_first_opening_after_the_weekend() -> None:
    assert who_and_when(desk(30, at=[5 * DAY + 10 * HOUR], hours=MORNING)) == [("1", "12T08:00", "12T08:30")]
