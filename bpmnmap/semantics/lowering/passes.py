"""The passes in their order."""

from __future__ import annotations

from bpmnmap import model as m
from bpmnmap.errors import MapError, UnsupportedElementError
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.semantics.lowering.assemble import assemble
from bpmnmap.semantics.lowering.draft import Draft
from bpmnmap.semantics.lowering.flows import link_flows
from bpmnmap.semantics.lowering.nodes import lower_nodes
from bpmnmap.semantics.lowering.refusals import refuse_unsupported
from bpmnmap.semantics.lowering.starts import lower_starts
from bpmnmap.semantics.program import Program
from bpmnmap.semantics.support import UNSUPPORTED, unsupported


def runnable_process(definitions: m.Definitions) -> m.Process:
    """Return the process of a map, whatever its `isExecutable` says.

    Raises
    ------
    MapError
        No process has a flow node.
    UnsupportedElementError
        Several have.
    """
    processes = [process for process in definitions.processes if process.flow_nodes]
    if not processes:
        raise MapError(
            [
                Finding(
                    "no-start",
                    "no process of this map has a flow node, so no case can start",
                    Location(definitions.path, definitions.line),
                    element_kind=definitions.kind,
                    element_id=definitions.id,
                    fix="draw the process, from a start event to an end event",
                )
            ]
        )
    if len(processes) > 1:
        raise UnsupportedElementError(
            [
                unsupported(process, "is one of several processes in this file, which are not simulated together yet", definitions.path)
                for process in processes[1:]
            ]
        )
    return processes[0]


def lower_process(process: m.Process, path: str | None) -> tuple[Program, tuple[Finding, ...]]:
    """Return the Program of one process, and warnings.

    Raises
    ------
    UnsupportedElementError
        The process has elements that are not simulated; all of them.
    MapError
        Nothing can start, or a circle has no way out.
    """
    draft = Draft(process, path)
    link_flows(draft)
    refuse_unsupported(draft)
    if draft.findings:
        raise UnsupportedElementError(draft.findings)
    lower_starts(draft)
    lower_nodes(draft)
    errors = [finding for finding in draft.findings if finding.severity is Severity.ERROR]
    if errors:
        raise MapError(dict.fromkeys(errors))
    program = assemble(draft)
    return program, tuple(draft.findings)


def lower(definitions: m.Definitions) -> Program:
    """Return the Program of a map's process; what `bpmnmap explain` prints.

    Raises
    ------
    MapError
        Findings of reading stop it, nothing can start, or a circle has no way out.
    UnsupportedElementError
        The map has elements that are not simulated; all of them.

    Examples
    --------
    >>> from bpmnmap.model import Definitions, EndEvent, Process, SequenceFlow, StartEvent, Task
    >>> flows = (SequenceFlow(id="f", source_ref="s", target_ref="t"), SequenceFlow(id="g", source_ref="t", target_ref="e"))
    >>> process = Process(id="p", flow_elements=(StartEvent(id="s"), Task(id="t", name="Check"), EndEvent(id="e"), *flows))
    >>> print(lower(Definitions(root_elements=(process,))))
    process p
       0  start   s                         -> 1 [f]                            startEvent
       1  work    t                         -> 2 [g]                            task  "Check"
       2  end     e                                                             endEvent
    """
    stopping = [finding for finding in definitions.findings if finding.severity is Severity.ERROR]
    try:
        process = runnable_process(definitions)
        program, _ = lower_process(process, definitions.path)
    except UnsupportedElementError as error:
        if not stopping:
            raise
        raise MapError([*stopping, *error.findings]) from error
    except MapError as error:
        raise MapError([*stopping, *error.findings]) from error
    if stopping:
        raise MapError(stopping)
    return program


__all__ = ["UNSUPPORTED", "lower", "lower_process", "runnable_process"]
