"""Addresses of random transfers (H31): the node left, its scope and visit, and the how-manieth leg since; computed here once more."""

from __future__ import annotations

from collections.abc import Mapping

from bpmnmap.durations import MINUTE_US
from bpmnmap.simulation.draws import Purpose, exponential, fold, stable_hash, uniform
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.sketch import (
    HOUR,
    Step,
    Travel,
    cancel,
    choose,
    end,
    fork,
    join,
    leave,
    plan,
    scope,
    send,
    start,
    take,
    wait,
    work,
)

RANDOM = exponential(10.0 * MINUTE_US)
SEED = 5
Scope = tuple[tuple[str, int], ...]


def drawn(element: str, visit: int, part: int = 0, *, inside: Scope = ()) -> int:
    """The transfer time at an address: element is a flow, or ``left to headed``; the path of scopes with their visits."""
    elements = "\x01".join(element.split(" to "))
    key = fold(fold(fold(0, SEED, 0), Purpose.TRANSFER, stable_hash("permit", elements)))
    where = fold(0, stable_hash("permit", "start"))
    for opened, opened_visit in inside:
        where = fold(where, stable_hash(opened), opened_visit, 0)
    return RANDOM.value(uniform(fold(key, where, visit, part), 0))


def transfers(steps: Mapping[str, Step], travel: Mapping[tuple[str, str] | str, Travel] | None = None) -> dict[str, list[int]]:
    """Transfer times of the movements to each activity."""
    run = plan(steps, at=[8 * HOUR], hours={"A": "", "B": ""}, travel=travel or {("A", "B"): Travel(RANDOM)})
    assert_saved_and_loaded(run)
    log = log_of(run, seed=SEED)
    found: dict[str, list[int]] = {}
    for to, time in zip(log.movements.to_instance.tolist(), log.movements.transfer_us.tolist(), strict=True):
        if to >= 0:
            found.setdefault(str(log.instances.element[to]), []).append(time)
    return found


def task(way: str, at: str = "A", minutes: float = 10, inside: str = "") -> Step:
    return work(way, minutes, at=at, inside=inside)


def test_each_visit_of_the_node_left_draws_anew() -> None:
    steps = {"start": start("a"), "a": task("b"), "b": task("again", "B"), "again": choose("a", "end", choices=[[0, 0, 1]]), "end": end()}
    assert transfers(steps)["b"] == [drawn("a to b", visit) for visit in range(3)]


def test_several_legs_since_one_visit_are_its_parts() -> None:
    steps = {
        "start": start("a"),
        "a": task("both"),
        "both": fork("b", "c", "b"),
        "b": task("end", "B"),
        "c": task("end", "B"),
        "end": end(),
    }
    found = transfers(steps)
    assert sorted(found["b"]) == sorted([drawn("a to b", 0, 0), drawn("a to b", 0, 1)])
    assert found["c"] == [drawn("a to c", 0)]


def test_a_named_flow_is_its_own_element() -> None:
    steps = {
        "start": start("a"),
        "a": task("named > b"),
        "b": task("again", "B"),
        "again": choose("a", "end", choices=[[0, 1]]),
        "end": end(),
    }
    found = transfers(steps, {"named": Travel(RANDOM)})["b"]
    assert found == [drawn("named", 0), drawn("named", 1)]


def test_in_a_sub_process_the_scope_is_part_of_the_address() -> None:
    steps = {
        "start": start("sub"),
        "sub": scope("a", then="again"),
        "a": task("b", inside="sub"),
        "b": task("done", "B", inside="sub"),
        "done": end(inside="sub"),
        "again": choose("sub", "end", choices=[[0, 1]]),
        "end": end(),
    }
    assert transfers(steps)["b"] == [drawn("a to b", 0, inside=(("sub", 0),)), drawn("a to b", 0, inside=(("sub", 1),))]


def test_into_and_out_of_a_sub_process_the_scope_is_that_of_the_node_left() -> None:
    steps = {
        "start": start("before"),
        "before": task("sub"),
        "sub": scope("b", then="after"),
        "b": task("done", "B", inside="sub"),
        "done": end(inside="sub"),
        "after": task("again"),
        "again": choose("sub", "end", choices=[[0, 1]]),
        "end": end(),
    }
    found = transfers(steps, {("A", "B"): Travel(RANDOM), ("B", "A"): Travel(RANDOM)})
    assert found["b"] == [drawn("before to b", 0), drawn("after to b", 0)]
    assert found["after"] == [drawn("sub to after", 0), drawn("sub to after", 1)]


