"""Many cases: every one is accounted for (H25), and each message of the last pool came from one of the first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import bpmnmap as bm
from bpmnmap.eventlog.log import EventLog
from bpmnmap.org.organization import Organization, ResourcePool, Unit
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_once
from tests.oracles.models import START
from tests.repeatability.test_common_numbers_constructs import Change, changed_map
from tests.repeatability.workloads import plan_of

THREE_POOLS = 100_000
MAPS, EACH = 5, 20_000


def statuses(log: EventLog) -> Counter[str]:
    return Counter(log.cases.status.tolist())


def three_pools(cases: int) -> EventLog:
    """The service with every construct: three pools, a called process of another map, an applicant."""
    return run_once(plan_of("everything", cases), 1, 1)


def five_maps(cases: int) -> EventLog:
    """Five maps with inclusive gateways, multi-instance, loops and boundary events, whose people are the same."""
    maps = [changed_map(Change(), f"P{number}") for number in range(MAPS)]
    times = {"distribution": "exponential", "mean": "PT30M"}
    tables: dict[str, Any] = {
        "unit": "U",
        "arrivals": {"start": {"inter_arrival_time": {"distribution": "exponential", "mean": "PT30M"}}},
        "activities": {name: {"processing_time": times} for name in "ACDEH"}
        | {"B": {"processing_time": times, "count": {"distribution": "uniform", "min": 0, "max": 3, "integer": True}}}
        | {"L": {"processing_time": times, "repeat": 0.3}},
        "events": {"letter": {"wait_time": times, "probability": 0.5}},
        "gateways": {
            "some": {"probabilities": {"some_B": 0.6, "some_C": 0.6, "some_S": 0.3}},
            "large": {"conditions": {"large_D": "amount > 40", "large_E": "default"}},
        },
    }
    values: dict[str, Any] = {
        "attributes": {"amount": {"distribution": "uniform", "min": 0, "max": 100}},
        "processes": {f"P{number}": tables for number in range(MAPS)},
    }
    people = Organization(units={"U": Unit(calendar="always", pools={"staff": ResourcePool(quantity=25)})})
    scenario = bm.Scenario(organization=people, start=START, cases=cases, **values)
    return run_once(make_plan(maps, scenario), 1, 1)


@pytest.mark.parametrize("cases", [300, pytest.param(THREE_POOLS, marks=pytest.mark.slow)])
def test_three_pools(cases: int) -> None:
    log = three_pools(cases)
    found = statuses(log)
    assert len(log.cases) == cases
    assert found == {"completed": cases}
    entered = Counter(log.instances.element.tolist())
    interrupted = sum(each == "applying/register" for each in log.instances.element[log.instances.status != "completed"].tolist())
    # a case that is not withdrawn by a letter is asked about, checked, and filed
    assert entered["filing/store"] == entered["applying/ask"] == entered["checking/check"] == cases - interrupted


@pytest.mark.parametrize("cases", [100, pytest.param(EACH, marks=pytest.mark.slow)])
def test_five_maps_on_shared_pools(cases: int) -> None:
    log = five_maps(cases)
    assert len(log.cases) == MAPS * cases
    assert Counter(log.cases.map.tolist()) == {f"P{number}": cases for number in range(MAPS)}
    assert statuses(log) == {"completed": MAPS * cases}
    entered = Counter(log.instances.element.tolist())
    for number in range(MAPS):
        assert entered[f"P{number}/A"] == entered[f"P{number}/D"] + entered[f"P{number}/E"] == cases
