"""Findings about where map and scenario meet, and the count of assumed numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches

from bpmnmap.findings import Finding, Severity
from bpmnmap.org.toml_files import Key
from bpmnmap.semantics.program import Origin
from bpmnmap.simulation.scenario import Scenario


@dataclass(slots=True)
class Faults:
    """All that is wrong, and how many of the numbers that the run uses are assumed."""

    scenario: Scenario
    findings: list[Finding] = field(default_factory=list)
    assumed: int = 0
    numbers: int = 0

    def error(self, code: str, key: Key, message: str, fix: str, origin: Origin | None = None) -> None:
        """Add an error at a key of the scenario."""
        self._add(code, key, message, fix, origin, Severity.ERROR)

    def warning(self, code: str, key: Key, message: str, fix: str, origin: Origin | None = None) -> None:
        """Add a warning at a key of the scenario."""
        self._add(code, key, message, fix, origin, Severity.WARNING)

    def _add(self, code: str, key: Key, message: str, fix: str, origin: Origin | None, severity: Severity) -> None:
        kind, element, name = (None, None, None) if origin is None else (origin.kind, origin.element, origin.name)
        finding = Finding(
            code, message, self.scenario.location(key), severity, element_kind=kind, element_id=element, fix=fix, element_name=name
        )
        if finding not in self.findings:
            self.findings.append(finding)

    def count(self, assumed: bool) -> None:
        """Count one number that the run uses."""
        self.numbers += 1
        self.assumed += assumed


def nearest(name: str, names: list[str]) -> str | None:
    """Return the name that was probably meant, if one is near."""
    folded = {candidate.casefold(): candidate for candidate in names}
    found = get_close_matches(name.casefold(), list(folded), n=1)
    return folded[found[0]] if found else None


def did_you_mean(name: str, names: list[str], otherwise: str) -> str:
    """Return a fix that names what was probably meant."""
    found = nearest(name, names)
    return otherwise if found is None else f"{otherwise}; did you mean '{found}'?"
