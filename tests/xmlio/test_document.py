"""What is read all the same, what is refused, and why; nothing is ever opened that a file names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpmnmap.errors import BpmnReadError
from bpmnmap.xmlio.document import Document, load
from bpmnmap.xmlio.reader import parse_bpmn, read_bpmn
from bpmnmap.xmlio.refusals import MAXIMUM_ATTRIBUTES, MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_ELEMENTS
from tests.xmlio.maps import read, text_of_map, text_of_process, told

BODY = text_of_process('<task id="t" name="Größe prüfen"/>').replace("<?xml", "")


def declared(encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>' + BODY


def name_read(data: bytes) -> tuple[str | None, list[str]]:
    definitions = parse_bpmn(data, "permit.bpmn")
    return definitions.processes[0].flow_nodes[0].name, told(definitions)


def refusal(data: bytes) -> tuple[str, int | None]:
    with pytest.raises(BpmnReadError) as caught:
        parse_bpmn(data, "permit.bpmn")
    (finding,) = caught.value.findings
    assert finding.fix is not None
    assert finding.location.path == "permit.bpmn"
    return finding.code, finding.location.line


@pytest.mark.parametrize(
    "data",
    [
        BODY.encode(),
        b"\xef\xbb\xbf" + BODY.encode(),
        b"\xef\xbb\xbf" + declared("ISO-8859-1").encode(),
        b"  \n" + BODY.encode(),
        declared("ISO-8859-1").encode("latin-1"),
        declared("windows-1252").encode("cp1252"),
        declared("ISO-8859-15").encode("iso-8859-15"),
        declared("UTF-16").encode("utf-16"),
        declared("UTF-16LE").encode("utf-16-le"),
        declared("UTF-16BE").encode("utf-16-be"),
        BODY.encode("utf-16"),
        BODY.encode("utf-32"),
        BODY.replace("\n", "\r\n").encode(),
        BODY.replace("ö", "&#246;").replace("ü", "&#xFC;").encode(),
    ],
    ids=[
        "plain",
        "bom",
        "bom wins",
        "space first",
        "latin-1",
        "cp1252",
        "latin-9",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "bom utf-16",
        "utf-32",
        "crlf",
        "references",
    ],
)
def test_encodings(data: bytes) -> None:
    assert name_read(data) == ("Größe prüfen", [])


@pytest.mark.parametrize(
    ("data", "was", "as_"),
    [
        (declared("UTF-8").encode("cp1252"), "utf-8", "windows-1252"),
        (BODY.encode("cp1252"), "utf-8", "windows-1252"),
        (declared("UTF-16").encode(), "utf-16", "utf-8"),
        (declared("US-ASCII").encode(), "us-ascii", "utf-8"),
        (declared("x-unknown").encode(), "x-unknown", "utf-8"),
        (declared("punycode").encode(), "punycode", "utf-8"),
    ],
)
def test_wrong_encodings_are_mended_and_told(data: bytes, was: str, as_: str) -> None:
    message = f"1: warning[wrong-encoding] declared as '{was}' but not written in it; read as '{as_}'"
    assert name_read(data) == ("Größe prüfen", [message])


def test_white_space_before_the_declaration_is_overlooked_and_told() -> None:
    data = b"\n \n" + declared("ISO-8859-1").encode("latin-1")
    assert name_read(data) == (
        "Größe prüfen",
        ["3: warning[misplaced-declaration] white space stands before the XML declaration; overlooked"],
    )
    assert parse_bpmn(data).processes[0].line == 4


def test_faulty_namespaces_are_overlooked_and_told() -> None:
    text = text_of_map('<process id="p">\n<task id="t" zeebe:x="1"><vendor:y/></task>\n</process>', 'xmlns:a="urn:with space"').replace(
        "urn:with", "http://with"
    )
    definitions = read(text)
    task = definitions.processes[0].flow_nodes[0]
    assert task.extension_attributes == (("zeebe:x", "1"),)
    assert [element.kind for element in task.other_elements] == ["vendor:y"]
    assert told(definitions) == [
        "1: warning[faulty-namespace] xmlns:a: 'http://with space' is not a valid URI; read all the same",
        "3: warning[faulty-namespace] Namespace prefix zeebe for x on task is not defined; read all the same",
        "3: warning[faulty-namespace] Namespace prefix vendor on y is not defined; read all the same",
        "3: warning[foreign-element] vendor:y: 'vendor:y' stands in a task outside extensionElements; kept as it is",
    ]


FAULTY_NAMESPACE = text_of_process('<task id="t" zeebe:name="Größe"/>')


@pytest.mark.parametrize("tail", ["<a/>", "</process>", "text", "&", "<a", "<![CDATA[x]]>", "<!-- -- -->"])
def test_what_stands_behind_the_root_is_never_dropped(tail: str) -> None:
    """libxml2 passes over it once it has overlooked a fault in a namespace."""
    assert refusal((FAULTY_NAMESPACE + tail).encode()) == ("not-xml", 6)
    assert refusal((FAULTY_NAMESPACE + tail).encode("cp1252"))[0] == "not-xml"


def test_a_fault_beside_a_faulty_namespace_is_the_one_that_is_told() -> None:
    with pytest.raises(BpmnReadError) as caught:
        parse_bpmn(FAULTY_NAMESPACE.replace("</process>", "").encode(), "permit.bpmn")
    assert str(caught.value).startswith("permit.bpmn:5: error[not-xml] not well-formed XML: ")
    assert "tag mismatch" in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-15", "cp1252"])
def test_faulty_namespaces_are_overlooked_in_each_encoding(encoding: str) -> None:
    declaration = "" if encoding.startswith("utf-8") else f'<?xml version="1.0" encoding="{encoding.replace("cp", "windows-")}"?>'
    data = (declaration + FAULTY_NAMESPACE + "<!-- fine --><?fine?>\n").encode(encoding)
    (element,) = parse_bpmn(data).processes[0].flow_nodes
    assert element.extension_attributes == (("zeebe:name", "Größe"),)


def test_a_mended_document_gives_the_same_tree_again() -> None:
    document, root = load(text_of_process('<task id="t" zeebe:name="Größe"/>').encode("cp1252"))
    assert (document.encoding, document.recover) == ("windows-1252", True)
    again = document.root()
    assert [dict(node.items()) for node in again.iter("{*}task")] == [{"id": "t", "zeebe:name": "Größe"}]
    assert again.tag == root.tag


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "empty-file", None),
        (b" \n\t", "empty-file", None),
        (bytes(range(256)), "not-xml", 1),
        (b"PK\x03\x04" + bytes(60), "not-xml", 1),
        (b"%PDF-1.7", "not-xml", 1),
        (BODY[:-20].encode(), "not-xml", 4),
        (BODY.replace("prüfen", "& mehr").encode(), "not-xml", 3),
        (BODY.replace("prüfen", "&nbsp;").encode(), "not-xml", 3),
        (BODY.replace('id="t"', 'id="t" id="u"').encode(), "not-xml", 3),
        (BODY.replace("prüfen", "a\0b").encode(), "not-xml", 3),
        (BODY.replace("prüfen", "&#1;").encode(), "not-xml", 3),
        (BODY.encode() + b"<more/>", "not-xml", 6),
        (declared("IBM037").encode("cp037"), "not-xml", 1),
        (b"<html/>", "not-bpmn", 1),
        (b"\n<definitions/>", "not-bpmn", 2),
        (b'<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/"/>', "not-bpmn", 1),
        (b'<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "not-bpmn", 1),
    ],
)
def test_refusals(data: bytes, code: str, line: int | None) -> None:
    assert refusal(data) == (code, line)


def test_a_refusal_says_what_and_how_to_mend() -> None:
    with pytest.raises(BpmnReadError) as caught:
        parse_bpmn(BODY.replace("prüfen", "& mehr").encode(), "permit.bpmn")
    assert str(caught.value) == (
        "permit.bpmn:3: error[not-xml] not well-formed XML: xmlParseEntityRef: no name (column 27)\n"
        "    fix: mend it there, or export the map from its modeler once more, as BPMN 2.0 XML"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE definitions>\n",
        '\n<!DOCTYPE definitions SYSTEM "file:///etc/passwd">',
        '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c">]>',
        '<?xml version="1.0"?>\n<!-- <!DOCTYPE b> -->\n<?c d?>\n  <!DOCTYPE a [<!ENTITY b SYSTEM "http://example.org/">]>',
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>',
        " " * 5000 + "<!DOCTYPE a>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_doctypes_are_refused(text: str, encoding: str) -> None:
    line = text[: text.rindex("<!DOCTYPE")].count("\n") + 1
    assert refusal((text + BODY).encode(encoding)) == ("doctype", line)


def test_a_doctype_that_hides_in_its_encoding_is_refused() -> None:
    hidden = b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a [+ADwAIQ-ENTITY b "c"+AD4-]+AD4-<a/>'
    assert refusal(hidden) == ("doctype", None)
    assert refusal(("<!DOCTYPE a>" + BODY).encode("utf-32")) == ("doctype", None)


def test_a_doctype_within_a_comment_is_none() -> None:
    assert told(read("<!-- <!DOCTYPE a> -->" + BODY)) == []


def nested(depth: int) -> str:
    return text_of_process("".join(f'<subProcess id="s{i}">' for i in range(depth)) + "</subProcess>" * depth)


def test_depth_is_limited() -> None:
    definitions = read(nested(MAXIMUM_DEPTH - 2))
    assert sum(1 for _ in definitions.walk()) == MAXIMUM_DEPTH
    assert refusal(nested(MAXIMUM_DEPTH - 1).encode()) == ("too-deep", 3)
    assert refusal(nested(10_000).encode())[0] == "too-deep"


def test_depth_of_extensions_is_limited() -> None:
    inside = '<task id="t"><extensionElements>{}</extensionElements></task>'
    fits = MAXIMUM_DEPTH - 4
    assert told(read(text_of_process(inside.format("<a>" * fits + "</a>" * fits)))) == []
    assert refusal(text_of_process(inside.format("<a>" * (fits + 1) + "</a>" * (fits + 1))).encode()) == ("too-deep", 3)
    assert refusal(text_of_process("<documentation>" + "<a>" * 1000 + "</a>" * 1000 + "</documentation>").encode())[0] == "too-deep"


def test_a_map_as_deep_as_the_limit_can_be_compared_and_copied_and_printed() -> None:
    text = nested(MAXIMUM_DEPTH - 2)
    assert read(text) == read(text)
    assert hash(read(text)) == hash(read(text))
    assert repr(read(text)).count("SubProcess(") == MAXIMUM_DEPTH - 2


def test_the_number_of_elements_is_limited() -> None:
    assert refusal(text_of_map("<a/>" * (MAXIMUM_ELEMENTS + 1)).encode()) == ("too-many-elements", None)


def test_the_number_of_attributes_of_one_element_is_limited() -> None:
    def task(number: int) -> str:
        return '<task id="t" ' + " ".join(f'a{i}="x"' for i in range(number - 1)) + "/>"

    assert len(read(text_of_process(task(MAXIMUM_ATTRIBUTES))).processes[0].flow_nodes[0].extension_attributes) == MAXIMUM_ATTRIBUTES - 1
    for text in (task(MAXIMUM_ATTRIBUTES + 1), f"<thing>{task(200_000)}</thing>"):
        assert refusal(text_of_process(text).encode()) == ("too-large", 3)


def test_size_is_limited(tmp_path: Path) -> None:
    path = tmp_path / "large.bpmn"
    with path.open("wb") as file:
        file.truncate(MAXIMUM_BYTES + 1)
    with pytest.raises(BpmnReadError, match=rf"error\[too-large\] {MAXIMUM_BYTES + 1} bytes, at most {MAXIMUM_BYTES} are read"):
        read_bpmn(path)
    assert refusal(b"<" + b" " * MAXIMUM_BYTES) == ("too-large", None)


def test_the_length_of_one_text_is_limited() -> None:
    text = text_of_process("<documentation>" + "x" * 9_000_000 + "</documentation>")
    assert len(read(text).processes[0].documentation[0].text) == 9_000_000
    assert refusal(text.replace("x</doc", "x" * 2_000_000 + "</doc").encode())[0] == "too-large"


def test_a_map_of_20_megabytes_is_read() -> None:
    text = text_of_process("\n".join(f'<task id="t{i}" name="{"x" * 1000}"/>' for i in range(20_000)))
    assert len(text) > 20_000_000
    assert len(read(text).processes[0].flow_nodes) == 20_000


def file_refusal(path: Path | str) -> str:
    with pytest.raises(BpmnReadError) as caught:
        read_bpmn(path)
    assert caught.value.findings[0].location.path == str(path)
    return caught.value.findings[0].code


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert file_refusal(tmp_path / "missing.bpmn") == "file-missing"
    assert file_refusal(tmp_path) == "not-a-file"
    assert file_refusal("a\0b") == "file-unreadable"
    assert file_refusal("a" * 5000) == "file-unreadable"


@pytest.mark.skipif(os.name == "nt", reason="no such devices")
def test_devices_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert file_refusal(tmp_path / "pipe") == "not-a-file"


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_files_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.bpmn"
    path.write_text(BODY)
    path.chmod(0)
    assert file_refusal(path) == "file-unreadable"


def test_documents_keep_their_bytes() -> None:
    data = BODY.replace('"', "'").encode()
    document, _ = load(data, "a.bpmn")
    assert isinstance(parse_bpmn(data).source, Document)
    assert (document.data, document.path) == (data, "a.bpmn")
    assert parse_bpmn(data).source == load(data)[0]
