"""Logarithm, exponential and power with the same bits on every machine.

The last bit of a library's logarithm differs between processors and releases, so what is drawn from it would too. All of this package is
made from + − × ÷ and √, which IEEE 754 rounds correctly, from comparisons, and from moves of bits and exponents, which are exact. No
order of additions is left to a library: not even to `sum`, which compensates since Python 3.12.

A function takes a float or an array of float64 and gives the like. An element of an array gets the bits that it gets alone: both ways run
through the same expressions.

References
----------
W. J. Cody, W. Waite, *Software Manual for the Elementary Functions*, 1980, chapters 5 to 7: reduction of the arguments.
J.-M. Muller, *Elementary Functions*, 3rd ed. 2016, chapter 3: Remez' exchange algorithm, which gave the coefficients here.
IEEE 754-2019, section 5.4.1: operations that round correctly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Real = TypeVar("Real", float, FloatArray)

SHIFT = math.ldexp(1.5, 52)  # added, it rounds to a whole number half-even and leaves that number in the low bits
SHIFT_BITS = 0x4338 << 48
_SMALLEST_NORMAL = math.ldexp(1.0, -1022)
_LN2_HIGH, _LN2_LOW = float.fromhex("0x1.62e42fefa38p-1"), 5.497923018708371e-14  # the high part times an exponent is exact


def polynomial(coefficients: Sequence[float], x: Real) -> Real:
    """Value of a polynomial, highest power first, by Horner's rule."""
    value = coefficients[0] * x + coefficients[1]
    for coefficient in coefficients[2:]:
        value *= x
        value += coefficient
    return value


def flat(x: FloatArray) -> FloatArray:
    """The elements in one contiguous line."""
    return np.ascontiguousarray(x, dtype=np.float64).reshape(-1)


# ── logarithm ──

_SQRT_HALF = math.sqrt(0.5)
_SQRT_HALF_BITS = np.uint64(0x3FE6A09E667F3BCD)
_FRACTION = np.uint64((1 << 52) - 1)
_OFFSET = np.uint64((1024 << 52) - 0x3FE6A09E667F3BCD)
_FRACTION_BITS = np.uint64(52)
_WHOLE = np.uint64(0x433 << 52)  # with these bits above it, a whole number k is the float 2**52 + k
_WHOLE_OFFSET = math.ldexp(1.0, 52) + 1024
_LOG = (
    0.147959541126528, 0.15314050150935277, 0.1818356433944063, 0.22222198573001886, 0.2857142874238815, 0.39999999999414687,
    0.6666666666666734,
)  # fmt: skip


def _scaled(x: float) -> tuple[float, float]:
    """The m and k with x = m · 2**k and √½ ≤ m < √2."""
    m, k = math.frexp(x)
    return (2.0 * m, k - 1.0) if m < _SQRT_HALF else (m, float(k))


