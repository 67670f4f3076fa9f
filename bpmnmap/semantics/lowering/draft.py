"""Draft: a process on its way to a Program: named steps, linked by ways to names; what the passes share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location
from bpmnmap.semantics.program import Operation, Origin, Way


class Step(NamedTuple):
    """Name of an operation in a draft: the element it comes from, and its role there."""

    element: str
    role: str


class DraftWay(NamedTuple):
    """A way whose target is still a step."""

    target: Step
    flows: tuple[str, ...]
    entry: int = 0


Make = Callable[[tuple[Way, ...]], Operation]


@dataclass(slots=True)
class DraftStep:
    """One operation to be: how it is made from its ways, and where these lead."""

    make: Make
    ways: tuple[DraftWay, ...]


@dataclass(slots=True)
class Draft:
    """A process being lowered.

    Parameters
    ----------
    incoming, outgoing
        Sequence flows by flow node, in document order, whole ones only.
    steps
        What has been lowered so far, in document order.
    """

    process: m.Process
    path: str | None
    nodes: dict[str, m.FlowNode] = field(default_factory=dict)
    incoming: dict[str, list[m.SequenceFlow]] = field(default_factory=dict)
    outgoing: dict[str, list[m.SequenceFlow]] = field(default_factory=dict)
    steps: dict[Step, DraftStep] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def origin(self, element: m.FlowNode) -> Origin:
        """Return where an element's operations come from."""
        return Origin(element.id or "", element.kind, element.name, element.line)

    def way(self, flow: m.SequenceFlow) -> DraftWay:
        """Return the way along a flow to where its token rests or is chosen, forked or ended next."""
        flows = [flow.id or ""]
        passed = {flow.id}
        target = self.nodes[flow.target_ref or ""]
        while (step := entry_step(self, target)) is None:
            flow = self.outgoing[target.id or ""][0]
            if flow.id in passed:
                self.findings.append(
                    Finding(
                        "endless-loop",
                        "gateways lead in a circle that no token can leave",
                        Location(self.path, target.line),
                        element_kind=target.kind,
                        element_id=target.id,
                        fix="give the circle a way out to an end event",
                    )
                )
                return DraftWay(Step(target.id or "", "end"), tuple(flows))
            passed.add(flow.id)
            flows.append(flow.id or "")
            target = self.nodes[flow.target_ref or ""]
        entry = 0
        if step.role == "join":
            entry = [into.id for into in self.incoming[target.id or ""]].index(flow.id)
        return DraftWay(step, tuple(flows), entry)


def entry_step(draft: Draft, node: m.FlowNode) -> Step | None:
    """Return the step that a token which comes to a node enters; None where the node only passes it on."""
    name = node.id or ""
    outgoing = len(draft.outgoing[name])
    if isinstance(node, m.ParallelGateway) and len(draft.incoming[name]) > 1:
        return Step(name, "join")
    if isinstance(node, m.Gateway):
        if outgoing == 0:
            return Step(name, "end")
        if outgoing == 1:
            return None
        return Step(name, "fork" if isinstance(node, m.ParallelGateway) else "choose")
    if isinstance(node, m.EndEvent):
        return Step(name, "end")
    if isinstance(node, m.StartEvent):  # a start event with an incoming flow, as some maps have: it only passes on
        return exit_step(draft, node)
    return Step(name, "rest")


def exit_step(draft: Draft, node: m.FlowNode) -> Step | None:
    """Return the step that a token which leaves a node enters; None where the node has one way on."""
    outgoing = len(draft.outgoing[node.id or ""])
    if outgoing == 1:
        return None
    return Step(node.id or "", "end" if outgoing == 0 else "fork")


def way_out(draft: Draft, node: m.FlowNode) -> DraftWay:
    """Return the way on from a node: along its one flow, to the implicit split of several, or to an implicit end."""
    step = exit_step(draft, node)
    return draft.way(draft.outgoing[node.id or ""][0]) if step is None else DraftWay(step, ())
