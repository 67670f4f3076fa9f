"""Check maps: everything that reading finds, where they do not follow the schema, and how cases can fail in them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bpmnmap.checking.soundness import SoundnessChecker
from bpmnmap.errors import BpmnReadError
from bpmnmap.findings import Finding, Location
from bpmnmap.model import Definitions
from bpmnmap.xmlio.checking import in_order, map_findings, named
from bpmnmap.xmlio.inspected import Inspection
from bpmnmap.xmlio.map_files import map_files
from bpmnmap.xmlio.reader import read_bpmn


def inspection(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> Inspection:
    """Return all that is wrong with maps: what reading finds, where they do not follow the schema of BPMN 2.0, and what is not sound.

    Parameters
    ----------
    paths
        A file or folder, or several. Files are read whatever their names are; in folders and below, each ``*.bpmn`` and
        ``*.bpmn20.xml``, and each ``*.xml`` whose root is BPMN's ``definitions``. What a map calls is looked for in all of them.

    Returns
    -------
    Inspection
        The findings, sorted by file and line. A file that cannot be read at all is a finding too; nothing is raised.
        Soundness is looked at where reading found no error.

    Examples
    --------
    >>> found = inspection("no_such_folder")
    >>> print(found)
    no_such_folder: error[file-missing] there is no such file
        fix: check the path
    >>> found.summary
    '1 file, 1 error, 0 warnings'
    """
    files = map_files([paths] if isinstance(paths, (str, os.PathLike)) else paths)
    findings, maps = list(files.findings), list[Definitions]()
    for path in files.paths:
        try:
            definitions = read_bpmn(path)
        except BpmnReadError as error:
            findings += error.findings
            continue
        findings += map_findings(definitions)
        maps.append(replace(definitions, source=None, diagrams=()))  # of many maps, only what is needed further on is kept
    of_cases = _once(maps)
    for definitions in maps:
        findings += named(definitions, (finding for finding in of_cases if finding.location.path == definitions.path))
    return Inspection(files.paths, tuple(in_order(findings)), len(files.paths) - len(maps))


def _once(maps: Sequence[Definitions]) -> list[Finding]:
    """Return what lowering and soundness tell; of a process that another map calls, only what its own map does not tell as well."""
    checker = SoundnessChecker(maps)
    by_map = [(definitions.path, checker.findings(definitions)) for definitions in maps]
    told = [finding for path, findings in by_map for finding in findings if finding.location.path == path]
    seen = set(map(_place, told))
    for path, findings in by_map:
        for finding in findings:
            if finding.location.path != path and _place(finding) not in seen:
                seen.add(_place(finding))
                told.append(finding)
    return told


def _place(finding: Finding) -> tuple[str, Location, str | None]:
    return finding.code, finding.location, finding.element_id
