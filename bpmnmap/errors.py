"""Every exception of bpmnmap.

::

    BpmnMapError                                catch this to catch all; .findings says what, where, how to mend
    ├─ BpmnReadError (ValueError)               no tree can be had: not XML, a DOCTYPE, too large or too deep
    ├─ MapError (ValueError)                    the map's findings stop what was asked
    ├─ OrganizationError (ValueError)           units, pools, calendars
    ├─ ScenarioError (ValueError)               arrivals, times, probabilities
    ├─ EventLogError (ValueError)               logs
    ├─ UnsupportedElementError (NotImplementedError)   valid BPMN that the simulation cannot run; all at once
    ├─ ExecutionError (RuntimeError)            a running case failed
    └─ SimulationError (RuntimeError)           event budget spent, no case completed
"""

from __future__ import annotations

from collections.abc import Iterable

from bpmnmap.findings import Finding


class BpmnMapError(Exception):
    """Base of all errors of bpmnmap.

    Parameters
    ----------
    findings
        The faults that were found, in document order, at least one.

    Attributes
    ----------
    findings : tuple of Finding
        All faults at once; ``str(error)`` prints them one below the other.
    """

    findings: tuple[Finding, ...]

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)  # args: so that the error survives pickling between worker processes

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class BpmnReadError(BpmnMapError, ValueError):
    """No tree can be had from a file: not XML at all, or refused for safety or size."""


class MapError(BpmnMapError, ValueError):
    """The map's findings stop what was asked of it."""


class OrganizationError(BpmnMapError, ValueError):
    """Units, pools or calendars are wrong."""


class ScenarioError(BpmnMapError, ValueError):
    """Arrivals, times, probabilities or transfers are wrong."""


class EventLogError(BpmnMapError, ValueError):
    """An event log is wrong."""


class UnsupportedElementError(BpmnMapError, NotImplementedError):
    """Valid BPMN that the simulation cannot run yet; all such elements at once."""


class ExecutionError(BpmnMapError, RuntimeError):
    """A running case failed."""


class SimulationError(BpmnMapError, RuntimeError):
    """A simulation could not be brought to an end."""
