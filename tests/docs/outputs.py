"""``python -m tests.docs.outputs [PAGE...]``: run the docs' code blocks and write what they print below them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from tests.docs.blocks import ROOT, Blocks


def pages() -> list[Path]:
    """The pages whose blocks run."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]


def rewrite(page: Path) -> bool:
    """Run a page; true where its outputs had to be mended."""
    blocks = Blocks(write=True)
    text = blocks.run(page).text
    for start, end, printed in sorted(blocks.replacements, reverse=True):
        text = text[:start] + printed + text[end:]
    if blocks.replacements:
        page.write_text(text, encoding="utf-8")
    return bool(blocks.replacements)


def main(names: Iterable[str]) -> None:
    for page in [Path(name).resolve() for name in names] or pages():
        if rewrite(page):
            sys.stdout.write(f"{page.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
