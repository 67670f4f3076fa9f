"""The functions of `bpmnmap.functions` against mpmath, themselves element by element, and a pinned digest of their bits."""

from __future__ import annotations

import ast
import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from random import Random

import mpmath
import numpy as np
import pytest
from mpmath import mpf
from numpy.typing import NDArray

import bpmnmap.functions
from bpmnmap.functions import exp, inverse_gamma, inverse_normal, log, log_gamma, power, t_quantile

LEAST, SMALLEST_NORMAL, GREATEST = 5e-324, 2.0**-1022, 1.7976931348623157e308
NEAR_ONE = [1.0, math.nextafter(1.0, 0.0), math.nextafter(1.0, 2.0)]


def uniform(count: int, *, start: int = 0) -> list[float]:
    """Odd multiples of 2**-54 between 0 and 1, spread by whole numbers alone."""
    return [(((i * 0x9E3779B97F4A7C15) % (1 << 64) >> 11) + 0.5) * 2.0**-53 for i in range(start + 1, start + count + 1)]


def ulps(value: float, exact: mpf) -> float:
    return float(abs(mpf(value) - exact) / mpf(math.ulp(float(exact))))


def probabilities(count: int) -> list[float]:
    """Probabilities in the middle, in both tails down to 2**-54, and close to ½."""
    exponents = [54.0 * u for u in uniform(count, start=count)]
    lower = [2.0**-e for e in exponents]
    upper = [1.0 - 2.0 ** -(e * 53 / 54) for e in exponents]
    middle = [0.5 + sign * 2.0 ** -(e / 2 + 1) for e in exponents[: count // 2] for sign in (-1, 1)]
    edges = [2.0**-54, 2.0**-53, 1.0 - 2.0**-53, 0.075, 0.925, 0.5]
    return [p for p in uniform(count) + lower + upper + middle + edges if 0.0 < p < 1.0]


# ── log, exp, power ──

LOG_ARGUMENTS = [
    *uniform(1000),
    *(1.0 + sign * 10.0 ** (-16.0 * u) for u in uniform(500) for sign in (-1, 1)),
    *(10.0 ** (616.0 * u - 308.0) for u in uniform(1000)),
    *(LEAST, 1e-310, math.nextafter(SMALLEST_NORMAL, 0.0), SMALLEST_NORMAL, GREATEST, math.sqrt(0.5), math.sqrt(2.0), 2.0, *NEAR_ONE),
]
LOG_ARGUMENTS = [x for x in LOG_ARGUMENTS if x > 0.0]
EXP_ARGUMENTS = [
    *(1454.0 * u - 744.0 for u in uniform(1500)),
    *(sign * 10.0 ** (-18.0 * u) for u in uniform(500) for sign in (-1, 1)),
    *(709.782712893384, -708.0, math.nextafter(-708.0, -800.0), -745.1, 0.0, 0.5 * math.log(2.0), -0.5 * math.log(2.0)),
]
POWER_ARGUMENTS = [
    *((u, 40.0 * v - 20.0) for u, v in zip(uniform(1000), uniform(1000, start=1000), strict=True)),
    *((10.0 ** (600.0 * u - 300.0), 2.0 * v - 1.0) for u, v in zip(uniform(1000), uniform(1000, start=1000), strict=True)),
    *((1.0 + 10.0 ** (-15.0 * u), 10.0 ** (17.0 * v)) for u, v in zip(uniform(1000), uniform(1000, start=1000), strict=True)),
    *((LEAST, 0.5), (1e-310, -0.9), (2.0, 1023.5), (2.0, -1073.5), (3.0, 0.0), (1.0, 1e300), (0.7, 1.0), (1.5, -1.0)),
]


def test_log_is_within_one_ulp() -> None:
    with mpmath.workprec(120):
        assert max(ulps(log(x), mpmath.log(x)) for x in LOG_ARGUMENTS) < 0.9


def test_exp_is_within_one_ulp() -> None:
    with mpmath.workprec(120):
        assert max(ulps(exp(x), mpmath.exp(x)) for x in EXP_ARGUMENTS if x <= 709.782712893384) < 0.7


def test_power_is_within_one_ulp() -> None:
    with mpmath.workprec(200):
        exact = [(power(x, y), mpmath.power(x, y)) for x, y in POWER_ARGUMENTS]
        assert max(ulps(value, right) for value, right in exact if mpf(LEAST) < right < mpf(GREATEST)) < 0.7


def test_results_beyond_the_floats_are_zero_and_infinity() -> None:
    assert exp(709.7827128933841) == exp(1e300) == exp(math.inf) == power(2.0, 1024.0) == power(GREATEST, 1e300) == math.inf
    assert exp(-745.2) == exp(-1e300) == exp(-math.inf) == power(2.0, -1075.5) == power(0.5, 1e300) == 0.0
    assert exp(-745.0) == power(2.0, -1074.0) == LEAST
    assert power(np.array([2.0, 2.0, GREATEST]), np.array([1024.0, -1075.5, 1.0])).tolist() == [math.inf, 0.0, GREATEST]
    arguments = np.array([709.7827128933841, math.inf, -745.0, -745.2, -math.inf])
    assert exp(arguments).tolist() == [math.inf, math.inf, LEAST, 0.0, 0.0]


def test_powers_with_exact_results() -> None:
    assert [power(x, 0.0) for x in (0.0, 1e-300, 1.0, 1e300)] == [1.0] * 4
    assert power(0.0, 0.5) == power(0.0, 1e300) == 0.0
    assert power(1.0, -1e300) == 1.0
    assert [power(x, 1.0) for x in LOG_ARGUMENTS] == LOG_ARGUMENTS
    assert [power(2.0, float(k)) for k in range(-1074, 1024)] == [math.ldexp(1.0, k) for k in range(-1074, 1024)]
    assert power(np.array([0.0, 0.0, 4.0]), np.array([0.0, 2.0, 0.5])).tolist() == [1.0, 0.0, 2.0]


# ── quantiles ──


def normal_error(p: float) -> float:
    """Relative error of `inverse_normal`, by one Newton step from its value."""
    z = mpf(inverse_normal(p))
    excess = mpmath.ncdf(z) - p if p < 0.5 else (1 - mpf(p)) - mpmath.ncdf(-z)
    return float(abs(excess / mpmath.npdf(z) / z))


def test_inverse_normal_to_1e_15() -> None:
    with mpmath.workprec(160):
        assert max(normal_error(p) for p in [*probabilities(300), 1e-300, LEAST] if p != 0.5) < 1e-15
    assert inverse_normal(0.5) == 0.0


def test_inverse_normal_is_odd() -> None:
    dyadic = [k / 1024 for k in range(1, 512)]
    assert [inverse_normal(1.0 - p) for p in dyadic] == [-inverse_normal(p) for p in dyadic]


def test_log_gamma_to_3e_15() -> None:
    arguments = [10.0 ** (18.0 * u - 10.0) for u in uniform(500)] + [0.5 + 10.0 * u for u in uniform(500)] + [1e-300, 1.0, 2.0, 8.0, 1e300]
    with mpmath.workprec(120):
        exact = [(log_gamma(x), mpmath.loggamma(x)) for x in arguments]
        assert max(float(abs(value - right) / max(1, abs(right))) for value, right in exact) < 3e-15


def gamma_error(p: float, shape: float) -> float:
    """Relative error of `inverse_gamma`, by one Newton step from its value, with P(shape, x) as a series of positive terms."""
    x, a = mpf(inverse_gamma(p, shape)), mpf(shape)
    if x < SMALLEST_NORMAL:  # then the quantile's logarithm says enough
        return 0.0 if (mpmath.log(p) + mpmath.loggamma(a + 1)) / a < mpmath.log(SMALLEST_NORMAL) + 1 else math.inf
    total = term = 1 / a
    n = 0
    while term > total * mpf(2) ** -150:
        n += 1
        term *= x / (a + n)
        total += term
    density = mpmath.exp(a * mpmath.log(x) - x - mpmath.loggamma(a))
    return float(abs(total - p / density))


@pytest.mark.parametrize(
    ("shape", "bound"),
    [
        *((1e-5, 5e-11), (1e-3, 2e-12), (0.01, 1e-12), (0.03, 1e-12), (0.1, 1e-12), (0.3, 1e-12), (0.5, 1e-13), (1.0, 1e-13), (1.7, 1e-13)),
        *((3.0, 1e-13), (7.9, 1e-13), (8.0, 1e-14), (20.0, 1e-14), (100.0, 1e-14), (1e3, 1e-15), (1e4, 1e-15), (1e5, 1e-15)),
    ],
)
def test_inverse_gamma(shape: float, bound: float) -> None:
    with mpmath.workprec(220):
        assert max(gamma_error(p, shape) for p in probabilities(12 if shape < 1e3 else 3)) < bound


@pytest.mark.parametrize("shape", [1e8, 1e12, 1e15])
def test_inverse_gamma_of_large_shapes_is_that_of_cornish_and_fisher(shape: float) -> None:
    for p in probabilities(30):
        z, root = inverse_normal(p), math.sqrt(shape)
        expansion = shape + z * root + (z**2 - 1) / 3 + (z**3 - 7 * z) / (36 * root) + (16 - 7 * z**2 - 3 * z**4) / (810 * shape)
        assert inverse_gamma(p, shape) == pytest.approx(expansion, rel=1e-15, abs=0.0)


def test_inverse_gamma_of_shape_one_is_the_exponential_quantile() -> None:
    tail = [2.0**-k for k in range(1, 53)]
    assert inverse_gamma(np.array([1.0 - q for q in tail]), 1.0) == pytest.approx([k * math.log(2.0) for k in range(1, 53)], rel=1e-14)


def test_inverse_gamma_far_below_its_table() -> None:
    assert inverse_gamma(1e-300, 1.0) == pytest.approx(1e-300, rel=1e-12)
    assert inverse_gamma(2.0**-60, 2.0) == pytest.approx(math.sqrt(2.0) * 2.0**-30, rel=1e-9)
    assert inverse_gamma(0.5, 1e-5) == 0.0


def t_error(p: float, degrees: float) -> float:
    """Relative error of `t_quantile`, by one Newton step from its value."""
    t, v = abs(mpf(t_quantile(p, degrees))), mpf(degrees)
    peak = mpmath.exp(mpmath.loggamma((v + 1) / 2) - mpmath.loggamma(v / 2)) / mpmath.sqrt(mpmath.pi * v)
    density = peak * (1 + t * t / v) ** (-(v + 1) / 2)
    if t * t < 20 * v:
        excess = t * density * mpmath.hyp2f1(1, (v + 1) / 2, 1.5, t * t / (v + t * t)) - abs(mpf(p) - 0.5)
    else:
        excess = min(p, 1 - mpf(p)) - t * density / v * mpmath.hyp2f1(1, (v + 1) / 2, v / 2 + 1, v / (v + t * t))
    return float(abs(excess / density / t))


@pytest.mark.parametrize("degrees", [1, 1.5, 2, 3, 4, 5, 10, 29, 30, 100, 1000, 10_000, 1e6])
def test_t_quantile_to_1e_14(degrees: float) -> None:
    chosen = [0.9, 0.95, 0.975, 0.99, 0.995, 0.9995, 0.99999, 0.5 + 1e-9, 0.025, 0.2, 1.0 - 2.0**-53, 1e-20]
    with mpmath.workdps(60):
        assert max(t_error(p, degrees) for p in chosen + [0.5 + 0.5 * u for u in uniform(8)]) < 1e-14


def test_t_quantile_is_odd_and_tends_to_the_normal_quantile() -> None:
    assert t_quantile(0.5, 7) == 0.0
    assert t_quantile(0.25, 7) == -t_quantile(0.75, 7)
    assert t_quantile(0.75, 1) == pytest.approx(1.0, rel=1e-15)
    assert t_quantile(0.975, 1e15) == pytest.approx(inverse_normal(0.975), rel=3e-15)


# ── floats and arrays ──

BOTH_WAYS: dict[str, tuple[Callable[..., object], list[float]]] = {
    "log": (log, LOG_ARGUMENTS),
    "exp": (exp, [*EXP_ARGUMENTS, 800.0, -800.0, -745.2, math.inf, -math.inf]),
    "power": (lambda x: power(x, 0.37), [*LOG_ARGUMENTS, 0.0]),
    "power, base ten": (lambda y: power(10.0, y), [*(700.0 * u - 350.0 for u in uniform(1000)), 1e300, -1e300]),
    "inverse_normal": (inverse_normal, [*probabilities(500), 1e-300, LEAST]),
    "log_gamma": (log_gamma, [x for x in LOG_ARGUMENTS if 1e-300 <= x <= 1e300]),
    **{
        f"inverse_gamma, {shape}": (lambda p, shape=shape: inverse_gamma(p, shape), [*probabilities(200), 1e-18, 1e-300, LEAST])
        for shape in (1e-5, 0.01, 0.5, 1.0, 2.5, 30.0, 1e6)
    },
}


def bits(values: object) -> bytes:
    return np.asarray(values, dtype="<f8").tobytes()


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_an_element_gets_the_bits_that_it_gets_alone(name: str) -> None:
    function, arguments = BOTH_WAYS[name]
    alone = [function(x) for x in arguments]
    assert {type(value) for value in alone} == {float}
    array = np.array(arguments)
    assert bits(function(array)) == bits(alone)
    assert bits(array) == bits(arguments)  # inputs stay as they are
    order = Random(7).sample(range(len(arguments)), 101)
    assert bits(function(array[order])) == bits([alone[i] for i in order])
    assert bits(function(array[::-3])) == bits(alone[::-3])
    square = np.asarray(function(array[:100].reshape(4, 25).T))
    assert square.shape == (25, 4)
    assert bits(square.T) == bits(alone[:100])
    assert np.asarray(function(np.array([]))).shape == (0,)
    assert bits(function(np.float64(arguments[5]))) == bits(alone[5])


def test_power_of_two_arrays() -> None:
    x, y = (np.array(column) for column in zip(*POWER_ARGUMENTS, strict=True))
    assert bits(power(x, y)) == bits([power(*pair) for pair in POWER_ARGUMENTS])
    assert power(np.array([[4.0], [9.0]]), np.array([0.5, 1.0])).tolist() == [[2.0, 4.0], [3.0, 9.0]]


def test_whole_numbers_are_taken_as_floats() -> None:
    assert log(10) == log(10.0)
    assert exp(np.array([0, 1])).tolist() == [1.0, exp(1.0)]
    assert inverse_gamma(0.3, 2) == inverse_gamma(0.3, 2.0)


# ── what is refused ──

REFUSED: list[tuple[Callable[..., object], list[float]]] = [
    (log, [0.0, -0.0, -1.0, math.inf, math.nan]),
    (exp, [math.nan]),
    (lambda x: power(x, 2.0), [-1.0, math.inf, math.nan]),
    (lambda x: power(x, -2.0), [0.0]),
    (lambda y: power(2.0, y), [math.inf, -math.inf, math.nan]),
    (inverse_normal, [0.0, 1.0, -0.5, 1.5, math.nan]),
    (log_gamma, [0.0, -1.0, 1e-301, math.inf, math.nan]),
    (lambda p: inverse_gamma(p, 2.0), [0.0, 1.0, math.nan]),
]


@pytest.mark.parametrize(("function", "number"), [(function, number) for function, numbers in REFUSED for number in numbers])
def test_numbers_outside_the_domain_are_refused(function: Callable[..., object], number: float) -> None:
    with pytest.raises(ValueError, match=r"takes|zero"):
        function(number)
    with pytest.raises(ValueError, match=r"takes|zero"):
        function(np.array([0.25, number, 0.75]))


@pytest.mark.parametrize("shape", [0.0, -1.0, 9e-6, 2e15, math.inf, math.nan])
def test_shapes_outside_the_domain_are_refused(shape: float) -> None:
    with pytest.raises(ValueError, match=r"^shape must be from 1e-05 to 1000000000000000\.0"):
        inverse_gamma(0.5, shape)


@pytest.mark.parametrize(
    ("p", "degrees", "name"), [(0.0, 5, "p"), (1.0, 5, "p"), (math.nan, 5, "p"), (0.9, 0.5, "degrees"), (0.9, math.inf, "degrees")]
)
def test_t_quantile_refuses(p: float, degrees: float, name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name}.* must be from"):
        t_quantile(p, degrees)


# ── the bits ──


def outputs() -> dict[str, NDArray[np.float64]]:
    u = np.array(uniform(2000))
    wide = 40.0 * u - 20.0
    return {
        "log": log(u),
        "exp": exp(wide),
        "power": power(u, wide),
        "inverse_normal": inverse_normal(u),
        "log_gamma": log_gamma(50.0 * u),
        "inverse_gamma": np.concatenate([inverse_gamma(u, shape) for shape in (0.05, 0.5, 1.0, 2.25, 9.0, 400.0)]),
        "t_quantile": np.array([t_quantile(p, degrees) for p in (0.6, 0.9, 0.975, 0.995) for degrees in range(1, 41)]),
    }


def test_bits_are_the_same_on_every_machine() -> None:
    digests = {name: hashlib.sha256(bits(values)).hexdigest()[:16] for name, values in outputs().items()}
    assert digests == {
        "log": "a61e911e24a5c062",
        "exp": "3b347f12e763ef97",
        "power": "b5b5402b0f31d10a",
        "inverse_normal": "fed6560257b1ee02",
        "log_gamma": "e337d55888e68035",
        "inverse_gamma": "f9bde032c4d74035",
        "t_quantile": "8bd1454f285f324d",
    }


EXACT = {"frexp", "ldexp", "isnan", "inf", "sqrt", "uint64", "int64", "float64", "bool_", "ndarray"}
EXACT |= {"array", "ascontiguousarray", "empty_like", "flatnonzero", "broadcast_arrays", "where", "clip", "abs"}


def test_only_exact_operations_of_libraries_are_used() -> None:
    folder = Path(bpmnmap.functions.__path__[0])
    for file in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"math", "np"}:
                assert node.attr in EXACT, f"{file.name}:{node.lineno}: {node.value.id}.{node.attr}"
            assert not isinstance(node, ast.Pow | ast.MatMult), file.name
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                assert called not in {"sum", "pow", "fsum", "dot", "prod", "cumsum", "mean"}, f"{file.name}:{node.lineno}: {called}"
