"""Long chains and instant circles: no call chain grows with the map or with the run."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bpmnmap.durations import MINUTE_US
from bpmnmap.simulation.draws import exponential
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.sketch import HOUR, Step, Travel, choose, end, fork, join, plan, send, start, take, work
from tests.by_hand.tables import cells


def gateways(count: int) -> dict[str, Step]:
    """A task, so many gateways in a row, a task."""
    chain = {f"g{number}": choose(f"g{number + 1}", "end", choices=[[0]]) for number in range(count)}
    return {"start": start("a"), "a": work("g0", 10, at="A"), **chain, f"g{count}": work("end", 5, at="A"), "end": end()}


@pytest.mark.parametrize("count", [149, 150, 151, 2_000])
def test_chain_of_gateways(count: int) -> None:
    log = log_of(plan(gateways(count), at=[8 * HOUR, 8 * HOUR], hours={"A": ""}))
    assert cells(log, "instances", "begin", "complete") == [
        ("2026-01-05T08:00", "2026-01-05T08:10"),
        ("2026-01-05T08:00", "2026-01-05T08:10"),
        ("2026-01-05T08:10", "2026-01-05T08:15"),
        ("2026-01-05T08:10", "2026-01-05T08:15"),
    ]


def test_chain_of_gateways_that_is_entered_all_along() -> None:
    """The first gateway leads to places all along the chain, to the last one first: each way is longer than the one before."""
    count = 2_000
    entries = [f"g{number}" for number in reversed(range(0, count, 100))]
    steps = gateways(count)
    steps["a"] = work("which", 10, at="A")
    steps["which"] = choose(*entries, choices=[[0], [len(entries) - 1], [10]])
    log = log_of(plan(steps, at=[480, 480, 480], hours={"A": ""}))
    assert cells(log, "cases", "ended") == [("2026-01-05T08:15",)] * 3


def test_chain_of_tasks() -> None:
    count = 5_000
    steps = {"start": start("t0"), **{f"t{number}": work(f"t{number + 1}", 1, at="A", pool="A.staff") for number in range(count)}}
    log = log_of(plan({**steps, f"t{count}": end()}, at=[0], hours={"A": ""}, pools={"A.staff": 1}))
    assert len(log.instances) == count
    assert log.cases.ended_us.tolist() == [count * MINUTE_US]
    assert log.instances.element.tolist() == [f"t{number}" for number in range(count)]


def test_chain_of_forks_and_joins() -> None:
    count = 500
    steps: dict[str, Step] = {"start": start("f0")}
    for number in range(count):
        steps[f"f{number}"] = fork(f"j{number}", f"j{number}.1")
        steps[f"j{number}"] = join(f"f{number + 1}")
    log = log_of(plan({**steps, f"f{count}": work("end", 5, at="A"), "end": end()}, at=[0], hours={"A": ""}))
    assert cells(log, "movements", "from", "to", "synchronization", "critical") == [
        ("source", "0", "PT0S", "yes"),
        ("0", "sink", "PT0S", "yes"),
    ]


CIRCLE = {
    "start": start("a"),
    "a": work("again", 1, at="A"),
    "again": choose("again", "b", choices=[[0] * 3_000 + [1]]),
    "b": work("end", 1, at="A"),
    "end": end(),
}
CIRCLE_OF_THREE = {
    "start": start("a"),
    "a": work("one", 1, at="A"),
    "one": choose("two", choices=[[0]]),
    "two": choose("three", choices=[[0]]),
    "three": choose("one", "b", choices=[[0] * 1_000 + [1]]),
    "b": work("end", 1, at="A"),
    "end": end(),
}
SENDS_AND_TAKES = {
    "start": start("a"),
    "a": work("send", 1, at="A"),
    "send": send("take", "take"),
    "take": take("again", at="A"),
    "again": choose("send", "b", choices=[[0] * 1_000 + [1]]),
    "b": work("end", 1, at="A"),
    "end": end(),
}


@pytest.mark.parametrize("steps", [CIRCLE, CIRCLE_OF_THREE, SENDS_AND_TAKES], ids=["one gateway", "three gateways", "messages to itself"])
def test_instant_circle_takes_no_time_and_no_stack(steps: Mapping[str, Step]) -> None:
    run = plan(steps, at=[8 * HOUR], hours={"A": ""})
    log = log_of(run)
    assert cells(log, "instances", "element", "begin") == [("a", "2026-01-05T08:00"), ("b", "2026-01-05T08:01")]
    assert cells(log, "movements", "from", "to", "critical") == [("source", "0", "yes"), ("0", "1", "yes"), ("1", "sink", "yes")]
    assert_saved_and_loaded(run)


def test_what_goes_round_instantly_lets_others_go_first() -> None:
    """Each round is an event of its own at that instant, as deliveries are: they come by turns."""
    steps = {
        "start": start("both"),
        "both": fork("one", "other"),
        "one": choose("one", "first", choices=[[0, 0, 0, 1]]),
        "other": choose("other", "second", choices=[[0, 1]]),
        "first": work("end", 10, at="A", pool="A.staff"),
        "second": work("end", 10, at="A", pool="A.staff"),
        "end": end(),
    }
    log = log_of(plan(steps, at=[8 * HOUR], hours={"A": ""}, pools={"A.staff": 1}))
    assert sorted(cells(log, "instances", "element", "begin")) == [("first", "2026-01-05T08:10"), ("second", "2026-01-05T08:00")]


def test_an_instant_circle_keeps_the_address_of_the_leg_behind_it() -> None:
    """A draw of a leg depends on the node that was left and its visit, not on what else happened while the token went round."""

    def transfer_of_a(*, others: bool) -> str:
        steps = {
            "start": start("both"),
            "both": fork("a", "c"),
            "a": work("round", 10, at="A"),
            "round": choose("round", "b", choices=[[0, 0, 1]]),
            "b": work("end", 1, at="B"),
            "c": work("c_again", 5, at="A"),
            "c_again": choose("c", "end", choices=[[0, 0, 0, 1]] if others else [[1]]),
            "end": end(),
        }
        run = plan(steps, at=[8 * HOUR], hours={"A": "", "B": ""}, travel={("A", "B"): Travel(exponential(10.0 * MINUTE_US))})
        log = log_of(run)
        names = log.instances.element
        (row,) = [row for row in cells(log, "movements", "to", "transfer") if row[0] != "sink" and names[int(row[0])] == "b"]
        return row[1]

    assert transfer_of_a(others=True) == transfer_of_a(others=False)
