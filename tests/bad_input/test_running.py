"""What is found by looking at all ways of a case, or only by running it: deadlocks, budgets, runs that no case completes."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Fault, assert_refused, assert_told, command
from tests.bad_input.triple import GOOD, ORGANIZATION, Triple

JOIN = "let a token come by each flow into it"


def map_of(nodes: list[str], flows: dict[str, tuple[str, str]]) -> str:
    """A map of one process, each node and flow on a line of its own, the first node in line 3."""
    lines = [f"    <{node}/>" for node in nodes]
    lines += [f'    <sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}"/>' for flow, (source, target) in flows.items()]
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="urn:d">\n  <process id="p">'
    return "\n".join([head, *lines, "  </process>", "</definitions>", ""])


def scenario_of(*tasks: str, window: str = 'warm_up = "PT0S"\nduration = "P7D"', gateways: str = "") -> str:
    times = "".join(f'[activities.{task}]\nprocessing_time = "PT5M"\n' for task in tasks)
    return (
        f'organization = "org.toml"\nstart = 2026-01-05T00:00:00\n{window}\nreplications = 1\n[processes.p]\nunit = "FO"\n'
        f'[arrivals.s]\ninter_arrival_time = "PT2H"\n{times}{gateways}'
    )


DEADLOCK = map_of(
    ['startEvent id="s"', 'exclusiveGateway id="x"', 'task id="a"', 'task id="b"', 'parallelGateway id="j"', 'endEvent id="e"'],
    {"f0": ("s", "x"), "fa": ("x", "a"), "fb": ("x", "b"), "ga": ("a", "j"), "gb": ("b", "j"), "fe": ("j", "e")},
)
HALF = "[gateways.x]\nprobabilities = { fa = 0.5, fb = 0.5 }\n"

# `k` forks to `x` and to `b`; the join waits for both, and `x` leads to it (a) or to an end of its own (c)
POSSIBLE = map_of(
    ['startEvent id="s"', 'parallelGateway id="k"', 'exclusiveGateway id="x"', 'task id="a"', 'task id="b"', 'task id="c"',
     'parallelGateway id="j"', 'endEvent id="e"', 'endEvent id="e2"'],
    {"f0": ("s", "k"), "kx": ("k", "x"), "kb": ("k", "b"), "fa": ("x", "a"), "fb": ("x", "c"), "ga": ("a", "j"), "gb": ("b", "j"),
     "fe": ("j", "e"), "fc": ("c", "e2")},
)  # fmt: skip

# a fork inside a loop: each turn makes one token more
MULTIPLYING = map_of(
    ['startEvent id="s"', 'exclusiveGateway id="m"', 'task id="a"', 'parallelGateway id="k"', 'exclusiveGateway id="x"', 'endEvent id="e"'],
    {"f0": ("s", "m"), "f1": ("m", "a"), "f2": ("a", "k"), "f3": ("k", "m"), "f4": ("k", "x"), "fa": ("x", "m"), "fb": ("x", "e")},
)


def test_deadlock_in_which_no_case_can_be_completed() -> None:
    assert_refused(
        Triple(DEADLOCK, scenario=scenario_of("a", "b", gateways=HALF)), 1, bm.MapError,
        Fault("deadlock", "map.bpmn:7", "parallelGateway 'j': a case gets stuck: tokens wait at 'j' for flow 'gb'; e.g. after 'a'", JOIN),
    )  # fmt: skip


def test_deadlock_is_told_beside_faults_of_the_scenario() -> None:
    assert_refused(
        Triple(DEADLOCK, scenario=scenario_of("a", "b", gateways=HALF.replace("fb = 0.5", "fb = 0.4"))), 1, bm.MapError,
        Fault("deadlock", "map.bpmn:7", "a case gets stuck", JOIN),
        Fault("probabilities", "scenario.toml [gateways.x]", "0.5 + 0.4 = 0.9", "so that they sum to 1"),
    )  # fmt: skip


def test_deadlock_that_is_possible_is_told_counted_and_ends_with_status_1() -> None:
    """Three of five cases get stuck at the join; the table is printed for all."""
    five = "at = [2026-01-05T08:00:00, 2026-01-05T09:00:00, 2026-01-05T10:00:00, 2026-01-05T11:00:00, 2026-01-05T12:00:00]"
    scenario = scenario_of("a", "b", "c", gateways='[gateways.x]\nchoices = [["fa"], ["fb"], ["fa"], ["fb"]]\n')
    Triple(POSSIBLE, scenario=scenario.replace('inter_arrival_time = "PT2H"', five)).write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert outcome.status == 1
    told = [
        Fault("deadlock", "map.bpmn:9", "a case gets stuck: tokens wait at 'j' for flow 'ga'", JOIN, "warning"),
        Fault("stuck", "map.bpmn:9", "parallelGateway 'j': tokens of 3 cases stand here for ever", "let every split be joined", "warning"),
    ]
    assert_told(outcome.told, told)
    assert "cases: 5 started = 2 completed + 0 unfinished + 3 stuck\n" in outcome.output
    runs = bm.simulate(bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml"))
    assert [finding.code for finding in runs.findings] == ["deadlock", "stuck"]
    assert command("simulate", "map.bpmn", "scenario.toml", "--output", "runs").status == 1
    assert sorted(path.name for path in Path("runs").iterdir()) == ["cases.csv", "instances.csv", "movements.csv"]


def test_deadlock_on_a_way_of_probability_0_is_no_fault() -> None:
    Triple(POSSIBLE, scenario=scenario_of("a", "b", "c", gateways="[gateways.x]\nprobabilities = { fa = 1, fb = 0 }\n")).write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert [(each.severity, each.code, each.place) for each in outcome.told] == [("warning", "dead-activity", "map.bpmn:8")]
    assert outcome.status == 0


def test_tokens_that_multiply_spend_the_event_budget() -> None:
    scenario = scenario_of("a", window='warm_up = "PT0S"\nduration = "P7D"\nevent_budget = 5000', gateways=HALF)
    org = ORGANIZATION.replace("Mon-Fri 08:00-16:00", "Mon-Sun 00:00-24:00")
    Triple(MULTIPLYING, org, scenario).write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert [each.code for each in outcome.told if each.severity == "error"] == ["event-budget"]
    cause, budget = outcome.told
    assert (cause.severity, cause.code, cause.place) == ("warning", "unsynchronized", "map.bpmn:5")
    assert "ever more tokens of a case can come here" in cause.message
    assert budget.place == "map.bpmn:5"
    assert "budget of 5000 events is spent; the busiest element is task 'a'" in budget.message
    assert "raise event_budget" in budget.fix
    assert (outcome.status, outcome.output) == (1, "")
    with pytest.raises(bm.SimulationError, match="event-budget"):
        bm.simulate(bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml"))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_budget_too_small_is_told_with_any_number_of_jobs(jobs: str) -> None:
    GOOD.in_scenario("replications = 2", "replications = 2\nevent_budget = 50").write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml", "--jobs", jobs)
    (found,) = outcome.told
    assert (found.severity, found.code, found.place) == ("error", "event-budget", "map.bpmn:19")
    assert (outcome.status, outcome.output) == (1, "")


def test_cases_that_arrive_every_microsecond_spend_the_budget_at_the_start() -> None:
    GOOD.in_scenario('mean = "PT2H"', 'mean = "PT0.000001S"').in_scenario("replications = 2", "event_budget = 20000").write(Path())
    (found,) = command("handoffs", "map.bpmn", "scenario.toml").told
    assert (found.code, found.place) == ("event-budget", "map.bpmn:18")


def test_no_case_completed() -> None:
    one = "at = [2026-01-14]"
    gaps = 'inter_arrival_time = { distribution = "exponential", mean = "PT2H" }\ncalendar = "office"'
    GOOD.in_scenario('wait_time = "P2D"', 'wait_time = "P100D"').in_scenario(gaps, one).write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml", "--replications", "2")
    assert_told(
        outcome.told,
        [
            Fault(
                "no-case-completed",
                "map.bpmn",
                "no counted case was completed in 2 replications (2 arrived)",
                "give a longer duration or follow_up",
            )
        ],
    )
    assert (outcome.status, outcome.output) == (1, "")
    with pytest.raises(bm.SimulationError, match="no-case-completed"):
        bm.simulate(bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml"))


def test_work_that_would_end_after_the_last_year() -> None:
    GOOD.in_scenario("start = 2026-01-05T00:00:00", "start = 9997-12-01").in_scenario('"PT5M"', '"PT9000H"').write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml", "--replications", "1")
    (found,) = outcome.told
    assert (found.severity, found.code, found.place) == ("error", "past-last-year", "org.toml [calendars.office]")
    assert "is needed beyond the year 9999" in found.message
    assert (outcome.status, outcome.output) == (1, "")


def test_holidays_that_nobody_knows_yet() -> None:
    triple = GOOD.in_org('hours = "Mon-Fri 08:00-16:00"\n', 'hours = "Mon-Fri 08:00-16:00"\nholidays = "ID"\n')
    assert_refused(
        triple.in_scenario("start = 2026-01-05T00:00:00", "start = 2500-01-04"), 1, bm.OrganizationError,
        Fault("holidays-unknown", "org.toml [calendars.office]", "public holidays of 'ID' are not known", "name the days in 'closed'"),
    )  # fmt: skip


def test_the_event_budget_is_per_replication() -> None:
    """A run of fewer events than the budget is not refused, however many replications there are."""
    GOOD.in_scenario("replications = 2", "replications = 3\nevent_budget = 5000").write(Path())
    assert command("handoffs", "map.bpmn", "scenario.toml").status == 0
