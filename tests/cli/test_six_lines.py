"""The six lines of the README, which say what the library is for."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmnmap as bm
from tests.cli.program import run

ROOT = Path(__file__).parents[2]
SIX_LINES = """\
import bpmnmap as bm
approval = bm.read_bpmn("bpmn_samples/building_approval/building_approval.bpmn")   # Definitions: what the map says, immutable
as_is = bm.read_scenario("simulations/building_approval/as_is.toml")               # arrivals, times, pools, calendars, probabilities
runs = bm.simulate(approval, as_is, replications=30, seed=1)                       # SimulationResult: 30 event logs, repeatable to the bit
delays = bm.handoff_delays(runs)                                                   # one row per (from unit, to unit)
print(delays)
"""
COMMAND = ("handoffs", "bpmn_samples/building_approval/building_approval.bpmn", "simulations/building_approval/as_is.toml")


def run_lines(lines: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    exec(lines, names)
    return names


def assert_names(names: dict[str, object], replications: int) -> None:
    assert isinstance(names["approval"], bm.Definitions)
    assert isinstance(names["as_is"], bm.Scenario)
    runs = names["runs"]
    assert isinstance(runs, bm.SimulationResult)
    assert (len(runs), runs.seed) == (replications, 1)
    assert isinstance(names["delays"], bm.HandoffTable)


def test_the_readme_shows_them() -> None:
    assert f"```python\n{SIX_LINES}```" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_six_lines_with_few_replications(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lines = SIX_LINES.replace("replications=30", "replications=2")
    assert lines != SIX_LINES
    names = run_lines(lines, monkeypatch)
    assert_names(names, 2)
    printed = capsys.readouterr().out
    assert printed == f"{names['delays']}\n"
    told = run(*COMMAND, "--replications", "2", "--seed", "1", cwd=ROOT)
    assert (told.returncode, told.stderr) == (0, b"")
    assert told.stdout.decode() == printed


@pytest.mark.slow
def test_six_lines_as_they_stand(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    names = run_lines(SIX_LINES, monkeypatch)
    assert_names(names, 30)
    printed = capsys.readouterr().out
    assert printed.startswith("Handoff delay in hours, mean per handoff ± 95 % interval; 30 replications")
    told = run(*COMMAND, "--replications", "30", "--seed", "1", "--jobs", "2", cwd=ROOT)
    assert (told.returncode, told.stderr) == (0, b"")
    assert told.stdout.decode() == printed
