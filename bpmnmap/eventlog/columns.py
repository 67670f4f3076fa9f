"""Columns: one table as named numpy arrays of one length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Derive = Callable[[], "Array | Categorical"]


@dataclass(frozen=True, slots=True)
class Categorical:
    """A text column: an index per row into few different texts; −1 is the empty text.

    Parameters
    ----------
    codes
        One integer per row.
    categories
        The texts.
    """

    codes: Array
    categories: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def texts(self) -> Array:
        """One text per row, as a numpy array of str."""
        return np.array((*self.categories, ""), dtype=np.str_)[self.codes]


class Columns(Mapping[str, Array]):
    """One table: ``table["start_us"]`` is a numpy array, as is ``table.start_us``; all columns have one length.

    Parameters
    ----------
    columns
        By name: an array, a `Categorical`, or a callable that derives either when it is first asked for.
    length
        How many rows; needed where all columns are callables.

    Examples
    --------
    >>> import numpy as np
    >>> table = Columns({"case": np.array([0, 1]), "unit": Categorical(np.array([0, 0]), ("FO",))})
    >>> len(table), list(table), table.unit.tolist(), table.row(1)
    (2, ['case', 'unit'], ['FO', 'FO'], {'case': 1, 'unit': 'FO'})
    """

    __slots__ = ("_columns", "_length")

    def __init__(self, columns: Mapping[str, Array | Categorical | Derive], length: int | None = None) -> None:
        given = {name: len(column) for name, column in columns.items() if not callable(column)}
        lengths = set(given.values()) | ({length} if length is not None else set())
        if len(lengths) > 1:
            raise ValueError(f"columns must have one length (got {given})")
        self._columns = dict(columns)
        self._length = next(iter(lengths), 0)

    def _column(self, name: str) -> Array | Categorical:
        column = self._columns[name]
        if callable(column):
            column = self._columns[name] = column()
        return column

    def __getitem__(self, name: str) -> Array:
        column = self._column(name)
        return column.texts() if isinstance(column, Categorical) else column

    def __getattr__(self, name: str) -> Array:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"no column '{name}'; there are: {', '.join(self._columns)}") from None

    def __getstate__(self) -> dict[str, Array | Categorical]:
        return {name: self._column(name) for name in self._columns}

    def __setstate__(self, state: dict[str, Array | Categorical]) -> None:
        self._columns = dict(state)
        self._length = next((len(column) for column in state.values()), 0)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the columns' names."""
        return iter(self._columns)

    def __len__(self) -> int:
        """Count the rows."""
        return self._length

    def __repr__(self) -> str:
        return f"Columns({self._length} rows: {', '.join(self._columns)})"

    def categorical(self, name: str) -> Categorical:
        """A text column as codes and categories: cheaper than its texts on millions of rows."""
        column = self._column(name)
        if isinstance(column, Categorical):
            return column
        categories, codes = np.unique(column, return_inverse=True)
        return Categorical(codes, tuple(str(text) for text in categories))

    def replaced(self, name: str, column: Array) -> Columns:
        """Return the table with another column in the place of one; the others are shared, and derived when they are asked for."""
        columns: dict[str, Array | Derive] = {each: partial(self._column, each) for each in self._columns}
        return Columns(columns | {name: column}, self._length)

    def row(self, index: int) -> dict[str, Any]:
        """One row as a dict of plain Python values."""
        values = {}
        for name in self._columns:
            column = self._column(name)
            if isinstance(column, Categorical):
                code = int(column.codes[index])
                values[name] = column.categories[code] if code >= 0 else ""
            else:
                values[name] = column[index].item()
        return values

    def rows(self) -> Iterator[dict[str, Any]]:
        """All rows, one dict each."""
        return (self.row(index) for index in range(self._length))

    def column_bytes(self, name: str) -> bytes:
        """The column little-endian, integers in 64 bits; texts as UTF-8 lines. What the digest of a result is taken over."""
        column = self._column(name)
        if isinstance(column, Categorical):
            lines = np.array([*(text.encode() + b"\n" for text in column.categories), b"\n"], dtype=object)
            return b"".join(lines[column.codes].tolist())
        if column.dtype.kind in "US":
            return b"".join(str(text).encode() + b"\n" for text in column.tolist())
        return column.astype("<i8" if column.dtype.kind in "iu" else column.dtype.newbyteorder("<")).tobytes()
