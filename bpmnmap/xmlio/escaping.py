"""Values of the model as text of XML: escapes, numbers, and what XML cannot hold."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bpmnmap.errors import MapError
from bpmnmap.findings import Finding, Location

_IN_VALUES_ONLY = "\n\t"
_SPELLED = re.compile(r"&(?:#x0*(9|a|d|22|27|3e)|#0*(9|10|13|34|39|62)|(quot|apos|gt));", re.IGNORECASE)
_NAMED = {"quot": '"', "apos": "'", "gt": ">"}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ERRORS = "bpmnmap.characters"


def unwritable(message: str, kind: str | None = None, element_id: str | None = None, fix: str = "give it another value") -> MapError:
    """The error for what no file of BPMN can hold."""
    return MapError([Finding("unwritable", message, Location(None), element_kind=kind, element_id=element_id, fix=fix)])


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a document writes line ends and characters that can be written in several ways.

    Parameters
    ----------
    newline
        Its line ends.
    references
        The references that it uses, by character: tools write ``&#xA;`` or ``&#10;``, ``>`` or ``&gt;``.
    """

    newline: str = "\n"
    references: Mapping[str, str] = field(default_factory=dict)

    def in_text(self) -> dict[int, str]:
        """What is written between tags in the place of some characters."""
        own = {char: each for char, each in self.references.items() if char not in _IN_VALUES_ONLY}
        return str.maketrans({"\r": "&#13;", **own, "&": "&amp;", "<": "&lt;", "\n": self.newline})

    def in_value(self, quote: str) -> dict[int, str]:
        """What is written between quotes in the place of some characters."""
        needed = {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;", '"': "&quot;", "'": "&apos;"}
        used = {char: self.references.get(char, each) for char, each in needed.items() if char not in "\"'" or char == quote}
        return str.maketrans({**self.references, **used, "&": "&amp;", "<": "&lt;"})


PLAIN = Spelling()


def spelling_of(text: str, newline: str) -> Spelling:
    r"""How a document spells.

    Examples
    --------
    >>> spelling_of("<a b='x&#xA;y -&gt; z'/>", "\n").references
    {'\n': '&#xA;', '>': '&gt;'}
    """
    references: dict[str, str] = {}
    for match in _SPELLED.finditer(text):
        hexadecimal, decimal, named = match.groups()
        char = _NAMED.get(named or "") or chr(int(hexadecimal, 16) if hexadecimal else int(decimal))
        references.setdefault(char, match[0])
    return Spelling(newline, references)


def escaped_text(text: str, spelling: Spelling) -> str:
    """A text as it stands between tags.

    Examples
    --------
    >>> escaped_text("a < b && c]]>", Spelling())
    'a &lt; b &amp;&amp; c]]&gt;'
    """
    return checked(text).translate(spelling.in_text()).replace("]]>", "]]&gt;")


def escaped_value(text: str, quote: str, spelling: Spelling) -> str:
    """A text as it stands between the quotes of an attribute.

    Examples
    --------
    >>> escaped_value('say "a > b"', '"', Spelling()), escaped_value('say "a > b"', "'", Spelling())
    ('say &quot;a > b&quot;', 'say "a > b"')
    """
    return checked(text).translate(spelling.in_value(quote))


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
    r"""Text in an encoding; characters that this lacks become references, and bytes that made no sense in it are those bytes again.

    Examples
    --------
    >>> encoded("Grün €", "iso-8859-1")
    b'Gr\xfcn &#8364;'
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
