"""Deliveries and firings that are to come, as plain data in one heap, with one SimPy event armed for the earliest.

A timer that is cancelled is only marked, and costs SimPy nothing; once most entries are, they are swept out together, so
that timers which hardly ever fire take no room. At one instant entries go one by one, each by an event
of its own, so that completions that they set off come first (H33).
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from typing import Any, Final

import simpy
from simpy.events import EventPriority

from bpmnmap.simulation.engine.scopes import Scope

DUE: Final = 0
ORDER: Final = 1
SITE: Final = 2
SCOPE: Final = 3
REF: Final = 4
EXTRA: Final = 5  # [kind of row that the token's state would make now, −1 for none; further data of the site]
DEAD: Final = -1
_SWEEP_AT: Final = 1_024

Entry = list[Any]
Resume = Callable[[int, Scope, int, Entry], None]


class Wake(simpy.Event):
    """A re-armable event: the agenda's alarm."""

    def __init__(self, env: simpy.Environment) -> None:
        super().__init__(env)
        self._ok = True
        self.due = 0


class Agenda:
    """What is on its way: `[due, order of scheduling, site, scope, ref, extra]`, earliest first."""

    def __init__(self, env: simpy.Environment, priority: EventPriority) -> None:
        self.env = env
        self.priority = priority
        self.heap: list[Entry] = []
        self.order = 0
        self.sites: list[Resume] = []
        self.nodes: list[int] = []
        self.armed: list[int] = []
        self.dead = 0
        self._spare: list[Wake] = []

    def site(self, resume: Resume, node: int) -> int:
        """Index of a place at which tokens are taken up again, on behalf of a node."""
        self.sites.append(resume)
        self.nodes.append(node)
        return len(self.sites) - 1

    def add(self, now: int, due: int, site: int, scope: Scope, ref: int, extra: list[int]) -> Entry:
        """Put a token on the agenda."""
        self.order += 1
        entry: Entry = [due, self.order, site, scope, ref, extra]
        heappush(self.heap, entry)
        if not self.armed or due < self.armed[0]:
            self._arm(now, due)
        return entry

    def cancel(self, entry: Entry) -> None:
        """Mark an entry as one that will not be taken up."""
        if entry[SITE] != DEAD:
            entry[SITE] = DEAD
            self.dead += 1
            if self.dead > _SWEEP_AT and self.dead * 2 > len(self.heap):
                self.heap[:] = [each for each in self.heap if each[SITE] != DEAD]
                heapify(self.heap)
                self.dead = 0

    def _arm(self, now: int, due: int) -> None:
        wake = self._spare.pop() if self._spare else Wake(self.env)
        wake.due = due
        wake.callbacks = [self._fire]
        heappush(self.armed, due)
        self.env.schedule(wake, self.priority, due - now)

    def arm_earliest(self, now: int) -> None:
        """Arm the alarm for the earliest entry that is not cancelled, unless one comes before it."""
        heap = self.heap
        while heap and heap[0][SITE] == DEAD:
            heappop(heap)
            self.dead -= 1
        if heap and (not self.armed or heap[0][DUE] < self.armed[0]):
            self._arm(now, heap[0][DUE])

    def _fire(self, event: simpy.Event) -> None:
        assert isinstance(event, Wake)
        now = event.due
        heappop(self.armed)
        self._spare.append(event)
        heap = self.heap
        while heap and heap[0][SITE] == DEAD:
            heappop(heap)
            self.dead -= 1
        if heap and heap[0][DUE] <= now:
            entry = heappop(heap)
            site = entry[SITE]
            entry[SITE] = DEAD  # it is no longer to be killed
            self.sites[site](now, entry[SCOPE], entry[REF], entry)
        self.arm_earliest(now)

    def living(self) -> list[Entry]:
        """All entries that are not cancelled, earliest first."""
        return sorted(entry for entry in self.heap if entry[SITE] != DEAD)
