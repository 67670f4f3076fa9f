"""Findings about where map and scenario meet, and the count of assumed numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.org.toml_files import Key, key_text
from bpmnmap.semantics.program import Origin
from bpmnmap.simulation.scenario import Scenario


@dataclass(slots=True)
class Faults:
    """All that is wrong, and how many of the numbers that the run uses are assumed.

    Parameters
    ----------
    paths
        The maps, in the order in which they were given.
    in_maps
        Findings about maps.
    findings
        Findings about the scenario and its organization.
    """

    scenario: Scenario
    paths: tuple[str | None, ...]
    in_maps: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    assumed: int = 0
    numbers: int = 0

    def error(self, code: str, key: Key, message: str, fix: str, origin: Origin | None = None) -> None:
        """Add an error at a key of the scenario."""
        self._add(code, key, message, fix, origin, Severity.ERROR)

    def warning(self, code: str, key: Key, message: str, fix: str, origin: Origin | None = None) -> None:
        """Add a warning at a key of the scenario."""
        self._add(code, key, message, fix, origin, Severity.WARNING)

    def map_error(self, code: str, path: str | None, origin: Origin, message: str, fix: str) -> None:
        """Add an error at an element of a map."""
        self.in_maps.append(
            Finding(code, message, Location(path, origin.line), element_kind=origin.kind, element_id=origin.element, fix=fix)
        )

    def _add(self, code: str, key: Key, message: str, fix: str, origin: Origin | None, severity: Severity) -> None:
        kind, element, name = (None, None, None) if origin is None else (origin.kind, origin.element, origin.name)
        self.findings.append(
            Finding(code, message, self.scenario.location(key), severity, element_kind=kind, element_id=element, fix=fix, element_name=name)
        )

    def count(self, assumed: bool) -> None:
        """Count one number that the run uses."""
        self.numbers += 1
        self.assumed += assumed

    def in_order(self) -> tuple[Finding, ...]:
        """Return all findings, each once: map by map, then file by file, each in document order."""
        in_maps = sorted(self.in_maps, key=lambda each: (self.paths.index(each.location.path), each.location.line or 0))
        return tuple(dict.fromkeys([*in_maps, *self.scenario.in_order(self.findings)]))

    @property
    def has_errors(self) -> bool:
        """Whether any finding is an error."""
        return any(finding.severity is Severity.ERROR for finding in (*self.in_maps, *self.findings))


def nearest(name: str, names: list[str]) -> str | None:
    """Return the name that was probably meant, if one is near."""
    folded = {candidate.casefold(): candidate for candidate in names}
    found = get_close_matches(name.casefold(), list(folded), n=1)
    return folded[found[0]] if found else None


def did_you_mean(name: str, names: list[str], otherwise: str) -> str:
    """Return a fix that names what was probably meant."""
    found = nearest(name, names)
    return otherwise if found is None else f"{otherwise}; did you mean '{found}'?"


def with_article(noun: str) -> str:
    """Return a noun with its indefinite article.

    Examples
    --------
    >>> with_article("task"), with_article("exclusiveGateway")
    ('a task', 'an exclusiveGateway')
    """
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


def quoted(names: Iterable[str], between: str) -> str:
    """Return names in quotes, with a word between them.

    Examples
    --------
    >>> quoted(["yes", "no"], " and ")
    "'yes' and 'no'"
    """
    return between.join(f"'{name}'" for name in names)


def table_name(*key: str) -> str:
    """Return the name of a table as TOML writes it.

    Examples
    --------
    >>> table_name("activities", "Check form")
    '[activities."Check form"]'
    """
    return f"[{key_text(key)}]"
