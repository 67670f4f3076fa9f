"""Where a file does not follow the OMG's schema."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bpmnmap.xmlio import schema
from bpmnmap.xmlio.document import load
from bpmnmap.xmlio.schema import schema_findings, schema_path
from tests.xmlio.maps import text_of_map, text_of_process


def violations(text: str) -> list[str]:
    document, _ = load(text.encode(), "permit.bpmn")
    return [str(finding).splitlines()[0].removeprefix("permit.bpmn:").strip() for finding in schema_findings(document)]


def test_a_map_that_follows_it_has_none() -> None:
    assert violations(text_of_process('<task id="a"/><sequenceFlow id="f" sourceRef="a" targetRef="a"/>')) == []


def test_violations_are_told_in_document_order_with_element_and_line() -> None:
    text = text_of_process('<task id="a"><incoming/></task>\n<sequenceFlow id="f" sourceRef="a"/>\n<task id="1"/>\n<thing/>')
    assert violations(text.replace('id="p"', 'id="p" isClosed="no"')) == [
        "2: warning[schema-violation] process 'p': attribute 'isClosed': 'no' is not a valid value of the atomic type 'xs:boolean'",
        "3: warning[schema-violation] incoming: '' is not a valid value of the atomic type 'xs:QName' (in task 'a')",
        "4: warning[schema-violation] sequenceFlow 'f': the attribute 'targetRef' is required but missing",
        "5: warning[schema-violation] task '1': attribute 'id': '1' is not a valid value of the atomic type 'xs:ID'",
        "6: warning[schema-violation] thing: this element is not expected (in process 'p')",
    ]


def test_namespaces_are_left_out() -> None:
    text = text_of_map("", "").replace('targetNamespace="urn:permits"', "")
    assert violations(text) == ["1: warning[schema-violation] definitions: the attribute 'targetNamespace' is required but missing"]


def test_the_schema_is_found_without_importing_spiffworkflow() -> None:
    code = "import sys; from bpmnmap.xmlio import schema; assert schema.schema_path().is_file(); print('SpiffWorkflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"
    assert schema_path().name == "BPMN20.xsd"


@pytest.mark.parametrize("content", [None, "no xml", "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element/></xs:schema>"])
def test_a_schema_that_cannot_be_used_is_told(content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "BPMN20.xsd"
    if content is not None:
        path.write_text(content)
    monkeypatch.setattr(schema, "schema_path", lambda: path)
    schema._schema.cache_clear()
    (told,) = violations(text_of_process(""))
    assert told.removeprefix("permit.bpmn: ").startswith("warning[schema-unavailable] the schema of BPMN 2.0 cannot be used: ")
    schema._schema.cache_clear()


def test_reading_does_not_load_the_schema() -> None:
    code = "import sys, bpmnmap.xmlio.reader; print('bpmnmap.xmlio.schema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"


def test_the_element_is_found_among_others_of_its_line() -> None:
    told = violations(text_of_process("".join(f'<sequenceFlow id="f{number}"/>' for number in range(2))))
    assert [line.partition(":")[2].partition(": ")[0] for line in told] == [
        f" warning[schema-violation] sequenceFlow 'f{number}'" for number in (0, 0, 1, 1)
    ]


@pytest.mark.parametrize("count", [schema.MAXIMUM_VIOLATIONS, schema.MAXIMUM_VIOLATIONS + 1])
def test_many_violations_are_told_together(count: int) -> None:
    flows = "".join(f'<sequenceFlow id="f{number}" sourceRef="a"/>\n' for number in range(count))
    told = violations(text_of_process(f'<task id="a"/>{flows}'))
    if count == schema.MAXIMUM_VIOLATIONS:
        assert (
            told[-1]
            == f"{2 + count}: warning[schema-violation] sequenceFlow 'f{count - 1}': the attribute 'targetRef' is required but missing"
        )
        assert len(told) == count
    else:
        assert told == ["warning[schema-violation] sequenceFlow: 1,001 times: the attribute 'targetRef' is required but missing"]


def test_many_repeated_ids_are_told_together() -> None:
    told = violations(text_of_process('<task id="a"/>\n' * 1_500 + '<task id="b" isForCompensation="x"/>'))
    assert told == [
        "warning[schema-violation] 1,499 times: the id is that of another element",
        "warning[schema-violation] task: 1 times: attribute 'isForCompensation': 'x' is not a valid value of the atomic type 'xs:boolean'",
    ]
