"""One door per dependency: who may import what from outside."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT, Module, imports, package, parse_module

DOORS = {
    "click": ("bpmnmap.cli",),
    "holidays": ("bpmnmap.org",),
    "lxml": ("bpmnmap.xmlio",),
    "networkx": ("bpmnmap.model.graph",),
    "numpy": ("bpmnmap.functions", "bpmnmap.eventlog", "bpmnmap.org", "bpmnmap.simulation", "bpmnmap.analysis"),
    "pydantic": ("bpmnmap.org", "bpmnmap.simulation"),
    "rich": ("bpmnmap.cli",),
    "simpy": ("bpmnmap.simulation.engine",),
}
# Comes with another dependency, and through the same door.
PART_OF = {"pydantic_core": "pydantic"}
# Used if the user has it: not among the dependencies.
OPTIONAL = {"pandas": ("bpmnmap.analysis.table",)}
# Read as data: its wheel carries the BPMN schema files, and zoneinfo finds time zones in the other.
NEVER_IMPORTED = {"spiffworkflow", "tzdata"}


def is_within(name: str, doors: tuple[str, ...]) -> bool:
    return any(name == door or name.startswith(door + ".") for door in doors)


def wrong_doors(modules: tuple[Module, ...]) -> Iterator[str]:
    for module in modules:
        for item in imports(module):
            top = item.module.partition(".")[0]
            if top in sys.stdlib_module_names or top == "bpmnmap":
                continue
            doors = (DOORS | OPTIONAL).get(PART_OF.get(top, top))
            if doors is None:
                yield module.at(item.node, f"imports {top}, which has no door")
            elif not is_within(module.name, doors):
                yield module.at(item.node, f"imports {top}, whose door is {', '.join(doors)}")


def declared_dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {text.partition(">")[0].strip() for text in project["dependencies"]}


def test_one_door_per_dependency() -> None:
    assert list(wrong_doors(package())) == []


def test_dependencies_are_declared_and_used() -> None:
    assert declared_dependencies() == DOORS.keys() | NEVER_IMPORTED
    used = {item.module.partition(".")[0] for module in package() for item in imports(module)}
    assert DOORS.keys() <= used


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("bpmnmap.cli.main", "from lxml import etree", "imports lxml, whose door is bpmnmap.xmlio"),
        ("bpmnmap.simulation.plan", "def f():\n    import simpy.events", "imports simpy, whose door is bpmnmap.simulation.engine"),
        ("bpmnmap.model.graphs", "import networkx", "imports networkx, whose door is bpmnmap.model.graph"),
        ("bpmnmap.xmlio.schema", "import SpiffWorkflow", "imports SpiffWorkflow, which has no door"),
        ("bpmnmap.analysis.table", "import polars", "imports polars, which has no door"),
        ("bpmnmap.analysis.handoffs", "import pandas", "imports pandas, whose door is bpmnmap.analysis.table"),
    ],
)
def test_wrong_door_is_found(name: str, text: str, fault: str) -> None:
    (found,) = wrong_doors((parse_module(name, text),))
    assert found.endswith(fault)


def test_right_door_is_let_pass() -> None:
    text = "import simpy\nfrom simpy.core import Environment\nimport math, bpmnmap.errors\nfrom . import rows"
    assert list(wrong_doors((parse_module("bpmnmap.simulation.engine.run", text),))) == []
