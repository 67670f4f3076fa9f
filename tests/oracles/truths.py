"""Estimates from replications against exact values: the interval is narrow enough, and holds the truth."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import pytest

import bpmnmap as bm
from bpmnmap.analysis.estimates import estimate
from bpmnmap.eventlog.log import EventLog
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_once
from tests.oracles.figures import Figures, station_figures

ERROR = 0.01  # how often one test may reject a correct simulation; its figures share it evenly (Bonferroni)
SEED = 1


@dataclass(frozen=True, slots=True)
class Effort:
    """How precise: half widths at most `precision` of the value, twice that for percentiles; run in so many processes."""

    precision: float
    jobs: int

    def hours(self, at_5_percent: float) -> float:
        """Length of a replication from the length that gives 5 %: half widths fall with the square root of the length."""
        return at_5_percent * (0.05 / self.precision) ** 2


FAST, PRECISE = Effort(0.05, 1), Effort(0.02, 2)
both_efforts = pytest.mark.parametrize("effort", [pytest.param(FAST, id="5%"), pytest.param(PRECISE, id="2%", marks=pytest.mark.slow)])
precise_only = pytest.mark.parametrize("effort", [pytest.param(PRECISE, id="2%", marks=pytest.mark.slow)])


@dataclass(frozen=True, slots=True)
class Truth:
    """An exact value, or one that is known up to an error of its own."""

    value: float
    error: float = 0.0


def assert_truths(
    maps: Sequence[bm.Definitions],
    scenario: bm.Scenario,
    truths: Mapping[str, float | Truth],
    effort: Effort,
    *,
    replications: int = 40,
    measure: Callable[[EventLog], Figures] = station_figures,
) -> None:
    """Run a scenario and compare figures of its logs, replication by replication, with what theory says."""
    samples = measured(make_plan(maps, scenario), measure, replications=replications, jobs=effort.jobs)
    confidence = 1 - ERROR / len(truths)
    faults = [
        fault for name, truth in truths.items() for fault in _faults(name, truth, [each[name] for each in samples], confidence, effort)
    ]
    assert not faults, "\n".join(faults)


def measured(plan: Plan, measure: Callable[[EventLog], Figures], *, replications: int, jobs: int) -> list[Figures]:
    """Figures of each replication; no log is kept."""
    one = partial(_measured, plan, measure)
    if jobs == 1:
        return [one(number) for number in range(1, replications + 1)]
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as workers:
        return list(workers.map(one, range(1, replications + 1)))


def _measured(plan: Plan, measure: Callable[[EventLog], Figures], replication: int) -> Figures:
    return measure(run_once(plan, SEED, replication))


def _faults(name: str, truth: float | Truth, values: list[float], confidence: float, effort: Effort) -> list[str]:
    truth = truth if isinstance(truth, Truth) else Truth(truth)
    found = estimate(values, confidence=confidence)
    assert found.mean is not None
    assert found.half_width is not None
    told = f"{name}: {found.mean:.6f} ± {found.half_width:.6f}, truth {truth.value:.6f}"
    allowed = effort.precision * (2 if name.startswith("p95") else 1)
    faults = []
    if found.half_width > allowed * truth.value:
        faults.append(f"{told}: the half width is {found.half_width / truth.value:.2%} of the value, {allowed:.0%} is allowed")
    if abs(found.mean - truth.value) > found.half_width + truth.error:
        faults.append(f"{told}: the truth lies outside")
    return faults
