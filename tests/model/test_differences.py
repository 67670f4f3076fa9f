"""What is told of one change at a time."""

from __future__ import annotations

import json
import re

import pytest

import bpmnmap as bm
import bpmnmap.model as m
from bpmnmap.model.changes import Aspect, FieldChange, LaneMove, Mention, Update
from tests.model.changed_maps import BEFORE, FLOWS, LANES, NODES, lines
from tests.xmlio.maps import read, text_of_process


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('name="Check"', 'name="Check form"', ["7: change task 'A' (Check form): name 'Check' → 'Check form'"]),
        (
            '<task id="C" name="File"/>', '<task id="C" name="File"/><task id="D"/>',
            ["9: insert task 'D' into process 'p'"],
        ),
        (
            '\n<sequenceFlow id="F2" sourceRef="B" targetRef="C"/>', "",
            ["11: remove sequenceFlow 'F2' from 'B' to 'C' from process 'p'"],
        ),
        ('sourceRef="B" targetRef="C"', 'sourceRef="A" targetRef="C"', ["11: change sequenceFlow 'F2': sourceRef 'B' → 'A'"]),
        (
            '<task id="A" name="Check"/>\n<task id="B" name="Sign"/>\n<task id="C" name="File"/>',
            '<task id="C" name="File"/>\n<task id="A" name="Check"/>\n<task id="B" name="Sign"/>',
            ["7: move task 'C' (File) in document order: first, was after task 'B' (Sign)"],
        ),
        (
            "<flowNodeRef>B</flowNodeRef></lane>\n<lane id=\"L2\" name=\"Back Office\">",
            "</lane>\n<lane id=\"L2\" name=\"Back Office\"><flowNodeRef>B</flowNodeRef>",
            ["8: move task 'B' (Sign) from lane 'L1' (Front Office) to lane 'L2' (Back Office)"],
        ),
        ("<flowNodeRef>C</flowNodeRef>", "", ["9: move task 'C' (File) from lane 'L2' (Back Office) to no lane"]),
        ("Back Office", "Archive", ["5: change lane 'L2' (Archive): name 'Back Office' → 'Archive'"]),
        ('<task id="C" name="File"/>', '<userTask id="C" name="File"/>', ["9: change userTask 'C' (File): kind 'task' → 'userTask'"]),
        (
            '<task id="C" name="File"/>', '<subProcess id="S"><task id="C" name="File"/></subProcess>',
            ["9: insert subProcess 'S' into process 'p'", "9: move task 'C' (File) from process 'p', lane 'L2' (Back Office) to subProcess 'S', lane 'L2' (Back Office)"],
        ),
        (
            'targetRef="B"/>', 'targetRef="B"><conditionExpression>x</conditionExpression></sequenceFlow>',
            ["10: change sequenceFlow 'F1': conditionExpression none → 'x'"],
        ),
        ('<process id="p">', '<process id="p" isExecutable="true">', ["2: change process 'p': isExecutable none → true"]),
        (
            '<task id="C" name="File"/>', '<task id="C" name="File" camunda:assignee="Anna"/>',
            ["9: change task 'C' (File): assignee none → 'Anna'"],
        ),
        (
            '<task id="C" name="File"/>', '<task id="C" name="File"><extensionElements><camunda:x y="1"/></extensionElements></task>',
            ["9: change task 'C' (File): extensionElements none → <x y=\"1\">"],
        ),
        ("<process ", '<message id="M" name="Form"/><process ', ["2: insert message 'M' (Form) into definitions without id"]),
        ('<flowNodeRef>C</flowNodeRef>', '<flowNodeRef>C</flowNodeRef><flowNodeRef>X</flowNodeRef>', ["5: change lane 'L2' (Back Office): flowNodeRefs … → …, 'X'"]),
    ],
)  # fmt: skip
def test_one_change(before: str, after: str, told: list[str]) -> None:
    assert before in BEFORE
    changed = BEFORE.replace(before, after, 1)
    assert lines(BEFORE, changed) == told
    assert len(lines(changed, BEFORE)) == len(told)


def test_parts_are_told_with_their_element() -> None:
    event = '<startEvent id="S"><documentation>Daily.</documentation><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></startEvent>'
    old, new = text_of_process(event), text_of_process(event.replace("PT1H", "PT2H").replace("Daily", "Each day"))
    (change,) = bm.differences(read(old), read(new))
    assert change == Update(
        Mention("startEvent", "S"),
        (FieldChange("documentation.text", "Daily.", "Each day."), FieldChange("event_definitions.time_duration.body", "PT1H", "PT2H")),
        bm.Location("permit.bpmn", 3),
        Aspect.MEANING,
    )


