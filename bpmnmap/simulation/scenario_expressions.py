"""Expressions in scenario files: conditions, values of attributes, and the names that they may use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

from pydantic import BeforeValidator
from pydantic_core import InitErrorDetails

from bpmnmap.org.tables import Fault, fault, raise_faults, shown
from bpmnmap.org.toml_files import Key

if TYPE_CHECKING:
    from bpmnmap.semantics.expressions import Expression

DEFAULT: Final = "default"
"""Stands for a condition: the flow that is taken where no other one's holds."""
LARGEST: Final = 1e15
"""Numbers of attributes lie between this and its negative: whole ones are exact."""


def as_expression(value: Any) -> Any:  # noqa: ANN401
    """Return the text of an expression as it is."""
    from bpmnmap.semantics.expressions import parse_expression

    _read(value, parse_expression, "district == 'North'")
    return value


def as_condition(value: Any) -> Any:  # noqa: ANN401
    """Return the text of an expression that is true or false."""
    from bpmnmap.semantics.expressions import condition

    _read(value, condition, "amount > 1000")
    return value


def as_flow_condition(value: Any) -> Any:  # noqa: ANN401
    """Return the condition of a flow: an expression, or `DEFAULT`."""
    return DEFAULT if isinstance(value, str) and value.strip() == DEFAULT else as_condition(value)


def as_number_expression(value: Any) -> Any:  # noqa: ANN401
    """Return the text of an expression that is a number."""
    from bpmnmap.semantics.expressions import parse_expression
    from bpmnmap.semantics.expressions.kinds import Kind, kind_of

    kind = kind_of(_read(value, parse_expression, "documents + 1").tree)
    if kind not in {Kind.NUMBER, None}:
        told = f"{shown(value)} is {kind.value if kind else ''}, and a number is needed"
        raise_faults([fault([], "invalid-expression", told, "write an expression that is a number, like 'documents + 1'")])
    return value


def as_assigned(value: Any) -> Any:  # noqa: ANN401
    """Return what an attribute is set to: a number, true or false, or the text of an expression."""
    if isinstance(value, str):
        return as_expression(value)
    return value if isinstance(value, bool) else as_number(value)


def as_repeat(value: Any) -> Any:  # noqa: ANN401
    """Return the probability of another turn, or the text of an expression that says whether there is one."""
    if isinstance(value, str):
        return as_condition(value)
    number = as_number(value)
    if not 0 <= number < 1:
        fix = "give a number from 0 on and below 1, so that the loop ends; or an expression"
        raise_faults([fault([], "out-of-range", f"{shown(value)} is no probability of another turn", fix)])
    return float(number)


def as_number(value: Any) -> Any:  # noqa: ANN401
    """Return a number that is finite and not too large."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise_faults([fault([], "wrong-type", f"{shown(value)} must be a number", "write a number")])
    if not -LARGEST <= value <= LARGEST:  # nan neither
        within = f"from {-LARGEST:g} to {LARGEST:g}"
        raise_faults([fault([], "out-of-range", f"{shown(value)} is no number {within}", f"give a number {within}")])
    return value


def name_faults(names: Mapping[Any, Any]) -> Iterator[Fault]:
    """Find names of attributes, keys of a table, that expressions cannot use."""
    for name in names:
        if isinstance(name, str) and not is_name(name):
            told = f"attribute {shown(name)} cannot be named in expressions"
            fix = "write a name of letters, digits and _ that begins with no digit and is no word of the language, like 'amount'"
            yield fault([name], "invalid-name", told, fix)


def is_name(text: str) -> bool:
    """Whether expressions can use a name of an attribute.

    Examples
    --------
    >>> is_name("amount"), is_name("the amount"), is_name("not"), is_name("default")
    (True, False, False, False)
    """
    from bpmnmap.semantics.expressions import ExpressionError, parse_expression
    from bpmnmap.semantics.expressions.tree import Name

    try:
        return text != DEFAULT and parse_expression(text).tree == Name(text)
    except ExpressionError:
        return False


def moved(each: Fault, key: Key) -> Fault:
    """Return a fault of a value in a table as one of the table that holds it under a key."""
    return InitErrorDetails(type=each["type"], loc=(*key, *each.get("loc", ())), input=None)


def _read(value: object, read: Callable[[str], Expression], example: str) -> Expression:
    """Return the expression that a text is; its faults are told."""
    from bpmnmap.semantics.expressions import ExpressionError

    if not isinstance(value, str):
        raise_faults([fault([], "wrong-type", f"{shown(value)} must be text", f'write an expression in quotes, like "{example}"')])
    try:
        return read(str(value))
    except ExpressionError as error:
        told = str(error).removesuffix(f"; {error.fix}")
        raise_faults([fault([], "invalid-expression", f"{shown(value)}: {told}", error.fix)])
        raise


ConditionText: TypeAlias = Annotated[str, BeforeValidator(as_condition)]
FlowCondition: TypeAlias = Annotated[str, BeforeValidator(as_flow_condition)]
Assigned: TypeAlias = Annotated[bool | int | float | str, BeforeValidator(as_assigned)]
Repeat: TypeAlias = Annotated[float | str, BeforeValidator(as_repeat)]
