"""Events and messages: tokens rest until time, the outside world or a message lets them go on (H13, H14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bpmnmap.eventlog.rows import EVENT, KIND_BITS, MERGE, ROW
from bpmnmap.semantics.program import Cancel, Leave, Send, Take, Wait
from bpmnmap.simulation.draws import Purpose
from bpmnmap.simulation.engine.addresses import BLOCK_VISITS
from bpmnmap.simulation.engine.agenda import EXTRA, Entry
from bpmnmap.simulation.engine.context import Compiling, Context, Go
from bpmnmap.simulation.engine.held import PENDING, TAKING, hold, unhold
from bpmnmap.simulation.engine.scopes import HOME, ID, LIVE, MESSAGES, NOTE, PARENT, Scope, above, root_of
from bpmnmap.simulation.engine.travel import Travel


class Events:
    """Compiles `Wait`, `Send` and `Take`."""

    def __init__(self, compiler: Compiling, travel: Travel) -> None:
        self.c = compiler
        self.travel = travel
        self._waits: dict[tuple[int, int, Context], Go] = {}
        self._takes: dict[tuple[int, int, Context], Go] = {}
        self.take_sites: list[Callable[[int, Scope, int, bool], None]] = []

    def wait(self, p: int, index: int, operation: Wait, context: Context) -> Go:
        """Return the closure of an event that fires after a time."""
        if (p, index, context) in self._waits:
            return self._waits[p, index, context]
        c = self.c
        plan = c.process(p).waits[index]
        slot, grouped = c.visit_slot(p, index), c.grouped(p, index)
        drawn = c.runtime.draws.register(
            Purpose.EVENT, c.program(p).process, operation.origin.element, plan.time.values, plan.time.value,
            1 if slot is None else BLOCK_VISITS,
        )  # fmt: skip
        calendar = c.plan.calendars[plan.calendar] if plan.calendar >= 0 else None
        agenda, log, at, spend, notes = c.runtime.agenda, c.runtime.log, c.runtime.draws.at, c.runtime.spend, c.notes
        node = c.node(p, index)
        code = node << KIND_BITS | EVENT
        go: Go

        def bind(made: Go) -> None:
            nonlocal go
            go = made

        def enter(now: int, scope: Scope, ref: int) -> None:
            visit = 0
            if slot is not None:
                home = scope if grouped else scope[HOME]
                visit = home[slot]
                home[slot] = visit + 1
                if visit >= BLOCK_VISITS:
                    spend()
            time = at(drawn, scope, visit)
            due = now + time if calendar is None else calendar.finish(now, time)
            hold(scope, node, PENDING, agenda.add(now, due, site, scope, ref, [EVENT, visit]))

        def fire(now: int, scope: Scope, ref: int, entry: Entry) -> None:
            here = len(log)
            log.extend(ROW.pack(scope[ID], code, 0, ref, 0, now))
            if notes:
                (scope if grouped else scope[HOME])[NOTE] = entry[EXTRA][1]
            go(now, scope, here)

        site = agenda.site(fire, node)
        c.later(bind, p, operation.next, context._replace(left=index))
        self._waits[p, index, context] = enter
        return enter

    def send(self, p: int, index: int, operation: Send, context: Context) -> Go:
        """Return the closure that sends a copy of the token as a message and goes on."""
        c = self.c
        go = c.go(p, operation.next, context)
        end_case, take_sites = c.runtime.end_case, self.take_sites
        watched, look = c.runtime.watched, c.runtime.look
        channel = operation.channel

        def deliver(now: int, root: Scope, ref: int) -> None:
            messages = _channel(root, channel)
            messages[0].append(ref)
            if messages[1]:
                taker = messages[1].pop(0)
                unhold(taker[0], taker)
                take_sites[taker[3]](now, taker[0], taker[1], True)
            root[LIVE] -= 1
            if root[LIVE] == 0:
                end_case(root)
            elif watched:
                look()

        leg = self.travel.message(p, index, operation, context, deliver)
        killable, up = c.layout(p, c.program(p).scopes[index]).killable, c.up(p, index, context.left)

        def send(now: int, scope: Scope, ref: int) -> None:
            root_of(scope)[LIVE] += 1
            left = above(scope, up)
            note = left[NOTE]
            leg(now, scope, ref)
            if killable and scope[PARENT] is None:
                return  # whoever took the message has killed all in this scope
            left[NOTE] = note
            go(now, scope, ref)

        return send

    def take(self, p: int, index: int, operation: Take, context: Context) -> Go:
        """Return the closure of a token that waits for a message, the oldest, and merges with it (H14)."""
        if (p, index, context) in self._takes:
            return self._takes[p, index, context]
        c = self.c
        log = c.runtime.log
        watched, look = c.runtime.watched, c.runtime.look
        node = c.node(p, index)
        slot, grouped = c.visit_slot(p, index), c.grouped(p, index)
        channel = operation.channel
        follower = c.program(p).operations[operation.next.target]
        # to a guard that interrupts or copies the tokens of its scope, the message itself comes last (H19)
        alone = isinstance(follower, Leave) or (isinstance(follower, Cancel) and not follower.own)
        go = c.go(p, operation.next, context._replace(left=index))

        def take(now: int, scope: Scope, ref: int, waited: bool) -> None:
            message = _channel(root_of(scope), channel)[0].pop(0)
            if waited:
                here = len(log)
                log.extend(ROW.pack(scope[ID], node << KIND_BITS | EVENT, 0, ref, 0, now))
                ref = here
            if alone:
                merged = message
            else:
                merged = len(log)
                last, other = (message, ref) if waited else (ref, message)
                log.extend(ROW.pack(scope[ID], node << KIND_BITS | MERGE, 0, last, other, now))
            if slot is not None:
                home = scope if grouped else scope[HOME]
                home[NOTE] = home[slot]
                home[slot] += 1
            go(now, scope, merged)

        def enter(now: int, scope: Scope, ref: int) -> None:
            messages = _channel(root_of(scope), channel)
            if messages[0] and not messages[1]:
                take(now, scope, ref, False)
            else:
                taker = [scope, ref, node, site]
                messages[1].append(taker)
                hold(scope, node, TAKING, taker)
                if watched:
                    look()

        self.take_sites.append(take)
        site = len(self.take_sites) - 1
        self._takes[p, index, context] = enter
        return enter


def _channel(root: Scope, channel: int) -> list[list[Any]]:
    """Return the messages that wait on a channel of a case, and its takers."""
    messages = root[MESSAGES]
    if messages is None:
        messages = root[MESSAGES] = {}
    found: list[list[Any]] = messages.setdefault(channel, [[], []])
    return found
