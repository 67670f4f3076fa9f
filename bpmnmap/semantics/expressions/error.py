"""What is wrong with an expression, where in its text, and how to mend it."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression that cannot be read, or cannot be evaluated for the values at hand.

    Parameters
    ----------
    what
        What is wrong.
    fix
        How to mend it, in the imperative.
    column
        Where, counted from 1; None where only the values are at fault.
    line
        Line of the text; None if it has only one.

    Examples
    --------
    >>> print(ExpressionError("'=>' is no operator", "write '>='", column=8))
    column 8: '=>' is no operator; write '>='
    """

    def __init__(self, what: str, fix: str, column: int | None = None, line: int | None = None) -> None:
        super().__init__(what, fix, column, line)  # args: so that the error survives pickling between worker processes
        self.what = what
        self.fix = fix
        self.column = column
        self.line = line

    def __str__(self) -> str:
        line = "" if self.line is None else f"line {self.line}, "
        place = "" if self.column is None else f"{line}column {self.column}: "
        return f"{place}{self.what}; {self.fix}"


def located(text: str, position: int, what: str, fix: str) -> ExpressionError:
    r"""The error at a position, counted from 0, of a text.

    Examples
    --------
    >>> print(located("a >\n  b.c", 7, "'.c' is no value", "drop it"))
    line 2, column 4: '.c' is no value; drop it
    """
    before = text[:position]
    return ExpressionError(what, fix, position - before.rfind("\n"), before.count("\n") + 1 if "\n" in text.strip() else None)


def shortened(text: str, most: int = 60) -> str:
    """A piece of an expression, as messages cite it."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
