"""What a file says stands in the model, as it says it."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import pytest

import bpmnmap.model as model
from bpmnmap.model import (
    Bounds,
    BPMNDiagram,
    BPMNEdge,
    BPMNLabel,
    BPMNPlane,
    BPMNShape,
    Collaboration,
    Definitions,
    Documentation,
    Element,
    EndEvent,
    ExclusiveGateway,
    Expression,
    FormalExpression,
    IntermediateCatchEvent,
    Lane,
    LaneSet,
    MessageFlow,
    MultiInstanceLoopCharacteristics,
    Participant,
    ParticipantMultiplicity,
    PotentialOwner,
    Process,
    Resource,
    ResourceAssignmentExpression,
    ScriptTask,
    SequenceFlow,
    StartEvent,
    SubProcess,
    Task,
    TextAnnotation,
    TimerEventDefinition,
    UserTask,
    Waypoint,
    XmlElement,
)
from bpmnmap.xmlio.reader import parse_bpmn, read_bpmn
from tests.xmlio.maps import read, text_of_map, text_of_process, told


def node(inside: str) -> Element:
    """The one flow element of a process; the map has no faults."""
    definitions = read(text_of_process(inside))
    assert told(definitions) == []
    (element,) = definitions.processes[0].flow_elements
    return element


def test_a_whole_map() -> None:
    definitions = read(
        text_of_map(
            """<collaboration id="c"><participant id="office" name="Permit Office" processRef="p"><participantMultiplicity maximum="2"/></participant>
            <participant id="applicant"/><messageFlow id="m" sourceRef="applicant" targetRef="in"/></collaboration>
            <process id="p" name="Permit" isExecutable="false">
              <laneSet id="ls"><lane id="outer" name="Office"><flowNodeRef> in </flowNodeRef>
                <childLaneSet id="inner"><lane id="front" name="Front"><flowNodeRef>t</flowNodeRef></lane></childLaneSet></lane></laneSet>
              <startEvent id="in"><outgoing>f</outgoing></startEvent>
              <task id="t" name="Check"><incoming>f</incoming></task>
              <sequenceFlow id="f" sourceRef="in" targetRef="t"/>
            </process>""",
            'id="d" name="Permits" exporter="Me" exporterVersion="1"',
        )
    )
    lanes = Lane(
        id="outer",
        name="Office",
        flow_node_refs=("in",),
        child_lane_set=LaneSet(id="inner", lanes=(Lane(id="front", name="Front", flow_node_refs=("t",)),)),
    )
    process = Process(
        id="p",
        name="Permit",
        is_executable=False,
        lane_sets=(LaneSet(id="ls", lanes=(lanes,)),),
        flow_elements=(
            StartEvent(id="in", outgoing=("f",)),
            Task(id="t", name="Check", incoming=("f",)),
            SequenceFlow(id="f", source_ref="in", target_ref="t"),
        ),
    )
    office = Participant(id="office", name="Permit Office", process_ref="p", participant_multiplicity=ParticipantMultiplicity(maximum=2))
    collaboration = Collaboration(
        id="c",
        participants=(office, Participant(id="applicant")),
        message_flows=(MessageFlow(id="m", source_ref="applicant", target_ref="in"),),
    )
    assert definitions == Definitions(
        id="d", name="Permits", target_namespace="urn:permits", exporter="Me", exporter_version="1", root_elements=(collaboration, process)
    )
    assert definitions.findings == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<userTask id="a" implementation="x"/>', UserTask(id="a", implementation="x")),
        ('<task id="a" isForCompensation="true" startQuantity="2"/>', Task(id="a", is_for_compensation=True, start_quantity=2)),
        ('<task id="a" isForCompensation=" 1 "/>', Task(id="a", is_for_compensation=True)),
        ('<task id=" a "/>', Task(id="a")),
        (
            '<scriptTask id="a" scriptFormat="js"><script>x &lt; <![CDATA[1 & 2]]></script></scriptTask>',
            ScriptTask(id="a", script_format="js", script="x < 1 & 2"),
        ),
        ('<exclusiveGateway id="a" gatewayDirection="Diverging"/>', ExclusiveGateway(id="a", gateway_direction="Diverging")),
        (
            '<subProcess id="a" triggeredByEvent="true"><task id="b"/></subProcess>',
            SubProcess(id="a", triggered_by_event=True, flow_elements=(Task(id="b"),)),
        ),
        (
            '<task id="a"><documentation id="why">as <b xmlns="urn:x">it</b> is</documentation></task>',
            Task(
                id="a", documentation=(Documentation(id="why", text="as it is", content=(XmlElement("{urn:x}b", text="it", tail=" is"),)),)
            ),
        ),
        (
            '<intermediateCatchEvent id="a"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT5M</timeDuration></timerEventDefinition></intermediateCatchEvent>',
            IntermediateCatchEvent(id="a", event_definitions=(TimerEventDefinition(time_duration=FormalExpression(body="PT5M")),)),
        ),
        (
            '<intermediateCatchEvent id="a"><timerEventDefinition><timeDate>\n noon<!-- or --> sharp</timeDate></timerEventDefinition></intermediateCatchEvent>',
            IntermediateCatchEvent(id="a", event_definitions=(TimerEventDefinition(time_date=Expression(body="\n noon sharp")),)),
        ),
        (
            '<task id="a"><multiInstanceLoopCharacteristics isSequential="true"><loopCardinality language="feel">3</loopCardinality></multiInstanceLoopCharacteristics></task>',
            Task(
                id="a",
                loop_characteristics=MultiInstanceLoopCharacteristics(
                    is_sequential=True, loop_cardinality=FormalExpression(language="feel", body="3")
                ),
            ),
        ),
        (
            '<task id="a"><potentialOwner name="clerk"><resourceAssignmentExpression><formalExpression>FO</formalExpression></resourceAssignmentExpression></potentialOwner></task>',
            Task(
                id="a",
                resources=(
                    PotentialOwner(
                        name="clerk", resource_assignment_expression=ResourceAssignmentExpression(expression=FormalExpression(body="FO"))
                    ),
                ),
            ),
        ),
        (
            '<task id="a" camunda:assignee="me" plain="x"><extensionElements><camunda:p n="1">t<camunda:q/>\n</camunda:p></extensionElements></task>',
            Task(
                id="a",
                extension_attributes=(("{http://camunda.org/schema/1.0/bpmn}assignee", "me"), ("plain", "x")),
                extension_elements=(
                    XmlElement(
                        "{http://camunda.org/schema/1.0/bpmn}p", (("n", "1"),), "t", (XmlElement("{http://camunda.org/schema/1.0/bpmn}q"),)
                    ),
                ),
            ),
        ),
    ],
)
def test_flow_elements(text: str, expected: Element) -> None:
    assert node(text) == expected


def test_every_class_of_the_vocabulary_is_read_by_its_name() -> None:
    for tag, cls in model_classes().items():
        namespace, _, local = tag[1:].rpartition("}")
        definitions = read(text_of_map(f'<x:{local} xmlns:x="{namespace}" id="one"/>'))
        assert type(definitions.element("one")) is cls, tag


def model_classes() -> dict[str, type[Element]]:
    from bpmnmap.xmlio.vocabulary import CLASS_OF_TAG

    return {tag: cls for tag, cls in CLASS_OF_TAG.items() if cls is not model.Expression}


def test_the_drawing() -> None:
    definitions = read(
        text_of_map(
            """<process id="p"><task id="t"/></process>
            <bpmndi:BPMNDiagram id="d" name="All"><bpmndi:BPMNPlane id="pl" bpmnElement="p">
            <bpmndi:BPMNShape id="s" bpmnElement="t" isExpanded="true"><dc:Bounds x="10" y="-2.5" width="1e2" height="80.0"/>
              <bpmndi:BPMNLabel><dc:Bounds x="1" y="2" width="3" height="4"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
            <bpmndi:BPMNEdge id="e" bpmnElement="t"><di:waypoint xsi:type="dc:Point" x="1" y="2"/><di:waypoint x="3" y="4"/></bpmndi:BPMNEdge>
            </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"""
        )
    )
    label = BPMNLabel(bounds=Bounds(x=1.0, y=2.0, width=3.0, height=4.0))
    shape = BPMNShape(id="s", bpmn_element="t", is_expanded=True, bounds=Bounds(x=10.0, y=-2.5, width=100.0, height=80.0), label=label)
    edge = BPMNEdge(id="e", bpmn_element="t", waypoints=(Waypoint(x=1.0, y=2.0), Waypoint(x=3.0, y=4.0)))
    assert definitions.diagrams == (BPMNDiagram(id="d", name="All", plane=BPMNPlane(id="pl", bpmn_element="p", elements=(shape, edge))),)
    assert definitions.findings == ()


def test_lines_are_those_of_the_start_tags() -> None:
    definitions = read(text_of_process('<task id="a"\n name="x">\n<documentation>y</documentation></task>\n<task id="b"/>'))
    a, b = definitions.processes[0].flow_elements
    # libxml2 counts the line on which the start tag ends.
    assert (definitions.line, definitions.processes[0].line, a.line, a.documentation[0].line, b.line) == (1, 2, 4, 5, 6)


def test_lines_beyond_65535_are_counted() -> None:
    definitions = read(text_of_process("\n" * 70_000 + '<task id="a"/>'))
    # Beyond 65,534 libxml2 tells the line of the text that follows.
    assert definitions.processes[0].flow_elements[0].line in (70_003, 70_004)


def test_several_prefixes_for_one_namespace() -> None:
    text = text_of_map(
        '<a:process xmlns:a="http://www.omg.org/spec/BPMN/20100524/MODEL" id="p">'
        '<b:task xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" id="t"><incoming>f</incoming></b:task><sequenceFlow id="f" sourceRef="t" targetRef="t"/></a:process>'
    )
    definitions = read(text)
    assert definitions.processes[0].flow_nodes == (Task(id="t", incoming=("f",)),)
    assert told(definitions) == []


def test_a_prefix_of_the_maps_own_namespace_is_taken_off_references() -> None:
    definitions = read(
        text_of_map(
            '<collaboration id="c"><participant id="pool" processRef="own:p"/></collaboration>'
            '<process id="p"><task id="a"/><task id="b"/><sequenceFlow id="f" sourceRef="own:a" targetRef="other:b"/></process>'
            '<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="own:c"/></bpmndi:BPMNDiagram>'
        )
    )
    assert definitions.collaborations[0].participants[0].process_ref == "p"
    assert definitions.processes[0].sequence_flows[0] == SequenceFlow(id="f", source_ref="a", target_ref="b")
    assert definitions.diagrams[0].plane == BPMNPlane(bpmn_element="c")
    assert told(definitions) == []


def test_references_to_other_files_stay_as_they_are() -> None:
    text = text_of_map(
        '<itemDefinition id="i"/><process id="p"><callActivity id="a" calledElement="far:Away"/><dataObject id="d" itemSubjectRef="far:thing"/></process>',
        'xmlns:far="urn:far"',
    )
    definitions = read(text)
    assert definitions.element("a") == model.CallActivity(id="a", called_element="far:Away")
    assert definitions.element("d") == model.DataObject(id="d", item_subject_ref="far:thing")
    assert told(definitions) == []


def test_ids_with_a_colon_are_left_whole() -> None:
    definitions = read(text_of_process('<task id="own:a"/><task id="b"/><sequenceFlow id="f" sourceRef="own:a" targetRef="b"/>'))
    assert definitions.processes[0].sequence_flows[0].source_ref == "own:a"
    assert [finding.code for finding in definitions.findings] == ["invalid-id"]


def test_empty_references_are_none() -> None:
    assert node('<callActivity id="a" calledElement=""/>') == model.CallActivity(id="a")
    assert node('<task id="a"><incoming/><outgoing> </outgoing></task>') == Task(id="a")


def test_comments_and_instructions_are_passed_over() -> None:
    definitions = read(text_of_process('<!-- a --><?b c?><task id="t"/><!-- <task id="u"/> -->'))
    assert definitions.processes[0].flow_elements == (Task(id="t"),)


def test_text_of_a_remark() -> None:
    (remark,) = read(text_of_process('<textAnnotation id="r"><text>see <![CDATA[<law>]]></text></textAnnotation>')).processes[0].artifacts
    assert remark == TextAnnotation(id="r", text="see <law>")


def test_resource_named_by_a_child_element() -> None:
    text = text_of_map(
        '<resource id="r" name="Clerk"/><process id="p"><task id="t"><performer><resourceRef>own:r</resourceRef></performer></task></process>'
    )
    definitions = read(text)
    assert definitions.of_type(Resource) == (Resource(id="r", name="Clerk"),)
    assert definitions.processes[0].flow_nodes == (Task(id="t", resources=(model.Performer(resource_ref="r"),)),)


def test_misplaced_white_space_in_mixed_xml_is_left_out_and_text_kept() -> None:
    task = node(
        '<task id="t"><extensionElements><a:x xmlns:a="urn:a"> <!-- c --> b <a:y/> <!-- d --> e <?f?></a:x></extensionElements></task>'
    )
    assert isinstance(task, Task)
    assert task.extension_elements == (XmlElement("{urn:a}x", text="  b ", children=(XmlElement("{urn:a}y", tail=" e "),)),)


def test_path_source_and_digest(tmp_path: Path) -> None:
    data = text_of_process('<endEvent id="e"/>').encode()
    path = tmp_path / "permit.bpmn"
    path.write_bytes(data)
    definitions = read_bpmn(path)
    assert definitions == parse_bpmn(data)
    assert definitions.path == str(path)
    assert definitions.digest == hashlib.sha256(data).hexdigest()
    assert definitions.processes[0].flow_nodes == (EndEvent(id="e"),)
    assert parse_bpmn(data).path is None


def test_what_was_read_survives_pickling() -> None:
    definitions = read(text_of_process('<task id="t" name="x"/><sequenceFlow id="f" sourceRef="t"/>'))
    again = pickle.loads(pickle.dumps(definitions))
    assert again == definitions
    assert (again.digest, again.path, again.findings) == (definitions.digest, definitions.path, definitions.findings)


def test_namespaces_of_drafts_are_read_and_told() -> None:
    definitions = read('<definitions xmlns="http://schema.omg.org/spec/BPMN/2.0"><process id="p"><task id="t"/></process></definitions>')
    assert definitions.processes[0].flow_nodes == (Task(id="t"),)
    assert told(definitions) == [
        "1: warning[draft-namespace] definitions: namespace 'http://schema.omg.org/spec/BPMN/2.0' is not that of BPMN 2.0; read as if it were"
    ]
