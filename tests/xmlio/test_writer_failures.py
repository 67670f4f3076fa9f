"""Writing a map that fails: the old file stays whole, nothing is left beside it, and the error says where and how to mend."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.xmlio import file_replacement
from tests.xmlio.writing import LINUX, NEW, OLD, POSIX, edited, failing, holds, refusal

ROOT = Path(__file__).parents[2]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("step", ["fsync", "replace", "write"])
@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "no space left on device; make room, or name another place"),
        (errno.EDQUOT, "disk quota exceeded; make room, or name another place"),
        (errno.EIO, "input/output error; name a place that can be written"),
        (errno.EROFS, "read-only file system; allow writing there, or name another place"),
    ],
)
def test_a_step_that_fails_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, told: str) -> None:
    if step == "write":
        monkeypatch.setattr(file_replacement, "_keep_permissions", failing(number))
    elif step == "replace":
        monkeypatch.setattr(Path, "replace", failing(number))
    else:
        monkeypatch.setattr(os, "fsync", failing(number))
    assert refusal(path) == told
    monkeypatch.undo()
    assert holds(path, OLD)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("step", [(os, "fsync"), (Path, "replace")])
def test_an_interrupt_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch, step: tuple[object, str]) -> None:
    def interrupt(*_args: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(*step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        bm.write_bpmn(edited(), path)
    monkeypatch.undo()
    assert holds(path, OLD)


@LINUX
@pytest.mark.parametrize("broken", ["open", "link"])
def test_where_a_file_needs_a_name_it_has_one(path: Path, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    opened: list[str] = []
    real = os.open

    def refusing(name: str, flags: int, mode: int = 0o777) -> int:
        opened.append(os.fspath(name))
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
        return real(name, flags, mode)

    monkeypatch.setattr(os, broken, refusing if broken == "open" else failing(errno.ENOENT))
    bm.write_bpmn(edited(), path)
    monkeypatch.undo()
    assert holds(path, NEW)
    assert broken == "link" or opened[1].endswith(f".bpmnmap-{os.getpid()}-0.tmp")


@pytest.mark.usefixtures("way")
def test_a_name_that_is_taken_is_left_alone(path: Path) -> None:
    left = path.with_name(f".bpmnmap-{os.getpid()}-0.tmp")
    left.write_bytes(b"of another process")
    bm.write_bpmn(edited(), path)
    assert path.read_bytes() == NEW
    assert left.read_bytes() == b"of another process"
    assert len(list(path.parent.iterdir())) == 2


def test_a_folder_that_cannot_be_kept_on_disk_is_no_fault(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync
    calls = iter(range(10))
    monkeypatch.setattr(os, "fsync", lambda descriptor: real(descriptor) if next(calls) == 0 else failing(errno.EINVAL)())
    bm.write_bpmn(edited(), path)
    assert holds(path, NEW)


def test_a_missing_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none" / "permit.bpmn") == "its folder does not exist; make the folder, or name another"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file(path: Path) -> None:
    assert refusal(path.parent) == "it is a folder; name a file in it"
    assert holds(path, OLD)


@POSIX
def test_a_file_in_the_place_of_the_folder(path: Path) -> None:
    assert refusal(path / "permit.bpmn") == "not a directory; name a place that can be written"


def test_a_file_that_is_protected(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert refusal(path) == "it is protected from writing; allow writing there, or name another place"
    assert holds(path, OLD)


def test_a_folder_that_may_not_be_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", failing(errno.EACCES))
    assert refusal(path) == "permission denied; allow writing there, or name another place"
    monkeypatch.undo()
    assert holds(path, OLD)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_real_folder_that_may_not_be_written(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        assert refusal(path) == "permission denied; allow writing there, or name another place"
    finally:
        path.parent.chmod(0o700)
    assert holds(path, OLD)


@pytest.mark.parametrize("name", ["a\0b.bpmn", "x" * 300 + ".bpmn"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    refusal(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_the_longest_name_that_a_file_can_have(tmp_path: Path) -> None:
    bm.write_bpmn(edited(), tmp_path / f"{'x' * 250}.bpmn")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_map_that_cannot_be_written_leaves_the_old_file(path: Path) -> None:
    with pytest.raises(bm.MapError) as caught:
        bm.write_bpmn(edited().replace("t", name="a\0b"), path)
    assert [finding.code for finding in caught.value.findings] == ["unwritable"]
    assert holds(path, OLD)


def test_what_is_no_map_or_no_path(path: Path) -> None:
    with pytest.raises(TypeError, match=r"^definitions must be a map \(got a str\)$"):
        bm.write_bpmn(str(path), edited())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^path must be a path of text \(got 3\)$"):
        bm.write_bpmn(edited(), 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^definitions must be a map \(got a NoneType\)$"):
        bm.format_bpmn(None)  # type: ignore[arg-type]
    assert holds(path, OLD)


# The rest happens in processes of its own.

STOPPED = """
import os, signal, sys, time
import bpmnmap as bm
definitions = bm.read_bpmn(sys.argv[1]).replace("t", name="new")
def stop(*_):
    print("there", flush=True)
    time.sleep(60)
os.fsync = stop
bm.write_bpmn(definitions, sys.argv[1])
"""


@pytest.fixture
def stopped(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that stands still when all is written and nothing is replaced yet."""
    process = subprocess.Popen([sys.executable, "-c", STOPPED, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@LINUX
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_is_killed_leaves_the_old_file_and_nothing_else(
    path: Path, stopped: subprocess.Popen[str], number: signal.Signals
) -> None:
    assert holds(path, OLD)
    stopped.send_signal(number)
    assert stopped.wait() == -number
    assert holds(path, OLD)


FULL = """
import resource, signal, sys
import bpmnmap as bm
definitions = bm.read_bpmn(sys.argv[1]).replace("t", name="x" * 100_000)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    bm.write_bpmn(definitions, sys.argv[1])
except bm.MapError as error:
    print(error)
"""


@LINUX
def test_where_there_is_no_room_the_old_file_stays(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == (
        f"{path}: error[not-written] the map cannot be written: file too large\n    fix: make room, or name another place\n"
    )
    assert holds(path, OLD)
