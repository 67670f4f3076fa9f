"""The units that maps name: lanes, participants and performers (H3), and the process where nothing else is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bpmnmap import model as m
from bpmnmap.org.assignment import assign_units
from bpmnmap.org.organization import Organization, Unit, folded
from bpmnmap.org.performers import performers
from bpmnmap.semantics.program import Start, Wait, Work
from bpmnmap.simulation.planning.maps import Maps

_ALL_UNITS = "*"  # stands for all units in transfers, so no unit may have it as its id


@dataclass(slots=True)
class MapUnit:
    """A unit as maps name it.

    Parameters
    ----------
    parent
        Id of the unit whose lane or participant encloses it.
    is_outside
        A participant without a process.
    about
        The elements that bear its name.
    """

    unit_id: str
    name: str
    parent: str | None
    is_outside: bool = False
    about: list[str] = field(default_factory=list)


class MapUnits:
    """The units of the maps of a run.

    Attributes
    ----------
    of_processes : dict
        By index of the process: the unit that the scenario must name, where the map names none for a task.
    places : list of list
        By process and operation: the id of the unit at which it stands, or None.
    """

    def __init__(self, maps: Maps) -> None:
        self._maps = maps
        self._units: dict[str, MapUnit] = {}
        self.of_processes: dict[int, str] = {}
        for process, definitions in zip(maps.processes, maps.definitions, strict=True):
            self._take_lanes(process, definitions)
        for p in range(len(maps.programs)):
            self._take_performers(p)
        self._take_outside_parties()
        self.places = [self._places(p) for p in range(len(maps.programs))]

    def __iter__(self) -> Iterator[MapUnit]:
        return iter(self._units.values())

    def _add(self, name: str | None, about: str, parent: str | None = None) -> str | None:
        """Return the id of the unit of a name, made where it is new; what has no name is no unit."""
        called = " ".join((name or "").split())
        if not called:
            return None
        unit = self._units.get(folded(called))
        if unit is None:
            unit_id = called if called != _ALL_UNITS else "unit-of-that-name"
            unit = self._units[folded(called)] = MapUnit(unit_id, called, parent)
        if about not in unit.about:
            unit.about.append(about)
        return unit.unit_id

    def _take_lanes(self, process: m.Process, definitions: m.Definitions) -> None:
        top: str | None = None
        for participant in _participants(definitions):
            if participant.process_ref == process.id:
                top = self._add(participant.name, f"participant {participant.id}") or top
        for scope in process.scopes():
            for lane_set in scope.lane_sets:
                self._take_lane_set(lane_set, top)

    def _take_lane_set(self, lane_set: m.LaneSet, outer: str | None) -> None:
        for lane in lane_set.lanes:
            unit = self._add(lane.name, f"lane {lane.id}", outer)
            if lane.child_lane_set is not None:
                self._take_lane_set(lane.child_lane_set, unit or outer)

    def _take_performers(self, p: int) -> None:
        """Add who performs the tasks that no lane and no participant has; the process itself for those that nobody has."""
        definitions, process, program = self._maps.definitions[p], self._maps.processes[p], self._maps.programs[p]
        homeless = [each for each, unit in zip(program.operations, self._places(p), strict=True) if isinstance(each, Work) and unit is None]
        nodes = {node.id: node for node in process.flow_nodes}
        for operation in homeless:
            element = operation.origin.element
            names = [*performers(nodes[element], definitions), *performers(process, definitions)]
            self._add(next((name for name in names if name.strip()), None), f"performer of {element}")
        places = self._places(p)
        if any(isinstance(each, Work) and unit is None for each, unit in zip(program.operations, places, strict=True)):
            name = process.name if process.name and process.name.strip() else program.process
            unit = self._add(name, f"process {program.process}") or self._add("staff", f"process {program.process}")
            assert unit is not None
            self.of_processes[p] = unit

    def _take_outside_parties(self) -> None:
        running = {process.id for process in self._maps.processes}
        for definitions in {id(each): each for each in self._maps.definitions}.values():
            for participant in _participants(definitions):
                if participant.process_ref not in running:
                    known = set(self._units)
                    self._add(participant.name, f"participant {participant.id}")
                    for new in self._units.keys() - known:
                        self._units[new].is_outside = True

    def _places(self, p: int) -> list[str | None]:
        """Return the unit at which each operation of a process stands, joins left out."""
        organization = Organization(units={unit.unit_id: Unit(name=unit.name, external=True) for unit in self})
        program = self._maps.programs[p]
        of_process = {program.process: self.of_processes[p]} if p in self.of_processes else {}
        units = assign_units(self._maps.definitions[p], organization, overrides={}, process_units=of_process).units
        return [units.get(each.origin.element) if isinstance(each, (Start, Work, Wait)) else None for each in program.operations]


def _participants(definitions: m.Definitions) -> Iterator[m.Participant]:
    return (participant for collaboration in definitions.collaborations for participant in collaboration.participants)
