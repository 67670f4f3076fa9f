"""Own SimPy processes beside a run: what they may do, and what they never change."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simpy

import bpmnmap as bm
from bpmnmap.durations import DAY_US, HOUR_US, MINUTE_US
from bpmnmap.eventlog.log import EventLog
from bpmnmap.simulation.draws import exponential, gamma
from bpmnmap.simulation.engine.arrivals import EXTRA_NUMBERS
from bpmnmap.simulation.engine.extension import Extend, RunningSimulation
from bpmnmap.simulation.engine.run import Run
from bpmnmap.simulation.engine.snapshot import save
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_once, run_plan
from tests.bad_input.triple import GOOD
from tests.by_hand.sketch import choose, end, join, plan, start, work
from tests.reference.invariants import Checker, PoolFacts, check_log

Steps = Generator[simpy.Event, Any, None]

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
CHAIN = {"start": start("check"), "check": work("sign", 10, at="FO", pool="FO.staff"), "sign": work("end", 5, at="TO"), "end": end()}


def chain(*minutes: float, people: int = 1, **more: Any) -> Plan:
    """Checking takes 10 minutes of FO's people, always open; then signing 5, by nobody's."""
    return plan(CHAIN, at=minutes, hours={"FO": "", "TO": ""}, pools={"FO.staff": people}, **more)


def drawn(*, cases: int = 60, people: int = 2) -> Plan:
    """The same with random gaps and times, FO's people busy half of the time."""
    steps = CHAIN | {"check": work("sign", gamma(4.0, 10.0 * MINUTE_US), at="FO", pool="FO.staff")}
    hours, pools = {"FO": "Mon-Fri 08:00-16:00", "TO": ""}, {"FO.staff": people}
    return plan(steps, gaps=[("Mon-Fri 08:00-16:00", exponential(40.0 * MINUTE_US))], cases=cases, hours=hours, pools=pools)


def run(plan: Plan, extend: Extend | None = None) -> EventLog:
    return run_once(plan, 1, 1, extend=extend)


def starts(log: EventLog, element: str = "check") -> list[float]:
    """When instances of an element began, in minutes, in order of entering."""
    times: list[float] = (log.instances.start_us[log.instances.element == element] / MINUTE_US).tolist()
    return times


def at(*steps: tuple[float, Callable[[RunningSimulation], object]]) -> Extend:
    """A process that does some things, each at its minute."""

    def process(run: RunningSimulation) -> Steps:
        for minute, do in steps:
            yield run.env.timeout(run.us(minute * MINUTE) - run.env.now)
            do(run)

    return process


def idle(run: RunningSimulation) -> Steps:
    """A process that does nothing, once."""
    yield run.env.timeout(run.us(DAY))


def endless(run: RunningSimulation) -> Steps:
    """A process that does nothing every day; it ends with the run, which must end long before a thousand days are over."""
    for _ in range(1000):
        yield run.env.timeout(run.us(DAY))
    raise AssertionError("the run goes on")


def surge(run: RunningSimulation) -> Steps:
    """Three cases more on the second day."""
    yield run.env.timeout(run.us(DAY + timedelta(hours=9)))
    for _ in range(3):
        run.arrive("start")


@pytest.mark.parametrize("process", [idle, endless])
@pytest.mark.parametrize("make", [lambda: chain(0, 60, 120), drawn], ids=["chain", "drawn"])
def test_a_process_that_does_nothing_changes_nothing(make: Callable[[], Plan], process: Extend) -> None:
    assert run(make(), process).digest == run(make()).digest


@pytest.mark.parametrize("process", [idle, endless])
def test_a_process_that_does_nothing_changes_no_log_of_a_window(tmp_path: Path, process: Extend) -> None:
    GOOD.write(tmp_path)
    given = bm.read_bpmn(tmp_path / "map.bpmn"), bm.read_scenario(tmp_path / "scenario.toml")
    assert bm.simulate(*given, extend=process).digest == bm.simulate(*given).digest


