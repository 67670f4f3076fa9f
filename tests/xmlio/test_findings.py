"""Each fault of a map is told where it is, once, with the way to mend it; the model holds what is there."""

from __future__ import annotations

import pytest

from bpmnmap.model import Documentation, ExclusiveGateway, Process, SequenceFlow, Task, XmlElement
from bpmnmap.xmlio.ids import MAXIMUM_SUGGESTIONS
from tests.xmlio.maps import fixes, read, text_of_map, text_of_process, told


def test_dangling_reference_as_the_design_shows_it() -> None:
    definitions = read(text_of_process('<task id="Task_Sign"/>\n<sequenceFlow id="Flow_9" sourceRef="Task_Sign" targetRef="Task_Sing"/>'))
    assert str(definitions.findings[0]) == (
        "permit.bpmn:4: error[dangling-reference] sequenceFlow 'Flow_9': targetRef 'Task_Sing' names no element\n"
        "    fix: point targetRef at a flow node of process 'p'; did you mean 'Task_Sign'?"
    )
    assert definitions.processes[0].sequence_flows == (SequenceFlow(id="Flow_9", source_ref="Task_Sign", target_ref="Task_Sing"),)


TASKS = '<task id="a"/><task id="b"/><sequenceFlow id="f" sourceRef="a" targetRef="b"/>'


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        # references that name nothing
        ('<sequenceFlow id="g" sourceRef="x" targetRef="y"/>', ["error[dangling-reference] sequenceFlow 'g': sourceRef 'x' names no element", "error[dangling-reference] sequenceFlow 'g': targetRef 'y' names no element"]),
        ('<exclusiveGateway id="x" default="y"/>', ["error[dangling-reference] exclusiveGateway 'x': default 'y' names no element"]),
        ('<task id="x"><incoming>y</incoming></task>', ["warning[dangling-reference] task 'x': incoming 'y' names no element"]),
        ('<laneSet><lane id="x"><flowNodeRef>y</flowNodeRef></lane></laneSet>', ["warning[dangling-reference] lane 'x': flowNodeRef 'y' names no element"]),
        ('<boundaryEvent id="x" attachedToRef="y"/>', ["error[dangling-reference] boundaryEvent 'x': attachedToRef 'y' names no element"]),
        ('<endEvent id="x"><errorEventDefinition errorRef="y"/></endEvent>', ["error[dangling-reference] errorEventDefinition: errorRef 'y' names no element"]),
        ('<endEvent id="x"><messageEventDefinition messageRef="y"/></endEvent>', ["warning[dangling-reference] messageEventDefinition: messageRef 'y' names no element"]),
        ('<task id="x"><performer><resourceRef>y</resourceRef></performer></task>', ["warning[dangling-reference] performer: resourceRef 'y' names no element"]),
        # a process of another map may be called
        ('<callActivity id="x" calledElement="y"/>', []),
        # references that name the wrong thing
        ('<dataObject id="x"/><sequenceFlow id="g" sourceRef="a" targetRef="x"/>', ["error[wrong-reference] sequenceFlow 'g': targetRef 'x' names a dataObject, must be a flow node"]),
        ('<boundaryEvent id="x" attachedToRef="f"/>', ["error[wrong-reference] boundaryEvent 'x': attachedToRef 'f' names a sequenceFlow, must be an activity"]),
        ('<boundaryEvent id="x" attachedToRef="y"/><exclusiveGateway id="y"/>', ["error[wrong-reference] boundaryEvent 'x': attachedToRef 'y' names an exclusiveGateway, must be an activity"]),
        ('<task id="x"><outgoing>a</outgoing></task>', ["warning[wrong-reference] task 'x': outgoing 'a' names a task, must be a sequence flow"]),
        # ends that are not attached
        ('<sequenceFlow id="g" sourceRef="a"/>', ["error[half-attached-flow] sequenceFlow 'g': has no targetRef"]),
        ('<sequenceFlow id="g"/>', ["error[half-attached-flow] sequenceFlow 'g': has no sourceRef", "error[half-attached-flow] sequenceFlow 'g': has no targetRef"]),
        ('<association id="g" sourceRef="a"/>', ["warning[half-attached-flow] association 'g': has no targetRef"]),
        ('<boundaryEvent id="x"/>', ["error[missing-reference] boundaryEvent 'x': has no attachedToRef"]),
        # ids
        ('<task name="Check"/>', ["error[missing-id] task: has no id"]),
        ('<sequenceFlow sourceRef="a" targetRef="b"/>', ["error[missing-id] sequenceFlow: has no id"]),
        ('<task id="a"/>', ["error[duplicate-id] task 'a': id 'a' is also that of the task in line 3"]),
        ('<laneSet id="a"/>', ["error[duplicate-id] laneSet 'a': id 'a' is also that of the task in line 3"]),
        ('<task id="x"><documentation id="a"/></task>', ["warning[duplicate-id] documentation 'a': id 'a' is also that of the task in line 3"]),
        ('<task id="1 x"/>', ["warning[invalid-id] task '1 x': the id is no XML name: letters, digits, '_', '-' and '.', not beginning with a digit, '-' or '.'"]),
        ('<task id="Prüfung-1.b_"/>', []),
        # values
        ('<task id="x" isForCompensation="yes"/>', ["warning[wrong-value] task 'x': isForCompensation 'yes' is not true or false; taken as not given"]),
        ('<task id="x" startQuantity="1.5"/>', ["warning[wrong-value] task 'x': startQuantity '1.5' is not a whole number; taken as not given"]),
        # elements in the wrong place, or of no known name
        ('<participant id="x"/>', ["warning[misplaced-element] participant 'x': does not belong in a process; kept, but without effect"]),
        ('<choreographyTask id="x"/>', ["warning[not-modeled] choreographyTask 'x': choreographies and conversations are not modeled; kept as it is"]),
        ('<thing id="x"/>', ["warning[unknown-element] thing 'x': BPMN 2.0 knows no element of this name in a process; kept as it is"]),
        ('<camunda:thing id="x"/>', ["warning[foreign-element] thing 'x': '{http://camunda.org/schema/1.0/bpmn}thing' stands in a process outside extensionElements; kept as it is"]),
        ('<task id="x"><ioSpecification/><ioSpecification/></task>', ["warning[repeated-element] ioSpecification: stands here twice; the first one counts"]),
        # flows across borders
        ('<subProcess id="x"><task id="y"/></subProcess><sequenceFlow id="g" sourceRef="a" targetRef="y"/>', ["error[crossing-flow] sequenceFlow 'g': leads from 'a' to 'y', which stands in another process or sub-process"]),
        ('<subProcess id="x"/><sequenceFlow id="g" targetRef="x" sourceRef="a"/>', []),
    ],
)  # fmt: skip
def test_findings_within_a_process(inside: str, expected: list[str]) -> None:
    definitions = read(text_of_process(f"{TASKS}\n{inside}"))
    assert told(definitions) == [f"4: {line}" for line in expected]


