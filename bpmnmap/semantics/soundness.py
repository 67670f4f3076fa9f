"""Soundness: whether every case can be completed; if not, a shortest way in which one gets stuck.

Source: W. van der Aalst, "The Application of Petri Nets to Workflow Management", 1998 (soundness of workflow nets).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.semantics.cardinality import Limits
from bpmnmap.semantics.exploration import WORK, Exploration
from bpmnmap.semantics.faults import Deadlock, Faults, Livelock, Unmet, Unsynchronized, element_name
from bpmnmap.semantics.program import Join, Program, Send, Start, Take, Work
from bpmnmap.semantics.token_game import TokenGame

_LIMITS: Final = Limits(items=3, firings=2)  # more of them meet nothing new, but in very many ways


@dataclass(frozen=True, slots=True)
class Soundness:
    """What an exploration found.

    Parameters
    ----------
    can_complete
        Whether some case can be completed.
    deadlocks, livelocks, unsynchronized
        How a case gets stuck, goes on without end, or does things twice; the shortest run first.
    dead
        Operations that no token ever comes to; empty where not all was seen.
    untaken, unsent
        Where messages are sent that nobody ever takes, and waited for that never come; empty where not all was seen.
    unfollowed
        Whether something may go on without end that was not followed, so that there may be more.
    exhausted
        Whether the search was ended before all was seen, so that there may be more.
    markings
        How many were looked at.
    """

    can_complete: bool
    deadlocks: tuple[Deadlock, ...] = ()
    livelocks: tuple[Livelock, ...] = ()
    unsynchronized: tuple[Unsynchronized, ...] = ()
    dead: tuple[int, ...] = ()
    exhausted: bool = False
    markings: int = 0
    untaken: tuple[Unmet, ...] = ()
    unsent: tuple[Unmet, ...] = ()
    unfollowed: bool = False

    @property
    def never_completes(self) -> bool:
        """Whether it is certain that no case can be completed."""
        return not (self.can_complete or self.exhausted or self.unfollowed)

    @property
    def is_sound(self) -> bool:
        """Whether every case can be completed whatever happens, no operation is dead and none is done twice at once."""
        faults = self.deadlocks or self.livelocks or self.unsynchronized or self.dead
        return self.can_complete and not (faults or self.exhausted or self.unfollowed)


def check_soundness(
    program: Program,
    *,
    impossible: frozenset[tuple[int, int]] = frozenset(),
    budget: int = 20_000,
    starts: tuple[int, ...] | None = None,
) -> Soundness:
    """Return whether every case of a Program can be completed.

    Parameters
    ----------
    impossible
        Ways that no token takes (probability 0): index of the `Choose`, `Select` or `Repeat`, index of the way.
    budget
        How many markings are looked at, at most. However large it is, the search ends after about a second.
    starts
        Indexes of the starts at which cases arrive; None = all that are expected, or, if none is, all.

    Raises
    ------
    ValueError
        The budget or the starts leave nothing to look at, or all ways of an operation are impossible.

    Examples
    --------
    >>> from bpmnmap.semantics.program import Choose, End, Origin, Way
    >>> def origin(name): return Origin(name, "task", name)
    >>> operations = (Start(origin("s"), Way(1)), Choose(origin("x"), (Way(2), Way(3, ("g",), 1)), ("f", "g")),
    ...               Work(origin("Check"), Way(3, ("h",), 0)), Join(origin("j"), 2, Way(4)), End(origin("e")))
    >>> soundness = check_soundness(Program("p", operations, (-1,) * 5))
    >>> soundness.can_complete, [(deadlock.run, deadlock.missing) for deadlock in soundness.deadlocks]
    (False, [((), ('h',)), (('Check',), ('g',))])
    """
    if budget < 1:
        raise ValueError(f"budget must be >= 1 (got {budget})")
    game = TokenGame(program, impossible=impossible, limits=_LIMITS)
    expected, others = _starts(program)
    if starts is None:
        starts = expected or others
    if not starts:
        raise ValueError("starts must name at least one start (got none)")
    faults = Faults(game)
    entered = {*starts, *others}
    can_complete, is_whole, markings, work = False, True, 0, WORK
    for start in starts:
        exploration = Exploration(game, start, max(1, budget - markings), work)
        work = exploration.work
        faults.add(exploration)
        entered |= exploration.entered
        can_complete |= bool(exploration.completed)
        is_whole &= exploration.is_whole
        faults.exhausted |= exploration.exhausted
        markings += len(exploration.markings)
    return Soundness(
        can_complete,
        tuple(faults.deadlocks.values()),
        tuple(faults.livelocks.values()),
        tuple(faults.unsynchronized.values()),
        tuple(index for index in range(len(program.operations)) if index not in entered) if is_whole else (),
        faults.exhausted,
        markings,
        faults.untaken() if is_whole else (),
        faults.unsent() if is_whole else (),
        not is_whole and not faults.exhausted,
    )


def _starts(program: Program) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the starts at which cases are expected, and those that are also set off from within the run."""
    starts = [(index, operation.expected) for index, operation in enumerate(program.operations) if isinstance(operation, Start)]
    return tuple(index for index, expected in starts if expected), tuple(index for index, expected in starts if not expected)


