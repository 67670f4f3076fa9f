"""TOML as text, written so that `tomllib` reads back what was meant: keys, texts and comments of any content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SHORT: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def text(value: str) -> str:
    r"""Return a text as a basic string of one line; half a surrogate pair, which TOML cannot hold, becomes U+FFFD.

    Examples
    --------
    >>> print(text('say "yes"\nor no'))
    "say \"yes\"\nor no"
    """
    return '"' + "".join(_SHORT.get(sign, sign) if sign in _SHORT or sign.isprintable() else _escaped(sign) for sign in value) + '"'


def key(*parts: str) -> str:
    """Return a dotted key; parts are quoted where they must be.

    Examples
    --------
    >>> key("activities", "Check form"), key("units", "TO")
    ('activities."Check form"', 'units.TO')
    """
    return ".".join(part if _BARE.fullmatch(part) else text(part) for part in parts)


def inline_table(values: Mapping[str, str]) -> str:
    """Return an inline table of values that are written already.

    Examples
    --------
    >>> inline_table({"yes": "0.8", "not yet": "0.2"})
    '{ yes = 0.8, "not yet" = 0.2 }'
    """
    return "{ " + ", ".join(f"{key(name)} = {value}" for name, value in values.items()) + " }"


def array(values: Iterable[str]) -> str:
    """Return an array of texts.

    Examples
    --------
    >>> array(["TO", "Front Office"])
    '["TO", "Front Office"]'
    """
    return "[" + ", ".join(map(text, values)) + "]"


def comment(words: str) -> str:
    r"""Return words as a comment of one line.

    Examples
    --------
    >>> comment("task 'Check\n form'")
    "# task 'Check form'"
    """
    line = " ".join(words.split())
    return "# " + "".join(sign if sign.isprintable() else _escaped(sign) for sign in line)


def _escaped(sign: str) -> str:
    number = ord(sign)
    if 0xD800 <= number <= 0xDFFF:
        return "\ufffd"
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"
