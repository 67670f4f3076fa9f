"""One station: M/M/1, M/M/c by Erlang C, M/G/1 by Pollaczek and Khinchine; utilizations of 80 and 90 %."""

from __future__ import annotations

import math

import pytest

from bpmnmap.simulation.scenario import Distribution, Erlang, Fixed, Gamma, Lognormal
from tests.oracles.maps import process_map
from tests.oracles.models import HOUR, Station, exponential, network
from tests.oracles.truths import Effort, assert_truths, both_efforts, precise_only

STATION = process_map("start > A > end")


@both_efforts
def test_m_m_1(effort: Effort) -> None:
    scenario = network({"A": Station(exponential(1))}, arrivals={"start": 0.8}, hours=effort.hours(24_000))
    truths = {"Wq:A": 4.0, "W": 5.0, "Lq:A": 3.2, "L": 4.0, "p95 of W": 14.9787, "p95 of Wq:A": 13.8629, "Pw:A": 0.8}
    assert_truths([STATION], scenario, truths, effort)


@precise_only  # the fast suite has two maps on one pool instead
def test_m_m_2(effort: Effort) -> None:
    _assert_m_m_c(effort, rate=1.6, servers=2, wait_chance=0.711111, wait=1.777778, hours=14_500)


@both_efforts
def test_m_m_3(effort: Effort) -> None:
    _assert_m_m_c(effort, rate=2.4, servers=3, wait_chance=0.647191, wait=1.078652, hours=10_500)


@precise_only
def test_m_m_5(effort: Effort) -> None:
    _assert_m_m_c(effort, rate=4.5, servers=5, wait_chance=0.762493, wait=1.524986, hours=17_500)


def _assert_m_m_c(effort: Effort, *, rate: float, servers: int, wait_chance: float, wait: float, hours: float) -> None:
    scenario = network({"A": Station(exponential(1), servers)}, arrivals={"start": rate}, hours=effort.hours(hours))
    truths = {"Wq:A": wait, "W": wait + 1, "Pw:A": wait_chance, "L": rate * (wait + 1)}  # L = λ W
    assert_truths([STATION], scenario, truths, effort)


@both_efforts
@pytest.mark.parametrize(
    ("time", "wait", "hours"),
    [
        pytest.param(Fixed(value=HOUR), 2.0, 9_000, id="fixed"),
        pytest.param(Erlang(mean=HOUR, k=2), 3.0, 13_000, id="erlang"),
        pytest.param(Lognormal(mean=HOUR, standard_deviation=HOUR * math.sqrt(0.5)), 3.0, 13_000, id="lognormal"),
    ],
)
def test_m_g_1(effort: Effort, time: Distribution, wait: float, hours: float) -> None:
    _assert_m_g_1(effort, time, wait, hours)


@precise_only
@pytest.mark.parametrize(
    ("time", "wait", "hours"),
    [
        pytest.param(exponential(1), 4.0, 22_000, id="exponential"),
        pytest.param(Gamma(shape=0.25, scale=HOUR * 4), 10.0, 57_000, id="gamma"),
    ],
)
def test_m_g_1_of_much_variance(effort: Effort, time: Distribution, wait: float, hours: float) -> None:
    _assert_m_g_1(effort, time, wait, hours)


def _assert_m_g_1(effort: Effort, time: Distribution, wait: float, hours: float) -> None:
    scenario = network({"A": Station(time)}, arrivals={"start": 0.8}, hours=effort.hours(hours))
    assert_truths([STATION], scenario, {"Wq:A": wait, "L": 0.8 * (wait + 1), "Pw:A": 0.8}, effort)
