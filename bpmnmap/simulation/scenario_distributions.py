"""Values of scenario files: durations, instants, distributions over durations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Final, Literal, Self, TypeAlias, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from bpmnmap.durations import format_duration, parse_duration
from bpmnmap.errors import BpmnMapError, ScenarioError
from bpmnmap.org.tables import AnyTable, Table, did_you_mean, fault, raise_faults, shown

_MICROSECOND: Final = timedelta(microseconds=1)
_DURATION_FIX: Final = "write ISO 8601 text of weeks, days, hours, minutes and seconds like 'PT15M' or 'P1DT2H'"
Ordered = TypeVar("Ordered", timedelta, float)
LATER: Final = ("pert", "normal", "weibull", "empirical")


def as_duration(value: Any) -> Any:  # noqa: ANN401
    """Return a duration, given as ISO 8601 text or timedelta, exact to the microsecond."""
    if isinstance(value, timedelta):
        if value < timedelta(0):
            raise_faults([fault([], "invalid-duration", f"{shown(value)} is negative", "give a duration from PT0S on")])
        return value
    if isinstance(value, str):
        try:
            return timedelta(microseconds=parse_duration(value))
        except ValueError as error:
            raise_faults([fault([], "invalid-duration", str(error), _DURATION_FIX)])
    told = "a bare number is no duration: it has no unit" if isinstance(value, (int, float)) else "it is no duration"
    raise_faults([fault([], "invalid-duration", f"{shown(value)}: {told}", _DURATION_FIX)])
    return value


def as_instant(value: Any) -> Any:  # noqa: ANN401
    """Return an instant in the organization's time zone; a date is its midnight."""
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            fix = "write the time in the organization's time zone, without an offset"
            raise_faults([fault([], "invalid-instant", f"{shown(value)} has an offset from UTC", fix)])
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    quoted = " is text" if isinstance(value, str) else " is no date and time"
    fix = "write a local date and time like 2026-01-05T08:00:00, without quotes and offset"
    raise_faults([fault([], "invalid-instant", f"{shown(value)}{quoted}", fix)])
    return value


def positive(value: timedelta) -> timedelta:
    """Return a duration above 0 as it is."""
    if not value:
        raise_faults([fault([], "out-of-range", "'PT0S' is too short: it must be longer than 0", "give a longer duration")])
    return value


def refuse_disorder(**values: Ordered) -> None:
    """Refuse parameters that do not stand in ascending order."""
    texts = [
        f"{name} {format_duration(value // _MICROSECOND) if isinstance(value, timedelta) else format(value, '.15g')}"
        for name, value in values.items()
    ]
    if any(low > high for low, high in pairwise(values.values())):
        message = f"'{', '.join(texts)}' are not in order"
        raise_faults([fault([], "invalid-distribution", message, f"let {' <= '.join(values)}")])


def refuse_half_pairs(**values: object) -> None:
    """Refuse parameters of a gamma distribution that are not one of its two pairs."""
    given = {name for name, value in values.items() if value is not None}
    if given not in ({"mean", "standard_deviation"}, {"shape", "scale"}):
        got = ", ".join(sorted(given)) or "nothing"
        fix = "give mean and standard_deviation, or shape and scale"
        raise_faults([fault([], "invalid-distribution", f"gamma is given by '{got}'", fix)])


Duration: TypeAlias = Annotated[timedelta, BeforeValidator(as_duration)]
Positive: TypeAlias = Annotated[timedelta, BeforeValidator(as_duration), AfterValidator(positive)]
Instant: TypeAlias = Annotated[datetime, BeforeValidator(as_instant)]


class _Distribution(Table):
    """A distribution over durations."""

    error_class: ClassVar[type[BpmnMapError]] = ScenarioError


class Fixed(_Distribution):
    """Always the same duration; a plain duration means this."""

    distribution: Literal["fixed"] = "fixed"
    value: Duration

    @property
    def mean_us(self) -> float:
        """Mean in microseconds."""
        return self.value / _MICROSECOND


class Exponential(_Distribution):
    """Exponential, by its mean."""

    distribution: Literal["exponential"] = "exponential"
    mean: Positive

    @property
    def mean_us(self) -> float:
        """Mean in microseconds."""
        return self.mean / _MICROSECOND


