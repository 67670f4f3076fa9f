"""docs/reference/semantics.md tells what the registry of supported elements holds."""

from __future__ import annotations

import re

from bpmnmap.semantics.support import LOWERED
from tests.docs.blocks import ROOT

ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)


def test_page_equals_registry() -> None:
    text = (ROOT / "docs/reference/semantics.md").read_text(encoding="utf-8")
    assert dict(ROW.findall(text)) == {element.kind: becomes for element, becomes in LOWERED.items()}
