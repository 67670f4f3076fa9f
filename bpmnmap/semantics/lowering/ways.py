"""Ways: which step a token enters that comes to a node, and which one when it leaves it; what only passes on vanishes."""

from __future__ import annotations

from bpmnmap import model as m
from bpmnmap.semantics.lowering.draft import Draft
from bpmnmap.semantics.lowering.kinds import definition_of, event_definitions, is_link_target
from bpmnmap.semantics.lowering.levels import Level
from bpmnmap.semantics.lowering.partners import signal_key
from bpmnmap.semantics.lowering.steps import DraftWay, Step
from bpmnmap.semantics.program import End, Fork, Select


def step(level: Level, node: m.FlowNode, role: str) -> Step:
    """Return the name of a step of a node."""
    return Step(level.number, node.id or "", role)


def way_along(draft: Draft, level: Level, flow: m.SequenceFlow) -> DraftWay:
    """Return the way along a flow to where its token rests or is chosen, forked or ended next."""
    flows = [flow.id or ""]
    passed = {flow.id}
    target = level.nodes[flow.target_ref or ""]
    while (found := entry_step(level, target)) is None:
        outgoing = passed_on(level, target)
        if outgoing is None or outgoing.id in passed:
            if outgoing is not None:
                message, fix = "gateways lead in a circle that no token can leave", "give the circle a way out to an end event"
                draft.tell("endless-loop", level, target, message, fix)
            else:
                message = f"no catching link event is called '{link_name(level, target)}'"
                draft.tell("unknown-link", level, target, message, "give the throwing and the catching link event the same name")
            return DraftWay(step(level, target, "end"), tuple(flows))
        flow = outgoing
        passed.add(flow.id)
        flows.append(flow.id or "")
        target = level.nodes[flow.target_ref or ""]
    entry = 0
    if found.role == "join":
        entry = [into.id for into in level.incoming[target.id or ""]].index(flow.id)
    return DraftWay(found, tuple(flows), entry)


def passed_on(level: Level, node: m.FlowNode) -> m.SequenceFlow | None:
    """Return the one flow by which a token goes on that only passes a node; of a link event the one behind its target."""
    if isinstance(node, m.IntermediateThrowEvent) and _is_link(level, node):
        target = link_target(level, node)
        return None if target is None else level.outgoing[target.id or ""][0]
    return level.outgoing[node.id or ""][0]


def link_name(level: Level, node: m.FlowNode) -> str:
    """Return what a link event is called: its definition's name, else its own."""
    definition = definition_of(node, level.definitions)
    name = definition.name if isinstance(definition, m.LinkEventDefinition) else None
    return " ".join((name or node.name or "").split())


def link_target(level: Level, node: m.FlowNode) -> m.FlowNode | None:
    """Return the catching link event of the same name."""
    targets = [each for each in level.nodes.values() if is_link_target(each, level.definitions)]
    named = [each for each in targets if link_name(level, each) == link_name(level, node)]
    return next(iter(named), targets[0] if len(targets) == 1 else None)


def entry_step(level: Level, node: m.FlowNode) -> Step | None:
    """Return the step that a token which comes to a node enters; None where the node only passes it on."""
    if isinstance(node, m.Gateway):
        role = _gateway_role(level, node)
    elif isinstance(node, m.Activity):
        role = activity_role(level, node)
    elif isinstance(node, m.EndEvent):
        role = "throw" if throws(level, node) else "end"
    elif isinstance(node, m.IntermediateThrowEvent) and throws(level, node):
        role = "throw"
    elif isinstance(node, m.IntermediateThrowEvent) and _is_link(level, node):
        target = link_target(level, node)
        return None if target is None else exit_step(level, target)
    elif isinstance(node, m.IntermediateCatchEvent) and not is_link_target(node, level.definitions):
        role = "rest"
    else:
        return exit_step(level, node)
    return None if role is None else step(level, node, role)


def _is_link(level: Level, node: m.FlowNode) -> bool:
    return isinstance(definition_of(node, level.definitions), m.LinkEventDefinition)


def _gateway_role(level: Level, node: m.Gateway) -> str | None:
    outgoing = len(level.outgoing[node.id or ""])
    if isinstance(node, (m.ParallelGateway, m.InclusiveGateway)) and len(level.incoming[node.id or ""]) > 1:
        return "join"
    return gateway_exit_role(node, outgoing)


def gateway_exit_role(node: m.Gateway, outgoing: int) -> str | None:
    """Return the role of the step by which a token leaves a gateway; None where there is one way."""
    if outgoing == 0:
        return "end"
    if isinstance(node, m.EventBasedGateway):
        return "race"
    if outgoing == 1:
        return None
    return "fork" if isinstance(node, m.ParallelGateway) else "select" if isinstance(node, m.InclusiveGateway) else "choose"


def is_worked(level: Level, node: m.Activity) -> bool:
    """Whether an activity is worked as one instance: a task, a sub-process without content (H2), a call of what is not known."""
    if isinstance(node, m.SubProcess):
        return not node.flow_nodes
    return not isinstance(node, m.CallActivity) or called_process(node) not in level.callable_ids


