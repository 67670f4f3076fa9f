"""Maps with all that writers of XML like to lose, in all that files differ in without a difference of meaning."""

from __future__ import annotations

import re

_MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand --><?editor keep="this"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    id="all" targetNamespace="urn:permits" exporter="none &amp; nobody">
  <message id="plea" name="Größe &lt; 3"/>
  <error id="fault" errorCode="E-1"/>
  <dataStore id="archive" name="Archive"/>
  <collaboration id="together">
    <participant id="office" name="Office" processRef="permit"/>
    <participant id="public" name="Public"/>
    <messageFlow id="by_post" sourceRef="public" targetRef="in" messageRef="plea"/>
  </collaboration>
  <process id="permit" isExecutable="false">
    <documentation textFormat="text/plain"><![CDATA[<b>all</b> & more]]></documentation>
    <extensionElements><camunda:properties><camunda:property name="a" value="1"/></camunda:properties>
      <own:note xmlns:own="urn:own" own:by="me">kept <own:b>as</own:b> it is</own:note></extensionElements>
    <laneSet id="lanes">
      <lane id="front" name="Front office"><flowNodeRef>in</flowNodeRef><flowNodeRef>check</flowNodeRef><flowNodeRef>late</flowNodeRef></lane>
      <lane id="back" name="Back office"><flowNodeRef> decide </flowNodeRef><flowNodeRef>deep</flowNodeRef><flowNodeRef>out</flowNodeRef>
        <childLaneSet id="inner"><lane id="desk" name="Desk"><flowNodeRef>deep</flowNodeRef></lane></childLaneSet></lane>
    </laneSet>
    <startEvent id="in" name="In"><outgoing>first</outgoing><messageEventDefinition id="by_letter" messageRef="plea"/></startEvent>
    <userTask id="check" name='Check "form"' camunda:candidateGroups="clerks"   ><!-- twice -->
      <incoming>first</incoming><outgoing>second</outgoing>
      <ioSpecification id="io"><dataInput id="form_in"/><inputSet id="ins"><dataInputRefs>form_in</dataInputRefs></inputSet><outputSet id="outs"/>
      </ioSpecification>
      <dataInputAssociation id="reads"><sourceRef>form</sourceRef><targetRef>form_in</targetRef></dataInputAssociation>
      <standardLoopCharacteristics id="again" testBefore="true"><loopCondition xsi:type="tFormalExpression">a &lt; 3</loopCondition>
      </standardLoopCharacteristics>
    </userTask>
    <boundaryEvent id="late" attachedToRef="check" cancelActivity="false"><outgoing>third</outgoing>
      <timerEventDefinition id="timer"><timeDuration xsi:type="tFormalExpression">P2D</timeDuration></timerEventDefinition></boundaryEvent>
    <exclusiveGateway id="decide" default="fourth"><incoming>second</incoming><outgoing>fourth</outgoing><outgoing>fifth</outgoing></exclusiveGateway>
    <subProcess id="deep" name="Deep&#10;down"><incoming>fifth</incoming><incoming>third</incoming>
      <startEvent id="deep_in"/><task id="deep_task"/><sequenceFlow id="deep_flow" sourceRef="deep_in" targetRef="deep_task"/></subProcess>
    <endEvent id="out"><incoming>fourth</incoming><errorEventDefinition id="thrown" errorRef="fault"/></endEvent>
    <dataObject id="form_data"/><dataObjectReference id="form" name="Form" dataObjectRef="form_data"/>
    <sequenceFlow id="first" sourceRef="in" targetRef="check"/><sequenceFlow id="second" sourceRef="check" targetRef="decide" />
    <sequenceFlow id="third" sourceRef="late" targetRef="deep"/>
    <sequenceFlow id="fourth" name="no" sourceRef="decide" targetRef="out"></sequenceFlow>
    <sequenceFlow id="fifth" name="yes" sourceRef="decide" targetRef="deep">
      <conditionExpression xsi:type="tFormalExpression"><![CDATA[a > b && c]]></conditionExpression></sequenceFlow>
    <textAnnotation id="remark"><text>Two
