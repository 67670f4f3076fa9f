"""One function per command; each returns the exit status: 0 done, 1 findings or stuck cases, 2 nothing to work on, 130 Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bpmnmap.cli.inputs import Options, UnusableError, check_options, findings_of, read_inputs, read_maps
from bpmnmap.cli.output import check_file, check_log, discard_output, progress_bar, say, tell, tell_not_written, write_text
from bpmnmap.cli.status import Status
from bpmnmap.errors import BpmnMapError, BpmnReadError, EventLogError
from bpmnmap.findings import Finding, Severity

if TYPE_CHECKING:
    from bpmnmap.simulation.result import SimulationResult


def handoffs(
    paths: Sequence[str], options: Options, *, confidence: float, by: str, time: str, split: str | None, format_: str,
    output: str | None,
) -> Status:  # fmt: skip
    """Simulate and print the table of handoff delays."""

    def show(runs: SimulationResult) -> None:
        from bpmnmap.analysis.handoffs import handoff_delays
        from bpmnmap.cli.splitting import split_runs

        logs = runs if split is None else split_runs(runs, split)
        table = handoff_delays(logs, by=by, time=time, confidence=confidence)
        text = {"text": lambda: f"{table}\n", "json": table.to_json, "csv": table.to_csv}[format_]()
        write_text(text if text.endswith("\n") else text + "\n", output, is_data=format_ != "text")

    faults = check_options(options, confidence) + ([] if output is None else check_file(output))
    return guarded(lambda: _simulate(paths, options, faults, show, split))


def simulate(paths: Sequence[str], options: Options, *, output: str) -> Status:
    """Simulate and write the event logs."""

    def write(runs: SimulationResult) -> None:
        from bpmnmap.eventlog.csv_format import write_event_log

        write_event_log(runs, output)

    faults = check_options(options) + check_log(output)
    return guarded(lambda: _simulate(paths, options, faults, write))


def explain(path: str) -> Status:
    """Print a map's Program."""

    def show() -> Status:
        from bpmnmap.semantics.lowering import lower

        (definitions,) = read_maps([("MAP", path)])
        findings = findings_of(definitions)
        if any(finding.severity is Severity.ERROR for finding in findings):
            raise UnusableError(findings, Status.FAULTY)
        tell(findings)
        write_text(f"{lower(definitions)}\n", None)
        return Status.DONE

    return guarded(show)


def _simulate(
    paths: Sequence[str], options: Options, faults: list[Finding], use: Callable[[SimulationResult], None], split: str | None = None
) -> Status:
    definitions, scenario = read_inputs(paths, faults)
    if split is not None:
        from bpmnmap.cli.splitting import check_split

        check_split(split, scenario)
    from bpmnmap.simulation.replications import SimulationInterruptedError
    from bpmnmap.simulation.replications import simulate as run

    replications = scenario.replications if options.replications is None else options.replications
    try:
        with progress_bar(replications) as progress:
            runs = run(definitions, scenario, replications=replications, seed=options.seed, jobs=options.jobs, progress=progress)
    except SimulationInterruptedError as interrupted:
        say(f"interrupted: {interrupted}\n")
        tell(interrupted.result.findings)
        if len(interrupted.result):
            use(interrupted.result)
        return Status.INTERRUPTED
    tell(runs.findings)
    use(runs)
    return Status.FAULTY if any(log.run.stuck_at for log in runs) else Status.DONE


def guarded(command: Callable[[], Status]) -> Status:
    """Run a command; tell its errors as findings, never as a traceback."""
    try:
        return command()
    except UnusableError as error:
        tell(error.findings)
        return error.status
    except (BpmnReadError, EventLogError) as error:
        tell(error.findings)
        return Status.NOTHING
    except BpmnMapError as error:
        tell(error.findings)
        return Status.FAULTY
    except KeyboardInterrupt:
        say("interrupted\n")
        return Status.INTERRUPTED
    except BrokenPipeError:
        discard_output()  # whoever read the output has gone; nothing is left to tell
        return Status.DONE
    except OSError as error:
        tell_not_written(error)
        return Status.NOTHING
