"""The event budget ends every run that would not end by itself, and names who is busiest."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bpmnmap.errors import SimulationError
from bpmnmap.findings import Finding
from tests.by_hand.runs import log_of, started
from tests.by_hand.sketch import Step, cancel, choose, end, fork, plan, scope, send, start, take, wait, work

ALWAYS_AGAIN = {"start": start("a"), "a": work("again", 0, at="A"), "again": choose("a", "end", choices=[[0]]), "end": end()}
EXPLODES = {"start": start("a"), "a": work("split", 0, at="A"), "split": fork("a", "b"), "b": work("end", 0, at="A"), "end": end()}
EXPLODES_AT_A_POOL = {**EXPLODES, "a": work("split", 0, at="A", pool="A.staff")}
EXPLODES_IN_HOURS = {**EXPLODES, "a": work("split", 1, at="B", pool="B.staff")}
WAITS_AGAIN = {"start": start("a"), "a": wait("a", 0), "end": end()}
ROUND_AND_ROUND = {"start": start("a"), "a": choose("a", "end", choices=[[0]]), "end": end()}
SPLITS_AT_ONCE = {"start": start("split"), "split": fork("split", "end"), "end": end()}
SENDS_TO_ITSELF = {"start": start("a"), "a": send("take", "take"), "take": take("a"), "end": end()}
OPENS_AGAIN = {
    "start": start("sub"), "sub": scope("done", ["timer"], then="sub"), "done": end(inside="sub"),
    "timer": wait("interrupt", 1, inside="sub"), "interrupt": cancel("end", inside="sub"), "end": end(),
}  # fmt: skip


def spent(steps: Mapping[str, Step], budget: int = 1_000) -> Finding:
    run = plan(steps, at=[0], hours={"A": "", "B": "Mon-Sun 00:00-24:00"}, pools={"A.staff": 1, "B.staff": 1}, event_budget=budget)
    with pytest.raises(SimulationError) as caught:
        started(run).finish()
    (finding,) = caught.value.findings
    return finding


@pytest.mark.parametrize(
    ("steps", "busiest"),
    [
        pytest.param(ALWAYS_AGAIN, "a", id="loop that nothing leaves"),
        pytest.param(EXPLODES, "a", id="loop that makes more tokens in each turn"),
        pytest.param(EXPLODES_AT_A_POOL, "a", id="the same at a pool"),
        pytest.param(EXPLODES_IN_HOURS, "a", id="the same in opening hours"),
        pytest.param(WAITS_AGAIN, None, id="event that is entered again at once"),
        pytest.param(ROUND_AND_ROUND, "a", id="gateway that leads to itself"),
        pytest.param(SPLITS_AT_ONCE, "split", id="split that leads to itself"),
        pytest.param(SENDS_TO_ITSELF, None, id="messages to itself"),
        pytest.param(OPENS_AGAIN, "sub", id="sub-process that is empty, in a loop"),
    ],
)
def test_budget_is_spent(steps: Mapping[str, Step], busiest: str | None) -> None:
    finding = spent(steps)
    assert finding.code == "event-budget"
    assert finding.message.startswith("the run's budget of 1000 events is spent; the busiest element is ")
    assert finding.fix
    assert "event_budget" in finding.fix
    if busiest is not None:
        assert (finding.element_id, finding.message.rpartition(" ")[2]) == (busiest, f"'{busiest}'")


def test_a_run_within_its_budget_ends() -> None:
    steps = {"start": start("a"), "a": work("end", 1, at="A"), "end": end()}
    run = plan(steps, at=range(100), hours={"A": ""}, event_budget=300)  # arrival, instance, end
    assert len(log_of(run).cases) == 100


def test_a_run_beyond_its_budget_is_an_error_even_where_it_would_end() -> None:
    steps = {"start": start("a"), "a": work("end", 1, at="A"), "end": end()}
    run = plan(steps, at=range(100), hours={"A": ""}, event_budget=299)
    with pytest.raises(SimulationError, match="budget of 299 events"):
        log_of(run)
