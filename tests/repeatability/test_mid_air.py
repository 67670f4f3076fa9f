"""A run saved in mid-air, loaded in a fresh process, again and again, reaches the digest of the uninterrupted run."""

from __future__ import annotations

import pytest

from bpmnmap.eventlog.rows import ROW_BYTES
from bpmnmap.simulation.engine.run import Run
from bpmnmap.simulation.engine.snapshot import load, save
from bpmnmap.simulation.event_log import event_log
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.replications import run_once
from tests.repeatability.fresh import in_fresh_process
from tests.repeatability.workloads import plan_of

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
OFTEN = {
    "r2": [at * HOUR_US for at in (0, 8, 9, 16, 20, 24 + 10, 4 * 24 + 16, 6 * 24, 7 * 24 + 8, 11 * 24 + 15, 15 * 24 + 12)],
    "payment_disbursement": list(range(0, 28 * DAY_US, DAY_US + 5 * HOUR_US)),
    "everything": [at * HOUR_US for at in (8, 9, 10, 14, 20, 24 + 11, 2 * 24 + 15, 7 * 24 + 10, 14 * 24 + 12)],
    "both": [*range(0, 28 * DAY_US, 2 * DAY_US + 5 * HOUR_US), 40 * DAY_US, 70 * DAY_US],
}


def begun(plan: Plan) -> Run:
    run = Run(plan, seed=1, replication=1)
    run.begin()
    return run


@pytest.mark.parametrize(
    ("name", "instants"),
    [
        ("r2", [2 * DAY_US + 10 * HOUR_US, 9 * DAY_US + 2 * HOUR_US, 18 * DAY_US + 16 * HOUR_US]),
        ("building_approval", [8 * DAY_US + 10 * HOUR_US, 20 * DAY_US, 33 * DAY_US + 9 * HOUR_US]),
        ("everything", [1 * DAY_US + 10 * HOUR_US, 4 * DAY_US + 1 * HOUR_US, 9 * DAY_US + 12 * HOUR_US]),
    ],
)
def test_fresh_processes(name: str, instants: list[int]) -> None:
    plan = plan_of(name)
    run = begun(plan)
    run.advance(instants[0])
    saved = save(run)
    for instant in [*map(str, instants[1:]), "end"]:
        saved = in_fresh_process("go_on", name, instant, data=saved)
    assert saved.decode() == run_once(plan, 1, 1).digest


@pytest.mark.parametrize("name", OFTEN)
def test_many_instants(name: str) -> None:
    plan = plan_of(name)
    run = begun(plan)
    lengths = []
    for instant in OFTEN[name]:
        assert not run.advance(instant), "the run goes on"
        run = load(plan, save(run))
        lengths.append(len(run.runtime.log) // ROW_BYTES)
    assert sorted(set(lengths))[-1] > 1000, "much has happened by then"
    assert event_log(plan, run.finish(), seed=1, replication=1).digest == run_once(plan, 1, 1).digest


def test_a_loaded_run_saves_to_the_same_bytes() -> None:
    plan = plan_of("building_approval")
    run = begun(plan)
    run.advance(15 * DAY_US + 10 * HOUR_US)
    assert save(load(plan, save(run))) == save(run)


def test_many_futures_from_one_past() -> None:
    plan = plan_of("r2")
    run = begun(plan)
    run.advance(9 * DAY_US + 10 * HOUR_US)
    saved = save(run)
    futures = {event_log(plan, load(plan, saved).finish(), seed=1, replication=1).digest for _ in range(2)}
    assert futures == {run_once(plan, 1, 1).digest}
