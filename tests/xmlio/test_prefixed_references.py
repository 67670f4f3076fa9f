"""References with a prefix: the map's own is no part of the id, whether the id is there or not, and stays in the text."""

from __future__ import annotations

import pytest

import bpmnmap as bm
from bpmnmap.model import CallActivity, Definitions, Message, SequenceFlow
from tests.xmlio.maps import read, text_of_map, told

TASKS = """<process id="p">
<startEvent id="s"/>
<task id="a"><incoming>own:f</incoming></task>
<sequenceFlow id="f" sourceRef="own:s" targetRef="own:a"/>
<callActivity id="c" calledElement="own:elsewhere"/>
<task id="u"><performer><resourceRef>{}</resourceRef></performer></task>
</process>
<message id="m" itemRef="own:nothing"/>"""


def map_with(resource: str) -> Definitions:
    return read(text_of_map(TASKS.format(resource), 'xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:away="urn:away"'))


def test_the_maps_own_prefix_is_no_part_of_a_dangling_reference() -> None:
    definitions = map_with("own:clerk")
    assert definitions.element("c") == CallActivity(id="c", called_element="elsewhere")
    assert definitions.element("m") == Message(id="m", item_ref="nothing")
    assert told(definitions) == [
        "7: warning[dangling-reference] performer: resourceRef 'clerk' names no element",
        "9: warning[dangling-reference] message 'm': itemRef 'nothing' names no element",
    ]


@pytest.mark.parametrize("removed", ["s", "a", "f", "c", "u", "m"])
def test_what_is_written_after_a_removal_reads_as_it_is(removed: str) -> None:
    definitions = map_with("own:clerk")
    rest = definitions.remove(removed)
    written = bm.format_bpmn(rest)
    assert bm.parse_bpmn(written) == rest
    assert b'targetRef="own:a"' in written or removed == "f"


def test_references_keep_their_prefix_when_they_name_another_element() -> None:
    definitions = map_with("own:clerk")
    edited = definitions.replace("f", target_ref="gone").replace("c", called_element="other").replace("a", incoming=("g",))
    written = bm.format_bpmn(edited)
    assert b'sourceRef="own:s" targetRef="own:gone"' in written
    assert b'calledElement="own:other"' in written
    assert b"<incoming>own:g</incoming>" in written
    assert bm.parse_bpmn(written) == edited
    back = edited.replace("f", target_ref="a").replace("c", called_element="elsewhere").replace("a", incoming=("f",))
    assert bm.format_bpmn(back) == bm.format_bpmn(definitions)


@pytest.mark.parametrize("prefix", ["b", "undeclared"])
def test_prefixes_that_can_name_no_other_file_are_overlooked_too(prefix: str) -> None:
    text = text_of_map(
        f'<process id="p"><task id="a"/>\n<sequenceFlow id="f" sourceRef="{prefix}:a" targetRef="{prefix}:x"/></process>',
        'xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"',
    )
    definitions = read(text)
    assert definitions.element("f") == SequenceFlow(id="f", source_ref="a", target_ref="x")
    for edited in (definitions.remove("a"), definitions.replace("f", source_ref="gone")):
        written = bm.format_bpmn(edited)
        assert f'targetRef="{prefix}:x"'.encode() in written
        assert bm.parse_bpmn(written) == edited


def test_a_colon_in_ids_is_no_prefix() -> None:
    definitions = read(
        text_of_map(
            '<process id="p"><task id="task:1"/><task id="task:2"/>\n<sequenceFlow id="f" sourceRef="task:1" targetRef="task:2"/></process>'
        )
    )
    rest = definitions.remove("task:2")
    assert rest.element("f") == SequenceFlow(id="f", source_ref="task:1", target_ref="task:2")
    assert bm.parse_bpmn(bm.format_bpmn(rest)) == rest


def test_a_prefix_of_another_namespace_stays() -> None:
    definitions = map_with("away:clerk")
    assert told(definitions) == ["9: warning[dangling-reference] message 'm': itemRef 'nothing' names no element"]
    edited = definitions.replace("c", called_element="away:p")
    written = bm.format_bpmn(edited)
    assert b'calledElement="away:p"' in written
    assert bm.parse_bpmn(written) == edited


def test_an_id_with_a_colon_is_found_as_it_stands() -> None:
    definitions = read(
        text_of_map('<process id="p"><task id="own:a"/>\n<sequenceFlow id="f" sourceRef="own:a" targetRef="own:a"/></process>')
    )
    assert definitions.element("f") == SequenceFlow(id="f", source_ref="own:a", target_ref="own:a")
