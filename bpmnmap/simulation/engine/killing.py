"""Cancellation: which tokens are in a scope, with their accounts up to now, and how all of it is taken out (H16–H20)."""

from __future__ import annotations

from dataclasses import dataclass

from bpmnmap.eventlog.rows import EVENT, INTERRUPTED, KIND_BITS, LEFT, MERGE, ROW, SYNCHRONIZATION, WITHDRAWN
from bpmnmap.semantics.program import Open, Work
from bpmnmap.simulation.engine.agenda import DEAD, EXTRA, ORDER, REF, SCOPE, SITE
from bpmnmap.simulation.engine.context import Compiling
from bpmnmap.simulation.engine.held import CHILD, PENDING, QUEUED, TAKING, WORKING, hold, unhold
from bpmnmap.simulation.engine.pools import Person
from bpmnmap.simulation.engine.scopes import DONE, ENTRY, HELD, ID, LAYOUT, MESSAGES, PARENT, Scope, root_of


@dataclass(slots=True)
class Standing:
    """One token of a scope: at which node, since when, and what it is doing (a kind of row; None: just passing)."""

    scope: Scope
    node: int
    since: int
    ref: int
    state: int | None
    person: Person | None = None
    rank: int = 0

    @property
    def order(self) -> tuple[int, int, int, bool, int, int]:
        """Document order; at one element as they came, whoever is worked first; items as they were opened (H48)."""
        return self.node, self.since, self.ref, self.person is None, self.scope[ID], self.rank


