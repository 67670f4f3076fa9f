"""Strategies: texts that Python reads too, whole trees, and words thrown together."""

from __future__ import annotations

from hypothesis import strategies as st

from bpmnmap.semantics.expressions.kinds import Kind
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
    Within,
)

COMPARISONS = ["==", "!=", "<", "<=", ">", ">="]
SUMS, PRODUCTS = ["+", "-"], ["*", "/", "//"]


@st.composite
def number_texts(draw: st.DrawFn, depth: int = 3) -> str:
    """Numbers as Python writes them, with and without parentheses."""
    kind = draw(st.integers(0, 6)) if depth else 0
    inner = number_texts(depth - 1)
    if kind == 0:
        return draw(st.sampled_from(["0", "1", "2", "7", "0.5", "2.0", "a", "b", "x", "-3", "-a"]))
    if kind == 1:
        return f"({draw(inner)})"
    if kind == 2:
        return f"-{draw(inner)}"
    if kind == 3:
        return f"{draw(st.sampled_from(['min', 'max']))}({draw(inner)}, {draw(inner)})"
    if kind == 4:
        return f"({draw(inner)} if {draw(boolean_texts(depth - 1))} else {draw(inner)})"
    if kind == 5:
        return draw(st.sampled_from(["(a % 7)", "(x % 2 * b % 3)"]))
    return draw(inner) + "".join(f" {draw(st.sampled_from(SUMS + PRODUCTS))} {draw(inner)}" for _ in range(draw(st.integers(1, 2))))


@st.composite
def boolean_texts(draw: st.DrawFn, depth: int = 3) -> str:
    """Booleans as Python writes them. What stands beside a comparison is in parentheses: Python would chain it."""
    kind = draw(st.integers(0, 8)) if depth else 0
    inner, numbers = boolean_texts(depth - 1), number_texts(max(depth - 1, 0))
    if kind == 0:
        return draw(st.sampled_from(["True", "False", "p", "q", "s == 'north'", "s < 'o'", "s not in ('south', 'west')"]))
    if kind == 1:
        return f"({draw(inner)})"
    if kind == 2:
        return f"not {draw(inner)}"
    if kind == 3:
        return f"{draw(numbers)} {draw(st.sampled_from(COMPARISONS))} {draw(numbers)}"
    if kind == 4:
        return f"({draw(inner)}) {draw(st.sampled_from(['==', '!=']))} ({draw(inner)})"
    if kind == 5:
        return f"{draw(numbers)} {draw(st.sampled_from(['in', 'not in']))} [{draw(numbers)}, {draw(numbers)}]"
    if kind == 6:
        return f"({draw(inner)} if {draw(inner)} else {draw(inner)})"
    return draw(inner) + "".join(f" {draw(st.sampled_from(['and', 'or']))} {draw(inner)}" for _ in range(draw(st.integers(1, 2))))


def values() -> st.SearchStrategy[dict[str, bool | int | float | str]]:
    """Values for the names above; what is taken modulo is not negative."""
    return st.fixed_dictionaries(
        {
            "a": st.integers(0, 9),
            "b": st.integers(0, 9),
            "x": st.sampled_from([0.0, 0.25, 2.0, 7.5]),
            "p": st.booleans(),
            "q": st.booleans(),
            "s": st.sampled_from(["north", "south", ""]),
        }
    )


_NAMES = st.sampled_from(["a", "größe", "x_1", "min", "max", "金額", "_", "gT", "Nothing", "e5"]).map(Name)
_LITERALS: dict[Kind, st.SearchStrategy[Node]] = {
    Kind.BOOLEAN: st.booleans().map(Boolean),
    Kind.TEXT: st.text(max_size=8).map(Text),
    Kind.NUMBER: st.one_of(
        st.integers(1 - NUMBER_LIMIT, NUMBER_LIMIT - 1), st.integers(-3, 3), st.floats(allow_nan=False, allow_infinity=False)
    ).map(Number),
}


@st.composite
def trees(draw: st.DrawFn, kind: Kind | None = None, depth: int = 3) -> Node:
    """Trees as the parser makes them, of any shape that it lets pass."""
    kind = kind or draw(st.sampled_from(Kind))

    def one(of: Kind = kind) -> Node:
        return draw(trees(of, depth - 1))

    def some(of: Kind, fewest: int) -> tuple[Node, ...]:
        return tuple(one(of) for _ in range(draw(st.integers(fewest, 3))))

    turn = draw(st.integers(0, 9)) if depth else 0
    if turn < 2:
        return draw(st.one_of(_NAMES, _LITERALS[kind]))
    if turn == 2 or kind is Kind.TEXT:
        return Conditional(one(Kind.BOOLEAN), one(), one())
    if kind is Kind.NUMBER:
        signs = draw(st.sampled_from([SUMS, [*PRODUCTS, "%"]]))
        if turn == 3:
            return Negative(one())
        if turn == 4:
            return Extreme(draw(st.sampled_from(["min", "max"])), some(kind, 2))
        return _computed(one(), [(draw(st.sampled_from(signs)), operand) for operand in some(kind, 1)])
    if turn == 3:
        return Not(one())
    if turn in {4, 5}:
        return _joined(And if turn == 4 else Or, some(kind, 2))
    like = draw(st.sampled_from([Kind.NUMBER, Kind.TEXT]))
    if turn == 6:
        return Between(one(like), one(like), one(like), draw(st.booleans()), draw(st.booleans()))
    if turn == 7:
        return Within(one(like), some(like, 1))
    if turn == 8:
        return Comparison(draw(st.sampled_from(["==", "!="])), one(), one())
    return Comparison(draw(st.sampled_from(COMPARISONS)), one(like), one(like))


def _joined(kind: type[And | Or], operands: tuple[Node, ...]) -> Node:
    flat = [part for node in operands for part in (node.operands if isinstance(node, And | Or) and isinstance(node, kind) else (node,))]
    return kind(tuple(flat))


def _computed(first: Node, rest: list[tuple[str, Node]]) -> Node:
    node = Arithmetic(first, tuple(rest))
    return Arithmetic(first.first, first.rest + node.rest) if isinstance(first, Arithmetic) and first.level is node.level else node


WORDS = [
    "a", "b", "1", "2.5", "'t'", '"', "'", "true", "False", "and", "or", "not", "!", "&&", "||", "==", "=", "!=", "<>", "<", "<=", ">",
    "in", "between", "if", "then", "else", "?", ":", "(", ")", "[", "]", ",", "..", ".", "+", "-", "*", "/", "//", "%", "min(", "max(",
    "${", "#{", "}", "null", "eq", "mod", "empty", "\\", "9" * 30, "1e5", " ", "\n", "=>", "\0", "é", "\u0301", "٣", "²",
]  # fmt: skip


def word_salad() -> st.SearchStrategy[str]:
    """Words of the language in any order."""
    return st.lists(st.sampled_from(WORDS), max_size=14).flatmap(lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words)))
