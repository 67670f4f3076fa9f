"""What stands directly in a scope, and the scopes within each other."""

from __future__ import annotations

from bpmnmap.model import AdHocSubProcess, DataObject, EndEvent, Process, SequenceFlow, StartEvent, SubProcess, Task

INNER = SubProcess(id="inner", flow_elements=(Task(id="deep"), AdHocSubProcess(id="innermost")))
PROCESS = Process(
    id="permit",
    flow_elements=(
        StartEvent(id="in"),
        SequenceFlow(id="f1", source_ref="in", target_ref="inner"),
        INNER,
        DataObject(id="form"),
        SequenceFlow(id="f2", source_ref="inner", target_ref="out"),
        SubProcess(id="other"),
        EndEvent(id="out"),
    ),
)


def test_flow_nodes_are_those_directly_inside() -> None:
    assert [node.id for node in PROCESS.flow_nodes] == ["in", "inner", "other", "out"]
    assert [node.id for node in INNER.flow_nodes] == ["deep", "innermost"]


def test_sequence_flows_are_those_directly_inside() -> None:
    assert [flow.id for flow in PROCESS.sequence_flows] == ["f1", "f2"]
    assert INNER.sequence_flows == ()


def test_scopes_come_from_the_outside_inward_in_document_order() -> None:
    assert [getattr(scope, "id", None) for scope in PROCESS.scopes()] == ["permit", "inner", "innermost", "other"]
