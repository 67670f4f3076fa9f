"""Operations: the few primitives that a Program is made of; what each does stands in `program`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


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
    """The element of a map that an operation comes from: BPMN kind, id, name and line.

    Parameters
    ----------
    process
        Id of the process that the element is in; None = the Program's.
    path
        File of its map; None = the Program's.
    """

    element: str
    kind: str
    name: str | None = None
    line: int | None = None
    process: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """A token enters a process, set off from outside; not `expected`: where it is also set off from within the run."""

    origin: Origin
    next: Way
    expected: bool = True


@dataclass(frozen=True, slots=True)
class Work:
    """The token rests until one activity instance is completed."""

    origin: Origin
    next: Way


@dataclass(frozen=True, slots=True)
class Wait:
    """The token rests until the event fires.

    Parameters
    ----------
    trigger
        What it waits for: ``timer``, ``message``, ``signal``, ``conditional``, ``error``, ``escalation``, ``answer``.
    duration
        The map's ISO 8601 text, of a duration or date, where it gives one.
    condition
        The map's condition, where it gives one.
    repeats
        How often it fires at most, of a guard that does not end its scope: a timer's cycle; 0 = without end.
    """

    origin: Origin
    next: Way
    trigger: str
    duration: str | None = None
    condition: str | None = None
    repeats: int = 1


@dataclass(frozen=True, slots=True)
class Choose:
    """The token takes one of the ways; the last flow of each way names it.

    Parameters
    ----------
    conditions
        The map's conditions, by way; None = none there. Empty where no way has any.
    default
        The way taken where no condition holds.
    decides
        What is decided: a ``flow``; whether a multi-instance activity is ``complete`` (the first way) after an item; which
        ``answer`` a party outside gives.
    """

    origin: Origin
    ways: tuple[Way, ...]
    flows: tuple[str, ...]
    conditions: tuple[str | None, ...] = ()
    default: int | None = None
    decides: Literal["flow", "complete", "answer"] = "flow"


@dataclass(frozen=True, slots=True)
class Select:
    """A copy of the token takes each chosen way, in order: each is chosen by itself, and never none.

    Parameters
    ----------
    conditions, default
        As of `Choose`.
    always
        Ways that every token takes: flows without a condition out of an activity.
    """

    origin: Origin
    ways: tuple[Way, ...]
    flows: tuple[str, ...]
    conditions: tuple[str | None, ...] = ()
    default: int | None = None
    always: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fork:
    """A copy of the token takes each way, in document order."""

    origin: Origin
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """Tokens rest until one has come in by each of `entries`; they merge and go on.

    Parameters
    ----------
    inclusive
        It fires as soon as no token of its scope can come to an entry that is empty without passing it, but those that could
        as well come to one that is not (BPMN 2.0.2, section 13.4.3).
    """

    origin: Origin
    entries: int
    next: Way
    inclusive: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """As many copies of the token as there are items take the way, in order; `cardinality` is the map's text."""

    origin: Origin
    next: Way
    cardinality: str | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """The token makes another turn, at `body`, or goes on at `next`.

    Parameters
    ----------
    cardinality
        The map's number of turns, of a sequential multi-instance activity.
    condition
        The map's condition for another turn, of a loop.
    maximum
        The map's limit of turns, of a loop.
    counted
        Whether turns are counted (multi-instance), not decided anew after each (loop).
    """

    origin: Origin
    body: Way
    next: Way
    cardinality: str | None = None
    condition: str | None = None
    maximum: int | None = None
    counted: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The token ends in its scope; `kills`: all else in the scope is taken out, but what has ended in it goes on (H20)."""

    origin: Origin
    kills: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """Opens a child scope: a token at `body` (none: an event-based gateway), and one at each of `guards`.

    Parameters
    ----------
    next
        Where the merged tokens go on; None: a process instance, whose tokens end for good, or a gateway, whose guards go on.
    grouping
        Whether it is part of the path by which visits and draws are told apart (H31); one that is not only guards, or holds
        the items of a multi-instance activity together.
    item
        Whether it is one item or turn of the scope around it: its number in the path is that scope's visit and its own index.
    """

    origin: Origin
    body: Way | None
    guards: tuple[Way, ...]
    next: Way | None
    grouping: bool = True
    item: bool = False


@dataclass(frozen=True, slots=True)
class Cancel:
    """The token kills all else in its scope and goes on outside, or in it."""

    origin: Origin
    next: Way
    own: bool = False
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    """The token goes on in the scope outside, or in its own as one that is no guard; its scope runs on."""

    origin: Origin
    next: Way
    own: bool = False
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """A copy of the token becomes a message on its way.

    Parameters
    ----------
    next
        Where the token itself goes on; None: it is the message.
    channel
        Where a `Take` finds it; −1: the message goes on as a token at `taker`, in the case's own scope.
    taker
        Index of the operation that it goes to; −1 where it is broadcast.
    flow
        Id of the message flow.
    broadcast
        Whether all that wait on the channel get it, at once, and nothing keeps it: a signal.
    openers
        Operations in the case's own scope at which a copy of what is broadcast goes on.
    """

    origin: Origin
    next: Way | None
    channel: int
    taker: int
    flow: str | None = None
    broadcast: bool = False
    openers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Take:
    """The token rests until a message is on `channel`, the oldest; then both merge; `again`: a guard stays for the next one."""

    origin: Origin
    next: Way
    channel: int
    again: bool = False


Operation: TypeAlias = Start | Work | Wait | Choose | Select | Fork | Join | Spread | Repeat | End | Open | Cancel | Leave | Send | Take
INSTANT = (Choose, Select, Fork, Spread, Repeat, Send, End, Open, Cancel, Leave)
