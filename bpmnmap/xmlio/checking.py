"""What is wrong with one map: everything that reading finds, and where it does not follow the schema."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bpmnmap.findings import Finding
from bpmnmap.model import Definitions
from bpmnmap.xmlio.document import Document
from bpmnmap.xmlio.map_files import sorting_key
from bpmnmap.xmlio.schema import schema_findings

_LONGEST_NAME = 80


def map_findings(definitions: Definitions) -> list[Finding]:
    """Return what is wrong with one map, sorted by line, with the names of the elements."""
    findings = list(definitions.findings)
    if isinstance(definitions.source, Document):
        findings += schema_findings(definitions.source)
    return named(definitions, in_order(findings))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings sorted by file and line."""
    return sorted(findings, key=_order)


def named(definitions: Definitions, findings: Iterable[Finding]) -> list[Finding]:
    """Return findings of a map with the names of their elements."""
    findings = list(findings)
    wanted = {(finding.location.line, finding.element_kind, finding.element_id) for finding in findings if finding.element_name is None}
    names: dict[tuple[int | None, str | None, str | None], str] = {}
    for element in definitions.walk() if wanted else ():
        name = getattr(element, "name", None)
        if name and (place := (element.line, element.kind, element.id)) in wanted:
            names.setdefault(place, _short(name))
    return [
        replace(finding, element_name=name)
        if (name := names.get((finding.location.line, finding.element_kind, finding.element_id))) and finding.element_name is None
        else finding
        for finding in findings
    ]


def _short(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _order(finding: Finding) -> tuple[list[str], int]:
    return sorting_key(finding.location.path or ""), finding.location.line or 0
