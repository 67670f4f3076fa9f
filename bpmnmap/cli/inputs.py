"""What a command is given: options and files; all that is wrong with them is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bpmnmap.cli.status import Status
from bpmnmap.errors import BpmnMapError, BpmnReadError
from bpmnmap.findings import Finding, Location

if TYPE_CHECKING:
    from bpmnmap.model import Definitions
    from bpmnmap.simulation.scenario import Scenario

COMMAND_LINE: Final = "command line"
_USE: Final = "write MAP... SCENARIO: one or several maps (.bpmn), then the scenario (.toml)"
_NO_SCENARIO: Final = f"{_USE}; bpmnmap scenario new MAP... writes a first SCENARIO"
BOUNDS: Final = {
    "--replications": (1, 1_000_000),
    "--seed": (0, 2**63 - 1),  # as in a scenario file
    "--jobs": (1, 61),  # no operating system waits for more processes at once than Windows does: 61
}


@dataclass(frozen=True, slots=True)
class Options:
    """What both simulating commands ask for."""

    replications: int | None
    seed: int | None
    jobs: int


class UnusableError(Exception):
    """Ends a command: what it was given cannot be used."""

    def __init__(self, findings: Sequence[Finding], status: Status) -> None:
        super().__init__(findings, status)
        self.findings = findings
        self.status = status


def check_options(options: Options, confidence: float = 0.95) -> list[Finding]:
    """Return what is wrong with numbers on the command line."""
    faults = []
    for name, value in (("--replications", options.replications), ("--seed", options.seed), ("--jobs", options.jobs)):
        least, greatest = BOUNDS[name]
        if value is not None and not least <= value <= greatest:
            demand = f">= {least}" if value < least else f"<= {greatest}"
            faults.append(wrong_use(name, f"must be {demand} (got {value})", f"give a number {demand}"))
    if not (confidence > 0 and (1 + confidence) / 2 < 1):
        faults.append(wrong_use("--confidence", f"must be between 0 and 1 (got {confidence:g})", "give a level like 0.95"))
    return faults


def wrong_use(argument: str, message: str, fix: str) -> Finding:
    """Return the finding about an argument of the command line."""
    return Finding("wrong-use", f"{argument} {message}", Location(COMMAND_LINE), fix=fix)


def read_inputs(paths: Sequence[str], faults: Sequence[Finding] = ()) -> tuple[list[Definitions], Scenario]:
    """Return maps and scenario.

    Parameters
    ----------
    faults
        What is wrong with other arguments.

    Raises
    ------
    UnusableError
        Arguments are wrong, or a file cannot be read or is faulty: with the findings of all files.
    """
    faults = [*faults, *_wrong_paths(paths)]
    if faults:
        raise UnusableError(faults, Status.NOTHING)
    from bpmnmap.simulation.scenario import read_scenario

    maps = [_read_map(path) for path in paths[:-1]]
    definitions = [each for each in maps if not isinstance(each, BpmnReadError)]
    is_unreadable = len(definitions) < len(maps)
    faulty: tuple[Finding, ...] = ()
    try:
        scenario = read_scenario(paths[-1])
    except BpmnMapError as error:
        is_unreadable |= _is_unreadable(error)
        faulty = tuple(_with_way_out(finding, paths) for finding in error.findings)
    if is_unreadable or faulty:
        told = [finding for each in maps for finding in findings_of(each)]
        raise UnusableError([*told, *faulty], Status.NOTHING if is_unreadable else Status.FAULTY)
    return definitions, scenario


def read_maps(named: Iterable[tuple[str, str]], faults: Sequence[Finding] = ()) -> list[Definitions]:
    """Return the maps of a command that takes no scenario.

    Parameters
    ----------
    named
        For each map the argument that names it, and its path.
    faults
        What is wrong with other arguments.

    Raises
    ------
    UnusableError
        Arguments are wrong, or a map cannot be read: with all that is wrong.
    """
    maps, faults = [], [*faults]
    for argument, path in named:
        given = _read_map(path) if path else wrong_use(argument, "must not be empty (got '')", "name a .bpmn file")
        if isinstance(given, Finding):
            faults.append(given)
        elif isinstance(given, BpmnReadError):
            faults += given.findings
        else:
            maps.append(given)
    if faults:
        raise UnusableError(faults, Status.NOTHING)
    return maps


def _wrong_paths(paths: Sequence[str]) -> list[Finding]:
    """Return what is wrong with the arguments that name files, as far as it can be told without reading them."""
    if len(paths) < 2:
        given = "neither" if not paths else f"only '{paths[0]}'"
        return [wrong_use("MAP... SCENARIO", f"must name at least one map and a scenario (got {given})", _NO_SCENARIO)]
    faults = [wrong_use("MAP... SCENARIO", "must not be empty (got '')", _USE) for path in paths if not path]
    if _ends(paths[-1], ".bpmn"):
        faults.append(wrong_use("SCENARIO", f"comes last, and is no map (got '{paths[-1]}')", _NO_SCENARIO))
    faults += [wrong_use("MAP", f"must be a map (got '{path}')", _USE) for path in paths[:-1] if _ends(path, ".toml")]
    return faults


def _with_way_out(finding: Finding, paths: Sequence[str]) -> Finding:
    """Return the finding that there is no such scenario as one that says how to get a first; all others as they are."""
    if finding.code != "file-missing" or finding.location.path != paths[-1]:
        return finding
    return replace(finding, fix=f"{finding.fix}; bpmnmap scenario new MAP... writes a first one")


def _ends(path: str, ending: str) -> bool:
    return path.lower().endswith(ending)


def _read_map(path: str) -> Definitions | BpmnReadError:
    from bpmnmap.xmlio.reader import read_bpmn

    try:
        return read_bpmn(path)
    except BpmnReadError as error:
        return error


def findings_of(given: Definitions | BpmnReadError) -> list[Finding]:
    """Return all that is wrong with a map by itself."""
    if isinstance(given, BpmnReadError):
        return list(given.findings)
    from bpmnmap.semantics.lowering import lower_map

    found = dict.fromkeys([*given.findings, *lower_map(given).findings])
    return sorted(found, key=lambda finding: finding.location.line or 0)


def _is_unreadable(error: BpmnMapError) -> bool:
    from bpmnmap.org.toml_files import UNREADABLE

    return any(finding.code in UNREADABLE for finding in error.findings)
