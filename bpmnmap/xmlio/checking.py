"""Check maps: everything that reading finds, and where they do not follow the schema."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace

from bpmnmap.errors import BpmnReadError
from bpmnmap.findings import Finding
from bpmnmap.model import Definitions
from bpmnmap.xmlio.document import Document
from bpmnmap.xmlio.inspected import Inspection
from bpmnmap.xmlio.map_files import map_files, sorting_key
from bpmnmap.xmlio.reader import read_bpmn
from bpmnmap.xmlio.schema import schema_findings

_LONGEST_NAME = 80


def inspection(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> Inspection:
    """Return all that is wrong with maps: what reading finds, and where they do not follow the schema of BPMN 2.0.

    Parameters
    ----------
    paths
        A file or folder, or several. Files are read whatever their names are; in folders and below, each ``*.bpmn`` and
        ``*.bpmn20.xml``, and each ``*.xml`` whose root is BPMN's ``definitions``.

    Returns
    -------
    Inspection
        The findings, sorted by file and line. A file that cannot be read at all is a finding too; nothing is raised.

    Examples
    --------
    >>> found = inspection("no_such_folder")
    >>> print(found)
    no_such_folder: error[file-missing] there is no such file
        fix: check the path
    >>> found.summary
    '1 file, 1 error, 0 warnings'
    """
    files = map_files([paths] if isinstance(paths, (str, os.PathLike)) else paths)
    findings, unread = list(files.findings), 0
    for path in files.paths:
        try:
            findings += map_findings(read_bpmn(path))
        except BpmnReadError as error:
            findings += error.findings
            unread += 1
    findings.sort(key=_order)
    return Inspection(files.paths, tuple(findings), unread)


def map_findings(definitions: Definitions) -> list[Finding]:
    """Return what is wrong with one map, sorted by line, with the names of the elements."""
    findings = list(definitions.findings)
    if isinstance(definitions.source, Document):
        findings += schema_findings(definitions.source)
    findings.sort(key=_order)
    return _named(definitions, findings)


def _named(definitions: Definitions, findings: list[Finding]) -> list[Finding]:
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
