"""One fault: what, where, how to mend it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Final

_JOINERS: Final = frozenset("\u200c\u200d")  # Persian, the scripts of India and many emoji are written with them


class Severity(enum.StrEnum):
    """How grave a finding is: an error stops a simulation, a warning does not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding is: a line of a file, or a key of a TOML file.

    Examples
    --------
    >>> str(Location("permit.bpmn", line=42)), str(Location("as_is.toml", key="gateways.Check"))
    ('permit.bpmn:42', 'as_is.toml [gateways.Check]')
    """

    path: str | None = None
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        text = self.path or "<input>"
        if self.line is not None:
            text += f":{self.line}"
        if self.key is not None:
            text += f" [{self.key}]"
        return text


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of an input, told so that its owner can mend it.

    Parameters
    ----------
    code
        Stable name of the kind of fault, in kebab-case; each code has a page in the docs.
    message
        What is wrong, the wrong value in quotes.
    location
        File and line, or file and key.
    severity
        `Severity.ERROR` unless said otherwise.
    element_kind, element_id
        BPMN name of the element's type in camelCase (``sequenceFlow``) and its id.
    fix
        How to mend it, in the imperative.
    related_element_ids
        Ids of the other elements that take part in the fault.
    element_name
        What to call the element where the location's key already gives its id.

    Examples
    --------
    >>> print(Finding("probabilities", "0.2 + 0.7 = 0.9, must be 1", Location("a.toml", key="gateways.x"),
    ...               element_kind="exclusiveGateway", element_id="x", fix="make them sum to 1"))
    a.toml [gateways.x]: error[probabilities] exclusiveGateway 'x': 0.2 + 0.7 = 0.9, must be 1
        fix: make them sum to 1
    """

    code: str
    message: str
    location: Location = field(default_factory=Location)
    severity: Severity = Severity.ERROR
    element_kind: str | None = None
    element_id: str | None = None
    fix: str | None = None
    related_element_ids: tuple[str, ...] = ()
    element_name: str | None = None

    def __str__(self) -> str:
        subject = ""
        if self.element_kind is not None:
            subject = f" {self.element_kind}"
            name = self.element_name if self.element_name is not None else self.element_id
            if name is not None:
                subject += f" '{' '.join(name.split())}'"
            subject += ":"
        text = f"{self.location}: {self.severity.value}[{self.code}]{subject} {self.message}"
        if self.fix is not None:
            text += f"\n    fix: {self.fix}"
        return text


def printable(text: str) -> str:
    r"""Return a text that keeps to its line and sends no commands to a terminal: signs that might are escaped.

    Examples
    --------
    >>> printable("Größe\n\x9b31m") == r"Größe\n\x9b31m"
    True
    """
    return text if text.isprintable() else "".join(sign if sign.isprintable() or sign in _JOINERS else repr(sign)[1:-1] for sign in text)
