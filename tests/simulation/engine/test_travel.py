"""Legs between places (H11, H12)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bpmnmap.durations import MINUTE_US
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.sketch import HOUR, Step, Travel, choose, end, fork, join, plan, start, wait, work
from tests.by_hand.tables import cells

UNITS = {"A": "", "B": "", "C": ""}


def legs(steps: Mapping[str, Step], travel: Mapping[tuple[str, str] | str, Travel], *, at: float = 8 * HOUR) -> list[tuple[str, ...]]:
    """Dispatch, transfer and event of each movement to an activity, by the activity's name."""
    run = plan(steps, at=[at], hours=UNITS, travel=travel)
    log = log_of(run)
    names = log.instances.element
    rows = cells(log, "movements", "to", "dispatch", "transfer", "event", "synchronization")
    assert_saved_and_loaded(run)
    return [(str(names[int(to)]), *parts) for to, *parts in rows if to != "sink"]


def line(way: str, between: Mapping[str, Step] | None = None) -> dict[str, Step]:
    """A task at A, a task at B, and a way between them."""
    return {"start": start("a", at="A"), "a": work(way, 30, at="A"), **(between or {}), "b": work("end", 30, at="B"), "end": end()}


def test_a_pair_without_an_entry_takes_no_time() -> None:
    assert legs(line("b"), {}) == [("a", "PT0S", "PT0S", "PT0S", "PT0S"), ("b", "PT0S", "PT0S", "PT0S", "PT0S")]


def test_the_pair_is_of_one_direction() -> None:
    assert legs(line("b"), {("B", "A"): Travel(10)})[1] == ("b", "PT0S", "PT0S", "PT0S", "PT0S")
    assert legs(line("b"), {("A", "B"): Travel(10)})[1] == ("b", "PT0S", "PT10M", "PT0S", "PT0S")


def test_a_named_flow_is_travelled_instead_of_the_pair() -> None:
    travel: dict[tuple[str, str] | str, Travel] = {"named": Travel(10), ("A", "B"): Travel(100)}
    assert legs(line("named > b"), travel)[1] == ("b", "PT0S", "PT10M", "PT0S", "PT0S")
    assert legs(line("other > b"), travel)[1] == ("b", "PT0S", "PT1H40M", "PT0S", "PT0S")


def test_two_named_flows_in_one_leg_are_both_travelled_one_after_the_other() -> None:
    """Ready 08:30: by the round of 09:00 and 10 minutes to 09:10, then by the round of 10:00 and 5 minutes to 10:05."""
    travel: dict[tuple[str, str] | str, Travel] = {
        "first": Travel(10, "Mon-Fri 09:00"), "second": Travel(5, "Mon-Fri 10:00"), ("A", "B"): Travel(100)
    }  # fmt: skip
    assert legs(line("first second > b"), travel)[1] == ("b", "PT1H20M", "PT15M", "PT0S", "PT0S")
    assert legs(line("first plain second > b"), travel)[1] == ("b", "PT1H20M", "PT15M", "PT0S", "PT0S")


def test_the_second_named_flow_may_be_that_of_a_gateway() -> None:
    travel: dict[tuple[str, str] | str, Travel] = {"first": Travel(10), "second": Travel(5), ("A", "B"): Travel(100)}
    gateway = {"which": choose("second > b", "end", choices=[[0]])}
    assert legs(line("first > which", gateway), travel)[1] == ("b", "PT0S", "PT15M", "PT0S", "PT0S")


def test_a_named_flow_within_one_unit_is_travelled() -> None:
    steps = {"start": start("a", at="A"), "a": work("named > c", 30, at="A"), "c": work("end", 30, at="A"), "end": end()}
    assert legs(steps, {"named": Travel(10)})[1] == ("c", "PT0S", "PT10M", "PT0S", "PT0S")


@pytest.mark.parametrize(
    ("late_us", "dispatch"),
    [(0, "PT0S"), (1, "PT3H59M59.999999S"), (-1, "PT0.000001S")],
    ids=["exactly at the round", "a microsecond late", "a microsecond early"],
)
def test_ready_at_or_before_a_round_goes_along(late_us: int, dispatch: str) -> None:
    """The task ends at 10:00 or a microsecond beside it; rounds are at 10:00 and 14:00."""
    at = 9 * HOUR + 30 + late_us / MINUTE_US
    assert legs(line("b"), {("A", "B"): Travel(60, "Mon-Fri 10:00 14:00")}, at=at)[1] == ("b", dispatch, "PT1H", "PT0S", "PT0S")


def test_the_transfer_runs_in_the_open_time_of_its_calendar() -> None:
    """Ready 08:30: half an hour until 09:00, the rest from 16:00 on."""
    assert legs(line("b"), {("A", "B"): Travel(60, hours="Mon-Fri 08:00-09:00 16:00-17:00")})[1] == ("b", "PT0S", "PT8H", "PT0S", "PT0S")


def test_a_transfer_that_takes_no_time_waits_for_no_opening() -> None:
    assert legs(line("b"), {("A", "B"): Travel(0, hours="Sun 08:00-09:00")})[1] == ("b", "PT0S", "PT0S", "PT0S", "PT0S")


def test_the_leg_from_the_start_to_the_first_task() -> None:
    steps = {"start": start("b", at="A"), "b": work("end", 30, at="B"), "end": end()}
    assert legs(steps, {("A", "B"): Travel(10)}) == [("b", "PT0S", "PT10M", "PT0S", "PT0S")]
    nowhere = {"start": start("b"), "b": work("end", 30, at="B"), "end": end()}
    assert legs(nowhere, {("A", "B"): Travel(10)}) == [("b", "PT0S", "PT0S", "PT0S", "PT0S")]


