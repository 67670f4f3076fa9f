"""SimulationResult: the logs of all replications, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpmnmap.eventlog.log import EventLog, digest
from bpmnmap.findings import Finding


@dataclass(frozen=True)
class SimulationResult:
    """What `simulate` returns; iterate over it for the logs.

    Parameters
    ----------
    logs
        One event log per replication, in order.
    seed
        The seed of all draws.
    replications
        How many replications were asked for; fewer logs are there if the simulation was interrupted.
    findings
        Warnings of maps and scenario, and cases that got stuck.
    """

    logs: tuple[EventLog, ...]
    seed: int
    replications: int
    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[EventLog]:
        """Iterate over the logs."""
        return iter(self.logs)

    def __len__(self) -> int:
        """Count the logs."""
        return len(self.logs)

    def __getitem__(self, index: int) -> EventLog:
        return self.logs[index]

    @property
    def digest(self) -> str:
        """SHA-256 over all columns of all tables of all replications: equal results have equal digests (H34)."""
        return digest(list(self.logs))

    def __repr__(self) -> str:
        return f"SimulationResult({len(self.logs)} of {self.replications} replications, seed {self.seed})"
