"""Processes: where tokens come in, from outside (H6), by messages and by signals; what holds a process instance together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bpmnmap import model as m
from bpmnmap.findings import Finding, Severity
from bpmnmap.semantics.lowering.activities import begin, lower_event_sub_processes
from bpmnmap.semantics.lowering.assemble import assemble
from bpmnmap.semantics.lowering.catching import channel_of
from bpmnmap.semantics.lowering.draft import Draft
from bpmnmap.semantics.lowering.given import Given
from bpmnmap.semantics.lowering.kinds import event_definitions
from bpmnmap.semantics.lowering.levels import Level
from bpmnmap.semantics.lowering.nodes import lower_level
from bpmnmap.semantics.lowering.partners import Partners
from bpmnmap.semantics.lowering.steps import DraftWay, Step
from bpmnmap.semantics.lowering.together import Beginning, begins_with
from bpmnmap.semantics.lowering.ways import called_process, inner_role, is_worked, step, way_in, way_out
from bpmnmap.semantics.program import Fork, Open, Program, Start, Way

CallableProcesses = Mapping[str, tuple[m.Process, Partners]]


def lower_group(
    processes: list[m.Process], partners: Partners, given: Given, callable_processes: CallableProcesses
) -> tuple[Program | None, list[Finding]]:  # fmt: skip
    """Return the Program of processes that work together, None if it has errors, and its findings."""
    draft = Draft(processes[0], partners.definitions.path, given, callable_processes)
    if len(processes) > 1:
        first_of = begins_with(processes, partners, lambda process: _beginning(draft, process, partners))
        # one that the scenario lets cases arrive in begins by itself
        draft.together.first_of = {name: first for name, first in first_of.items() if name not in given.arriving}
    for process in processes:
        _lower_process(draft, process, partners)
    for fork, process_id in draft.together.forks:
        draft.steps[fork].ways += tuple(draft.together.ways_with(process_id))
    tell_missing(draft)
    is_broken = any(finding.severity is Severity.ERROR for finding in draft.findings)
    program = None if is_broken else assemble(draft, processes)
    return program, draft.findings


def tell_missing(draft: Draft) -> None:
    """Tell call activities whose process is not given: each is worked as one task, as what is in it is not known (H2)."""
    for level in draft.levels:
        for node in level.nodes.values():
            if isinstance(node, m.CallActivity) and is_worked(level, node):
                called = called_process(node)
                target = None if called is None else level.definitions.element(called)
                if isinstance(target, m.GlobalTask):
                    continue
                message = "names no process that it calls" if called is None else f"calls '{called}', which no given map has"
                draft.tell(
                    "unknown-called-process", level, node, f"{message}: it is worked as one task",
                    "give the map with that process too, or make it a task", Severity.WARNING,
                )  # fmt: skip


def _firsts(draft: Draft, level: Level) -> tuple[list[m.FlowNode], list[m.FlowNode]]:
    """Return where process instances begin, and those of them that something within the run sets off."""
    nodes = [node for node in level.nodes.values() if level.is_first(node)]
    starts: list[m.FlowNode] = [node for node in nodes if isinstance(node, m.StartEvent)]
    first = starts or nodes
    return first, [node for node in first if _is_opened(draft, level, node)]


def _beginning(draft: Draft, process: m.Process, partners: Partners) -> Beginning:
    first, opened = _firsts(draft, Level(-1, process, process, partners, None))
    outer = [node for node in first if node not in opened]
    starts = [node for node in outer if isinstance(node, m.StartEvent)]
    is_plain = not starts or (len(starts) == 1 and not event_definitions(starts[0], partners.definitions))
    return Beginning(tuple(node.id or "" for node in outer), tuple(node.id or "" for node in opened), is_plain)


def _lower_process(draft: Draft, process: m.Process, partners: Partners) -> None:
    level = draft.level(process, process, partners, None)
    first, opened = _firsts(draft, level)
    starts = [node for node in first if isinstance(node, m.StartEvent)]
    if not first:
        draft.tell(
            "no-start", level, process, "no case can start: there is no start event and no flow node without an incoming sequence flow",
            "add a start event and a sequence flow from it to the first activity",
        )  # fmt: skip
        return
    outer = [node for node in first if node not in opened]
    needs_scope = _needs_scope(process, draft.callable_processes)
    if not needs_scope and outer:
        _start_in_case(draft, level, outer, is_implicit=not starts)
        lower_level(draft, level)
    elif outer and starts:
        for node in outer:
            _start_in_scope(draft, level, [node], is_opened=False)
    elif outer:
        _start_in_scope(draft, level, outer, is_opened=False)
    for node in opened:
        _start_in_scope(draft, level, [node], is_opened=True)


def _is_opened(draft: Draft, level: Level, node: m.FlowNode) -> bool:
    """Whether something within the run sets off a process instance here."""
    if isinstance(node, m.Activity):
        is_plain = node.loop_characteristics is None and not level.boundary.get(node.id or "") and is_worked(level, node)
        if not is_plain or node.id in level.partners.asking:
            return False
    if not isinstance(node, (m.StartEvent, m.IntermediateCatchEvent, m.Activity)):
        return False
    return channel_of(draft, level, node) is not None


def _needs_scope(process: m.Process, callable_processes: CallableProcesses) -> bool:
    """Whether something ends or interrupts a process instance as a whole, so that it is a scope of its own."""
    if any(isinstance(node, m.SubProcess) and node.triggered_by_event for node in process.flow_nodes):
        return True
    ends = (node for node in process.flow_nodes if isinstance(node, m.EndEvent))
    if any(isinstance(each, m.TerminateEventDefinition) for node in ends for each in node.event_definitions):
        return True
    seen: set[str | None] = set()
    pending = [process]
    while pending:
        inner = pending.pop()
        if inner.id in seen:
            continue
        seen.add(inner.id)
        if _throws_errors(inner):
            return True
        names = (called_process(node) for scope in inner.scopes() for node in scope.flow_nodes if isinstance(node, m.CallActivity))
        pending += [callable_processes[name][0] for name in names if name is not None and name in callable_processes]
    return False


def _throws_errors(process: m.Process) -> bool:
    return any(
        isinstance(each, m.ErrorEventDefinition)
        for scope in process.scopes()
        for node in scope.flow_nodes
        if isinstance(node, m.ThrowEvent)
        for each in node.event_definitions
    )


def _start_in_case(draft: Draft, level: Level, nodes: Sequence[m.FlowNode], *, is_implicit: bool) -> None:
    """Add the starts of a process whose tokens are the case's own; implicit ones start together, under the first one's id."""

    def start_together() -> None:
        ways = tuple(way_in(draft, level, node) for node in nodes)
        fork = step(level, nodes[0], "start-fork")
        _add_start(draft, level, nodes[0], ways[0] if len(ways) == 1 else DraftWay(fork), expected=True)
        if len(ways) > 1:
            origin = draft.origin(level, nodes[0])
            draft.add(fork, lambda made, _: Fork(origin, made), ways, None)

    def start_at(node: m.FlowNode) -> Callable[[], None]:
        return lambda: _add_start(draft, level, node, way_out(draft, level, node), expected=True)

    for node in nodes[:1] if is_implicit else nodes:
        draft.starts[level.number, node.id or ""] = start_together if is_implicit else start_at(node)


def _add_start(draft: Draft, level: Level, node: m.FlowNode, way: DraftWay, *, expected: bool) -> None:
    together, process = draft.together, level.process.id or ""
    if process in together.first_of:
        together.ways[process] = way
        return
    origin = draft.origin(level, node)
    if process in together.first_of.values():
        fork = step(level, node, "together")
        draft.add(fork, lambda made, _: Fork(origin, made), (way,))
        together.forks.append((fork, process))
        way = DraftWay(fork)
    draft.add(step(level, node, "start"), lambda made, _: Start(origin, made[0], expected), (way,), None)


def _start_in_scope(draft: Draft, outer: Level, nodes: Sequence[m.FlowNode], *, is_opened: bool) -> None:
    """Add a process instance as a scope: opened from outside, or also by a message or signal, whose visit tells instances apart."""
    node = nodes[0]
    opened = Step(outer.number, node.id or "", "instance")
    origin = draft.origin(outer, node if is_opened else outer.process)
    if not is_opened or isinstance(node, m.StartEvent):
        _add_start(draft, outer, node, DraftWay(opened), expected=not is_opened)

    def make(made: tuple[Way, ...], _: tuple[int, ...]) -> Open:
        return Open(origin, made[0], made[1:], None, grouping=is_opened)

    draft.add(opened, make, (), None)
    level = draft.level(outer.process, outer.process, outer.partners, opened)
    if is_opened:
        channel = channel_of(draft, outer, node)
        assert channel is not None
        draft.openers.setdefault(channel, []).append(opened)
        body = _behind(draft, level, node)
    elif isinstance(node, m.StartEvent):
        body = way_out(draft, level, node)
    else:
        body = begin(draft, level)
    lower_level(draft, level)
    draft.steps[opened].ways = (body, *lower_event_sub_processes(draft, level, lower_level))


def _behind(draft: Draft, level: Level, node: m.FlowNode) -> DraftWay:
    """Return where a token begins that came with a message: behind the event, or at what is worked then."""
    if isinstance(node, m.Activity):
        return DraftWay(step(level, node, "rest" if inner_role(level, node) == "take" else inner_role(level, node)))
    return way_out(draft, level, node)
