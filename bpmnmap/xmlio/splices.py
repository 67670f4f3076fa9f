"""Pieces of new text in an old one."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Splice(NamedTuple):
    """What stands between two positions of a text is replaced; the new text is asked for last."""

    start: int
    end: int
    order: int
    new: Callable[[], str]


class Splices:
    """Changes of a text, none of which touch another.

    Examples
    --------
    >>> splices = Splices("<a b='1'/>")
    >>> splices.put(6, 7, "22")
    >>> splices.put(8, 8, " c='3'")
    >>> splices.result(0, 10)
    "<a b='22' c='3'/>"
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._all: list[Splice] = []

    def put(self, start: int, end: int, new: str | Callable[[], str]) -> None:
        """Put a new text in the place of an old one."""
        self._all.append(Splice(start, end, len(self._all), new if callable(new) else lambda: new))

    def result(self, start: int, end: int) -> str:
        """What a part of the text becomes."""
        parts = []
        # By end too: what is inserted at a position comes before what is replaced from there on.
        for splice in sorted(self._all, key=lambda each: each[:3]):
            parts += [self.text[start : splice.start], splice.new()]
            start = splice.end
        return "".join(parts) + self.text[start:end]
