"""Reading against bare lxml, and against the PyPI package bpmn-io: CPU of fresh processes, interleaved, paired ratios.

1. A map of 5 MB: `parse_bpmn`, model and findings included, against lxml's parsing and a loop over its nodes.
2. 10,000 tasks with their diagram, and a file of 20 MB: how long they take.
3. The corpus, if it is there: all of it three times, against bpmn-io. That needs another interpreter, which has it:
   ``BPMN_IO_PYTHON=/path/to/venv/bin/python python benchmarks/bench_reading.py``. Without one this part is skipped.

Counts of elements are asserted, times are not. Run it as ``python benchmarks/bench_reading.py [ROUNDS]``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"
TASKS = {"5 MB": 5_400, "10,000 tasks": 10_000, "20 MB": 21_600}
ELEMENTS_PER_TASK, OTHER_ELEMENTS = 8, 4  # of the model, in the maps made here
OF_CORPUS = 16_241  # of the model, in 60 files
TIMES = 3  # that the corpus is read, for a longer time to measure

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="Definitions_1" targetNamespace="urn:bench">
  <bpmn:process id="Process_1" name="A long way" isExecutable="false">
"""
NODE = """    <bpmn:userTask id="Task_{0}" name="Check form {0} &amp; send it on" camunda:candidateGroups="unit {1}">
      <bpmn:documentation>See section {0} of the law: who asks must be told within thirty days what is missing.</bpmn:documentation>
      <bpmn:extensionElements><camunda:properties><camunda:property name="form" value="F{0}"/></camunda:properties></bpmn:extensionElements>
      <bpmn:incoming>Flow_{0}</bpmn:incoming>
      <bpmn:outgoing>Flow_{2}</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="Flow_{0}" name="" sourceRef="Task_{1}" targetRef="Task_{0}"/>
"""
SHAPE = """      <bpmndi:BPMNShape id="Task_{0}_di" bpmnElement="Task_{0}">
        <dc:Bounds x="{1}.5" y="80" width="100" height="80"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="Flow_{0}_di" bpmnElement="Flow_{0}">
        <di:waypoint x="{1}" y="120"/>
        <di:waypoint x="{1}.25" y="120"/>
      </bpmndi:BPMNEdge>
"""


def big_map(tasks: int) -> bytes:
    """A circle of tasks, each with documentation, a vendor's extension, shape and edge."""
    nodes = "".join(NODE.format(number, (number - 1) % tasks, (number + 1) % tasks) for number in range(tasks))
    shapes = "".join(SHAPE.format(number, 150 * number) for number in range(tasks))
    plane = f'<bpmndi:BPMNPlane id="Plane_1" bpmnElement="Process_1">\n{shapes}    </bpmndi:BPMNPlane>'
    diagram = f'  <bpmndi:BPMNDiagram id="Diagram_1">\n    {plane}\n  </bpmndi:BPMNDiagram>\n'
    return f"{HEAD}{nodes}  </bpmn:process>\n{diagram}</bpmn:definitions>\n".encode()


def bare(data: bytes) -> object:
    from lxml import etree

    root = etree.fromstring(data)
    for _node in root.iter():
        pass
    return root


def ours(data: bytes) -> object:
    from bpmnmap.xmlio.reader import parse_bpmn

    return parse_bpmn(data)


def theirs() -> Callable[[bytes], object]:
    from bpmn_io import create_moddle

    moddle = create_moddle()  # once, outside what is measured; so is decoding, which is its caller's affair
    return lambda data: moddle.from_xml(data.decode("utf-8", "replace"))


def work(kind: str, paths: list[str]) -> None:
    """In a process of its own: print the CPU seconds that reading takes, after what is read first has warmed it."""
    read = {"bare": lambda: bare, "ours": lambda: ours, "theirs": theirs}[kind]()
    read(big_map(3))
    contents = [Path(path).read_bytes() for path in paths]
    start = process_time()
    for data in contents:
        read(data)
    print(process_time() - start)


def cpu(kind: str, paths: list[Path], python: str = sys.executable) -> float:
    command = [python, __file__, "--work", kind, *map(str, paths)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def ratios(rounds: int, ours_paths: list[Path], other: str, python: str = sys.executable) -> None:
    pairs = [(cpu("ours", ours_paths), cpu(other, ours_paths, python)) for _ in range(rounds)]
    if other == "bare":
        told = sorted(one / two for one, two in pairs)
        print(f"  ours ÷ bare lxml: median {median(told):.2f}, {told[0]:.2f} to {told[-1]:.2f}", end="")
    else:
        told = sorted(two / one for one, two in pairs)
        print(f"  bpmn-io ÷ ours: median {median(told):.2f}, {told[0]:.2f} to {told[-1]:.2f}", end="")
    print(f" (ours {median(one for one, _ in pairs):.3f} s, other {median(two for _, two in pairs):.3f} s)")


def elements(path: Path) -> int:
    import bpmnmap as bm

    return sum(1 for _ in bm.read_bpmn(path).walk())


def corpus(rounds: int) -> None:
    files = sorted(CORPUS.rglob("*.bpmn"))
    if not files:
        print("corpus: skipped, it is not there")
        return
    count = sum(map(elements, files))
    assert count == OF_CORPUS, count
    print(f"corpus: {len(files)} files, {count:,} elements of the model, {TIMES} times")
    python = os.environ.get("BPMN_IO_PYTHON")
    if python is None:
        print("  bpmn-io: skipped; set BPMN_IO_PYTHON to an interpreter that has bpmn-io 0.2.2")
        return
    ratios(rounds, files * TIMES, "theirs", python)


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, tasks in TASKS.items():
            path = Path(folder) / f"{tasks}.bpmn"
            path.write_bytes(big_map(tasks))
            count = elements(path)
            assert count == ELEMENTS_PER_TASK * tasks + OTHER_ELEMENTS, count
            print(f"{name}: {path.stat().st_size:,} bytes, {count:,} elements of the model, read in {cpu('ours', [path]):.2f} s")
            if name == "5 MB":
                ratios(rounds, [path], "bare")
    corpus(rounds)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], sys.argv[3:])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
