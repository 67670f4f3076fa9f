"""The reference against figures reckoned by hand: a reference that is wrong proves nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.reference.simulator import simulate
from tests.reference.small import MINUTE, MONDAY, small_map, small_scenario
from tests.reference.tables import Row, Tables

ALWAYS = {"calendar": "always", "pools": {"staff": {"quantity": 1}}}
MOVEMENT_PARTS = ("dispatch_us", "transfer_us", "event_us", "synchronization_us")


def at(*minutes: int) -> dict[str, Any]:
    return {"s": {"at": [MONDAY + timedelta(minutes=each) for each in minutes]}}


def minutes(row: Row, *names: str) -> list[int]:
    return [row[name] // MINUTE if row[name] >= 0 else -1 for name in names]


def movement(tables: Tables, origin: str | None, receiver: str | None) -> Row:
    elements = {-1: None} | {row["instance"]: row["element"] for row in tables.instances}
    (found,) = [row for row in tables.movements if (elements[row["from_instance"]], elements[row["to_instance"]]) == (origin, receiver)]
    return found


def of(tables: Tables, element: str) -> Row:
    (found,) = [row for row in tables.instances if row["element"] == element]
    return found


def test_worked_example_1_the_courier() -> None:
    scenario = small_scenario(
        {"PO": ALWAYS, "FO": "Mon-Fri 08:00-15:00"},
        {"tCheck": ("PO", "PT30M"), "tRegister": ("FO", "PT10M")},
        arrivals=at(11 * 60),
        transfers=[{"from": "PO", "to": "FO", "dispatch": "Mon-Fri 10:00 14:00", "transfer_time": "PT1H"}],
    )
    tables = simulate([small_map("s -> tCheck", "tCheck -> tRegister", "tRegister -> e")], scenario, 1, 1)
    assert minutes(movement(tables, "tCheck", "tRegister"), "left_us", *MOVEMENT_PARTS) == [690, 150, 60, 0, 0]
    assert minutes(of(tables, "tRegister"), "enabled_us", "unavailability_us", "contention_us", "start_us") == [900, 1020, 0, 1920]


def test_worked_example_2_the_join() -> None:
    scenario = small_scenario(
        {"PO": {**ALWAYS, "pools": {"staff": {"quantity": 1}, "head": {"quantity": 1}}}, "TO": ALWAYS},
        {"tInspect": ("TO", "PT12H"), "tMemo": ("PO", "PT16H"), "tDecide": ("PO", "PT10M"), "tOther": ("PO", "PT16H10M")},
        arrivals=at(0),
        activities={task: {"pools": {"PO.head": 1}} for task in ("tDecide", "tOther")} | {"tMemo": {"pools": {"staff": 1}}},
        transfers=[{"from": "TO", "to": "PO", "dispatch": "Mon-Fri 10:00 14:00", "transfer_time": "PT1H"}],
    )
    flows = ("s -> tInspect", "s -> tMemo", "s -> tOther", "tInspect -> a", "tMemo -> a", "a -> tDecide", "tDecide -> e", "tOther -> e")
    tables = simulate([small_map(*flows)], scenario, 1, 1)
    inspect, memo = movement(tables, "tInspect", "tDecide"), movement(tables, "tMemo", "tDecide")
    assert minutes(inspect, *MOVEMENT_PARTS) == [120, 60, 0, 60]
    assert minutes(memo, "left_us", *MOVEMENT_PARTS) == [960, 0, 0, 0, 0]
    assert (inspect["critical"], memo["critical"]) == (False, True)
    assert minutes(of(tables, "tDecide"), "contention_us", "start_us") == [10, 970]


def test_a_freed_person_takes_the_head_of_the_queue_before_the_finished_token_moves_on() -> None:
    scenario = small_scenario({"A": ALWAYS}, {"t1": ("A", "PT10M"), "t2": ("A", "PT5M")}, arrivals=at(0, 0), cases=2)
    tables = simulate([small_map("s -> t1", "t1 -> t2", "t2 -> e")], scenario, 1, 1)
    assert [(row["case"], row["element"], *minutes(row, "start_us", "contention_us")) for row in tables.instances] == [
        *((0, "t1", 0, 0), (1, "t1", 10, 10), (0, "t2", 20, 10), (1, "t2", 25, 5)),
    ]


def test_closing_time_pauses_work_and_the_lowest_number_works() -> None:
    units = {"A": {"hours": "Mon-Fri 00:30-01:00", "pools": {"staff": {"quantity": 2}}}}
    scenario = small_scenario(units, {"t": ("A", "PT90M")}, arrivals=at(0, 0, 50), cases=3)
    tables = simulate([small_map("s -> t", "t -> e")], scenario, 1, 1)
    names = ("start_us", "complete_us", "worked_us", "unavailability_us", "contention_us")
    assert [(row["person"], *minutes(row, *names)) for row in tables.instances] == [
        ("A.staff/1", 30, 2 * 1440 + 60, 90, 30, 0),
        ("A.staff/2", 30, 2 * 1440 + 60, 90, 30, 0),
        ("A.staff/1", 3 * 1440 + 30, 7 * 1440 + 60, 90, 3 * 1410, 10 + 30 + 30),
    ]


def test_a_join_without_a_place_is_left_from_where_the_last_token_stood() -> None:
    tasks = {"t1": ("A", "PT10M"), "t2": ("B", "PT20M"), "t3": ("A", "PT1M"), "t4": ("C", "PT1M")}
    scenario = small_scenario(
        {"A": ALWAYS, "B": ALWAYS, "C": ALWAYS},
        tasks,
        arrivals=at(0),
        transfers=[{"from": "B", "to": "*", "transfer_time": "PT1H"}, {"from": ["A", "B"], "to": ["B"], "transfer_time": "PT2H"}],
    )
    flows = ("s -> t1", "s -> t2", "t1 -> a", "t2 -> a", "a -> t3", "a -> t4", "t3 -> e", "t4 -> e")
    tables = simulate([small_map(*flows)], scenario, 1, 1)
    # t2 is reached after 2 h from A, where cases arrive; it is last at the join, 140 minutes on, and both ways go on from B.
    assert minutes(movement(tables, "t1", "t3"), *MOVEMENT_PARTS) == [0, 60, 0, 130]
    assert minutes(movement(tables, "t2", "t4"), *MOVEMENT_PARTS) == [0, 60, 0, 0]


def test_a_leg_with_a_flow_of_its_own_ignores_the_pair() -> None:
    scenario = small_scenario(
        {"A": ALWAYS, "B": ALWAYS},
        {"t1": ("A", "PT0S"), "t2": ("B", "PT0S"), "t3": ("B", "PT0S")},
        arrivals=at(0, 1),
        cases=2,
        gateways={"x": {"choices": [["x_t2"], ["x_t3"]]}},
        transfers=[{"from": "A", "to": "B", "transfer_time": "PT30M"}, {"flow": "x_t3", "transfer_time": "PT5M"}],
    )
    tables = simulate([small_map("s -> t1", "t1 -> x", "x -> t2", "x -> t3", "t2 -> e", "t3 -> e")], scenario, 1, 1)
    assert [minutes(movement(tables, "t1", each), "left_us", *MOVEMENT_PARTS) for each in ("t2", "t3")] == [
        [0, 0, 30, 0, 0],
        [1, 0, 5, 0, 0],
    ]


def test_doubled_origins_count_as_the_token_that_came_last_has_them() -> None:
    scenario = small_scenario(
        {"A": ALWAYS}, {"t": ("A", "PT1H")}, arrivals=at(0), events={"c1": {"wait_time": "PT5M"}, "c2": {"wait_time": "PT9M"}}
    )
    tables = simulate([small_map("s -> c1", "s -> c2", "c1 -> a", "c2 -> a", "a -> t", "t -> e")], scenario, 1, 1)
    assert [minutes(movement(tables, None, "t"), *MOVEMENT_PARTS)] == [[0, 0, 9, 0]]


def test_a_case_that_waits_at_a_join_for_ever_is_stuck_and_ends_the_run() -> None:
    scenario = small_scenario(
        {"A": ALWAYS},
        {"t": ("A", "PT1H")},
        arrivals=at(30),
        gateways={"x": {"choices": [["x_a1"]]}},
        duration="PT1H",
        warm_up="PT0S",
        follow_up="P1D",
    )
    tables = simulate([small_map("s -> t", "t -> x", "x -> a1", "x -> a2", "a1 -> e", "a2 -> a1")], scenario, 1, 1)
    assert [(row["status"], row["ended_us"]) for row in tables.cases] == [("stuck", -1)]
    assert (tables.stuck_at, tables.end_us) == ([("P", "a1", 1)], 90 * MINUTE)


def test_counted_are_cases_of_the_window_and_the_run_ends_with_the_last_of_them() -> None:
    scenario = small_scenario(
        {"A": {"calendar": "always", "pools": {"staff": {"quantity": 9}}}},
        {"t": ("A", "PT15M")},
        arrivals={"s": {"inter_arrival_time": "PT10M"}},
        warm_up="PT20M",
        duration="PT20M",
        follow_up="PT10M",
    )
    tables = simulate([small_map("s -> t", "t -> e")], scenario, 1, 1)
    # The cases of 0:20 and 0:30 count, that of 0:40 does not; the one of 0:30 is done at 0:45.
    assert [(row["counted"], row["status"], *minutes(row, "ended_us")) for row in tables.cases] == [
        *((False, "completed", 25), (True, "completed", 35), (True, "completed", 45), (False, "unfinished", -1)),
    ]
    assert tables.end_us == 45 * MINUTE
    assert minutes(tables.instances[-1], "start_us", "complete_us", "worked_us") == [40, -1, 5]


def test_gaps_of_a_timetable_are_scaled_where_other_hours_begin() -> None:
    entries = [
        {"hours": "Mon 01:00-02:00", "inter_arrival_time": "PT40M"},
        {"hours": "Mon 02:00-02:30 04:00-05:00", "inter_arrival_time": "PT10M"},
    ]
    scenario = small_scenario({"A": ALWAYS}, {"t": ("A", "PT0S")}, arrivals={"s": {"timetable": entries}}, cases=6)
    tables = simulate([small_map("s -> t", "t -> e")], scenario, 1, 1)
    # 1:40; then 20 of 40 minutes until 2:00, the other half of a gap is 5 minutes: 2:05, 2:15, 2:25; 5 minutes left over: 4:05, 4:15
    assert [minutes(row, "arrived_us")[0] for row in tables.cases] == [100, 125, 135, 145, 245, 255]


def test_arrivals_at_one_instant_come_by_process_then_document_order() -> None:
    maps = [small_map("s -> t1", "sLate -> t1", "t1 -> e", process=process) for process in ("Q", "P")]
    given = {"arrivals": {"sLate": at(5)["s"], "s": at(5)["s"]}, "activities": {"t1": {"processing_time": "PT1M", "unit": "A"}}}
    scenario = small_scenario({"A": ALWAYS}, {}, processes={"P": given, "Q": given})
    tables = simulate(maps, scenario, 1, 1)
    assert [(row["map"], row["start"]) for row in tables.cases] == [("P", "s"), ("P", "sLate"), ("Q", "s"), ("Q", "sLate")]
    assert [row["element"] for row in tables.instances] == ["P/t1", "P/t1", "Q/t1", "Q/t1"]
    assert scenario.start == datetime(2026, 1, 5)
