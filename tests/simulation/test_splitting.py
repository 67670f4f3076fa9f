"""Logs by group of cases: attributes as they were drawn, what groups there are, and who is in which."""

from __future__ import annotations

import pickle
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

import bpmnmap as bm
from bpmnmap.eventlog.case_split import Between, CaseSplit
from bpmnmap.eventlog.columns import Columns
from bpmnmap.eventlog.log import EventLog
from bpmnmap.simulation.engine.arrivals import EXTRA_NUMBERS
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_once, run_plan
from bpmnmap.simulation.splitting import split_cases
from tests.bad_input.triple import GOOD, Triple, replaced
from tests.eventlog.log_builder import LogBuilder

ATTRIBUTES = """\
[attributes.amount]
distribution = "exponential"
mean = 100

[attributes.documents]
distribution = "uniform"
min = 1
max = 4
integer = true

[attributes.district]
categories = { south = 0.6, north = 0.4 }

[attributes.complete]
value = true

"""
CHECK = 'processing_time = { distribution = "gamma", mean = "PT30M", standard_deviation = "PT15M" }'
TIMES = [
    ("amount > 150", "PT1M"),
    ("documents == 2", "PT2M"),
    ("documents == 3 and complete", "PT3M"),
    ("district == 'north'", "PT4M"),
    (None, "PT5M"),
]
ENTRIES = [f'{{ time = "{time}"' + (f', when = "{when}"' if when else "") + " }" for when, time in TIMES]
TOLD: Triple = GOOD.in_scenario("[gateways.Ok]", f"{ATTRIBUTES}[gateways.Ok]").in_scenario(
    CHECK, f"processing_time = [{', '.join(ENTRIES)}]"
)


@dataclass(frozen=True)
class Given:
    """Attributes of a log's cases as they are."""

    columns: Mapping[str, Sequence[Any]]

    def of(self, cases: Columns) -> Columns:
        return Columns({name: np.array(values) for name, values in self.columns.items()}, len(cases))


def log_of(counted: Sequence[bool] | None = None, **columns: Sequence[Any]) -> EventLog:
    """A log of cases of nothing but attributes."""
    build = LogBuilder()
    cases = len(next(iter(columns.values())))
    for number in range(cases):
        build.case(number, number + 1, counted=counted is None or counted[number])
    plain = build.log()
    return EventLog(plain.run, plain.tables, Given(columns))


def members(split: CaseSplit) -> dict[str, list[list[int]]]:
    """By group, the counted cases of each log."""
    return {group: [np.flatnonzero(log.cases.counted).tolist() for log in logs] for group, logs in split.logs.items()}


def surge(run: bm.RunningSimulation) -> Generator[simpy.Event, Any, None]:
    """Five cases more on Tuesday of the second week."""
    yield run.env.timeout(8 * 24 * 3_600_000_000)
    for _ in range(5):
        run.arrive("Start")