@pytest.mark.parametrize("value", ["nan", "inf", "1e999", "1_0", "", "ten", "0x10"])
def test_coordinates_that_are_no_numbers(value: str) -> None:
    definitions = read(
        text_of_map(
            f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape><dc:Bounds x="{value}" y="2"/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
        )
    )
    assert told(definitions) == [f"2: warning[wrong-value] Bounds: x '{value}' is not a number; taken as not given"]


def test_messages_inside_one_participant() -> None:
    definitions = read(
        text_of_map(
            '<collaboration id="c">\n<participant id="pool" processRef="p"/><participant id="other"/>\n'
            '<messageFlow id="m1" sourceRef="a" targetRef="b"/>\n<messageFlow id="m2" sourceRef="pool" targetRef="b"/>\n'
            '<messageFlow id="m3" sourceRef="other" targetRef="b"/>\n</collaboration><process id="p"><task id="a"/><task id="b"/></process>'
        )
    )
    assert told(definitions) == [
        "4: warning[inner-message-flow] messageFlow 'm1': leads from 'a' to 'b' inside one participant, that of process 'p'",
        "5: warning[inner-message-flow] messageFlow 'm2': leads from 'pool' to 'b' inside one participant, that of process 'p'",
    ]
    assert definitions.findings[0].related_element_ids == ("a", "b")


def test_messages_that_lead_nowhere() -> None:
    definitions = read(
        text_of_map(
            '<collaboration id="c">\n<participant id="pool" processRef="q"/>\n<messageFlow id="m" sourceRef="pool"/>\n</collaboration>'
        )
    )
    assert told(definitions) == [
        "3: error[dangling-reference] participant 'pool': processRef 'q' names no element",
        "4: error[half-attached-flow] messageFlow 'm': has no targetRef",
    ]
    assert fixes(definitions) == [
        "point processRef at a process",
        "point targetRef at a participant, activity or event, or remove the messageFlow",
    ]


def test_flows_between_processes() -> None:
    definitions = read(
        text_of_map(
            '<process id="p"><task id="a"/></process>\n<process id="q"><task id="b"/>\n<sequenceFlow id="f" sourceRef="a" targetRef="b"/></process>'
        )
    )
    assert told(definitions) == [
        "4: error[crossing-flow] sequenceFlow 'f': leads from 'a' to 'b', which stands in another process or sub-process"
    ]


