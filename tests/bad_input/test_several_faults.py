"""Faults in several files at once: all are told, maps first, each file in its own order."""

from __future__ import annotations

from pathlib import Path

import bpmnmap as bm
from tests.bad_input.reports import Fault, assert_refused, assert_told, command
from tests.bad_input.triple import GOOD, MAP

DANGLING = GOOD.in_map('targetRef="Sign"', 'targetRef="Sing"')
DANGLES = Fault("dangling-reference", "map.bpmn:32", "targetRef 'Sing' names no element", "did you mean 'Sign'?")


def test_map_and_scenario_that_meet() -> None:
    assert_refused(
        DANGLING.in_scenario("yes = 0.8", "yes = 0.7"), 1, bm.MapError,
        DANGLES,
        Fault("probabilities", "scenario.toml [gateways.Ok]", "0.2 + 0.7 = 0.9", "so that they sum to 1"),
    )  # fmt: skip


def test_map_and_scenario_that_never_meet() -> None:
    assert_refused(
        DANGLING.in_scenario('"PT10M"', '"-PT10M"'), 1, bm.ScenarioError,
        DANGLES,
        Fault("invalid-duration", "scenario.toml [activities.Register.processing_time]", "'-PT10M'", "write ISO 8601 text"),
        several=True,
    )  # fmt: skip


def test_three_faults_in_three_files() -> None:
    assert_refused(
        DANGLING.in_org("quantity = 2", "quantity = 0").in_scenario('"P2D"', '"P2M"'), 1, bm.ScenarioError,
        DANGLES,
        Fault("invalid-duration", "scenario.toml [events.Pay.wait_time]", "'P2M'", "write ISO 8601 text"),
        Fault("out-of-range", "org.toml [units.FO.pools.clerks.quantity]", "(got '0')", "give a number >= 1"),
        several=True,
    )  # fmt: skip


def test_unsupported_element_and_wrong_probabilities() -> None:
    assert_refused(
        GOOD.in_map('<task id="Sign" name="Sign permit"/>', '<transaction id="Sign"/>').in_scenario("[gateways.Ok]", "[gateways.Okay]"), 1, bm.MapError,
        Fault("unsupported-element", "map.bpmn:25", "transaction 'Sign'", "replace it"),
        Fault("unknown-element", "scenario.toml [gateways.Okay]", "'Okay' names no gateway", "use the id or name of a gateway"),
    )  # fmt: skip


def test_faults_of_each_stage_of_planning() -> None:
    """A table that is not there stands behind those that are."""
    triple = GOOD.in_scenario('[activities.Register]\nprocessing_time = "PT10M"\n\n', "").in_scenario(
        "no = 0.2, yes = 0.8", "no = 1, yes = 0"
    )
    assert_refused(
        triple.in_org("[units.TO.pools.staff]\nquantity = 3\n", ""), 1, bm.ScenarioError,
        Fault("no-pool", "scenario.toml [activities.Check]", "unit 'TO' has no pool", "give the unit a pool"),
        Fault("no-pool", "scenario.toml [activities.Sign]", "unit 'TO' has no pool", "give the unit a pool"),
        Fault("missing-processing-time", "scenario.toml [activities.Register]", "task 'Register'", "set processing_time"),
        Fault("endless-loop", "scenario.toml [gateways.Ok]", "'yes' would lead there", "give 'yes' a probability above 0"),
    )  # fmt: skip


def test_a_missing_map_beside_a_faulty_one_and_a_faulty_scenario() -> None:
    """Nothing can be worked on, so the status is 2; what could be read is told all the same."""
    DANGLING.in_scenario('"PT10M"', "10").write(Path())
    outcome = command("handoffs", "no.bpmn", "map.bpmn", "scenario.toml")
    assert_told(
        outcome.told,
        [
            Fault("file-missing", "no.bpmn", "there is no such file", "check the path"),
            DANGLES,
            Fault("invalid-duration", "scenario.toml [activities.Register.processing_time]", "'10'", "write ISO 8601 text"),
        ],
    )
    assert (outcome.status, outcome.output) == (2, "")


def test_a_faulty_map_and_a_missing_scenario() -> None:
    DANGLING.write(Path())
    outcome = command("handoffs", "map.bpmn", "no.toml")
    assert_told(outcome.told, [DANGLES, Fault("file-missing", "no.toml", "no file 'no.toml'", "give the path of a TOML file that exists")])
    assert (outcome.status, outcome.output) == (2, "")


def test_faults_of_two_maps_come_in_the_order_of_the_maps() -> None:
    """[activities.Sign] is for the second map's task: the other one's is cut off."""
    DANGLING.write(Path())
    second = MAP.replace('id="permit"', 'id="a_permit"').replace('sourceRef="Sign"', 'sourceRef="Sing"')
    Path("second.bpmn").write_text(second, encoding="utf-8")
    outcome = command("handoffs", "second.bpmn", "map.bpmn", "scenario.toml")
    assert [(each.code, each.place) for each in outcome.told] == [
        ("dangling-reference", "second.bpmn:33"),
        ("dangling-reference", "map.bpmn:32"),
        ("ambiguous-element", "scenario.toml [arrivals.Start]"),
        ("ambiguous-element", "scenario.toml [activities.Register]"),
        ("ambiguous-element", "scenario.toml [activities.Check]"),
        ("ambiguous-element", "scenario.toml [gateways.Ok]"),
        ("ambiguous-element", "scenario.toml [events.Pay]"),
    ]
    assert outcome.status == 1
