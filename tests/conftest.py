"""Hypothesis draws the same examples in every run, and no test asserts a time."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("bpmnmap", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("bpmnmap")
