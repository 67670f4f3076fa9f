"""Which table of the scenario is for which element: by id, else by a name that only one element of the kind bears."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bpmnmap.org.toml_files import Key
from bpmnmap.semantics.program import Choose, Operation, Origin, Program, Repeat, Select, Spread, Start, Take, Wait, Work
from bpmnmap.simulation.planning.faults import Faults, did_you_mean, nearest, with_article
from bpmnmap.simulation.planning.maps import Maps
from bpmnmap.simulation.scenario import Scenario

T = TypeVar("T")

_CALLED: Final = {"arrivals": "start", "activities": "activity", "events": "event that waits", "gateways": "gateway that chooses"}


def is_of_kind(operation: Operation, kind: str) -> bool:
    """Whether a table of a kind may be for the element of an operation."""
    match kind:
        case "arrivals":
            return isinstance(operation, Start)
        case "activities":
            return isinstance(operation, (Work, Spread, Repeat))
        case "events":
            return isinstance(operation, Take) or (isinstance(operation, Wait) and operation.trigger != "answer")
        case "gateways":
            return isinstance(operation, Select) or (isinstance(operation, Choose) and operation.decides == "flow")
        case _:
            return isinstance(operation, Wait) and operation.trigger == "answer"


def elements_of_kind(programs: Iterable[Program], kind: str) -> dict[tuple[str, str], Origin]:
    """Return the elements that a table of a kind may be for, by (process, element id), in order of process and operation."""
    found = {
        (program.process_of(index), operation.origin.element): operation.origin
        for program in programs
        for index, operation in enumerate(program.operations)
        if is_of_kind(operation, kind)
    }
    return {key: found[key] for key in sorted(found, key=lambda key: key[0])}


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
        self.names = [process.id or "" for process in maps.processes]
        self.meant: set[tuple[str, str, str]] = set()
        self._known = {kind: elements_of_kind(maps.programs, kind) for kind in _CALLED}
        self._excused_processes, self._excused = _excused(maps)
        self._has_elements = bool(maps.programs or self._excused)
        self._check_processes()

    def _check_processes(self) -> None:
        """Tell tables of processes that no map has."""
        for name in self.scenario.processes:
            if name not in self.names and name not in self._excused_processes:
                fix = did_you_mean(name, self.names, "name a process of the maps")
                self.faults.error("unknown-process", ("processes", name), f"'{name}' names no process of the maps", fix)

    def of(self, kind: str) -> dict[tuple[str, str], Found[T]]:
        """Return tables of a kind by (process, element id); two for one element are an error."""
        found: dict[tuple[str, str], Found[T]] = {}
        tables: list[tuple[Key, str, T, tuple[str, ...]]] = self._tables(kind)
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

    def _tables(self, kind: str) -> list[tuple[Key, str, T, tuple[str, ...]]]:
        """Return tables of a kind: key, name, table, and the processes among which the name is looked up."""
        plain: Mapping[str, T] = getattr(self.scenario, kind)
        everywhere = tuple(self.names)
        tables: list[tuple[Key, str, T, tuple[str, ...]]] = [((kind, name), name, table, everywhere) for name, table in plain.items()]
        for process, inner in self.scenario.processes.items():
            theirs: Mapping[str, T] = getattr(inner, kind)
            if process in self.names:
                tables += [(("processes", process, kind, name), name, table, (process,)) for name, table in theirs.items()]
            else:  # told, or excused
                self.meant |= {(kind, *key) for key in self._known[kind] if key[1] in theirs}
        return tables

    def _element(self, kind: str, key: Key, name: str, processes: tuple[str, ...]) -> tuple[str, str] | None:
        elements = {each: origin for each, origin in self._known[kind].items() if each[0] in processes}
        matches = [each for each in elements if each[1] == name]
        by_name = not matches
        if by_name:
            matches = [each for each, origin in elements.items() if origin.name is not None and folded(origin.name) == folded(name)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            told = ", ".join(f"'{process}/{element}'" for process, element in matches)
            fix = "use the id instead of the name" if by_name else "put the table under [processes.PROCESS_ID]"
            self.faults.error("ambiguous-element", key, f"'{name}' may be {told}", fix)
            self.meant |= {(kind, *each) for each in matches}
        elif name not in self._excused and folded(name) not in self._excused and self._has_elements:
            self._tell_unknown(kind, key, name, processes, elements)
        return None

    def _tell_unknown(self, kind: str, key: Key, name: str, processes: tuple[str, ...], elements: Mapping[tuple[str, str], Origin]) -> None:
        called = with_article(_CALLED[kind])
        nodes = [node for process in processes for node in self.maps.nodes(process)]
        others = [node for node in nodes if name == node.id or folded(name) == folded(node.name or "")]
        if others:
            message = f"'{name}' is {with_article(others[0].kind)}, no {_CALLED[kind]}"
            self.faults.error("wrong-element", key, message, f"remove the table, or name {called}")
            return
        names = [text for (_, element), origin in elements.items() for text in (element, origin.name) if text]
        near = nearest(name, names)
        self.meant |= {(kind, *each) for each, origin in elements.items() if near is not None and near in (each[1], origin.name)}
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
        nodes += [node for node in maps.nodes(process.id or "") if (definitions.path, node.id) in unreachable]
    ids = {node.id for node in nodes if node.id is not None}
    return frozenset(processes), frozenset(ids | {folded(node.name) for node in nodes if node.name is not None})
