"""New references have the prefix that their like have in the file: ids have none where qualified names have one."""

from __future__ import annotations

from bpmnmap.model import Association, DataInputAssociation, Message, MessageFlow, Participant, SequenceFlow
from bpmnmap.xmlio.document import load
from bpmnmap.xmlio.schema import schema_findings
from bpmnmap.xmlio.writer import format_bpmn
from tests.xmlio.maps import read, text_of_map

MIXED = text_of_map("""<collaboration id="c"><participant id="a" processRef="own:p"/><participant id="b"/>
<messageFlow id="m" sourceRef="own:a" targetRef="own:b"/></collaboration>
<process id="p"><startEvent id="s"/>
<task id="t"><ioSpecification><dataInput id="i"/><inputSet/><outputSet/></ioSpecification></task>
<sequenceFlow id="f" sourceRef="s" targetRef="t"/><dataObject id="d"/></process>""")


def test_each_holder_keeps_to_its_like() -> None:
    edited = (
        read(MIXED)
        .add(SequenceFlow(id="g", source_ref="s", target_ref="t"), into="p")
        .add(DataInputAssociation(source_ref=("d",), target_ref="i"), into="t")
        .add(Association(id="n", source_ref="s", target_ref="d"), into="p")
        .add(MessageFlow(id="o", source_ref="b", target_ref="a"), into="c")
        .add(Participant(id="e", process_ref="p"), into="c")
    )
    written = format_bpmn(edited)
    for expected in (
        b'<sequenceFlow id="g" sourceRef="s" targetRef="t"/>',
        b"<sourceRef>d</sourceRef>",
        b"<targetRef>i</targetRef>",
        b'<association id="n" sourceRef="own:s" targetRef="own:d"/>',
        b'<messageFlow id="o" sourceRef="own:b" targetRef="own:a"/>',
        b'<participant id="e" processRef="own:p"/>',
    ):
        assert expected in written
    assert schema_findings(load(written)[0]) == ()


def test_where_all_have_a_prefix_new_ones_have_it_too() -> None:
    definitions = read(MIXED.replace('"s" targetRef="t"', '"own:s" targetRef="own:t"'))
    written = format_bpmn(definitions.add(SequenceFlow(id="g", source_ref="s", target_ref="t"), into="p").add(Message(id="x")))
    assert b'<sequenceFlow id="g" sourceRef="own:s" targetRef="own:t"/>' in written
