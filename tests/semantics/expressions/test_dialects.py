"""One tree for all spellings of one meaning, in FEEL, Python and JUEL."""

from __future__ import annotations

import pytest

from bpmnmap.semantics.expressions import canonical, parse_expression

SAME: list[tuple[str, list[str]]] = [
    ("amount > 100", ["amount > 100", "=amount > 100", " = amount>100", "${amount > 100}", "#{amount gt 100}", "${ amount gt 1_00 }", "(amount) > (100)", "\n amount\n>\t100 "]),
    ('kind == "a"', ["kind == 'a'", '= kind = "a"', "${kind eq 'a'}", "${kind == 'a'}", "#{kind = 'a'}", r"kind == '\u0061'"]),
    ("a != 1", ["a != 1", "=a != 1", "a <> 1", "${a ne 1}", "${a != 1}"]),
    ("a <= 1", ["a <= 1", "=a <= 1", "${a le 1}"]),
    ("a >= 1.5", ["a >= 1.5", "=a>=1.5", "${a ge 1.50}", "a >= 1.5_0"]),
    ("a < 0.5", ["a < .5", "=a < 0.5", "${a lt 0.5}"]),
    ("a and b or c", ["a and b or c", "=a and b or c", "${a && b || c}", "${a and b or c}", "a AND b OR c", "(a and b) or c"]),
    ("a and (b or c)", ["a and (b or c)", "${a && (b || c)}"]),
    ("a and b and c", ["a and b and c", "(a and b) and c", "a and (b and c)", "${a && (b && c)}"]),
    ("not a", ["not a", "=not(a)", "${!a}", "${not a}", "! a", "NOT a"]),
    ("not a and b", ["not a and b", "=not(a) and b", "${!a && b}", "(not a) and b"]),
    ("not a == b", ["not a == b", "not(a) == b", "not (a == b)", "!(a == b)"]),
    ("(not a) == b", ["!a == b", "${!a == b}", "(not a) == b"]),
    ("a == (not b)", ["${a == !b}", "${a eq not b}", "=a = not(b)", "a == (not b)"]),
    ("not not a", ["not not a", "!!a", "not(not(a))"]),
    ("true", ["true", "True", "TRUE", "=true", "${true}"]),
    ("a == false", ["a == False", "=a = false", "${a eq false}", "a = FALSE"]),
    ('x in ["a", "b"]', ["x in ['a', 'b']", '=x in ("a", "b")', "x in ('a', 'b',)", "x in ['a', 'b',]", "x IN ('a','b')"]),
    ("x in [1]", ["x in [1]", "x in (1,)"]),
    ("x not in [1, 2]", ["x not in (1, 2)", "not x in [1, 2]", "=not(x in (1, 2))", "!(x in [1, 2])", "x NOT IN (1, 2)"]),
    ("x in [1..5]", ["=x in [1..5]", "=x between 1 and 5", "x in [ 1 .. 5 ]", "x BETWEEN 1 AND 5"]),
    ("x in [1..5)", ["x in [1..5)", "x in [1..5["]),
    ("x in (1..5]", ["x in (1..5]", "x in ]1..5]"]),
    ("x in (1.5..2.5)", ["x in (1.5..2.5)", "x in ]1.5..2.5["]),
    ("x not in [low..high + 1]", ["x not in [low..high+1]", "not x between low and high + 1", "not(x in [low..high+1])"]),
    ("x in [1..5] and y", ["x between 1 and 5 and y", "(x between 1 and 5) and y"]),
    ("if c then 1 else 2", ["if c then 1 else 2", "=if c then 1 else 2", "1 if c else 2", "${c ? 1 : 2}", "IF c THEN 1 ELSE 2"]),
    ("if a then 1 else if b then 2 else 3", ["if a then 1 else if b then 2 else 3", "1 if a else 2 if b else 3", "${a ? 1 : b ? 2 : 3}", "${a ? 1 : (b ? 2 : 3)}"]),
    ("if a or b then 1 else 2 + 3", ["if a or b then 1 else 2 + 3", "1 if a or b else 2 + 3", "${a || b ? 1 : 2 + 3}"]),
    ("if (if a then b else c) then 1 else 2", ["if if a then b else c then 1 else 2", "1 if (b if a else c) else 2", "${(a ? b : c) ? 1 : 2}"]),
    ("if a then (if b then 1 else 2) else 3", ["if a then if b then 1 else 2 else 3", "(1 if b else 2) if a else 3", "${a ? b ? 1 : 2 : 3}"]),
    ("1 + 2 * 3", ["1+2*3", "1 + (2 * 3)"]),
    ("1 - 2 + 3", ["1-2+3", "(1 - 2) + 3"]),
    ("1 - (2 + 3)", ["1-(2+3)"]),
    ("6 / 2 * 3", ["6/2*3", "(6 / 2) * 3", "${6 div 2 * 3}"]),
    ("7 % 4 // 2", ["7 mod 4 // 2", "(7 % 4) // 2"]),
    ("a * -b - -1", ["a*-b--1", "a * (-b) - (-1)"]),
    ("-a * b", ["-a*b", "(-a) * b"]),
    ("-(5) + --x", ["-(5)+--x", "-(5) + -(-x)"]),
    ("max(a, min(b, 2)) > 1", ["max(a,min(b,2))>1", "=max ( a , min ( b , 2 ) ) > 1"]),
    ("min > max", ["min > max"]),
    ("größe_2 > 0 and 金額 > 0 and _x", ["größe_2>0 and 金額>0 and _x"]),
    (r'"it\"s\\ \n\t\r' + '\'"', [r"""'it"s\\ \n\t\r\''""", r'''"it\"s\\ \n\t\r'"''']),
    ("a > 0.1", ["a\u00a0>\u00a00.1"]),
    ("a == 100000000000000000000000.0", ["a == 100000000000000000000000.0"]),
    ("a == 0.00000001", ["a == 0.00000001"]),
]  # fmt: skip
PAIRS = [(form, text) for form, texts in SAME for text in texts]


@pytest.mark.parametrize(("form", "text"), PAIRS)
def test_normal_form(form: str, text: str) -> None:
    assert canonical(parse_expression(text)) == form


@pytest.mark.parametrize(("form", "text"), PAIRS)
def test_one_tree(form: str, text: str) -> None:
    assert repr(parse_expression(text).tree) == repr(parse_expression(form).tree)


def test_different_meanings_have_different_forms() -> None:
    forms = [form for form, _ in SAME]
    assert len(set(forms)) == len({repr(parse_expression(form).tree) for form in forms}) == len(forms)
