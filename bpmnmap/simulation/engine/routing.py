"""Gateways: choose, fork, join. They take no time; tokens rest at joins only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from bpmnmap.eventlog.rows import KIND_BITS, MERGE, ROW
from bpmnmap.semantics.program import Choose, Fork, Join, Select
from bpmnmap.simulation.draws import Purpose, fold, uniform
from bpmnmap.simulation.engine.addresses import BLOCK_VISITS, BlockOf
from bpmnmap.simulation.engine.attributes import no_way
from bpmnmap.simulation.engine.context import Compiling, Context, Go
from bpmnmap.simulation.engine.scopes import BLOCK, HOME, ID, LIVE, NOTE, NUMBER, PARENT, Scope, above
from bpmnmap.simulation.plan import ChoosePlan


def choose(c: Compiling, p: int, index: int, operation: Choose, context: Context) -> Go:
    """Return the closure of an exclusive split: one number per visit, or the scenario's choices."""
    ways = [c.go(p, way, context) for way in operation.ways]
    plan = c.process(p).chooses[index]
    if plan.choices:
        return _given(c, p, index, plan, ways)
    if plan.conditions:
        return _by_condition(c, p, index, operation, plan, ways)
    slot = c.visit_slot(p, index)
    visits = 1 if slot is None else BLOCK_VISITS
    pick = _picker(plan.bounds)
    drawn = c.runtime.draws.register(
        Purpose.BRANCH, c.program(p).process_of(index), operation.origin.element, pick, lambda u: pick(np.array([u]))[0], visits
    )
    item, fill, one, spend = drawn.item, c.runtime.draws.fill, c.runtime.draws.one, c.runtime.spend
    grouped = c.grouped(p, index)
    counter = -1 if slot is None else slot

    def choose_once(now: int, scope: Scope, ref: int) -> None:
        block = scope[BLOCK]
        ways[(block[item] or fill(block, item))[scope[NUMBER]]](now, scope, ref)

    def choose_again(now: int, scope: Scope, ref: int) -> None:
        home = scope if grouped else scope[HOME]
        visit = home[counter]
        home[counter] = visit + 1
        if visit < visits:
            block = scope[BLOCK]
            ways[(block[item + visit] or fill(block, item + visit))[scope[NUMBER]]](now, scope, ref)
        else:
            spend()
            ways[one(drawn, scope, visit)](now, scope, ref)

    return choose_once if slot is None else choose_again


def _picker(bounds: tuple[float, ...]) -> Callable[[NDArray[np.float64]], Sequence[int]]:
    edges = np.array(bounds[:-1], dtype=np.float64)

    def pick(u: NDArray[np.float64]) -> Sequence[int]:
        picked: list[int] = np.searchsorted(edges, u, side="right").tolist()
        return picked

    return pick


def _given(c: Compiling, p: int, index: int, plan: ChoosePlan, ways: list[Go]) -> Go:
    slot = c.visit_slot(p, index)
    grouped = c.grouped(p, index)
    spend = c.runtime.spend

    def choose_given(now: int, scope: Scope, ref: int) -> None:
        visit = 0
        if slot is not None:
            home = scope if grouped else scope[HOME]
            visit = home[slot]
            home[slot] = visit + 1
            spend()
        case = plan.choices[min(scope[BLOCK][0].first + scope[NUMBER], len(plan.choices) - 1)]
        ways[case[min(visit, len(case) - 1)]](now, scope, ref)

    return choose_given


def _by_condition(c: Compiling, p: int, index: int, operation: Choose, plan: ChoosePlan, ways: list[Go]) -> Go:
    tests = [
        (c.testing(p, operation.origin, condition), way)
        for condition, way in zip(plan.conditions, ways, strict=True)
        if condition is not None
    ]
    otherwise = None if plan.default is None else ways[plan.default]
    progress = c.progress(p, index) if operation.decides == "complete" else None

    def choose_by_condition(now: int, scope: Scope, ref: int) -> None:
        more = None if progress is None else progress(scope)
        for test, way in tests:
            if test(scope, more):
                way(now, scope, ref)
                return
        if otherwise is None:
            raise no_way(p, c, operation.origin)
        otherwise(now, scope, ref)

    return choose_by_condition


def select(c: Compiling, p: int, index: int, operation: Select, context: Context) -> Go:
    """Return the closure of an inclusive split: a copy takes each way that is chosen, in document order."""
    ways = [c.go(p, way, context) for way in operation.ways]
    slot, grouped = c.visit_slot(p, index), c.grouped(p, index)
    chosen = _selecting(c, p, index, operation)
    killable, up = c.layout(p, c.program(p).scopes[index]).killable, c.up(p, index, context.left)
    spend = c.runtime.spend

    def take_chosen(now: int, scope: Scope, ref: int) -> None:
        visit = 0
        if slot is not None:
            home = scope if grouped else scope[HOME]
            visit = home[slot]
            home[slot] = visit + 1
            spend()
        taken = chosen(scope, visit)
        scope[LIVE] += len(taken) - 1
        left = above(scope, up)
        note = left[NOTE]
        for way in taken:
            if killable and scope[PARENT] is None:
                return  # the copy before has killed all in this scope
            left[NOTE] = note
            ways[way](now, scope, ref)

    return take_chosen


