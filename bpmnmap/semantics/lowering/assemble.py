"""Pass 5: the steps that a token can reach, numbered in document order."""

from __future__ import annotations

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.semantics.lowering.draft import Draft, Step
from bpmnmap.semantics.program import Program, Way


def assemble(draft: Draft) -> Program:
    """Return the Program; what no start leads to is left out and told."""
    reached: set[Step] = set()
    pending = [step for step in draft.steps if step.role == "start"]
    while pending:
        step = pending.pop()
        if step not in reached and step in draft.steps:
            reached.add(step)
            pending += [way.target for way in draft.steps[step].ways]
    order = {name: position for position, name in enumerate(draft.nodes)}
    roles = {"start": 0, "start-fork": 1, "rest": 2, "join": 3, "choose": 4, "fork": 5, "end": 6}
    steps = sorted(reached, key=lambda step: (order[step.element], roles[step.role]))
    numbers = {step: number for number, step in enumerate(steps)}
    operations = []
    for step in steps:
        made = draft.steps[step]
        operations.append(made.make(tuple(Way(numbers[way.target], way.flows, way.entry) for way in made.ways)))
    _tell_unreached(draft, reached)
    return Program(draft.process.id or "", tuple(operations), (-1,) * len(operations), draft.path)


def _tell_unreached(draft: Draft, reached: set[Step]) -> None:
    elements = {step.element for step in reached}
    passed = {flow for step in reached for way in draft.steps[step].ways for flow in way.flows}
    for name, node in draft.nodes.items():
        if name not in elements and not any(flow.id in passed for flow in draft.incoming[name] + draft.outgoing[name]):
            draft.findings.append(
                Finding(
                    "unreachable",
                    "no start leads here, so it plays no part in the simulation",
                    Location(draft.path, node.line),
                    Severity.WARNING,
                    element_kind=node.kind,
                    element_id=node.id,
                    fix="add a sequence flow that leads here, or remove the element",
                )
            )
