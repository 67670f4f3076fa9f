"""What must not change a result: workers, hash seeds, the order of maps, sizes of blocks, people and hours that nobody uses (H33, H34)."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

import bpmnmap as bm
from bpmnmap.org.organization import Organization, ResourcePool, Unit
from bpmnmap.simulation.replications import run_once
from bpmnmap.simulation.scenario import ActivityTimes, Arrival, Fixed, ProcessTables
from tests.oracles.maps import process_map
from tests.oracles.models import HOUR, START
from tests.repeatability.fresh import digests, in_fresh_process
from tests.repeatability.workloads import NAMES, maps_of, plan_of, scenario_of

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    return digests()


@pytest.mark.parametrize("name", ["r2", "building_approval", "everything"])
def test_workers(name: str) -> None:
    alone, parallel = (bm.simulate(maps_of(name), scenario_of(name), replications=3, seed=5, jobs=jobs) for jobs in (1, 2))
    assert [log.run.replication for log in parallel] == [1, 2, 3]
    assert parallel.digest == alone.digest
    assert len({log.digest for log in alone}) == 3
    assert str(bm.handoff_delays(parallel)) == str(bm.handoff_delays(alone))


@pytest.mark.parametrize("hash_seed", ["0", "1", "random"])
def test_hash_seed(expected: dict[str, str], hash_seed: str) -> None:
    lines = in_fresh_process("digests", hash_seed=hash_seed).decode().splitlines()
    assert dict(line.split() for line in lines) == expected


@pytest.mark.parametrize("name", ["both", "everything"])
def test_order_of_maps(expected: dict[str, str], name: str) -> None:
    backwards = bm.simulate(maps_of(name)[::-1], scenario_of(name), replications=1, seed=1)
    assert backwards.digest == expected[name]


def test_order_of_maps_whose_cases_come_at_one_instant() -> None:
    maps = [process_map("start > A > end", process=process) for process in ("late", "early")]
    tables = ProcessTables(
        arrivals={"start": Arrival(at=tuple(START + hour * HOUR for hour in range(3)))},
        activities={"A": ActivityTimes(processing_time=Fixed(value=HOUR), unit="U")},
    )
    scenario = bm.Scenario(
        organization=Organization(units={"U": Unit(calendar="always", pools={"staff": ResourcePool(quantity=1)})}),
        start=START,
        cases=3,
        processes={"late": tables, "early": tables},
    )
    results = [bm.simulate(given, scenario, replications=1, seed=1) for given in (maps, maps[::-1])]
    assert results[0].digest == results[1].digest
    assert results[0][0].instances.element.tolist() == ["early/A", "late/A"] * 3
    assert results[0][0].instances.start_us.tolist() == [hour * HOUR // MICROSECOND for hour in range(6)]


def test_seeds_and_replications_differ(expected: dict[str, str]) -> None:
    plan = plan_of("r1")
    others = {run_once(plan, seed, replication).digest for seed, replication in ((1, 2), (2, 1), (1 << 64, 1), ((1 << 64) + 1, 1))}
    assert len(others | {expected["r1"]}) == 5


@pytest.mark.parametrize("name", NAMES)
def test_blocks_of_draws(expected: dict[str, str], name: str) -> None:
    plan = plan_of(name)
    found = {
        bits: run_once(dataclasses.replace(plan, block_bits=bits), 1, 1).digest for bits in (range(3, 13) if name in ("r2", "everything") else (3, 12))
    }
    assert found == dict.fromkeys(found, expected[name])
