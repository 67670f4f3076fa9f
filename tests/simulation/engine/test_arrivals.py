"""Instants at which cases arrive."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from bpmnmap.durations import DAY_US, HOUR_US, MINUTE_US, WEEK_US
from bpmnmap.simulation.draws import Distribution, exponential, fixed, gamma, uniform_between
from bpmnmap.simulation.plan import Plan, SourcePlan
from tests.by_hand.runs import log_of, logged, started
from tests.by_hand.sketch import DAY, end, plan, start
from tests.by_hand.tables import cells

STEPS = {"start": start("end"), "end": end()}


def arriving(*gaps: tuple[str, Distribution], cases: int = 5, block_bits: int = 12) -> Plan:
    return plan(STEPS, gaps=gaps, cases=cases, hours={"FO": ""}, block_bits=block_bits)


def instants(run: Plan, *, seed: int = 1) -> list[int]:
    found: list[int] = log_of(run, seed=seed).cases.arrived_us.tolist()
    return found


def hours(run: Plan) -> list[float]:
    return [instant / HOUR_US for instant in instants(run)]


def minutes(count: float) -> Distribution:
    return fixed(round(count * MINUTE_US))


def test_the_first_case_comes_one_gap_after_the_start() -> None:
    assert hours(arriving(("", minutes(90)), cases=4)) == [1.5, 3, 4.5, 6]


def test_gaps_run_in_the_open_time_of_the_calendar() -> None:
    """Two hours a day, a gap of three quarters; a gap that ends with the closing ends then."""
    assert hours(arriving(("Mon-Fri 08:00-10:00", minutes(45)), cases=6)) == [8.75, 9.5, 24 + 8.25, 24 + 9, 24 + 9.75, 48 + 8.5]
    assert hours(arriving(("Mon-Fri 08:00-10:00", minutes(60)), cases=4)) == [9, 10, 33, 34]


def test_given_instants() -> None:
    run = plan(STEPS, at=[30, 30, 45.5], hours={"FO": ""})
    assert instants(run) == [30 * MINUTE_US, 30 * MINUTE_US, 45 * MINUTE_US + MINUTE_US // 2]


def test_no_more_cases_than_were_asked_for() -> None:
    assert len(instants(arriving(("", minutes(1)), cases=3))) == 3
    assert len(instants(arriving(("", minutes(1)), cases=0))) == 0


@pytest.mark.parametrize("cases", [8, 9, 16, 17])
@pytest.mark.parametrize("gap", [exponential(20.0 * MINUTE_US), gamma(0.5, 40.0 * MINUTE_US)])
@pytest.mark.parametrize("when", ["", "Mon-Fri 08:00-12:00 13:00-16:00"])
def test_blocks_of_draws_change_nothing(cases: int, gap: Distribution, when: str) -> None:
    assert instants(arriving((when, gap), cases=cases, block_bits=3)) == instants(arriving((when, gap), cases=cases))


@pytest.mark.parametrize("cases", [8, 9, 25])
def test_blocks_of_draws_change_nothing_in_a_timetable(cases: int) -> None:
    timetable = (("Mon-Fri 08:00-12:00", exponential(20.0 * MINUTE_US)), ("Mon-Fri 13:00-16:00", exponential(50.0 * MINUTE_US)))
    assert instants(arriving(*timetable, cases=cases, block_bits=3)) == instants(arriving(*timetable, cases=cases))


def test_a_timetables_gap_is_scaled_where_another_entry_begins() -> None:
    """From 08:00 on gaps of 50 minutes; the one that begins at 09:40 has 30 of its 50 left at 10:00: there, 15 of 25."""
    run = arriving(("Mon-Fri 08:00-10:00", minutes(50)), ("Mon-Fri 10:00-12:00", minutes(25)), cases=6)
    assert [round(60 * hour) for hour in hours(run)] == [530, 580, 615, 640, 665, 690]


def test_time_outside_all_hours_of_a_timetable_does_not_count() -> None:
    """Lunch and nights are no hours: 30 minutes left at 12:00 go on at 13:00, scaled; those left at 14:00 at 08:00 next day."""
    run = arriving(("Mon-Fri 08:00-12:00", minutes(150)), ("Mon-Fri 13:00-14:00", minutes(75)), cases=4)
    # 10:30; then 90 of 150 by 12:00, 60 left are 30 of 75: 13:30; then 30 of 75 by 14:00, 45 left are 90 of 150: 09:30; 12:00
    assert hours(run) == [10.5, 13.5, 24 + 9.5, 24 + 12]


def test_a_gap_that_ends_where_the_next_entry_begins_is_not_scaled() -> None:
    run = arriving(("Mon-Fri 08:00-10:00", minutes(60)), ("Mon-Fri 10:00-12:00", minutes(30)), cases=4)
    assert hours(run) == [9, 10, 10.5, 11]


def test_a_gap_over_several_closings_of_one_entry_is_not_scaled() -> None:
    run = arriving(("Mon-Fri 08:00-10:00", minutes(300)), cases=2)
    same = arriving(("Mon Wed Fri 08:00-10:00", minutes(300)), ("Tue Thu 08:00-10:00", minutes(300)), cases=2)
    assert hours(run) == [48 + 9, 4 * 24 + 10]
    assert hours(same) == hours(run)


def test_as_many_cases_come_in_each_entrys_hours_as_its_gaps_say() -> None:
    """Exponential gaps: in each hour of each entry counts are Poisson with its own rate; bounds are 5 standard deviations."""
    busy, quiet = 3.0 * MINUTE_US, 12.0 * MINUTE_US
    run = arriving(("Mon-Fri 08:00-12:00", exponential(busy)), ("Mon-Fri 13:00-16:00", exponential(quiet)), cases=20_000)
    found = instants(run)
    weeks = found[-1] // WEEK_US
    assert weeks > 40
    counted = [instant for instant in found if instant < weeks * WEEK_US]
    for first, last, mean in ((8, 12, busy), (13, 16, quiet)):
        inside = sum(first * HOUR_US < instant % DAY_US <= last * HOUR_US for instant in counted)
        expected = weeks * 5 * (last - first) * HOUR_US / mean
        assert abs(inside - expected) < 5 * expected**0.5
    assert all(instant % WEEK_US < 5 * DAY_US for instant in counted)
    assert all(8 * HOUR_US < instant % DAY_US <= 12 * HOUR_US or 13 * HOUR_US < instant % DAY_US <= 16 * HOUR_US for instant in counted)


@pytest.mark.parametrize(
    ("gap", "standard_deviation"),
    [(exponential(60.0 * MINUTE_US), 60.0), (gamma(4.0, 15.0 * MINUTE_US), 30.0), (uniform_between(0.0, 120.0 * MINUTE_US), 34.641)],
    ids=["exponential", "gamma", "uniform"],
)
def test_the_mean_gap_is_that_of_the_distribution(gap: Distribution, standard_deviation: float) -> None:
    count = 20_000
    found = [0, *instants(arriving(("", gap), cases=count))]
    mean = found[-1] / count / MINUTE_US
    assert abs(mean - 60) < 5 * standard_deviation / count**0.5
    gaps = [(after - before) / MINUTE_US for before, after in pairwise(found)]
    spread = (sum((each - mean) ** 2 for each in gaps) / count) ** 0.5
    assert abs(spread - standard_deviation) < 0.05 * standard_deviation


def test_the_mean_gap_in_open_time_is_that_of_the_distribution() -> None:
    count = 20_000
    run = arriving(("Mon-Fri 08:00-12:00", exponential(10.0 * MINUTE_US)), cases=count)
    last = log_of(run).cases.arrived_us[-1]
    opened = run.calendars[0].open_time(0, int(last)) / MINUTE_US
    assert abs(opened / count - 10) < 5 * 10 / count**0.5


def test_instants_depend_on_the_seed_and_the_replication() -> None:
    run = arriving(("", exponential(20.0 * MINUTE_US)))
    assert instants(run, seed=1) != instants(run, seed=2)
    other = logged(run, started(run, replication=1).finish()).cases.arrived_us.tolist()
    assert other != instants(run)


def test_two_starts_at_one_instant_come_in_document_order() -> None:
    steps = {"first": start("end"), "second": start("end"), "end": end()}
    run = plan(steps, at=[60, 120], hours={"FO": ""})
    both = replace(run, sources=(run.sources[0], SourcePlan(0, 1, (), (0, 60 * MINUTE_US, 120 * MINUTE_US))))
    assert cells(log_of(both), "cases", "start", "number", "arrived") == [
        ("second", "0", "2026-01-05T00:00"),
        ("first", "0", "2026-01-05T01:00"),
        ("second", "1", "2026-01-05T01:00"),
        ("first", "1", "2026-01-05T02:00"),
        ("second", "2", "2026-01-05T02:00"),
    ]


def test_streams_of_two_starts_are_independent_and_a_further_start_changes_none() -> None:
    gap = exponential(20.0 * MINUTE_US)
    steps = {"first": start("end"), "second": start("end"), "end": end()}
    alone = plan(steps, gaps=[("", gap)], cases=10, hours={"FO": ""})
    both = replace(alone, sources=(alone.sources[0], replace(alone.sources[0], operation=1)))
    log = log_of(both)
    by_start = {name: log.cases.arrived_us[log.cases.start == name].tolist() for name in ("first", "second")}
    assert by_start["first"] == instants(alone)
    assert by_start["second"] != by_start["first"]


def test_arrivals_go_on_until_the_run_ends() -> None:
    run = plan(STEPS, gaps=[("", minutes(60))], hours={"FO": ""}, window=(0, 2 * DAY, 0))
    assert len(instants(run)) == 47  # the one of the 48th hour would come at the very end
