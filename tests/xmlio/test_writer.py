"""Writing a map: the file is replaced at once and keeps what it is."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.xmlio import file_replacement
from tests.xmlio.maps import read
from tests.xmlio.writing import NEW, OLD, POSIX, edited, failing, holds, refusal


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
