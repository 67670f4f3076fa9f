"""The scenario's distributions over numbers, and its categories → what is drawn from one uniform number each."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from bpmnmap.simulation import draws
from bpmnmap.simulation.planning.times import GREATEST_SHAPE, LEAST_SHAPE, longest_us
from bpmnmap.simulation.scenario_numbers import Categorical, FixedNumber, FixedValue

if TYPE_CHECKING:
    from bpmnmap.org.toml_files import Key
    from bpmnmap.semantics.program import Origin
    from bpmnmap.simulation.planning.faults import Faults
    from bpmnmap.simulation.scenario_numbers import AttributeDraw, NumberDistribution

LARGEST: Final = 2.0**53
"""Whole numbers up to here are exact."""
Value: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers drawn by inversion: one uniform number, one number.

    Parameters
    ----------
    distribution
        Its family and parameters; in numbers, not in microseconds.
    is_whole
        Whether they are rounded, half-even, to whole ones.
    """

    distribution: draws.Distribution
    is_whole: bool

    @overload
    def __call__(self, u: float) -> float: ...
    @overload
    def __call__(self, u: NDArray[np.float64]) -> NDArray[np.float64]: ...
    def __call__(self, u: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
        """Return the number at u in (0, 1), or the numbers at each u."""
        if isinstance(u, np.ndarray):
            numbers: NDArray[np.float64] = self.distribution.inverse(u)
            return np.rint(numbers) if self.is_whole else numbers
        number = float(self.distribution.inverse(u))
        return float(round(number)) if self.is_whole else number

    def value(self, u: float) -> int | float:
        """Return the number at u, a whole one as an int."""
        return int(self(u)) if self.is_whole else self(u)

    def values(self, u: NDArray[np.float64]) -> list[Value]:
        """Return the numbers at each u, as `value` gives them."""
        numbers: list[float] = self(u).tolist()
        return [int(number) for number in numbers] if self.is_whole else list(numbers)


@dataclass(frozen=True, slots=True)
class Categories:
    """Values drawn by inversion: the first one whose bound lies above the uniform number.

    Parameters
    ----------
    known
        The values.
    bounds
        The probability of each and of those before it.
    """

    known: tuple[bool | str, ...]
    bounds: tuple[float, ...]

    def value(self, u: float) -> Value:
        """Return the value at u in (0, 1)."""
        return self.known[bisect_right(self.bounds, u)]

    def values(self, u: NDArray[np.float64]) -> list[Value]:
        """Return the values at each u."""
        return [self.known[place] for place in np.searchsorted(self.bounds, u, side="right").tolist()]


def drawn_numbers(distribution: NumberDistribution, *, is_whole: bool = False) -> Numbers:
    """Return how a distribution over numbers is drawn.

    Parameters
    ----------
    is_whole
        Whether to round though the distribution does not say so; counts are whole.

    Examples
    --------
    >>> from bpmnmap.simulation.scenario import UniformNumber
    >>> drawn = drawn_numbers(UniformNumber(min=1, max=10, integer=True))
    >>> drawn(0.5), drawn.value(0.05), drawn(np.array([0.1, 0.9])).tolist()
    (6.0, 1, [2.0, 9.0])
    """
    is_int = isinstance(distribution, FixedNumber) and isinstance(distribution.value, int)
    return Numbers(_family(distribution), is_whole or distribution.integer or is_int)


def drawn_attribute(attribute: AttributeDraw) -> Numbers | Categories:
    """Return how the value of an attribute is drawn.

    Examples
    --------
    >>> from bpmnmap.simulation.scenario import Categorical
    >>> drawn = drawn_attribute(Categorical(categories={"counter": 0.25, "online": 0.75}))
    >>> drawn.value(0.2), drawn.value(0.25), drawn.values(np.array([0.9, 0.1]))
    ('counter', 'online', ['online', 'counter'])
    """
    if isinstance(attribute, FixedValue):
        return Categories((attribute.value,), (1.0,))
    if not isinstance(attribute, Categorical):
        return drawn_numbers(attribute)
    known = {text: probability for text, probability in attribute.categories.items() if probability > 0}
    bounds = np.cumsum(list(known.values())).tolist()
    return Categories(tuple(known), (*bounds[:-1], 1.0))  # rounding must not leave a gap


def used_numbers(
    faults: Faults, distribution: NumberDistribution, key: Key, assumed: bool, origin: Origin | None = None, *, is_whole: bool = False
) -> Numbers:
    """Return how numbers that the run uses are drawn; count them, and tell what cannot be drawn."""
    faults.count(assumed or distribution.assumed)
    result = drawn_numbers(distribution, is_whole=is_whole)
    shape = result.distribution.parameters[0]
    if result.distribution.family == "gamma" and not LEAST_SHAPE <= shape <= GREATEST_SHAPE:
        message = f"a shape, (mean / standard_deviation)², of {shape:g} is not within {LEAST_SHAPE:g} and {GREATEST_SHAPE:g}"
        faults.error("out-of-range", key, message, "bring mean and standard_deviation nearer to each other, or give a fixed number", origin)
    elif not longest_us(result.distribution) <= LARGEST:
        faults.error("out-of-range", key, f"numbers beyond {LARGEST:g} may be drawn", "give a smaller mean or standard_deviation", origin)
    return result


def _family(distribution: NumberDistribution) -> draws.Distribution:
    match distribution.distribution:
        case "fixed":
            return draws.Distribution("fixed", (float(distribution.value),), float(distribution.value))
        case "exponential":
            return draws.exponential(distribution.mean)
        case "uniform":
            return draws.uniform_between(distribution.min, distribution.max)
        case "triangular":
            return draws.triangular(distribution.min, distribution.mode, distribution.max)
        case "lognormal":
            return draws.lognormal(distribution.mean, distribution.standard_deviation)
        case "erlang":
            return draws.gamma(float(distribution.k), distribution.mean / distribution.k)
        case "gamma":
            if distribution.mean is None or distribution.standard_deviation is None:
                assert distribution.shape is not None
                assert distribution.scale is not None
                return draws.gamma(distribution.shape, distribution.scale)
            mean, deviation = distribution.mean, distribution.standard_deviation
            return draws.gamma((mean / deviation) * (mean / deviation), deviation * deviation / mean)
