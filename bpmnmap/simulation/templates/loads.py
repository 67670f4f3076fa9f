"""Chances at gateways and gaps between cases under which every case ends and nobody is overloaded."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bpmnmap.durations import HOUR_US, MINUTE_US
from bpmnmap.semantics.program import Choose, End, Join, Open, Program, Repeat, Select, Spread, Start, Work, message_targets, ways_of

WORK_US: Final = 15 * MINUTE_US
ITEMS: Final = 3
AGAIN: Final = 0.2
HAPPENS: Final = 0.1
"""Assumed: items of a multi-instance activity, the chance of another turn of a loop, and that a boundary event happens."""
_PEOPLE: Final = 2
_BUSY: Final = 0.6
_BACK: Final = 2_000  # of 10,000: how likely ways back are together
_GAPS_US: Final = (30 * MINUTE_US, HOUR_US, 90 * MINUTE_US, 2 * HOUR_US, 3 * HOUR_US, 4 * HOUR_US, 6 * HOUR_US, 8 * HOUR_US)
_SWEEPS: Final = 5_000
_PRECISION: Final = 1e-9
_MOST_VISITS: Final = 1e6


def chances(program: Program) -> dict[int, tuple[float, ...]]:
    """Return for each choice equal chances of its ways, but small ones for ways back.

    A way back is one from which no end can be reached but through the same choice again.
    """
    distances = _distances(program)
    found: dict[int, tuple[float, ...]] = {}
    for index, operation in enumerate(program.operations):
        if isinstance(operation, Choose):
            back = [_is_back(program, way.target, index, distances) for way in operation.ways]
            if all(back) or not any(back):
                shares = _split(10_000, len(back))
            else:
                returning, onward = iter(_split(_BACK, sum(back))), iter(_split(10_000 - _BACK, back.count(False)))
                shares = [next(returning if is_back else onward) for is_back in back]
            found[index] = tuple(share / 10_000 for share in shares)
        elif isinstance(operation, Select):
            found[index] = tuple(1.0 if way in operation.always else 0.5 for way in range(len(operation.ways)))
    return found


def _split(whole: int, parts: int) -> list[int]:
    """Return whole numbers as equal as can be, the larger ones first.

    Examples
    --------
    >>> _split(10_000, 3)
    [3334, 3333, 3333]
    """
    return [whole // parts + (part < whole % parts) for part in range(parts)]


def _distances(program: Program) -> dict[int, int]:
    """Return how far each operation is from the next end; those that lead to none are left out."""
    before: dict[int, list[int]] = {}
    for index, operation in enumerate(program.operations):
        for way in ways_of(operation):
            before.setdefault(way.target, []).append(index)
    distances = {index: 0 for index, operation in enumerate(program.operations) if isinstance(operation, End)}
    pending = deque(distances)
    while pending:
        index = pending.popleft()
        for earlier in before.get(index, ()):
            if earlier not in distances:
                distances[earlier] = distances[index] + 1
                pending.append(earlier)
    return distances


def _is_back(program: Program, first: int, choice: int, distances: Mapping[int, int]) -> bool:
    """Whether no end can be reached from an operation without passing a choice."""
    near = distances.get(choice, 0)  # from what is nearer to an end, the shortest way there cannot pass the choice
    seen = {choice}
    pending = deque([first])
    while pending:
        index = pending.popleft()
        if index in seen:
            continue
        if index in distances and distances[index] < near:
            return False
        seen.add(index)
        pending += [way.target for way in ways_of(program.operations[index])]
    return True


def visits(program: Program) -> list[float]:
    """Return how often each operation is passed on average if one case arrives at each start."""
    incoming: list[list[tuple[int, float]]] = [[] for _ in program.operations]
    of_choices = chances(program)
    for index in range(len(program.operations)):
        for target, share in _steps(program, index, of_choices):
            incoming[target].append((index, share))
    counts = [float(isinstance(operation, Start)) for operation in program.operations]
    order = _onward(program)
    for _ in range(_SWEEPS):
        change = 0.0
        for index in order:
            count = float(isinstance(program.operations[index], Start)) + sum(counts[before] * share for before, share in incoming[index])
            count = min(count, _MOST_VISITS)
            change = max(change, abs(count - counts[index]) / max(count, 1.0))
            counts[index] = count
        if change < _PRECISION:
            break
    return counts


def _onward(program: Program) -> list[int]:
    """Return the operations in an order in which ways lead onward, but for ways back."""
    seen: set[int] = set()
    order: list[int] = []
    for start in (index for index, operation in enumerate(program.operations) if isinstance(operation, Start)):
        pending = [(start, False)]
        while pending:
            index, is_left = pending.pop()
            if is_left:
                order.append(index)
            elif index not in seen:
                seen.add(index)
                pending.append((index, True))
                pending += [(way.target, False) for way in reversed(ways_of(program.operations[index]))]
    return order[::-1]


def _steps(program: Program, index: int, of_choices: Mapping[int, Sequence[float]]) -> list[tuple[int, float]]:
    """Return where tokens go on to from an operation, and what share of them."""
    operation = program.operations[index]
    ways = ways_of(operation)
    sent = [(target, 1.0) for target in message_targets(operation)]
    if isinstance(operation, Open):
        guards = HAPPENS if operation.body is not None else 1.0 / max(1, len(operation.guards))
        return [(way.target, guards if way in operation.guards else 1.0) for way in ways]
    if isinstance(operation, Spread):
        return [(operation.next.target, float(ITEMS))]
    if isinstance(operation, Repeat):
        again = (ITEMS - 1) / ITEMS if operation.counted else AGAIN
        return [(operation.body.target, again), (operation.next.target, 1.0 - again)]
    share = 1.0 / operation.entries if isinstance(operation, Join) else 1.0
    shares = of_choices.get(index, (share,) * len(ways))
    return [*((way.target, share) for way, share in zip(ways, shares, strict=True)), *sent]


@dataclass(frozen=True, slots=True)
class Loads:
    """A gap between the cases of each start, and people for each unit, so that nobody is busy for more than some 60 % of the time."""

    gap_us: int
    people: Mapping[str, int]


def loads(programs: Sequence[Program], places: Sequence[Sequence[str | None]]) -> Loads:
    """Return a gap at which two people of each unit are enough, but no longer one than a working day: then there are more people.

    Parameters
    ----------
    places
        By process and operation: the unit at which it stands.
    """
    work: dict[str, float] = {}
    for program, units in zip(programs, places, strict=True):
        for operation, unit, count in zip(program.operations, units, visits(program), strict=True):
            if isinstance(operation, Work) and unit is not None:
                work[unit] = work.get(unit, 0.0) + count * WORK_US / _BUSY
    least = max(work.values(), default=0.0) / _PEOPLE
    gap = next((gap for gap in _GAPS_US if gap >= least), _GAPS_US[-1])
    return Loads(gap, {unit: max(_PEOPLE, math.ceil(load / gap)) for unit, load in work.items()})
