"""One engine path: SimPy works one event per arrival and one per activity on R1, whatever else the organization has."""

from __future__ import annotations

from typing import Any

import pytest
import simpy

import bpmnmap as bm
from tests.repeatability.workloads import maps_of, scenario_of

CASES = 1_000
FRONT_OFFICE = {"Register": {"processing_time": {"distribution": "exponential", "mean": "PT10M"}, "pools": {"FO.staff": 1}}}
UNUSED: dict[str, dict[str, Any]] = {
    "nothing": {},
    "calendar": {"calendars": {"office": {"hours": "Mon-Fri 08:00-16:00"}}},
    "unit": {"units": {"AA": {"calendar": "always", "pools": {"staff": {"quantity": 5}}}}},
    "unit with hours": {
        "calendars": {"office": {"hours": "Mon 08:00-16:00"}},
        "units": {"AA": {"calendar": "office", "pools": {"staff": {"quantity": 5}}}},
    },
    "outside party": {"units": {"ZZ": {"external": True}}},
    "pool": {"units": {"FO": {"pools": {"archive": {"quantity": 2}}}}},
    "pool with hours": {
        "calendars": {"office": {"hours": "Mon 08:00-16:00"}},
        "units": {"FO": {"pools": {"archive": {"quantity": 2, "calendar": "office"}}}},
    },
    "transfer": {"transfers": [{"from": "FO", "to": "HO", "transfer_time": "PT2H"}]},
}


def counted_run(scenario: bm.Scenario, monkeypatch: pytest.MonkeyPatch) -> tuple[int, bm.SimulationResult]:
    """How many events SimPy works in a run of R1, and the result."""
    step = simpy.Environment.step
    steps = 0

    def counting(env: simpy.Environment) -> None:
        nonlocal steps
        step(env)  # finds nothing left at the very end, and says so by an exception
        steps += 1

    with monkeypatch.context() as patch:
        patch.setattr(simpy.Environment, "step", counting)
        result = bm.simulate(maps_of("r1"), scenario, replications=1, seed=1)
    return steps, result


@pytest.mark.parametrize("unused", UNUSED)
def test_events_of_r1(unused: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = scenario_of("r1", CASES)
    changes = dict(UNUSED[unused])
    if "pool" in unused:  # of two pools one must be named
        changes["activities"] = {**scenario.activities, **FRONT_OFFICE}
    if "transfers" in changes:
        changes["transfers"] = [*scenario.transfers, *changes["transfers"]]
    steps, result = counted_run(scenario.replace(**changes), monkeypatch)
    plain_steps, plain = counted_run(scenario, monkeypatch)
    assert plain_steps == CASES + len(plain[0].instances)
    assert steps == plain_steps
    assert result.digest == plain.digest
