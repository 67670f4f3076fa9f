"""Which operations need a counter of visits: all that a scope's tokens can enter twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bpmnmap.durations import MINUTE_US
from bpmnmap.semantics.program import Open
from bpmnmap.simulation.draws import exponential
from bpmnmap.simulation.engine.layout import lay_out
from tests.by_hand.runs import log_of
from tests.by_hand.sketch import (
    HOUR,
    Step,
    cancel,
    choose,
    end,
    first_of,
    fork,
    join,
    leave,
    plan,
    program,
    scope,
    start,
    take,
    wait,
    work,
)

HALVES = (0.5, 1.0)


def task(way: str, inside: str = "") -> Step:
    return work(way, 1, at="A", inside=inside)


def counted(steps: Mapping[str, Step], *, notes: bool = False) -> set[str]:
    """Names of the operations with a counter, wherever it stands."""
    names = list(steps)
    return {names[index] for layout in lay_out(program("p", steps), notes) for index in layout.counters}


LINE = {"start": start("a"), "a": task("pause"), "pause": wait("which", 1), "which": choose("b", "end", bounds=HALVES)} | {
    "b": task("end"), "end": end()
}  # fmt: skip
LOOP = {"start": start("before"), "before": task("a"), "a": task("again"), "again": choose("a", "b", bounds=HALVES)} | {
    "b": task("end"), "end": end()
}  # fmt: skip
SPLIT = {"start": start("split"), "split": fork("a", "b"), "a": task("meet"), "b": task("meet.1")} | {
    "meet": join("c"), "c": task("end"), "end": end()
}  # fmt: skip
UNJOINED = {"start": start("split"), "split": fork("a", "b"), "a": task("c"), "b": task("c"), "c": task("end"), "end": end()}
LOOP_WITH_A_FORK = {"start": start("a"), "a": task("split"), "split": fork("a", "b"), "b": task("end"), "end": end()}
FROM_A_LOOP_INTO_A_JOIN = {
    "start": start("split"), "split": fork("a", "b"), "a": task("again"), "again": choose("a", "meet", bounds=HALVES),
    "b": task("meet.1"), "meet": join("c"), "c": task("end"), "end": end(),
}  # fmt: skip
DOUBLE_ENTRY = {
    "start": start("split"), "split": fork("a", "b", "c"), "a": task("meet"), "b": task("meet.1"), "c": task("meet.1"),
    "meet": join("d"), "d": task("end"), "end": end(),
}  # fmt: skip
SUB_PROCESS_IN_A_LOOP = {
    "start": start("sub"), "sub": scope("a", then="again"), "a": task("done", "sub"), "done": end(inside="sub"),
    "again": choose("sub", "end", bounds=HALVES), "end": end(),
}  # fmt: skip
GUARDED_IN_A_LOOP = {
    "start": start("guarded"), "guarded": scope("a", ["timer"], then="again", grouping=False), "a": task("done", "guarded"),
    "done": end(inside="guarded"), "timer": wait("aside", 1, inside="guarded"), "aside": leave("b", inside="guarded"),
    "b": task("end"), "again": choose("guarded", "end", bounds=HALVES), "end": end(),
}  # fmt: skip
LEFT_IN_A_LOOP = {**GUARDED_IN_A_LOOP, "guarded": scope("a", ["timer"], then="again")}
CANCELLED_TWICE = {
    "start": start("split"), "split": fork("x", "y"), "x": task("sub"), "y": task("sub"),
    "sub": scope("a", ["timer"], then="end"), "a": task("done", "sub"), "done": end(inside="sub"),
    "timer": wait("interrupt", 1, inside="sub"), "interrupt": cancel("b", inside="sub"), "b": task("end"), "end": end(),
}  # fmt: skip
GATEWAY = {
    "start": start("race"), "race": first_of("hour", "letter"), "hour": wait("late", 60, inside="race"),
    "late": cancel("a", own=True, inside="race"), "letter": take("came", inside="race"), "came": cancel("b", own=True, inside="race"),
    "a": task("end"), "b": task("end"), "end": end(),
}  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param(LINE, set(), id="line"),
        pytest.param(LOOP, {"a", "again"}, id="loop"),
        pytest.param(SPLIT, set(), id="split and join"),
        pytest.param(UNJOINED, {"c"}, id="split that merges without a join"),
        pytest.param(LOOP_WITH_A_FORK, {"a", "b"}, id="loop with a fork: many come out"),
        pytest.param(FROM_A_LOOP_INTO_A_JOIN, {"a", "again"}, id="loop before a join: one comes out"),
        pytest.param(DOUBLE_ENTRY, set(), id="two tokens for one entry of a join: it fires once"),
        pytest.param(SUB_PROCESS_IN_A_LOOP, {"sub", "again"}, id="in a sub-process each turn counts anew"),
        pytest.param(GUARDED_IN_A_LOOP, {"guarded", "a", "timer", "b", "again"}, id="a task's guards count with it"),
        pytest.param(LEFT_IN_A_LOOP, {"guarded", "b", "again"}, id="behind a scope that is left in each turn"),
        pytest.param(CANCELLED_TWICE, {"sub", "b"}, id="behind a scope that two tokens enter"),
        pytest.param(GATEWAY, set(), id="event-based gateway"),
    ],
)
def test_counters(steps: Mapping[str, Step], expected: set[str]) -> None:
    assert counted(steps) == expected


def test_all_are_counted_where_visits_are_part_of_transfers_addresses() -> None:
    assert counted(SPLIT, notes=True) == set(SPLIT)


def test_counters_of_guarded_tasks_stand_in_the_scope_around() -> None:
    process, guarded = lay_out(program("p", GUARDED_IN_A_LOOP), notes=False)
    assert (process.scope, guarded.scope, guarded.home) == (-1, 1, -1)
    assert not guarded.counters


def test_each_join_has_a_slot_for_each_entry() -> None:
    (process,) = lay_out(program("p", FROM_A_LOOP_INTO_A_JOIN), notes=False)
    names = list(FROM_A_LOOP_INTO_A_JOIN)
    used = {process.joins[names.index("meet")] + entry for entry in range(2)} | set(process.counters.values())
    assert len(used) == len(process.template) == 4
    assert [process.template[slot - min(used)] for slot in sorted(used)].count(None) == 2


@pytest.mark.parametrize(
    ("steps", "killable", "reserved"),
    [
        pytest.param(SUB_PROCESS_IN_A_LOOP, [False, False], [False, False], id="no guard"),
        pytest.param(CANCELLED_TWICE, [False, True], [False, False], id="interrupting"),
        pytest.param(LEFT_IN_A_LOOP, [False, True], [False, True], id="not interrupting"),
    ],
)
def test_what_can_be_killed_or_left(steps: Mapping[str, Step], killable: list[bool], reserved: list[bool]) -> None:
    layouts = lay_out(program("p", steps), notes=False)
    assert [layout.killable for layout in layouts] == killable
    assert [layout.reserved for layout in layouts] == reserved


def test_a_scope_that_is_cancelled_from_inside_alone_can_be_killed() -> None:
    steps = {
        "start": start("sub"), "sub": scope("a", then="end"), "a": task("error", "sub"), "error": cancel("end", own=True, inside="sub"), "end": end()
    }  # fmt: skip
    assert [layout.killable for layout in lay_out(program("p", steps), notes=False)] == [False, True]


@pytest.mark.parametrize("grouping", [True, False])
def test_what_is_entered_again_behind_a_scope_that_is_left_draws_anew(grouping: bool) -> None:
    """Four turns, each left once after a minute: the four times of B are four different draws, and those of A, too."""
    gap = exponential(10.0 * MINUTE_US)
    steps = {
        "start": start("guarded"),
        "guarded": scope("a", ["timer"], then="again", grouping=grouping),
        "a": work("done", 60, at="A", inside="guarded"),
        "done": end(inside="guarded"),
        "timer": wait("aside", 1, inside="guarded"),
        "aside": leave("b", inside="guarded"),
        "b": work("end", gap, at="A"),
        "again": choose("guarded", "end", choices=[[0, 0, 0, 1]]),
        "end": end(),
    }
    log = log_of(plan(steps, at=[8 * HOUR], hours={"A": ""}))
    times = log.instances.worked_us[log.instances.element == "b"].tolist()
    assert len(times) == len(set(times)) == 4


def test_grouping_or_not_makes_different_addresses_only_inside() -> None:
    made = program("p", GUARDED_IN_A_LOOP)
    opened = made.operations[1]
    assert isinstance(opened, Open)
    grouped = replace(made, operations=(made.operations[0], replace(opened, grouping=True), *made.operations[2:]))
    assert [layout.home for layout in lay_out(made, notes=False)] == [-1, -1]
    assert [layout.home for layout in lay_out(grouped, notes=False)] == [-1, 1]