def _selecting(c: Compiling, p: int, index: int, operation: Select) -> Callable[[Scope, int], Sequence[int]]:
    """Return what chooses the ways of an inclusive split at a visit."""
    plan = c.process(p).selects[index]
    always, default = set(plan.always), plan.default
    if plan.choices:

        def given(scope: Scope, visit: int) -> Sequence[int]:
            case = plan.choices[min(scope[BLOCK][0].first + scope[NUMBER], len(plan.choices) - 1)]
            return sorted(always.union(case[min(visit, len(case) - 1)]))

        return given
    if plan.conditions:
        tests = [
            (number, c.testing(p, operation.origin, condition)) for number, condition in enumerate(plan.conditions) if condition is not None
        ]

        def by_condition(scope: Scope, visit: int) -> Sequence[int]:
            taken = sorted(always.union(number for number, test in tests if test(scope, None)))
            if not taken and default is None:
                raise no_way(p, c, operation.origin)
            return taken or [cast(int, default)]

        return by_condition
    key = c.runtime.draws.element_key(Purpose.BRANCH, c.program(p).process_of(index), operation.origin.element)
    probabilities, spend = plan.probabilities, c.runtime.spend
    drawn = [number for number in range(len(probabilities)) if number not in always and number != default]

    def by_chance(scope: Scope, visit: int) -> Sequence[int]:
        of: BlockOf = scope[BLOCK][0]
        at, part = of.first + scope[NUMBER], 0
        while True:
            numbers = [uniform(fold(key, of.key, visit, part + number), at) for number in drawn]
            taken = sorted(always.union(number for number, u in zip(drawn, numbers, strict=True) if u < probabilities[number]))
            if taken:
                return taken
            if default is not None:
                return [default]
            part += len(probabilities)  # drawn again
            spend()

    return by_chance


def fork(c: Compiling, p: int, index: int, operation: Fork, context: Context) -> Go:
    """Return the closure of a split into all ways, in document order."""
    ways = [c.go(p, way, context) for way in operation.ways]
    more = len(ways) - 1
    killable = c.layout(p, c.program(p).scopes[index]).killable
    if killable or c.notes:
        up = c.up(p, index, context.left)

        def fork_with_care(now: int, scope: Scope, ref: int) -> None:
            scope[LIVE] += more
            left = above(scope, up)
            note = left[NOTE]
            for way in ways:
                if killable and scope[PARENT] is None:
                    return  # the copy before has killed all in this scope
                left[NOTE] = note
                way(now, scope, ref)

        return fork_with_care
    if len(ways) == 2:
        first, second = ways

        def fork_two(now: int, scope: Scope, ref: int) -> None:
            scope[LIVE] += 1
            first(now, scope, ref)
            second(now, scope, ref)

        return fork_two

    def fork_all(now: int, scope: Scope, ref: int) -> None:
        scope[LIVE] += more
        for way in ways:
            way(now, scope, ref)

    return fork_all


def join(c: Compiling, p: int, index: int, operation: Join, entry: int, context: Context) -> Go:
    """Return the closure of one entry of a parallel join: a token rests in its slot until all entries have one (H8)."""
    slot = c.layout(p, c.program(p).scopes[index]).joins[index]
    mine = slot + entry
    others = [slot + other for other in range(operation.entries) if other != entry]
    placed = c.process(p).units[index] >= 0
    going = context._replace(left=index, travelled=False) if placed else context._replace(left=index)
    go = c.go(p, operation.next, going)
    log, pack, code = c.runtime.log, ROW.pack, c.node(p, index) << KIND_BITS | MERGE
    extend = log.extend
    fewer = len(others)
    opposite = others[0] if others else mine
    counter = c.visit_slot(p, index)
    grouped = c.grouped(p, index)
    watched, look = c.runtime.watched, c.runtime.look

    def join_pair(now: int, scope: Scope, ref: int) -> None:
        waited = scope[opposite]
        if waited is None:
            rest(scope, mine, ref)
            if watched:
                look()
            return
        if isinstance(waited, list):
            waited = take_rested(scope, opposite)
        else:
            scope[opposite] = None
        merged = len(log)
        extend(pack(scope[ID], code, 0, ref, waited, now))
        scope[LIVE] -= 1
        if counter is not None:
            home = scope if grouped else scope[HOME]
            home[NOTE] = home[counter]
            home[counter] += 1
        go(now, scope, merged)

    def join_entry(now: int, scope: Scope, ref: int) -> None:
        for other in others:
            if scope[other] is None:
                rest(scope, mine, ref)
                if watched:
                    look()
                return
        waited = [take_rested(scope, other) for other in others]
        if fewer > 1:
            waited.sort()  # refs are in order of time: the order in which the tokens came
        for other in reversed(waited):
            merged = len(log)
            extend(pack(scope[ID], code, 0, ref, other, now))
            ref = merged
        scope[LIVE] -= fewer
        if counter is not None:
            home = scope if grouped else scope[HOME]
            home[NOTE] = home[counter]
            home[counter] += 1
        go(now, scope, ref)

    return join_pair if fewer == 1 else join_entry


def rest(scope: Scope, slot: int, ref: int) -> None:
    """Leave a token in a slot; there may be others before it."""
    resting = scope[slot]
    if resting is None:
        scope[slot] = ref
    elif isinstance(resting, list):
        resting.append(ref)
    else:
        scope[slot] = [resting, ref]


def take_rested(scope: Scope, slot: int) -> int:
    """Take the token that has rested in a slot the longest."""
    resting: Any = scope[slot]
    if isinstance(resting, list):
        first: int = resting.pop(0)
        if not resting:
            scope[slot] = None
        return first
    scope[slot] = None
    return int(resting)
