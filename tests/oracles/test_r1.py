"""R1, the benchmark's map: three pools after each other with a rework loop, a split to two pools, a join.

Up to the split it is a Jackson network, so mean waits are Erlang C's; behind the join nothing is Poisson, and the mean cycle
time comes from a long run of an independent simulation.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import bpmnmap as bm
from tests.oracles.truths import Effort, Truth, assert_truths, both_efforts

WORKLOADS = Path(__file__).parents[2] / "benchmarks" / "workloads"


@both_efforts
def test_r1(effort: Effort) -> None:
    scenario = bm.read_scenario(WORKLOADS / "r1.toml").replace(warm_up=timedelta(hours=100), duration=timedelta(hours=effort.hours(3_400)))
    truths: dict[str, float | Truth] = {
        "Wq:Register": 15.98 / 3600,
        "Wq:Verify": 383.83 / 3600,
        "Wq:Legal": 300.00 / 3600,
        "Wq:Fee": 137.14 / 3600,
        "W": Truth(88.75 / 60, error=0.11 / 60),
    }
    assert_truths([bm.read_bpmn(WORKLOADS / "r1.bpmn")], scenario, truths, effort)
