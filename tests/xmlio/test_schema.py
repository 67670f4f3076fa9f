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
