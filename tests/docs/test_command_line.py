"""docs/reference/command-line.md and the commands' own help name the same commands and options."""

from __future__ import annotations

import re
import subprocess
import sys

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
