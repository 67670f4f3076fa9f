"""What reading and the schema tell of one map, with the names of the elements."""

from __future__ import annotations

from bpmnmap.xmlio.checking import map_findings
from bpmnmap.xmlio.reader import parse_bpmn
from tests.xmlio.maps import text_of_process


def found(text: str) -> list[tuple[int | None, str, str | None, str | None]]:
    findings = map_findings(parse_bpmn(text.encode(), "permit.bpmn"))
    return [(each.location.line, each.code, each.element_id, each.element_name) for each in findings]


def test_findings_of_reading_and_of_the_schema_come_together_by_line() -> None:
    text = text_of_process('<task id="1st" name=" Check\n the form "/>\n<sequenceFlow id="on" sourceRef="b"/>\n<task id="b"><x/></task>')
    assert found(text) == [
        (4, "invalid-id", "1st", "Check the form"),
        (4, "schema-violation", "1st", "Check the form"),
        (5, "half-attached-flow", "on", None),
        (5, "schema-violation", "on", None),
        (6, "unknown-element", None, None),
        (6, "schema-violation", None, None),
    ]


def test_elements_of_one_line_are_told_apart() -> None:
    flows = "".join(f'<sequenceFlow id="f{number}" name="flow {number}" sourceRef="a"/>' for number in range(3))
    told = [each for each in found(text_of_process(f'<task id="a"/>{flows}')) if each[1] == "schema-violation"]
    assert told == [(3, "schema-violation", f"f{number}", f"flow {number}") for number in range(3)]


def test_a_name_is_that_of_the_element_that_is_meant() -> None:
    text = text_of_process('<task id="a" name="first"/>\n<task id="a" name="second"/>\n<task id="b" name="third"/>')
    assert [each for each in found(text) if each[1] == "duplicate-id"] == [(4, "duplicate-id", "a", "second")]


def test_long_names_are_cut() -> None:
    (_, _, _, name), *_ = found(text_of_process(f'<task id="1" name="{"x" * 500}"/>'))
    assert name == "x" * 79 + "…"
