"""`bpmnmap scenario new`: from a map to a first table in two commands."""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from pathlib import Path

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Outcome, Told, command
from tests.bad_input.triple import MAP

FILES = {"org.toml", "as_is.toml", "org.schema.json", "scenario.schema.json"}
OVERWRITE = "name another folder by --output, or write over it by --force"


def new(*arguments: str) -> Outcome:
    return command("scenario", "new", *arguments)


def contents(folder: str) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in Path(folder).iterdir()}


def test_two_commands_from_a_map_to_a_table() -> None:
    outcome = new("map.bpmn", "--assume", "--output", "first/try")
    told = f"wrote {Path('first/try/org.toml')} and {Path('first/try/as_is.toml')}; now: bpmnmap handoffs map.bpmn {Path('first/try/as_is.toml')}\n"
    assert (outcome.status, outcome.output, outcome.errors) == (0, "", told)
    table = command("handoffs", "map.bpmn", "first/try/as_is.toml", "--replications", "2")
    assert (table.status, table.errors) == (0, "")
    assert table.output.endswith("\n10 of 10 numbers assumed\n")  # arrivals, 3 tasks, 1 gateway, 1 event, 2 pools, 2 transfers
    assert re.search(r"cases: ([\d,]+) started = \1 completed \+ 0 unfinished \+ 0 stuck", table.output)


def test_without_assumptions_the_next_step_is_to_fill_them_in() -> None:
    (told,) = new("map.bpmn", "--output", "out").errors.splitlines()
    assert told.endswith(f"; fill in the lines that begin with #?, then: bpmnmap handoffs map.bpmn {Path('out/as_is.toml')}")


@pytest.mark.skipif(os.name == "nt", reason="shells of Windows quote in another way")
def test_the_next_command_is_quoted_as_a_shell_wants_it() -> None:
    Path("map.bpmn").rename("our map's.bpmn")
    (told,) = new("our map's.bpmn", "--assume", "--output", "first try").errors.splitlines()
    command_line = told.partition("; now: ")[2]
    assert command_line.startswith("bpmnmap handoffs ")
    assert shlex.split(command_line)[2:] == ["our map's.bpmn", "first try/as_is.toml"]


def test_files_are_those_of_python() -> None:
    for number, (options, assume) in enumerate((((), False), (("--assume",), True))):
        assert new("map.bpmn", *options, "--output", f"{number}").status == 0
        template = bm.scenario_template(bm.read_bpmn("map.bpmn"), assume=assume)
        found = contents(f"{number}")
        assert found.keys() == FILES
        assert (found["org.toml"], found["as_is.toml"]) == (template.organization, template.scenario)


def test_what_is_missing_is_told_until_it_is_there() -> None:
    assert new("map.bpmn", "--output", "asked").status == 0
    outcome = command("handoffs", "map.bpmn", "asked/as_is.toml")
    assert (outcome.status, outcome.output) == (1, "")
    assert sorted((told.code, told.place) for told in outcome.told) == [
        ("lane-without-unit", "map.bpmn:10"), ("lane-without-unit", "map.bpmn:6"),
        ("missing-arrivals", "asked/as_is.toml [arrivals.Start]"),
        ("missing-probabilities", "asked/as_is.toml [gateways.Ok]"),
        *(("missing-processing-time", f"asked/as_is.toml [activities.{task}]") for task in ("Check", "Register", "Sign")),
        ("missing-wait-time", "asked/as_is.toml [events.Pay]"),
        ("no-unit", "map.bpmn:19"), ("no-unit", "map.bpmn:20"), ("no-unit", "map.bpmn:25"),
    ]  # fmt: skip
    for name in ("org.toml", "as_is.toml"):
        page = Path("asked", name)
        page.write_text(page.read_text(encoding="utf-8").replace("#? ", ""), encoding="utf-8")
    filled = command("handoffs", "map.bpmn", "asked/as_is.toml", "--replications", "1")
    assert (filled.status, filled.errors) == (0, "")
    assert filled.output.endswith("\n0 of 10 numbers assumed\n")


def test_in_this_folder_nothing_is_written_over() -> None:
    before = contents(".")
    outcome = new("map.bpmn", "second.bpmn", "--assume")
    assert outcome.told == [Told("error", "not-written", os.path.join(".", "org.toml"), "there is a file of this name", OVERWRITE)]
    assert (outcome.status, outcome.output) == (2, "")
    assert contents(".") == before


