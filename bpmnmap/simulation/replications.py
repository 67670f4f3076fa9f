"""simulate: a plan's replications, one after the other or in parallel; the same result either way."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from functools import partial

from bpmnmap.errors import SimulationError
from bpmnmap.eventlog.log import EventLog
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.model import Definitions
from bpmnmap.semantics.program import Origin
from bpmnmap.simulation.engine.extension import Extend
from bpmnmap.simulation.engine.run import Run
from bpmnmap.simulation.event_log import event_log
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.result import SimulationResult
from bpmnmap.simulation.scenario import Scenario
from bpmnmap.simulation.workers import in_workers

Progress = Callable[[int, int], None]


class SimulationInterruptedError(KeyboardInterrupt):
    """Ctrl-C during a simulation; `result` holds the replications that were done."""

    def __init__(self, result: SimulationResult) -> None:
        super().__init__(f"{len(result)} of {result.replications} replications were done")
        self.result = result


def simulate(
    definitions: Definitions | Sequence[Definitions],
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
    extend: Extend | None = None,
) -> SimulationResult:
    """Event logs of a scenario's replications over one or several maps.

    Parameters
    ----------
    definitions
        A map, or several whose cases run at once on the same pools.
    scenario
        Arrivals, times, chances, transfers, over an organization.
    replications, seed
        Instead of the scenario's.
    jobs
        Processes that run replications; the result is the same for any number.
    progress
        Called as ``progress(done, replications)``.
    cancel
        Asked after each replication; once it says True the result holds what is done.
    extend
        Makes, for each replication, a generator that SimPy runs beside the maps; it is given a `RunningSimulation`. With several
        `jobs` it must be a function of a module, so that workers find it. What it raises comes out as it is; a worker ends with it.

    Raises
    ------
    MapError, UnsupportedElementError, OrganizationError, ScenarioError
        Before anything runs, with every finding that stops it.
    SimulationError
        The event budget is spent, or no counted case was completed in all replications together.
    SimulationInterruptedError
        Ctrl-C; what is done is in its `result`.
    ValueError
        An argument is wrong.

    Examples
    --------
    >>> import bpmnmap as bm
    >>> approval = bm.read_bpmn("bpmn_samples/building_approval/building_approval.bpmn")
    >>> as_is = bm.read_scenario("simulations/building_approval/as_is.toml")
    >>> runs = bm.simulate(approval, as_is, replications=2, seed=1)
    >>> len(runs), runs.digest == bm.simulate(approval, as_is, replications=2, seed=1).digest
    (2, True)
    """
    maps = [definitions] if isinstance(definitions, Definitions) else list(definitions)
    replications = scenario.replications if replications is None else replications
    seed = scenario.seed if seed is None else seed
    if not maps:
        raise ValueError("definitions must hold at least one map (got none)")
    for name, value, least in (("replications", replications, 1), ("seed", seed, 0), ("jobs", jobs, 1)):
        if value < least:
            raise ValueError(f"{name} must be >= {least} (got {value})")
    plan = make_plan(maps, scenario)
    try:
        return run_plan(plan, replications=replications, seed=seed, jobs=jobs, progress=progress, cancel=cancel, extend=extend)
    except SimulationError as error:
        raise SimulationError(dict.fromkeys([*plan.findings, *error.findings])) from error  # what was warned of may be the cause


def run_plan(
    plan: Plan,
    *,
    replications: int,
    seed: int,
    jobs: int = 1,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
    extend: Extend | None = None,
) -> SimulationResult:
    """Event logs of a plan's replications; see `simulate`."""
    done: dict[int, EventLog] = {}

    def result() -> SimulationResult:
        logs = tuple(done[number] for number in sorted(done))
        return SimulationResult(logs, seed, replications, (*plan.findings, *_stuck_findings(plan, logs)))

    try:
        with closing(_logs(plan, replications, seed, min(jobs, replications), extend)) as logs:
            for number, log in logs:
                done[number] = log
                if progress is not None:
                    progress(len(done), replications)
                if cancel is not None and cancel():
                    break
    except KeyboardInterrupt:
        raise SimulationInterruptedError(result()) from None
    _raise_if_none_completed(plan, result())
    return result()


def run_once(plan: Plan, seed: int, replication: int, *, extend: Extend | None = None) -> EventLog:
    """Event log of one replication."""
    run = Run(plan, seed=seed, replication=replication, extend=extend)
    run.begin()
    return event_log(plan, run.finish(), seed=seed, replication=replication)


def _logs(
    plan: Plan, replications: int, seed: int, jobs: int, extend: Extend | None
) -> Generator[tuple[int, EventLog], None, None]:  # fmt: skip
    numbers = range(1, replications + 1)
    if jobs == 1:
        return ((number, run_once(plan, seed, number, extend=extend)) for number in numbers)
    return in_workers(partial(run_once, plan, seed, extend=extend), numbers, jobs)


def _stuck_findings(plan: Plan, logs: Sequence[EventLog]) -> list[Finding]:
    """Return a warning for each place at which cases got stuck (H26), and for each at which messages were not taken (H14)."""
    counts: dict[tuple[str, str], int] = {}
    untaken: dict[tuple[str, str], int] = {}
    for log in logs:
        for process, element, count in log.run.stuck_at:
            counts[process, element] = counts.get((process, element), 0) + count
    for process, element, count in (each for log in logs for each in log.run.untaken):
        untaken[process, element] = untaken.get((process, element), 0) + count
    found = []
    for program, index in ((each.program, index) for each in plan.processes for index in range(len(each.program.operations))):
        origin, key = program.operations[index].origin, (program.process_of(index), program.operations[index].origin.element)
        stuck, left = counts.pop(key, 0), untaken.pop(key, 0)
        if stuck:
            message = f"tokens of {stuck} cases stand here for ever: what they wait for can no longer come"
            fix = "let every split be joined by a gateway of its own kind, and let what is waited for be sent on every path"
            found.append(_warning("stuck", message, fix, program.path_of(index), origin))
        if left:
            message = f"{left} messages for it were never taken"
            fix = "let them be taken on every path, or not be sent"
            found.append(_warning("message-not-taken", message, fix, program.path_of(index), origin))
    return found


def _warning(code: str, message: str, fix: str, path: str | None, origin: Origin) -> Finding:
    return Finding(
        code,
        message,
        Location(path, origin.line),
        Severity.WARNING,
        element_kind=origin.kind,
        element_id=origin.element,
        element_name=origin.name,
        fix=fix,
    )


def _raise_if_none_completed(plan: Plan, result: SimulationResult) -> None:
    statuses = [log.cases.categorical("status") for log in result]
    completed = sum(int(((status.codes == 0) & log.cases.counted).sum()) for status, log in zip(statuses, result, strict=True))
    if completed:
        return
    counted = sum(int(log.cases.counted.sum()) for log in result)
    message = f"no counted case was completed in {len(result)} replications ({counted} arrived)"
    fix = "give a longer duration or follow_up" if counted else "let cases arrive within warm_up and duration"
    stuck = [finding for finding in result.findings if finding.code == "stuck"]
    path = plan.processes[0].program.path
    raise SimulationError([*stuck, Finding("no-case-completed", message, Location(path), fix=fix)])
