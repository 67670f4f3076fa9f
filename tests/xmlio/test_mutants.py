"""Whatever is done to a file, reading gives a map or our own error, and never hangs or reaches out."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from lxml import etree

from bpmnmap.errors import BpmnReadError
from bpmnmap.model import Definitions
from bpmnmap.xmlio.document import Document
from bpmnmap.xmlio.reader import parse_bpmn
from bpmnmap.xmlio.schema import schema_findings
from tests.xmlio.maps import text_of_map

WHOLE = text_of_map(
    """<collaboration id="c"><participant id="office" name="Büro" processRef="own:p"/><participant id="applicant"/>
  <messageFlow id="m" sourceRef="applicant" targetRef="in"/></collaboration>
<message id="form" name="Form"/><error id="fault" errorCode="7"/>
<process id="p" name="Permit" isExecutable="false">
  <documentation>how <b xmlns="urn:x">it</b> is</documentation>
  <laneSet id="ls"><lane id="front" name="Front"><flowNodeRef>in</flowNodeRef><flowNodeRef>sub</flowNodeRef>
    <childLaneSet id="ls2"><lane id="desk"><flowNodeRef>sub</flowNodeRef></lane></childLaneSet></lane></laneSet>
  <startEvent id="in"><outgoing>f1</outgoing><messageEventDefinition messageRef="form"/></startEvent>
  <sequenceFlow id="f1" sourceRef="in" targetRef="sub"/>
  <subProcess id="sub" camunda:candidateGroups="a,b"><extensionElements><camunda:p n="1">x<camunda:q/>y</camunda:p></extensionElements><incoming>f1</incoming>
    <userTask id="t" startQuantity="1"><potentialOwner><resourceAssignmentExpression><formalExpression>FO</formalExpression></resourceAssignmentExpression></potentialOwner>
      <multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>
    <exclusiveGateway id="g" default="f2"/><endEvent id="e"><errorEventDefinition errorRef="fault"/></endEvent>
    <sequenceFlow id="f2" sourceRef="t" targetRef="g"/><sequenceFlow id="f3" sourceRef="g" targetRef="e"><conditionExpression xsi:type="tFormalExpression">a &lt; b</conditionExpression></sequenceFlow>
  </subProcess>
  <boundaryEvent id="late" attachedToRef="sub" cancelActivity="false"><timerEventDefinition><timeDuration>PT48H</timeDuration></timerEventDefinition></boundaryEvent>
  <textAnnotation id="note"><text>see law</text></textAnnotation><association id="line" sourceRef="note" targetRef="sub"/>
</process>
<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="c"><bpmndi:BPMNShape id="s" bpmnElement="sub" isExpanded="true"><dc:Bounds x="1" y="2" width="3" height="4"/></bpmndi:BPMNShape>
  <bpmndi:BPMNEdge id="ed" bpmnElement="f1"><di:waypoint x="1" y="2"/><di:waypoint x="3" y="4"/></bpmndi:BPMNEdge></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""
).encode()

ELEMENT = re.compile(rb"<[^<>/!?]*/>|<[^<>/!?]*>[^<>]*</[^<>]*>")
ATTRIBUTE = re.compile(rb'([\w:]+=)("[^"]*")')
STRAYS = (
    b"<",
    b"&",
    b'"',
    b"\0",
    b"<!DOCTYPE a>",
    b"<bpmn:task/>",
    b"<task/>",
    b"\xff",
    b"&#0;",
    b"<![CDATA[",
    b"-->",
    b"<?a?>",
    b"<a:b/>",
    b"]]>",
)


def cut(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def flip(data: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << draw.randrange(8)]) + data[place + 1 :]


def insert(data: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(data) + 1)
    return data[:place] + draw.choice(STRAYS) + data[place:]


def drop(data: bytes, draw: random.Random) -> bytes:
    found = draw.choice([*ELEMENT.finditer(data), *ATTRIBUTE.finditer(data)])
    return data[: found.start()] + data[found.end() :]


def double(data: bytes, draw: random.Random) -> bytes:
    elements = list(ELEMENT.finditer(data))
    return data[: (place := draw.choice(elements).end())] + draw.choice(elements)[0] + data[place:]


def swap(data: bytes, draw: random.Random) -> bytes:
    one, other = sorted(draw.sample(list(ELEMENT.finditer(data)), 2), key=lambda match: match.start())
    return data[: one.start()] + other[0] + data[one.end() : other.start()] + one[0] + data[other.end() :]


def retarget(data: bytes, draw: random.Random) -> bytes:
    attributes = list(ATTRIBUTE.finditer(data))
    one = draw.choice(attributes)
    return data[: one.start(2)] + draw.choice(attributes)[2] + data[one.end() :]


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, flip, insert, drop, double, swap, retarget)


def outcome(data: bytes) -> Definitions | None:
    """What reading gives; None for an error of ours, with the parser's error as its cause if it has one."""
    try:
        definitions = parse_bpmn(data, "mutant.bpmn")
    except BpmnReadError as error:
        refused = error
    else:
        lines = [finding.location.line or 0 for finding in definitions.findings]
        assert lines == sorted(lines)
        assert all(finding.fix for finding in definitions.findings)
        return definitions
    assert isinstance(refused.__cause__, (type(None), etree.XMLSyntaxError))
    assert all(finding.fix for finding in refused.findings)
    return None


def test_the_map_before_it_is_changed_has_no_fault() -> None:
    definitions = outcome(WHOLE)
    assert definitions is not None
    assert definitions.findings == ()
    assert isinstance(definitions.source, Document)
    assert [finding.message for finding in schema_findings(definitions.source)] == []


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_mutants(mutation: Callable[[bytes, random.Random], bytes]) -> None:
    read = 0
    for seed in range(150):
        draw = random.Random(seed)
        data = mutation(WHOLE, draw)
        if seed % 2:
            data = draw.choice(MUTATIONS)(data or b"<a/>", draw) if ELEMENT.search(data) else data
        definitions = outcome(data)
        if definitions is not None:
            read += 1
            assert definitions == outcome(data)
            if isinstance(definitions.source, Document) and seed % 10 == 0:
                assert all(finding.code == "schema-violation" for finding in schema_findings(definitions.source))
    assert read > 0 or mutation is cut


@pytest.mark.slow
def test_many_mutants() -> None:
    for seed in range(20_000):
        draw = random.Random(seed)
        data = WHOLE
        for _ in range(draw.randint(1, 4)):
            data = draw.choice(MUTATIONS)(data, draw) if len(list(ELEMENT.finditer(data))) > 2 else data
        outcome(data)
