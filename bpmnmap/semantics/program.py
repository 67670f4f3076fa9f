"""Program: processes that work together, as a flat, hashable array of a few primitive operations.

Tokens live in a tree of scopes: a case is the root, `Open` makes a child. A token in an operation either *rests* there
(`Work`, `Wait`, `Take`, at a `Join`, at the end of its scope) or passes at once.

=========  ======================================================================================================
Start      a token enters a process, set off from outside (H6)
Work       rests until one activity instance is completed (H2)
Wait       rests until time or the outside world lets it go on
Choose     takes one of its ways
Select     a copy takes each of those ways that are chosen, one at least
Fork       a copy of the token takes each way, in order (H7)
Join       rests until a token has come in by each entry, or, `inclusive`, until none can come to an empty one; they merge (H8)
Spread     as many copies as there are items take the one way
Repeat     another turn, or on
End        the token ends in its scope; the last one closes the scope; `kills`: it takes out what is left there (H20)
Open       opens a child scope: one token at `body`, one at each guard; when all but guards have ended they merge and
           go on at `next`; without `next` the scope is a process instance, whose tokens just end
Cancel     the token kills the rest of its scope and goes on outside, or, `inside`, in what it has emptied: with the killed
           tokens' origins, or, `own`, with its own alone (H16, H18, H19, H20)
Leave      a guard's token goes on outside its scope, or, `inside`, in it, with copies of the tokens in it (H17); `own`: a
           token of the scope itself goes on outside
Send       a copy of the token becomes a message, on its way to the operation `taker`: to be kept in the case on `channel`
           until it is taken (H14), or to go on there; a `broadcast` reaches all that wait on the channel now
Take       rests until a message is on `channel`, then merges with it
=========  ======================================================================================================

How BPMN lowers to these stands in ``docs/explanation/program.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

from bpmnmap.semantics.operations import (
    INSTANT,
    Cancel,
    Choose,
    End,
    Fork,
    Join,
    Leave,
    Open,
    Operation,
    Origin,
    Repeat,
    Select,
    Send,
    Spread,
    Start,
    Take,
    Wait,
    Way,
    Work,
)

__all__ = [
    "INSTANT",
    "Cancel",
    "Choose",
    "End",
    "Fork",
    "Join",
    "Leave",
    "Open",
    "Operation",
    "Origin",
    "Program",
    "Programs",
    "Repeat",
    "Select",
    "Send",
    "Spread",
    "Start",
    "Take",
    "Wait",
    "Way",
    "Work",
    "is_placed",
    "message_targets",
    "ways_of",
]


@dataclass(frozen=True, slots=True)
class Program:
    """One process, or several that work together, lowered.

    Parameters
    ----------
    process
        Id of the process; of several, the first in document order.
    operations
        The array that `Way.target` points into.
    scopes
        For each operation the index of the `Open` in whose scope its tokens are; −1 is the case.
    path
        File of the map, for messages.
    others
        Ids of the further processes in it.

    Examples
    --------
    >>> way = Way(1, ("f",))
    >>> print(Program("p", (Start(Origin("s", "startEvent", line=3), way), End(Origin("e", "endEvent", line=4))), (-1, -1)))
    process p
       0  start   s                         -> 1 [f]                            startEvent :3
       1  end     e                                                             endEvent :4
    """

    process: str
    operations: tuple[Operation, ...]
    scopes: tuple[int, ...]
    path: str | None = None
    others: tuple[str, ...] = ()

    @property
    def processes(self) -> tuple[str, ...]:
        """Ids of all processes in it."""
        return (self.process, *self.others)

    def process_of(self, index: int) -> str:
        """Return the id of the process that an operation is of."""
        return self.operations[index].origin.process or self.process

    def path_of(self, index: int) -> str | None:
        """Return the file of the map that an operation is of."""
        return self.operations[index].origin.path or self.path

    def __str__(self) -> str:
        return f"process {', '.join(self.processes)}\n" + "\n".join(self._line(index) for index in range(len(self.operations)))

    def _line(self, index: int) -> str:
        operation = self.operations[index]
        origin = operation.origin
        where = f"{origin.kind} {self.path_of(index) or ''}:{origin.line}" if origin.line is not None else origin.kind
        depth = 0
        scope = self.scopes[index]
        while scope >= 0:
            depth, scope = depth + 1, self.scopes[scope]
        name = f"{'  ' * depth}{origin.element}"
        text = f"{index:4}  {type(operation).__name__.lower():7} {name:25} {_ways_text(operation):35} {where}"
        return text + (f'  "{" ".join(origin.name.split())}"' if origin.name else "")


class Programs(tuple[Program, ...]):
    """The Programs of a map, one for each of its processes, in document order; as text one below the other.

    Examples
    --------
    >>> end = Program("p", (End(Origin("e", "endEvent")),), (-1,))
    >>> str(Programs([end])) == str(end), len(Programs([end, end]))
    (True, 2)
    """

    __slots__ = ()

    def __str__(self) -> str:
        return "\n\n".join(map(str, self))


def _way_text(way: Way) -> str:
    entry = f".{way.entry}" if way.entry else ""
    return f"{way.target}{entry}" + (f" [{' '.join(way.flows)}]" if way.flows else "")


def _ways_text(operation: Operation) -> str:
    match operation:
        case End(kills=kills):
            return "kills" if kills else ""
        case Choose(ways=ways):
            return "-> " + " | ".join(map(_way_text, ways))
        case Select(ways=ways):
            return "-> " + " & ".join(map(_way_text, ways))
        case Fork(ways=ways):
            return "-> " + " + ".join(map(_way_text, ways))
        case Join(entries=entries, next=way, inclusive=inclusive):
            return f"{'inclusive ' if inclusive else ''}of {entries} -> {_way_text(way)}"
        case Spread(next=way, cardinality=cardinality):
            return f"{cardinality or 'each'} -> {_way_text(way)}"
        case Repeat(body=body, next=way):
            return f"again {_way_text(body)} | -> {_way_text(way)}"
        case Open(body=body, guards=guards, next=way):
            parts = [_way_text(body)] if body is not None else []
            parts += [f"guard {_way_text(guard)}" for guard in guards]
            return ", ".join(parts) + (f" -> {_way_text(way)}" if way is not None else "")
        case Wait(trigger=trigger, duration=duration, next=way):
            return f"{trigger}{' ' + duration if duration else ''}{_times(operation.repeats)} -> {_way_text(way)}"
        case Cancel(own=own, inside=inside, next=way) | Leave(own=own, inside=inside, next=way):
            return f"{'own ' if own else ''}{'inside ' if inside else ''}-> {_way_text(way)}"
        case Send(next=way):
            goal = f"channel {operation.channel}" if operation.channel >= 0 else f"to {operation.taker}"
            return f"{'all on ' if operation.broadcast else ''}{goal}" + (f" -> {_way_text(way)}" if way is not None else "")
        case Take(channel=channel, next=way, again=again):
            return f"channel {channel}{_times(0 if again else 1)} -> {_way_text(way)}"
        case _:
            return f"-> {_way_text(operation.next)}"


def _times(repeats: int) -> str:
    return "" if repeats == 1 else " again and again" if repeats == 0 else f" {repeats} times"


def ways_of(operation: Operation) -> tuple[Way, ...]:
    """All ways that lead on from an operation, in order."""
    match operation:
        case End():
            return ()
        case Choose(ways=ways) | Select(ways=ways) | Fork(ways=ways):
            return ways
        case Open(body=body, guards=guards, next=way):
            return (*((body,) if body else ()), *guards, *((way,) if way else ()))
        case Repeat(body=body, next=way):
            return (body, way)
        case Send(next=way):
            return () if way is None else (way,)
        case _:
            return (operation.next,)


def is_placed(program: Program, index: int) -> bool:
    """Whether an `Open` stands at a place: an event-based gateway, or a task with what guards or repeats it; no sub-process (H11)."""
    operation = program.operations[index]
    if not isinstance(operation, Open) or operation.body is None:
        return isinstance(operation, Open)
    if operation.grouping or operation.next is None:
        return False
    inner = program.operations[operation.body.target]
    if isinstance(inner, (Spread, Repeat)):
        inner = program.operations[(inner.next if isinstance(inner, Spread) else inner.body).target]
    item = inner.origin.element if isinstance(inner, Open) and inner.item else None
    if isinstance(inner, Open) and inner.item and inner.body is not None:
        inner = program.operations[inner.body.target]
    return isinstance(inner, (Work, Wait, Take)) and item in (None, inner.origin.element)


def message_targets(operation: Operation) -> tuple[int, ...]:
    """Operations at which what is sent goes on as a token of its own, in the case's scope: not by a way."""
    if isinstance(operation, Send):
        return (*((operation.taker,) if operation.channel < 0 else ()), *operation.openers)
    return ()
