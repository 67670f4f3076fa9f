"""H21-H25 on integers: what must hold for every log of every run, whatever was simulated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from bpmnmap.eventlog.columns import Columns
from bpmnmap.eventlog.log import EventLog
from bpmnmap.eventlog.recording import Recording
from bpmnmap.semantics.program import Leave
from bpmnmap.simulation import event_log as event_logs
from bpmnmap.simulation.engine.extension import RunningPool
from bpmnmap.simulation.plan import Plan

Integers = NDArray[np.int64]
PARTS_OF_MOVEMENTS = ("dispatch_us", "transfer_us", "event_us", "synchronization_us")
WAITS = ("unavailability_us", "prioritization_us", "contention_us")


class _OpenUntil(Protocol):
    def __call__(self, instants_us: Integers, /) -> Integers: ...


@dataclass(frozen=True)
class PoolFacts:
    """People of a pool, and the open time until an instant."""

    quantity: int
    open_until: _OpenUntil


def always(instants: Integers) -> Integers:
    return instants


def pools_of(plan: Plan) -> dict[str, PoolFacts]:
    return {
        pool.key: PoolFacts(pool.quantity, always if pool.calendar < 0 else plan.calendars[pool.calendar].open_until) for pool in plan.pools
    }


def texts(table: Columns, name: str) -> NDArray[np.str_]:
    return np.asarray(table[name], dtype=np.str_)


class Checker:
    """One log; each method asserts one rule."""

    def __init__(self, log: EventLog, pools: dict[str, PoolFacts], *, leaves_early: bool, called_off: frozenset[str] = frozenset()) -> None:
        self.log, self.pools, self.leaves_early, self.called_off = log, pools, leaves_early, called_off
        self.cases, self.instances, self.movements = log.cases, log.instances, log.movements
        self.moved = sum((self.movements[name] for name in PARTS_OF_MOVEMENTS), start=self.movements.left_us.copy())
        self.status = texts(self.instances, "status")
        self.started = self.instances.start_us >= 0
        self.worker = texts(self.instances, "pool")

    def check(self) -> None:
        self.no_time_is_negative()
        self.instances_go_forward()
        self.waits_sum()
        self.movements_sum()
        self.critical_paths_meet()
        self.cases_sum()
        for key in sorted({str(each) for each in np.unique(self.worker)} - {""}):
            self.queue(key, self.pools[key])
            self.people(key, self.pools[key])

    def no_time_is_negative(self) -> None:
        for name in (*PARTS_OF_MOVEMENTS, "left_us"):
            holds(self.movements[name] >= 0, f"{name} of a movement is negative")
        for name in (*WAITS, "worked_us", "batching_us", "enabled_us", "released_us"):
            holds(self.instances[name] >= 0, f"{name} of an instance is negative")

    def instances_go_forward(self) -> None:
        """Enabled, released, started, complete; what ended has its end, what did not has none."""
        i, ended = self.instances, self.instances.complete_us >= 0
        holds(np.diff(i.enabled_us) >= 0, "instances are not in order of entering")
        holds(i.enabled_us + i.batching_us == i.released_us, "batching does not lead from enabled to released")
        holds(self.started == np.isin(self.status, ("completed", "interrupted", "running")), "start and status disagree")
        holds(ended == np.isin(self.status, ("completed", "interrupted", "withdrawn")), "end and status disagree")
        holds(~self.started | (i.start_us >= i.released_us), "work started before it was released")
        holds(~ended | (i.complete_us >= np.maximum(i.start_us, i.enabled_us)), "work ended before it began")
        holds(np.maximum(np.maximum(i.enabled_us, i.start_us), i.complete_us) <= self.log.run.end_us, "work happened after the run")

    def end_of_wait(self) -> Integers:
        """Start, withdrawal or the end of the run (H23)."""
        return np.where(self.started, self.instances.start_us, self.end_of_work())

    def end_of_work(self) -> Integers:
        i = self.instances
        return np.where(i.complete_us >= 0, i.complete_us, self.log.run.end_us)

    def waits_sum(self) -> None:
        """The receiver's share of H21."""
        waited = sum((self.instances[name] for name in WAITS), start=self.instances.released_us.copy())
        holds(self.end_of_wait() == waited, "parts of the wait do not sum")

    def movements_sum(self) -> None:
        """H21 and H5: parts fill the way from leaving to enabling; of the origins of each start one is critical."""
        m, i = self.movements, self.instances
        inside, come = m.to_instance >= 0, m.from_instance >= 0
        into, origin, left = m.to_instance[inside], m.from_instance[come], m.left_us[come]
        holds(self.started[into], "work that did not start has a movement")
        holds(self.moved[inside] == i.enabled_us[into], "parts of a movement do not sum")
        holds(m.case[inside] == i.case[into], "a movement leads into another case")
        holds(m.case[come] == i.case[origin], "a movement comes from another case")
        holds(np.bincount(m.to_instance[inside & m.critical], minlength=len(i)) == self.started, "not exactly one origin is critical")
        holds(m.left_us[~come] == self.cases.arrived_us[m.case[~come]], "a case left its source at another time than it arrived")
        holds(self.started[origin] & (left >= i.start_us[origin]) & (left <= self.end_of_work()[origin]), "a token left outside its work")
        holds(self.leaves_early | (left == i.complete_us[origin]), "a token left before its work was done")

    def critical_paths_meet(self) -> None:
        """H22: from every last end of a completed case back to its source, each piece begins where the one before it ends."""
        m, i, cases = self.movements, self.instances, self.cases
        completed = texts(cases, "status") == "completed"
        sinks = np.flatnonzero((m.to_instance < 0) & m.critical)
        ends = self.moved[sinks]
        holds(ends <= np.where(completed, cases.ended_us, self.log.run.end_us)[m.case[sinks]], "a token ended after its case")
        row = sinks[completed[m.case[sinks]] & (ends == cases.ended_us[m.case[sinks]])]
        holds(np.isin(np.flatnonzero(completed), m.case[row]), "a completed case has no last token")
        into = np.full(len(i), -1, dtype=np.int64)
        marked = np.flatnonzero((m.to_instance >= 0) & m.critical)
        into[m.to_instance[marked]] = marked
        case, total = m.case[row], np.zeros(len(row), dtype=np.int64)
        at = cases.ended_us[case]
        while len(row):
            holds(row >= 0, "a critical path breaks off")
            total += at - m.left_us[row]
            at, origin = m.left_us[row], m.from_instance[row]
            source = origin < 0
            holds(at[source] == cases.arrived_us[case[source]], "a critical path does not begin at the arrival")
            holds(total[source] == (cases.ended_us - cases.arrived_us)[case[source]], "a critical path is not the cycle time")
            at, origin, total, case = at[~source], origin[~source], total[~source], case[~source]
            total += at - i.start_us[origin]
            at, row = i.start_us[origin], into[origin]

    def cases_sum(self) -> None:
        """H25, H26."""
        cases, run = self.cases, self.log.run
        status = texts(cases, "status")
        holds(np.isin(status, ("completed", "unfinished", "stuck")), "a case is neither completed nor unfinished nor stuck")
        holds((cases.ended_us >= cases.arrived_us) == (status == "completed"), "end and status of a case disagree")
        holds((cases.ended_us == -1) == (status != "completed"), "end and status of a case disagree")
        working = self.instances.case[np.isin(self.status, ("running", "waiting"))]
        holds(status[working] == "unfinished", "a case that has ended still works")
        holds(np.diff(cases.arrived_us) >= 0, "cases are not in order of arrival")
        if run.duration_us is not None:
            within = (cases.arrived_us >= run.warm_up_us) & (cases.arrived_us < run.warm_up_us + run.duration_us)
            holds(cases.counted == within, "other cases count than those of the window")

    def queue(self, key: str, pool: PoolFacts) -> None:
        """H23: the queue's length, integrated, is the sum of the waits; and nobody on duty is idle while work waits (H33)."""
        mine = self.worker == key
        working = mine & self.started
        begin, end = self.instances.released_us[mine], self.end_of_wait()[mine]
        busy_begin, busy_end = self.instances.start_us[working], self.end_of_work()[working]
        instants = np.unique(np.concatenate([begin, end, busy_begin, busy_end]))
        waiting, spans = level(instants, begin, end), np.diff(instants)
        waits = sum(int(self.instances[name][mine].sum()) for name in WAITS)
        holds(np.array([int((waiting[:-1] * spans).sum()) == waits]), f"{key}: Little's law does not hold")
        idle = (waiting[:-1] > 0) & (level(instants, busy_begin, busy_end)[:-1] < pool.quantity)
        if key not in self.called_off:
            holds(np.diff(pool.open_until(instants))[idle] == 0, f"{key}: people on duty are idle while work waits")

    def people(self, key: str, pool: PoolFacts) -> None:
        """H24: nobody works more than the open time, on two things at once, or without being there."""
        i, mine = self.instances, (self.worker == key) & self.started
        begin, end, person = i.start_us[mine], self.end_of_work()[mine], texts(i, "person")[mine]
        holds(level(np.unique(begin), begin, end) <= pool.quantity, f"{key}: more people are occupied than there are")
        holds(i.worked_us[mine] <= pool.open_until(end) - pool.open_until(begin), f"{key}: worked while closed")
        whole = pool.quantity * pool.open_until(np.array([self.log.run.end_us]))
        holds(i.worked_us[mine].sum() <= whole, f"{key}: more is worked than there is time")
        holds(np.isin(person, [f"{key}/{number}" for number in range(1, pool.quantity + 1)]), f"{key}: somebody else works")
        order = np.lexsort((end, begin, person))
        same = person[order][1:] == person[order][:-1]
        holds(end[order][:-1][same] <= begin[order][1:][same], f"{key}: a person does two things at once")


