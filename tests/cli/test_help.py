"""`--version`, `-h`, and the two ways of starting the program."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import bpmnmap
from bpmnmap.version import __version__
from tests.bad_input.reports import command
from tests.cli.program import environment, run

OPTIONS = {
    "handoffs": ["--replications", "--seed", "--jobs", "--confidence", "--by", "--time", "--split", "--format", "--output", "--help"],
    "simulate": ["--output", "--replications", "--seed", "--jobs", "--help"],
    "explain": ["--help"],
    "check": ["--format", "--output", "--help"],
    "diff": ["--all", "--exit-code", "--format", "--output", "--help"],
    "scenario new": ["--output", "--assume", "--force", "--help"],
}


def test_version() -> None:
    outcome = command("--version")
    assert (outcome.status, outcome.output, outcome.errors) == (0, f"bpmnmap, version {__version__}\n", "")
    assert run("--version").stdout.decode().strip() == f"bpmnmap, version {__version__}"


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_the_commands_in_the_order_of_the_docs(option: str) -> None:
    outcome = command(option)
    assert (outcome.status, outcome.errors) == (0, "")
    assert outcome.output.startswith("Usage: bpmnmap [OPTIONS] COMMAND [ARGS]...")
    assert re.findall(r"^  (\w+)  ", outcome.output.partition("Commands:")[2], flags=re.MULTILINE) == [name.split()[0] for name in OPTIONS]


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_of_a_command(name: str, option: str) -> None:
    outcome = command(*name.split(), option)
    assert (outcome.status, outcome.errors) == (0, "")
    assert outcome.output.startswith(f"Usage: bpmnmap {name} [OPTIONS] ")
    found = re.findall(r"^  (?:-h, )?(--[a-z-]+)", outcome.output, flags=re.MULTILINE)
    assert found == OPTIONS[name]
    assert "BPMN 2.0 file" in " ".join(outcome.output.split())
    assert "[default: " in outcome.output or name == "explain"


def test_no_command() -> None:
    outcome = command()
    assert outcome.status == 2
    assert "Usage: bpmnmap" in outcome.output + outcome.errors


def test_help_and_version_load_nothing_heavy() -> None:
    """Start-up time counts: what computes or reads files is imported by the command that needs it."""
    code = (
        "import sys\nfrom bpmnmap.cli.main import main\n"
        "try:\n    main(['--version'], prog_name='bpmnmap')\nexcept SystemExit:\n    pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'lxml', 'numpy', 'pydantic', 'simpy', 'networkx', 'holidays', 'rich'}))"
    )
    root = str(Path(bpmnmap.__file__).parents[1])
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root, env=environment(PYTHONPATH=root)
    )
    assert result.stdout.splitlines()[-1] == "[]"
