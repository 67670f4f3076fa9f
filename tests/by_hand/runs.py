"""Runs of plans: to the end at one go, and saved and loaded in mid-air at every instant at which something happens."""

from __future__ import annotations

from bpmnmap.eventlog.log import EventLog
from bpmnmap.eventlog.recording import Recording
from bpmnmap.simulation.engine.run import Run
from bpmnmap.simulation.engine.snapshot import load, save
from bpmnmap.simulation.event_log import event_log
from bpmnmap.simulation.plan import Plan


def started(plan: Plan, *, seed: int = 1, replication: int = 0) -> Run:
    """A run that has begun."""
    run = Run(plan, seed=seed, replication=replication)
    run.begin()
    return run


def log_of(plan: Plan, *, seed: int = 1) -> EventLog:
    """The event log of one run."""
    return logged(plan, started(plan, seed=seed).finish(), seed=seed)


def logged(plan: Plan, recording: Recording, *, seed: int = 1) -> EventLog:
    """The event log of a recording."""
    return event_log(plan, recording, seed=seed, replication=0)


def happening(plan: Plan, log: EventLog) -> list[int]:
    """Every instant at which something happens: those of the log's rows, of openings, of the window, and those just after."""
    assert isinstance(log.tables, Recording)
    instants = set(log.tables.rows["end"].tolist()) | set(log.instances.start_us.tolist())
    instants |= {instant for instant in (plan.window_us, plan.limit_us) if instant is not None and instant <= log.run.end_us}
    for calendar in plan.calendars:
        instants |= {opens for opens in calendar.opens if opens <= log.run.end_us}
    return sorted(instant + after for instant in instants if instant >= 0 for after in (0, 1))


def assert_saved_and_loaded(plan: Plan) -> None:
    """A run that is saved and loaded at each instant, and one that is at all of them, give the log of the uninterrupted one."""
    whole = log_of(plan)
    instants = happening(plan, whole)
    assert instants
    relayed = started(plan)
    for instant in instants:
        single = started(plan)
        single.advance(instant)
        assert logged(plan, load(plan, save(single)).finish()).digest == whole.digest, f"saved at {instant}"
        if not relayed.advance(instant):
            relayed = load(plan, save(relayed))
    assert logged(plan, relayed.finish()).digest == whole.digest
