"""Draft: processes on their way to a Program: named steps, linked by ways to names; what the passes share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.semantics.lowering.given import Given
from bpmnmap.semantics.lowering.levels import Container, Level
from bpmnmap.semantics.lowering.partners import Partners
from bpmnmap.semantics.lowering.steps import DraftWay, Step
from bpmnmap.semantics.lowering.together import Together
from bpmnmap.semantics.program import Operation, Origin, Way

Make: TypeAlias = Callable[[tuple[Way, ...], tuple[int, ...]], Operation]


@dataclass(slots=True)
class DraftStep:
    """One operation to be.

    Parameters
    ----------
    make
        Makes it from its ways and the numbers of its goals.
    ways, scope
        Where tokens go on; the `Open` in whose scope they are, None = the case.
    goals
        Steps that it sends to, but not by a way.
    channel
        On which it sends; who takes it is known when all is lowered.
    """

    make: Make
    ways: tuple[DraftWay, ...]
    scope: Step | None
    goals: tuple[Step, ...] = ()
    channel: int | None = None


@dataclass(slots=True)
class Draft:
    """Processes being lowered together.

    Parameters
    ----------
    given
        What the scenario says that changes the Program.
    callable_processes
        By id: processes that may be called, with who sends what to whom in their map.
    steps
        What has been lowered so far, in document order.
    levels
        Each process instance, sub-process or called process, by number.
    aliases
        Steps that are none: ways to them lead on.
    starts
        By level and element: what adds the start of cases there, in its place.
    takers
        By channel: where messages are taken.
    openers
        By channel: where a message or signal opens a process instance.
    together
        Which processes begin with which.
    """

    process: m.Process
    path: str | None
    given: Given
    callable_processes: Mapping[str, tuple[m.Process, Partners]]
    steps: dict[Step, DraftStep] = field(default_factory=dict)
    levels: list[Level] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    aliases: dict[Step, DraftWay] = field(default_factory=dict)
    starts: dict[tuple[int, str], Callable[[], None]] = field(default_factory=dict)
    takers: dict[int, list[Step]] = field(default_factory=dict)
    openers: dict[int, list[Step]] = field(default_factory=dict)
    channels: dict[tuple[str, ...], int] = field(default_factory=dict)
    together: Together = field(default_factory=Together)

    def add(
        self, step: Step, make: Make, ways: tuple[DraftWay, ...] = (), scope: Step | None = None, goals: tuple[Step, ...] = ()
    ) -> Step:  # fmt: skip
        """Add a step and return its name."""
        self.steps[step] = DraftStep(make, ways, scope, goals)
        return step

    def channel(self, *key: str) -> int:
        """Return the number of a channel."""
        return self.channels.setdefault(key, len(self.channels))

    def level(self, container: Container, process: m.Process, partners: Partners, scope: Step | None, **around: Any) -> Level:  # noqa: ANN401
        """Add a level."""
        level = Level(len(self.levels), container, process, partners, scope, frozenset(self.callable_processes), **around)
        self.levels.append(level)
        return level

    def origin(self, level: Level, element: m.BaseElement) -> Origin:
        """Return where an element's operations come from."""
        name = getattr(element, "name", None)
        foreign = level.process.id if level.process.id != self.process.id else None
        path = level.path if level.path != self.path else None
        return Origin(element.id or "", element.kind, name, element.line, foreign, path)

    def tell(
        self, code: str, level: Level, element: m.BaseElement, message: str, fix: str, severity: Severity = Severity.ERROR
    ) -> None:  # fmt: skip
        """Add a finding about an element."""
        finding = Finding(
            code,
            message,
            Location(level.path, element.line),
            severity,
            element_kind=element.kind,
            element_id=element.id,
            fix=fix,
            element_name=getattr(element, "name", None) or None,
        )
        if finding not in self.findings:
            self.findings.append(finding)
