"""Steps: operations to be, by name, and the ways between them."""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """Name of an operation in a draft: the level and element it comes from, and its role there."""

    level: int
    element: str
    role: str


class DraftWay(NamedTuple):
    """A way whose target is still a step."""

    target: Step
    flows: tuple[str, ...] = ()
    entry: int = 0