def holds(condition: NDArray[np.bool_], told: str) -> None:
    """Raise with the places at which it does not hold."""
    if not condition.all():
        raise AssertionError(f"{told}: at {np.flatnonzero(~condition)[:5].tolist()} of {len(condition)}")


def level(instants: Integers, begin: Integers, end: Integers) -> Integers:
    """How many are within [begin, end) from each instant on until the next."""
    return np.searchsorted(np.sort(begin), instants, side="right") - np.searchsorted(np.sort(end), instants, side="right")


def check_log(log: EventLog, plan: Plan, called_off: frozenset[str] = frozenset()) -> None:
    """Assert H21-H25; of some pools people were called off (`RunningPool`), which neither log nor plan tells."""
    leaves_early = any(isinstance(each, Leave) for process in plan.processes for each in process.program.operations)  # H17
    Checker(log, pools_of(plan), leaves_early=leaves_early, called_off=called_off).check()


@contextmanager
def every_run_checked(*modules: ModuleType, largest: int) -> Iterator[None]:
    """Within it, each log of up to so many instances that these modules make of a recording is checked; not those of other processes."""
    plain, call_off = event_logs.event_log, RunningPool.call_off
    called_off: set[str] = set()

    def noted(pool: RunningPool, people: int = 1) -> None:
        called_off.add(pool.key)
        call_off(pool, people)

    def checked(plan: Plan, recording: Recording, *, seed: int, replication: int) -> EventLog:
        log = plain(plan, recording, seed=seed, replication=replication)
        if len(log.instances) <= largest:
            check_log(log, plan, frozenset(called_off))
        called_off.clear()
        return log

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(RunningPool, "call_off", noted))
        for module in modules:
            stack.enter_context(mock.patch.object(module, "event_log", checked))
        yield
