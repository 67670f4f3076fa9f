"""What the command line writes: tables to stdout or a file, findings and the progress bar to stderr."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator

from bpmnmap.findings import Finding


def tell(findings: Iterable[Finding]) -> None:
    """Print findings to stderr, each once."""
    for finding in dict.fromkeys(findings):
        sys.stderr.write(f"{finding}\n")
    sys.stderr.flush()


def write_text(text: str, path: str | None) -> None:
    """Print a text, or write it into a file, atomically: a crash leaves the old one."""
    if path is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    folder = os.path.dirname(path) or "."
    descriptor, temporary = tempfile.mkstemp(dir=folder, prefix=".bpmnmap-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


@contextlib.contextmanager
def progress_bar(replications: int) -> Iterator[Callable[[int, int], None] | None]:
    """Progress on a terminal's stderr; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("replications"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("replications", total=replications)
        yield lambda done, _total: bar.update(task, completed=done)