def test_a_strike_by_hand() -> None:
    """Of 100 to 400 nobody is there: what begins at 95 is brought to its end, what comes at 150 and 200 waits."""
    strike = at((100, lambda run: run.pools["FO.staff"].call_off()), (400, lambda run: run.pools["FO.staff"].call_back()))
    log = run(chain(0, 95, 150, 200), strike)
    assert starts(log) == [0, 95, 400, 410]
    assert (log.instances.contention_us[log.instances.element == "check"] / MINUTE_US).tolist() == [0, 0, 250, 210]
    assert (log.cases.ended_us / MINUTE_US).tolist() == [15, 110, 415, 425]


def test_who_is_called_off_at_work_and_back_before_it_is_done_never_leaves() -> None:
    told = []

    def look(run: RunningSimulation) -> None:
        pool = run.pools["FO.staff"]
        told.append((pool.quantity, pool.present, pool.busy, pool.queue_length))

    def off(run: RunningSimulation) -> None:
        look(run)
        run.pools["FO.staff"].call_off(2)
        look(run)

    def back(run: RunningSimulation) -> None:
        run.pools["FO.staff"].call_back(2)
        look(run)

    log = run(chain(0, 0, 0, 0, people=3), at((5, off), (6, look), (7, back), (15, look)))
    assert told == [(3, 3, 3, 1), (3, 1, 3, 1), (3, 1, 3, 1), (3, 3, 3, 1), (3, 3, 1, 0)]
    assert starts(log) == [0, 0, 0, 10]


def test_the_free_one_of_the_highest_number_leaves_first() -> None:
    log = run(chain(0, 20, 20, people=3), at((5, lambda run: run.pools["FO.staff"].call_off())))
    assert log.instances.person[log.instances.element == "check"].tolist() == ["FO.staff/1", "FO.staff/1", "FO.staff/2"]
    late = run(chain(0, 20, 20, people=3), at((5, lambda run: run.pools["FO.staff"].call_off(2))))
    assert starts(late) == [0, 20, 30]


