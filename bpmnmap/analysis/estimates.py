"""Means with t-intervals over replications, and quantiles by linear interpolation on integers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bpmnmap.durations import SECOND_US
from bpmnmap.eventlog.columns import Array
from bpmnmap.functions import t_quantile


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over independent replications and its confidence interval, mean ± half_width.

    Parameters
    ----------
    mean
        None if there is no value at all.
    half_width
        None for fewer than two values.
    n
        How many values there are.
    """

    mean: float | None
    half_width: float | None
    n: int


def estimate(values: Sequence[float], *, confidence: float = 0.95) -> Estimate:
    """Mean and t-interval of values from independent replications, one value each.

    The bits of the result depend on the values alone: sums are rounded once (`math.fsum`), the rest is + − × ÷ and √.

    Parameters
    ----------
    values
        One value per replication.
    confidence
        Probability with which the interval holds the truth.

    Examples
    --------
    >>> estimate([1.0, 2.0, 3.0]).mean, round(estimate([1.0, 2.0, 3.0]).half_width, 6)
    (2.0, 2.484138)
    >>> estimate([7.0]), estimate([])
    (Estimate(mean=7.0, half_width=None, n=1), Estimate(mean=None, half_width=None, n=0))

    References
    ----------
    A. M. Law, Simulation Modeling and Analysis, 5th ed., 9.4.1: independent replications.
    """
    n = len(values)
    if n == 0:
        return Estimate(None, None, 0)
    mean = math.fsum(values) / n
    if n == 1:
        return Estimate(mean, None, 1)
    squares = math.fsum((value - mean) * (value - mean) for value in values)
    return Estimate(mean, _student_factor(confidence, n) * math.sqrt(squares / (n - 1) / n), n)


@lru_cache(maxsize=256)
def _student_factor(confidence: float, n: int) -> float:
    return float(t_quantile((1 + confidence) / 2, n - 1))


def exact_sum(values: Array) -> int:
    """Sum of int64 values, also where it does not fit into 64 bits.

    Examples
    --------
    >>> exact_sum(np.array([1 << 62, 1 << 62, 1 << 62])) == 3 << 62
    True
    """
    if not len(values) or max(int(values.max()), -int(values.min())) * len(values) < 1 << 63:
        return int(values.sum(dtype=np.int64))
    return (int((values >> 32).sum(dtype=np.int64)) << 32) + int((values & 0xFFFFFFFF).sum(dtype=np.int64))


def percentiles_s(values_us: Array, percents: Sequence[int]) -> tuple[float, ...]:
    """Percentiles of whole microseconds, in seconds, by linear interpolation between the two nearest ranks.

    Rank and weight are integers and the division is rounded once, so the bits do not depend on numpy's version.

    Parameters
    ----------
    values_us
        int64 in any order, at least one.
    percents
        Whole numbers in 0…100.

    Examples
    --------
    >>> percentiles_s(np.array([4_000_000, 1_000_000, 2_000_000]), (50, 90))
    (2.0, 3.6)

    References
    ----------
    R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996): type 7.
    """
    last = len(values_us) - 1
    places = [divmod(last * percent, 100) for percent in percents]
    ranks = sorted({min(rank + step, last) for rank, _ in places for step in (0, 1)})
    parted = np.partition(values_us, ranks)
    results = []
    for rank, rest in places:
        low, high = int(parted[rank]), int(parted[min(rank + 1, last)])
        results.append((100 * low + rest * (high - low)) / (100 * SECOND_US))
    return tuple(results)
