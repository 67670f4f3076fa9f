"""Document: the bytes of a file and how they become a tree; refuses what is no map or not safe to read."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from bpmnmap.errors import BpmnReadError
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.xmlio.nodes import Node
from bpmnmap.xmlio.refusals import MAXIMUM_BYTES, MAXIMUM_ELEMENTS, doctype, refusal, too_deep, too_large

_LIKELY_ENCODINGS = ("utf-8", "windows-1252")
_DECLARED = re.compile(rb"""\A(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z][\w.\-]*)["']""")


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
    findings
        What was done to read them.
    digest
        SHA-256 of the bytes, in hexadecimal.
    """

    data: bytes = field(repr=False)
    path: str | None = None
    encoding: str | None = None
    recover: bool = False
    findings: tuple[Finding, ...] = ()
    digest: str = ""

    def root(self) -> etree._Element:
        """The root of a new tree of the bytes; it holds all of them but the XML declaration."""
        return etree.fromstring(self.data, _parser(self.encoding, recover=self.recover))


def _parser(encoding: str | None = None, *, recover: bool = False) -> etree.XMLParser:
    # huge_tree stays off: libxml2 then guards against what the checks here let through.
    return etree.XMLParser(
        encoding=encoding,
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        strip_cdata=False,
    )


def file_bytes(path: str | os.PathLike[str]) -> bytes:
    """The bytes of a file.

    Raises
    ------
    BpmnReadError
        There is no such file, it is a folder or device, it may not be read, or it is too large.
    """
    name = os.fspath(path)
    try:
        status = os.stat(name)
        if not stat.S_ISREG(status.st_mode):
            what = "is a folder" if stat.S_ISDIR(status.st_mode) else "is not a file"
            raise refusal("not-a-file", what, name, fix="name a .bpmn file")
        if status.st_size > MAXIMUM_BYTES:
            raise too_large(status.st_size, name)
        with open(name, "rb") as file:
            return file.read(MAXIMUM_BYTES + 1)
    except FileNotFoundError as error:
        raise refusal("file-not-found", "there is no such file", name, fix="check the path") from error
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise refusal("unreadable-file", f"cannot be read: {reason}", name, fix="check the path and the file's permissions") from error


def load(data: bytes, path: str | None = None) -> tuple[Document, Node]:
    """A document and the root of its tree.

    Raises
    ------
    BpmnReadError
        No tree can be had: not XML, or refused for safety or size.
    """
    _check_bytes(data, path)
    digest = hashlib.sha256(data).hexdigest()
    document = Document(data, path, digest=digest)
    try:
        root = document.root()
    except etree.XMLSyntaxError as error:
        document, root = _retried(document, error)
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding in which the bytes do not show it
        raise doctype(path, None)
    return document, cast("Node", root)


def _check_bytes(data: bytes, path: str | None) -> None:
    if not data.strip():
        raise refusal("empty-file", "the file is empty", path)
    if len(data) > MAXIMUM_BYTES:
        raise too_large(len(data), path)
    scanned = _as_ascii(data)
    position = _doctype_position(scanned)
    if position is not None:
        raise doctype(path, scanned.count(b"\n", 0, position) + 1)
    # Before the parser spends memory on them: each element has one "<" that no "/" follows.
    if scanned.count(b"<") - scanned.count(b"</") > MAXIMUM_ELEMENTS:
        raise refusal("too-many-elements", f"more than {MAXIMUM_ELEMENTS} elements", path, fix="split the map")


def _as_ascii(data: bytes) -> bytes:
    """The bytes in an encoding that has ASCII in it, so that markup can be searched for."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode()
    if data[:2] in (b"<\0", b"\0<"):
        return data.decode("utf-16-le" if data[1] == 0 else "utf-16-be", "replace").encode()
    return data


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

    That is: another encoding than the declared one, in which the bytes make sense; faults in namespaces overlooked. Anything else that
    the parser could recover from would lose part of the map.
    """
    data, declared = document.data, _declared_encoding(document.data)
    encodings = (None,) if _decodes(data, declared) else tuple(name for name in _LIKELY_ENCODINGS if _decodes(data, name))
    for encoding in encodings:
        for recover in (False, True):
            parser = _parser(encoding, recover=recover)
            try:
                root = etree.fromstring(data, parser)
            except etree.XMLSyntaxError:
                continue
            entries = list(parser.error_log)
            if root is not None and all(entry.domain == etree.ErrorDomains.NAMESPACE for entry in entries):
                findings = _repairs(document.path, declared, encoding, [(entry.message, entry.line) for entry in entries])
                return Document(data, document.path, encoding, recover, findings, document.digest), root
    raise _not_xml(document.path, error) from error


def _repairs(path: str | None, declared: str, encoding: str | None, namespaces: list[tuple[str, int]]) -> tuple[Finding, ...]:
    findings = []
    if encoding is not None:
        message = f"declared as '{declared}' but not written in it; read as '{encoding}'"
        fix = "save the file in the encoding that its first line declares, best UTF-8"
        findings.append(Finding("wrong-encoding", message, Location(path, 1), Severity.WARNING, fix=fix))
    for text, line in namespaces:
        fix = "declare the namespace, with a valid URI"
        findings.append(Finding("faulty-namespace", f"{text}; read all the same", Location(path, line), Severity.WARNING, fix=fix))
    return tuple(findings)


def _not_xml(path: str | None, error: etree.XMLSyntaxError) -> BpmnReadError:
    message = " ".join((error.msg or "no element").split())
    message = re.sub(r",? line (\d+), column (\d+)$", r" (column \2)", message)
    line = error.lineno or None
    if "depth" in message.lower():
        return too_deep(path, line)
    fix = "mend it there, or export the map from its modeler once more, as BPMN 2.0 XML"
    return refusal("not-xml", f"not well-formed XML: {message}", path, line, fix)


def _declared_encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    match = _DECLARED.match(data)
    return match[1].decode("ascii").lower() if match else "utf-8"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True
