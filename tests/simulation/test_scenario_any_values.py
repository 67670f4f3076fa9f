"""Whatever values stand at the keys that there are: a file is read, or its faults are told as ours, each with a fix."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.errors import BpmnMapError
from bpmnmap.simulation.scenario import read_scenario
from tests.simulation.scenario_folder import Files

KEYS = [
    "organization", "start", "cases", "duration", "warm_up", "arrivals", "activities", "events", "gateways", "processes", "transfers", "calendars",
    "units", "S", "FO", "staff", "pools", "inter_arrival_time", "timetable", "at", "hours", "calendar", "processing_time", "wait_time", "unit", "parent",
    "probabilities", "choices", "from", "to", "flow", "dispatch", "transfer_time", "distribution", "mean", "min", "max", "quantity", "name", "aliases",
    "holidays", "closed", "exceptions", "source", "assumed", "extends", "remove", "format", "timezone", "external", "conditions", "a b", "",
    "attributes", "participants", "categories", "value", "integer", "count", "repeat", "set", "completion_condition", "condition", "probability", "when",
    "time", "response_time",
]  # fmt: skip
TEXTS = ["", "x", "*", "FO", "PT5M", "P1D", "base.toml", "org.toml", "Mon 08:00-12:00", "Mon 10:00", "exponential", "always", "office", "2026-01-01/2026-01-02", "ID", "S", "x > 5", "default", "fixed"]  # fmt: skip


def values(children: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(children, max_size=3) | st.dictionaries(st.sampled_from(KEYS), children, max_size=4)


ANY = st.recursive(
    st.sampled_from([*TEXTS, 0, 1, -1, 2**70, 0.5, float("nan"), float("inf"), True, date(2026, 1, 6), datetime(2026, 1, 6, 8)]),
    values,
    max_leaves=12,
)


def toml(value: object) -> str:
    """A value as TOML writes it, tables inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, (str, bool)) else str(value)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return Files(tmp_path_factory.mktemp("any"))


def told(path: str) -> list[str | None]:
    try:
        return [read_scenario(path).digest]
    except BpmnMapError as error:
        return [finding.fix for finding in error.findings]


@settings(max_examples=80)
@given(st.dictionaries(st.sampled_from(KEYS), ANY, max_size=5), st.booleans())
def test_any_values(files: Files, tables: dict[str, object], extends: bool) -> None:
    lines = ['extends = "base.toml"'] if extends and "extends" not in tables else []
    path = files.write("any.toml", "\n".join([*lines, *(f"{json.dumps(key)} = {toml(value)}" for key, value in tables.items())]))
    assert all(told(path))


@settings(max_examples=80)
@given(
    st.sampled_from(["arrivals", "activities", "events", "gateways", "processes", "units", "calendars", "attributes", "participants"]), ANY
)
def test_any_values_of_an_element(files: Files, kind: str, value: object) -> None:
    assert all(told(files.write("any.toml", f'extends = "base.toml"\n{kind}.S = {toml(value)}\n')))


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(KEYS), ANY, max_size=4))
def test_any_values_of_the_organization(files: Files, tables: dict[str, object]) -> None:
    files.write("inner/org.toml", "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in tables.items()))
    path = files.write("inner/any.toml", "extends = '../base.toml'\norganization = 'org.toml'\n")
    assert all(told(path))
    assert Path(path).exists()
