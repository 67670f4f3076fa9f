"""Encodings of a file: which one it declares, whether its bytes make sense in it, and which one a text in memory is written in."""

from __future__ import annotations

import re

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.xmlio.refusals import refusal

LIKELY_ENCODINGS = ("utf-8", "windows-1252")
"""Encodings that are tried where the declared one makes no sense."""
DECLARATION = re.compile(rb"""<\?xml\s[^>]*?\?>""")
_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([A-Za-z][\w.\-]*)["']""")
# Codecs that are asked whether bytes make sense in them; not those of Python that are slow or do more than decode.
_CHECKED_ENCODINGS = re.compile(
    r"utf-8|utf-16(le|be)?|(us-)?ascii|iso-8859-(1[0-6]?|[2-9])|windows-125[0-8]|shift_jis|euc-(jp|kr)|gb2312|gbk|gb18030|big5|koi8-[ru]"
)
_MARK = "\ufeff"


def declared_encoding(data: bytes) -> str:
    """Return the encoding that bytes of XML declare, in lower case; without a declaration, XML's default."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    found = _declared(data)
    return found[1].decode("ascii").lower() if found else "utf-8"


def _declared(data: bytes) -> re.Match[bytes] | None:
    start = len(data) - len(data.removeprefix(b"\xef\xbb\xbf").lstrip())
    declaration = DECLARATION.match(data, start)
    return _ENCODING.search(data, start, declaration.end()) if declaration else None


def makes_sense(data: bytes, declared: str) -> bool:
    """Return whether bytes are in the encoding that they declare, as far as can be told."""
    if _CHECKED_ENCODINGS.fullmatch(declared) is None:
        return False
    # A declaration that can be read byte by byte is not in UTF-16, whatever it says.
    return not (declared.startswith("utf-16") and DECLARATION.match(data)) and is_text_in(data, declared)


def is_text_in(data: bytes, encoding: str) -> bool:
    """Return whether bytes make sense in an encoding."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def ascii_view(data: bytes) -> bytes:
    """Return bytes in an encoding that has ASCII in it, so that markup can be searched for."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace").encode()
    if data[:2] in (b"<\0", b"\0<"):
        return data.decode("utf-16-le" if data[1] == 0 else "utf-16-be", "replace").encode()
    return data


def bytes_of(text: str, path: str | None) -> tuple[bytes, tuple[Finding, ...]]:
    r"""Return the bytes of the file that a text would be, and what was done to it.

    They are in the encoding that the text declares; where that lacks characters of the text, or is not known, in UTF-8, and the
    declaration says so.

    Raises
    ------
    BpmnReadError
        The text holds half a character, which no encoding can write.

    Examples
    --------
    >>> bytes_of("<?xml version='1.0' encoding='ISO-8859-1'?><a b='ü'/>", None)
    (b"<?xml version='1.0' encoding='ISO-8859-1'?><a b='\xfc'/>", ())
    """
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        message = f"not well-formed XML: the text holds {text[error.start]!r}, which is half a character"
        raise refusal("not-xml", message, path, line, "decode the file with the encoding that it declares, or read its bytes") from error
    found = _declared(data)
    if found is None:
        return data, ()
    declared = found[1].decode("ascii").lower()
    is_wide = declared.startswith("utf-16")
    if declared == "utf-8" or (text.startswith(_MARK) and not is_wide):  # a byte order mark says more than a declaration
        return data, ()
    if _CHECKED_ENCODINGS.fullmatch(declared):
        try:
            return (text.removeprefix(_MARK) if declared == "utf-16" else text).encode(declared), ()  # which brings a mark of its own
        except UnicodeEncodeError:
            pass
    message = f"declared as '{declared}', in which the text cannot be written; the declaration now says 'UTF-8'"
    finding = Finding("wrong-encoding", message, Location(path, 1), Severity.WARNING, fix="declare the text as UTF-8")
    return data[: found.start(1)] + b"UTF-8" + data[found.end(1) :], (finding,)
