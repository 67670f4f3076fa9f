"""Draws at run time (H31): a block of cases at once where many cases come by, one by one where few do.

A block is a list that the cases of one stretch of a stream share: item 0 says which cases, each further item holds the
numbers of one (element, visit), filled when first asked for. It is freed with its last case. Blocks are not state:
each can be made anew from what item 0 says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bpmnmap.simulation.draws import Purpose, fold, stable_hash, uniform, uniforms
from bpmnmap.simulation.engine.scopes import BLOCK, NUMBER, Scope

Block = list[Any]
Values = Callable[[NDArray[np.float64]], Sequence[int]]
Value = Callable[[float], int]

BLOCK_VISITS: Final = 2  # first visits that are drawn by blocks; further ones are rare


@dataclass(slots=True)
class BlockOf:
    """Which cases a block is of: the key of stream and scope, the first case, and the blocks of child scopes."""

    key: int
    first: int
    count: int
    children: dict[tuple[int, int, int], Block] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn at one element: its key, how numbers become values, its items in a block."""

    key: int
    values: Values
    value: Value
    item: int
    visits: int


class Draws:
    """All draws of one run."""

    def __init__(self, seed: int, replication: int, block_bits: int) -> None:
        self.run_key = fold(0, *_limbs(seed), replication)
        self.block_bits = block_bits
        self.drawn: list[Drawn] = []
        self._of_item: list[Drawn | None] = [None]

    def register(self, purpose: Purpose, process: str, element: str, values: Values, value: Value, visits: int) -> Drawn:
        """Give an element's draws their items in each block."""
        drawn = Drawn(self.element_key(purpose, process, element), values, value, len(self._of_item), visits)
        self.drawn.append(drawn)
        self._of_item += [drawn] * visits
        return drawn

    def element_key(self, purpose: Purpose, *element: str) -> int:
        """Return the key of all draws for one purpose at one element."""
        return fold(self.run_key, purpose, stable_hash(*element))

    def stream_key(self, process: str, start: str) -> int:
        """Return the key of all cases that arrive at one start."""
        return fold(0, stable_hash(process, start))

    def block(self, key: int, first: int, count: int) -> Block:
        """Return the empty block of some cases."""
        return [BlockOf(key, first, count), *[None] * (len(self._of_item) - 1)]

    def child(self, scope: Scope, element: str, visit: int, index: int) -> tuple[Block, int]:
        """Return the block of a child scope and its place in it."""
        parent: BlockOf = scope[BLOCK][0]
        key = fold(parent.key, stable_hash(element), visit, index)
        if visit >= BLOCK_VISITS or index >= BLOCK_VISITS:
            return self.block(key, parent.first + scope[NUMBER], 1), 0
        address = (stable_hash(element), visit, index)
        block = parent.children.get(address)
        if block is None:
            block = parent.children[address] = self.block(key, parent.first, parent.count)
        return block, scope[NUMBER]

    def fill(self, block: Block, item: int) -> Sequence[int]:
        """Draw the numbers of one item of a block."""
        drawn = self._of_item[item]
        assert drawn is not None
        of: BlockOf = block[0]
        key = fold(drawn.key, of.key, item - drawn.item, 0)
        values = block[item] = drawn.values(uniforms(key, of.first, of.count))
        return values

    def one(self, drawn: Drawn, scope: Scope, visit: int, part: int = 0) -> int:
        """Draw one number by its address."""
        of: BlockOf = scope[BLOCK][0]
        return drawn.value(uniform(fold(drawn.key, of.key, visit, part), of.first + scope[NUMBER]))

    def chance(self, drawn: Drawn, scope: Scope, visit: int) -> float:
        """Return the number by which it is told whether an event happens at a visit at all: the second part of its address."""
        of: BlockOf = scope[BLOCK][0]
        return uniform(fold(drawn.key, of.key, visit, 1), of.first + scope[NUMBER])

    def at(self, drawn: Drawn, scope: Scope, visit: int) -> int:
        """Return one number, from the block where the visit is among the first."""
        if visit >= drawn.visits:
            return self.one(drawn, scope, visit)
        block = scope[BLOCK]
        values = block[drawn.item + visit] or self.fill(block, drawn.item + visit)
        return values[scope[NUMBER]]


def _limbs(seed: int) -> list[int]:
    limbs = [seed & ((1 << 64) - 1)]
    while seed := seed >> 64:
        limbs.append(seed & ((1 << 64) - 1))
    return limbs
