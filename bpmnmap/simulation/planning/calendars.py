"""Calendars and rounds that a run uses, expanded from its start and numbered in order of use."""

from __future__ import annotations

from datetime import datetime

from bpmnmap.org.calendars import ExpandedCalendar
from bpmnmap.org.clock import Clock
from bpmnmap.org.organization import ALWAYS, Calendar
from bpmnmap.org.rounds import ExpandedRounds
from bpmnmap.simulation.scenario import Scenario


class Calendars:
    """Numbers for calendars and rounds; −1 is always open."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.organization = scenario.organization
        self.start = scenario.start
        self.clock = Clock(self.organization.timezone, self.start)
        self._numbers: dict[str, int] = {}
        self._round_numbers: dict[tuple[str, str], int] = {}
        self.expanded: list[ExpandedCalendar] = []
        self.rounds: list[ExpandedRounds] = []
        self.ids: list[str] = []

    def number(self, calendar_id: str) -> int:
        """Return the number of a calendar of the organization."""
        if calendar_id == ALWAYS:
            return -1
        if calendar_id not in self._numbers:
            calendar = self.organization.calendars[calendar_id]
            location = self.scenario.location(("calendars", calendar_id))
            self._add(calendar_id, ExpandedCalendar(calendar, self.organization.timezone, self.start, name=calendar_id, location=location))
        return self._numbers[calendar_id]

    def hours(self, hours: str) -> int:
        """Return the number of a calendar of weekly hours alone."""
        key = f"hours {hours}"
        if key not in self._numbers:
            self._add(key, ExpandedCalendar(Calendar(hours=hours), self.organization.timezone, self.start, name=hours))
        return self._numbers[key]

    def _add(self, key: str, expanded: ExpandedCalendar) -> None:
        if expanded.always:
            self._numbers[key] = -1
            return
        self._numbers[key] = len(self.expanded)
        self.expanded.append(expanded)
        self.ids.append(key)

    def round_number(self, rounds: str, calendar_id: str) -> int:
        """Return the number of rounds that do not leave on days on which a calendar is closed all day."""
        key = (rounds, calendar_id)
        if key not in self._round_numbers:
            self._round_numbers[key] = len(self.rounds)
            calendar = self.organization.calendar(calendar_id)
            self.rounds.append(ExpandedRounds(rounds, calendar, self.organization.timezone, self.start, name=rounds))
        return self._round_numbers[key]

    def instant(self, instant: datetime) -> int:
        """Return microseconds from the start to a local instant."""
        return self.clock.microseconds(instant)
