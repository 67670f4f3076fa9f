"""Expressions of maps and scenarios, over the attributes that the run's cases have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bpmnmap.org.toml_files import Key
from bpmnmap.semantics.expressions import Expression, ExpressionError, condition, parse_expression
from bpmnmap.semantics.program import Origin
from bpmnmap.simulation.plan import AttributePlan
from bpmnmap.simulation.planning.faults import Faults, did_you_mean
from bpmnmap.simulation.planning.numbers import Categories, drawn_attribute, used_numbers
from bpmnmap.simulation.scenario import Scenario
from bpmnmap.simulation.scenario_numbers import Categorical, FixedValue

COUNTERS: Final = frozenset(
    {f"{prefix}{name}" for prefix in ("numberOf", "nrOf") for name in ("Instances", "CompletedInstances", "ActiveInstances")}
    | {"loopCounter"}
)
"""What conditions of multi-instance activities and loops may read besides attributes."""


@dataclass(slots=True)
class Conditions:
    """Reads expressions, and tells names that no case has."""

    scenario: Scenario
    faults: Faults
    names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        tables = [self.scenario.activities, *(inner.activities for inner in self.scenario.processes.values())]
        changed = {name for table in tables for activity in table.values() for name in activity.set}
        self.names = frozenset(self.scenario.attributes) | changed

    def attributes(self) -> tuple[AttributePlan, ...]:
        """Return the attributes of cases, in order of name."""
        plans = []
        for name, attribute in sorted(self.scenario.attributes.items()):
            key = ("attributes", name)
            if isinstance(attribute, (Categorical, FixedValue)):
                self.faults.count(attribute.assumed)
                numbers: Categories = drawn_attribute(attribute)  # type: ignore[assignment]
                plans.append(AttributePlan(name, numbers))
            else:
                plans.append(AttributePlan(name, used_numbers(self.faults, attribute, key, attribute.assumed)))
        return tuple(plans)

    def of_scenario(
        self, text: str, key: Key, origin: Origin, *, is_condition: bool, more: frozenset[str] = frozenset()
    ) -> Expression | None:
        """Return an expression of the scenario; None where it reads what no case has, which is told."""
        try:
            expression = condition(text) if is_condition else parse_expression(text)
        except ExpressionError as error:
            self.faults.error("invalid-expression", key, str(error), "write it in the language of docs/reference/expressions.md", origin)
            return None
        unknown = sorted(expression.names - self.names - more)
        for name in unknown:
            fix = did_you_mean(name, sorted(self.names), f"add [attributes.{name}] to the scenario, or quote it if it is text")
            self.faults.error("unknown-attribute", key, f"'{name}' is no attribute of cases", fix, origin)
        return None if unknown else expression

    def of_map(self, text: str | None, *, is_condition: bool = True, more: frozenset[str] = frozenset()) -> Expression | None:
        """Return an expression of a map if cases have all that it reads."""
        if text is None:
            return None
        try:
            expression = condition(text) if is_condition else parse_expression(text)
        except ExpressionError:
            return None
        return expression if expression.names <= self.names | more else None