def test_the_drawing_may_name_what_is_not_modeled() -> None:
    shape = '<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape id="s" bpmnElement="{}"/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    conversation = '<collaboration id="c"><conversation id="talk"/></collaboration>\n'
    assert [finding.code for finding in read(text_of_map(conversation + shape.format("talk"))).findings] == ["not-modeled"]
    assert told(read(text_of_map(shape.format("talk")))) == [
        "2: warning[dangling-reference] BPMNShape 's': bpmnElement 'talk' names no element"
    ]


def test_what_does_not_belong_is_kept() -> None:
    definitions = read(
        text_of_process('<thing xmlns="urn:x" a="1">text</thing><messageFlow id="m" sourceRef="t" targetRef="t"/><task id="t"/>')
    )
    kept = definitions.processes[0].other_elements
    assert kept[0] == XmlElement("{urn:x}thing", (("a", "1"),), "text")
    assert definitions.element("m") is kept[1]


def test_the_first_of_repeated_elements_counts() -> None:
    definitions = read(
        text_of_process(
            '<sequenceFlow id="f" sourceRef="t" targetRef="t"><conditionExpression>a</conditionExpression><conditionExpression>b</conditionExpression></sequenceFlow><task id="t"/>'
        )
    )
    (flow,) = definitions.processes[0].sequence_flows
    assert flow.condition_expression is not None
    assert flow.condition_expression.body == "a"
    assert [element.kind for element in flow.other_elements] == ["conditionExpression"]


def test_extension_elements_twice_are_taken_together() -> None:
    text = '<task id="t"><extensionElements><a xmlns="urn:x"/></extensionElements><documentation>d</documentation><extensionElements><b xmlns="urn:x"/></extensionElements></task>'
    definitions = read(text_of_process(text))
    assert definitions.processes[0].flow_nodes == (
        Task(id="t", documentation=(Documentation(text="d"),), extension_elements=(XmlElement("{urn:x}a"), XmlElement("{urn:x}b"))),
    )
    assert told(definitions) == []


def test_wrong_values_leave_the_default() -> None:
    definitions = read(
        text_of_process('<exclusiveGateway id="g" default=" "/>').replace('id="p"', 'id="p" isExecutable="maybe" isClosed="2"')
    )
    assert definitions.processes == (Process(id="p", flow_elements=(ExclusiveGateway(id="g"),)),)
    assert [finding.code for finding in definitions.findings] == ["wrong-value", "wrong-value"]


def test_vendors_may_draw_what_they_like() -> None:
    text = '<bpmndi:BPMNDiagram><bpmndi:BPMNPlane><bpmndi:BPMNShape id="s"><own:collapsed/></bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    definitions = read(text_of_map(text))
    assert definitions.findings == ()
    assert [other.name for other in definitions.index()["s"].other_elements if isinstance(other, XmlElement)] == ["{urn:permits}collapsed"]


def test_a_pair_of_faults_gives_both_in_document_order() -> None:
    definitions = read(
        text_of_process(
            '<sequenceFlow id="f" sourceRef="x" targetRef="t"/>\n<task id="t"/>\n<task id="t"/>\n<sequenceFlow id="g" sourceRef="t"/>\n<thing/>'
        )
    )
    assert [(finding.location.line, finding.code) for finding in definitions.findings] == [
        (3, "dangling-reference"),
        (5, "duplicate-id"),
        (6, "half-attached-flow"),
        (7, "unknown-element"),
    ]


def test_the_first_of_doubled_ids_is_found() -> None:
    definitions = read(text_of_process('<task id="t" name="first"/><task id="t" name="second"/>'))
    assert definitions.element("t") == Task(id="t", name="first")
    assert [task.name for task in definitions.processes[0].flow_nodes] == ["first", "second"]


def test_suggestions_are_of_the_right_kind_and_process() -> None:
    text = text_of_map(
        '<process id="p"><dataObject id="Check1"/><task id="Chek"/><sequenceFlow id="f" sourceRef="Chek" targetRef="Check"/></process><process id="q"><task id="Check2"/></process>'
    )
    assert fixes(read(text)) == ["point targetRef at a flow node of process 'p'; did you mean 'Chek'?"]


def test_suggestions_end_where_they_would_take_long() -> None:
    flows = "".join(f'<sequenceFlow id="f{i}" sourceRef="Check" targetRef="Check{i}"/>' for i in range(MAXIMUM_SUGGESTIONS + 5))
    found = fixes(read(text_of_process('<task id="Check"/>' + flows)))
    assert [fix.endswith("did you mean 'Check'?") for fix in found if fix is not None] == [True] * MAXIMUM_SUGGESTIONS + [False] * 5
    long = "Check" * 50
    assert fixes(read(text_of_process(f'<task id="{long}"/><sequenceFlow id="f" sourceRef="{long}" targetRef="{long}x"/>'))) == [
        "point targetRef at a flow node of process 'p'"
    ]
