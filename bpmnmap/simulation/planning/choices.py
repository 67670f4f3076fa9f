"""What the scenario says of a gateway that chooses: probabilities, or choices by case and visit."""

from __future__ import annotations

from collections.abc import Iterable

from bpmnmap import model as m
from bpmnmap.org.toml_files import Key, key_text
from bpmnmap.semantics.program import Choose
from bpmnmap.simulation.plan import ChoosePlan
from bpmnmap.simulation.planning.faults import Faults, did_you_mean, quoted
from bpmnmap.simulation.planning.tables import Found, folded
from bpmnmap.simulation.scenario import GatewayChoices


class ChoicePlanner:
    """Plans one gateway.

    Parameters
    ----------
    flows
        The sequence flows of its process.
    """

    def __init__(self, faults: Faults, operation: Choose, flows: Iterable[m.SequenceFlow]) -> None:
        self.faults = faults
        self.origin = operation.origin
        self.flows = operation.flows
        mine = [flow for flow in flows if flow.source_ref == self.origin.element]
        self._names = {flow.id or "": folded(flow.name or "") for flow in mine if flow.id in self.flows}
        # flows that lead nowhere: that is told in the map
        self._broken = {name for flow in mine if flow.id not in self.flows for name in (flow.id or "", folded(flow.name or ""))} - {""}

    def plan(self, found: Found[GatewayChoices] | None) -> ChoosePlan | None:
        """Return which way tokens take; None where something is wrong, which is told."""
        if found is None:
            fix = f"set probabilities = {{ {', '.join(f'{key_text((flow,))} = …' for flow in self.flows)} }} that sum to 1"
            key = ("gateways", self.origin.element)
            self.faults.error("missing-probabilities", key, "nothing says which way cases take", fix, self.origin)
            return None
        if found.table.choices is not None:
            return self._choices((*found.key, "choices"), found.table.choices)
        self.faults.count(found.table.assumed)
        given = self._given((*found.key, "probabilities"), found.table.probabilities or {})
        return None if given is None else self._probabilities(found.key, given)

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
