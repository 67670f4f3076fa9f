"""Opening hours and rounds, day by day: the reference's own reading of the texts, and nothing clever."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays

from bpmnmap.org.organization import Calendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MICROSECOND = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
FAR = 20 * 366  # days after which a calendar that has not opened never will


def minutes_of(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def days_of(words: list[str]) -> set[int]:
    """Days of the week that words like "Mon-Thu" and "Sat" name; a range may wrap around Sunday."""
    found = set()
    for word in words:
        ends = [DAYS.index(name.lower()) for name in word.split("-")]
        day = ends[0]
        found.add(day)
        while day != ends[-1]:
            day = (day + 1) % 7
            found.add(day)
    return found


def parse_week(text: str) -> list[list[str]]:
    """For each day of the week, the words with a time in them."""
    week: list[list[str]] = [[] for _ in DAYS]
    for part in text.split(","):
        words = part.split()
        times = [word for word in words if ":" in word]
        for day in days_of([word for word in words if ":" not in word]):
            week[day] += times
    return week


@dataclass(frozen=True)
class Clock:
    """Microseconds since the start, of local instants and back."""

    start: datetime
    zone: str | None

    def microseconds(self, local: datetime) -> int:
        """Of times that clocks show twice the first; of times that they skip the first instant at which they show a later one (H49)."""
        if self.zone is None:
            return (local - self.start) // MICROSECOND
        zone = ZoneInfo(self.zone)
        instant = local.replace(tzinfo=zone).astimezone(UTC)
        while (instant - ONE_MINUTE).astimezone(zone).replace(tzinfo=None) >= local:
            instant -= ONE_MINUTE
        return (instant - self.start.replace(tzinfo=zone).astimezone(UTC)) // MICROSECOND

    def at(self, day: date, minutes: int) -> int:
        return self.microseconds(datetime(day.year, day.month, day.day) + timedelta(minutes=minutes))


@dataclass
class Opening:
    """When it is open: half-open spans that neither overlap nor touch, as far as somebody asked. None of a calendar: always."""

    calendar: Calendar | None
    clock: Clock
    spans: list[tuple[int, int]] = field(default_factory=list)
    next_day: date = date.min
    known_until: int = 0

    def __post_init__(self) -> None:
        self.next_day = self.clock.start.date() - ONE_DAY  # its last span may reach into the start
        if self.calendar is not None:
            self.weeks = {text: parse_week(text) for text in (self.calendar.hours, *(each.hours for each in self.calendar.exceptions))}

    def hours_on(self, day: date) -> list[str]:
        assert self.calendar is not None
        if self.is_closed(day):
            return []
        text = next((each.hours for each in self.calendar.exceptions if each.from_ <= day <= each.to), self.calendar.hours)
        return self.weeks[text][day.weekday()]

    def is_closed(self, day: date) -> bool:
        """Whether nothing opens because of the date."""
        if self.calendar is None:
            return False
        if any(first <= day <= last for first, last in self.calendar.closed):
            return True
        if self.calendar.holidays is None:
            return False
        country, _, part = self.calendar.holidays.partition("-")
        return day in holidays.country_holidays(country, subdiv=part or None, years=day.year)

    def expand(self) -> None:
        """One day more."""
        day = self.next_day
        for text in sorted(self.hours_on(day), key=lambda span: minutes_of(span.split("-")[0])):
            opens, closes = (minutes_of(word) for word in text.split("-"))
            if closes <= opens:
                closes += 24 * 60
            begin, end = self.clock.at(day, opens), self.clock.at(day, closes)
            if self.spans and begin <= self.spans[-1][1]:
                begin, end = self.spans[-1][0], max(end, self.spans.pop()[1])
            self.spans.append((begin, end))
        self.next_day = day + ONE_DAY
        self.known_until = self.clock.at(day, 0)  # what the day after opens, and may touch, is not known yet

    def known(self, time: int) -> None:
        while self.known_until <= time:
            self.expand()

    def is_open(self, time: int) -> bool:
        if self.calendar is None:
            return True
        self.known(time)
        return any(opens <= time < closes for opens, closes in reversed(self.spans))

    def span_after(self, time: int) -> tuple[int, int]:
        """The first span that ends later, as far as its end is known."""
        self.known(time)
        for _ in range(FAR):
            found = None
            for span in reversed(self.spans):
                if span[1] <= time:
                    break
                found = span
            if found is not None:
                return found
            self.expand()
        raise AssertionError(f"never open after {time}")

    def next_opening(self, time: int) -> int:
        """The first opening after a time at which it is closed."""
        return self.span_after(time)[0]

    def open_within(self, begin: int, end: int) -> int:
        """Open microseconds in [begin, end)."""
        if self.calendar is None:
            return end - begin
        self.known(end)
        total = 0
        for opens, closes in reversed(self.spans):
            if closes <= begin:
                break
            total += max(0, min(closes, end) - max(opens, begin))
        return total

    def after(self, begin: int, open_time: int) -> int:
        """The first instant by which so much open time has passed."""
        if self.calendar is None or open_time == 0:
            return begin + open_time
        time = begin
        while True:
            opens, closes = self.span_after(time)
            time = max(time, opens)
            if time + open_time <= closes:
                return time + open_time
            open_time -= closes - time
            time = closes


@dataclass(frozen=True)
class Rounds:
    """The courier: times by day of the week; none leaves on a day that the calendar closes, or without an open minute (H50)."""

    text: str
    opening: Opening

    def first_from(self, time: int) -> int:
        """The first round at or after a time."""
        clock, week = self.opening.clock, parse_week(self.text)
        day = (clock.start + timedelta(microseconds=time)).date() - ONE_DAY
        for _ in range(FAR):
            if not self.opening.is_closed(day) and self.opening.open_within(clock.at(day, 0), clock.at(day + ONE_DAY, 0)):
                for minutes in sorted(minutes_of(text) for text in week[day.weekday()]):
                    if clock.at(day, minutes) >= time:
                        return clock.at(day, minutes)
            day += ONE_DAY
        raise AssertionError(f"no round after {time}")
