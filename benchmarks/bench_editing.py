"""Editing against bare lxml: CPU of fresh processes, interleaved, paired ratios.

A map of 5 MB, in which one task is renamed:

1. from bytes to bytes: `parse_bpmn`, `replace` and `format_bpmn`, against lxml's parsing, one attribute set, and serialization;
2. the same, but what is measured of ours is only `replace` and `format_bpmn` of a map that was read before;
3. a hundred tasks renamed at once, against lxml doing so;
4. for comparison, a map that was not edited: `format_bpmn` gives its bytes.

lxml's result differs from the file in more than the name; ours in nothing else, which is asserted, as the counts are. Times are not.
Run it as ``python benchmarks/bench_editing.py [ROUNDS]``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

from bench_reading import ELEMENTS_PER_TASK, OTHER_ELEMENTS, TASKS, big_map

NAME = "Check form, twice"
MANY = 100
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def with_lxml(data: bytes, renamed: int) -> Callable[[], bytes]:
    from lxml import etree

    def work() -> bytes:
        root = etree.fromstring(data)
        left = renamed
        for node in root.iter(f"{BPMN}userTask"):
            node.set("name", NAME)
            left -= 1
            if not left:
                break
        return etree.tostring(root, encoding="UTF-8", xml_declaration=True)

    return work


def ours(data: bytes, renamed: int) -> Callable[[], bytes]:
    import bpmnmap as bm

    def work() -> bytes:
        definitions = bm.parse_bpmn(data)
        for number in range(renamed):
            definitions = definitions.replace(f"Task_{number}", name=NAME)
        return bm.format_bpmn(definitions)

    return work


def ours_once_read(data: bytes, renamed: int) -> Callable[[], bytes]:
    import bpmnmap as bm

    read = bm.parse_bpmn(data)

    def work() -> bytes:
        definitions = read
        for number in range(renamed):
            definitions = definitions.replace(f"Task_{number}", name=NAME)
        return bm.format_bpmn(definitions)

    return work


KINDS = {"lxml": with_lxml, "ours": ours, "ours once read": ours_once_read}


def work(kind: str, path: str, renamed: int) -> None:
    """In a process of its own: print the CPU seconds that an edit takes, after one of a small map has warmed it."""
    KINDS[kind](big_map(3), min(renamed, 3))()
    made = KINDS[kind](Path(path).read_bytes(), renamed)
    start = process_time()
    made()
    print(process_time() - start)


def cpu(kind: str, path: Path, renamed: int) -> float:
    command = [sys.executable, __file__, "--work", kind, str(path), str(renamed)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def ratios(rounds: int, kind: str, path: Path, renamed: int) -> None:
    pairs = [(cpu(kind, path, renamed), cpu("lxml", path, renamed)) for _ in range(rounds)]
    told = sorted(one / two for one, two in pairs)
    one, two = median(one for one, _ in pairs), median(two for _, two in pairs)
    print(f"  {renamed} renamed, {kind} ÷ lxml: median {median(told):.2f}, {told[0]:.2f} to {told[-1]:.2f}", end="")
    print(f" ({one:.3f} s, lxml {two:.3f} s)")


def check(data: bytes, renamed: int) -> None:
    """Ours changes the names and nothing else; lxml's names are the same."""
    import bpmnmap as bm

    wanted = data
    for number in range(renamed):
        wanted = wanted.replace(
            b'id="Task_%d" name="Check form %d &amp; send it on"' % (number, number), b'id="Task_%d" name="%s"' % (number, NAME.encode())
        )
    written = ours(data, renamed)()
    assert written == wanted
    assert ours_once_read(data, renamed)() == wanted
    assert written.count(NAME.encode()) == with_lxml(data, renamed)().count(NAME.encode()) == renamed
    count = sum(1 for _ in bm.parse_bpmn(written).walk())
    assert count == ELEMENTS_PER_TASK * TASKS["5 MB"] + OTHER_ELEMENTS, count


def main(rounds: int) -> None:
    data = big_map(TASKS["5 MB"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.bpmn"
        path.write_bytes(data)
        print(f"{len(data):,} bytes, {ELEMENTS_PER_TASK * TASKS['5 MB'] + OTHER_ELEMENTS:,} elements of the model")
        for renamed in (1, MANY):
            check(data, renamed)
            ratios(rounds, "ours", path, renamed)
            ratios(rounds, "ours once read", path, renamed)
        print(f"  not edited: {cpu('ours once read', path, 0):.4f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
