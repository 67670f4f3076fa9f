from __future__ import annotations

import hashlib
import pickle
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bpmnmap.durations import DAY_US, HOUR_US, MINUTE_US
from bpmnmap.errors import OrganizationError, SimulationError
from bpmnmap.findings import Location
from bpmnmap.org.calendars import ExpandedCalendar
from bpmnmap.org.clock import FOREVER
from bpmnmap.org.hours import DAYS
from bpmnmap.org.organization import Calendar, OtherHours

MONDAY = datetime(2026, 1, 5)
FRIDAY = datetime(2026, 1, 9)


def expanded(hours: str, start: datetime = MONDAY, timezone: str | None = None, **rules: Any) -> ExpandedCalendar:
    return ExpandedCalendar(Calendar(hours=hours, **rules), timezone, start, name="office")


def spans(calendar: ExpandedCalendar, days: float) -> list[tuple[float, float]]:
    """Spans that open within so many days, in hours."""
    calendar.ensure(int(days * DAY_US))
    pairs = zip(calendar.opens, calendar.closes, strict=True)
    return [(opens / HOUR_US, closes / HOUR_US) for opens, closes in pairs if opens < days * DAY_US]


# ---- the brute force: a week's minutes, one by one -------------------------------------------------------------------------


@st.composite
def weekly_hours(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """Text of hours, and its spans in minutes of the week, the last of which may run beyond it."""
    borders = sorted(draw(st.sets(st.integers(0, 10079), min_size=2, max_size=12)))
    pairs = list(zip(borders[::2], borders[1::2], strict=False))
    if draw(st.booleans()):  # a span over the week's end
        pairs = [*zip(borders[1::2], borders[2::2], strict=False), (borders[-1], borders[0] + 10080)] if len(borders) % 2 == 0 else pairs
    pairs = [(begin, min(end, begin + 1440)) for begin, end in pairs]
    parts = []
    for begin, end in pairs:
        clock = [f"{minute % 1440 // 60:02d}:{minute % 60:02d}" for minute in (begin, end)]
        parts.append(f"{DAYS[begin // 1440]} {clock[0]}-{clock[1]}")
    return ", ".join(parts), pairs


class MinuteByMinute:
    """Open minutes since start by marking each span of each day; shares no code with the calendar."""

    def __init__(
        self, pairs: Sequence[tuple[int, int]], start: datetime, days: int, closed: Sequence[date] = (), timezone: str | None = None
    ) -> None:
        before = 3 * 1440  # spans of the days before may run on
        minutes = range(-before, days * 1440)
        if timezone is None:
            walls = np.datetime64(start, "m") + np.arange(minutes.start, minutes.stop)
        else:
            zone = ZoneInfo(timezone)
            begin = start.replace(tzinfo=zone).astimezone(UTC)
            shown = [(begin + timedelta(minutes=minute)).astimezone(zone).replace(tzinfo=None) for minute in minutes]
            walls = np.array(shown, dtype="datetime64[m]")
        latest = np.maximum.accumulate(walls)  # the first minute that shows a time or a later one
        is_open = np.zeros(len(walls), dtype=bool)
        first = start.date() - timedelta(days=2)
        for number in range(days + 4):
            day = first + timedelta(days=number)
            for opens, closes in pairs:
                if day.weekday() == opens // 1440 and day not in closed:
                    midnight = np.datetime64(day, "m")
                    borders = [midnight + np.timedelta64(minute - opens // 1440 * 1440, "m") for minute in (opens, closes)]
                    at, until = np.searchsorted(latest, borders)
                    is_open[at:until] = True
        self.open = is_open[before:]
        self.before = np.concatenate(([0], np.cumsum(self.open)))

    def finish(self, minute: int, worked: int) -> int | None:
        if worked == 0:
            return minute
        reached = np.flatnonzero(self.before >= self.before[minute] + worked)
        return int(reached[0]) if len(reached) else None

    def next_opening(self, minute: int) -> int | None:
        found = np.flatnonzero(self.open[minute:])
        return minute + int(found[0]) if len(found) else None


def check_against(calendar: ExpandedCalendar, brute: MinuteByMinute, minutes: list[int], works: list[int]) -> None:
    for minute in minutes:
        opening = brute.next_opening(minute)
        if opening is not None:
            assert calendar.next_opening(minute * MINUTE_US) == opening * MINUTE_US
            opens, closes = calendar.span_at(minute * MINUTE_US)
            assert opens <= opening * MINUTE_US < closes
            assert closes // MINUTE_US >= len(brute.open) or not brute.open[closes // MINUTE_US]
        for worked in works:
            finish = brute.finish(minute, worked)
            if finish is not None:
                assert calendar.finish(minute * MINUTE_US, worked * MINUTE_US) == finish * MINUTE_US
        for other in minutes:
            if other >= minute:
                assert calendar.open_time(minute * MINUTE_US, other * MINUTE_US) == (brute.before[other] - brute.before[minute]) * MINUTE_US
    instants = np.array(minutes, dtype=np.int64)
    assert (calendar.open_until(instants * MINUTE_US) == brute.before[instants] * MINUTE_US).all()
    amounts: NDArray[np.int64] = np.array([work for work in [0, *works] if work <= brute.before[-1]], dtype=np.int64)
    assert calendar.arrive(amounts * MINUTE_US).tolist() == [(brute.finish(0, int(work)) or 0) * MINUTE_US for work in amounts]


@settings(max_examples=150)
@given(
    weekly_hours(),
    st.integers(0, 20000),
    st.lists(st.integers(0, 40000), min_size=1, max_size=5),
    st.lists(st.integers(1, 15000), max_size=5),
)
def test_against_minute_by_minute(hours: tuple[str, list[tuple[int, int]]], start: int, minutes: list[int], works: list[int]) -> None:
    text, pairs = hours
    begin = MONDAY + timedelta(minutes=start)
    closed = [date(2026, 1, 14), date(2026, 1, 25)]
    brute = MinuteByMinute(pairs, begin, 30, closed)
    check_against(expanded(text, begin, closed=closed), brute, minutes, works)


@settings(max_examples=25)
@given(
    weekly_hours(),
    st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/New_York"]),
    st.sampled_from(
        [datetime(2026, 3, 27, 5), datetime(2026, 3, 29, 1, 30), datetime(2026, 10, 23), datetime(2026, 10, 3), datetime(2026, 3, 7)]
    ),
    st.lists(st.integers(0, 9000), min_size=1, max_size=5),
    st.lists(st.integers(1, 5000), max_size=4),
)
def test_summer_time_against_minute_by_minute(
    hours: tuple[str, list[tuple[int, int]]], zone: str, start: datetime, minutes: list[int], works: list[int]
) -> None:
    text, pairs = hours
    check_against(expanded(text, start, zone), MinuteByMinute(pairs, start, 8, timezone=zone), minutes, works)


# ---- rules, one by one -----------------------------------------------------------------------------------------------------


def test_spans_are_clipped_at_the_start_and_run_on() -> None:
    assert spans(expanded("Mon-Fri 08:00-12:00", MONDAY + timedelta(hours=10)), 1.5) == [(0, 2), (22, 26)]
    assert spans(expanded("Sun 22:00-06:00, Mon 08:00-12:00"), 1) == [(0, 6), (8, 12)]
    assert spans(expanded("Sun 22:00-06:00, Mon 08:00-12:00", MONDAY + timedelta(hours=6)), 1) == [(2, 6)]


def test_spans_that_touch_are_one() -> None:
    assert spans(expanded("Mon 08:00-12:00 12:00-16:00, Mon 22:00-24:00, Tue 00:00-06:00"), 2) == [(8, 16), (22, 30)]


def test_overnight() -> None:
    assert spans(expanded("Fri 22:00-06:00, Sun 23:00-07:00"), 8) == [(0, 7), (118, 126), (167, 175)]


def test_finish_is_the_left_inverse() -> None:
    office = expanded("Mon-Fri 08:00-16:00", FRIDAY)
    assert office.finish(8 * HOUR_US, 8 * HOUR_US) == 16 * HOUR_US  # 16:00 on Friday, not Monday 08:00
    assert office.finish(8 * HOUR_US, 8 * HOUR_US + 1) == 80 * HOUR_US + 1
    assert office.finish(17 * HOUR_US, 0) == 17 * HOUR_US
    assert office.finish(17 * HOUR_US, 1) == 80 * HOUR_US + 1
    assert office.next_opening(16 * HOUR_US) == 80 * HOUR_US  # the right inverse: at closing time it is closed
    assert office.next_opening(16 * HOUR_US - 1) == 16 * HOUR_US - 1
    assert office.span_at(16 * HOUR_US - 1) == (8 * HOUR_US, 16 * HOUR_US)
    assert office.span_at(16 * HOUR_US) == (80 * HOUR_US, 88 * HOUR_US)


def test_exact_to_the_microsecond() -> None:
    office = expanded("Mon-Fri 08:00-16:00")
    assert office.open_time(8 * HOUR_US - 1, 8 * HOUR_US + 1) == 1
    assert office.open_until(np.array([0, 8 * HOUR_US, 8 * HOUR_US + 1, 16 * HOUR_US, 40 * HOUR_US], dtype=np.int64)).tolist() == [
        0, 0, 1, 8 * HOUR_US, 16 * HOUR_US,
    ]  # fmt: skip
    assert office.arrive(np.array([0, 1, 8 * HOUR_US, 8 * HOUR_US + 1], dtype=np.int64)).tolist() == [
        0, 8 * HOUR_US + 1, 16 * HOUR_US, 32 * HOUR_US + 1,
    ]  # fmt: skip
    empty = np.array([], dtype=np.int64)
    assert office.arrive(empty).tolist() == office.open_until(empty).tolist() == []


def test_elapsed_counts_open_time_before_each_span() -> None:
    office = expanded("Mon-Fri 08:00-16:00")
    office.ensure(14 * DAY_US)
    assert office.elapsed[:7] == [day * 8 * HOUR_US for day in range(7)]
    assert office.closes[-1] > 14 * DAY_US


@pytest.mark.parametrize("until", [0, 1, 8 * HOUR_US, 16 * HOUR_US, 200 * DAY_US, 184 * DAY_US, 184 * DAY_US - 1])
def test_ensure_keeps_its_promise(until: int) -> None:
    office, full = expanded("Mon-Fri 08:00-16:00"), expanded("Mon-Fri 08:00-16:00")
    opens = office.opens
    full.ensure(800 * DAY_US)
    office.ensure(until)
    assert office.closes[-1] > until
    assert office.opens is opens  # grows in place
    assert office.opens == full.opens[: len(opens)]
    assert full.opens[len(opens)] >= until


def test_answers_do_not_depend_on_how_far_it_is_expanded() -> None:
    rules: dict[str, Any] = {"closed": [date(2026, 7, 8)], "holidays": "ID"}
    stepwise, at_once = expanded("Mon-Fri 20:00-04:00", **rules), expanded("Mon-Fri 20:00-04:00", **rules)
    for day in range(0, 900, 30):
        stepwise.ensure(day * DAY_US)
    at_once.ensure(2000 * DAY_US)
    assert stepwise.digest(850 * DAY_US) == at_once.digest(850 * DAY_US)
    assert stepwise.closes == at_once.closes[: len(stepwise.closes)]
    assert stepwise.finish(123, 4321 * HOUR_US) == at_once.finish(123, 4321 * HOUR_US)


def test_digest() -> None:
    office = expanded("Mon-Fri 08:00-16:00")
    same = expanded("Mon-Thu 08:00-12:00 12:00-16:00, Fri 08:00-16:00")
    assert office.digest(30 * DAY_US) == same.digest(30 * DAY_US)
    assert office.digest(8 * HOUR_US) != office.digest(8 * HOUR_US + 1)
    assert office.digest(0) == hashlib.sha256(b"").hexdigest()
    assert office.digest(8 * HOUR_US + 1) == hashlib.sha256(b"28800000000 57600000000\n").hexdigest()


def test_pickled_calendar_goes_on() -> None:
    office = expanded("Mon-Fri 08:00-16:00", timezone="Europe/Berlin")
    office.ensure(100 * DAY_US)
    other = pickle.loads(pickle.dumps(office))
    assert other.finish(0, 3000 * HOUR_US) == office.finish(0, 3000 * HOUR_US)
    assert other.digest(900 * DAY_US) == office.digest(900 * DAY_US)


# ---- summer time -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "length"), [(datetime(2026, 3, 28), 7), (datetime(2026, 10, 24), 9), (datetime(2026, 5, 2), 8)])
def test_night_shift_when_clocks_change(start: datetime, length: int) -> None:
    night = expanded("Sat 22:00-06:00", start, "Europe/Berlin")
    assert spans(night, 2) == [(22, 22 + length)]
    assert night.finish(0, HOUR_US * length) == (22 + length) * HOUR_US


def test_office_hours_after_clocks_change() -> None:
    assert spans(expanded("Mon-Sun 08:00-16:00", datetime(2026, 3, 28), "Europe/Berlin"), 2.5) == [(8, 16), (31, 39), (55, 63)]
    assert spans(expanded("Mon-Sun 08:00-16:00", datetime(2026, 10, 24), "Europe/Berlin"), 2.5) == [(8, 16), (33, 41), (57, 65)]
    assert spans(expanded("Mon-Sun 08:00-16:00", datetime(2026, 3, 28)), 2.5) == [(8, 16), (32, 40), (56, 64)]  # naive


def test_hours_that_clocks_skip_or_show_twice() -> None:
    assert spans(expanded("Sat-Sun 02:00-03:00", datetime(2026, 3, 28), "Europe/Berlin"), 3) == [(2, 3)]
    assert spans(expanded("Sun 02:30-04:00", datetime(2026, 3, 29), "Europe/Berlin"), 1) == [(2, 3)]
    assert spans(expanded("Sun 02:00-03:00", datetime(2026, 10, 25), "Europe/Berlin"), 1) == [(2, 4)]


def test_open_around_the_clock_when_clocks_change() -> None:
    assert spans(expanded("Fri-Mon 00:00-24:00", datetime(2026, 3, 27), "Europe/Berlin"), 6) == [(0, 95)]


# ---- closed days, exceptions, holidays -------------------------------------------------------------------------------------


def test_closed_days() -> None:
    office = expanded("Mon-Fri 08:00-16:00", closed=[date(2026, 1, 6), "2026-01-08/2026-01-09"])
    assert spans(office, 7.5) == [(8, 16), (56, 64), (176, 184)]


def test_spans_of_a_closed_day_do_not_happen_and_those_of_the_day_before_run_on() -> None:
    assert spans(expanded("Mon-Wed 22:00-06:00", closed=[date(2026, 1, 6)]), 4) == [(22, 30), (70, 78)]


def test_exceptions() -> None:
    fasting = OtherHours(from_=date(2026, 1, 7), to=date(2026, 1, 8), hours="Mon-Sun 08:00-14:00")
    assert spans(expanded("Mon-Fri 08:00-16:00", exceptions=[fasting]), 5) == [(8, 16), (32, 40), (56, 62), (80, 86), (104, 112)]


def test_a_closed_day_within_an_exception() -> None:
    fasting = OtherHours(from_=date(2026, 1, 6), to=date(2026, 1, 8), hours="Tue Wed 10:00-14:00")
    assert spans(expanded("Mon-Fri 08:00-16:00", exceptions=[fasting], closed=[date(2026, 1, 7)]), 5) == [(8, 16), (34, 38), (104, 112)]


def test_exception_that_overlaps_the_night_before() -> None:
    early = OtherHours(from_=date(2026, 1, 6), to=date(2026, 1, 6), hours="Tue 04:00-12:00")
    assert spans(expanded("Mon-Fri 22:00-06:00", exceptions=[early]), 3) == [(22, 36), (70, 78)]


def test_holidays_of_indonesia() -> None:
    office = ExpandedCalendar(Calendar(hours="Mon-Fri 08:00-16:00", holidays="ID"), "Asia/Jakarta", datetime(2026, 8, 14))
    assert spans(office, 5) == [(8, 16), (104, 112)]  # Monday the 17th is Independence Day
    year = ExpandedCalendar(Calendar(hours="Mon-Sun 08:00-09:00", holidays="ID"), "Asia/Jakarta", datetime(2026, 1, 1))
    open_days = {int(opens // 24) for opens, _ in spans(year, 365)}
    closed = {(date(2026, 1, 1) + timedelta(days=day)).isoformat() for day in range(365) if day not in open_days}
    assert {"2026-01-01", "2026-03-19", "2026-03-21", "2026-05-01", "2026-06-01", "2026-08-17", "2026-12-25"} <= closed
    assert len(closed) < 25


def test_holidays_of_a_part_of_a_country() -> None:
    epiphany = [ExpandedCalendar(Calendar(hours="Mon-Fri 08:00-16:00", holidays=code), None, MONDAY) for code in ("DE", "DE-BY")]
    assert [len(spans(calendar, 5)) for calendar in epiphany] == [5, 4]


def test_holidays_that_nobody_knows_yet() -> None:
    office = ExpandedCalendar(
        Calendar(hours="Mon-Fri 08:00-16:00", holidays="ID"), None, datetime(2150, 1, 1), name="office", location=Location("org.toml")
    )
    with pytest.raises(OrganizationError) as caught:
        office.ensure(DAY_US)
    (finding,) = caught.value.findings
    assert (finding.code, finding.location.path) == ("holidays-unknown", "org.toml")
    assert finding.message == "calendar 'office': public holidays of 'ID' are not known for the year 2149"
    assert finding.fix == "simulate another time, or name the days in 'closed' instead of 'holidays'"


# ---- always, and never -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "calendar",
    [ExpandedCalendar(None, None, MONDAY), expanded("Mon-Sun 00:00-24:00", timezone="Europe/Berlin"), expanded("Mon-Sun 09:00-09:00")],
)
def test_always(calendar: ExpandedCalendar) -> None:
    assert calendar.always
    assert (calendar.opens, calendar.closes, calendar.elapsed) == ([0], [FOREVER], [0])
    calendar.ensure(10**18)
    assert calendar.span_at(10**18) == (0, FOREVER)
    assert (calendar.finish(5, 7), calendar.finish(5, 0), calendar.next_opening(5), calendar.open_time(5, 12)) == (12, 5, 5, 7)
    times = np.array([0, 5], dtype=np.int64)
    assert calendar.open_until(times).tolist() == calendar.arrive(times).tolist() == [0, 5]
    assert calendar.digest(1) == ExpandedCalendar(None, None, FRIDAY).digest(10**18)
    assert pickle.loads(pickle.dumps(calendar)).always


def test_not_always() -> None:
    assert not expanded("Mon-Fri 08:00-16:00").always
    assert not expanded("Mon-Sun 00:00-24:00", holidays="ID").always
    assert expanded("Mon-Sun 00:00-24:00", closed=["2025-01-01/2025-02-01"]).always  # long before the start


def test_open_forever_after_a_last_closed_day() -> None:
    calendar = expanded("Mon-Sun 00:00-24:00", closed=[date(2026, 1, 6), date(2040, 1, 1)])
    assert not calendar.always
    assert calendar.span_at(0) == (0, DAY_US)
    last = (date(2040, 1, 2) - MONDAY.date()).days * DAY_US
    assert calendar.span_at(DAY_US) == (2 * DAY_US, last - DAY_US)
    assert calendar.span_at(last + 1) == (last, FOREVER)
    assert calendar.finish(last, 10**17) == last + 10**17
    assert calendar.open_until(np.array([last + 10**17], dtype=np.int64)).tolist() == [last - 2 * DAY_US + 10**17]
    assert calendar.arrive(np.array([last - 2 * DAY_US + 10**17], dtype=np.int64)).tolist() == [last + 10**17]


def test_open_around_the_clock_but_for_holidays() -> None:
    calendar = expanded("Mon-Sun 00:00-24:00", datetime(2026, 1, 2), holidays="DE")
    assert spans(calendar, 91.9)[0] == (0, 91 * 24)  # Good Friday, 3 April
    assert len(calendar.opens) >= 2


def test_a_calendar_that_never_opens_again() -> None:
    office = expanded("Mon-Fri 08:00-16:00", closed=["2026-01-07/2090-01-01"])
    assert office.open_time(0, 20 * DAY_US) == 16 * HOUR_US  # what is known is told
    assert office.open_until(np.array([20 * DAY_US], dtype=np.int64)).tolist() == [16 * HOUR_US]
    assert office.finish(0, 16 * HOUR_US) == 40 * HOUR_US
    for ask in (lambda: office.finish(0, 16 * HOUR_US + 1), lambda: office.next_opening(2 * DAY_US), lambda: office.ensure(2 * DAY_US)):
        with pytest.raises(OrganizationError) as caught:
            ask()
        (finding,) = caught.value.findings
        assert finding.code == "never-open"
        assert finding.message in {f"calendar 'office' does not open in the ten years from 2026-01-0{day} on" for day in (6, 7)}
        assert finding.fix == "give it hours, or fewer closed days"


def test_a_calendar_that_opens_after_nine_years() -> None:
    office = expanded("Mon-Fri 08:00-16:00", closed=["2026-01-01/2034-12-31"])
    assert office.next_opening(0) == (date(2035, 1, 1) - MONDAY.date()).days * DAY_US + 8 * HOUR_US


@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_beyond_the_last_year(zone: str | None) -> None:
    office = expanded("Mon-Fri 08:00-16:00", datetime(9999, 12, 1), zone)
    assert office.finish(0, 23 * 8 * HOUR_US) == 30 * DAY_US + 16 * HOUR_US  # the last Friday is the last day
    with pytest.raises(SimulationError) as caught:
        office.finish(0, 23 * 8 * HOUR_US + 1)
    (finding,) = caught.value.findings
    assert finding.code == "past-last-year"
    assert finding.message == "calendar 'office' is needed beyond the year 9999"
    assert finding.fix == "shorten the run, or the times that it draws"


def test_first_year() -> None:
    assert spans(expanded("Mon-Fri 08:00-16:00", datetime(1, 1, 1)), 2) == [(8, 16), (32, 40)]
