"""Attributes of cases and counts: distributions over numbers, fixed values, categories."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bpmnmap.errors import ScenarioError
from bpmnmap.findings import Finding, Location
from bpmnmap.org.organization import Organization, Unit
from bpmnmap.simulation.scenario import (
    ActivityTimes,
    Categorical,
    ErlangNumber,
    ExponentialNumber,
    FixedNumber,
    FixedValue,
    GammaNumber,
    LognormalNumber,
    Scenario,
    TriangularNumber,
    UniformNumber,
    read_scenario,
)
from tests.simulation.scenario_folder import BASE, Files

CITY = Organization(units={"FO": Unit(calendar="always")})


def built(**tables: Any) -> Scenario:
    return Scenario(organization=CITY, start=datetime(2026, 1, 5), cases=1, **tables)


def attribute(value: Any) -> Any:
    return built(attributes={"size": value}).attributes["size"]


def count(value: Any) -> Any:
    return ActivityTimes(count=value).count


def faults(make: Any, value: object) -> list[Finding]:
    with pytest.raises(ScenarioError) as caught:
        make(value)
    assert all(finding.fix for finding in caught.value.findings)
    return list(caught.value.findings)


NUMBERS = [
    ({"distribution": "fixed", "value": 5}, FixedNumber(value=5)),
    ({"distribution": "fixed", "value": 2.5}, FixedNumber(value=2.5)),
    ({"distribution": "exponential", "mean": 5}, ExponentialNumber(mean=5)),
    ({"distribution": "uniform", "min": 1, "max": 10, "integer": True}, UniformNumber(min=1, max=10, integer=True)),
    ({"distribution": "uniform", "min": -2, "max": -2}, UniformNumber(min=-2, max=-2)),
    ({"distribution": "triangular", "min": 1, "mode": 1, "max": 6.5}, TriangularNumber(min=1, mode=1, max=6.5)),
    ({"distribution": "lognormal", "mean": 5, "standard_deviation": 9}, LognormalNumber(mean=5, standard_deviation=9)),
    ({"distribution": "gamma", "mean": 5, "standard_deviation": 2}, GammaNumber(mean=5, standard_deviation=2)),
    ({"distribution": "gamma", "shape": 2, "scale": 0.5}, GammaNumber(shape=2, scale=0.5)),
    ({"distribution": "erlang", "mean": 5, "k": 3}, ErlangNumber(mean=5, k=3)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "drawn"),
    [
        *NUMBERS,
        ({"value": 5}, FixedNumber(value=5)),
        ({"value": 1.5, "integer": True}, FixedNumber(value=1.5, integer=True)),
        ({"value": "north"}, FixedValue(value="north")),
        ({"value": False}, FixedValue(value=False)),
        ({"distribution": "fixed", "value": "north"}, FixedValue(value="north")),
        ({"categories": {"north": 0.25, "south": 0.75}}, Categorical(categories={"north": 0.25, "south": 0.75})),
        ({"categories": {"a": 0.1, "b": 0.2, "c": 0.7}}, Categorical(categories={"a": 0.1, "b": 0.2, "c": 0.7})),  # 0.1 + 0.2 + 0.7 < 1
        ({"categories": {"north": 1, "south": 0}}, Categorical(categories={"north": 1, "south": 0})),
    ],
)
def test_attribute(value: object, drawn: Any) -> None:
    read = attribute(value)
    assert read == drawn
    assert type(read) is type(drawn)
    assert attribute(read) is read
    assert (attribute({**dict(value), "source": "files", "assumed": True})).model_copy(update={"source": None, "assumed": False}) == drawn  # type: ignore[call-overload]


def test_whole_numbers_stay_whole() -> None:
    assert [type(attribute({"value": value}).value) for value in (5, 5.0, True)] == [int, float, bool]


@pytest.mark.parametrize(("value", "drawn"), NUMBERS[:4] + NUMBERS[5:])
def test_count_of_a_distribution(value: object, drawn: Any) -> None:
    assert count(value) == drawn
    assert count(drawn) is drawn


@pytest.mark.parametrize("value", [0, 3, 1_000_000, "documents", "documents + 1"])
def test_count(value: object) -> None:
    assert count(value) == value


ATTRIBUTE_FIX = 'write { distribution = "uniform", min = 1, max = 10 }, { value = 5 } or { categories = { a = 0.5, b = 0.5 } }'
NUMBER_FAULTS: list[tuple[object, str, str, str]] = [
    ({"distribution": "unifrm"}, ".distribution", "unknown-distribution", "no distribution 'unifrm'"),
    ({"distribution": "pert"}, ".distribution", "not-supported-yet", "distribution 'pert' is not supported yet"),
    ({"distribution": 5}, ".distribution", "unknown-distribution", "no distribution '5'"),
    ({"distribution": "uniform", "min": "PT1M", "max": 5}, ".min", "wrong-type", "'min' must be a number (got 'PT1M')"),
    ({"distribution": "uniform", "min": 1, "max": True}, ".max", "wrong-type", "'max' must be a number (got 'true')"),
    ({"distribution": "uniform", "min": 1}, ".max", "missing-key", "'max' is missing"),
    ({"distribution": "uniform", "min": 1, "max": 2, "mode": 1}, ".mode", "unknown-key", "unknown key 'mode'"),
    ({"distribution": "uniform", "min": 5, "max": 1.5}, "", "invalid-distribution", "'min 5, max 1.5' are not in order"),
    ({"distribution": "uniform", "min": 5, "max": 2e15}, ".max", "out-of-range", "'max' must be <= 1000000000000000.0 (got '2000000000000000.0')"),
    ({"distribution": "uniform", "min": 0, "max": float("inf")}, ".max", "out-of-range", "'max' must be a finite number (got 'inf')"),
    ({"distribution": "triangular", "min": 1, "mode": 9, "max": 6}, "", "invalid-distribution", "'min 1, mode 9, max 6' are not in order"),
    ({"distribution": "exponential", "mean": 0}, ".mean", "out-of-range", "'mean' must be >= 1e-15 (got '0')"),
    ({"distribution": "lognormal", "mean": 5, "standard_deviation": -1}, ".standard_deviation", "out-of-range", "'standard_deviation' must be >= 1e-15 (got '-1')"),
    ({"distribution": "gamma", "mean": 5}, "", "invalid-distribution", "gamma is given by 'mean'"),
    ({"distribution": "gamma", "shape": 0, "scale": 1}, ".shape", "out-of-range", "'shape' must be > 0.0 (got '0')"),
    ({"distribution": "erlang", "mean": 5, "k": 0}, ".k", "out-of-range", "'k' must be >= 1 (got '0')"),
    ({"distribution": "fixed"}, ".value", "missing-key", "'value' is missing"),
    ({"distribution": "fixed", "value": float("nan")}, ".value", "out-of-range", "'nan' is no number from -1e+15 to 1e+15"),
    ({"distribution": "fixed", "value": 10**400}, ".value", "out-of-range", f"'{hex(10**400)[:59]}…' is no number from -1e+15 to 1e+15"),
    ({"distribution": "uniform", "min": 1, "max": 2, "integer": 1}, ".integer", "wrong-type", "'integer' must be true or false (got '1')"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "key", "code", "message"), NUMBER_FAULTS)
def test_faulty_numbers(value: object, key: str, code: str, message: str) -> None:
    for make, place in ((attribute, "attributes.size"), (count, "count")):
        (fault,) = faults(make, value)
        assert (fault.location.key, fault.code, fault.message) == (place + key, code, message)


@pytest.mark.parametrize(
    ("value", "key", "code", "message", "fix"),
    [
        (5, "", "wrong-type", "'5' must be a table", ATTRIBUTE_FIX),
        ("north", "", "wrong-type", "'north' must be a table", ATTRIBUTE_FIX),
        ({}, ".distribution", "missing-key", "'distribution' is missing, and so are 'value' and 'categories'", ATTRIBUTE_FIX),
        ({"min": 1, "max": 5}, ".distribution", "missing-key", "'distribution' is missing, and so are 'value' and 'categories'", ATTRIBUTE_FIX),
        ({"value": [5]}, ".value", "wrong-type", "an array must be a number", "write a number"),
        ({"value": "north", "integer": True}, ".integer", "unknown-key", "unknown key 'integer'", "remove it; known here are assumed, distribution, source, value"),
        ({"categories": {}}, ".categories", "out-of-range", "'categories' is empty", "give a text and its probability"),
        ({"categories": ["a"]}, ".categories", "wrong-type", "'categories' must be a table (got an array)", "write a table"),
        ({"categories": {"a": 0.5, "b": 0.4}}, ".categories", "invalid-distribution", "0.5 + 0.4 = 0.9, must be 1", "set the probabilities so that they sum to 1"),
        ({"categories": {"a": 1.5}}, ".categories.a", "out-of-range", "'a' must be <= 1.0 (got '1.5')", "give a number <= 1.0"),
        ({"categories": {"a": -0.5, "b": 1}}, ".categories.a", "out-of-range", "'a' must be >= 0.0 (got '-0.5')", "give a number >= 0.0"),
        ({"categories": {"a": "half", "b": 1}}, ".categories.a", "wrong-type", "'a' must be a number (got 'half')", "write a number"),
        ({"categories": {"a": 1.0}, "value": 5}, ".value", "contradicting-keys", "'value' is given beside 'categories'", "give categories, or a distribution"),
        ({"categories": {"a": 1.0}, "distribution": "uniform"}, ".distribution", "contradicting-keys", "'distribution' is given beside 'categories'", "give categories, or a distribution"),
        ({"categories": {5: 1.0}}, '.categories[5]."[key]"', "wrong-type", "'[key]' must be text (got '5')", "write text"),
    ],
)  # fmt: skip
def test_faulty_attribute(value: object, key: str, code: str, message: str, fix: str) -> None:
    (fault,) = faults(attribute, value)
    assert (fault.location.key, fault.code, fault.message, fault.fix) == ("attributes.size" + key, code, message, fix)


COUNT_FIX = "give a whole number from 0 on, a distribution over numbers, or an expression"


@pytest.mark.parametrize(
    ("value", "key", "code", "message", "fix"),
    [
        (-1, "count", "out-of-range", "'-1' is not within 0 and 1000000", COUNT_FIX),
        (10**400, "count", "out-of-range", f"'{hex(10**400)[:59]}…' is not within 0 and 1000000", COUNT_FIX),
        (2.5, "count", "wrong-type", "'2.5' is no count", COUNT_FIX),
        (True, "count", "wrong-type", "'true' is no count", COUNT_FIX),
        ([1], "count", "wrong-type", "an array is no count", COUNT_FIX),
        ({"value": 5}, "count.distribution", "missing-key", "'distribution' is missing", "name the distribution: fixed, exponential, uniform, triangular, lognormal, gamma, erlang"),
        ({"categories": {"a": 1.0}}, "count.distribution", "missing-key", "'distribution' is missing", "name the distribution: fixed, exponential, uniform, triangular, lognormal, gamma, erlang"),
        ({"distribution": "fixed", "value": "many"}, "count.value", "wrong-type", "'many' must be a number", "write a number"),
        ({"distribution": "fixed", "value": -1}, "count.value", "out-of-range", "'value' must be >= 0 (got '-1'): it is a count", "give a number >= 0"),
        ({"distribution": "uniform", "min": -1, "max": 5}, "count.min", "out-of-range", "'min' must be >= 0 (got '-1.0'): it is a count", "give a number >= 0"),
        ({"distribution": "triangular", "min": -1, "mode": 0, "max": 5}, "count.min", "out-of-range", "'min' must be >= 0 (got '-1.0'): it is a count", "give a number >= 0"),
        (UniformNumber(min=-1, max=5), "count.min", "out-of-range", "'min' must be >= 0 (got '-1.0'): it is a count", "give a number >= 0"),
    ],
)  # fmt: skip
def test_faulty_count(value: object, key: str, code: str, message: str, fix: str) -> None:
    (fault,) = faults(count, value)
    assert (fault.location.key, fault.code, fault.message, fault.fix) == (key, code, message, fix)


def test_several_faults_of_one_attribute() -> None:
    found = faults(attribute, {"distribution": "lognormal", "mean": "5", "sd": 1})
    assert [(fault.location.key, fault.code) for fault in found] == [
        ("attributes.size.mean", "wrong-type"),
        ("attributes.size.sd", "unknown-key"),
        ("attributes.size.standard_deviation", "missing-key"),
    ]


@pytest.mark.parametrize("model", [FixedNumber, FixedValue])
def test_values_built_wrongly(model: Any) -> None:
    (fault,) = faults(lambda value: model(value=value), [])
    assert (fault.location.key, fault.code) == ("value", "wrong-type")


@pytest.mark.parametrize("name", ["amount", "amount_2", "_x", "Größe", "district"])
def test_names_of_attributes(name: str) -> None:
    assert list(built(attributes={name: {"value": 5}}).attributes) == [name]


@pytest.mark.parametrize("name", ["the amount", "2nd", "a-b", "a.b", "", "not", "in", "true", "default"])
def test_names_that_expressions_cannot_use(name: str) -> None:
    (fault,) = faults(lambda value: built(attributes={name: value}), {"value": 5})
    assert (fault.location, fault.code) == (
        Location(None, key=f"attributes.{name}" if name.isalnum() or name == "a-b" else f'attributes."{name}"'),
        "invalid-name",
    )
    assert fault.message == f"attribute '{name}' cannot be named in expressions"
    (fault,) = faults(lambda value: ActivityTimes(set=value), {name: 5})
    assert (fault.code, fault.message) == ("invalid-name", f"attribute '{name}' cannot be named in expressions")


# ---- in files --------------------------------------------------------------------------------------------------------------

AMOUNTS = """
[attributes.amount]
distribution = "lognormal"
mean = 5000
standard_deviation = 4000
source = "treasury"
[attributes.district]
categories = { north = 0.4, south = 0.6 }
assumed = true
"""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    folder = Files(tmp_path)
    folder.write("base.toml", BASE + AMOUNTS)
    return folder


def test_read(files: Files) -> None:
    assert files.over("").attributes == {
        "amount": LognormalNumber(mean=5000, standard_deviation=4000, source="treasury"),
        "district": Categorical(categories={"north": 0.4, "south": 0.6}, assumed=True),
    }


def test_an_attribute_is_replaced_whole(files: Files) -> None:
    scenario = files.over("[attributes.amount]\nvalue = 5\n[attributes.channel]\nvalue = 'online'\n")
    assert scenario.attributes == {
        "amount": FixedNumber(value=5),
        "district": Categorical(categories={"north": 0.4, "south": 0.6}, assumed=True),
        "channel": FixedValue(value="online"),
    }
    assert scenario.location("attributes.amount.value").path == files.path("over.toml")
    assert scenario.location("attributes.district").path == files.path("base.toml")


def test_remove(files: Files) -> None:
    assert list(files.over("remove = ['attributes.amount']\n").attributes) == ["district"]


def test_replace(files: Files) -> None:
    scenario = files.over("").replace(attributes={"amount": {"value": 5}})
    assert scenario.attributes == {"amount": FixedNumber(value=5)}
    assert scenario.replace(seed=3).attributes == scenario.attributes


def test_faults_stand_where_the_value_stands(files: Files) -> None:
    files.write(
        "over.toml",
        "extends = 'base.toml'\n[attributes]\nchannel = 5\namount = { distribution = 'uniform', min = 5, max = 1 }\n'a b' = { value = 1 }\n",
    )
    assert files.faults() == [
        ("over.toml", "attributes.channel", "wrong-type", "'5' must be a table"),
        ("over.toml", "attributes.amount", "invalid-distribution", "'min 5, max 1' are not in order"),
        ("over.toml", 'attributes."a b"', "invalid-name", "attribute 'a b' cannot be named in expressions"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mean = 5000", "mean = 5001"),
        ("north = 0.4, south = 0.6", "south = 0.4, north = 0.6"),
        ("assumed = true", ""),
        ("[attributes.amount]", "[attributes.sum]"),
    ],
)
def test_digest(files: Files, old: str, new: str) -> None:
    first = read_scenario(files.path("base.toml")).digest
    assert read_scenario(files.write("base.toml", BASE + AMOUNTS.replace("treasury", "files"))).digest == first
    assert read_scenario(files.write("base.toml", BASE + AMOUNTS.replace("5000", "5000.0"))).digest == first
    assert read_scenario(files.write("base.toml", BASE + AMOUNTS.replace(old, new))).digest != first
