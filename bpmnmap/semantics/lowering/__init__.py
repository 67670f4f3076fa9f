"""Definitions → Program, as a tuple of small passes."""

from __future__ import annotations

from bpmnmap.semantics.lowering.passes import lower, lower_process, runnable_process

__all__ = ["lower", "lower_process", "runnable_process"]
