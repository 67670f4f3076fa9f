"""The normal form of an expression: one text for each tree."""

from __future__ import annotations

from decimal import Decimal

from bpmnmap.semantics.expressions.tree import (
    And,
    Arithmetic,
    Between,
    Boolean,
    Comparison,
    Conditional,
    Extreme,
    Level,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Or,
    Text,
    Within,
)

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def written(node: Node, floor: Level = Level.CONDITIONAL) -> str:
    r"""A tree in its normal form, in parentheses if it binds looser than `floor`.

    Examples
    --------
    >>> written(Not(Within(Name("a"), (Number(1e20), Text('"')))))
    'a not in [100000000000000000000.0, "\\""]'
    """
    text, level = _written(node)
    return f"({text})" if level < floor else text


def _written(node: Node) -> tuple[str, Level]:
    match node:
        case Boolean(value):
            return ("true" if value else "false"), Level.ATOM
        case Number(value):
            return _number(value), Level.ATOM
        case Text(value):
            return f'"{value.translate(_ESCAPES)}"', Level.ATOM
        case Name(name):
            return name, Level.ATOM
        case Extreme(function, arguments):
            return f"{function}({', '.join(written(argument) for argument in arguments)})", Level.ATOM
        case Negative(operand):
            # A sign directly before a number would be read as the number's own.
            return f"-({written(operand)})" if isinstance(operand, Number) else f"-{written(operand, Level.SIGN)}", Level.SIGN
        case Arithmetic(first, rest):
            inner = Level(node.level + 1)
            return written(first, inner) + "".join(f" {sign} {written(operand, inner)}" for sign, operand in rest), node.level
        case Not(Within() | Between() as inside):
            return _inside(inside, "not in"), Level.COMPARISON
        case Within() | Between():
            return _inside(node, "in"), Level.COMPARISON
        case Comparison(operator, left, right):
            return f"{written(left, Level.SUM)} {operator} {written(right, Level.SUM)}", Level.COMPARISON
        case Not(operand):
            return f"not {written(operand, Level.NOT)}", Level.NOT
        case And(operands):
            return " and ".join(written(operand, Level.NOT) for operand in operands), Level.AND
        case Or(operands):
            return " or ".join(written(operand, Level.AND) for operand in operands), Level.OR
        case Conditional(condition, chosen, otherwise):
            parts = written(condition, Level.OR), written(chosen, Level.OR), written(otherwise)
            return "if {} then {} else {}".format(*parts), Level.CONDITIONAL


def _inside(node: Within | Between, word: str) -> str:
    value = written(node.value, Level.SUM)
    if isinstance(node, Within):
        return f"{value} {word} [{', '.join(written(item) for item in node.items)}]"
    opening, closing = "(" if node.low_open else "[", ")" if node.high_open else "]"
    return f"{value} {word} {opening}{written(node.low)}..{written(node.high)}{closing}"


def _number(value: int | float) -> str:
    """A number without exponent, which is read as the same number."""
    if isinstance(value, int):
        return str(value)
    text = format(Decimal(repr(value)), "f")
    return text if "." in text else f"{text}.0"