def test_from_a_join_without_a_place_the_join_is_left() -> None:
    steps = {
        "start": start("first"),
        "first": fork("a", "d"),
        "a": task("meet"),
        "d": task("meet.1", minutes=20),
        "meet": join("which"),
        "which": choose("b", "e", choices=[[0]]),
        "b": task("again", "B"),
        "e": task("end"),
        "again": choose("first", "end", choices=[[0, 1]]),
        "end": end(),
    }
    assert transfers(steps)["b"] == [drawn("meet to b", 0)] * 2 + [drawn("meet to b", 1)] * 2


def test_a_join_that_fires_in_the_first_way_of_a_split_does_not_change_the_second_ways_leg() -> None:
    """A's second visit splits: one copy fires a join, for the first time, the other travels."""
    steps = {
        "start": start("first"),
        "first": fork("a", "d"),
        "a": task("again"),
        "again": choose("a", "both", choices=[[0, 1]]),
        "both": fork("meet", "b"),
        "d": task("meet.1"),
        "meet": join("end"),
        "b": task("end", "B"),
        "end": end(),
    }
    assert transfers(steps)["b"] == [drawn("a to b", 1)]


def test_a_message_that_is_taken_at_once_does_not_change_its_senders_leg() -> None:
    steps = {
        "start": start("first"),
        "first": fork("a", "letter"),
        "a": task("again"),
        "again": choose("a", "send", choices=[[0, 1]]),
        "send": send("b", "letter"),
        "letter": take("end", at="A"),
        "b": task("end", "B"),
        "end": end(),
    }
    assert transfers(steps)["b"] == [drawn("a to b", 1)]


def looped(grouping: bool, goes_on: Step) -> dict[str, Step]:
    """A task with a timer at it, entered twice; C, beside it, is completed just before the timer fires for the second time."""
    return {
        "start": start("first"),
        "first": fork("guarded", "c"),
        "guarded": scope("a", ["timer"], then="end", at="A", grouping=grouping),
        "a": task("done", minutes=100, inside="guarded"),
        "done": end(inside="guarded"),
        "timer": wait("goes_on", 10, inside="guarded"),
        "goes_on": goes_on,
        "b": task("again", "B"),
        "again": choose("back", "end", choices=[[0, 1]]),
        "back": task("guarded", "B", minutes=0),
        "c": task("c_again", minutes=4),
        "c_again": choose("c", "end", choices=[[0] * 15 + [1]]),
        "end": end(),
    }


def test_behind_a_boundary_event_the_visit_is_that_of_its_host() -> None:
    """Of a sub-process the event itself is left, outside; its draws do not depend on what C left before."""
    cancelled = cancel("b", inside="guarded")
    assert transfers(looped(True, cancelled))["b"] == [drawn("goes_on to b", 0), drawn("goes_on to b", 1)]
    assert transfers(looped(False, cancelled))["b"] == [drawn("timer to b", 0), drawn("timer to b", 1)]


def test_behind_a_boundary_event_that_does_not_interrupt_too() -> None:
    left = leave("b", inside="guarded")
    assert transfers(looped(True, left))["b"] == [drawn("goes_on to b", 0), drawn("goes_on to b", 1)]
    assert transfers(looped(False, left))["b"] == [drawn("timer to b", 0), drawn("timer to b", 1)]


def test_a_messages_leg_is_of_the_node_that_its_sender_left() -> None:
    steps = {
        "start": start("first"),
        "first": fork("a", "letter"),
        "a": task("again"),
        "again": choose("a", "send", choices=[[0, 1]]),
        "send": send("end", "letter"),
        "letter": take("b", at="B"),
        "b": task("end", "B"),
        "end": end(),
    }
    assert transfers(steps)["b"][1] == drawn("a to letter", 1)


def test_a_message_that_has_waited_for_a_sub_process_does_not_change_the_leg_into_it() -> None:
    """The message event at the sub-process fires at once; then its first task is headed for, from the second visit of A."""
    steps = {
        "start": start("first"),
        "first": fork("a", "c"),
        "c": task("send", minutes=1),
        "send": send("end", "letter"),
        "a": task("again"),
        "again": choose("a", "sub", choices=[[0, 1]]),
        "sub": scope("b", ["letter"], then="end", at="A"),
        "b": task("done", "B", inside="sub"),
        "done": end(inside="sub"),
        "letter": take("aside", inside="sub"),
        "aside": leave("end", inside="sub"),
        "end": end(),
    }
    assert transfers(steps)["b"] == [drawn("a to b", 1)]
