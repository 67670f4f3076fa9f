from __future__ import annotations

import pickle
from datetime import date, datetime

import pytest

from bpmnmap.durations import HOUR_US, MINUTE_US
from bpmnmap.org.clock import Clock

SPRING = date(2026, 3, 29).toordinal()  # Berlin: 02:00 becomes 03:00
AUTUMN = date(2026, 10, 25).toordinal()  # Berlin: 03:00 becomes 02:00


def hours(clock: Clock, day: int, *times: str) -> list[float]:
    minutes = [60 * int(time[:2]) + int(time[3:]) for time in times]
    return [clock.instant(day, minute) / HOUR_US for minute in minutes]


def test_naive_days_have_24_hours() -> None:
    clock = Clock(None, datetime(2026, 3, 28, 12))
    assert hours(clock, SPRING, "00:00", "02:30", "24:00") == [12, 14.5, 36]
    assert hours(clock, SPRING - 1, "08:00") == [-4]


def test_clocks_set_forward() -> None:
    clock = Clock("Europe/Berlin", datetime(2026, 3, 29))
    # What clocks never show is the jump itself.
    assert hours(clock, SPRING, "01:59", "02:00", "02:30", "03:00", "03:30", "24:00") == [1 + 59 / 60, 2, 2, 2, 2.5, 23]


def test_clocks_set_back() -> None:
    clock = Clock("Europe/Berlin", datetime(2026, 10, 25))
    # What clocks show twice is the first of the two.
    assert hours(clock, AUTUMN, "02:00", "02:59", "03:00", "24:00") == [2, 2 + 59 / 60, 4, 25]


def test_start_within_a_day_and_a_second() -> None:
    clock = Clock("Europe/Berlin", datetime(2026, 3, 29, 1, 0, 0, 250_000))
    assert clock.instant(SPRING, 180) == HOUR_US - 250_000
    assert clock.microseconds(datetime(2026, 3, 29, 1, 0, 0, 250_001)) == 1
    assert clock.microseconds(datetime(2026, 3, 29, 2, 30, 0, 7)) == HOUR_US - 250_000


def test_a_zone_that_moves_clocks_by_half_an_hour_at_night() -> None:
    clock = Clock("Australia/Lord_Howe", datetime(2026, 10, 4))  # 02:00 becomes 02:30
    day = date(2026, 10, 4).toordinal()
    assert hours(clock, day, "02:00", "02:15", "02:30", "24:00") == [2, 2, 2, 23.5]


@pytest.mark.parametrize("zone", [None, "Europe/Berlin", "Asia/Jakarta", "America/St_Johns"])
def test_wall_clock_is_the_way_back(zone: str | None) -> None:
    clock = Clock(zone, datetime(2026, 1, 1, 7, 30))
    for day in range(date(2026, 1, 1).toordinal() + 1, date(2027, 1, 1).toordinal()):
        for minute in (0, 61, 12 * 60, 1439):
            shown = clock.wall_clock(clock.instant(day, minute))
            assert (shown.toordinal(), shown.hour * 60 + shown.minute) == (day, minute)


def test_wall_clock_tells_the_two_passes_apart() -> None:
    clock = Clock("Europe/Berlin", datetime(2026, 10, 25))
    texts = [clock.wall_clock(hour * HOUR_US).isoformat() for hour in (2, 3)]
    assert texts == ["2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00"]
    assert Clock(None, datetime(2026, 10, 25)).wall_clock(90 * MINUTE_US).isoformat() == "2026-10-25T01:30:00"


def test_ends_of_the_calendar() -> None:
    last = date.max.toordinal()
    for zone in (None, "Europe/Berlin"):
        clock = Clock(zone, datetime(9999, 12, 31))
        assert hours(clock, last, "24:00") == [24]
        assert clock.instant(last, 30 * 60) == 30 * HOUR_US
        assert Clock(zone, datetime(1, 1, 1)).instant(1, 0) == 0


def test_pickled() -> None:
    clock = pickle.loads(pickle.dumps(Clock("Europe/Berlin", datetime(2026, 3, 29))))
    assert clock.instant(SPRING, 24 * 60) == 23 * HOUR_US
