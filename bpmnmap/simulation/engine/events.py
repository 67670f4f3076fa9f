"""Events and messages: tokens rest until time, the outside world or a message lets them go on (H13, H14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bpmnmap.eventlog.rows import EVENT, KIND_BITS, MERGE, ROW
from bpmnmap.semantics.program import Cancel, Leave, Send, Take, Wait, Way
from bpmnmap.simulation.draws import Purpose
from bpmnmap.simulation.engine.addresses import BLOCK_VISITS
from bpmnmap.simulation.engine.agenda import EXTRA, Entry
from bpmnmap.simulation.engine.attributes import CONDITIONS, Attributes
from bpmnmap.simulation.engine.context import Compiling, Context, Go
from bpmnmap.simulation.engine.held import PENDING, TAKING, hold, unhold
from bpmnmap.simulation.engine.scopes import HOME, ID, LIVE, MESSAGES, NOTE, PARENT, Scope, above, root_of
from bpmnmap.simulation.engine.travel import Travel


class Events:
    """Compiles `Wait`, `Send` and `Take`."""

    def __init__(self, compiler: Compiling, travel: Travel, attributes: Attributes) -> None:
        self.c = compiler
        self.travel = travel
        self.attributes = attributes
        self._waits: dict[tuple[int, int, Context], Go] = {}
        self._takes: dict[tuple[int, int, Context], Go] = {}
        self.take_sites: list[Callable[[int, Scope, int, int], None]] = []

    def wait(self, p: int, index: int, operation: Wait, context: Context) -> Go:
        """Return the closure of an event that fires after a time, or when its condition holds."""
        if (p, index, context) in self._waits:
            return self._waits[p, index, context]
        c = self.c
        plan = c.process(p).waits[index]
        slot, grouped = c.visit_slot(p, index), c.grouped(p, index)
        drawn = c.runtime.draws.register(
            Purpose.EVENT, c.program(p).process_of(index), operation.origin.element, plan.time.values, plan.time.value,
            1 if slot is None else BLOCK_VISITS,
        )  # fmt: skip
        calendar = c.plan.calendars[plan.calendar] if plan.calendar >= 0 else None
        agenda, log, draws, spend, notes = c.runtime.agenda, c.runtime.log, c.runtime.draws, c.runtime.spend, c.notes
        node, repeats, watched, look = c.node(p, index), operation.repeats, c.runtime.watched, c.runtime.look
        code = node << KIND_BITS | EVENT
        test = None if plan.condition is None else self.attributes.testing(p, operation.origin, plan.condition)
        not_before, until, probability = plan.at or 0, plan.until, plan.probability
        go: Go

        def bind(made: Go) -> None:
            nonlocal go
            go = made

        def enter(now: int, scope: Scope, ref: int) -> None:
            arm(now, scope, ref, 1)

        def arm(now: int, scope: Scope, ref: int, time_of: int) -> None:
            visit = 0
            if slot is not None:
                home = scope if grouped else scope[HOME]
                visit = home[slot]
                home[slot] = visit + 1
                if visit >= BLOCK_VISITS:
                    spend()
            if probability < 1.0 and draws.chance(drawn, scope, visit) >= probability:
                return
            if test is not None:
                taker = [scope, ref, node, visit]
                hold(scope, node, TAKING, taker)
                if test(scope, None):
                    self.attributes.fire(now, taker)
                else:
                    _channel(root_of(scope), CONDITIONS)[1].append(taker)
                    if watched:
                        look()
                return
            time = draws.at(drawn, scope, visit)
            due = max(not_before, now + time if calendar is None else calendar.finish(now, time))
            if until is None or due <= until:
                hold(scope, node, PENDING, agenda.add(now, due, site, scope, ref, [EVENT, visit, time_of]))

        def fire(now: int, scope: Scope, ref: int, entry: Entry) -> None:
            here = len(log)
            log.extend(ROW.pack(scope[ID], code, 0, ref, 0, now))
            if notes:
                (scope if grouped else scope[HOME])[NOTE] = entry[EXTRA][1]
            go(now, scope, here)
            if repeats != 1 and scope[PARENT] is not None and (repeats == 0 or entry[EXTRA][2] < repeats):
                arm(now, scope, ref, entry[EXTRA][2] + 1)

        site = agenda.site(fire, node)
        if test is not None:
            self.attributes.watchers[node] = test
            self.attributes.fire_sites[node] = site
        c.later(bind, p, operation.next, context._replace(left=index))
        self._waits[p, index, context] = enter
        return enter

    def send(self, p: int, index: int, operation: Send, context: Context) -> Go:
        """Return the closure that sends a copy of the token as a message and goes on; without a way on, the token is the message."""
        c = self.c
        killable, up = c.layout(p, c.program(p).scopes[index]).killable, c.up(p, index, context.left)
        if operation.broadcast:
            leg = self._broadcast(p, operation)
        else:
            deliver = self._deliver(operation.channel) if operation.channel >= 0 else self._onward(p, operation.taker)
            leg = self.travel.message(p, index, operation, context, deliver)
            if operation.next is None:
                return leg
        copies = 0 if operation.broadcast else 1
        assert operation.next is not None
        go = c.go(p, operation.next, context)

        def send(now: int, scope: Scope, ref: int) -> None:
            root_of(scope)[LIVE] += copies
            left = above(scope, up)
            note = left[NOTE]
            leg(now, scope, ref)
            if killable and scope[PARENT] is None:
                return  # whoever took the message has killed all in this scope
            left[NOTE] = note
            go(now, scope, ref)

        return send

    def _onward(self, p: int, taker: int) -> Go:
        """Return where a message goes on as a token of its case: a process instance that it starts, a party that answers."""
        return self.c.go(p, Way(taker), Context(self.c.process(p).units[taker], taker, False))

    def _deliver(self, channel: int) -> Go:
        """Return what brings a message to whoever waits for it, else keeps it."""
        c = self.c
        end_case, take_sites = c.runtime.end_case, self.take_sites
        watched, look = c.runtime.watched, c.runtime.look

        def deliver(now: int, root: Scope, ref: int) -> None:
            messages = _channel(root, channel)
            if messages[1]:
                taker = messages[1].pop(0)
                unhold(taker[0], taker)
                take_sites[taker[3]](now, taker[0], taker[1], ref)
            else:
                messages[0].append(ref)
            root[LIVE] -= 1
            if root[LIVE] == 0:
                end_case(root)
            elif watched:
                look()

        return deliver

    def _broadcast(self, p: int, operation: Send) -> Go:
        """Return what brings a signal at once to all that wait for it, and lets it start process instances; nothing keeps it."""
        take_sites, channel = self.take_sites, operation.channel
        openers = [self._onward(p, opener) for opener in operation.openers]

        def broadcast(now: int, scope: Scope, ref: int) -> None:
            root = root_of(scope)
            waiting = _channel(root, channel)
            for taker in sorted(waiting[1], key=lambda each: each[2]):  # in document order
                if any(each is taker for each in waiting[1]):  # none before it has killed it
                    waiting[1] = [each for each in waiting[1] if each is not taker]
                    unhold(taker[0], taker)
                    take_sites[taker[3]](now, taker[0], taker[1], ref)
            for opener in openers:
                root[LIVE] += 1
                opener(now, root, ref)

        return broadcast

    def take(self, p: int, index: int, operation: Take, context: Context) -> Go:
        """Return the closure of a token that waits for a message, the oldest, and merges with it (H14)."""
        if (p, index, context) in self._takes:
            return self._takes[p, index, context]
        c = self.c
        log = c.runtime.log
        watched, look = c.runtime.watched, c.runtime.look
        node = c.node(p, index)
        slot, grouped = c.visit_slot(p, index), c.grouped(p, index)
        channel, again = operation.channel, operation.again
        follower = c.program(p).operations[operation.next.target]
        # to a guard that interrupts or copies the tokens of its scope, the message itself comes last (H19)
        alone = isinstance(follower, (Leave, Cancel)) and not follower.own
        go = c.settled(p, index, c.go(p, operation.next, context._replace(left=index)))

        def merge(now: int, scope: Scope, ref: int, message: int, waited: bool) -> None:
            entered = ref
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
            if again and scope[PARENT] is not None:
                enter(now, scope, entered)

        def take(now: int, scope: Scope, ref: int, message: int) -> None:
            merge(now, scope, ref, message, waited=True)

        def enter(now: int, scope: Scope, ref: int) -> None:
            messages = _channel(root_of(scope), channel)
            if messages[0] and not messages[1]:
                merge(now, scope, ref, messages[0].pop(0), waited=False)
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
