"""Logarithm of the gamma function, and quantiles of the gamma distribution."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import overload

import numpy as np

from bpmnmap.functions.elementary import SHIFT, SHIFT_BITS, FloatArray, Real, exp, flat, log, polynomial
from bpmnmap.functions.normal import inverse_normal

_HALF_LOG_2PI = 0.9189385332046728
# B(2n) ÷ (2n (2n − 1)) for n = 10 … 1: Stirling's series in powers of 1/x²
STIRLING = (
    -174611 / 125400, 43867 / 244188, -3617 / 122400, 1 / 156, -691 / 360360, 1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12,
)  # fmt: skip
_STIRLING_FROM = 8.0


def _stirling_rest(x: Real) -> Real:
    """What Stirling's series adds to (x − ½) log x − x + ½ log 2π, for x ≥ 8."""
    inverse = 1.0 / x
    return polynomial(STIRLING, inverse * inverse) * inverse


def _log_gamma_above(x: Real) -> Real:
    return (x - 0.5) * log(x) - x + (_HALF_LOG_2PI + _stirling_rest(x))


def _log_gamma_below(x: Real, root: Real) -> Real:
    # Γ(y) = x (x + 1) … (x + 7) Γ(x) with y = x + 8, root = √y; grouped so that no term is much larger than the result.
    y = x + _STIRLING_FROM
    product = root
    for n in range(1, 8):
        product = product * (x + n)
    y4 = (y * y) * (y * y)
    return x * log(y) - log(product / (y4 * y4) * x) - y + (_HALF_LOG_2PI + _stirling_rest(y))


@overload
def log_gamma(x: float) -> float: ...
@overload
def log_gamma(x: FloatArray) -> FloatArray: ...
def log_gamma(x: float | FloatArray) -> float | FloatArray:
    """Logarithm of Γ(x) for 1e-300 ≤ x ≤ 1e300, with an error below 3e-15 or 3e-15 of the result, whichever is more.

    Raises
    ------
    ValueError
        A number is outside that range.

    Examples
    --------
    >>> log_gamma(0.5), log_gamma(100.0)
    (0.5723649429246994, 359.13420536957545)

    References
    ----------
    NIST *Digital Library of Mathematical Functions*, 5.11.1 (Stirling's series) and 5.5.1 (recurrence).
    """
    if isinstance(x, np.ndarray):
        return _log_gamma_array(flat(x)).reshape(x.shape)
    x = float(x)
    if not 1e-300 <= x <= 1e300:
        raise ValueError(f"log_gamma takes numbers from 1e-300 to 1e300 (got {x})")
    return _log_gamma_above(x) if x >= _STIRLING_FROM else _log_gamma_below(x, math.sqrt(x + _STIRLING_FROM))


def _log_gamma_array(x: FloatArray) -> FloatArray:
    if x.size and not (x.min() >= 1e-300 and x.max() <= 1e300):
        raise ValueError("log_gamma takes numbers from 1e-300 to 1e300")
    value = np.empty_like(x)
    above = x >= _STIRLING_FROM
    value[above] = _log_gamma_above(x[above])
    below = x[~above]
    value[~above] = _log_gamma_below(below, np.sqrt(below + _STIRLING_FROM))
    return value


# ── quantiles ──
# With x = shape · eᵗ and p = Φ(z), t(z) is smooth for every shape and solves t′ = φ(z) ÷ g(t), where g is the density of t. Once for each
# shape a table of Taylor polynomials of t(z) around z = k/16 is made, from both ends to the middle: in that direction errors shrink.

_STEPS = 16
_REACH = 8.5
_LOG_REACH = -39.19739642821767  # log Φ(−8.5): ends of the table; beyond it p < 1e-17
_FIRST = int(_REACH * _STEPS)
_DEGREE = 11
_LEAST_SHAPE, _GREATEST_SHAPE = 1e-5, 1e15


