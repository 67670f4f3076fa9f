"""Each invariant is broken by a log that breaks it."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from bpmnmap.eventlog.columns import Columns
from bpmnmap.eventlog.log import EventLog, GivenTables
from bpmnmap.simulation import event_log, replications
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_once
from tests.reference.invariants import check_log, every_run_checked
from tests.reference.small import MONDAY, small_map, small_scenario

HOURS = {"hours": "Mon-Fri 08:00-12:00", "pools": {"staff": {"quantity": 2}}}


@pytest.fixture(scope="module")
def plan() -> Plan:
    scenario = small_scenario(
        {"A": HOURS, "B": {"hours": "Mon-Sun 10:00-20:00", "pools": {"staff": {"quantity": 1}}}},
        {"t1": ("A", "PT50M"), "t2": ("B", "PT30M"), "t3": ("A", "PT1H")},
        arrivals={"s": {"at": [MONDAY + timedelta(minutes=each) for day in (0, 1440) for each in range(day + 420, day + 700, 40)]}},
        warm_up="PT7H30M",
        duration="PT29H",
        follow_up="PT0S",
        transfers=[{"from": "A", "to": "B", "dispatch": "Mon-Sun 10:00 11:00", "transfer_time": "PT15M"}],
    )
    return make_plan([small_map("s -> t1", "t1 -> t2", "t1 -> a", "t2 -> a", "a -> t3", "t3 -> e")], scenario)


@pytest.fixture(scope="module")
def log(plan: Plan) -> EventLog:
    return run_once(plan, 1, 1)


def changed(log: EventLog, table: str, row: int, **values: Any) -> EventLog:
    """The log with other values in one row."""
    tables = {
        name: {column: np.array(getattr(log, name)[column]) for column in getattr(log, name)}
        for name in ("cases", "instances", "movements")
    }
    for column, value in values.items():
        of = tables[table][column].astype(object)
        of[row] = value
        tables[table][column] = np.array(of.tolist())
    return EventLog(log.run, GivenTables(*(Columns(each) for each in tables.values())))


def row_of(table: Columns, **values: Any) -> int:
    """The first row with such values; a callable is asked."""
    for index, row in enumerate(table.rows()):
        if all(value(row[name]) if callable(value) else row[name] == value for name, value in values.items()):
            return index
    raise AssertionError(f"no row has {values}")


def broken(log: EventLog, plan: Plan, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        check_log(log, plan)


def test_a_log_of_the_engine_keeps_them_and_so_does_a_copy(log: EventLog, plan: Plan) -> None:
    check_log(log, plan)
    check_log(changed(log, "cases", 0), plan)
    assert {"completed", "running", "waiting"} == set(log.instances.status.tolist())
    assert {"completed", "unfinished"} == set(log.cases.status.tolist())


@pytest.mark.parametrize("part", ["left_us", "dispatch_us", "transfer_us", "event_us", "synchronization_us"])
def test_parts_of_each_movement_are_summed(log: EventLog, plan: Plan, part: str) -> None:
    for receiver in (lambda to: to >= 0, lambda to: to < 0):
        row = row_of(log.movements, to_instance=receiver, from_instance=lambda origin: origin >= 0)
        broken(
            changed(log, "movements", row, **{part: int(log.movements[part][row]) + 1}),
            plan,
            "do not sum|a token left|ended after|last token",
        )


@pytest.mark.parametrize(
    "part", ["unavailability_us", "prioritization_us", "contention_us", "batching_us", "start_us", "released_us", "enabled_us"]
)
def test_parts_of_each_instance_are_summed(log: EventLog, plan: Plan, part: str) -> None:
    row = row_of(log.instances, status="completed", contention_us=lambda value: value > 0)
    broken(
        changed(log, "instances", row, **{part: int(log.instances[part][row]) + 1}), plan, "do not sum|does not lead|before it was released"
    )


def test_one_origin_of_each_token_is_critical(log: EventLog, plan: Plan) -> None:
    for critical in (True, False):
        row = row_of(log.movements, critical=critical, to_instance=lambda to: to >= 0)
        broken(changed(log, "movements", row, critical=not critical), plan, "critical")


def test_a_critical_path_reaches_its_arrival(log: EventLog, plan: Plan) -> None:
    row = row_of(log.cases, status="completed")
    broken(changed(log, "cases", row, arrived_us=int(log.cases.arrived_us[row]) - 1), plan, "left its source")
    broken(changed(log, "cases", row, ended_us=int(log.cases.ended_us[row]) + 1), plan, "no last token")
    sink = row_of(log.movements, to_instance=-1)
    other = row_of(log.instances, case=lambda case: case != log.movements.case[sink], complete_us=int(log.movements.left_us[sink]))
    broken(changed(log, "movements", sink, from_instance=other), plan, "from another case")


def test_waits_and_the_length_of_the_queue_agree(log: EventLog, plan: Plan) -> None:
    # moved from one pool's queue into the other's: each instance is still right in itself
    row = row_of(log.instances, element="t2", contention_us=lambda value: value > 0)
    broken(changed(log, "instances", row, pool="A.staff", person="A.staff/1"), plan, "idle|more people")


def test_nobody_is_idle_while_work_waits(log: EventLog, plan: Plan) -> None:
    first = row_of(log.instances, element="t1", start_us=lambda start: start >= 0)
    later = {"start_us": int(log.instances.start_us[first]) + 1, "contention_us": int(log.instances.contention_us[first]) + 1}
    broken(changed(log, "instances", first, **later), plan, "idle")


def test_people_work_within_the_open_time_on_one_thing_each(log: EventLog, plan: Plan) -> None:
    row = row_of(log.instances, element="t1", status="completed")
    broken(changed(log, "instances", row, worked_us=int(log.instances.worked_us[row]) + 1), plan, "closed")
    broken(changed(log, "instances", row, person="A.staff/3"), plan, "somebody else")
    second = row_of(log.instances, element="t1", person="A.staff/2", start_us=int(log.instances.start_us[row]))
    broken(changed(log, "instances", second, person="A.staff/1"), plan, "two things")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"status": "completed"}, "no last token"),
        ({"status": "gone"}, "neither completed"),
        ({"status": "stuck"}, "still works"),
        ({"ended_us": 10**12}, "end and status"),
        ({"counted": "other"}, "other cases count"),
    ],
)
def test_cases_have_one_of_three_ends(log: EventLog, plan: Plan, values: dict[str, Any], told: str) -> None:
    row = row_of(log.cases, status="unfinished")
    values = {"counted": not log.cases.counted[row]} if "counted" in values else values
    broken(changed(log, "cases", row, **values), plan, told)


def test_work_that_is_not_started_has_no_movement(log: EventLog, plan: Plan) -> None:
    waiting = row_of(log.instances, status="waiting")
    row = row_of(log.movements, to_instance=lambda to: to >= 0)
    broken(changed(log, "movements", row, to_instance=waiting), plan, "did not start")


def test_each_run_of_this_suite_is_checked(log: EventLog, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vars(replications)["event_log"] is not event_log.event_log
    bad = changed(log, "cases", row_of(log.cases, status="unfinished"), status="stuck", ended_us=1)
    monkeypatch.setattr(event_log, "event_log", lambda *_, **__: bad)
    module = ModuleType("module")
    module.__dict__["event_log"] = None
    with every_run_checked(module, largest=1000), pytest.raises(AssertionError, match="end and status"):
        module.event_log(plan, None, seed=1, replication=1)
    with every_run_checked(module, largest=len(bad.instances) - 1):
        assert module.event_log(plan, None, seed=1, replication=1) is bad
