"""What the command line and the Python interface say of a triple, in a form that tests compare."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

import bpmnmap as bm
from bpmnmap.cli.main import main
from tests.bad_input.triple import Triple

_HEAD = re.compile(r"(?P<place>.+?): (?P<severity>error|warning|info)\[(?P<code>[a-z0-9-]+)\] (?P<message>.+)")
_FIX = re.compile(r"    fix: (?P<fix>.+)")


class Told(NamedTuple):
    """One finding as it was printed."""

    severity: str
    code: str
    place: str
    message: str
    fix: str


class Fault(NamedTuple):
    """One finding as it is wanted: `message` and `fix` are parts of the printed ones."""

    code: str
    place: str
    message: str
    fix: str
    severity: str = "error"


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it printed."""

    status: int
    output: str
    errors: str

    @property
    def told(self) -> list[Told]:
        """The findings on stderr; there must be nothing else, no traceback above all."""
        return told(self.errors)


def told(text: str) -> list[Told]:
    """Findings as printed: two lines each, the place and the fault, and how to mend it."""
    lines = text.splitlines()
    found = []
    for head, fix in zip(lines[::2], lines[1::2], strict=True):
        first, second = _HEAD.fullmatch(head), _FIX.fullmatch(fix)
        assert first is not None, head
        assert second is not None, fix
        found.append(Told(first["severity"], first["code"], first["place"], first["message"], second["fix"]))
    return found


def command(*arguments: str) -> Outcome:
    """Run the command line in this process, as a user would."""
    result = CliRunner().invoke(main, arguments, prog_name="bpmnmap")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)


def python() -> tuple[type[bm.BpmnMapError] | None, list[bm.Finding]]:
    """Read and run the triple of the current folder from Python: the error's class, and its findings."""
    try:
        bm.simulate(bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml"), replications=1)
    except bm.BpmnMapError as error:
        return type(error), list(error.findings)
    return None, []


def assert_told(found: list[Told], wanted: list[Fault]) -> None:
    """Assert codes, places and order exactly, messages and fixes by their parts."""
    assert [(each.severity, each.code, each.place) for each in found] == [(each.severity, each.code, each.place) for each in wanted]
    for each, fault in zip(found, wanted, strict=True):
        assert fault.message
        assert fault.message in each.message
        assert fault.fix
        assert fault.fix in each.fix


def assert_refused(triple: Triple, status: int, error: type[bm.BpmnMapError], *wanted: Fault, several: bool = False) -> None:
    """Assert what all commands and the Python interface say of a triple in the current folder, before anything runs.

    Parameters
    ----------
    several
        Whether faults of several files are told by the command line only: Python reads one file after the other.
    """
    triple.write(Path())
    before = sorted(os.listdir())
    outcome = command("handoffs", "map.bpmn", "scenario.toml", "--replications", "1")
    assert_told(outcome.told, list(wanted))
    assert (outcome.status, outcome.output) == (status, "")
    assert command("simulate", "map.bpmn", "scenario.toml", "--output", "runs") == outcome
    assert sorted(os.listdir()) == before
    raised, findings = python()
    assert raised is error
    same = [(str(each.severity), each.code, str(each.location)) for each in findings]
    printed = [(each.severity, each.code, each.place) for each in outcome.told]
    assert same
    assert set(same) < set(printed) if several else same == printed
    if all(len(each.message) < 400 and each.message.isprintable() for each in findings):  # else the command line shortens them
        assert all(str(each) in outcome.errors for each in findings)
