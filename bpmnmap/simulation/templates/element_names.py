"""What a scenario calls the elements of maps: by name where that is unmistakable, else by id, else under their process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bpmnmap import model as m
from bpmnmap.semantics.program import Choose, Origin, Program
from bpmnmap.simulation.planning.tables import OPERATIONS, folded


def element_keys(programs: Sequence[Program], kind: str) -> dict[tuple[int, str], tuple[str, ...]]:
    """Return the key of the table of each element of a kind, by (process, element id), in order."""
    origins = {
        (p, operation.origin.element): operation.origin
        for p, program in enumerate(programs)
        for operation in program.operations
        if isinstance(operation, OPERATIONS[kind])
    }
    ids = Counter(element for _, element in origins)
    names = Counter(folded(origin.name or "") for origin in origins.values())
    keys: dict[tuple[int, str], tuple[str, ...]] = {}
    for (p, element), origin in origins.items():
        name = _called(origin)
        if name and names[folded(name)] == 1 and ids[name] == (name == element):
            keys[p, element] = (kind, name)
        elif ids[element] == 1:
            keys[p, element] = (kind, element)
        else:
            keys[p, element] = ("processes", programs[p].process, kind, element)
    return keys


def _called(origin: Origin) -> str:
    return " ".join((origin.name or "").split())


def flow_names(process: m.Process, operation: Choose) -> tuple[str, ...]:
    """Return what the probabilities of a gateway call each of its flows, in order."""
    flows = {flow.id: flow for flow in process.sequence_flows if flow.source_ref == operation.origin.element}
    called = [" ".join((flows[each].name or "").split()) for each in operation.flows]
    names = Counter(map(folded, called))
    # names of flows that lead nowhere are asked for by the planner too
    names.update(folded(flow.name or "") for flow in flows.values() if flow.id not in operation.flows)
    return tuple(
        name if name and names[folded(name)] == 1 and (name == flow or name not in flows) else flow
        for flow, name in zip(operation.flows, called, strict=True)
    )
