"""Tables as text, CSV and pandas: what every kind of table has in common."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any


def format_grid(rows: Sequence[Sequence[str]], *, left: int) -> list[str]:
    r"""Lines of aligned columns, two blanks between them; the first `left` columns flush left, the others flush right.

    Examples
    --------
    >>> print("\n".join(format_grid([["from", "total"], ["Head Office", "3.68"]], left=1)))
    from         total
    Head Office   3.68
    """
    widths = [max(display_width(row[k]) for row in rows) for k in range(len(rows[0]))] if rows else []
    lines = []
    for row in rows:
        cells = []
        for k, (cell, width) in enumerate(zip(row, widths, strict=True)):
            blanks = " " * (width - display_width(cell))
            cells.append(cell + blanks if k < left else blanks + cell)
        lines.append("  ".join(cells).rstrip())
    return lines


def display_width(text: str) -> int:
    """Columns that a text takes on a terminal: wide letters take two, combining marks none.

    Examples
    --------
    >>> display_width("Büro"), display_width("Bu\u0308ro"), display_width("総務課")
    (4, 4, 6)

    References
    ----------
    Unicode Standard Annex 11, East Asian Width.
    """
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)


def apportioned(values: Sequence[float], total: int) -> list[int]:
    """Whole numbers near values ≥ 0 that add up to a whole total (largest remainders; of equal ones the first).

    Rounding each value by itself would print parts that do not add up to their total.

    Examples
    --------
    >>> apportioned([33.3, 33.3, 33.4], 100), apportioned([0.5, 0.0, 0.5], 1)
    ([33, 33, 34], [1, 0, 0])
    """
    wholes = [int(value) for value in values]
    by_remainder = sorted(range(len(values)), key=lambda k: wholes[k] - values[k])
    missing = total - sum(wholes)
    for k in by_remainder[: max(missing, 0)]:
        wholes[k] += 1
    return wholes


def format_csv(names: Sequence[str], records: Sequence[Mapping[str, Any]]) -> str:
    r"""CSV text: a line of names, then one line per record; None is the empty field.

    Examples
    --------
    >>> format_csv(["from", "mean_s"], [{"from": "FO", "mean_s": 0.1}, {"from": None, "mean_s": 2.0}])
    'from,mean_s\nFO,0.1\n,2.0\n'
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([record[name] for name in names] for record in records)
    return text.getvalue()


def to_data_frame(names: Sequence[str], records: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401  pandas is no dependency, so its type is not known here
    """Records as a ``pandas.DataFrame`` with these columns.

    Raises
    ------
    ImportError
        pandas is not installed.
    """
    try:
        import pandas as pd  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError as error:
        raise ImportError("to_pandas needs the package pandas, which is not installed; fix: pip install pandas") from error
    return pd.DataFrame.from_records(list(records), columns=list(names))
