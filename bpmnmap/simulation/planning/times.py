"""The scenario's distributions → draws, in microseconds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bpmnmap.simulation import draws

if TYPE_CHECKING:
    from bpmnmap.simulation.scenario import Distribution

_MICROSECOND = timedelta(microseconds=1)


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
