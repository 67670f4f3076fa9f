"""The attributes of a log's cases as they were when the cases arrived: drawn anew, by their addresses (H31)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from bpmnmap.eventlog.columns import Array, Categorical, Columns
from bpmnmap.simulation.draws import Purpose, fold, uniforms
from bpmnmap.simulation.engine.addresses import Draws
from bpmnmap.simulation.engine.arrivals import EXTRA_NUMBERS
from bpmnmap.simulation.plan import AttributePlan

_BLOCK: Final = 1 << 12  # numbers that are drawn at once


@dataclass(frozen=True, slots=True)
class DrawnAttributes:
    """Attributes of the cases of one replication, drawn when first asked for.

    Parameters
    ----------
    seed, replication
        Where the draws come from.
    attributes
        What is drawn once for each case.
    """

    seed: int
    replication: int
    attributes: tuple[AttributePlan, ...]

    def of(self, cases: Columns) -> Columns:
        """Return a column per attribute, a row per case."""
        return Columns({each.name: partial(self._column, each, cases) for each in self.attributes}, len(cases))

    def _column(self, attribute: AttributePlan, cases: Columns) -> Array | Categorical:
        draws = Draws(self.seed, self.replication, 0)
        key = draws.element_key(Purpose.ATTRIBUTE, attribute.name)
        drawn = np.zeros(len(cases))
        for stream, rows, numbers in _streams(draws, cases):
            drawn[rows] = _numbered(fold(key, stream, 0, 0), numbers)
        return _as_column(attribute.numbers.values(drawn))


def _streams(draws: Draws, cases: Columns) -> Iterator[tuple[int, Array, Array]]:
    """Yield the key of each stream of cases, their rows, and their numbers in it."""
    maps, starts, numbers = cases.categorical("map"), cases.categorical("start"), cases["number"]
    for map_, start in sorted(set(zip(maps.codes.tolist(), starts.codes.tolist(), strict=True))):
        key = draws.stream_key(maps.categories[map_], starts.categories[start])
        rows = np.flatnonzero((maps.codes == map_) & (starts.codes == start))
        is_extra = numbers[rows] >= EXTRA_NUMBERS
        yield key, rows[~is_extra], numbers[rows[~is_extra]]
        yield fold(key, 1), rows[is_extra], numbers[rows[is_extra]] - EXTRA_NUMBERS


def _numbered(key: int, numbers: Array) -> Array:
    """Return the numbers behind a key that bear these numbers: those of a stream, from 0 on without a gap."""
    count = int(numbers.max(initial=-1)) + 1
    blocks = [uniforms(key, first, _BLOCK) for first in range(0, count, _BLOCK)]
    drawn: Array = np.concatenate([np.zeros(0), *blocks])[numbers]
    return drawn


def _as_column(values: Sequence[bool | int | float | str]) -> Array | Categorical:
    texts = [value for value in values if isinstance(value, str)]
    if not texts:
        return np.array(values)
    known = {text: code for code, text in enumerate(sorted(set(texts)))}
    return Categorical(np.array([known[text] for text in texts], dtype=np.int64), tuple(known))
