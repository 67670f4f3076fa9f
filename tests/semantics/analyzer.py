"""The wheel `rust-bpmn-analyzer-bindings` (MIT) as a judge of soundness: its verdict on a file, where it gives one."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

NAME = "rust_bpmn_analyzer_bindings"
IS_THERE = importlib.util.find_spec(NAME) is not None
needs_analyzer = pytest.mark.skipif(not IS_THERE, reason=f"{NAME} is not installed")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What it says of all processes of a file together, each of which it starts.

    Parameters
    ----------
    is_safe
        Never are two tokens on one sequence flow.
    can_complete
        No case gets stuck.
    ends_once
        No end event takes place twice in a case.
    dead
        Activities that no case comes to.
    unsafe
        Sequence flows on which two tokens can be.
    """

    is_safe: bool
    can_complete: bool
    ends_once: bool
    dead: frozenset[str]
    unsafe: frozenset[str] = frozenset()

    @property
    def is_sound(self) -> bool:
        """Whether all four hold."""
        return self.is_safe and self.can_complete and self.ends_once and not self.dead


def verdict(text: str) -> Verdict | None:
    """What it says of a file's text; None: it refuses some element, or panics."""
    wheel = importlib.import_module(NAME)
    try:
        with _silent():
            safe, option, proper, dead = (
                getattr(wheel, f"analyze_{name}")(text)
                for name in ("safeness", "option_to_complete", "proper_completion", "dead_activities")
            )
    except BaseException as error:  # its PanicException is no Exception
        if isinstance(error, ValueError) or type(error).__name__ == "PanicException":
            return None
        raise
    return Verdict(
        safe.fulfilled, option.fulfilled, proper.fulfilled, frozenset(dead.problematic_elements), frozenset(safe.problematic_elements)
    )


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Panics are also printed, by the wheel itself, past `sys.stderr`."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
