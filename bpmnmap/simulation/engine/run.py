"""One run of a plan: begin, go on to an instant or to the end, save, load."""

from __future__ import annotations

import simpy
from simpy.events import EventPriority

from bpmnmap.eventlog.recording import Recording
from bpmnmap.eventlog.rows import KIND_BITS, ROW, RUNNING, WAITING
from bpmnmap.simulation.engine.addresses import Draws
from bpmnmap.simulation.engine.agenda import Agenda
from bpmnmap.simulation.engine.arrivals import Arrivals
from bpmnmap.simulation.engine.compiler import Compiler
from bpmnmap.simulation.engine.extension import Extend, RunningSimulation
from bpmnmap.simulation.engine.pools import Executors, Person, Pool
from bpmnmap.simulation.engine.recorder import record
from bpmnmap.simulation.engine.runtime import END, Alarm, Runtime
from bpmnmap.simulation.engine.scopes import ID, LAYOUT
from bpmnmap.simulation.plan import Plan

# At one instant: the end of the run, inclusive joins, completions, deliveries and firings, openings by pool, arrivals by start (H33)
_PAUSE, _COMPLETION, _DELIVERY = EventPriority(-2), EventPriority(1), EventPriority(2)
_FIRST_OPENING = 3


class Run:
    """A plan being run.

    Parameters
    ----------
    plan
        What to run.
    seed, replication
        Where the draws come from (H31).
    now
        The instant at which the clock stands, in microseconds.
    extend
        Makes a generator that SimPy runs beside (`RunningSimulation`).
    """

    def __init__(self, plan: Plan, *, seed: int, replication: int, now: int = 0, extend: Extend | None = None) -> None:
        self.plan = plan
        self.seed = seed
        self.replication = replication
        env = simpy.Environment(initial_time=now)
        pools = []
        label = 1
        for number, pool in enumerate(plan.pools):
            calendar = plan.calendars[pool.calendar] if pool.calendar >= 0 else None
            pools.append(Pool(env, pool.key, pool.quantity, label, calendar, EventPriority(_FIRST_OPENING + number)))
            label += pool.quantity
        first_arrival = _FIRST_OPENING + len(pools)
        self.runtime = Runtime(
            env, plan, bytearray(), Agenda(env, _DELIVERY), pools, Executors(env), Draws(seed, replication, plan.block_bits),
            _COMPLETION, Alarm(env), EventPriority(first_arrival + len(plan.sources)),
        )  # fmt: skip
        self.extend = extend
        self.compiler = Compiler(self.runtime, extended=extend is not None)
        self.cases = [0]
        self.arrivals = [
            Arrivals(self.compiler, source, number, EventPriority(first_arrival + number), self.cases)
            for number, source in enumerate(plan.sources)
        ]
        self.window_closed = False
        self.ended = False
        self.limit = Alarm(env)

    def begin(self) -> None:
        """Schedule the first cases and the end."""
        for arrivals in self.arrivals:
            arrivals.begin()
        if self.plan.window_us is not None:
            self.schedule_limit()
        if self.extend is not None:
            if self.plan.window_us is None:
                self.runtime.after_last = self._wait_for_the_rest
            self.runtime.env.process(self.extend(RunningSimulation(self)))

    def schedule_limit(self) -> None:
        """Schedule the end of the window of counted arrivals or, once that is past, the end of the run (H26)."""
        due = self.plan.limit_us if self.window_closed else self.plan.window_us
        assert due is not None
        self.limit.callbacks = [self._reach_limit]
        self.runtime.env.schedule(self.limit, END, due - self.now)

    def _reach_limit(self, _event: simpy.Event) -> None:
        runtime = self.runtime
        if self.window_closed:
            runtime.stop()
            return
        self.window_closed = True
        runtime.watched.update(self.counted_live() - runtime.stuck())
        if not runtime.watched:
            runtime.stop()
        self.schedule_limit()

    def _wait_for_the_rest(self) -> None:
        """Once all cases have come, wait for those that have not ended, but for stuck ones."""
        runtime = self.runtime
        if not any(each.is_going_on for each in self.arrivals):
            runtime.all_came = True
            runtime.watched.update(runtime.live)
            runtime.look()

    def counted_live(self) -> set[int]:
        """Counted cases that have not ended, by the offset of their arrival's row."""
        log = self.runtime.log
        return {offset for offset in self.runtime.live if ROW.unpack_from(log, offset)[5] >= self.plan.warm_up_us}

    @property
    def now(self) -> int:
        """The clock, in microseconds since the scenario's start."""
        return int(self.runtime.env.now)

    def advance(self, until_us: int) -> bool:
        """Go on to just before everything that happens at an instant; return whether the run ended before.

        Raises
        ------
        SimulationError
            The event budget is spent, or the clock runs out of the calendar.
        """
        pause = Alarm(self.runtime.env)
        pause.callbacks = []
        self.runtime.env.schedule(pause, _PAUSE, until_us - self.now)
        reached = self.runtime.env.run(until=pause)
        self.ended = reached is not None
        return self.ended

    def finish(self) -> Recording:
        """Go on to the end and return what was recorded.

        Raises
        ------
        SimulationError
            The event budget is spent, or the clock runs out of the calendar.
        """
        if not self.ended:
            self.runtime.env.run()
            self.ended = True
        self.runtime.spend()
        self._write_open_instances()
        return record(self.compiler, self.now)

    def _write_open_instances(self) -> None:
        """Log what is being worked and what waits at the end."""
        log, activities = self.runtime.log, self.compiler.activities
        working = {id(callbacks): node for node, callbacks in activities.completions.items()}
        waiting = {begin: node for node, begin in activities.begins.items()}
        for person in self.people_at_work():
            if self.compiler.layouts[person.scope[LAYOUT]].reserved:
                continue  # its row stands there since its start
            code = working[id(person.callbacks)] << KIND_BITS | RUNNING
            log.extend(ROW.pack(person.scope[ID], code, person.label, person.ref, person.start, -1))
        for pool in self.runtime.pools:
            for begin, scope, ref, *_ in pool.queue:
                log.extend(ROW.pack(scope[ID], waiting[begin] << KIND_BITS | WAITING, 0, ref, -1, -1))

    def people_at_work(self) -> list[Person]:
        """Everybody who works at something now, by pool and number; then those of no pool."""
        busy = [person for pool in self.runtime.pools for person in pool.at_work()]
        return busy + [self.runtime.executors.busy[number] for number in sorted(self.runtime.executors.busy)]