def test_several_parts_are_numbered() -> None:
    event = '<startEvent id="S"><timerEventDefinition/><signalEventDefinition signalRef="x"/></startEvent>'
    old, new = text_of_process(event), text_of_process(event.replace('"x"', '"y"'))
    assert lines(old, new) == ["3: change startEvent 'S': eventDefinitions[1].signalRef 'x' → 'y'"]
    shorter = text_of_process(event.replace('<signalEventDefinition signalRef="x"/>', ""))
    assert lines(old, shorter) == ["3: change startEvent 'S': eventDefinitions[1] signalEventDefinition → none"]


def test_what_is_gone_is_told_where_it_stood() -> None:
    old = text_of_process('<task id="A"/>\n<task id="B"/>\n<task id="C"/>')
    new = text_of_process('<task id="X"/>\n<task id="A"/>\n<task id="Y"/>\n<task id="C" name="c"/>')
    assert [line.partition(" '")[0] + line.partition(" '")[2][:1] for line in lines(old, new)] == [
        "3: insert taskX", "4: remove taskB", "5: insert taskY", "6: change taskC",
    ]  # fmt: skip


def test_what_is_gone_with_its_parent_is_told_after_it() -> None:
    old = text_of_process('<subProcess id="S">\n<task id="A"/>\n<task id="B"/>\n</subProcess>')
    new = text_of_process('<task id="B"/>')
    assert lines(old, new) == [
        "3: remove subProcess 'S' from process 'p'",
        "4: remove task 'A' from subProcess 'S'",
        "3: move task 'B' from subProcess 'S' to process 'p'",
    ]


def test_what_is_gone_after_one_that_moved_away_is_told_too() -> None:
    old = text_of_process('<task id="A"/>\n<task id="B"/>\n<task id="C"/>\n<subProcess id="S"/>')
    new = text_of_process('<task id="A"/>\n<subProcess id="S"><task id="B"/></subProcess>')
    assert lines(old, new) == [
        "5: remove task 'C' from process 'p'",
        "4: move task 'B' from process 'p' to subProcess 'S'",
    ]


@pytest.mark.parametrize("order", ["BA", "CBA", "BADC", "CDAB"])
def test_the_same_ones_are_moved_back(order: str) -> None:
    first, then = (text_of_process("".join(f'<task id="{name}"/>' for name in names)) for names in (sorted(order), order))
    there, back = (
        {change.element.id for change in bm.differences(read(one), read(other))} for one, other in ((first, then), (then, first))
    )
    assert there == back
    assert len(there) == {"BA": 1, "CBA": 2, "BADC": 2, "CDAB": 2}[order]


def test_nested_lanes_are_told_but_for_those_around_both() -> None:
    lanes = (
        '<laneSet><lane id="City" name="City"><flowNodeRef>A</flowNodeRef><childLaneSet>'
        '<lane id="L1"><flowNodeRef>A</flowNodeRef></lane><lane id="L2"/></childLaneSet></lane></laneSet><task id="A"/>'
    )
    moved = lanes.replace(
        '<lane id="L1"><flowNodeRef>A</flowNodeRef></lane><lane id="L2"/>',
        '<lane id="L1"/><lane id="L2"><flowNodeRef>A</flowNodeRef></lane>',
    )
    old, new = text_of_process(lanes), text_of_process(moved)
    assert lines(old, new) == ["3: move task 'A' from lane 'L1' to lane 'L2'"]
    change = bm.differences(read(old), read(new)).meaning[0]
    assert isinstance(change, LaneMove)
    assert [lane.id for lane in change.old] == ["City", "L1"]
    assert [lane.id for lane in change.new] == ["City", "L2"]


def test_inserted_elements_name_their_lanes() -> None:
    new = BEFORE.replace('<task id="C" name="File"/>', '<task id="C" name="File"/><task id="D"/>').replace(
        "<flowNodeRef>C</flowNodeRef>", "<flowNodeRef>C</flowNodeRef><flowNodeRef>D</flowNodeRef>"
    )
    assert lines(BEFORE, new) == ["9: insert task 'D' into process 'p', lane 'L2' (Back Office)"]


# Elements without ids


UNNAMED = '<laneSet><lane name="One"><flowNodeRef>A</flowNodeRef></lane><lane name="Two"/><lane name="Three"/></laneSet><task id="A"/>'


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('"Two"', '"Zwei"', ["3: change lane without id (Zwei): name 'Two' → 'Zwei'"]),
        ('<lane name="Two"/>', "", ["3: remove lane without id (Two) from laneSet without id"]),
        ('<lane name="Two"/>', '<lane name="Two"/><lane name="2.5"/>', ["3: insert lane without id (2.5) into laneSet without id"]),
        ("<laneSet>", '<laneSet id="LS">', ["3: change laneSet 'LS': id none → 'LS'"]),
    ],
)
def test_elements_without_id_are_matched_by_kind_and_place(before: str, after: str, told: list[str]) -> None:
    assert lines(text_of_process(UNNAMED), text_of_process(UNNAMED.replace(before, after, 1))) == told


