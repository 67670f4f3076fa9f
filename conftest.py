"""Sybil runs the code blocks of the docs and of the README; pytest runs the docstrings' examples by itself."""

from __future__ import annotations

from sybil import Sybil

from tests.docs.blocks import Blocks

_blocks = Blocks()
pytest_collect_file = Sybil(
    parsers=_blocks.parsers(), patterns=["docs/*.md", "docs/*/*.md", "README.md"], setup=_blocks.setup, teardown=_blocks.teardown
).pytest()

collect_ignore = ["docs/conf.py", "build", "dist"]
