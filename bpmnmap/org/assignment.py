"""Whose work it is: the unit of each flow node of a map (H3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.model import BoundaryEvent, Definitions, Element, FlowNode, Participant, Process
from bpmnmap.org.lanes import LaneUnits
from bpmnmap.org.organization_checks import folded
from bpmnmap.org.performers import performers

if TYPE_CHECKING:
    from bpmnmap.org.organization import Organization


@dataclass(frozen=True, slots=True)
class UnitAssignment:
    """The unit of each flow node of a map.

    Parameters
    ----------
    units
        Unit ids by the flow nodes' ids; None where neither the map nor the scenario names a unit.
    findings
        Lanes that name no unit (warnings) and units of the scenario that replace the map's (for information), in document order.
    """

    units: Mapping[str, str | None]
    findings: tuple[Finding, ...]


def assign_units(
    definitions: Definitions, organization: Organization, *, overrides: Mapping[str, str], process_units: Mapping[str, str]
) -> UnitAssignment:
    """Return the unit of each activity, event and gateway of a map.

    The first of these that names a unit: the scenario (``overrides``); the innermost lane; an outer lane; the enclosing sub-process; the
    participant; the performer (``resourceRole``, then vendors' candidate groups; then those of the process); the scenario's
    ``process_units``. A boundary event has its host's unit. Names are compared, white space and case folded, with the units' ids, names
    and aliases.

    Parameters
    ----------
    definitions
        The map.
    organization
        Its units.
    overrides
        Unit ids by element id, from the scenario.
    process_units
        Unit ids by process id, from the scenario.

    Examples
    --------
    >>> from bpmnmap.model import Lane, LaneSet, Task
    >>> from bpmnmap.org.organization import Organization
    >>> units = {"FO": {"name": "Front Office", "external": True}, "HO": {"aliases": ["Director"], "external": True}}
    >>> lanes = LaneSet(lanes=(Lane(id="a", name="front  office", flow_node_refs=("Check",)),))
    >>> process = Process(id="permit", flow_elements=(Task(id="Check"), Task(id="Sign")), lane_sets=(lanes,))
    >>> definitions = Definitions(root_elements=(process,))
    >>> assign_units(definitions, Organization(units=units), overrides={"Sign": "HO"}, process_units={}).units
    {'Check': 'FO', 'Sign': 'HO'}

    Source: handoff.md, H3; H11 for boundary events.
    """
    names = unit_names(organization)
    units: dict[str, str | None] = {}
    findings: list[Finding] = []
    for process in definitions.processes:
        assigned = _ProcessUnits(definitions, process, names, overrides)
        last_resort = process_units.get(process.id or "")
        units |= {node: unit or last_resort for node, unit in assigned.units.items()}
        findings += assigned.findings
    findings.sort(key=lambda finding: finding.location.line or 0)
    return UnitAssignment(units, tuple(findings))


def unit_names(organization: Organization) -> dict[str, str]:
    """Return the units' ids by all that a map may call them, folded; an id before a name, a name before an alias."""
    names = {folded(unit_id): unit_id for unit_id in organization.units}
    for unit_id, unit in organization.units.items():
        names.setdefault(folded(unit.name), unit_id)
    for unit_id, unit in organization.units.items():
        for alias in unit.aliases:
            names.setdefault(folded(alias), unit_id)
    return names


class _ProcessUnits:
    """The units of the flow nodes of one process, without the last resort."""

    def __init__(self, definitions: Definitions, process: Process, names: Mapping[str, str], overrides: Mapping[str, str]) -> None:
        self.definitions = definitions
        self.process = process
        self.names = names
        self.overrides = overrides
        self.lanes = LaneUnits(process, names, definitions.path)
        self.findings: list[Finding] = list(self.lanes.findings)
        self.units: dict[str, str | None] = {}
        participants = (one for each in definitions.collaborations for one in each.participants if one.process_ref == process.id)
        self.participant = self.first_unit(_names_of(participants))
        for scope in process.scopes():  # an outer scope before those inside it, which fall back to its unit
            enclosing = self.units.get(scope.id or "") if isinstance(scope, FlowNode) else None
            boundary_last = sorted(scope.flow_nodes, key=lambda node: isinstance(node, BoundaryEvent))
            for node in boundary_last:
                if node.id is not None:
                    self.units.setdefault(node.id, self.unit(node, node.id, enclosing))

    def first_unit(self, names: Iterator[str]) -> str | None:
        """Return the first unit that one of the names means."""
        return next((self.names[name] for name in map(folded, names) if name in self.names), None)

    def unit(self, node: FlowNode, node_id: str, enclosing: str | None) -> str | None:
        """Return the unit of a node: the scenario's, else the map's."""
        found = self.unit_in_map(node, node_id, enclosing)
        chosen = self.overrides.get(node_id)
        if chosen is None or chosen == found:
            return found
        if found is not None:
            self.findings.append(_override(node, found, chosen, self.definitions.path))
        return chosen

    def unit_in_map(self, node: FlowNode, node_id: str, enclosing: str | None) -> str | None:
        """Return the unit that the map names for a node."""
        if isinstance(node, BoundaryEvent) and node.attached_to_ref in self.units:
            return self.units[node.attached_to_ref]
        place = self.lanes.unit(node_id) or enclosing or self.participant
        if place is not None:
            return place
        return self.first_unit(performers(node, self.definitions)) or self.first_unit(performers(self.process, self.definitions))


def _names_of(participants: Iterator[Participant]) -> Iterator[str]:
    return (participant.name for participant in participants if participant.name is not None)


def _override(node: Element, found: str, chosen: str, path: str | None) -> Finding:
    message = f"the scenario's unit '{chosen}' replaces '{found}', which the map names"
    fix = "nothing, if that is meant; else remove unit from the scenario's table"
    return Finding("unit-replaced", message, Location(path, node.line), Severity.INFO, node.kind, node.id, fix)
