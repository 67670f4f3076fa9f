from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from bpmnmap.org.organization import Calendar, OtherHours
from tests.reference.weeks import Clock, Opening, Rounds, parse_week

HOUR = 3_600_000_000
DAY = 24 * HOUR
MONDAY = datetime(2026, 1, 5)


def opening(hours: str, start: datetime = MONDAY, zone: str | None = None, **more: Any) -> Opening:
    return Opening(Calendar(hours=hours, **more), Clock(start, zone))


def test_words_of_a_week() -> None:
    assert parse_week("Tue Thu 09:00-12:00, Sat-Mon 10:00-11:00 12:00-13:00") == [
        *(["10:00-11:00", "12:00-13:00"], ["09:00-12:00"], [], ["09:00-12:00"], []),
        *(["10:00-11:00", "12:00-13:00"], ["10:00-11:00", "12:00-13:00"]),
    ]


def test_work_ends_with_the_last_minute_of_a_day_and_goes_on_at_the_next_opening() -> None:
    lunch = opening("Mon-Fri 08:00-12:00 13:00-16:00")
    assert lunch.after(0, 4 * HOUR) == 12 * HOUR
    assert lunch.after(0, 4 * HOUR + 1) == 13 * HOUR + 1
    assert lunch.after(4 * DAY + 15 * HOUR, 2 * HOUR) == 7 * DAY + 9 * HOUR
    assert lunch.after(12 * HOUR, 0) == 12 * HOUR


def test_spans_are_half_open() -> None:
    office = opening("Mon 08:00-16:00")
    assert [office.is_open(time) for time in (8 * HOUR - 1, 8 * HOUR, 16 * HOUR - 1, 16 * HOUR)] == [False, True, True, False]
    assert office.next_opening(16 * HOUR) == 7 * DAY + 8 * HOUR


def test_nights_run_on_into_the_next_day_and_touching_spans_are_one() -> None:
    night = opening("Sun 22:00-06:00, Mon 06:00-24:00, Tue 00:00-01:00")
    assert night.span_after(0)[1] == DAY + HOUR
    assert night.open_within(0, 7 * DAY) == 27 * HOUR  # Sunday's last two hours count, too
    assert opening("Mon-Sun 00:00-24:00").after(0, 30 * DAY) == 30 * DAY


def test_closed_days_holidays_and_other_hours() -> None:
    other = OtherHours.model_validate({"from": date(2026, 1, 8), "to": date(2026, 1, 9), "hours": "Mon-Fri 10:00-11:00"})
    some = opening("Mon-Fri 08:00-16:00", holidays="DE-BY", closed=[date(2026, 1, 7), date(2026, 1, 9)], exceptions=[other])
    # Monday whole, Epiphany on Tuesday, closed on Wednesday, one hour on Thursday, closed on Friday
    assert [some.open_within(day * DAY, (day + 1) * DAY) // HOUR for day in range(7)] == [8, 0, 0, 1, 0, 0, 0]


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is() -> None:
    spring = opening("Mon-Sun 00:00-24:00", datetime(2026, 3, 28), "Europe/Berlin")
    assert spring.clock.at(date(2026, 3, 30), 0) == 47 * HOUR
    assert opening("Sun 20:00-21:00", datetime(2026, 3, 28), "Europe/Berlin").next_opening(0) == 43 * HOUR


def test_rounds_leave_on_days_with_opening_time_only() -> None:
    closed = opening("Mon-Fri 08:00-16:00", closed=[date(2026, 1, 6)])
    rounds = Rounds("Mon-Fri 14:00 10:00", closed)
    assert [rounds.first_from(time) for time in (0, 10 * HOUR, 10 * HOUR + 1, 14 * HOUR + 1)] == [
        *(10 * HOUR, 10 * HOUR, 14 * HOUR, 2 * DAY + 10 * HOUR),
    ]
    assert Rounds("Sat 09:00", Opening(None, Clock(MONDAY, None))).first_from(0) == 5 * DAY + 9 * HOUR


def test_a_round_leaves_on_the_day_of_the_start_though_it_closed_before() -> None:
    noon = opening("Mon 08:00-11:00", datetime(2026, 1, 5, 12))
    assert Rounds("Mon 14:00", noon).first_from(0) == 2 * HOUR


def test_what_never_opens_is_told() -> None:
    never = opening("Mon 08:00-09:00")
    never.weeks = {text: [[] for _ in range(7)] for text in never.weeks}
    with pytest.raises(AssertionError, match="never open"):
        never.next_opening(0)
