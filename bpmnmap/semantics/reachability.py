"""Reachability: by which entries of an inclusive join a token may still come, a constant of the Program.

Source: OMG, "Business Process Model and Notation (BPMN) 2.0.2", 2013, section 13.4.3 (inclusive gateway).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bpmnmap.semantics.program import Cancel, Join, Leave, Open, Operation, Program, Start, Take, Wait, Way, message_targets, ways_of


def entries_reachable(program: Program) -> Mapping[int, tuple[frozenset[int], ...]]:
    """Return, by index of an inclusive join, by which of its entries a token at each operation may come, without passing it.

    A token in an inner scope counts as at the `Open` of that scope: it may come out by its `next`, or by what a `Cancel` or
    `Leave` in it leads to. A message on its way is in no scope. A `Cancel` that goes on inside leads nowhere: it takes out
    those who wait.

    Examples
    --------
    >>> from bpmnmap.semantics.program import End, Origin, Select, Work
    >>> def origin(name): return Origin(name, "task")
    >>> operations = (Select(origin("x"), (Way(1), Way(2)), ("f", "g")), Work(origin("a"), Way(3)), Work(origin("b"), Way(3, (), 1)),
    ...               Join(origin("j"), 2, Way(4), inclusive=True), End(origin("e")))
    >>> reachable = entries_reachable(Program("p", operations, (-1,) * 5))
    >>> [sorted(entries) for entries in reachable[3]]
    [[0, 1], [0], [1], [], []]
    """
    joins = [index for index, operation in enumerate(program.operations) if isinstance(operation, Join) and operation.inclusive]
    if not joins:
        return {}
    into: dict[int, list[tuple[int, int]]] = {}
    for source, way in _ways_in_scope(program):
        into.setdefault(way.target, []).append((source, way.entry))
    return {join: _of_join(program, join, into) for join in joins}


def entries_by_way(reachable: tuple[frozenset[int], ...], join: int, way: Way) -> frozenset[int]:
    """Return by which entries of a join a token on its way may come; `reachable`: as `entries_reachable` says of that join."""
    return frozenset((way.entry,)) if way.target == join else reachable[way.target]


def _ways_in_scope(program: Program) -> Iterator[tuple[int, Way]]:
    """Yield each way within one scope and where a token stands before it: what leads out of a scope begins at its `Open`."""
    for index, operation in enumerate(program.operations):
        scope = program.scopes[index]
        match operation:
            case Cancel(inside=True):
                continue
            case Cancel(next=way) | Leave(next=way, inside=False):
                yield scope, way
            case Open(next=way):
                if way is not None:
                    yield index, way
            case _:
                yield from ((index, way) for way in ways_of(operation))


def _of_join(program: Program, join: int, into: dict[int, list[tuple[int, int]]]) -> tuple[frozenset[int], ...]:
    found: list[set[int]] = [set() for _ in program.operations]
    operation = program.operations[join]
    assert isinstance(operation, Join)
    for entry in range(operation.entries):
        pending = [source for source, into_entry in into.get(join, ()) if into_entry == entry]
        while pending:
            index = pending.pop()
            if index >= 0 and index != join and entry not in found[index]:
                found[index].add(entry)
                pending += [source for source, _ in into.get(index, ())]
    nothing: frozenset[int] = frozenset()
    standing = (_standing(program, index, program.scopes[join]) for index in range(len(found)))
    return tuple(nothing if index is None else frozenset(found[index]) for index in standing)


def _standing(program: Program, index: int, scope: int) -> int | None:
    """Return the operation of a scope at which a token counts that is at `index`; None: it is not in that scope."""
    while program.scopes[index] != scope:
        index = program.scopes[index]
        if index < 0:
            return None
    return index


def repeated_operations(program: Program) -> frozenset[int]:
    """Return the operations to which tokens come only by guards that fire again and again: several may be there at once.

    Examples
    --------
    >>> from bpmnmap.semantics.program import End, Origin, Work
    >>> def origin(name): return Origin(name, "task")
    >>> operations = (Start(origin("s"), Way(1)), Open(origin("o"), Way(2), (Way(4),), Way(3)), Work(origin("a"), Way(3)), End(origin("e")),
    ...               Wait(origin("daily"), Way(5), "timer", repeats=0), Leave(origin("daily"), Way(6)), Work(origin("remind"), Way(3)))
    >>> sorted(repeated_operations(Program("p", operations, (-1, -1, 1, -1, 1, 1, -1))))
    [5, 6]
    """
    operations = program.operations
    if not any(map(_fires_again, operations)):
        return frozenset()
    pending = [index for index, operation in enumerate(operations) if isinstance(operation, Start)]
    reached = set(pending)
    for index in pending:  # grows meanwhile
        operation = operations[index]
        targets = () if _fires_again(operation) else (way.target for way in ways_of(operation))
        for target in (*targets, *message_targets(operation)):
            if target not in reached:
                reached.add(target)
                pending.append(target)
    return frozenset(range(len(operations))) - reached


def _fires_again(operation: Operation) -> bool:
    return (isinstance(operation, Wait) and operation.repeats != 1) or (isinstance(operation, Take) and operation.again)
