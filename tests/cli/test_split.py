"""`bpmnmap handoffs --split`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Outcome, Told, command
from tests.bad_input.triple import GOOD
from tests.simulation.test_splitting import ATTRIBUTES

FILES = ("map.bpmn", "scenario.toml")


@pytest.fixture(autouse=True)
def attributes(folder: Path) -> None:
    """Cases have an amount, documents, a district, and are complete."""
    for name in ("scenario.toml", "both.toml"):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("\n\n", f"\n\n{ATTRIBUTES}", 1), encoding="utf-8")


def split(*arguments: str) -> Outcome:
    outcome = command("handoffs", *arguments)
    assert (outcome.status, outcome.errors) == (0, "")
    return outcome


@pytest.mark.parametrize("by", ["amount", "documents", "district", "complete", "map", "amount > 100 and district == 'north'"])
@pytest.mark.parametrize("format_", ["text", "json", "csv"])
def test_prints_what_python_makes(by: str, format_: str) -> None:
    runs = bm.simulate(bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml"))
    table = bm.handoff_delays(bm.split_cases(runs, by))
    wanted = {"text": f"{table}\n", "json": table.to_json() + "\n", "csv": table.to_csv()}[format_]
    assert split(*FILES, "--split", by, "--format", format_).output == wanted


@pytest.mark.parametrize(("by", "groups"), [("amount", 4), ("documents", 4), ("district", 2), ("complete", 1), ("amount > 100", 2)])
def test_groups_add_up_to_the_whole(by: str, groups: int) -> None:
    whole = json.loads(split(*FILES, "--format", "json").output)
    parts = json.loads(split(*FILES, "--split", by, "--format", "json").output)["groups"]
    assert len(parts) == groups
    assert {name: sum(part["cases"][name] for part in parts) for name in whole["cases"]} == whole["cases"]
    for row in whole["rows"]:
        assert sum(each["count"] for part in parts for each in part["rows"] if is_same(each, row)) == row["count"]


def is_same(row: dict[str, Any], other: dict[str, Any]) -> bool:
    return (row["from"], row["to"]) == (other["from"], other["to"])


def test_quarters_are_of_nearly_one_size() -> None:
    parts = json.loads(split(*FILES, "--split", "amount", "--format", "json").output)["groups"]
    sizes = [part["cases"]["started"] for part in parts]
    assert max(sizes) - min(sizes) <= 1
    bounds = [part["value"] for part in parts]
    assert [bound["up_to"] for bound in bounds[:-1]] == [bound["above"] for bound in bounds[1:]]
    assert (bounds[0]["above"], bounds[-1]["up_to"]) == (None, None)


def test_per_map() -> None:
    table = json.loads(split("map.bpmn", "second.bpmn", "both.toml", "--split", "map", "--format", "json").output)
    assert [group["value"] for group in table["groups"]] == ["permit", "renewal"]
    lines = split("map.bpmn", "second.bpmn", "both.toml", "--split", "map").output.splitlines()
    started = [group["cases"]["started"] for group in table["groups"]]
    headings = [f"map: {name} ({count} of {sum(started)} cases)" for name, count in zip(("permit", "renewal"), started, strict=True)]
    assert [line for line in lines if line.startswith("map: ")] == headings


def test_jobs_and_output_change_nothing() -> None:
    printed = split(*FILES, "--split", "amount").output
    assert split(*FILES, "--split", "amount", "--jobs", "2").output == printed
    assert split(*FILES, "--split", "amount", "--output", "table").output == ""
    assert Path("table").read_bytes() == printed.encode()


WRONG = {
    "amuont": ("cannot be used: 'amuont' is no attribute of cases", "did you mean 'amount'?"),
    "amount > ": ("cannot be used: column 9: the expression breaks off", "write a value, like amount > 100"),
    "amount + 1": ("cannot be used: column 1: a condition is true or false, not a number", "write a comparison, like amount > 0"),
    "": ("cannot be used: column 1: the expression is empty", "write a value, like amount > 100"),
}


@pytest.mark.parametrize("by", WRONG)
def test_what_cannot_be_split_by_is_told_before_the_run(by: str) -> None:
    outcome = command("handoffs", *FILES, "--split", by, "--replications", "1000000")
    (found,) = outcome.told
    message, fix = WRONG[by]
    assert (found.severity, found.code, found.place) == ("error", "wrong-use", "command line")
    assert found.message.startswith(f"--split '{by}' {message}")
    assert fix in found.fix
    assert (outcome.status, outcome.output) == (2, "")


def test_kinds_that_do_not_fit_are_told() -> None:
    outcome = command("handoffs", *FILES, "--split", "district > 5")
    assert outcome.told == [
        Told(
            "error",
            "wrong-use",
            "command line",
            "--split 'district > 5' cannot be used: 'district > 5': '>' compares the text 'south' with the number 5",
            "compare numbers with numbers, texts with texts (in quotes)",
        )
    ]
    assert (outcome.status, outcome.output) == (2, "")


def test_a_scenario_without_attributes_can_be_split_by_map() -> None:
    GOOD.write(Path())
    whole, parts = split(*FILES).output, split(*FILES, "--split", "map").output
    assert parts.partition("\n")[2] == whole
    outcome = command("handoffs", *FILES, "--split", "amount")
    assert [each.fix for each in outcome.told] == ["known are map"]
