"""Pass 2: what is not simulated is refused by name, all at once."""

from __future__ import annotations

from bpmnmap import model as m
from bpmnmap.semantics.lowering.draft import Draft
from bpmnmap.semantics.lowering.flows import conditional_flows
from bpmnmap.semantics.support import refusal, unsupported


def refuse_unsupported(draft: Draft) -> None:
    """Add a finding for each flow node and flow of the process, and of its sub-processes, that is not simulated."""
    for node in draft.process.flow_nodes:
        why = refusal(node)
        if why is not None:
            draft.findings.append(unsupported(node, why, draft.path))
    for flow in conditional_flows(draft):
        why = "is a conditional flow out of an activity or event, which is not simulated yet"
        draft.findings.append(unsupported(flow, why, draft.path))
    for node in draft.process.flow_nodes:
        if isinstance(node, m.Activity) and node.default is not None and (type(node) is not m.SubProcess or refusal(node) is None):
            why = "has a default flow, an implicit choice, which is not simulated yet"
            draft.findings.append(unsupported(node, why, draft.path))
    draft.findings.sort(key=lambda finding: finding.location.line or 0)
