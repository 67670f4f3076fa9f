"""Where tokens travel: which places a program's legs connect, found by walking it once (H11, H12, H14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bpmnmap.semantics.program import (
    Cancel,
    Choose,
    End,
    Fork,
    Join,
    Leave,
    Open,
    Operation,
    Program,
    Select,
    Send,
    Start,
    Take,
    Wait,
    Way,
    Work,
    is_placed,
    ways_of,
)


def join_places(program: Program, units: list[int]) -> None:
    """Set the place of each join: where all paths from it first lead, if that is one place (H11)."""
    firsts: dict[int, set[int]] = {}
    for index, operation in enumerate(program.operations):
        if isinstance(operation, Join):
            firsts[index] = _first_places(program, units, operation.next.target)
    for index, places in firsts.items():
        units[index] = next(iter(places)) if len(places) == 1 else -1


def _stands(program: Program, units: list[int], index: int) -> bool:
    """Whether a token stands at an operation's own unit."""
    operation = program.operations[index]
    return units[index] >= 0 and (isinstance(operation, (Work, Wait, Take, Join)) or is_placed(program, index))


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
        if _stands(program, units, index) and not isinstance(operation, Join):
            places.add(units[index])
        elif _passes(operation):
            pending += [way.target for way in ways_of(operation)]
        else:
            places.add(-1)
    return places


def _passes(operation: Operation) -> bool:
    return isinstance(operation, (Wait, Take, Choose, Select, Fork, Join, Send))


def travelled_pairs(
    program: Program, units: list[int], has_transfer: Callable[[str], bool]
) -> tuple[dict[tuple[int, int], None], set[str]]:
    """Return the pairs of places that legs without a named flow connect, in order, and the named flows that are passed."""
    pairs: dict[tuple[int, int], None] = {}
    passed: set[str] = set()
    seen: set[tuple[int, int, bool]] = set()
    starts = [(index, operation) for index, operation in enumerate(program.operations) if isinstance(operation, Start)]
    pending: list[tuple[Way, int, bool]] = [(start.next, units[index], False) for index, start in starts]
    while pending:
        way, place, travelled = pending.pop()
        named = {flow for flow in way.flows if has_transfer(flow)}
        passed |= named
        travelled |= bool(named)
        index = way.target
        operation = program.operations[index]
        if _stands(program, units, index):
            if not travelled and place >= 0 and place != units[index]:
                pairs[place, units[index]] = None
            place, travelled = units[index], False
        if (index, place, travelled) in seen:
            continue
        seen.add((index, place, travelled))
        if isinstance(operation, Send) and not operation.broadcast:
            if operation.flow is not None and has_transfer(operation.flow):
                passed.add(operation.flow)
            elif place >= 0 and units[operation.taker] >= 0 and place != units[operation.taker]:
                pairs[place, units[operation.taker]] = None
        pending += _onward(program, units, index, place, travelled=travelled)
    return pairs, passed


def _onward(program: Program, units: list[int], index: int, place: int, *, travelled: bool) -> Iterator[tuple[Way, int, bool]]:
    """Yield where a token goes on from an operation, from which place, and whether a named flow was travelled."""
    operation = program.operations[index]
    scope = program.scopes[index]
    match operation:
        case Open():
            host = units[index] if units[index] >= 0 else place
            yield from ((guard, host, False) for guard in operation.guards)
            if operation.body is not None:
                yield operation.body, place, travelled
        case End() if scope >= 0:
            opened = program.operations[scope]
            if isinstance(opened, Open) and opened.next is not None:
                yield opened.next, place, travelled
        case Cancel(next=way) | Leave(next=way):
            host = next((units[at] for at in (index, scope) if at >= 0 and units[at] >= 0), place)
            yield way, host, False
        case Send():
            targets = (*((operation.taker,) if operation.channel < 0 else ()), *operation.openers)
            yield from ((Way(target), units[target], False) for target in targets)
            if operation.next is not None:
                yield operation.next, place, travelled
        case _:
            yield from ((way, place, travelled) for way in ways_of(operation))
