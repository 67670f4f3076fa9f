"""What is no expression is told by name, with the column and how to mend it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.semantics.expressions import ExpressionError, canonical, parse_expression
from bpmnmap.semantics.expressions.refusals import SIGNS, WORDS
from tests.semantics.expressions.drawn import word_salad

ALIKE = "compare numbers with numbers, texts with texts (in quotes)"
DEEP = "it nests deeper than 100; split it, or compute an attribute before"
LISTS = "write it like x in [1, 2] or x in [1..5]"
BEHIND_IN = f"a list or range stands only behind 'in'; {LISTS}"
MISSING = "add what is missing, or drop it"
NUMBER = "write it like 1000, 1_000 or 0.25; a name does not begin with a digit"
AROUND = "put one '${…}' around the whole expression"
VALUE = "write a name, a number, a text in quotes, true or false"
ONLY_CALLS = "only min(…) and max(…) can be called"
START = "write a value, like amount > 100"
TRUTH = "write a comparison, like amount > 0"

REFUSED: list[tuple[str, str]] = [
    # names and operands
    ("credit score > 5", "column 8: a name has no blanks, as 'credit score' has; write one name, like credit_score, or an operator between"),
    ("a\n and b c", "line 2, column 8: a name has no blanks, as 'b c' has; write one name, like b_c, or an operator between"),
    ("a And b", "column 3: 'And' is no operator; write 'and'"),
    ("If a then b else c", "column 1: 'If' is no operator; write 'if'"),
    ("a > 3 5", "column 7: '5' stands, where an operator or the end is needed; write an operator between the values"),
    ("f'x'", "column 2: ''x'' stands, where an operator or the end is needed; write an operator between the values"),
    ("'a' 'b'", "column 5: ''b'' stands, where an operator or the end is needed; write an operator between the values"),
    ("1.5.2", "column 4: '.2' stands, where an operator or the end is needed; write an operator between the values"),
    ("a then b", f"column 3: 'then' stands, where an operator or the end is needed; {MISSING}"),
    ("a ! b", f"column 3: '!' stands, where an operator or the end is needed; {MISSING}"),
    # what other languages offer
    ("order.amount > 3", "column 6: attribute access, as in 'order.', is not offered; give the value a name of its own, like a_b"),
    ("execution.getVariable('x')", "column 10: attribute access, as in 'execution.', is not offered; give the value a name of its own, like a_b"),
    ("a[0] = 1", "column 2: indexing, as in 'a[', is not offered; give the value a name of its own, like a_1"),
    ("len(a) > 3", f"column 1: the call of 'len' is not offered; {ONLY_CALLS}"),
    ("__import__('os')", f"column 1: the call of '__import__' is not offered; {ONLY_CALLS}"),
    ("a > date('2026-01-01')", f"column 5: the call of 'date' is not offered; {ONLY_CALLS}"),
    ("(a)(b)", f"column 4: a call is not offered; {ONLY_CALLS}"),
    ("a := 3", "column 3: assignment ':=' is not offered: an expression only reads; write '==' to compare"),
    ("a += 3", "column 3: '+=' is not offered: an expression only reads, and texts are not joined; write '+' or '=='"),
    ("lambda x: x", "column 1: lambdas are not offered; write the value itself"),
    ("x -> x", "column 3: lambdas '->' are not offered; write the value itself"),
    ("a == null", "column 6: 'null' is not offered; an attribute always has a value: compare with one that stands for it, like \"\" or 0"),
    ("a is None", "column 3: 'is' is not offered; write '=='"),
    ("${empty a}", "column 3: 'empty' is not offered; an attribute always has a value: compare with one that stands for it, like \"\" or 0"),
    ("a ** 2", "column 3: exponentiation '**' is not offered; write the product out"),
    ("a ^ 2", "column 3: '^' is not offered, neither as exponentiation nor on bits; write the product out"),
    ("a & b", "column 3: the bit operator '&' is not offered; write 'and'"),
    ("a?.b", "column 2: '?.' is not offered, as no value is ever missing; give the value an attribute of its own"),
    ("a => 3", "column 3: '=>' is no operator; write '>='"),
    ("a === 3", "column 3: '===' is no operator; write '=='"),
    ("a ≥ 3", "column 3: '≥' is no operator here; write '>='"),
    ("a == “x”", "column 6: '“' is no quote here; write \""),
    ("a &gt; 3", "column 3: '&gt;' is escaped twice; write '>'"),
    ("a > @\"P1D\"", "column 5: dates and times '@' are not offered; compare a number, like days since the start"),
    ("a; b", "column 2: ';' is not offered: there is one expression; keep one expression"),
    ("{a: 1}", "column 1: braces make no value here; write a list as [1, 2], and '${' only around the whole expression"),
    ("=a // 2", "column 4: '//' begins a comment in FEEL and nothing in JUEL; drop it; only without '=' or '${…}' it divides"),
    ("${a // 2}", "column 5: '//' begins a comment in FEEL and nothing in JUEL; drop it; only without '=' or '${…}' it divides"),
    ("a /* b */", "column 3: comments '/*' are not offered; move it to the element's documentation"),
    ("€", "column 1: the character '\\u20ac' means nothing here; drop it"),
    ("a\u200b > 1", "column 2: the character '\\u200b' means nothing here; drop it"),
    # what wraps
    ("${a} and ${b}", "column 4: '}' has no '${' or '#{' at the beginning of the expression, or stands inside it; " + AROUND),
    ("a > ${b}", f"column 5: '$' stands only at the beginning, as in '${{amount > 100}}'; {AROUND}"),
    ("${a", f"column 1: '${{' is not closed at the end; {AROUND}"),
    (" #{a} > 1", f"column 2: '#{{' is not closed at the end; {AROUND}"),
    ("=${a}", f"column 2: '$' stands only at the beginning, as in '${{amount > 100}}'; {AROUND}"),
    ("==a", f"column 2: '=' stands, where a value is needed; {VALUE}"),
    ("", f"column 1: the expression is empty; {START}"),
    (" \n", f"column 1: the expression is empty; {START}"),
    ("=", f"column 2: the expression is empty; {START}"),
    ("${}", f"column 3: the expression is empty; {START}"),
    # operators
    ("a >", f"column 4: the expression breaks off; {START}"),
    ("a and", f"column 6: the expression breaks off; {START}"),
    ("> 3", f"column 1: '>' stands, where a value is needed; {VALUE}"),
    ("a or and b", f"column 6: 'and' stands, where a value is needed; {VALUE}"),
    ("a == +1", "column 6: a sign '+' is not offered; drop it"),
    ("1 < x < 3", "column 7: comparisons do not chain; join them with 'and', or write x in [a..b]"),
    ("a = b = c", "column 7: comparisons do not chain; join them with 'and', or write x in [a..b]"),
    ("a == !b == c", "column 9: comparisons do not chain; join them with 'and', or write x in [a..b]"),
    ("x in [1] in [true]", "column 10: comparisons do not chain; join them with 'and', or write x in [a..b]"),
    ("1 + if a then 1 else 2", "column 5: 'if' stands behind an operator; put parentheses around it"),
    ("if a then 1", f"column 12: the expression ends, where 'else' is needed; {MISSING}"),
    ("if a else 1", f"column 6: 'else' stands, where 'then' is needed; {MISSING}"),
    ("a if b", f"column 7: the expression ends, where 'else' is needed; {MISSING}"),
    ("a ? 1", f"column 6: the expression ends, where ':' is needed; {MISSING}"),
    ("a not b", "column 7: 'b' stands, where 'in' is needed; write an operator between the values"),
    ("x between 1 or 2", f"column 13: 'or' stands, where 'and' of 'between' is needed; {MISSING}"),
    # brackets, lists, ranges
    ("(a", f"column 3: the expression ends, where ')' is needed; {MISSING}"),
    ("a)", f"column 2: ')' stands, where an operator or the end is needed; {MISSING}"),
    ("()", f"column 2: ')' stands, where a value is needed; {VALUE}"),
    ("x in (1]", f"column 8: ']' stands, where ')' is needed; {MISSING}"),
    ("x in [1)", f"column 8: ')' stands, where ']' is needed; {MISSING}"),
    ("a == 1,5", "column 7: ',' stands only in lists behind 'in' and in min(…) and max(…); write decimals with a point"),
    ("[1, 2]", f"column 1: {BEHIND_IN}"),
    ("1..5", f"column 2: {BEHIND_IN}"),
    ("x in 'abc'", f"column 6: ''abc'' stands, where 'in' needs a list or range; {LISTS}"),
    ("x in", f"column 5: the expression ends, where 'in' needs a list or range; {LISTS}"),
    ("x in ('abc')", "column 6: one value in parentheses is no list; write it like x in [1], or with '=='"),
    ("x in []", "column 6: the list is empty; name at least one value"),
    ("x in ()", "column 6: the list is empty; name at least one value"),
    ("x in [,]", f"column 7: ',' stands, where a value is needed; {VALUE}"),
    ("x in ]1, 2]", "column 8: ',' stands only in lists behind 'in' and in min(…) and max(…); write decimals with a point"),
    ("x in [1, 2..3]", "column 11: a range stands alone, not in a list; join two 'in' with 'or'"),
    ("min(1)", "column 1: 'min' of one value; write it like min(a, b)"),
    ("max()", f"column 5: ')' stands, where a value is needed; {VALUE}"),
    ("max(1, 2", f"column 9: the expression ends, where ')' is needed; {MISSING}"),
    # numbers and texts
    ("a > 2e5", f"column 5: '2e5' is no number; {NUMBER}"),
    ("0x10", f"column 1: '0x10' is no number; {NUMBER}"),
    ("1__0", f"column 1: '1__0' is no number; {NUMBER}"),
    ("2nd == 1", f"column 1: '2nd' is no number; {NUMBER}"),
    ("5. + 1", "column 2: '5.' is no number; write digits behind the point, or no point"),
    ("9223372036854775808", "column 1: '9223372036854775808' is too large; write less than 2^63, or a number with a point"),
    ("9" * 5000, f"column 1: '{'9' * 59}…' is too large; write less than 2^63, or a number with a point"),
    ("9" * 400 + ".0", f"column 1: '{'9' * 59}…' is too large; write a smaller number"),
    ("a == 'abc", "column 6: a text that begins with ' is not closed; close it with '"),
    ("${a == 'abc}", "column 8: a text that begins with ' is not closed; close it with '"),
    ("'a\nb'", "line 1, column 3: a text runs over the end of its line; close it with ', or write '\\n'"),
    ("'a\\q'", "column 3: '\\\\q' is no escape; write '\\\\' for a backslash; known are \\\\ \\\" \\' \\n \\r \\t \\u0041"),
    ("'\\ud800'", "column 2: '\\ud800' is half a character; write the character itself"),
    # kinds
    ('"a" < 3', f"column 5: '<' compares a text with a number; {ALIKE}"),
    ("1 == '1'", f"column 3: '==' compares a number with a text; {ALIKE}"),
    ("a + 1 == 'x'", f"column 7: '==' compares a number with a text; {ALIKE}"),
    ("(a > 1) == 1", f"column 9: '==' compares true or false with a number; {ALIKE}"),
    ("x in [1, 'a']", f"column 3: 'in' compares a number with a text; {ALIKE}"),
    ("'a' not in [1]", f"column 9: 'in' compares a text with a number; {ALIKE}"),
    ("x in [1..'a']", f"column 3: 'in' compares a number with a text; {ALIKE}"),
    ("true < a", "column 6: '<' puts true and false in an order, which they have not; compare them with '==' or '!='"),
    ("x in [true..false]", "column 3: 'in' puts true and false in an order, which they have not; compare them with '==' or '!='"),
    ("1 + 'a'", "column 3: '+' takes a number, not a text; write a number without quotes"),
    ("'a' + 'b'", "column 5: '+' takes a number, not a text; write a number without quotes"),
    ("a * true", "column 3: '*' takes a number, not true or false; write a number without quotes"),
    ("-'a'", "column 1: '-' takes a number, not a text; write a number without quotes"),
    ("b or max(1, 'a') > 1", "column 6: 'max' takes a number, not a text; write a number without quotes"),
    ("a and 3", f"column 3: 'and' joins true or false, not a number; {TRUTH}"),
    ("'x' or a", f"column 5: 'or' joins true or false, not a text; {TRUTH}"),
    ("not 3", f"column 1: 'not' turns round true or false, not a number; {TRUTH}"),
    ("if 1 then 2 else 3", f"column 1: the condition of 'if' is true or false, not a number; {TRUTH}"),
    ("2 if 'x' else 3", f"column 3: the condition of 'if' is true or false, not a text; {TRUTH}"),
    ("(if a then 1 else 2) and b", f"column 22: 'and' joins true or false, not a number; {TRUTH}"),
    # limits
    ("a" * 10_001, "column 10001: more than 10000 characters; split it, or compute an attribute before"),
    ("(" * 101 + "a" + ")" * 101, f"column 101: {DEEP}"),
    ("-" * 100 + "a", f"column 101: {DEEP}"),
    ("not " * 100 + "a", f"column 401: {DEEP}"),
    ("x in [" * 101, f"column 606: {DEEP}"),
    ("min(1, " * 101, f"column 704: {DEEP}"),
    ("if a then " * 100, f"column 994: {DEEP}"),
    ("(" * 60 + "a" + " == b or c)" * 60, f"column 1: {DEEP}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED, ids=[text[:20].encode("unicode_escape").decode() for text, _ in REFUSED])
def test_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse_expression(text)
    assert str(error.value) == message


@pytest.mark.parametrize("sign", SIGNS)
def test_every_refused_sign_is_told_where_it_stands(sign: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse_expression(f"a {sign} b")
    assert (error.value.column, error.value.what, error.value.fix) == (3, *SIGNS[sign])


@pytest.mark.parametrize("word", WORDS)
def test_every_refused_word_is_told_where_it_stands(word: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse_expression(f"a and {word} b")
    assert (error.value.column, error.value.what, error.value.fix) == (7, *WORDS[word])


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100 + "a" + ")" * 100,
        "not " * 99 + "a",
        "if a then " * 99 + "1" + " else 2" * 99,
        "(" * 99 + "not " * 90 + "a" + ")" * 99,
        "true in [true, not " * 49 + "true" + "]" * 49,
        "1" + " + 1" * 2000,
        "a" + " and a" * 1600,
        "a" + " or not a" * 1100,
        "a == '" + "x" * 9993 + "'",
    ],
    ids=lambda text: text[:12],
)
def test_up_to_the_limits_all_is_read(text: str) -> None:
    expression = parse_expression(text)
    assert repr(parse_expression(canonical(expression)).tree) == repr(expression.tree)
    with contextlib.suppress(ExpressionError):  # texts are no booleans
        assert expression.evaluate({"a": True}) in {True, False, 2001}


def error_of(text: str) -> ExpressionError | None:
    try:
        parse_expression(text)
    except ExpressionError as error:
        return error
    return None


def only_expression_errors(text: str) -> None:
    error = error_of(text)
    if error is not None:
        assert error.what
        assert error.fix
        assert error.column is not None
        line = text.split("\n")[(error.line or 1) - 1]
        assert 1 <= error.column <= len(line if error.line else text) + 1
        return
    expression = parse_expression(text)
    assert repr(parse_expression(canonical(expression)).tree) == repr(expression.tree)
    for value in (True, 3, 0.0, "t"):
        with contextlib.suppress(ExpressionError):
            assert type(expression.evaluate(dict.fromkeys(expression.names, value))) in {bool, int, float, str}


@settings(max_examples=1000)
@given(st.text(max_size=30))
def test_any_text(text: str) -> None:
    only_expression_errors(text)


@settings(max_examples=3000)
@given(word_salad())
def test_words_in_any_order(text: str) -> None:
    only_expression_errors(text)
