"""Drawn numbers by their address (H31): the one thing the reference takes from the engine, so that logs can be compared row by row."""

from __future__ import annotations

from datetime import timedelta

from bpmnmap.simulation import draws
from bpmnmap.simulation.draws import Purpose, fold, stable_hash, uniform
from bpmnmap.simulation.scenario import Erlang, Exponential, Fixed, Gamma, Lognormal, Triangular, Uniform

AnyDistribution = Fixed | Exponential | Uniform | Triangular | Lognormal | Gamma | Erlang
MICROSECOND = timedelta(microseconds=1)


def us(duration: timedelta | None) -> int:
    assert duration is not None
    return duration // MICROSECOND


def drawn(given: AnyDistribution) -> draws.Distribution:
    """A scenario's distribution over microseconds."""
    match given:
        case Fixed():
            return draws.fixed(us(given.value))
        case Exponential():
            return draws.exponential(float(us(given.mean)))
        case Uniform():
            return draws.uniform_between(float(us(given.min)), float(us(given.max)))
        case Triangular():
            return draws.triangular(float(us(given.min)), float(us(given.mode)), float(us(given.max)))
        case Lognormal():
            return draws.lognormal(float(us(given.mean)), float(us(given.standard_deviation)))
        case Erlang():
            return draws.gamma(float(given.k), us(given.mean) / given.k)
        case Gamma() if given.shape is not None:
            return draws.gamma(given.shape, float(us(given.scale)))
        case Gamma():
            mean, deviation = float(us(given.mean)), float(us(given.standard_deviation))
            return draws.gamma((mean / deviation) * (mean / deviation), deviation * deviation / mean)


class Numbers:
    """All numbers of one replication."""

    def __init__(self, seed: int, replication: int) -> None:
        limbs = [seed & (2**64 - 1)]
        while seed := seed >> 64:
            limbs.append(seed & (2**64 - 1))
        self.run = fold(0, *limbs, replication)

    def for_arrival(self, process: str, start: str, index: int) -> float:
        return uniform(fold(self.run, Purpose.ARRIVAL, stable_hash(process, start), 0, 0), index)

    def for_case(self, purpose: Purpose, element: tuple[str, ...], stream: tuple[str, str], case: int, visit: int, part: int = 0) -> float:
        """The number of one visit of one case at an element of a process."""
        at_element = fold(self.run, purpose, stable_hash(*element))
        return uniform(fold(at_element, fold(0, stable_hash(*stream)), visit, part), case)

    def at(self, purpose: Purpose, element: tuple[str, ...], scope: int, case: int, visit: int, part: int = 0) -> float:
        """The number of one visit of one case at an element, in a scope with this key."""
        return uniform(fold(fold(self.run, purpose, stable_hash(*element)), scope, visit, part), case)

    def of_attribute(self, name: str, stream: int, case: int) -> float:
        return uniform(fold(fold(self.run, Purpose.ATTRIBUTE, stable_hash(name)), stream, 0, 0), case)
