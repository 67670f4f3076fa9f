"""The units that the lanes of a process name (H3)."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.model import Lane, LaneSet, Process
from bpmnmap.org.organization_checks import folded


class LaneUnits:
    """The unit of each flow node by its lanes: the innermost lane that names a unit.

    Parameters
    ----------
    process
        The process with its lanes; those of its sub-processes count too, and are further inside.
    names
        Unit ids by folded name.
    path
        The map's file, for findings.

    Attributes
    ----------
    findings : list of Finding
        Lanes that name no unit.
    """

    def __init__(self, process: Process, names: Mapping[str, str], path: str | None) -> None:
        self._names = names
        self._path = path
        self._units: dict[str, str] = {}
        self.findings: list[Finding] = []
        for scope in process.scopes():
            inner: dict[str, tuple[int, str]] = {}
            for lane_set in scope.lane_sets:
                self._take(lane_set, None, 0, inner)
            # Scopes come from the outside inward, so what is set last is innermost.
            self._units |= {node: unit for node, (_, unit) in inner.items()}

    def unit(self, node: str) -> str | None:
        """Return the unit of a flow node by its lanes, None if they name none."""
        return self._units.get(node)

    def _take(self, lane_set: LaneSet, outer: str | None, depth: int, inner: dict[str, tuple[int, str]]) -> None:
        """Note the units of the nodes of a lane set: those of deeper lanes win, among equally deep ones the first."""
        for lane in lane_set.lanes:
            own = self._unit_of(lane)
            unit = own or outer
            for node in lane.flow_node_refs if unit is not None else ():
                known = inner.get(node)
                if unit is not None and (known is None or known[0] < depth):
                    inner[node] = (depth, unit)
            if lane.child_lane_set is not None:
                self._take(lane.child_lane_set, unit, depth + 1, inner)

    def _unit_of(self, lane: Lane) -> str | None:
        name = folded(lane.name or "")
        if name not in self._names:
            self.findings.append(self._nameless(lane, name))
        return self._names.get(name)

    def _nameless(self, lane: Lane, name: str) -> Finding:
        message = f"'{lane.name}' names no unit of the organization" if name else "has no name, and so no unit of the organization"
        similar = difflib.get_close_matches(name, self._names, n=1)
        hint = f"; did you mean '{self._names[similar[0]]}'?" if similar else ""
        fix = f"give it the name of a unit, or add its name to the aliases of one in org.toml{hint}"
        return Finding("lane-without-unit", message, Location(self._path, lane.line), Severity.WARNING, lane.kind, lane.id, fix)
