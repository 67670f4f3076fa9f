"""The table's interval for a mean handoff delay holds the truth as often as it says: M/M/2 at half load, many seeds."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import pytest

import bpmnmap as bm
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_plan
from bpmnmap.simulation.scenario import Fixed
from tests.oracles.maps import process_map
from tests.oracles.models import HOUR, Station, exponential, network

TRUTH_S = 3600 / 3  # Erlang C: one of three waits, for an hour on average


def interval(plan: Plan, replications: int, seed: int) -> tuple[float, float]:
    """Mean delay of the handoff and half width of its interval, in seconds, from one seed."""
    (row,) = bm.handoff_delays(run_plan(plan, replications=replications, seed=seed))
    assert row.delay.mean is not None
    assert row.delay.half_width is not None
    return row.delay.mean, row.delay.half_width


def plan_of(hours: float) -> Plan:
    """Letters come from outside as a Poisson stream and are worked by two people."""
    stations = {"Send": Station(Fixed(value=0 * HOUR), None), "Read": Station(exponential(1), 2)}
    return make_plan([process_map("start > Send > Read > end")], network(stations, arrivals={"start": 1}, hours=hours, warm_up=40))


def covering(plan: Plan, *, replications: int, seeds: int, jobs: int) -> int:
    """How many of the seeds' intervals hold the truth."""
    one = partial(interval, plan, replications)
    if jobs == 1:
        intervals = [one(seed) for seed in range(seeds)]
    else:
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as workers:
            intervals = list(workers.map(one, range(seeds), chunksize=20))
    return sum(abs(mean - TRUTH_S) <= half_width for mean, half_width in intervals)


def test_100_seeds() -> None:
    assert 89 <= covering(plan_of(400), replications=10, seeds=100, jobs=1) <= 99  # binomial(100, 0.95): in 99 of 100 tests


@pytest.mark.slow
def test_1000_seeds() -> None:
    assert 930 <= covering(plan_of(1_000), replications=20, seeds=1_000, jobs=2) <= 970