lines</text></textAnnotation>
    <association id="about" sourceRef="check" targetRef="remark"/>
  </process>
"""
_SHAPES = {
    "office": (0, 0, 700, 300),
    "public": (0, 400, 700, 60),
    "front": (30, 0, 670, 150),
    "back": (30, 150, 670, 150),
    "desk": (60, 220, 640, 80),
    "in": (80, 60, 36, 36),
    "check": (180, 40, 100, 80),
    "late": (210, 102, 36, 36),
    "decide": (330, 55, 50, 50),
    "deep": (430, 225, 100, 70),
    "out": (600, 62, 36, 36),
    "form": (180, 170, 36, 50),
    "remark": (420, 20, 100, 40),
}
_EDGES = {
    "first": ((116, 78), (180, 78)),
    "second": ((280, 80), (330, 80)),
    "third": ((228, 138), (228, 260), (430, 260)),
    "fourth": ((380, 80), (600, 80)),
    "fifth": ((355, 105), (355, 250), (430, 250)),
    "about": ((280, 60), (420, 40)),
    "reads": ((198, 170), (198, 120)),
    "by_post": ((98, 400), (98, 96)),
}


def _drawing() -> str:
    lines = ['  <bpmndi:BPMNDiagram id="drawing"><bpmndi:BPMNPlane id="plane" bpmnElement="together">']
    for name, (x, y, width, height) in _SHAPES.items():
        more = ' isHorizontal="true"' if name in ("office", "public", "front", "back", "desk") else ""
        bounds = f'<dc:Bounds x="{x}" y="{y}.0" width="{width}" height="{height}"/>'
        lines.append(f'    <bpmndi:BPMNShape id="{name}_shape" bpmnElement="{name}"{more}>{bounds}</bpmndi:BPMNShape>')
    for name, points in _EDGES.items():
        ways = "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
        lines.append(f'    <bpmndi:BPMNEdge id="{name}_edge" bpmnElement="{name}">{ways}</bpmndi:BPMNEdge>')
    return "\n".join([*lines, "  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>", "</definitions>", "<!-- the end -->", ""])


def _with_prefix(text: str) -> str:
    """The same map with BPMN's own names under a prefix, and single quotes in its tags."""
    model, mark, drawing = text.partition("  <bpmndi:BPMNDiagram")
    model = re.sub(r"(</?)(?!b>)([a-z]\w*)(?=[\s/>])", r"\1odd_.1:\2", model).replace("xmlns=", "xmlns:odd_.1=")
    model = re.sub(r'xsi:type="([^"]*)"', r"xsi:type='odd_.1:\1'", model)
    return model + mark + drawing.replace("</definitions>", "</odd_.1:definitions>").replace('"', "'")


def traps() -> dict[str, bytes]:
    """Bytes by name."""
    text = _MODEL + _drawing()
    bare = text.partition("?>\n")[2]
    return {
        "utf-8": text.encode(),
        "byte order mark": text.encode("utf-8-sig"),
        "no declaration": bare.encode(),
        "CRLF": text.replace("\n", "\r\n").encode(),
        "one line": bare.replace("\n", " ").encode(),
        "windows-1252": text.replace("UTF-8", "windows-1252", 1).encode("cp1252"),
        "iso-8859-1": text.replace("UTF-8", "ISO-8859-1", 1).encode("latin-1"),
        "utf-16": text.replace("UTF-8", "UTF-16", 1).encode("utf-16"),
        "prefix": _with_prefix(text).encode(),
        "no drawing": (_MODEL + "</definitions>").encode(),
        "no target namespace": text.replace('targetNamespace="urn:permits"', "").encode(),
        "ids with spaces": text.replace('"deep_task"', '"deep task"').encode(),
        "dangling": text.replace('targetRef="deep_task"', 'targetRef="nothing"').replace('default="fourth"', 'default="nobody"').encode(),
    }
