"""Each test stands in a folder that holds the small good triple and a second map."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.triple import GOOD, MAP


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with `map.bpmn`, `second.bpmn`, `org.toml`, `scenario.toml` and, for both maps, `both.toml`."""
    monkeypatch.chdir(tmp_path)
    GOOD.write(tmp_path)
    (tmp_path / "second.bpmn").write_text(MAP.replace('"permit"', '"renewal"'), encoding="utf-8")
    head, *tables = GOOD.scenario.split("\n\n")
    *elements, first, second = tables
    inner = [table.replace("[", f"[processes.{process}.", 1) for process in ("permit", "renewal") for table in elements]
    (tmp_path / "both.toml").write_text("\n\n".join([head, *inner, first, second]), encoding="utf-8")
    return tmp_path
