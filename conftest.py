"""Sybil runs the code blocks of the docs and of the README; pytest runs the docstrings' examples by itself."""

from __future__ import annotations

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem

from tests.docs.blocks import Blocks

_blocks = Blocks()
pytest_collect_file = Sybil(
    parsers=_blocks.parsers(), patterns=["docs/*.md", "docs/*/*.md", "README.md"], setup=_blocks.setup, teardown=_blocks.teardown
).pytest()

collect_ignore = ["docs/conf.py", "build", "dist"]


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the blocks of one page on one worker: later ones use the names of earlier ones."""
    for item in items:
        if isinstance(item, SybilItem):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))
