"""The pages hold together: links lead somewhere, every page is in the index of its folder and in llms.txt, fences are of a known kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
# `text` and `sh` do not run: shapes of things, and what is typed before bpmnmap is installed.
LANGUAGES = {"python", "output", "console", "toml", "xml", "text", "sh", "{toctree}", "{eval-rst}", "{include}"}
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\S*).*?^```$", re.MULTILINE | re.DOTALL)


def prose(text: str) -> str:
    return FENCE.sub("", text)


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub and MyST make it."""
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).strip().replace(" ", "-")


def anchors(text: str) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)} | set(
        re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE)
    )


def broken_links(path: Path, text: str) -> list[str]:
    broken = []
    for target in LINK.findall(prose(text)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        goal = (path.parent / file).resolve() if file else path
        if not goal.exists() or (anchor and anchor not in anchors(goal.read_text(encoding="utf-8") if file else text)):
            broken.append(target)
    return broken


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md", DOCS / "llms.txt"], ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda path: str(path.relative_to(ROOT)))
def test_fences_are_of_a_known_kind(page: Path) -> None:
    assert {match[1] for match in FENCE.finditer(page.read_text(encoding="utf-8"))} <= LANGUAGES


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_block_is_skipped(page: Path) -> None:
    assert re.findall(r"^%\s*skip.*$", page.read_text(encoding="utf-8"), re.MULTILINE) == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        name
        for page in [*PAGES, ROOT / "README.md"]
        for name in re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {"demo", "test", "check"} <= named <= targets


def test_every_page_is_in_llms_txt() -> None:
    listed = set(LINK.findall((DOCS / "llms.txt").read_text(encoding="utf-8")))
    assert {str(page.relative_to(DOCS)) for page in PAGES} == {
        name for name in listed if name.endswith(".md") and not name.startswith("..")
    }


def test_every_page_is_in_a_toctree() -> None:
    listed = set()
    for page in PAGES:
        for block in re.findall(r"^```\{toctree\}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
            listed |= {(page.parent / line.strip()).with_suffix(".md") for line in block.splitlines() if line and not line.startswith(":")}
    assert listed == {page for page in PAGES if page != DOCS / "index.md"}


@pytest.mark.parametrize("link", ["none.md", "index.md#no-such-heading", "#no-such-heading"])
def test_broken_link_is_found(link: str) -> None:
    assert broken_links(DOCS / "index.md", f"# A page\n[x]({link}) [y](#a-page)\n```text\n[z](not.a.link)\n```\n") == [link]
