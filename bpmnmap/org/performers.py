"""Who performs an activity, as BPMN and as vendors' extensions say it (H3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bpmnmap.model import Activity, Definitions, FlowNode, Process, Resource, ResourceRole

_GROUPS = "candidateGroups"
_CALL = re.compile(r"group\((.*)\)", re.IGNORECASE | re.DOTALL)


def performers(element: FlowNode | Process, definitions: Definitions) -> Iterator[str]:
    """Yield the names of who performs an activity: of its resource roles, then of the candidate groups of vendors.

    Examples
    --------
    >>> from bpmnmap.model import PotentialOwner, UserTask
    >>> groups = ("{http://camunda.org/schema/1.0/bpmn}candidateGroups", "head office, front office")
    >>> task = UserTask(resources=(PotentialOwner(name="Clerk"),), extension_attributes=(groups,))
    >>> list(performers(task, Definitions()))
    ['Clerk', 'head office', 'front office']
    """
    if isinstance(element, (Activity, Process)):
        for role in element.resources:
            yield from _names_of(role, definitions)
    yield from _candidate_groups(element)


def _names_of(role: ResourceRole, definitions: Definitions) -> Iterator[str]:
    if role.resource_ref is not None:
        resource = definitions.element(role.resource_ref)
        if isinstance(resource, Resource) and resource.name is not None:
            yield resource.name
        yield role.resource_ref
    if role.name is not None:
        yield role.name
    assignment = role.resource_assignment_expression
    if assignment is not None and assignment.expression is not None:
        yield from _listed(assignment.expression.body)


def _candidate_groups(element: FlowNode | Process) -> Iterator[str]:
    """Yield the groups of Camunda, Activiti, Flowable (an attribute) and Zeebe (an extension element)."""
    for name, value in element.extension_attributes:
        if name.startswith("{") and name.endswith("}" + _GROUPS):
            yield from _listed(value)
    for extension in element.extension_elements:
        for found in extension.walk():
            yield from _listed(found.attribute(_GROUPS) or "")


def _listed(text: str) -> Iterator[str]:
    """Yield the names of a list: separated by commas, perhaps as an expression's list of texts, or as ``group(name)``."""
    for part in text.strip().removeprefix("=").strip().removeprefix("[").removesuffix("]").split(","):
        name = part.strip().strip("\"'").strip()
        match = _CALL.fullmatch(name)
        yield match[1] if match else name
