"""What lowering and soundness tell of maps that are checked together: calls across them are followed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bpmnmap import model as m
from bpmnmap.findings import Finding, Severity
from bpmnmap.semantics.lowering import lower_map
from bpmnmap.semantics.lowering.ways import called_process
from bpmnmap.semantics.soundness import check_soundness, findings
from bpmnmap.semantics.support import UNSUPPORTED

BUDGET: Final = 2_000
"""Markings that are looked at in each Program: as many as before a run, so that 1,000 maps take seconds."""
_VALID: Final = frozenset({UNSUPPORTED, "recursive-call"})  # good BPMN, which is not run yet


class SoundnessChecker:
    """Tells what cases can meet in each of some maps.

    Parameters
    ----------
    maps
        All maps that are checked together. Of several processes with one id, the first is called, but within its own map each.
    """

    def __init__(self, maps: Sequence[m.Definitions]) -> None:
        self._homes: dict[str, m.Definitions] = {}
        for definitions in maps:
            for process in definitions.processes:
                if process.id is not None and process.flow_nodes:
                    self._homes.setdefault(process.id, definitions)

    def findings(self, definitions: m.Definitions) -> list[Finding]:
        """Return what lowering and soundness tell of one map; nothing where it, or a map that it calls, has errors already."""
        library = self._library(definitions)
        if any(_has_errors(each) for each in (definitions, *library)):
            return []
        lowered = lower_map(definitions, library)
        found = [_of_check(finding) for finding in lowered.findings if not _is_empty(finding)]
        for program in lowered.programs:
            told = findings(program, check_soundness(program, budget=BUDGET), definitions.path)
            found += [_with_line(finding, definitions) for finding in told]
        return found

    def _library(self, definitions: m.Definitions) -> list[m.Definitions]:
        """Return the other maps whose processes a map calls, or those maps call in turn."""
        library: list[m.Definitions] = []
        for of in _growing(definitions, library):
            own = {process.id for process in of.processes if process.flow_nodes}
            for name in _calls(of):
                home = None if name in own else self._homes.get(name)
                if home is not None and home is not definitions and not any(home is each for each in library):
                    library.append(home)
        return library


def _growing(first: m.Definitions, library: list[m.Definitions]) -> Iterator[m.Definitions]:
    yield first
    yield from library  # grows meanwhile


def _calls(definitions: m.Definitions) -> Iterator[str]:
    for process in definitions.processes:
        for scope in process.scopes():
            for node in scope.flow_nodes:
                name = called_process(node) if isinstance(node, m.CallActivity) else None
                if name is not None:
                    yield name


def _has_errors(definitions: m.Definitions) -> bool:
    return any(finding.severity is Severity.ERROR for finding in definitions.findings)


def _of_check(finding: Finding) -> Finding:
    """Return a finding of lowering as a check tells it: what is valid BPMN and only not run yet is no error."""
    return replace(finding, severity=Severity.INFO) if finding.code in _VALID else finding


def _with_line(finding: Finding, definitions: m.Definitions) -> Finding:
    """Return a finding about a whole process with the line of the process."""
    if finding.location.line is not None or finding.element_id is None:
        return finding
    element = definitions.element(finding.element_id)
    return finding if element is None else replace(finding, location=replace(finding.location, line=element.line))


def _is_empty(finding: Finding) -> bool:
    """Whether it says that a map has no flow node at all: it need not have any."""
    return finding.code == "no-start" and finding.element_kind == "definitions"
