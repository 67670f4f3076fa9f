"""Tokens: the words of an expression, spellings of one meaning made one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bpmnmap.semantics.expressions.error import located, shortened
from bpmnmap.semantics.expressions.refusals import SIGNS, WORDS
from bpmnmap.semantics.expressions.tree import NUMBER_LIMIT, Number, Text

MOST_CHARACTERS = 10_000

_BLANKS = re.compile(r"\s+")
_NUMBER = re.compile(r"(?P<whole>[0-9]+(?:_[0-9]+)*)?(?P<part>\.[0-9]+(?:_[0-9]+)*)?")
_DIGIT = re.compile(r"\.?[0-9]")
_WORD = re.compile(r"[^\W\d]\w*")
_STRING_PART = re.compile(r"[^\\\"'\r\n]+")
_REFUSED = re.compile(r"\?\.(?![0-9])|" + "|".join(re.escape(sign) for sign in SIGNS))
_SIGN = re.compile(r"==|!=|<>|<=|>=|&&|\|\||//|\.\.(?!\.)|[-+*/%<>=!()\[\],.?:]")
_ESCAPE = re.compile(r"\\(?:u(?P<code>[0-9a-fA-F]{4})|(?P<sign>[\\\"'nrt]))")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}

# Spellings → the one that trees and the normal form use.
_SIGNS = {"=": "==", "<>": "!=", "&&": "and", "||": "or"}
_KEYWORDS = {
    **{spelling: word for word in ("and", "or", "not", "in", "between", "if", "then", "else") for spelling in (word, word.upper())},
    **{spelling: word for word in ("true", "false") for spelling in (word, word.upper(), word.title())},
    "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "div": "/", "mod": "%",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression.

    Parameters
    ----------
    symbol
        The keyword, operator or bracket, in one spelling; else ``name``, ``number``, ``text`` or ``end``.
    text
        As written.
    position
        Where it begins, counted from 0.
    literal
        The number or text that it is.
    """

    symbol: str
    text: str
    position: int
    literal: Number | Text | None = None


def keyword_meant(word: str) -> str | None:
    """The keyword that a word would be if it were written in another case."""
    return word.lower() if word.lower() in _KEYWORDS and word not in _KEYWORDS else None


def tokens(text: str) -> Iterator[Token]:
    """The tokens of an expression, the last one of them ``end``.

    Raises
    ------
    ExpressionError
        A character or word that means nothing here.

    Examples
    --------
    >>> [token.symbol for token in tokens("${amount ge 1_000 && !urgent}")]
    ['name', '>=', 'number', 'and', '!', 'name', 'end']
    """
    if len(text) > MOST_CHARACTERS:
        raise located(text, MOST_CHARACTERS, f"more than {MOST_CHARACTERS} characters", "split it, or compute an attribute before")
    position, end, is_python = _inside(text)
    while position < end:
        if blanks := _BLANKS.match(text, position, end):
            position = blanks.end()
            continue
        token = _token(text, position, end)
        if token.text == "//" and not is_python:
            raise located(
                text, position, "'//' begins a comment in FEEL and nothing in JUEL", "drop it; only without '=' or '${…}' it divides"
            )
        yield token
        position += len(token.text)
    yield Token("end", "", end)


def _inside(text: str) -> tuple[int, int, bool]:
    """Where the expression begins and ends within what wraps it, and whether nothing does."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if text.startswith(("${", "#{"), start):
        if not text.endswith("}", 0, end):
            raise located(text, start, f"'{text[start : start + 2]}' is not closed at the end", SIGNS["}"][1])
        return start + 2, end - 1, False
    if text.startswith("=", start):
        return start + 1, end, False
    return start, end, True


def _token(text: str, position: int, end: int) -> Token:
    character = text[position]
    if word := _WORD.match(text, position, end):
        return _word(text, word[0], position)
    if _DIGIT.match(text, position, end):
        return _number(text, position, end)
    if character in "\"'":
        return _string(text, position, end)
    if refused := _REFUSED.match(text, position, end):
        # '&&' and '||' begin with a refused sign.
        if refused[0] in {"&", "|"} and text.startswith(refused[0], position + 1):
            return Token(_SIGNS[refused[0] * 2], refused[0] * 2, position)
        what, fix = SIGNS.get(refused[0], ("'?.' is not offered, as no value is ever missing", "give the value an attribute of its own"))
        raise located(text, position, what, fix)
    if sign := _SIGN.match(text, position, end):
        return Token(_SIGNS.get(sign[0], sign[0]), sign[0], position)
    raise located(text, position, f"the character {character!a} means nothing here", "drop it")


def _word(text: str, word: str, position: int) -> Token:
    if word in WORDS:
        raise located(text, position, *WORDS[word])
    return Token(_KEYWORDS.get(word, "name"), word, position)


def _number(text: str, position: int, end: int) -> Token:
    match = _NUMBER.match(text, position, end)
    if match is None or _WORD.match(text, match.end(), end):
        written = re.compile(r"[\w.]+").match(text, position, end)
        cited = shortened(written[0]) if written else text[position]
        raise located(text, position, f"'{cited}' is no number", "write it like 1000, 1_000 or 0.25; a name does not begin with a digit")
    digits = match[0].replace("_", "")
    if match["part"] is None:
        # Python refuses to convert very long texts of digits.
        is_small = len(digits.lstrip("0")) <= len(str(NUMBER_LIMIT))
        if not is_small or int(digits) >= NUMBER_LIMIT:
            raise located(text, position, f"'{shortened(match[0])}' is too large", "write less than 2^63, or a number with a point")
        if text.startswith(".", match.end(), end) and not text.startswith("..", match.end(), end):
            raise located(text, match.end(), f"'{shortened(match[0])}.' is no number", "write digits behind the point, or no point")
        return Token("number", match[0], position, Number(int(digits)))
    value = float(digits)
    if not math.isfinite(value):
        raise located(text, position, f"'{shortened(match[0])}' is too large", "write a smaller number")
    return Token("number", match[0], position, Number(value))


def _string(text: str, position: int, end: int) -> Token:
    quote, at, parts = text[position], position + 1, list[str]()
    while at < end and text[at] != quote:
        if part := _STRING_PART.match(text, at, end):
            parts.append(part[0])
            at = part.end()
        elif escape := _ESCAPE.match(text, at, end):
            if escape["code"] and 0xD800 <= int(escape["code"], 16) <= 0xDFFF:
                raise located(text, at, f"'{escape[0]}' is half a character", "write the character itself")
            parts.append(chr(int(escape["code"], 16)) if escape["code"] else _ESCAPED.get(escape["sign"], escape["sign"]))
            at = escape.end()
        elif text[at] == "\\":
            raise located(
                text, at, f"{text[at : at + 2]!a} is no escape", r"write '\\' for a backslash; known are \\ \" \' \n \r \t \u0041"
            )
        elif text[at] in "\r\n":
            raise located(text, at, "a text runs over the end of its line", f"close it with {quote}, or write '\\n'")
        else:
            parts.append(text[at])  # the other quote
            at += 1
    if at >= end:
        raise located(text, position, f"a text that begins with {quote} is not closed", f"close it with {quote}")
    return Token("text", text[position : at + 1], position, Text("".join(parts)))
