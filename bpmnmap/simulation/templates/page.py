"""A page: the text of one file, in which what is not known is either assumed or asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bpmnmap.simulation.templates import toml_text

ASKED: Final = "#? "
"""How a line begins that is to be filled in: taken away, what is left is an example that runs."""
SOURCE: Final = "assumed by bpmnmap scenario new"


class Page:
    """A file that is being written.

    Parameters
    ----------
    schema
        The file of the JSON Schema, beside it.
    assume
        Whether what is not known is assumed, and said to be; else it is asked for, by a line with an example.
    """

    def __init__(self, schema: str, *, assume: bool) -> None:
        self._lines = [f"#:schema ./{schema}"]
        self._assume = assume

    def say(self, words: str) -> None:
        """Add a comment."""
        self._lines.append(toml_text.comment(words))

    def section(self, title: str) -> None:
        """Begin a section."""
        self._lines += ["", f"# {'-' * max(3, 76 - len(title))} {title}"]

    def known(self, *lines: str) -> None:
        """Add lines that hold whatever is assumed."""
        self._lines += lines

    def table(self, head: str, lines: Iterable[str], about: str = "", *, is_known: bool = False, is_figure: bool = True) -> None:
        """Add a table with a comment above it.

        Parameters
        ----------
        is_known
            Whether the map itself says what stands in it.
        is_figure
            Whether it is marked as assumed where it is.
        """
        self._lines.append("")
        if about:
            self.say(about)
        if is_known:
            self._lines += [head, *lines]
        elif self._assume:
            self._lines += [head, *lines, *(("assumed = true", f"source = {toml_text.text(SOURCE)}") if is_figure else ())]
        else:
            self._lines += [ASKED + line for line in (head, *lines)]

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"
