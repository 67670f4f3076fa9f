"""What moves and waits in the reference simulator: tokens with accounts, scopes, activities at work, guards, people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bpmnmap.simulation.draws import fold, stable_hash
from tests.reference.levels import Flow, Level, Node
from tests.reference.weeks import Opening

SOURCE = -1
STATES = ("dispatch", "transfer", "event", "synchronization")
Address = tuple[str, str]


@dataclass(eq=False)
class Happening:
    """An event in the agenda; one that is called off does not happen."""

    action: Callable[[], None]
    case: Case | None
    off: bool = False


@dataclass(eq=False)
class Case:
    process: str
    start: str
    number: int
    arrived: int
    counted: bool
    row: int
    stream: int
    ended: int = -1
    status: str = "unfinished"
    last_end: int = -1
    """When its last token so far ended."""
    scopes: list[Scope] = field(default_factory=list)
    """Instances of processes that go on."""
    on_way: list[Token] = field(default_factory=list)
    """Messages on their way, and with parties outside."""
    lying: defaultdict[Address, list[Token]] = field(default_factory=lambda: defaultdict(list))
    """Messages that nobody has taken yet, by taker, the oldest first."""
    takers: defaultdict[Address, list[Taker]] = field(default_factory=lambda: defaultdict(list))
    """Who waits for a message, the first first."""
    timers: set[Happening] = field(default_factory=set)
    outermost: dict[str, Scope] = field(default_factory=dict)
    """By process, where its starts are counted that messages set off."""
    asked: Counter[str] = field(default_factory=Counter)
    """How often a party outside has been asked."""
    attributes: dict[str, Any] = field(default_factory=dict)
    waits: dict[int, Callable[[], None]] = field(default_factory=dict)
    """How to call off what a token waits for, by token."""

    def tokens(self) -> list[Token]:
        return [token for scope in self.scopes for token in scope.all_tokens()]


@dataclass(eq=False)
class Taker:
    """Somebody who waits for a message."""

    take: Callable[[Token], None]


@dataclass(eq=False)
class Scope:
    """An instance of a process, of a sub-process, of a called process, of one item or turn of an activity."""

    case: Case
    level: Level
    text: str
    key: int
    """What its draws are addressed by."""
    parent: Scope | None = None
    work: Activity | None = None
    """The activity that it is an item of; None for processes and event sub-processes."""
    index: int = 0
    tokens: list[Token] = field(default_factory=list)
    works: list[Activity] = field(default_factory=list)
    beside: list[Scope] = field(default_factory=list)
    """Event sub-processes that go on in it."""
    guards: list[Guard] = field(default_factory=list)
    visits: Counter[str] = field(default_factory=Counter)
    legs: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """How often a token has set out on a leg, by its address and the visit of the node left."""
    at_joins: dict[str, dict[str, list[Token]]] = field(default_factory=dict)
    at_end: list[Token] = field(default_factory=list)

    def visit(self, node: Node) -> int:
        self.visits[node.id] += 1
        return self.visits[node.id] - 1

    def all_tokens(self) -> list[Token]:
        inner = [*(scope for work in self.works for scope in work.items), *self.beside]
        done = [token for work in self.works for token in work.done]
        return [*self.tokens, *done, *(token for scope in inner for token in scope.all_tokens())]

    def inside(self, activity: str, visit: int, index: int) -> tuple[str, int]:
        """Text and key of a scope in it."""
        return f"{self.text}/{activity}:{visit}:{index}", fold(self.key, stable_hash(activity), visit, index)


@dataclass
class Origin:
    """One instance that a token comes from (H5): when it left it, and what became of every microsecond since."""

    instance: int
    left: int
    account: Counter[str] = field(default_factory=Counter)

    def copy(self) -> Origin:
        return Origin(self.instance, self.left, self.account.copy())


@dataclass(frozen=True)
class Left:
    """The node that a token left last, where, and at which of its visits."""

    process: str
    node: str
    scope: Scope
    visit: int


@dataclass(eq=False)
class Token:
    scope: Scope
    origins: dict[int, Origin]
    critical: int
    left: Left
    place: str | None = None
    by_flow: bool = False
    """Whether its leg has travelled along a flow of its own."""
    state: str = ""
    since: int = 0
    """When it changed to its state; of one whose instance works, when the work began."""
    at: Node | None = None
    """Where it rests, or what it is headed for."""
    along: Flow | None = None
    came: int = 0
    """Order in which it came to rest."""
    instance: Instance | None = None
    alive: bool = True
    next: Happening | None = None
    """What goes on with it."""
    is_behind: bool = False
    """Whether it has come to the end of an activity, where it waits for other items: behind all that stands in it."""

    @property
    def case(self) -> Case:
        return self.scope.case

    def now(self, now: int) -> Token:
        """A copy that goes on from here now: of what works, from the instance (H16); else with the time up to now booked."""
        if self.instance is not None and self.instance.start >= 0:
            row = self.instance.row
            return Token(self.scope, {row: Origin(row, now)}, row, self.left, self.place)
        copy = Token(self.scope, {key: each.copy() for key, each in self.origins.items()}, self.critical, self.left, self.place, self.by_flow)
        for origin in copy.origins.values():
            origin.account[self.state] += now - self.since if self.state else 0
        return copy

    def book(self, now: int) -> None:
        """End its state."""
        if self.state:
            for origin in self.origins.values():
                origin.account[self.state] += now - self.since
        self.state = ""


def merge(tokens: list[Token]) -> Token:
    """H8, H19: the first goes on with the origins of all; of doubled ones its own count, then the next one's."""
    first, *others = tokens
    for each in others:
        for key, origin in each.origins.items():
            first.origins.setdefault(key, origin)
    return first


