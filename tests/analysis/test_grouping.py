"""Sums per pair are exact, also where they do not fit into 64 bits."""

import numpy as np

from bpmnmap.analysis.grouping import Grouping


def grouping(*starts: int) -> Grouping:
    made = Grouping.__new__(Grouping)
    made.starts = np.array(starts, dtype=np.int64)
    return made


def test_sums_beyond_64_bits_are_exact() -> None:
    values = np.array([1 << 62, 1 << 62, (1 << 62) + 3, 7], dtype=np.int64)
    assert grouping(0, 3).sums(values) == [3 * (1 << 62) + 3, 7]


def test_sums_of_few_and_of_flags() -> None:
    assert grouping(0, 2).sums(np.array([1, 2, 4], dtype=np.int64)) == [3, 4]
    assert grouping(0, 1).sums(np.array([True, True, False])) == [1, 1]
    assert grouping().sums(np.zeros(0, dtype=np.int64)) == []
