"""What the scenario says of a gateway that chooses: probabilities, or choices by case and visit."""

from __future__ import annotations

from collections.abc import Iterable

from bpmnmap import model as m
from bpmnmap.org.toml_files import Key, key_text
from bpmnmap.semantics.expressions import Expression
from bpmnmap.semantics.program import Choose, Select
from bpmnmap.simulation.plan import ChoosePlan, SelectPlan
from bpmnmap.simulation.planning.conditions import Conditions
from bpmnmap.simulation.planning.faults import Faults, did_you_mean, quoted
from bpmnmap.simulation.planning.tables import Found, folded
from bpmnmap.simulation.scenario import GatewayChoices, ParticipantResponse


class ChoicePlanner:
    """Plans one gateway, or one implicit split.

    Parameters
    ----------
    flows
        The sequence flows that leave it.
    """

    def __init__(self, faults: Faults, conditions: Conditions, operation: Choose | Select, flows: Iterable[m.SequenceFlow]) -> None:
        self.faults = faults
        self.conditions = conditions
        self.operation = operation
        self.origin = operation.origin
        self.flows = operation.flows
        mine = list(flows)
        self._names = {flow.id or "": folded(flow.name or "") for flow in mine if flow.id in self.flows}
        # flows that lead nowhere: that is told in the map
        self._broken = {name for flow in mine if flow.id not in self.flows for name in (flow.id or "", folded(flow.name or ""))} - {""}

    def plan(self, found: Found[GatewayChoices] | None) -> ChoosePlan | None:
        """Return which way tokens take; None where something is wrong, which is told."""
        if found is None:
            of_map = self._conditions_of_map()
            if of_map is not None:
                return ChoosePlan((), (), of_map, self.operation.default)
            self._tell_missing("that sum to 1")
            return None
        if found.table.choices is not None:
            return self._choices((*found.key, "choices"), found.table.choices)
        if found.table.conditions is not None:
            given = self._conditions_of_scenario((*found.key, "conditions"), found.table.conditions)
            return None if given is None else ChoosePlan((), (), *given)
        self.faults.count(found.table.assumed)
        given_chances = self._given((*found.key, "probabilities"), found.table.probabilities or {})
        return None if given_chances is None else self._probabilities(found.key, given_chances)

    def select(self, found: Found[GatewayChoices] | None) -> SelectPlan | None:
        """Return which ways copies of a token take; None where something is wrong, which is told."""
        assert isinstance(self.operation, Select)
        default, always = self.operation.default, self.operation.always
        if found is None:
            of_map = self._conditions_of_map()
            if of_map is not None:
                return SelectPlan((), (), of_map, default, always)
            self._tell_missing("each by itself")
            return None
        if found.table.choices is not None:
            cases = self._selections((*found.key, "choices"), found.table.choices)
            return None if cases is None else SelectPlan((), cases, (), default, always)
        if found.table.conditions is not None:
            given = self._conditions_of_scenario((*found.key, "conditions"), found.table.conditions)
            return None if given is None else SelectPlan((), (), given[0], given[1] if given[1] is not None else default, always)
        self.faults.count(found.table.assumed)
        chances = self._given((*found.key, "probabilities"), found.table.probabilities or {})
        return None if chances is None else self._independent(found.key, chances)

    def _independent(self, key: Key, given: dict[str, float]) -> SelectPlan | None:
        assert isinstance(self.operation, Select)
        default, always = self.operation.default, self.operation.always
        free = [number for number in range(len(self.flows)) if number != default and number not in always]
        missing = [self.flows[number] for number in free if self.flows[number] not in given]
        if missing:
            message = f"no probability for {quoted(missing, ' and ')}"
            self.faults.error("missing-probability", key, message, "name every outgoing flow; 0 is allowed", self.origin)
            return None
        if default is not None and given.get(self.flows[default], 0.0) > 0:
            message = f"'{self.flows[default]}' is the default flow, which is taken where no other is, and only then"
            self.faults.error("default-probability", key, message, "give it no probability, or 0", self.origin)
            return None
        chances = tuple(given.get(flow, 0.0) for flow in self.flows)
        if default is None and not always and not any(chances):
            self.faults.error("probabilities", key, "no flow is ever taken", "give one flow a probability above 0", self.origin)
            return None
        return SelectPlan(chances, (), (), default, always)

    def _tell_missing(self, how: str) -> None:
        fix = f"set probabilities = {{ {', '.join(f'{key_text((flow,))} = …' for flow in self.flows)} }} {how}"
        key = ("gateways", self.origin.element)
        conditions = [text for text in self.operation.conditions if text is not None]
        why = f"; cases have no attributes for the map's '{conditions[0]}'" if conditions else ""
        self.faults.error("missing-probabilities", key, f"nothing says which way cases take{why}", fix, self.origin)

    def _conditions_of_map(self) -> tuple[Expression | None, ...] | None:
        """Return the map's conditions, if cases have all that they read."""
        texts, default = self.operation.conditions, self.operation.default
        always = self.operation.always if isinstance(self.operation, Select) else ()
        found = tuple(self.conditions.of_map(text) for text in texts)
        needed = [number for number in range(len(texts)) if number != default and number not in always]
        return found if texts and all(found[number] is not None for number in needed) else None

    def _conditions_of_scenario(self, key: Key, given: dict[str, str]) -> tuple[tuple[Expression | None, ...], int | None] | None:
        found: dict[int, Expression] = {}
        default: int | None = None
        is_wrong = False
        for name, text in given.items():
            flow = self.flow((*key, name), name)
            if flow is None:
                is_wrong = True
                continue
            number = self.flows.index(flow)
            if text.strip().casefold() == "default":
                default = number
                continue
            expression = self.conditions.of_scenario(text, (*key, name), self.origin, is_condition=True)
            is_wrong |= expression is None
            if expression is not None:
                found[number] = expression
        if default is None:
            default = self.operation.default
        always = self.operation.always if isinstance(self.operation, Select) else ()
        missing = [flow for number, flow in enumerate(self.flows) if number not in found and number != default and number not in always]
        if missing and not is_wrong:
            message = f"no condition for {quoted(missing, ' and ')}"
            self.faults.error("missing-condition", key, message, 'name every outgoing flow; one may be "default"', self.origin)
        if missing or is_wrong:
            return None
        return tuple(found.get(number) for number in range(len(self.flows))), default

    def answers(self, response: Found[ParticipantResponse]) -> ChoosePlan | None:
        """Return which answer a party outside gives: each as likely, unless the scenario says otherwise."""
        if response.table.probabilities is None:
            self.faults.count(True)
            share = 1.0 / len(self.flows)
            return ChoosePlan((*(share * (number + 1) for number in range(len(self.flows) - 1)), 1.0))
        self.faults.count(response.table.assumed)
        key = (*response.key, "probabilities")
        mine = {name: chance for name, chance in response.table.probabilities.items() if name in self.flows}
        return self._probabilities(key, mine)

    def _given(self, key: Key, probabilities: dict[str, float]) -> dict[str, float] | None:
        """Return the probabilities by flow id; None where a name is wrong."""
        given: dict[str, float] = {}
        is_wrong = False
        for name, probability in probabilities.items():
            flow = self.flow((*key, name), name)
            if flow is None:
                is_wrong = True
            elif flow in given:
                is_wrong = True
                self.faults.error("doubled-flow", (*key, name), f"'{name}' is '{flow}', given twice", "give it once", self.origin)
            else:
                given[flow] = probability
        return None if is_wrong else given

    def _probabilities(self, key: Key, given: dict[str, float]) -> ChoosePlan | None:
        missing = [flow for flow in self.flows if flow not in given]
        if missing:
            message = f"no probability for {quoted(missing, ' and ')}"
            self.faults.error("missing-probability", key, message, "name every outgoing flow; 0 is allowed", self.origin)
            return None
        total = sum(given[flow] for flow in self.flows)
        if abs(total - 1) > 1e-9:
            values = " + ".join(f"{probability:g}" for probability in given.values())
            fix = f"set the probabilities of {' and '.join(self.flows)} so that they sum to 1"
            self.faults.error("probabilities", key, f"{values} = {total:.9g}, must be 1", fix, self.origin)
            return None
        bounds: list[float] = []
        for flow in self.flows:
            bounds.append((bounds[-1] if bounds else 0.0) + given[flow])
        last = max(at for at, flow in enumerate(self.flows) if given[flow] > 0)
        bounds[last:] = [1.0] * (len(bounds) - last)  # rounding must not open a way of probability 0
        return ChoosePlan(tuple(bounds))

    def _choices(self, key: Key, choices: tuple[tuple[str | tuple[str, ...], ...], ...]) -> ChoosePlan | None:
        found = [[self._chosen((*key, case, visit), flow) for visit, flow in enumerate(visits)] for case, visits in enumerate(choices)]
        cases = tuple(tuple(self.flows.index(flow) for flow in visits if flow is not None) for visits in found)
        return None if any(flow is None for visits in found for flow in visits) else ChoosePlan((), cases)

    def _selections(
        self, key: Key, choices: tuple[tuple[str | tuple[str, ...], ...], ...]
    ) -> tuple[tuple[tuple[int, ...], ...], ...] | None:  # fmt: skip
        """Return the ways chosen by case and visit."""
        cases: list[tuple[tuple[int, ...], ...]] = []
        for case, visits in enumerate(choices):
            sets: list[tuple[int, ...]] = []
            for visit, chosen in enumerate(visits):
                names = (chosen,) if isinstance(chosen, str) else chosen
                flows = [self.flow((*key, case, visit), name) for name in names]
                if any(flow is None for flow in flows) or not flows:
                    return None
                sets.append(tuple(sorted(self.flows.index(flow) for flow in flows if flow is not None)))
            cases.append(tuple(sets))
        return tuple(cases)

    def _chosen(self, key: Key, chosen: str | tuple[str, ...]) -> str | None:
        if isinstance(chosen, str):
            return self.flow(key, chosen)
        if len(chosen) == 1:
            return self.flow(key, chosen[0])
        message = f"several flows ({quoted(chosen, ', ')}) at once"
        self.faults.error("invalid-choices", key, message, "an exclusive gateway takes one flow", self.origin)
        return None

    def flow(self, key: Key, name: str) -> str | None:
        """Return the id of the outgoing flow that a name means: its id, or a name that only one of them bears."""
        if name in self.flows:
            return name
        matches = [flow for flow, called in self._names.items() if called and called == folded(name)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            message = f"'{name}' is the name of {quoted(matches, ' and ')}"
            self.faults.error("ambiguous-flow", key, message, "use the flow's id", self.origin)
        elif name not in self._broken and folded(name) not in self._broken:
            fix = did_you_mean(name, [*self.flows, *filter(None, self._names.values())], f"name one of its flows: {', '.join(self.flows)}")
            self.faults.error("unknown-flow", key, f"'{name}' is no outgoing flow of this gateway", fix, self.origin)
        return None
