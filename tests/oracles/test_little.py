"""Little's law as whole numbers (H23), and stations that never idle while somebody waits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

import bpmnmap as bm
from bpmnmap.eventlog.columns import Array
from bpmnmap.eventlog.log import EventLog

WORKLOADS = Path(__file__).parents[2] / "benchmarks" / "workloads"
PEOPLE = {"FO.staff": 3, "TU.staff": 4, "LG.staff": 2, "FI.staff": 2, "HO.staff": 2}


@pytest.fixture(scope="module")
def r1() -> EventLog:
    """R1 over a month after a week; at the end cases are under way."""
    scenario = bm.read_scenario(WORKLOADS / "r1.toml").replace(warm_up=timedelta(weeks=1), duration=timedelta(weeks=4))
    return bm.simulate(bm.read_bpmn(WORKLOADS / "r1.bpmn"), scenario, replications=1, seed=1)[0]


def lengths(begin: Array, end: Array) -> tuple[Array, Array]:
    """When the number of those that are there changes, and how many there are from then on, if one is there in each [begin, end)."""
    instants, at = np.unique(np.concatenate([begin, end]), return_inverse=True)
    changes = np.bincount(at[: len(begin)], minlength=len(instants)) - np.bincount(at[len(begin) :], minlength=len(instants))
    return instants, np.cumsum(changes)


def integral(instants: Array, numbers: Array) -> int:
    return int((numbers[:-1] * np.diff(instants)).sum())


def until(instants: Array, end_us: int) -> Array:
    return np.where(instants >= 0, instants, end_us)


@pytest.mark.parametrize("pool", PEOPLE)
def test_pool(r1: EventLog, pool: str) -> None:
    end_us = r1.run.end_us
    at = r1.instances.pool == pool
    released, start, complete = r1.instances.released_us[at], r1.instances.start_us[at], r1.instances.complete_us[at]
    waits = r1.instances.contention_us[at] + r1.instances.unavailability_us[at]
    instants, waiting = lengths(released, until(start, end_us))
    assert waiting.min() == 0
    assert waiting.max() > 0
    assert integral(instants, waiting) == waits.sum()

    started = start >= 0
    changes, busy = lengths(start[started], until(complete[started], end_us))
    assert busy.max() == PEOPLE[pool]
    assert integral(changes, busy) == r1.instances.worked_us[at].sum()
    idle = np.flatnonzero(waiting > 0)
    busy_then = busy[np.searchsorted(changes, instants[idle], side="right") - 1]
    assert busy_then.min() == PEOPLE[pool], "nobody idles while somebody waits"


def test_system(r1: EventLog) -> None:
    cases, end_us = r1.cases, r1.run.end_us
    assert (cases.ended_us < 0).any(), "cases are under way"
    instants, number = lengths(cases.arrived_us, until(cases.ended_us, end_us))
    assert number.min() >= 0
    assert integral(instants, number) == (until(cases.ended_us, end_us) - cases.arrived_us).sum()


def test_a_case_is_at_one_activity_or_in_two_branches(r1: EventLog) -> None:
    completed = r1.cases.status == "completed"
    assert 1000 < completed.sum() < len(completed)
    there_us = (r1.instances.complete_us - r1.instances.enabled_us) * completed[r1.instances.case]
    in_branch = np.isin(r1.instances.element, ["Legal", "Fee"])
    synchronization_us = r1.movements.synchronization_us[completed[r1.movements.case]].sum()
    cycle_us = (r1.cases.ended_us - r1.cases.arrived_us)[completed].sum()
    assert 2 * cycle_us == 2 * there_us[~in_branch].sum() + there_us[in_branch].sum() + synchronization_us
