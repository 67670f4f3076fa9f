"""Names that are long, in other scripts, or made to confuse: they do no harm, and findings stay two lines of plain text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Fault, assert_refused, assert_told, command
from tests.bad_input.triple import GOOD, MAP, SCENARIO, Triple, replaced

LONG = "x" * 100_000
FIX = "use the id or name of an activity of the map"


def renamed(new: str, *, key: str | None) -> Triple:
    """The triple with another id, as XML writes it, for the task Sign; and in the scenario as TOML writes it."""
    scenario = SCENARIO if key is None else replaced(SCENARIO, "[activities.Sign]", f"[activities.{key}]")
    return Triple(MAP.replace('"Sign"', f'"{new}"').replace(">Sign<", f">{new}<"), scenario=scenario)


@pytest.mark.parametrize(
    ("new", "key", "plain"),
    [
        ("Si gn", '"Si gn"', "Si gn"),
        ("Si&apos;&quot;gn", '"Si\'\\"gn"', "Si'\"gn"),
        ("Si&#10;gn", '"Si\\ngn"', r"Si\ngn"),
        ("Si.gn", '"Si.gn"', None),
        ("Unterschrift_für_審査", '"Unterschrift_für_審査"', None),
        ("Si&#x202e;gn", '"Si\\u202Egn"', r"Si\u202egn"),
    ],
)
def test_any_id_can_be_run(new: str, key: str, plain: str | None) -> None:
    renamed(new, key=key).write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml", "--by", "activity", "--format", "json")
    assert outcome.status == 0
    wanted = []
    if plain is not None:
        message = "the id is no XML name"
        line = " ".join(plain.split()) if r"\n" not in plain else "Si gn"
        wanted.append(Fault("invalid-id", "map.bpmn:25", f"task '{line}': {message}", "give it another id", "warning"))
    assert [(each.severity, each.code, each.place) for each in outcome.told] == [(each.severity, each.code, each.place) for each in wanted]
    rows = json.loads(outcome.output)["other_rows"]
    identifier = json.loads(key)
    assert any(row["from"] == identifier and row["to"] is None for row in rows)
    assert command("explain", "map.bpmn").status == 0


@pytest.mark.parametrize(
    ("new", "shown"),
    [("Si&apos;&quot;gn", "Si'\"gn"), ("Si&#10;gn", r"Si\ngn"), ("Si&#x85;&#x202e;gn", r"Si\x85\u202egn")],
)
def test_a_finding_shows_what_a_terminal_cannot(new: str, shown: str) -> None:
    renamed(new, key=None).write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert_told(
        outcome.told,
        [
            Fault("invalid-id", "map.bpmn:25", "the id is no XML name", "give it another id", "warning"),
            Fault("unknown-element", "scenario.toml [activities.Sign]", "'Sign' names no activity of the map", f"did you mean '{shown}'?"),
        ],
    )
    assert (outcome.status, outcome.output) == (1, "")


def test_commands_to_a_terminal_are_told_as_text() -> None:
    GOOD.in_scenario("[activities.Check]", '[activities."\\u001b[2J\\u0007Check form"]').write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    (found,) = outcome.told
    assert found.place == r'scenario.toml [activities."\u001b[2J\u0007Check form"]'
    assert found.message == r"'\x1b[2J\x07Check form' names no activity of the map"
    assert found.fix == f"{FIX}; did you mean 'Check form'?"
    assert "\x1b" not in outcome.errors


def test_names_in_a_map_send_no_commands_to_a_terminal() -> None:
    """XML cannot hold ESC, but its twin U+009B, and signs that turn the direction of writing."""
    name, shown = "&#x9b;31mRaum&#x202e; نمی\u200cشود", r"\x9b31mRaum\u202e نمی" + "\u200cشود"
    triple = GOOD.in_map('name="Technical Office"', f'name="{name}"').in_map('name="Sign permit"', f'name="{name}"')
    triple.in_org('name = "Technical Office"', r'name = "\u009b31mRaum\u202e نمی\u200cشود"').write(Path())
    Path("plain.bpmn").write_text(MAP, encoding="utf-8")
    table = command("handoffs", "map.bpmn", "scenario.toml")
    program = command("explain", "map.bpmn")
    changes = command("diff", "plain.bpmn", "map.bpmn")
    for outcome in (table, program, changes):
        assert (outcome.status, outcome.errors) == (0, "")
        assert shown in outcome.output
        assert not {"\x9b", "\u202e"} & set(outcome.output)
    assert command("handoffs", "map.bpmn", "scenario.toml", "--output", "table.txt").status == 0
    assert Path("table.txt").read_text(encoding="utf-8") == table.output


def test_names_of_files_that_a_terminal_cannot_show() -> None:
    outcome = command("handoffs", "a\nb\x1b.bpmn", "scenario\x00.toml")
    assert [(each.code, each.place) for each in outcome.told] == [
        ("file-missing", r"a\nb\x1b.bpmn"),
        ("file-unreadable", r"scenario\x00.toml"),
    ]
    assert (outcome.status, outcome.output) == (2, "")


LONG_NAMES = {
    "a table": (GOOD.in_scenario("[activities.Sign]", f"[activities.Sign]\nprocessing_time = \"PT1M\"\n[activities.{LONG}]"), "unknown-element"),
    "a key": (GOOD.in_scenario("wait_time", LONG), "unknown-key"),
    "a reference": (GOOD.in_map('targetRef="Sign"', f'targetRef="{LONG}"'), "dangling-reference"),
    "hours": (GOOD.in_org("Mon-Fri 08:00-16:00", f"Mon 08:00-{LONG}"), "invalid-hours"),
    "a time zone": (GOOD.in_org("Asia/Jakarta", LONG), "unknown-timezone"),
    "a duration": (GOOD.in_scenario('"PT10M"', f'"PT{LONG}M"'), "invalid-duration"),
    "a flow": (GOOD.in_scenario("yes = 0.8", f"{LONG} = 0.8"), "unknown-flow"),
    "a process": (GOOD.in_scenario("[events.Pay]", f'[processes.{LONG}]\nunit = "FO"\n[events.Pay]'), "unknown-process"),
    "a unit": (GOOD.in_scenario('from = "TO"', f'from = "{LONG}"'), "unknown-unit"),
}  # fmt: skip


@pytest.mark.parametrize(("triple", "code"), LONG_NAMES.values(), ids=LONG_NAMES)
def test_long_names_are_shortened(triple: Triple, code: str) -> None:
    triple.write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert [each.code for each in outcome.told] == [code]
    assert (outcome.status, outcome.output) == (1, "")
    assert len(outcome.errors) < 1500
    assert "x…" in outcome.errors


def test_a_long_name_runs() -> None:
    triple = GOOD.in_org('name = "Technical Office"', f'name = "{LONG}"').in_map('name="Technical Office"', f'name="{LONG}"')
    triple.in_map('name="Sign permit"', f'name="{LONG}"').write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml", "--format", "json")
    assert (outcome.status, outcome.told) == (0, [])


def test_names_are_compared_without_case_and_blanks() -> None:
    names = MAP.replace("Check form", "審査&#10; Prüfung 🏛 STRASSE")
    triple = Triple(names, scenario=replaced(SCENARIO, "[activities.Check]", '[activities."審査 prüfung 🏛 straße"]'))
    triple.write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert (outcome.status, outcome.told) == (0, [])


def test_a_name_in_another_script_that_nothing_bears() -> None:
    assert_refused(
        GOOD.in_scenario("[events.Pay]", '[activities."審査 🏛"]\nprocessing_time = "PT1M"\n[events.Pay]'), 1, bm.ScenarioError,
        Fault("unknown-element", 'scenario.toml [activities."審査 🏛"]', "'審査 🏛' names no activity of the map", FIX),
    )  # fmt: skip


@pytest.mark.parametrize("start", ["0001-01-02", "1800-06-01", "2500-01-01", "9998-06-01", "2026-03-29T02:30:00", "2026-10-25T02:30:00"])
@pytest.mark.parametrize("zone", ['timezone = "Europe/Berlin"', 'timezone = "Asia/Jakarta"', ""])
def test_starts_in_any_year_and_hour(start: str, zone: str) -> None:
    """Long past, far off, in the hour that clocks skip, in the hour that they show twice."""
    GOOD.in_scenario("2026-01-05T00:00:00", start).in_org('timezone = "Asia/Jakarta"', zone).write(Path())
    outcome = command("simulate", "map.bpmn", "scenario.toml", "--replications", "1", "--output", "runs")
    assert (outcome.status, outcome.told) == (0, [])
    first = Path("runs", "cases.csv").read_text(encoding="utf-8").splitlines()[1]
    assert start[:4] in first


def test_the_longest_seed() -> None:
    GOOD.write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml", "--seed", str(2**63 - 1), "--format", "json")
    assert outcome.status == 0
    assert json.loads(outcome.output)["seed"] == 2**63 - 1
