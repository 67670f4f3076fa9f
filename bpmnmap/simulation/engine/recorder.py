"""A finished run → Recording: the packed rows and all that is needed to read them."""

from __future__ import annotations

import numpy as np

from bpmnmap.eventlog.log import OpenSpans
from bpmnmap.eventlog.recording import Node, Recording, Source
from bpmnmap.eventlog.rows import ROW_DTYPE
from bpmnmap.org.calendars import ExpandedCalendar
from bpmnmap.semantics.program import Program, Send, Start, Take, Work, message_targets, ways_of
from bpmnmap.simulation.engine.context import Compiling
from bpmnmap.simulation.engine.held import CHILD
from bpmnmap.simulation.engine.scopes import DONE, HELD, LAYOUT, MESSAGES, Scope
from bpmnmap.simulation.plan import NOBODY, processes_of


def record(compiler: Compiling, now: int) -> Recording:
    """Return the recording of a run that has finished at an instant."""
    plan, runtime = compiler.plan, compiler.runtime
    rows = np.frombuffer(runtime.log, ROW_DTYPE)
    rows.flags.writeable = False
    end_us = max(int(rows["end"].max(initial=0)), now if plan.window_us is not None else 0)
    stuck = runtime.stuck()
    waits = sorted(set(runtime.live) - stuck)
    nodes = []
    maps = processes_of(plan)
    number_of = {name: number for number, name in enumerate(maps)}
    for process in plan.processes:
        ranks = _preorder(process.program)
        for index, operation in enumerate(process.program.operations):
            unit = process.units[index]
            work = process.works.get(index)
            pool = NOBODY if work is None else work.pool
            nodes.append(
                Node(
                    element=operation.origin.element,
                    map=number_of[process.program.process_of(index)],
                    rank=ranks[index],
                    unit=unit,
                    pool=pool,
                    calendar=NOBODY if pool == NOBODY else plan.pools[pool].calendar,
                    is_work=isinstance(operation, Work),
                )
            )
    persons = [f"{pool.key}/{number + 1}" for pool in plan.pools for number in range(pool.quantity)]
    sources = [
        Source(number_of[program.process_of(source.operation)], program.operations[source.operation].origin.element)
        for source in plan.sources
        for program in (plan.processes[source.process].program,)
    ]
    return Recording(
        rows=rows,
        nodes=tuple(nodes),
        sources=tuple(sources),
        maps=maps,
        units=plan.units,
        pools=tuple(pool.key for pool in plan.pools),
        persons=tuple(persons),
        calendars=tuple(spans(calendar, end_us) for calendar in plan.calendars),
        unfinished=np.array(waits, dtype=np.int64),
        stuck=np.array(sorted(stuck), dtype=np.int64),
        warm_up_us=plan.warm_up_us,
        window_us=plan.window_us,
        end_us=end_us,
        stuck_at=_stuck_at(compiler, stuck),
        untaken=_untaken(compiler),
    )


def _stuck_at(compiler: Compiling, stuck: set[int]) -> tuple[tuple[str, str, int], ...]:
    """Return where tokens of stuck cases stand: map, element, how many cases; in order of the map."""
    counts: dict[int, int] = {}
    for case in sorted(stuck):
        for node in _standing(compiler, compiler.runtime.live[case]):
            counts[node] = counts.get(node, 0) + 1
    nodes = _elements(compiler)
    return tuple((*nodes[node], counts[node]) for node in sorted(counts))


def _untaken(compiler: Compiling) -> tuple[tuple[str, str, int], ...]:
    """Return how many messages of ended cases nobody took: process and element that would have taken them, number; in order of the map."""
    counts: dict[int, int] = {}
    for (layout, channel), count in compiler.runtime.untaken.items():
        p = compiler.layout_process[layout]
        operations = compiler.program(p).operations
        takers = [index for index, operation in enumerate(operations) if isinstance(operation, Take) and operation.channel == channel]
        senders = [index for index, operation in enumerate(operations) if isinstance(operation, Send) and operation.channel == channel]
        node = compiler.node(p, (takers or senders)[0])
        counts[node] = counts.get(node, 0) + count
    nodes = _elements(compiler)
    return tuple((*nodes[node], counts[node]) for node in sorted(counts))


def _elements(compiler: Compiling) -> list[tuple[str, str]]:
    """Return process and element of each node."""
    programs = [process.program for process in compiler.plan.processes]
    return [(program.process_of(at), each.origin.element) for program in programs for at, each in enumerate(program.operations)]


def _standing(compiler: Compiling, scope: Scope) -> set[int]:
    """Return the nodes at which tokens of a scope, and of its children as far as they are known, rest for others."""
    nodes = {node for node, slots in compiler.join_slots(scope[LAYOUT]) if any(scope[slot] is not None for slot in slots)}
    for _, takers in (scope[MESSAGES] or {}).values():
        nodes |= {taker[2] for taker in takers}
    nodes |= {node for _, _, node in scope[DONE] or ()}
    for _, kind, thing in scope[HELD] or ():
        if kind == CHILD:
            nodes |= _standing(compiler, thing)
    return nodes


def spans(calendar: ExpandedCalendar, end_us: int) -> OpenSpans | None:
    """Return the opening spans that open before an instant; None = always open."""
    if calendar.always:
        return None
    calendar.ensure(end_us)
    count = int(np.searchsorted(np.array(calendar.opens), end_us, side="left"))
    return OpenSpans(np.array(calendar.opens[:count], dtype=np.int64), np.array(calendar.closes[:count], dtype=np.int64))


def _preorder(program: Program) -> list[int]:
    """Rank of each operation in the order in which a token and its copies reach them: document order of the branches."""
    ranks = [-1] * len(program.operations)
    found = 0
    stack = [index for index in reversed(range(len(ranks))) if isinstance(program.operations[index], Start)]
    while stack:
        index = stack.pop()
        if ranks[index] >= 0:
            continue
        ranks[index] = found
        found += 1
        stack += reversed(message_targets(program.operations[index]))
        stack += [way.target for way in reversed(ways_of(program.operations[index]))]
    return ranks
