"""How often activities repeat: items of multi-instance, turns of loops, and when they are complete."""

from __future__ import annotations

from dataclasses import dataclass

from bpmnmap.org.toml_files import Key
from bpmnmap.semantics.expressions import Expression
from bpmnmap.semantics.program import Choose, Origin, Repeat, Spread
from bpmnmap.simulation.plan import ChoosePlan, CountPlan, RepeatPlan
from bpmnmap.simulation.planning.conditions import COUNTERS, Conditions
from bpmnmap.simulation.planning.faults import Faults, table_name
from bpmnmap.simulation.planning.numbers import used_numbers
from bpmnmap.simulation.planning.tables import Found
from bpmnmap.simulation.scenario import ActivityTimes


@dataclass(slots=True)
class Repeats:
    """Plans what repeats."""

    faults: Faults
    conditions: Conditions

    def count(self, operation: Spread | Repeat, found: Found[ActivityTimes] | None) -> CountPlan | None:
        """Return how many items there are: the scenario's number, else the map's; None where something is wrong, which is told."""
        origin = operation.origin
        given = None if found is None else found.table.count
        if given is not None:
            assert found is not None
            return self._given(given, (*found.key, "count"), found, origin)
        text = operation.cardinality
        if text is not None:
            expression = self.conditions.of_map(text, is_condition=False)
            if expression is not None:
                self.faults.count(False)
                return CountPlan(expression=expression) if expression.names else _constant(expression)
        key = ("activities", origin.element) if found is None else found.key
        fix = f'set count, e.g. 3 or {{ distribution = "uniform", min = 1, max = 5 }}, under {table_name("activities", origin.element)}'
        self.faults.error("missing-count", key, "nothing says how many items it has", fix, origin)
        return None

    def _given(self, given: object, key: Key, found: Found[ActivityTimes], origin: Origin) -> CountPlan | None:
        if isinstance(given, int):
            self.faults.count(found.table.assumed)
            return CountPlan(number=given)
        if isinstance(given, str):
            self.faults.count(found.table.assumed)
            expression = self.conditions.of_scenario(given, key, origin, is_condition=False)
            return None if expression is None else CountPlan(expression=expression)
        drawn = used_numbers(self.faults, given, key, found.table.assumed, origin, is_whole=True)  # type: ignore[arg-type]  # a distribution
        return CountPlan(drawn=drawn)

    def repeat(self, operation: Repeat, found: Found[ActivityTimes] | None) -> RepeatPlan | None:
        """Return when another turn is made; None where something is wrong, which is told."""
        table = None if found is None else found.table
        if operation.counted or (table is not None and table.count is not None):
            count = self.count(operation, found)
            return None if count is None else RepeatPlan(count=count, maximum=operation.maximum)
        if table is not None and table.repeat is not None:
            assert found is not None
            self.faults.count(table.assumed)
            if isinstance(table.repeat, str):
                key = (*found.key, "repeat")
                expression = self.conditions.of_scenario(table.repeat, key, operation.origin, is_condition=True, more=COUNTERS)
                return None if expression is None else RepeatPlan(condition=expression, maximum=operation.maximum)
            return RepeatPlan(probability=table.repeat, maximum=operation.maximum)
        expression = self.conditions.of_map(operation.condition, more=COUNTERS)
        if expression is not None:
            return RepeatPlan(condition=expression, maximum=operation.maximum)
        if operation.condition is None and operation.maximum is not None:
            self.faults.count(False)
            return RepeatPlan(maximum=operation.maximum)
        key = ("activities", operation.origin.element) if found is None else found.key
        fix = f"set repeat, the probability of another turn, e.g. 0.2, under {table_name('activities', operation.origin.element)}"
        self.faults.error("missing-repeat", key, "nothing says how often it is repeated", fix, operation.origin)
        return None

    def complete(self, operation: Choose, found: Found[ActivityTimes] | None) -> ChoosePlan | None:
        """Return when a multi-instance activity is complete before all its items are; None where something is wrong, which is told."""
        text = None if found is None else found.table.completion_condition
        if text is not None:
            assert found is not None
            key = (*found.key, "completion_condition")
            expression = self.conditions.of_scenario(text, key, operation.origin, is_condition=True, more=COUNTERS)
        else:
            expression = self.conditions.of_map(operation.conditions[0], more=COUNTERS)
            if expression is None:
                key = ("activities", operation.origin.element) if found is None else found.key
                message = f"its completion condition '{operation.conditions[0]}' reads what cases do not have"
                fix = "set completion_condition over attributes and numberOfCompletedInstances, e.g. 'false' for all items"
                self.faults.error("missing-completion-condition", key, message, fix, operation.origin)
        return None if expression is None else ChoosePlan((), (), (expression, None), 1)


def _constant(expression: Expression) -> CountPlan:
    value = expression.evaluate({})
    return CountPlan(number=max(0, round(value))) if isinstance(value, (int, float)) else CountPlan(expression=expression)
