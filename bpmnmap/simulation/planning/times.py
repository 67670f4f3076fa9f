"""The scenario's distributions → draws, in microseconds."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bpmnmap.simulation import draws

if TYPE_CHECKING:
    from bpmnmap.org.toml_files import Key
    from bpmnmap.semantics.program import Origin
    from bpmnmap.simulation.planning.faults import Faults
    from bpmnmap.simulation.scenario import Distribution

_MICROSECOND: Final = timedelta(microseconds=1)
LEAST_SHAPE: Final = 1e-5
GREATEST_SHAPE: Final = 1e15
"""Between these two the quantiles of a gamma distribution are known."""
LONGEST_US: Final = 2.0**58
"""Some 9,000 years: a sum of several such times fits an int64."""


def microseconds(duration: timedelta) -> int:
    """Whole microseconds of a duration."""
    return duration // _MICROSECOND


def drawn(distribution: Distribution) -> draws.Distribution:
    """Return how a distribution of a scenario is drawn."""
    match distribution.distribution:
        case "fixed":
            return draws.fixed(microseconds(distribution.value))
        case "exponential":
            return draws.exponential(float(microseconds(distribution.mean)))
        case "uniform":
            return draws.uniform_between(float(microseconds(distribution.min)), float(microseconds(distribution.max)))
        case "triangular":
            low, mode, high = (float(microseconds(value)) for value in (distribution.min, distribution.mode, distribution.max))
            return draws.triangular(low, mode, high)
        case "lognormal":
            return draws.lognormal(float(microseconds(distribution.mean)), float(microseconds(distribution.standard_deviation)))
        case "erlang":
            return draws.gamma(float(distribution.k), microseconds(distribution.mean) / distribution.k)
        case "gamma":
            if distribution.mean is None or distribution.standard_deviation is None:
                assert distribution.shape is not None
                assert distribution.scale is not None
                return draws.gamma(distribution.shape, float(microseconds(distribution.scale)))
            mean, deviation = float(microseconds(distribution.mean)), float(microseconds(distribution.standard_deviation))
            return draws.gamma((mean / deviation) * (mean / deviation), deviation * deviation / mean)


def used(faults: Faults, distribution: Distribution, key: Key, assumed: bool, origin: Origin | None = None) -> draws.Distribution:
    """Return how a distribution that the run uses is drawn; count it, and tell what cannot be drawn."""
    faults.count(assumed or distribution.assumed)
    result = drawn(distribution)
    shape = result.parameters[0]
    if result.family == "gamma" and not LEAST_SHAPE <= shape <= GREATEST_SHAPE:
        message = f"a shape, (mean / standard_deviation)², of {shape:g} is not within {LEAST_SHAPE:g} and {GREATEST_SHAPE:g}"
        faults.error("out-of-range", key, message, "bring mean and standard_deviation nearer to each other, or give a fixed time", origin)
    elif not longest_us(result) <= LONGEST_US:
        faults.error("out-of-range", key, "times of more than 9000 years may be drawn", "give a shorter mean or standard_deviation", origin)
    return result


def longest_us(distribution: draws.Distribution) -> float:
    """Return a time that no draw exceeds; draws are quantiles of numbers at least 2⁻⁵³ away from 0 and 1."""
    p = distribution.parameters
    match distribution.family:
        case "exponential":
            return 37 * p[0]
        case "lognormal":
            return math.exp(min(p[0] + 8.3 * p[1], 700.0))
        case "gamma":  # a tail bound of Boucheron, Lugosi, Massart, Concentration Inequalities, 2013, section 2.4
            return p[1] * (p[0] + math.sqrt(2 * p[0] * 37) + 37)
        case _:
            return float(p[-1])
