"""Which table of the scenario is for which element: by id, else by a name that only one element of the kind bears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bpmnmap.org.toml_files import Key
from bpmnmap.semantics.program import Choose, Start, Wait, Work
from bpmnmap.simulation.planning.faults import Faults, did_you_mean, nearest, with_article
from bpmnmap.simulation.planning.maps import Maps
from bpmnmap.simulation.scenario import Scenario

T = TypeVar("T")

OPERATIONS: Final = {"arrivals": Start, "activities": Work, "events": Wait, "gateways": Choose}
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
    """Tables of one scenario for the elements of several programs.

    Attributes
    ----------
    meant : set
        Elements, as (kind of table, process, element id), for which a faulty table was probably meant: that they have none
        is a consequence.
    """

    def __init__(self, maps: Maps, scenario: Scenario, faults: Faults) -> None:
        self.maps = maps
        self.scenario = scenario
        self.faults = faults
        self.numbers = {program.process: p for p, program in enumerate(maps.programs)}
        self.meant: set[tuple[str, int, str]] = set()
        self._excused_processes, self._excused = _excused(maps)
        self._has_elements = bool(maps.programs or self._excused)
        self._check_processes()

    def _check_processes(self) -> None:
        """Tell tables of processes that no map has."""
        for name in self.scenario.processes:
            if name not in self.numbers and name not in self._excused_processes:
                fix = did_you_mean(name, list(self.numbers), "name a process of the maps")
                self.faults.error("unknown-process", ("processes", name), f"'{name}' names no process of the maps", fix)

    def of(self, kind: str) -> dict[tuple[int, str], Found[T]]:
        """Return tables of a kind by (process, element id); two for one element are an error."""
        found: dict[tuple[int, str], Found[T]] = {}
        tables: list[tuple[Key, str, T, tuple[int, ...]]] = self._tables(kind)
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

    def _tables(self, kind: str) -> list[tuple[Key, str, T, tuple[int, ...]]]:
        """Return tables of a kind: key, name, table, and the processes among which the name is looked up."""
        plain: Mapping[str, T] = getattr(self.scenario, kind)
        everywhere = tuple(range(len(self.maps.programs)))
        tables: list[tuple[Key, str, T, tuple[int, ...]]] = [((kind, name), name, table, everywhere) for name, table in plain.items()]
        for process, inner in self.scenario.processes.items():
            theirs: Mapping[str, T] = getattr(inner, kind)
            if process in self.numbers:
                numbers = (self.numbers[process],)
                tables += [(("processes", process, kind, name), name, table, numbers) for name, table in theirs.items()]
            else:  # told, or excused
                self.meant |= {(kind, p, element) for p in everywhere for element, _ in self._elements(kind, p) if element in theirs}
        return tables

    def _element(self, kind: str, key: Key, name: str, processes: tuple[int, ...]) -> tuple[int, str] | None:
        elements = [(p, element, called) for p in processes for element, called in self._elements(kind, p)]
        matches = [(p, element) for p, element, _ in elements if element == name]
        by_name = not matches
        if by_name:
            matches = [(p, element) for p, element, called in elements if called is not None and folded(called) == folded(name)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            told = ", ".join(f"'{self.maps.programs[p].process}/{element}'" for p, element in matches)
            fix = "use the id instead of the name" if by_name else "put the table under [processes.PROCESS_ID]"
            self.faults.error("ambiguous-element", key, f"'{name}' may be {told}", fix)
            self.meant |= {(kind, p, element) for p, element in matches}
        elif name not in self._excused and folded(name) not in self._excused and self._has_elements:
            self._tell_unknown(kind, key, name, processes, elements)
        return None

    def _elements(self, kind: str, p: int) -> list[tuple[str, str | None]]:
        operations = self.maps.programs[p].operations
        return [(each.origin.element, each.origin.name) for each in operations if isinstance(each, OPERATIONS[kind])]

    def _tell_unknown(
        self, kind: str, key: Key, name: str, processes: tuple[int, ...], elements: list[tuple[int, str, str | None]]
    ) -> None:
        called = with_article(_CALLED[kind])
        nodes = [node for p in processes for node in self.maps.processes[p].flow_nodes]
        others = [node for node in nodes if name == node.id or folded(name) == folded(node.name or "")]
        if others:
            message = f"'{name}' is {with_article(others[0].kind)}, no {_CALLED[kind]}"
            self.faults.error("wrong-element", key, message, f"remove the table, or name {called}")
            return
        names = [text for _, *texts in elements for text in texts if text]
        near = nearest(name, names)
        self.meant |= {(kind, p, element) for p, element, called in elements if near is not None and near in (element, called)}
        fix = did_you_mean(name, names, f"use the id or name of {called} of the map")
        self.faults.error("unknown-element", key, f"'{name}' names no {_CALLED[kind]} of the map", fix)


def _excused(maps: Maps) -> tuple[frozenset[str], frozenset[str]]:
    """Return processes, and elements by id and folded name, that no run reaches for a reason that is told in the map.

    A table for one of them is no fault of the scenario.
    """
    processes = {process.id or "" for definitions in maps.faulty for process in definitions.processes}
    nodes = [
        node for definitions in maps.faulty for process in definitions.processes for scope in process.scopes() for node in scope.flow_nodes
    ]
    unreachable = {(each.location.path, each.element_id) for each in maps.findings if each.code == "unreachable"}
    for definitions, process in zip(maps.definitions, maps.processes, strict=True):
        nodes += [node for node in process.flow_nodes if (definitions.path, node.id) in unreachable]
    ids = {node.id for node in nodes if node.id is not None}
    return frozenset(processes), frozenset(ids | {folded(node.name) for node in nodes if node.name is not None})