def _excess(t: float) -> float:
    """eᵗ − 1 − t."""
    if abs(t) >= 1.0:
        return exp(t) - 1.0 - t
    total = 1.0
    for n in range(20, 2, -1):
        total = 1.0 + total * t / n
    return 0.5 * t * t * total


def _log_peak(shape: float) -> float:
    """Logarithm of g(0), in g(t) = g(0) · exp(−shape · (eᵗ − 1 − t))."""
    if shape >= _STIRLING_FROM:
        return 0.5 * log(shape) - _HALF_LOG_2PI - _stirling_rest(shape)
    return shape * log(shape) - shape - log_gamma(shape)


def _lower_ratio(shape: float, x: float) -> float:
    """P(shape, x) ÷ g, far on the left (z ≤ −8.5), where thirty pairs of the continued fraction are ample."""
    fraction = 0.0
    for n in range(30, 0, -1):
        fraction = n * x / (shape + 2 * n + fraction)
        fraction = -(shape + n - 1) * x / (shape + 2 * n - 1 + fraction)
    return 1.0 / (shape + fraction)


def _upper_ratio(shape: float, x: float) -> float:
    """Q(shape, x) ÷ g, far on the right (z ≥ 8.5)."""
    fraction = 0.0
    for n in range(40, 0, -1):
        fraction = n * (shape - n) / (x + 2 * n + 1 - shape + fraction)
    return 1.0 / (x + 1 - shape + fraction)


def _lower_end(shape: float, log_p: float) -> float:
    """The t with a tiny probability below it. log P is concave in t, so Newton's steps from a lower bound never pass the root."""
    log_peak = _log_peak(shape)
    t = (log_p + log_gamma(shape + 1.0)) / shape - log(shape)
    deviation = math.sqrt(-2.0 * log_p / shape)
    if deviation < 1.0:
        t = max(t, log(1.0 - deviation))
    for _ in range(20):  # six do; above shape 1e13 rounding may hide the end
        ratio = _lower_ratio(shape, shape * exp(t))
        step = (log_p - log_peak + shape * _excess(t) - log(ratio)) * ratio
        t += step
        if abs(step) <= 1e-12 * abs(t):
            break
    return t


def _upper_end(shape: float, log_q: float) -> float:
    """The t with a tiny probability above it, likewise from an upper bound."""
    log_peak = _log_peak(shape)
    t = log(1.0 + math.sqrt(-2.0 * log_q / shape) - log_q / shape)
    for _ in range(20):  # six do; above shape 1e13 rounding may hide the end
        ratio = _upper_ratio(shape, shape * exp(t))
        step = (log_peak - shape * _excess(t) + log(ratio) - log_q) * ratio
        t += step
        if abs(step) <= 1e-12 * abs(t):
            break
    return t


def _convolution(a: list[float], b: list[float], n: int) -> float:
    """Coefficient n of the product of two power series."""
    total = a[0] * b[n]
    for j in range(1, n + 1):
        total += a[j] * b[n - j]
    return total


def _taylor(shape: float, log_peak: float, t: float, z: float) -> tuple[float, ...]:
    """Coefficients of t(z + h), highest first, from t″ = −t′ · (z + shape · (1 − eᵗ) · t′) term by term."""
    excess = _excess(t)
    growth = [1.0 + t + excess]  # eᵗ
    pull = [-shape * (t + excess)]  # shape · (1 − eᵗ)
    slope = [exp(shape * excess - 0.5 * z * z - _HALF_LOG_2PI - log_peak)]  # t′
    bend: list[float] = []
    for n in range(_DEGREE - 1):
        if n > 0:
            growth.append(_convolution(slope, growth, n - 1) / n)
            pull.append(-shape * growth[n])
        bend.append(_convolution(pull, slope, n) + (z if n == 0 else 1.0 if n == 1 else 0.0))
        slope.append(-_convolution(slope, bend, n) / (n + 1))
    return (*(slope[n] / (n + 1) for n in reversed(range(_DEGREE))), t)


