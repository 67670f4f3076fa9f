"""The comparison sees every difference, and nothing else."""

from __future__ import annotations

import copy

import pytest

from bpmnmap.eventlog.log import CASE_COLUMNS, INSTANCE_COLUMNS, MOVEMENT_COLUMNS
from tests.reference.comparison import canonical, differences
from tests.reference.simulator import simulate
from tests.reference.small import small_map, small_scenario
from tests.reference.tables import Row, Tables

ALWAYS = {"calendar": "always", "pools": {"staff": {"quantity": 1}}}


@pytest.fixture
def tables() -> Tables:
    """Two tasks that one case enters twice at one instant."""
    scenario = small_scenario(
        {"A": ALWAYS}, {"t1": ("A", "PT0S"), "t2": ("A", "PT5M")}, arrivals={"s": {"inter_arrival_time": "PT1M"}}, cases=2
    )
    return simulate([small_map("s -> x", "s -> t1", "x -> t1", "t1 -> t2", "t2 -> e")], scenario, 1, 1)


def renumbered(tables: Tables, swap: dict[int, int]) -> Tables:
    """The same rows, some of them in each other's places."""

    def moved(row: Row, *names: str) -> Row:
        return row | {name: swap.get(row[name], row[name]) for name in names}

    instances = sorted((moved(row, "instance") for row in tables.instances), key=lambda row: int(row["instance"]))
    movements = [moved(row, "from_instance", "to_instance") for row in tables.movements]
    return Tables(tables.cases, instances, movements, tables.end_us, tables.stuck_at)


def test_a_log_is_equal_to_itself(tables: Tables) -> None:
    assert differences(tables, copy.deepcopy(tables)) == []


@pytest.mark.parametrize(("name", "columns"), [("cases", CASE_COLUMNS), ("instances", INSTANCE_COLUMNS), ("movements", MOVEMENT_COLUMNS)])
def test_each_column_counts(tables: Tables, name: str, columns: tuple[str, ...]) -> None:
    for column in columns:
        other = copy.deepcopy(tables)
        getattr(other, name)[1][column] = "another"
        assert differences(other, tables), column


@pytest.mark.parametrize("name", ["cases", "instances", "movements"])
def test_each_row_counts(tables: Tables, name: str) -> None:
    other = copy.deepcopy(tables)
    del getattr(other, name)[-1]
    assert differences(other, tables)
    assert differences(tables, other)


def test_the_end_of_the_run_and_where_cases_are_stuck_count(tables: Tables) -> None:
    assert differences(Tables(tables.cases, tables.instances, tables.movements, tables.end_us + 1, []), tables)
    assert differences(Tables(tables.cases, tables.instances, tables.movements, tables.end_us, [("P", "a", 1)]), tables)


def test_order_within_an_instant_of_a_case_is_seen_unless_it_is_asked_for_content_alone(tables: Tables) -> None:
    entered = [(row["case"], row["element"], row["enabled_us"]) for row in tables.instances]
    assert entered[0] == entered[1]
    other = renumbered(tables, {0: 1, 1: 0})
    assert differences(other, tables)
    assert differences(canonical(other), canonical(tables)) == []


def test_order_of_content_does_not_hide_a_movement_from_another_instance(tables: Tables) -> None:
    other = copy.deepcopy(tables)
    row = next(row for row in other.movements if row["from_instance"] == 0)
    row["from_instance"] = 1
    assert differences(canonical(other), canonical(tables))