def test_each_file_that_is_there_is_told() -> None:
    assert new("map.bpmn", "--output", "out").status == 0
    Path("out/scenario.schema.json").write_text("{}", encoding="utf-8")
    outcome = new("map.bpmn", "--output", "out")
    places = [
        str(Path("out", name)) for name in ("org.toml", "as_is.toml", "scenario.schema.json")
    ]  # org.schema.json holds the same already
    assert [(told.code, told.place) for told in outcome.told] == [("not-written", place) for place in places]
    assert (outcome.status, contents("out")["scenario.schema.json"]) == (2, "{}")


def test_force_writes_over() -> None:
    assert new("map.bpmn", "--output", "out").status == 0
    first = contents("out")
    for name in FILES:
        Path("out", name).write_text("old", encoding="utf-8")
    assert new("map.bpmn", "--output", "out", "--force").status == 0
    assert contents("out") == first


def test_force_does_not_replace_a_folder() -> None:
    Path("out/org.toml").mkdir(parents=True)
    outcome = new("map.bpmn", "--output", "out", "--force")
    assert (outcome.status, [told.code for told in outcome.told]) == (2, ["not-written"])
    assert set(contents_of_folder("out")) == {"org.toml"}


def contents_of_folder(folder: str) -> list[str]:
    return [path.name for path in Path(folder).iterdir()]


def test_several_maps_share_the_files() -> None:
    assert new("map.bpmn", "second.bpmn", "--assume", "--output", "both").status == 0
    scenario = tomllib.loads(Path("both/as_is.toml").read_text(encoding="utf-8"))
    assert {process: set(tables["activities"]) for process, tables in scenario["processes"].items()} == {
        "permit": {"Register", "Check", "Sign"},
        "renewal": {"Register", "Check", "Sign"},
    }
    table = command("handoffs", "map.bpmn", "second.bpmn", "both/as_is.toml", "--replications", "1")
    assert (table.status, table.errors) == (0, "")
    assert table.output.endswith("\n16 of 16 numbers assumed\n")


def test_a_map_that_cannot_run_gets_no_files() -> None:
    text = MAP.replace('<task id="Sign" name="Sign permit"/>', '<transaction id="Sign"/>').replace('targetRef="Done"', 'targetRef="Gone"')
    Path("map.bpmn").write_text(text, encoding="utf-8")
    outcome = new("map.bpmn", "--output", "out")
    assert [told.code for told in outcome.told] == ["unsupported-element", "dangling-reference"]
    assert (outcome.status, outcome.output) == (1, "")
    assert not Path("out").exists()


def test_warnings_about_the_map_are_told() -> None:
    Path("map.bpmn").write_text(MAP.replace("<flowNodeRef>Sign</flowNodeRef>", "<flowNodeRef>Sing</flowNodeRef>"), encoding="utf-8")
    outcome = new("map.bpmn", "--output", "out")
    first, _, rest = outcome.errors.partition("\n")
    assert first.startswith("map.bpmn:10: warning[dangling-reference]")
    assert "wrote " in rest
    assert outcome.status == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), [("wrong-use", "command line")]),
        (("",), [("wrong-use", "command line")]),
        (("none.bpmn", "scenario.toml", "--output", "map.bpmn"), [("not-written", "map.bpmn"), ("file-missing", "none.bpmn"), ("not-xml", "scenario.toml:1")]),
        (("map.bpmn", "--output", ""), [("not-written", "--output")]),
    ],
)  # fmt: skip
def test_nothing_to_work_on(arguments: tuple[str, ...], told: list[tuple[str, str]]) -> None:
    before = contents(".")
    outcome = new(*arguments)
    assert [(each.code, each.place) for each in outcome.told] == told
    assert (outcome.status, outcome.output) == (2, "")
    assert contents(".") == before


@pytest.mark.parametrize("arguments", [("map.bpmn",), ("map.bpmn", "second.bpmn"), ("map.bpmn", "none.toml")])
def test_a_missing_scenario_names_the_command(arguments: tuple[str, ...]) -> None:
    outcome = command("handoffs", *arguments)
    (told,) = outcome.told
    assert "bpmnmap scenario new MAP... writes a first" in told.fix
    assert outcome.status == 2
