from __future__ import annotations

from pathlib import Path

import pytest
from sybil.example import SybilFailure

from tests.docs.blocks import Blocks, commands, is_match
from tests.docs.outputs import rewrite


def run(page: Path, text: str) -> None:
    page.write_text(text, encoding="utf-8")
    Blocks().run(page)


GOOD = """
# A page
```python
a = 1 + 1
print("two:", a)
```
```output
two: 2
```
```python
>>> a + 1
3
```
```toml
# part.toml
format = 1
```
```console
$ cat part.toml
# part.toml
...
$ false
$ echo $?
1
```
```xml
<!-- small.bpmn -->
<definitions/>
```
```console
$ cat \\
  small.bpmn
<!-- small.bpmn -->
<definitions/>
```
"""


def test_good_page_passes(tmp_path: Path) -> None:
    run(tmp_path / "page.md", GOOD)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("two: 2\n", "two: 3\n"),
        ("\n3\n", "\n4\n"),
        ("format = 1\n", "format = 2\n```\n```console\n$ cat part.toml\n# part.toml\nformat = 1\n"),
        ("echo $?\n1\n", "echo $?\n0\n"),
        ("$ echo $?\n1\n", ""),
        ("$ cat part.toml\n", "cat part.toml\n"),
        ("$ cat part.toml\n", "$ cat part.bpmn\n"),
    ],
)
def test_wrong_page_fails(tmp_path: Path, right: str, wrong: str) -> None:
    assert GOOD.count(right) == 1
    with pytest.raises(SybilFailure):
        run(tmp_path / "page.md", GOOD.replace(right, wrong))


def test_output_without_python_fails(tmp_path: Path) -> None:
    with pytest.raises(SybilFailure, match="no python block"):
        run(tmp_path / "page.md", "```output\n2\n```\n")


@pytest.mark.parametrize(("right", "error"), [("format = 1", ValueError), ("<definitions/>\n```\n```console", SyntaxError)])
def test_broken_file_fails(tmp_path: Path, right: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        run(tmp_path / "page.md", GOOD.replace(right, right.replace("= 1", "=").replace("/>", ">")))


def test_rewrite_fills_outputs(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(GOOD.replace("two: 2\n", "?\n").replace("# part.toml\n...\n", "x\n"), encoding="utf-8")
    assert rewrite(page)
    assert page.read_text(encoding="utf-8") == GOOD.replace("# part.toml\n...\n", "# part.toml\nformat = 1\n")
    assert not rewrite(page)


def test_commands() -> None:
    assert commands("$ a b\nx\n$ c \\\n  d\ny $ z\n") == ["a b", "c \\\n  d"]


@pytest.mark.parametrize(
    ("expected", "printed", "match"),
    [
        ("a \n", "a\n", True),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("...\n", "", True),
        ("a\n...\nd\n", "a\nb\nc\n", False),
        ("a.", "ab", False),
    ],
)
def test_is_match(expected: str, printed: str, match: bool) -> None:
    assert is_match(expected, printed) is match
