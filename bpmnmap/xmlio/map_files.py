"""The files to work on: those that are named, and the maps in folders that are named."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bpmnmap.errors import BpmnReadError
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.xmlio.document import file_bytes
from bpmnmap.xmlio.encodings import ascii_view

ENDINGS = (".bpmn", ".bpmn20.xml")
_ROOT = re.compile(rb"<(?:[^<>\s!?/:]+:)?definitions\s[^<>]*BPMN/(?:20100524/MODEL|\d|\d+/MODEL)")


@dataclass(frozen=True, slots=True)
class MapFiles:
    """Which files to work on, and what is wrong with what was named.

    Parameters
    ----------
    paths
        The files, sorted; each stands here once, however often it is named.
    findings
        What was named and is not there, and folders without a map.
    """

    paths: tuple[str, ...]
    findings: tuple[Finding, ...]


def map_files(paths: Iterable[str | os.PathLike[str]]) -> MapFiles:
    """Return the files that paths stand for.

    Parameters
    ----------
    paths
        Files, taken whatever their names are; and folders, in which each ``*.bpmn`` and ``*.bpmn20.xml`` is taken, and each
        ``*.xml`` whose root is BPMN's ``definitions``. Folders whose names begin with "." are left out.
    """
    files: dict[str, str] = {}
    findings: list[Finding] = []
    for path in (os.fspath(each) for each in paths):
        if os.path.isdir(path):
            found = list(_below(path, findings))
            if not found:
                message = "there is no map in this folder: no .bpmn, no .bpmn20.xml, no .xml whose root is BPMN's definitions"
                findings.append(Finding("no-maps", message, Location(path), fix="name a folder with maps, or a file"))
        else:
            found = [path]
        for file in found:
            files.setdefault(os.path.realpath(file), file)
    return MapFiles(tuple(sorted(files.values(), key=sorting_key)), tuple(findings))


def sorting_key(path: str) -> list[str]:
    """Sort files folder by folder, whatever the system's separator is."""
    return path.replace(os.sep, "/").split("/")


def _below(folder: str, findings: list[Finding]) -> Iterator[str]:
    def unreadable(error: OSError) -> None:
        message = f"cannot be read: {error.strerror or error}"
        fix = "make the folder readable, or name another"
        findings.append(Finding("file-unreadable", message, Location(error.filename or folder), Severity.ERROR, fix=fix))

    for place, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = os.path.join(place, name)
            if name.lower().endswith(ENDINGS) or (name.lower().endswith(".xml") and _holds_map(path)):
                yield path


def _holds_map(path: str) -> bool:
    """Return whether a file's root is BPMN's definitions, as far as its text shows."""
    try:
        return _ROOT.search(ascii_view(file_bytes(path))) is not None
    except BpmnReadError:
        return False
