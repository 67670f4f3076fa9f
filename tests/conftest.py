"""Hypothesis draws the same examples in every run, no test asserts a time, and every run keeps H21-H25."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("bpmnmap", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bpmnmap")

LARGEST_CHECKED = 50_000  # instances; larger logs cost more than the tests that make them


@pytest.fixture(autouse=True, scope="session")
def _every_run_keeps_the_sums() -> Iterator[None]:
    from bpmnmap.simulation import replications
    from tests.by_hand import runs
    from tests.reference.invariants import every_run_checked

    with every_run_checked(replications, runs, largest=LARGEST_CHECKED):
        yield
