"""Document: the bytes of a file and how they become a tree; refuses what is no map or not safe to read."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol, cast
from xml.parsers import expat

from lxml import etree

from bpmnmap.errors import BpmnReadError
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.xmlio.encodings import DECLARATION, LIKELY_ENCODINGS, ascii_view, declared_encoding, is_text_in, makes_sense
from bpmnmap.xmlio.nodes import Node
from bpmnmap.xmlio.refusals import MAXIMUM_BYTES, MAXIMUM_ELEMENTS, doctype, refusal, too_deep, too_large


@dataclass(frozen=True, slots=True)
class Document:
    """The original bytes of a file, and how to make a tree of them.

    Parameters
    ----------
    data
        The bytes, exactly as they stand in the file.
    path
        Where they come from.
    encoding
        The encoding to read them in, where the one that they declare is wrong; else None.
    recover
        Whether they can only be read by overlooking faults in their namespaces.
    declaration
        Where an XML declaration stands that has white space before it and is overlooked: its first byte and the one after its last.
    findings
        What was done to read them.
    digest
        SHA-256 of the bytes, in hexadecimal.
    """

    data: bytes = field(repr=False)
    path: str | None = None
    encoding: str | None = None
    recover: bool = False
    declaration: tuple[int, int] | None = None
    findings: tuple[Finding, ...] = ()
    digest: str = ""

    def root(self) -> etree._Element:
        """The root of a new tree of the bytes; it holds all of them but the XML declaration."""
        return self.root_and_log()[0]

    def root_and_log(self) -> tuple[etree._Element, list[LogEntry]]:
        """The root of a new tree of the bytes, and what was overlooked to make it."""
        parser = self._parser()
        return etree.fromstring(self.markup(), parser), log_entries(parser.error_log)

    def violations(self, schema: etree.XMLSchema) -> list[LogEntry]:
        """Where the bytes break a schema, but for ids that occur twice; told fast, and without lines."""
        parser = self._parser(schema)
        with contextlib.suppress(etree.XMLSyntaxError):  # that it breaks it
            etree.fromstring(self.markup(), parser)
        return [entry for entry in log_entries(parser.error_log) if entry.domain == etree.ErrorDomains.SCHEMASV]

    def _parser(self, schema: etree.XMLSchema | None = None) -> etree.XMLParser:
        # huge_tree stays off: libxml2 then guards against what the checks here let through.
        return etree.XMLParser(
            encoding=self.encoding,
            recover=self.recover,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            strip_cdata=False,
            schema=schema,
        )

    def markup(self) -> bytes:
        """The bytes without what is overlooked in front of them."""
        if self.declaration is None:
            return self.data
        start, end = self.declaration
        return self.data[:start] + b" " * (end - start) + self.data[end:]


class LogEntry(Protocol):
    """An entry of libxml2's log."""

    message: str
    line: int
    domain: int
    path: str | None


def log_entries(log: object) -> list[LogEntry]:
    """Return the entries of a log of lxml, whose published types do not show them."""
    return list(cast("Iterable[LogEntry]", log))