@dataclass(eq=False)
class Activity:
    """One visit of one activity."""

    node: Node
    scope: Scope
    visit: int
    guards: list[Guard] = field(default_factory=list)
    token: Token | None = None
    """The token of a task."""
    taker: Taker | None = None
    items: list[Scope] = field(default_factory=list)
    """Scopes that go on in it."""
    count: int = 1
    begun: int = 0
    done: list[Token] = field(default_factory=list)
    """What waits for the other items."""

    def all_tokens(self) -> list[Token]:
        own = [self.token] if self.token is not None else []
        return [*own, *self.done, *(token for scope in self.items for token in scope.all_tokens())]


@dataclass(eq=False)
class Guard:
    """A boundary event at an activity, or the start of an event sub-process in a scope, that waits for what sets it off."""

    node: Node
    scope: Scope
    """Where what goes on behind it belongs."""
    visit: int
    work: Activity | None
    entered: int
    timer: Happening | None = None
    taker: Taker | None = None
    fired: int = 0


@dataclass(eq=False)
class Instance:
    row: int
    node: Node
    token: Token
    visit: int
    enabled: int
    lasts: int
    start: int = -1
    complete: int = -1
    person: int = 0
    status: str = "waiting"
    worked: int = 0
    scope_text: str = ""
    waited: Counter[str] = field(default_factory=Counter)


@dataclass(eq=False)
class Pool:
    """People who stand in for each other; they are numbered from 1."""

    key: tuple[str, str]
    opening: Opening
    quantity: int
    working: dict[int, Instance] = field(default_factory=dict)
    queue: list[Instance] = field(default_factory=list)
    opens: Happening | None = None
    """When it opens for those who wait."""

    def free(self) -> int | None:
        return next((number for number in range(1, self.quantity + 1) if number not in self.working), None)

    def book(self, begin: int, end: int) -> None:
        """Book the time from begin to end, in which nobody starts or ends, on all who work and all who wait."""
        on_duty = self.opening.open_within(begin, end)
        for instance in self.working.values():
            instance.worked += on_duty
        for instance in self.queue:
            jumped = any(other.enabled > instance.enabled for other in self.working.values())
            instance.waited["unavailability"] += end - begin - on_duty
            instance.waited["prioritization" if jumped else "contention"] += on_duty
