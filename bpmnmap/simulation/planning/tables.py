"""Which table of the scenario is for which element: by id, else by a name that only one element of the kind bears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bpmnmap import model as m
from bpmnmap.org.toml_files import Key
from bpmnmap.semantics.program import Choose, Program, Start, Wait, Work
from bpmnmap.simulation.planning.faults import Faults, did_you_mean
from bpmnmap.simulation.scenario import Scenario

T = TypeVar("T")

_OPERATIONS: Final = {"arrivals": Start, "activities": Work, "events": Wait, "gateways": Choose}
_CALLED: Final = {"arrivals": "start", "activities": "activity", "events": "event that waits", "gateways": "gateway that chooses"}


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A table and the key under which it stands."""

    table: T
    key: Key


def folded(name: str) -> str:
    """Return a name with white space and case folded."""
    return " ".join(name.split()).casefold()


class ElementTables:
    """Tables of one scenario for the elements of several programs."""

    def __init__(self, programs: tuple[Program, ...], processes: tuple[m.Process, ...], scenario: Scenario, faults: Faults) -> None:
        self.programs = programs
        self.processes = processes
        self.scenario = scenario
        self.faults = faults
        self.numbers = {program.process: p for p, program in enumerate(programs)}
        self.check_processes()

    def check_processes(self) -> None:
        """Tell tables of processes that no map has."""
        for name in self.scenario.processes:
            if name not in self.numbers:
                fix = did_you_mean(name, list(self.numbers), "name a process of the maps")
                self.faults.error("unknown-process", ("processes", name), f"'{name}' names no process of the maps", fix)

    def of(self, kind: str) -> dict[tuple[int, str], Found[T]]:
        """Return tables of a kind by (process, element id); two for one element are an error."""
        found: dict[tuple[int, str], Found[T]] = {}
        plain: Mapping[str, T] = getattr(self.scenario, kind)
        tables: list[tuple[Key, str, T, tuple[int, ...]]] = [
            ((kind, name), name, table, tuple(range(len(self.programs)))) for name, table in plain.items()
        ]
        for process, inner in self.scenario.processes.items():
            if process in self.numbers:
                theirs: Mapping[str, T] = getattr(inner, kind)
                numbers = (self.numbers[process],)
                tables += [(("processes", process, kind, name), name, table, numbers) for name, table in theirs.items()]
        for key, name, table, processes in tables:
            element = self._element(kind, key, name, processes)
            if element is None:
                continue
            if element in found:
                other = self.scenario.location(found[element].key)
                message = f"'{name}' and [{other.key}] are for one element, '{element[1]}'"
                self.faults.error("doubled-table", key, message, "keep one of the two tables")
            else:
                found[element] = Found(table, key)
        return found

    def _element(self, kind: str, key: Key, name: str, processes: tuple[int, ...]) -> tuple[int, str] | None:
        elements = [(p, element, called) for p in processes for element, called in self._elements(kind, p)]
        matches = [(p, element) for p, element, _ in elements if element == name]
        by_name = not matches
        if by_name:
            matches = [(p, element) for p, element, called in elements if called is not None and folded(called) == folded(name)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            told = ", ".join(f"'{self.programs[p].process}/{element}'" for p, element in matches)
            fix = "use the id instead of the name" if by_name else "put the table under [processes.PROCESS_ID]"
            self.faults.error("ambiguous-element", key, f"'{name}' may be {told}", fix)
            return None
        self._tell_unknown(kind, key, name, processes, [text for _, *texts in elements for text in texts if text])
        return None

    def _elements(self, kind: str, p: int) -> list[tuple[str, str | None]]:
        operations = self.programs[p].operations
        return [(each.origin.element, each.origin.name) for each in operations if isinstance(each, _OPERATIONS[kind])]

    def _tell_unknown(self, kind: str, key: Key, name: str, processes: tuple[int, ...], names: list[str]) -> None:
        nodes = [node for p in processes for node in self.processes[p].flow_nodes]
        others = [node for node in nodes if name == node.id or folded(name) == folded(node.name or "")]
        if others:
            message = f"'{name}' is a {others[0].kind}, no {_CALLED[kind]} that a case can reach"
            self.faults.error("wrong-element", key, message, f"remove the table, or name a {_CALLED[kind]}")
            return
        fix = did_you_mean(name, names, f"use the id or name of a {_CALLED[kind]} of the map")
        self.faults.error("unknown-element", key, f"'{name}' names no {_CALLED[kind]} of the map", fix)
