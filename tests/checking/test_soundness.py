"""What `inspection` tells of cases: each fault with a shortest way to it; calls lead across the files that are checked together."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.checking import soundness
from tests.xmlio.maps import text_of_map, text_of_process

STUCK = """<startEvent id="in"/><exclusiveGateway id="one"/><task id="a" name="Check"/><task id="b"/>
<parallelGateway id="both"/><endEvent id="out"/>
<sequenceFlow id="f" sourceRef="in" targetRef="one"/><sequenceFlow id="g" sourceRef="one" targetRef="a"/>
<sequenceFlow id="h" sourceRef="one" targetRef="b"/><sequenceFlow id="i" sourceRef="a" targetRef="both"/>
<sequenceFlow id="j" sourceRef="b" targetRef="both"/><sequenceFlow id="k" sourceRef="both" targetRef="out"/>"""
CALL = '<startEvent id="s"/><callActivity id="c" calledElement="{0}"/><sequenceFlow id="sc" sourceRef="s" targetRef="c"/>'
TWO_POOLS = """<collaboration id="both"><participant id="A" processRef="a"/><participant id="B" processRef="b"/>
<messageFlow id="m" sourceRef="ask" targetRef="asked"/><messageFlow id="n" sourceRef="late" targetRef="told"/></collaboration>
<process id="a"><startEvent id="s"/><sendTask id="ask"/><receiveTask id="told" name="Hear"/><endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="ask"/><sequenceFlow id="f2" sourceRef="ask" targetRef="told"/>
<sequenceFlow id="f3" sourceRef="told" targetRef="e"/></process>
<process id="b"><startEvent id="asked"><messageEventDefinition/></startEvent><exclusiveGateway id="x"/><sendTask id="late"/>
<sequenceFlow id="g1" sourceRef="asked" targetRef="x"/><sequenceFlow id="g2" sourceRef="x" targetRef="late"/>
<sequenceFlow id="g3" sourceRef="x" targetRef="gone"/><endEvent id="gone"/></process>"""

Told = list[tuple[str, str, str | None, str]]


def found(folder: Path, **texts: str) -> Told:
    """Findings of maps but those of the schema: file, severity and code, element, message."""
    for name, text in texts.items():
        (folder / f"{name}.bpmn").write_text(text, encoding="utf-8")
    return [
        (Path(each.location.path or "").stem, f"{each.severity}[{each.code}]", each.element_id, each.message)
        for each in bm.inspection([folder / f"{name}.bpmn" for name in texts]).findings
        if each.code != "schema-violation"
    ]


def process(name: str, inside: str) -> str:
    return text_of_map(f'<process id="{name}">{inside}</process>')


def test_no_case_can_be_completed(tmp_path: Path) -> None:
    assert found(tmp_path, a=text_of_process(STUCK)) == [
        ("a", "error[deadlock]", "both", "a case gets stuck: tokens wait at 'both' for flow 'j'; e.g. after 'Check'"),
    ]


def test_some_cases_can_be_completed(tmp_path: Path) -> None:
    way_out = STUCK + '<sequenceFlow id="l" sourceRef="one" targetRef="out"/>'
    assert found(tmp_path, a=text_of_process(way_out)) == [
        ("a", "warning[deadlock]", "both", "a case gets stuck: tokens wait at 'both' for flow 'j'; e.g. after 'Check'"),
    ]


def test_lack_of_synchronization(tmp_path: Path) -> None:
    inside = STUCK.replace('exclusiveGateway id="one"', 'parallelGateway id="one"').replace('parallelGateway id="both"', 'task id="both"')
    assert found(tmp_path, a=text_of_process(inside)) == [
        (
            "a",
            "warning[unsynchronized]",
            "both",
            "two tokens of a case can be here at once, so that it is done twice; e.g. after 'Check', 'b'",
        ),
    ]


def test_a_circle_without_a_way_out(tmp_path: Path) -> None:
    inside = '<startEvent id="in"/><task id="a"/><sequenceFlow id="f" sourceRef="in" targetRef="a"/>'
    inside += '<task id="b"/><sequenceFlow id="g" sourceRef="a" targetRef="b"/><sequenceFlow id="h" sourceRef="b" targetRef="a"/>'
    assert found(tmp_path, a=text_of_process(inside)) == [
        ("a", "error[no-completion]", "a", "no case can ever be completed: it goes on at 'a', 'b' without end"),
    ]


def test_messages_between_pools(tmp_path: Path) -> None:
    message = "a case gets stuck: a token waits at 'Hear' for a message that will not come; e.g. after 'ask'"
    assert found(tmp_path, a=text_of_map(TWO_POOLS)) == [("a", "warning[deadlock]", "told", message)]
    never = TWO_POOLS.replace('<sequenceFlow id="g2" sourceRef="x" targetRef="late"/>', "")
    assert [told[:3] for told in found(tmp_path, a=text_of_map(never)) if told[1].startswith("error")] == [("a", "error[deadlock]", "told")]


def test_what_is_valid_but_not_run_is_for_information(tmp_path: Path) -> None:
    inside = '<startEvent id="in"/><complexGateway id="x"/><sequenceFlow id="f" sourceRef="in" targetRef="x"/>'
    assert found(tmp_path, a=text_of_process(inside)) == [("a", "info[unsupported-element]", "x", "is not simulated yet")]


def test_a_map_need_not_have_a_process(tmp_path: Path) -> None:
    assert found(tmp_path, a=text_of_map(""), b=text_of_process("")) == []


def test_calls_are_followed_into_the_other_files(tmp_path: Path) -> None:
    caller, called = process("first", CALL.format("second")), process("second", STUCK)
    stuck = ("called", "error[deadlock]", "both", "a case gets stuck: tokens wait at 'both' for flow 'j'; e.g. after 'Check'")
    assert found(tmp_path, caller=caller, called=called) == [stuck]  # once, though the caller gets stuck there too
    assert found(tmp_path, called=called, caller=caller) == [stuck]
    message = "calls 'second', which no given map has: it is worked as one task"
    assert found(tmp_path, caller=caller) == [("caller", "warning[unknown-called-process]", "c", message)]


def test_calls_lead_through_several_files(tmp_path: Path) -> None:
    maps = {
        "one": process("first", CALL.format("second")),
        "two": process("second", CALL.format("third")),
        "three": process("third", STUCK),
    }
    assert [told[:3] for told in found(tmp_path, **maps)] == [("three", "error[deadlock]", "both")]


def test_within_its_own_map_each_process_of_one_id_is_called(tmp_path: Path) -> None:
    own = text_of_map(f'<process id="first">{CALL.format("second")}</process><process id="second"><task id="t"/></process>')
    assert [told[:3] for told in found(tmp_path, a=process("second", STUCK), z=own)] == [("a", "error[deadlock]", "both")]


def test_a_call_that_leads_back_is_for_information(tmp_path: Path) -> None:
    maps = {"one": process("first", CALL.format("second")), "two": process("second", CALL.format("first"))}
    assert [told[:3] for told in found(tmp_path, **maps)] == [("one", "info[recursive-call]", "c"), ("two", "info[recursive-call]", "c")]


def test_faults_of_reading_come_first(tmp_path: Path) -> None:
    faulty = process("second", STUCK + '<sequenceFlow id="l" sourceRef="one" targetRef="nowhere"/>')
    told = found(tmp_path, caller=process("first", CALL.format("second")), called=faulty)
    assert [each[:3] for each in told] == [("called", "error[dangling-reference]", "l")]


def test_the_end_of_the_search_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "BUDGET", 2)
    (tmp_path / "a.bpmn").write_text(text_of_process(STUCK))
    (finding,) = bm.inspection(tmp_path).findings
    assert str(finding) == (
        f"{tmp_path}/a.bpmn:2: info[soundness-unknown] process 'p': the search for deadlocks ended after 2 markings; there may be more\n"
        "    fix: simplify what runs in parallel, or put parts of it in sub-processes or processes of their own"
    )
