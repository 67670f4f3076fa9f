"""make_plan: map and scenario meet; every fault is told at once, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence

from bpmnmap import model as m
from bpmnmap.errors import BpmnMapError, MapError, OrganizationError, ScenarioError, UnsupportedElementError
from bpmnmap.findings import Finding, Severity
from bpmnmap.org.assignment import assign_units
from bpmnmap.semantics.program import Choose, Start, Wait, Work
from bpmnmap.semantics.support import UNSUPPORTED
from bpmnmap.simulation.plan import ChoosePlan, Plan, PoolPlan, ProcessPlan, SourcePlan, WaitPlan, WorkPlan
from bpmnmap.simulation.planning.arrivals import ArrivalPlanner
from bpmnmap.simulation.planning.calendars import Calendars
from bpmnmap.simulation.planning.elements import Elements
from bpmnmap.simulation.planning.faults import Faults, table_name
from bpmnmap.simulation.planning.legs import join_places
from bpmnmap.simulation.planning.maps import lower_maps
from bpmnmap.simulation.planning.paths import check_paths
from bpmnmap.simulation.planning.tables import ElementTables
from bpmnmap.simulation.planning.transfers import Transfers
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


class _Planner:
    """One planning: collects findings until all is looked at."""

    def __init__(self, maps: Sequence[m.Definitions], scenario: Scenario) -> None:
        self.scenario = scenario
        self.organization = scenario.organization
        self.maps = lower_maps(maps)
        self.programs = self.maps.programs
        self.faults = Faults(scenario, tuple(definitions.path for definitions in maps))
        self.faults.findings += scenario.findings
        self.faults.in_maps += self.maps.findings
        self.calendars = Calendars(scenario)
        self.unit_ids = tuple(sorted(self.organization.units))

    def plan(self) -> Plan:
        """Return the plan, or raise with all faults."""
        elements = Elements(ElementTables(self.maps, self.scenario, self.faults), self.organization, self.calendars, self.faults)
        units = [self._units(p, elements) for p in range(len(self.programs))]
        for program, places in zip(self.programs, units, strict=True):
            join_places(program, places)
        pools, pool_numbers = self._pools(elements, units)
        plans = [self._operations(p, elements, units[p], pool_numbers) for p in range(len(self.programs))]
        transfers = Transfers(self.scenario, self.organization, self.calendars, self.faults)
        flows, pairs = transfers.plan(self.programs, units, self.unit_ids, transfers.named(self.maps))
        warm_up, window, limit = first_window(self.scenario)
        sources = self._sources(elements, warm_up, window)
        self._check_paths(elements, [chooses for _, _, chooses in plans], sources)
        unit_calendars = tuple(self.calendars.number(self.organization.calendar_of(unit)) for unit in self.unit_ids)
        check_window(self.faults, self.calendars, limit)
        findings = self._findings()
        return Plan(
            processes=tuple(
                ProcessPlan(program, tuple(places), works, waits, chooses, named)
                for program, places, (works, waits, chooses), named in zip(self.programs, units, plans, flows, strict=True)
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
        )

    def _units(self, p: int, elements: Elements) -> list[int]:
        """Return the unit at which each operation of a process stands (H3); −1 = none."""
        program = self.programs[p]
        overrides: dict[str, str] = {}
        for kind in (elements.activities, elements.events):
            overrides |= {element: found.table.unit for (q, element), found in kind.items() if q == p and found.table.unit is not None}
        process_units = {name: inner.unit for name, inner in self.scenario.processes.items() if inner.unit is not None}
        assigned = assign_units(self.maps.definitions[p], self.organization, overrides=overrides, process_units=process_units)
        self.faults.in_maps += assigned.findings
        numbers = {unit: number for number, unit in enumerate(self.unit_ids)}
        units = []
        for operation in program.operations:
            unit = assigned.units.get(operation.origin.element) if isinstance(operation, (Start, Work, Wait)) else None
            if unit is None and isinstance(operation, Work):
                place = f"{table_name('activities', operation.origin.element)} or {table_name('processes', program.process)}"
                fix = f"put it into a lane that names a unit of the organization, or set unit under {place}"
                self.faults.map_error("no-unit", program.path, operation.origin, "nothing says which unit is responsible", fix)
            units.append(-1 if unit is None else numbers[unit])
        return units

    def _pools(self, elements: Elements, units: list[list[int]]) -> tuple[tuple[PoolPlan, ...], dict[tuple[str, str], int]]:
        """Return the pools whose people work in this run, in order of (unit id, pool id) (H33)."""
        used: set[tuple[str, str]] = set()
        for p, program in enumerate(self.programs):
            for index, operation in enumerate(program.operations):
                if isinstance(operation, Work) and units[p][index] >= 0:
                    pool = elements.pool(p, operation, self.unit_ids[units[p][index]])
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

    def _operations(
        self, p: int, elements: Elements, units: list[int], pool_numbers: dict[tuple[str, str], int]
    ) -> tuple[dict[int, WorkPlan], dict[int, WaitPlan], dict[int, ChoosePlan]]:
        works: dict[int, WorkPlan] = {}
        waits: dict[int, WaitPlan] = {}
        chooses: dict[int, ChoosePlan] = {}
        for index, operation in enumerate(self.programs[p].operations):
            if isinstance(operation, Work):
                unit = self.unit_ids[units[index]] if units[index] >= 0 else None
                if (work := elements.work(p, operation, unit, pool_numbers)) is not None:
                    works[index] = work
            elif isinstance(operation, Wait):
                if (wait := elements.wait(p, operation, self.programs[p].path)) is not None:
                    waits[index] = wait
            elif isinstance(operation, Choose) and (choose := elements.choose(p, operation)) is not None:
                chooses[index] = choose
        return works, waits, chooses

    def _sources(self, elements: Elements, warm_up: int, window: int | None) -> tuple[SourcePlan, ...]:
        planner = ArrivalPlanner(self.faults, self.calendars, warm_up, window)
        for p, program in enumerate(self.programs):
            for index, operation in enumerate(program.operations):
                if isinstance(operation, Start):
                    elements.add_source(p, index, operation, planner)
        return planner.finish(self.programs)

    def _check_paths(self, elements: Elements, chooses: list[dict[int, ChoosePlan]], sources: tuple[SourcePlan, ...]) -> None:
        for p, program in enumerate(self.programs):
            tables = {element: found for (q, element), found in elements.gateways.items() if q == p}
            starts = tuple(source.operation for source in sources if source.process == p)
            check_paths(self.faults, program, chooses[p], tables, starts)

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
