"""make_plan: maps and scenario meet; every fault is told at once, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bpmnmap import model as m
from bpmnmap.errors import BpmnMapError, MapError, OrganizationError, ScenarioError, UnsupportedElementError
from bpmnmap.findings import Finding, Severity
from bpmnmap.semantics.program import Choose, Open, Program, Repeat, Select, Spread, Start, Take, Wait, Work
from bpmnmap.semantics.support import UNSUPPORTED
from bpmnmap.simulation.plan import (
    ChoosePlan,
    CountPlan,
    Plan,
    PoolPlan,
    ProcessPlan,
    RepeatPlan,
    SelectPlan,
    SourcePlan,
    WaitPlan,
    WorkPlan,
)
from bpmnmap.simulation.planning.arrivals import ArrivalPlanner
from bpmnmap.simulation.planning.calendars import Calendars
from bpmnmap.simulation.planning.choices import ChoicePlanner
from bpmnmap.simulation.planning.conditions import Conditions
from bpmnmap.simulation.planning.elements import Elements
from bpmnmap.simulation.planning.faults import Faults, table_name
from bpmnmap.simulation.planning.legs import join_places
from bpmnmap.simulation.planning.maps import lower_maps
from bpmnmap.simulation.planning.parties import Parties
from bpmnmap.simulation.planning.paths import check_paths
from bpmnmap.simulation.planning.places import numbers, places_of, units_of_elements
from bpmnmap.simulation.planning.repeats import Repeats
from bpmnmap.simulation.planning.tables import ElementTables
from bpmnmap.simulation.planning.timed_starts import arrival_of_map
from bpmnmap.simulation.planning.transfers import Transfers
from bpmnmap.simulation.planning.unused import tell_unused
from bpmnmap.simulation.planning.window import check_window, first_window
from bpmnmap.simulation.scenario import Scenario


def make_plan(maps: Sequence[m.Definitions], scenario: Scenario) -> Plan:
    """Return what is to be run.

    Raises
    ------
    MapError, UnsupportedElementError, OrganizationError, ScenarioError
        With every finding that stops the run, of maps and scenario together.
    """
    return _Planner(maps, scenario).plan()


@dataclass(slots=True)
class _Operations:
    """What is planned for the operations of one program, by index."""

    works: dict[int, WorkPlan] = field(default_factory=dict)
    waits: dict[int, WaitPlan] = field(default_factory=dict)
    chooses: dict[int, ChoosePlan] = field(default_factory=dict)
    selects: dict[int, SelectPlan] = field(default_factory=dict)
    counts: dict[int, CountPlan] = field(default_factory=dict)
    repeats: dict[int, RepeatPlan] = field(default_factory=dict)


class _Planner:
    """One planning: collects findings until all is looked at."""

    def __init__(self, maps: Sequence[m.Definitions], scenario: Scenario) -> None:
        self.scenario = scenario
        self.organization = scenario.organization
        self.maps = lower_maps(maps, scenario)
        self.programs = self.maps.programs
        self.faults = Faults(scenario, tuple(definitions.path for definitions in maps))
        self.faults.findings += scenario.findings
        self.faults.in_maps += self.maps.findings
        self.calendars = Calendars(scenario)
        self.unit_ids = tuple(sorted(self.organization.units))
        self.conditions = Conditions(scenario, self.faults)
        self.repeats = Repeats(self.faults, self.conditions)
        self.parties = Parties(self.maps, scenario, self.faults)
        tables = ElementTables(self.maps, scenario, self.faults)
        self.elements = Elements(tables, self.organization, self.calendars, self.faults, self.conditions)

    def plan(self) -> Plan:
        """Return the plan, or raise with all faults."""
        elements = self.elements
        units = self._units()
        for program, places in zip(self.programs, units, strict=True):
            join_places(program, places)
        pools, pool_numbers = self._pools(elements, units)
        attributes = self.conditions.attributes()
        plans = [self._operations(program, places, pool_numbers) for program, places in zip(self.programs, units, strict=True)]
        tell_unused(self.programs, elements, self.parties, self.faults)
        transfers = Transfers(self.scenario, self.organization, self.calendars, self.faults)
        flows, pairs = transfers.plan(self.programs, units, self.unit_ids, transfers.named(self.maps))
        warm_up, window, limit = first_window(self.scenario)
        sources = self._sources(elements, warm_up, window)
        self._check_paths(elements, plans, sources)
        unit_calendars = tuple(self.calendars.number(self.organization.calendar_of(unit)) for unit in self.unit_ids)
        check_window(self.faults, self.calendars, limit)
        findings = self._findings()
        return Plan(
            processes=tuple(
                ProcessPlan(program, tuple(places), of.works, of.waits, of.chooses, named, of.selects, of.counts, of.repeats)
                for program, places, of, named in zip(self.programs, units, plans, flows, strict=True)
            ),
            units=self.unit_ids,
            pools=pools,
            unit_calendars=unit_calendars,
            calendars=tuple(self.calendars.expanded),
            rounds=tuple(self.calendars.rounds),
            sources=sources,
            pair_transfers=pairs,
            start=self.scenario.start,
            warm_up_us=warm_up,
            window_us=window,
            limit_us=limit,
            event_budget=self.scenario.event_budget,
            block_bits=_block_bits(sources, limit),
            time_zone=self.organization.timezone,
            unit_names={unit: self.organization.units[unit].name for unit in self.unit_ids},
            assumed=(self.faults.assumed, self.faults.numbers),
            map_digests=tuple(definitions.digest for definitions in self.maps.definitions),
            organization_digest=self.organization.digest,
            scenario_digest=self.scenario.digest,
            replications=self.scenario.replications,
            seed=self.scenario.seed,
            findings=findings,
            attributes=attributes,
        )

    def _units(self) -> list[list[int]]:
        """Return the unit at which each operation of each program stands (H3); −1 = none."""
        overrides = {
            key: found.table.unit
            for tables in (self.elements.activities, self.elements.events)
            for key, found in tables.items()
            if found.table.unit is not None
        }
        process_units = {name: inner.unit for name, inner in self.scenario.processes.items() if inner.unit is not None}
        of_elements, findings = units_of_elements(self.maps, self.organization, overrides, process_units)
        self.faults.in_maps += findings
        found = []
        for program in self.programs:
            places = places_of(program, of_elements)
            for index, (operation, unit) in enumerate(zip(program.operations, places, strict=True)):
                if unit is None and isinstance(operation, Work):
                    place = f"{table_name('activities', operation.origin.element)} or {table_name('processes', program.process_of(index))}"
                    fix = f"put it into a lane that names a unit of the organization, or set unit under {place}"
                    message = "nothing says which unit is responsible"
                    self.faults.map_error("no-unit", program.path_of(index), operation.origin, message, fix)
            found.append(numbers(places, self.unit_ids))
        return found

    def _pools(self, elements: Elements, units: list[list[int]]) -> tuple[tuple[PoolPlan, ...], dict[tuple[str, str], int]]:
        """Return the pools whose people work in this run, in order of (unit id, pool id) (H33)."""
        used: set[tuple[str, str]] = set()
        for p, program in enumerate(self.programs):
            for index, operation in enumerate(program.operations):
                if isinstance(operation, Work) and units[p][index] >= 0:
                    pool = elements.pool(program.process_of(index), operation, self.unit_ids[units[p][index]])
                    if pool is not None:
                        used.add(pool)
        plans = []
        for unit_id, pool_id in sorted(used):
            unit = self.organization.units[unit_id]
            pool_of = unit.pools[pool_id]
            self.faults.count(pool_of.assumed or unit.assumed)
            calendar = self.calendars.number(self.organization.calendar_of_pool(unit_id, pool_id))
            plans.append(PoolPlan(f"{unit_id}.{pool_id}", pool_of.quantity, calendar))
        return tuple(plans), {pool: number for number, pool in enumerate(sorted(used))}

    def _operations(self, program: Program, units: list[int], pool_numbers: dict[tuple[str, str], int]) -> _Operations:
        """Plan what each operation needs; what several operations of one element need is told and counted once."""
        plans = _Operations()
        guards = {way.target for operation in program.operations if isinstance(operation, Open) for way in operation.guards}
        made: dict[tuple[type, str, str], object] = {}
        for index, operation in enumerate(program.operations):
            process = program.process_of(index)
            key = (type(operation), process, operation.origin.element)
            if key not in made:
                made[key] = self._operation(program, index, units[index], pool_numbers, is_guard=index in guards)
            plan = made[key]
            if isinstance(plan, WorkPlan):
                plans.works[index] = plan
            elif isinstance(plan, WaitPlan):
                plans.waits[index] = plan
            elif isinstance(plan, ChoosePlan):
                plans.chooses[index] = plan
            elif isinstance(plan, SelectPlan):
                plans.selects[index] = plan
            elif isinstance(plan, CountPlan):
                plans.counts[index] = plan
            elif isinstance(plan, RepeatPlan):
                plans.repeats[index] = plan
        return plans

    def _operation(self, program: Program, index: int, unit: int, pool_numbers: dict[tuple[str, str], int], *, is_guard: bool) -> object:
        """Return what an operation needs, None where nothing or something is wrong, which is told."""
        operation = program.operations[index]
        process = program.process_of(index)
        element = (process, operation.origin.element)
        match operation:
            case Work():
                return self.elements.work(process, operation, self.unit_ids[unit] if unit >= 0 else None, pool_numbers)
            case Wait(trigger="answer"):
                return self.elements.answer(operation, self.parties.response(process, operation))
            case Wait():
                return self.elements.wait(process, operation, program.path_of(index), is_guard=is_guard)
            case Take():
                self.elements.take(process, operation)
            case Choose(decides="complete"):
                return self.repeats.complete(operation, self.elements.activities.get(element))
            case Choose(decides="answer"):
                planner = ChoicePlanner(self.faults, self.conditions, operation, ())
                return planner.answers(self.parties.response(process, operation))
            case Choose() | Select():
                return self._split(process, operation)
            case Spread():
                return self.repeats.count(operation, self.elements.activities.get(element))
            case Repeat():
                return self.repeats.repeat(operation, self.elements.activities.get(element))
        return None

    def _split(self, process: str, operation: Choose | Select) -> ChoosePlan | SelectPlan | None:
        element = operation.origin.element
        found = self.elements.gateways.get((process, element))
        if found is None and ("gateways", process, element) in self.elements.tables.meant:
            return None
        planner = ChoicePlanner(self.faults, self.conditions, operation, self.maps.leaving(process, element))
        return planner.select(found) if isinstance(operation, Select) else planner.plan(found)

    def _sources(self, elements: Elements, warm_up: int, window: int | None) -> tuple[SourcePlan, ...]:
        """Return the starts at which cases arrive, by process id, then in document order (H33)."""
        planner = ArrivalPlanner(self.faults, self.calendars, warm_up, window)
        starts = [
            (program.process_of(index), index, p, operation)
            for p, program in enumerate(self.programs)
            for index, operation in enumerate(program.operations)
            if isinstance(operation, Start)
        ]
        for process, index, p, operation in sorted(starts, key=lambda each: each[:2]):
            of_map = arrival_of_map(self.maps.map_of[process], operation, self.faults)
            elements.add_source(p, index, process, operation, planner, of_map)
        return planner.finish(self.programs)

    def _check_paths(self, elements: Elements, plans: list[_Operations], sources: tuple[SourcePlan, ...]) -> None:
        for p, program in enumerate(self.programs):
            tables = {element: found for (process, element), found in elements.gateways.items() if process in program.processes}
            starts = tuple(source.operation for source in sources if source.process == p)
            check_paths(self.faults, program, plans[p].chooses, plans[p].selects, tables, starts)

    def _findings(self) -> tuple[Finding, ...]:
        """Return all findings; if any is an error, raise one exception with them."""
        findings = self.faults.in_order()
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        if errors:
            raise _kind_of(errors, self.organization.path)(findings)
        return findings


def _kind_of(errors: list[Finding], organization_path: str | None) -> type[BpmnMapError]:
    if all(error.code == UNSUPPORTED for error in errors):
        return UnsupportedElementError
    if any(error.location.key is None for error in errors):
        return MapError
    if organization_path is not None and all(error.location.path == organization_path for error in errors):
        return OrganizationError
    return ScenarioError


def _block_bits(sources: Sequence[SourcePlan], limit: int | None) -> int:
    """Return the power of two of cases whose numbers are drawn at once: no more than are likely to come."""
    expected = 1.0
    for source in sources:
        if source.at:
            expected = max(expected, len(source.at))
        elif source.cases is not None:
            expected = max(expected, source.cases)
        elif limit is not None:
            expected = max(expected, limit / min(gap.time.mean_us for gap in source.gaps))
    bits = 3
    while bits < 12 and 1 << bits < expected:
        bits += 1
    return bits