# New ids


def test_a_new_id_is_told_once_and_references_follow() -> None:
    found = bm.differences(read(BEFORE), read(BEFORE.replace('"B"', '"B2"').replace(">B<", ">B2<")))
    assert [str(change.element) for change in found.meaning] == ["task 'B2' (Sign)"]
    assert found.to_text().splitlines()[0].endswith("change task 'B2' (Sign): id 'B' → 'B2'")
    assert {change.element.id for change in found.incidental} == {"F1", "F2", "L1"}


def test_new_ids_of_all_elements_are_nothing_but_new_ids() -> None:
    text = text_of_process(
        f'{LANES}\n<startEvent id="In"/><exclusiveGateway id="G"/>\n{NODES}\n{FLOWS}\n<sequenceFlow id="F0" sourceRef="In" targetRef="G"/>'
        '<sequenceFlow id="F3" sourceRef="G" targetRef="A"/><sequenceFlow id="F4" sourceRef="G" targetRef="C"/>'
    )
    renamed = re.sub(r'((?:id|Ref)=")|(<flowNodeRef>)', r"\g<0>x_", text)
    found = bm.differences(read(text), read(renamed))
    fields = [(each.field, each.new) for change in found.meaning if isinstance(change, Update) for each in change.changes]
    # Neither In nor G has a name, and each is known by the other alone: G is removed and inserted, and so is what hangs on it.
    told_as_new = {"In", "G", "F0", "F3", "F4"}
    assert {change.element.id for change in found.meaning if not isinstance(change, Update)} == told_as_new | {
        f"x_{name}" for name in told_as_new
    }
    assert sorted(fields) == [("id", f"x_{name}") for name in ("A", "B", "C", "F1", "F2", "L1", "L2", "LS", "p")]


def test_an_unnamed_node_with_a_new_id_is_known_by_its_neighbors() -> None:
    text = text_of_process(
        f'{NODES}<exclusiveGateway id="G"/><sequenceFlow id="F1" sourceRef="A" targetRef="G"/><sequenceFlow id="F2" sourceRef="G" targetRef="B"/>'
    )
    assert lines(text, text.replace('"G"', '"H"')) == ["5: change exclusiveGateway 'H': id 'G' → 'H'"]


@pytest.mark.parametrize("again", ['<task id="{}" name="Sign"/>', '<task id="{}" name="Sign"/><task id="{}2" name="Sign"/>'])
def test_a_doubtful_new_id_is_a_removal_and_an_insertion(again: str) -> None:
    old = text_of_process('<task id="A" name="Sign"/><task id="B" name="Sign"/>')
    new = text_of_process(again.replace("{}", "X"))
    told = lines(old, new)
    assert [line.split()[1] for line in told] == ["remove", "remove"] + ["insert"] * again.count("task")


def test_a_new_id_with_another_name_is_a_removal_and_an_insertion() -> None:
    assert lines(text_of_process('<task id="A" name="Sign"/>'), text_of_process('<task id="B" name="Stamp"/>')) == [
        "3: remove task 'A' (Sign) from process 'p'",
        "3: insert task 'B' (Stamp) into process 'p'",
    ]


def test_ids_that_occur_twice() -> None:
    old = text_of_process('<task id="A" name="one"/>\n<task id="A" name="two"/>')
    assert lines(old, old.replace("two", "zwei")) == ["4: change task 'A' (zwei): name 'two' → 'zwei'"]
    assert lines(old, old.replace('\n<task id="A" name="two"/>', "")) == ["4: remove task 'A' (two) from process 'p'"]


def test_the_same_id_of_another_sort_of_element_is_another_element() -> None:
    assert lines(text_of_process('<task id="A"/>'), text_of_process('<dataObject id="A"/>')) == [
        "3: remove task 'A' from process 'p'",
        "3: insert dataObject 'A' into process 'p'",
    ]


# Texts


def test_long_texts_show_what_tells_them_apart() -> None:
    old, new = "The form is checked " * 20 + "twice" + ". " * 100, "The form is checked " * 20 + "once" + ". " * 100
    (line,) = lines(text_of_process(f'<task id="A" name="{old}"/>'), text_of_process(f'<task id="A" name="{new}"/>'))
    assert line.partition(": name ")[2] == "'…orm is checked twice. . . . . . .…' → '…orm is checked once. . . . . . .…'"
    assert len(line) < 250


def test_texts_keep_to_their_line_and_command_no_terminal() -> None:
    old, new = (text_of_process(f'<task id="A" name="{name}"/>') for name in ("a&#10;b", "a\x85\u202eb"))
    assert lines(old, new) == ["3: change task 'A' (a\\x85\\u202eb): name 'a\\nb' → 'a\\x85\\u202eb'"]


