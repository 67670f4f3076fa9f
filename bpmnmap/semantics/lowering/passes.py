"""The passes in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bpmnmap import model as m
from bpmnmap.errors import MapError, UnsupportedElementError
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.semantics.lowering.given import Given
from bpmnmap.semantics.lowering.partners import Partners
from bpmnmap.semantics.lowering.processes import CallableProcesses, lower_group
from bpmnmap.semantics.lowering.refusals import refused
from bpmnmap.semantics.lowering.texts import unread_expressions
from bpmnmap.semantics.lowering.ways import called_process
from bpmnmap.semantics.program import Program, Programs
from bpmnmap.semantics.support import UNSUPPORTED


@dataclass(frozen=True, slots=True)
class Lowered:
    """What a map is run as, as far as it can be.

    Parameters
    ----------
    processes
        Those that can be run, in document order; those that only are called among them.
    programs
        One for each group of processes that work together.
    findings
        What is wrong with the others, and warnings; findings of reading are not among them.
    """

    processes: tuple[m.Process, ...]
    programs: Programs
    findings: tuple[Finding, ...]


def lower_map(definitions: m.Definitions, library: Iterable[m.Definitions] = (), given: Given | None = None) -> Lowered:
    """Return what the processes of a map are run as, whatever their `isExecutable` says, and all that is wrong with them.

    Parameters
    ----------
    library
        Further maps, whose processes may be called.
    given
        What a scenario says that changes the Programs.
    """
    given = Given() if given is None else given
    processes = [process for process in definitions.processes if process.flow_nodes]
    if not processes:
        return Lowered((), Programs(), (_nothing_to_run(definitions),))
    partners = _partners(definitions, given)
    callables: dict[str, tuple[m.Process, Partners]] = {}
    for each in (partners, *(_partners(other, given) for other in library if other is not definitions)):
        for process in each.processes:
            callables.setdefault(process.id or "", (process, each))
    findings = list(_broken(processes, definitions, callables))
    broken = {process.id for process, _ in findings}
    told = [finding for _, finding in findings]
    programs: list[Program] = []
    ran: list[m.Process] = []
    called = {name for process, _ in callables.values() for name in _calls(process)} - given.arriving
    for group in partners.groups(called):
        if any(_reaches(process, broken, callables) for process in group):
            continue
        program, found = lower_group(group, partners, given, callables)
        told += found
        if program is not None:
            programs.append(program)
            ran += group
    told += [finding for process in processes for finding in unread_expressions(process, definitions)]
    if any(finding.severity is Severity.ERROR for finding in definitions.findings):
        # what is cut off by a fault of the map, which is told, need not be told as well
        told = [finding for finding in told if finding.code != "unreachable"]
    if len(ran) + len(called & {process.id for process in processes}) >= len(processes):
        told += partners.findings
    order = {process.id: number for number, process in enumerate(processes)}
    ran += [process for process in processes if process.id in called and process.id not in broken]
    ran.sort(key=lambda process: order[process.id])
    return Lowered(tuple(ran), Programs(programs), tuple(dict.fromkeys(told)))


def _partners(definitions: m.Definitions, given: Given) -> Partners:
    return Partners(definitions, [process for process in definitions.processes if process.flow_nodes], given)


def _calls(process: m.Process) -> Iterator[str]:
    for scope in process.scopes():
        for node in scope.flow_nodes:
            name = called_process(node) if isinstance(node, m.CallActivity) else None
            if name is not None:
                yield name


def _reaches(process: m.Process, broken: set[str | None], callables: CallableProcesses, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a process, or one that it calls, cannot be run."""
    if process.id in broken:
        return True
    names = set(_calls(process)) - seen
    return any(_reaches(callables[name][0], broken, callables, seen | names) for name in names if name in callables)


def _broken(
    processes: list[m.Process], definitions: m.Definitions, callables: Mapping[str, tuple[m.Process, Partners]]
) -> Iterator[tuple[m.Process, Finding]]:  # fmt: skip
    """Yield what is refused of the map's processes, and of those of other maps that they call."""
    pending = [(process, definitions) for process in processes]
    seen: set[int] = set()
    for process, of in pending:  # grows meanwhile
        if id(process) in seen:
            continue
        seen.add(id(process))
        for finding in refused(process, of):
            yield process, finding
        circle = _circle(process, callables)
        if circle is not None:
            yield process, _recursion(circle, of)
        pending += [(callables[name][0], callables[name][1].definitions) for name in _calls(process) if name in callables]


def _circle(process: m.Process, callables: CallableProcesses) -> m.CallActivity | None:
    """Return the call activity by which a process comes to call itself, if there is one."""
    for scope in process.scopes():
        for node in scope.flow_nodes:
            if isinstance(node, m.CallActivity):
                pending, seen = [called_process(node)], set[str]()
                while pending:
                    name = pending.pop()
                    if name == process.id:
                        return node
                    if name is not None and name in callables and name not in seen:
                        seen.add(name)
                        pending += _calls(callables[name][0])
    return None


def _recursion(node: m.CallActivity, definitions: m.Definitions) -> Finding:
    return Finding(
        "recursive-call",
        "leads back to the process that it is in, so its calls would have no end",
        Location(definitions.path, node.line),
        element_kind=node.kind,
        element_id=node.id,
        fix="write the repetition as a loop",
        element_name=node.name,
    )


def _nothing_to_run(definitions: m.Definitions) -> Finding:
    return Finding(
        "no-start",
        "no process of this map has a flow node, so no case can start",
        Location(definitions.path, definitions.line),
        element_kind=definitions.kind,
        element_id=definitions.id,
        fix="draw the process, from a start event to an end event",
    )


def lower(definitions: m.Definitions, *library: m.Definitions) -> Programs:
    """Return the Programs of a map, one for each group of processes that work together; as text, what `bpmnmap explain` prints.

    Parameters
    ----------
    definitions
        The map.
    library
        Further maps, whose processes it may call.

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
    lowered = lower_map(definitions, library)
    errors = [finding for finding in (*definitions.findings, *lowered.findings) if finding.severity is Severity.ERROR]
    if errors:
        raise (UnsupportedElementError if all(error.code == UNSUPPORTED for error in errors) else MapError)(errors)
    return lowered.programs


__all__ = ["UNSUPPORTED", "Given", "Lowered", "lower", "lower_map"]
