"""Definitions → Programs, as a tuple of small passes."""

from __future__ import annotations

from bpmnmap.semantics.lowering.passes import Given, Lowered, lower, lower_map

__all__ = ["Given", "Lowered", "lower", "lower_map"]