def file_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    BpmnReadError
        There is no such file, it is a folder or device, it may not be read, or it is too large.
    """
    name = os.fspath(path)
    try:
        status = os.stat(name)
        is_file = stat.S_ISREG(status.st_mode)
        data = _content(name) if is_file and status.st_size <= MAXIMUM_BYTES else b""
    except FileNotFoundError as error:
        raise refusal("file-missing", "there is no such file", name, fix="check the path") from error
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refusal("file-unreadable", f"cannot be read: {reason}", name, fix="check the path and the file's permissions") from error
    if not is_file:
        what = "is a folder" if stat.S_ISDIR(status.st_mode) else "is not a file"
        raise refusal("not-a-file", what, name, fix="name a .bpmn file")
    if status.st_size > MAXIMUM_BYTES:
        raise too_large(status.st_size, name)
    return data


def _content(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(MAXIMUM_BYTES + 1)  # the file may have grown


def load(data: bytes, path: str | None = None, findings: tuple[Finding, ...] = ()) -> tuple[Document, Node]:
    """A document and the root of its tree; the findings are what was done to have its bytes.

    Raises
    ------
    BpmnReadError
        No tree can be had: not XML, or refused for safety or size.
    """
    _check_bytes(data, path)
    digest = hashlib.sha256(data).hexdigest()
    document = Document(data, path, findings=findings, digest=digest)
    try:
        root = document.root()
    except etree.XMLSyntaxError as error:
        document, root = _retried(document, error)
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding in which the bytes do not show it
        raise doctype(path, None)
    return document, cast("Node", root)


def _check_bytes(data: bytes, path: str | None) -> None:
    if not data or data.isspace():
        raise refusal("empty-file", "the file is empty", path)
    if len(data) > MAXIMUM_BYTES:
        raise too_large(len(data), path)
    scanned = ascii_view(data)
    position = _doctype_position(scanned)
    if position is not None:
        raise doctype(path, scanned.count(b"\n", 0, position) + 1)
    # Before the parser spends memory on them: each element has one "<" that no "/" follows.
    starts = scanned.count(b"<")
    if starts > MAXIMUM_ELEMENTS and starts - scanned.count(b"</") > MAXIMUM_ELEMENTS:
        raise refusal("too-many-elements", f"more than {MAXIMUM_ELEMENTS} elements", path, fix="split the map")


def _doctype_position(data: bytes) -> int | None:
    """Where a DOCTYPE stands; only comments, instructions and white space can stand before it."""
    position = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while True:
        position += len(data[position : position + 4096]) - len(data[position : position + 4096].lstrip())
        if data.startswith(b"<!DOCTYPE", position):
            return position
        for start, end in ((b"<?", b"?>"), (b"<!--", b"-->")):
            if data.startswith(start, position):
                found = data.find(end, position + len(start))
                if found < 0:
                    return None
                position = found + len(end)
                break
        else:
            if not data[position : position + 1].isspace():
                return None


def _retried(document: Document, error: etree.XMLSyntaxError) -> tuple[Document, etree._Element]:
    """A second reading of what the parser refuses, where a person could still read all of it.

    Overlooked are an encoding in which the bytes make no sense, white space before the XML declaration, and faults in namespaces.
    All else that the parser could recover from would lose part of the map.
    """
    told = None
    for other in _other_readings(document):
        try:
            root, log = other.root_and_log()
        except etree.XMLSyntaxError:
            continue
        fault = _fault_beside_namespaces(other, log)
        if root is not None and fault is None:
            return replace(other, findings=(*document.findings, *_repairs(other, log))), root
        if log and log[0].domain == etree.ErrorDomains.NAMESPACE:
            told = told or fault  # the first fault alone could have been overlooked
    raise _not_xml(document.path, error, told) from error


def _other_readings(document: Document) -> Iterator[Document]:
    data, declared = document.data, declared_encoding(document.data)
    yield replace(document, recover=True)
    start = len(data) - len(data.lstrip())
    declaration = DECLARATION.match(data, start)
    if start > 0 and declaration is not None:
        document = replace(document, declaration=declaration.span(), encoding=declared)
        yield document
        yield replace(document, recover=True)
    if not makes_sense(data, declared):
        for encoding in LIKELY_ENCODINGS:
            if is_text_in(data, encoding):
                yield replace(document, encoding=encoding)
                yield replace(document, encoding=encoding, recover=True)


def _fault_beside_namespaces(document: Document, log: list[LogEntry]) -> tuple[str, int] | None:
    """What else is wrong with a document: message and line.

    After a fault in a namespace libxml2 says nothing of what stands behind the root element, and drops it. So expat is asked, which
    does not look at namespaces.
    """
    for entry in log:
        if entry.domain != etree.ErrorDomains.NAMESPACE:
            return entry.message, entry.line
    if document.recover:
        try:
            text = document.markup().decode(document.encoding or declared_encoding(document.data))
            expat.ParserCreate("utf-8").Parse(text.encode(), True)
        except expat.ExpatError as error:
            return expat.ErrorString(error.code), error.lineno
        except (LookupError, UnicodeError) as error:
            return str(error), 1
    return None


def _repairs(document: Document, log: list[LogEntry]) -> tuple[Finding, ...]:
    """What was done to read a document."""
    findings = []
    declared = declared_encoding(document.data)
    if document.declaration is not None:
        line = document.data.count(b"\n", 0, document.declaration[0]) + 1
        message, fix = "white space stands before the XML declaration; overlooked", "let the file begin with '<?xml'"
        findings.append(Finding("misplaced-declaration", message, Location(document.path, line), Severity.WARNING, fix=fix))
    if document.encoding not in (None, declared):
        message = f"declared as '{declared}' but not written in it; read as '{document.encoding}'"
        fix = "save the file in the encoding that its first line declares, best UTF-8"
        findings.append(Finding("wrong-encoding", message, Location(document.path, 1), Severity.WARNING, fix=fix))
    for entry in log:
        message, fix = f"{entry.message}; read all the same", "declare the namespace, with a valid URI"
        findings.append(Finding("faulty-namespace", message, Location(document.path, entry.line), Severity.WARNING, fix=fix))
    return tuple(findings)


def _not_xml(path: str | None, error: etree.XMLSyntaxError, told: tuple[str, int] | None) -> BpmnReadError:
    message, line = told or (error.msg or "no element", error.lineno or None)
    message = re.sub(r",? line (\d+), column (\d+)$", r" (column \2)", " ".join(message.split()))
    if "depth" in message.lower():
        return too_deep(path, line)
    if "limit exceeded" in message.lower() or "too long" in message.lower():
        return refusal("too-large", f"a text or name is longer than what is read: {message}", path, line, fix="split the map")
    fix = "mend it there, or export the map from its modeler once more, as BPMN 2.0 XML"
    return refusal("not-xml", f"not well-formed XML: {message}", path, line, fix)
