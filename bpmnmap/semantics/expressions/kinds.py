"""Kinds of values, and what is certainly wrong about them before any value is known."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from bpmnmap.semantics.expressions.tree import (
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


class Kind(enum.Enum):
    """What a value is; a boolean is no number."""

    BOOLEAN = "true or false"
    NUMBER = "a number"
    TEXT = "a text"


KIND_OF_TYPE: dict[type, Kind] = {bool: Kind.BOOLEAN, int: Kind.NUMBER, float: Kind.NUMBER, str: Kind.TEXT}

ALIKE = "compare numbers with numbers, texts with texts (in quotes)"
NEEDED = {
    Kind.BOOLEAN: "write a comparison, like amount > 0",
    Kind.NUMBER: "write a number without quotes",
}


def kind_of(node: Node) -> Kind | None:
    """The kind of a node's value; None where only the attributes tell."""
    match node:
        case Name():
            return None
        case Number() | Negative() | Arithmetic() | Extreme():
            return Kind.NUMBER
        case Text():
            return Kind.TEXT
        case Conditional(_, chosen, otherwise):
            kind = kind_of(chosen)
            return kind if kind is kind_of(otherwise) else None
        case Boolean() | Not() | And() | Or() | Comparison() | Within() | Between():
            return Kind.BOOLEAN


def mismatch(node: Node) -> tuple[str, str] | None:
    """What is certainly wrong about the kinds of a node's operands, and how to mend it.

    Examples
    --------
    >>> mismatch(Comparison("<", Text("a"), Number(3)))
    ("'<' compares a text with a number", 'compare numbers with numbers, texts with texts (in quotes)')
    """
    match node:
        case And(operands):
            return _unfit(Kind.BOOLEAN, operands, "'and' joins")
        case Or(operands):
            return _unfit(Kind.BOOLEAN, operands, "'or' joins")
        case Not(operand):
            return _unfit(Kind.BOOLEAN, [operand], "'not' turns round")
        case Conditional(condition):
            return _unfit(Kind.BOOLEAN, [condition], "the condition of 'if' is")
        case Negative(operand):
            return _unfit(Kind.NUMBER, [operand], "'-' takes")
        case Arithmetic(first, rest):
            return _unfit(Kind.NUMBER, [first, *(operand for _, operand in rest)], f"'{rest[-1][0]}' takes")
        case Extreme(function, arguments):
            return _unfit(Kind.NUMBER, arguments, f"'{function}' takes")
        case Comparison(operator, left, right):
            return _unlike([left, right], f"'{operator}'", is_order=operator not in {"==", "!="})
        case Within(value, items):
            return _unlike([value, *items], "'in'")
        case Between(value, low, high):
            return _unlike([value, low, high], "'in'", is_order=True)
        case _:
            return None


def _unfit(kind: Kind, operands: Iterable[Node], rule: str) -> tuple[str, str] | None:
    for operand in operands:
        found = kind_of(operand)
        if found not in {kind, None}:
            return unfit(rule, kind, found.value if found else "")
    return None


def _unlike(operands: Iterable[Node], sign: str, *, is_order: bool = False) -> tuple[str, str] | None:
    kinds = [kind for operand in operands if (kind := kind_of(operand)) is not None]
    if is_order and Kind.BOOLEAN in kinds:
        return unordered(sign)
    other = next((kind for kind in kinds if kind is not kinds[0]), None)
    return None if other is None else unlike(sign, kinds[0].value, other.value)


def unfit(rule: str, kind: Kind, found: str) -> tuple[str, str]:
    """An operand of the wrong kind."""
    return f"{rule} {kind.value}, not {found}", NEEDED[kind]


def unlike(sign: str, left: str, right: str) -> tuple[str, str]:
    """Two operands of different kinds."""
    return f"{sign} compares {left} with {right}", ALIKE


def unordered(sign: str) -> tuple[str, str]:
    """An order of booleans."""
    return f"{sign} puts true and false in an order, which they have not", "compare them with '==' or '!='"


def described(value: Value) -> str:
    """A value, as messages cite it.

    Examples
    --------
    >>> described("a"), described(3), described(True)
    ("the text 'a'", 'the number 3', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {value if len(value) <= 40 else value[:39] + '…'!r}"
    return f"the number {value}"
