"""Definitions → Programs, as a tuple of small passes."""

from __future__ import annotations

from bpmnmap.semantics.lowering.passes import Lowered, lower, lower_map, lower_process

__all__ = ["Lowered", "lower", "lower_map", "lower_process"]
