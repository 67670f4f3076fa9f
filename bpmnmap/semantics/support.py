"""The one registry: which BPMN elements are lowered, and under which code the others are refused."""

from __future__ import annotations

from typing import Final

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location, Severity

TASKS: Final = (m.UserTask, m.ManualTask, m.ServiceTask, m.ScriptTask, m.BusinessRuleTask, m.Task)
UNSUPPORTED: Final = "unsupported-element"

# what each supported class lowers to, for the reference page; the passes in lowering/ do it
LOWERED: Final[dict[type[m.FlowNode], str]] = {
    m.Task: "one Work: an activity instance",
    m.UserTask: "one Work: an activity instance",
    m.ManualTask: "one Work: an activity instance",
    m.ServiceTask: "one Work: an activity instance",
    m.ScriptTask: "one Work: an activity instance; the script is not run",
    m.BusinessRuleTask: "one Work: an activity instance; the rules are not run",
    m.SubProcess: "one Work where it is empty (H2); one with content is not simulated yet",
    m.ExclusiveGateway: "a Choose where it splits; nothing where it merges",
    m.ParallelGateway: "a Join where it merges, a Fork where it splits",
    m.StartEvent: "a Start; of a message or timer too, with arrivals from the scenario",
    m.EndEvent: "an End",
    m.IntermediateCatchEvent: "a Wait, for a timer or a message from outside",
}


def refusal(node: m.FlowNode) -> str | None:
    """Return why a flow node is not simulated, None if it is."""
    if type(node) not in LOWERED:
        return "is not simulated yet"
    if type(node) is m.SubProcess and (node.flow_nodes or node.triggered_by_event):
        return "is not simulated yet"
    if isinstance(node, m.Activity):
        return _activity_refusal(node)
    if isinstance(node, m.StartEvent) and is_set_off_from_outside(node):
        return None
    if isinstance(node, (m.StartEvent, m.EndEvent)):
        return _event_refusal(node)
    if isinstance(node, m.IntermediateCatchEvent):
        return _catch_refusal(node)
    return None


def is_set_off_from_outside(event: m.StartEvent) -> bool:
    """Whether a start event is set off by nothing that is told, by one message, or by one timer: the scenario says when (H6)."""
    kinds = [type(definition) for definition in event.event_definitions]
    return not event.event_definition_refs and kinds in ([], [m.MessageEventDefinition], [m.TimerEventDefinition])


def _activity_refusal(node: m.Activity) -> str | None:
    if node.loop_characteristics is not None:
        return f"repeats ({node.loop_characteristics.kind}), which is not simulated yet"
    if node.is_for_compensation:
        return "is for compensation, which is not simulated yet"
    if node.start_quantity != 1 or node.completion_quantity != 1:
        return "takes or gives several tokens at once (startQuantity, completionQuantity), which is not simulated yet"
    return None


def _event_refusal(node: m.StartEvent | m.EndEvent) -> str | None:
    kinds = [definition.kind for definition in node.event_definitions] + ["eventDefinitionRef" for _ in node.event_definition_refs]
    return f"has a {' and a '.join(kinds)}, which is not simulated yet" if kinds else None


def _catch_refusal(node: m.IntermediateCatchEvent) -> str | None:
    definitions = node.event_definitions
    if len(definitions) == 1 and not node.event_definition_refs:
        if isinstance(definitions[0], (m.TimerEventDefinition, m.MessageEventDefinition)):
            return None
        return f"has a {definitions[0].kind}, which is not simulated yet"
    if not definitions and not node.event_definition_refs:
        return "has no event definition, so nothing says what it waits for"
    return "has several event definitions, which are not simulated yet"


def unsupported(element: m.BaseElement, why: str, path: str | None) -> Finding:
    """Return the finding by which an element is refused, never ignored."""
    return Finding(
        UNSUPPORTED,
        why,
        Location(path, element.line),
        element_kind=element.kind,
        element_id=element.id,
        fix="replace it by elements that are simulated (docs: reference/semantics), or take it out of the map",
        severity=Severity.ERROR,
    )
