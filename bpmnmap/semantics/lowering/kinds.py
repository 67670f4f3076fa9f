"""What flow nodes are, by their event definitions."""

from __future__ import annotations

from bpmnmap import model as m


def is_event_sub_process(node: m.FlowNode) -> bool:
    """Whether a node is a sub-process that an event of the scope around it sets off."""
    return isinstance(node, m.SubProcess) and node.triggered_by_event


def event_definitions(event: m.CatchEvent | m.ThrowEvent, definitions: m.Definitions) -> list[m.EventDefinition]:
    """Return the definitions of an event, also those that it only refers to."""
    referred = (definitions.element(reference) for reference in event.event_definition_refs)
    return [*event.event_definitions, *(each for each in referred if isinstance(each, m.EventDefinition))]


def definition_of(node: m.FlowNode, definitions: m.Definitions) -> m.EventDefinition | None:
    """Return the one definition of an event, None if it has none, or is none."""
    found = event_definitions(node, definitions) if isinstance(node, (m.CatchEvent, m.ThrowEvent)) else []
    return found[0] if found else None


def is_link_target(node: m.FlowNode, definitions: m.Definitions) -> bool:
    """Whether a node is where a link event leads."""
    return isinstance(node, m.IntermediateCatchEvent) and isinstance(definition_of(node, definitions), m.LinkEventDefinition)
