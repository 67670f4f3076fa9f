"""Pools that begin together: one arrival sets off all processes whose messages would meet no partner otherwise (H67)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bpmnmap import model as m
from bpmnmap.semantics.lowering.partners import Partners
from bpmnmap.semantics.lowering.steps import DraftWay, Step


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where the instances of a process begin.

    Parameters
    ----------
    outer
        Elements at which cases begin in it.
    opened
        Elements at which a message or signal of another process sets it off.
    is_plain
        Whether there is one way to begin, at any time: one start event of no kind, or none.
    """

    outer: tuple[str, ...]
    opened: tuple[str, ...]
    is_plain: bool


@dataclass(slots=True)
class Together:
    """Which processes begin with which.

    Parameters
    ----------
    first_of
        Process that begins with another one → that one.
    ways
        Where a token begins in each of the former.
    forks
        What each start of the latter leads to, with the id of its process.
    """

    first_of: dict[str, str] = field(default_factory=dict)
    ways: dict[str, DraftWay] = field(default_factory=dict)
    forks: list[tuple[Step, str]] = field(default_factory=list)

    def ways_with(self, process: str) -> Iterator[DraftWay]:
        """Yield where tokens begin in the processes that begin with this one, in document order."""
        return (way for name, way in self.ways.items() if self.first_of[name] == process)


def begins_with(processes: Sequence[m.Process], partners: Partners, beginning_of: Callable[[m.Process], Beginning]) -> dict[str, str]:
    """Return which processes begin with which other one.

    Where a process takes a message from one that its own cases never set off, both belong to one case. The first in document
    order is where it arrives, or the one that begins at several starts or at a time.
    """
    beginnings = {process.id or "": beginning_of(process) for process in processes}
    roots = [name for name, beginning in beginnings.items() if beginning.outer and not beginning.opened]
    reach = {root: _set_off(root, beginnings, partners) for root in roots}
    first: dict[str, str] = {root: root for root in roots}
    for root in roots:
        for other in _needed(root, reach, beginnings, partners):
            low, high = sorted((first[root], first[other]), key=roots.index)
            first = {name: low if of == high else of for name, of in first.items()}
    return dict(_following(first, beginnings))


def _set_off(root: str, beginnings: Mapping[str, Beginning], partners: Partners) -> set[str]:
    """Return the processes that take part in a case that begins in one of them: those that messages set off."""
    found = {root}
    pending = [root]
    while pending:
        name = pending.pop()
        for way in (way for source, ways in partners.sent.items() if partners.homes[source] == name for way in ways):
            home = partners.homes.get(way.target, "")
            if home in beginnings and home not in found and way.target in beginnings[home].opened:
                found.add(home)
                pending.append(home)
    return found


def _needed(root: str, reach: Mapping[str, set[str]], beginnings: Mapping[str, Beginning], partners: Partners) -> Iterator[str]:
    """Yield the processes that must begin for the messages that a case waits for: each is sent from nowhere else."""
    senders: dict[str, set[str]] = {}
    for source, ways in partners.sent.items():
        for way in (way for way in ways if way.participant is None):
            senders.setdefault(way.target, set()).add(partners.homes[source])
    for taker, homes in senders.items():
        home = partners.homes[taker]
        if home in reach[root] and taker not in beginnings[home].opened and not homes & reach[root]:
            others = [other for other in reach if homes & reach[other]]
            if len(others) == 1:
                yield others[0]


def _following(first: Mapping[str, str], beginnings: Mapping[str, Beginning]) -> Iterator[tuple[str, str]]:
    for leader in dict.fromkeys(first.values()):
        group = [name for name, of in first.items() if of == leader]
        leaders = [name for name in group if not beginnings[name].is_plain]
        if len(leaders) <= 1:
            chosen = leaders[0] if leaders else leader
            yield from ((name, chosen) for name in group if name != chosen)
