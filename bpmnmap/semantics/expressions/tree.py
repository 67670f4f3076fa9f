"""Trees of expressions: the same tree for all spellings of one meaning."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = bool | int | float | str

MOST_NESTED = 100
NUMBER_LIMIT = 2**63  # numbers without a point stay below it, so that no product grows without end


class Level(enum.IntEnum):
    """How tightly a construct binds, from the loosest on."""

    CONDITIONAL = 1
    OR = 2
    AND = 3
    NOT = 4
    COMPARISON = 5
    SUM = 6
    PRODUCT = 7
    SIGN = 8
    ATOM = 9


@dataclass(frozen=True, slots=True)
class Boolean:
    """``true`` or ``false``."""

    value: bool


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, with its sign: exact without a point, binary floating point with one."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Text:
    """A text as meant, without quotes and escapes."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """An attribute of the case."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """``not operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Negative:
    """``-operand``; the sign of a number as written is part of it."""

    operand: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more operands, none of them an `And`; the first false one decides."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of two or more operands, none of them an `Or`; the first true one decides."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``first + a - b`` or ``first * a / b // c % d``, from left to right; flat, so that long sums are not deep."""

    first: Node
    rest: tuple[tuple[str, Node], ...]

    @property
    def level(self) -> Level:
        """Sum or product."""
        return Level.SUM if self.rest[0][0] in {"+", "-"} else Level.PRODUCT


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right`` with one of ``== != < <= > >=``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Within:
    """``value in [items]``; at least one item."""

    value: Node
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """``value in [low..high]``; an open end does not belong to the range."""

    value: Node
    low: Node
    high: Node
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Extreme:
    """``min(…)`` or ``max(…)`` of two or more numbers."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """``if condition then chosen else otherwise``."""

    condition: Node
    chosen: Node
    otherwise: Node


Node: TypeAlias = (
    Boolean | Number | Text | Name | Not | Negative | And | Or | Arithmetic | Comparison | Within | Between | Extreme | Conditional
)


def children(node: Node) -> tuple[Node, ...]:
    """The operands of a node, as written.

    Examples
    --------
    >>> children(Arithmetic(Name("a"), (("+", Name("b")),)))
    (Name(name='a'), Name(name='b'))
    """
    match node:
        case Not(operand) | Negative(operand):
            return (operand,)
        case And(operands) | Or(operands) | Extreme(_, operands):
            return operands
        case Arithmetic(first, rest):
            return (first, *(operand for _, operand in rest))
        case Comparison(_, left, right):
            return (left, right)
        case Within(value, items):
            return (value, *items)
        case Between(value, low, high):
            return (value, low, high)
        case Conditional(condition, chosen, otherwise):
            return (condition, chosen, otherwise)
        case Boolean() | Number() | Text() | Name():
            return ()


def floors(tree: Node) -> list[list[Node]]:
    """The nodes of a tree by their depth. Without recursion: what is too deep to recurse into is measured with it."""
    found = [[tree]]
    while below := [child for node in found[-1] for child in children(node)]:
        found.append(below)
    return found
