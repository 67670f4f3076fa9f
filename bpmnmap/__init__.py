"""Process maps of whole organisations: BPMN 2.0 in, handoff delays between units out."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from bpmnmap.version import __version__ as __version__

if TYPE_CHECKING:
    from bpmnmap.analysis.handoff_table import HandoffTable
    from bpmnmap.analysis.handoffs import handoff_delays
    from bpmnmap.analysis.split_table import SplitTable
    from bpmnmap.checking.inspecting import inspection
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
    from bpmnmap.eventlog.case_split import CaseSplit
    from bpmnmap.eventlog.csv_format import write_event_log
    from bpmnmap.eventlog.log import EventLog
    from bpmnmap.findings import Finding, Location, Severity
    from bpmnmap.model.changes import Aspect, FieldChange, Insert, LaneMove, Mention, Move, Place, Remove, Update
    from bpmnmap.model.definitions import Definitions
    from bpmnmap.model.differences import Differences, differences
    from bpmnmap.org.organization import Organization, read_organization
    from bpmnmap.semantics.lowering import lower
    from bpmnmap.semantics.program import Program, Programs
    from bpmnmap.simulation.engine.extension import RunningCase, RunningPool, RunningSimulation
    from bpmnmap.simulation.replications import SimulationInterruptedError, simulate
    from bpmnmap.simulation.result import SimulationResult
    from bpmnmap.simulation.scenario import Scenario, read_scenario
    from bpmnmap.simulation.splitting import split_cases
    from bpmnmap.simulation.templates.template import ScenarioTemplate, scenario_template
    from bpmnmap.xmlio.inspected import Inspection
    from bpmnmap.xmlio.reader import parse_bpmn, read_bpmn
    from bpmnmap.xmlio.writer import format_bpmn, write_bpmn

# where each public name stands; imported when first asked for, so that `import bpmnmap` costs nothing
_PLACES = {
    "Aspect": "model.changes",
    "BpmnMapError": "errors",
    "BpmnReadError": "errors",
    "CaseSplit": "eventlog.case_split",
    "Definitions": "model.definitions",
    "Differences": "model.differences",
    "EventLog": "eventlog.log",
    "EventLogError": "errors",
    "ExecutionError": "errors",
    "FieldChange": "model.changes",
    "Finding": "findings",
    "HandoffTable": "analysis.handoff_table",
    "Insert": "model.changes",
    "Inspection": "xmlio.inspected",
    "LaneMove": "model.changes",
    "Location": "findings",
    "MapError": "errors",
    "Mention": "model.changes",
    "Move": "model.changes",
    "Organization": "org.organization",
    "OrganizationError": "errors",
    "Place": "model.changes",
    "Program": "semantics.program",
    "Programs": "semantics.program",
    "Remove": "model.changes",
    "RunningCase": "simulation.engine.extension",
    "RunningPool": "simulation.engine.extension",
    "RunningSimulation": "simulation.engine.extension",
    "Scenario": "simulation.scenario",
    "ScenarioError": "errors",
    "ScenarioTemplate": "simulation.templates.template",
    "Severity": "findings",
    "SimulationError": "errors",
    "SimulationInterruptedError": "simulation.replications",
    "SimulationResult": "simulation.result",
    "SplitTable": "analysis.split_table",
    "UnsupportedElementError": "errors",
    "Update": "model.changes",
    "differences": "model.differences",
    "format_bpmn": "xmlio.writer",
    "handoff_delays": "analysis.handoffs",
    "inspection": "checking.inspecting",
    "lower": "semantics.lowering",
    "parse_bpmn": "xmlio.reader",
    "read_bpmn": "xmlio.reader",
    "read_organization": "org.organization",
    "read_scenario": "simulation.scenario",
    "scenario_template": "simulation.templates.template",
    "simulate": "simulation.replications",
    "split_cases": "simulation.splitting",
    "write_bpmn": "xmlio.writer",
    "write_event_log": "eventlog.csv_format",
}

__all__ = [
    "Aspect",
    "BpmnMapError",
    "BpmnReadError",
    "CaseSplit",
    "Definitions",
    "Differences",
    "EventLog",
    "EventLogError",
    "ExecutionError",
    "FieldChange",
    "Finding",
    "HandoffTable",
    "Insert",
    "Inspection",
    "LaneMove",
    "Location",
    "MapError",
    "Mention",
    "Move",
    "Organization",
    "OrganizationError",
    "Place",
    "Program",
    "Programs",
    "Remove",
    "RunningCase",
    "RunningPool",
    "RunningSimulation",
    "Scenario",
    "ScenarioError",
    "ScenarioTemplate",
    "Severity",
    "SimulationError",
    "SimulationInterruptedError",
    "SimulationResult",
    "SplitTable",
    "UnsupportedElementError",
    "Update",
    "differences",
    "format_bpmn",
    "handoff_delays",
    "inspection",
    "lower",
    "parse_bpmn",
    "read_bpmn",
    "read_organization",
    "read_scenario",
    "scenario_template",
    "simulate",
    "split_cases",
    "write_bpmn",
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
