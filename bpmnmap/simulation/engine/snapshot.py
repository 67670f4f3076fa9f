"""A run in mid-air ↔ bytes: all of its state is plain data (JSON, compressed), so another process can go on with it."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any, Final

from bpmnmap.errors import SimulationError
from bpmnmap.eventlog.rows import KIND_BITS, ROW
from bpmnmap.findings import Finding
from bpmnmap.semantics.program import Open
from bpmnmap.simulation.engine.agenda import DUE, EXTRA, ORDER, REF, SCOPE, SITE
from bpmnmap.simulation.engine.arrivals import Arrivals
from bpmnmap.simulation.engine.held import CHILD, PENDING, QUEUED, TAKING, WORKING, Thing, hold
from bpmnmap.simulation.engine.pools import Opening, Person
from bpmnmap.simulation.engine.run import Run
from bpmnmap.simulation.engine.runtime import Alarm
from bpmnmap.simulation.engine.scopes import (
    BLOCK,
    DATA,
    DONE,
    ENTRY,
    FIRST_FREE,
    HELD,
    HOME,
    ID,
    LAYOUT,
    LEGS,
    LIVE,
    MESSAGES,
    NOTE,
    NUMBER,
    PARENT,
    TURN,
    VISIT,
    Scope,
)
from bpmnmap.simulation.plan import Plan

_FORMAT: Final = 2


def save(run: Run) -> bytes:
    """Return the state of a run that stands between two instants (`Run.advance`).

    Raises
    ------
    SimulationError
        A process of the user's runs beside: where it stands is no data.
    """
    if run.extend is not None:
        fix = "save runs without extend"
        raise SimulationError([Finding("not-saved", "a run with a process of one's own cannot be saved", fix=fix)])
    writer = _Writer(run)
    return zlib.compress(json.dumps(writer.state(), separators=(",", ":")).encode())


def load(plan: Plan, data: bytes) -> Run:
    """Return a run that goes on where a saved one stood.

    Raises
    ------
    SimulationError
        The bytes are no saved run, or of another plan.
    """
    try:
        state = json.loads(zlib.decompress(data))
    except (zlib.error, ValueError) as error:
        raise SimulationError([Finding("not-a-run", "these bytes are no saved run", fix="give what save returned")]) from error
    if state.get("format") != _FORMAT or state.get("plan") != _identity(plan):
        message = "the saved run is of another plan or version"
        raise SimulationError([Finding("other-plan", message, fix="load it with the same maps, organization and scenario")])
    return _Reader(plan, state).run


def _identity(plan: Plan) -> list[Any]:
    programs = [str(process.program) for process in plan.processes]
    return [programs, list(plan.map_digests), plan.organization_digest, plan.scenario_digest, plan.block_bits]


class _Writer:
    """Numbers the scopes that anything refers to, and writes everything down."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.numbers: dict[int, int] = {}
        self.scopes: list[list[Any]] = []
        activities = run.compiler.activities
        self.begins = {begin: node for node, begin in activities.begins.items()}
        self.completions = {id(callbacks): node for node, callbacks in activities.completions.items()}

    def state(self) -> dict[str, Any]:
        run, runtime = self.run, self.run.runtime
        for scope in runtime.live.values():
            self.number(scope)
        pools = [
            {
                "free": sorted(pool.free),
                "queue": [[self.begins[begin], self.number(scope), ref, time, visit] for begin, scope, ref, time, visit in pool.queue],
                "persons": [self.person(person) for person in pool.persons if person.number not in set(pool.free)],
                "opening": pool.opening_due,
            }
            for pool in runtime.pools
        ]
        executors = [self.person(runtime.executors.busy[number]) for number in sorted(runtime.executors.busy)]
        agenda = [
            [entry[DUE], entry[ORDER], entry[SITE], self.number(entry[SCOPE]), entry[REF], entry[EXTRA]]
            for entry in runtime.agenda.living()
        ]
        return {
            "format": _FORMAT,
            "plan": _identity(run.plan),
            "seed": str(run.seed),
            "replication": run.replication,
            "now": run.now,
            "window_closed": run.window_closed,
            "ended": run.ended,
            "cases": run.cases[0],
            "log": base64.b64encode(runtime.log).decode(),
            "watched": sorted(runtime.watched),
            "live": [[offset, self.number(scope)] for offset, scope in runtime.live.items()],
            "pools": pools,
            "executors": executors,
            "idle": runtime.executors.idle(),
            "agenda": agenda,
            "order": runtime.agenda.order,
            "untaken": [[layout, channel, count] for (layout, channel), count in runtime.untaken.items()],
            "hops": sorted(runtime.hops.items()),
            "arrivals": [[each.number, each.first, each.position, each.due] for each in run.arrivals],
            "scheduled": self.scheduled(),
            "scopes": self.scopes,
        }

    def number(self, scope: Scope) -> int:
        """Number of a scope; its parents come before it."""
        found = self.numbers.get(id(scope))
        if found is not None:
            return found
        parent = -1 if scope[PARENT] is None else self.number(scope[PARENT])
        if id(scope) in self.numbers:
            return self.numbers[id(scope)]  # the parent has numbered what it holds
        number = self.numbers[id(scope)] = len(self.scopes)
        written: list[Any] = []
        self.scopes.append(written)
        written += [scope[ID], scope[LIVE], parent, scope[LAYOUT], scope[NOTE], scope[DONE], scope[HELD] is not None, scope[VISIT]]
        written += [scope[ENTRY], scope[DATA], scope[TURN]]
        written += [[[leg, visit, part] for (leg, visit), part in (scope[LEGS] or {}).items()], scope[FIRST_FREE:]]
        takers = []
        for channel, (messages, waiting) in (scope[MESSAGES] or {}).items():
            takers.append([channel, messages, [[self.number(taker[0]), *taker[1:]] for taker in waiting]])
        written.append(takers)
        for _, kind, thing in scope[HELD] or ():
            if kind == CHILD:
                self.number(thing)
        return number

    def person(self, person: Person) -> list[int]:
        """Return what a person works at."""
        node = self.completions[id(person.callbacks)]
        return [person.number, node, self.number(person.scope), person.ref, person.start, person.due, person.visit, person.row]

    def scheduled(self) -> list[list[Any]]:
        """Pending events in the order in which SimPy would take ties.

        SimPy has no public view of its queue; it is read here only, and never changed.
        """
        run = self.run
        pools = {id(person): [number, person.number] for number, pool in enumerate(run.runtime.pools) for person in pool.persons}
        openings = {id(pool.opening): number for number, pool in enumerate(run.runtime.pools)}
        found: list[list[Any]] = []
        for _, _, _, event in sorted(run.runtime.env._queue):
            if isinstance(event, Person) and event.callbacks:
                found.append(["person", *pools.get(id(event), [-1, event.number])])
            elif isinstance(event, Opening):
                found.append(["opening", openings[id(event)]])
            elif isinstance(event, Arrivals):
                found.append(["arrival", event.index])
            elif event is run.limit:
                found.append(["limit"])
            elif isinstance(event, Alarm) and event is run.runtime.census:
                found.append(["census"])
        return found


