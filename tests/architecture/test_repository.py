"""No machine's paths and no registry's addresses in the files of the repository."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.architecture.source import ROOT, package

# Written so that they do not match themselves.
FORBIDDEN = {
    "an address of a package registry": r"https?://[^\s\"')]*(/simple/|/packages/[0-9a-f]{2}/|registry[.]|/pool/main)|files[.]pythonhosted",
    "a path of one machine": r"(^|[^.\w:/])/(work|tmp|root|home|Users)/\w",
    "a file of the workplace": r"[.]library\b",
}
LOCK_FILES = {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "package-lock.json", "yarn.lock", "requirements.lock"}


def faults(path: str, text: str) -> list[str]:
    return [
        f"{path}:{number}: {what}: {line.strip()[:120]}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in FORBIDDEN.items()
        if re.search(pattern, line)
    ]


def repository_files() -> list[str]:
    git = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if listed.returncode:
        pytest.skip("not a clone: git knows no files here")
    return sorted({name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()})


def test_no_machine_paths_and_no_registry_addresses() -> None:
    found = []
    for name in repository_files():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data:
            found += faults(name, data.decode("utf-8", "replace"))  # some maps are there for being in another encoding
    assert found == []


def test_no_lock_files() -> None:
    assert [name for name in repository_files() if name.rpartition("/")[2] in LOCK_FILES] == []


def missing_pages(name: str, text: str) -> list[str]:
    """Pages that a text cites and that are nowhere in the repository."""
    known = {path.name for folder in ("docs", "bpmn_samples", "benchmarks") for path in (ROOT / folder).rglob("*.md")} | {
        "README.md",
        "CHANGELOG.md",
    }
    return [f"{name}: {cited}" for cited in re.findall(r"[\w-]+\.md\b", text) if cited not in known]


def test_pages_that_the_package_cites_exist() -> None:
    assert [fault for module in package() for fault in missing_pages(module.path, module.text)] == []


def test_missing_page_is_found() -> None:
    assert missing_pages("a.py", "see handoff.md H4 and nowhere.md") == ["a.py: nowhere.md"]


@pytest.mark.parametrize(
    "line",
    [
        "url = 'https://pypi.org" + "/simple/'",
        "open('/" + "tmp/x')",
        "see /" + "work/main",
        "PATH=/" + "home/me/bin",
        "cat ." + "library/env",
        "https://files.python" + "hosted.org/x",
    ],
)
def test_fault_is_found(line: str) -> None:
    assert len(faults("a.md", f"fine\n{line}\n")) == 1


@pytest.mark.parametrize(
    "line", ["https://pypi.org/project/simpy/", "/path/to/python3", "docs/tmp/x", "https://docs.python.org/3/library/zoneinfo.html"]
)
def test_clean_line_is_let_pass(line: str) -> None:
    assert faults("a.md", line) == []
