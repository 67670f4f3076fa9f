"""What the scenario says of each task and event that waits: whose people work it, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpmnmap.durations import parse_duration
from bpmnmap.org.organization import Organization
from bpmnmap.semantics.program import Choose, Start, Wait, Work
from bpmnmap.simulation.draws import fixed
from bpmnmap.simulation.plan import NOBODY, ChoosePlan, WaitPlan, WorkPlan
from bpmnmap.simulation.planning.arrivals import ArrivalPlanner
from bpmnmap.simulation.planning.calendars import Calendars
from bpmnmap.simulation.planning.choices import ChoicePlanner
from bpmnmap.simulation.planning.faults import Faults, did_you_mean, table_name
from bpmnmap.simulation.planning.tables import ElementTables, Found
from bpmnmap.simulation.planning.times import used
from bpmnmap.simulation.scenario import ActivityTimes, Arrival, EventTimes, GatewayChoices


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

    def pool(self, p: int, operation: Work, unit_id: str) -> tuple[str, str] | None:
        """Return the pool, as (unit id, pool id), whose people work a task; None = nobody's, or a fault that was told."""
        found = self.activities.get((p, operation.origin.element))
        if found is None or found.table.pools is None:
            return self._only_pool(operation, unit_id)
        if not found.table.pools:
            return None
        called = next(iter(found.table.pools))
        meant = self.organization.pools_called(called, unit_id)
        if len(meant) == 1:
            return meant[0]
        names = [f"{unit}.{name}" for unit, each in self.organization.units.items() for name in each.pools]
        fix = did_you_mean(called, names, 'name a pool of the organization as "UNIT.POOL"')
        message = f"'{called}' names no pool of unit '{unit_id}'" if not meant else f"'{called}' may name several pools"
        self.faults.error("unknown-pool", (*found.key, "pools", called), message, fix, operation.origin)
        return None

    def _only_pool(self, operation: Work, unit_id: str) -> tuple[str, str] | None:
        """Return the only pool of a unit; None for an outside party, or a fault that was told."""
        unit = self.organization.units[unit_id]
        if unit.external:
            return None
        if len(unit.pools) == 1:
            return unit_id, next(iter(unit.pools))
        key = ("activities", operation.origin.element)
        if unit.pools:
            message = f"unit '{unit_id}' has several pools ({', '.join(unit.pools)}), and nothing says which of them works here"
            fix = f'set pools = {{ "{unit_id}.{next(iter(unit.pools))}" = 1 }} under {table_name("activities", operation.origin.element)}'
            self.faults.error("several-pools", key, message, fix, operation.origin)
        else:
            message = f"unit '{unit_id}' has no pool, and nothing says who works here"
            fix = 'give the unit a pool in org.toml, or set pools = { "UNIT.POOL" = 1 }, or {} where nobody works it'
            self.faults.error("no-pool", key, message, fix, operation.origin)
        return None

    def work(self, p: int, operation: Work, unit_id: str | None, pool_numbers: dict[tuple[str, str], int]) -> WorkPlan | None:
        """Return how a task is worked; None where something is wrong, which is told."""
        element = operation.origin.element
        found = self.activities.get((p, element))
        if found is None or found.table.processing_time is None:
            if found is not None or ("activities", p, element) not in self.tables.meant:
                key = ("activities", element) if found is None else found.key
                fix = 'set processing_time, e.g. "PT15M" or { distribution = "gamma", mean = "PT15M", standard_deviation = "PT10M" }'
                self.faults.error("missing-processing-time", key, "nothing says how long it is worked", fix, operation.origin)
            return None
        time = used(self.faults, found.table.processing_time, (*found.key, "processing_time"), found.table.assumed, operation.origin)
        pool = None if unit_id is None else self.pool(p, operation, unit_id)
        return WorkPlan(NOBODY if pool is None else pool_numbers[pool], time)

    def wait(self, p: int, operation: Wait, path: str | None) -> WaitPlan | None:
        """Return how long an event lets wait: the scenario's time, else the map's; None where something is wrong, which is told."""
        found = self.events.get((p, operation.origin.element))
        if found is None or found.table.wait_time is None:
            return self._wait_of_map(p, operation, found, path)
        if operation.duration is not None:
            message = f"wait_time wins over the map's timeDuration '{operation.duration}'"
            self.faults.warning("wait-time-wins", found.key, message, "remove one of the two", operation.origin)
        time = used(self.faults, found.table.wait_time, (*found.key, "wait_time"), found.table.assumed, operation.origin)
        return WaitPlan(time, self.calendars.number(found.table.calendar))

    def _wait_of_map(self, p: int, operation: Wait, found: Found[EventTimes] | None, path: str | None) -> WaitPlan | None:
        element = operation.origin.element
        if operation.duration is None:
            if found is not None or ("events", p, element) not in self.tables.meant:
                key = ("events", element) if found is None else found.key
                fix = f'set wait_time, e.g. "P2D", under {table_name("events", element)}'
                self.faults.error("missing-wait-time", key, "nothing says how long it lets wait", fix, operation.origin)
            return None
        self.faults.count(False)
        try:
            time = parse_duration(operation.duration)
        except ValueError as error:
            fix = f"write an ISO 8601 duration like 'PT48H' into the map, or set wait_time under {table_name('events', element)}"
            self.faults.map_error("invalid-duration", path, operation.origin, f"timeDuration: {error}", fix)
            return None
        return WaitPlan(fixed(time), -1 if found is None else self.calendars.number(found.table.calendar))

    def choose(self, p: int, operation: Choose) -> ChoosePlan | None:
        """Return which way tokens take at a gateway; None where something is wrong, which is told."""
        found = self.gateways.get((p, operation.origin.element))
        if found is None and ("gateways", p, operation.origin.element) in self.tables.meant:
            return None
        return ChoicePlanner(self.faults, operation, self.tables.maps.processes[p].sequence_flows).plan(found)

    def add_source(self, p: int, index: int, operation: Start, planner: ArrivalPlanner) -> None:
        """Plan when cases arrive at a start."""
        element = operation.origin.element
        found = self.arrivals.get((p, element))
        if found is not None:
            planner.add(p, index, operation.origin, found)
        elif ("arrivals", p, element) not in self.tables.meant:
            fix = f"add {table_name('arrivals', element)} with inter_arrival_time, timetable or at; cases = 0 switches it off"
            key = ("arrivals", element)
            self.faults.error("missing-arrivals", key, "nothing says when cases arrive here", fix, operation.origin)
