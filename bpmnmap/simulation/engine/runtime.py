"""All that changes in a run, and what every closure may call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import simpy
from simpy.events import EventPriority

from bpmnmap.errors import SimulationError
from bpmnmap.eventlog.rows import KIND_BITS, MAX_ROWS, ROW_BYTES
from bpmnmap.findings import Finding, Location
from bpmnmap.simulation.engine.addresses import Draws
from bpmnmap.simulation.engine.agenda import Agenda
from bpmnmap.simulation.engine.pools import Executors, Pool
from bpmnmap.simulation.engine.scopes import ID, LAYOUT, MESSAGES, Scope, root_of
from bpmnmap.simulation.plan import Plan

END, SETTLING = EventPriority(-1), EventPriority(0)  # at one instant: the end of the run, then inclusive joins (H33, H60)


def _stop(_event: simpy.Event) -> None:
    raise simpy.core.StopSimulation(True)


class Alarm(simpy.Event):
    """A re-armable event that calls one function."""

    def __init__(self, env: simpy.Environment) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        self.armed = False


@dataclass(slots=True)
class Runtime:
    """The state of one run.

    Parameters
    ----------
    live
        Root scopes of the cases that have not ended, by the offset of their arrival's row.
    pool_of
        The pool whose people work a task, by node.
    watched
        Counted cases that the run waits for once no more of them can arrive (H26); empty before.
    after_last
        Called when a stream's last case has come, where processes of the user's would let a run go on that has no end of its own.
    all_came
        Whether every further case is one that a user's process lets arrive; the run waits for it.
    untaken
        Messages that nobody had taken when their case ended, by layout of the case and channel.
    hops, hopped
        Events that made no row, by node, and all of them: they count against the event budget too.
    """

    env: simpy.Environment
    plan: Plan
    log: bytearray
    agenda: Agenda
    pools: list[Pool]
    executors: Executors
    draws: Draws
    completion: EventPriority
    census: Alarm
    last_priority: EventPriority
    live: dict[int, Scope] = field(default_factory=dict)
    watched: set[int] = field(default_factory=set)
    pool_of: dict[int, Pool] = field(default_factory=dict)
    untaken: dict[tuple[int, int], int] = field(default_factory=dict)
    after_last: Callable[[], None] | None = None
    all_came: bool = False
    hops: dict[int, int] = field(default_factory=dict)
    hopped: int = 0

    def end_case(self, root: Scope) -> None:
        """Note that a case's last token has ended; stop the run if it was the last case that is waited for (H26)."""
        case = root[ID]
        del self.live[case]
        for channel, (messages, _) in (root[MESSAGES] or {}).items():
            if messages:
                self.untaken[root[LAYOUT], channel] = self.untaken.get((root[LAYOUT], channel), 0) + len(messages)
        if self.watched:
            self.watched.discard(case)
            if not self.watched:
                self.stop()

    def stop(self) -> None:
        """End the run now, before anything else at this instant (H33).

        An event of its own does it: SimPy re-schedules the event in whose callback it is stopped, and ours are re-armed.
        """
        end = Alarm(self.env)
        end.callbacks = [_stop]
        self.env.schedule(end, END)

    def look(self) -> None:
        """See at the end of this instant whether a case that is waited for is stuck: such a one counts as ended (H26)."""
        if not self.census.armed:
            self.census.armed = True
            self.census.callbacks = [self._look]
            self.env.schedule(self.census, self.last_priority)

    def _look(self, _event: simpy.Event) -> None:
        self.census.armed = False
        self.watched.difference_update(self.stuck())
        if not self.watched:
            self.stop()

    def active(self) -> set[int]:
        """Cases of which something is worked, queued, on its way or timed."""
        scopes = [entry[1] for pool in self.pools for entry in pool.queue]
        scopes += [person.scope for pool in self.pools for person in pool.at_work()]
        scopes += [person.scope for person in self.executors.busy.values()]
        scopes += [entry[3] for entry in self.agenda.living()]
        return {root_of(scope)[ID] for scope in scopes}

    def stuck(self) -> set[int]:
        """Cases whose tokens can never go on (H26)."""
        return set(self.live) - self.active()

    def spend(self) -> None:
        """Raise `SimulationError` if the event budget is spent; called wherever a run could go on without end."""
        rows = len(self.log) // ROW_BYTES
        if rows + self.hopped > self.plan.event_budget or rows > MAX_ROWS - 1:
            raise SimulationError([self._spent()])

    def count_hop(self, node: int) -> None:
        """Count an event that makes no row: a token goes on to a node, at the same instant."""
        self.hops[node] = self.hops.get(node, 0) + 1
        self.hopped += 1
        self.spend()

    def _spent(self) -> Finding:
        import numpy as np

        from bpmnmap.eventlog.rows import LAST_INSTANCE_KIND, ROW_DTYPE

        rows = np.frombuffer(bytes(self.log), ROW_DTYPE)
        codes = rows["code"][(rows["code"] & ((1 << KIND_BITS) - 1)) <= LAST_INSTANCE_KIND] >> KIND_BITS
        operations = [(process.program, operation) for process in self.plan.processes for operation in process.program.operations]
        counts = np.bincount(codes, minlength=len(operations))
        for node, count in self.hops.items():
            counts[node] += count
        busiest = int(counts.argmax())
        program, operation = operations[busiest]
        return Finding(
            "event-budget",
            f"the run's budget of {self.plan.event_budget} events is spent; "
            f"the busiest element is {operation.origin.kind} '{operation.origin.name or operation.origin.element}'",
            Location(program.path, operation.origin.line),
            element_kind=operation.origin.kind,
            element_id=operation.origin.element,
            fix="see whether cases can leave the loop around this element, or raise event_budget in the scenario",
        )
