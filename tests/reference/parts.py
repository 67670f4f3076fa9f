"""What moves and waits in the reference simulator: tokens with accounts, instances, people; each books its own time as it passes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.reference.service import Node
from tests.reference.weeks import Opening

SOURCE = -1
STATES = ("dispatch", "transfer", "event", "synchronization")


@dataclass
class Case:
    process: str
    start: str
    number: int
    arrived: int
    counted: bool
    row: int
    ended: int = -1
    status: str = "unfinished"
    tokens: int = 1
    visits: Counter[str] = field(default_factory=Counter)
    legs: Counter[tuple[str, int]] = field(default_factory=Counter)
    """How often a token has set out on a leg, by its address: flow or pair of nodes, and visit of the node left."""
    at_joins: dict[str, dict[str, list[Token]]] = field(default_factory=dict)
    """By join, by flow: tokens that wait there, the oldest first."""

    def visit(self, node: Node) -> int:
        self.visits[node.id] += 1
        return self.visits[node.id] - 1

    def waiting(self) -> list[tuple[str, Token]]:
        """Tokens at joins."""
        return [(join, token) for join, flows in self.at_joins.items() for tokens in flows.values() for token in tokens]


@dataclass
class Origin:
    """One instance that a token comes from (H5): when it left it, and what became of every microsecond since."""

    instance: int
    left: int
    account: Counter[str] = field(default_factory=Counter)

    def copy(self) -> Origin:
        return Origin(self.instance, self.left, self.account.copy())


@dataclass
class Token:
    case: Case
    origins: dict[int, Origin]
    critical: int
    place: str | None = None
    left: str = ""
    """The node that it left last, and that node's visit."""
    left_visit: int = 0
    by_flow: bool = False
    """Whether its leg has travelled along a flow of its own."""
    came: int = 0
    """Order in which it came to the join that it waits at."""
    state: str = ""

    def copy(self) -> Token:
        origins = {key: origin.copy() for key, origin in self.origins.items()}
        return Token(self.case, origins, self.critical, self.place, self.left, self.left_visit, self.by_flow)

    def book(self, begin: int, end: int) -> None:
        """Put the time from begin to end into all accounts."""
        for origin in self.origins.values():
            origin.account[self.state] += end - begin


@dataclass
class Instance:
    row: int
    node: Node
    token: Token
    visit: int
    enabled: int
    start: int = -1
    complete: int = -1
    person: int = 0
    status: str = "waiting"
    worked: int = 0
    waited: Counter[str] = field(default_factory=Counter)


@dataclass
class Pool:
    """People who stand in for each other; they are numbered from 1."""

    key: tuple[str, str]
    opening: Opening
    quantity: int
    working: dict[int, Instance] = field(default_factory=dict)
    queue: list[Instance] = field(default_factory=list)
    opening_planned: bool = False

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
