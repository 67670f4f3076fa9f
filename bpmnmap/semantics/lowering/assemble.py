"""Last pass: the steps that a token can reach, numbered in document order."""

from __future__ import annotations

from dataclasses import replace

from bpmnmap import model as m
from bpmnmap.findings import Severity
from bpmnmap.semantics.lowering.draft import Draft, DraftStep
from bpmnmap.semantics.lowering.kinds import is_event_sub_process, is_link_target
from bpmnmap.semantics.lowering.levels import Level
from bpmnmap.semantics.lowering.steps import DraftWay, Step
from bpmnmap.semantics.program import Operation, Program, Send, Way


def assemble(draft: Draft, processes: list[m.Process]) -> Program:
    """Return the Program; what no start leads to is left out and told."""
    for made in draft.steps.values():
        made.ways = tuple(_resolved(draft, way) for way in made.ways)
    reached = _reached(draft)
    steps = [step for step in draft.steps if step in reached]
    numbers = {step: number for number, step in enumerate(steps)}
    operations = tuple(_operation(draft, draft.steps[step], number, numbers) for step, number in numbers.items())
    scopes = tuple(-1 if (scope := draft.steps[step].scope) is None else numbers[scope] for step in steps)
    _tell_unreached(draft, reached)
    others = tuple(process.id or "" for process in processes[1:])
    return Program(draft.process.id or "", operations, scopes, draft.path, others)


def _resolved(draft: Draft, way: DraftWay) -> DraftWay:
    while way.target in draft.aliases:
        onward = draft.aliases[way.target]
        way = DraftWay(onward.target, (*way.flows, *onward.flows), onward.entry)
    return way


def _reached(draft: Draft) -> set[Step]:
    reached: set[Step] = set()
    pending = [step for step in draft.steps if step.role == "start"]
    while pending:
        step = pending.pop()
        if step in reached or step not in draft.steps:
            continue
        reached.add(step)
        made = draft.steps[step]
        pending += [way.target for way in made.ways]
        pending += made.goals
        if made.channel is not None:
            pending += draft.openers.get(made.channel, [])
    return reached


def _operation(draft: Draft, made: DraftStep, number: int, numbers: dict[Step, int]) -> Operation:
    ways = tuple(Way(numbers[way.target], way.flows, way.entry) for way in made.ways)
    operation = made.make(ways, tuple(numbers[goal] for goal in made.goals))
    if made.channel is None or not isinstance(operation, Send):
        return operation
    openers = tuple(numbers[step] for step in draft.openers.get(made.channel, ()))
    if operation.broadcast:
        return replace(operation, openers=openers)
    if openers:
        return replace(operation, channel=-1, taker=openers[0])
    takers = [numbers[step] for step in draft.takers.get(made.channel, ()) if step in numbers]
    return replace(operation, taker=takers[0] if takers else number)


def _tell_unreached(draft: Draft, reached: set[Step]) -> None:
    seen: set[tuple[str | None, str]] = set()
    for step in reached:
        level = draft.levels[step.level]
        seen.add((level.process.id, step.element))
        for way in draft.steps[step].ways:
            seen |= {(level.process.id, flow) for flow in way.flows}
    told: set[tuple[str | None, str]] = set()
    for level in draft.levels:
        host_seen = level.host is None or (level.process.id, level.host.id or "") in seen or level.container is level.process
        if not host_seen:
            continue  # what is in it need not be told as well
        for name, node in level.nodes.items():
            key = (level.process.id, name)
            if key not in told and not _is_seen(level, node, seen):
                told.add(key)
                draft.tell(
                    "unreachable", level, node, "no start leads here, so it plays no part in the simulation",
                    "add a sequence flow that leads here, or remove the element", Severity.WARNING,
                )  # fmt: skip


def _is_seen(level: Level, node: m.FlowNode, seen: set[tuple[str | None, str]]) -> bool:
    name = node.id or ""
    if isinstance(node, m.BoundaryEvent):
        return (level.process.id, node.attached_to_ref or "") in seen
    if is_event_sub_process(node) or (isinstance(node, m.StartEvent) and not level.incoming[name]):
        return True
    flows = [*level.incoming[name], *level.outgoing[name]]
    if is_link_target(node, level.definitions) and not level.outgoing[name]:
        return True
    return (level.process.id, name) in seen or any((level.process.id, flow.id or "") in seen for flow in flows)
