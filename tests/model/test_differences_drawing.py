"""Differences of the drawing: told apart from those in meaning."""

from __future__ import annotations

import re

import pytest

import bpmnmap as bm
from tests.model.changed_maps import lines
from tests.xmlio.maps import read, text_of_map

DRAWN = text_of_map(
    '<process id="p"><task id="A"/><task id="B"/><sequenceFlow id="F" sourceRef="A" targetRef="B"/></process>\n'
    '<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="p">\n'
    '<bpmndi:BPMNShape id="s1" bpmnElement="A"><dc:Bounds x="0" y="0" width="100" height="80"/></bpmndi:BPMNShape>\n'
    '<bpmndi:BPMNShape id="s2" bpmnElement="B"><dc:Bounds x="200" y="0" width="100" height="80"/>'
    '<bpmndi:BPMNLabel><dc:Bounds x="200" y="90" width="50" height="14"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>\n'
    '<bpmndi:BPMNEdge id="e1" bpmnElement="F"><di:waypoint x="100" y="40"/><di:waypoint x="200" y="40"/></bpmndi:BPMNEdge>\n'
    "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
)


@pytest.mark.parametrize(
    ("before", "after", "summary"),
    [
        ('x="0"', 'x="10"', "1 shape moved"),
        ('<di:waypoint x="100" y="40"/>', '<di:waypoint x="100" y="40"/><di:waypoint x="150" y="40"/>', "1 edge redrawn"),
        ('y="90"', 'y="95"', "1 label moved"),
        ('"s1" bpmnElement="A"', '"s1" bpmnElement="A" isExpanded="true"', "1 other change of the drawing"),
        ('id="s1"', 'id="shape_1"', "1 incidental"),
    ],
)
def test_the_drawing_changes_no_meaning(before: str, after: str, summary: str) -> None:
    assert before in DRAWN
    found = bm.differences(read(DRAWN), read(DRAWN.replace(before, after, 1)))
    assert str(found) == f"no difference in meaning; {summary}"
    assert found.meaning == ()
    assert len(found.layout + found.incidental) == 1


def test_a_moved_shape_is_told_in_full() -> None:
    assert lines(DRAWN, DRAWN.replace('x="0"', 'x="10.5"'), in_full=True) == ["4: change BPMNShape 's1': bounds.x 0 → 10.5"]
    edge = lines(DRAWN, DRAWN.replace('<di:waypoint x="200" y="40"/>', '<di:waypoint x="210" y="40"/>'), in_full=True)
    assert edge == ["6: change BPMNEdge 'e1': waypoints …, (200, 40) → …, (210, 40)"]


def test_shapes_are_what_they_draw_whatever_their_ids() -> None:
    swapped = DRAWN.replace('"s1"', '"s0"').replace('"s2"', '"s1"').replace('"s0"', '"s2"')
    found = bm.differences(read(DRAWN), read(swapped))
    assert str(found) == "no difference in meaning; 2 incidental"


def test_a_shape_that_is_gone_changes_no_meaning() -> None:
    without = re.sub(r"<bpmndi:BPMNEdge.*?</bpmndi:BPMNEdge>\n", "", DRAWN)
    assert str(bm.differences(read(DRAWN), read(without))) == "no difference in meaning; 1 no longer drawn"
    assert str(bm.differences(read(without), read(DRAWN))) == "no difference in meaning; 1 drawn anew"
