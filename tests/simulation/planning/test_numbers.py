"""Numbers and values of attributes, drawn from uniform numbers."""

from __future__ import annotations

import pickle
from collections import Counter
from typing import Any

import numpy as np
import pytest

from bpmnmap.functions import exp, inverse_gamma, inverse_normal, log
from bpmnmap.org.toml_files import Key
from bpmnmap.simulation import draws
from bpmnmap.simulation.planning.numbers import Categories, Numbers, drawn_attribute, drawn_numbers, used_numbers
from bpmnmap.simulation.scenario import (
    Categorical,
    ErlangNumber,
    ExponentialNumber,
    FixedNumber,
    FixedValue,
    GammaNumber,
    LognormalNumber,
    TriangularNumber,
    UniformNumber,
)

LEAST, GREATEST = 2.0**-53, 1 - 2.0**-53
SIGMA = float(log(1.25)) ** 0.5  # of the logarithm, where the standard deviation is half the mean


@pytest.mark.parametrize(
    ("given", "u", "wanted"),
    [
        (FixedNumber(value=2.5), 0.9, 2.5),
        (ExponentialNumber(mean=3), 0.25, -3 * log(0.25)),
        (UniformNumber(min=-1, max=3), 0.25, 0.0),
        (TriangularNumber(min=0, mode=1, max=2), 0.125, 0.5),
        (TriangularNumber(min=-2, mode=-2, max=-2), 0.5, -2.0),
        (LognormalNumber(mean=4, standard_deviation=2), 0.75, exp(log(4.0) - SIGMA * SIGMA / 2 + SIGMA * inverse_normal(0.75))),
        (GammaNumber(mean=6, standard_deviation=2), 0.75, 2 / 3 * inverse_gamma(0.75, 9.0)),
        (GammaNumber(shape=2.5, scale=4), 0.75, 4 * inverse_gamma(0.75, 2.5)),
        (ErlangNumber(mean=6, k=3), 0.75, 2 * inverse_gamma(0.75, 3.0)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_numbers(given: Any, u: float, wanted: float) -> None:
    drawn = drawn_numbers(given)
    assert drawn(u) == pytest.approx(wanted, rel=1e-15)
    assert drawn.value(u) == drawn(u)
    several = drawn(np.array([u, LEAST, u]))
    assert several.dtype == np.float64
    assert several.tolist() == drawn.values(np.array([u, LEAST, u])) == [drawn(u), drawn(LEAST), drawn(u)]


@pytest.mark.parametrize(("u", "wanted"), [(LEAST, 0), (0.1, 0), (0.3, 2), (0.5, 2), (0.55, 3), (0.7, 4), (GREATEST, 5)])
def test_whole_numbers_are_rounded_half_even(u: float, wanted: int) -> None:
    drawn = drawn_numbers(UniformNumber(min=0, max=5, integer=True))
    assert (drawn.value(u), type(drawn.value(u))) == (wanted, int)
    assert (drawn(u), type(drawn(u))) == (float(wanted), float)
    assert (drawn.values(np.array([u])), drawn(np.array([u])).tolist()) == ([wanted], [float(wanted)])


def test_counts_are_whole() -> None:
    assert drawn_numbers(FixedNumber(value=2.5), is_whole=True).value(0.5) == 2
    assert drawn_numbers(FixedNumber(value=3.5), is_whole=True).value(0.5) == 4
    assert [type(drawn_numbers(FixedNumber(value=value)).value(0.5)) for value in (5, 5.0)] == [int, float]


def test_the_draws_of_times_are_those_of_numbers() -> None:
    """One set of functions: a number of microseconds is drawn as a time is."""
    numbers = draws.uniforms(7, 0, 50)
    for given, time in (
        (LognormalNumber(mean=6e7, standard_deviation=3e7), draws.lognormal(6e7, 3e7)),
        (ErlangNumber(mean=6e7, k=3), draws.gamma(3.0, 2e7)),
        (TriangularNumber(min=6e7, mode=7e7, max=9e7), draws.triangular(6e7, 7e7, 9e7)),
    ):
        assert drawn_numbers(given, is_whole=True).values(numbers) == time.values(numbers)


def test_categories() -> None:
    drawn = drawn_attribute(Categorical(categories={"a": 0.25, "never": 0, "b": 0.5, "c": 0.25}))
    wanted = {LEAST: "a", 0.2499: "a", 0.25: "b", 0.7499: "b", 0.75: "c", GREATEST: "c"}
    assert {u: drawn.value(u) for u in wanted} == wanted
    assert drawn.values(np.array(list(wanted))) == list(wanted.values())
    counts = Counter(drawn.values(draws.uniforms(1, 0, 10_000)))
    assert counts.keys() == {"a", "b", "c"}
    assert abs(counts["b"] - 5000) < 200  # four standard deviations


def test_rounding_leaves_no_gap_at_the_end() -> None:
    drawn = drawn_attribute(Categorical(categories=dict.fromkeys("abcdefghij", 0.1) | {"never": 0.0}))
    assert drawn.value(GREATEST) == "j"


@pytest.mark.parametrize("value", ["north", True, False])
def test_fixed_values(value: str | bool) -> None:
    drawn = drawn_attribute(FixedValue(value=value))
    assert drawn == Categories((value,), (1.0,))
    assert drawn.value(GREATEST) is value
    assert drawn.values(np.array([0.5, LEAST])) == [value, value]


def test_attributes_that_are_numbers() -> None:
    assert drawn_attribute(UniformNumber(min=0, max=10, integer=True)) == Numbers(draws.uniform_between(0.0, 10.0), True)


def test_they_travel_between_processes() -> None:
    for given in (Categorical(categories={"a": 1.0}), UniformNumber(min=0, max=1)):
        drawn = drawn_attribute(given)
        assert pickle.loads(pickle.dumps(drawn)) == drawn


class Told:
    """What is counted and told of a run's figures."""

    def __init__(self) -> None:
        self.counted: list[bool] = []
        self.errors: list[tuple[str, Key, str]] = []

    def count(self, assumed: bool) -> None:
        self.counted.append(assumed)

    def error(self, code: str, key: Key, message: str, fix: str, origin: object = None) -> None:
        assert fix
        assert origin is None
        self.errors.append((code, key, message))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (GammaNumber(shape=1e-300, scale=1), "a shape, (mean / standard_deviation)², of 1e-300 is not within 1e-05 and 1e+15"),
        (GammaNumber(mean=1e-15, standard_deviation=1e15), "a shape, (mean / standard_deviation)², of 1e-60 is not within 1e-05 and 1e+15"),
        (GammaNumber(shape=1e14, scale=1e15), "numbers beyond 9.0072e+15 may be drawn"),
        (LognormalNumber(mean=1e10, standard_deviation=1e15), "numbers beyond 9.0072e+15 may be drawn"),
        (ExponentialNumber(mean=1e15), "numbers beyond 9.0072e+15 may be drawn"),
    ],
)
def test_numbers_that_cannot_be_drawn(given: Any, message: str) -> None:
    told: Any = Told()
    used_numbers(told, given, ("attributes", "a"), False)
    assert (told.counted, told.errors) == ([False], [("out-of-range", ("attributes", "a"), message)])


@pytest.mark.parametrize(
    "given",
    [
        FixedNumber(value=-1e15),
        UniformNumber(min=-1e15, max=1e15),
        ExponentialNumber(mean=1e14),
        LognormalNumber(mean=1e6, standard_deviation=1e6),
        ErlangNumber(mean=1e-15, k=1_000_000),
    ],
)
def test_numbers_that_are_used_are_counted(given: Any) -> None:
    told: Any = Told()
    drawn = used_numbers(told, given, ("attributes", "a"), True)
    assert (told.counted, told.errors) == ([True], [])
    assert all(abs(drawn(u)) <= 2.0**53 for u in (LEAST, 0.5, GREATEST))
    used_numbers(told, given.model_copy(update={"assumed": True}), ("attributes", "a"), False)
    assert told.counted == [True, True]
