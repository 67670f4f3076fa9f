"""A finding as text, with both the id and the name of its element."""

from __future__ import annotations

from bpmnmap.findings import Finding


def format_finding(finding: Finding) -> str:
    """Return a finding as text.

    Examples
    --------
    >>> print(format_finding(Finding("missing-reference", "has no attachedToRef", element_kind="boundaryEvent", element_id="Event_7",
    ...                              element_name="48 hours", fix="point it at an activity, or remove the boundaryEvent")))
    <input>: error[missing-reference] boundaryEvent 'Event_7' (48 hours): has no attachedToRef
        fix: point it at an activity, or remove the boundaryEvent
    """
    return f"{finding.location}: {finding.severity}[{finding.code}] {told(finding, indent='    ')}"


def told(finding: Finding, indent: str = "") -> str:
    """Return what a finding says, without place, severity and code; the way to mend it in a line of its own."""
    parts = [finding.element_kind or ""]
    if parts[0] and finding.element_id:
        parts.append(f"'{finding.element_id}'")
    if parts[0] and finding.element_name:
        parts.append(f"({finding.element_name})")
    subject = f"{' '.join(parts)}: " if parts[0] else ""
    fix = f"\n{indent}fix: {finding.fix}" if finding.fix is not None else ""
    return f"{subject}{finding.message}{fix}"
