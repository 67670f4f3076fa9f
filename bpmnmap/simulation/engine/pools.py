"""Pools of people at run time: free people by number, one queue in order of release, and the opening hours (H33)."""

from __future__ import annotations

from collections import deque
from heapq import heapify, heappop, heappush
from typing import Any, TypeAlias

import simpy
from simpy.events import EventPriority

from bpmnmap.org.calendars import ExpandedCalendar
from bpmnmap.simulation.engine.scopes import Scope

FOREVER = 1 << 62
Entry: TypeAlias = Any  # (begin, scope, ref, time, visit); a list where it can be withdrawn


class Person(simpy.Event):
    """One person and the SimPy event of the work's completion, re-armed for each instance.

    Nobody's work (an automatic task, an outside party) has a Person each while it runs, with label 0.
    """

    def __init__(self, env: simpy.Environment, number: int, label: int) -> None:
        super().__init__(env)
        self._ok = True
        self.number = number
        self.label = label
        self.scope: Scope = []
        self.ref = 0
        self.start = 0
        self.due = 0
        self.visit = 0
        self.row = 0


class Opening(simpy.Event):
    """The re-armable event of a pool that opens while work stands in its queue."""

    def __init__(self, env: simpy.Environment) -> None:
        super().__init__(env)
        self._ok = True


class Pool:
    """Who is free, what waits. A queue's entry is ``(begin, scope, ref, time, visit)``; its head is the next to be worked."""

    def __init__(
        self, env: simpy.Environment, key: str, quantity: int, first_label: int, calendar: ExpandedCalendar | None, priority: EventPriority
    ) -> None:
        self.env = env
        self.key = key
        self.persons = [Person(env, number, first_label + number) for number in range(quantity)]
        self.free = list(range(quantity))
        self.queue: deque[Entry] = deque()
        self.away: list[int] = []
        self.leaving = 0
        self.calendar = calendar
        self.priority = priority
        self.span = [0, FOREVER] if calendar is None else [0, 0]
        self.opening_due = -1
        self.opening = Opening(env)

    def at_work(self) -> list[Person]:
        """Everybody who works at something, or has paused in it, by number."""
        others = {*self.free, *self.away}
        return [person for person in self.persons if person.number not in others]

    def look(self, now: int) -> None:
        """Move `span` on to the first opening that closes after now."""
        assert self.calendar is not None
        self.span[:] = self.calendar.span_at(now)

    def is_open(self, now: int) -> bool:
        """Whether somebody is on duty."""
        if now >= self.span[1]:
            self.look(now)
        return bool(now >= self.span[0])

    def finish(self, now: int, time: int) -> int:
        """When work of so much time that starts now, while open, is done: it pauses over closing."""
        due = now + time
        if due <= self.span[1]:
            return int(due)
        assert self.calendar is not None
        return self.calendar.finish(now, time)

    def arm_opening(self, now: int) -> None:
        """Make sure that the queue is looked at when the pool opens; now it is closed."""
        if self.opening_due < 0:
            self.schedule_opening(now, self.span[0])

    def schedule_opening(self, now: int, due: int) -> None:
        """Schedule the opening."""
        self.opening_due = due
        self.opening.callbacks = [self._open]
        self.env.schedule(self.opening, self.priority, due - now)

    def _open(self, _event: simpy.Event) -> None:
        now = self.opening_due
        self.opening_due = -1
        if self.is_open(now):
            while self.queue and self.free:
                entry = self.queue.popleft()
                entry[0](now, self.persons[heappop(self.free)], entry)

    def release(self, now: int, person: Person) -> None:
        """Let a freed person take the queue's head, else wait; who is called off leaves."""
        if self.leaving:
            self.leaving -= 1
            heappush(self.away, person.number)
            return
        queue = self.queue
        if queue and self.is_open(now):
            entry = queue.popleft()
            entry[0](now, person, entry)
        else:
            heappush(self.free, person.number)
            if queue:
                self.arm_opening(now)

    def call_off(self, people: int) -> None:
        """Let people be away: free ones at once, by the highest number, others when their work is done."""
        for _ in range(people):
            if self.free:
                number = max(self.free)
                self.free.remove(number)
                heapify(self.free)
                heappush(self.away, number)
            else:
                self.leaving += 1

    def call_back(self, now: int, people: int) -> None:
        """Let people come back: first those who have not left yet; the others take what waits."""
        staying = min(people, self.leaving)
        self.leaving -= staying
        for _ in range(people - staying):  # nobody is about to leave any more
            self.release(now, self.persons[heappop(self.away)])

    def replace(self, person: Person) -> None:
        """Give a person whose work was cancelled a new event: SimPy still holds the old one."""
        self.persons[person.number] = Person(self.env, person.number, person.label)

    def withdraw(self, entry: Entry) -> None:
        """Take an entry out of the queue."""
        for index, waiting in enumerate(self.queue):
            if waiting is entry:
                del self.queue[index]
                return
        raise AssertionError("the entry is not in the queue")


class Executors:
    """Whoever works when nobody of a pool does: as many as are needed, always on duty."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.busy: dict[int, Person] = {}
        self._known: dict[int, Person] = {}
        self._idle: list[int] = []
        self._number = 0

    def take(self) -> Person:
        """Return the executor with the lowest number that is idle, a new one if need be: numbers tell who came first (H48)."""
        if self._idle:
            person = self._known[heappop(self._idle)]
        else:
            person = Person(self.env, self._number, 0)
            self._number += 1
        self.busy[person.number] = person
        return person

    def again(self, number: int) -> Person:
        """Return a new executor with the number that it had."""
        person = self.busy[number] = Person(self.env, number, 0)
        return person

    def idle(self) -> list[int]:
        """Return the number that the next new one gets, then the numbers of those that are idle."""
        return [self._number, *sorted(self._idle)]

    def restore(self, number: int, *idle: int) -> None:
        """Put back what `idle` said."""
        self._number = number
        self._idle = list(idle)
        self._known = {each: Person(self.env, each, 0) for each in idle}

    def give(self, person: Person) -> None:
        """Take an executor back."""
        del self.busy[person.number]
        self._known[person.number] = person
        heappush(self._idle, person.number)

    def drop(self, person: Person) -> None:
        """Forget an executor whose event is still scheduled."""
        del self.busy[person.number]
        self._known.pop(person.number, None)
