"""A map as text: the file that it would be, in the encoding that it declares; and what is neither text nor bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.xmlio.encodings import bytes_of
from tests.xmlio.maps import text_of_process, told

BODY = text_of_process('<task id="t" name="Größe prüfen €"/>')
LATIN = BODY.replace(" €", "")


def declared(encoding: str, body: str = BODY) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{body}'


def name(definitions: bm.Definitions) -> str | None:
    return definitions.processes[0].flow_nodes[0].name


@pytest.mark.parametrize(
    ("text", "data"),
    [
        (BODY, BODY.encode()),
        ("\ufeff" + BODY, BODY.encode("utf-8-sig")),
        ("\n" + BODY.replace("\n", "\r\n"), ("\n" + BODY.replace("\n", "\r\n")).encode()),
        (declared("UTF-8"), declared("UTF-8").encode()),
        (declared("ISO-8859-15"), declared("ISO-8859-15").encode("iso-8859-15")),
        (declared("windows-1252"), declared("windows-1252").encode("cp1252")),
        (declared("UTF-16"), declared("UTF-16").encode("utf-16")),
        ("\ufeff" + declared("UTF-16"), declared("UTF-16").encode("utf-16")),
        (declared("UTF-16LE"), declared("UTF-16LE").encode("utf-16-le")),
        ("\ufeff" + declared("UTF-16BE"), b"\xfe\xff" + declared("UTF-16BE").encode("utf-16-be")),
        ("\ufeff" + declared("ISO-8859-1"), declared("ISO-8859-1").encode("utf-8-sig")),
    ],
    ids=["plain", "mark", "lines", "utf-8", "latin-9", "cp1252", "utf-16", "utf-16 mark", "utf-16-le", "utf-16-be mark", "mark wins"],
)
def test_a_text_is_read_as_the_file_that_it_would_be(text: str, data: bytes) -> None:
    definitions = bm.parse_bpmn(text)
    assert name(definitions) == "Größe prüfen €"
    assert definitions.findings == ()
    assert definitions == bm.parse_bpmn(data)
    assert bm.format_bpmn(definitions) == data


@pytest.mark.parametrize(
    "encoding",
    ["ISO-8859-1", "US-ASCII", "x-unknown", "punycode", "IBM037"],
    ids=["lacks €", "lacks all", "unknown", "no charset", "ebcdic"],
)
def test_a_text_that_its_encoding_cannot_hold_becomes_utf_8_and_says_so(encoding: str) -> None:
    definitions = bm.parse_bpmn(declared(encoding), "permit.bpmn")
    assert name(definitions) == "Größe prüfen €"
    message = f"declared as '{encoding.lower()}', in which the text cannot be written; the declaration now says 'UTF-8'"
    assert told(definitions) == [f"1: warning[wrong-encoding] {message}"]
    written = bm.format_bpmn(definitions)
    assert written == declared("UTF-8").encode()
    assert bm.parse_bpmn(written).findings == ()


def test_an_edited_text_is_written_in_its_encoding() -> None:
    definitions = bm.parse_bpmn(declared("ISO-8859-1", LATIN))
    assert bm.format_bpmn(definitions.replace("t", name="Maß €")) == declared("ISO-8859-1", LATIN).encode("latin-1").replace(
        "Größe prüfen".encode("latin-1"), "Maß &#8364;".encode("latin-1")
    )


def test_a_text_and_what_is_done_to_it_are_told_together() -> None:
    definitions = bm.parse_bpmn(declared("x-unknown", BODY.replace("<task", "<task zeebe:a='1'")), "permit.bpmn")
    assert [finding.code for finding in definitions.findings] == ["wrong-encoding", "faulty-namespace"]


def test_half_a_character_is_refused() -> None:
    with pytest.raises(bm.BpmnReadError) as caught:
        bm.parse_bpmn(BODY.replace("prüfen", "\ud800"), "permit.bpmn")
    assert str(caught.value) == (
        "permit.bpmn:3: error[not-xml] not well-formed XML: the text holds '\\ud800', which is half a character\n"
        "    fix: decode the file with the encoding that it declares, or read its bytes"
    )


def test_a_text_with_a_doctype_or_of_nothing_is_refused() -> None:
    for text, code in (
        ("", "empty-file"),
        (" \n", "empty-file"),
        ("<!DOCTYPE a><a/>", "doctype"),
        (declared("UTF-16", "<!DOCTYPE a>"), "doctype"),
    ):
        with pytest.raises(bm.BpmnReadError) as caught:
            bm.parse_bpmn(text)
        assert [finding.code for finding in caught.value.findings] == [code]


def test_bytes_of_other_kinds() -> None:
    data = BODY.encode()
    assert bm.parse_bpmn(bytearray(data)) == bm.parse_bpmn(memoryview(data)) == bm.parse_bpmn(data)
    assert bm.format_bpmn(bm.parse_bpmn(bytearray(data))) == data


def test_what_is_neither_text_nor_bytes() -> None:
    for wrong in (None, 3, Path("permit.bpmn"), [BODY]):
        with pytest.raises(TypeError, match=r"^data must be text or bytes of a map \(got .+\); for a file there is read_bpmn$"):
            bm.parse_bpmn(wrong)  # type: ignore[arg-type]


def test_what_is_no_path() -> None:
    for wrong in (None, 3, b"permit.bpmn", [BODY]):
        with pytest.raises(TypeError, match=r"^path must be a path of text \(got .+\); for what a file holds there is parse_bpmn$"):
            bm.read_bpmn(wrong)  # type: ignore[arg-type]


def test_the_path_may_be_one() -> None:
    assert bm.parse_bpmn(BODY, Path("a") / "permit.bpmn").path == str(Path("a") / "permit.bpmn")


def test_bytes_of_a_text_without_declaration() -> None:
    assert bytes_of("<a b='ü'/>", None) == ("<a b='ü'/>".encode(), ())
