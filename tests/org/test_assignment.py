"""H3: the unit of each flow node, one rule after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bpmnmap.model import Definitions
from bpmnmap.org.assignment import UnitAssignment, assign_units, unit_names
from bpmnmap.org.organization import Organization
from bpmnmap.xmlio.reader import parse_bpmn

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:flowable="http://flowable.org/bpmn" targetNamespace="urn:a">\n'
)
ORGANIZATION = Organization.model_validate(
    {
        "units": {
            "FO": {"name": "Front Office", "aliases": ["Loket", "counter"], "external": True},
            "TO": {"name": "Technical Office", "external": True},
            "HO": {"name": "Head", "aliases": ["Director of Permits"], "external": True},
            "legal": {"external": True},
        }
    }
)


def a_map(inside: str) -> Definitions:
    definitions = parse_bpmn(f"{HEAD}{inside}\n</definitions>".encode(), "permit.bpmn")
    assert [finding for finding in definitions.findings if finding.code != "invalid-id"] == []
    return definitions


def assigned(inside: str, overrides: Mapping[str, str] | None = None, process_units: Mapping[str, str] | None = None) -> UnitAssignment:
    return assign_units(a_map(inside), ORGANIZATION, overrides=overrides or {}, process_units=process_units or {})


def units(inside: str, **keywords: Any) -> dict[str, str | None]:
    return dict(assigned(inside, **keywords).units)


def lane(name: str | None, *nodes: str, inner: str = "", lane_id: str = "lane") -> str:
    refs = "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in nodes)
    child = f"<childLaneSet>{inner}</childLaneSet>" if inner else ""
    named = "" if name is None else f'name="{name}"'
    return f'<lane id="{lane_id}" {named}>{refs}{child}</lane>'


def process(inside: str, *lanes: str) -> str:
    lane_set = f"<laneSet>{''.join(lanes)}</laneSet>" if lanes else ""
    return f'<process id="p" name="Head">{lane_set}{inside}</process>'


TASK = '<task id="t"/>'


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Front Office", "FO"),
        ("  front\n  OFFICE ", "FO"),
        ("FO", "FO"),
        ("fo", "FO"),
        ("LOKET", "FO"),
        ("Director  of permits", "HO"),
        ("legal", "legal"),
        ("Front", None),
        ("", None),
        (None, None),
    ],
)
def test_lanes_name_units_by_id_name_and_alias(name: str | None, unit: str | None) -> None:
    assert units(process(TASK, lane(name, "t"))) == {"t": unit}


def test_every_kind_of_flow_node_has_a_unit() -> None:
    nodes = '<startEvent id="s"/><exclusiveGateway id="g"/><callActivity id="c"/><intermediateCatchEvent id="i"/>'
    assert units(process(nodes, lane("Head", "s", "g", "c", "i"))) == dict.fromkeys("sgci", "HO")


def test_the_innermost_lane_wins() -> None:
    inner = lane("Technical Office", "t", lane_id="inner")
    assert units(process(TASK, lane("Head", "t", inner=inner))) == {"t": "TO"}
    assert units(process(TASK, lane("Head", inner=inner))) == {"t": "TO"}


def test_an_outer_lane_counts_where_the_inner_one_names_no_unit() -> None:
    inner = lane("Desk 4", "t", lane_id="inner")
    found = assigned(process(TASK, lane("Head", inner=inner)))
    assert dict(found.units) == {"t": "HO"}
    assert [str(finding).splitlines()[0] for finding in found.findings] == [
        "permit.bpmn:2: warning[lane-without-unit] lane 'inner': 'Desk 4' names no unit of the organization"
    ]


def test_of_two_lanes_side_by_side_the_first_counts() -> None:
    assert units(process(TASK, lane("Head", "t"), lane("legal", "t", lane_id="second"))) == {"t": "HO"}


def test_lanes_without_unit_are_told_with_the_way_to_mend() -> None:
    found = assigned(
        process(TASK, lane("Fornt Office", "t"), "\n", lane(None, lane_id="nameless"), "\n", lane("Archive", lane_id="archive"))
    )
    assert [str(finding) for finding in found.findings] == [
        "permit.bpmn:2: warning[lane-without-unit] lane 'lane': 'Fornt Office' names no unit of the organization\n"
        "    fix: give it the name of a unit, or add its name to the aliases of one in org.toml; did you mean 'FO'?",
        "permit.bpmn:3: warning[lane-without-unit] lane 'nameless': has no name, and so no unit of the organization\n"
        "    fix: give it the name of a unit, or add its name to the aliases of one in org.toml",
        "permit.bpmn:4: warning[lane-without-unit] lane 'archive': 'Archive' names no unit of the organization\n"
        "    fix: give it the name of a unit, or add its name to the aliases of one in org.toml",
    ]


SUB = '<subProcess id="sub">{}<task id="t"/></subProcess>'


def test_what_is_in_a_sub_process_falls_back_to_its_unit() -> None:
    assert units(process(SUB.format(""), lane("Head", "sub"))) == {"sub": "HO", "t": "HO"}
    assert units(process(f'<subProcess id="outer">{SUB.format("")}</subProcess>', lane("Head", "outer"))) == {
        "outer": "HO",
        "sub": "HO",
        "t": "HO",
    }


def test_lanes_within_a_sub_process_come_first() -> None:
    inside = SUB.format(f"<laneSet>{lane('legal', 't', lane_id='own')}</laneSet>")
    assert units(process(inside, lane("Head", "sub", "t"))) == {"sub": "HO", "t": "legal"}
    no_unit = SUB.format(f"<laneSet>{lane('Desk', 't', lane_id='own')}</laneSet>")
    assert units(process(no_unit, lane("Head", "sub"), lane("TO", "t", lane_id="second"))) == {"sub": "HO", "t": "TO"}


def test_the_unit_that_the_scenario_gives_a_sub_process_holds_inside() -> None:
    assert units(process(SUB.format(""), lane("Head", "sub")), overrides={"sub": "TO"}) == {"sub": "TO", "t": "TO"}


POOL = '<collaboration id="c"><participant id="pool" name="{}" processRef="p"/><participant id="other" name="Head"/></collaboration>'
GROUPS = 'camunda:candidateGroups="Head"'


def test_the_participant_counts_after_lanes_and_before_performers() -> None:
    task = f'<userTask id="t" {GROUPS}/>'
    assert units(POOL.format("Front office") + process(task)) == {"t": "FO"}
    assert units(POOL.format("Front office") + process(task, lane("legal", "t"))) == {"t": "legal"}
    assert units(POOL.format("The whole authority") + process(task)) == {"t": "HO"}


def test_the_name_of_the_process_does_not_count() -> None:
    assert units(process(TASK)) == {"t": None}


@pytest.mark.parametrize(
    ("task", "unit"),
    [
        ('<task id="t"><potentialOwner><resourceRef>r</resourceRef></potentialOwner></task>', "TO"),
        ('<task id="t"><humanPerformer name="Loket"/></task>', "FO"),
        ('<task id="t"><performer name="nobody"/><performer name="Head"/></task>', "HO"),
        ('<task id="t"><potentialOwner><resourceAssignmentExpression><formalExpression>user(me), group(Head)</formalExpression></resourceAssignmentExpression></potentialOwner></task>', "HO"),
        ('<userTask id="t" camunda:candidateGroups="clerks, Front Office"/>', "FO"),
        ('<userTask id="t" flowable:candidateGroups="counter"/>', "FO"),
        ('<userTask id="t"><extensionElements><zeebe:assignmentDefinition assignee="x" candidateGroups="legal,FO"/></extensionElements></userTask>', "legal"),
        ('<userTask id="t"><extensionElements><zeebe:assignmentDefinition candidateGroups="= [&quot;x&quot;, &quot;Head&quot;]"/></extensionElements></userTask>', "HO"),
        ('<userTask id="t" candidateGroups="Head"/>', None),
        ('<userTask id="t" camunda:assignee="Head"/>', None),
        (f'<userTask id="t" {GROUPS}><performer name="legal"/></userTask>', "legal"),
        (f'<subProcess id="s" {GROUPS}><userTask id="t" camunda:candidateGroups="FO"/></subProcess>', "HO"),
        (f'<startEvent id="t" {GROUPS}/>', "HO"),
    ],
)  # fmt: skip
def test_performers(task: str, unit: str | None) -> None:
    assert units('<resource id="r" name="technical office"/>' + process(task))["t"] == unit


def test_performers_of_the_process_count_after_those_of_the_task() -> None:
    inside = '<userTask id="t"/><userTask id="u" camunda:candidateGroups="Head"/><performer name="legal"/>'
    assert units(process(inside), process_units={"p": "FO"}) == {"t": "legal", "u": "HO"}


def test_the_unit_of_the_process_in_the_scenario_is_the_last_resort() -> None:
    inside = f'<task id="t"/><userTask id="u" {GROUPS}/><subProcess id="s"><userTask id="v" {GROUPS}/><task id="w"/></subProcess>'
    assert units(process(inside), process_units={"p": "FO", "q": "legal"}) == {"t": "FO", "u": "HO", "s": "FO", "v": "HO", "w": "FO"}


def test_the_scenario_wins_and_says_so() -> None:
    found = assigned(process(f'{TASK}\n<task id="u"/><task id="v"/>', lane("Head", "t", "u")), overrides={"t": "TO", "u": "HO", "v": "FO"})
    assert dict(found.units) == {"t": "TO", "u": "HO", "v": "FO"}
    assert [str(finding) for finding in found.findings] == [
        "permit.bpmn:2: info[unit-replaced] task 't': the scenario's unit 'TO' replaces 'HO', which the map names\n"
        "    fix: nothing, if that is meant; else remove unit from the scenario's table"
    ]


def test_boundary_events_stand_at_their_host() -> None:
    inside = '<boundaryEvent id="b" attachedToRef="t"/><task id="t"/>'
    assert units(process(inside, lane("Head", "t"), lane("legal", "b", lane_id="second"))) == {"t": "HO", "b": "HO"}
    assert units(process(inside, lane("Head", "t")), overrides={"t": "TO"}) == {"t": "TO", "b": "TO"}
    assert units(process(inside, lane("Head", "t")), overrides={"b": "TO"}) == {"t": "HO", "b": "TO"}


def test_each_process_has_its_own_participant() -> None:
    inside = (
        '<collaboration id="c"><participant id="x" name="Head" processRef="p"/><participant id="y" name="legal" processRef="q"/></collaboration>'
        f'{process(TASK)}<process id="q"><task id="u"/></process>'
    )
    assert units(inside) == {"t": "HO", "u": "legal"}


def test_units_answer_to_their_ids_names_and_aliases() -> None:
    assert unit_names(ORGANIZATION) == {
        "fo": "FO",
        "front office": "FO",
        "loket": "FO",
        "counter": "FO",
        "to": "TO",
        "technical office": "TO",
        "ho": "HO",
        "head": "HO",
        "director of permits": "HO",
        "legal": "legal",
    }
