"""What each kind of code block in the docs is held to.

============  ==================================================================================================
``python``    runs; the blocks of a page share their names; examples with ``>>>`` are doctests
``output``    equals what the ``python`` block above it printed
``console``   its ``$`` commands run in a shell and print what stands below them; a status other than 0 must be asked
              for by a following ``$ echo $?``; a line ``...`` stands for any lines
``toml``      is TOML; if its first line is ``# NAME.toml``, the blocks below find it as that file
``xml``       is XML; if its first line is ``<!-- NAME.bpmn -->``, the blocks below find it as that file
============  ==================================================================================================

The blocks of a page run in a folder of their own that holds the maps and scenarios of the repository.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sybil import Document, Example, Region, Sybil
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.parsers.myst import CodeBlockParser, SkipParser
from sybil.typing import Parser

ROOT = Path(__file__).parents[2]
SHARED_FOLDERS = ("bpmn_samples", "simulations")
_FILE_NAME = re.compile(r"(?:# (?P<toml>[\w./-]+\.toml)|<!-- (?P<xml>[\w./-]+\.bpmn) -->)\n")


@dataclass
class Blocks:
    """Evaluators of the blocks of one page after the other.

    Parameters
    ----------
    write
        Collect what blocks print as `replacements` instead of comparing it.
    """

    write: bool = False
    replacements: list[tuple[int, int, str]] = field(default_factory=list)
    _printed: str | None = None
    _folder: tempfile.TemporaryDirectory[str] | None = None
    _cwd: str = ""

    def parsers(self) -> list[Parser]:
        blocks = {"output": self.output, "console": self.console, "toml": self.toml, "xml": self.xml}
        return [self._python_regions, *(CodeBlockParser(language, evaluator) for language, evaluator in blocks.items()), SkipParser()]

    def _python_regions(self, document: Document) -> Iterator[Region]:
        doctests = DocTestStringParser(DocTestEvaluator())
        for region in CodeBlockParser("python", self.python)(document):
            if region.parsed.startswith(">>>"):
                for example in doctests(region.parsed, document.path):
                    example.adjust(region, region.parsed)
                    yield example
            else:
                yield region

    def setup(self, namespace: dict[str, Any]) -> None:
        namespace["__name__"] = "__main__"  # as in a script of the reader's
        self._printed = None
        self._cwd = os.getcwd()
        self._folder = tempfile.TemporaryDirectory(prefix="docs-")
        for name in SHARED_FOLDERS:
            Path(self._folder.name, name).symlink_to(ROOT / name, target_is_directory=True)
        os.chdir(self._folder.name)

    def teardown(self, namespace: dict[str, Any]) -> None:
        del namespace
        os.chdir(self._cwd)
        if self._folder is not None:
            self._folder.cleanup()

    def run(self, page: Path) -> Document:
        """Evaluate the blocks of a page in their order."""
        document = Sybil(parsers=self.parsers()).parse(page)
        self.setup(document.namespace)
        try:
            for example in document.examples():
                example.evaluate()
        finally:
            self.teardown(document.namespace)
        return document

    def python(self, example: Example) -> None:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            PythonEvaluator()(example)
        self._printed = printed.getvalue()

    def output(self, example: Example) -> str | None:
        if self._printed is None:
            return "no python block stands above this output"
        return self._compare(example, self._printed)

    def console(self, example: Example) -> str | None:
        session, shown = commands(str(example.parsed)), []
        if not session:
            return "a console block begins with '$ ' and a command"
        status = 0
        for number, command in enumerate(session):
            printed, status = (f"{status}\n", 0) if command == "echo $?" else _run(command)
            shown.append("".join(f"{line}\n" for line in f"$ {command}".splitlines()) + printed)
            if status and session[number + 1 : number + 2] != ["echo $?"]:
                return f"status {status} of: {command}\n{printed}"
        return self._compare(example, "".join(shown))

    def toml(self, example: Example) -> None:
        tomllib.loads(str(example.parsed))
        _write_file(str(example.parsed))

    def xml(self, example: Example) -> None:
        ElementTree.fromstring(str(example.parsed))
        _write_file(str(example.parsed))

    def _compare(self, example: Example, printed: str) -> str | None:
        expected = str(example.parsed)
        if is_match(expected, printed):
            return None
        if self.write:
            start = example.document.text.index(expected, example.start)
            self.replacements.append(
                (start, start + len(expected), "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines()))
            )
            return None
        return f"Expected:\n{expected}\nGot:\n{printed}\n('make docs-outputs' writes it into the page)"


def commands(session: str) -> list[str]:
    """The commands of a console session; a backslash at the end of a line continues it."""
    return [match[1] for match in re.finditer(r"^\$ ((?:.*\\\n)*.*)$", session, re.MULTILINE)]


def is_match(expected: str, printed: str) -> bool:
    """Equal but for white space at the ends of lines; a line ``...`` stands for any lines."""
    lines = [line.rstrip() for line in expected.rstrip().splitlines()]
    pattern = "".join("(?:.*\n)*" if line == "..." else re.escape(line) + "\n" for line in lines)
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in printed.rstrip().splitlines())) is not None


def _run(command: str) -> tuple[str, int]:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120", "NO_COLOR": "1"}
    done = subprocess.run(
        command, shell=True, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False
    )
    return done.stdout, done.returncode


def _write_file(text: str) -> None:
    match = _FILE_NAME.match(text)
    if match is not None:
        path = Path(match["toml"] or match["xml"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
