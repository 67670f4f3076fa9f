"""Maps whose whole logs were computed by hand: three cases, and handoff.md's examples 1 and 2."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.simulation.planning import make_plan
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.tables import assert_log

HERE = Path(__file__).parent
FOLDERS = ["three_cases", "courier", "join"]


@pytest.mark.parametrize("name", FOLDERS)
def test_every_column_of_every_row(name: str) -> None:
    folder = HERE / name
    result = bm.simulate(bm.read_bpmn(folder / f"{name}.bpmn"), bm.read_scenario(folder / "scenario.toml"))
    (log,) = result
    assert_log(log, (folder / "expected.txt").read_text(encoding="utf-8"), "permit")


@pytest.mark.parametrize("name", FOLDERS)
def test_saved_and_loaded_at_every_instant(name: str) -> None:
    folder = HERE / name
    assert_saved_and_loaded(make_plan([bm.read_bpmn(folder / f"{name}.bpmn")], bm.read_scenario(folder / "scenario.toml")))


def test_no_row_depends_on_the_seed() -> None:
    folder = HERE / "three_cases"
    plan = make_plan([bm.read_bpmn(folder / "three_cases.bpmn")], bm.read_scenario(folder / "scenario.toml"))
    assert log_of(plan, seed=1).digest == log_of(plan, seed=2).digest
