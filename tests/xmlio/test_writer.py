"""Writing a map: the file is replaced at once, keeps what it is, and a failure says where and how to mend."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.xmlio import file_replacement
from tests.xmlio.maps import read, text_of_process

OLD = text_of_process('<task id="t" name="old"/>').encode()
POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions, links and devices as POSIX has them")
LINUX = pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files without a name are Linux's")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "maps"
    folder.mkdir()
    (folder / "permit.bpmn").write_bytes(OLD)
    return folder / "permit.bpmn"


@pytest.fixture(params=["nameless", "named"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to a new file: where it has no name until it is whole, and where it has one all along."""
    if request.param == "named":
        monkeypatch.setattr(file_replacement, "_NAMELESS", 0)
    elif not hasattr(os, "O_TMPFILE"):
        pytest.skip("files without a name are Linux's")
    return str(request.param)


def edited() -> bm.Definitions:
    return read(OLD.decode()).replace("t", name="new")


NEW = OLD.replace(b"old", b"new")


def holds(path: Path, data: bytes) -> bool:
    """Whether a folder holds one file with these bytes, and nothing else."""
    return path.read_bytes() == data and [each.name for each in path.parent.iterdir()] == [path.name]


def refusal(path: Path | str) -> str:
    with pytest.raises(bm.MapError) as caught:
        bm.write_bpmn(edited(), path)
    (finding,) = caught.value.findings
    assert (finding.code, finding.location.path) == ("not-written", os.fspath(path))
    assert isinstance(caught.value.__cause__, (OSError, ValueError))
    return f"{finding.message.removeprefix('the map cannot be written: ')}; {finding.fix}"


@pytest.mark.usefixtures("way")
def test_a_map_takes_the_place_of_its_own_file(path: Path) -> None:
    definitions = bm.read_bpmn(path)
    bm.write_bpmn(definitions, path)
    assert holds(path, OLD)
    after = definitions.replace("t", name="new")
    bm.write_bpmn(after, path)
    assert holds(path, NEW)
    bm.write_bpmn(after.replace("t", name="old"), path)
    assert holds(path, OLD)
    assert bm.read_bpmn(path) == definitions


@pytest.mark.usefixtures("way")
def test_a_new_file(path: Path) -> None:
    path.unlink()
    bm.write_bpmn(edited(), str(path))
    assert holds(path, NEW)


def test_what_was_there_does_not_matter(path: Path) -> None:
    path.write_bytes(b"x" * 1_000_000)
    bm.write_bpmn(edited(), path)
    assert holds(path, NEW)


@POSIX
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o640, 0o664, 0o755])
def test_permissions_of_the_old_file_stay(path: Path, mode: int) -> None:
    path.chmod(mode)
    bm.write_bpmn(edited(), path)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert holds(path, NEW)


@POSIX
@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664), (0o000, 0o666)])
def test_a_new_file_has_the_permissions_of_new_files(path: Path, mask: int, mode: int) -> None:
    path.unlink()
    before = os.umask(mask)
    try:
        bm.write_bpmn(edited(), path)
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
@pytest.mark.usefixtures("way")
def test_the_owner_of_the_old_file_stays(path: Path) -> None:
    os.chown(path, 1234, 5678)
    path.chmod(0o640)
    bm.write_bpmn(edited(), path)
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 5678, 0o640)


@POSIX
def test_an_owner_that_cannot_be_kept_is_no_fault(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = os.stat_result((0o100600, *path.stat()[1:4], 1234, 5678, *path.stat()[6:]))
    monkeypatch.setattr(file_replacement, "_status", lambda _: other)
    monkeypatch.setattr(os, "fchown", failing(errno.EPERM))
    bm.write_bpmn(edited(), path)
    assert holds(path, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@POSIX
@pytest.mark.usefixtures("way")
def test_a_symbolic_link_stays_one(path: Path, tmp_path: Path) -> None:
    link, second = tmp_path / "latest.bpmn", tmp_path / "newest.bpmn"
    link.symlink_to(Path("maps") / "permit.bpmn")
    second.symlink_to(link)
    bm.write_bpmn(edited(), second)
    assert second.readlink() == link
    assert link.readlink() == Path("maps") / "permit.bpmn"
    assert holds(path, NEW)


@POSIX
def test_a_symbolic_link_to_a_file_that_is_not_there_yet(path: Path, tmp_path: Path) -> None:
    path.unlink()
    (tmp_path / "latest.bpmn").symlink_to(path)
    bm.write_bpmn(edited(), tmp_path / "latest.bpmn")
    assert holds(path, NEW)


@POSIX
def test_a_circle_of_symbolic_links(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").symlink_to("b.bpmn")
    (tmp_path / "b.bpmn").symlink_to("a.bpmn")
    assert refusal(tmp_path / "a.bpmn") == "too many levels of symbolic links; name a place that can be written"
    assert sorted(each.name for each in tmp_path.iterdir() if each.is_symlink()) == ["a.bpmn", "b.bpmn"]


@POSIX
def test_a_device_or_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    bm.write_bpmn(edited(), os.devnull)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    os.mkfifo(tmp_path / "pipe")
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    bm.write_bpmn(edited(), tmp_path / "pipe")
    reader.join()
    assert received == [NEW]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


def test_several_writers_at_once(path: Path) -> None:
    maps = [read(OLD.decode()).replace("t", name=f"writer {number}") for number in range(4)]

    def write(definitions: bm.Definitions) -> None:
        for _ in range(20):
            bm.write_bpmn(definitions, path)

    threads = [threading.Thread(target=write, args=(each,)) for each in maps]
    for thread in threads:
        thread.start()
    seen = {path.read_bytes() for _ in range(200)}
    for thread in threads:
        thread.join()
    wanted = {bm.format_bpmn(each) for each in maps}
    assert seen <= wanted | {OLD}
    assert path.read_bytes() in wanted
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def failing(number: int) -> Callable[..., object]:
    def fail(*_args: object, **_options: object) -> object:
        raise OSError(number, os.strerror(number))

    return fail


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