@lru_cache(maxsize=256)
def _quantile_table(shape: float) -> FloatArray:
    """Coefficients of t(z), a row per power and a column per k."""
    log_peak = _log_peak(shape)
    polynomials: dict[int, tuple[float, ...]] = {}
    t = _lower_end(shape, _LOG_REACH)
    for k in range(-_FIRST, 1):
        polynomials[k] = _taylor(shape, log_peak, t, k / _STEPS)
        t = polynomial(polynomials[k], 1.0 / _STEPS)
    t = _upper_end(shape, _LOG_REACH)
    for k in range(_FIRST, 0, -1):
        polynomials[k] = _taylor(shape, log_peak, t, k / _STEPS)
        t = polynomial(polynomials[k], -1.0 / _STEPS)
    columns = [polynomials[k] for k in range(-_FIRST, _FIRST + 1)]
    table = np.array(list(zip(*columns, strict=True)))
    table.setflags(write=False)
    return table


@overload
def inverse_gamma(p: float, shape: float) -> float: ...
@overload
def inverse_gamma(p: FloatArray, shape: float) -> FloatArray: ...
def inverse_gamma(p: float | FloatArray, shape: float) -> float | FloatArray:
    """Quantile of the gamma distribution with scale 1 at 0 < p < 1.

    The relative error is below 1e-13 for shapes ≥ ½ and 1e-12 for shapes ≥ 0.01; below that it grows to some 1e-11 at 1e-5. A quantile less
    than the least float is 0. The first call with a shape takes some milliseconds, as it makes the shape's table.

    Parameters
    ----------
    p : float or array of float64
    shape : float
        From 1e-5 to 1e15.

    Raises
    ------
    ValueError
        A probability is not between 0 and 1, or the shape is outside its range.

    Examples
    --------
    >>> inverse_gamma(0.5, 1.0), log(2.0)
    (0.6931471805599457, 0.6931471805599453)

    References
    ----------
    G. Steinbrecher, W. T. Shaw, *Quantile mechanics*, European Journal of Applied Mathematics 19 (2008): quantiles as solutions of a
    differential equation.
    A. Griewank, A. Walther, *Evaluating Derivatives*, 2nd ed. 2008, section 13.2: Taylor coefficients term by term.
    NIST *Digital Library of Mathematical Functions*, 8.9.1 and 8.9.2 (its even part): the continued fractions.
    S. Boucheron, G. Lugosi, P. Massart, *Concentration Inequalities*, 2013, section 2.4: the bounds that Newton's steps start from.
    """
    if not _LEAST_SHAPE <= shape <= _GREATEST_SHAPE:
        raise ValueError(f"shape must be from {_LEAST_SHAPE} to {_GREATEST_SHAPE} (got {shape})")
    shape = float(shape)
    if isinstance(p, np.ndarray):
        return _inverse_gamma_array(flat(p), shape).reshape(p.shape)
    z = inverse_normal(p)
    if z < -_REACH:
        return shape * exp(_lower_end(shape, log(p)))
    k = (z * _STEPS + SHIFT) - SHIFT
    coefficients: list[float] = _quantile_table(shape)[:, int(k) + _FIRST].tolist()
    return shape * exp(polynomial(coefficients, z - k / _STEPS))


def _inverse_gamma_array(p: FloatArray, shape: float) -> FloatArray:
    z = inverse_normal(p)
    beyond = np.flatnonzero(z < -_REACH)
    z[beyond] = 0.0  # these few are computed one by one
    shifted = z * _STEPS + SHIFT
    k = shifted - SHIFT
    column = shifted.view(np.int64) - (SHIFT_BITS - _FIRST)
    h = z - k / _STEPS
    table = _quantile_table(shape)
    t = table[0].take(column)
    for coefficients in table[1:]:
        t *= h
        t += coefficients.take(column)
    value: FloatArray = shape * exp(t)
    for i in beyond:
        value[i] = inverse_gamma(float(p[i]), shape)
    return value