class _Reader:
    """Builds a run anew and puts everything where it was."""

    def __init__(self, plan: Plan, state: dict[str, Any]) -> None:
        self.state = state
        run = self.run = Run(plan, seed=int(state["seed"]), replication=state["replication"], now=state["now"])
        runtime = run.runtime
        runtime.log.extend(base64.b64decode(state["log"]))
        run.window_closed, run.ended, run.cases[0] = state["window_closed"], state["ended"], state["cases"]
        runtime.watched.update(state["watched"])
        runtime.hops.update(dict(state["hops"]))
        runtime.untaken.update({(layout, channel): count for layout, channel, count in state["untaken"]})
        runtime.hopped = sum(runtime.hops.values())
        for arrivals, (number, first, position, due) in zip(run.arrivals, state["arrivals"], strict=True):
            arrivals.number, arrivals.first, arrivals.position, arrivals.due = number, first, position, due
            arrivals.open_block()
        self.blocks: dict[tuple[int, int], Any] = {}
        self.scopes: list[Scope] = []
        for written in state["scopes"]:
            self.scopes.append(self.scope(written))
        for scope, written in zip(self.scopes, state["scopes"], strict=True):
            self.messages(scope, written[-1])
        runtime.live.update({offset: self.scopes[number] for offset, number in state["live"]})
        self.pools()
        self.agenda()
        for event in state["scheduled"]:
            self.schedule(*event)

    def scope(self, written: list[Any]) -> Scope:
        """Make a scope again; its parents are there already."""
        offset, live, parent, layout, note, done, holds, visit, entry, data, turn, legs, slots, _ = written
        scope: Scope = [None] * FIRST_FREE
        scope[ID], scope[LIVE], scope[LAYOUT], scope[NOTE], scope[VISIT] = offset, live, layout, note, visit
        scope[DONE], scope[ENTRY], scope[DATA], scope[TURN] = done, entry, data, turn
        scope[HELD] = [] if holds else None
        scope[LEGS] = {(leg, at): part for leg, at, part in legs} or None
        scope.extend(slots)
        if parent < 0:
            row = ROW.unpack_from(self.run.runtime.log, offset)
            scope[BLOCK], scope[NUMBER] = self.block(row[1] >> KIND_BITS, row[3])
        else:
            self.nest(scope, self.scopes[parent])
        return scope

    def block(self, source: int, number: int) -> tuple[Any, int]:
        """Return the block of a case; cases of one block share it."""
        arrivals = self.run.arrivals[source]
        block, place = arrivals.block_of(number)
        return self.blocks.setdefault((source, number - place), block), place

    def nest(self, scope: Scope, parent: Scope) -> None:
        """Put a child scope into its parent."""
        compiler = self.run.compiler
        scope[PARENT] = parent
        opened = compiler.layouts[scope[LAYOUT]].scope
        process = compiler.layout_process[scope[LAYOUT]]
        operation = compiler.program(process).operations[opened]
        assert isinstance(operation, Open)
        if operation.grouping:
            scope[BLOCK], scope[NUMBER] = self.run.runtime.draws.child(parent, operation.origin.element, scope[VISIT], scope[TURN])
        else:
            home = parent[HOME] or parent
            scope[BLOCK], scope[NUMBER], scope[HOME] = parent[BLOCK], parent[NUMBER], home
        hold(parent, compiler.node(process, opened), CHILD, scope)

    def messages(self, scope: Scope, written: list[Any]) -> None:
        """Put messages and their takers back."""
        for channel, messages, waiting in written:
            takers = [[self.scopes[number], *rest] for number, *rest in waiting]
            scope[MESSAGES] = scope[MESSAGES] or {}
            scope[MESSAGES][channel] = [messages, takers]
            for taker in takers:
                hold(taker[0], taker[2], TAKING, taker)

    def pools(self) -> None:
        """Put people to work and work into queues."""
        runtime, activities = self.run.runtime, self.run.compiler.activities
        for pool, written in zip(runtime.pools, self.state["pools"], strict=True):
            pool.free[:] = written["free"]
            pool.opening_due = written["opening"]
            for node, number, ref, time, visit in written["queue"]:
                entry: Any = [activities.begins[node], self.scopes[number], ref, time, visit]
                pool.queue.append(entry)
                self.hold_killable(entry[1], node, QUEUED, entry)
            for busy in written["persons"]:
                self.work(pool.persons[busy[0]], busy)
        runtime.executors.restore(*self.state["idle"])
        for busy in self.state["executors"]:
            self.work(runtime.executors.again(busy[0]), busy)

    def work(self, person: Person, busy: list[int]) -> None:
        """Give a person the work again."""
        _, node, number, person.ref, person.start, person.due, person.visit, person.row = busy
        person.scope = self.scopes[number]
        person.callbacks = self.run.compiler.activities.completions[node]
        self.hold_killable(person.scope, node, WORKING, person)

    def hold_killable(self, scope: Scope, node: int, kind: int, thing: Thing) -> None:
        """Note work in a scope that something may kill; elsewhere it is not known."""
        if self.run.compiler.layouts[scope[LAYOUT]].known:
            hold(scope, node, kind, thing)

    def agenda(self) -> None:
        """Put deliveries and firings back, in their order."""
        agenda = self.run.runtime.agenda
        agenda.order = self.state["order"]
        for due, order, site, number, ref, extra in self.state["agenda"]:
            entry = [due, order, site, self.scopes[number], ref, extra]
            agenda.heap.append(entry)  # sorted: a heap
            hold(entry[SCOPE], agenda.nodes[site], PENDING, entry)
        agenda.arm_earliest(self.run.now)

    def schedule(self, kind: str, number: int = 0, person: int = 0) -> None:
        """Schedule one event, as it was."""
        run = self.run
        now = run.now
        if kind == "person":
            who = run.runtime.executors.busy[person] if number < 0 else run.runtime.pools[number].persons[person]
            run.runtime.env.schedule(who, run.runtime.completion, who.due - now)
        elif kind == "opening":
            pool = run.runtime.pools[number]
            pool.schedule_opening(now, pool.opening_due)
        elif kind == "arrival":
            run.arrivals[number].schedule(now)
        elif kind == "limit":
            run.schedule_limit()
        else:
            run.runtime.look()
