"""First pass: what is not simulated is refused by name, all at once."""

from __future__ import annotations

from collections.abc import Iterator

from bpmnmap import model as m
from bpmnmap.findings import Finding
from bpmnmap.semantics.support import refusal, unsupported


def refused(process: m.Process, definitions: m.Definitions) -> list[Finding]:
    """Return a finding for each flow node of a process, and of its sub-processes, that is not simulated, in document order."""
    found = list(_refused(process, definitions))
    found.sort(key=lambda finding: finding.location.line or 0)
    return found


def _refused(process: m.Process, definitions: m.Definitions) -> Iterator[Finding]:
    pending: list[m.Process | m.SubProcess] = [process]
    while pending:
        scope = pending.pop()
        for node in scope.flow_nodes:
            why = refusal(node, definitions)
            if why is not None:
                yield unsupported(node, why, definitions.path)
            if isinstance(node, m.SubProcess):
                pending.append(node)
