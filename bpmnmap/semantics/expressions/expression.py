"""Expressions: read once, evaluated for each case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bpmnmap.semantics.expressions.error import ExpressionError, located, shortened
from bpmnmap.semantics.expressions.evaluation import Reading, compiled
from bpmnmap.semantics.expressions.kinds import NEEDED, Kind, described, kind_of
from bpmnmap.semantics.expressions.normal_form import written
from bpmnmap.semantics.expressions.parser import parse_tree
from bpmnmap.semantics.expressions.tree import Name, Node, Value, floors


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression over a case's attributes, as `parse_expression` and `condition` read it.

    Equal are expressions of the same text and sort. A pickle holds the text, which is read again.

    Parameters
    ----------
    text
        As given.
    is_condition
        Its value must be true or false.
    tree
        What it means, without spelling.
    names
        The attributes that it reads.

    Examples
    --------
    >>> expression = parse_expression("amount / 2 + fee")
    >>> sorted(expression.names), expression.evaluate({"amount": 9, "fee": 1})
    (['amount', 'fee'], 5.5)
    """

    text: str
    is_condition: bool
    tree: Node = field(compare=False, repr=False)
    names: frozenset[str] = field(compare=False, repr=False)
    _reading: Reading = field(compare=False, repr=False)

    def evaluate(self, values: Mapping[str, Value]) -> Value:
        """Its value for a case's attributes.

        Raises
        ------
        ExpressionError
            An attribute that is read has no value, kinds do not fit, a division by zero, too large a number.
        """
        return self._reading(values)

    def compiled(self) -> Callable[[Mapping[str, Value]], Value]:
        """`evaluate` as a plain function, for where it is called often. It cannot be pickled."""
        return self._reading

    def __reduce__(self) -> tuple[Callable[[str], Expression], tuple[str]]:
        return (condition if self.is_condition else parse_expression), (self.text,)


def parse_expression(text: str) -> Expression:
    """Read an expression.

    Parameters
    ----------
    text
        In this language, or in FEEL, Python or JUEL as far as they say the same (docs/reference/expressions.md).

    Raises
    ------
    ExpressionError
        It is no such expression, or the kinds of its operands cannot fit: what, where, how to mend it.

    Examples
    --------
    >>> parse_expression("=if amount > 100 then 2 else 1").evaluate({"amount": 250})
    2
    """
    tree = parse_tree(text)
    return Expression(text, False, tree, _names(tree), compiled(tree))


def condition(text: str) -> Expression:
    """Read an expression whose value is true or false; evaluating it to anything else is an error.

    Raises
    ------
    ExpressionError
        It is no expression, or its value is certainly a number or a text.

    Examples
    --------
    >>> condition("${approved}").evaluate({"approved": True})
    True
    """
    tree = parse_tree(text)
    kind = kind_of(tree)
    if kind not in {Kind.BOOLEAN, None}:
        what = f"a condition is true or false, not {kind.value}" if kind else ""
        raise located(text, len(text) - len(text.lstrip()), what, NEEDED[Kind.BOOLEAN])
    reading = compiled(tree)
    return Expression(text, True, tree, _names(tree), reading if kind is Kind.BOOLEAN else _decided(tree, reading))


def canonical(expression: Expression) -> str:
    """The text of an expression in its normal form; it is read as the same tree.

    Examples
    --------
    >>> canonical(parse_expression("${!(kind eq 'a' || amount<>1_000)}"))
    'not (kind == "a" or amount != 1000)'
    """
    return written(expression.tree)


def _decided(tree: Node, reading: Reading) -> Reading:
    def read(values: Mapping[str, Value]) -> bool:
        value = reading(values)
        if value is True or value is False:
            return value
        raise ExpressionError(f"'{shortened(written(tree))}' is {described(value)}, a condition is true or false", NEEDED[Kind.BOOLEAN])

    return read


def _names(tree: Node) -> frozenset[str]:
    return frozenset(node.name for floor in floors(tree) for node in floor if isinstance(node, Name))
