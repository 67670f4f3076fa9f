"""Files of many tools: untouched they are the same bytes; edited, all outside the edit is the same.

The files are no part of the repository; without them these tests are skipped.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from lxml import etree

from bpmnmap.model import Definitions, Documentation, FlowNode
from bpmnmap.xmlio.document import Document, load
from bpmnmap.xmlio.reader import parse_bpmn, read_bpmn
from bpmnmap.xmlio.schema import schema_findings
from bpmnmap.xmlio.writer import format_bpmn
from tests.xmlio.maps import CORPUS

FILES = sorted(CORPUS.rglob("*.bpmn"))
pytestmark = pytest.mark.skipif(not FILES, reason=f"the corpus is not there: {CORPUS}")
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
NAME = 'Prüfen "<x>" & é\n2'


def nodes(definitions: Definitions) -> list[FlowNode]:
    ids = [each.id for each in definitions.walk()]
    return [node for process in definitions.processes for node in process.flow_nodes if node.id is not None and ids.count(node.id) == 1]


def root(data: bytes, like: Definitions) -> etree._Element:
    """The tree of some bytes, parsed as the file was."""
    assert isinstance(like.source, Document)
    return Document(data, encoding=like.source.encoding, recover=like.source.recover).root()


def canonical(tree: etree._Element) -> str:
    return ElementTree.canonicalize(etree.tostring(tree, encoding="unicode"), with_comments=True)


def ids_of(tree: etree._Element, element_id: str) -> list[etree._Element]:
    return [node for node in tree.iter(etree.Element) if (node.get("id") or "").strip() == element_id and str(node.tag).startswith(MODEL)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_untouched(path: Path) -> None:
    assert format_bpmn(read_bpmn(path)) == path.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rename_and_documentation(path: Path) -> None:
    definitions = read_bpmn(path)
    for node in nodes(definitions)[:3]:
        assert node.id is not None
        new = Documentation(text="Größe < 3")
        edited = definitions.replace(node.id, name=NAME, documentation=(new, *node.documentation))
        data = format_bpmn(edited)
        tree = root(data, definitions)
        (found,) = ids_of(tree, node.id)
        (added,) = [child for child in found.iterchildren(f"{MODEL}documentation") if child.text == new.text]
        assert found.get("name") == NAME
        # Undone in the tree by other means than those of the writer, all is as it was but the white space beside the new element.
        before = root(path.read_bytes(), definitions)
        (same,) = ids_of(before, node.id)
        found.remove(added)
        for each in (found, same):
            each.text = (each.text or "").strip()
            for child in each:
                child.tail = (child.tail or "").strip()
        if node.name is None:
            del found.attrib["name"]
        else:
            found.set("name", same.get("name") or "")
        assert canonical(tree) == canonical(before)
        if not definitions.findings:
            again = parse_bpmn(data)
            assert again == edited
            assert format_bpmn(again.replace(node.id, name=node.name, documentation=node.documentation)) == path.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rename_and_its_reverse(path: Path) -> None:
    definitions = read_bpmn(path)
    for node in nodes(definitions)[:3]:
        assert node.id is not None
        renamed = definitions.replace(node.id, name=NAME)
        assert format_bpmn(renamed) != path.read_bytes()
        assert format_bpmn(renamed.replace(node.id, name=node.name)) == path.read_bytes()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_removal_with_references_breaks_no_rule_of_the_schema(path: Path) -> None:
    definitions = read_bpmn(path)
    if definitions.findings or schema_findings(load(path.read_bytes())[0]):
        return  # faulty before
    for node in nodes(definitions)[:3]:
        assert node.id is not None
        rest = definitions.remove(node.id, with_references=True)
        data = format_bpmn(rest)
        assert schema_findings(load(data)[0]) == ()
        assert parse_bpmn(data) == rest
