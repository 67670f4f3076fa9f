"""The normal form is read as the tree that it was written from."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.semantics.expressions import canonical, parse_expression
from bpmnmap.semantics.expressions.normal_form import written
from bpmnmap.semantics.expressions.parser import parse_tree
from bpmnmap.semantics.expressions.tree import MOST_NESTED, Comparison, Name, Node, Not, Number, Or, children, floors
from tests.semantics.expressions.drawn import boolean_texts, number_texts, trees


@settings(max_examples=400)
@given(trees())
def test_tree_survives(tree: Node) -> None:
    # By repr: 1 and 1.0, 0.0 and -0.0 are equal.
    assert repr(parse_tree(written(tree))) == repr(tree)


@settings(max_examples=300)
@given(st.one_of(number_texts(), boolean_texts()))
def test_normal_form_of_a_text_is_stable(text: str) -> None:
    expression = parse_expression(text)
    again = parse_expression(canonical(expression))
    assert repr(again.tree) == repr(expression.tree)
    assert (canonical(again), again.names) == (canonical(expression), expression.names)


def test_deepest_trees_survive() -> None:
    tree: Node = Name("a")
    for turn in range(MOST_NESTED - 1):
        tree = Not(tree) if turn % 2 else Or((Name("b"), tree))
    assert len(floors(tree)) == MOST_NESTED
    assert parse_tree(written(tree)) == tree


def test_floors() -> None:
    tree = Comparison("<", Name("a"), Number(1))
    assert children(tree) == (Name("a"), Number(1))
    assert floors(Not(tree)) == [[Not(tree)], [tree], [Name("a"), Number(1)]]
