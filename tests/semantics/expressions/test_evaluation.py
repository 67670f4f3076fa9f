"""Values: by Python's own evaluation where it reads the same, else by tables."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.semantics.expressions import Expression, ExpressionError, condition, parse_expression
from tests.semantics.expressions.drawn import boolean_texts, number_texts, values

Values = dict[str, bool | int | float | str]
LARGEST = 2**63 - 1


def by_python(text: str, given_values: Values) -> Any:
    return eval(text, {"__builtins__": {}, "min": min, "max": max}, dict(given_values))


@settings(max_examples=2000)
@given(st.one_of(number_texts(), boolean_texts()), values())
def test_python_agrees(text: str, given_values: Values) -> None:
    expression = parse_expression(text)
    try:
        expected = by_python(text, given_values)
    except ZeroDivisionError:
        with pytest.raises(ExpressionError, match="divided by zero"):
            expression.evaluate(given_values)
        return
    found = expression.evaluate(given_values)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("text", "given_values", "expected"),
    [
        ("amount > 100", {"amount": 100}, False),
        ("amount > 100", {"amount": 100.5}, True),
        ("=if amount > 100 then 'large' else 'small'", {"amount": 101}, "large"),
        ("${urgent ? 1 : 2}", {"urgent": False}, 2),
        ("x in [1..5]", {"x": 1}, True),
        ("x in (1..5]", {"x": 1}, False),
        ("x in (1..5]", {"x": 5}, True),
        ("x in [1..5)", {"x": 5}, False),
        ("x in [5..1]", {"x": 3}, False),
        ("x in ['a'..'c']", {"x": "b"}, True),
        ("not x between low and high", {"x": 1, "low": 2, "high": 3}, True),
        ("x in ['a', other]", {"x": "b", "other": "b"}, True),
        ("x in [1, 2.0]", {"x": 2}, True),
        ("x in [true]", {"x": True}, True),
        ("x in [true]", {"x": False}, False),
        ("7 / 2", {}, 3.5),
        ("7 div 2", {}, 3.5),
        ("7 // 2", {}, 3),
        ("-7 // 2", {}, -4),
        ("7 mod 4", {}, 3),
        ("7.5 % 2", {}, 1.5),
        ("2 * 3 % 4", {}, 2),
        ("max(a, 2, 3.5)", {"a": 3}, 3.5),
        ("'a' < 'b'", {}, True),
        ("9223372036854775806 + 1", {}, LARGEST),
        ("9007199254740993 == 9007199254740992.0", {}, False),
        ("a or b", {"a": True}, True),
        ("a and b", {"a": False}, False),
        ("if a then 1 else b", {"a": True}, 1),
        ("min + max", {"min": 1, "max": 2}, 3),
    ],
)  # fmt: skip
def test_value(text: str, given_values: Values, expected: object) -> None:
    found = parse_expression(text).evaluate(given_values)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("text", "given_values", "message"),
    [
        ("amount > 100", {}, "the attribute 'amount' has no value; set it before it is read"),
        ("amount > 100", {"amount": "250"}, "'amount > 100': '>' compares the text '250' with the number 100; compare numbers with numbers, texts with texts (in quotes)"),
        ("amount > 100", {"amount": True}, "'amount > 100': '>' compares true with the number 100; compare numbers with numbers, texts with texts (in quotes)"),
        ("a == b", {"a": 1, "b": "1"}, "'a == b': '==' compares the number 1 with the text '1'; compare numbers with numbers, texts with texts (in quotes)"),
        ("a == b", {"a": 1, "b": True}, "'a == b': '==' compares the number 1 with true; compare numbers with numbers, texts with texts (in quotes)"),
        ("a < b", {"a": True, "b": False}, "'a < b': '<' puts true and false in an order, which they have not; compare them with '==' or '!='"),
        ("a in ['x']", {"a": 1}, "'a in [\"x\"]': 'in' compares the number 1 with the text 'x'; compare numbers with numbers, texts with texts (in quotes)"),
        ("a in ['x', b]", {"a": "x", "b": 1}, "'a in [\"x\", b]': 'in' compares the text 'x' with the number 1; compare numbers with numbers, texts with texts (in quotes)"),
        ("a in [1..b]", {"a": 1, "b": "x"}, "'a in [1..b]': 'in' compares the number 1 with the text 'x'; compare numbers with numbers, texts with texts (in quotes)"),
        ("a in [b..c]", {"a": True, "b": True, "c": True}, "'a in [b..c]': 'in' puts true and false in an order, which they have not; compare them with '==' or '!='"),
        ("not a", {"a": 1}, "'not a': 'not' turns round true or false, not the number 1; write a comparison, like amount > 0"),
        ("a and b", {"a": 1, "b": True}, "'a and b': 'and' joins true or false, not the number 1; write a comparison, like amount > 0"),
        ("a or b", {"a": False, "b": "x"}, "'a or b': 'or' joins true or false, not the text 'x'; write a comparison, like amount > 0"),
        ("if a then 1 else 2", {"a": 0}, "'if a then 1 else 2': the condition of 'if' is true or false, not the number 0; write a comparison, like amount > 0"),
        ("-a", {"a": True}, "'-a': '-' takes a number, not true; write a number without quotes"),
        ("-a", {"a": "x"}, "'-a': '-' takes a number, not the text 'x'; write a number without quotes"),
        ("a + b", {"a": "x", "b": "y"}, "'a + b': '+' takes a number, not the text 'x'; write a number without quotes"),
        ("1 + a", {"a": True}, "'1 + a': '+' takes a number, not true; write a number without quotes"),
        ("max(1, a)", {"a": "x"}, "'max(1, a)': 'max' takes a number, not the text 'x'; write a number without quotes"),
        ("1 / a", {"a": 0}, "'1 / a': the number 1 is divided by zero; test the divisor before, as in if d == 0 then 0 else n / d"),
        ("1 // a", {"a": 0.0}, "'1 // a': the number 1 is divided by zero; test the divisor before, as in if d == 0 then 0 else n / d"),
        ("1 % a", {"a": 0}, "'1 % a': the number 1 is divided by zero; test the divisor before, as in if d == 0 then 0 else n / d"),
        ("a % 3", {"a": -7}, "'a % 3': the remainder of the number -7 and the number 3 is not the same in Python and JUEL; keep both above zero"),
        ("7 % a", {"a": -3}, "'7 % a': the remainder of the number 7 and the number -3 is not the same in Python and JUEL; keep both above zero"),
        ("a + 1", {"a": LARGEST}, f"'a + 1': '+' of the number {LARGEST} and the number 1 is too large; keep numbers below 2^63, or finite if they have a point"),
        ("a * a", {"a": -(2**40)}, f"'a * a': '*' of the number {-(2**40)} and the number {-(2**40)} is too large; keep numbers below 2^63, or finite if they have a point"),
        ("a * a", {"a": 1e200}, "'a * a': '*' of the number 1e+200 and the number 1e+200 is too large; keep numbers below 2^63, or finite if they have a point"),
        ("a", {"a": 2**63}, "the attribute 'a' is 9223372036854775808 of type int; give it true or false, a text, a finite number or a whole number below 2^63"),
        ("a", {"a": float("nan")}, "the attribute 'a' is nan of type float; give it true or false, a text, a finite number or a whole number below 2^63"),
        ("a", {"a": float("-inf")}, "the attribute 'a' is -inf of type float; give it true or false, a text, a finite number or a whole number below 2^63"),
        ("a", {"a": None}, "the attribute 'a' is None of type NoneType; give it true or false, a text, a finite number or a whole number below 2^63"),
        ("a", {"a": []}, "the attribute 'a' is [] of type list; give it true or false, a text, a finite number or a whole number below 2^63"),
    ],
)  # fmt: skip
def test_no_value(text: str, given_values: Values, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse_expression(text).evaluate(given_values)
    assert str(error.value) == message
    assert error.value.column is None


def test_long_parts_are_cited_shortened() -> None:
    with pytest.raises(ExpressionError) as error:
        parse_expression("attribute_of_a_long_name + " * 9 + "1").evaluate({"attribute_of_a_long_name": "x" * 99})
    assert (
        error.value.what
        == f"'attribute_of_a_long_name + attribute_of_a_long_name + attri…': '+' takes a number, not the text '{'x' * 39}…'"
    )


def test_compiled_is_evaluate() -> None:
    expression = parse_expression("amount > limit")
    assert expression.names == {"amount", "limit"}
    decide = expression.compiled()
    assert decide({"amount": 2, "limit": 1}) is expression.evaluate({"amount": 2, "limit": 1}) is True
    assert decide({"amount": 1, "limit": 1}) is False


def test_condition() -> None:
    assert condition("${approved}").evaluate({"approved": False}) is False
    assert condition(" true").evaluate({}) is True
    assert condition("if a then b else c < 1").evaluate({"a": True, "b": True}) is True
    with pytest.raises(ExpressionError) as error:
        condition("if a then b else c").evaluate({"a": True, "b": 5})
    assert str(error.value) == "'if a then b else c' is the number 5, a condition is true or false; write a comparison, like amount > 0"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" amount + 1", "column 2: a condition is true or false, not a number; write a comparison, like amount > 0"),
        ("'yes'", "column 1: a condition is true or false, not a text; write a comparison, like amount > 0"),
        ("=if a then 1 else 2", "column 1: a condition is true or false, not a number; write a comparison, like amount > 0"),
    ],
)
def test_no_condition(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        condition(text)
    assert str(error.value) == message


@pytest.mark.parametrize("read", [parse_expression, condition])
def test_expression_is_data(read: Any) -> None:
    expression = read("${a}")
    assert expression == read("${a}")
    assert hash(expression) == hash(read("${a}"))
    assert expression != read("a")
    for again in (pickle.loads(pickle.dumps(expression)), copy.deepcopy(expression)):
        assert isinstance(again, Expression)
        assert (again, again.tree, again.names) == (expression, expression.tree, frozenset({"a"}))
        assert again.is_condition is (read is condition)
        assert again.evaluate({"a": True}) is True
    with pytest.raises(AttributeError):
        expression.text = "b"


def test_condition_is_another_thing_than_its_expression() -> None:
    assert condition("a") != parse_expression("a")


def test_error_survives_pickling() -> None:
    with pytest.raises(ExpressionError) as error:
        parse_expression("a\n.b")
    again = pickle.loads(pickle.dumps(error.value))
    assert isinstance(again, ExpressionError)
    assert str(again) == str(error.value)
    assert (again.what, again.fix, again.column, again.line) == (error.value.what, error.value.fix, 1, 2)
