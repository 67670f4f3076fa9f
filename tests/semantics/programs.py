"""Small Programs, written by hand: the worked examples 3–5 of handoff.md, and one per construct."""

from __future__ import annotations

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
    Select,
    Send,
    Start,
    Take,
    Wait,
    Way,
    Work,
)


def origin(name: str, kind: str = "task") -> Origin:
    """The element of this name; its id is the name in lower case."""
    return Origin(name.lower(), kind, name)


def to(target: int, flow: str = "", entry: int = 0) -> Way:
    """A way along a flow, named after its target if not otherwise."""
    return Way(target, (flow or f"to{target}",), entry)


def work(name: str, next_way: Way) -> Work:
    return Work(origin(name), next_way)


def start(next_way: Way) -> Start:
    return Start(origin("Start", "startEvent"), next_way)


def end(name: str = "End") -> End:
    return End(origin(name, "endEvent"))


def choose(name: str, *ways: Way) -> Choose:
    return Choose(origin(name, "exclusiveGateway"), ways, tuple(way.flows[-1] for way in ways))


def fork(name: str, *ways: Way) -> Fork:
    return Fork(origin(name, "parallelGateway"), ways)


def join(name: str, entries: int, next_way: Way) -> Join:
    return Join(origin(name, "parallelGateway"), entries, next_way)


def select(name: str, *ways: Way, default: int | None = None, always: tuple[int, ...] = ()) -> Select:
    return Select(origin(name, "inclusiveGateway"), ways, tuple(way.flows[-1] for way in ways), (), default, always)


def merge(name: str, entries: int, next_way: Way) -> Join:
    """An inclusive join."""
    return Join(origin(name, "inclusiveGateway"), entries, next_way, inclusive=True)


def scope(name: str, body: Way, *guards: Way, then: Way | None) -> Open:
    return Open(origin(name, "subProcess"), body, guards, then)


def timer(name: str, next_way: Way, repeats: int = 1) -> Wait:
    return Wait(origin(name, "boundaryEvent"), next_way, "timer", repeats=repeats)


def program(*operations: Operation, scopes: dict[int, int] | None = None) -> Program:
    """A Program whose operations are in the case's own scope, but for those named."""
    return Program("test", operations, tuple((scopes or {}).get(index, -1) for index in range(len(operations))), "test.bpmn")


SEQUENCE = program(start(to(1)), work("Check", to(2)), work("Sign", to(3)), end())

PARALLEL = program(
    start(to(1)),
    fork("Split", to(2), to(3)),
    work("Inspect", to(4, "in0", 0)),
    work("Memo", to(4, "in1", 1)),
    join("Meet", 2, to(5)),
    work("Decide", to(6)),
    end(),
)

REWORK = program(start(to(1)), work("Check", to(2)), choose("Complete", to(3, "yes"), to(1, "no")), end())

# two exclusive gateways lead in a circle that takes no time; the way out leads to a task
IDLE_CIRCLE = program(
    start(to(1)), choose("One", to(2, "on"), to(3, "out")), choose("Two", to(1, "back"), to(3, "off")), work("Check", to(4)), end()
)

# an exclusive split, closed by a parallel join
WRONG_JOIN = program(
    start(to(1)),
    choose("Which", to(2, "a"), to(3, "b")),
    work("Left", to(4, "from_left", 0)),
    work("Right", to(4, "from_right", 1)),
    join("Meet", 2, to(5)),
    work("Decide", to(6)),
    end(),
)

# handoff.md, example 3: an interrupting timer on a task
BOUNDARY_TIMER = program(
    start(to(1)),
    Open(origin("Review"), Way(2), (Way(4),), to(7, "reviewed"), grouping=False),
    work("Review", Way(3)),
    end("Review"),
    Wait(origin("Deadline", "boundaryEvent"), Way(5), "timer", "PT48H"),
    Cancel(origin("Deadline", "boundaryEvent"), to(6, "late")),
    work("Escalate", to(7)),
    end(),
    scopes={2: 1, 3: 1, 4: 1, 5: 1},
)

# handoff.md, example 4: one pool prepares and sends, the other registers, takes and books
MESSAGE = program(
    start(to(1)),
    fork("Split", to(2), to(5)),
    work("Prepare", to(3)),
    Send(origin("Hand over", "endEvent"), Way(4), channel=0, taker=6, flow="message"),
    end("Sent"),
    work("Register", to(6)),
    Take(origin("Received", "intermediateCatchEvent"), to(7), channel=0),
    work("Book", to(8)),
    end(),
)

# handoff.md, example 5: two tasks side by side in a sub-process, each to its own end
SUB_PROCESS = program(
    start(to(1)),
    Open(origin("Study", "subProcess"), Way(2), (), to(7)),
    fork("Split", to(3), to(5)),
    work("Inspect", to(4)),
    end("Inspected"),
    work("Calculate", to(6)),
    end("Calculated"),
    work("Draft", to(8)),
    end(),
    scopes=dict.fromkeys(range(2, 7), 1),
)

# a non-interrupting timer: the reminder is written beside the review
REMINDER = program(
    start(to(1)),
    Open(origin("Review"), Way(2), (Way(4),), to(7, "reviewed"), grouping=False),
    work("Review", Way(3)),
    end("Review"),
    Wait(origin("Deadline", "boundaryEvent"), Way(5), "timer", "PT48H"),
    Leave(origin("Deadline", "boundaryEvent"), to(6, "late")),
    work("Remind", to(7)),
    end(),
    scopes={2: 1, 3: 1, 4: 1, 5: 1},
)

# an event-based gateway waits for an answer that another branch sends, or a timer
ANSWER_OR_TIMER = program(
    start(to(1)),
    fork("Split", to(2), to(5)),
    work("Answer", to(3)),
    Send(origin("Answered", "endEvent"), Way(4), channel=7, taker=6),
    end("Sent"),
    Open(origin("Which", "eventBasedGateway"), None, (Way(6), Way(8)), None, grouping=False),
    Take(origin("Letter", "intermediateCatchEvent"), Way(7), channel=7),
    Cancel(origin("Letter", "intermediateCatchEvent"), to(10)),
    Wait(origin("Timer", "intermediateCatchEvent"), Way(9), "timer", "P14D"),
    Cancel(origin("Timer", "intermediateCatchEvent"), to(11)),
    work("Read", to(12)),
    work("Close", to(12)),
    end(),
    scopes=dict.fromkeys(range(6, 10), 5),
)
