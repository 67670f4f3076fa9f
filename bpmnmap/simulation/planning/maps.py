"""The maps of a run: what each is run as, and what cannot be run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.org.organization_checks import folded
from bpmnmap.semantics.lowering import Given, lower_map
from bpmnmap.semantics.program import Program
from bpmnmap.simulation.scenario import ProcessTables, Scenario

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Maps:
    """Processes that can be run, in order of id whatever the order in which their maps were given (H33).

    Parameters
    ----------
    definitions, processes
        One of each for each process that can be run: its map, and itself.
    programs
        What they are run as, in order of the first process in each.
    faulty
        Maps that cannot be run as they are, those with errors among the above included.
    findings
        What reading and lowering found, map by map, each in document order.
    """

    definitions: tuple[m.Definitions, ...]
    processes: tuple[m.Process, ...]
    programs: tuple[Program, ...]
    faulty: tuple[m.Definitions, ...]
    findings: tuple[Finding, ...]
    map_of: Mapping[str, m.Definitions] = field(default_factory=dict)
    process_of: Mapping[str, m.Process] = field(default_factory=dict)
    _leaving: dict[str, dict[str, list[m.SequenceFlow]]] = field(default_factory=dict)

    def leaving(self, process: str, node: str) -> list[m.SequenceFlow]:
        """Return the sequence flows that leave a node, in document order."""
        if process not in self._leaving:
            found: dict[str, list[m.SequenceFlow]] = {}
            for flow in self.flows(process):
                found.setdefault(flow.source_ref or "", []).append(flow)
            self._leaving[process] = found
        return self._leaving[process].get(node, [])

    def flows(self, process: str) -> Iterator[m.SequenceFlow]:
        """Yield the sequence flows of a process, of its sub-processes too."""
        for scope in self.process_of[process].scopes():
            yield from scope.sequence_flows

    def nodes(self, process: str) -> Iterator[m.FlowNode]:
        """Yield the flow nodes of a process, of its sub-processes too."""
        for scope in self.process_of[process].scopes():
            yield from scope.flow_nodes


def lower_maps(maps: Sequence[m.Definitions], scenario: Scenario | None = None) -> Maps:
    """Return what maps are run as, and what is wrong with them."""
    given = Given() if scenario is None else given_by(scenario, maps)
    homes: dict[str, tuple[m.Definitions, m.Process]] = {}
    programs: dict[str, Program] = {}
    faulty: list[m.Definitions] = []
    findings: list[Finding] = []
    for definitions in maps:
        of_map = lower_map(definitions, maps, given)
        found = [*definitions.findings, *of_map.findings]
        doubled = set()
        for process in of_map.processes:
            name = process.id or ""
            if name in homes:
                found.append(_duplicate(process, definitions.path, homes[name][0].path))
                doubled.add(name)
            else:
                homes[name] = definitions, process
        programs |= {program.process: program for program in of_map.programs if not doubled & set(program.processes)}
        if any(finding.severity is Severity.ERROR for finding in found):
            faulty.append(definitions)
        findings += sorted(found, key=lambda finding: finding.location.line or 0)
    ordered = sorted(homes)
    return Maps(
        tuple(homes[name][0] for name in ordered),
        tuple(homes[name][1] for name in ordered),
        tuple(programs[name] for name in sorted(programs, key=lambda name: min(programs[name].processes))),
        tuple(faulty),
        tuple(dict.fromkeys(findings)),
        {name: homes[name][0] for name in ordered},
        {name: homes[name][1] for name in ordered},
    )


def given_by(scenario: Scenario, maps: Iterable[m.Definitions]) -> Given:
    """Return what a scenario says that changes what maps are run as."""
    answering: set[str] = set()
    waiting: set[tuple[str, str]] = set()
    completing: set[tuple[str, str]] = set()
    arriving: set[str] = set()
    for definitions in maps:
        for participant in participants(definitions):
            response = scenario.participants.get(participant.id or "") or _called(scenario.participants, participant.name)
            if participant.id is not None and response is not None and response.response_time is not None:
                answering.add(participant.id)
        for process in definitions.processes:
            for scope in process.scopes():
                for node in scope.flow_nodes:
                    key = (process.id or "", node.id or "")
                    for tables in _tables(scenario, process.id or ""):
                        event = tables.events.get(node.id or "") or _called(tables.events, node.name)
                        activity = tables.activities.get(node.id or "") or _called(tables.activities, node.name)
                        if node.id in tables.arrivals or _called(tables.arrivals, node.name) is not None:
                            arriving.add(process.id or "")
                        if event is not None and event.wait_time is not None:
                            waiting.add(key)
                        if activity is not None and activity.completion_condition is not None:
                            completing.add(key)
    return Given(frozenset(answering), frozenset(waiting), frozenset(arriving), frozenset(completing))


def _tables(scenario: Scenario, process: str) -> Iterator[Scenario | ProcessTables]:
    yield scenario
    if process in scenario.processes:
        yield scenario.processes[process]


def _called(tables: Mapping[str, T], name: str | None) -> T | None:
    if not name or not tables:
        return None
    wanted = folded(name)
    return next((table for key, table in tables.items() if folded(key) == wanted), None)


def participants(definitions: m.Definitions) -> Iterator[m.Participant]:
    """Yield the participants of a map."""
    return (participant for collaboration in definitions.collaborations for participant in collaboration.participants)


def _duplicate(process: m.Process, path: str | None, first: str | None) -> Finding:
    return Finding(
        "duplicate-process",
        f"'{first}' has a process of this id too, so their draws and results could not be told apart",
        Location(path, process.line),
        element_kind=process.kind,
        element_id=process.id,
        fix="give one of the two processes another id, or name the map once",
    )
