"""Fixtures of the tests of writing: a file to be replaced, and both ways to replace it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpmnmap.xmlio import file_replacement
from tests.xmlio.writing import OLD


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
