"""Findings as SARIF 2.1.0 (OASIS standard, 2020): the exchange format of checkers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bpmnmap.findings import Finding, Severity
from bpmnmap.version import __version__
from bpmnmap.xmlio.finding_text import told

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def sarif_log(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return findings as a SARIF log: one run, a rule for each code, a result for each finding in the given order.

    Examples
    --------
    >>> run = sarif_log([Finding("no-start", "no start event", element_kind="process", element_id="permit")])["runs"][0]
    >>> run["results"][0]["ruleId"], run["results"][0]["level"], run["results"][0]["message"]["text"]
    ('no-start', 'error', "process 'permit': no start event")
    """
    codes = sorted({finding.code for finding in findings})
    driver = {"name": "bpmnmap", "version": __version__, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    page = f"docs/reference/findings.md#{code}"
    return {
        "id": code,
        "shortDescription": {"text": code.replace("-", " ")},
        "help": {"text": f"What it is, why, and how to mend it: {page} in bpmnmap's documentation."},
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": told(finding)},
    }
    place = _location(finding)
    if place:
        result["locations"] = [place]
    if finding.related_element_ids:
        result["properties"] = {"relatedElementIds": list(finding.related_element_ids)}
    return result


def _location(finding: Finding) -> dict[str, Any]:
    place: dict[str, Any] = {}
    if finding.location.path is not None:
        place["physicalLocation"] = {"artifactLocation": {"uri": _uri(finding.location.path)}}
        if finding.location.line is not None:
            place["physicalLocation"]["region"] = {"startLine": finding.location.line}
    if finding.element_kind is not None:
        element = {"kind": finding.element_kind, "fullyQualifiedName": finding.element_id, "name": finding.element_name}
        place["logicalLocations"] = [{key: value for key, value in element.items() if value}]
    return place


def _uri(path: str) -> str:
    """Return the URI of a file, relative if its path is."""
    if os.path.isabs(path):
        return Path(path).as_uri()
    return quote(os.fsencode(path.replace(os.sep, "/")))
