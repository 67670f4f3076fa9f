"""Waits, arrivals and the window in which cases count; times that cannot be drawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

import bpmnmap as bm
from bpmnmap.findings import Severity
from bpmnmap.functions.gamma import inverse_gamma
from bpmnmap.org.organization import Calendar, Organization, ResourcePool, Unit
from bpmnmap.simulation import draws
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning.times import GREATEST_SHAPE, LEAST_SHAPE, drawn, longest_us
from bpmnmap.simulation.scenario import (
    ActivityTimes,
    Arrival,
    Erlang,
    EventTimes,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    TimetableEntry,
    Triangular,
    Uniform,
)
from tests.simulation.planning.inputs import CITY, MINUTE, START, chain, codes, plan_of, worked

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOUR_US, DAY_US = 3_600_000_000, 86_400_000_000
TASK = chain("task a", lanes={"FO": "a"})


def with_wait(duration: str = "", **event: Any) -> Plan:
    events = {"w": EventTimes(**event)} if event else {}
    return plan_of(chain(f"timer{duration and ':'}{duration} w", "task a", lanes={"FO": "a w"}), activities=worked("a"), events=events)


def wait_of(plan: Plan) -> tuple[float, int]:
    (wait,) = plan.processes[0].waits.values()
    return wait.time.parameters[0] / HOUR_US, wait.calendar


def arriving(arrival: Arrival, **tables: Any) -> Plan:
    return plan_of(TASK, arrivals={"s": arrival}, activities=worked("a"), **tables)


def fault(arrival: Arrival, **tables: Any) -> tuple[str, str | None]:
    with pytest.raises(bm.BpmnMapError) as caught:
        arriving(arrival, **tables)
    (finding,) = [finding for finding in caught.value.findings if finding.severity is Severity.ERROR]
    return finding.code, finding.location.key


def test_the_map_s_duration() -> None:
    plan = with_wait("PT36H")
    assert (wait_of(plan), codes(plan)) == ((36, -1), [])


def test_the_map_s_duration_in_a_calendar_of_the_scenario() -> None:
    plan = with_wait("PT36H", calendar="office")
    assert wait_of(plan)[0] == 36
    assert plan.calendars[wait_of(plan)[1]].next_opening(0) == 8 * HOUR_US


def test_the_scenario_s_time_wins_over_the_map_s_and_says_so() -> None:
    plan = with_wait("PT36H", wait_time=Fixed(value=HOUR))
    assert wait_of(plan) == (1, -1)
    (finding,) = plan.findings
    assert (finding.code, finding.severity, finding.location.key) == ("wait-time-wins", Severity.WARNING, "events.w")
    assert finding.message == "wait_time wins over the map's 'PT36H'"
    assert finding.fix == "remove one of the two"


def test_the_scenario_s_time_alone() -> None:
    plan = with_wait(wait_time=Fixed(value=HOUR), calendar="office")
    assert (wait_of(plan)[0], codes(plan)) == (1, [])


@pytest.mark.parametrize("text", ["P1M", "P1Y", "-PT1H", "1H", "PT", "soon"])
def test_a_duration_of_the_map_that_is_none(text: str) -> None:
    with pytest.raises(bm.MapError) as caught:
        with_wait(text)
    (finding,) = caught.value.findings
    assert (finding.code, finding.element_id, finding.location.path) == ("invalid-duration", "w", "p.bpmn")
    assert f"'{text}'" in finding.message
    assert wait_of(with_wait(text, wait_time=Fixed(value=HOUR))) == (1, -1)


def test_gaps_in_a_calendar() -> None:
    plan = arriving(Arrival(inter_arrival_time=Exponential(mean=HOUR), calendar="office", cases=7))
    (source,) = plan.sources
    assert (source.cases, source.at) == (7, ())
    (gap,) = source.gaps
    assert (gap.time.family, gap.time.mean_us) == ("exponential", HOUR_US)
    assert plan.calendars[gap.calendar].next_opening(0) == 8 * HOUR_US


def test_a_timetable() -> None:
    entries = (
        TimetableEntry(hours="Mon 09:00-10:00", inter_arrival_time=Fixed(value=MINUTE)),
        TimetableEntry(hours="Tue 11:00-12:00", inter_arrival_time=Fixed(value=HOUR)),
    )
    plan = arriving(Arrival(timetable=entries))
    (source,) = plan.sources
    assert [plan.calendars[gap.calendar].next_opening(0) // HOUR_US for gap in source.gaps] == [9, 35]
    assert [gap.time.parameters[0] // 60_000_000 for gap in source.gaps] == [1, 60]


def test_instants_count_from_the_start_in_order() -> None:
    (source,) = arriving(
        Arrival(
            at=(
                START + 2 * HOUR,
                START,
                START + HOUR,
            )
        )
    ).sources
    assert (source.at, source.cases) == ((0, HOUR_US, 2 * HOUR_US), None)
    (source,) = arriving(
        Arrival(
            at=(
                START + HOUR,
                START,
            ),
            cases=1,
        )
    ).sources
    assert source.at == (0,)


def test_instants_in_summer_time() -> None:
    city = Organization(timezone="Europe/Berlin", units={"FO": Unit(calendar="always", pools={"clerks": ResourcePool(quantity=1)})})
    plan = arriving(Arrival(at=(datetime(2026, 3, 29, 12),)), organization=city, start=datetime(2026, 3, 29))
    assert plan.sources[0].at == (11 * HOUR_US,)


def test_cases_of_the_scenario_hold_for_each_start_that_says_nothing() -> None:
    assert arriving(Arrival(inter_arrival_time=Fixed(value=HOUR)), cases=12).sources[0].cases == 12
    assert arriving(Arrival(inter_arrival_time=Fixed(value=HOUR), cases=3), cases=12).sources[0].cases == 3
    assert arriving(Arrival(inter_arrival_time=Fixed(value=HOUR)), duration=DAY, warm_up=DAY).sources[0].cases is None


def test_the_window() -> None:
    plan = arriving(Arrival(inter_arrival_time=Fixed(value=HOUR)), warm_up=DAY, duration=2 * DAY)
    assert (plan.warm_up_us, plan.window_us, plan.limit_us) == (DAY_US, 3 * DAY_US, 5 * DAY_US)
    plan = arriving(Arrival(inter_arrival_time=Fixed(value=HOUR)), warm_up=DAY, duration=2 * DAY, follow_up=timedelta(0))
    assert (plan.window_us, plan.limit_us) == (3 * DAY_US, 3 * DAY_US)
    plan = arriving(Arrival(inter_arrival_time=Fixed(value=HOUR)), cases=5)
    assert (plan.warm_up_us, plan.window_us, plan.limit_us) == (0, None, None)


WINDOW = {"warm_up": DAY, "duration": DAY}


@pytest.mark.parametrize(
    ("arrival", "key"),
    [
        (Arrival(at=(START + 2 * DAY,)), "arrivals.s"),  # at the end of the window: too late
        (Arrival(at=(START + 3 * HOUR,)), "warm_up"),
        (
            Arrival(
                at=(
                    START + 23 * HOUR,
                    START + 2 * DAY,
                )
            ),
            "warm_up",
        ),
        (Arrival(inter_arrival_time=Fixed(value=2 * DAY)), "arrivals.s"),
        (Arrival(inter_arrival_time=Fixed(value=17 * HOUR), calendar="office"), "arrivals.s"),  # two days of eight hours
        (Arrival(timetable=(TimetableEntry(hours="Wed 08:00-09:00", inter_arrival_time=Fixed(value=MINUTE)),)), "arrivals.s"),
        (Arrival(cases=0), "arrivals"),
    ],
)
def test_arrivals_that_never_count(arrival: Arrival, key: str) -> None:
    assert fault(arrival, **WINDOW) == ("no-arrivals", key)


@pytest.mark.parametrize(
    "arrival",
    [
        Arrival(at=(START + DAY,)),
        Arrival(
            at=(
                START,
                START + 2 * DAY - timedelta(microseconds=1),
            )
        ),
        Arrival(inter_arrival_time=Fixed(value=2 * DAY - timedelta(microseconds=1))),
        Arrival(inter_arrival_time=Fixed(value=15 * HOUR), calendar="office"),
        Arrival(inter_arrival_time=Exponential(mean=1000 * DAY)),
        Arrival(timetable=(TimetableEntry(hours="Tue 08:00-09:00", inter_arrival_time=Fixed(value=MINUTE)),)),
    ],
)
def test_arrivals_that_just_count(arrival: Arrival) -> None:
    assert codes(arriving(arrival, **WINDOW)) == []


def test_a_start_that_never_counts_is_told_beside_one_that_does() -> None:
    from tests.simulation.planning.inputs import read

    definitions = read(["startEvent s", "startEvent t", "task a", "endEvent e"], {"f": "s a", "g": "t a", "h": "a e"}, lanes={"FO": "a"})
    late, good, early = Arrival(at=(START + 5 * DAY,)), Arrival(at=(START + DAY,)), Arrival(at=(START,))
    with pytest.raises(bm.ScenarioError) as caught:
        plan_of(definitions, arrivals={"s": good, "t": late}, activities=worked("a"), **WINDOW)
    assert [finding.location.key for finding in caught.value.findings] == ["arrivals.t"]
    assert len(plan_of(definitions, arrivals={"s": good, "t": early}, activities=worked("a"), **WINDOW).sources) == 2
    assert len(plan_of(definitions, arrivals={"s": good, "t": Arrival(cases=0)}, activities=worked("a"), **WINDOW).sources) == 1


def test_calendars_never_open_are_all_told_with_the_other_faults() -> None:
    never = Calendar(hours="Mon 08:00-09:00", closed=((date(1999, 1, 1), date(2199, 1, 1)),))
    city = Organization(
        calendars={"never": never, "nor": never},
        units={"FO": Unit(calendar="never", pools={"clerks": ResourcePool(quantity=1, calendar="nor")})},
    )
    with pytest.raises(bm.BpmnMapError) as caught:
        plan_of(TASK, organization=city)
    assert sorted((finding.code, finding.location.key) for finding in caught.value.findings) == [
        ("missing-processing-time", "activities.a"),
        ("never-open", "calendars.never"),
        ("never-open", "calendars.nor"),
    ]


DISTRIBUTIONS = [
    (Fixed(value=HOUR), draws.fixed(HOUR_US)),
    (Exponential(mean=HOUR), draws.exponential(3.6e9)),
    (Uniform(min=MINUTE, max=HOUR), draws.uniform_between(6e7, 3.6e9)),
    (Triangular(min=MINUTE, mode=2 * MINUTE, max=HOUR), draws.triangular(6e7, 1.2e8, 3.6e9)),
    (Lognormal(mean=HOUR, standard_deviation=MINUTE), draws.lognormal(3.6e9, 6e7)),
    (Erlang(mean=HOUR, k=4), draws.gamma(4.0, 9e8)),
    (Gamma(mean=HOUR, standard_deviation=HOUR / 2), draws.gamma(4.0, 9e8)),
    (Gamma(shape=4.0, scale=HOUR / 4), draws.gamma(4.0, 9e8)),
]


@pytest.mark.parametrize(("given", "wanted"), DISTRIBUTIONS, ids=[type(given).__name__ for given, _ in DISTRIBUTIONS])
def test_distributions(given: Any, wanted: draws.Distribution) -> None:
    assert drawn(given) == wanted


@pytest.mark.parametrize(("given", "wanted"), DISTRIBUTIONS, ids=[type(given).__name__ for given, _ in DISTRIBUTIONS])
def test_no_draw_exceeds_the_longest_time(given: Any, wanted: draws.Distribution) -> None:
    least = 2.0**-53
    values = [drawn(given).value(u) for u in (least, 0.5, 1 - least)]
    assert max(values) <= longest_us(wanted) < 100 * wanted.mean_us


def test_the_shapes_that_can_be_drawn_are_those_of_the_functions() -> None:
    for shape in (LEAST_SHAPE, GREATEST_SHAPE):
        assert inverse_gamma(0.5, shape) >= 0
    for shape in (LEAST_SHAPE / 1.01, GREATEST_SHAPE * 1.01):
        with pytest.raises(ValueError, match="shape must be from"):
            inverse_gamma(0.5, shape)


@pytest.mark.parametrize(
    ("time", "message"),
    [
        (Gamma(shape=1e-300, scale=HOUR), "1e-300 is not within 1e-05 and 1e+15"),
        (Gamma(shape=1e300, scale=HOUR), "1e+300 is not within 1e-05 and 1e+15"),
        (Gamma(mean=timedelta(microseconds=1), standard_deviation=HOUR), "is not within 1e-05 and 1e+15"),
        (Gamma(shape=1e14, scale=HOUR), "times of more than 9000 years may be drawn"),
        (
            Lognormal(mean=timedelta(days=1_000_000), standard_deviation=timedelta(days=1_000_000)),
            "times of more than 9000 years may be drawn",
        ),
        (Exponential(mean=timedelta(days=100_000)), "times of more than 9000 years may be drawn"),
        (Fixed(value=timedelta(days=3_650_000)), "times of more than 9000 years may be drawn"),
    ],
)
def test_times_that_cannot_be_drawn(time: Any, message: str) -> None:
    with pytest.raises(bm.ScenarioError) as caught:
        plan_of(TASK, activities={"a": ActivityTimes(processing_time=time)})
    (finding,) = caught.value.findings
    assert (finding.code, finding.location.key) == ("out-of-range", "activities.a.processing_time")
    assert message in finding.message


def test_more_cases_than_years() -> None:
    yearly = Arrival(inter_arrival_time=Fixed(value=366 * DAY))
    assert fault(yearly, cases=7973) == ("past-last-year", "arrivals.s")
    assert codes(arriving(yearly, cases=7900)) == []


@pytest.mark.parametrize(
    ("start", "duration", "wanted"),
    [
        (datetime(9998, 12, 1), 14 * DAY, None),
        (datetime(9998, 12, 1), 16 * DAY, ("past-last-year", "duration")),  # with as long a follow-up
        (datetime(9999, 1, 2), DAY, ("past-last-year", "duration")),
        (datetime(1, 1, 1), DAY, ("out-of-range", "start")),
        (datetime(1, 1, 2), DAY, None),
    ],
)
def test_the_first_and_the_last_year(start: datetime, duration: timedelta, wanted: tuple[str, str] | None) -> None:
    arrival = Arrival(inter_arrival_time=Fixed(value=HOUR))
    tables = {"start": start, "warm_up": timedelta(0), "duration": duration, "organization": CITY}
    if wanted is None:
        assert codes(arriving(arrival, **tables)) == []
    else:
        assert fault(arrival, **tables) == wanted
