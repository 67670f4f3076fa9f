"""The one registry: which BPMN elements are lowered, to what, and under which code the others are refused."""

from __future__ import annotations

from typing import Final, NamedTuple

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location, Severity

UNSUPPORTED: Final = "unsupported-element"


class Support(NamedTuple):
    """One row of the reference page: what an element does, in simulation and soundness check, and the maps that show it.

    Parameters
    ----------
    element
        BPMN name, with the event's definition or position where that matters.
    meaning
        What it does in a simulation.
    fixtures
        Maps of ``tests/semantics/constructs`` that show it; of its folder ``refused``, if it is refused.
    refused
        Whether it is refused by name.
    check
        What the soundness check makes of it, where that is more than the same without time.
    """

    element: str
    meaning: str
    fixtures: tuple[str, ...] = ()
    refused: bool = False
    check: str = ""


_TASKS: Final = (m.Task, m.UserTask, m.ManualTask, m.ServiceTask, m.ScriptTask, m.BusinessRuleTask, m.SendTask, m.ReceiveTask)
_GATEWAYS: Final = (m.ExclusiveGateway, m.ParallelGateway, m.InclusiveGateway, m.EventBasedGateway)
_EVENTS: Final = (m.StartEvent, m.EndEvent, m.IntermediateCatchEvent, m.IntermediateThrowEvent, m.BoundaryEvent)
_LOWERED: Final[frozenset[type[m.FlowNode]]] = frozenset((*_TASKS, *_GATEWAYS, *_EVENTS, m.SubProcess, m.CallActivity))

_CATCHES: Final = (m.MessageEventDefinition, m.TimerEventDefinition, m.SignalEventDefinition, m.ConditionalEventDefinition)
_THROWS: Final = (m.MessageEventDefinition, m.SignalEventDefinition, m.EscalationEventDefinition)
_ALLOWED: Final[dict[type[m.FlowNode], tuple[type[m.EventDefinition], ...]]] = {
    m.StartEvent: (*_CATCHES, m.ErrorEventDefinition, m.EscalationEventDefinition),
    m.IntermediateCatchEvent: (*_CATCHES, m.LinkEventDefinition),
    m.IntermediateThrowEvent: (*_THROWS, m.LinkEventDefinition),
    m.BoundaryEvent: (*_CATCHES, m.ErrorEventDefinition, m.EscalationEventDefinition),
    m.EndEvent: (*_THROWS, m.ErrorEventDefinition, m.TerminateEventDefinition),
}


def refusal(node: m.FlowNode, definitions: m.Definitions) -> str | None:
    """Return why a flow node is not simulated, None if it is."""
    if type(node) not in _LOWERED:
        return "is not simulated yet"
    if isinstance(node, m.Activity):
        return _activity_refusal(node, definitions)
    if isinstance(node, m.EventBasedGateway):
        return "starts a process, which is not simulated yet" if node.instantiate or node.event_gateway_type != "Exclusive" else None
    if isinstance(node, (m.CatchEvent, m.ThrowEvent)):
        return _event_refusal(node, definitions)
    return None


def _activity_refusal(node: m.Activity, definitions: m.Definitions) -> str | None:
    if node.is_for_compensation:
        return "is for compensation, which is not simulated yet"
    if node.start_quantity != 1 or node.completion_quantity != 1:
        return "takes or gives several tokens at once (startQuantity, completionQuantity), which is not simulated yet"
    loop = node.loop_characteristics
    if isinstance(loop, m.MultiInstanceLoopCharacteristics) and loop.behavior != "All":
        return f"throws events of its instances (behavior {loop.behavior}), which is not simulated yet"
    if loop is not None and not isinstance(loop, (m.MultiInstanceLoopCharacteristics, m.StandardLoopCharacteristics)):
        return f"repeats ({loop.kind}), which is not simulated yet"
    if isinstance(node, m.SubProcess) and node.triggered_by_event:
        starts = [each for each in node.flow_nodes if isinstance(each, m.StartEvent)]
        if len(starts) != 1 or not _kinds(starts[0], definitions):
            return "is an event sub-process without one start event that says by what it is set off"
    return None


def _kinds(event: m.CatchEvent | m.ThrowEvent, definitions: m.Definitions) -> list[m.EventDefinition]:
    referred = (definitions.element(reference) for reference in event.event_definition_refs)
    return [*event.event_definitions, *(each for each in referred if isinstance(each, m.EventDefinition))]


def _event_refusal(node: m.CatchEvent | m.ThrowEvent, definitions: m.Definitions) -> str | None:
    kinds = _kinds(node, definitions)
    if len(kinds) + sum(definitions.element(each) is None for each in node.event_definition_refs) > 1:
        return "has several event definitions, which are not simulated yet"
    if isinstance(node, (m.IntermediateCatchEvent, m.BoundaryEvent)) and not kinds:
        return "has no event definition, so nothing says what it waits for"
    refused = [kind for kind in kinds if not isinstance(kind, _ALLOWED[type(node)])]
    return f"has a {refused[0].kind}, which is not simulated yet" if refused else None


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
        element_name=getattr(element, "name", None) or None,
    )
