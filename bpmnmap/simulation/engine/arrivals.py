"""Cases from outside: one pending event per start, instants drawn by blocks (H6, H31)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import simpy
from simpy.events import EventPriority

from bpmnmap.eventlog.rows import ARRIVAL, KIND_BITS, ROW
from bpmnmap.simulation.draws import Purpose, fold, uniforms
from bpmnmap.simulation.engine.addresses import Block
from bpmnmap.simulation.engine.compiler import Compiler
from bpmnmap.simulation.engine.context import Go
from bpmnmap.simulation.engine.scopes import BLOCK, FIRST_FREE, HELD, ID, LAYOUT, LIVE, NOTE, NUMBER, VISIT, Scope
from bpmnmap.simulation.plan import SourcePlan

EXTRA_NUMBERS: Final = 1 << 31
"""Numbers of cases that a user's process lets arrive beside a stream begin here."""
_SPEND_EVERY: Final = 1023  # how often a stream looks at the event budget: every 1,024 cases


def _known(go: Go) -> Go:
    """Return the way of a case into which it is noted what rests there, since an inclusive join asks (`Layout.known`)."""

    def enter(now: int, scope: Scope, ref: int) -> None:
        scope[HELD] = []
        go(now, scope, ref)

    return enter


class Arrivals(simpy.Event):
    """One start's stream of cases; itself the re-armed SimPy event of the next arrival.

    State: `number` (index of the next case), `first` and `position` (where the current block of instants begins).
    """

    def __init__(self, compiler: Compiler, source: SourcePlan, index: int, priority: EventPriority, cases: list[int]) -> None:
        runtime = compiler.runtime
        super().__init__(runtime.env)
        self._ok = True
        self.c = compiler
        self.source = source
        self.index = index
        self.priority = priority
        self.cases = cases
        program = compiler.program(source.process)
        element, process = program.operations[source.operation].origin.element, program.process_of(source.operation)
        self.key = fold(runtime.draws.element_key(Purpose.ARRIVAL, process, element), 0, 0)
        self.stream_key = runtime.draws.stream_key(process, element)
        self.size = 1 << runtime.draws.block_bits
        self.number = 0
        self.first = 0
        self.position = 0
        self.due = 0
        self._instants: list[int] = []
        self._next_position = 0
        self._block: Block = []
        layout = compiler.layout(source.process, -1)
        self._go: Go = compiler.start(source.process, source.operation)
        if layout.known:
            self._go = _known(self._go)
        template: Scope = [None] * FIRST_FREE
        template[LIVE], template[NOTE], template[VISIT] = 1, 0, 0
        template[LAYOUT] = compiler.layout_index(source.process, -1)
        self._template = template + layout.template
        self._limit = len(source.at) if source.at else source.cases
        self.process, self.element = process, element
        self._more = 0
        self._callbacks = self._arriving()

    def begin(self) -> None:
        """Draw the first block of instants and schedule the first case."""
        self.open_block()
        self.schedule(0)

    def open_block(self) -> None:
        """Draw the instants of the cases from `first` on."""
        self._instants, self._next_position = self._draw(self.first, self.position)
        self._block = self.c.runtime.draws.block(self.stream_key, self.first, self.size)

    def renew(self) -> None:
        """Draw the next block of instants."""
        self.first, self.position = self.number, self._next_position
        self.open_block()

    def schedule(self, now: int) -> None:
        """Schedule the next case, if there is one."""
        if self.number == self._limit:
            return
        if self.number - self.first == self.size:
            self.renew()
        self.due = self._instants[self.number - self.first]
        self.callbacks = self._callbacks
        self.env.schedule(self, self.priority, self.due - now)

    @property
    def is_going_on(self) -> bool:
        """Whether cases are still to arrive."""
        return self.number != self._limit

    def arrive_one_more(self, now: int) -> None:
        """Let one case arrive beside the stream: its draws are those of a stream of its own, so that no other's change."""
        runtime = self.c.runtime
        number, self._more = self._more, self._more + 1
        offset = len(runtime.log)
        runtime.log.extend(ROW.pack(self.cases[0], self.index << KIND_BITS | ARRIVAL, 0, EXTRA_NUMBERS + number, 0, now))
        scope = runtime.live[offset] = self._template.copy()
        scope[ID] = offset
        scope[BLOCK], scope[NUMBER] = runtime.draws.block(fold(self.stream_key, 1), number, 1), 0
        self.cases[0] += 1
        runtime.spend()
        if runtime.all_came:
            runtime.watched.add(offset)
        self._go(now, scope, offset)

    def block_of(self, number: int) -> tuple[Block, int]:
        """Return the block of a case by its number, and its place in it."""
        first = number - number % self.size
        if first == self.first:
            return self._block, number - first
        return self.c.runtime.draws.block(self.stream_key, first, self.size), number - first

    def _arriving(self) -> list[Callable[[simpy.Event], None]]:
        """Return the callbacks of an arrival: it logs the case, schedules the next one, and lets the token in."""
        runtime, code, cases, renew = self.c.runtime, self.index << KIND_BITS | ARRIVAL, self.cases, self.renew
        limit, size, priority, schedule = self._limit, self.size, self.priority, runtime.env.schedule
        log, pack, live, spend, go = runtime.log, ROW.pack, runtime.live, runtime.spend, self._go
        extend, copy = log.extend, self._template.copy

        def arrive(_event: simpy.Event) -> None:
            now, number = self.due, self.number
            offset = len(log)
            extend(pack(cases[0], code, 0, number, 0, now))
            scope = live[offset] = copy()
            scope[ID] = offset
            scope[BLOCK] = self._block
            scope[NUMBER] = number - self.first
            cases[0] += 1
            self.number = number = number + 1
            if not number & _SPEND_EVERY:
                spend()
            if number != limit:
                place = number - self.first
                if place == size:
                    renew()
                    place = 0
                due = self.due = self._instants[place]
                self.callbacks = callbacks
                schedule(self, priority, due - now)
            elif runtime.after_last is not None:
                runtime.after_last()
            go(now, scope, offset)

        callbacks: list[Callable[[simpy.Event], None]] = [arrive]

        return callbacks

    def _draw(self, first: int, position: int) -> tuple[list[int], int]:
        """Return instants of a block of cases, and the position from which the next block's gaps run."""
        source = self.source
        if source.at:
            return list(source.at[first : first + self.size]), 0
        numbers = uniforms(self.key, first, self.size)
        if len(source.gaps) > 1:
            return self._by_timetable(numbers.tolist(), position)
        gaps = source.gaps[0]
        ends = position + np.cumsum(np.array(gaps.time.values(numbers), dtype=np.int64))
        if gaps.calendar < 0:
            return ends.tolist(), int(ends[-1])
        return self.c.plan.calendars[gaps.calendar].arrive(ends).tolist(), int(ends[-1])

    def _by_timetable(self, numbers: list[float], now: int) -> tuple[list[int], int]:
        instants = []
        for u in numbers:
            entry, close = self._hours_at(now)
            now = max(now, close[0])
            rest = self.source.gaps[entry].time.value(u)
            while now + rest > close[1]:
                rest -= close[1] - now
                following, close = self._hours_at(close[1])
                now = close[0]
                if following != entry:
                    ratio = self.source.gaps[following].time.mean_us / self.source.gaps[entry].time.mean_us
                    rest, entry = round(rest * ratio), following
            now += rest
            instants.append(now)
        return instants, now

    def _hours_at(self, now: int) -> tuple[int, tuple[int, int]]:
        """Return the entry of the timetable in whose hours now is, or whose hours come next, and those hours from now on."""
        calendars = self.c.plan.calendars
        spans = [calendars[gap.calendar].span_at(now) for gap in self.source.gaps]
        entry = min(range(len(spans)), key=lambda at: (max(spans[at][0], now), at))
        opens, closes = spans[entry]
        # an entry that stands before it in the list takes over where its own hours begin
        takeover = [spans[at][0] for at in range(entry) if spans[at][0] > opens]
        return entry, (max(opens, now), min([closes, *takeover]))
