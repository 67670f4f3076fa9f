"""What the command line writes: tables to stdout or a file, findings and the progress bar to stderr."""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from bpmnmap.findings import Finding, Location, printable

_LONGEST: Final = 400
_UNWRITABLE: Final = "backslashreplace"  # file names may hold bytes that are no UTF-8; in JSON this is the escape of such a character
_QUOTED: Final = re.compile(r"'([^']{100,})'")


def tell(findings: Iterable[Finding]) -> None:
    """Print findings to stderr, each once."""
    say("".join(f"{fit_to_print(finding)}\n" for finding in dict.fromkeys(findings)))


def say(text: str) -> None:
    """Print to stderr, if anything can be printed there; the exit status tells the rest."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def fit_to_print(finding: Finding) -> Finding:
    """Return a finding whose texts keep to their lines, send no commands to a terminal and can be read at a glance."""
    place = finding.location
    return replace(
        finding,
        message=_short(finding.message),
        location=Location(place.path and printable(place.path), place.line, place.key and _short(place.key)),
        element_id=finding.element_id and _short(finding.element_id),
        element_name=finding.element_name and _short(finding.element_name),
        fix=finding.fix and _short(finding.fix),
    )


def _short(text: str) -> str:
    text = printable(text)
    if len(text) <= _LONGEST:
        return text
    text = _QUOTED.sub(lambda match: f"'{match[1][:60]}…{match[1][-30:]}'", text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 40]}…{text[-39:]}"


def write_text(text: str, path: str | None, *, is_data: bool = False) -> None:
    """Print a text, or write it into a file, atomically: a crash leaves the old one.

    Parameters
    ----------
    is_data
        For programs: always UTF-8. What is for people sends no commands to their terminal, and is printed in its encoding, as far
        as that goes.
    """
    if not is_data:
        text = "\n".join(map(printable, text.split("\n")))
    if path is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8" if is_data else None, errors=_UNWRITABLE if is_data else "replace")
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    try:
        if os.path.exists(path) and not os.path.isfile(path):  # a device or a pipe, not to be replaced by a file
            with open(path, "w", encoding="utf-8", errors=_UNWRITABLE, newline="\n") as place:
                place.write(text)
        else:
            _replace(os.path.realpath(path), text)
    except OSError as error:
        error.filename = path  # not that of a temporary file
        raise


def _replace(path: str, text: str) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".bpmnmap-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors=_UNWRITABLE, newline="\n") as file:
            file.write(text)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def tell_not_written(error: OSError) -> None:
    """Tell that something could not be written to a file or to stdout."""
    discard_output()
    fix = "name another --output, or make room"
    tell([Finding("not-written", str(error.strerror or error), Location(error.filename or "<output>"), fix=fix)])


def discard_output() -> None:
    """Let what is still to be written to stdout go nowhere: who read it has gone, or there is no room."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):  # stdout may be no file
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def check_file(path: str) -> list[Finding]:
    """Return why a file cannot be written, as far as that can be told before there is anything to write."""
    if not path:
        return [_unusable(path, "the name of the file is empty", "name a file")]
    if os.path.isdir(path):
        return [_unusable(path, "this is a folder", "name a file in it")]
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        return [_unusable(path, f"there is no folder '{folder}'", "make the folder, or name a file elsewhere")]
    if not os.access(folder, os.W_OK | os.X_OK):
        return [_unusable(path, f"folder '{folder}' may not be written", "name a file elsewhere")]
    return []


def check_log(path: str) -> list[Finding]:
    """Return why event logs cannot be written to a folder, which is made where it is missing, or to one CSV file."""
    if path.lower().endswith(".csv"):
        return check_file(path)
    return check_folder(path, "name a folder, or a file that ends in .csv")


def check_folder(path: str, fix: str = "name a folder") -> list[Finding]:
    """Return why files cannot be written to a folder, which is made where it is missing."""
    if not path:
        return [_unusable(path, "the name of the folder is empty", fix)]
    place = os.path.abspath(path)
    while not os.path.lexists(place):
        place = os.path.dirname(place)
    if not os.path.isdir(place):
        what = "this is a file" if place == os.path.abspath(path) else f"'{place}' is no folder"
        return [_unusable(path, f"{what}, and a folder is to be written", fix)]
    if not os.access(place, os.W_OK | os.X_OK):
        return [_unusable(path, f"folder '{place}' may not be written", "name a folder elsewhere")]
    return []


def _unusable(path: str, message: str, fix: str) -> Finding:
    return Finding("not-written", message, Location(path or "--output"), fix=fix)


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
