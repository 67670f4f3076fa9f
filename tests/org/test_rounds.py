from __future__ import annotations

import pickle
from datetime import date, datetime

import pytest

from bpmnmap.durations import DAY_US, HOUR_US
from bpmnmap.errors import OrganizationError, SimulationError
from bpmnmap.findings import Location
from bpmnmap.org.calendars import ExpandedRounds
from bpmnmap.org.organization import Calendar

MONDAY = datetime(2026, 1, 5)


def leaves(rounds: ExpandedRounds, *ready: float) -> list[float]:
    return [rounds.next_round(int(hour * HOUR_US)) / HOUR_US for hour in ready]


def test_ready_at_a_round_goes_along_with_it() -> None:
    courier = ExpandedRounds("Mon-Fri 10:00 14:00", None, None, MONDAY)
    assert leaves(courier, 0, 10, 11.5, 14) == [10, 10, 14, 14]
    assert courier.next_round(10 * HOUR_US + 1) == 14 * HOUR_US
    assert leaves(courier, 4 * 24 + 15) == [7 * 24 + 10]  # over the weekend


def test_rounds_before_the_start_are_gone() -> None:
    assert leaves(ExpandedRounds("Mon-Fri 10:00 14:00", None, None, datetime(2026, 1, 5, 12)), 0, 2, 3) == [2, 2, 22]


def test_no_round_on_days_on_which_the_calendar_is_closed_all_day() -> None:
    office = Calendar(hours="Mon-Thu 08:00-16:00", closed=(((date(2026, 1, 6)), date(2026, 1, 6)),), holidays="DE")
    daily = ExpandedRounds("Mon-Sun 10:00 20:00", office, None, MONDAY)
    assert leaves(daily, 0, 20.5) == [10, 48 + 10]  # 20:00 leaves though the office is closed by then; Tuesday is closed
    assert leaves(daily, 3 * 24 + 21) == [7 * 24 + 10]  # Friday to Sunday
    assert leaves(ExpandedRounds("Mon-Sun 10:00", office, None, datetime(2026, 4, 2, 11)), 0) == [4 * 24 + 23]  # Easter


def test_a_day_into_which_a_night_shift_runs_is_not_closed_all_day() -> None:
    night = Calendar(hours="Fri 22:00-06:00", closed=((date(2026, 1, 17), date(2026, 1, 17)),))
    rounds = ExpandedRounds("Mon-Sun 02:00 12:00", night, None, MONDAY)
    assert leaves(rounds, 0) == [4 * 24 + 2]  # Friday itself
    assert leaves(rounds, 5 * 24, 5 * 24 + 12.5) == [5 * 24 + 2, 11 * 24 + 2]
    assert leaves(rounds, 12 * 24) == [18 * 24 + 2]  # Saturday the 17th is named closed: no round, though the shift runs on


def test_summer_time() -> None:
    rounds = ExpandedRounds("Mon-Sun 02:30 10:00", None, "Europe/Berlin", datetime(2026, 3, 29))
    assert leaves(rounds, 0, 2.5) == [2, 9]  # clocks jump from 02:00 to 03:00: what falls into the gap leaves then


def test_answers_do_not_depend_on_how_far_it_is_expanded() -> None:
    rounds, other = (ExpandedRounds("Mon-Fri 10:00", None, "Europe/Berlin", MONDAY) for _ in range(2))
    far = rounds.next_round(5000 * DAY_US)
    answers = [other.next_round(day * DAY_US) for day in range(0, 5001, 100)]
    assert answers[-1] == far
    assert [rounds.next_round(day * DAY_US) for day in range(0, 5001, 100)] == answers
    assert pickle.loads(pickle.dumps(other)).next_round(6000 * DAY_US) == rounds.next_round(6000 * DAY_US)


def test_faulty_rounds() -> None:
    with pytest.raises(OrganizationError) as caught:
        ExpandedRounds("Foo 10:00", None, None, MONDAY)
    assert [finding.code for finding in caught.value.findings] == ["unknown-weekday"]


def test_rounds_that_never_leave() -> None:
    office = Calendar(hours="Mon-Thu 08:00-16:00")
    rounds = ExpandedRounds("Sun 10:00", office, None, MONDAY, name="courier", location=Location("a.toml", key="transfers[0].dispatch"))
    with pytest.raises(OrganizationError) as caught:
        rounds.next_round(0)
    (finding,) = caught.value.findings
    assert (finding.code, finding.message) == ("never-leaves", "rounds 'courier' do not leave in ten years")
    assert finding.location == Location("a.toml", key="transfers[0].dispatch")
    assert finding.fix == "name rounds on days on which the calendar is open"


def test_beyond_the_last_year() -> None:
    rounds = ExpandedRounds("Mon-Fri 10:00", None, None, datetime(9999, 12, 30), name="courier")
    assert leaves(rounds, 11) == [34]
    with pytest.raises(SimulationError) as caught:
        rounds.next_round(35 * HOUR_US)
    (finding,) = caught.value.findings
    assert (finding.code, finding.fix) == ("past-last-year", "shorten the run")
    assert finding.message == "rounds 'courier' are needed beyond the year 9999"
