from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from bpmnmap.errors import ScenarioError
from bpmnmap.findings import Finding
from bpmnmap.simulation.scenario import (
    ActivityTimes,
    Arrival,
    Erlang,
    EventTimes,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
    Triangular,
    Uniform,
)

MINUTE = timedelta(minutes=1)


def times(processing_time: Any) -> Any:
    return ActivityTimes(processing_time=processing_time).processing_time


def faults(processing_time: object) -> list[Finding]:
    with pytest.raises(ScenarioError) as caught:
        times(processing_time)
    assert all(finding.fix for finding in caught.value.findings)
    return list(caught.value.findings)


@pytest.mark.parametrize(
    ("value", "distribution", "mean_minutes"),
    [
        ("PT5M", Fixed(value=5 * MINUTE), 5),
        (5 * MINUTE, Fixed(value=5 * MINUTE), 5),
        ({"distribution": "fixed", "value": "PT5M"}, Fixed(value=5 * MINUTE), 5),
        ({"distribution": "exponential", "mean": "PT5M"}, Exponential(mean=5 * MINUTE), 5),
        ({"distribution": "uniform", "min": "PT0S", "max": "PT5M"}, Uniform(min=0 * MINUTE, max=5 * MINUTE), 2.5),
        ({"distribution": "uniform", "min": "PT5M", "max": "PT5M"}, Uniform(min=5 * MINUTE, max=5 * MINUTE), 5),
        (
            {"distribution": "triangular", "min": "PT1M", "mode": "PT2M", "max": "PT6M"},
            Triangular(min=MINUTE, mode=2 * MINUTE, max=6 * MINUTE), 3,
        ),
        ({"distribution": "lognormal", "mean": "PT5M", "standard_deviation": "PT9M"}, Lognormal(mean=5 * MINUTE, standard_deviation=9 * MINUTE), 5),
        ({"distribution": "gamma", "mean": "PT5M", "standard_deviation": "PT2M"}, Gamma(mean=5 * MINUTE, standard_deviation=2 * MINUTE), 5),
        ({"distribution": "gamma", "shape": 2.5, "scale": "PT2M"}, Gamma(shape=2.5, scale=2 * MINUTE), 5),
        ({"distribution": "gamma", "shape": 2, "scale": "PT2M"}, Gamma(shape=2, scale=2 * MINUTE), 4),
        ({"distribution": "erlang", "mean": "PT5M", "k": 3}, Erlang(mean=5 * MINUTE, k=3), 5),
    ],
)  # fmt: skip
def test_distribution(value: object, distribution: Any, mean_minutes: float) -> None:
    read = times(value)
    assert read == distribution
    assert type(read) is type(distribution)
    assert read.mean_us == mean_minutes * 60_000_000
    assert times(read) is read


def test_exact_to_the_microsecond() -> None:
    assert times("PT0.000001S").value == timedelta(microseconds=1)
    assert times("P9998D").value == timedelta(days=9998)


def test_source_and_assumed() -> None:
    read = times({"distribution": "exponential", "mean": "PT5M", "source": "clerks", "assumed": True})
    assert (read.source, read.assumed) == ("clerks", True)


@pytest.mark.parametrize(
    ("value", "key", "code", "message"),
    [
        (5, "processing_time", "invalid-duration", "'5': a bare number is no duration: it has no unit"),
        (0.5, "processing_time", "invalid-duration", "'0.5': a bare number is no duration: it has no unit"),
        (True, "processing_time", "invalid-duration", "'true': a bare number is no duration: it has no unit"),
        ("5 min", "processing_time", "invalid-duration", "'5 min' is no duration of weeks, days, hours, minutes and seconds like 'PT5M30S' or 'P1DT2H'"),
        ("P1M", "processing_time", "invalid-duration", "'P1M' is no duration of weeks, days, hours, minutes and seconds like 'PT5M30S' or 'P1DT2H'"),
        ("-PT5M", "processing_time", "invalid-duration", "'-PT5M' is no duration of weeks, days, hours, minutes and seconds like 'PT5M30S' or 'P1DT2H'"),
        (timedelta(minutes=-1), "processing_time", "invalid-duration", "'-1 day, 23:59:00' is negative"),
        ({"mean": "PT5M"}, "processing_time.distribution", "missing-key", "'distribution' is missing"),
        ({"distribution": "expnential", "mean": "PT5M"}, "processing_time.distribution", "unknown-distribution", "no distribution 'expnential'"),
        ({"distribution": 5}, "processing_time.distribution", "unknown-distribution", "no distribution '5'"),
        ({"distribution": ["pert"]}, "processing_time.distribution", "unknown-distribution", "no distribution an array"),
        ({"distribution": "fixed"}, "processing_time.value", "missing-key", "'value' is missing"),
        ({"distribution": "fixed", "mean": "PT5M", "value": "PT5M"}, "processing_time.mean", "unknown-key", "unknown key 'mean'"),
        ({"distribution": "exponential", "mean": "PT0S"}, "processing_time.mean", "out-of-range", "'PT0S' is too short: it must be longer than 0"),
        ({"distribution": "exponential", "mean": 5}, "processing_time.mean", "invalid-duration", "'5': a bare number is no duration: it has no unit"),
        ({"distribution": "uniform", "min": "PT5M", "max": "PT1M"}, "processing_time", "invalid-distribution", "'min PT5M, max PT1M' are not in order"),
        (
            {"distribution": "triangular", "min": "PT1M", "mode": "PT9M", "max": "PT6M"},
            "processing_time", "invalid-distribution", "'min PT1M, mode PT9M, max PT6M' are not in order",
        ),
        ({"distribution": "lognormal", "mean": "PT5M", "standard_deviation": "PT0S"}, "processing_time.standard_deviation", "out-of-range", "'PT0S' is too short: it must be longer than 0"),
        ({"distribution": "gamma", "mean": "PT5M"}, "processing_time", "invalid-distribution", "gamma is given by 'mean'"),
        ({"distribution": "gamma"}, "processing_time", "invalid-distribution", "gamma is given by 'nothing'"),
        ({"distribution": "gamma", "mean": "PT5M", "standard_deviation": "PT5M", "shape": 1.0}, "processing_time", "invalid-distribution", "gamma is given by 'mean, shape, standard_deviation'"),
        ({"distribution": "gamma", "shape": 0, "scale": "PT1M"}, "processing_time.shape", "out-of-range", "'shape' must be > 0.0 (got '0')"),
        ({"distribution": "gamma", "shape": "2", "scale": "PT1M"}, "processing_time.shape", "wrong-type", "'shape' must be a number (got '2')"),
        ({"distribution": "gamma", "shape": float("nan"), "scale": "PT1M"}, "processing_time.shape", "out-of-range", "'shape' must be a finite number (got 'nan')"),
        ({"distribution": "erlang", "mean": "PT5M", "k": 0}, "processing_time.k", "out-of-range", "'k' must be >= 1 (got '0')"),
        ({"distribution": "erlang", "mean": "PT5M", "k": 1.5}, "processing_time.k", "wrong-type", "'k' must be a whole number (got '1.5')"),
    ],
)  # fmt: skip
def test_faulty_distribution(value: object, key: str, code: str, message: str) -> None:
    assert [(fault.location.key, fault.code, fault.message) for fault in faults(value)] == [(key, code, message)]