def values_that_are_told(log: EventLog) -> list[int]:
    """Minutes that checking must take by the attributes of each case, by Python's own words."""
    a = {name: log.attributes[name].tolist() for name in log.attributes}
    return [
        1 if amount > 150 else 2 if documents == 2 else 3 if documents == 3 and complete else 4 if district == "north" else 5
        for amount, documents, district, complete in zip(a["amount"], a["documents"], a["district"], a["complete"], strict=True)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    TOLD.write(tmp_path)
    return tmp_path


def test_attributes_are_those_that_conditions_saw(folder: Path) -> None:
    """Five times of checking, one for each branch over all four attributes; cases that a user's process lets arrive too."""
    given = make_plan([bm.read_bpmn(folder / "map.bpmn")], bm.read_scenario(folder / "scenario.toml"))
    for plan in (given, replace(given, block_bits=2)):
        log = run_once(plan, 1, 2, extend=surge)
        checked = (log.instances.element == "Check") & (log.instances.status == "completed")
        seen = {
            (case, worked // 60_000_000) for case, worked in zip(log.instances.case[checked], log.instances.worked_us[checked], strict=True)
        }
        told = dict(enumerate(values_that_are_told(log)))
        assert seen == {(case, told[case]) for case in log.instances.case[checked].tolist()}
        assert {minutes for _, minutes in seen} == {1, 2, 3, 4, 5}
        assert (log.cases.number >= EXTRA_NUMBERS).sum() == 5


def test_attributes_differ_by_case_replication_and_seed(folder: Path) -> None:
    given = make_plan([bm.read_bpmn(folder / "map.bpmn")], bm.read_scenario(folder / "scenario.toml"))
    first, second, third = (run_once(given, seed, number).attributes.amount.tolist() for seed, number in ((1, 1), (1, 2), (2, 1)))
    assert len({*first, *second, *third}) == len(first) + len(second) + len(third)


def test_kinds_of_columns(folder: Path) -> None:
    given = make_plan([bm.read_bpmn(folder / "map.bpmn")], bm.read_scenario(folder / "scenario.toml"))
    attributes = run_once(given, 1, 1).attributes
    assert list(attributes) == ["amount", "complete", "district", "documents"]
    assert [attributes[name].dtype.kind for name in attributes] == ["f", "b", "U", "i"]
    assert {len(attributes[name]) for name in attributes} == {len(attributes)}


def test_attributes_are_no_part_of_the_digest_and_come_out_of_workers(folder: Path) -> None:
    given = make_plan([bm.read_bpmn(folder / "map.bpmn")], bm.read_scenario(folder / "scenario.toml"))
    alone, together = (run_plan(given, replications=2, seed=1, jobs=jobs) for jobs in (1, 2))
    assert together.digest == alone.digest
    for one, other in zip(alone, together, strict=True):
        assert list(one.attributes.rows()) == list(other.attributes.rows())
    more = replaced(TOLD.scenario, "[attributes.district]", '[attributes.channel]\nvalue = "counter"\n\n[attributes.district]')
    (folder / "scenario.toml").write_text(more, encoding="utf-8")
    other_plan = make_plan([bm.read_bpmn(folder / "map.bpmn")], bm.read_scenario(folder / "scenario.toml"))
    assert run_plan(other_plan, replications=2, seed=1).digest == alone.digest


def test_a_log_without_attributes_has_none() -> None:
    build = LogBuilder()
    build.case(0, 1)
    log = build.log()
    assert (list(log.attributes), len(log.attributes)) == ([], 1)
    assert members(split_cases(log, "map")) == {"permit": [[0]]}


def test_texts_have_a_group_each_in_order_of_the_alphabet() -> None:
    texts = [f"d{number}" for number in range(12)]
    split = split_cases([log_of(district=["d3", "d1", "d3"]), log_of(district=["d2", "d1"])], "district")
    assert members(split) == {"d1": [[1], [1]], "d2": [[], [0]], "d3": [[0, 2], []]}
    assert (split.split, split.values) == ("district", {"d1": "d1", "d2": "d2", "d3": "d3"})
    assert list(split_cases(log_of(district=texts), "district").logs) == sorted(texts)


def test_truth_values_have_a_group_each() -> None:
    split = split_cases(log_of(urgent=[True, False, True]), "urgent")
    assert members(split) == {"false": [[1]], "true": [[0, 2]]}
    assert split.values == {"false": False, "true": True}


def test_eight_numbers_have_a_group_each_in_ascending_order() -> None:
    split = split_cases(log_of(amount=[10, 9, 8, 7, 3, 2, 1, 100, 9]), "amount")
    assert list(split.logs) == ["1", "2", "3", "7", "8", "9", "10", "100"]
    assert members(split)["9"] == [[1, 8]]
    assert split.values["9"] == 9
    assert list(split_cases(log_of(amount=[0.5, 2.0]), "amount").logs) == ["0.5", "2"]


def test_more_numbers_are_put_into_quarters_over_all_logs() -> None:
    split = split_cases([log_of(amount=[1, 2, 3, 4, 5]), log_of(amount=[10, 9, 8, 7, 6, 11, 12])], "amount")
    assert members(split) == {
        "≤ 3": [[0, 1, 2], []],
        "3 to 6": [[3, 4], [4]],
        "6 to 9": [[], [1, 2, 3]],
        "> 9": [[], [0, 5, 6]],
    }
    assert split.values == {"≤ 3": Between(None, 3), "3 to 6": Between(3, 6), "6 to 9": Between(6, 9), "> 9": Between(9, None)}


def test_bounds_have_as_few_digits_as_can_be() -> None:
    amounts = [0.123456 + 12.3456789 * number for number in range(12)]  # the third is 24.81…, the next 37.16…; then 61.85… and 98.88…
    assert list(split_cases(log_of(amount=amounts), "amount").logs) == ["≤ 30", "30 to 70", "70 to 100", "> 100"]
    near = [1 + number / 1_000_000 for number in range(12)]
    assert next(iter(split_cases(log_of(amount=near), "amount").logs)) == "≤ 1.000002"


def test_equal_numbers_stay_together() -> None:
    mostly_nothing = [0] * 30 + list(range(1, 11))
    assert {group: len(each[0]) for group, each in members(split_cases(log_of(amount=mostly_nothing), "amount")).items()} == {
        "≤ 0": 30,
        "> 0": 10,
    }
    mostly_large = list(range(10)) + [50] * 30
    assert {group: len(each[0]) for group, each in members(split_cases(log_of(amount=mostly_large), "amount")).items()} == {
        "≤ 9": 10,
        "> 9": 30,
    }


@given(st.lists(st.integers(-50, 50) | st.floats(-1e6, 1e6).map(lambda number: round(number, 2)), min_size=1, max_size=60))
def test_each_case_is_in_the_group_that_its_number_says(amounts: list[float]) -> None:
    split = split_cases(log_of(amount=[float(each) for each in amounts]), "amount")
    found = members(split)
    assert sorted(case for (cases,) in found.values() for case in cases) == list(range(len(amounts)))
    for group, (cases,) in found.items():
        assert cases
        value = split.values[group]
        for case in cases:
            if isinstance(value, Between):
                assert value.above is None or amounts[case] > value.above
                assert value.up_to is None or amounts[case] <= value.up_to
            else:
                assert amounts[case] == value


def test_conditions() -> None:
    log = log_of(amount=[50, 500, 70], district=["north", "south", "south"])
    assert members(split_cases(log, "amount > 100")) == {"true": [[1]], "false": [[0, 2]]}
    assert members(split_cases(log, "district == 'south' and amount < 100")) == {"true": [[2]], "false": [[0, 1]]}
    assert members(split_cases(log, "map == 'permit'")) == {"true": [[0, 1, 2]]}
    assert split_cases(log, "amount > 100").values == {"true": True, "false": False}


def test_a_condition_is_asked_of_counted_cases_only() -> None:
    log = log_of([True, False, True], amount=[4, 0, 5])
    assert members(split_cases(log, "100 / amount > 22")) == {"true": [[0]], "false": [[2]]}
    with pytest.raises(ValueError, match="is divided by zero"):
        split_cases(log_of(amount=[4, 0, 5]), "100 / amount > 22")


def test_only_counted_cases_make_groups() -> None:
    log = log_of([True, False, True, False], amount=[1, 2, 3, 1], district=["a", "b", "a", "a"])
    assert members(split_cases(log, "district")) == {"a": [[0, 2]]}
    assert members(split_cases(log, "amount")) == {"1": [[0]], "3": [[2]]}
    assert members(split_cases(log_of([False], amount=[1]), "amount")) == {}
    assert members(split_cases([], "map")) == {}


def test_an_attribute_that_is_called_map_goes_before_the_map() -> None:
    assert members(split_cases(log_of(map=["a", "b"]), "map")) == {"a": [[0]], "b": [[1]]}
    assert members(split_cases(log_of(map=["a", "b"]), "map == 'b'")) == {"true": [[1]], "false": [[0]]}


@pytest.mark.parametrize(
    ("split", "message"),
    [
        ("amuont", "'amuont' is no attribute of cases; did you mean 'amount'?"),
        ("amuont > 1", "'amuont' is no attribute of cases; did you mean 'amount'?"),
        ("zzz", "'zzz' is no attribute of cases; known are amount, map"),
        ("amount + 1", "column 1: a condition is true or false, not a number; write a comparison, like amount > 0"),
        ("", "column 1: the expression is empty; write a value, like amount > 100"),
    ],
)
def test_what_cannot_be_split_by(split: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        split_cases(log_of(amount=[1, 2]), split)


def test_kinds_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="compares the number 1 with the text 'x'"):
        split_cases(log_of(amount=[1, 2]), "amount > 'x'")


def test_groups_share_all_but_who_counts() -> None:
    log = log_of(amount=[1, 2, 1])
    (own,) = split_cases(log, "amount").logs["1"]
    assert own.instances is log.instances
    assert own.movements is log.movements
    assert own.run is log.run
    assert own.cases.arrived_us is log.cases.arrived_us
    assert log.cases.counted.tolist() == [True, True, True]
    again = pickle.loads(pickle.dumps(own))
    assert again.cases.counted.tolist() == own.cases.counted.tolist() == [True, False, True]
    assert again.attributes.amount.tolist() == [1, 2, 1]
    assert again.digest == own.digest != log.digest
    assert members(split_cases(own, "amount")) == {"1": [[0, 2]]}
