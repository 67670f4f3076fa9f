"""Ctrl-C: what is done is printed, the status is 130, and no process is left behind."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.simulation import replications
from tests.bad_input.reports import command
from tests.bad_input.triple import GOOD
from tests.cli.program import OnTerminal

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="sends signals, and looks for processes in /proc")

MANY = ("map.bpmn", "scenario.toml", "--replications", "100000")
PATIENCE = 30.0
"""Seconds until processes that were told to end are called left behind; nothing waits so long where all is well."""


def living(session: int) -> list[str]:
    """Processes of a session that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session, *_ = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(its_session) == session and state not in {"Z", "X"}:
            found.append(stat.parent.name)
    return found


def interrupt(program: OnTerminal) -> tuple[int, str, str]:
    """Press Ctrl-C as a terminal does: all processes of the job get the signal."""
    os.killpg(program.process.pid, signal.SIGINT)
    ended = program.finish()
    for _ in range(int(PATIENCE * 20)):
        if not living(program.process.pid):
            break
        time.sleep(0.05)
    assert living(program.process.pid) == []
    return ended


def number_done(shown: str) -> int:
    match = re.search(r"^interrupted: (\d+) of 100000 replications were done$", shown, flags=re.MULTILINE)
    assert match is not None, shown
    return int(match[1])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_after_some_replications_their_table_is_printed(jobs: str) -> None:
    program = OnTerminal("handoffs", *MANY, "--jobs", jobs)
    program.wait_for(r"[1-9]\d*/100000")
    status, output, shown = interrupt(program)
    assert status == 130
    assert "Traceback" not in shown
    done = number_done(shown)
    assert done >= 1
    if jobs == "1":  # with several, those that are done need not be the first ones
        assert output == command("handoffs", *MANY[:2], "--replications", str(done)).output
    else:
        assert f"; {done} replication" in output.splitlines()[0]
        assert "stuck" in output


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_before_the_first_replication_there_is_no_table(jobs: str) -> None:
    GOOD.in_scenario('mean = "PT2H"', 'mean = "PT0.01S"').write(Path())  # a replication that takes minutes
    program = OnTerminal("handoffs", *MANY, "--jobs", jobs)
    program.wait_for(r"0/100000")
    status, output, shown = interrupt(program)
    assert (status, output) == (130, "")
    assert "Traceback" not in shown
    assert re.search(r"^interrupted(: 0 of 100000 replications were done)?$", shown, flags=re.MULTILINE)


def test_what_is_done_is_written_as_event_logs() -> None:
    program = OnTerminal("simulate", *MANY, "--output", "runs")
    program.wait_for(r"[1-9]\d*/100000")
    status, output, shown = interrupt(program)
    assert (status, output) == (130, "")
    done = number_done(shown)
    assert command("simulate", *MANY[:2], "--replications", str(done), "--output", "again").status == 0
    assert {path.name: path.read_bytes() for path in Path("runs").iterdir()} == {
        path.name: path.read_bytes() for path in Path("again").iterdir()
    }


def test_ctrl_c_while_files_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def press(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bpmnmap.xmlio.reader.read_bpmn", press)
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert (outcome.status, outcome.output, outcome.errors) == (130, "", "interrupted\n")
    outcome = command("explain", "map.bpmn")
    assert (outcome.status, outcome.output, outcome.errors) == (130, "", "interrupted\n")


def test_ctrl_c_while_a_command_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def press(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bpmnmap.cli.commands.handoffs", press)
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert (outcome.status, outcome.output, outcome.errors) == (130, "", "interrupted\n")


def test_ctrl_c_from_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exception is a KeyboardInterrupt, and holds what is done; the warnings too."""
    plain = replications.run_once

    def third_is_interrupted(plan: object, seed: int, replication: int, **options: object) -> object:
        if replication == 3:
            raise KeyboardInterrupt
        return plain(plan, seed, replication, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(replications, "run_once", third_is_interrupted)
    definitions, scenario = bm.read_bpmn("map.bpmn"), bm.read_scenario("scenario.toml")
    with pytest.raises(bm.SimulationInterruptedError, match=r"^2 of 5 replications were done$") as caught:
        bm.simulate(definitions, scenario, replications=5)
    assert isinstance(caught.value, KeyboardInterrupt)
    assert (len(caught.value.result), caught.value.result.replications) == (2, 5)
    monkeypatch.setattr(replications, "run_once", plain)
    assert caught.value.result.digest == bm.simulate(definitions, scenario, replications=2).digest
