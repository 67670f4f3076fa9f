"""`bpmnmap diff`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Outcome, command
from tests.bad_input.triple import MAP
from tests.cli.program import run

CHANGED = MAP.replace('id="Sign" name="', 'id="Sign" name="Then ')


@pytest.fixture(autouse=True)
def changed(folder: Path) -> None:
    assert CHANGED != MAP
    (folder / "changed.bpmn").write_text(CHANGED, encoding="utf-8")


def diff(*arguments: str) -> Outcome:
    return command("diff", *arguments)


def test_prints_what_python_prints() -> None:
    outcome = diff("map.bpmn", "changed.bpmn")
    found = bm.differences(bm.read_bpmn("map.bpmn"), bm.read_bpmn("changed.bpmn"))
    assert (outcome.status, outcome.output, outcome.errors) == (0, f"{found}\n", "")
    first, summary = outcome.output.splitlines()
    assert first.startswith("changed.bpmn:25: change ")
    assert summary == "1 difference in meaning: 1 change"


def test_a_map_and_itself() -> None:
    assert diff("map.bpmn", "map.bpmn") == Outcome(0, "no difference\n", "")
    assert diff("map.bpmn", "map.bpmn", "--exit-code").status == 0


def test_exit_code_tells_a_difference_in_meaning() -> None:
    assert diff("map.bpmn", "changed.bpmn", "--exit-code").status == 1
    Path("incidental.bpmn").write_text(MAP.replace("<definitions ", '<definitions exporter="other" ', 1), encoding="utf-8")
    outcome = diff("map.bpmn", "incidental.bpmn", "--exit-code")
    assert outcome == Outcome(0, "no difference in meaning; 1 incidental\n", "")


def test_all_lists_what_is_incidental() -> None:
    Path("incidental.bpmn").write_text(MAP.replace("<definitions ", '<definitions exporter="other" ', 1), encoding="utf-8")
    first, summary = diff("map.bpmn", "incidental.bpmn", "--all").output.splitlines()
    assert "exporter none → 'other'" in first
    assert summary == "no difference in meaning; 1 incidental"


def test_json() -> None:
    record = json.loads(diff("map.bpmn", "changed.bpmn", "--format", "json").output)
    assert (record["a"], record["b"]) == ({"path": "map.bpmn"}, {"path": "changed.bpmn"})
    assert [(change["change"], change["id"]) for change in record["changes"]] == [("update", "Sign")]


@pytest.mark.parametrize("format_", ["text", "json"])
def test_output_goes_into_a_file(format_: str) -> None:
    printed = diff("map.bpmn", "changed.bpmn", "--format", format_).output
    assert diff("map.bpmn", "changed.bpmn", "--format", format_, "--output", "changes") == Outcome(0, "", "")
    assert Path("changes").read_text(encoding="utf-8") == printed


def test_all_that_is_wrong_is_told_at_once() -> None:
    Path("text.bpmn").write_text("no map", encoding="utf-8")
    outcome = diff("text.bpmn", "none.bpmn", "--output", "nowhere/changes")
    assert (outcome.status, outcome.output) == (2, "")
    assert [(each.code, each.place) for each in outcome.told] == [
        ("not-written", "nowhere/changes"), ("not-xml", "text.bpmn:1"), ("file-missing", "none.bpmn"),
    ]  # fmt: skip


def test_faulty_maps_are_compared_all_the_same() -> None:
    Path("faulty.bpmn").write_text(MAP.replace('targetRef="Check"', 'targetRef="Chek"', 1), encoding="utf-8")
    outcome = diff("map.bpmn", "faulty.bpmn")
    assert (outcome.status, outcome.errors) == (0, "")
    assert outcome.output.splitlines()[0].endswith("targetRef 'Check' → 'Chek'")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are Unicode there")
def test_names_that_are_no_unicode() -> None:
    name = os.fsdecode(b"m\xfcll.bpmn")
    Path("map.bpmn").rename(name)
    for arguments in ((), ("--output", "changes")):
        result = run("diff", name, "changed.bpmn", "--format", "json", *arguments)
        assert (result.returncode, result.stderr) == (0, b"")
        assert json.loads(Path("changes").read_bytes() if arguments else result.stdout)["a"] == {"path": name}


def test_empty_names() -> None:
    outcome = diff("", "", "--output", "nowhere/changes")
    assert (outcome.status, outcome.output) == (2, "")
    assert [(each.code, each.place) for each in outcome.told] == [
        ("not-written", "nowhere/changes"), ("wrong-use", "command line"), ("wrong-use", "command line"),
    ]  # fmt: skip
    assert [each.message for each in outcome.told[1:]] == ["A must not be empty (got '')", "B must not be empty (got '')"]


@pytest.mark.parametrize(
    "arguments", [(), ("map.bpmn",), ("map.bpmn", "changed.bpmn", "second.bpmn"), ("map.bpmn", "changed.bpmn", "--format", "csv")]
)
def test_wrong_use(arguments: tuple[str, ...]) -> None:
    outcome = diff(*arguments)
    assert (outcome.status, outcome.output) == (2, "")
    assert "Usage: bpmnmap diff" in outcome.errors
