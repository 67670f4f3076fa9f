"""Calendars as a run uses them: open spans in microseconds since the scenario's start, expanded as far as asked."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from bpmnmap.durations import DAY_US
from bpmnmap.errors import OrganizationError, SimulationError
from bpmnmap.findings import Finding, Location
from bpmnmap.org.clock import CHUNK_DAYS, FIRST_DAY, FOREVER, LAST_DAY, PATIENCE_DAYS, Clock
from bpmnmap.org.days import CalendarRules, OpenDays
from bpmnmap.org.rounds import ExpandedRounds

__all__ = ["ExpandedCalendar", "ExpandedRounds"]


class ExpandedCalendar:
    """Open time of one calendar: sorted, disjoint spans ``[open, close)``; spans that touch are one.

    Instants are whole microseconds since the scenario's start; what lies before it is cut off. All that is asked is
    expanded first, and the answers do not depend on how far it was expanded before.

    Parameters
    ----------
    calendar
        Its rules; None = the calendar ``always``.
    timezone
        The organization's time zone; spans then have their elapsed length where clocks change. None = naive local time.
    start
        The scenario's start, naive, in that time zone.
    name, location
        What findings call it.

    Attributes
    ----------
    always : bool
        Whether it never closes.
    opens, closes : list of int
        The spans expanded so far; the same lists grow in place.
    elapsed : list of int
        Open microseconds before each span.

    Raises
    ------
    OrganizationError
        From the methods: no opening in ten years (``never-open``), or holidays are not known (``holidays-unknown``).
    SimulationError
        From the methods: the year 9999 is past (``past-last-year``).

    Examples
    --------
    >>> from bpmnmap.org.organization import Calendar
    >>> office = ExpandedCalendar(Calendar(hours="Mon-Fri 08:00-16:00"), None, datetime(2026, 1, 2, 12))  # a Friday
    >>> hour = 3_600_000_000
    >>> office.finish(0, 4 * hour) // hour, office.finish(0, 5 * hour) // hour, office.next_opening(5 * hour) // hour
    (4, 69, 68)
    """

    __slots__ = (
        "_arrays", "_clock", "_complete", "_days", "_held", "_next_day", "_open_from", "_total", "always", "closes", "elapsed", "opens",
    )  # fmt: skip

    def __init__(
        self, calendar: CalendarRules | None, timezone: str | None, start: datetime, *, name: str = "", location: Location | None = None
    ) -> None:
        self._arrays: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]] | None = None
        self._held: tuple[int, int] | None = None  # the last span while it may still run on
        self._total = 0  # open time in all spans
        self._complete = 0  # every span that opens before this instant is there
        self.opens: list[int] = []
        self.closes: list[int] = []
        self.elapsed: list[int] = []
        self._clock: Clock | None = None
        self._days: OpenDays | None = None
        self._open_from: int | None = None
        self._next_day = 0
        self.always = calendar is None
        if calendar is not None:
            self._clock = Clock(timezone, start)
            self._days = OpenDays(calendar, name, location or Location())
            self._open_from = self._days.open_from()
            self._next_day = max(FIRST_DAY, self._clock.start_day - 2)  # an overnight span may run on; clocks may jump by a day
            self.always = self._open_from is not None and self._open_from <= self._next_day
        if self.always:
            self._publish(0, FOREVER)
            self._complete = FOREVER

    def ensure(self, until_us: int) -> None:
        """Expand until every span that opens before an instant is there, and one that closes after it."""
        self._expand_to(until_us)
        if self.closes and self.closes[-1] > until_us:
            return
        limit = self._patience(until_us)
        while not self.closes or self.closes[-1] <= until_us:
            self._expand(limit)

    def span_at(self, instant_us: int) -> tuple[int, int]:
        """Return the first span that closes after an instant: the one it lies in, or else the next."""
        if not self.closes or self.closes[-1] <= instant_us:
            self.ensure(instant_us)
        place = bisect_right(self.closes, instant_us)
        return self.opens[place], self.closes[place]

    def next_opening(self, instant_us: int) -> int:
        """Return the earliest instant from the given one on at which it is open."""
        opens = self.span_at(instant_us)[0]
        return max(opens, instant_us)

    def finish(self, instant_us: int, worked_us: int) -> int:
        """Return the earliest instant at which so much open time has passed since the given one; itself for 0.

        Work that ends with the last minute of a day ends then, not at the next opening.
        """
        if worked_us <= 0:
            return instant_us
        if not self.closes or self.closes[-1] <= instant_us:
            self.ensure(instant_us)
        place = bisect_right(self.closes, instant_us)
        opens = self.opens[place]
        begin = max(opens, instant_us)
        if begin + worked_us <= self.closes[place]:
            return begin + worked_us
        return self._reach(self.elapsed[place] + begin - opens + worked_us)

    def open_time(self, begin_us: int, end_us: int) -> int:
        """Return the open microseconds in ``[begin, end)``."""
        return end_us - begin_us if self.always else self._open_until(end_us) - self._open_until(begin_us)

    def open_until(self, instants_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the open microseconds in ``[0, instant)`` of each instant ≥ 0."""
        if self.always or not instants_us.size:
            return instants_us.copy()
        self._expand_to(int(instants_us.max()))
        opens, closes, elapsed = self._columns()
        place = np.searchsorted(closes[:-1], instants_us, side="right")
        result: NDArray[np.int64] = elapsed[place] + np.maximum(0, instants_us - opens[place])
        return result

    def arrive(self, open_us: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the earliest instant at which so much open time has passed since 0, for each; 0 for 0."""
        if self.always or not open_us.size:
            return open_us.copy()
        self._expand_by(int(open_us.max()))
        opens, _, elapsed = self._columns()
        place = np.maximum(np.searchsorted(elapsed, open_us, side="left") - 1, 0)
        return np.where(open_us > 0, opens[place] + open_us - elapsed[place], 0)

    def digest(self, until_us: int) -> str:
        """Return the SHA-256, in hex, of the spans that open before an instant."""
        self._expand_to(until_us)
        stop = bisect_left(self.opens, until_us)
        lines = (f"{opens} {closes}\n" for opens, closes in zip(self.opens[:stop], self.closes[:stop], strict=True))
        return hashlib.sha256("".join(lines).encode("ascii")).hexdigest()

    def _open_until(self, instant_us: int) -> int:
        if instant_us > self._complete:
            self._expand_to(instant_us)
        place = bisect_right(self.closes, instant_us)
        if place == len(self.closes):
            return self._total
        return self.elapsed[place] + max(0, instant_us - self.opens[place])

    def _reach(self, open_us: int) -> int:
        """Instant at which so much open time > 0 has passed since 0: the left inverse of `_open_until`."""
        if self._total < open_us:
            self._expand_by(open_us)
        place = bisect_left(self.elapsed, open_us) - 1
        return self.opens[place] + open_us - self.elapsed[place]

    def _columns(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Opens, closes and elapsed as arrays, with a last span that never comes."""
        if self._arrays is None or len(self._arrays[0]) != len(self.opens) + 1:
            last = (FOREVER, FOREVER, min(self._total, FOREVER))
            opens, closes, elapsed = (
                np.array([*column, end], dtype=np.int64) for column, end in zip((self.opens, self.closes, self.elapsed), last, strict=True)
            )
            self._arrays = opens, closes, elapsed
        return self._arrays

    def _expand_to(self, until_us: int) -> None:
        while self._complete < until_us:
            self._expand(FOREVER)

    def _expand_by(self, open_us: int) -> None:
        while self._total < open_us:
            self._expand(self._patience(0))

    def _patience(self, instant_us: int) -> int:
        """Until when an opening after an instant is waited for."""
        return max(instant_us, self.closes[-1] if self.closes else 0) + PATIENCE_DAYS * DAY_US

    def _expand(self, limit_us: int) -> None:
        """Expand one chunk more, giving up where all before the limit is known."""
        if self._clock is None or self._days is None:  # always: all is there
            return
        if self._next_day > LAST_DAY or (self._complete >= limit_us and self._held is None):
            raise self._exhausted(self._clock, limit_us)
        stop = min(self._next_day + CHUNK_DAYS, LAST_DAY + 1)
        if self._open_from is not None:
            stop = min(stop, max(self._open_from, self._next_day))
        clock = self._clock
        found = [] if self._held is None else [self._held]
        for day in range(self._next_day, stop):
            found += [(clock.instant(day, begin), clock.instant(day, end)) for begin, end in self._days.spans(day)]
        border = clock.instant(stop - 1, 24 * 60)  # whatever comes later opens here or after it
        if stop == self._open_from:
            found.append((border, FOREVER))
            border = FOREVER + 1
        merged = _merged(found)
        self._held = merged.pop() if merged and merged[-1][1] >= border else None
        for opens, closes in merged:
            self._publish(max(opens, 0), closes)
        self._complete = max(0, self._held[0] if self._held is not None else min(border, FOREVER))
        self._next_day = stop

    def _publish(self, opens: int, closes: int) -> None:
        if closes <= opens:
            return
        self.opens.append(opens)
        self.closes.append(closes)
        self.elapsed.append(self._total)
        self._total += closes - opens

    def _exhausted(self, clock: Clock, limit_us: int) -> OrganizationError | SimulationError:
        name = "" if self._days is None else self._days.name
        location = Location() if self._days is None else self._days.location
        if self._next_day > LAST_DAY:
            fix = "shorten the run, or the times that it draws"
            return SimulationError([Finding("past-last-year", f"calendar '{name}' is needed beyond the year 9999", location, fix=fix)])
        day = clock.wall_clock(limit_us - PATIENCE_DAYS * DAY_US).date()
        fix = "give it hours, or fewer closed days"
        message = f"calendar '{name}' does not open in the ten years from {day} on"
        return OrganizationError([Finding("never-open", message, location, fix=fix)])


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort spans; those that overlap or touch become one."""
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if closes <= opens:
            continue  # falls into an hour that the clocks skip
        if merged and opens <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], closes)
        else:
            merged.append((opens, closes))
    return merged
