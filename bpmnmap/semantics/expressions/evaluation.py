"""From tree to closures: each node becomes a function of the attributes; what kinds of values there are is checked on the way."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, TypeAlias

from bpmnmap.semantics.expressions.error import ExpressionError, shortened
from bpmnmap.semantics.expressions.kinds import KIND_OF_TYPE, Kind, described, unfit, unlike, unordered
from bpmnmap.semantics.expressions.normal_form import written
from bpmnmap.semantics.expressions.tree import (
    NUMBER_LIMIT,
    And,
    Arithmetic,
    Between,
    Boolean,
    Comparison,
    Conditional,
    Extreme,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Or,
    Text,
    Value,
    Within,
)

Reading: TypeAlias = Callable[[Mapping[str, Value]], Value]

_NUMBERS = frozenset({int, float})
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_COMPUTE: dict[str, Callable[[Any, Any], int | float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
}  # fmt: skip


def compiled(node: Node) -> Reading:
    """The function that evaluates a tree.

    Examples
    --------
    >>> compiled(Comparison(">", Name("amount"), Number(100)))({"amount": 250})
    True
    """
    match node:
        case Boolean() | Number() | Text():
            value = node.value
            return lambda values: value
        case Name():
            return _attribute(node.name)
        case Not():
            return _not(node)
        case And() | Or():
            return _joined(node)
        case Conditional():
            return _conditional(node)
        case Comparison():
            return _comparison(node)
        case Within():
            return _within(node)
        case Between():
            return _between(node)
        case Negative():
            return _negative(node)
        case Arithmetic():
            return _arithmetic(node)
        case Extreme():
            return _extreme(node)


def _attribute(name: str) -> Reading:
    def read(values: Mapping[str, Value]) -> Value:
        try:
            value = values[name]
        except KeyError:
            raise ExpressionError(f"the attribute '{name}' has no value", "set it before it is read") from None
        kind = type(value)
        if kind is str or kind is bool or (kind in _NUMBERS and _is_within_limits(value)):
            return value
        raise ExpressionError(
            f"the attribute '{name}' is {shortened(repr(value))} of type {kind.__name__}",
            "give it true or false, a text, a finite number or a whole number below 2^63",
        )

    return read


def _is_within_limits(value: Any) -> bool:  # noqa: ANN401
    return -NUMBER_LIMIT < value < NUMBER_LIMIT if type(value) is int else isfinite(value)


def _cited(node: Node) -> str:
    return f"'{shortened(written(node))}'"


def _not_fitting(node: Node, rule: str, kind: Kind, value: Value) -> ExpressionError:
    what, fix = unfit(rule, kind, described(value))
    return ExpressionError(f"{_cited(node)}: {what}", fix)


def _not_alike(node: Node, sign: str, left: Value, right: Value) -> ExpressionError:
    is_order = KIND_OF_TYPE[type(left)] is KIND_OF_TYPE[type(right)]
    what, fix = unordered(sign) if is_order else unlike(sign, described(left), described(right))
    return ExpressionError(f"{_cited(node)}: {what}", fix)


def _not(node: Not) -> Reading:
    operand = compiled(node.operand)

    def read(values: Mapping[str, Value]) -> bool:
        value = operand(values)
        if value is True:
            return False
        if value is False:
            return True
        raise _not_fitting(node, "'not' turns round", Kind.BOOLEAN, value)

    return read


def _joined(node: And | Or) -> Reading:
    operands = tuple(map(compiled, node.operands))
    decisive = isinstance(node, Or)

    def read(values: Mapping[str, Value]) -> bool:
        for operand in operands:
            value = operand(values)
            if value is decisive:
                return decisive
            if type(value) is not bool:
                raise _not_fitting(node, "'or' joins" if decisive else "'and' joins", Kind.BOOLEAN, value)
        return not decisive

    return read


def _conditional(node: Conditional) -> Reading:
    condition, chosen, otherwise = compiled(node.condition), compiled(node.chosen), compiled(node.otherwise)

    def read(values: Mapping[str, Value]) -> Value:
        value = condition(values)
        if value is True:
            return chosen(values)
        if value is False:
            return otherwise(values)
        raise _not_fitting(node, "the condition of 'if' is", Kind.BOOLEAN, value)

    return read


def _comparison(node: Comparison) -> Reading:
    left, right, compare = compiled(node.left), compiled(node.right), _COMPARE[node.operator]
    is_equality = node.operator in {"==", "!="}
    constant = node.right.value if isinstance(node.right, Number) else 0

    def read(values: Mapping[str, Value]) -> bool:
        first, second = left(values), right(values)
        kind = KIND_OF_TYPE[type(first)]
        if kind is not KIND_OF_TYPE[type(second)] or (kind is Kind.BOOLEAN and not is_equality):
            raise _not_alike(node, f"'{node.operator}'", first, second)
        return compare(first, second)

    def read_number(values: Mapping[str, Value]) -> bool:
        first = left(values)
        if type(first) not in _NUMBERS:
            raise _not_alike(node, f"'{node.operator}'", first, constant)
        return compare(first, constant)

    return read_number if isinstance(node.right, Number) else read  # most conditions of maps are like amount > 100


def _within(node: Within) -> Reading:
    constants: list[Value] = [item.value for item in node.items if isinstance(item, Boolean | Number | Text)]
    if len(constants) == len(node.items):
        return _within_constants(node, constants)
    value = compiled(node.value)
    items = tuple(map(compiled, node.items))

    def read(values: Mapping[str, Value]) -> bool:
        sought = value(values)
        found = [item(values) for item in items]
        kind = KIND_OF_TYPE[type(sought)]
        for other in found:
            if KIND_OF_TYPE[type(other)] is not kind:
                raise _not_alike(node, "'in'", sought, other)
        return sought in found

    return read


def _within_constants(node: Within, constants: list[Value]) -> Reading:
    value = compiled(node.value)
    kind = KIND_OF_TYPE[type(constants[0])]  # of all: the parser has seen to it
    known = frozenset(constants)

    def read(values: Mapping[str, Value]) -> bool:
        sought = value(values)
        if KIND_OF_TYPE[type(sought)] is not kind:
            raise _not_alike(node, "'in'", sought, constants[0])
        return sought in known

    return read


def _between(node: Between) -> Reading:
    value, low, high = compiled(node.value), compiled(node.low), compiled(node.high)
    is_above = operator.lt if node.low_open else operator.le
    is_below = operator.lt if node.high_open else operator.le

    def read(values: Mapping[str, Value]) -> bool:
        sought: Any = value(values)
        ends: tuple[Any, Any] = low(values), high(values)
        kind = KIND_OF_TYPE[type(sought)]
        for end in ends:
            if kind is Kind.BOOLEAN or KIND_OF_TYPE[type(end)] is not kind:
                raise _not_alike(node, "'in'", sought, end)
        return bool(is_above(ends[0], sought) and is_below(sought, ends[1]))

    return read


def _negative(node: Negative) -> Reading:
    operand = compiled(node.operand)

    def read(values: Mapping[str, Value]) -> int | float:
        value = operand(values)
        if isinstance(value, str) or type(value) is bool:
            raise _not_fitting(node, "'-' takes", Kind.NUMBER, value)
        return -value

    return read


def _arithmetic(node: Arithmetic) -> Reading:
    first = compiled(node.first)
    rest = tuple((sign, _COMPUTE[sign], compiled(operand)) for sign, operand in node.rest)

    def read(values: Mapping[str, Value]) -> int | float:
        total: Any = first(values)
        if type(total) not in _NUMBERS:
            raise _not_fitting(node, f"'{rest[0][0]}' takes", Kind.NUMBER, total)
        for sign, compute, operand in rest:
            value: Any = operand(values)
            if type(value) not in _NUMBERS:
                raise _not_fitting(node, f"'{sign}' takes", Kind.NUMBER, value)
            try:
                result = compute(total, value)
            except ZeroDivisionError:
                what = f"{_cited(node)}: {described(total)} is divided by zero"
                raise ExpressionError(what, "test the divisor before, as in if d == 0 then 0 else n / d") from None
            if sign == "%" and (total < 0 or value < 0):
                what = f"{_cited(node)}: the remainder of {described(total)} and {described(value)} is not the same in Python and JUEL"
                raise ExpressionError(what, "keep both above zero")
            if not (-NUMBER_LIMIT < result < NUMBER_LIMIT or _is_within_limits(result)):
                what = f"{_cited(node)}: '{sign}' of {described(total)} and {described(value)} is too large"
                raise ExpressionError(what, "keep numbers below 2^63, or finite if they have a point")
            total = result
        return total  # type: ignore[no-any-return]

    return read


def _extreme(node: Extreme) -> Reading:
    arguments = tuple(map(compiled, node.arguments))
    choose: Callable[[list[Any]], int | float] = min if node.function == "min" else max

    def read(values: Mapping[str, Value]) -> int | float:
        numbers = [argument(values) for argument in arguments]
        for number in numbers:
            if type(number) not in _NUMBERS:
                raise _not_fitting(node, f"'{node.function}' takes", Kind.NUMBER, number)
        return choose(numbers)

    return read
