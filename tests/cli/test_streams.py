"""Terminals, pipes, full disks: what is printed where, and that nothing ends in a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bad_input.reports import told
from tests.bad_input.triple import GOOD
from tests.cli.program import PROGRAM, OnTerminal, environment, run

ONE = ("handoffs", "map.bpmn", "scenario.toml")
posix = pytest.mark.skipif(os.name == "nt", reason="needs pseudo-terminals and devices of POSIX")


@posix
def test_progress_shows_on_a_terminal() -> None:
    status, output, shown = OnTerminal(*ONE, "--replications", "3").finish()
    assert status == 0
    assert output.startswith("Handoff delay in hours")
    assert "replications" in shown
    assert "0/3" in shown
    assert "3/3" in shown


@posix
def test_findings_on_a_terminal() -> None:
    GOOD.in_scenario("yes = 0.8", "yes = 0.7").write(Path())
    status, output, shown = OnTerminal(*ONE).finish()
    assert (status, output) == (1, "")
    assert [each.code for each in told(shown[shown.index("scenario.toml") :])] == ["probabilities"]


def test_nothing_but_the_table_in_a_pipe() -> None:
    result = run(*ONE, "--replications", "3")
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"\x1b" not in result.stdout
    assert result.stdout.startswith("Handoff delay in hours, mean per handoff ± 95 %".encode())


@posix
@pytest.mark.parametrize("arguments", [ONE, (*ONE, "--format", "json"), ("explain", "map.bpmn"), ("handoffs", "-h")])
def test_a_reader_that_goes_away(arguments: tuple[str, ...]) -> None:
    """As in `| true`: the pipe is closed before anything is written."""
    ours, theirs = os.pipe()
    process = subprocess.Popen([*PROGRAM, *arguments], stdout=theirs, stderr=subprocess.PIPE, env=environment())
    os.close(theirs)
    os.close(ours)
    _, errors = process.communicate(timeout=60)
    assert errors == b""
    assert process.returncode in {0, 1}  # 1 is click's for a help text


@posix
def test_a_reader_of_one_line() -> None:
    """As in `| head -1`, with more to print than a pipe holds."""
    chain = "".join(f'    <task id="t{i}"/>\n    <sequenceFlow id="g{i}" sourceRef="t{i}" targetRef="t{i + 1}"/>\n' for i in range(1500))
    last = '    <task id="t1500"/>\n    <sequenceFlow id="g1500" sourceRef="t1500" targetRef="Done"/>\n  </process>'
    text = GOOD.map.replace('sourceRef="Sign" targetRef="Done"', 'sourceRef="Sign" targetRef="t0"').replace("  </process>", chain + last)
    Path("map.bpmn").write_text(text, encoding="utf-8")
    with subprocess.Popen([*PROGRAM, "explain", "map.bpmn"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"process permit\n"
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
@pytest.mark.parametrize("arguments", [ONE, ("explain", "map.bpmn"), ("--version",), ("handoffs", "-h")])
def test_no_room_for_the_output(arguments: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run([*PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, env=environment(), check=False, timeout=60)
    (found,) = told(result.stderr.decode())
    assert (found.code, found.place, found.fix) == ("not-written", "<output>", "name another --output, or make room")
    assert result.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_no_room_for_the_findings() -> None:
    with open("/dev/full", "wb") as full:
        command = [*PROGRAM, "handoffs", "no.bpmn", "scenario.toml"]
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=full, env=environment(), check=False, timeout=60)
    assert (result.returncode, result.stdout) == (2, b"")


@posix
@pytest.mark.parametrize(("closed", "status"), [(1, 0), (2, 0)])
def test_a_stream_that_was_closed(closed: int, status: int) -> None:
    command = f"{sys.executable} -m bpmnmap handoffs map.bpmn scenario.toml {closed}>&-"
    result = subprocess.run(["/bin/sh", "-c", command], capture_output=True, env=environment(), check=False, timeout=60)
    assert result.returncode == status
    assert result.stderr == b""
    assert (result.stdout == b"") == (closed == 1)


def test_a_terminal_of_few_letters() -> None:
    """What it lacks is replaced for people and never for programs."""
    GOOD.in_map('name="Sign permit"', 'name="審査"').write(Path())
    plain = environment(PYTHONIOENCODING="ascii")
    text = run(*ONE, "--by", "activity", env=plain)
    assert (text.returncode, text.stderr) == (0, b"")
    assert text.stdout.decode("ascii").startswith("Handoff delay in hours, mean per handoff ? 95 % interval")
    data = run(*ONE, "--format", "json", env=plain)
    assert json.loads(data.stdout.decode("utf-8"))["rows"]
    assert data.stdout == run(*ONE, "--format", "json").stdout
    explained = run("explain", "map.bpmn", env=plain)
    assert (explained.returncode, explained.stderr) == (0, b"")
    assert b'"??"' in explained.stdout


@pytest.mark.parametrize(
    ("old", "new", "arguments", "status", "code"),
    [
        ("yes = 0.8", "yes = 0.7", [*ONE], 1, "probabilities"),
        ("replications = 2", "replications =", ["simulate", *ONE[1:], "--output", "runs"], 2, "toml-syntax"),
        ("replications = 2", "replications = 2\nevent_budget = 10", [*ONE, "--jobs", "2"], 1, "event-budget"),
    ],
)
def test_the_real_program_tells_what_the_tests_in_one_process_see(old: str, new: str, arguments: list[str], status: int, code: str) -> None:
    GOOD.in_scenario(old, new).write(Path())
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (status, b"")
    assert [each.code for each in told(result.stderr.decode())] == [code]
    assert not Path("runs").exists()
