"""Digests of R1 and R2: 20,000 cases, one replication, seed 1.

They change only when a rule changes (what is drawn, how ties go, what the log holds); the change log says so then. Recorded
anew by ``python -m tests.repeatability.digests``, which writes `digests.toml`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import bpmnmap as bm
from tests.repeatability.workloads import maps_of, scenario_of

FILE = Path(__file__).with_name("digests.toml")
CASES = 20_000


def workload_result(name: str) -> bm.SimulationResult:
    """What the recorded digest is of."""
    return bm.simulate(maps_of(name), scenario_of(name, CASES), replications=1, seed=1)


def recorded_digests() -> dict[str, str]:
    """Digest by workload."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def record_digests() -> None:
    """Write the digests of what the engine gives now."""
    lines = [f'{name} = "{workload_result(name).digest}"\n' for name in ("r1", "r2")]
    FILE.write_text("# Written by: python -m tests.repeatability.digests\n" + "".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    record_digests()
