"""TOML files as plain tables, their faults as findings; keys as text."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from bpmnmap.findings import Finding, Location

Key: TypeAlias = tuple[str | int, ...]
"""Where a value stands: names of tables and keys, numbers within arrays (from 0)."""

MAXIMUM_BYTES: Final = 32 * 1024 * 1024
"""Size of a file, at most."""
MAXIMUM_DEPTH: Final = 50
"""Tables and arrays within each other, at most."""
UNREADABLE: Final = frozenset({"file-missing", "file-unreadable", "not-utf-8", "toml-syntax"})
"""Codes of findings that say: there is no table to work on."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PART = re.compile(r"""([A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')((?:\[\d+\])*)""", re.ASCII)
_DOTTED = re.compile(rf"\s*{_PART.pattern}(?:\s*\.\s*{_PART.pattern})*\s*", re.ASCII)
_LINE = re.compile(r"\s*\(at line (\d+), column (\d+)\)$")
_END = re.compile(r"\s*\(at end of document\)$")


def load_toml(path: str) -> tuple[dict[str, Any], list[Finding]]:
    """Return the tables of a file and no findings, or no tables and the finding that says why.

    Codes: ``file-missing``, ``file-unreadable``, ``not-utf-8``, ``toml-syntax``.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAXIMUM_BYTES + 1)
    except FileNotFoundError:
        return {}, [Finding("file-missing", f"no file '{path}'", Location(path), fix="give the path of a TOML file that exists")]
    except IsADirectoryError:
        return {}, [Finding("file-unreadable", f"'{path}' is a folder", Location(path), fix="give the path of a TOML file in it")]
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return {}, [Finding("file-unreadable", f"'{path}' cannot be read: {reason}", Location(path), fix="make the file readable")]
    if len(content) > MAXIMUM_BYTES:
        message = f"'{path}' holds more than {MAXIMUM_BYTES} bytes"
        return {}, [Finding("file-unreadable", message, Location(path), fix="give the path of a TOML file written for bpmnmap")]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte '0x{content[error.start]:02x}' is not UTF-8: no text file, or one in another encoding"
        return {}, [Finding("not-utf-8", message, Location(path, line=line), fix="save the file as UTF-8 text")]
    try:
        tables = tomllib.loads(text)
        if not _is_deep(tables):
            return tables, []
    except tomllib.TOMLDecodeError as error:
        return {}, [_syntax(str(error), text, path)]
    except ValueError:  # Python reads no decimal number of more than 4300 digits
        return {}, [Finding("toml-syntax", "a number has too many digits", Location(path), fix="write a shorter number")]
    except RecursionError:
        pass
    return {}, [Finding("toml-syntax", "tables or arrays are nested too deeply", Location(path), fix="nest less deeply")]


def key_text(key: Sequence[str | int]) -> str:
    """Dotted key as TOML writes it; places in arrays, from 0, in brackets.

    Examples
    --------
    >>> key_text(("activities", "Check form", "pools", "TO.staff")), key_text(("transfers", 0, "from"))
    ('activities."Check form".pools."TO.staff"', 'transfers[0].from')
    """
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if _BARE.fullmatch(part) else json.dumps(part, ensure_ascii=False))
    return text


def parse_key(text: str) -> Key:
    """Parts of a dotted key: `key_text` the other way round.

    Raises
    ------
    ValueError
        The text is no dotted key.

    Examples
    --------
    >>> parse_key('gateways."Complete?".probabilities'), parse_key("transfers[2].to")
    (('gateways', 'Complete?', 'probabilities'), ('transfers', 2, 'to'))
    """
    if _DOTTED.fullmatch(text) is None:
        raise ValueError(f"'{text}' is no dotted key of TOML")
    parts: list[str | int] = []
    for match in _PART.finditer(text):
        try:
            parts.append(match[1] if _BARE.fullmatch(match[1]) else tomllib.loads(f"key = {match[1]}")["key"])
        except tomllib.TOMLDecodeError as error:
            raise ValueError(f"'{text}' is no dotted key of TOML") from error
        parts += [int(number) for number in re.findall(r"\d+", match[2])]
    return tuple(parts)


def _is_deep(tables: dict[str, Any]) -> bool:
    """Whether tables and arrays stand more than `MAXIMUM_DEPTH` deep within each other."""
    level: list[Any] = [tables]
    for _ in range(MAXIMUM_DEPTH):
        inner = [value for each in level for value in (each.values() if isinstance(each, dict) else each)]
        level = [value for value in inner if isinstance(value, (dict, list))]
    return bool(level)


def _syntax(told: str, text: str, path: str) -> Finding:
    """Finding of a syntax error, with its line."""
    match = _LINE.search(told)
    if match is not None:
        line = int(match[1])
        message = f"{told[: match.start()]} at column {match[2]}"
        shown = "".join(character for character in text.split("\n")[line - 1].strip()[:60] if character.isprintable())
        if shown:
            message += f": '{shown}'"
    else:
        line = text.count("\n") + 1
        message = f"{_END.sub('', told)} at the end of the file"
    return Finding("toml-syntax", message, Location(path, line=line), fix="correct this line; texts and dates are written as in TOML 1.0")