def test_summary_counts_kinds() -> None:
    new = BEFORE.replace('name="Check"', 'name="x"').replace('id="F2"', 'id="F3"').replace('targetRef="C"', 'targetRef="A"')
    summary = str(bm.differences(read(BEFORE), read(new))).splitlines()[-1]
    assert summary == "3 differences in meaning: 1 insert, 1 remove, 1 change"


def test_json_has_the_documented_keys() -> None:
    new = BEFORE.replace('name="Check"', 'name="x"').replace("<flowNodeRef>C</flowNodeRef>", "").replace('<task id="B" name="Sign"/>\n', "")
    record = json.loads(bm.differences(read(BEFORE), read(new)).to_json())
    assert list(record) == ["format", "a", "b", "counts", "changes"]
    assert record["counts"] == {"meaning": 3, "layout": 0, "incidental": 1}
    head = ["change", "aspect", "kind", "id", "name", "path", "line"]
    assert {change["change"]: list(change)[len(head) :] for change in record["changes"]} == {
        "update": ["fields"], "remove": ["place", "value"], "lane_move": ["old", "new"],
    }  # fmt: skip
    assert all(list(change)[: len(head)] == head for change in record["changes"])
    (renamed,) = (change for change in record["changes"] if change["id"] == "A")
    assert renamed == {
        "change": "update", "aspect": "meaning", "kind": "task", "id": "A", "name": "x", "path": "permit.bpmn", "line": 7,
        "fields": [{"field": "name", "old": "Check", "new": "x"}],
    }  # fmt: skip
    (gone,) = (change for change in record["changes"] if change["change"] == "remove")
    assert gone["place"] == {
        "parent": {"kind": "process", "id": "p", "name": None}, "field": "flow_elements", "index": 1,
        "previous": {"kind": "task", "id": "A", "name": "Check"}, "lanes": [{"kind": "lane", "id": "L1", "name": "Front Office"}],
    }  # fmt: skip
    assert gone["value"] == {"kind": "task", "id": "B", "name": "Sign"}


def test_json_of_parts_and_vendors_elements() -> None:
    inside = '<extensionElements><own:x a="1">t<own:y/></own:x></extensionElements><multiInstanceLoopCharacteristics isSequential="true"/>'
    old, new = text_of_process('<task id="A"/>'), text_of_process(f'<task id="A">{inside}</task>')
    (change,) = json.loads(bm.differences(read(old), read(new)).to_json())["changes"]
    assert [each["new"] for each in change["fields"]] == [
        [
            {
                "name": "{urn:permits}x",
                "attributes": {"a": "1"},
                "text": "t",
                "children": [{"name": "{urn:permits}y", "attributes": {}, "text": "", "children": []}],
            }
        ],
        {"kind": "multiInstanceLoopCharacteristics", "is_sequential": True},
    ]


# Edits and large maps


def test_an_edit_is_its_only_difference() -> None:
    before = read(BEFORE)
    after = before.replace("A", name="Check form")
    (change,) = bm.differences(before, after)
    assert isinstance(change, bm.Update)
    assert change.changes == (FieldChange("name", "Check", "Check form"),)
    (added,) = bm.differences(before, before.add(m.Task(id="D"), into="p")).meaning
    assert isinstance(added, bm.Insert)
    assert added.value == m.Task(id="D")


def test_deep_maps() -> None:
    deep = "".join(f'<subProcess id="S{depth}">' for depth in range(190)) + '<task id="A"/>' + "</subProcess>" * 190
    assert lines(text_of_process(deep), text_of_process(deep.replace('"A"', '"A" name="x"'))) == ["3: change task 'A' (x): name none → 'x'"]
    anonymous = re.sub(r' id="S\d+"', "", deep)
    assert lines(text_of_process(anonymous), text_of_process(anonymous.replace('"A"', '"A" name="x"'))) == [
        "3: change task 'A' (x): name none → 'x'"
    ]
    assert len(json.loads(bm.differences(read(text_of_process("")), read(text_of_process(deep))).to_json())["changes"]) == 191


@pytest.mark.slow
def test_ten_thousand_tasks() -> None:
    tasks = [f'<task id="T{number}"/>' for number in range(10_000)]
    flows = [f'<sequenceFlow id="F{number}" sourceRef="T{number}" targetRef="T{number + 1}"/>' for number in range(9_999)]
    old = read(text_of_process("\n".join([*tasks, *flows])))
    new = read(text_of_process("\n".join([*tasks[5_000:], *tasks[:5_000], *flows])))
    assert len(bm.differences(old, new)) == 5_000
    renamed = read(text_of_process("\n".join([*tasks, *flows]).replace('"T', '"X')))
    found = bm.differences(old, renamed)
    assert (len(found.meaning), len(found)) == (29_999 - 9_999 + 9_999, 29_999)
