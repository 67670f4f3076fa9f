"""Values of the model as text of XML: escapes, numbers, and what XML cannot hold."""

from __future__ import annotations

import codecs
import re

from bpmnmap.errors import MapError
from bpmnmap.findings import Finding, Location

_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", "\r": "&#13;"})
_IN_VALUE = str.maketrans({"&": "&amp;", "<": "&lt;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"})
_QUOTES = {'"': "&quot;", "'": "&apos;"}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ERRORS = "bpmnmap.characters"


def unwritable(message: str, kind: str | None = None, element_id: str | None = None, fix: str = "give it another value") -> MapError:
    """The error for what no file of BPMN can hold."""
    return MapError([Finding("unwritable", message, Location(None), element_kind=kind, element_id=element_id, fix=fix)])


def escaped_text(text: str, newline: str) -> str:
    """A text as it stands between tags, with the line ends of its document.

    Examples
    --------
    >>> escaped_text("a < b && c]]>", "\\n")
    'a &lt; b &amp;&amp; c]]&gt;'
    """
    return checked(text).translate(_IN_TEXT).replace("]]>", "]]&gt;").replace("\n", newline)


def escaped_value(text: str, quote: str) -> str:
    """A text as it stands between the quotes of an attribute.

    Examples
    --------
    >>> escaped_value('say "a > b"', '"'), escaped_value('say "a > b"', "'")
    ('say &quot;a > b&quot;', 'say "a > b"')
    """
    return checked(text).translate(_IN_VALUE).replace(quote, _QUOTES[quote])


def cdata(text: str, newline: str) -> str:
    """A text in sections of CDATA."""
    return f"<![CDATA[{checked(text)}]]>".replace("]]>", "]]]]><![CDATA[>", text.count("]]>")).replace("\n", newline)


def checked(text: str) -> str:
    """A text itself.

    Raises
    ------
    MapError
        A character in it is none of XML.
    """
    found = _NO_XML.search(text)
    if found is not None:
        raise unwritable(f"{text!r} has the character {found[0]!r}, which XML cannot hold", fix="remove the character")
    return text


def value_text(value: object) -> str:
    """The text of a value that is no element.

    Examples
    --------
    >>> [value_text(value) for value in (True, 3, 120.0, 0.1, "a")]
    ['true', '3', '120', '0.1', 'a']
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def encoded(text: str, encoding: str) -> bytes:
    """Text in an encoding; characters that this lacks become references, and bytes that made no sense in it are those bytes again.

    Examples
    --------
    >>> encoded("Grün €", "iso-8859-1")
    b'Gr\\xfcn &#8364;'
    """
    return text.encode(encoding, _ERRORS)


def is_encodable(text: str, encoding: str) -> bool:
    """Return whether an encoding has all characters of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _instead(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    code = ord(error.object[error.start])
    return (bytes([code - 0xDC00]) if 0xDC80 <= code <= 0xDCFF else f"&#{code};"), error.start + 1


codecs.register_error(_ERRORS, _instead)
