"""The public face is the list on docs/reference/api.md: no name more, no name less."""

from __future__ import annotations

import re

import bpmnmap
from bpmnmap import errors
from tests.architecture.source import ROOT

ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def documented_names(text: str) -> list[str]:
    return ROW.findall(text)


def test_face_equals_reference() -> None:
    names = documented_names((ROOT / "docs/reference/api.md").read_text(encoding="utf-8"))
    assert sorted(names) == sorted(bpmnmap.__all__)
    assert len(names) == len(set(names)) > 0


def test_names_are_there_and_documented() -> None:
    for name in bpmnmap.__all__:
        value = getattr(bpmnmap, name)
        assert value.__doc__, name
        assert name in dir(bpmnmap)


def test_errors_are_all_public() -> None:
    raised = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert raised <= set(bpmnmap.__all__)


def test_documented_names() -> None:
    assert documented_names("| name | is |\n|---|---|\n| `a_b` | c |\n| `D` | `e` |\ntext `f`\n") == ["a_b", "D"]
