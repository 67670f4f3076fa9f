"""Wrong use: numbers, names and places on the command line, and the same from Python."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Outcome, Told, command
from tests.bad_input.triple import GOOD

FORM = "write MAP... SCENARIO: one or several maps (.bpmn), then the scenario (.toml)"


@pytest.fixture(autouse=True)
def triple(folder: Path) -> None:
    GOOD.write(folder)


def wrong(message: str, fix: str) -> Told:
    return Told("error", "wrong-use", "command line", message, fix)


def told_of(outcome: Outcome) -> list[Told]:
    """What was told, without the hint at the command that writes a first scenario."""
    return [each._replace(fix=each.fix.partition("; bpmnmap scenario new")[0]) for each in outcome.told]


NUMBERS = {
    ("--replications", "0"): wrong("--replications must be >= 1 (got 0)", "give a number >= 1"),
    ("--replications", "-5"): wrong("--replications must be >= 1 (got -5)", "give a number >= 1"),
    ("--replications", "1000000000000"): wrong("--replications must be <= 1000000 (got 1000000000000)", "give a number <= 1000000"),
    ("--jobs", "0"): wrong("--jobs must be >= 1 (got 0)", "give a number >= 1"),
    ("--jobs", "-5"): wrong("--jobs must be >= 1 (got -5)", "give a number >= 1"),
    ("--jobs", "100000"): wrong("--jobs must be <= 61 (got 100000)", "give a number <= 61"),
    ("--seed", "-5"): wrong("--seed must be >= 0 (got -5)", "give a number >= 0"),
    ("--seed", str(2**63)): wrong(f"--seed must be <= {2**63 - 1} (got {2**63})", f"give a number <= {2**63 - 1}"),
    ("--confidence", "2"): wrong("--confidence must be between 0 and 1 (got 2)", "give a level like 0.95"),
    ("--confidence", "0"): wrong("--confidence must be between 0 and 1 (got 0)", "give a level like 0.95"),
    ("--confidence", "95"): wrong("--confidence must be between 0 and 1 (got 95)", "give a level like 0.95"),
    ("--confidence", "nan"): wrong("--confidence must be between 0 and 1 (got nan)", "give a level like 0.95"),
    ("--confidence", "0.9999999999999999"): wrong("--confidence must be between 0 and 1 (got 1)", "give a level like 0.95"),
}


@pytest.mark.parametrize(("option", "value"), NUMBERS)
def test_numbers_out_of_range(option: str, value: str) -> None:
    outcome = command("handoffs", "map.bpmn", "scenario.toml", option, value)
    assert outcome.told == [NUMBERS[option, value]]
    assert (outcome.status, outcome.output) == (2, "")


def test_all_wrong_arguments_at_once() -> None:
    outcome = command(
        "handoffs", "map.bpmn", "--jobs", "0", "--replications", "-1", "--confidence", "1", "--seed", "-2", "--output", "no/table.txt"
    )
    assert told_of(outcome) == [
        wrong("--replications must be >= 1 (got -1)", "give a number >= 1"),
        wrong("--seed must be >= 0 (got -2)", "give a number >= 0"),
        wrong("--jobs must be >= 1 (got 0)", "give a number >= 1"),
        wrong("--confidence must be between 0 and 1 (got 1)", "give a level like 0.95"),
        Told("error", "not-written", "no/table.txt", "there is no folder 'no'", "make the folder, or name a file elsewhere"),
        wrong("MAP... SCENARIO must name at least one map and a scenario (got only 'map.bpmn')", FORM),
    ]
    assert (outcome.status, outcome.output) == (2, "")


PATHS = {
    (): [wrong("MAP... SCENARIO must name at least one map and a scenario (got neither)", FORM)],
    ("scenario.toml",): [wrong("MAP... SCENARIO must name at least one map and a scenario (got only 'scenario.toml')", FORM)],
    ("map.bpmn", "map.bpmn"): [wrong("SCENARIO comes last, and is no map (got 'map.bpmn')", FORM)],
    ("scenario.toml", "map.bpmn"): [
        wrong("SCENARIO comes last, and is no map (got 'map.bpmn')", FORM),
        wrong("MAP must be a map (got 'scenario.toml')", FORM),
    ],
    ("map.bpmn", "scenario.toml", "scenario.toml"): [wrong("MAP must be a map (got 'scenario.toml')", FORM)],
    ("", "scenario.toml"): [wrong("MAP... SCENARIO must not be empty (got '')", FORM)],
    ("map.bpmn", ""): [wrong("MAP... SCENARIO must not be empty (got '')", FORM)],
}  # fmt: skip


@pytest.mark.parametrize("paths", PATHS, ids=[" ".join(paths) or "none" for paths in PATHS])
def test_wrong_files(paths: tuple[str, ...]) -> None:
    outcome = command("handoffs", *paths)
    assert told_of(outcome) == PATHS[paths]
    assert (outcome.status, outcome.output) == (2, "")
    assert command("simulate", *paths, "--output", "runs") == outcome


OUTPUTS = {
    ("handoffs", ""): ("--output", "the name of the file is empty", "name a file"),
    ("handoffs", "."): (".", "this is a folder", "name a file in it"),
    ("handoffs", "no/x.txt"): ("no/x.txt", "there is no folder 'no'", "make the folder, or name a file elsewhere"),
    ("handoffs", "map.bpmn/x.txt"): ("map.bpmn/x.txt", "there is no folder 'map.bpmn'", "make the folder, or name a file elsewhere"),
    ("simulate", ""): ("--output", "the name of the folder is empty", "name a folder, or a file that ends in .csv"),
    ("simulate", "map.bpmn"): ("map.bpmn", "this is a file, and a folder is to be written", "name a folder, or a file that ends in .csv"),
    ("simulate", "no/x.csv"): ("no/x.csv", "there is no folder 'no'", "make the folder, or name a file elsewhere"),
    ("simulate", "runs.csv"): ("runs.csv", "this is a folder", "name a file in it"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "output"), OUTPUTS)
def test_outputs_that_cannot_be_written_are_told_before_the_run(name: str, output: str) -> None:
    Path("runs.csv").mkdir()
    outcome = command(name, "map.bpmn", "scenario.toml", "--replications", "1000000", "--output", output)
    assert outcome.told == [Told("error", "not-written", *OUTPUTS[name, output])]
    assert (outcome.status, outcome.output) == (2, "")


def test_a_folder_below_a_file_cannot_be_made() -> None:
    outcome = command("simulate", "map.bpmn", "scenario.toml", "--replications", "1000000", "--output", "map.bpmn/runs")
    (found,) = outcome.told
    assert (found.code, found.place, found.fix) == ("not-written", "map.bpmn/runs", "name a folder, or a file that ends in .csv")
    assert found.message == f"'{Path('map.bpmn').absolute()}' is no folder, and a folder is to be written"
    assert (outcome.status, outcome.output) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["handoffs", "map.bpmn", "scenario.toml", "--replications", "many"], ("'--replications'", "'many'")),
        (["handoffs", "map.bpmn", "scenario.toml", "--replications", "2.5"], ("'--replications'", "'2.5'")),
        (["handoffs", "map.bpmn", "scenario.toml", "--confidence", "high"], ("'--confidence'", "'high'")),
        (["handoffs", "map.bpmn", "scenario.toml", "--by", "person"], ("'--by'", "'person'", "'unit', 'activity'")),
        (["handoffs", "map.bpmn", "scenario.toml", "--format", "xml"], ("'--format'", "'xml'", "'text', 'json', 'csv'")),
        (["handoffs", "map.bpmn", "scenario.toml", "--sed", "1"], ("--sed", "--seed")),
        (["simulate", "map.bpmn", "scenario.toml"], ("'--output'",)),
        (["explain"], ("'MAP'",)),
        (["explian", "map.bpmn"], ("'explian'",)),
    ],
)
def test_use_that_click_refuses(arguments: list[str], parts: tuple[str, ...]) -> None:
    outcome = command(*arguments)
    assert (outcome.status, outcome.output) == (2, "")
    first, second, *_, last = outcome.errors.splitlines()
    assert first.startswith("Usage: bpmnmap")
    assert second.endswith("--help' for help.")
    assert last.startswith("Error: ")
    assert all(part in last for part in parts), last


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"replications": 0}, r"replications must be >= 1 \(got 0\)"),
        ({"replications": -5}, r"replications must be >= 1 \(got -5\)"),
        ({"jobs": 0}, r"jobs must be >= 1 \(got 0\)"),
        ({"seed": -5}, r"seed must be >= 0 \(got -5\)"),
    ],
)
def test_wrong_arguments_from_python(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        bm.simulate(bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml"), **arguments)


def test_no_map_from_python() -> None:
    with pytest.raises(ValueError, match=r"^definitions must hold at least one map \(got none\)$"):
        bm.simulate([], bm.read_scenario("scenario.toml"))


@pytest.mark.parametrize("confidence", [2, 0, -1, float("nan")])
def test_wrong_confidence_from_python(confidence: float) -> None:
    runs = bm.simulate(bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml"), replications=1)
    with pytest.raises(ValueError, match=r"^confidence must be between 0 and 1 \(got "):
        bm.handoff_delays(runs, confidence=confidence)
