"""First pass: what is not simulated is refused by name, all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location
from bpmnmap.semantics.lowering.activities import called_process
from bpmnmap.semantics.support import refusal, unsupported


def refused(process: m.Process, definitions: m.Definitions, callable_ids: Collection[str]) -> list[Finding]:
    """Return a finding for each flow node of a process, and of its sub-processes, that is not simulated, in document order."""
    found = list(_refused(process, definitions, callable_ids))
    found.sort(key=lambda finding: finding.location.line or 0)
    return found


def _refused(process: m.Process, definitions: m.Definitions, callable_ids: Collection[str]) -> Iterator[Finding]:
    pending: list[m.Process | m.SubProcess] = [process]
    while pending:
        scope = pending.pop()
        for node in scope.flow_nodes:
            why = refusal(node, definitions)
            if why is not None:
                yield unsupported(node, why, definitions.path)
            if isinstance(node, m.SubProcess):
                pending.append(node)
            elif why is None and isinstance(node, m.CallActivity) and called_process(node) not in callable_ids:
                yield _missing(node, called_process(node), definitions)


def _missing(node: m.CallActivity, called: str | None, definitions: m.Definitions) -> Finding:
    message = "names no process that it calls" if called is None else f"calls '{called}', which no given map has"
    fix = "give the map with that process too, after this one" if called is not None else "name the process in calledElement"
    return Finding(
        "unknown-called-process",
        message,
        Location(definitions.path, node.line),
        element_kind=node.kind,
        element_id=node.id,
        fix=f"{fix}; or make it a task",
        element_name=node.name,
    )
