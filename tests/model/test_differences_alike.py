"""What makes no difference, or an incidental one."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import bpmnmap as bm
from tests.architecture.source import ROOT
from tests.model.changed_maps import BEFORE, LANES, lines
from tests.xmlio.maps import CORPUS, read, text_of_map, text_of_process

FILES = sorted(CORPUS.rglob("*.bpmn"))
SAMPLES = sorted((ROOT / "bpmn_samples").rglob("*.bpmn"))


def other_writing(text: str) -> str:
    """The same map with other prefixes, another order of attributes, other white space and comments, and all on other lines."""
    root = ElementTree.fromstring(text)
    for element in root.iter():
        attributes = list(element.attrib.items())
        element.attrib.clear()
        element.attrib.update(reversed(attributes))
        if len(element) and not (element.text or "").strip():
            element.text = "\n\n\t"
            element.insert(0, ElementTree.Comment("exported"))
    return ElementTree.tostring(root, encoding="unicode")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_another_tool_writes_the_same_map(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    other = other_writing(text)
    assert other.count("ns0:") > 100
    assert bm.differences(read(text), read(other)) == bm.Differences((), ("permit.bpmn", "permit.bpmn"))
    assert str(bm.differences(read(text), read(other))) == "no difference"


@pytest.mark.skipif(not FILES, reason=f"the corpus is not there: {CORPUS}")
def test_another_tool_writes_the_same_maps_of_many_tools() -> None:
    compared = 0
    for path in FILES:
        definitions = bm.read_bpmn(path)
        if not any(finding.code in ("wrong-encoding", "faulty-namespace") for finding in definitions.findings):
            other = bm.parse_bpmn(other_writing(path.read_text(encoding="utf-8")).encode())
            found = bm.differences(definitions, other)
            assert (found.meaning, found.layout) == ((), ()), path
            assert len(found) <= 1, path  # white space in a text with elements in it, which `other_writing` changes
            compared += 1
    assert compared >= 35


def test_order_of_elements_of_different_kinds_makes_no_difference() -> None:
    mixed = text_of_process(
        f'{LANES}\n<sequenceFlow id="F1" sourceRef="A" targetRef="B"/><task id="A" name="Check"/><task id="B" name="Sign"/>'
        '<sequenceFlow id="F2" sourceRef="B" targetRef="C"/><task id="C" name="File"/>'
    )
    assert str(bm.differences(read(BEFORE), read(mixed))) == "no difference"


def test_order_without_meaning_makes_no_difference() -> None:
    messages = text_of_map('<message id="M"/>\n<message id="N"/>')
    assert str(bm.differences(read(messages), read(text_of_map('<message id="N"/>\n<message id="M"/>')))) == "no difference"


def test_order_of_vendors_attributes_makes_no_difference() -> None:
    task = '<task id="A" camunda:a="1" own:b="2"><extensionElements><own:x a="1" b="2"/></extensionElements></task>'
    other = task.replace('camunda:a="1" own:b="2"', 'own:b="2" camunda:a="1"').replace('a="1" b="2"', 'b="2" a="1"')
    assert other != task
    assert str(bm.differences(read(text_of_process(task)), read(text_of_process(other)))) == "no difference"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<task id="A"/>', '<task id="A"><outgoing>F</outgoing></task>'),
        ('<task id="A" name="Sign&#10;it"/>', '<task id="A" name="Sign it"/>'),
        ('<task id="A"><documentation>a</documentation></task>', '<task id="A"><documentation>\n  a\n</documentation></task>'),
        ('<task id="A"><documentation>a</documentation></task>', '<task id="A"><documentation id="d">a</documentation></task>'),
        (
            '<startEvent id="A"><timerEventDefinition/></startEvent>',
            '<startEvent id="A"><timerEventDefinition id="TimerEventDefinition_1"/></startEvent>',
        ),
    ],
)
def test_incidental(old: str, new: str) -> None:
    found = bm.differences(read(text_of_process(old)), read(text_of_process(new)))
    assert str(found) == "no difference in meaning; 1 incidental"
    assert len(found.incidental) == len(found) == 1


def test_white_space_in_scripts_is_meaning() -> None:
    old, new = (text_of_process(f'<scriptTask id="A"><script>{script}</script></scriptTask>') for script in ("if a:\n  b", "if a:\nb"))
    assert lines(old, new) == ["3: change scriptTask 'A': script 'if a:\\n  b' → 'if a:\\nb'"]
