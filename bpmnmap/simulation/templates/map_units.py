"""The units that maps name: lanes, participants and performers (H3), and the process where nothing else is named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bpmnmap import model as m
from bpmnmap.org.organization import Organization, Unit, folded
from bpmnmap.org.performers import performers
from bpmnmap.semantics.program import Program, Work
from bpmnmap.simulation.planning.maps import Maps, participants
from bpmnmap.simulation.planning.places import places_of, units_of_elements

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
        By process: the unit that the scenario must name, where the map names none for a task.
    places : list of list
        By program and operation: the id of the unit at which it stands, or None.
    """

    def __init__(self, maps: Maps) -> None:
        self._maps = maps
        self._units: dict[str, MapUnit] = {}
        self.of_processes: dict[str, str] = {}
        for process, definitions in zip(maps.processes, maps.definitions, strict=True):
            self._take_lanes(process, definitions)
        for program in maps.programs:
            self._take_performers(program)
        self._take_outside_parties()
        self.places = [self._places(program) for program in maps.programs]

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
        for participant in participants(definitions):
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

    def _take_performers(self, program: Program) -> None:
        """Add who performs the tasks that no lane and no participant has; the process itself for those that nobody has."""
        nodes = {(name, node.id): node for name in self._maps.process_of for node in self._maps.nodes(name)}
        for index in self._homeless(program):
            process = program.process_of(index)
            definitions, element = self._maps.map_of[process], program.operations[index].origin.element
            node = nodes[process, element]
            names = [*performers(node, definitions), *performers(self._maps.process_of[process], definitions)]
            self._add(next((name for name in names if name.strip()), None), f"performer of {element}")
        for index in self._homeless(program):
            process = program.process_of(index)
            if process not in self.of_processes:
                name = self._maps.process_of[process].name
                unit = self._add(name if name and name.strip() else process, f"process {process}") or self._add(
                    "staff", f"process {process}"
                )
                assert unit is not None
                self.of_processes[process] = unit

    def _homeless(self, program: Program) -> list[int]:
        """Return the tasks that no unit has."""
        units = self._places(program)
        return [at for at, operation in enumerate(program.operations) if isinstance(operation, Work) and units[at] is None]

    def _take_outside_parties(self) -> None:
        running = {process.id for process in self._maps.processes}
        for definitions in {id(each): each for each in self._maps.definitions}.values():
            for participant in participants(definitions):
                if participant.process_ref not in running:
                    known = set(self._units)
                    self._add(participant.name, f"participant {participant.id}")
                    for new in self._units.keys() - known:
                        self._units[new].is_outside = True

    def _places(self, program: Program) -> list[str | None]:
        """Return the unit at which each operation of a program stands, joins left out."""
        organization = Organization(units={unit.unit_id: Unit(name=unit.name, external=True) for unit in self})
        units, _ = units_of_elements(self._maps, organization, {}, self.of_processes)
        return places_of(program, units)
