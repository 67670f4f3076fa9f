"""The maps of a run: what each is run as, and what cannot be run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.semantics.lowering import lower_map
from bpmnmap.semantics.program import Program


@dataclass(frozen=True, slots=True)
class Maps:
    """Processes that can be run, in order of id whatever the order in which their maps were given (H33).

    Parameters
    ----------
    definitions, processes, programs
        One of each for each process that can be run: its map, itself, and what it is run as.
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


def lower_maps(maps: Sequence[m.Definitions]) -> Maps:
    """Return what maps are run as, and what is wrong with them."""
    lowered: dict[str, tuple[m.Definitions, m.Process, Program]] = {}
    faulty: list[m.Definitions] = []
    findings: list[Finding] = []
    for definitions in maps:
        of_map = lower_map(definitions)
        found = [*definitions.findings, *of_map.findings]
        for process, program in zip(of_map.processes, of_map.programs, strict=True):
            if program.process in lowered:
                found.append(_duplicate(process, definitions.path, lowered[program.process][0].path))
            else:
                lowered[program.process] = definitions, process, program
        if _has_errors(found):
            faulty.append(definitions)
        findings += sorted(found, key=lambda finding: finding.location.line or 0)
    ordered = [lowered[process_id] for process_id in sorted(lowered)]
    return Maps(
        tuple(definitions for definitions, _, _ in ordered),
        tuple(process for _, process, _ in ordered),
        tuple(program for _, _, program in ordered),
        tuple(faulty),
        tuple(findings),
    )


def _has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)


def _duplicate(process: m.Process, path: str | None, first: str | None) -> Finding:
    return Finding(
        "duplicate-process",
        f"'{first}' has a process of this id too, so their draws and results could not be told apart",
        Location(path, process.line),
        element_kind=process.kind,
        element_id=process.id,
        fix="give one of the two processes another id, or name the map once",
    )
