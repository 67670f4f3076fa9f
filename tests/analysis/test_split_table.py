"""Tables by group of cases: text, JSON, CSV; and that groups add up."""

from __future__ import annotations

import csv
import io
import json
import pickle
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmnmap as bm
from bpmnmap.analysis.handoffs import handoff_delays
from bpmnmap.analysis.split_table import SplitTable
from bpmnmap.eventlog.case_split import Between, CaseSplit, GroupValue
from bpmnmap.eventlog.log import EventLog
from tests.analysis.random_logs import random_log
from tests.eventlog.log_builder import LogBuilder


def three_cases() -> EventLog:
    """Three handoffs from FO to TO, of 10, 20 and 60 hours; the third's case is still at work."""
    build = LogBuilder()
    for delay, ended in ((600, 615), (1200, 1215), (3600, None)):
        case = build.case(0, ended, "completed" if ended else "unfinished")
        check = build.instance(case, "Check", "FO", 0, 10)
        sign = build.instance(case, "Sign", "TO", 10 + delay, ended, status="completed" if ended else "running")
        build.movement(None, check, case, 0)
        build.movement(check, sign, case, 10, transfer=delay)
        if ended:
            build.movement(sign, None, case, ended)
    return build.log(unit_names={"FO": "Front Office", "TO": "Technical Office"})


def split_of(log: EventLog, **groups: list[bool]) -> CaseSplit:
    return CaseSplit(
        "district", {name: (log.counting(log.cases.counted & mask),) for name, mask in groups.items()}, {name: name for name in groups}
    )


NORTH_SOUTH = {"north": [True, False, True], "south": [False, True, False]}


def test_each_group_has_the_table_of_its_cases() -> None:
    """North: (10 + 60) / 2 = 35 hours, one of two cases done; south: 20 hours."""
    table = handoff_delays(split_of(three_cases(), **NORTH_SOUTH))
    assert isinstance(table, SplitTable)
    assert (table.split, list(table.tables)) == ("district", ["north", "south"])
    (north,), (south,) = table.tables["north"], table.tables["south"]
    assert [(row.from_, row.to, row.count, row.delay.mean) for row in (north, south)] == [
        ("FO", "TO", 2, 126_000.0),
        ("FO", "TO", 1, 72_000.0),
    ]
    assert table.tables["north"].cases == {"started": 2, "completed": 1, "unfinished": 1, "stuck": 0}
    assert table.tables["north"].cycle_time.mean == 615 * 60


def test_arguments_hold_for_each_group() -> None:
    table = handoff_delays(split_of(three_cases(), **NORTH_SOUTH), by="activity", confidence=0.5)
    assert {(each.by, each.confidence) for each in table.tables.values()} == {("activity", 0.5)}
    assert [(row.from_, row.to) for row in table.tables["south"]] == [("Check", "Sign")]
    with pytest.raises(ValueError, match=r"^by must be"):
        handoff_delays(split_of(three_cases(), **NORTH_SOUTH), by="lane")


def test_text_has_a_table_per_group_in_one_unit_of_time() -> None:
    """By itself, the table of the north would be in hours, that of the south too; with minutes in a third, all are."""
    build = LogBuilder()
    for delay in (600, 5):
        case = build.case(0, 10 + delay)
        check, sign = build.instance(case, "Check", "FO", 0, 10), build.instance(case, "Sign", "TO", 10 + delay, 10 + delay)
        build.movement(check, sign, case, 10, transfer=delay)
    log = build.log()
    assert str(handoff_delays(log.counting(log.cases.counted & [True, False]))).startswith("Handoff delay in hours, ")
    text = str(handoff_delays(split_of(log, slow=[True, False], quick=[False, True])))
    assert text.splitlines() == [
        "district: slow (1 of 2 cases)",
        "Handoff delay in minutes, mean per handoff; 1 replication, seed 1",
        "from  to  handoffs/case  transfer   total     p90  critical",
        "FO    TO           1.00    600.00  600.00  600.00      0.00",
        "",
        "handoffs per case: 1.00, delay per case: 600.00 min, on the critical path 0.0 % of the cycle time",
        "cycle time: 610.00 min, p90 610.00 min",
        "cases: 1 started = 1 completed + 0 unfinished + 0 stuck",
        "",
        "district: quick (1 of 2 cases)",
        "Handoff delay in minutes, mean per handoff; 1 replication, seed 1",
        "from  to  handoffs/case  transfer  total   p90  critical",
        "FO    TO           1.00      5.00   5.00  5.00      0.00",
        "",
        "handoffs per case: 1.00, delay per case: 5.00 min, on the critical path 0.0 % of the cycle time",
        "cycle time: 15.00 min, p90 15.00 min",
        "cases: 1 started = 1 completed + 0 unfinished + 0 stuck",
    ]


