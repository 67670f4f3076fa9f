"""What is drawn as a number, or as another value of an attribute of cases: distributions and categories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from bpmnmap.errors import BpmnMapError, ScenarioError
from bpmnmap.org.tables import Table, fault, raise_faults, shown
from bpmnmap.simulation.scenario_distributions import named_class, refuse_disorder, refuse_half_pairs
from bpmnmap.simulation.scenario_expressions import LARGEST, as_number, as_number_expression

_SUM_TOLERANCE: Final = 1e-9
MOST_COUNTED: Final = 1_000_000

Number: TypeAlias = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
PositiveNumber: TypeAlias = Annotated[float, Field(ge=1 / LARGEST, le=LARGEST)]


class _Drawn(Table):
    """What is drawn for an attribute."""

    error_class: ClassVar[type[BpmnMapError]] = ScenarioError


class _NumberDistribution(_Drawn):
    """A distribution over numbers.

    Parameters
    ----------
    integer
        Whether numbers are rounded, half-even, to whole ones.
    """

    integer: bool = False


class FixedNumber(_NumberDistribution):
    """Always the same number."""

    distribution: Literal["fixed"] = "fixed"
    value: Annotated[int | float, BeforeValidator(as_number)]


class ExponentialNumber(_NumberDistribution):
    """Exponential, by its mean."""

    distribution: Literal["exponential"] = "exponential"
    mean: PositiveNumber


class UniformNumber(_NumberDistribution):
    """Uniform between two numbers."""

    distribution: Literal["uniform"] = "uniform"
    min: Number
    max: Number

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        refuse_disorder(min=self.min, max=self.max)
        return self


class TriangularNumber(_NumberDistribution):
    """Triangular between two numbers, by its mode."""

    distribution: Literal["triangular"] = "triangular"
    min: Number
    mode: Number
    max: Number

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        refuse_disorder(min=self.min, mode=self.mode, max=self.max)
        return self


class LognormalNumber(_NumberDistribution):
    """Lognormal, by mean and standard deviation of the variable, not of its logarithm."""

    distribution: Literal["lognormal"] = "lognormal"
    mean: PositiveNumber
    standard_deviation: PositiveNumber


class GammaNumber(_NumberDistribution):
    """Gamma, by mean and standard deviation, or by shape and scale."""

    distribution: Literal["gamma"] = "gamma"
    mean: PositiveNumber | None = None
    standard_deviation: PositiveNumber | None = None
    shape: Annotated[float, Field(gt=0)] | None = None
    scale: PositiveNumber | None = None

    @model_validator(mode="after")
    def _one_pair(self) -> Self:
        refuse_half_pairs(mean=self.mean, standard_deviation=self.standard_deviation, shape=self.shape, scale=self.scale)
        return self


class ErlangNumber(_NumberDistribution):
    """Sum of k exponential numbers of equal mean, by the mean of the sum."""

    distribution: Literal["erlang"] = "erlang"
    mean: PositiveNumber
    k: Annotated[int, Field(ge=1, le=1_000_000)]


def as_truth_or_text(value: Any) -> Any:  # noqa: ANN401
    """Return true, false or a text as it is."""
    if not isinstance(value, (bool, str)):
        raise_faults([fault([], "wrong-type", f"{shown(value)} must be a number, text, or true or false", "write one of these")])
    return value


class FixedValue(_Drawn):
    """Always the same text, or truth value."""

    distribution: Literal["fixed"] = "fixed"
    value: Annotated[bool | str, BeforeValidator(as_truth_or_text)]


class Categorical(_Drawn):
    """One of several texts.

    Parameters
    ----------
    categories
        Text → its probability; they sum to 1.
    """

    categories: dict[str, Annotated[float, Field(ge=0, le=1)]]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(self.categories.values())
        if not self.categories:
            raise_faults([fault(["categories"], "out-of-range", "'categories' is empty", "give a text and its probability")])
        if abs(total - 1) > _SUM_TOLERANCE:
            summands = " + ".join(f"{probability:g}" for probability in self.categories.values())
            fix = "set the probabilities so that they sum to 1"
            raise_faults([fault(["categories"], "invalid-distribution", f"{summands} = {total:.9g}, must be 1", fix)])
        return self


NUMBER_CLASSES: Final[dict[str, type[_NumberDistribution]]] = {
    each.model_fields["distribution"].default: each
    for each in (FixedNumber, ExponentialNumber, UniformNumber, TriangularNumber, LognormalNumber, GammaNumber, ErlangNumber)
}
NumberDistribution: TypeAlias = (
    FixedNumber | ExponentialNumber | UniformNumber | TriangularNumber | LognormalNumber | GammaNumber | ErlangNumber
)
_ATTRIBUTE_FIX: Final = 'write { distribution = "uniform", min = 1, max = 10 }, { value = 5 } or { categories = { a = 0.5, b = 0.5 } }'


def as_attribute(value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
    """Return how an attribute is drawn: a distribution over numbers, one value, or categories."""
    if isinstance(value, (*NUMBER_CLASSES.values(), FixedValue, Categorical)):
        return value
    if not isinstance(value, Mapping):
        raise_faults([fault([], "wrong-type", f"{shown(value)} must be a table", _ATTRIBUTE_FIX)])
    beside = [key for key in ("distribution", "value") if key in value]
    drawn: type[Table]
    if "categories" in value:
        if beside:
            fix = "give categories, or a distribution"
            raise_faults([fault([beside[0]], "contradicting-keys", f"'{beside[0]}' is given beside 'categories'", fix)])
        drawn = Categorical
    elif not beside:
        told = "'distribution' is missing, and so are 'value' and 'categories'"
        raise_faults([fault(["distribution"], "missing-key", told, _ATTRIBUTE_FIX)])
    else:
        drawn = named_class({"distribution": "fixed", **value}, NUMBER_CLASSES)
        if drawn is FixedNumber and isinstance(value.get("value"), (bool, str)):
            drawn = FixedValue
    return drawn.__pydantic_validator__.validate_python(dict(value), context=info.context)


def as_count(value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
    """Return how often something is done: a whole number, a distribution over numbers, or the text of an expression."""
    fix = "give a whole number from 0 on, a distribution over numbers, or an expression"
    if isinstance(value, str):
        return as_number_expression(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value <= MOST_COUNTED:
            raise_faults([fault([], "out-of-range", f"{shown(value)} is not within 0 and {MOST_COUNTED}", fix)])
        return value
    if isinstance(value, Mapping):
        value = named_class(value, NUMBER_CLASSES).__pydantic_validator__.validate_python(dict(value), context=info.context)
    if not isinstance(value, tuple(NUMBER_CLASSES.values())):
        raise_faults([fault([], "wrong-type", f"{shown(value)} is no count", fix)])
    key, least = next(((key, getattr(value, key)) for key in ("value", "min") if hasattr(value, key)), ("mean", 0))
    if least < 0:
        raise_faults([fault([key], "out-of-range", f"'{key}' must be >= 0 (got {shown(least)}): it is a count", "give a number >= 0")])
    return value


AttributeDraw: TypeAlias = Annotated[NumberDistribution | FixedValue | Categorical, BeforeValidator(as_attribute)]
Count: TypeAlias = Annotated[int | NumberDistribution | str, BeforeValidator(as_count)]
