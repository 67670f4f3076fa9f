from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmnmap.findings import Finding, Location
from bpmnmap.org.toml_files import key_text, load_toml, parse_key


def fault(path: Path) -> Finding:
    tables, (finding,) = load_toml(str(path))
    assert tables == {}
    assert finding.fix
    return finding


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes('\ufeffname = "Kota"\r\n'.encode())  # with the mark that some editors put first
    assert load_toml(str(path)) == ({"name": "Kota"}, [])


def test_missing(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    finding = fault(path)
    assert (finding.code, finding.message, finding.location) == ("file-missing", f"no file '{path}'", Location(str(path)))


def test_folder(tmp_path: Path) -> None:
    finding = fault(tmp_path)
    assert (finding.code, finding.message) == ("file-unreadable", f"'{tmp_path}' is a folder")


def test_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    finding = fault(tmp_path / "a" / "b")
    assert (finding.code, finding.message) == ("file-unreadable", f"'{tmp_path / 'a' / 'b'}' cannot be read: Not a directory")


def test_nul_in_the_path() -> None:
    tables, (finding,) = load_toml("a\0b")
    assert (tables, finding.code) == ({}, "file-unreadable")


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read all")
def test_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("")
    path.chmod(0)
    assert fault(path).code == "file-unreadable"


def test_binary(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"a = 1\nb = '\xff'\n")
    finding = fault(path)
    assert (finding.code, finding.location.line) == ("not-utf-8", 2)
    assert finding.message == "byte '0xff' is not UTF-8: no text file, or one in another encoding"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a = 1\nb = = 2\n", 2, " at column 5: 'b = = 2'"),
        ("a = [1,\n", 2, " at the end of the file"),
        ("a = \x1b[31m\n", 1, " at column 5: 'a = [31m'"),
        ("a = 1\na = 2\n", 2, " at column 6: 'a = 2'"),
        ("[units.A]\nx = 1\n[units.A]\n", 3, " at column 9: '[units.A]'"),
    ],
)
def test_syntax(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text)
    finding = fault(path)
    assert (finding.code, finding.location) == ("toml-syntax", Location(str(path), line=line))
    assert finding.message.endswith(message)  # what comes before is the parser's, and changes with Python


def test_a_number_without_end(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("a = " + "9" * 5000)
    finding = fault(path)
    assert (finding.code, finding.message) == ("toml-syntax", "a number has too many digits")


def test_deep_nesting(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("a = " + "[" * 100_000)
    finding = fault(path)
    assert finding.code == "toml-syntax"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (("units", "TO", "pools", "staff", "quantity"), "units.TO.pools.staff.quantity"),
        (("activities", "Check form", "pools", "TO.staff"), 'activities."Check form".pools."TO.staff"'),
        (("transfers", 2, "from", 0), "transfers[2].from[0]"),
        (("gateways", 'say "x"\n', "é"), 'gateways."say \\"x\\"\\n"."é"'),
        (("", "a"), '"".a'),
    ],
)
def test_keys(key: tuple[str | int, ...], text: str) -> None:
    assert key_text(key) == text
    assert parse_key(text) == key


def test_keys_as_people_write_them() -> None:
    assert parse_key(" gateways . 'Complete?' .probabilities") == ("gateways", "Complete?", "probabilities")


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=5) | st.integers(0, 20), min_size=1, max_size=4))
def test_any_key_comes_back(key: list[str | int]) -> None:
    key = ["a", *key]
    assert parse_key(key_text(key)) == tuple(key)


@pytest.mark.parametrize("text", ["", "a.", ".a", "a b", "a..b", "a\nb", "a = 1", '"a', "a[b]", '"\\q"', "é"])
def test_no_key(text: str) -> None:
    with pytest.raises(ValueError, match="is no dotted key of TOML"):
        parse_key(text)
