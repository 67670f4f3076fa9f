"""Exact values of models that have no formula worth a line: birth and death, a chain of two numbers, maxima of exponentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Impatience:
    """M/M/c in which each case leaves after an exponential patience, in the queue or from work.

    Parameters
    ----------
    served, interrupted, withdrawn
        Shares of cases that are worked to the end, leave from work, and leave the queue.
    number
        Mean number in the system.
    """

    served: float
    interrupted: float
    withdrawn: float
    number: float


def impatience(arrivals: float, service: float, patience: float, servers: int, most: int = 400) -> Impatience:
    """Stationary values of a birth and death process: n in the system leave at rate min(n, c) μ + n θ.

    As a timer at the activity also stops started work, this is Palm's M/M/c+M (Erlang-A; O. Garnett, A. Mandelbaum, M. Reiman,
    "Designing a Call Center with Impatient Customers", 2002) with patience θ and the rate of service μ + θ: min(n, c) (μ + θ) + (n − c)⁺ θ.
    """
    weights = [1.0]
    for n in range(1, most):
        weights.append(weights[-1] * arrivals / (min(n, servers) * service + n * patience))
    shares = np.array(weights) / sum(weights)
    numbers = np.arange(most)
    busy = float(shares @ np.minimum(numbers, servers))
    waiting = float(shares @ np.maximum(numbers - servers, 0))
    return Impatience(busy * service / arrivals, busy * patience / arrivals, waiting * patience / arrivals, busy + waiting)


def retrial(arrivals: float, service: float, patience: float, back: float, servers: int, most: int = 45) -> tuple[float, float]:
    """Mean numbers at the station and of those who left it in impatience and come back after an exponential time.

    The chain of both numbers, cut where hardly any case comes, is solved as it is.
    """
    size = most * most
    rates = np.zeros((size, size))
    for n in range(most):
        for m in range(most):
            at = n * most + m
            moves = {
                (n + 1, m): arrivals,
                (n - 1, m): min(n, servers) * service,
                (n - 1, m + 1): n * patience,
                (n + 1, m - 1): m * back,
            }
            for (to, of), rate in moves.items():
                if rate > 0 and to < most and of < most:
                    rates[at, to * most + of] += rate
                    rates[at, at] -= rate
    system = rates.T
    system[0, :] = 1.0  # in place of one balance equation: shares sum to 1
    shares = np.linalg.solve(system, np.eye(size)[0]).reshape(most, most)
    assert shares[-1].sum() + shares[:, -1].sum() < 1e-9, "cut too early"
    numbers = np.arange(most)
    return float(shares.sum(axis=1) @ numbers), float(shares.sum(axis=0) @ numbers)


def mean_maximum(*rates: float) -> float:
    """Mean of the maximum of independent exponential times, by inclusion and exclusion."""
    return float(sum((-1) ** (len(some) + 1) / sum(some) for some in subsets(rates) if some))


def inclusive(branches: Mapping[str, tuple[float, float]]) -> tuple[dict[str, float], float]:
    """Chance of each branch of an inclusive split, and the mean time to its join.

    Parameters
    ----------
    branches
        Name → chance that it is taken, by itself, and rate of its exponential time. Never none is taken (drawn again).
    """
    chances = {
        some: float(np.prod([chance if name in some else 1 - chance for name, (chance, _) in branches.items()]))
        for some in subsets(tuple(branches))
    }
    some_is_taken = 1 - chances[()]
    mean = sum(chance * mean_maximum(*(branches[name][1] for name in some)) for some, chance in chances.items() if some) / some_is_taken
    return {name: chance / some_is_taken for name, (chance, _) in branches.items()}, mean


def subsets(values: tuple[T, ...]) -> chain[tuple[T, ...]]:
    """All subsets, the empty one first."""
    return chain.from_iterable(combinations(values, size) for size in range(len(values) + 1))
