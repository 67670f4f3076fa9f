"""What the parts of the compiler share: where a token stands, the closures' type, and what each part may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, TypeAlias

from bpmnmap.semantics.expressions import Expression
from bpmnmap.semantics.program import Origin, Program, Way
from bpmnmap.simulation.engine.layout import Layout
from bpmnmap.simulation.engine.runtime import Runtime
from bpmnmap.simulation.engine.scopes import Scope
from bpmnmap.simulation.plan import Plan, ProcessPlan

Value: TypeAlias = bool | int | float | str
Test: TypeAlias = Callable[[Scope, Mapping[str, Value] | None], bool]  # whether a condition holds; further values go before attributes
Go: TypeAlias = Callable[[int, Scope, int], None]  # (now, scope, ref): a token goes on


class Context(NamedTuple):
    """Where a token stands (index of the unit, −1: nowhere), what it left last, whether a named flow was travelled (H12)."""

    place: int
    left: int
    travelled: bool


class Compiling(Protocol):
    """The compiler, as its parts see it; `p` is the index of a process, `index` that of an operation in its Program."""

    runtime: Runtime
    plan: Plan
    notes: bool
    extended: bool
    guard_nodes: set[int]
    boundary_nodes: set[int]
    layouts: list[Layout]
    layout_process: list[int]

    def process(self, p: int) -> ProcessPlan:
        """Return a process."""
        ...

    def program(self, p: int) -> Program:
        """Return a process's program."""
        ...

    def layout(self, p: int, scope: int) -> Layout:
        """Return the layout of a scope of a process: −1 the process itself, else the index of its `Open`."""
        ...

    def layout_index(self, p: int, scope: int) -> int:
        """Return the index of a layout."""
        ...

    def join_slots(self, layout_index: int) -> list[tuple[int, range]]:
        """Return the joins of a kind of scope, by node, and the slots in which tokens rest there."""
        ...

    def node(self, p: int, index: int) -> int:
        """Return the number of an operation over all processes."""
        ...

    def element(self, p: int, index: int) -> str:
        """Return the id of an operation's element."""
        ...

    def depth(self, p: int, index: int) -> int:
        """Return how many scopes are around an operation's own."""
        ...

    def up(self, p: int, index: int, left: int) -> int:
        """Return how many levels outward of an operation's scope the visits are counted of the node that a token left."""
        ...

    def has_messages(self, p: int) -> bool:
        """Return whether anything is sent in a program, so that messages may be left when a case ends."""
        ...

    def visit_slot(self, p: int, index: int) -> int | None:
        """Return the slot of the counter of an operation's visits, in its home scope; None where there is but one visit."""
        ...

    def grouped(self, p: int, index: int) -> bool:
        """Return whether the operation's own scope counts its visits (else the scope's HOME does)."""
        ...

    def go(self, p: int, way: Way, context: Context) -> Go:
        """Return the closure that takes a token from a context along a way."""
        ...

    def guard(self, p: int, way: Way, host: Context) -> Go:
        """Return the closure that arms a guard where its scope stands: no leg leads there."""
        ...

    def testing(self, p: int, origin: Origin, expression: Expression) -> Test:
        """Return what tells whether a condition holds in a scope's case."""
        ...

    def setting(self, p: int, origin: Origin, sets: tuple[tuple[str, Expression], ...]) -> Callable[[int, Scope], None]:
        """Return what changes attributes of a scope's case, and lets events fire whose condition holds then."""
        ...

    def progress(self, p: int, index: int) -> Callable[[Scope], Mapping[str, Value]]:
        """Return how far the items of the scope around an operation have come."""
        ...

    def settled(self, p: int, index: int, go: Go) -> Go:
        """Return what lets a token go on that leaves a rest in an operation's scope: then inclusive joins there are looked at."""
        ...

    def later(self, bind: Callable[[Go], None], p: int, way: Way, context: Context) -> None:
        """Compile the way behind an operation at which tokens rest, later: so that no chain of calls grows with the map."""
        ...
