"""Program + Organization + Scenario → Plan; all faults reported at once."""

from __future__ import annotations

from bpmnmap.simulation.planning.planner import make_plan

__all__ = ["make_plan"]
