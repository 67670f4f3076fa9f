"""Pass 3: start events, and the implicit start of a process that has none."""

from __future__ import annotations

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.semantics.lowering.draft import Draft, DraftStep, DraftWay, Step, entry_step, way_out
from bpmnmap.semantics.program import Fork, Origin, Start, Way


def lower_starts(draft: Draft) -> None:
    """Each start event is a `Start`; without one, nodes without an incoming flow start together, under the first one's id."""
    events = [node for node in draft.nodes.values() if isinstance(node, m.StartEvent) and not draft.incoming[node.id or ""]]
    for event in events:
        _add_start(draft, draft.origin(event), event.id or "", way_out(draft, event))
        _tell_unused_time(draft, event)
    if events:
        return
    first = [node for node in draft.nodes.values() if not draft.incoming[node.id or ""]]
    ways = [_way_to(draft, node) for node in first]
    if not first:
        draft.findings.append(
            Finding(
                "no-start",
                "no case can start: there is no start event and no flow node without an incoming sequence flow",
                Location(draft.path, draft.process.line),
                element_kind=draft.process.kind,
                element_id=draft.process.id,
                fix="add a start event and a sequence flow from it to the first activity",
            )
        )
        return
    origin = draft.origin(first[0])
    way = ways[0]
    if len(ways) > 1:
        step = Step(first[0].id or "", "start-fork")
        draft.steps[step] = DraftStep(lambda made: Fork(origin, made), tuple(ways))
        way = DraftWay(step, ())
    _add_start(draft, origin, first[0].id or "", way)


def _way_to(draft: Draft, node: m.FlowNode) -> DraftWay:
    step = entry_step(draft, node)
    return way_out(draft, node) if step is None else DraftWay(step, ())


def _add_start(draft: Draft, origin: Origin, element: str, way: DraftWay) -> None:
    def make(ways: tuple[Way, ...]) -> Start:
        return Start(origin, ways[0])

    draft.steps[Step(element, "start")] = DraftStep(make, (way,))


def _tell_unused_time(draft: Draft, event: m.StartEvent) -> None:
    """Tell a timer start that gives a time: arrivals are the scenario's."""
    for definition in event.event_definitions:
        if isinstance(definition, m.TimerEventDefinition):
            times = (definition.time_date, definition.time_duration, definition.time_cycle)
            texts = [time.body.strip() for time in times if time is not None and time.body.strip()]
            if texts:
                draft.findings.append(
                    Finding(
                        "unused-start-time",
                        f"its time '{texts[0]}' is not followed yet: cases arrive as the scenario says",
                        Location(draft.path, event.line),
                        Severity.WARNING,
                        element_kind=event.kind,
                        element_id=event.id,
                        fix="give it arrivals in the scenario that mean the same",
                        element_name=event.name,
                    )
                )
