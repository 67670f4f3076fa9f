"""Program + Plan → one closure per operation and place, which calls the next.

A closure is code, never state: all that changes stands in scopes, pools, agenda and log, so a run can be saved. Merges
and starts vanish; an operation is compiled once per *context*, so that a leg of travel exists only where it is travelled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from bpmnmap.semantics.expressions import Expression
from bpmnmap.semantics.program import (
    Cancel,
    Choose,
    End,
    Fork,
    Join,
    Leave,
    Open,
    Operation,
    Origin,
    Program,
    Repeat,
    Select,
    Send,
    Spread,
    Start,
    Take,
    Wait,
    Way,
    Work,
    is_placed,
)
from bpmnmap.semantics.resting import boundary_guards
from bpmnmap.simulation.engine import routing
from bpmnmap.simulation.engine.activities import Activities
from bpmnmap.simulation.engine.agenda import EXTRA, Entry
from bpmnmap.simulation.engine.attributes import Attributes
from bpmnmap.simulation.engine.context import Context, Go, Test, Value
from bpmnmap.simulation.engine.events import Events
from bpmnmap.simulation.engine.held import PENDING, hold
from bpmnmap.simulation.engine.inclusive import InclusiveJoins
from bpmnmap.simulation.engine.layout import Layout, lay_out
from bpmnmap.simulation.engine.nesting import Nesting
from bpmnmap.simulation.engine.runtime import Runtime
from bpmnmap.simulation.engine.scopes import NOTE, Scope, above
from bpmnmap.simulation.engine.travel import Travel
from bpmnmap.simulation.engine.turns import Turns
from bpmnmap.simulation.plan import Plan, ProcessPlan

Key: TypeAlias = tuple[int, Way, Context]

_MAX_DEPTH = 150  # instant operations in a row in one call chain; Python's stack holds 1,000


class Compiler:
    """Compiles the processes of a plan for one run."""

    def __init__(self, runtime: Runtime, *, extended: bool = False) -> None:
        self.runtime = runtime
        self.extended = extended
        self.plan = runtime.plan
        self.layouts: list[Layout] = []
        self.first_layout: list[int] = []
        self.layout_process: list[int] = []
        self.first_node: list[int] = []
        self._opens: list[dict[int, int]] = []
        nodes = 0
        self.notes = _has_random_transfers(self.plan)
        self.guard_nodes: set[int] = set()
        self.boundary_nodes: set[int] = set()
        for process in self.plan.processes:
            self.first_node.append(nodes)
            operations = process.program.operations
            opens = [operations[index] for index in _open_indexes(operations)]
            self.guard_nodes |= {nodes + guard.target for each in opens if isinstance(each, Open) for guard in each.guards}
            self.boundary_nodes |= {nodes + index for index in boundary_guards(process.program)}
            nodes += len(operations)
            self._opens.append({index: at for at, index in enumerate(_open_indexes(operations))})
            layouts = lay_out(process.program, self.notes)
            self.first_layout.append(len(self.layouts))
            self.layouts += layouts
            self.layout_process += [len(self.first_node) - 1] * len(layouts)
        self._memo: dict[Key, tuple[Go, int]] = {}
        self._hops: dict[Key, Go] = {}
        self._stack: dict[Key, int] = {}
        self._later: list[tuple[Callable[[Go], None], int, Way, Context]] = []
        self.attributes = Attributes(self)
        self.activities = Activities(self)
        self.nesting = Nesting(self)
        self.turns = Turns(self, self.attributes)
        self.inclusive = InclusiveJoins(self)
        self.travel = Travel(self)
        self.events = Events(self, self.travel, self.attributes)

    def process(self, p: int) -> ProcessPlan:
        """Return a process."""
        return self.plan.processes[p]

    def program(self, p: int) -> Program:
        """Return a process's program."""
        return self.plan.processes[p].program

    def layout(self, p: int, scope: int) -> Layout:
        """Layout of a scope of a process: −1 the process itself, else the index of its `Open`."""
        return self.layouts[self.layout_index(p, scope)]

    def layout_index(self, p: int, scope: int) -> int:
        """Index of the layout of a scope of a process."""
        first = self.first_layout[p]
        if scope < 0:
            return first
        return first + 1 + self._opens[p][scope]

    def node(self, p: int, index: int) -> int:
        """Return the number of an operation over all processes."""
        return self.first_node[p] + index

    def join_slots(self, layout_index: int) -> list[tuple[int, range]]:
        """Return the joins of a kind of scope, by node, and the slots in which tokens rest there."""
        p = self.layout_process[layout_index]
        operations = self.program(p).operations
        return [
            (self.node(p, index), range(slot, slot + operation.entries))
            for index, slot in self.layouts[layout_index].joins.items()
            if isinstance(operation := operations[index], Join)
        ]

    def has_messages(self, p: int) -> bool:
        """Return whether anything is sent in a program, so that messages may be left when a case ends."""
        return any(isinstance(operation, Send) for operation in self.program(p).operations)

    def visit_slot(self, p: int, index: int) -> int | None:
        """Slot of the counter of an operation's visits, in its home scope; None where there is but one visit."""
        return self.layout(p, self.layout(p, self.program(p).scopes[index]).home).counters.get(index)

    def grouped(self, p: int, index: int) -> bool:
        """Whether the operation's own scope counts its visits (else the scope's HOME does)."""
        scope = self.program(p).scopes[index]
        return self.layout(p, scope).home == scope

    def start(self, p: int, index: int) -> Go:
        """Where a token of a start that is set off from outside goes."""
        operation = self.program(p).operations[index]
        assert isinstance(operation, Start)
        go = self.go(p, operation.next, Context(self.process(p).units[index], index, False))
        self.link()
        return go

    def link(self) -> None:
        """Compile what was put off, until nothing is left."""
        while self._later:
            bind, p, way, context = self._later.pop(0)
            bind(self.settled(p, way.target, self.go(p, way, context)))

    def testing(self, p: int, origin: Origin, expression: Expression) -> Test:
        """Return what tells whether a condition holds in a scope's case."""
        return self.attributes.testing(p, origin, expression)

    def setting(self, p: int, origin: Origin, sets: tuple[tuple[str, Expression], ...]) -> Callable[[int, Scope], None]:
        """Return what changes attributes of a scope's case, and lets events fire whose condition holds then."""
        return self.attributes.setting(p, origin, sets)

    def progress(self, p: int, index: int) -> Callable[[Scope], Mapping[str, Value]]:
        """Return how far the items of the scope around an operation have come."""
        return self.turns.progress(p, index)

    def settled(self, p: int, index: int, go: Go) -> Go:
        """Return what lets a token go on that leaves a rest in an operation's scope: then inclusive joins there are looked at."""
        ask = self.inclusive.asking(p, self.program(p).scopes[index])
        if ask is None:
            return go

        def go_and_ask(now: int, scope: Scope, ref: int) -> None:
            go(now, scope, ref)
            ask(now, scope)

        return go_and_ask

    def later(self, bind: Callable[[Go], None], p: int, way: Way, context: Context) -> None:
        """Compile the way behind an operation at which tokens rest, later: so that no chain of calls grows with the map."""
        self._later.append((bind, p, way, context))

    def go(self, p: int, way: Way, context: Context) -> Go:
        """Return the closure that takes a token from a context along a way."""
        key = (p, way, context)
        if key not in self._memo and key not in self._stack and len(self._stack) < _MAX_DEPTH:
            self._stack[key] = 0
            made = self._make(p, way, context)
            self._memo[key] = made, self._stack.pop(key) + 1
        go, height = self._memo.get(key, (None, _MAX_DEPTH))
        if go is None or len(self._stack) + height > _MAX_DEPTH:
            go, height = self._hop(p, way, context), 1
        if self._stack:  # the longest chain of calls below the closure that is being made
            caller = next(reversed(self._stack))
            self._stack[caller] = max(self._stack[caller], height)
        return go

    def _hop(self, p: int, way: Way, context: Context) -> Go:
        """Break a circle or an over-long chain of instant operations: the token goes on by an event of its own, now."""
        found = self._hops.get((p, way, context))
        if found is not None:
            return found
        agenda = self.runtime.agenda
        go: Go | None = None

        def bind(made: Go) -> None:
            nonlocal go
            go = made

        def resume(now: int, scope: Scope, ref: int, entry: Entry) -> None:
            assert go is not None
            above(scope, up)[NOTE] = entry[EXTRA][1]
            go(now, scope, ref)

        node, up = self.node(p, way.target), self.up(p, way.target, context.left)
        site = agenda.site(resume, node)
        self.later(bind, p, way, context)
        count = self.runtime.count_hop

        def hop(now: int, scope: Scope, ref: int) -> None:
            count(node)
            hold(scope, node, PENDING, agenda.add(now, now, site, scope, ref, [-1, above(scope, up)[NOTE], 0, way.entry]))

        self._hops[p, way, context] = hop
        return hop

    def _make(self, p: int, way: Way, context: Context) -> Go:
        for index, flow in enumerate(way.flows):
            transfer = self.process(p).flow_transfers.get(flow)
            if transfer is not None:
                rest = Way(way.target, way.flows[index + 1 :], way.entry)
                return self.travel.flow(p, flow, transfer, rest, context._replace(travelled=True))
        place = self.place(p, way.target)
        if place >= 0 and not context.travelled and context.place not in (-1, place):
            pair = self.plan.pair_transfers.get((context.place, place))
            if pair is not None:
                return self.travel.pair(p, pair, Way(way.target, (), way.entry), context._replace(travelled=True))
        return self._enter(p, way, context)

    def depth(self, p: int, index: int) -> int:
        """Return how many scopes are around an operation's own."""
        return self.layout(p, self.program(p).scopes[index]).depth

    def up(self, p: int, index: int, left: int) -> int:
        """Return how many levels outward of an operation's scope the visits are counted of the node that a token left."""
        program = self.program(p)
        scope = program.scopes[left]
        operation = program.operations[left]
        if isinstance(operation, (Cancel, Leave)) and not operation.inside:  # a boundary event stands outside the scope that it guards
            scope = program.scopes[scope]
        return self.depth(p, index) - self.layout(p, self.layout(p, scope).home).depth

    def element(self, p: int, index: int) -> str:
        """Return the id of an operation's element."""
        return self.program(p).operations[index].origin.element

    def place(self, p: int, index: int) -> int:
        """Return the unit at which a token that heads for an operation arrives (H11), −1: passed where it is."""
        operation = self.program(p).operations[index]
        stands = isinstance(operation, (Work, Wait, Take, Join)) or is_placed(self.program(p), index)
        return self.process(p).units[index] if stands else -1

    def guard(self, p: int, way: Way, host: Context) -> Go:
        """Return the closure that arms a guard where its scope stands: no leg leads there."""
        index = way.target
        operation = self.program(p).operations[index]
        context = host._replace(left=index)
        if isinstance(operation, Wait):
            return self.events.wait(p, index, operation, context)
        assert isinstance(operation, Take)
        return self.events.take(p, index, operation, context)

    def _enter(self, p: int, way: Way, context: Context) -> Go:
        index = way.target
        operation: Operation = self.program(p).operations[index]
        units = self.process(p).units
        match operation:
            case Work():
                return self.activities.work(p, index, operation)
            case Wait():
                return self.events.wait(p, index, operation, self._arrived(context, units[index])._replace(left=index))
            case Take():
                return self.events.take(p, index, operation, self._arrived(context, units[index])._replace(left=index))
            case Send():
                return self.events.send(p, index, operation, context)
            case Choose():
                return routing.choose(self, p, index, operation, context)
            case Select():
                return routing.select(self, p, index, operation, context)
            case Spread():
                return self.turns.spread(p, index, operation, context, self.nesting.closing(p, index, context))
            case Repeat():
                return self.turns.repeat(p, index, operation, context)
            case Fork():
                return routing.fork(self, p, index, operation, context)
            case Join(inclusive=True):
                return self.inclusive.join(p, index, operation, way.entry, self._arrived(context, units[index]))
            case Join():
                return routing.join(self, p, index, operation, way.entry, self._arrived(context, units[index]))
            case End():
                return self.nesting.end(p, index, operation, context)
            case Open():
                return self.nesting.open(p, index, operation, self._arrived(context, self.place(p, index)))
            case Cancel():
                return self.nesting.cancel(p, index, operation, context)
            case Leave():
                return self.nesting.leave(p, index, operation, context)
            case Start():
                return self.go(p, operation.next, context)

    @staticmethod
    def _arrived(context: Context, place: int) -> Context:
        return context if place < 0 else Context(place, context.left, False)


def _open_indexes(operations: tuple[Operation, ...]) -> list[int]:
    return [index for index, operation in enumerate(operations) if isinstance(operation, Open)]


def _has_random_transfers(plan: Plan) -> bool:
    transfers = [*plan.pair_transfers.values()]
    for process in plan.processes:
        transfers += process.flow_transfers.values()
    return any(not transfer.time.is_fixed for transfer in transfers)