def test_text_without_a_case_and_of_names_that_would_command_a_terminal() -> None:
    assert str(SplitTable("a\x9bb", {}, {})) == "a\\x9bb: no counted case"
    log = three_cases()
    split = CaseSplit("a\x9b", {"b\x1b": (log,)}, {"b\x1b": "b\x1b"})
    assert str(handoff_delays(split)).splitlines()[0] == "a\\x9b: b\\x1b (3 of 3 cases)"


def test_json_names_the_split_and_the_value_of_each_group() -> None:
    log = three_cases()
    values: dict[str, GroupValue] = {
        "true": True,
        "7": 7,
        "north": "north",
        "≤ 2.5": Between(None, 2.5),
        "2.5 to 4": Between(2.5, 4),
        "> 4": Between(4, None),
    }
    table = handoff_delays(CaseSplit("amount", dict.fromkeys(values, (log,)), values))
    parsed = json.loads(table.to_json())
    assert list(parsed) == ["split", "groups"]
    assert parsed["split"] == "amount"
    assert [group.pop("value") for group in parsed["groups"]] == [
        True,
        7,
        "north",
        {"above": None, "up_to": 2.5},
        {"above": 2.5, "up_to": 4},
        {"above": 4, "up_to": None},
    ]
    assert parsed["groups"] == [json.loads(handoff_delays(log).to_json())] * 6
    assert list(table.to_dict()["groups"][0])[:3] == ["value", "time_unit", "time"]


def test_csv_has_the_lines_of_all_tables() -> None:
    table = handoff_delays(split_of(three_cases(), **NORTH_SOUTH))
    lines = list(csv.reader(io.StringIO(table.to_csv())))
    assert lines[0][:5] == ["split", "group", "kind", "from", "to"]
    plain = [[name, *line] for name, each in table.tables.items() for line in list(csv.reader(io.StringIO(each.to_csv())))[1:]]
    assert lines[1:] == [["district", *line] for line in plain]


def test_public_and_picklable() -> None:
    table = handoff_delays(split_of(three_cases(), **NORTH_SOUTH))
    assert isinstance(table, bm.SplitTable)
    assert pickle.loads(pickle.dumps(table)) == table


@given(st.data())
def test_groups_add_up(data: st.DataObject) -> None:
    """Cases, and rows of each pair; the sum of their delays too."""
    logs = [data.draw(random_log(number)) for number in range(data.draw(st.integers(1, 3)))]
    drawn = [data.draw(st.lists(st.booleans(), min_size=len(log.cases), max_size=len(log.cases))) for log in logs]
    masks = [np.array(mask, dtype=np.bool_) for mask in drawn]
    groups = {
        name: tuple(log.counting(log.cases.counted & (mask == wanted)) for log, mask in zip(logs, masks, strict=True))
        for name, wanted in (("a", True), ("b", False))
    }
    whole, parts = handoff_delays(logs), handoff_delays(CaseSplit("x", groups, {name: name for name in groups})).tables.values()
    assert {name: sum(part.cases[name] for part in parts) for name in whole.cases} == whole.cases
    counts: Counter[tuple[str, str | None, str | None]] = Counter()
    for part in parts:
        for row in (*part.rows, *part.other_rows):
            counts[row.kind, row.from_, row.to] += row.count
    assert counts == {(row.kind, row.from_, row.to): row.count for row in (*whole.rows, *whole.other_rows)}