def _scaled_array(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same for normal numbers."""
    bits = x.view(np.uint64) + _OFFSET
    k = bits >> _FRACTION_BITS
    k |= _WHOLE
    bits &= _FRACTION
    bits += _SQRT_HALF_BITS
    return bits.view(np.float64), k.view(np.float64) - _WHOLE_OFFSET


def _log_of_scaled(m: Real, k: Real) -> Real:
    # With f = m − 1, which is exact, and s = f ÷ (2 + f): log m = 2 artanh s = f − s (f − R), R = ⅔ s² + ⅖ s⁴ + …
    f = m - 1.0
    s = f / (m + 1.0)
    z = s * s
    r = polynomial(_LOG, z)
    r *= z
    return k * _LN2_HIGH + (f - (s * (f - r) - k * _LN2_LOW))


@overload
def log(x: float) -> float: ...
@overload
def log(x: FloatArray) -> FloatArray: ...
def log(x: float | FloatArray) -> float | FloatArray:
    """Natural logarithm of finite numbers > 0, within 0.9 ulp.

    Raises
    ------
    ValueError
        A number is ≤ 0, infinite or not a number.

    Examples
    --------
    >>> log(1.0), log(10.0)
    (0.0, 2.302585092994046)
    """
    if isinstance(x, np.ndarray):
        return _log_array(flat(x)).reshape(x.shape)
    x = float(x)
    if not 0.0 < x < math.inf:
        raise ValueError(f"log takes finite numbers > 0 (got {x})")
    return _log_of_scaled(*_scaled(x))


def _log_array(x: FloatArray) -> FloatArray:
    if not x.size:
        return x.copy()
    least = x.min()
    if not (least > 0.0 and x.max() < math.inf):
        raise ValueError("log takes finite numbers > 0")
    value = _log_of_scaled(*_scaled_array(x))
    if least < _SMALLEST_NORMAL:
        for i in np.flatnonzero(x < _SMALLEST_NORMAL):
            value[i] = log(float(x[i]))
    return value


# ── exponential ──

_EXP = (4.138143741750491e-08, -1.6533902378962597e-06, 6.613756321570428e-05, -0.0027777777777015836, 0.16666666666666602)
_EXP_LOW, _EXP_HIGH = -708.0, 709.782712893384  # between them the result is finite and normal
_EXP_ZERO = -746.0  # below it the result is 0
_SUBNORMAL_STEP = math.ldexp(1.0, -128)
_INVERSE_LN2 = 1.4426950408889634


def _exp_of_reduced(high: Real, low: Real) -> Real:
    # r (eʳ + 1) ÷ (eʳ − 1) = 2 + r²/6 − … is even. low, what r lacks of high, and what 1 + high rounds away are added last.
    r = high - low
    z = r * r
    c = polynomial(_EXP, z)
    c *= z
    c = r - c
    first = 1.0 + high
    return first + ((high - (first - 1.0)) - (low - r * c / (2.0 - c)))


def _exp_scalar(x: float, tail: float) -> float:
    """exp(x + tail), where the tail is less than an ulp of x."""
    if x > _EXP_HIGH:
        return math.inf
    if x < _EXP_ZERO:
        return 0.0
    k = (x * _INVERSE_LN2 + SHIFT) - SHIFT
    value = _exp_of_reduced(x - k * _LN2_HIGH, k * _LN2_LOW - tail)
    if x < _EXP_LOW:
        return math.ldexp(value, int(k) + 128) * _SUBNORMAL_STEP  # rounded once, in the product
    if x == _EXP_HIGH:
        return math.ldexp(value, int(k) - 1) * 2.0  # infinite where ldexp would raise
    return math.ldexp(value, int(k))


def _exp_array(x: FloatArray, tail: FloatArray | None) -> FloatArray:
    if not x.size:
        return x.copy()
    least, greatest = x.min(), x.max()
    if not least <= greatest:
        raise ValueError("exp takes numbers (got nan)")
    rare = least < _EXP_LOW or greatest >= _EXP_HIGH
    inside = np.clip(x, _EXP_LOW, _EXP_HIGH) if rare else x
    shifted = inside * _INVERSE_LN2
    shifted += SHIFT
    k = shifted - SHIFT
    low = k * _LN2_LOW
    if tail is not None:
        low -= tail
    value = _exp_of_reduced(inside - k * _LN2_HIGH, low)
    bits = value.view(np.int64)
    bits += shifted.view(np.int64) << 52  # the low bits of shifted are k
    if rare:
        value[x > _EXP_HIGH] = math.inf
        value[x < _EXP_ZERO] = 0.0
        for i in np.flatnonzero((x < _EXP_LOW) & (x >= _EXP_ZERO) | (x == _EXP_HIGH)):
            value[i] = _exp_scalar(float(x[i]), 0.0 if tail is None else float(tail[i]))
    return value


@overload
def exp(x: float) -> float: ...
@overload
def exp(x: FloatArray) -> FloatArray: ...
def exp(x: float | FloatArray) -> float | FloatArray:
    """Exponential, within 0.7 ulp; 0 and infinity where the result leaves the range of floats.

    Raises
    ------
    ValueError
        A number is not a number.

    Examples
    --------
    >>> exp(0.0), exp(1.0), exp(-1000.0)
    (1.0, 2.718281828459045, 0.0)
    """
    if isinstance(x, np.ndarray):
        return _exp_array(flat(x), None).reshape(x.shape)
    x = float(x)
    if math.isnan(x):
        raise ValueError("exp takes numbers (got nan)")
    return _exp_scalar(x, 0.0)


# ── power ──

_TABLE_FIRST, _TABLE_LAST, _TABLE_STEPS = 45, 91, 64
_ARTANH = (1 / 9, 1 / 7, 1 / 5, 1 / 3)
_GREATEST_POWER = math.ldexp(1.0, 64)  # beyond it every power of a float but 1 is 0 or infinite
_HEAD = math.ldexp(1.5, 28)  # added and taken away, it rounds to a multiple of 2**-24


@lru_cache(maxsize=1)
def _log_table() -> tuple[FloatArray, FloatArray]:
    """Logarithms of j/64 by j, from whole numbers, in two parts: multiples of 2**-42, whose sums are exact, and the rest."""
    rows = []
    for j in range(_TABLE_LAST + 1):
        below, above = j - _TABLE_STEPS, j + _TABLE_STEPS
        term = total = (2 << 150) * below // above if j >= _TABLE_FIRST else 0
        for n in range(3, 61, 2):
            term = term * (below * below) // (above * above)
            total += term // n
        high = (total + (1 << 107)) >> 108
        rows.append((math.ldexp(high, -42), math.ldexp(total - (high << 108), -150)))
    table = np.array(rows)
    table.setflags(write=False)
    return table[:, 0], table[:, 1]


def _split(x: Real) -> tuple[Real, Real]:
    """Two parts of 26 bits, whose products are exact."""
    scaled = x * 134217729.0
    high = scaled - (scaled - x)
    return high, x - high


def _log_parts(m: Real, k: Real, c: Real, log_c_high: Real, log_c_low: Real) -> tuple[Real, Real]:
    """The logarithm of m · 2**k in two parts, relative error about 2**-64: log c + 2 artanh((m − c) ÷ (m + c))."""
    f = m - c
    m_head = (m + _HEAD) - _HEAD
    d_head, d_rest = m_head + c, m - m_head  # exact, like f
    d = m + c
    s = f / d
    s_head, s_rest = _split(s)
    s_lack = ((f - s_head * d_head) - s_rest * d_head - s * d_rest) / d
    z = s * s
    first = k * _LN2_HIGH + log_c_high
    s += s
    high = first + s
    low = (s - (high - first)) + (s_lack + s_lack + s * (z * polynomial(_ARTANH, z)) + (k * _LN2_LOW + log_c_low))
    total = high + low
    return total, (high - total) + low


def _product(y: Real, high: Real, low: Real) -> tuple[Real, Real]:
    """The product of y and (high + low) in two parts."""
    value = y * high
    y_head, y_rest = _split(y)
    head, rest = _split(high)
    return value, ((y_head * head - value) + y_head * rest + y_rest * head) + y_rest * rest + y * low


def _power_scalar(x: float, y: float) -> float:
    if not (0.0 <= x < math.inf and abs(y) < math.inf and (x > 0.0 or y >= 0.0)):
        raise ValueError(f"power takes finite numbers, x >= 0, and no zero to a negative power (got {x}, {y})")
    if x == 0.0:
        return 1.0 if y == 0.0 else 0.0
    m, k = _scaled(x)
    j = (m * _TABLE_STEPS + SHIFT) - SHIFT
    high, low = _log_table()
    parts = _log_parts(m, k, j / _TABLE_STEPS, high.item(int(j)), low.item(int(j)))
    return _exp_scalar(*_product(min(max(y, -_GREATEST_POWER), _GREATEST_POWER), *parts))


def _power_array(x: FloatArray, y: FloatArray) -> FloatArray:
    if not x.size:
        return x.copy()
    least = x.min()
    if not (least >= 0.0 and x.max() < math.inf and -math.inf < y.min() and y.max() < math.inf):
        raise ValueError("power takes finite numbers, x >= 0")
    m, k = _scaled_array(x)
    j = m * _TABLE_STEPS + SHIFT
    index = j.view(np.int64) & 0x7F
    c = (j - SHIFT) * (1 / _TABLE_STEPS)
    high, low = (part.take(index) for part in _log_table())
    value = _exp_array(*_product(np.clip(y, -_GREATEST_POWER, _GREATEST_POWER), *_log_parts(m, k, c, high, low)))
    for i in np.flatnonzero(x < _SMALLEST_NORMAL) if least < _SMALLEST_NORMAL else ():
        value[i] = _power_scalar(float(x[i]), float(y[i]))
    return value


@overload
def power(x: float, y: float) -> float: ...
@overload
def power(x: FloatArray, y: float | FloatArray) -> FloatArray: ...
@overload
def power(x: float | FloatArray, y: FloatArray) -> FloatArray: ...
def power(x: float | FloatArray, y: float | FloatArray) -> float | FloatArray:
    """The power x**y for finite x ≥ 0 and finite y, within 0.7 ulp; 0 and infinity where the result leaves the range of floats.

    Raises
    ------
    ValueError
        A number is not finite, x is < 0, or zero is raised to a negative power.

    Examples
    --------
    >>> power(2.0, 0.5), power(9.0, 1.5), power(0.0, 0.0)
    (1.4142135623730951, 27.0, 1.0)

    References
    ----------
    P. T. P. Tang, *Table-driven implementation of the logarithm function in IEEE floating-point arithmetic*, ACM TOMS 16 (1990): the table.
    J.-M. Muller et al., *Handbook of Floating-Point Arithmetic*, 2010, section 4.4: Veltkamp's splitting and Dekker's product.
    """
    if isinstance(x, np.ndarray) or isinstance(y, np.ndarray):
        wide_x, wide_y = np.broadcast_arrays(x, y)
        return _power_array(flat(wide_x), flat(wide_y)).reshape(wide_x.shape)
    return _power_scalar(float(x), float(y))
