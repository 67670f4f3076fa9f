"""One function per command; each returns the exit status: 0 done, 1 findings or stuck cases, 2 nothing to work on, 130 Ctrl-C."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bpmnmap.cli.output import progress_bar, tell, write_text
from bpmnmap.errors import BpmnMapError, BpmnReadError
from bpmnmap.eventlog.log import EventLog
from bpmnmap.findings import Finding, Location
from bpmnmap.simulation.result import SimulationResult

DONE, FAULTY, NOTHING, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True, slots=True)
class Options:
    """What both simulating commands ask for."""

    replications: int | None
    seed: int | None
    jobs: int


class _StopError(Exception):
    """Ends a command with a status; everything was told."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def handoffs(
    paths: Sequence[str], options: Options, *, confidence: float, by: str, time: str, format_: str, output: str | None
) -> int:
    """Simulate and print the table of handoff delays."""
    from bpmnmap.analysis.handoffs import handoff_delays

    def show(runs: SimulationResult) -> None:
        table = handoff_delays(runs, by=by, time=time, confidence=confidence)
        text = {"text": lambda: f"{table}\n", "json": table.to_json, "csv": table.to_csv}[format_]()
        write_text(text if text.endswith("\n") else text + "\n", output)

    if not 0 < confidence < 1:
        return _wrong_use(f"--confidence must be between 0 and 1 (got {confidence:g})")
    return _guarded(lambda: _simulate(paths, options, show))


def simulate(paths: Sequence[str], options: Options, *, output: str) -> int:
    """Simulate and write the event logs."""
    from bpmnmap.eventlog.csv_format import write_event_log

    def write(runs: SimulationResult) -> None:
        logs: list[EventLog] = list(runs)
        write_event_log(logs, output)

    return _guarded(lambda: _simulate(paths, options, write))


def explain(path: str) -> int:
    """Print a map's Program."""
    from bpmnmap.semantics.lowering import lower
    from bpmnmap.xmlio.reader import read_bpmn

    def show() -> int:
        definitions = read_bpmn(path)
        write_text(f"{lower(definitions)}\n", None)
        return DONE

    return _guarded(show)


def _simulate(paths: Sequence[str], options: Options, use: Callable[[SimulationResult], None]) -> int:
    from bpmnmap.simulation.replications import SimulationInterruptedError
    from bpmnmap.simulation.replications import simulate as run
    from bpmnmap.simulation.scenario import read_scenario
    from bpmnmap.xmlio.reader import read_bpmn

    maps, scenario_path = _inputs(paths)
    for name, value, least in (("--replications", options.replications, 1), ("--seed", options.seed, 0), ("--jobs", options.jobs, 1)):
        if value is not None and value < least:
            raise _StopError(_wrong_use(f"{name} must be >= {least} (got {value})"))
    unreadable: list[Finding] = []
    definitions = []
    for path in maps:
        try:
            definitions.append(read_bpmn(path))
        except BpmnReadError as error:
            unreadable += error.findings
    try:
        scenario = read_scenario(scenario_path)
    except BpmnMapError as error:
        status = NOTHING if unreadable or _is_unreadable(error) else FAULTY
        tell([*unreadable, *error.findings])
        raise _StopError(status) from None
    if unreadable:
        raise BpmnReadError(unreadable)
    wanted = scenario.replications if options.replications is None else options.replications
    try:
        with progress_bar(wanted) as progress:
            runs = run(
                definitions, scenario, replications=options.replications, seed=options.seed, jobs=options.jobs, progress=progress
            )
    except SimulationInterruptedError as interrupted:
        sys.stderr.write(f"interrupted: {interrupted}\n")
        if len(interrupted.result):
            use(interrupted.result)
        return INTERRUPTED
    tell(runs.findings)
    use(runs)
    return FAULTY if any(log.run.stuck_at for log in runs) else DONE


def _inputs(paths: Sequence[str]) -> tuple[list[str], str]:
    if len(paths) < 2:
        given = "neither a MAP nor a SCENARIO" if not paths else f"only '{paths[0]}'"
        raise _StopError(_wrong_use(f"give at least one MAP (.bpmn) and, last, one SCENARIO (.toml) (got {given})"))
    return list(paths[:-1]), paths[-1]


def _is_unreadable(error: BpmnMapError) -> bool:
    from bpmnmap.org.toml_files import UNREADABLE

    return any(finding.code in UNREADABLE for finding in error.findings)


def _wrong_use(message: str) -> int:
    sys.stderr.write(f"error: {message}\n")
    return NOTHING


def _guarded(command: Callable[[], int]) -> int:
    """Run a command; tell its errors as findings, never as a traceback."""
    try:
        return command()
    except _StopError as stop:
        return stop.status
    except BpmnReadError as error:
        tell(error.findings)
        return NOTHING
    except BpmnMapError as error:
        tell(error.findings)
        return FAULTY
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has gone; nothing is left to tell
        return DONE
    except OSError as error:
        tell([Finding("not-written", f"{error.strerror or error}", Location(error.filename or "<output>"), fix="choose another --output")])
        return NOTHING
