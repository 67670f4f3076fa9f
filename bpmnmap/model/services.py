"""Services that tasks use (section 8.4.3)."""

from __future__ import annotations

from bpmnmap.model.elements import BaseElement, RootElement, bpmn_element


@bpmn_element
class Operation(BaseElement):
    """What a service can be asked for."""

    name: str | None = None
    implementation_ref: str | None = None
    in_message_ref: str | None = None
    out_message_ref: str | None = None
    error_refs: tuple[str, ...] = ()


@bpmn_element
class Interface(RootElement):
    """The operations of a service."""

    name: str | None = None
    implementation_ref: str | None = None
    operations: tuple[Operation, ...] = ()


@bpmn_element
class EndPoint(RootElement):
    """Where a service is reached; left to vendors."""
