"""What the scenario says of each operation: work, waits, choices, arrivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bpmnmap.durations import parse_duration
from bpmnmap.findings import Finding, Location
from bpmnmap.org.organization import Organization
from bpmnmap.org.toml_files import Key
from bpmnmap.semantics.program import Choose, Origin, Start, Wait, Work
from bpmnmap.simulation.draws import fixed
from bpmnmap.simulation.plan import NOBODY, ChoosePlan, GapPlan, SourcePlan, WaitPlan, WorkPlan
from bpmnmap.simulation.planning.calendars import Calendars
from bpmnmap.simulation.planning.faults import Faults, did_you_mean
from bpmnmap.simulation.planning.tables import ElementTables, Found, folded
from bpmnmap.simulation.planning.times import drawn
from bpmnmap.simulation.scenario import ActivityTimes, Arrival, Distribution, EventTimes, GatewayChoices


@dataclass(slots=True)
class Elements:
    """Looks up what each operation needs."""

    tables: ElementTables
    organization: Organization
    calendars: Calendars
    faults: Faults

    activities: dict[tuple[int, str], Found[ActivityTimes]] = field(init=False)
    events: dict[tuple[int, str], Found[EventTimes]] = field(init=False)
    gateways: dict[tuple[int, str], Found[GatewayChoices]] = field(init=False)
    arrivals: dict[tuple[int, str], Found[Arrival]] = field(init=False)

    def __post_init__(self) -> None:
        self.activities = self.tables.of("activities")
        self.events = self.tables.of("events")
        self.gateways = self.tables.of("gateways")
        self.arrivals = self.tables.of("arrivals")

    def _use(self, distribution: Distribution, assumed: bool) -> None:
        self.faults.count(assumed or distribution.assumed)

    def pool(self, p: int, operation: Work, unit_id: str) -> tuple[str, str] | None:
        """Return the pool, as (unit id, pool id), whose people work a task; None = nobody's, or a fault that was told."""
        found = self.activities.get((p, operation.origin.element))
        unit = self.organization.units[unit_id]
        pools = None if found is None else found.table.pools
        if pools is None or found is None:
            if unit.external:
                return None
            if len(unit.pools) == 1:
                return unit_id, next(iter(unit.pools))
            key = ("activities", operation.origin.element) if found is None else found.key
            told = "has no pool" if not unit.pools else f"has several pools ({', '.join(unit.pools)})"
            fix = 'give the unit a pool in org.toml, or set pools = { "UNIT.POOL" = 1 }, or {} where nobody works it'
            code = "no-pool" if not unit.pools else "several-pools"
            self.faults.error(code, key, f"unit '{unit_id}' {told}, and nothing says who works here", fix, operation.origin)
            return None
        if not pools:
            return None
        called = next(iter(pools))
        meant = self.organization.pools_called(called, unit_id)
        if len(meant) == 1:
            return meant[0]
        names = [f"{u}.{name}" for u, each in self.organization.units.items() for name in each.pools]
        fix = did_you_mean(called, names, 'name a pool of the organization as "UNIT.POOL"')
        self.faults.error("unknown-pool", (*found.key, "pools", called), f"'{called}' names no pool", fix, operation.origin)
        return None

    def work(self, p: int, operation: Work, unit_id: str | None, pool_numbers: dict[tuple[str, str], int]) -> WorkPlan | None:
        """Return how a task is worked."""
        found = self.activities.get((p, operation.origin.element))
        if found is None or found.table.processing_time is None:
            key = ("activities", operation.origin.element) if found is None else found.key
            fix = 'set processing_time, e.g. "PT15M" or { distribution = "gamma", mean = "PT15M", standard_deviation = "PT10M" }'
            self.faults.error("missing-processing-time", key, "nothing says how long it is worked", fix, operation.origin)
            return None
        self._use(found.table.processing_time, found.table.assumed)
        time = drawn(found.table.processing_time)
        if unit_id is None:
            return None
        pool = self.pool(p, operation, unit_id)
        if pool is None:
            return WorkPlan(NOBODY, time)
        return WorkPlan(pool_numbers[pool], time)

    def wait(self, p: int, operation: Wait, path: str | None) -> WaitPlan | None:
        """Return how long an event lets wait: the scenario's time, else the map's."""
        found = self.events.get((p, operation.origin.element))
        key = ("events", operation.origin.element) if found is None else found.key
        if found is not None and found.table.wait_time is not None:
            if operation.duration is not None:
                message = f"wait_time wins over the map's timeDuration '{operation.duration}'"
                self.faults.warning("wait-time-wins", key, message, "remove one of the two", operation.origin)
            self._use(found.table.wait_time, found.table.assumed)
            return WaitPlan(drawn(found.table.wait_time), self.calendars.number(found.table.calendar))
        if operation.duration is None:
            fix = f'set wait_time, e.g. "P2D", under [events.{operation.origin.element}]'
            self.faults.error("missing-wait-time", key, "nothing says how long it lets wait", fix, operation.origin)
            return None
        self.faults.count(False)
        try:
            time = parse_duration(operation.duration)
        except ValueError as error:
            self.faults.findings.append(
                Finding(
                    "invalid-duration",
                    f"timeDuration: {error}",
                    Location(path, operation.origin.line),
                    element_kind=operation.origin.kind,
                    element_id=operation.origin.element,
                    fix=f"write an ISO 8601 duration like 'PT48H' into the map, or set wait_time under [events.{operation.origin.element}]",
                )
            )
            return None
        return WaitPlan(fixed(time), self.calendars.number(found.table.calendar) if found is not None else -1)

    def choose(self, p: int, operation: Choose, flow_names: dict[str, str | None]) -> ChoosePlan | None:
        """Return which way tokens take at a gateway."""
        found = self.gateways.get((p, operation.origin.element))
        flows = operation.flows
        if found is None or (found.table.probabilities is None and found.table.choices is None):
            key = ("gateways", operation.origin.element) if found is None else found.key
            fix = f"set probabilities = {{ {', '.join(f'{flow} = …' for flow in flows)} }} that sum to 1"
            self.faults.error("missing-probabilities", key, "nothing says which way cases take", fix, operation.origin)
            return None
        flow_of = self._flow_lookup(operation, flow_names)
        if found.table.choices is not None:
            return self._choices(found, operation, flow_of)
        assert found.table.probabilities is not None
        self.faults.count(found.table.assumed)
        given: dict[str, float] = {}
        wrong = False
        for name, probability in found.table.probabilities.items():
            flow = flow_of(name, (*found.key, "probabilities", name))
            wrong |= flow is None or flow in given
            if flow in given:
                self.faults.error("doubled-flow", (*found.key, "probabilities", name), f"'{name}' is '{flow}', given twice", "give it once")
            elif flow is not None:
                given[flow] = probability
        missing = [flow for flow in flows if flow not in given]
        key = found.key
        if missing and not wrong:
            message = f"no probability for {' and '.join(missing)}"
            self.faults.error("missing-probability", key, message, "name every outgoing flow; 0 is allowed", operation.origin)
            return None
        if wrong:
            return None
        total = sum(given[flow] for flow in flows)
        if abs(total - 1) > 1e-9:
            values = " + ".join(f"{probability:g}" for probability in found.table.probabilities.values())
            message = f"{values} = {round(total, 9):g}, must be 1"
            fix = f"set the probabilities of {' and '.join(flows)} so that they sum to 1"
            self.faults.error("probabilities", key, message, fix, operation.origin)
            return None
        bounds: list[float] = []
        for flow in flows:
            bounds.append((bounds[-1] if bounds else 0.0) + given[flow])
        last = max(at for at, flow in enumerate(flows) if given[flow] > 0)
        bounds[last:] = [1.0] * (len(bounds) - last)  # rounding must not open a way of probability 0
        return ChoosePlan(tuple(bounds))

    def _flow_lookup(self, operation: Choose, flow_names: dict[str, str | None]) -> FlowLookup:
        return FlowLookup(self.faults, operation.origin, operation.flows, flow_names)

    def _choices(self, found: Found[GatewayChoices], operation: Choose, flow_of: FlowLookup) -> ChoosePlan | None:
        cases = []
        for case, visits in enumerate(found.table.choices or ()):
            ways = []
            for name in visits:
                flow = flow_of(name if isinstance(name, str) else " ".join(name), (*found.key, "choices", case))
                if flow is None:
                    return None
                ways.append(operation.flows.index(flow))
            cases.append(tuple(ways))
        return ChoosePlan((), tuple(cases))

    def source(self, p: int, index: int, operation: Start, start_cases: int | None) -> SourcePlan | None:
        """Return when cases arrive at a start; None where it is switched off."""
        found = self.arrivals.get((p, operation.origin.element))
        if found is None:
            fix = f"add [arrivals.{operation.origin.element}] with inter_arrival_time, timetable or at; cases = 0 switches it off"
            key = ("arrivals", operation.origin.element)
            self.faults.error("missing-arrivals", key, "nothing says when cases arrive here", fix, operation.origin)
            return None
        arrival = found.table
        cases = arrival.cases if arrival.cases is not None else start_cases
        if cases == 0:
            return None
        if arrival.at:
            return self._at(p, index, found, cases)
        if arrival.inter_arrival_time is not None:
            self._use(arrival.inter_arrival_time, arrival.assumed)
            gaps = [GapPlan(self.calendars.number(arrival.calendar), drawn(arrival.inter_arrival_time))]
        else:
            gaps = []
            for entry in arrival.timetable:
                self._use(entry.inter_arrival_time, arrival.assumed or entry.assumed)
                gaps.append(GapPlan(self.calendars.hours(entry.hours), drawn(entry.inter_arrival_time)))
        return SourcePlan(p, index, tuple(gaps), (), cases)

    def _at(self, p: int, index: int, found: Found[Arrival], cases: int | None) -> SourcePlan:
        at = tuple(self.calendars.instant(instant) for instant in found.table.at)
        return SourcePlan(p, index, (), at[:cases], None)


@dataclass(frozen=True, slots=True)
class FlowLookup:
    """Which outgoing flow of a gateway a name means: its id, or a name that only one of them bears."""

    faults: Faults
    origin: Origin
    flows: Sequence[str]
    names: dict[str, str | None]

    def __call__(self, name: str, key: Key) -> str | None:
        """Return the flow's id; None and an error if there is none or there are several."""
        if name in self.flows:
            return name
        matches = [flow for flow in self.flows if folded(self.names.get(flow) or "") == folded(name)]
        if len(matches) == 1:
            return matches[0]
        called = [*self.flows, *(self.names.get(flow) or "" for flow in self.flows)]
        if matches:
            self.faults.error("ambiguous-flow", key, f"'{name}' is the name of {' and '.join(matches)}", "use the flow's id", self.origin)
        else:
            fix = did_you_mean(name, [each for each in called if each], f"name one of its flows: {', '.join(self.flows)}")
            self.faults.error("unknown-flow", key, f"'{name}' is no outgoing flow of this gateway", fix, self.origin)
        return None

