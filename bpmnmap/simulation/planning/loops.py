"""Loops that no case can leave, found before the run."""

from __future__ import annotations

from collections.abc import Mapping

from bpmnmap.findings import Finding, Location
from bpmnmap.semantics.program import Choose, End, Program, Start, ways_of
from bpmnmap.simulation.plan import ChoosePlan


def endless_loops(program: Program, chooses: Mapping[int, ChoosePlan]) -> list[Finding]:
    """Return an error for the first operation of each part of a program from which no end can be reached.

    Ways of probability 0, and flows that `choices` never names, are no ways.
    """
    onward = [_targets(program, chooses, index) for index in range(len(program.operations))]
    leads_to_end = {index for index, operation in enumerate(program.operations) if isinstance(operation, End)}
    before: dict[int, list[int]] = {}
    for index, targets in enumerate(onward):
        for target in targets:
            before.setdefault(target, []).append(index)
    pending = list(leads_to_end)
    while pending:
        for index in before.get(pending.pop(), ()):
            if index not in leads_to_end:
                leads_to_end.add(index)
                pending.append(index)
    found = []
    told: set[int] = set()
    for index in _reached(onward, program):
        if index not in leads_to_end and index not in told:
            told |= _closure(onward, index)
            origin = program.operations[index].origin
            found.append(
                Finding(
                    "endless-loop",
                    "a case that comes here can never reach an end",
                    Location(program.path, origin.line),
                    element_kind=origin.kind,
                    element_id=origin.element,
                    element_name=origin.name,
                    fix="give the loop a way out, and that way a probability above 0",
                )
            )
    return found


def possible_ways(operation: Choose, plan: ChoosePlan | None) -> list[int]:
    """Return which ways of a choice can be taken."""
    if plan is None:
        return list(range(len(operation.ways)))
    if plan.choices:
        return sorted({way for case in plan.choices for way in case})
    lower = (0.0, *plan.bounds)
    return [way for way, bound in enumerate(plan.bounds) if bound > lower[way]]


def _targets(program: Program, chooses: Mapping[int, ChoosePlan], index: int) -> list[int]:
    operation = program.operations[index]
    if isinstance(operation, Choose):
        return [operation.ways[way].target for way in possible_ways(operation, chooses.get(index))]
    return [way.target for way in ways_of(operation)]


def _reached(onward: list[list[int]], program: Program) -> list[int]:
    starts = [index for index, operation in enumerate(program.operations) if isinstance(operation, Start)]
    reached: set[int] = set()
    for start in starts:
        reached |= _closure(onward, start)
    return sorted(reached)


def _closure(onward: list[list[int]], first: int) -> set[int]:
    reached = {first}
    pending = [first]
    while pending:
        for target in onward[pending.pop()]:
            if target not in reached:
                reached.add(target)
                pending.append(target)
    return reached
