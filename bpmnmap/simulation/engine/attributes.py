"""Attributes of cases: drawn when first asked for (H31), changed by activities, asked by conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from bpmnmap.errors import SimulationError
from bpmnmap.eventlog.rows import EVENT
from bpmnmap.findings import Finding, Location
from bpmnmap.semantics.expressions import Expression, ExpressionError
from bpmnmap.semantics.program import Origin
from bpmnmap.simulation.draws import Purpose, fold, uniform
from bpmnmap.simulation.engine.addresses import BlockOf
from bpmnmap.simulation.engine.context import Compiling, Test, Value
from bpmnmap.simulation.engine.held import PENDING, hold, unhold
from bpmnmap.simulation.engine.scopes import BLOCK, DATA, MESSAGES, NUMBER, Scope, root_of

Ask: TypeAlias = Callable[[Scope, Mapping[str, Value] | None], Value]

CONDITIONS = -1  # the channel on which events wait for their condition


class Attributes:
    """Draws, changes and evaluates."""

    def __init__(self, compiler: Compiling) -> None:
        self.c = compiler
        draws = compiler.runtime.draws
        self._drawn = [(each.name, draws.element_key(Purpose.ATTRIBUTE, each.name), each.numbers) for each in compiler.plan.attributes]
        self.watchers: dict[int, Ask] = {}
        self.fire_sites: dict[int, int] = {}

    def of(self, scope: Scope) -> dict[str, Value]:
        """Return the attributes of a scope's case, by name."""
        root = root_of(scope)
        data: dict[str, Value] | None = root[DATA]
        if data is None:
            of: BlockOf = root[BLOCK][0]
            at = of.first + root[NUMBER]
            data = root[DATA] = {name: numbers.value(uniform(fold(key, of.key, 0, 0), at)) for name, key, numbers in self._drawn}
        return data

    def asking(self, p: int, origin: Origin, expression: Expression) -> Ask:
        """Return what evaluates an expression for a scope; further values go before attributes."""
        evaluate = expression.compiled()
        path = self.c.program(p).path

        def ask(scope: Scope, more: Mapping[str, Value] | None = None) -> Value:
            data = self.of(scope)
            try:
                return evaluate(data if more is None else {**data, **more})
            except ExpressionError as error:
                message = f"'{expression.text}' cannot be evaluated: {error}"
                raise SimulationError([_fault("expression", message, path, origin)]) from error

        return ask

    def testing(self, p: int, origin: Origin, expression: Expression) -> Test:
        """Return what tells whether a condition holds."""
        ask = self.asking(p, origin, expression)
        path = self.c.program(p).path

        def test(scope: Scope, more: Mapping[str, Value] | None = None) -> bool:
            value = ask(scope, more)
            if not isinstance(value, bool):
                message = f"'{expression.text}' is {value!r}, no condition: it must be true or false"
                raise SimulationError([_fault("expression", message, path, origin)])
            return value

        return test

    def setting(self, p: int, origin: Origin, sets: tuple[tuple[str, Expression], ...]) -> Callable[[int, Scope], None]:
        """Return what changes attributes, all by the values before, and lets events fire whose condition holds then."""
        asks = [(name, self.asking(p, origin, expression)) for name, expression in sets]

        def change(now: int, scope: Scope) -> None:
            data = self.of(scope)
            data.update([(name, ask(scope, None)) for name, ask in asks])
            self._look(now, root_of(scope))

        return change

    def _look(self, now: int, root: Scope) -> None:
        waiting: list[list[Any]] | None = (root[MESSAGES] or {}).get(CONDITIONS)
        if waiting is None:
            return
        for taker in list(waiting[1]):
            if self.watchers[taker[2]](taker[0], None):
                waiting[1] = [each for each in waiting[1] if each is not taker]
                self.fire(now, taker)

    def fire(self, now: int, taker: list[Any]) -> None:
        """Let an event fire by an event of its own, now."""
        scope, ref, node, visit = taker
        unhold(scope, taker)
        hold(scope, node, PENDING, self.c.runtime.agenda.add(now, now, self.fire_sites[node], scope, ref, [EVENT, visit, 1]))


def no_way(p: int, c: Compiling, origin: Origin) -> SimulationError:
    """Return the error of a gateway none of whose conditions holds."""
    message = "none of its conditions holds, and it has no default flow"
    return SimulationError([_fault("no-condition-holds", message, c.program(p).path, origin)])


def _fault(code: str, message: str, path: str | None, origin: Origin) -> Finding:
    return Finding(
        code,
        message,
        Location(origin.path or path, origin.line),
        element_kind=origin.kind,
        element_id=origin.element,
        fix="change the condition, the attributes of the scenario, or give the gateway a default flow",
        element_name=origin.name,
    )
