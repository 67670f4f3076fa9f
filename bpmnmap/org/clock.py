"""The clock of a run: wall-clock time of the organization ↔ microseconds since the scenario's start."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bpmnmap.durations import DAY_US, MINUTE_US, SECOND_US
from bpmnmap.org.hours import DAY_MINUTES

FIRST_DAY: Final = date.min.toordinal()
LAST_DAY: Final = date.max.toordinal()
FOREVER: Final = 2**62
"""An instant beyond all others, small enough for int64."""
CHUNK_DAYS: Final = 184
"""So many days are expanded at once; no result depends on it."""
PATIENCE_DAYS: Final = 3653
"""A calendar, or rounds, that bring nothing for ten years never will."""


class Clock:
    """Microseconds since the start, elapsed ones where a time zone has summer time.

    A wall-clock time is the first instant at which clocks show it or a later time: the first of the two where clocks
    are set back, the jump itself where they are set forward past it.

    Parameters
    ----------
    timezone
        IANA name; None = naive local time, in which every day has 24 hours.
    start
        Naive instant in that time zone: clock zero.

    Examples
    --------
    >>> clock = Clock("Europe/Berlin", datetime(2026, 3, 28))
    >>> [clock.instant(date(2026, 3, 29).toordinal(), 60 * hour) // (60 * MINUTE_US) - 24 for hour in (1, 2, 3, 24)]
    [1, 2, 2, 23]
    """

    __slots__ = ("_offset", "_zone", "start_day")

    def __init__(self, timezone: str | None, start: datetime) -> None:
        self._zone = None if timezone is None else ZoneInfo(timezone)
        self.start_day = start.toordinal()
        self._offset = 0
        midnight = datetime(start.year, start.month, start.day)
        self._offset = self._absolute(midnight, start - midnight)

    def instant(self, day: int, minute: int) -> int:
        """Return the microseconds from start to a minute of a day, given by its ordinal; negative before the start."""
        if self._zone is None:
            return day * DAY_US + minute * MINUTE_US - self._offset
        if day >= LAST_DAY and minute >= DAY_MINUTES:  # no date holds it
            return self.instant(LAST_DAY, DAY_MINUTES - 1) + (minute - DAY_MINUTES + 1) * MINUTE_US
        return self._absolute(datetime.fromordinal(day), timedelta(minutes=minute)) - self._offset

    def microseconds(self, wall: datetime) -> int:
        """Return the microseconds from start to a naive wall-clock time."""
        midnight = datetime(wall.year, wall.month, wall.day)
        return self._absolute(midnight, wall - midnight) - self._offset

    def wall_clock(self, instant_us: int) -> datetime:
        """Return what clocks show so many microseconds after the start: with its offset from UTC where there is a time zone.

        Examples
        --------
        >>> Clock("Europe/Berlin", datetime(2026, 3, 29)).wall_clock(2 * 60 * MINUTE_US).isoformat()
        '2026-03-29T03:00:00+02:00'
        """
        shown = datetime(1, 1, 1) + timedelta(microseconds=instant_us + self._offset - DAY_US)
        return shown if self._zone is None else shown.replace(tzinfo=UTC).astimezone(self._zone)

    def _absolute(self, midnight: datetime, since: timedelta) -> int:
        """Microseconds from an arbitrary origin to the first instant at which clocks show midnight + since, or later."""
        wall = midnight + since
        wall_us = _wall_us(wall)
        if self._zone is None:
            return wall_us
        early, late = (self._shift_us(wall, fold) for fold in (0, 1))
        if early >= late:  # the usual case, or clocks are set back: the first of two
            return wall_us - early
        # In a gap the earlier shift still holds before the jump and the later one after it: bisect for the jump.
        low, high = (wall_us - late) // SECOND_US, (wall_us - early) // SECOND_US
        while high - low > 1:
            middle = (low + high) // 2
            shown = wall + timedelta(microseconds=middle * SECOND_US + early - wall_us)
            if self._shift_us(shown, 0) == early and self._shift_us(shown, 1) == early:
                low = middle
            else:
                high = middle
        return high * SECOND_US

    def _shift_us(self, wall: datetime, fold: int) -> int:
        shift = wall.replace(tzinfo=self._zone, fold=fold).utcoffset()
        return 0 if shift is None else shift // timedelta(microseconds=1)


def _wall_us(wall: datetime) -> int:
    return (wall - datetime(1, 1, 1)) // timedelta(microseconds=1) + DAY_US  # ordinal 1 is day 1
