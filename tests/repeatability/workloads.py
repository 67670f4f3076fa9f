"""What is run again and again: the benchmark's workloads R1 and R2, the sample services, and one service with every construct."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import bpmnmap as bm
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan

ROOT = Path(__file__).parents[2]
SERVICES = ("building_approval", "birth_certificate", "payment_disbursement")
APPROVAL, BIRTH, PAYMENT = (ROOT / "bpmn_samples" / name / f"{name}.bpmn" for name in SERVICES)
R1 = ROOT / "benchmarks" / "workloads" / "r1.bpmn"
EVERYTHING = Path(__file__).parent / "everything"

MAPS = {
    "r1": (R1,),
    "r2": (R1,),
    "building_approval": (APPROVAL,),
    "birth_certificate": (BIRTH,),
    "payment_disbursement": (PAYMENT,),
    "both": (APPROVAL, BIRTH),
    "all": (APPROVAL, BIRTH, PAYMENT),
    "everything": (EVERYTHING / "everything.bpmn", EVERYTHING / "signing.bpmn"),
}
SCENARIOS = {
    "r1": ROOT / "benchmarks" / "workloads" / "r1.toml",
    "r2": ROOT / "benchmarks" / "workloads" / "r2.toml",
    "building_approval": ROOT / "simulations" / "building_approval" / "as_is.toml",
    "birth_certificate": ROOT / "simulations" / "birth_certificate" / "as_is.toml",
    "payment_disbursement": ROOT / "simulations" / "payment_disbursement" / "as_is.toml",
    "both": ROOT / "simulations" / "both.toml",
    "all": ROOT / "simulations" / "all.toml",
    "everything": EVERYTHING / "scenario.toml",
}
NAMES = tuple(MAPS)


def maps_of(name: str) -> list[bm.Definitions]:
    """Maps of a workload."""
    return [bm.read_bpmn(path) for path in MAPS[name]]


def scenario_of(name: str, cases: int = 500) -> bm.Scenario:
    """Scenario of a workload, cut short: so many cases; of the services, those of three weeks after one."""
    scenario = bm.read_scenario(SCENARIOS[name])
    if scenario.cases is not None:
        return scenario.replace(cases=cases)
    return scenario.replace(warm_up=timedelta(weeks=1), duration=timedelta(weeks=3), follow_up=timedelta(weeks=8))


def plan_of(name: str, cases: int = 500) -> Plan:
    """Plan of a workload, cut short."""
    return make_plan(maps_of(name), scenario_of(name, cases))
