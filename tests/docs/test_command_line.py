"""docs/reference/command-line.md and the commands' own help name the same commands, options and limits; formats.md those of files."""

from __future__ import annotations

import re
import subprocess
import sys

from bpmnmap.cli.inputs import BOUNDS
from bpmnmap.org import toml_files
from bpmnmap.xmlio import refusals
from tests.docs.blocks import ROOT

COMMAND = re.compile(r"^## `bpmnmap ([a-z]+(?: [a-z]+)?)[^`]*`$", re.MULTILINE)
OPTION_ROW = re.compile(r"^\| `(--[a-z-]+)", re.MULTILINE)
OPTION = re.compile(r"--[a-z][a-z-]+")


def documented() -> dict[str, set[str]]:
    """Command → its options, as the page has them."""
    parts = COMMAND.split((ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8"))
    return {name: set(OPTION_ROW.findall(body.split("\n## ")[0])) for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def told(*arguments: str) -> str:
    command = [sys.executable, "-m", "bpmnmap", *arguments, "--help"]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def test_page_names_each_command() -> None:
    lines = told().partition("Commands:")[2].splitlines()
    assert {command.split()[0] for command in documented()} == {match[1] for line in lines if (match := re.match(r"  (\w[\w-]*)", line))}


def test_page_names_each_option() -> None:
    for command, options in documented().items():
        rows = [line for line in told(*command.split()).splitlines() if re.match(r"\s+-", line)]
        assert options == {option for row in rows for option in OPTION.findall(row)[:1]} - {"--help"}, command


def test_page_names_the_limits_of_numbers() -> None:
    page = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    for option, (_, most) in BOUNDS.items():
        rows = [row for row in page.splitlines() if row.startswith(f"| `{option} N`")]
        assert len(rows) == 2  # of handoffs and of simulate
        assert all(f" {most:,} " in row.replace(";", " ") for row in rows), option


def test_help_names_the_limits_of_numbers() -> None:
    for command in ("handoffs", "simulate"):
        text = " ".join(told(command).split())
        for option in ("--replications", "--jobs"):
            least, most = BOUNDS[option]
            assert f"{least} to {most:,}" in text.partition(f"{option} N ")[2].partition(" --")[0], option


def test_page_names_the_limits_of_files() -> None:
    rows = (ROOT / "docs/reference/formats.md").read_text(encoding="utf-8").partition("## Limits")[2].partition("\n(")[0]
    most = [refusals.MAXIMUM_BYTES, refusals.MAXIMUM_ELEMENTS, refusals.MAXIMUM_DEPTH, refusals.MAXIMUM_ATTRIBUTES]
    for number in (*most, toml_files.MAXIMUM_BYTES, toml_files.MAXIMUM_DEPTH):
        assert f" {number:,} " in rows, number
