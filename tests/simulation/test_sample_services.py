"""The sample services run as their READMEs say: alone and together, every case completes, people are neither idle nor overrun."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import bpmnmap as bm
from bpmnmap.simulation.planning import make_plan
from tests.reference.invariants import check_log, pools_of

ROOT = Path(__file__).parents[2]
SERVICES = {
    "building_approval/as_is.toml": ("building_approval",),
    "building_approval/to_be.toml": ("building_approval",),
    "birth_certificate/as_is.toml": ("birth_certificate",),
    "payment_disbursement/as_is.toml": ("payment_disbursement",),
    "both.toml": ("building_approval", "birth_certificate"),
    "all.toml": ("building_approval", "birth_certificate", "payment_disbursement"),
}
LEAST, MOST = 0.30, 0.95


def maps_of(name: str) -> list[bm.Definitions]:
    return [bm.read_bpmn(ROOT / "bpmn_samples" / each / f"{each}.bpmn") for each in SERVICES[name]]


def scenario_of(name: str) -> bm.Scenario:
    return bm.read_scenario(ROOT / "simulations" / name)


def utilization(maps: Sequence[bm.Definitions], scenario: bm.Scenario, log: bm.EventLog) -> dict[str, float]:
    """By pool: time worked in the window of arrivals ÷ (people × open time in it)."""
    begin = log.run.warm_up_us
    end = begin + (log.run.duration_us or 0)
    work = log.instances
    ended = np.where(work.complete_us >= 0, work.complete_us, log.run.end_us)
    used = {}
    for key, pool in pools_of(make_plan(maps, scenario)).items():
        mine = (np.asarray(work["pool"], dtype=np.str_) == key) & (work.start_us >= 0)
        first, last = np.clip(work.start_us[mine], begin, end), np.clip(ended[mine], begin, end)
        open_us = np.diff(pool.open_until(np.array([begin, end], dtype=np.int64)))
        used[key] = float(np.sum(pool.open_until(last) - pool.open_until(first)) / (pool.quantity * open_us[0]))
    return used


def assert_used_enough_but_not_too_much(used: dict[str, float]) -> None:
    assert {pool: share for pool, share in used.items() if not LEAST <= share <= MOST} == {}


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ("both.toml", "all.toml")])
def test_one_service(name: str) -> None:
    maps, scenario = maps_of(name), scenario_of(name)
    result = bm.simulate(maps, scenario, replications=1, seed=1)
    assert result.findings == ()
    (log,) = result
    status = Counter(np.asarray(log.cases["status"], dtype=np.str_)[log.cases["counted"]].tolist())
    assert status["completed"] > 200
    assert status["unfinished"] <= status["completed"] // 200  # building goes on for a year where it is visited again and again
    assert status["stuck"] == 0
    assert log.run.untaken == ()
    assert_used_enough_but_not_too_much(utilization(maps, scenario, log))


def test_payments_all_complete_and_keep_the_sums() -> None:
    maps, scenario = maps_of("payment_disbursement/as_is.toml"), scenario_of("payment_disbursement/as_is.toml")
    result = bm.simulate(maps, scenario.replace(warm_up="P7D", duration="P28D"), replications=2, seed=3)
    plan = make_plan(maps, scenario)
    for log in result:
        assert set(np.asarray(log.cases["status"], dtype=np.str_)[log.cases["counted"]].tolist()) == {"completed"}
        check_log(log, plan)


def test_who_signs_depends_on_the_amount() -> None:
    scenario = scenario_of("payment_disbursement/as_is.toml").replace(warm_up="P0D", duration="P14D", follow_up="P90D")
    signed = {}
    for amount in (200_000_000, 200_000_001):
        fixed = scenario.replace(attributes={"amount": {"value": amount}})
        (log,) = bm.simulate(maps_of("payment_disbursement/as_is.toml"), fixed, replications=1, seed=1)
        elements = {each.rpartition("/")[2] for each in np.asarray(log.instances["element"], dtype=np.str_).tolist()}
        signed[amount] = elements & {"Task_Sign_deputy", "Task_Initial", "Task_Sign_treasurer"}
    assert signed == {200_000_000: {"Task_Sign_deputy"}, 200_000_001: {"Task_Initial", "Task_Sign_treasurer"}}


def test_no_delay_is_reported_where_the_cap_is_never_reached() -> None:
    scenario = scenario_of("payment_disbursement/as_is.toml").replace(warm_up="P0D", duration="P14D", follow_up="P90D")
    reports = []
    for wait in ("PT15H", "P365D"):
        capped = scenario.replace(events={"Event_Two_days": {"wait_time": wait, "calendar": "office"}})
        (log,) = bm.simulate(maps_of("payment_disbursement/as_is.toml"), capped, replications=1, seed=1)
        elements = np.asarray(log.instances["element"], dtype=np.str_)
        reports.append(int(np.count_nonzero(np.char.endswith(elements, "/Task_Report"))))
    assert reports[0] > 0
    assert reports[1] == 0


def test_all_three_share_the_heads_and_the_mail_room() -> None:
    maps, scenario = maps_of("all.toml"), scenario_of("all.toml").replace(warm_up="P7D", duration="P14D", follow_up="P14D")
    result = bm.simulate(maps, scenario, replications=1, seed=1)
    assert result.findings == ()
    (log,) = result
    process_of = dict(zip(log.cases["case"].tolist(), np.asarray(log.cases["map"], dtype=np.str_).tolist(), strict=True))
    served: dict[str, set[str]] = {"HO.heads": set(), "MR.registry": set()}
    pools = np.asarray(log.instances["pool"], dtype=np.str_).tolist()
    for pool, case in zip(pools, log.instances["case"].tolist(), strict=True):
        if pool in served:
            served[pool].add(process_of[case])
    assert served["HO.heads"] == served["MR.registry"] == {"building_approval", "birth_certificate", "payment_request"}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["both.toml", "all.toml"])
def test_services_together(name: str) -> None:
    maps, scenario = maps_of(name), scenario_of(name)
    (log,) = bm.simulate(maps, scenario, replications=1, seed=3)
    assert set(np.asarray(log.cases["status"], dtype=np.str_)[log.cases["counted"]].tolist()) == {"completed"}
    used = utilization(maps, scenario, log)
    assert_used_enough_but_not_too_much(used)
    assert used["HO.heads"] > 0.80
