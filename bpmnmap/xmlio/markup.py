"""Where the tags of a text of XML stand, so that it can be edited in place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

_MARKUP = re.compile(
    r"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|</(?P<end>[^ \t\r\n>]+)[ \t\r\n]*>"""
    r"""|<(?P<start>[^ \t\r\n/>!?]+)(?:[^"'>]|"[^"]*"|'[^']*')*>""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([ \t\r\n]+)([^ \t\r\n=]+)[ \t\r\n]*=[ \t\r\n]*(["'])(.*?)\3""", re.DOTALL)
BLANK = " \t\r\n"


class MarkupAttribute(NamedTuple):
    """An attribute in a start tag; positions are in the text.

    ``before`` is where the white space before it begins; ``value`` stands between its quotes.
    """

    name: str
    before: int
    start: int
    value_start: int
    value_end: int
    end: int
    quote: str


@dataclass(slots=True, eq=False)
class Tag:
    """An element as it stands in a text; positions are in the text.

    Parameters
    ----------
    text
        The whole text.
    name
        The name as written, prefix included.
    start, open_end
        Where the start tag begins, and where it ends.
    close_start, end
        Where the end tag begins, and where it ends; those of the start tag if that closes itself.
    parent, children
        The elements around and inside.
    """

    text: str = field(repr=False)
    name: str
    start: int
    open_end: int
    close_start: int = -1
    end: int = -1
    parent: Tag | None = field(default=None, repr=False)
    children: list[Tag] = field(default_factory=list, repr=False)

    @property
    def closes_itself(self) -> bool:
        """Whether it is one tag, ``<a/>``."""
        return self.text[self.open_end - 2] == "/"

    @property
    def prefix(self) -> str | None:
        """The prefix of the name."""
        prefix, colon, _ = self.name.partition(":")
        return prefix if colon else None

    @property
    def name_end(self) -> int:
        """Where the name in the start tag ends."""
        return self.start + 1 + len(self.name)

    @property
    def content(self) -> str:
        """What stands between the tags."""
        return "" if self.closes_itself else self.text[self.open_end : self.close_start]

    def attributes(self) -> list[MarkupAttribute]:
        """The attributes in the start tag, in their order."""
        matches = _ATTRIBUTE.finditer(self.text, self.name_end, self.open_end)
        return [MarkupAttribute(m[2], m.start(), m.start(2), m.start(4), m.end(4), m.end(), m[3]) for m in matches]

    def blank_before(self) -> int:
        """Where the white space before the start tag begins."""
        position = self.start
        while position > 0 and self.text[position - 1] in BLANK:
            position -= 1
        return position


def tags(text: str) -> list[Tag]:
    """The elements of a text of well-formed XML, in the order of their start tags.

    Raises
    ------
    ValueError
        The text is not well-formed.

    Examples
    --------
    >>> [(tag.name, tag.start, tag.end) for tag in tags('<a><!-- <c/> --><b d=">"/></a>')]
    [('a', 0, 30), ('b', 16, 26)]
    """
    found: list[Tag] = []
    open_tags: list[Tag] = []
    for match in _MARKUP.finditer(text):
        if match.lastgroup == "start":
            parent = open_tags[-1] if open_tags else None
            tag = Tag(text, match["start"], match.start(), match.end(), match.end(), match.end(), parent)
            found.append(tag)
            if parent is not None:
                parent.children.append(tag)
            if not tag.closes_itself:
                open_tags.append(tag)
        elif match.lastgroup == "end":
            if not open_tags or open_tags[-1].name != match["end"]:
                raise ValueError(f"</{match['end']}> closes nothing")
            tag = open_tags.pop()
            tag.close_start, tag.end = match.start(), match.end()
    if open_tags:
        raise ValueError(f"<{open_tags[-1].name}> is not closed")
    return found
