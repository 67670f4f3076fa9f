"""``python -m tests.docs.semantics_page``: write the tables of docs/reference/semantics.md from the registry of supported elements."""

from __future__ import annotations

from bpmnmap.semantics.support import UNSUPPORTED, Support
from bpmnmap.semantics.support_table import SECTIONS
from tests.docs.blocks import ROOT

PAGE = ROOT / "docs" / "reference" / "semantics.md"
BEGIN = "<!-- From here on written by: python -m tests.docs.semantics_page -->\n"
FIXTURES = "tests/semantics/constructs"


def element_text(row: Support) -> str:
    """The BPMN name as code, then what tells this row from its neighbors."""
    name, _, rest = row.element.partition(" ")
    first, comma, second = name.partition(",")
    code = f"`{first}`" if not comma else f"`{first}`, `{second}`"
    return f"{code} {rest}".rstrip()


def fixtures_text(row: Support) -> str:
    """The maps that show it, as code."""
    folder = "refused/" if row.refused else ""
    return ", ".join(f"`{folder}{name}`" for name in row.fixtures)


def table(rows: tuple[Support, ...]) -> str:
    """One table; that of what is refused says by which code."""
    if all(row.refused for row in rows):
        head = ("element", "is", "code", "map")
        cells = [(element_text(row), row.meaning, f"[`{UNSUPPORTED}`](findings.md#{UNSUPPORTED})", fixtures_text(row)) for row in rows]
    else:
        head = ("element", "in a simulation", "in the soundness check", "map")
        cells = [(element_text(row), row.meaning, row.check or "the same", fixtures_text(row)) for row in rows]
    lines = [head, tuple("---" for _ in head), *cells]
    return "".join(f"| {' | '.join(line)} |\n".replace("|  |", "| |") for line in lines)


def tables() -> str:
    """All that is written below the page's own words."""
    return "".join(f"\n## {title}\n\n{table(rows)}" for title, rows in SECTIONS)


def page(words: str) -> str:
    """The page: what stands in it by hand, and the tables."""
    return words.partition(BEGIN)[0] + BEGIN + tables()


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
