"""The table of the corpus: each map, whether it is sound and who says so, and how it fares with what is assumed for it.

``python -m tests.simulation.corpus`` prints it as Markdown.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import bpmnmap as bm
from bpmnmap import model as m
from bpmnmap.findings import Finding, Severity
from bpmnmap.semantics.lowering import lower_map
from bpmnmap.semantics.soundness import check_soundness
from bpmnmap.semantics.support import UNSUPPORTED
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_once
from tests.semantics.analyzer import IS_THERE, verdict
from tests.xmlio.maps import CORPUS

FILES = sorted(CORPUS.rglob("*.bpmn"))
CASES, EVENT_BUDGET = 60, 5_000  # of maps whose cases grow without end, no more is run
OF_CASES = frozenset({"deadlock", "livelock", "no-completion", "unsynchronized", "dead-activity", "message-not-taken", "message-not-sent"})


@dataclass(frozen=True, slots=True)
class Fate:
    """How a map fares.

    Parameters
    ----------
    result
        ``runs``: every case is completed; ``unsound``: no case can be, some get stuck, or they grow without end; ``refused``:
        it has elements that are not simulated; ``faulty``: it is wrong itself.
    why
        Code and element of each finding that says so; of one that is faulty, without those of what is refused.
    """

    result: str
    why: tuple[tuple[str, str], ...] = ()


def fate(path: Path, folder: Path) -> Fate:
    """Plan and run a map with what `scenario new --assume` writes for it, in a folder that is empty."""
    definitions = bm.read_bpmn(path)
    try:
        template = bm.scenario_template(definitions, assume=True)
        (folder / "org.toml").write_text(template.organization, encoding="utf-8")
        (folder / "as_is.toml").write_text(template.scenario, encoding="utf-8")
        scenario = bm.read_scenario(folder / "as_is.toml").replace(cases=CASES, event_budget=EVENT_BUDGET)
        plan = make_plan([definitions], scenario)
        assert plan.assumed[0] == plan.assumed[1] > 0
    except (bm.MapError, bm.UnsupportedElementError) as error:
        return _stopped([finding for finding in error.findings if finding.severity is Severity.ERROR])
    told = _named(finding for finding in plan.findings if finding.code in OF_CASES)
    try:
        log = run_once(plan, 1, 1)
    except bm.SimulationError as error:
        if {finding.code for finding in error.findings} != {"event-budget"}:
            raise
        return Fate("unsound", told)
    statuses = log.cases.categorical("status")
    found = {statuses.categories[code] for code in statuses.codes[log.cases.counted]}
    assert found <= {"completed", "stuck"}
    return Fate("runs") if found == {"completed"} else Fate("unsound", told)


def _stopped(errors: list[Finding]) -> Fate:
    assert all(error.element_id and error.fix for error in errors)
    codes = {error.code for error in errors}
    if codes == {UNSUPPORTED}:
        return Fate("refused", _named(errors))
    if codes <= OF_CASES:
        return Fate("unsound", _named(errors))
    return Fate("faulty", _named(error for error in errors if error.code != UNSUPPORTED))


def _named(findings: Iterable[Finding]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((finding.code, finding.element_id or "") for finding in findings))


def soundness(path: Path) -> tuple[bool | None, str]:
    """Whether the processes of a map are sound, and who says so: the wheel where it can judge, else our own check; None: nobody can."""
    definitions = bm.read_bpmn(path)
    if not processes(definitions) or any(finding.severity is Severity.ERROR for finding in definitions.findings):
        return None, ""
    if IS_THERE and not _waits(definitions):
        judged = verdict(path.read_bytes().decode("utf-8", "replace"))
        if judged is not None:
            return judged.is_sound, "wheel"
    lowered = lower_map(definitions)
    if not lowered.programs or any(finding.severity is Severity.ERROR for finding in lowered.findings):
        return None, ""
    return all(check_soundness(program, budget=2_000).is_sound for program in lowered.programs), "ours"


def _waits(definitions: m.Definitions) -> bool:
    """Whether something waits for messages, signals or conditions: to the wheel that never comes from outside the file."""
    waiting = (m.IntermediateCatchEvent, m.BoundaryEvent, m.EventBasedGateway, m.ReceiveTask)
    nodes = [node for process in definitions.processes for scope in process.scopes() for node in scope.flow_nodes]
    starts = [node for node in nodes if isinstance(node, m.StartEvent)]
    return any(isinstance(node, waiting) for node in nodes) or any(map(definitions.event_definitions, starts))


def processes(definitions: m.Definitions) -> int:
    """How many processes of a map have something to run."""
    return sum(bool(process.flow_nodes) for process in definitions.processes)


@dataclass(frozen=True, slots=True)
class Row:
    """One map of the table."""

    name: str
    processes: int
    is_sound: bool | None
    judge: str
    fate: Fate

    def __str__(self) -> str:
        sound = {True: "yes", False: "no", None: "–"}[self.is_sound]
        why = "; ".join(f"{code} `{element}`" for code, element in self.fate.why[:4]) + ("; …" if len(self.fate.why) > 4 else "")
        return f"| {self.name} | {self.processes} | {sound} | {self.judge} | {self.fate.result} | {why} |"


def row(path: Path) -> Row:
    """How one map stands."""
    with tempfile.TemporaryDirectory() as folder:
        return Row(path.stem, processes(bm.read_bpmn(path)), *soundness(path), fate(path, Path(folder)))


def running(rows: Iterable[Row]) -> tuple[int, int]:
    """How many of the sound maps' processes run, of how many."""
    sound = [row for row in rows if row.is_sound]
    return sum(row.processes for row in sound if row.fate.result == "runs"), sum(row.processes for row in sound)


def table(rows: list[Row]) -> str:
    """The table, and how much of what is sound runs."""
    run, of = running(rows)
    head = ["| map | processes | sound | by | result | why |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *map(str, rows), "", f"Of {of} processes of sound maps {run} run ({run / of:.0%})."])


if __name__ == "__main__":
    sys.stdout.write(table([row(path) for path in FILES]) + "\n")
