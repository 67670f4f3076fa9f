"""All that was drawn in a run, read from its log."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, TypeAlias

from bpmnmap.eventlog.log import EventLog

Key: TypeAlias = tuple[Any, ...]
Drawn: TypeAlias = dict[str, dict[Key, int]]


def drawn(log: EventLog, process: str = "P") -> Drawn:
    """What was drawn for a process: by kind, and by number of the case in its own stream, element and visit.

    ``arrival`` instants · ``worked`` times · ``entered`` how often ways led to an element · ``wait`` at events and ``transfer``
    times, by the activities before and after, each with its visit.
    """
    cases, movements = log.cases, log.movements
    number = {
        case: number for case, (number, own) in enumerate(zip(cases.number.tolist(), cases.map.tolist(), strict=True)) if own == process
    }
    found: Drawn = {
        "arrival": {(number[case],): cases.arrived_us[case].item() for case in number},
        "worked": {},
        "wait": {},
        "transfer": {},
    }
    entered: dict[Key, int] = defaultdict(int)
    places: list[Key] = []
    for case, element, worked in _rows(log.instances.case, log.instances.element, log.instances.worked_us):
        at = (case, element.rpartition("/")[2])
        places.append((*at, entered[at]))
        entered[at] += 1
        if case in number:
            found["worked"][number[case], *places[-1][1:]] = worked
    found["entered"] = {(number[case], element): count for (case, element), count in entered.items() if case in number}
    for origin, receiver, case, wait, transfer in _rows(
        movements.from_instance, movements.to_instance, movements.case, movements.event_us, movements.transfer_us
    ):
        if origin >= 0 and receiver >= 0 and case in number:
            key = (number[case], *places[origin][1:], *places[receiver][1:])
            found["wait"][key], found["transfer"][key] = wait, transfer
    return found


def legs(kind: dict[Key, int]) -> set[tuple[str, str]]:
    """Activities before and after, of what is drawn between two."""
    return {(key[1], key[3]) for key in kind}


def _rows(*columns: Any) -> zip[Any]:
    return zip(*(column.tolist() for column in columns), strict=True)