def called_process(node: m.Activity) -> str | None:
    """Return the id of the process that a call activity calls; vendors' attributes are read too."""
    if isinstance(node, m.CallActivity):
        if node.called_element is not None and node.called_element.strip():
            return node.called_element.strip().rpartition(":")[2]
        for element in node.extension_elements:
            if element.name.endswith("}calledElement"):
                return dict(element.attributes).get("processId")
    return None


def activity_role(level: Level, node: m.Activity) -> str:
    """Return the role of the outermost step of an activity."""
    if node.loop_characteristics is not None:
        return "all"
    if level.boundary.get(node.id or "") and is_worked(level, node):
        return "guarded"
    return inner_role(level, node)


def inner_role(level: Level, node: m.Activity) -> str:
    """Return the role of the first step within whatever guards or repeats an activity."""
    if node.id in level.partners.asking:
        return "send0"
    if receives(level, node):
        return "take"
    return "rest" if is_worked(level, node) else "open"


def receives(level: Level, node: m.Activity) -> bool:
    """Whether an activity waits for a message before it is worked: from within the run, or a receive task."""
    return node.id in level.partners.taken or isinstance(node, m.ReceiveTask)


def throws(level: Level, node: m.ThrowEvent) -> bool:
    """Whether an event does more than pass a token on or end it."""
    definition = definition_of(node, level.definitions)
    if node.id in level.partners.sent:
        return True
    if isinstance(definition, m.SignalEventDefinition):
        return signal_key(definition, level.definitions) in level.partners.caught
    return isinstance(definition, (m.ErrorEventDefinition, m.EscalationEventDefinition))


def exit_step(level: Level, node: m.FlowNode) -> Step | None:
    """Return the step that a token which leaves a node enters; None where the node has one way on."""
    flows = level.outgoing[node.id or ""]
    if isinstance(node, m.Gateway):
        role = gateway_exit_role(node, len(flows))
    elif not flows:
        role = "end"
    elif len(flows) > 1 and any(flow.condition_expression is not None and flow.condition_expression.text for flow in flows):
        role = "select"
    else:
        role = None if len(flows) == 1 else "fork"
    return None if role is None else step(level, node, role)


def way_out(draft: Draft, level: Level, node: m.FlowNode) -> DraftWay:
    """Return the way on from a node: along its one flow, to the implicit split of several, or to an implicit end."""
    found = exit_step(level, node)
    return way_along(draft, level, level.outgoing[node.id or ""][0]) if found is None else DraftWay(found)


def way_in(draft: Draft, level: Level, node: m.FlowNode) -> DraftWay:
    """Return the way of a token that begins at a node."""
    found = entry_step(level, node)
    return way_out(draft, level, node) if found is None else DraftWay(found)


def lower_exit(draft: Draft, level: Level, node: m.FlowNode) -> None:
    """Several flows out of anything but a gateway are an implicit split, none an implicit end."""
    found = exit_step(level, node)
    if found is None:
        return
    origin = draft.origin(level, node)
    flows = level.outgoing[node.id or ""]
    ways = tuple(way_along(draft, level, flow) for flow in flows)
    if found.role == "fork":
        draft.add(found, lambda made, _: Fork(origin, made), ways, level.scope)
    elif found.role == "select":
        default = node.default if isinstance(node, m.Activity) else None
        add_select(draft, level, node, found, ways, default, implicit=True)
    elif found.role == "end":
        draft.add(found, lambda _, __: End(origin), (), level.scope)


def add_select(
    draft: Draft, level: Level, node: m.FlowNode, name: Step, ways: tuple[DraftWay, ...], default: str | None, *, implicit: bool
) -> None:  # fmt: skip
    """Add a split into those ways that are chosen; out of an activity, flows without a condition are always taken."""
    origin = draft.origin(level, node)
    flows = level.outgoing[node.id or ""]
    ids = tuple(flow.id or "" for flow in flows)
    conditions, at = conditions_of(flows, default)
    always = tuple(number for number, text in enumerate(conditions) if text is None and number != at) if implicit else ()
    draft.add(name, lambda made, _: Select(origin, made, ids, conditions, at, always), ways, level.scope)


def conditions_of(flows: list[m.SequenceFlow], default: str | None) -> tuple[tuple[str | None, ...], int | None]:
    """Return the conditions of a node's flows, empty where there is none, and which of them is the default."""
    at = next((number for number, flow in enumerate(flows) if default is not None and flow.id == default), None)
    texts = tuple(
        None if flow.condition_expression is None or number == at else flow.condition_expression.text or None
        for number, flow in enumerate(flows)
    )
    return (texts if any(text is not None for text in texts) else ()), at


__all__ = [
    "activity_role", "add_select", "conditions_of", "entry_step", "event_definitions", "exit_step", "inner_role", "is_worked",
    "link_target", "lower_exit", "receives", "step", "throws", "way_along", "way_in", "way_out",
]  # fmt: skip
