"""Chances at gateways and gaps between cases under which every case ends and nobody is overloaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bpmnmap.durations import HOUR_US, MINUTE_US
from bpmnmap.semantics.program import Choose, End, Join, Program, Start, Work, ways_of

WORK_US: Final = 15 * MINUTE_US
PEOPLE: Final = 2
_BUSY: Final = 0.6
_BACK: Final = 2_000  # of 10,000: how likely ways back are together
_GAPS_US: Final = (30 * MINUTE_US, HOUR_US, 90 * MINUTE_US, 2 * HOUR_US, 3 * HOUR_US, 4 * HOUR_US, 6 * HOUR_US, 8 * HOUR_US)
_SWEEPS: Final = 5_000
_PRECISION: Final = 1e-9
_MOST_VISITS: Final = 1e6


def probabilities(program: Program, index: int) -> tuple[float, ...]:
    """Return equal chances for the ways of a choice, small ones for ways back.

    A way back is one from which no end can be reached but through the same choice again.
    """
    operation = program.operations[index]
    assert isinstance(operation, Choose)
    back = [not _leads_to_end(program, way.target, index) for way in operation.ways]
    if all(back) or not any(back):
        shares = _split(10_000, len(back))
    else:
        returning, onward = iter(_split(_BACK, sum(back))), iter(_split(10_000 - _BACK, back.count(False)))
        shares = [next(returning if is_back else onward) for is_back in back]
    return tuple(share / 10_000 for share in shares)


def _split(whole: int, parts: int) -> list[int]:
    """Return whole numbers as equal as can be, the larger ones first.

    Examples
    --------
    >>> _split(10_000, 3)
    [3334, 3333, 3333]
    """
    return [whole // parts + (part < whole % parts) for part in range(parts)]


def _leads_to_end(program: Program, first: int, without: int) -> bool:
    """Whether an end can be reached from an operation without passing another."""
    seen = {without}
    pending = [first]
    while pending:
        index = pending.pop()
        if index in seen:
            continue
        seen.add(index)
        if isinstance(program.operations[index], End):
            return True
        pending += [way.target for way in ways_of(program.operations[index])]
    return False


def visits(program: Program) -> list[float]:
    """Return how often each operation is passed on average if one case arrives at each start."""
    incoming: list[list[tuple[int, float]]] = [[] for _ in program.operations]
    for index in range(len(program.operations)):
        for target, share in _steps(program, index):
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


def _steps(program: Program, index: int) -> list[tuple[int, float]]:
    """Return where tokens go on to from an operation, and what share of them."""
    operation = program.operations[index]
    ways = ways_of(operation)
    if isinstance(operation, Choose):
        return [(way.target, chance) for way, chance in zip(ways, probabilities(program, index), strict=True)]
    share = 1.0 / operation.entries if isinstance(operation, Join) else 1.0
    return [(way.target, share) for way in ways]


def gap_us(programs: Sequence[Program], places: Sequence[Sequence[str | None]]) -> int:
    """Return a gap between the cases of each start at which no unit's people are busy for more than some 60 % of their time."""
    loads: dict[str, float] = {}
    for program, units in zip(programs, places, strict=True):
        for operation, unit, count in zip(program.operations, units, visits(program), strict=True):
            if isinstance(operation, Work) and unit is not None:
                loads[unit] = loads.get(unit, 0.0) + count
    least = max(loads.values(), default=0.0) * WORK_US / PEOPLE / _BUSY
    return next((gap for gap in _GAPS_US if gap >= least), -int(-least // _GAPS_US[-1]) * _GAPS_US[-1])