def findings(program: Program, soundness: Soundness, path: str | None = None) -> tuple[Finding, ...]:
    """Return what is to be said of a Program's soundness, in document order.

    Parameters
    ----------
    path
        File of the map, for what the Program names none for; None = as the Program says.
    """
    teller = _Teller(program, soundness, path or program.path)
    found = [*teller.deadlocks(), *teller.livelocks(), *teller.unsynchronized(), *teller.dead(), *teller.messages()]
    found.sort(key=lambda pair: pair[0])
    return (*(finding for _, finding in found), *teller.unknown())


class _Teller:
    """Tells faults as findings, each with the index of its operation."""

    def __init__(self, program: Program, soundness: Soundness, path: str | None) -> None:
        self.program = program
        self.soundness = soundness
        self.path = path

    def _finding(
        self, code: str, index: int, message: str, fix: str, *, severity: Severity = Severity.WARNING, related: tuple[str, ...] = ()
    ) -> tuple[int, Finding]:
        origin = self.program.operations[index].origin
        return index, Finding(
            code,
            message,
            Location(origin.path or self.path, origin.line),
            severity,
            element_kind=origin.kind,
            element_id=origin.element,
            fix=fix,
            related_element_ids=tuple(identifier for identifier in dict.fromkeys(related) if identifier != origin.element),
        )

    def _elements(self, operations: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(self.program.operations[index].origin.element for index in operations)

    def deadlocks(self) -> Iterator[tuple[int, Finding]]:
        """Yield one finding for each element at which a case gets stuck, with the shortest way to it."""
        severity = Severity.ERROR if self.soundness.never_completes else Severity.WARNING
        told: set[int] = set()
        for deadlock in self.soundness.deadlocks:
            index = deadlock.operations[0]
            if index not in told:
                told.add(index)
                where, fix = self._stuck(index, deadlock)
                message = f"a case gets stuck: {where}{_after(deadlock.run)}"
                related = (*self._elements(deadlock.operations), *deadlock.missing, *deadlock.flows)
                yield self._finding("deadlock", index, message, fix, severity=severity, related=related)

    def _stuck(self, index: int, deadlock: Deadlock) -> tuple[str, str]:
        name = element_name(self.program, index)
        match self.program.operations[index]:
            case Join() if deadlock.missing:
                flows = ", ".join(f"'{flow}'" for flow in deadlock.missing)
                return (
                    f"tokens wait at '{name}' for flow{'s' if len(deadlock.missing) > 1 else ''} {flows}",
                    "let a token come by each flow into it, or make it an exclusive gateway where only one of them is taken",
                )
            case Join():
                where = f"tokens wait at '{name}' for others that come from nowhere"
                return where, "let a token come by each flow into it, or take out the flows that no start leads to"
            case Take():
                where = f"a token waits at '{name}' for a message that will not come"
                return where, "let the message be sent on every path, or add a timer"
            case _:
                return f"a token stays at '{name}'", "give it an event that can happen"

    def livelocks(self) -> Iterator[tuple[int, Finding]]:
        """Yield what no case, or not every one, finds a way out of."""
        fix = "give the circle a way out to an end event"
        for livelock in self.soundness.livelocks:
            index = livelock.operations[0]
            names = ", ".join(f"'{element_name(self.program, at)}'" for at in livelock.operations)
            related = self._elements(livelock.operations)
            if self.soundness.never_completes and not self.soundness.deadlocks:
                message = f"no case can ever be completed: it goes on at {names} without end"
                yield self._finding("no-completion", index, message, fix, severity=Severity.ERROR, related=related)
            else:
                message = f"a case can go on at {names} without end{_after(livelock.run)}"
                yield self._finding("livelock", index, message, fix, related=related)

    def unsynchronized(self) -> Iterator[tuple[int, Finding]]:
        """Yield where two tokens, or ever more, can be at once."""
        for fault in self.soundness.unsynchronized:
            if not fault.unbounded:
                message = f"two tokens of a case can be here at once, so that it is done twice{_after(fault.run)}"
            elif isinstance(self.program.operations[fault.operation], (Send, Take)):
                message = f"ever more messages can wait to be taken{_after(fault.run)}"
            else:
                message = f"ever more tokens of a case can come here{_after(fault.run)}"
            fix = "join the branches with the kind of gateway that split them, before they lead here or back"
            yield self._finding("unsynchronized", fault.operation, message, fix)

    def dead(self) -> Iterator[tuple[int, Finding]]:
        """Yield tasks that are never worked; nothing where all cases are stuck anyway."""
        if not self.soundness.never_completes:
            for index in self.soundness.dead:
                if isinstance(self.program.operations[index], Work):
                    fix = "let a path that can be taken lead here (of probability above 0), or take it out"
                    yield self._finding("dead-activity", index, "no case ever comes here", fix)

    def messages(self) -> Iterator[tuple[int, Finding]]:
        """Yield messages that are never taken, or never sent; nothing where all cases are stuck, or a deadlock tells it already."""
        if self.soundness.never_completes:
            return
        for unmet in self.soundness.untaken:
            message = f"nobody ever takes what is sent here{_after(unmet.run)}"
            fix = "let the receiver wait for it, after it is sent or before, or take it out"
            yield self._finding("message-not-taken", unmet.operation, message, fix, related=self._partners(unmet.operation, Take))
        told = {deadlock.operations[0] for deadlock in self.soundness.deadlocks}
        for unmet in self.soundness.unsent:
            if unmet.operation not in told:
                message = f"nothing is ever sent that is waited for here{_after(unmet.run)}"
                fix = "let it be sent on a path that can be taken, or take the event out"
                yield self._finding("message-not-sent", unmet.operation, message, fix, related=self._partners(unmet.operation, Send))

    def _partners(self, operation: int, kind: type[Send] | type[Take]) -> tuple[str, ...]:
        """Return the ids of the elements at the other end of a channel."""
        channel = getattr(self.program.operations[operation], "channel", None)
        return tuple(other.origin.element for other in self.program.operations if isinstance(other, kind) and other.channel == channel)

    def unknown(self) -> Iterator[Finding]:
        """Yield that not all was seen."""
        if self.soundness.exhausted:
            yield self._unknown(
                f"the search for deadlocks ended after {self.soundness.markings} markings; there may be more",
                "simplify what runs in parallel, or put parts of it in sub-processes or processes of their own",
            )
        elif self.soundness.unfollowed and not any(fault.unbounded for fault in self.soundness.unsynchronized):
            yield self._unknown(
                f"the search for deadlocks let no event fire more than {_LIMITS.firings} times beside its scope; there may be more",
                "give the event a number of times that it fires, or let it interrupt",
            )

    def _unknown(self, message: str, fix: str) -> Finding:
        return Finding(
            "soundness-unknown", message, Location(self.path), Severity.INFO,
            element_kind="process", element_id=self.program.process, related_element_ids=self.program.others, fix=fix,
        )  # fmt: skip


def _after(run: tuple[str, ...]) -> str:
    names = ", ".join(f"'{name}'" for name in run)
    return f"; e.g. after {names}" if names else "; e.g. right after the start"


__all__ = ["Deadlock", "Livelock", "Soundness", "Unmet", "Unsynchronized", "check_soundness", "findings"]
