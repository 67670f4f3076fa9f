"""Soundness check and `bpmnmap check`: CPU milliseconds a model.

1. Maps of the repository (samples, one-construct maps) and, if it is there, the corpus: `check_soundness` of all Programs of a map.
   The time wanted is a median under 2 ms.
2. A thousand maps at once: all that `bpmnmap check` does, reading and schema included.
3. Where the search is cut: branches side by side, whose markings have no end in sight.

Counts of markings are asserted, times are not. Run it as ``python benchmarks/bench_soundness.py [ROUNDS]``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from time import process_time

import bpmnmap as bm
from bpmnmap.semantics.lowering import lower_map
from bpmnmap.semantics.program import Program
from bpmnmap.semantics.soundness import check_soundness

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
OWN = sorted(path for folder in ("bpmn_samples", "tests/semantics/constructs") for path in (ROOT / folder).rglob("*.bpmn"))
BUDGET = 2_000  # as in `bpmnmap check` and before a run
MANY = 1_000


def programs(path: Path) -> tuple[Program, ...]:
    return lower_map(bm.read_bpmn(path)).programs


def once(made: tuple[Program, ...]) -> tuple[float, int]:
    start = process_time()
    markings = sum(check_soundness(program, budget=BUDGET).markings for program in made)
    return (process_time() - start) * 1_000, markings


def models(name: str, files: list[Path], rounds: int) -> None:
    times, markings = [], []
    for made in filter(None, map(programs, files)):
        runs = [once(made) for _ in range(rounds)]
        assert len({count for _, count in runs}) == 1
        times.append(median(time for time, _ in runs))
        markings.append(runs[0][1])
    assert max(markings) <= BUDGET + 10, max(markings)
    percentiles = quantiles(times, n=100, method="inclusive")
    print(f"{name}: {len(times)} models, markings median {median(markings):g}, most {max(markings):,}")
    print(f"  median {median(times):.2f} ms, p90 {percentiles[89]:.2f} ms, most {max(times):.1f} ms")


def many(files: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(MANY):
            shutil.copy(files[number % len(files)], Path(folder) / f"{number:04}.bpmn")
        start = process_time()
        found = bm.inspection(folder)
        took = process_time() - start
    assert (len(found.files), found.unread) == (MANY, 0)
    print(f"bpmnmap check: {found.summary}, {took:.1f} s, {took / MANY * 1_000:.1f} ms a map")


def cut() -> None:
    nodes = '<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="j"/><sequenceFlow id="sf" sourceRef="s" targetRef="f"/>'
    for branch in range(12):
        chain = ["f", *(f"t{branch}_{number}" for number in range(4)), "j"]
        nodes += "".join(f'<task id="{name}"/>' for name in chain[1:-1])
        nodes += "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(chain))
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="bench">'
    (program,) = lower_map(bm.parse_bpmn(f'{head}<process id="p">{nodes}</process></definitions>'.encode())).programs
    start = process_time()
    soundness = check_soundness(program, budget=10**9)
    assert soundness.exhausted
    print(f"5 ** 12 markings: cut after {soundness.markings:,}, {process_time() - start:.2f} s")


def main(rounds: int) -> None:
    models("own maps", OWN, rounds)
    corpus = sorted(CORPUS.rglob("*.bpmn"))
    if corpus:
        models("corpus", corpus, rounds)
    else:
        print("corpus: skipped, it is not there")
    many(corpus or OWN)
    cut()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