class Killing:
    """Finds, copies, ends and takes out the tokens of a scope."""

    def __init__(self, compiler: Compiling) -> None:
        self.c = compiler
        self.log = compiler.runtime.log

    def tokens(self, scope: Scope, *, ended: bool = True) -> list[Standing]:
        """All tokens in a scope and its children but those of guards, in document order; not `ended`: but those at its own end too."""
        found: list[Standing] = []
        self._collect(scope, found)
        if not ended:
            done = {ref for ref, _, _ in scope[DONE]}
            found = [token for token in found if not (token.scope is scope and token.state == SYNCHRONIZATION and token.ref in done)]
        found.sort(key=lambda token: token.order)
        return found

    def _collect(self, scope: Scope, found: list[Standing]) -> None:
        if scope[ENTRY] is not None:
            found.append(self._at_entry(scope, scope[ENTRY]))
        for node, kind, thing in scope[HELD]:
            if node in self.c.guard_nodes:
                continue
            if kind == CHILD:
                self._collect(thing, found)
            elif kind == WORKING:
                found.append(Standing(scope, node, thing.start, thing.ref, None, thing, thing.number))
            elif kind == QUEUED:
                found.append(Standing(scope, node, self._end(thing[2]), thing[2], WITHDRAWN))
            elif kind == TAKING:
                found.append(Standing(scope, node, self._end(thing[1]), thing[1], EVENT))
            elif kind == PENDING and thing[SITE] != DEAD:
                state = thing[EXTRA][0]
                state = state if state >= 0 else None
                found.append(Standing(scope, node, self._end(thing[REF]), thing[REF], state, rank=thing[ORDER]))
        for node, slots in self.c.join_slots(scope[LAYOUT]):
            for slot in slots:
                resting = scope[slot]
                refs = resting if isinstance(resting, list) else [] if resting is None else [resting]
                found += [Standing(scope, node, self._end(ref), ref, SYNCHRONIZATION) for ref in refs]
        found += [Standing(scope, node, since, ref, SYNCHRONIZATION) for ref, since, node in scope[DONE]]

    def _at_entry(self, scope: Scope, ref: int) -> Standing:
        """Return the token at an event-based gateway, or one that enters its host while the host's guards are armed."""
        p = self.c.layout_process[scope[LAYOUT]]
        opened = self.c.layouts[scope[LAYOUT]].scope
        operation = self.c.program(p).operations[opened]
        assert isinstance(operation, Open)
        if operation.body is None:
            return Standing(scope, self.c.node(p, opened), self._end(ref), ref, EVENT)
        is_task = isinstance(self.c.program(p).operations[operation.body.target], Work)
        node = self.c.node(p, operation.body.target if is_task else opened)
        return Standing(scope, node, self._end(ref), ref, WITHDRAWN if is_task else None)

    def _end(self, ref: int) -> int:
        return int(ROW.unpack_from(self.log, ref)[5])

    def take_out(self, scope: Scope) -> None:
        """Take everything out of queues, pools, agenda and messages; freed people stay idle until `free` is called.

        A scope that was taken out has no parent, so that what still passes in it stops.
        """
        for node, kind, thing in scope[HELD] or ():
            if kind == CHILD:
                self.take_out(thing)
            elif kind == WORKING:
                self._dismiss(node, thing)
            elif kind == QUEUED:
                self.c.runtime.pool_of[node].withdraw(thing)
            elif kind == TAKING:
                takers = root_of(scope)[MESSAGES]
                for waiting in takers.values():
                    waiting[1][:] = [taker for taker in waiting[1] if taker is not thing]
            elif kind == PENDING:
                self.c.runtime.agenda.cancel(thing)
        scope[HELD] = []
        scope[PARENT] = None

    def emptied(self, scope: Scope) -> Scope:
        """Take out everything that a scope holds; return what stands in its place, with what has ended in it.

        It is another object, so that copies of a token which still pass in the old one stop.
        """
        parent = scope[PARENT]
        outward = [item for item in scope[HELD] if item[0] in self.c.boundary_nodes]  # its boundary events stay armed
        scope[HELD] = [item for item in scope[HELD] if item[0] not in self.c.boundary_nodes]
        self.take_out(scope)
        unhold(parent, scope)
        fresh = scope.copy()
        fresh[PARENT], fresh[HELD], fresh[ENTRY] = parent, outward, None
        for _, kind, thing in outward:
            thing[SCOPE if kind == PENDING else 0] = fresh
        for _, slots in self.c.join_slots(scope[LAYOUT]):
            for slot in slots:
                fresh[slot] = None
        layout = self.c.layouts[scope[LAYOUT]]
        if layout.asked:
            fresh[layout.asked] = 0  # what was to look at its joins looks at the old one
        p, opened = self.c.layout_process[scope[LAYOUT]], layout.scope
        hold(parent, self.c.node(p, opened), CHILD, fresh)
        return fresh

    def log_killed(self, tokens: list[Standing], now: int) -> None:
        """Log how the instances among killed tokens ended, where nothing goes on with their origins (H20)."""
        for token in tokens:
            if token.person is not None or token.state == WITHDRAWN:
                self.end(token, now)

    def _dismiss(self, node: int, person: Person) -> None:
        # SimPy keeps the event of the work that will not be completed: it fires without effect, so the person gets a new one
        person.callbacks = []
        if person.label == 0:
            self.c.runtime.executors.drop(person)
        else:
            self.c.runtime.pool_of[node].replace(person)

    def end(self, token: Standing, now: int) -> int:
        """Log how a killed token's instance ended; return the ref that carries its account up to now."""
        code = token.node << KIND_BITS
        person = token.person
        if person is not None:
            row = (token.scope[ID], code | INTERRUPTED, person.label, person.ref, person.start, now)
            if self.c.layouts[token.scope[LAYOUT]].reserved:
                ROW.pack_into(self.log, person.row, *row)
                return self._append(token.scope, code | LEFT, person.row, now)
            here = len(self.log)
            self.log.extend(ROW.pack(*row))
            return here
        if token.state == WITHDRAWN:
            self.log.extend(ROW.pack(token.scope[ID], code | WITHDRAWN, 0, token.ref, -1, now))
        return self._account(token, now)

    def copy(self, token: Standing, now: int) -> int:
        """Return a ref that carries a token's account up to now, while the token stays."""
        if token.person is not None:
            return self._append(token.scope, token.node << KIND_BITS | LEFT, token.person.row, now)
        return self._account(token, now)

    def _account(self, token: Standing, now: int) -> int:
        if token.state is None:
            return token.ref
        state = EVENT if token.state == WITHDRAWN else token.state  # H10
        return self._append(token.scope, token.node << KIND_BITS | state, token.ref, now)

    def _append(self, scope: Scope, code: int, ref: int, now: int) -> int:
        here = len(self.log)
        self.log.extend(ROW.pack(scope[ID], code, 0, ref, 0, now))
        return here

    def merge(self, scope: Scope, node: int, ref: int, other: int, now: int) -> int:
        """Return the ref of two tokens merged; `ref` came last (H8)."""
        here = len(self.log)
        self.log.extend(ROW.pack(scope[ID], node << KIND_BITS | MERGE, 0, ref, other, now))
        return here

    def merged(self, scope: Scope, node: int, tokens: list[Standing], refs: list[int], now: int) -> int:
        """Return the ref of all tokens merged: the one that changed its state last is critical; ties: document order (H19)."""
        order = sorted(range(len(tokens)), key=lambda at: (tokens[at].since, -at))
        ref = refs[order[-1]]
        for at in reversed(order[:-1]):
            ref = self.merge(scope, node, ref, refs[at], now)
        return ref

    def free(self, tokens: list[Standing], now: int) -> None:
        """Let the people of killed instances take their queues' heads, in document order (H33)."""
        for token in tokens:
            if token.person is not None and token.person.label:
                pool = self.c.runtime.pool_of[token.node]
                pool.release(now, pool.persons[token.person.number])
