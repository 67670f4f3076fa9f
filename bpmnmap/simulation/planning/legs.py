"""Where tokens travel: which places a program's legs connect, found by walking it once (H11, H12)."""

from __future__ import annotations

from collections.abc import Callable

from bpmnmap.semantics.program import Choose, Fork, Join, Operation, Program, Send, Start, Take, Wait, Way, Work, ways_of


def join_places(program: Program, units: list[int]) -> None:
    """Set the place of each join: where all paths from it first lead, if that is one place (H11)."""
    firsts: dict[int, set[int]] = {}
    for index, operation in enumerate(program.operations):
        if isinstance(operation, Join):
            firsts[index] = _first_places(program, units, operation.next.target)
    for index, places in firsts.items():
        units[index] = next(iter(places)) if len(places) == 1 else -1


def _first_places(program: Program, units: list[int], first: int) -> set[int]:
    """Places at which tokens from an operation first stand; −1 for an end, a sub-process, a call."""
    places: set[int] = set()
    seen: set[int] = set()
    pending = [first]
    while pending:
        index = pending.pop()
        if index in seen:
            continue
        seen.add(index)
        operation = program.operations[index]
        if isinstance(operation, (Work, Wait, Take)) and units[index] >= 0:
            places.add(units[index])
        elif _passes(operation):
            pending += [way.target for way in ways_of(operation)]
        else:
            places.add(-1)
    return places


def _passes(operation: Operation) -> bool:
    return isinstance(operation, (Wait, Take, Choose, Fork, Join, Send))


def travelled_pairs(
    program: Program, units: list[int], has_transfer: Callable[[str], bool]
) -> tuple[dict[tuple[int, int], None], set[str]]:
    """Return the pairs of places that legs without a named flow connect, in order, and the named flows that are passed."""
    pairs: dict[tuple[int, int], None] = {}
    passed: set[str] = set()
    seen: set[tuple[int, int, bool]] = set()
    pending: list[tuple[Way, int, bool]] = [
        (operation.next, units[index], False) for index, operation in enumerate(program.operations) if isinstance(operation, Start)
    ]
    while pending:
        way, place, travelled = pending.pop()
        named = {flow for flow in way.flows if has_transfer(flow)}
        passed |= named
        travelled |= bool(named)
        index = way.target
        operation = program.operations[index]
        stands = isinstance(operation, (Work, Wait, Take, Join)) and units[index] >= 0
        if stands:
            if not travelled and place >= 0 and place != units[index]:
                pairs[place, units[index]] = None
            place, travelled = units[index], False
        if (index, place, travelled) not in seen:
            seen.add((index, place, travelled))
            pending += [(onward, place, travelled) for onward in ways_of(operation)]
    return pairs, passed
