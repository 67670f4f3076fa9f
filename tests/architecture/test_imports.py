"""The house: imports run downward, never sideways on one floor, without circles (docs/explanation/architecture.md)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT, Module, module_names, own_imports, package, parse_module

# From the roof down. Rooms on one floor do not know each other; the ground's single modules may.
FLOORS = (
    ("__main__",),
    ("cli",),
    ("",),  # the public face, bpmnmap/__init__.py
    ("simulation", "checking", "analysis"),
    ("xmlio", "semantics", "org"),
    ("model", "eventlog"),
    ("findings", "errors", "durations", "functions", "version"),
)
GROUND = FLOORS[-1]
# Analysis serves real logs too, so it never sees a map.
ANALYSIS_KNOWS = {"eventlog", *GROUND}


def room(module_name: str) -> str:
    return module_name.partition(".")[2].partition(".")[0]


def floor(room_name: str) -> int:
    """Counted from the ground; a room that no floor lists is told by `test_every_room_has_a_floor`."""
    return next((height for height, rooms in enumerate(reversed(FLOORS)) if room_name in rooms), len(FLOORS))


def wrong_imports(modules: tuple[Module, ...]) -> Iterator[str]:
    names = module_names(modules)
    for module in modules:
        here = room(module.name)
        for item in own_imports(module, names):
            there = room(item.module)
            if there == here and here:
                continue
            if floor(there) > floor(here):
                yield module.at(item.node, f"imports upward: {item.module}")
            elif floor(there) == floor(here) and here not in GROUND:
                yield module.at(item.node, f"imports sideways: {item.module}")
            elif here == "analysis" and there not in ANALYSIS_KNOWS:
                yield module.at(item.node, f"analysis knows only logs: {item.module}")


def circles(modules: tuple[Module, ...]) -> list[tuple[str, ...]]:
    """Groups of modules that import each other, directly or through others."""
    names = module_names(modules)
    # A package's __init__ that re-exports its own modules is its front; they must not look at it in turn.
    graph = {module.name: {item.module for item in own_imports(module, names)} & names - {module.name} for module in modules}

    def reachable(start: str) -> set[str]:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for name in graph[todo.pop()] - seen:
                seen.add(name)
                todo.append(name)
        return seen

    reach = {name: reachable(name) for name in graph}
    return sorted({tuple(sorted(other for other in reach[name] if name in reach[other])) for name in graph if name in reach[name]})


def test_every_room_has_a_floor() -> None:
    rooms = {name for level in FLOORS for name in level}
    assert {room(module.name) for module in package()} <= rooms


def test_imports_run_downward() -> None:
    assert list(wrong_imports(package())) == []


def test_no_circles() -> None:
    assert circles(package()) == []


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("bpmnmap.model.process", "from bpmnmap.xmlio.reader import read_bpmn", "imports upward: bpmnmap.xmlio.reader"),
        ("bpmnmap.model.process", "from bpmnmap import xmlio", "imports upward: bpmnmap"),
        ("bpmnmap.model.process", "import bpmnmap", "imports upward: bpmnmap"),
        ("bpmnmap.model.process", "from ..xmlio import reader", "imports upward: bpmnmap.xmlio"),
        ("bpmnmap.model.process", "def f():\n    import bpmnmap.eventlog.log", "imports sideways: bpmnmap.eventlog.log"),
        ("bpmnmap.simulation.plan", "from bpmnmap.analysis import handoffs", "imports sideways: bpmnmap.analysis"),
        ("bpmnmap.analysis.handoffs", "from bpmnmap.model import process", "analysis knows only logs: bpmnmap.model"),
        ("bpmnmap.findings", "if TYPE_CHECKING:\n    import bpmnmap.cli.main", "imports upward: bpmnmap.cli.main"),
        ("bpmnmap", "from bpmnmap.cli import main", "imports upward: bpmnmap.cli"),
    ],
)
def test_wrong_import_is_found(name: str, text: str, fault: str) -> None:
    (found,) = wrong_imports((parse_module(name, text, is_package=name == "bpmnmap"),))
    assert found.endswith(fault)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bpmnmap.cli.main", "import bpmnmap as bm\nfrom bpmnmap.errors import MapError"),
        ("bpmnmap.errors", "from bpmnmap.findings import Finding"),
        ("bpmnmap.xmlio.reader", "from bpmnmap.model import process\nfrom . import document"),
        ("bpmnmap.analysis.handoffs", "from bpmnmap.eventlog.log import EventLog\nfrom bpmnmap import functions"),
    ],
)
def test_right_import_is_let_pass(name: str, text: str) -> None:
    module = parse_module(name, text)
    known = (module, parse_module("bpmnmap.functions", ""), parse_module("bpmnmap.xmlio.document", ""))
    assert list(wrong_imports(known)) == []


def test_circle_is_found() -> None:
    a = parse_module("bpmnmap.model.a", "from bpmnmap.model import b")
    b = parse_module("bpmnmap.model.b", "from . import c")
    c = parse_module("bpmnmap.model.c", "def f():\n    from bpmnmap.model.a import x")
    assert circles((a, b, c)) == [("bpmnmap.model.a", "bpmnmap.model.b", "bpmnmap.model.c")]
    assert circles((a, b, parse_module("bpmnmap.model.c", ""))) == []


def test_import_of_the_package_is_light() -> None:
    """Start-up time counts: what a call needs is imported by that call."""
    heavy = ["holidays", "lxml", "networkx", "pydantic", "rich", "simpy", "SpiffWorkflow"]
    code = f"import bpmnmap, sys; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
