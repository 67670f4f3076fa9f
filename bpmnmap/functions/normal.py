"""Quantiles of the normal distribution."""

from __future__ import annotations

import math
from typing import overload

import numpy as np

from bpmnmap.functions.elementary import FloatArray, Real, flat, log, polynomial

# Wichura's PPND16: numerator and denominator for the middle, and for r = √(−log tail) below and above 5.
_MIDDLE, _SQUARE = 0.425, 0.180625
_NUMERATOR = (
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
    1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0,
)  # fmt: skip
_DENOMINATOR = (
    5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
    5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0,
)  # fmt: skip
_TAIL_NUMERATOR = (
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
    3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0,
)  # fmt: skip
_TAIL_DENOMINATOR = (
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
    6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0,
)  # fmt: skip
_FAR_NUMERATOR = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
    2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0,
)  # fmt: skip
_FAR_DENOMINATOR = (
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
    1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0,
)  # fmt: skip


def _middle(q: Real) -> Real:
    r = _SQUARE - q * q
    return polynomial(_NUMERATOR, r) * q / polynomial(_DENOMINATOR, r)


def _tail(r: Real) -> Real:
    return polynomial(_TAIL_NUMERATOR, r - 1.6) / polynomial(_TAIL_DENOMINATOR, r - 1.6)


def _far(r: Real) -> Real:
    return polynomial(_FAR_NUMERATOR, r - 5.0) / polynomial(_FAR_DENOMINATOR, r - 5.0)


@overload
def inverse_normal(p: float) -> float: ...
@overload
def inverse_normal(p: FloatArray) -> FloatArray: ...
def inverse_normal(p: float | FloatArray) -> float | FloatArray:
    """Quantile of the standard normal distribution at 0 < p < 1, relative error below 1e-15.

    Raises
    ------
    ValueError
        A number is not between 0 and 1.

    Examples
    --------
    >>> inverse_normal(0.5), inverse_normal(0.975)
    (0.0, 1.9599639845400536)

    References
    ----------
    M. J. Wichura, *Algorithm AS 241: the percentage points of the normal distribution*, Applied Statistics 37 (1988), PPND16.
    """
    if isinstance(p, np.ndarray):
        return _inverse_normal_array(flat(p)).reshape(p.shape)
    p = float(p)
    if not 0.0 < p < 1.0:
        raise ValueError(f"inverse_normal takes numbers between 0 and 1 (got {p})")
    q = p - 0.5
    if abs(q) <= _MIDDLE:
        return _middle(q)
    r = math.sqrt(-log(p if q < 0.0 else 1.0 - p))
    value = _tail(r) if r <= 5.0 else _far(r)
    return -value if q < 0.0 else value


def _inverse_normal_array(p: FloatArray) -> FloatArray:
    if p.size and not (p.min() > 0.0 and p.max() < 1.0):
        raise ValueError("inverse_normal takes numbers between 0 and 1")
    q = p - 0.5
    value = _middle(q)  # of the tails too, which are replaced: picking out the other 85 % would cost more
    outside = np.flatnonzero(np.abs(q) > _MIDDLE)
    p, q = p[outside], q[outside]
    r = np.sqrt(-log(np.where(q < 0.0, p, 1.0 - p)))
    tail = _tail(r)
    far = np.flatnonzero(r > 5.0)
    if far.size:
        tail[far] = _far(r[far])
    value[outside] = np.where(q < 0.0, -tail, tail)
    return value
