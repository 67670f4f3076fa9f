from __future__ import annotations

import pickle

import numpy as np
import pytest

from bpmnmap.eventlog.columns import Array, Categorical, Columns


def table() -> Columns:
    return Columns(
        {
            "case": np.array([0, 0, 1], dtype=np.int64),
            "unit": Categorical(np.array([1, -1, 0]), ("FO", "Küche")),
            "late": np.array([True, False, True]),
        }
    )


def test_columns_by_name_and_as_attributes() -> None:
    assert table()["case"].tolist() == table().case.tolist() == [0, 0, 1]
    assert table()["unit"].tolist() == ["Küche", "", "FO"]
    assert list(table()) == ["case", "unit", "late"]
    assert len(table()) == 3
    assert "unit" in table()
    assert repr(table()) == "Columns(3 rows: case, unit, late)"


def test_an_unknown_column_is_told_with_those_that_there_are() -> None:
    with pytest.raises(AttributeError, match="no column 'units'; there are: case, unit, late"):
        _ = table().units
    with pytest.raises(KeyError):
        _ = table()["units"]


def test_rows_are_plain_values() -> None:
    assert list(table().rows()) == [
        {"case": 0, "unit": "Küche", "late": True},
        {"case": 0, "unit": "", "late": False},
        {"case": 1, "unit": "FO", "late": True},
    ]
    assert [type(value) for value in table().row(0).values()] == [int, str, bool]


def test_all_columns_have_one_length() -> None:
    with pytest.raises(ValueError, match=r"columns must have one length \(got {'a': 1, 'b': 2}\)"):
        Columns({"a": np.zeros(1), "b": np.zeros(2)})
    with pytest.raises(ValueError, match="one length"):
        Columns({"a": np.zeros(1)}, 2)


def test_a_table_without_columns_or_rows() -> None:
    assert len(Columns({})) == 0
    empty = Columns({"unit": Categorical(np.zeros(0, dtype=np.int64), ())})
    assert (list(empty.rows()), empty.unit.tolist(), empty.column_bytes("unit")) == ([], [], b"")


def test_a_column_is_derived_once_when_it_is_first_asked_for() -> None:
    asked: list[str] = []

    def derive() -> Array:
        asked.append("case")
        return np.array([7, 8])

    columns = Columns({"case": derive}, 2)
    assert (len(columns), list(columns), asked) == (2, ["case"], [])
    assert columns.case.tolist() == [7, 8]
    assert columns.row(1) == {"case": 8}
    assert asked == ["case"]


def test_pickled_columns_are_equal_and_hold_what_was_derived() -> None:
    columns = Columns({"case": lambda: np.array([7, 8]), "unit": lambda: Categorical(np.array([0, -1]), ("FO",))}, 2)
    copied = pickle.loads(pickle.dumps(columns))
    assert list(copied.rows()) == list(columns.rows()) == [{"case": 7, "unit": "FO"}, {"case": 8, "unit": ""}]
    assert len(copied) == 2


def test_a_text_column_as_codes_whatever_it_was_given_as() -> None:
    assert table().categorical("unit").categories == ("FO", "Küche")
    plain = Columns({"unit": np.array(["b", "a", "b"])}).categorical("unit")
    assert (plain.codes.tolist(), plain.categories, len(plain)) == ([1, 0, 1], ("a", "b"), 3)


def test_bytes_are_little_endian_and_texts_are_lines() -> None:
    assert table().column_bytes("case") == bytes([0] * 16 + [1] + [0] * 7)
    assert table().column_bytes("late") == b"\x01\x00\x01"
    assert table().column_bytes("unit") == "Küche\n\nFO\n".encode()


def test_bytes_do_not_depend_on_how_a_column_is_kept() -> None:
    big = Columns({"case": np.array([0, 0, 1], dtype=">i8"), "unit": np.array(["Küche", "", "FO"])})
    assert big.column_bytes("case") == table().column_bytes("case")
    assert big.column_bytes("unit") == table().column_bytes("unit")
    other = Columns({"unit": Categorical(np.array([0, 2, 1]), ("Küche", "FO", ""))})
    assert other.column_bytes("unit") == table().column_bytes("unit")
