from __future__ import annotations

import csv
import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.analysis import handoff_table
from bpmnmap.analysis.handoff_rows import PARTS, RECORD_NAMES
from bpmnmap.analysis.handoffs import handoff_delays
from bpmnmap.eventlog.log import EventLog
from tests.analysis.random_logs import random_log
from tests.eventlog.log_builder import LogBuilder

DELAY = ["mean", "half_width", "p50", "p50_half_width", "p90", "p90_half_width"]
ROW = ["from", "to", "count", "per_case", "delay", "parts", "parts_half_width", "critical", "share_of_cycle_time", "replications_with_rows"]


def permit_log(**run: Any) -> EventLog:
    builder = LogBuilder()
    case = builder.case(0, 40)
    check = builder.instance(case, "Check", "FO", 0, 10)
    inspect = builder.instance(case, "Inspect", "TO", 20, 40, contention=4)
    builder.movement(None, check, case, 0)
    builder.movement(check, inspect, case, 10, transfer=6)
    builder.movement(inspect, None, case, 40)
    return builder.log(**{"assumed": (17, 42), "seed": 7, "opening": {"FO": None, "TO": None}} | run)


def test_json_of_one_replication() -> None:
    nothing, one = dict.fromkeys(PARTS, 0.0), {"critical": 1.0, "replications_with_rows": 1}
    zero = {"mean": 0.0, "half_width": None, "p50": 0.0, "p50_half_width": None, "p90": 0.0, "p90_half_width": None}
    still = {
        "count": 1,
        "per_case": 1.0,
        "delay": zero,
        "parts": nothing,
        "parts_half_width": dict.fromkeys(PARTS),
        "share_of_cycle_time": 0.0,
    } | one
    ten = {"mean": 600.0, "half_width": None, "p50": 600.0, "p50_half_width": None, "p90": 600.0, "p90_half_width": None}
    assert json.loads(handoff_delays(permit_log()).to_json()) == {
        "time_unit": "s",
        "time": "elapsed",
        "by": "unit",
        "confidence": 0.95,
        "replications": 1,
        "seed": 7,
        "cases": {"started": 1, "completed": 1, "unfinished": 0, "stuck": 0},
        "assumed": [17, 42],
        "rows": [
            still
            | {
                "from": "FO",
                "to": "TO",
                "delay": ten,
                "parts": nothing | {"transfer": 360.0, "contention": 240.0},
                "share_of_cycle_time": 0.25,
            }
        ],
        "other_rows": [still | {"from": None, "to": "FO", "kind": "source"}, still | {"from": "TO", "to": None, "kind": "sink"}],
        "cycle_time": {"mean": 2400.0, "half_width": None, "p50": 2400.0, "p50_half_width": None, "p90": 2400.0, "p90_half_width": None},
    }


def test_json_keys_stand_in_the_order_of_the_format() -> None:
    data = json.loads(handoff_delays([permit_log(), permit_log()]).to_json())
    assert list(data) == [
        "time_unit", "time", "by", "confidence", "replications", "seed", "cases", "assumed", "rows", "other_rows", "cycle_time",
    ]  # fmt: skip
    assert list(data["cases"]) == ["started", "completed", "unfinished", "stuck"]
    assert list(data["rows"][0]) == ROW
    assert list(data["other_rows"][0]) == [*ROW, "kind"]
    assert list(data["rows"][0]["delay"]) == list(data["cycle_time"]) == DELAY
    assert list(data["rows"][0]["parts"]) == list(data["rows"][0]["parts_half_width"]) == list(PARTS)


def test_json_of_working_time_has_no_parts_shares_and_cycle_time() -> None:
    data = json.loads(handoff_delays(permit_log(), time="working").to_json())
    assert (data["time"], data["cycle_time"], data["rows"][0]["delay"]["mean"]) == ("working", None, 600.0)
    for row in data["rows"] + data["other_rows"]:
        assert [row[name] for name in ("parts", "parts_half_width", "critical", "share_of_cycle_time")] == [None] * 4


def test_names_of_other_scripts_are_written_as_they_are() -> None:
    builder = LogBuilder()
    case = builder.case(0, 1)
    builder.movement(None, builder.instance(case, "A", "総務課", 0, 1), case, 0)
    assert '"to": "総務課"' in handoff_delays(builder.log()).to_json()


@settings(max_examples=40, deadline=None)
@given(st.lists(random_log(), min_size=1, max_size=3), st.sampled_from(["unit", "activity"]))
def test_json_round_trip(logs: list[EventLog], by: str) -> None:
    table = handoff_delays(logs, by=by)
    assert json.loads(table.to_json()) == table.to_dict()


def test_csv_has_a_line_per_row() -> None:
    table = handoff_delays([permit_log(), permit_log()])
    lines = table.to_csv().splitlines()
    assert lines[0] == ",".join(RECORD_NAMES)
    rows = list(csv.DictReader(lines))
    assert [(row["kind"], row["from"], row["to"]) for row in rows] == [("handoff", "FO", "TO"), ("source", "", "FO"), ("sink", "TO", "")]
    first = {name: text for name, text in rows[0].items() if text != "0.0"}
    assert first == {
        "kind": "handoff", "from": "FO", "to": "TO", "count": "2", "per_case": "1.0", "mean_s": "600.0", "p50_s": "600.0", "p90_s": "600.0",
        "transfer_s": "360.0", "contention_s": "240.0", "critical": "1.0", "share_of_cycle_time": "0.25", "replications_with_rows": "2",
    }  # fmt: skip


def test_csv_of_working_time_leaves_parts_empty() -> None:
    row = next(csv.DictReader(handoff_delays(permit_log(), time="working").to_csv().splitlines()))
    assert {name for name, text in row.items() if not text} == {
        *(f"{name}_s" for name in PARTS), *(f"{name}_half_width_s" for name in PARTS), "critical", "share_of_cycle_time",
        "half_width_s", "p50_half_width_s", "p90_half_width_s",
    }  # fmt: skip


def test_pandas_is_given_the_rows_of_the_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handoff_table, "to_data_frame", lambda names, records: (names, records))
    names, records = handoff_delays(permit_log()).to_pandas()
    assert names == RECORD_NAMES
    assert [record["mean_s"] for record in records] == [600.0, 0.0, 0.0]


def test_table_is_a_value() -> None:
    table = handoff_delays(permit_log())
    assert table == handoff_delays(permit_log()) == pickle.loads(pickle.dumps(table))
    assert table != handoff_delays(permit_log(seed=8))
    assert (list(table), len(table)) == (list(table.rows), 1)
    with pytest.raises(AttributeError):
        table.seed = 3  # type: ignore[misc]
