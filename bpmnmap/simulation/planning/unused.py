"""Values of the scenario that no operation uses: told, never ignored."""

from __future__ import annotations

from collections.abc import Iterable

from bpmnmap.semantics.program import Choose, Program, Repeat, Spread, Wait, Work
from bpmnmap.simulation.planning.elements import Elements
from bpmnmap.simulation.planning.faults import Faults
from bpmnmap.simulation.planning.parties import Parties

_REPEATING = ("count", "repeat")


def tell_unused(programs: Iterable[Program], elements: Elements, parties: Parties, faults: Faults) -> None:
    """Tell repetitions of what is not repeated, times of what is not worked itself, and answers that nobody asks for."""
    kinds: dict[tuple[str, str], set[type]] = {}
    asked: set[tuple[str, str]] = set()
    for program in programs:
        for index, operation in enumerate(program.operations):
            element = (program.process_of(index), operation.origin.element)
            kinds.setdefault(element, set()).add(type(operation))
            if isinstance(operation, Wait) and operation.trigger == "answer":
                asked.add(element)
    for element, found in elements.activities.items():
        of = kinds.get(element, set())
        table = found.table
        given = [name for name in _REPEATING if getattr(table, name) is not None]
        if given and not of & {Spread, Repeat}:
            message, fix = "it is no loop and no multi-instance activity", "remove it, or mark the activity as one in the map"
            faults.error("not-repeated", (*found.key, given[0]), message, fix)
        if table.completion_condition is not None and Choose not in of:
            message, fix = "it is no multi-instance activity", "remove it, or mark the activity as one in the map"
            faults.error("not-repeated", (*found.key, "completion_condition"), message, fix)
        for name in ("processing_time", "pools", "set"):
            if getattr(table, name) and Work not in of:
                message = "what is in it is worked, not the activity itself"
                faults.error("not-worked", (*found.key, name), message, "give it to the activities inside")
    told = set()
    for (process, party), response in parties.found.items():
        if (process, party) not in asked and response.key not in told and not any(party == other for _, other in asked):
            told.add(response.key)
            message = "no message is sent to it that an event or task then waits to be answered"
            faults.warning("unused-response", response.key, message, "remove it, or draw the message flows to it and back")
