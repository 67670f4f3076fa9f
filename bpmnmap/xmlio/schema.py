"""The OMG's XML Schema of BPMN 2.0, and where a file does not follow it."""

from __future__ import annotations

import functools
import importlib.metadata
import re
from pathlib import Path

from lxml import etree

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.xmlio.document import Document, LogEntry, log_entries

_DISTRIBUTION = "spiffworkflow"
_FILE = "SpiffWorkflow/bpmn/parser/schema/BPMN20.xsd"
_ELEMENT = re.compile(r"Element '(?:\{[^}]*\})?([^']*)'(?:, attribute '[^']*')?: ")
_NAMESPACE = re.compile(r"\{[^{}\s]*\}")
_FIX = "correct it as the schema says, or export the map once more from its modeler"
_VALUE = re.compile(r"'[^']*'")
MAXIMUM_VIOLATIONS = 1_000
"""Violations of one file that are told one by one: to find the place of each takes time with the number of its siblings."""


def schema_path() -> Path:
    """Return the path of ``BPMN20.xsd``, which comes as a data file of SpiffWorkflow; that itself is not imported."""
    return Path(str(importlib.metadata.distribution(_DISTRIBUTION).locate_file(_FILE)))


@functools.cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(schema_path())))


def schema_findings(document: Document) -> tuple[Finding, ...]:
    """Return where a file does not follow the schema of BPMN 2.0, in document order.

    They are warnings: of the public files of modelers one in six has some, and all of those can be read.

    Examples
    --------
    >>> from bpmnmap.xmlio.document import load
    >>> text = '''<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:permits">
    ...   <process id="permit"><sequenceFlow id="on" sourceRef="a"/></process></definitions>'''
    >>> document, root = load(text.encode(), "permit.bpmn")
    >>> for finding in schema_findings(document):
    ...     print(finding)
    permit.bpmn:2: warning[schema-violation] sequenceFlow 'on': the attribute 'targetRef' is required but missing
        fix: correct it as the schema says, or export the map once more from its modeler
    """
    try:
        schema = _schema()
    except (importlib.metadata.PackageNotFoundError, OSError, etree.LxmlError) as error:
        message = f"the schema of BPMN 2.0 cannot be used: {error}"
        fix = "install SpiffWorkflow, which carries it, once more: pip install --force-reinstall spiffworkflow"
        return (Finding("schema-unavailable", message, Location(document.path), Severity.WARNING, fix=fix),)
    root = document.root()
    log, repeated = document.violations(schema), _repeated_ids(root)
    if len(log) + repeated > MAXIMUM_VIOLATIONS:
        return _by_wording(log, repeated, document.path)
    if schema.validate(root):
        return ()
    nodes = _Nodes(root)
    findings = [_finding(entry, nodes, document.path) for entry in log_entries(schema.error_log)]
    findings.sort(key=lambda finding: finding.location.line or 0)
    return tuple(findings)


def _finding(entry: LogEntry, nodes: _Nodes, path: str | None) -> Finding:
    match = _ELEMENT.match(entry.message)
    kind = match[1] if match else None
    node = nodes.node(entry, kind)
    element_id = None if node is None else node.get("id")
    message = _wording(entry.message) + ("" if element_id else _around(node))
    return Finding("schema-violation", message, Location(path, entry.line), Severity.WARNING, kind, element_id, _FIX)


def _repeated_ids(root: etree._Element) -> int:
    """How many ids are those of another element: all that libxml2 does not see while it reads."""
    ids = root.xpath("//@id")
    return len(ids) - len(set(ids)) if isinstance(ids, list) else 0


def _by_wording(log: list[LogEntry], repeated: int, path: str | None) -> tuple[Finding, ...]:
    """One finding for all violations that differ in their values only, in the order in which they are met."""
    alike: dict[tuple[str | None, str], list[str]] = {}
    if repeated:
        alike[None, ""] = ["the id is that of another element"] * repeated
    for entry in log:
        match, wording = _ELEMENT.match(entry.message), _wording(entry.message)
        alike.setdefault((match[1] if match else None, _VALUE.sub("", wording)), []).append(wording)
    return tuple(
        Finding("schema-violation", f"{len(told):,} times: {told[0]}", Location(path), Severity.WARNING, kind, None, _FIX)
        for (kind, _), told in alike.items()
    )


def _around(node: etree._Element | None) -> str:
    """Return which element a node without an id stands in: the innermost one with an id."""
    for outer in () if node is None else node.iterancestors():
        if outer.get("id"):
            return f" (in {etree.QName(outer).localname} '{outer.get('id')}')"
    return ""


class _Nodes:
    """The nodes of a tree, to be found by what libxml2's log says of them."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._by_line: dict[tuple[object, str], list[etree._Element]] = {}
        for node in root.iter(etree.Element):
            self._by_line.setdefault((node.sourceline, str(node.tag).rpartition("}")[2]), []).append(node)

    def node(self, entry: LogEntry, kind: str | None) -> etree._Element | None:
        """Return the node of an entry; None where several of the kind stand in its line and its path does not lead to one."""
        same = self._by_line.get((entry.line, kind or ""), [])
        if len(same) < 2 or not entry.path:
            return same[0] if len(same) == 1 else None
        namespaces = {prefix: uri for prefix, uri in self._root.nsmap.items() if prefix}
        try:
            found = self._root.xpath(entry.path, namespaces=namespaces)
        except etree.XPathEvalError:  # a prefix that is declared further down
            return None
        return found[0] if isinstance(found, list) and len(found) == 1 and isinstance(found[0], etree._Element) else None


def _wording(message: str) -> str:
    """Return libxml2's message without the element, which the finding names, and without namespaces."""
    attribute = re.match(r"Element '[^']*', (attribute '[^']*': )", message)
    text = _ELEMENT.sub(attribute[1] if attribute else "", message, count=1)
    text, _, _long_list = _NAMESPACE.sub("", text).partition(" Expected is one of (")
    text = text.strip().removesuffix(".")
    return text[:1].lower() + text[1:] if not attribute else text
