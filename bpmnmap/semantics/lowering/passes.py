"""The passes in their order."""

from __future__ import annotations

from dataclasses import dataclass

from bpmnmap import model as m
from bpmnmap.errors import MapError, UnsupportedElementError
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.semantics.lowering.assemble import assemble
from bpmnmap.semantics.lowering.draft import Draft
from bpmnmap.semantics.lowering.flows import link_flows
from bpmnmap.semantics.lowering.messages import unsent_messages
from bpmnmap.semantics.lowering.nodes import lower_nodes
from bpmnmap.semantics.lowering.refusals import refuse_unsupported
from bpmnmap.semantics.lowering.starts import lower_starts
from bpmnmap.semantics.program import Program, Programs
from bpmnmap.semantics.support import UNSUPPORTED


@dataclass(frozen=True, slots=True)
class Lowered:
    """What a map is run as, as far as it can be.

    Parameters
    ----------
    processes
        Those that can be run, in document order.
    programs
        One for each of them.
    findings
        What is wrong with the others, and warnings; findings of reading are not among them.
    """

    processes: tuple[m.Process, ...]
    programs: Programs
    findings: tuple[Finding, ...]


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


def lower_map(definitions: m.Definitions) -> Lowered:
    """Return what the processes of a map are run as, whatever their `isExecutable` says, and all that is wrong with them."""
    processes = [process for process in definitions.processes if process.flow_nodes]
    if not processes:
        return Lowered((), Programs(), (_nothing_to_run(definitions),))
    is_broken = any(finding.severity is Severity.ERROR for finding in definitions.findings)
    lowered: list[tuple[m.Process, Program]] = []
    findings: list[Finding] = []
    for process in processes:
        try:
            program, warnings = lower_process(process, definitions.path)
        except (MapError, UnsupportedElementError) as error:
            findings += error.findings
        else:
            lowered.append((process, program))
            # what is cut off by a fault that is told need not be told as well
            findings += [warning for warning in warnings if warning.code != "unreachable" or not is_broken]
    if any(finding.severity is Severity.ERROR for finding in definitions.findings):
        # what is cut off by a fault of the map, which is told, need not be told as well
        findings = [finding for finding in findings if finding.code != "unreachable"]
    if len(lowered) == len(processes):
        findings += unsent_messages(definitions, processes)
    return Lowered(tuple(process for process, _ in lowered), Programs(program for _, program in lowered), tuple(findings))


def _nothing_to_run(definitions: m.Definitions) -> Finding:
    return Finding(
        "no-start",
        "no process of this map has a flow node, so no case can start",
        Location(definitions.path, definitions.line),
        element_kind=definitions.kind,
        element_id=definitions.id,
        fix="draw the process, from a start event to an end event",
    )


def lower(definitions: m.Definitions) -> Programs:
    """Return the Programs of a map, one for each process that has flow nodes; as text, what `bpmnmap explain` prints.

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
    lowered = lower_map(definitions)
    errors = [finding for finding in (*definitions.findings, *lowered.findings) if finding.severity is Severity.ERROR]
    if errors:
        raise (UnsupportedElementError if all(error.code == UNSUPPORTED for error in errors) else MapError)(errors)
    return lowered.programs


__all__ = ["UNSUPPORTED", "Lowered", "lower", "lower_map", "lower_process"]
