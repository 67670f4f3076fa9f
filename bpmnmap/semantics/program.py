"""Program: a process as a flat, hashable array of a few primitive operations.

Tokens live in a tree of scopes: a process instance is the root, `Open` makes a child. A token in an operation either
*rests* there (`Work`, `Wait`, `Take`, at a `Join`, at the end of its scope) or passes at once.

=========  ======================================================================================================
Start      a token enters the process, set off from outside (H6)
Work       rests until one activity instance is completed (H2)
Wait       rests until time or the outside world lets it go on
Choose     takes one of its ways
Fork       a copy of the token takes each way, in order (H7)
Join       rests until a token has come in by each entry, then merges them (H8)
End        the token ends in its scope; the last one closes the scope
Open       opens a child scope: one token at `body`, one at each guard; when all but guards have ended they merge and
           go on at `next`
Cancel     a guard's token kills the rest of its scope and goes on outside it: with the killed tokens' origins, or,
           `own`, with its own alone (H16, H18, H19)
Leave      a guard's token goes on outside its scope, which runs on, with copies of the tokens in it (H17)
Send       a copy of the token becomes a message on `channel`, kept in the case until it is taken (H14)
Take       rests until a message is on `channel`, then merges with it
=========  ======================================================================================================

How the rest of BPMN lowers to these stands in ``docs/explanation/program.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Way:
    """Where a token goes on: an operation, one of its entries, and the sequence flows passed on the way.

    Parameters
    ----------
    target
        Index of the operation.
    flows
        Ids of the sequence flows passed, in order.
    entry
        Which entry of a `Join`; 0 elsewhere.
    """

    target: int
    flows: tuple[str, ...] = ()
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """The element of the map that an operation comes from: BPMN kind, id, name and line."""

    element: str
    kind: str
    name: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """A token enters the process, set off from outside."""

    origin: Origin
    next: Way


@dataclass(frozen=True, slots=True)
class Work:
    """The token rests until one activity instance is completed."""

    origin: Origin
    next: Way


@dataclass(frozen=True, slots=True)
class Wait:
    """The token rests until the event fires; `duration` is the map's ISO 8601 text where it gives one."""

    origin: Origin
    next: Way
    trigger: str
    duration: str | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    """The token takes one of the ways; the last flow of each way names it."""

    origin: Origin
    ways: tuple[Way, ...]
    flows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fork:
    """A copy of the token takes each way, in document order."""

    origin: Origin
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """Tokens rest until one has come in by each of `entries`; they merge and go on."""

    origin: Origin
    entries: int
    next: Way


@dataclass(frozen=True, slots=True)
class End:
    """The token ends in its scope."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class Open:
    """Opens a child scope: a token at `body` (none: an event-based gateway), and one at each of `guards`.

    A scope that is not `grouping` only guards (boundary events, event-based gateway): it is no part of the path by which
    visits and draws are told apart (H31).
    """

    origin: Origin
    body: Way | None
    guards: tuple[Way, ...]
    next: Way | None
    grouping: bool = True


@dataclass(frozen=True, slots=True)
class Cancel:
    """The token kills all else in its scope and goes on in the scope outside."""

    origin: Origin
    next: Way
    own: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    """The token goes on in the scope outside; its scope runs on."""

    origin: Origin
    next: Way


@dataclass(frozen=True, slots=True)
class Send:
    """A copy of the token becomes a message on `channel`, on its way to the operation `taker` by `flow`."""

    origin: Origin
    next: Way
    channel: int
    taker: int
    flow: str | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """The token rests until a message is on `channel`, the oldest; then both merge."""

    origin: Origin
    next: Way
    channel: int


Operation: TypeAlias = Start | Work | Wait | Choose | Fork | Join | End | Open | Cancel | Leave | Send | Take
INSTANT = (Choose, Fork, Send, End, Open, Cancel, Leave)


@dataclass(frozen=True, slots=True)
class Program:
    """One process, lowered.

    Parameters
    ----------
    process
        Id of the process.
    operations
        The array that `Way.target` points into.
    scopes
        For each operation the index of the `Open` in whose scope its tokens are; −1 is the process itself.
    path
        File of the map, for messages.

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

    def __str__(self) -> str:
        return f"process {self.process}\n" + "\n".join(self._line(index) for index in range(len(self.operations)))

    def _line(self, index: int) -> str:
        operation = self.operations[index]
        origin = operation.origin
        where = f"{origin.kind} {self.path or ''}:{origin.line}" if origin.line is not None else origin.kind
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
        case End():
            return ""
        case Choose(ways=ways):
            return "-> " + " | ".join(map(_way_text, ways))
        case Fork(ways=ways):
            return "-> " + " + ".join(map(_way_text, ways))
        case Join(entries=entries, next=way):
            return f"of {entries} -> {_way_text(way)}"
        case Open(body=body, guards=guards, next=way):
            parts = [_way_text(body)] if body is not None else []
            parts += [f"guard {_way_text(guard)}" for guard in guards]
            return ", ".join(parts) + (f" -> {_way_text(way)}" if way is not None else "")
        case Wait(trigger=trigger, duration=duration, next=way):
            return f"{trigger}{' ' + duration if duration else ''} -> {_way_text(way)}"
        case Cancel(own=own, next=way):
            return f"{'own ' if own else ''}-> {_way_text(way)}"
        case Send(channel=channel, next=way) | Take(channel=channel, next=way):
            return f"channel {channel} -> {_way_text(way)}"
        case _:
            return f"-> {_way_text(operation.next)}"


def ways_of(operation: Operation) -> tuple[Way, ...]:
    """All ways that lead on from an operation, in order."""
    match operation:
        case End():
            return ()
        case Choose(ways=ways) | Fork(ways=ways):
            return ways
        case Open(body=body, guards=guards, next=way):
            return (*((body,) if body else ()), *guards, *((way,) if way else ()))
        case _:
            return (operation.next,)
