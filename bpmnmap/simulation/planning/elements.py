"""What the scenario says of each task and event that waits: whose people work it, and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bpmnmap.org.organization import Organization
from bpmnmap.semantics.expressions import Expression
from bpmnmap.semantics.program import Origin, Start, Take, Wait, Work
from bpmnmap.simulation import draws
from bpmnmap.simulation.draws import fixed
from bpmnmap.simulation.plan import NOBODY, WaitPlan, WorkPlan
from bpmnmap.simulation.planning.arrivals import ArrivalPlanner
from bpmnmap.simulation.planning.calendars import Calendars
from bpmnmap.simulation.planning.conditions import Conditions
from bpmnmap.simulation.planning.faults import Faults, did_you_mean, table_name
from bpmnmap.simulation.planning.tables import ElementTables, Found
from bpmnmap.simulation.planning.timers import parse_timer
from bpmnmap.simulation.planning.times import used
from bpmnmap.simulation.scenario import ActivityTimes, Arrival, EventTimes, GatewayChoices, ParticipantResponse


@dataclass(slots=True)
class Elements:
    """Looks up what each operation needs."""

    tables: ElementTables
    organization: Organization
    calendars: Calendars
    faults: Faults
    conditions: Conditions

    activities: dict[tuple[str, str], Found[ActivityTimes]] = field(init=False)
    events: dict[tuple[str, str], Found[EventTimes]] = field(init=False)
    gateways: dict[tuple[str, str], Found[GatewayChoices]] = field(init=False)
    arrivals: dict[tuple[str, str], Found[Arrival]] = field(init=False)

    def __post_init__(self) -> None:
        self.activities = self.tables.of("activities")
        self.events = self.tables.of("events")
        self.gateways = self.tables.of("gateways")
        self.arrivals = self.tables.of("arrivals")

    def pool(self, process: str, operation: Work, unit_id: str) -> tuple[str, str] | None:
        """Return the pool, as (unit id, pool id), whose people work a task; None = nobody's, or a fault that was told."""
        found = self.activities.get((process, operation.origin.element))
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

    def work(self, process: str, operation: Work, unit_id: str | None, pool_numbers: dict[tuple[str, str], int]) -> WorkPlan | None:
        """Return how a task is worked; None where something is wrong, which is told."""
        origin = operation.origin
        found = self.activities.get((process, origin.element))
        if found is None or found.table.processing_time is None:
            if found is not None or ("activities", process, origin.element) not in self.tables.meant:
                key = ("activities", origin.element) if found is None else found.key
                fix = 'set processing_time, e.g. "PT15M" or { distribution = "gamma", mean = "PT15M", standard_deviation = "PT10M" }'
                self.faults.error("missing-processing-time", key, "nothing says how long it is worked", fix, origin)
            return None
        times = self._times(found, origin)
        sets = self._sets(found, origin)
        pool = None if unit_id is None else self.pool(process, operation, unit_id)
        number = NOBODY if pool is None else pool_numbers[pool]
        return WorkPlan(number, times[-1][1], times if len(times) > 1 else (), sets)

    def _times(self, found: Found[ActivityTimes], origin: Origin) -> tuple[tuple[Expression | None, draws.Distribution], ...]:
        """Return the processing times of a task, each with the condition under which it holds."""
        given = found.table.processing_time
        key = (*found.key, "processing_time")
        if not isinstance(given, tuple):
            assert given is not None
            return ((None, used(self.faults, given, key, found.table.assumed, origin)),)
        times = []
        for place, each in enumerate(given):
            time = used(self.faults, each.time, (*key, place, "time"), found.table.assumed or each.assumed, origin)
            condition = None
            if each.when is not None:
                condition = self.conditions.of_scenario(each.when, (*key, place, "when"), origin, is_condition=True)
            times.append((condition, time))
        return tuple(times)

    def _sets(self, found: Found[ActivityTimes], origin: Origin) -> tuple[tuple[str, Expression], ...]:
        """Return what a task's completion changes."""
        sets = []
        for name, value in found.table.set.items():
            text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else repr(value)
            expression = self.conditions.of_scenario(text, (*found.key, "set", name), origin, is_condition=False)
            if expression is not None:
                sets.append((name, expression))
        return tuple(sets)

    def wait(self, process: str, operation: Wait, path: str | None, *, is_guard: bool) -> WaitPlan | None:
        """Return how long an event lets wait: the scenario's time, else the map's; None where something is wrong, which is told."""
        found = self.events.get((process, operation.origin.element))
        probability = 1.0 if found is None else found.table.probability
        if found is not None and probability < 1 and not is_guard:
            message = "it is the only way on, so it must happen"
            fix = "remove probability; only boundary events and starts of event sub-processes may not happen"
            self.faults.error("probability", (*found.key, "probability"), message, fix, operation.origin)
        plan = self._wait(process, operation, found, path)
        return None if plan is None else replace(plan, probability=probability)

    def _wait(self, process: str, operation: Wait, found: Found[EventTimes] | None, path: str | None) -> WaitPlan | None:
        origin = operation.origin
        if found is not None and found.table.condition is not None:
            key = (*found.key, "condition")
            expression = self.conditions.of_scenario(found.table.condition, key, origin, is_condition=True)
            return None if expression is None else WaitPlan(fixed(0), condition=expression)
        if found is None or found.table.wait_time is None:
            return self._wait_of_map(process, operation, found, path)
        if operation.duration is not None:
            message = f"wait_time wins over the map's '{operation.duration}'"
            self.faults.warning("wait-time-wins", found.key, message, "remove one of the two", origin)
        time = used(self.faults, found.table.wait_time, (*found.key, "wait_time"), found.table.assumed, origin)
        return WaitPlan(time, self.calendars.number(found.table.calendar))

    def _wait_of_map(self, process: str, operation: Wait, found: Found[EventTimes] | None, path: str | None) -> WaitPlan | None:
        element = operation.origin.element
        expression = self.conditions.of_map(operation.condition)
        if expression is not None:
            return WaitPlan(fixed(0), condition=expression)
        if operation.duration is None:
            if found is not None or ("events", process, element) not in self.tables.meant:
                key = ("events", element) if found is None else found.key
                fix = f'set wait_time, e.g. "P2D", under {table_name("events", element)}'
                self.faults.error("missing-wait-time", key, "nothing says how long it lets wait", fix, operation.origin)
            return None
        self.faults.count(False)
        try:
            timer = parse_timer(operation.duration)
            at, until = (None if instant is None else self.calendars.instant(instant) for instant in (timer.at, timer.until))
        except (ValueError, OverflowError) as error:
            fix = f"write an ISO 8601 duration like 'PT48H' into the map, or set wait_time under {table_name('events', element)}"
            self.faults.map_error("invalid-duration", path, operation.origin, f"its time: {error}", fix)
            return None
        calendar = -1 if found is None else self.calendars.number(found.table.calendar)
        return WaitPlan(fixed(timer.time_us), calendar, at, until)

    def answer(self, operation: Wait, response: Found[ParticipantResponse]) -> WaitPlan:
        """Return how long a party outside takes to answer."""
        time = response.table.response_time
        assert time is not None
        key = (*response.key, "response_time")
        drawn_time = used(self.faults, time, key, response.table.assumed, operation.origin)
        return WaitPlan(drawn_time, self.calendars.number(response.table.calendar))

    def take(self, process: str, operation: Take) -> None:
        """Tell a time for a message that a process of the run sends."""
        found = self.events.get((process, operation.origin.element))
        if found is None:
            return
        for name, is_given in (("wait_time", found.table.wait_time is not None), ("condition", found.table.condition is not None)):
            if is_given:
                message = "what it waits for is sent by a process of the run"
                self.faults.error("sent-within", (*found.key, name), message, f"remove {name}", operation.origin)
        if found.table.probability < 1:
            message = "whether it happens is decided by the process of the run that sends it"
            self.faults.error("sent-within", (*found.key, "probability"), message, "remove probability", operation.origin)

    def add_source(self, p: int, index: int, process: str, operation: Start, planner: ArrivalPlanner, of_map: Arrival | None) -> None:
        """Plan when cases arrive at a start: as the scenario says, else as the map's timer does."""
        element = operation.origin.element
        found = self.arrivals.get((process, element))
        if found is not None:
            planner.add(p, index, operation.origin, found)
        elif of_map is not None:
            planner.add(p, index, operation.origin, Found(of_map, ("arrivals", element)))
        elif operation.expected and ("arrivals", process, element) not in self.tables.meant:
            fix = f"add {table_name('arrivals', element)} with inter_arrival_time, timetable or at; cases = 0 switches it off"
            key = ("arrivals", element)
            self.faults.error("missing-arrivals", key, "nothing says when cases arrive here", fix, operation.origin)
