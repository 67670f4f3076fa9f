"""The token game and the soundness check against what drawn blocks mean."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.soundness import check_soundness, findings
from bpmnmap.semantics.token_game import Event, TokenGame, initial, moves, replay
from tests.semantics.block_meaning import after, first_events, is_idle, may_end
from tests.semantics.blocks import ALL_KINDS, SIMPLE_KINDS, TIMED, Block, blocks, has, parts, program_of
from tests.semantics.playing import NO_FLOWS

KILLS = ("guarded", "caught", "killing")
TASK: Block = ("task", "task0")


def is_idle_circle(block: Block) -> bool:
    return (block[0] in {"loop", "turns", "series"} and may_end(block[1])) or any(map(is_idle_circle, parts(block)))


def asks_in_vain(block: Block) -> bool:
    """Whether one who has asked may be taken out before the answer: it then goes to whoever asks next."""
    return (block[0] in KILLS and has(block, "asked")) or any(map(asks_in_vain, parts(block)))


def has_no_effect(block: Block) -> bool:
    """Whether a timer guards what takes no time, so that it never fires; or what is killed at once never begins."""
    return (block[0] in {*TIMED, "killing"} and is_idle(parts(block)[0])) or any(map(has_no_effect, parts(block)))


@pytest.mark.parametrize("kinds", [SIMPLE_KINDS, ALL_KINDS])
@given(data=st.data(), picks=st.lists(st.integers(0, 999), max_size=8))
def test_the_game_allows_what_the_blocks_mean_and_nothing_else(kinds: tuple[str, ...], data: st.DataObject, picks: list[int]) -> None:
    block = data.draw(blocks(kinds, leaves=7 if kinds == SIMPLE_KINDS else 5))
    assume(not (has(block, *KILLS, *TIMED) and is_idle_circle(block)))  # a timer may fire while a token turns in circles
    assume(not asks_in_vain(block))
    compare(block, picks)


def compare(block: Block, picks: list[int]) -> None:
    """Play along what a block means, and look at each event there is whether both allow it."""
    made = program_of(block)
    game = TokenGame(made)
    left = {block}
    trace: list[Event] = []
    kinds = {
        operation.origin.element: "complete" if type(operation).__name__ == "Work" else "fire"
        for operation in made.operations
        if type(operation).__name__ in {"Work", "Wait"}
    }
    for pick in [*picks, 0]:
        found = replay(made, 0, trace, kinds=NO_FLOWS)
        assert not found.exhausted
        assert found.markings
        assert any(map(game.is_completed, found.markings)) == any(map(may_end, left))
        possible = set().union(*map(first_events, left))
        for name, kind in sorted(kinds.items()):
            assert bool(replay(made, 0, [*trace, (kind, name)], kinds=NO_FLOWS).markings) == (name in possible), (trace, name)
        if not possible:
            break
        name = sorted(possible)[pick % len(possible)]
        trace.append((kinds[name], name))
        left = set().union(*(after(rest, name) for rest in left))


@given(blocks(("xor", "and", "loop", "sub", "or", "each")), st.randoms(use_true_random=False))
def test_a_run_is_a_path_and_without_one_of_its_completions_is_none(block: Block, random: object) -> None:
    assume(not is_idle(block))
    made = program_of(block)
    game = TokenGame(made)
    marking = game.initial(0)
    trace: list[Event] = []
    while (found := game.moves(marking)) and len(trace) < 30:
        move = random.choice(found)  # type: ignore[attr-defined]
        trace += game.events(move)
        marking = move.marking
    assert marking in replay(made, 0, trace).markings
    done_at = [at for at, (kind, _) in enumerate(trace) if kind != "flow"]
    if not found and done_at:
        dropped = random.choice(done_at)  # type: ignore[attr-defined]
        rest = [*trace[:dropped], *trace[dropped + 1 :]]
        assert not any(map(game.is_completed, replay(made, 0, rest).markings))


def test_blocks_that_are_idle_are_passed_at_once() -> None:
    block = ("and", ("sub", ("seq",)), ("guarded", "guarded0", ("seq",)), ("xor", ("seq",), ("seq",)))
    found = moves(program_of(block), initial(program_of(block), 0))
    assert {move.marking for move in found} == {Marking(-1, ())}
    assert len(found) == 2


@pytest.mark.parametrize("repeats", [0, 2])
@example(block=("reminded", "reminded1", ("each", TASK), ("or", ("task", "task2"), ("task", "task3"))))
@given(block=blocks(ALL_KINDS, leaves=5))
def test_every_run_of_sound_blocks_ends_completed(repeats: int, block: Block) -> None:
    assume(not has_no_effect(block))
    assume(not asks_in_vain(block))
    checked = program_of(block, repeats)
    soundness = check_soundness(checked, budget=4_000)
    assume(not soundness.exhausted)
    assert (soundness.deadlocks, soundness.livelocks, soundness.unsynchronized) == ((), (), ())
    assert soundness.is_sound
    assert findings(checked, soundness) == ()