def test_an_array_is_no_time_to_wait() -> None:
    with pytest.raises(ScenarioError) as caught:
        EventTimes(wait_time=[])  # type: ignore[arg-type]
    assert [(fault.location.key, fault.code, fault.message) for fault in caught.value.findings] == [
        ("wait_time", "invalid-duration", "an array: it is no duration")
    ]


@pytest.mark.parametrize("name", ["pert", "normal", "weibull", "empirical"])
def test_distributions_of_later(name: str) -> None:
    (fault,) = faults({"distribution": name, "mean": "PT5M"})
    assert (fault.code, fault.message) == ("not-supported-yet", f"distribution '{name}' is not supported yet")
    assert fault.fix == "use one of fixed, exponential, uniform, triangular, lognormal, gamma, erlang"


def test_fixes() -> None:
    assert [fault.fix for value in ({"distribution": "expnential"}, {"distribution": "zzz"}, 5) for fault in faults(value)] == [
        "did you mean 'exponential'?",
        "use one of fixed, exponential, uniform, triangular, lognormal, gamma, erlang",
        "write ISO 8601 text of weeks, days, hours, minutes and seconds like 'PT15M' or 'P1DT2H'",
    ]


def test_several_faults_of_one_distribution() -> None:
    found = faults({"distribution": "lognormal", "mean": 5, "sd": "PT1M"})
    assert [(fault.location.key, fault.code) for fault in found] == [
        ("processing_time.mean", "invalid-duration"),
        ("processing_time.sd", "unknown-key"),
        ("processing_time.standard_deviation", "missing-key"),
    ]


@pytest.mark.parametrize(
    "gaps",
    [
        "PT0S",
        {"distribution": "uniform", "min": "PT0S", "max": "PT0S"},
        {"distribution": "triangular", "min": "PT0S", "mode": "PT0S", "max": "PT0S"},
    ],
)
def test_gaps_without_length(gaps: Any) -> None:
    with pytest.raises(ScenarioError) as caught:
        Arrival(inter_arrival_time=gaps)
    (fault,) = caught.value.findings
    assert (fault.location.key, fault.code) == ("inter_arrival_time", "out-of-range")
    assert fault.message == "a mean of 'PT0S' lets cases arrive without end"
    assert fault.fix == "give gaps with a mean above 0"


def instant_of(value: Any) -> datetime:
    return Arrival(at=(value,)).at[0]


def test_instants() -> None:
    assert instant_of(datetime(2026, 1, 5, 8)) == datetime(2026, 1, 5, 8)
    assert instant_of(date(2026, 1, 5)) == datetime(2026, 1, 5)
    assert type(instant_of(date(2026, 1, 5))) is datetime


@pytest.mark.parametrize(
    ("value", "message", "fix"),
    [
        (
            datetime(2026, 1, 5, tzinfo=timezone(timedelta(hours=7))), "'2026-01-05T00:00:00+07:00' has an offset from UTC",
            "write the time in the organization's time zone, without an offset",
        ),
        ("2026-01-05", "'2026-01-05' is text", "write a local date and time like 2026-01-05T08:00:00, without quotes and offset"),
        (5, "'5' is no date and time", "write a local date and time like 2026-01-05T08:00:00, without quotes and offset"),
    ],
)  # fmt: skip
def test_faulty_instants(value: object, message: str, fix: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        instant_of(value)
    (fault,) = caught.value.findings
    assert (fault.location.key, fault.code, fault.message, fault.fix) == ("at[0]", "invalid-instant", message, fix)
