"""Which spans a calendar opens on a given date: weekly hours, other hours for a while, closed days, public holidays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, Protocol

from bpmnmap.errors import OrganizationError
from bpmnmap.findings import Finding, Location
from bpmnmap.org.clock import LAST_DAY
from bpmnmap.org.hours import DAY_MINUTES, DayHours, WeeklyHours, is_full_week, parse_hours
from bpmnmap.org.public_holidays import public_holidays

_NO_HOURS: Final[DayHours] = ()


class HoursForAWhile(Protocol):
    """Weekly hours from a first to a last day, both included."""

    @property
    def from_(self) -> date:
        """First day."""

    @property
    def to(self) -> date:
        """Last day."""

    @property
    def hours(self) -> str:
        """Text of weekly hours."""


class CalendarRules(Protocol):
    """What `organization.Calendar` says of days."""

    @property
    def hours(self) -> str:
        """Text of weekly hours."""

    @property
    def holidays(self) -> str | None:
        """Code of public holidays."""

    @property
    def exceptions(self) -> Sequence[HoursForAWhile]:
        """Other hours for a while, no two on one day."""

    @property
    def closed(self) -> Sequence[tuple[date, date]]:
        """First and last of further closed days."""


class OpenDays:
    """The days of one calendar, given by their ordinals.

    Parameters
    ----------
    calendar
        Its rules.
    name, location
        What findings call it.
    """

    __slots__ = ("_closed", "_exceptions", "_holiday_code", "_holidays", "_hours", "location", "name")

    def __init__(self, calendar: CalendarRules, name: str, location: Location) -> None:
        self.name = name
        self.location = location
        self._hours = parse_hours(calendar.hours)
        self._exceptions: list[tuple[int, int, WeeklyHours]] = [
            (exception.from_.toordinal(), exception.to.toordinal(), parse_hours(exception.hours)) for exception in calendar.exceptions
        ]
        self._closed = [(first.toordinal(), last.toordinal()) for first, last in calendar.closed]
        self._holiday_code = calendar.holidays
        self._holidays: dict[int, frozenset[int]] = {}

    def spans(self, day: int) -> DayHours:
        """Spans that begin on a day, in minutes since its midnight; none on a closed day."""
        return _NO_HOURS if self.is_closed(day) else self._usual(day)

    def is_closed(self, day: int) -> bool:
        """Whether a day is named closed, or a public holiday."""
        if any(first <= day <= last for first, last in self._closed):
            return True
        if self._holiday_code is None:
            return False
        year = date.fromordinal(day).year
        if year not in self._holidays:
            self._holidays[year] = self._holidays_of(self._holiday_code, year)
        return day in self._holidays[year]

    def has_open_time(self, day: int) -> bool:
        """Whether a day is not closed all day: not named closed, and some of its minutes are open."""
        if self.is_closed(day):
            return False
        return bool(self.spans(day)) or (day > 1 and any(end > DAY_MINUTES for _, end in self.spans(day - 1)))

    def open_from(self) -> int | None:
        """First day from which on it never closes again; None if there is none."""
        if self._holiday_code is not None or not is_full_week(self._hours):
            return None
        special = [last for _, last, _ in self._exceptions] + [last for _, last in self._closed]
        first = max(special, default=0) + 1
        return first if first <= LAST_DAY else None

    def opens_never(self) -> bool:
        """Whether closed days leave no date on which a span begins; public holidays are not looked at."""
        begin = 1
        for first, last in [*sorted(self._closed), (LAST_DAY + 1, LAST_DAY + 1)]:
            if any(self._usual(day) for day in range(begin, first)):  # each week of one kind of hours opens: soon found
                return False
            begin = max(begin, last + 1)
        return True

    def _usual(self, day: int) -> DayHours:
        weekday = (day - 1) % 7  # ordinal 1 is a Monday
        for first, last, hours in self._exceptions:
            if first <= day <= last:
                return hours[weekday]
        return self._hours[weekday]

    def _holidays_of(self, code: str, year: int) -> frozenset[int]:
        days = public_holidays(code, year)
        if days is None:
            message = f"calendar '{self.name}': public holidays of '{code}' are not known for the year {year}"
            fix = "simulate another time, or name the days in 'closed' instead of 'holidays'"
            raise OrganizationError([Finding("holidays-unknown", message, self.location, fix=fix)])
        return days
