"""A file replaced at once: whatever happens, it holds what it held before or all that it shall hold."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bpmnmap.errors import MapError
from bpmnmap.findings import Finding, Location

_NAMELESS = getattr(os, "O_TMPFILE", 0)  # Linux: a file that is gone with the process that wrote it, until it is given a name
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_ANY = 0o666  # which the system narrows by the process's umask
_NO_ROOM = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def replace_file(path: str, data: bytes) -> None:
    """Make a file hold some bytes.

    A symbolic link stays one; owner and permissions of the file stay where the system lets them. A device or pipe is written to.

    Raises
    ------
    MapError
        It cannot be written; the file is as it was.
    """
    try:
        target = Path(os.path.realpath(path))
        before = _status(target)
        if before is None or stat.S_ISREG(before.st_mode):
            _replace(target, data, before)
        else:
            target.write_bytes(data)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise MapError([_not_written(error, path)]) from error


def _status(target: Path) -> os.stat_result | None:
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it is protected from writing")
    return found


def _replace(target: Path, data: bytes, before: os.stat_result | None) -> None:
    draft = _nameless_draft(target.parent, data, before) or _draft(target.parent, data, before)
    try:
        draft.replace(target)
    except BaseException:
        draft.unlink()
        raise
    _keep_entry(target.parent)


def _draft(folder: Path, data: bytes, before: os.stat_result | None) -> Path:
    """A new file in a folder that holds some bytes."""
    for name in _names(folder):
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(name, _CREATE, _ANY)
            break
    try:
        with os.fdopen(descriptor, "wb") as file:
            _fill(file, data, before, name)
    except BaseException:
        name.unlink()
        raise
    return name


def _nameless_draft(folder: Path, data: bytes, before: os.stat_result | None) -> Path | None:
    """The same, but the file has a name only when all is in it; None if the system cannot do so."""
    try:
        descriptor = os.open(folder, os.O_WRONLY | _NAMELESS, _ANY) if _NAMELESS else -1
    except OSError:  # not every file system can; what else is wrong is met again
        return None
    if descriptor < 0:
        return None
    with os.fdopen(descriptor, "wb") as file:
        _fill(file, data, before, None)
        try:
            return _linked(descriptor, folder)
        except OSError:
            return None


def _linked(descriptor: int, folder: Path) -> Path:
    """The name that a file without one is given."""
    for name in _names(folder):
        with contextlib.suppress(FileExistsError):
            # The paths are absolute: a folder's descriptor is only given so that the link in /proc is followed.
            os.link(f"/proc/self/fd/{descriptor}", name, src_dir_fd=descriptor, follow_symlinks=True)
            break
    return name


def _names(folder: Path) -> Iterator[Path]:
    return (folder / f".bpmnmap-{os.getpid()}-{number}.tmp" for number in itertools.count())


def _fill(file: BinaryIO, data: bytes, before: os.stat_result | None, name: Path | None) -> None:
    file.write(data)
    file.flush()
    _keep_permissions(file.fileno(), name, before)
    os.fsync(file.fileno())


def _keep_permissions(descriptor: int, name: Path | None, before: os.stat_result | None) -> None:
    """Give a new file the owner and permissions of the one whose place it takes."""
    if before is None:
        return
    if os.name == "posix":
        now = os.fstat(descriptor)
        if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
            with contextlib.suppress(PermissionError):  # only root may give files away
                os.fchown(descriptor, before.st_uid, before.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
    elif name is not None:
        name.chmod(stat.S_IMODE(before.st_mode))


def _keep_entry(folder: Path) -> None:
    """Have the folder's new entry on disk, where the system can say so; the file itself is there already."""
    if os.name == "posix":
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _not_written(error: OSError | ValueError, path: str) -> Finding:
    number = error.errno if isinstance(error, OSError) else None
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    fix = "name a place that can be written"
    if number == errno.ENOENT:
        reason, fix = "its folder does not exist", "make the folder, or name another"
    elif number == errno.EISDIR:
        fix = "name a file in it"
    elif number in (errno.EACCES, errno.EPERM, errno.EROFS):
        fix = "allow writing there, or name another place"
    elif number in _NO_ROOM:
        fix = "make room, or name another place"
    return Finding("not-written", f"the map cannot be written: {reason[:1].lower()}{reason[1:]}", Location(path), fix=fix)
