from __future__ import annotations

import csv
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.analysis.table import apportioned, display_width, format_csv, format_grid, to_data_frame


def test_grid_is_aligned() -> None:
    grid = [["from", "to", "mean"], ["総務課", "A", "1.00"], ["B", "Head Office", "12.50"]]
    assert format_grid(grid, left=2) == [
        "from    to            mean",
        "総務課  A             1.00",
        "B       Head Office  12.50",
    ]


def test_grid_of_nothing() -> None:
    assert format_grid([], left=1) == []


@pytest.mark.parametrize(("text", "width"), [("", 0), ("abc", 3), ("Büro", 4), ("Bu\u0308ro", 4), ("課", 2), ("مكتب", 4)])
def test_display_width(text: str, width: int) -> None:
    assert display_width(text) == width


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=8))
def test_apportioned_numbers_add_up_and_stay_near(values: list[float]) -> None:
    total = round(sum(values))
    result = apportioned(values, total)
    assert sum(result) == total
    assert all(abs(whole - value) <= 1 for whole, value in zip(result, values, strict=True))
    assert all(whole == 0 for whole, value in zip(result, values, strict=True) if value == 0)


def test_csv_quotes_and_leaves_none_empty() -> None:
    records: list[dict[str, Any]] = [{"b": 0.1, "a": 'say "x", y'}, {"a": None, "b": 1e-07}]
    text = format_csv(["a", "b"], records)
    assert text == 'a,b\n"say ""x"", y",0.1\n,1e-07\n'
    assert [float(row["b"]) for row in csv.DictReader(text.splitlines())] == [0.1, 1e-07]


def test_csv_without_records_has_names() -> None:
    assert format_csv(["a", "b"], []) == "a,b\n"


def test_pandas_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"^to_pandas needs the package pandas, which is not installed; fix: pip install pandas$"):
        to_data_frame(["a"], [])


def test_pandas_is_given_names_and_records(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_records(data: Any, columns: Any) -> tuple[Any, Any]:
        return data, columns

    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=SimpleNamespace(from_records=from_records)))
    assert to_data_frame(("a", "b"), ({"a": 1, "b": 2},)) == ([{"a": 1, "b": 2}], ["a", "b"])
