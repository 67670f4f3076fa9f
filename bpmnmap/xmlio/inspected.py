"""What was found in a set of maps: as text, JSON or SARIF."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from bpmnmap.findings import Finding, Severity
from bpmnmap.xmlio.finding_text import format_finding
from bpmnmap.xmlio.sarif import sarif_log


@dataclass(frozen=True, slots=True)
class Inspection:
    """All findings of a set of maps, sorted by file and line; ``print`` it, or take `to_json` or `to_sarif`.

    Parameters
    ----------
    files
        The files that were worked on, sorted.
    findings
        What was found. ``element_id`` and ``element_name`` say which element is meant, as far as it has them.
    unread
        How many of the files are no map at all, and why is among the findings.
    """

    files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    unread: int = 0

    def __str__(self) -> str:
        return "\n".join(map(format_finding, self.findings))

    @property
    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in Severity}

    @property
    def summary(self) -> str:
        """The counts in a line.

        Examples
        --------
        >>> Inspection(("a.bpmn", "b.bpmn"), (Finding("no-start", "…"),)).summary
        '2 files, 1 error, 0 warnings'
        """
        counts = self.counts
        told = [(len(self.files), "file"), (counts[Severity.ERROR], "error"), (counts[Severity.WARNING], "warning")]
        return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in told)

    def to_json(self) -> str:
        """JSON text; the keys and their order are stable."""
        record = {
            "format": 1,
            "files": [_fit_for_utf_8(path) for path in self.files],
            "counts": {str(severity): count for severity, count in self.counts.items()},
            "findings": [_record(finding) for finding in self.findings],
        }
        return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)

    def to_sarif(self) -> str:
        """Text of a SARIF 2.1.0 log, which code hosts and editors show beside the files."""
        return json.dumps(sarif_log(self.findings), indent=2, ensure_ascii=False, allow_nan=False)


def _record(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "path": None if finding.location.path is None else _fit_for_utf_8(finding.location.path),
        "line": finding.location.line,
        "element_kind": finding.element_kind,
        "element_id": finding.element_id,
        "element_name": finding.element_name,
        "related_element_ids": list(finding.related_element_ids),
        "message": finding.message,
        "fix": finding.fix,
    }


def _fit_for_utf_8(path: str) -> str:
    """Return a file's name with a sign instead of bytes that are no text in its system's encoding."""
    return path.encode("utf-8", "replace").decode("utf-8")
