"""A small map to be changed, and what is told of a change."""

from __future__ import annotations

import bpmnmap as bm
from tests.xmlio.maps import read, text_of_process

LANES = """<laneSet id="LS">
<lane id="L1" name="Front Office"><flowNodeRef>A</flowNodeRef><flowNodeRef>B</flowNodeRef></lane>
<lane id="L2" name="Back Office"><flowNodeRef>C</flowNodeRef></lane>
</laneSet>"""
NODES = """<task id="A" name="Check"/>
<task id="B" name="Sign"/>
<task id="C" name="File"/>"""
FLOWS = """<sequenceFlow id="F1" sourceRef="A" targetRef="B"/>
<sequenceFlow id="F2" sourceRef="B" targetRef="C"/>"""
BEFORE = text_of_process(f"{LANES}\n{NODES}\n{FLOWS}")


def lines(old: str, new: str, *, in_full: bool = False) -> list[str]:
    """What is told, without the summary."""
    found = bm.differences(read(old), read(new))
    text = found.to_text(in_full=in_full).splitlines()[:-1]
    return [line.removeprefix("permit.bpmn:") for line in text]
