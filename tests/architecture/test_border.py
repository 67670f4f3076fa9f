"""Whatever the bytes of an input, reading it ends in a value or in one of our own errors, never in another package's."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.errors import BpmnMapError
from bpmnmap.org.organization import read_organization
from bpmnmap.simulation.scenario import read_scenario
from bpmnmap.xmlio.reader import read_bpmn
from tests.architecture.source import ROOT

Read = Callable[[Path], object]
MAP = (ROOT / "bpmn_samples/building_approval/building_approval.bpmn").read_bytes()
ORGANIZATION = (ROOT / "simulations/org.toml").read_bytes()
SCENARIO = (ROOT / "simulations/building_approval/as_is.toml").read_bytes()
DOORS: list[tuple[Read, bytes]] = [(read_bpmn, MAP), (read_organization, ORGANIZATION), (read_scenario, SCENARIO)]
# Snippets that mean something to one of the parsers.
SPICE = [
    b"",
    b"\0",
    b"\xff",
    b"<",
    b">",
    b"&",
    b'"',
    b"<!DOCTYPE a>",
    b"&a;",
    b"]]>",
    b"[",
    b"]",
    b"=",
    b"-1",
    b"1e999",
    b"true",
    b"[[a]]",
    b"\n",
    "é".encode(),
]


def read_all(read: Read, data: bytes, folder: Path) -> None:
    (folder / "org.toml").write_bytes(ORGANIZATION)
    (folder / "inner").mkdir(exist_ok=True)
    path = folder / "inner" / "input"
    path.write_bytes(data)
    with contextlib.suppress(BpmnMapError):
        read(path)


@pytest.mark.parametrize(("read", "good"), DOORS, ids=lambda value: getattr(value, "__name__", ""))
def test_good_input_is_read(read: Read, good: bytes, tmp_path: Path) -> None:
    read_all(read, good, tmp_path)
    assert read(tmp_path / "inner" / "input")


@pytest.mark.parametrize(("read", "good"), DOORS, ids=lambda value: getattr(value, "__name__", ""))
def test_any_bytes(read: Read, good: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("border")

    @settings(max_examples=100)
    @given(st.binary(max_size=60))
    def check(data: bytes) -> None:
        read_all(read, data, folder)

    check()


@pytest.mark.parametrize(("read", "good"), DOORS, ids=lambda value: getattr(value, "__name__", ""))
def test_damaged_input(read: Read, good: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("border")

    @settings(max_examples=300)
    @given(st.lists(st.tuples(st.integers(0, len(good) - 1), st.integers(0, 40), st.sampled_from(SPICE)), min_size=1, max_size=3))
    def check(damages: list[tuple[int, int, bytes]]) -> None:
        data = good
        for start, length, spice in damages:
            data = data[:start] + spice + data[start + length :]
        read_all(read, data, folder)

    check()
