"""Who does it: resources and the roles they play (sections 8.3.16 and 10.2.1)."""

from __future__ import annotations

from bpmnmap.model.elements import BaseElement, Expression, RootElement, bpmn_element


@bpmn_element
class ResourceParameter(BaseElement):
    """A parameter by which a resource is chosen at run time (section 8.3.16)."""

    name: str | None = None
    type: str | None = None
    is_required: bool | None = None


@bpmn_element
class Resource(RootElement):
    """A person, group or machine that activities may name (section 8.3.16)."""

    name: str | None = None
    resource_parameters: tuple[ResourceParameter, ...] = ()


@bpmn_element
class ResourceParameterBinding(BaseElement):
    """Value of a resource's parameter (section 10.2.1)."""

    parameter_ref: str | None = None
    expression: Expression | None = None


@bpmn_element
class ResourceAssignmentExpression(BaseElement):
    """An expression that gives the resource at run time (section 10.2.1)."""

    expression: Expression | None = None


@bpmn_element
class ResourceRole(BaseElement):
    """Who is responsible for an activity or process (section 10.2.1)."""

    name: str | None = None
    resource_ref: str | None = None
    resource_parameter_bindings: tuple[ResourceParameterBinding, ...] = ()
    resource_assignment_expression: ResourceAssignmentExpression | None = None


@bpmn_element
class Performer(ResourceRole):
    """Who performs an activity (section 10.2.1)."""


@bpmn_element
class HumanPerformer(Performer):
    """People who perform an activity (section 10.2.4)."""


@bpmn_element
class PotentialOwner(HumanPerformer):
    """People of whom one may claim the activity (section 10.2.4)."""
