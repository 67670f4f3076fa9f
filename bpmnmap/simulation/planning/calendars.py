"""Calendars and rounds that a run uses, expanded from its start and numbered in order of use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bpmnmap.errors import OrganizationError, SimulationError
from bpmnmap.org.calendars import ExpandedCalendar
from bpmnmap.org.clock import Clock
from bpmnmap.org.organization import ALWAYS, Calendar
from bpmnmap.org.rounds import ExpandedRounds
from bpmnmap.org.toml_files import Key
from bpmnmap.simulation.planning.faults import Faults
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

    def hours(self, hours: str, place: Key) -> int:
        """Return the number of a calendar of weekly hours alone, which stand at a key of the scenario."""
        key = f"hours {hours}"
        if key not in self._numbers:
            location = self.scenario.location(place)
            calendar = Calendar(hours=hours)
            self._add(key, ExpandedCalendar(calendar, self.organization.timezone, self.start, name=hours, location=location))
        return self._numbers[key]

    def _add(self, key: str, expanded: ExpandedCalendar) -> None:
        if expanded.always:
            self._numbers[key] = -1
            return
        self._numbers[key] = len(self.expanded)
        self.expanded.append(expanded)
        self.ids.append(key)

    def round_number(self, rounds: str, calendar_id: str, place: Key) -> int:
        """Return the number of rounds, which stand at a key, that do not leave on days on which a calendar is closed all day."""
        key = (rounds, calendar_id)
        if key not in self._round_numbers:
            self._round_numbers[key] = len(self.rounds)
            calendar = self.organization.calendar(calendar_id)
            location = self.scenario.location(place)
            self.rounds.append(ExpandedRounds(rounds, calendar, self.organization.timezone, self.start, name=rounds, location=location))
        return self._round_numbers[key]

    def instant(self, instant: datetime) -> int:
        """Return microseconds from the start to a local instant."""
        return self.clock.microseconds(instant)

    @property
    def last_instant(self) -> int:
        """Microseconds from the start to the year 9999, the last that dates have."""
        return self.clock.microseconds(datetime(9999, 1, 1))

    def check(self, faults: Faults) -> None:
        """Tell calendars that never open, and rounds that never leave."""
        for calendar in self.expanded:
            self.asked(faults, calendar.next_opening, 0)
        for rounds in self.rounds:
            self.asked(faults, rounds.next_round, 0)

    def asked(self, faults: Faults, question: Callable[..., int], *instants: int) -> int | None:
        """Return what a calendar or rounds answer; None where they cannot, which is told."""
        try:
            return question(*instants)
        except (OrganizationError, SimulationError) as error:
            faults.findings += error.findings
            return None
