"""Where a scope's counters and joins stand in its list, and which operations need a counter of visits at all."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpmnmap.semantics.program import (
    Cancel,
    Choose,
    End,
    Fork,
    Join,
    Leave,
    Open,
    Operation,
    Program,
    Select,
    Spread,
    Start,
    Take,
    Wait,
    Work,
    message_targets,
    ways_of,
)
from bpmnmap.simulation.engine.scopes import FIRST_FREE


@dataclass(slots=True)
class Layout:
    """The slots of one kind of scope: a process, or an `Open` of it.

    Parameters
    ----------
    scope
        −1 for the process, else the index of the `Open`.
    home
        The scope that counts the visits of the operations in it: its own, or the one around a scope that only guards.
    depth
        Scopes around it.
    killable
        Whether something may kill what is in it.
    known
        Whether what rests in it must be known: to be killed, or since an inclusive join asks where tokens are.
    reserved
        Whether a token may leave a running instance in it, so that its log row must exist from its start (H17).
    inclusive
        Inclusive joins in it.
    turn, asked
        Slots: how many items or turns were opened in it; whether its inclusive joins are about to be looked at. 0 = none.
    """

    scope: int
    home: int
    depth: int
    killable: bool
    known: bool
    reserved: bool
    counters: dict[int, int] = field(default_factory=dict)
    joins: dict[int, int] = field(default_factory=dict)
    inclusive: list[int] = field(default_factory=list)
    turn: int = 0
    asked: int = 0
    template: list[int | None] = field(default_factory=list)

    def add(self, value: int | None) -> int:
        """Add a slot with its first value."""
        self.template.append(value)
        return FIRST_FREE + len(self.template) - 1


def lay_out(program: Program, notes: bool) -> list[Layout]:
    """Layouts of a program: of the process itself, then of each `Open`, in order.

    Parameters
    ----------
    notes
        Whether every visit is to be counted since it is part of a transfer's address.
    """
    inclusive = {program.scopes[at] for at, each in enumerate(program.operations) if isinstance(each, Join) and each.inclusive}
    killers = {program.scopes[at] for at, each in enumerate(program.operations) if _kills(each)}
    copiers = {program.scopes[at] for at, each in enumerate(program.operations) if isinstance(each, Leave) and not each.own}
    layouts = {-1: Layout(-1, -1, 0, False, -1 in inclusive, False)}
    for index, opened in _outer_first(program):
        parent = layouts[program.scopes[index]]
        home = index if opened.grouping else parent.home
        killable = parent.killable or bool(opened.guards) or index in killers
        known = killable or index in inclusive
        layouts[index] = Layout(index, home, parent.depth + 1, killable, known, parent.reserved or index in copiers)
    layouts = dict(sorted(layouts.items()))
    once = _entered_once(program)
    for index, operation in enumerate(program.operations):
        layout = layouts[program.scopes[index]]
        if isinstance(operation, Join):
            layout.joins[index] = layout.add(None)
            for _ in range(operation.entries - 1):
                layout.add(None)
            if operation.inclusive:
                layout.add(None)  # by which way the token came that stood there last
                layout.inclusive.append(index)
                layout.asked = layout.asked or layout.add(0)
        if isinstance(operation, Open) and operation.item:
            layout.turn = layout.add(0)
        counts = isinstance(operation, (Work, Wait, Choose, Select, Open)) and index not in once
        if counts or notes:
            counting = layouts[layout.home]
            counting.counters[index] = counting.add(0)
    return list(layouts.values())


def _kills(operation: Operation) -> bool:
    return isinstance(operation, Cancel) or (isinstance(operation, End) and operation.kills)


def _outer_first(program: Program) -> list[tuple[int, Open]]:
    """Return the program's `Open`s, each after the one around it; a scope may stand anywhere before or after what is in it."""
    opens = {index: operation for index, operation in enumerate(program.operations) if isinstance(operation, Open)}
    depths: dict[int, int] = {-1: 0}

    def depth(index: int) -> int:
        chain = []
        while index not in depths:
            chain.append(index)
            index = program.scopes[index]
        for each in reversed(chain):
            depths[each] = depths[program.scopes[each]] + 1
        return depths[chain[0]] if chain else depths[index]

    return sorted(opens.items(), key=lambda item: (depth(item[0]), item[0]))


def _entered_once(program: Program) -> set[int]:
    """Operations that are entered at most once in a scope: upper bounds, summed over the ways in, 2 = many.

    Circles count as many. Behind a circle without a fork no more tokens come out than went in.
    """
    size = len(program.operations)
    component = _components(program)
    sent_to = {target for operation in program.operations for target in message_targets(operation)}
    members: dict[int, list[int]] = {}
    for index in range(size):
        members.setdefault(component[index], []).append(index)
    inflow = [0] * size
    flows = [0] * size
    entries: dict[int, dict[int, int]] = {}
    for index, operation in enumerate(program.operations):
        if isinstance(operation, Start):
            inflow[index] = 1
        elif index in sent_to:
            inflow[index] = 2
    once: set[int] = set()
    # components are numbered so that ways lead from higher to lower numbers
    for number in sorted(members, reverse=True):
        inside = members[number]
        circle = len(inside) > 1 or any(way.target == inside[0] for way in ways_of(program.operations[inside[0]]))
        for index in inside:
            operation = program.operations[index]
            if isinstance(operation, Join) and not circle:
                by_entry = entries.get(index, {})
                inflow[index] = min((by_entry.get(entry, 0) for entry in range(operation.entries)), default=0)
        flow = min(2, sum(inflow[index] for index in inside))
        if circle and any(isinstance(program.operations[index], (Fork, Select, Spread, Open)) for index in inside):
            flow = 2
        for index in inside:
            flows[index] = flow
            if not circle and flow <= 1:
                once.add(index)
            operation = program.operations[index]
            around = program.scopes[index]
            for way in ways_of(operation):
                if component[way.target] == number:
                    continue
                new_scope = isinstance(operation, Open) and operation.grouping and program.scopes[way.target] == index
                amount = 1 if new_scope else 2 if isinstance(operation, Spread) else flow
                if isinstance(operation, (Cancel, Leave)):  # out of each instance of its scope
                    amount = max(flow, flows[around])
                elif (isinstance(operation, Wait) and operation.repeats != 1) or (isinstance(operation, Take) and operation.again):
                    amount = 2
                inflow[way.target] = min(2, inflow[way.target] + amount)
                by_entry = entries.setdefault(way.target, {})
                by_entry[way.entry] = min(2, by_entry.get(way.entry, 0) + amount)
    return once


def _components(program: Program) -> list[int]:
    """Strongly connected components, numbered in reverse topological order (Tarjan 1972, without recursion)."""
    size = len(program.operations)
    number, low, component = [-1] * size, [0] * size, [-1] * size
    stack: list[int] = []
    counter = found = 0
    targets = [[way.target for way in ways_of(operation)] for operation in program.operations]
    for root in range(size):
        if number[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            node, position = work.pop()
            if position == 0:
                number[node] = low[node] = counter
                counter += 1
                stack.append(node)
            descend = False
            for at in range(position, len(targets[node])):
                target = targets[node][at]
                if number[target] < 0:
                    work += [(node, at + 1), (target, 0)]
                    descend = True
                    break
                if component[target] < 0:
                    low[node] = min(low[node], number[target])
            if descend:
                continue
            if low[node] == number[node]:
                while True:
                    member = stack.pop()
                    component[member] = found
                    if member == node:
                        break
                found += 1
            if work:
                parent = work[-1][0]
                low[parent] = min(low[parent], low[node])
    return component
