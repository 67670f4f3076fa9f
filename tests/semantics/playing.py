"""How tests play the token game."""

from __future__ import annotations

from bpmnmap.semantics.cardinality import DEFAULT_LIMITS, Limits
from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Program
from bpmnmap.semantics.token_game import Event, Move, initial, is_completed, moves, replay

NO_FLOWS = frozenset({"complete", "fire"})


def told(game_program: Program, found: tuple[Move, ...]) -> list[tuple[str, str]]:
    return [(move.kind, game_program.operations[move.operation].origin.element) for move in found]


def begun(game_program: Program) -> Marking:
    (move,) = moves(game_program, initial(game_program, 0))
    return move.marking


def completing(*elements: str) -> list[Event]:
    return [("complete", element) for element in elements]


def done(
    game_program: Program, *trace: Event, travelled: frozenset[str] = frozenset(), limits: Limits = DEFAULT_LIMITS
) -> bool:
    """Whether a case can do just this, and is completed then; the flows chosen are not told."""
    found = replay(game_program, 0, trace, kinds=NO_FLOWS, travelled=travelled, limits=limits)
    return any(is_completed(game_program, marking) for marking in found.markings)


def does(game_program: Program, text: str, limits: Limits = DEFAULT_LIMITS) -> bool:
    """Whether a case can do just this, and is completed then: names of what is completed, `!name` of what fires."""
    trace = [("fire", name[1:]) if name.startswith("!") else ("complete", name) for name in text.split()]
    return done(game_program, *trace, limits=limits)


def begins(game_program: Program, text: str) -> bool:
    """Whether a case can begin like this."""
    trace = [("fire", name[1:]) if name.startswith("!") else ("complete", name) for name in text.split()]
    return bool(replay(game_program, 0, trace, kinds=NO_FLOWS).markings)


__all__ = ["NO_FLOWS", "begins", "begun", "completing", "does", "done", "told"]
