"""Activity instances: enter, start, complete. One SimPy event each.

There are two shapes of the same thing. The plain one serves tasks whose people belong to a pool and that nothing can
kill; it holds the hot path of most maps. The general one also serves tasks that nobody works, tasks in scopes that can be
cancelled, and maps whose transfers are random, so that the visit must be kept (H31).
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, TypeAlias

import simpy

from bpmnmap.eventlog.rows import COMPLETED, KIND_BITS, LEFT, ROW, RUNNING
from bpmnmap.semantics.program import Work
from bpmnmap.simulation.draws import Purpose
from bpmnmap.simulation.engine.addresses import BLOCK_VISITS, Drawn
from bpmnmap.simulation.engine.context import Compiling, Context, Go
from bpmnmap.simulation.engine.held import QUEUED, WORKING, hold, unhold
from bpmnmap.simulation.engine.pools import Entry, Person, Pool
from bpmnmap.simulation.engine.scopes import BLOCK, HOME, ID, NOTE, NUMBER, Scope
from bpmnmap.simulation.plan import NOBODY, WorkPlan

Begin: TypeAlias = Callable[[int, Person, Entry], None]


class Activities:
    """Compiles tasks; knows which closure begins and completes which."""

    def __init__(self, compiler: Compiling) -> None:
        self.c = compiler
        self._entered: dict[tuple[int, int], Go] = {}
        self.begins: dict[int, Begin] = {}
        self.completions: dict[int, list[Callable[[simpy.Event], None]]] = {}
        self.executors = compiler.runtime.executors

    def work(self, p: int, index: int, operation: Work) -> Go:
        """Return the closure that enters a task; it stands at one place, so there is one."""
        found = self._entered.get((p, index))
        if found is not None:
            return found
        c = self.c
        plan = c.process(p).works[index]
        slot = c.visit_slot(p, index)
        visits = 1 if slot is None else BLOCK_VISITS
        drawn = c.runtime.draws.register(
            Purpose.PROCESSING, c.program(p).process_of(index), operation.origin.element, plan.time.values, plan.time.value, visits
        )
        layout = c.layout(p, c.program(p).scopes[index])
        node = c.node(p, index)
        if plan.pool != NOBODY:
            c.runtime.pool_of[node] = c.runtime.pools[plan.pool]
        if plan.pool == NOBODY or layout.known or c.notes or plan.times or plan.sets or not c.grouped(p, index) or c.extended:
            made, bind = self._general(p, index, plan, drawn)
        else:
            pool = c.runtime.pools[plan.pool]
            make = self._always if pool.calendar is None else self._in_hours
            made, bind = make(node, pool, drawn, slot)
        self._entered[p, index] = made
        c.later(bind, p, operation.next, self._context(p, index))
        return made

    def _context(self, p: int, index: int) -> Context:
        return Context(self.c.process(p).units[index], index, False)

    def _always(self, node: int, pool: Pool, drawn: Drawn, slot: int | None) -> tuple[Go, Callable[[Go], None]]:
        runtime = self.c.runtime
        free, queue, persons = pool.free, pool.queue, pool.persons
        append, popleft = queue.append, queue.popleft
        schedule, completion = runtime.env.schedule, runtime.completion
        log, pack, code = runtime.log, ROW.pack, node << KIND_BITS | COMPLETED
        extend = log.extend
        item, fill, at, spend = drawn.item, runtime.draws.fill, runtime.draws.at, runtime.spend
        counter = -1 if slot is None else slot
        go: Go

        def bind(made: Go) -> None:
            nonlocal go
            go = made

        def enter_once(now: int, scope: Scope, ref: int) -> None:
            block = scope[BLOCK]
            time = (block[item] or fill(block, item))[scope[NUMBER]]
            if free:
                person = persons[heappop(free)]
                person.callbacks = done
                person.scope = scope
                person.ref = ref
                person.start = now
                person.due = now + time
                schedule(person, completion, time)
            else:
                append((begin, scope, ref, time, 0))

        def enter_again(now: int, scope: Scope, ref: int) -> None:
            visit = scope[counter]
            scope[counter] = visit + 1
            if visit < BLOCK_VISITS:
                block = scope[BLOCK]
                time = (block[item + visit] or fill(block, item + visit))[scope[NUMBER]]
            else:
                spend()
                time = at(drawn, scope, visit)
            if free:
                person = persons[heappop(free)]
                person.callbacks = done
                person.scope = scope
                person.ref = ref
                person.start = now
                person.due = now + time
                schedule(person, completion, time)
            else:
                append((begin, scope, ref, time, visit))

        def begin(now: int, person: Person, entry: Entry) -> None:
            _, person.scope, person.ref, time, _ = entry
            person.callbacks = done
            person.start = now
            person.due = now + time
            schedule(person, completion, time)

        def complete(person: Any) -> None:  # noqa: ANN401 - SimPy types it as any Event
            now = person.due
            scope = person.scope
            here = len(log)
            extend(pack(scope[ID], code, person.label, person.ref, person.start, now))
            if queue:
                entry = popleft()
                entry[0](now, person, entry)
            else:
                heappush(free, person.number)
            go(now, scope, here)

        done: list[Callable[[simpy.Event], None]] = [complete]
        self.begins[node] = begin
        self.completions[node] = done
        return (enter_once if slot is None else enter_again), bind

    def _in_hours(self, node: int, pool: Pool, drawn: Drawn, slot: int | None) -> tuple[Go, Callable[[Go], None]]:
        runtime = self.c.runtime
        free, queue, persons, span = pool.free, pool.queue, pool.persons, pool.span
        append, popleft = queue.append, queue.popleft
        look, finish, release, arm_opening = pool.look, pool.finish, pool.release, pool.arm_opening
        schedule, completion = runtime.env.schedule, runtime.completion
        log, pack, code = runtime.log, ROW.pack, node << KIND_BITS | COMPLETED
        extend = log.extend
        item, fill, at, spend = drawn.item, runtime.draws.fill, runtime.draws.at, runtime.spend
        go: Go

        def bind(made: Go) -> None:
            nonlocal go
            go = made

        def enter(now: int, scope: Scope, ref: int) -> None:
            if slot is None:
                visit = 0
            else:
                visit = scope[slot]
                scope[slot] = visit + 1
            if visit < BLOCK_VISITS:
                block = scope[BLOCK]
                time = (block[item + visit] or fill(block, item + visit))[scope[NUMBER]]
            else:
                spend()
                time = at(drawn, scope, visit)
            if now >= span[1]:
                look(now)
            if free:
                if now < span[0]:
                    append((begin, scope, ref, time, visit))
                    arm_opening(now)
                    return
                if not queue:
                    person = persons[heappop(free)]
                    person.callbacks = done
                    person.scope = scope
                    person.ref = ref
                    person.start = now
                    due = now + time
                    if due > span[1]:
                        due = finish(now, time)
                    person.due = due
                    schedule(person, completion, due - now)
                    return
            append((begin, scope, ref, time, visit))

        def begin(now: int, person: Person, entry: Entry) -> None:
            _, person.scope, person.ref, time, _ = entry
            person.callbacks = done
            person.start = now
            due = now + time
            if due > span[1]:
                due = finish(now, time)
            person.due = due
            schedule(person, completion, due - now)

        def complete(person: Any) -> None:  # noqa: ANN401 - SimPy types it as any Event
            now = person.due
            scope = person.scope
            here = len(log)
            extend(pack(scope[ID], code, person.label, person.ref, person.start, now))
            if not queue:
                heappush(free, person.number)
            elif span[0] <= now < span[1]:
                entry = popleft()
                entry[0](now, person, entry)
            else:
                release(now, person)
            go(now, scope, here)

        done: list[Callable[[simpy.Event], None]] = [complete]
        self.begins[node] = begin
        self.completions[node] = done
        return enter, bind

    def _general(self, p: int, index: int, plan: WorkPlan, drawn: Drawn) -> tuple[Go, Callable[[Go], None]]:
        c = self.c
        runtime, executors = c.runtime, self.executors
        pool = None if plan.pool == NOBODY else runtime.pools[plan.pool]
        layout = c.layout(p, c.program(p).scopes[index])
        killable, reserved = layout.known, layout.reserved
        slot, grouped = c.visit_slot(p, index), c.grouped(p, index)
        node = c.node(p, index)
        code = node << KIND_BITS
        log, pack, time_of = runtime.log, ROW.pack, self._timing(p, index, plan, drawn)
        change = c.setting(p, c.program(p).operations[index].origin, plan.sets) if plan.sets else None
        schedule, completion = runtime.env.schedule, runtime.completion
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
                    runtime.spend()
            entry: Entry = [begin, scope, ref, time_of(scope, visit), visit]
            if pool is None:
                begin(now, executors.take(), entry)
                return
            is_open = pool.is_open(now)
            if pool.free and is_open and not pool.queue:
                begin(now, pool.persons[heappop(pool.free)], entry)
                return
            pool.queue.append(entry)
            if killable:
                hold(scope, node, QUEUED, entry)
            if pool.free and not is_open:
                pool.arm_opening(now)

        def begin(now: int, person: Person, entry: Entry) -> None:
            _, scope, ref, time, person.visit = entry
            if killable:
                unhold(scope, entry)
                hold(scope, node, WORKING, person)
            if reserved:
                person.row = len(log)
                log.extend(pack(scope[ID], code | RUNNING, person.label, ref, now, -1))
            person.callbacks = done
            person.scope, person.ref, person.start = scope, ref, now
            person.due = now + time if pool is None else pool.finish(now, time)
            schedule(person, completion, person.due - now)

        def complete(person: Any) -> None:  # noqa: ANN401 - SimPy types it as any Event
            now, scope = person.due, person.scope
            if killable:
                unhold(scope, person)
            if reserved:
                ROW.pack_into(log, person.row, scope[ID], code | COMPLETED, person.label, person.ref, person.start, now)
                here = len(log)
                log.extend(pack(scope[ID], code | LEFT, 0, person.row, 0, now))
            else:
                here = len(log)
                log.extend(pack(scope[ID], code | COMPLETED, person.label, person.ref, person.start, now))
            visit = person.visit
            if pool is None:
                executors.give(person)
            else:
                pool.release(now, person)
            if c.notes:
                (scope if grouped else scope[HOME])[NOTE] = visit
            if change is not None:
                change(now, scope)
            go(now, scope, here)

        done: list[Callable[[simpy.Event], None]] = [complete]
        self.begins[node] = begin
        self.completions[node] = done
        return enter, bind

    def _timing(self, p: int, index: int, plan: WorkPlan, drawn: Drawn) -> Callable[[Scope, int], int]:
        """Return what draws the processing time at a visit: by the first of several times whose condition holds."""
        draws = self.c.runtime.draws
        if not plan.times:
            return lambda scope, visit: draws.at(drawn, scope, visit)
        program = self.c.program(p)
        origin = program.operations[index].origin
        times = [
            (None if condition is None else self.c.testing(p, origin, condition),
             draws.register(Purpose.PROCESSING, program.process_of(index), origin.element, time.values, time.value, 0))
            for condition, time in plan.times
        ]  # fmt: skip

        def time_of(scope: Scope, visit: int) -> int:
            return next(draws.one(each, scope, visit) for test, each in times if test is None or test(scope, None))

        return time_of
