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

    def __init__(self, log: EventLog, pools: dict[str, PoolFacts], *, leaves_early: bool) -> None:
        self.log, self.pools, self.leaves_early = log, pools, leaves_early
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
        spans = [*PARTS_OF_MOVEMENTS, "left_us"]
        assert all((self.movements[name] >= 0).all() for name in spans)
        assert all((self.instances[name] >= 0).all() for name in (*WAITS, "worked_us", "batching_us", "enabled_us", "released_us"))

    def instances_go_forward(self) -> None:
        """Enabled, released, started, complete; what ended has its end, what did not has none."""
        i, end = self.instances, self.log.run.end_us
        assert (np.diff(i.enabled_us) >= 0).all(), "instances are not in order of entering"
        assert (i.enabled_us + i.batching_us == i.released_us).all()
        assert (self.started == np.isin(self.status, ("completed", "interrupted", "running"))).all()
        assert ((i.complete_us >= 0) == np.isin(self.status, ("completed", "interrupted", "withdrawn"))).all()
        assert (i.start_us[self.started] >= i.released_us[self.started]).all()
        ended = i.complete_us >= 0
        assert (i.complete_us[ended] >= np.maximum(i.start_us, i.enabled_us)[ended]).all()
        assert max([0, *(int(i[name].max(initial=0)) for name in ("enabled_us", "start_us", "complete_us"))]) <= end

    def end_of_wait(self) -> Integers:
        """Start, withdrawal or the end of the run (H23)."""
        i = self.instances
        return np.where(self.started, i.start_us, np.where(i.complete_us >= 0, i.complete_us, self.log.run.end_us))

    def waits_sum(self) -> None:
        """The receiver's share of H21."""
        waited = sum((self.instances[name] for name in WAITS), start=np.zeros(len(self.instances), dtype=np.int64))
        assert (self.end_of_wait() - self.instances.released_us == waited).all()

    def movements_sum(self) -> None:
        """H21 and H5: parts fill the way from leaving to enabling; each token that arrived has one critical origin."""
        m, i = self.movements, self.instances
        inside = m.to_instance >= 0
        assert (self.moved[inside] == i.enabled_us[m.to_instance[inside]]).all()
        assert (m.case[inside] == i.case[m.to_instance[inside]]).all()
        assert (np.bincount(m.to_instance[inside], minlength=len(i)) >= self.started).all(), "work that started has no movement"
        assert self.started[m.to_instance[inside]].all(), "work that did not start has a movement"
        critical = np.bincount(m.to_instance[inside & m.critical], minlength=len(i))
        assert (critical == self.started).all(), "not exactly one origin is critical"
        come = m.from_instance >= 0
        assert self.started[m.from_instance[come]].all()
        assert (m.left_us[~come] == self.cases.arrived_us[m.case[~come]]).all()
        origin, left = m.from_instance[come], m.left_us[come]
        assert (left >= i.start_us[origin]).all()
        assert (left <= self.end_of_work()[origin]).all()
        assert self.leaves_early or (left == i.complete_us[origin]).all(), "a token left before its work was done"

    def critical_paths_meet(self) -> None:
        """H22: from every last end of a completed case back to its source, each piece begins where the one before it ends."""
        m, i, cases = self.movements, self.instances, self.cases
        completed = texts(cases, "status") == "completed"
        sinks = np.flatnonzero((m.to_instance < 0) & m.critical)
        assert (self.moved[sinks] <= np.where(completed, cases.ended_us, self.log.run.end_us)[m.case[sinks]]).all()
        last = sinks[completed[m.case[sinks]] & (self.moved[sinks] == cases.ended_us[m.case[sinks]])]
        assert set(m.case[last].tolist()) == set(np.flatnonzero(completed).tolist()), "a completed case has no last token"
        into = np.full(len(i), -1, dtype=np.int64)
        marked = np.flatnonzero((m.to_instance >= 0) & m.critical)
        into[m.to_instance[marked]] = marked
        at, row, total = cases.ended_us[m.case[last]], last, np.zeros(len(last), dtype=np.int64)
        case = m.case[last]
        while len(row):
            total += at - m.left_us[row]
            at, origin = m.left_us[row], m.from_instance[row]
            source = origin < 0
            assert (at[source] == cases.arrived_us[case[source]]).all(), "a critical path does not begin at the arrival"
            assert (total[source] == (cases.ended_us - cases.arrived_us)[case[source]]).all(), "a critical path is not the cycle time"
            at, origin, total, case = at[~source], origin[~source], total[~source], case[~source]
            total += at - i.start_us[origin]
            at, row = i.start_us[origin], into[origin]
            assert (row >= 0).all(), "a critical path breaks off"

    def cases_sum(self) -> None:
        """H25, H26."""
        cases, run = self.cases, self.log.run
        status = texts(cases, "status")
        assert np.isin(status, ("completed", "unfinished", "stuck")).all()
        assert ((cases.ended_us >= cases.arrived_us) == (status == "completed")).all()
        assert (cases.ended_us[status != "completed"] == -1).all()
        open_cases = np.unique(self.instances.case[np.isin(self.status, ("running", "waiting"))])
        assert (status[open_cases] == "unfinished").all()
        assert (np.diff(cases.arrived_us) >= 0).all(), "cases are not in order of arrival"
        if run.duration_us is not None:
            within = (cases.arrived_us >= run.warm_up_us) & (cases.arrived_us < run.warm_up_us + run.duration_us)
            assert (cases.counted == within).all()

    def queue(self, key: str, pool: PoolFacts) -> None:
        """H23: the queue's length, integrated, is the sum of the waits; and nobody on duty is idle while work waits (H33)."""
        mine = self.worker == key
        begin, end = self.instances.released_us[mine], self.end_of_wait()[mine]
        started = mine & self.started
        busy_begin, busy_end = self.instances.start_us[started], self.end_of_work()[started]
        instants = np.unique(np.concatenate([begin, end, busy_begin, busy_end]))
        waiting = level(instants, begin, end)
        assert (waiting >= 0).all()
        waits = sum(int(self.instances[name][mine].sum()) for name in WAITS)
        assert int((waiting[:-1] * np.diff(instants)).sum()) == waits, f"{key}: Little's law does not hold"
        idle = (waiting[:-1] > 0) & (level(instants, busy_begin, busy_end)[:-1] < pool.quantity)
        assert (np.diff(pool.open_until(instants))[idle] == 0).all(), f"{key}: people on duty are idle while work waits"

    def end_of_work(self) -> Integers:
        i = self.instances
        return np.where(i.complete_us >= 0, i.complete_us, self.log.run.end_us)

    def people(self, key: str, pool: PoolFacts) -> None:
        """H24: nobody works more than the open time, on two things at once, or without being there."""
        i, mine = self.instances, (self.worker == key) & self.started
        begin, end = i.start_us[mine], self.end_of_work()[mine]
        instants = np.unique(np.concatenate([begin, end]))
        occupied = level(instants, begin, end)
        assert (occupied <= pool.quantity).all(), f"{key}: more people are occupied than there are"
        assert (i.worked_us[mine] <= pool.open_until(end) - pool.open_until(begin)).all(), f"{key}: worked while closed"
        whole = int(pool.open_until(np.array([self.log.run.end_us]))[0])
        assert int(i.worked_us[mine].sum()) <= pool.quantity * whole, f"{key}: more is worked than there is time"
        person = texts(i, "person")[mine]
        assert np.isin(person, [f"{key}/{number}" for number in range(1, pool.quantity + 1)]).all()
        order = np.lexsort((end, begin, person))
        same = person[order][1:] == person[order][:-1]
        assert (end[order][:-1][same] <= begin[order][1:][same]).all(), f"{key}: a person does two things at once"


def level(instants: Integers, begin: Integers, end: Integers) -> Integers:
    """How many are within [begin, end) from each instant on until the next."""
    return np.searchsorted(np.sort(begin), instants, side="right") - np.searchsorted(np.sort(end), instants, side="right")


def check_log(log: EventLog, plan: Plan) -> None:
    """Assert H21-H25."""
    leaves_early = any(isinstance(each, Leave) for process in plan.processes for each in process.program.operations)  # H17
    Checker(log, pools_of(plan), leaves_early=leaves_early).check()


@contextmanager
def every_run_checked(*modules: ModuleType, largest: int) -> Iterator[None]:
    """Within it, each log of up to so many instances that these modules make of a recording is checked; not those of other processes."""
    plain = event_logs.event_log

    def checked(plan: Plan, recording: Recording, *, seed: int, replication: int) -> EventLog:
        log = plain(plan, recording, seed=seed, replication=replication)
        if len(log.instances) <= largest:
            check_log(log, plan)
        return log

    with ExitStack() as stack:
        for module in modules:
            stack.enter_context(mock.patch.object(module, "event_log", checked))
        yield
