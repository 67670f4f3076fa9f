from __future__ import annotations

import multiprocessing
import os
import time

import pytest

from bpmnmap.errors import SimulationError
from bpmnmap.simulation.workers import in_workers


def test_each_number_is_worked_once() -> None:
    assert sorted(in_workers(abs, range(-3, 4), 2)) == [(number, abs(number)) for number in range(-3, 4)]
    assert multiprocessing.active_children() == []


def test_no_numbers_and_idle_workers() -> None:
    assert list(in_workers(abs, [], 1)) == []
    assert list(in_workers(abs, [-1], 2)) == [(-1, 1)]


def test_a_worker_that_ends_is_missed() -> None:
    with pytest.raises(SimulationError, match=r"worker-lost\] a worker process ended before its replication was done") as caught:
        list(in_workers(os._exit, [3], 1))
    (finding,) = caught.value.findings
    assert finding.fix == "run with jobs = 1, or give the machine more memory"
    assert multiprocessing.active_children() == []


def test_workers_end_when_the_iteration_is_given_up() -> None:
    results = in_workers(time.sleep, [0, 10_000, 10_000], 2)
    assert next(results) == (0, None)
    results.close()
    assert multiprocessing.active_children() == []
