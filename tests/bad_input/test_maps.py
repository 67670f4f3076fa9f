"""Maps that are no XML, are refused for safety, are no whole graph, or hold what is not simulated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Fault, assert_refused, assert_told, command
from tests.bad_input.triple import GOOD, MAP, Triple

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
BOMB = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>\n'
EXTERNAL = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n'
START = '    <startEvent id="Start" name="Application"/>\n'
F1 = '    <sequenceFlow id="f1" sourceRef="Start" targetRef="Register"/>\n'
SIGN = '<task id="Sign" name="Sign permit"/>'
DONE = '<endEvent id="Done" name="Issued"/>'
DOCTYPE = "has a DOCTYPE, which is refused"
NOT_YET = "is not simulated yet"
REPLACE = "replace it by elements that are simulated"

UNREADABLE = {
    "malformed": (GOOD.in_map("</process>", "</proces>"), Fault("not-xml", "map.bpmn:34", "tag mismatch", "mend it there")),
    "cut off": (Triple(map=MAP[: MAP.index("<task id=")]), Fault("not-xml", "map.bpmn:19", "not well-formed XML", "export the map")),
    "undefined entity": (
        GOOD.in_map('name="Permit">', 'name="&nosuch;">'),
        Fault("not-xml", "map.bpmn:4", "Entity 'nosuch' not defined", "mend it there"),
    ),
    "entity bomb": (
        GOOD.in_map(DECLARATION, DECLARATION + BOMB).in_map('name="Permit">', 'name="&c;">'),
        Fault("doctype", "map.bpmn:2", DOCTYPE, "remove the DOCTYPE"),
    ),
    "external entity": (
        GOOD.in_map(DECLARATION, DECLARATION + EXTERNAL).in_map('name="Permit">', 'name="&x;">'),
        Fault("doctype", "map.bpmn:2", DOCTYPE, "remove the DOCTYPE"),
    ),
    "DOCTYPE alone": (
        GOOD.in_map(DECLARATION, DECLARATION + "<!DOCTYPE definitions>\n"),
        Fault("doctype", "map.bpmn:2", DOCTYPE, "remove the DOCTYPE"),
    ),
    "empty": (Triple(map=""), Fault("empty-file", "map.bpmn", "the file is empty", "export the map")),
    "blank": (Triple(map=" \n\t\n"), Fault("empty-file", "map.bpmn", "the file is empty", "export the map")),
    "a web page": (Triple(map="<html><body/></html>"), Fault("not-bpmn", "map.bpmn:1", "'html'", "export the map")),
    "too deep": (
        Triple(map=re.sub(r"<process .*</process>", f"<process>{'<subProcess>' * 250}{'</subProcess>' * 250}</process>", MAP, flags=re.DOTALL)),
        Fault("too-deep", "map.bpmn:4", "more than 200 deep", "flatten the map"),
    ),
}  # fmt: skip

FAULTY = {
    "dangling reference": (
        GOOD.in_map('targetRef="Sign"', 'targetRef="Sing"'),
        Fault("dangling-reference", "map.bpmn:32", "sequenceFlow 'f4': targetRef 'Sing' names no element", "did you mean 'Sign'?"),
    ),
    "half-attached flow": (
        GOOD.in_map(' targetRef="Sign"', ""),
        Fault("half-attached-flow", "map.bpmn:32", "sequenceFlow 'f4': has no targetRef", "point targetRef at a flow node"),
    ),
    "duplicate id": (
        GOOD.in_map('<sequenceFlow id="f5"', '<sequenceFlow id="f4"'),
        Fault("duplicate-id", "map.bpmn:33", "id 'f4' is also that of the sequenceFlow in line 32", "give the sequenceFlow an id of its own"),
    ),
    "flow to a lane": (
        GOOD.in_map('targetRef="Sign"', 'targetRef="Lane_TO"'),
        Fault("wrong-reference", "map.bpmn:32", "targetRef 'Lane_TO' names a lane", "point targetRef at a flow node"),
    ),
    "empty process": (
        Triple(map=re.sub(r'name="Permit">.*</process>', 'name="Permit"/>', MAP, flags=re.DOTALL)),
        Fault("no-start", "map.bpmn:3", "no process of this map has a flow node", "draw the process"),
    ),
    "no process": (
        Triple(map=re.sub(r"  <process.*</process>\n", "", MAP, flags=re.DOTALL)),
        Fault("no-start", "map.bpmn:3", "no process of this map has a flow node", "draw the process"),
    ),
    "gateways in a circle": (
        GOOD.in_map('sourceRef="Ok" targetRef="Pay"', 'sourceRef="Ok" targetRef="G1"').in_map(
            DONE,
            f'{DONE}\n<exclusiveGateway id="G1"/>\n<exclusiveGateway id="G2"/>'
            '<sequenceFlow id="g1" sourceRef="G1" targetRef="G2"/><sequenceFlow id="g2" sourceRef="G2" targetRef="G1"/>',
        ),
        Fault("endless-loop", "map.bpmn:27", "exclusiveGateway 'G1': gateways lead in a circle", "give the circle a way out"),
    ),
}  # fmt: skip

UNSUPPORTED = {
    "transaction": (
        GOOD.in_map(SIGN, '<transaction id="Sign"><task id="Inner"/></transaction>'),
        Fault("unsupported-element", "map.bpmn:25", f"transaction 'Sign': {NOT_YET}", REPLACE),
    ),
    "ad-hoc sub-process": (
        GOOD.in_map(SIGN, '<adHocSubProcess id="Sign"><task id="Inner"/></adHocSubProcess>'),
        Fault("unsupported-element", "map.bpmn:25", f"adHocSubProcess 'Sign': {NOT_YET}", REPLACE),
    ),
    "complex gateway": (
        GOOD.in_map('<exclusiveGateway id="Ok"', '<complexGateway id="Ok"'),
        Fault("unsupported-element", "map.bpmn:21", f"complexGateway 'Complete?': {NOT_YET}", REPLACE),
    ),
    "event gateway that starts": (
        GOOD.in_map('<exclusiveGateway id="Ok"', '<eventBasedGateway id="Ok" instantiate="true"'),
        Fault("unsupported-element", "map.bpmn:21", "eventBasedGateway 'Complete?': starts a process", REPLACE),
    ),
    "compensation end": (
        GOOD.in_map(DONE, '<endEvent id="Done"><compensateEventDefinition/></endEvent>'),
        Fault("unsupported-element", "map.bpmn:26", "endEvent 'Done': has a compensateEventDefinition", REPLACE),
    ),
    "cancel end": (
        GOOD.in_map(DONE, '<endEvent id="Done"><cancelEventDefinition/></endEvent>'),
        Fault("unsupported-element", "map.bpmn:26", "endEvent 'Done': has a cancelEventDefinition", REPLACE),
    ),
    "two events in one": (
        GOOD.in_map(START, '<startEvent id="Start"><timerEventDefinition/><signalEventDefinition/></startEvent>\n'),
        Fault("unsupported-element", "map.bpmn:18", "startEvent 'Start': has several event definitions", REPLACE),
    ),
    "catch of nothing": (
        GOOD.in_map('<timerEventDefinition id="Pay_timer"/>', ""),
        Fault("unsupported-element", "map.bpmn:22", "intermediateCatchEvent 'Payment': has no event definition", REPLACE),
    ),
    "compensation handler": (
        GOOD.in_map(SIGN, '<task id="Sign" isForCompensation="true"/>'),
        Fault("unsupported-element", "map.bpmn:25", "task 'Sign': is for compensation", REPLACE),
    ),
    "several tokens": (
        GOOD.in_map(SIGN, '<task id="Sign" startQuantity="2"/>'),
        Fault("unsupported-element", "map.bpmn:25", "task 'Sign': takes or gives several tokens at once", REPLACE),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("triple", "fault"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_maps(triple: Triple, fault: Fault) -> None:
    assert_refused(triple, 2, bm.BpmnReadError, fault)
    explained = command("explain", "map.bpmn")
    assert_told(explained.told, [fault])
    assert (explained.status, explained.output) == (2, "")


@pytest.mark.parametrize(("triple", "fault"), FAULTY.values(), ids=FAULTY)
def test_faulty_maps(triple: Triple, fault: Fault) -> None:
    if fault.message.startswith("exclusiveGateway 'G1'"):
        second = Fault("endless-loop", "map.bpmn:28", "exclusiveGateway 'G2'", "give the circle a way out")
        assert_refused(triple, 1, bm.MapError, fault, second)
        return
    assert_refused(triple, 1, bm.MapError, fault)
    explained = command("explain", "map.bpmn")
    assert_told(explained.told, [fault])
    assert (explained.status, explained.output) == (1, "")


@pytest.mark.parametrize(("triple", "fault"), UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_unsupported_elements(triple: Triple, fault: Fault) -> None:
    assert_refused(triple, 1, bm.UnsupportedElementError, fault)
    explained = command("explain", "map.bpmn")
    assert_told(explained.told, [fault])
    assert (explained.status, explained.output) == (1, "")


def test_unsupported_elements_are_told_all_at_once() -> None:
    faults = [UNSUPPORTED[kind][1] for kind in ("complex gateway", "several tokens", "compensation end")]
    triple = GOOD.in_map('<exclusiveGateway id="Ok"', '<complexGateway id="Ok"').in_map(SIGN, '<task id="Sign" startQuantity="2"/>')
    triple = triple.in_map(DONE, '<endEvent id="Done"><compensateEventDefinition/></endEvent>')
    assert_refused(triple, 1, bm.UnsupportedElementError, *faults)


def test_duplicate_id_of_a_task_is_told_with_the_references_that_it_leaves_dangling() -> None:
    names = "names no element"
    assert_refused(
        GOOD.in_map('<task id="Sign"', '<task id="Check"'), 1, bm.MapError,
        Fault("dangling-reference", "map.bpmn:10", f"lane 'Lane_TO': flowNodeRef 'Sign' {names}", "point flowNodeRef", "warning"),
        Fault("duplicate-id", "map.bpmn:25", "task 'Check': id 'Check' is also that of the task in line 20", "give the task an id of its own"),
        Fault("dangling-reference", "map.bpmn:32", f"targetRef 'Sign' {names}", "point targetRef at a flow node"),
        Fault("dangling-reference", "map.bpmn:33", f"sourceRef 'Sign' {names}", "point sourceRef at a flow node"),
        Fault("unknown-element", "scenario.toml [activities.Sign]", "'Sign' names no activity of the map", "use the id or name of an activity"),
    )  # fmt: skip


def without_start() -> Triple:
    return GOOD.in_map(START, "").in_map(F1, "").in_map("        <flowNodeRef>Start</flowNodeRef>\n", "")


def test_everything_on_a_circle() -> None:
    assert_refused(
        without_start(), 1, bm.MapError,
        Fault("no-start", "map.bpmn:4", "process 'Permit': no case can start", "add a start event"),
        Fault("unknown-element", "scenario.toml [arrivals.Start]", "'Start' names no start of the map", "use the id or name of a start"),
    )  # fmt: skip


def test_map_without_a_start_event_starts_at_its_first_node() -> None:
    triple = without_start().in_map('    <sequenceFlow id="no" name="incomplete" sourceRef="Ok" targetRef="Register"/>\n', "")
    triple = triple.in_scenario("[gateways.Ok]\nprobabilities = { no = 0.2, yes = 0.8 }\n", "")
    assert_refused(
        triple, 1, bm.ScenarioError,
        Fault("unknown-element", "scenario.toml [arrivals.Start]", "'Start' names no start of the map", "use the id or name of a start"),
        Fault("missing-arrivals", "scenario.toml [arrivals.Register]", "nothing says when cases arrive", "add [arrivals.Register] with"),
    )  # fmt: skip
    triple.in_scenario("[arrivals.Start]", "[arrivals.Register]").write(Path())
    assert command("handoffs", "map.bpmn", "scenario.toml").status == 0


def test_tables_of_what_a_fault_of_the_map_cuts_off_are_no_faults_of_the_scenario() -> None:
    """Only `f3` is wrong; the gateway, the event and the last task are out of reach for that reason alone."""
    assert_refused(
        GOOD.in_map('sourceRef="Check" targetRef="Ok"', 'sourceRef="Check" targetRef="OK"'), 1, bm.MapError,
        Fault("dangling-reference", "map.bpmn:29", "targetRef 'OK' names no element", "point targetRef at a flow node"),
    )  # fmt: skip


def test_tables_of_elements_out_of_reach_are_no_faults() -> None:
    """The map warns of them; the run does not need them."""
    triple = GOOD.in_map("  </process>", '    <task id="Old"/>\n    <endEvent id="Never"/>\n  </process>')
    triple = triple.in_map("  </process>", '    <sequenceFlow id="f9" sourceRef="Old" targetRef="Never"/>\n  </process>')
    triple.in_scenario("[activities.Sign]", '[activities.Old]\nprocessing_time = "PT1M"\n\n[activities.Sign]').write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert outcome.status == 0
    assert_told(
        outcome.told,
        [
            Fault("unreachable", "map.bpmn:34", "task 'Old': no start leads here", "add a sequence flow", "warning"),
            Fault("unreachable", "map.bpmn:35", "endEvent 'Never': no start leads here", "add a sequence flow", "warning"),
        ],
    )
