"""Collaborations: participants and the messages between them, and how messages find their case (sections 8.3.2, 9 and 10.1)."""

from __future__ import annotations

from bpmnmap.model.artifacts import Artifact
from bpmnmap.model.elements import BaseElement, FormalExpression, RootElement, bpmn_element


@bpmn_element
class ParticipantMultiplicity(BaseElement):
    """How many of the kind take part (section 9.2.2)."""

    minimum: int = 0
    maximum: int = 1


@bpmn_element
class Participant(BaseElement):
    """A pool: a party with its process, or without one a black box (section 9.2)."""

    name: str | None = None
    process_ref: str | None = None
    interface_refs: tuple[str, ...] = ()
    end_point_refs: tuple[str, ...] = ()
    participant_multiplicity: ParticipantMultiplicity | None = None


@bpmn_element
class MessageFlow(BaseElement):
    """A message's way from one participant to another (section 9.3)."""

    name: str | None = None
    source_ref: str | None = None
    target_ref: str | None = None
    message_ref: str | None = None


@bpmn_element
class ParticipantAssociation(BaseElement):
    """Which participant of a used collaboration is which of this one (section 9.2.3)."""

    inner_participant_ref: str | None = None
    outer_participant_ref: str | None = None


@bpmn_element
class MessageFlowAssociation(BaseElement):
    """Which message flow of a used collaboration is which of this one (section 9.3.2)."""

    inner_message_flow_ref: str | None = None
    outer_message_flow_ref: str | None = None


@bpmn_element
class CorrelationKey(BaseElement):
    """Properties that together tell which case a message is for (section 8.3.2)."""

    name: str | None = None
    correlation_property_refs: tuple[str, ...] = ()


@bpmn_element
class CorrelationPropertyRetrievalExpression(BaseElement):
    """Where in a message a correlation property stands (section 8.3.2)."""

    message_ref: str | None = None
    message_path: FormalExpression | None = None


@bpmn_element
class CorrelationProperty(RootElement):
    """Part of a correlation key (section 8.3.2)."""

    name: str | None = None
    type: str | None = None
    correlation_property_retrieval_expressions: tuple[CorrelationPropertyRetrievalExpression, ...] = ()


@bpmn_element
class CorrelationPropertyBinding(BaseElement):
    """Where in the process's data a correlation property stands (section 8.3.2)."""

    correlation_property_ref: str | None = None
    data_path: FormalExpression | None = None


@bpmn_element
class CorrelationSubscription(BaseElement):
    """The messages that a case of the process waits for (section 8.3.2)."""

    correlation_key_ref: str | None = None
    correlation_property_bindings: tuple[CorrelationPropertyBinding, ...] = ()


@bpmn_element
class PartnerEntity(RootElement):
    """A certain party, such as a company (section 9.2.1)."""

    name: str | None = None
    participant_refs: tuple[str, ...] = ()


@bpmn_element
class PartnerRole(RootElement):
    """A role of parties, such as buyer (section 9.2.1)."""

    name: str | None = None
    participant_refs: tuple[str, ...] = ()


@bpmn_element
class Collaboration(RootElement):
    """Participants and what they send each other (section 9.1).

    Conversations and choreographies are not modelled: their elements stand in ``other_elements``.
    """

    name: str | None = None
    is_closed: bool = False
    participants: tuple[Participant, ...] = ()
    message_flows: tuple[MessageFlow, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    participant_associations: tuple[ParticipantAssociation, ...] = ()
    message_flow_associations: tuple[MessageFlowAssociation, ...] = ()
    correlation_keys: tuple[CorrelationKey, ...] = ()
    choreography_refs: tuple[str, ...] = ()
