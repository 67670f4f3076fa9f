"""Legs between places: dispatch with the next round, then transfer (H12)."""

from __future__ import annotations

from bpmnmap.eventlog.rows import DISPATCH, KIND_BITS, ROW, TRANSFER
from bpmnmap.semantics.program import Send, Way
from bpmnmap.simulation.draws import Purpose
from bpmnmap.simulation.engine.agenda import EXTRA, Entry
from bpmnmap.simulation.engine.context import Compiling, Context, Go
from bpmnmap.simulation.engine.held import PENDING, hold
from bpmnmap.simulation.engine.scopes import ID, LEGS, NOTE, Scope, above, root_of
from bpmnmap.simulation.plan import TransferPlan


class Travel:
    """Compiles legs."""

    def __init__(self, compiler: Compiling) -> None:
        self.c = compiler
        self._legs: dict[tuple[int, tuple[str, ...]], int] = {}

    def flow(self, p: int, flow: str, transfer: TransferPlan, rest: Way, context: Context) -> Go:
        """Return the closure that travels along a named flow and goes on."""
        go = self.c.settled(p, rest.target, self.c.go(p, rest, context))
        return self._along(p, (flow,), transfer, rest.target, context, go, entry=rest.entry)

    def pair(self, p: int, transfer: TransferPlan, rest: Way, context: Context) -> Go:
        """Return the closure that travels from the unit where the token is to the unit of the next place."""
        elements = (self.c.element(p, context.left), self.c.element(p, rest.target))
        go = self.c.settled(p, rest.target, self.c.go(p, rest, context))
        return self._along(p, elements, transfer, rest.target, context, go, entry=rest.entry)

    def message(self, p: int, index: int, operation: Send, context: Context, deliver: Go) -> Go:
        """Return the closure that brings a message, as a token of the case, from its sender's place to its taker's (H14)."""
        c = self.c
        process = c.process(p)
        transfer = process.flow_transfers.get(operation.flow or "")
        goal = operation.taker
        elements: tuple[str, ...] = (operation.flow or "",)
        if transfer is None:
            taker = operation.taker
            # a guard is armed where its host, its gateway, its scope stands (H11, H13)
            if process.units[taker] < 0 and c.node(p, taker) in c.guard_nodes:
                taker = c.program(p).scopes[taker]
            transfer = c.plan.pair_transfers.get((context.place, process.units[taker]))
            elements = (c.element(p, context.left), c.element(p, goal))
        if transfer is None:
            return lambda now, scope, ref: deliver(now, root_of(scope), ref)
        return self._along(p, elements, transfer, goal, context, deliver, sender=index)

    def _along(
        self, p: int, elements: tuple[str, ...], transfer: TransferPlan, target: int, context: Context, go: Go,
        sender: int | None = None, entry: int = 0,
    ) -> Go:  # fmt: skip
        """Return the closure of a leg; `elements` is its address (H31): a named flow, or the nodes left and headed for."""
        c = self.c
        agenda, draws, log = c.runtime.agenda, c.runtime.draws, c.runtime.log
        node = c.node(p, target)
        rounds = c.plan.rounds[transfer.rounds] if transfer.rounds >= 0 else None
        calendar = c.plan.calendars[transfer.calendar] if transfer.calendar >= 0 else None
        up = c.up(p, target if sender is None else sender, context.left)
        random = not transfer.time.is_fixed
        fixed_time = 0 if random else int(transfer.time.parameters[0])
        leg = self._legs.setdefault((p, elements), len(self._legs))
        drawn = draws.register(
            Purpose.TRANSFER, c.program(p).process_of(context.left), "\x01".join(elements), transfer.time.values, transfer.time.value, 0
        )

        def leave(now: int, scope: Scope, ref: int) -> None:
            home = above(scope, up)
            time, visit = fixed_time, home[NOTE]  # kept while it travels: another token may leave another visit meanwhile
            if random:
                legs = home[LEGS]
                if legs is None:
                    legs = home[LEGS] = {}
                part = legs.get((leg, visit), 0)
                legs[leg, visit] = part + 1
                time = draws.one(drawn, home, visit, part)
            if sender is not None:
                scope = root_of(scope)  # what becomes of the sender's scope does not stop a message
            sent = now if rounds is None else rounds.next_round(now)
            if sent > now:
                hold(scope, node, PENDING, agenda.add(now, sent, at_dispatch, scope, ref, [DISPATCH, visit, time, entry]))
            else:
                send(now, scope, ref, visit, time)

        def dispatched(now: int, scope: Scope, ref: int, due: Entry) -> None:
            here = len(log)
            log.extend(ROW.pack(scope[ID], node << KIND_BITS | DISPATCH, 0, ref, 0, now))
            send(now, scope, here, due[EXTRA][1], due[EXTRA][2])

        def send(now: int, scope: Scope, ref: int, visit: int, time: int) -> None:
            if time == 0:
                resume(now, scope, ref, visit)
                return
            arrives = now + time if calendar is None else calendar.finish(now, time)
            hold(scope, node, PENDING, agenda.add(now, arrives, at_arrival, scope, ref, [TRANSFER, visit, time, entry]))

        def arrived(now: int, scope: Scope, ref: int, due: Entry) -> None:
            here = len(log)
            log.extend(ROW.pack(scope[ID], node << KIND_BITS | TRANSFER, 0, ref, 0, now))
            resume(now, scope, here, due[EXTRA][1])

        def resume(now: int, scope: Scope, ref: int, visit: int) -> None:
            if sender is None:
                above(scope, up)[NOTE] = visit
            go(now, scope, ref)

        at_dispatch = agenda.site(dispatched, node)
        at_arrival = agenda.site(arrived, node)
        return leave
