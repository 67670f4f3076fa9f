"""Damaged files of real tools: a map or our own error, whoever uses it; nothing is opened, nothing is called."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

import bpmnmap as bm
from tests.docs.blocks import ROOT
from tests.xmlio.fuzzing import CONSUMERS, FILES, MUTATIONS, mutant, original, outcome, use
from tests.xmlio.maps import text_of_map, text_of_process

SEED = 7


@pytest.mark.parametrize("mutation", dict.fromkeys(MUTATIONS), ids=lambda mutation: mutation.__name__)
def test_each_mutation_damages_files(mutation: object) -> None:
    import random

    changed = 0
    for number in range(10):
        data = original(SEED, number)
        try:
            changed += mutation(data, random.Random(number)) != data  # type: ignore[operator]
        except (IndexError, ValueError):
            continue
    assert changed >= 3


def test_mutants_are_the_same_in_every_run() -> None:
    assert [mutant(SEED, number) for number in range(20)] == [mutant(SEED, number) for number in range(20)]
    assert len({mutant(SEED, number) for number in range(50)}) == 50


@pytest.mark.parametrize("part", range(4))
def test_mutants(part: int) -> None:
    told: Counter[str] = Counter()
    for number in range(part, 400, 4):
        definitions = outcome(mutant(SEED, number))
        told["read" if definitions is not None else "refused"] += 1
        if definitions is not None and number % 3 == 0:
            told += use(definitions, bm.parse_bpmn(original(SEED, number)), CONSUMERS)
    assert told["read"] > 20
    assert told["refused"] > 20
    assert all(told[f"{consumer.__name__} done"] for consumer in CONSUMERS)


@pytest.mark.slow
def test_many_mutants() -> None:
    from tests.xmlio.fuzzing import main

    assert main(10_000, SEED) == 0


def test_no_file_is_opened_and_nothing_called() -> None:
    command = [sys.executable, "-m", "tests.xmlio.watching"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    result = json.loads(done.stdout)
    assert [event for event, _ in result["seen"]] == ["open"], result["seen"]
    assert "null" in result["seen"][0][1]
    assert result["files"] > 200
    assert result["read"] > 50


@pytest.mark.parametrize("name", ["subProcess", "extensionElements", "task", "x:y", "documentation", "lane", "bpmndi:BPMNLabel"])
@pytest.mark.parametrize("depth", [300, 10_000])
def test_deep_nesting_is_refused(name: str, depth: int) -> None:
    with pytest.raises(bm.BpmnReadError) as caught:
        bm.parse_bpmn(text_of_map(f"<process id='p'>{f'<{name}>' * depth}{f'</{name}>' * depth}</process>", 'xmlns:x="urn:x"').encode())
    assert [finding.code for finding in caught.value.findings] == ["too-deep"]


def test_as_deep_as_is_read_everyone_can_use_it() -> None:
    """180 sub-processes within each other: no one runs out of stack."""
    depth = 180
    opening = "".join(f'<subProcess id="s{number}"><startEvent id="b{number}"/>' for number in range(depth))
    text = text_of_process(f"{opening}{'</subProcess>' * depth}")
    definitions = outcome(text.encode())
    assert definitions is not None
    told = use(definitions, definitions, CONSUMERS)
    assert sum(told.values()) == len(CONSUMERS)


@pytest.mark.slow
def test_twenty_megabytes_are_read() -> None:
    tasks = 55_000
    nodes = "".join(f'<task id="t{number}" name="{"Check the form " * 10}{number}"/>\n' for number in range(tasks))
    flows = "".join(
        f'<sequenceFlow id="f{number}" sourceRef="t{number}" targetRef="t{(number + 1) % tasks}"/>\n' for number in range(tasks)
    )
    shapes = "".join(
        f'<bpmndi:BPMNShape id="d{number}" bpmnElement="t{number}"><dc:Bounds x="{number}" y="1" width="100" height="80"/></bpmndi:BPMNShape>\n'
        for number in range(tasks)
    )
    diagram = f'<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl" bpmnElement="p">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    data = text_of_map(f'<process id="p">{nodes}{flows}</process>{diagram}').encode()
    assert 20_000_000 < len(data) < 30_000_000
    definitions = bm.parse_bpmn(data)
    assert (len(definitions.processes[0].flow_nodes), definitions.findings) == (tasks, ())


def test_there_are_files_to_damage() -> None:
    assert len(FILES) >= 2
