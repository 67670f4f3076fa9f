"""R2 is R1 in office hours: mapped to open time it equals R1 row for row, and both equal their recorded digests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import bpmnmap as bm
from bpmnmap.eventlog.columns import Array
from bpmnmap.eventlog.log import CASE_COLUMNS, INSTANCE_COLUMNS, MOVEMENT_COLUMNS, EventLog
from tests.repeatability.digests import CASES, recorded_digests, workload_result

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
OPENS_US, CLOSES_US = 8 * HOUR_US, 16 * HOUR_US


@pytest.fixture(scope="module")
def results() -> dict[str, bm.SimulationResult]:
    return {name: workload_result(name) for name in ("r1", "r2")}


@pytest.fixture(scope="module")
def r1(results: dict[str, bm.SimulationResult]) -> EventLog:
    return results["r1"][0]


@pytest.fixture(scope="module")
def r2(results: dict[str, bm.SimulationResult]) -> EventLog:
    return results["r2"][0]


def open_time(instants_us: Array) -> Array:
    """Office hours from Monday 00:00 to each instant; closing and the next opening are one instant of open time."""
    days, of_day = np.divmod(instants_us, DAY_US)
    weeks, weekday = np.divmod(days, 7)
    today = np.where(weekday < 5, np.clip(of_day, OPENS_US, CLOSES_US) - OPENS_US, 0)
    return (weeks * 5 + np.minimum(weekday, 5)) * (CLOSES_US - OPENS_US) + today


@pytest.mark.parametrize("name", ["r1", "r2"])
def test_digest_is_the_recorded_one(results: dict[str, bm.SimulationResult], name: str) -> None:
    assert results[name].digest == recorded_digests()[name], "the engine gives other results; see tests/repeatability/digests.py"


def test_cases(r1: EventLog, r2: EventLog) -> None:
    assert len(r1.cases) == len(r2.cases) == CASES
    mapped = {"arrived_us": open_time(r2.cases.arrived_us), "ended_us": open_time(r2.cases.ended_us)}
    assert_equal_columns(CASE_COLUMNS, lambda name: r1.cases[name], lambda name: mapped.get(name, r2.cases[name]))


def test_instances(r1: EventLog, r2: EventLog) -> None:
    assert len(r1.instances) == len(r2.instances) > 5 * CASES
    instants = ("enabled_us", "released_us", "start_us", "complete_us")
    mapped = {name: open_time(r2.instances[name]) for name in instants} | {"unavailability_us": r1.instances.unavailability_us}
    assert_equal_columns(INSTANCE_COLUMNS, lambda name: r1.instances[name], lambda name: mapped.get(name, r2.instances[name]))


def test_unavailability_is_the_closed_time_of_each_wait(r1: EventLog, r2: EventLog) -> None:
    assert not r1.instances.unavailability_us.any()
    start, released = r2.instances.start_us, r2.instances.released_us
    closed = (start - released) - (open_time(start) - open_time(released))
    assert closed.max() >= 64 * HOUR_US, "somebody waits over a weekend"
    assert np.array_equal(r2.instances.unavailability_us, closed)


def test_movements(r1: EventLog, r2: EventLog) -> None:
    assert len(r1.movements) == len(r2.movements) > 6 * CASES
    left = r2.movements.left_us
    mapped = {"left_us": open_time(left), "synchronization_us": open_time(left + r2.movements.synchronization_us) - open_time(left)}
    assert_equal_columns(MOVEMENT_COLUMNS, lambda name: r1.movements[name], lambda name: mapped.get(name, r2.movements[name]))


def assert_equal_columns(names: tuple[str, ...], expected: Callable[[str], Array], found: Callable[[str], Array]) -> None:
    assert [name for name in names if not np.array_equal(expected(name), found(name))] == []
