"""Addressed draws (H31): a number is a function of what it is for, never of when it is drawn.

An address is folded, part by part, into one 64-bit key; the numbers of the cases of one stream stand side by side in
counter mode behind that key, so that a block of them is drawn at once and equals the numbers drawn one by one.

References
----------
G. L. Steele, D. Lea, C. H. Flood: Fast splittable pseudorandom number generators. OOPSLA 2014 (the mixing function).
J. K. Salmon et al.: Parallel random numbers: as easy as 1, 2, 3. SC 2011 (counter mode).
L. Devroye: Non-Uniform Random Variate Generation. Springer 1986, section II.2 (inversion).
"""

from __future__ import annotations

import enum
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from bpmnmap.functions import exp, inverse_gamma, inverse_normal, log

_MASK: Final = (1 << 64) - 1
_GOLDEN: Final = 0x9E3779B97F4A7C15  # 2**64 / golden ratio, odd
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_UNIT: Final = 2.0**-52  # 52 bits and a half: never 0, never 1


class Purpose(enum.IntEnum):
    """What a number is drawn for; part of its address."""

    ARRIVAL = 1
    PROCESSING = 2
    BRANCH = 3
    TRANSFER = 4
    EVENT = 5
    ATTRIBUTE = 6
    COUNT = 7


class NumberDraw(Protocol):
    """What is drawn from one uniform number and is no time: an attribute's value, a number of items."""

    def value(self, u: float) -> bool | int | float | str:
        """Return the value at u in (0, 1)."""
        ...

    def values(self, u: NDArray[np.float64]) -> Sequence[bool | int | float | str]:
        """Return the values at each u, as `value` gives them."""
        ...


def stable_hash(*texts: str) -> int:
    """64-bit hash of texts, the same on every machine, in every run.

    Examples
    --------
    >>> stable_hash("R1", "Register") == stable_hash("R1", "Register") != stable_hash("R1Register")
    True
    """
    joined = "\x00".join(texts).encode()
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "little")


def mix(value: int) -> int:
    """SplitMix64's mixing of 64 bits: a bijection in which each input bit flips half of the output bits."""
    value = ((value ^ (value >> 30)) * _FIRST) & _MASK
    value = ((value ^ (value >> 27)) * _SECOND) & _MASK
    return value ^ (value >> 31)


def fold(key: int, *parts: int) -> int:
    """Fold further parts of an address into a key."""
    for part in parts:
        key = mix((mix((key + _GOLDEN) & _MASK) ^ part) & _MASK)
    return key


def uniform(key: int, number: int) -> float:
    """Return the number-th number behind a key, in (0, 1)."""
    return ((mix((key + (number + 1) * _GOLDEN) & _MASK) >> 12) + 0.5) * _UNIT


@lru_cache(maxsize=64)
def _steps(count: int) -> NDArray[np.uint64]:
    """Multiples 0, 1, … of the counter's step; not to be changed."""
    steps = np.arange(count, dtype=np.uint64)
    steps *= np.uint64(_GOLDEN)
    steps.flags.writeable = False
    return steps


def uniforms(key: int, first: int, count: int) -> NDArray[np.float64]:
    """Numbers first, first + 1, … behind a key, in (0, 1); equal to `uniform`'s, bit for bit."""
    bits = _steps(count) + np.uint64((key + (first + 1) * _GOLDEN) & _MASK)
    bits ^= bits >> np.uint64(30)
    bits *= np.uint64(_FIRST)
    bits ^= bits >> np.uint64(27)
    bits *= np.uint64(_SECOND)
    bits ^= bits >> np.uint64(31)
    bits >>= np.uint64(12)
    numbers = bits.astype(np.float64)
    numbers += 0.5
    numbers *= _UNIT
    return numbers


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution over whole microseconds, drawn by inversion: one uniform number, one value.

    Parameters
    ----------
    family
        ``fixed``, ``exponential``, ``uniform``, ``triangular``, ``lognormal`` or ``gamma``.
    parameters
        fixed: value · exponential: mean · uniform: min, max · triangular: min, mode, max · lognormal: mean and standard
        deviation of the logarithm of microseconds · gamma: shape, scale. In microseconds where they are times.
    mean_us
        The distribution's mean, in microseconds.
    """

    family: str
    parameters: tuple[float, ...]
    mean_us: float

    @property
    def is_fixed(self) -> bool:
        """Whether every value is the same."""
        return self.family == "fixed"

    def value(self, u: float) -> int:
        """Return the value at u in (0, 1), rounded half-even to whole microseconds (H32)."""
        return int(round(self.inverse(u)))  # noqa: RUF046 - round gives an int of a float, but its type is not known here

    def values(self, u: NDArray[np.float64]) -> list[int]:
        """Return the values at each u, as `value` gives them."""
        drawn = self.inverse(u)
        np.rint(drawn, out=drawn)
        result: list[int] = drawn.astype(np.int64).tolist()
        return result

    def inverse(self, u: Any) -> Any:  # noqa: ANN401 - a number for a number, an array for an array
        """Return the value at u in (0, 1), not rounded; of an array the values."""
        p = self.parameters
        match self.family:
            case "fixed":
                return p[0] + 0.0 * u
            case "exponential":
                return -p[0] * log(u)
            case "uniform":
                return p[0] + (p[1] - p[0]) * u
            case "triangular":
                return _inverse_triangular(u, *p)
            case "lognormal":
                return exp(p[0] + p[1] * inverse_normal(u))
            case _:
                return p[1] * inverse_gamma(u, p[0])


def _inverse_triangular(u: Any, low: float, mode: float, high: float) -> Any:  # noqa: ANN401 - as above
    if high == low:
        return low + 0.0 * u
    width = high - low
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1.0 - u) * width * (high - mode))
    chosen = np.where(u * width < mode - low, rising, falling)
    return chosen if isinstance(u, np.ndarray) else float(chosen)


def fixed(value_us: int) -> Distribution:
    """Return the distribution that always gives one value."""
    return Distribution("fixed", (value_us,), float(value_us))


def exponential(mean_us: float) -> Distribution:
    """Exponential distribution."""
    return Distribution("exponential", (mean_us,), mean_us)


def uniform_between(low_us: float, high_us: float) -> Distribution:
    """Uniform distribution between two times."""
    return Distribution("uniform", (low_us, high_us), (low_us + high_us) / 2)


def triangular(low_us: float, mode_us: float, high_us: float) -> Distribution:
    """Triangular distribution."""
    return Distribution("triangular", (low_us, mode_us, high_us), (low_us + mode_us + high_us) / 3)


def lognormal(mean_us: float, standard_deviation_us: float) -> Distribution:
    """Lognormal distribution by the variable's own mean and standard deviation."""
    ratio = standard_deviation_us / mean_us
    variance = float(log(1.0 + ratio * ratio))
    return Distribution("lognormal", (float(log(mean_us)) - variance / 2, math.sqrt(variance)), mean_us)


def gamma(shape: float, scale_us: float) -> Distribution:
    """Gamma distribution by shape and scale."""
    return Distribution("gamma", (shape, scale_us), shape * scale_us)
