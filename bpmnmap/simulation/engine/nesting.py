"""Scopes: open, end, cancel, leave (H16–H20)."""

from __future__ import annotations

from collections.abc import Callable

from bpmnmap.eventlog.rows import END, KIND_BITS, ROW, SCOPE
from bpmnmap.semantics.program import Cancel, End, Leave, Open, Take
from bpmnmap.simulation.engine.context import Compiling, Context, Go
from bpmnmap.simulation.engine.held import CHILD, hold, unhold
from bpmnmap.simulation.engine.killing import Killing
from bpmnmap.simulation.engine.scopes import (
    BLOCK,
    DONE,
    ENTRY,
    FIRST_FREE,
    HELD,
    HOME,
    ID,
    LAYOUT,
    LIVE,
    NOTE,
    NUMBER,
    PARENT,
    TURN,
    VISIT,
    Scope,
    above,
)


class Nesting:
    """Compiles `Open`, `End`, `Cancel` and `Leave`."""

    def __init__(self, compiler: Compiling) -> None:
        self.c = compiler
        self.killing = Killing(compiler)

    def end(self, p: int, index: int, operation: End, context: Context) -> Go:
        """Return the closure of a token's end: in the case, in a process instance, or in a scope whose last token closes it."""
        runtime = self.c.runtime
        scope_of = self.c.program(p).scopes[index]
        if scope_of < 0:
            return self._end_in_case(p, index)
        opened = self.c.program(p).operations[scope_of]
        assert isinstance(opened, Open)
        if opened.next is None:
            return self._end_in_instance(p, index, operation)
        node = self.c.node(p, index)
        watched, look = runtime.watched, runtime.look
        close = self._close(p, scope_of, context)
        if operation.kills:

            def end_all(now: int, scope: Scope, ref: int) -> None:
                scope[DONE].append([ref, now, node])
                self._kill_rest(now, scope)
                close(now, scope, ref)

            return end_all

        def end_in_scope(now: int, scope: Scope, ref: int) -> None:
            scope[DONE].append([ref, now, node])
            scope[LIVE] -= 1
            if scope[LIVE] == 0:
                close(now, scope, ref)
            elif watched:
                look()

        return end_in_scope

    def _kill_rest(self, now: int, scope: Scope) -> None:
        """Kill all that is in a scope but has not ended there: it makes no movement (H20)."""
        killing = self.killing
        tokens = killing.tokens(scope, ended=False)
        parent = scope[PARENT]
        killing.take_out(scope)
        scope[PARENT] = parent
        killing.log_killed(tokens, now)
        killing.free(tokens, now)
        scope[LIVE] = 0

    def _end_in_case(self, p: int, index: int) -> Go:
        runtime = self.c.runtime
        extend, pack, end_case, live = runtime.log.extend, ROW.pack, runtime.end_case, runtime.live
        watched, look = runtime.watched, runtime.look
        code = self.c.node(p, index) << KIND_BITS | END
        counts = self.c.has_messages(p) or self.c.extended

        def end_in_case(now: int, scope: Scope, ref: int) -> None:
            extend(pack(scope[ID], code, 0, ref, 0, now))
            tokens = scope[LIVE] - 1
            scope[LIVE] = tokens
            if watched or counts:
                if not tokens:
                    end_case(scope)
                elif watched:
                    look()
            elif not tokens:
                del live[scope[ID]]

        return end_in_case

    def _end_in_instance(self, p: int, index: int, operation: End) -> Go:
        """Return the closure of a token's end in a process instance that is one of several of its case, or can be killed as a whole."""
        runtime = self.c.runtime
        extend, pack, end_case = runtime.log.extend, ROW.pack, runtime.end_case
        watched, look = runtime.watched, runtime.look
        code = self.c.node(p, index) << KIND_BITS | END

        def end_in_instance(now: int, scope: Scope, ref: int) -> None:
            extend(pack(scope[ID], code, 0, ref, 0, now))
            if operation.kills:
                self._kill_rest(now, scope)
            else:
                scope[LIVE] -= 1
            if scope[LIVE] == 0:
                case = scope[PARENT]
                if scope[HELD]:
                    self.killing.take_out(scope)  # only guards are left
                unhold(case, scope)
                scope[PARENT] = None
                case[LIVE] -= 1
                if case[LIVE] == 0:
                    end_case(case)
                    return
            if watched:
                look()

        return end_in_instance

    def closing(self, p: int, index: int, context: Context) -> Go:
        """Return the closure that ends the scope of an operation in which no token is left."""
        return self._close(p, self.c.program(p).scopes[index], context)

    def _close(self, p: int, index: int, context: Context) -> Go:
        """Return the closure that ends a scope: its tokens merge where the last stood and go on (H8, H11)."""
        c = self.c
        operation = c.program(p).operations[index]
        assert isinstance(operation, Open)
        assert operation.next is not None
        go = c.settled(p, index, c.go(p, operation.next, context._replace(left=index)))
        node = c.node(p, index)
        notes, parent_grouped = c.notes, c.grouped(p, index)

        def close(now: int, scope: Scope, ref: int) -> None:
            parent = scope[PARENT]
            if scope[HELD]:
                self.killing.take_out(scope)  # only guards are left
            unhold(parent, scope)
            for other, _, _ in reversed(scope[DONE][:-1]):
                ref = self.killing.merge(scope, node, ref, other, now)
            if notes:
                (parent if parent_grouped else parent[HOME])[NOTE] = scope[VISIT]
            scope[PARENT] = None  # copies of a token whose other copy has ended all are too late
            go(now, parent, ref)

        return close

    def open(self, p: int, index: int, operation: Open, context: Context) -> Go:
        """Return the closure that opens a child scope: its guards are armed first (H15), then the body's token enters."""
        c = self.c
        layout, layout_index = c.layout(p, index), c.layout_index(p, index)
        body = None if operation.body is None else c.go(p, operation.body, context)
        # a boundary event stands at its host, an event-based gateway's events do not move the token (H11, H13)
        host = context if operation.body is None else self._at_host(p, index, context)
        guards = [c.guard(p, guard, host) for guard in operation.guards]
        node = c.node(p, index)
        slot, grouped = c.visit_slot(p, index), c.grouped(p, index)
        turn = c.layout(p, c.program(p).scopes[index]).turn if operation.item else 0
        is_instance = body is not None and operation.next is None
        draws, log = c.runtime.draws, c.runtime.log
        element = operation.origin.element
        up = c.up(p, index, context.left)

        def open_scope(now: int, scope: Scope, ref: int) -> None:
            home = scope if grouped else scope[HOME]
            visit = item = 0
            if turn:
                visit, item = scope[VISIT], scope[turn]
                scope[turn] = item + 1
            elif slot is not None:
                visit = home[slot]
                home[slot] = visit + 1
            child: Scope = [None] * FIRST_FREE
            if operation.grouping:
                child[ID] = len(log)
                log.extend(ROW.pack(scope[ID], node << KIND_BITS | SCOPE, 0, visit, item, now))
                child[BLOCK], child[NUMBER] = draws.child(scope, element, visit, item)
            else:
                child[ID], child[BLOCK], child[NUMBER], child[HOME] = scope[ID], scope[BLOCK], scope[NUMBER], home
            child[LIVE] = 0 if body is None else 1
            child[PARENT] = scope
            child[LAYOUT] = layout_index
            child[NOTE] = home[NOTE]
            child[DONE] = []
            child[HELD] = [] if layout.known else None
            child[VISIT] = visit
            child[TURN] = item
            if is_instance:
                home[NOTE] = visit
            child.extend(layout.template)
            if scope[HELD] is None:
                scope[HELD] = []  # its children must be known, should it be stuck
            hold(scope, node, CHILD, child)
            child[ENTRY] = ref
            left = above(scope, up)
            note = left[NOTE]
            for guard in guards:
                if child[PARENT] is not None:  # a message that waited may have ended the race already (H13)
                    guard(now, child, ref)
            if body is not None and child[PARENT] is not None:
                child[ENTRY] = None
                left[NOTE] = note
                body(now, child, ref)

        return open_scope

    def _at_host(self, p: int, index: int, context: Context) -> Context:
        """Return where a boundary event stands: at its host, on a scope at the scope's unit, if it has one (H11)."""
        unit = self.c.process(p).units[index]
        return context._replace(place=context.place if unit < 0 else unit, travelled=False)

    def _outside(self, p: int, index: int, context: Context) -> tuple[Context, bool]:
        """Return from where a token goes on that leaves a scope by an operation in it, and whether it was at a boundary event."""
        opened = self.c.program(p).scopes[index]
        operation = self.c.program(p).operations[opened]
        assert isinstance(operation, Open)
        if operation.body is None:
            return context, False
        host = self._at_host(p, opened, context)
        return (host._replace(left=index), True) if operation.grouping else (host, False)

    def cancel(self, p: int, index: int, operation: Cancel, context: Context) -> Go:
        """Return the closure by which a token kills the rest of its scope and goes on, outside or in what it has emptied."""
        if operation.inside:
            return self._cancel_inside(p, index, operation, context)
        c, killing = self.c, self.killing
        outside, noted = self._outside(p, index, context)
        go = c.settled(p, operation.next.target, c.go(p, operation.next, outside))
        node = c.node(p, index)
        by_message = isinstance(c.program(p).operations[context.left], Take)

        def cancel(now: int, scope: Scope, ref: int) -> None:
            parent, entering = scope[PARENT], scope[ENTRY] is not None
            if operation.own:
                scope[ENTRY] = None  # what stood at an event-based gateway is the token that goes on
            tokens = killing.tokens(scope)
            killing.take_out(scope)
            unhold(parent, scope)
            if operation.own:
                killing.log_killed(tokens, now)
            else:
                refs = [killing.end(token, now) for token in tokens]
            killing.free(tokens, now)
            if not operation.own and tokens:
                merged = killing.merged(scope, node, tokens, refs, now)
                ref = joined(scope, ref, merged, now, entering) if by_message else merged
            note(scope, parent)
            go(now, parent, ref)

        joined, note = self._joined(node), self._noting(p, index, noted)

        return cancel

    def _cancel_inside(self, p: int, index: int, operation: Cancel, context: Context) -> Go:
        """Return the closure by which the start of an event sub-process interrupts the scope around it, and goes on there (H19)."""
        c, killing = self.c, self.killing
        node = c.node(p, index)
        go = c.go(p, operation.next, self._at_host(p, index, context)._replace(left=index))
        by_message = isinstance(c.program(p).operations[context.left], Take)
        joined = self._joined(node)

        def cancel_inside(now: int, scope: Scope, ref: int) -> None:
            entering = scope[ENTRY] is not None
            tokens = killing.tokens(scope, ended=not operation.own)
            scope = killing.emptied(scope)
            if operation.own:
                killing.log_killed(tokens, now)
            else:
                refs = [killing.end(token, now) for token in tokens]
                scope[DONE] = []
            killing.free(tokens, now)
            if not operation.own and tokens:
                merged = killing.merged(scope, node, tokens, refs, now)
                ref = joined(scope, ref, merged, now, entering) if by_message else merged
            scope[LIVE] = 1
            go(now, scope, ref)

        return cancel_inside

    def leave(self, p: int, index: int, operation: Leave, context: Context) -> Go:
        """Return the closure by which a token goes on outside a scope that runs on (H17), or, from a guard, in it."""
        c, killing = self.c, self.killing
        outside, noted = self._outside(p, index, context)
        if operation.inside:
            outside, noted = self._at_host(p, index, context)._replace(left=index), False
        go = c.settled(p, operation.next.target, c.go(p, operation.next, outside))
        node = c.node(p, index)
        by_message = isinstance(c.program(p).operations[context.left], Take)

        def leave(now: int, scope: Scope, ref: int) -> None:
            goal = scope if operation.inside else scope[PARENT]
            goal[LIVE] += 1
            if operation.own:
                scope[LIVE] -= 1
            else:
                tokens = killing.tokens(scope)
                if tokens:
                    refs = [killing.copy(token, now) for token in tokens]
                    merged = killing.merged(scope, node, tokens, refs, now)
                    ref = joined(scope, ref, merged, now, scope[ENTRY] is not None) if by_message else merged
            if not operation.inside:
                note(scope, goal)
            go(now, goal, ref)

        joined, note = self._joined(node), self._noting(p, index, noted)
        return leave

    def _joined(self, node: int) -> Callable[[Scope, int, int, int, bool], int]:
        """Return what joins a message's token to those of a scope: it came last, unless it waited for the one that enters (H8)."""

        def joined(scope: Scope, message: int, tokens: int, now: int, entering: bool) -> int:
            last, other = (tokens, message) if entering else (message, tokens)
            return self.killing.merge(scope, node, last, other, now)

        return joined

    def _noting(self, p: int, index: int, noted: bool) -> Callable[[Scope, Scope], None]:
        """Return what notes a boundary event's visit, which is its host's, where it stands: outside the scope (H31)."""
        grouped = self.c.grouped(p, self.c.program(p).scopes[index])

        def note(scope: Scope, parent: Scope) -> None:
            if noted:
                (parent if grouped else parent[HOME])[NOTE] = scope[VISIT]

        return note
