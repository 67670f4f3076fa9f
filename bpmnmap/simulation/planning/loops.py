"""Loops that no case can leave, found before the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bpmnmap.semantics.program import Choose, End, Program, Start, ways_of
from bpmnmap.simulation.plan import ChoosePlan


@dataclass(frozen=True, slots=True)
class EndlessLoop:
    """An operation from which a case can never reach an end.

    Parameters
    ----------
    operation
        Index of the `Choose` whose ways out are never taken or, where nothing leads out, of the loop's first operation.
    never_taken
        Flows that would lead out.
    """

    operation: int
    never_taken: tuple[str, ...] = ()


def endless_loops(program: Program, chooses: Mapping[int, ChoosePlan]) -> list[EndlessLoop]:
    """Return where cases can come to and then never reach an end, in document order.

    Ways of probability 0, and flows that `choices` never names, are no ways.
    """
    taken = [_targets(program, chooses, index) for index in range(len(program.operations))]
    ending = _lead_to_end(taken, program)
    trapped = [index for index in _reached(taken, program) if index not in ending]
    if not trapped:
        return []
    drawn = _lead_to_end([[way.target for way in ways_of(operation)] for operation in program.operations], program)
    out = {index: flows for index in trapped if (flows := _ways_out(program, index, ending))}
    found = [EndlessLoop(index, flows) for index, flows in out.items()]
    told: set[int] = set()
    for index in trapped:
        inside = _closure(taken, index)
        if inside & out.keys():
            continue
        if index in drawn:  # the way out leads through another gateway whose own is never taken
            flows = _ways_out(program, index, drawn - set(taken[index]))
            found += [EndlessLoop(index, flows)] if flows else []
        elif index not in told and index in _closure(taken, *taken[index]):
            told |= inside
            found.append(EndlessLoop(index))
    return sorted(found, key=lambda loop: loop.operation)


def _ways_out(program: Program, index: int, outside: set[int]) -> tuple[str, ...]:
    """Return the flows of a `Choose` that lead to one of these operations."""
    operation = program.operations[index]
    if not isinstance(operation, Choose):
        return ()
    return tuple(flow for way, flow in zip(operation.ways, operation.flows, strict=True) if way.target in outside)


def possible_ways(operation: Choose, plan: ChoosePlan | None) -> list[int]:
    """Return which ways of a choice can be taken."""
    if plan is None or plan.conditions:
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


def _lead_to_end(onward: list[list[int]], program: Program) -> set[int]:
    before: dict[int, list[int]] = {}
    for index, targets in enumerate(onward):
        for target in targets:
            before.setdefault(target, []).append(index)
    backward = [before.get(index, []) for index in range(len(onward))]
    return _closure(backward, *(index for index, operation in enumerate(program.operations) if isinstance(operation, End)))


def _reached(onward: list[list[int]], program: Program) -> list[int]:
    return sorted(_closure(onward, *(index for index, operation in enumerate(program.operations) if isinstance(operation, Start))))


def _closure(onward: list[list[int]], *first: int) -> set[int]:
    reached = set(first)
    pending = list(first)
    while pending:
        for target in onward[pending.pop()]:
            if target not in reached:
                reached.add(target)
                pending.append(target)
    return reached