def test_nothing_is_worked_in_a_strike_and_the_sums_hold() -> None:
    """H21 to H25, with the strike's time as closed time; the strike begins amid the work of a case, and is over four days later."""
    given = drawn()
    plain, office = run(given).instances, given.calendars[given.pools[0].calendar]
    amid = int(np.flatnonzero(plain.pool == "FO.staff")[20])
    begin = int(plain.start_us[amid] + plain.worked_us[amid] // 2)
    over = begin + 4 * DAY_US

    def strike(run: RunningSimulation) -> Steps:
        yield run.env.timeout(begin)
        run.pools["FO.staff"].call_off(2)
        yield run.env.timeout(4 * DAY_US)
        run.pools["FO.staff"].call_back(2)

    log = run(given, strike)
    i, mine = log.instances, log.instances.pool == "FO.staff"
    since = int(i.complete_us[mine & (i.start_us < begin) & (i.complete_us >= begin)].max())
    assert begin < since < over
    assert not (mine & (i.start_us >= begin) & (i.start_us < over)).any()

    def open_until(instants: Any) -> Any:
        struck = office.open_until(np.clip(instants, since, over)) - office.open_until(np.array([since]))
        return office.open_until(instants) - struck

    assert np.diff(office.open_until(np.array([since, over])))[0] > 3 * 8 * HOUR_US
    Checker(log, {"FO.staff": PoolFacts(2, open_until)}, leaves_early=False, called_off=frozenset({"FO.staff"})).check()
    assert (log.cases.status == "completed").all()


def test_a_run_that_ends_in_a_strike_has_nobody_at_work() -> None:
    """The case of 80 waits until the run ends; the one of 0 is done."""
    given = chain(0, 80, people=2, window=(0, 100, 100))
    log = run(given, at((50, lambda run: run.pools["FO.staff"].call_off(2))))
    assert log.instances.status.tolist() == ["completed", "completed", "waiting"]
    assert log.instances.contention_us.tolist() == [0, 0, 120 * MINUTE_US]
    assert log.cases.status.tolist() == ["completed", "unfinished"]


def test_a_surge_by_hand() -> None:
    log = run(chain(0, 60), at((2, lambda run: run.arrive("start")), (3, lambda run: run.arrive("start", "permit"))))
    assert (log.cases.arrived_us / MINUTE_US).tolist() == [0, 2, 3, 60]
    assert log.cases.number.tolist() == [0, EXTRA_NUMBERS, EXTRA_NUMBERS + 1, 1]
    assert starts(log) == [0, 10, 20, 60]


def worked(log: EventLog) -> dict[int, int]:
    """Time worked at checking, by the case's number in its stream."""
    mine = log.instances.element == "check"
    numbers = log.cases.number[log.instances.case[mine]].tolist()
    return dict(zip(numbers, log.instances.worked_us[mine].tolist(), strict=True))


def test_a_surge_changes_no_draw_of_the_other_cases() -> None:
    given = drawn()
    plain, more = run(given), run(given, surge)
    assert len(more.cases) == len(plain.cases) + 3 == 63
    extra = {EXTRA_NUMBERS, EXTRA_NUMBERS + 1, EXTRA_NUMBERS + 2}
    assert {number: time for number, time in worked(more).items() if number not in extra} == worked(plain)
    assert len({worked(more)[number] for number in extra} - set(worked(plain).values())) == 3
    assert starts(more) != starts(plain)
    check_log(more, given)


def test_breakdowns_without_end_end_with_the_last_case() -> None:
    def breakdowns(run: RunningSimulation) -> Steps:
        pool = run.pools["FO.staff"]
        while True:
            yield run.env.timeout(run.us(25 * MINUTE))
            pool.call_off()
            yield run.env.timeout(run.us(5 * MINUTE))
            pool.call_back()

    log = run(chain(0, 24, 26, 60), breakdowns)  # away: 34 (when that of 24 is done) and not before 30: never; 55 to 60
    assert starts(log) == [0, 24, 34, 60]
    assert log.run.end_us == 75 * MINUTE_US


def stuck_cases() -> Plan:
    """The first and the third case wait at a join for what never comes."""
    steps = {
        "start": start("choose"),
        "choose": choose("join.0", "check", choices=[[0], [1], [0]]),
        "join": join("end"),
        "check": work("end", 10, at="FO", pool="FO.staff"),
        "end": end(),
    }
    return plan(steps, at=[0, 5, 30], hours={"FO": ""}, pools={"FO.staff": 2})


def on_strike(run: RunningSimulation) -> Steps:
    """All are away for ever from the 20th minute on."""
    yield run.env.timeout(run.us(20 * MINUTE))
    run.pools["FO.staff"].call_off(2)
    yield from endless(run)


@pytest.mark.parametrize("process", [endless, on_strike])
def test_a_process_without_end_ends_with_the_last_case_also_where_cases_are_stuck(process: Extend) -> None:
    log = run(stuck_cases(), process)
    assert log.cases.status.tolist() == ["stuck", "completed", "stuck"]
    assert log.digest == run(stuck_cases()).digest


def test_a_case_more_behind_the_last_one_is_waited_for() -> None:
    log = run(chain(0), at((8, lambda run: run.arrive("start")), (14, lambda run: run.arrive("start"))))
    assert (log.cases.ended_us / MINUTE_US).tolist() == [15, 25, 35]


def test_what_the_handle_tells() -> None:
    told: list[object] = []

    def look(run: RunningSimulation) -> None:
        told.append((run.now, run.replication, run.seed, sorted(run.pools), run.pools["FO.staff"].key))
        told.append([(case.number, case.arrived_us // MINUTE_US) for case in run.cases()])

    run(chain(0, 1, 2), at((21, look)))
    assert told == [(datetime(2026, 1, 5, 0, 21), 1, 1, ["FO.staff"], "FO.staff"), [(1, 1), (2, 2)]]
    assert RunningSimulation.us(timedelta(days=1, microseconds=1)) == 86_400_000_001


@pytest.mark.parametrize(
    ("do", "message"),
    [
        (lambda run: run.pools["FO.staff"].call_off(2), r"people must be from 0 to 1, who are present in FO.staff \(got 2\)"),
        (lambda run: run.pools["FO.staff"].call_off(-1), r"people must be from 0 to 1, who are present in FO.staff \(got -1\)"),
        (lambda run: run.pools["FO.staff"].call_back(), r"people must be from 0 to 0, who are called off from FO.staff \(got 1\)"),
        (lambda run: run.arrive("begin"), r"start must be one at which cases arrive: permit/start \(got 'begin', process None\)"),
        (lambda run: run.arrive("start", "other"), r"start must be .* permit/start \(got 'start', process 'other'\)"),
    ],
)
def test_wrong_arguments_come_out_of_the_run(do: Callable[[RunningSimulation], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        run(chain(0), at((5, do)))


class OutOfFuelError(Exception):
    """What a user's process may raise."""


def test_what_a_process_raises_comes_out() -> None:
    def fail(_run: RunningSimulation) -> None:
        raise OutOfFuelError("at noon")

    with pytest.raises(OutOfFuelError, match=r"^at noon$"):
        run(chain(0, 60), at((30, fail)))


def test_a_process_may_wait_for_events_and_resources_of_its_own() -> None:
    """A lift that two of the user's processes share: SimPy as it is."""
    told = []

    def ride(run: RunningSimulation, lift: simpy.Resource) -> Steps:
        with lift.request() as turn:
            yield turn
            yield run.env.timeout(run.us(20 * MINUTE))
            told.append(run.env.now // MINUTE_US)

    def building(run: RunningSimulation) -> Steps:
        lift = simpy.Resource(run.env)
        yield run.env.process(ride(run, lift)) & run.env.process(ride(run, lift))
        told.append(run.env.now // MINUTE_US)

    run(chain(0, 60), building)
    assert told == [20, 40, 40]


def test_workers_give_the_same_digest() -> None:
    given = drawn()
    alone, together = (run_plan(given, replications=3, seed=1, jobs=jobs, extend=surge) for jobs in (1, 2))
    assert [len(log.cases) for log in alone] == [63, 63, 63]
    assert together.digest == alone.digest != run_plan(given, replications=3, seed=1).digest


def test_what_a_process_raises_in_a_worker_ends_the_simulation(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(bm.SimulationError) as raised:
        run_plan(chain(0), replications=2, seed=1, jobs=2, extend=start_that_is_none)
    assert [finding.code for finding in raised.value.findings] == ["worker-lost"]
    assert "start must be one at which cases arrive" in capfd.readouterr().err


def start_that_is_none(run: RunningSimulation) -> Steps:
    yield run.env.timeout(0)
    run.arrive("begin")


def test_a_run_with_a_process_of_its_own_cannot_be_saved() -> None:
    going = Run(chain(0, 60), seed=1, replication=1, extend=idle)
    going.begin()
    going.advance(30 * MINUTE_US)
    with pytest.raises(bm.SimulationError) as raised:
        save(going)
    assert [finding.code for finding in raised.value.findings] == ["not-saved"]


def test_cases_more_in_the_window_count_and_those_behind_it_do_not(tmp_path: Path) -> None:
    GOOD.write(tmp_path)
    given = make_plan([bm.read_bpmn(tmp_path / "map.bpmn")], bm.read_scenario(tmp_path / "scenario.toml"))
    day = 24 * 60
    surges = at(
        (2 * day, lambda run: run.arrive("Start")), (8 * day, lambda run: run.arrive("Start")), (21 * day, lambda run: run.arrive("Start"))
    )
    log = run(given, surges)
    extra = log.cases.number >= EXTRA_NUMBERS
    assert log.cases.counted[extra].tolist() == [False, True, False]
