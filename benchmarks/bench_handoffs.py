"""The product against the textbook: CPU of whole processes, interleaved, ratio of slopes.

``bpmnmap handoffs`` (one replication, all logs and parts kept, table printed) and `textbook.py` run R1 and R2 with 100,000
and 200,000 cases in turn. The ratio of slopes, (textbook 200k − 100k) ÷ (product 200k − 100k), leaves start-up out; start-up
is printed beside it. Counts of activity instances and the size of the log are asserted, times are not.

Run it as ``python benchmarks/bench_handoffs.py [ROUNDS]``.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import bpmnmap as bm
from bpmnmap.eventlog.recording import Recording

HERE = Path(__file__).parent
WORKLOADS = HERE / "workloads"
MAP = WORKLOADS / "r1.bpmn"
CASES = (100_000, 200_000)
INSTANCES = {100_000: 549_836, 200_000: 1_099_814}  # seed 1, replication 1; R2 has the same, as it draws the same numbers
MOST_BYTES_PER_CASE = 300


def cpu(command: list[str]) -> float:
    """CPU seconds, user and system, of a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def scenario(folder: Path, workload: str, cases: int) -> Path:
    """A scenario file of the workload with so many cases."""
    path = folder / f"{workload}_{cases}.toml"
    path.write_text(f'extends = "{(WORKLOADS / f"{workload.lower()}.toml").resolve()}"\ncases = {cases}\nseed = 1\n')
    return path


def product(path: Path) -> list[str]:
    """Command line of the product."""
    return [sys.executable, "-m", "bpmnmap", "handoffs", str(MAP), str(path), "--replications", "1"]


def check_counts(folder: Path) -> None:
    """Assert what was counted once: the same work is timed on every machine."""
    for workload in ("R1", "R2"):
        log = bm.simulate(bm.read_bpmn(MAP), bm.read_scenario(scenario(folder, workload, CASES[0])), replications=1)[0]
        assert len(log.instances) == INSTANCES[CASES[0]], len(log.instances)
        assert isinstance(log.tables, Recording)
        size = log.tables.rows.nbytes / CASES[0]
        assert size <= MOST_BYTES_PER_CASE, size
        print(f"{workload}: {len(log.instances):,} activity instances, {size:.0f} bytes of log per case")


def main(rounds: int) -> None:
    """Time both in turn and print the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        check_counts(folder)
        ten = scenario(folder, "R1", 10)
        starts = [cpu([sys.executable, "-m", "bpmnmap", "--version"]) for _ in range(rounds)]
        small = [cpu(product(ten)) for _ in range(rounds)]
        print(f"start-up: bpmnmap --version {median(starts):.2f} s, a run of 10 cases {median(small):.2f} s")
        for workload in ("R1", "R2"):
            slopes, wholes = [], []
            for _ in range(rounds):
                ours, theirs = [], []
                for cases in CASES:
                    path = scenario(folder, workload, cases)
                    theirs.append(cpu([sys.executable, str(HERE / "textbook.py"), workload, str(cases)]))
                    ours.append(cpu(product(path)))
                slopes.append((theirs[1] - theirs[0]) / (ours[1] - ours[0]))
                wholes.append(theirs[0] / ours[0])
                seconds = f"textbook {theirs[0]:.2f} {theirs[1]:.2f} s, product {ours[0]:.2f} {ours[1]:.2f} s"
                print(f"  {workload} {seconds}, slopes {slopes[-1]:.2f}")
            print(f"{workload}: ratio of slopes {median(slopes):.2f}, of whole processes with 100,000 cases {median(wholes):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
