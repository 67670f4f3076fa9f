"""A map that is written in the place of another, for the tests of writing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

import bpmnmap as bm
from tests.xmlio.maps import read, text_of_process

OLD = text_of_process('<task id="t" name="old"/>').encode()
POSIX = pytest.mark.skipif(os.name != "posix", reason="permissions, links and devices as POSIX has them")
LINUX = pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="files without a name are Linux's")


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


def failing(number: int) -> Callable[..., object]:
    def fail(*_args: object, **_options: object) -> object:
        raise OSError(number, os.strerror(number))

    return fail
