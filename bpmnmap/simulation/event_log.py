"""A recording and the plan that it is of → EventLog."""

from __future__ import annotations

import hashlib

from bpmnmap.eventlog.log import EventLog, Run
from bpmnmap.eventlog.recording import Recording
from bpmnmap.simulation.drawn_attributes import DrawnAttributes
from bpmnmap.simulation.plan import Plan
from bpmnmap.version import __version__


def event_log(plan: Plan, recording: Recording, *, seed: int, replication: int) -> EventLog:
    """Return the event log of one replication."""
    several = len(recording.maps) > 1
    names = {}
    for process in plan.processes:
        for index, operation in enumerate(process.program.operations):
            key = f"{process.program.process_of(index)}/{operation.origin.element}" if several else operation.origin.element
            names[key] = " ".join((operation.origin.name or operation.origin.element).split())
    opening = {
        unit: None if calendar < 0 else recording.calendars[calendar]
        for unit, calendar in zip(plan.units, plan.unit_calendars, strict=False)
    }
    calendars = hashlib.sha256()
    for calendar in plan.calendars:
        calendars.update(calendar.digest(recording.end_us).encode())
    window = plan.window_us
    run = Run(
        replication=replication,
        seed=seed,
        start=plan.start,
        warm_up_us=plan.warm_up_us,
        duration_us=None if window is None else window - plan.warm_up_us,
        follow_up_us=None if window is None or plan.limit_us is None else plan.limit_us - window,
        end_us=recording.end_us,
        time_zone=plan.time_zone,
        maps=recording.maps,
        map_digests=plan.map_digests,
        organization_digest=plan.organization_digest,
        scenario_digest=plan.scenario_digest,
        calendar_digest=calendars.hexdigest(),
        version=__version__,
        assumed=plan.assumed,
        unit_names=dict(plan.unit_names),
        element_names=names,
        opening=opening,
        stuck_at=recording.stuck_at,
        untaken=recording.untaken,
    )
    return EventLog(run, recording, DrawnAttributes(seed, replication, plan.attributes))
