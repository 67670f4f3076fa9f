"""A process as a graph."""

from __future__ import annotations

import subprocess
import sys

from bpmnmap.model import Process, SequenceFlow, SubProcess, Task
from bpmnmap.model.graph import flow_graph

TASKS = (Task(id="a"), Task(id="b"), SubProcess(id="c", flow_elements=(Task(id="d"),)), Task())


def test_nodes_and_edges_carry_their_elements() -> None:
    flow = SequenceFlow(id="on", source_ref="a", target_ref="b")
    graph = flow_graph(Process(flow_elements=(*TASKS, flow)))
    assert list(graph.nodes) == ["a", "b", "c"]
    assert graph.nodes["c"]["element"] is TASKS[2]
    assert graph.edges["a", "b", "on"]["flow"] is flow


def test_parallel_flows_and_flows_without_an_id_are_all_there() -> None:
    flows = [SequenceFlow(id=name, source_ref="a", target_ref="b") for name in ("x", None, "y", None)]
    assert list(flow_graph(Process(flow_elements=(*TASKS, *flows))).edges(keys=True)) == [
        ("a", "b", "x"),
        ("a", "b", 1),
        ("a", "b", "y"),
        ("a", "b", 3),
    ]


def test_flows_that_are_not_attached_are_left_out() -> None:
    flows = (
        SequenceFlow(id="x", source_ref="a"),
        SequenceFlow(id="y", source_ref="a", target_ref="z"),
        SequenceFlow(id="z", source_ref="a", target_ref="d"),
    )
    assert list(flow_graph(Process(flow_elements=(*TASKS, *flows))).edges) == []


def test_the_model_imports_neither_networkx_nor_lxml() -> None:
    code = "import sys, bpmnmap.model, bpmnmap.model.graph; print(sorted({'networkx', 'lxml', 'numpy', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"
