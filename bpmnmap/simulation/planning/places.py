"""Where operations stand: the unit of each, by the map and the scenario (H3, H11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bpmnmap import model as m
from bpmnmap.findings import Finding
from bpmnmap.org.assignment import assign_units, unit_names
from bpmnmap.org.organization import Organization
from bpmnmap.org.organization_checks import folded
from bpmnmap.org.performers import performers
from bpmnmap.semantics.program import Cancel, Leave, Open, Operation, Program, Start, Take, Wait, Work
from bpmnmap.simulation.planning.maps import Maps, participants

Units = dict[tuple[str, str], str | None]


def units_of_elements(
    maps: Maps, organization: Organization, overrides: Mapping[tuple[str, str], str], process_units: Mapping[str, str]
) -> tuple[Units, list[Finding]]:  # fmt: skip
    """Return the unit of each flow node and of each participant, by (process, element), and what is to be told."""
    units: Units = {}
    findings: list[Finding] = []
    names = unit_names(organization)
    for definitions in {id(each): each for each in maps.definitions}.values():
        mine = [process for process in definitions.processes if maps.map_of.get(process.id or "") is definitions]
        theirs = {element: unit for (process, element), unit in overrides.items() if maps.map_of.get(process) is definitions}
        assigned = assign_units(definitions, organization, overrides=theirs, process_units=process_units)
        findings += assigned.findings
        parties = {each.id: names.get(folded(each.name or "")) for each in participants(definitions)}
        for process in mine:
            name = process.id or ""
            units |= {(name, node.id or ""): assigned.units.get(node.id or "") for node in maps.nodes(name)}
            units |= {(name, party): unit for party, unit in parties.items() if party is not None}
            units[name, name] = _unit_of_process(process, definitions, names) or process_units.get(name)
    return units, findings


def _unit_of_process(process: m.Process, definitions: m.Definitions, names: Mapping[str, str]) -> str | None:
    """Return the unit that the map names for a process as a whole: there its event sub-processes start (H11)."""
    own = (each.name or "" for each in participants(definitions) if each.process_ref == process.id)
    return next((names[name] for name in map(folded, (*own, *performers(process, definitions))) if name in names), None)


def places_of(program: Program, units: Mapping[tuple[str, str], str | None]) -> list[str | None]:
    """Return the unit at which each operation stands, but for joins; what has none of its own has that of the scope around it."""
    places: list[str | None] = []
    for index, operation in enumerate(program.operations):
        unit = units.get((program.process_of(index), operation.origin.element)) if _stands(operation) else None
        scope = program.scopes[index]
        while unit is None and scope >= 0 and _stands(operation):
            unit = units.get(_holder(program, scope))
            scope = program.scopes[scope]
        places.append(unit)
    for index, operation in enumerate(program.operations):
        if isinstance(operation, Open):  # a guard stands where its host, its gateway stands (H11, H13)
            for guard in operation.guards:
                places[guard.target] = _home(program, index, places, units)
        elif isinstance(operation, (Cancel, Leave)) and operation.inside:  # an event sub-process, at the unit of the scope around it
            places[index] = _home(program, program.scopes[index], places, units)
    return places


def _home(program: Program, index: int, places: Sequence[str | None], units: Mapping[tuple[str, str], str | None]) -> str | None:
    """Return the unit of a scope as a whole: of an instance of a process that of the process, wherever its start stands."""
    return units.get(_holder(program, index)) if _is_instance(program.operations[index]) else places[index]


def _holder(program: Program, index: int) -> tuple[str, str]:
    """Return process and element that a scope is of: an instance of a process is of that, whatever starts it."""
    operation, process = program.operations[index], program.process_of(index)
    return process, process if _is_instance(operation) else operation.origin.element


def _is_instance(operation: Operation) -> bool:
    return isinstance(operation, Open) and operation.body is not None and operation.next is None


def _stands(operation: Operation) -> bool:
    return isinstance(operation, (Start, Work, Wait, Take, Open))


def is_outside(process: m.Process | None) -> bool:
    """Whether nothing is known of a process."""
    return process is None or not process.flow_nodes


def numbers(places: Sequence[str | None], unit_ids: Sequence[str]) -> list[int]:
    """Return the numbers of units; −1 = none."""
    index = {unit: number for number, unit in enumerate(unit_ids)}
    return [-1 if place is None else index[place] for place in places]
