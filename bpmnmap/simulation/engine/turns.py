"""Items and turns: multi-instance activities and loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bpmnmap.semantics.program import Repeat, Spread
from bpmnmap.simulation.draws import Purpose, fold, uniform
from bpmnmap.simulation.engine.addresses import BlockOf
from bpmnmap.simulation.engine.attributes import Attributes
from bpmnmap.simulation.engine.context import Compiling, Context, Go, Value
from bpmnmap.simulation.engine.scopes import BLOCK, DONE, LIVE, NOTE, NUMBER, PARENT, VISIT, Scope, above
from bpmnmap.simulation.plan import CountPlan

MOST_ITEMS = 1_000_000


class Turns:
    """Compiles `Spread` and `Repeat`."""

    def __init__(self, compiler: Compiling, attributes: Attributes) -> None:
        self.c = compiler
        self.attributes = attributes

    def counting(self, p: int, index: int, plan: CountPlan) -> Callable[[Scope], int]:
        """Return how many items or turns there are in a scope: the same each time it is asked."""
        c = self.c
        origin = c.program(p).operations[index].origin
        if plan.number is not None:
            number = plan.number
            return lambda scope: number
        if plan.expression is not None:
            ask = self.attributes.asking(p, origin, plan.expression)
            return lambda scope: _whole(ask(scope, None))
        drawn = plan.drawn
        assert drawn is not None
        key = c.runtime.draws.element_key(Purpose.COUNT, c.program(p).process_of(index), origin.element)

        def count(scope: Scope) -> int:
            of: BlockOf = scope[BLOCK][0]
            return _whole(drawn.value(uniform(fold(key, of.key, scope[VISIT], 0), of.first + scope[NUMBER])))

        return count

    def spread(self, p: int, index: int, operation: Spread, context: Context, close: Go) -> Go:
        """Return the closure that makes as many copies of a token as there are items; none: the scope is over."""
        c = self.c
        way = c.go(p, operation.next, context)
        count = self.counting(p, index, c.process(p).counts[index])
        killable = c.layout(p, c.program(p).scopes[index]).killable
        up = c.up(p, index, context.left)
        node, spend = c.node(p, index), c.runtime.spend

        def spread(now: int, scope: Scope, ref: int) -> None:
            items = count(scope)
            if items == 0:
                scope[DONE].append([ref, now, node])
                scope[LIVE] -= 1
                close(now, scope, ref)
                return
            scope[LIVE] += items - 1
            left = above(scope, up)
            note = left[NOTE]
            for item in range(items):
                if killable and scope[PARENT] is None:
                    return  # an item before has ended them all
                if item & 1023 == 1023:
                    spend()
                left[NOTE] = note
                way(now, scope, ref)

        return spread

    def repeat(self, p: int, index: int, operation: Repeat, context: Context) -> Go:
        """Return the closure that makes another turn, or goes on."""
        c = self.c
        plan = c.process(p).repeats[index]
        again, on = c.go(p, operation.body, context), c.go(p, operation.next, context)
        slot = c.layout(p, c.program(p).scopes[index]).turn
        spend = c.runtime.spend
        decide = self._deciding(p, index)

        def repeat(now: int, scope: Scope, ref: int) -> None:
            turns = scope[slot]
            if turns >= 2:
                spend()
            if (plan.maximum is None or turns < plan.maximum) and decide(scope, turns):
                again(now, scope, ref)
            else:
                on(now, scope, ref)

        return repeat

    def _deciding(self, p: int, index: int) -> Callable[[Scope, int], bool]:
        c = self.c
        plan = c.process(p).repeats[index]
        origin = c.program(p).operations[index].origin
        if plan.count is not None:
            count = self.counting(p, index, plan.count)
            return lambda scope, turns: turns < count(scope)
        if plan.condition is not None:
            test = self.attributes.testing(p, origin, plan.condition)
            return lambda scope, turns: test(scope, {"loopCounter": turns})
        if plan.probability is None:
            return lambda scope, turns: True  # as often as the maximum says
        probability = plan.probability
        key = c.runtime.draws.element_key(Purpose.BRANCH, c.program(p).process_of(index), origin.element)

        def chance(scope: Scope, turns: int) -> bool:
            of: BlockOf = scope[BLOCK][0]
            return uniform(fold(key, of.key, scope[VISIT], turns), of.first + scope[NUMBER]) < probability

        return chance

    def progress(self, p: int, index: int) -> Callable[[Scope], Mapping[str, Value]]:
        """Return how far the items of the scope around an operation have come, by the names that BPMN and vendors use."""
        c = self.c
        program = c.program(p)
        inside = [at for at, scope in enumerate(program.scopes) if scope == program.scopes[index]]
        slot = c.layout(p, program.scopes[index]).turn
        counts = c.process(p).counts
        counter = next((self.counting(p, at, counts[at]) for at in inside if at in counts), None)
        if counter is None:
            plans = (c.process(p).repeats[at].count for at in inside if at in c.process(p).repeats)
            counter = next((self.counting(p, index, plan) for plan in plans if plan is not None), None)

        def values(scope: Scope) -> Mapping[str, Value]:
            begun = scope[slot]
            done = len(scope[DONE]) + 1 if counts and any(at in counts for at in inside) else begun
            number = begun if counter is None else counter(scope)
            found: dict[str, Value] = {}
            for name, value in (("Instances", number), ("CompletedInstances", done), ("ActiveInstances", begun - done)):
                found[f"numberOf{name}"] = found[f"nrOf{name}"] = value
            found["loopCounter"] = begun
            return found

        return values


def _whole(value: Value) -> int:
    """Return a number of items: rounded half-even, none below 0."""
    return min(MOST_ITEMS, max(0, round(value))) if isinstance(value, (int, float)) else 0
