from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.analysis.estimates import Estimate, estimate, percentiles_s
from tests.analysis.slow_table import quantile


def test_mean_and_interval_by_hand() -> None:
    # t(p, 2) = (2p − 1) ÷ √(2p (1 − p)); the standard deviation of 2, 4, 9 is √13
    result = estimate([2.0, 4.0, 9.0])
    assert (result.mean, result.n) == (5.0, 3)
    assert result.half_width == pytest.approx(0.95 / math.sqrt(2 * 0.975 * 0.025) * math.sqrt(13 / 3), rel=1e-13)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99])
def test_interval_of_two_values(confidence: float) -> None:
    half_width = estimate([10.0, 14.0], confidence=confidence).half_width
    assert half_width == pytest.approx(2 * math.tan(math.pi * confidence / 2), rel=1e-12)  # s ÷ √2 = 2; t(p, 1) = tan(π (p − ½))


def test_one_value_has_no_interval() -> None:
    assert estimate([3.5]) == Estimate(3.5, None, 1)


def test_no_value_has_no_mean() -> None:
    assert estimate([]) == Estimate(None, None, 0)


def test_equal_values_have_an_interval_of_nothing() -> None:
    assert estimate([0.25] * 7) == Estimate(0.25, 0.0, 7)


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_order_of_replications_changes_no_bit(values: list[float], random: object) -> None:
    assert estimate(sorted(values)) == estimate(values) == estimate(sorted(values, reverse=True))


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=12), st.sampled_from([0.8, 0.95, 0.999]))
def test_interval_covers_what_it_says(values: list[float], confidence: float) -> None:
    """The half width, put back into the distribution function of t, gives the confidence."""
    result = estimate(values, confidence=confidence)
    exact = [Fraction(value) for value in values]
    center = sum(exact) / len(exact)
    variance = Fraction(sum((value - center) * (value - center) for value in exact)) / (len(exact) - 1) / len(exact)
    assert result.mean == pytest.approx(float(center), rel=1e-14)
    assert result.half_width is not None
    if float(variance) > 1e-12 * float(center) ** 2 + 1e-200:
        freedom = len(values) - 1
        t = mpmath.mpf(result.half_width) / mpmath.sqrt(mpmath.mpf(variance.numerator) / variance.denominator)
        tail = mpmath.betainc(mpmath.mpf(freedom) / 2, mpmath.mpf(1) / 2, 0, freedom / (freedom + t * t), regularized=True)
        assert float(1 - tail) == pytest.approx(confidence, rel=1e-7)


def test_percentiles_by_hand() -> None:
    seconds = np.array([10, 0, 30, 20, 40, 50]) * 1_000_000
    assert percentiles_s(seconds, (0, 50, 90, 100)) == (0.0, 25.0, 45.0, 50.0)


def test_percentiles_of_one_value() -> None:
    assert percentiles_s(np.array([7_000_001]), (50, 90)) == (7.000001, 7.000001)


def test_percentiles_leave_the_values_alone() -> None:
    values = np.array([3, 1, 2])
    percentiles_s(values, (50, 90))
    assert values.tolist() == [3, 1, 2]


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**17), min_size=1, max_size=40), st.integers(0, 100))
def test_percentiles_are_the_nearest_floats(values: list[int], percent: int) -> None:
    (result,) = percentiles_s(np.array(values, dtype=np.int64), (percent,))
    exact = quantile(values, Fraction(percent, 100)) / 10**6
    assert result == exact.numerator / exact.denominator
