"""`bpmnmap handoffs`: each option, and the three formats."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Outcome, command

ONE = ("map.bpmn", "scenario.toml")
BOTH = ("map.bpmn", "second.bpmn", "both.toml")
DELAYS = ["mean", "half_width", "p50", "p50_half_width", "p90", "p90_half_width"]
PARTS = ["dispatch", "transfer", "event", "synchronization", "batching", "unavailability", "prioritization", "contention"]
ROW = ["from", "to", "count", "per_case", "delay", "parts", "parts_half_width", "critical", "share_of_cycle_time", "replications_with_rows"]


def handoffs(*arguments: str) -> Outcome:
    outcome = command("handoffs", *arguments)
    assert (outcome.status, outcome.errors) == (0, "")
    return outcome


def from_json(*arguments: str) -> dict[str, Any]:
    table = json.loads(handoffs(*arguments, "--format", "json").output)
    assert isinstance(table, dict)
    return table


def from_python(*, by: str = "unit", time: str = "elapsed", confidence: float = 0.95, **options: Any) -> bm.HandoffTable:
    runs = bm.simulate(bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml"), **options)
    return bm.handoff_delays(runs, by=by, time=time, confidence=confidence)


def test_text_is_what_python_prints() -> None:
    assert handoffs(*ONE).output == f"{from_python()}\n"


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["--replications", "3"], {"replications": 3}),
        (["--seed", "7"], {"seed": 7}),
        (["--confidence", "0.5"], {"confidence": 0.5}),
        (["--by", "activity"], {"by": "activity"}),
        (["--time", "working"], {"time": "working"}),
        (
            ["--seed", "0", "--replications", "1", "--by", "activity", "--time", "working"],
            {"seed": 0, "replications": 1, "by": "activity", "time": "working"},
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
@pytest.mark.parametrize("format_", ["text", "json", "csv"])
def test_options_are_those_of_python(arguments: list[str], options: dict[str, Any], format_: str) -> None:
    table = from_python(**options)
    wanted = {"text": f"{table}\n", "json": table.to_json() + "\n", "csv": table.to_csv()}[format_]
    assert handoffs(*ONE, *arguments, "--format", format_).output == wanted


def test_options_may_stand_before_the_files() -> None:
    assert handoffs("--seed", "7", *ONE).output == handoffs(*ONE, "--seed", "7").output


def test_defaults_are_the_scenario_s() -> None:
    assert handoffs(*ONE).output == handoffs(*ONE, "--replications", "2", "--seed", "1", "--confidence", "0.95", "--by", "unit").output
    Path("other.toml").write_text('extends = "scenario.toml"\nreplications = 3\nseed = 5\n', encoding="utf-8")
    assert handoffs("map.bpmn", "other.toml").output == handoffs(*ONE, "--replications", "3", "--seed", "5").output


def test_seeds_differ() -> None:
    assert from_json(*ONE, "--seed", "1")["rows"] != from_json(*ONE, "--seed", "2")["rows"]


def test_json_has_the_keys_of_the_formats_page_in_order() -> None:
    table = from_json(*ONE)
    top = ["time_unit", "time", "by", "confidence", "replications", "seed", "cases", "assumed", "rows", "other_rows", "cycle_time"]
    assert list(table) == top
    assert [table[name] for name in top[:6]] == ["s", "elapsed", "unit", 0.95, 2, 1]
    assert list(table["cases"]) == ["started", "completed", "unfinished", "stuck"]
    assert table["assumed"] == [0, 10]  # arrivals, 3 tasks, 1 gateway, 1 event, 2 pools, 2 transfers
    assert list(table["cycle_time"]) == DELAYS
    assert [(row["from"], row["to"]) for row in table["rows"]] == [("FO", "TO"), ("TO", "FO")]
    assert [(row["kind"], row["from"], row["to"]) for row in table["other_rows"]] == [
        ("internal", "TO", "TO"),
        ("source", None, "FO"),
        ("sink", "TO", None),
    ]
    for row in table["rows"]:
        assert list(row) == ROW
    for row in table["other_rows"]:
        assert list(row) == [*ROW, "kind"]
    for row in (*table["rows"], *table["other_rows"]):
        assert list(row["delay"]) == DELAYS
        assert list(row["parts"]) == list(row["parts_half_width"]) == PARTS
        assert sum(row["parts"].values()) == pytest.approx(row["delay"]["mean"], abs=1e-6)


def test_json_is_null_where_nothing_is_known() -> None:
    one = from_json(*ONE, "--replications", "1")
    for row in (*one["rows"], *one["other_rows"]):
        assert {row["delay"][name] for name in DELAYS if name.endswith("half_width")} == {None}
        assert set(row["parts_half_width"].values()) == {None}
    working = from_json(*ONE, "--time", "working")
    assert (working["time"], working["cycle_time"]) == ("working", None)
    for row in (*working["rows"], *working["other_rows"]):
        assert (row["parts"], row["critical"], row["share_of_cycle_time"]) == (None, None, None)


@pytest.mark.parametrize("arguments", [ONE, (*ONE, "--by", "activity"), (*ONE, "--time", "working"), BOTH, (*ONE, "--replications", "1")])
def test_csv_holds_what_json_holds(arguments: tuple[str, ...]) -> None:
    table = from_json(*arguments)
    records = list(csv.DictReader(io.StringIO(handoffs(*arguments, "--format", "csv").output, newline="")))
    rows = [*({**row, "kind": "handoff"} for row in table["rows"]), *table["other_rows"]]
    assert len(records) == len(rows) > 0
    for record, row in zip(records, rows, strict=True):
        flat = {name: row[name] for name in ("kind", "from", "to", "count", "per_case")}
        flat |= {f"{name}_s": value for name, value in row["delay"].items()}
        flat |= {f"{name}_s": (row["parts"] or {}).get(name) for name in PARTS}
        flat |= {f"{name}_half_width_s": (row["parts_half_width"] or {}).get(name) for name in PARTS}
        flat |= {name: row[name] for name in ("critical", "share_of_cycle_time", "replications_with_rows")}
        assert list(record) == list(flat)
        assert list(record.values()) == ["" if value is None else str(value) for value in flat.values()]


def test_text_holds_what_json_holds() -> None:
    table = from_json(*ONE)
    lines = handoffs(*ONE).output.splitlines()
    head = "Handoff delay in hours, mean per handoff ± 95 % interval; 2 replications of P14D after P7D of warm-up, seed 1"
    assert lines[0] == head
    names = {"FO": "Front Office", "TO": "Technical Office", None: None}
    told = [line.split("  ") for line in lines if " ± " in line and "office" in line.lower()]
    rows = [*table["rows"], *table["other_rows"]]
    assert len(told) == len(rows)
    for cells, row in zip(told, rows, strict=True):
        present = [cell.strip() for cell in cells if cell.strip()]
        assert {names[row["from"]] or "(arrival)", names[row["to"]] or "(end)"} <= set(present)
        hours = f"{row['delay']['mean'] / 3600:.2f} ± {row['delay']['half_width'] / 3600:.2f}"
        assert hours in " ".join(" ".join(cells).split())
    assert f"cases: {table['cases']['started']} started = {table['cases']['completed']} completed + 0 unfinished + 0 stuck" in lines
    assert lines[-1] == "0 of 10 numbers assumed"


def test_several_maps_in_any_order() -> None:
    table = from_json(*BOTH, "--by", "activity")
    elements = {row["from"] for row in table["rows"]} | {row["to"] for row in table["rows"]}
    assert elements == {"permit/Register", "permit/Check", "renewal/Register", "renewal/Check"}
    assert handoffs("second.bpmn", "map.bpmn", "both.toml").output == handoffs(*BOTH).output
    assert from_json(*BOTH)["cases"]["started"] > from_json(*ONE)["cases"]["started"]


def test_jobs_change_nothing() -> None:
    arguments = (*BOTH, "--replications", "3", "--format", "json")
    assert handoffs(*arguments, "--jobs", "2").output == handoffs(*arguments, "--jobs", "1").output


def test_more_jobs_than_replications() -> None:
    assert handoffs(*ONE, "--replications", "1", "--jobs", "61").output == handoffs(*ONE, "--replications", "1").output


@pytest.mark.parametrize("format_", ["text", "json", "csv"])
def test_output_is_written_as_it_would_be_printed(format_: str) -> None:
    printed = handoffs(*ONE, "--format", format_).output
    Path("table").write_text("an older one, and longer than the new one will be" * 100, encoding="utf-8")
    assert handoffs(*ONE, "--format", format_, "--output", "table").output == ""
    assert Path("table").read_bytes() == printed.encode()
    assert not [name for name in os.listdir() if name.startswith(".")]


@pytest.mark.skipif(os.name == "nt", reason="modes of files are POSIX's")
def test_output_has_the_mode_of_any_new_file() -> None:
    Path("plain").touch()
    handoffs(*ONE, "--output", "table")
    assert Path("table").stat().st_mode == Path("plain").stat().st_mode


def test_a_run_that_is_refused_leaves_the_old_output() -> None:
    Path("table").write_text("old", encoding="utf-8")
    assert command("handoffs", "map.bpmn", "both.toml", "--output", "table").status == 1
    assert Path("table").read_text(encoding="utf-8") == "old"


def test_output_that_fails_while_it_is_written_leaves_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("table").write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    outcome = command("handoffs", *ONE, "--output", "table")
    (found,) = outcome.told
    assert (found.code, found.place, found.message, found.fix) == (
        "not-written",
        "table",
        "No space left on device",
        "name another --output, or make room",
    )
    assert (outcome.status, outcome.output) == (2, "")
    assert Path("table").read_text(encoding="utf-8") == "old"
    assert not [name for name in os.listdir() if name.startswith(".")]


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_output_follows_a_link() -> None:
    Path("elsewhere").mkdir()
    Path("elsewhere/table").touch()
    Path("table").symlink_to("elsewhere/table")
    handoffs(*ONE, "--output", "table")
    assert Path("table").is_symlink()
    assert Path("elsewhere/table").read_text(encoding="utf-8") == handoffs(*ONE).output


@pytest.mark.skipif(not Path(os.devnull).is_char_device(), reason="needs a device")
def test_output_to_a_device_does_not_replace_it() -> None:
    assert handoffs(*ONE, "--output", os.devnull).output == ""
    assert Path(os.devnull).is_char_device()


def test_warnings_are_told_beside_the_table() -> None:
    Path("scenario.toml").write_text(Path("scenario.toml").read_text(encoding="utf-8").replace('warm_up = "P7D"\n', ""), encoding="utf-8")
    outcome = command("handoffs", *ONE)
    (found,) = outcome.told
    assert (found.severity, found.code, found.place) == ("warning", "no-warm-up", "scenario.toml [warm_up]")
    assert outcome.status == 0
    assert outcome.output.startswith("Handoff delay in hours")
