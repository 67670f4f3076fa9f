"""Inclusive joins: they fire as soon as no token can come to an entry that is empty (BPMN 2.0.2, section 13.4.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

import simpy

from bpmnmap.eventlog.rows import KIND_BITS, MERGE, ROW, ROW_BYTES, SYNCHRONIZATION
from bpmnmap.semantics.program import Join
from bpmnmap.semantics.reachability import entries_reachable
from bpmnmap.simulation.engine.agenda import DEAD, EXTRA, SITE
from bpmnmap.simulation.engine.context import Compiling, Context, Go
from bpmnmap.simulation.engine.held import PENDING
from bpmnmap.simulation.engine.routing import rest, take_rested
from bpmnmap.simulation.engine.runtime import SETTLING, Alarm
from bpmnmap.simulation.engine.scopes import HELD, HOME, ID, LIVE, NOTE, PARENT, Scope

AT_ENTRY = 3  # where the extra of an agenda's entry says which entry of a join a token is on its way to

Ask: TypeAlias = Callable[[int, Scope], None]
Reachable: TypeAlias = Mapping[int, tuple[frozenset[int], ...]]


class InclusiveJoins:
    """Compiles inclusive joins, and looks at them whenever something in their scope has moved."""

    def __init__(self, compiler: Compiling) -> None:
        self.c = compiler
        self._ways: dict[tuple[int, int], dict[Context, list[Go]]] = {}
        self._asks: dict[tuple[int, int], Ask] = {}
        self._reachable: dict[int, Reachable] = {}
        self._alarm = Alarm(compiler.runtime.env)
        self._pending: list[tuple[Ask, int, Scope]] = []

    def join(self, p: int, index: int, operation: Join, entry: int, context: Context) -> Go:
        """Return the closure of one entry: a token rests there, and the join is looked at when what moves now has settled."""
        c = self.c
        first = c.layout(p, c.program(p).scopes[index]).joins[index]
        mine, last = first + entry, first + operation.entries
        placed = c.process(p).units[index] >= 0
        number = self._way(p, index, operation, context._replace(left=index, travelled=False if placed else context.travelled))
        ask = self.asking(p, c.program(p).scopes[index])
        assert ask is not None

        def enter(now: int, scope: Scope, ref: int) -> None:
            rest(scope, mine, ref)
            scope[last] = number
            ask(now, scope)

        return enter

    def _way(self, p: int, index: int, operation: Join, context: Context) -> int:
        """Return the number of the way on for a token that stood here last: what goes on leaves from there (H11)."""
        ways = self._ways.setdefault((p, index), {})
        if context not in ways:
            made: list[Go] = []
            ways[context] = made
            self.c.later(made.append, p, operation.next, context)
        return list(ways).index(context)

    def asking(self, p: int, scope_index: int) -> Ask | None:
        """Return what looks at the inclusive joins of a scope by an event of its own, now; None where it has none."""
        c = self.c
        layout = c.layout(p, scope_index)
        if not layout.inclusive:
            return None
        if (p, scope_index) in self._asks:
            return self._asks[p, scope_index]
        operations = c.program(p).operations
        slots = [
            slot for index in layout.inclusive for slot in range(layout.joins[index], layout.joins[index] + _entries(operations[index]))
        ]
        asked, later = layout.asked, self._later

        def ask(now: int, scope: Scope) -> None:
            if not scope[asked] and any(scope[slot] is not None for slot in slots):
                scope[asked] = 1
                later(look, now, scope)

        def look(now: int, scope: Scope) -> None:
            if scope_index >= 0 and scope[PARENT] is None:
                return  # it was taken out meanwhile
            scope[asked] = 0
            while any(self._fire(p, index, scope, now) for index in layout.inclusive):
                if scope_index >= 0 and scope[PARENT] is None:
                    return
            if c.runtime.watched:
                c.runtime.look()

        self._asks[p, scope_index] = ask
        return ask

    def _later(self, look: Ask, now: int, scope: Scope) -> None:
        """Look at joins by an event of its own: when what moves now has settled, before anything else at this instant (H60)."""
        self._pending.append((look, now, scope))
        if not self._alarm.armed:
            self._alarm.armed = True
            self._alarm.callbacks = [self._settled]
            self.c.runtime.env.schedule(self._alarm, SETTLING)

    def _settled(self, _event: simpy.Event) -> None:
        self._alarm.armed = False
        pending = self._pending[:]
        self._pending.clear()
        for look, now, scope in pending:
            look(now, scope)

    def _fire(self, p: int, index: int, scope: Scope, now: int) -> bool:
        """Let a join fire if it may; return whether it did."""
        c = self.c
        operation = c.program(p).operations[index]
        assert isinstance(operation, Join)
        layout = c.layout(p, c.program(p).scopes[index])
        first = layout.joins[index]
        full = frozenset(entry for entry in range(operation.entries) if scope[first + entry] is not None)
        if not full or any(entries - full and not entries & full for entries in self._elsewhere(p, index, scope)):
            return False
        refs = sorted(take_rested(scope, first + entry) for entry in full)  # refs are in order of time
        ref = refs.pop()
        code, log = c.node(p, index) << KIND_BITS, c.runtime.log
        if ROW.unpack_from(log, ref)[5] < now:  # it waited too, for one that went elsewhere
            log.extend(ROW.pack(scope[ID], code | SYNCHRONIZATION, 0, ref, 0, now))
            ref = len(log) - ROW_BYTES
        for other in reversed(refs):
            log.extend(ROW.pack(scope[ID], code | MERGE, 0, ref, other, now))
            ref = len(log) - ROW_BYTES
            scope[LIVE] -= 1
        counter = c.visit_slot(p, index)
        if counter is not None:
            home = scope if c.grouped(p, index) else scope[HOME]
            home[NOTE] = home[counter]
            home[counter] += 1
        ways = list(self._ways[p, index].values())
        ways[scope[first + operation.entries]][0](now, scope, ref)
        return True

    def _elsewhere(self, p: int, join: int, scope: Scope) -> Iterator[frozenset[int]]:
        """Yield, for each token elsewhere in a scope, the entries to which it can come."""
        c = self.c
        if p not in self._reachable:
            self._reachable[p] = entries_reachable(c.program(p))
        reachable = self._reachable[p][join]
        for node, kind, thing in scope[HELD] or ():
            if node in c.guard_nodes or (kind == PENDING and thing[SITE] == DEAD):
                continue
            index = node - c.node(p, 0)
            yield frozenset((thing[EXTRA][AT_ENTRY],)) if index == join and kind == PENDING else reachable[index]
        layout = c.layout(p, c.program(p).scopes[join])
        operations = c.program(p).operations
        for index, first in layout.joins.items():
            if index != join and any(scope[slot] is not None for slot in range(first, first + _entries(operations[index]))):
                yield reachable[index]


def _entries(operation: object) -> int:
    assert isinstance(operation, Join)
    return operation.entries
