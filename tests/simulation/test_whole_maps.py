"""Drawn maps with every construct nested in every other: each case is a path of the token game, the sums hold, runs can be saved."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bpmnmap.errors import BpmnMapError
from bpmnmap.findings import Severity
from bpmnmap.simulation.engine.snapshot import load, save
from bpmnmap.simulation.event_log import event_log
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan
from tests.by_hand.runs import happening, started
from tests.reference.following import check_path, followed
from tests.reference.whole_services import Service, services

REFUSALS = {"deadlock", "endless-loop", "event-budget"}
"""Why a drawn service may not be simulated."""
INSTANTS = 8

CHECKED = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], phases=[Phase.explicit, Phase.generate])


def check(service: Service, seed: int, seen: Counter[str]) -> None:
    """Run a service, and run it saved and loaded at some instants; count what was seen."""
    try:
        plan = make_plan([service.definitions], service.scenario)
        log, stories = followed(plan, seed)
    except BpmnMapError as error:
        codes = {finding.code for finding in error.findings if finding.severity is Severity.ERROR}
        if codes - REFUSALS:
            raise
        seen["refused"] += 1
        return
    for story in stories:
        seen["cases"] += 1
        seen[story.status] += 1
        seen["searched to the end"] += check_path(plan, story)
    seen.update(log.instances.status.tolist())
    seen.update(service.kinds)
    assert gone_on(plan, seed, happening(plan, log)) == log.digest


def gone_on(plan: Plan, seed: int, instants: list[int]) -> str:
    """Digest of a run that is saved and loaded at some of these instants."""
    run = started(plan, seed=seed, replication=1)
    for instant in instants[:: max(1, len(instants) // INSTANTS)]:
        if run.advance(instant):
            break
        run = load(plan, save(run))
    return event_log(plan, run.finish(), seed=seed, replication=1).digest


def test_drawn_maps() -> None:
    seen: Counter[str] = Counter()

    @settings(CHECKED, max_examples=60)
    @given(services(), st.integers(0, 9))
    def run(service: Service, seed: int) -> None:
        check(service, seed, seen)

    run()
    assert seen["searched to the end"] > 150
    assert seen["refused"] < 10
    assert min(seen[status] for status in ("interrupted", "withdrawn", "stuck")) > 0


@pytest.mark.slow
def test_many_drawn_maps() -> None:
    seen: Counter[str] = Counter()

    @settings(CHECKED, max_examples=2_000)
    @given(services(size=16), st.integers(0, 9))
    def run(service: Service, seed: int) -> None:
        check(service, seed, seen)

    run()
    assert seen["cases"] > 5_000
    assert seen["searched to the end"] > 0.99 * seen["cases"]
    assert seen["refused"] < 200
    both = [f"{host} {kind} {how}" for host in ("boundary", "event sub-process") for kind in ("timer", "message", "signal", "conditional", "escalation")
            for how in ("interrupting", "beside")]  # fmt: skip
    others = ["boundary error interrupting", "event sub-process error interrupting", "call", "event gateway", "inclusive gateway", "circle", "loop",
              "parallel", "sequential", "sub-process", "message flow", "end terminate", "end error", "end escalation"]  # fmt: skip
    assert [kind for kind in both + others if seen[kind] < 20] == []
