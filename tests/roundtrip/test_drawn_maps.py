"""Maps drawn at random: what is written reads as what was meant, whether written whole or edited from another map into it."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given, settings

from bpmnmap.model import Definitions
from bpmnmap.xmlio.document import load
from bpmnmap.xmlio.reader import parse_bpmn
from bpmnmap.xmlio.schema import schema_findings
from bpmnmap.xmlio.writer import format_bpmn
from tests.strategies import broken_maps, meaning, sound_maps

APART = {"line", "findings", "path", "source", "_index"}


def edited_into(one: Definitions, other: Definitions) -> Definitions:
    """The first map, edited until it says what the second says."""
    return one.replace(one, **{f.name: getattr(other, f.name) for f in fields(Definitions) if f.name not in APART})


@given(broken_maps())
def test_a_map_made_in_code_reads_as_it_was_made(definitions: Definitions) -> None:
    assert parse_bpmn(format_bpmn(definitions)) == definitions


@given(broken_maps(), broken_maps())
@settings(max_examples=150)
def test_any_map_can_be_edited_into_any_other(one: Definitions, other: Definitions) -> None:
    read = parse_bpmn(format_bpmn(one))
    edited = edited_into(read, other)
    assert meaning(parse_bpmn(format_bpmn(edited))) == meaning(other)
    assert format_bpmn(edited_into(edited, read)) == format_bpmn(read)


@given(sound_maps(), sound_maps())
@settings(max_examples=40)
def test_sound_maps_follow_the_schema_before_and_after(one: Definitions, other: Definitions) -> None:
    data = format_bpmn(one)
    assert schema_findings(load(data)[0]) == ()
    assert parse_bpmn(data).findings == ()
    edited = format_bpmn(edited_into(parse_bpmn(data), other))
    assert schema_findings(load(edited)[0]) == ()
    assert parse_bpmn(edited) == other
