"""make_plan: map and scenario meet; every fault is told at once, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bpmnmap import model as m
from bpmnmap.errors import BpmnMapError, MapError, OrganizationError, ScenarioError, UnsupportedElementError
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.org.assignment import assign_units
from bpmnmap.semantics.lowering import lower_process, runnable_process
from bpmnmap.semantics.program import Choose, Program, Start, Wait, Work
from bpmnmap.semantics.soundness import check_soundness
from bpmnmap.semantics.soundness import findings as soundness_findings
from bpmnmap.semantics.support import UNSUPPORTED
from bpmnmap.simulation.plan import ChoosePlan, Plan, PoolPlan, ProcessPlan, SourcePlan, WaitPlan, WorkPlan
from bpmnmap.simulation.planning.calendars import Calendars
from bpmnmap.simulation.planning.elements import Elements
from bpmnmap.simulation.planning.faults import Faults
from bpmnmap.simulation.planning.legs import join_places
from bpmnmap.simulation.planning.loops import endless_loops, possible_ways
from bpmnmap.simulation.planning.tables import ElementTables
from bpmnmap.simulation.planning.transfers import Transfers
from bpmnmap.simulation.planning.window import first_window, tell_no_arrivals
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
        self.faults = Faults(scenario)
        self.faults.findings += scenario.findings
        self.map_findings: list[Finding] = []
        lowered = self._lower(maps)
        self.maps = tuple(definitions for definitions, _, _ in lowered)
        self.processes = tuple(process for _, process, _ in lowered)
        self.programs = tuple(program for _, _, program in lowered)
        self.calendars = Calendars(scenario)
        self.unit_ids = tuple(sorted(self.organization.units))

    def _lower(self, maps: Sequence[m.Definitions]) -> list[tuple[m.Definitions, m.Process, Program]]:
        """Lower each map; in order of process id, whatever the order in which they were given (H33)."""
        lowered: list[tuple[m.Definitions, m.Process, Program]] = []
        for definitions in maps:
            self.map_findings += definitions.findings
            try:
                process = runnable_process(definitions)
                program, warnings = lower_process(process, definitions.path)
            except (MapError, UnsupportedElementError) as error:
                self.map_findings += error.findings
                continue
            self.map_findings += warnings
            lowered.append((definitions, process, program))
        lowered.sort(key=lambda each: each[2].process)
        for (_, before, _), (definitions, process, _) in pairwise(lowered):
            if before.id == process.id:
                self.map_findings.append(
                    Finding(
                        "duplicate-process",
                        "two maps have a process of this id, so their draws and results could not be told apart",
                        Location(definitions.path, process.line),
                        element_kind=process.kind,
                        element_id=process.id,
                        fix="give one of the two processes another id",
                    )
                )
        return lowered

    def plan(self) -> Plan:
        tables = ElementTables(self.programs, self.processes, self.scenario, self.faults)
        elements = Elements(tables, self.organization, self.calendars, self.faults)
        units = [self._units(p, elements) for p in range(len(self.programs))]
        for program, places in zip(self.programs, units, strict=True):
            join_places(program, places)
        pools, pool_numbers = self._pools(elements, units)
        plans = [self._operations(p, elements, units[p], pool_numbers) for p in range(len(self.programs))]
        transfers = Transfers(self.scenario, self.organization, self.calendars, self.faults)
        flows, pairs = transfers.plan(self.programs, units, self.unit_ids, transfers.named(self.programs, self.processes))
        sources = self._sources(elements)
        for (_, _, chooses), program in zip(plans, self.programs, strict=True):
            self._check_paths(program, chooses)
        warm_up, window, limit = first_window(self.scenario)
        calendar_of_unit = tuple(self.calendars.number(self.organization.calendar_of(unit)) for unit in self.unit_ids)
        tell_no_arrivals(self.faults, self.programs, sources, self.calendars, window)
        self._raise()
        processes = tuple(
            ProcessPlan(program, tuple(places), works, waits, chooses, named)
            for program, places, (works, waits, chooses), named in zip(self.programs, units, plans, flows, strict=True)
        )
        return Plan(
            processes=processes,
            units=self.unit_ids,
            pools=pools,
            calendars=tuple(self.calendars.expanded),
            rounds=tuple(self.calendars.rounds),
            sources=tuple(sources),
            pair_transfers=pairs,
            start=self.scenario.start,
            warm_up_us=warm_up,
            window_us=window,
            limit_us=limit,
            event_budget=self.scenario.event_budget,
            block_bits=_block_bits(sources, limit),
            time_zone=self.organization.timezone,
            unit_calendars=calendar_of_unit,
            unit_names={unit: self.organization.units[unit].name for unit in self.unit_ids},
            assumed=(self.faults.assumed, self.faults.numbers),
            map_digests=tuple(definitions.digest for definitions in self.maps),
            organization_digest=self.organization.digest,
            scenario_digest=self.scenario.digest,
            replications=self.scenario.replications,
            seed=self.scenario.seed,
            findings=tuple(dict.fromkeys([*self.map_findings, *self.faults.findings])),
        )

    def _units(self, p: int, elements: Elements) -> list[int]:
        """Return the unit at which each operation of a process stands (H3); −1 = none."""
        program = self.programs[p]
        overrides: dict[str, str] = {}
        for kind in (elements.activities, elements.events):
            overrides |= {element: found.table.unit for (q, element), found in kind.items() if q == p and found.table.unit is not None}
        process_units = {name: inner.unit for name, inner in self.scenario.processes.items() if inner.unit is not None}
        assigned = assign_units(self.maps[p], self.organization, overrides=overrides, process_units=process_units)
        self.map_findings += assigned.findings
        numbers = {unit: number for number, unit in enumerate(self.unit_ids)}
        units = []
        for operation in program.operations:
            unit = assigned.units.get(operation.origin.element) if isinstance(operation, (Start, Work, Wait)) else None
            if unit is None and isinstance(operation, Work):
                origin = operation.origin
                self.map_findings.append(
                    Finding(
                        "no-unit",
                        "nothing says which unit is responsible",
                        Location(program.path, origin.line),
                        element_kind=origin.kind,
                        element_id=origin.element,
                        fix=f"put it into a lane that names a unit of the organization, or set unit under [activities.{origin.element}] "
                        f"or [processes.{program.process}]",
                    )
                )
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
        names = {flow.id or "": flow.name for flow in self.processes[p].sequence_flows}
        for index, operation in enumerate(self.programs[p].operations):
            if isinstance(operation, Work):
                unit = self.unit_ids[units[index]] if units[index] >= 0 else None
                if (work := elements.work(p, operation, unit, pool_numbers)) is not None:
                    works[index] = work
            elif isinstance(operation, Wait):
                if (wait := elements.wait(p, operation, self.programs[p].path)) is not None:
                    waits[index] = wait
            elif isinstance(operation, Choose) and (choose := elements.choose(p, operation, names)) is not None:
                chooses[index] = choose
        return works, waits, chooses

    def _sources(self, elements: Elements) -> list[SourcePlan]:
        found = []
        for p, program in enumerate(self.programs):
            for index, operation in enumerate(program.operations):
                if isinstance(operation, Start):
                    source = elements.source(p, index, operation, self.scenario.cases)
                    if source is not None:
                        found.append(source)
        return found

    def _check_paths(self, program: Program, chooses: dict[int, ChoosePlan]) -> None:
        """Add endless loops and, where there are none, what the token game finds."""
        endless = endless_loops(program, chooses)
        self.map_findings += endless
        if endless:
            return
        impossible = frozenset(
            (index, way)
            for index, operation in enumerate(program.operations)
            if isinstance(operation, Choose)
            for way in set(range(len(operation.ways))) - set(possible_ways(operation, chooses.get(index)))
        )
        soundness = check_soundness(program, impossible=impossible)
        self.map_findings += soundness_findings(program, soundness, program.path)

    def _raise(self) -> None:
        """Raise if any finding is an error: one exception with all findings, maps first."""
        findings = list(dict.fromkeys([*self.map_findings, *self.faults.findings]))
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        if not errors:
            return
        raise _kind_of(errors, self.organization.path)(findings)


def _kind_of(errors: list[Finding], organization_path: str | None) -> type[BpmnMapError]:
    if all(error.code == UNSUPPORTED for error in errors):
        return UnsupportedElementError
    if any(error.location.key is None for error in errors):
        return MapError
    if organization_path is not None and all(error.location.path == organization_path for error in errors):
        return OrganizationError
    return ScenarioError


def _block_bits(sources: list[SourcePlan], limit: int | None) -> int:
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