class Uniform(_Distribution):
    """Uniform between two durations."""

    distribution: Literal["uniform"] = "uniform"
    min: Duration
    max: Duration

    @property
    def mean_us(self) -> float:
        """Mean in microseconds."""
        return (self.min + self.max) / _MICROSECOND / 2

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        refuse_disorder(min=self.min, max=self.max)
        return self


class Triangular(_Distribution):
    """Triangular between two durations, by its mode."""

    distribution: Literal["triangular"] = "triangular"
    min: Duration
    mode: Duration
    max: Duration

    @property
    def mean_us(self) -> float:
        """Mean in microseconds."""
        return (self.min + self.mode + self.max) / _MICROSECOND / 3

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        refuse_disorder(min=self.min, mode=self.mode, max=self.max)
        return self


class Lognormal(_Distribution):
    """Lognormal, by mean and standard deviation of the variable, not of its logarithm."""

    distribution: Literal["lognormal"] = "lognormal"
    mean: Positive
    standard_deviation: Positive

    @property
    def mean_us(self) -> float:
        """Mean in microseconds."""
        return self.mean / _MICROSECOND


class Gamma(_Distribution):
    """Gamma, by mean and standard deviation, or by shape (a number) and scale."""

    distribution: Literal["gamma"] = "gamma"
    mean: Positive | None = None
    standard_deviation: Positive | None = None
    shape: Annotated[float, Field(gt=0)] | None = None
    scale: Positive | None = None

    @property
    def mean_us(self) -> float:
        """Mean in microseconds."""
        if self.mean is not None:
            return self.mean / _MICROSECOND
        return (self.shape or 0.0) * ((self.scale or timedelta(0)) / _MICROSECOND)

    @model_validator(mode="after")
    def _one_pair(self) -> Self:
        refuse_half_pairs(mean=self.mean, standard_deviation=self.standard_deviation, shape=self.shape, scale=self.scale)
        return self


class Erlang(_Distribution):
    """Sum of k exponential durations of equal mean, by the mean of the sum."""

    distribution: Literal["erlang"] = "erlang"
    mean: Positive
    k: Annotated[int, Field(ge=1, le=1_000_000)]

    @property
    def mean_us(self) -> float:
        """Mean in microseconds."""
        return self.mean / _MICROSECOND


CLASSES: Final[dict[str, type[Table]]] = {
    each.model_fields["distribution"].default: each for each in (Fixed, Exponential, Uniform, Triangular, Lognormal, Gamma, Erlang)
}


def named_class(value: Mapping[str, Any], classes: Mapping[str, type[AnyTable]]) -> type[AnyTable]:
    """Return the class of the distribution that a table names."""
    name = value.get("distribution")
    known = ", ".join(classes)
    if "distribution" not in value:
        raise_faults([fault(["distribution"], "missing-key", "'distribution' is missing", f"name the distribution: {known}")])
    if name in LATER:
        raise_faults([fault(["distribution"], "not-supported-yet", f"distribution '{name}' is not supported yet", f"use one of {known}")])
    if not isinstance(name, str) or name not in classes:
        nearest = did_you_mean(name, classes) if isinstance(name, str) else None
        fix = f"use one of {known}" if nearest is None else f"did you mean '{nearest}'?"
        raise_faults([fault(["distribution"], "unknown-distribution", f"no distribution {shown(name)}", fix)])
    return classes[str(name)]


def as_distribution(value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
    """Return a distribution, given as such, as a table that names it, or as a plain duration: always that."""
    if isinstance(value, tuple(CLASSES.values())):
        return value
    if not isinstance(value, Mapping):
        return Fixed.model_construct(value=as_duration(value))
    return named_class(value, CLASSES).__pydantic_validator__.validate_python(dict(value), context=info.context)


def above_zero(value: Distribution) -> Distribution:
    """Return a distribution with a mean above 0 as it is."""
    if value.mean_us <= 0:
        raise_faults([fault([], "out-of-range", "a mean of 'PT0S' lets cases arrive without end", "give gaps with a mean above 0")])
    return value


TimeDistribution: TypeAlias = Fixed | Exponential | Uniform | Triangular | Lognormal | Gamma | Erlang
Distribution: TypeAlias = Annotated[TimeDistribution, BeforeValidator(as_distribution)]
Gaps: TypeAlias = Annotated[Distribution, AfterValidator(above_zero)]
