"""What ``bpmnmap explain`` says of each map beside this file: its Program, and its findings if there are any.

Written anew by ``python -m tests.semantics.lowering.goldens``; look at the difference before it is committed: a Program that changes
changes every run of such maps. A new map is a new file; it is found by its folder.
"""

from __future__ import annotations

from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from bpmnmap.cli.commands import explain

HERE = Path(__file__).parent
FOLDERS = ("lowered", "refused")
Texts = dict[str, str]


def maps(folder: str) -> list[str]:
    """Names of the maps in a folder."""
    return sorted(path.stem for path in (HERE / folder).glob("*.bpmn"))


def explained(folder: str, name: str) -> tuple[int, Texts]:
    """The command's exit status and what it says, by name of file; from within the folder, so that no text holds another path."""
    out, err = StringIO(), StringIO()
    with chdir(HERE / folder), redirect_stdout(out), redirect_stderr(err):
        status = explain(f"{name}.bpmn")
    texts = {f"{name}.program.txt": out.getvalue(), f"{name}.findings.txt": err.getvalue()}
    return int(status), {file: text for file, text in texts.items() if text}


def recorded(folder: str, name: str) -> Texts:
    """What is recorded of a map."""
    found = (HERE / folder).glob(f"{name}.*.txt")
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def write_goldens() -> None:
    """Write all texts, and none of maps that are gone."""
    for folder in FOLDERS:
        for path in (HERE / folder).glob("*.txt"):
            path.unlink()
        for name in maps(folder):
            for file, text in explained(folder, name)[1].items():
                (HERE / folder / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_goldens()
