"""What a scenario calls the elements of maps: by name where that is unmistakable, else by id, else under their process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bpmnmap import model as m
from bpmnmap.semantics.program import Choose, Origin, Program, Select
from bpmnmap.simulation.planning.tables import elements_of_kind, folded


def element_keys(programs: Sequence[Program], kind: str) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the key of the table of each element of a kind, by (process, element id), in order."""
    origins = elements_of_kind(programs, kind)
    ids = Counter(element for _, element in origins)
    names = Counter(folded(origin.name or "") for origin in origins.values())
    keys: dict[tuple[str, str], tuple[str, ...]] = {}
    for (process, element), origin in origins.items():
        name = _called(origin)
        if name and names[folded(name)] == 1 and ids[name] == (name == element):
            keys[process, element] = (kind, name)
        elif ids[element] == 1:
            keys[process, element] = (kind, element)
        else:
            keys[process, element] = ("processes", process, kind, element)
    return keys


def _called(origin: Origin) -> str:
    return " ".join((origin.name or "").split())


def flow_names(leaving: Sequence[m.SequenceFlow], operation: Choose | Select) -> tuple[str, ...]:
    """Return what the probabilities of a gateway call each of its flows, in order.

    Parameters
    ----------
    leaving
        All flows that leave the gateway.
    """
    called = {flow.id or "": " ".join((flow.name or "").split()) for flow in leaving}
    names = Counter(folded(name) for name in called.values())
    return tuple(
        called[flow] if called[flow] and names[folded(called[flow])] == 1 and called[flow] not in called.keys() - {flow} else flow
        for flow in operation.flows
    )
