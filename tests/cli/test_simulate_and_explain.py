"""`bpmnmap simulate` and `bpmnmap explain`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Outcome, Told, command
from tests.bad_input.triple import MAP

ONE = ("map.bpmn", "scenario.toml")
TABLES = ["cases.csv", "instances.csv", "movements.csv"]


def simulate(*arguments: str) -> Outcome:
    outcome = command("simulate", *arguments)
    assert (outcome.status, outcome.output, outcome.errors) == (0, "", "")
    return outcome


def contents(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def test_simulate_writes_what_python_writes() -> None:
    simulate(*ONE, "--output", "runs")
    bm.write_event_log(bm.simulate(bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml")), "python")
    assert contents("runs") == contents("python")
    assert sorted(contents("runs")) == TABLES


@pytest.mark.parametrize("arguments", [("--replications", "3"), ("--seed", "9"), ("--seed", "9", "--replications", "1")])
def test_options_of_simulate(arguments: tuple[str, ...]) -> None:
    simulate(*ONE, "--output", "runs", *arguments)
    given = dict(zip(arguments[::2], arguments[1::2], strict=True))
    replications, seed = int(given.get("--replications", "2")), int(given.get("--seed", "1"))
    runs = bm.simulate(bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml"), replications=replications, seed=seed)
    bm.write_event_log(runs, "python")
    assert contents("runs") == contents("python")
    with Path("runs/cases.csv").open(encoding="utf-8", newline="") as file:
        assert {row["replication"] for row in csv.DictReader(file)} == {str(number + 1) for number in range(replications)}


def test_jobs_write_the_same_bytes() -> None:
    simulate(*ONE, "--replications", "3", "--jobs", "1", "--output", "one")
    simulate(*ONE, "--replications", "3", "--jobs", "2", "--output", "two")
    assert contents("one") == contents("two")


def test_simulate_makes_folders_and_replaces_its_own_files_only() -> None:
    simulate(*ONE, "--output", "a/b/runs")
    Path("a/b/runs/notes.txt").write_text("mine", encoding="utf-8")
    Path("a/b/runs/cases.csv").write_text("old", encoding="utf-8")
    simulate(*ONE, "--output", "a/b/runs")
    assert sorted(contents("a/b/runs")) == [*TABLES, "notes.txt"]
    assert contents("a/b/runs")["cases.csv"] != b"old"


def test_simulate_into_one_file() -> None:
    simulate(*ONE, "--output", "log.csv", "--replications", "1")
    lines = Path("log.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "case_id,activity,resource,unit,enable_time,start_time,end_time"
    assert ",Check form,TO.staff/" in lines[2]


def test_simulate_several_maps() -> None:
    simulate("map.bpmn", "second.bpmn", "both.toml", "--output", "runs", "--replications", "1")
    with Path("runs/cases.csv").open(encoding="utf-8", newline="") as file:
        assert {row["map"] for row in csv.DictReader(file)} == {"permit", "renewal"}


def test_explain_prints_one_operation_a_line_with_element_and_place() -> None:
    outcome = command("explain", "map.bpmn")
    assert (outcome.status, outcome.errors) == (0, "")
    head, *lines = outcome.output.splitlines()
    assert head == "process permit"
    cells = [line.split() for line in lines]
    assert [(cell[0], cell[1], cell[2]) for cell in cells] == [
        ("0", "start", "Start"), ("1", "work", "Register"), ("2", "work", "Check"), ("3", "choose", "Ok"), ("4", "wait", "Pay"),
        ("5", "work", "Sign"), ("6", "end", "Done"),
    ]  # fmt: skip
    places = [next(word for word in cell if word.startswith("map.bpmn:")) for cell in cells]
    assert places == [f"map.bpmn:{line}" for line in (18, 19, 20, 21, 22, 25, 26)]
    assert "-> 1 [no] | 4 [yes]" in lines[3]


def test_explain_prints_the_program_of_python() -> None:
    assert command("explain", "map.bpmn").output == f"{bm.lower(bm.read_bpmn('map.bpmn'))}\n"


def test_explain_tells_warnings_beside_the_program() -> None:
    Path("map.bpmn").write_text(MAP.replace("<flowNodeRef>Sign</flowNodeRef>", "<flowNodeRef>Sing</flowNodeRef>"), encoding="utf-8")
    outcome = command("explain", "map.bpmn")
    (found,) = outcome.told
    assert (found.severity, found.code, found.place) == ("warning", "dangling-reference", "map.bpmn:10")
    assert outcome.status == 0
    assert outcome.output.startswith("process permit\n")


def test_explain_of_a_scenario() -> None:
    outcome = command("explain", "scenario.toml")
    (found,) = outcome.told
    assert (found.code, found.place) == ("not-xml", "scenario.toml:1")
    assert (outcome.status, outcome.output) == (2, "")


def test_explain_nothing() -> None:
    outcome = command("explain", "")
    assert outcome.told == [Told("error", "wrong-use", "command line", "MAP must not be empty (got '')", "name a .bpmn file")]
    assert (outcome.status, outcome.output) == (2, "")
