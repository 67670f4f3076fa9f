"""Edits of what vendors add: a document keeps its manner, and reads as what was meant."""

from __future__ import annotations

import pytest

from bpmnmap.model import XmlElement
from bpmnmap.xmlio.reader import parse_bpmn
from bpmnmap.xmlio.writer import format_bpmn

MAP = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:own="urn:own" targetNamespace="urn:permits">
  <extensionElements>
    <own:notes>{}</own:notes>
  </extensionElements>
  <process id="permit"/>
</definitions>
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n      <own:note/>\n    ", "<own:notes/>"),
        ("<own:note/>", "<own:notes/>"),
        ("some text <own:note/> more", "<own:notes/>"),
        ("\n      <!-- first -->\n      <own:note><!-- goes too --></own:note> <!-- second -->\n    ", "<own:notes><!-- first --><!-- second --></own:notes>"),
        ("<own:note/>\n    <?run\n it?>", "<own:notes><?run\n it?></own:notes>"),
    ],
)  # fmt: skip
def test_without_children_a_foreign_element_has_no_white_space(before: str, after: str) -> None:
    read = parse_bpmn(MAP.format(before).encode())
    edited = read.replace(read, extension_elements=(XmlElement("{urn:own}notes"),))
    text = format_bpmn(edited).decode()
    assert text == MAP.replace("<own:notes>{}</own:notes>", after)
    assert parse_bpmn(text.encode()).extension_elements == edited.extension_elements
    assert format_bpmn(edited.replace(edited, extension_elements=read.extension_elements)) == MAP.format(before).encode()
