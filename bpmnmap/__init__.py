"""Process maps of whole organisations: BPMN 2.0 in, handoff delays between units out."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from bpmnmap.version import __version__ as __version__

if TYPE_CHECKING:
    from bpmnmap.analysis.handoff_table import HandoffTable
    from bpmnmap.analysis.handoffs import handoff_delays
    from bpmnmap.errors import (
        BpmnMapError,
        BpmnReadError,
        EventLogError,
        ExecutionError,
        MapError,
        OrganizationError,
        ScenarioError,
        SimulationError,
        UnsupportedElementError,
    )
    from bpmnmap.eventlog.csv_format import write_event_log
    from bpmnmap.eventlog.log import EventLog
    from bpmnmap.findings import Finding, Location, Severity
    from bpmnmap.model.definitions import Definitions
    from bpmnmap.org.organization import Organization, read_organization
    from bpmnmap.semantics.lowering import lower
    from bpmnmap.semantics.program import Program
    from bpmnmap.simulation.replications import SimulationInterruptedError, simulate
    from bpmnmap.simulation.result import SimulationResult
    from bpmnmap.simulation.scenario import Scenario, read_scenario
    from bpmnmap.xmlio.reader import parse_bpmn, read_bpmn

# where each public name stands; imported when first asked for, so that `import bpmnmap` costs nothing
_PLACES = {
    "BpmnMapError": "errors",
    "BpmnReadError": "errors",
    "Definitions": "model.definitions",
    "EventLog": "eventlog.log",
    "EventLogError": "errors",
    "ExecutionError": "errors",
    "Finding": "findings",
    "HandoffTable": "analysis.handoff_table",
    "Location": "findings",
    "MapError": "errors",
    "Organization": "org.organization",
    "OrganizationError": "errors",
    "Program": "semantics.program",
    "Scenario": "simulation.scenario",
    "ScenarioError": "errors",
    "Severity": "findings",
    "SimulationError": "errors",
    "SimulationInterruptedError": "simulation.replications",
    "SimulationResult": "simulation.result",
    "UnsupportedElementError": "errors",
    "handoff_delays": "analysis.handoffs",
    "lower": "semantics.lowering",
    "parse_bpmn": "xmlio.reader",
    "read_bpmn": "xmlio.reader",
    "read_organization": "org.organization",
    "read_scenario": "simulation.scenario",
    "simulate": "simulation.replications",
    "write_event_log": "eventlog.csv_format",
}

__all__ = [
    "BpmnMapError",
    "BpmnReadError",
    "Definitions",
    "EventLog",
    "EventLogError",
    "ExecutionError",
    "Finding",
    "HandoffTable",
    "Location",
    "MapError",
    "Organization",
    "OrganizationError",
    "Program",
    "Scenario",
    "ScenarioError",
    "Severity",
    "SimulationError",
    "SimulationInterruptedError",
    "SimulationResult",
    "UnsupportedElementError",
    "handoff_delays",
    "lower",
    "parse_bpmn",
    "read_bpmn",
    "read_organization",
    "read_scenario",
    "simulate",
    "write_event_log",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a public name may be of any type
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module 'bpmnmap' has no attribute '{name}'")
    value = getattr(importlib.import_module(f"bpmnmap.{place}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
