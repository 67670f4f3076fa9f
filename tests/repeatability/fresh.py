"""Runs in a process of its own, with nothing left over from the tests that compare with it.

``python -m tests.repeatability.fresh digests`` prints the digest of each workload.
``python -m tests.repeatability.fresh go_on NAME INSTANT`` takes a saved run from standard input, goes on to the instant and gives
the run saved again; with ``end`` as INSTANT it goes on to the end and gives the digest.
"""

from __future__ import annotations

import os
import subprocess
import sys

from bpmnmap.simulation.engine.snapshot import load, save
from bpmnmap.simulation.event_log import event_log
from bpmnmap.simulation.replications import run_once
from tests.repeatability.workloads import NAMES, ROOT, plan_of


def in_fresh_process(*arguments: str, data: bytes = b"", hash_seed: str = "random") -> bytes:
    """Output of this module as a program."""
    command = [sys.executable, "-m", "tests.repeatability.fresh", *arguments]
    done = subprocess.run(command, input=data, capture_output=True, check=False, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": hash_seed})
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def digests() -> dict[str, str]:
    """Digest of each workload's first replication with seed 1."""
    return {name: run_once(plan_of(name), 1, 1).digest for name in NAMES}


def gone_on(name: str, instant: str, saved: bytes) -> bytes:
    """A saved run, gone on to an instant and saved again; or its digest at the end."""
    plan = plan_of(name)
    run = load(plan, saved)
    if instant != "end":
        run.advance(int(instant))
        return save(run)
    return event_log(plan, run.finish(), seed=run.seed, replication=run.replication).digest.encode()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["digests"]:
            sys.stdout.write("".join(f"{name} {digest}\n" for name, digest in digests().items()))
        case ["go_on", name, instant]:
            sys.stdout.buffer.write(gone_on(name, instant, sys.stdin.buffer.read()))