def test_an_event_without_a_unit_is_passed_where_the_token_is() -> None:
    waits = {"pause": wait("b", 60)}
    assert legs(line("pause", waits), {("A", "B"): Travel(10)})[1] == ("b", "PT0S", "PT10M", "PT1H", "PT0S")
    named: dict[tuple[str, str] | str, Travel] = {"named": Travel(7), ("A", "B"): Travel(10)}
    assert legs(line("named > pause", waits), named)[1] == ("b", "PT0S", "PT7M", "PT1H", "PT0S")


def test_an_event_with_a_unit_ends_a_leg_and_begins_another() -> None:
    waits = {"pause": wait("b", 60, at="C")}
    travel: dict[tuple[str, str] | str, Travel] = {("A", "B"): Travel(10), ("A", "C"): Travel(20), ("C", "B"): Travel(40)}
    assert legs(line("pause", waits), travel)[1] == ("b", "PT0S", "PT1H", "PT1H", "PT0S")


def joining(at: str, then: Mapping[str, Step], way: str) -> dict[str, Step]:
    """A of 30 and B of 60 minutes, at their units, that join at a unit or at none."""
    return {
        "start": start("split"),
        "split": fork("a", "b"),
        "a": work("meet", 30, at="A"),
        "b": work("named > meet.1", 60, at="B"),
        "meet": join(way, at=at),
        **then,
        "end": end(),
    }


def test_to_a_join_with_a_place_each_token_travels() -> None:
    steps = joining("C", {"c": work("end", 10, at="C")}, "c")
    travel: dict[tuple[str, str] | str, Travel] = {("A", "C"): Travel(90), ("B", "C"): Travel(20)}
    assert legs(steps, travel)[2:] == [("c", "PT0S", "PT20M", "PT0S", "PT40M"), ("c", "PT0S", "PT1H30M", "PT0S", "PT0S")]


def test_at_a_join_without_a_place_tokens_wait_where_they_are_and_one_goes_on_from_where_the_last_stood() -> None:
    """A waits 30 minutes at A for B; then one parcel travels from B's place, and both origins have its travel."""
    to_either = {"which": choose("c", "b2", choices=[[0]]), "c": work("end", 10, at="C"), "b2": work("end", 10, at="B")}
    travel: dict[tuple[str, str] | str, Travel] = {("A", "C"): Travel(90), ("B", "C"): Travel(20, "Mon-Fri 09:30")}
    assert legs(joining("", to_either, "which"), travel)[2:] == [
        ("c", "PT30M", "PT20M", "PT0S", "PT30M"),
        ("c", "PT30M", "PT20M", "PT0S", "PT0S"),
    ]


def test_through_a_join_without_a_place_the_last_tokens_named_flow_replaces_the_pair() -> None:
    to_either = {"which": choose("c", "b2", choices=[[0]]), "c": work("end", 10, at="C"), "b2": work("end", 10, at="B")}
    travel: dict[tuple[str, str] | str, Travel] = {"named": Travel(15), ("B", "C"): Travel(20)}
    assert legs(joining("", to_either, "which"), travel)[2:] == [
        ("c", "PT0S", "PT0S", "PT0S", "PT45M"),
        ("c", "PT0S", "PT15M", "PT0S", "PT0S"),
    ]


def test_behind_a_join_with_a_place_a_new_leg_begins() -> None:
    steps = joining("A", {"c": work("end", 10, at="C")}, "onward > c")
    travel: dict[tuple[str, str] | str, Travel] = {("B", "A"): Travel(20), "onward": Travel(5), ("A", "C"): Travel(99)}
    assert legs(steps, travel)[2:] == [("c", "PT0S", "PT5M", "PT0S", "PT50M"), ("c", "PT0S", "PT25M", "PT0S", "PT0S")]


def test_an_end_is_no_place() -> None:
    run = plan(line("b"), at=[8 * HOUR], hours=UNITS, travel={("B", "A"): Travel(50)})
    assert cells(log_of(run), "movements", "to", "left", "transfer")[-1] == ("sink", "2026-01-05T09:00", "PT0S")
    assert cells(log_of(run), "cases", "ended") == [("2026-01-05T09:00",)]


def test_a_named_flow_to_an_end_is_travelled_and_the_case_ends_after_it() -> None:
    steps = {"start": start("a", at="A"), "a": work("named > end", 30, at="A"), "end": end()}
    log = log_of(plan(steps, at=[8 * HOUR], hours=UNITS, travel={"named": Travel(20)}))
    assert cells(log, "cases", "ended") == [("2026-01-05T08:50",)]
    assert cells(log, "movements", "to", "left", "transfer")[-1] == ("sink", "2026-01-05T08:30", "PT20M")


def test_a_parallel_split_travels_each_way_by_itself() -> None:
    steps = {
        "start": start("a", at="A"),
        "a": work("split", 30, at="A"),
        "split": fork("paper > b", "c"),
        "b": work("end", 30, at="B"),
        "c": work("end", 30, at="C"),
        "end": end(),
    }
    travel: dict[tuple[str, str] | str, Travel] = {"paper": Travel(60, "Mon-Fri 10:00"), ("A", "C"): Travel(1), ("A", "B"): Travel(1)}
    found = {name: (dispatch, transfer) for name, dispatch, transfer, *_ in legs(steps, travel)}
    assert found == {"a": ("PT0S", "PT0S"), "b": ("PT1H30M", "PT1H"), "c": ("PT0S", "PT1M")}
