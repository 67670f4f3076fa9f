"""Quantiles of Student's t distribution."""

from __future__ import annotations

import math

from bpmnmap.functions.elementary import exp, log, polynomial
from bpmnmap.functions.gamma import STIRLING
from bpmnmap.functions.normal import inverse_normal

_ROOT_2PI = 2.5066282746310002
# Γ(x + ½) ÷ Γ(x) ÷ √x has this logarithm times 1/x, in powers of 1/x²
_HALF_STEP = tuple(-2.0 * (1 - 1 / (1 << 2 * n)) * c for n, c in zip(range(len(STIRLING), 0, -1), STIRLING, strict=True))
_HALF_STEP_FROM = 12.0
_BOUNDARY = math.sqrt(3.0)  # up to it the probability between 0 and t is computed, past it the one above t
_LEAST_P, _GREATEST_DEGREES = 1e-100, 1e15


def _peak(degrees: float) -> float:
    """Density at 0: Γ((ν + 1)/2) ÷ (Γ(ν/2) · √(π ν))."""
    x = 0.5 * degrees
    ratio = 1.0
    while x < _HALF_STEP_FROM:
        ratio *= x / (x + 0.5)
        x += 1.0
    return ratio * exp(polynomial(_HALF_STEP, 1.0 / (x * x)) / x) * math.sqrt(2.0 * x / degrees) / _ROOT_2PI


def _decline(t: float, degrees: float) -> float:
    """Logarithm of density(0) ÷ density(t): (ν + 1)/2 · log(1 + t²/ν)."""
    x = t * t / degrees
    y = 1.0 + x
    log1p = x if y == 1.0 else log(y) * (x / (y - 1.0))  # the quotient mends what 1 + x rounds away
    return 0.5 * (degrees + 1.0) * log1p


def _middle(t: float, degrees: float, peak: float) -> tuple[float, float]:
    """The probability between 0 and t, by a series of positive terms, and the density; for t up to the boundary."""
    y = t * t / (degrees + t * t)
    total = term = 1.0
    n = 0
    while term > 1e-17 * total:
        term *= y * (degrees + 1 + 2 * n) / (3 + 2 * n)
        total += term
        n += 1
    density = peak * exp(-_decline(t, degrees))
    return t * density * total, density


def _upper_ratio(t: float, degrees: float) -> float:
    """The probability above t ÷ the density at t, for t past the boundary; 120 terms of the fraction, all positive, are ample."""
    z = degrees / (t * t)
    fraction = 0.0
    for j in range(120, -1, -1):
        fraction = z * (j + 1) * (degrees + j) / ((degrees + 2 * j) * (degrees + 2 * j + 2)) / (1.0 + fraction)
    return (degrees + t * t) / (degrees * t) / (1.0 + fraction)


def _middle_quantile(p: float, degrees: float, peak: float) -> float:
    """The t with probability p between 0 and t; the density falls, so Newton's steps from a lower bound never pass it."""
    t = p / peak
    for _ in range(40):
        probability, density = _middle(t, degrees, peak)
        step = (p - probability) / density
        t += step
        if abs(step) <= 1e-10 * t:
            break
    return t


def _upper_quantile(tail: float, degrees: float, peak: float) -> float:
    """The t with that probability above it; log tail is concave in log t, so Newton's steps come to it from any start."""
    log_tail = log(tail)
    t = max(_BOUNDARY, -inverse_normal(tail))
    for _ in range(40):
        ratio = _upper_ratio(t, degrees)
        step = (log(peak * ratio) - _decline(t, degrees) - log_tail) * ratio / t
        t *= exp(step)
        if abs(step) <= 1e-10:
            break
    return t


def t_quantile(p: float, degrees_of_freedom: float) -> float:
    """Quantile of Student's t distribution, relative error below 1e-14.

    Parameters
    ----------
    p : float
        Probability below the quantile, from 1e-100 to 1 − 2**-53.
    degrees_of_freedom : float
        From 1 to 1e15; need not be whole.

    Raises
    ------
    ValueError
        A parameter is outside its range.

    Examples
    --------
    >>> round(t_quantile(0.975, 29), 12), t_quantile(0.5, 3)
    (2.045229642133, 0.0)

    References
    ----------
    NIST *Digital Library of Mathematical Functions*, 8.17.8 (the incomplete beta function, as the series between 0 and t), 15.8.1 (its form
    above t), 5.11.8 (the density at 0).
    A. Cuyt et al., *Handbook of Continued Fractions for Special Functions*, 2008, chapter 15 (Gauss' fraction, above t).
    """
    if not _LEAST_P <= p < 1.0:
        raise ValueError(f"p must be from {_LEAST_P} to less than 1 (got {p})")
    if not 1.0 <= degrees_of_freedom <= _GREATEST_DEGREES:
        raise ValueError(f"degrees_of_freedom must be from 1 to {_GREATEST_DEGREES} (got {degrees_of_freedom})")
    if p == 0.5:
        return 0.0
    degrees = float(degrees_of_freedom)
    peak = _peak(degrees)
    if abs(p - 0.5) <= _middle(_BOUNDARY, degrees, peak)[0]:
        t = _middle_quantile(abs(p - 0.5), degrees, peak)
    else:
        t = _upper_quantile(min(p, 1.0 - p), degrees, peak)
    return t if p > 0.5 else -t
