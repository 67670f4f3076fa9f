"""Changes of a document's text: elements put in, taken out and filled anew, each in the document's own manner."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from bpmnmap.xmlio.escaping import cdata, escaped_text, is_encodable
from bpmnmap.xmlio.markup import BLANK, Tag
from bpmnmap.xmlio.original import Original
from bpmnmap.xmlio.splices import Splices

_REMARK = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_REMARKS = re.compile(r"(?:[ \t]*<!--[^\n]*?-->(?=[ \t]*[\r\n<]))+")


class Now(NamedTuple):
    """A child element as it shall be: the place of its field in the schema, where it stands already, and else what writes it."""

    order: int
    tag: Tag | None
    text: Callable[[str], str]


class Surgery:
    """Changes of one text.

    Parameters
    ----------
    original
        The text.
    """

    def __init__(self, original: Original) -> None:
        self.original = original
        self.splices = Splices(original.text)

    def place(self, tag: Tag, now: list[Now], inline: bool) -> None:
        """Write the new children of an element: beside their neighbors in their field, else where the schema wants the field."""
        loose = []
        for index, each in enumerate(now):
            if each.tag is not None:
                continue
            same = [other.tag for other in now[:index] if other.tag is not None and other.order == each.order]
            following = [other.tag for other in now[index + 1 :] if other.tag is not None and other.order == each.order]
            lower = [other.tag for other in now if other.tag is not None and other.order < each.order]
            after = same[-1] if same else None if following else max(lower, key=lambda one: one.start, default=None)
            before = following[0] if following and not same else None
            if after is not None:
                position = self._end_with_remarks(after)
                self.splices.put(position, position, _with_lead(each.text, self.sibling_lead(after)))
            elif before is not None:
                lead = self.sibling_lead(before)
                self.splices.put(before.start, before.start, _with_lead_behind(each.text, lead))
            else:
                loose.append(each.text)
        if not loose:
            return
        if tag.children or tag.content.strip(BLANK) or inline:
            lead = self.sibling_lead(tag.children[0]) if tag.children else "" if inline else self.original.inner_lead(tag)
            for text in loose:
                self.insert_first(tag, _with_lead(text, lead))
        else:
            lead = self.original.inner_lead(tag)
            closing = (self.original.lead(tag) or (self.original.newline if tag.parent is None else "")) if lead else ""
            self.fill(tag, lambda: "".join(text(lead) for text in loose) + closing)

    def insert_first(self, tag: Tag, text: Callable[[], str]) -> None:
        """Put a text right behind a start tag."""
        if tag.closes_itself:
            self.fill(tag, text)
        else:
            self.splices.put(tag.open_end, tag.open_end, text)

    def _end_with_remarks(self, tag: Tag) -> int:
        """Where an element ends, with the comments behind it in its line."""
        match = _REMARKS.match(self.original.text, tag.end)
        return match.end() if match is not None and self.original.lead(tag) else tag.end

    def sibling_lead(self, tag: Tag) -> str:
        """The lead of an element, or of the first of its siblings that begins its line."""
        siblings = tag.parent.children if tag.parent is not None else []
        return self.original.lead(tag) or next((lead for each in siblings[:20] if (lead := self.original.lead(each))), "")

    def take_out(self, tag: Tag) -> None:
        """Remove an element, and its line if it stands there alone."""
        start = tag.blank_before()
        is_own_line = self.original.lead(tag) and self.original.text[start - 1] == ">"
        self.splices.put(start if is_own_line else tag.start, tag.end, "")

    def is_all(self, tag: Tag) -> bool:
        """Return whether nothing but child elements stands between the tags of an element."""
        position = tag.open_end
        for child in tag.children:
            if self.original.text[position : child.start].strip(BLANK):
                return False
            position = child.end
        return bool(tag.children) and not self.original.text[position : tag.close_start].strip(BLANK)

    def empty(self, tag: Tag) -> None:
        """Remove all that stands between the tags of an element, in the manner of the document's empty elements."""
        if self.original.empty_end:
            self.splices.put(tag.open_end - 1, tag.end, self.original.empty_end)
        else:
            self.splices.put(tag.open_end, tag.close_start, "")

    def empty_but_remarks(self, tag: Tag) -> None:
        """Remove all that stands between the tags of an element but comments and instructions: white space would be its text."""
        starts = [tag.open_end, *(child.end for child in tag.children)]
        ends = [*(child.start for child in tag.children), tag.close_start]
        between = (self.original.text[start:end] for start, end in zip(starts, ends, strict=True))
        if remarks := "".join(remark for text in between for remark in _REMARK.findall(text)):
            self.fill(tag, remarks)
        else:
            self.empty(tag)

    def fill(self, tag: Tag, inside: str | Callable[[], str]) -> None:
        """Make what stands between the tags of an element something else."""
        text = inside if callable(inside) else lambda: inside
        if tag.closes_itself:
            slash = tag.open_end - 2
            while self.original.text[slash - 1] in BLANK:
                slash -= 1
            self.splices.put(slash, tag.open_end, lambda: f">{text()}</{tag.name}>")
        else:
            self.splices.put(tag.open_end, tag.close_start, text)

    def change_text(self, tag: Tag, text: str) -> None:
        """Make the text of an element another, child elements, comments and instructions aside."""
        if not tag.children:
            self.fill(tag, self.characters(tag, text))
            return
        position = tag.open_end
        for child in tag.children:
            self.splices.put(position, child.start, self.characters(tag, text) if position == tag.open_end else "")
            position = child.end
        self.splices.put(position, tag.close_start, "")

    def characters(self, tag: Tag, text: str) -> str:
        """A text as it stands in an element: in CDATA if the old one did."""
        if "<![CDATA[" in tag.content and is_encodable(text, self.original.encoding) and "\r" not in text:
            return cdata(text, self.original.newline)
        return escaped_text(text, self.original.spelling)


def _with_lead(text: Callable[[str], str], lead: str) -> Callable[[], str]:
    return lambda: text(lead)


def _with_lead_behind(text: Callable[[str], str], lead: str) -> Callable[[], str]:
    return lambda: text(lead).removeprefix(lead) + lead
