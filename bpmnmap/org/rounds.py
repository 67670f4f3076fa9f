"""Rounds as a run uses them: instants of departure in microseconds since the scenario's start, expanded as far as asked."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime

from bpmnmap.errors import OrganizationError, SimulationError
from bpmnmap.findings import Finding, Location
from bpmnmap.org.clock import CHUNK_DAYS, LAST_DAY, PATIENCE_DAYS, Clock
from bpmnmap.org.days import CalendarRules, OpenDays
from bpmnmap.org.hours import parse_rounds


class ExpandedRounds:
    """Instants at which a courier leaves; none on days on which a calendar is closed all day.

    A day is closed all day if it is named closed, is a public holiday, or has no open minute.

    Parameters
    ----------
    rounds
        Text like "Mon-Fri 10:00 14:00".
    calendar
        Whose closed days have no round; None = none.
    timezone, start
        As for `ExpandedCalendar`.
    name, location
        What findings call the rounds.

    Examples
    --------
    >>> rounds = ExpandedRounds("Mon-Fri 10:00 14:00", None, None, datetime(2026, 1, 2))  # a Friday
    >>> hour = 3_600_000_000
    >>> [rounds.next_round(ready * hour) // hour for ready in (0, 10, 11, 15)]
    [10, 10, 14, 82]
    """

    __slots__ = ("_clock", "_days", "_instants", "_location", "_name", "_next_day", "_week")

    def __init__(
        self,
        rounds: str,
        calendar: CalendarRules | None,
        timezone: str | None,
        start: datetime,
        *,
        name: str = "",
        location: Location | None = None,
    ) -> None:
        self._name = name
        self._location = location or Location()
        self._week = parse_rounds(rounds)
        self._clock = Clock(timezone, start)
        self._days = None if calendar is None else OpenDays(calendar, name, self._location)
        self._instants: list[int] = []
        self._next_day = self._clock.start_day

    def next_round(self, ready_us: int) -> int:
        """Return the earliest round at or after an instant ≥ 0: ready at a round goes along with it."""
        if not self._instants or self._instants[-1] < ready_us:
            self._expand_to(ready_us)
        return self._instants[bisect_left(self._instants, ready_us)]

    def _expand_to(self, ready_us: int) -> None:
        patience = PATIENCE_DAYS
        while not self._instants or self._instants[-1] < ready_us:
            if self._next_day > LAST_DAY:
                raise SimulationError([self._finding("past-last-year", "are needed beyond the year 9999", "shorten the run")])
            if patience <= 0:
                told = "do not leave in ten years"
                raise OrganizationError([self._finding("never-leaves", told, "name rounds on days on which the calendar is open")])
            stop = min(self._next_day + CHUNK_DAYS, LAST_DAY + 1)
            self._expand(stop)
            if self._clock.instant(stop - 1, 0) > ready_us:
                patience -= CHUNK_DAYS

    def _expand(self, stop: int) -> None:
        for day in range(self._next_day, stop):
            minutes = self._week[(day - 1) % 7]
            if minutes and (self._days is None or self._days.has_open_time(day)):
                instants = [self._clock.instant(day, minute) for minute in minutes]
                self._instants += [instant for instant in instants if instant >= 0]
        self._next_day = stop

    def _finding(self, code: str, told: str, fix: str) -> Finding:
        return Finding(code, f"rounds '{self._name}' {told}", self._location, fix=fix)
