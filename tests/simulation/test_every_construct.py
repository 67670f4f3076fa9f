"""Every map of `tests/semantics/constructs`, run: each case is a path of the token game, and the sums of H21-H25 hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import bpmnmap as bm
from bpmnmap.semantics.program import Wait, Work
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan
from tests.reference.following import Story, check_path, followed
from tests.semantics.test_constructs import HERE, construct, names

CASES = 8
AMOUNT = {"amount": {"distribution": "uniform", "min": 0, "max": 100}}
TALLY = {"tally": {"distribution": "fixed", "value": 0}}
BY_HAND: dict[str, dict[str, Any]] = {
    "boundary_conditional_interrupting": {"attributes": AMOUNT, "events": {"on_a": {"condition": "amount > 50"}}},
    "boundary_conditional_non_interrupting": {"attributes": AMOUNT, "events": {"on_a": {"condition": "amount > 50"}}},
    "catch_conditional": {  # for those above 70 the condition never holds: they are stuck
        "attributes": {**AMOUNT, **TALLY},
        "events": {"c": {"condition": "tally == 1 and amount < 70"}},
        "activities": {"b": {"processing_time": "PT20M", "set": {"tally": "tally + 1"}}},
    },
    "event_sub_process_conditional_interrupting": {
        "attributes": TALLY,
        "events": {"set_off": {"condition": "tally > 0"}},
        "activities": {"a": {"processing_time": "PT20M", "set": {"tally": 1}}},
    },
    "event_sub_process_throws_on": {
        "gateways": {"x": {"choices": [["fails"], ["works"]]}, "y": {"choices": [["throws_on"], ["throws_on"], ["absorbs"]]}}
    },
    "inclusive_gateway": {"attributes": AMOUNT, "gateways": {"g": {"conditions": {"to_a": "amount > 40", "to_b": "amount < 60"}}}},
    "loop_test_before": {"attributes": TALLY, "activities": {"a": {"repeat": "tally < 2", "set": {"tally": "tally + 1"}}}},
}
"""What scenarios say instead of what is assumed: conditions over attributes, given ways."""
ALL_DAY = {"calendars": {"office": {"hours": "Mon-Sun 00:00-24:00"}}}


def assumed(name: str, folder: Path) -> bm.Scenario:
    """The scenario that a user gets for a map."""
    template = bm.scenario_template(bm.read_bpmn(HERE / f"{name}.bpmn"), assume=True)
    (folder / "org.toml").write_text(template.organization, encoding="utf-8")
    (folder / "as_is.toml").write_text(template.scenario, encoding="utf-8")
    return bm.read_scenario(folder / "as_is.toml").replace(cases=CASES)


def plan_of(name: str, scenario: bm.Scenario) -> Plan:
    return make_plan([bm.read_bpmn(HERE / f"{name}.bpmn")], scenario)


def lively(plan: Plan, scenario: bm.Scenario) -> bm.Scenario:
    """The scenario with events that come while work is waited for and worked: all that may happen does in some case."""
    operations = [operation for process in plan.processes for operation in process.program.operations]
    works = {operation.origin.element for operation in operations if isinstance(operation, Work)}
    waits = {operation.origin.element for operation in operations if isinstance(operation, Wait)} - set(scenario.participants)
    given = tables(scenario.activities)
    worked = {name: {**given.get(name, {}), "processing_time": {"distribution": "exponential", "mean": "PT50M"}} for name in works}
    events = {name: {"wait_time": {"distribution": "exponential", "mean": "PT40M"}} for name in waits}
    return scenario.replace(activities={**given, **worked}, events=events)


def tables(table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Tables of a scenario as they were given."""
    return {name: {key: getattr(value, key) for key in value.model_fields_set} for name, value in table.items()}


def by_hand(name: str, scenario: bm.Scenario) -> bm.Scenario:
    """The scenario with what is said by hand."""
    changes = dict(BY_HAND[name])
    for kind in ("activities", "events", "gateways"):
        given = tables(getattr(scenario, kind))
        for element, table in changes.get(kind, {}).items():
            kept = given.get(element, {}) if kind == "activities" else {}
            given[element] = {**kept, **table}
        changes[kind] = given
    return scenario.replace(**changes)


def scenarios(name: str, folder: Path) -> list[bm.Scenario]:
    """What a map is run with: what is assumed, livelier in office hours and all day, and by hand."""
    first = assumed(name, folder)
    found = [first, lively(plan_of(name, first), first)]
    found.append(found[-1].replace(**ALL_DAY))
    return [*found, by_hand(name, first)] if name in BY_HAND else found


@pytest.mark.parametrize("name", names(HERE))
def test_each_case_is_a_path_and_all_that_is_allowed_comes(name: str, tmp_path: Path) -> None:
    told = set()
    for seed, scenario in enumerate(scenarios(name, tmp_path)):
        plan = plan_of(name, scenario)
        _, stories = followed(plan, seed)
        for story in stories:
            assert check_path(plan, story), "the search came to its end"
            told.update(story.events)
    allowed = {event for trace in construct(name).allowed for event in trace}
    assert allowed <= told, f"no case told {sorted(allowed - told)}"


@pytest.mark.slow
@pytest.mark.parametrize("name", names(HERE))
def test_many_cases_are_paths(name: str, tmp_path: Path) -> None:
    for scenario in scenarios(name, tmp_path):
        plan = plan_of(name, scenario)
        for seed in range(10, 18):
            for story in followed(plan, seed)[1]:
                assert check_path(plan, story)


@pytest.mark.parametrize(
    ("name", "element"),
    [("messages_to_two_instances", "c"), ("parallel_join_after_inclusive_split", "j"), ("signal_not_kept", "c"), ("catch_conditional", "c")],
)
def test_stuck_cases_stand_where_the_game_says(name: str, element: str, tmp_path: Path) -> None:
    plan = plan_of(name, scenarios(name, tmp_path)[-1].replace(cases=30))
    log, stories = followed(plan, 1)
    stuck = [story for story in stories if story.status == "stuck"]
    assert stuck
    (program,) = {plan.processes[story.process].program for story in stuck}
    assert {program.operations[at].origin.element for story in stuck for at in story.waits_at} == {element}
    assert {name for _, name, _ in log.run.stuck_at} == {element}


def test_what_did_not_happen_is_no_path(tmp_path: Path) -> None:
    """Each change of a story is found."""
    plan = plan_of("boundary_timer_interrupting", scenarios("boundary_timer_interrupting", tmp_path)[1])
    stories = [story for story in followed(plan, 1)[1] if story.events[0] == ("fire", "on_a")]
    first = stories[0]
    assert first.events == [("fire", "on_a"), ("complete", "h")]
    for events in ([("complete", "h"), ("fire", "on_a")], first.events[:1], [*first.events, ("complete", "h")], [("complete", "a"), *first.events]):
        with pytest.raises(AssertionError):
            check_path(plan, Story(first.process, first.start, events))
    with pytest.raises(AssertionError, match="not stuck"):
        check_path(plan, Story(first.process, first.start, first.events, status="stuck"))
