"""Traps that files of modelers and people lay: each is read, nothing is lost, and an edit changes nothing beside it.

Each ``traps/NAME.bpmn`` stands for one; ``traps/NAME.toml`` says what is expected of it. ``Check`` is the element that is edited.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import bpmnmap as bm
from bpmnmap.model import BaseElement, Definitions, Documentation, EndEvent, StartEvent
from bpmnmap.xmlio.document import load
from bpmnmap.xmlio.schema import schema_findings
from tests.xmlio.maps import told

FOLDER = Path(__file__).with_name("traps")
NAMES = sorted(path.stem for path in FOLDER.glob("*.bpmn"))
KEYS = {"elements", "findings", "names", "violations"}
NAME = 'Prüfen "<x>" & é\n2 €'
ADDED = Documentation(text="Größe < 3 & mehr\n]]>")

# The old name is written with references where others are not: once it is gone, nothing tells how it was written.
SPELLED_ITS_OWN_WAY = {"everything_at_once", "quotes", "references"}


def data_of(name: str) -> bytes:
    return (FOLDER / f"{name}.bpmn").read_bytes()


def expected(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def read(data: bytes) -> Definitions:
    return bm.parse_bpmn(data, "permit.bpmn")


def violations(data: bytes) -> Counter[str]:
    return Counter(finding.message for finding in schema_findings(load(data)[0]))


def edited(definitions: Definitions) -> Definitions:
    element = definitions.element("Check")
    assert isinstance(element, BaseElement)
    return definitions.replace("Check", name=NAME, documentation=(ADDED, *element.documentation))


def undone(definitions: Definitions, before: Definitions) -> Definitions:
    element = before.element("Check")
    assert isinstance(element, BaseElement)
    return definitions.replace("Check", name=getattr(element, "name", None), documentation=element.documentation)


def test_each_trap_says_what_is_expected() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.toml")) == NAMES
    assert len(NAMES) == 71
    assert {name for name in NAMES if expected(name).keys() != KEYS} == set()


def test_the_files_are_what_they_are_said_to_be() -> None:
    """Nothing between here and the repository has changed their line ends or encodings."""
    assert data_of("utf_16_le")[:2] == b"\xff\xfe"
    assert data_of("utf_16_be")[:2] == b"\xfe\xff"
    assert data_of("utf_8_mark")[:3] == data_of("mark_against_declaration")[:3] == b"\xef\xbb\xbf"
    assert "Größe".encode("latin-1") in data_of("iso_8859_1")
    assert "„prüfen“ – 5 €".encode("cp1252") in data_of("windows_1252")
    assert "„prüfen“ – 5 €".encode("cp1252") in data_of("wrong_encoding")
    assert data_of("crlf").count(b"\r\n") == data_of("crlf").count(b"\n") == 10
    assert (data_of("cr").count(b"\r"), data_of("cr").count(b"\n")) == (10, 0)
    assert 0 < data_of("mixed_line_ends").count(b"\r\n") < data_of("mixed_line_ends").count(b"\n")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read(name: str) -> None:
    definitions, wanted = read(data_of(name)), expected(name)
    assert told(definitions) == wanted["findings"]
    assert {each: getattr(definitions.element(each), "name", None) for each in wanted["names"]} == wanted["names"]
    assert sum(1 for _ in definitions.walk()) == wanted["elements"]
    assert violations(data_of(name)).total() == wanted["violations"]


@pytest.mark.parametrize("name", NAMES)
def test_untouched_it_is_the_same_bytes(name: str) -> None:
    definitions = read(data_of(name))
    assert bm.format_bpmn(definitions) == data_of(name)
    assert bm.format_bpmn(undone(edited(definitions), definitions)) == data_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_an_edit_reads_as_it_was_meant_and_its_reverse_gives_the_first_bytes(name: str) -> None:
    definitions = read(data_of(name))
    after = edited(definitions)
    written = bm.format_bpmn(after)
    assert written != data_of(name)
    again = read(written)
    assert again == after
    assert [finding.code for finding in again.findings] == [finding.code for finding in definitions.findings]
    if name not in SPELLED_ITS_OWN_WAY:
        assert bm.format_bpmn(undone(again, definitions)) == data_of(name)
    assert violations(written) == violations(data_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_outside_the_edit_all_is_as_it_was(name: str) -> None:
    """By a comparison of trees that shares nothing with the writer; it undoes the edit by its own means."""
    before, after = (load(data)[1] for data in (data_of(name), bm.format_bpmn(edited(read(data_of(name))))))
    one, other = of_check(before), of_check(after)
    assert other.get("name") == NAME
    (added,) = [child for child in other if child.tag == f"{{{etree.QName(other).namespace}}}documentation" and child.text == ADDED.text]
    tail = added.tail
    other.remove(added)
    if len(other):
        other.text = (other.text or "") + (tail or "")
    if one.get("name") is None:
        del other.attrib["name"]
    else:
        other.set("name", one.get("name", ""))
    for node in (one, other):  # white space beside the new element
        node.text = (node.text or "").strip()
        for child in node:
            child.tail = (child.tail or "").strip()
    assert list(flat(after)) == list(flat(before))


def of_check(root: Any) -> Any:
    (found,) = [node for node in root.iter(etree.Element) if (node.get("id") or "").strip() == "Check"]
    return found


def flat(root: Any) -> Iterator[tuple[object, ...]]:
    """All of a document: nodes before and behind the root, too."""
    for node in (*reversed(list(root.itersiblings(preceding=True))), *root.iter(), *root.itersiblings()):
        namespaces = sorted((prefix or "", uri) for prefix, uri in node.nsmap.items()) if isinstance(node.tag, str) else ()
        yield str(node.tag), list(node.items()), node.text or "", node.tail or "", namespaces


@pytest.mark.parametrize("name", NAMES)
def test_a_removal_reads_as_it_was_meant(name: str) -> None:
    definitions = read(data_of(name))
    for rest in (definitions.remove("Check"), definitions.remove("Check", with_references=True)):
        written = bm.format_bpmn(rest)
        assert read(written) == rest
        assert b"Check form" not in written


@pytest.mark.parametrize("name", NAMES)
def test_as_a_text_it_is_the_same_map(name: str) -> None:
    definitions = read(data_of(name))
    assert definitions.source is not None
    text = data_of(name).decode(encodings(name))
    assert bm.parse_bpmn(text) == definitions


def encodings(name: str) -> str:
    known = {"iso_8859_1": "latin-1", "iso_8859_2": "iso8859-2", "misplaced_declaration": "latin-1", "utf_16_le_without_mark": "utf-16-le"}
    if name in ("windows_1252", "wrong_encoding", "namespace_with_space_and_wrong_encoding", "everything_at_once"):
        return "cp1252"
    return known.get(name, "utf-16" if name.startswith("utf_16") else "utf-8-sig")


def test_event_definitions_that_events_name() -> None:
    definitions = read(data_of("igrafx"))
    start, end = definitions.element("in"), definitions.element("out")
    assert isinstance(start, StartEvent)
    assert isinstance(end, EndEvent)
    assert definitions.event_definitions(start) == (definitions.element("timer"),)
    assert definitions.event_definitions(end) == (definitions.element("stop"),)
