"""Loops and multi-instance activities: `Spread` and `Repeat`."""

from __future__ import annotations

import pytest

from bpmnmap.semantics.cardinality import Limits
from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Choose, End, Open, Program, Repeat, Spread, Way
from bpmnmap.semantics.resting import resting_ways
from bpmnmap.semantics.soundness import check_soundness
from bpmnmap.semantics.token_game import TokenGame, moves, replay
from tests.semantics.blocks import program_of
from tests.semantics.playing import begins, begun, does
from tests.semantics.programs import choose, end, fork, origin, program, scope, start, to, work


def item(body: int, then: int) -> Open:
    return Open(origin("Item"), Way(body), (), Way(then), item=True)


def complete(way_to: int, or_to: int) -> Choose:
    return Choose(origin("Complete"), (Way(way_to), Way(or_to)), ("", ""), ("done > 1", None), 1, "complete")


def parallel(cardinality: str | None, *, with_condition: bool = False) -> Program:
    """Review and sign for each item, all at once; then decide."""
    return program(
        start(to(1)), scope("All", to(2), then=to(8)), Spread(origin("All"), Way(3), cardinality), item(4, 9 if with_condition else 7),
        work("Review", Way(5)), work("Sign", Way(6)), end("Signed"), end("Done"), work("Decide", to(11)),
        complete(10, 7), End(origin("Complete"), kills=True), end(),
        scopes={2: 1, 3: 1, 4: 3, 5: 3, 6: 3, 7: 1, 9: 1, 10: 1},
    )  # fmt: skip


@pytest.mark.parametrize("cardinality", ["2", "=2", "${2}", " 2 "])
def test_as_many_items_as_the_map_says(cardinality: str) -> None:
    two = parallel(cardinality)
    for trace in ("review sign review sign decide", "review review sign sign decide"):
        assert does(two, trace)
    for trace in ("review sign decide", "review review review", "review sign sign", "decide"):
        assert not begins(two, trace)


def test_no_item_at_all() -> None:
    assert does(parallel("0"), "decide")
    assert not begins(parallel("0"), "review")


def test_items_wait_for_no_token_that_is_passing_beside() -> None:
    # no items beside a task in the same scope
    beside = program(
        start(to(1)), scope("Sub", to(2), then=to(6)), fork("Split", to(3), to(4)), Spread(origin("All"), Way(5), "0"), work("A", to(5)),
        end("Done"), work("After", to(7)), end(), scopes=dict.fromkeys(range(2, 6), 1),
    )  # fmt: skip
    assert does(beside, "a after")
    assert not begins(beside, "after")


@pytest.mark.parametrize("cardinality", [None, "clerks", "=count(clerks)"])
def test_one_to_three_items_where_the_map_does_not_say(cardinality: str | None) -> None:
    some = parallel(cardinality)
    for number in (1, 2, 3):
        assert does(some, "review " * number + "sign " * number + "decide")
    assert not begins(some, "decide")
    assert not begins(some, "review " * 4)
    assert does(some, "review " * 4 + "sign " * 4 + "decide", Limits(unknown=(0, 4)))
    assert does(some, "decide", Limits(unknown=(0, 4)))


def test_more_items_than_the_limit_are_played_as_so_many() -> None:
    assert does(parallel("5"), "review " * 5 + "sign " * 5 + "decide")
    assert does(parallel("5"), "review " * 3 + "sign " * 3 + "decide", Limits(items=3))


def test_equal_items_make_one_move() -> None:
    game = TokenGame(parallel("3"))
    marking = begun(parallel("3"))
    assert marking == Marking(-1, (), (Marking(1, (), (Marking(3, (4,)),) * 3),))
    assert len(game.moves(marking)) == 1


def test_a_completion_condition_ends_the_items_that_are_left() -> None:
    some = parallel("3", with_condition=True)
    for trace in ("review sign decide", "review review sign sign decide", "review review review sign sign sign decide"):
        assert does(some, trace)
    for trace in ("decide", "review sign decide review", "review review sign decide sign"):
        assert not begins(some, trace)
    move = next(iter(moves(some, begun(some))))
    assert move.chosen == ()
    assert replay(some, 0, [("complete", "review"), ("complete", "sign"), ("complete", "decide")]).markings  # no flow is told


def sequential(repeat: Repeat, *, test_before: bool = True) -> Program:
    """Review and sign, turn by turn; then decide."""
    return program(
        start(to(1)), scope("All", to(2 if test_before else 3), then=to(8)), repeat, item(4, 2), work("Review", Way(5)), work("Sign", Way(6)),
        end("Signed"), end("Done"), work("Decide", to(9)), end(), scopes={2: 1, 3: 1, 4: 3, 5: 3, 6: 3, 7: 1},
    )  # fmt: skip


def counted(cardinality: str | None) -> Program:
    return sequential(Repeat(origin("All"), Way(3), Way(7), cardinality, counted=True))


def turns(number: int) -> str:
    return "review sign " * number + "decide"


@pytest.mark.parametrize("number", [0, 1, 2, 5])
def test_exactly_as_many_turns_as_the_map_says(number: int) -> None:
    assert [made for made in range(8) if does(counted(str(number)), turns(made))] == [number]


def test_one_to_three_turns_where_the_map_does_not_say() -> None:
    assert [made for made in range(6) if does(counted(None), turns(made))] == [1, 2, 3]
    assert [made for made in range(6) if does(counted(None), turns(made), Limits(unknown=(0, 4)))] == [0, 4]
    assert [made for made in range(8) if does(counted("7"), turns(made), Limits(items=3))] == [3]


def test_turns_come_one_after_the_other() -> None:
    assert not begins(counted("2"), "review review")
    assert not begins(counted("2"), "review sign sign")


@pytest.mark.parametrize(
    ("maximum", "test_before", "expected"),
    [
        (None, True, [0, 1, 2, 3, 4, 5, 6]), (None, False, [1, 2, 3, 4, 5, 6]),
        (2, True, [0, 1, 2]), (2, False, [1, 2]), (1, False, [1]), (0, True, [0]), (0, False, [1]),
    ],
)  # fmt: skip
def test_a_loop_goes_round_freely_up_to_its_limit(maximum: int | None, *, test_before: bool, expected: list[int]) -> None:
    loop = sequential(Repeat(origin("All"), Way(3), Way(7), maximum=maximum), test_before=test_before)
    assert [made for made in range(7) if does(loop, turns(made))] == expected


def test_a_loop_whose_limit_is_above_what_is_played_has_none() -> None:
    loop = sequential(Repeat(origin("All"), Way(3), Way(7), maximum=4))
    assert [made for made in range(7) if does(loop, turns(made), Limits(items=3))] == [0, 1, 2, 3, 4, 5, 6]


def test_impossible_ways_of_a_loop() -> None:
    loop = sequential(Repeat(origin("All"), Way(3), Way(7), maximum=2))
    assert replay(loop, 0, [("complete", "review")], impossible=frozenset({(2, 0)})).matched == 0
    assert replay(loop, 0, [("complete", "decide")], impossible=frozenset({(2, 1)})).matched == 0
    always = frozenset({(2, 1)})  # again whenever it may be
    assert replay(loop, 0, [("complete", name) for name in turns(2).split()], impossible=always).markings == {Marking(-1, ())}
    with pytest.raises(ValueError, match=r"one way of operation 2 \(all\) must be possible"):
        TokenGame(loop, impossible=frozenset({(2, 0), (2, 1)}))


def test_turns_are_counted_anew_in_each_scope() -> None:
    # a loop of two turns, within a loop of the whole
    nested = program(
        start(to(1)), scope("All", to(2), then=to(7)), Repeat(origin("All"), Way(3), Way(6), "2", counted=True), item(4, 2),
        work("Review", Way(5)), end("Signed"), end("Done"), choose("More", to(1, "yes"), to(8, "no")), end(),
        scopes={2: 1, 3: 1, 4: 3, 5: 3, 6: 1},
    )  # fmt: skip
    assert [made for made in range(8) if does(nested, "review " * made)] == [2, 4, 6]


def test_turns_are_counted_anew_after_a_loop_in_the_same_scope() -> None:
    flat = program(
        start(to(1)), Repeat(origin("All"), Way(2), Way(3), "2", counted=True), work("Review", to(1, "next")),
        choose("More", to(1, "yes"), to(4, "no")), end(),
    )  # fmt: skip
    assert [made for made in range(8) if does(flat, "review " * made)] == [2, 4, 6]
    assert check_soundness(flat).is_sound


def test_a_number_of_turns_is_no_token() -> None:
    # the turn ends in a dead end of its own: the case is over all the same
    lost = program(
        start(to(1)), Repeat(origin("All"), Way(2), Way(3), "2", counted=True), choose("Lost", to(1, "back"), to(4, "off")), end(), end("Off")
    )
    game = TokenGame(lost)
    assert any(game.is_completed(move.marking) and move.chosen == ((2, 1),) for move in game.moves(game.initial(0)))


def test_a_number_of_turns_keeps_no_scope_open() -> None:
    lost = program(
        start(to(1)), scope("Sub", to(2), then=to(6)), Repeat(origin("All"), Way(3), Way(5), "2", counted=True), work("A", to(4)),
        choose("Lost", to(2, "back"), to(5, "off")), end("Done"), work("After", to(7)), end(), scopes=dict.fromkeys(range(2, 6), 1),
    )  # fmt: skip
    assert does(lost, "a after")
    assert does(lost, "a a after")
    assert not begins(lost, "a a a")


def test_a_number_of_turns_is_no_growth() -> None:
    # the second time at A, a turn has been counted
    back = program(
        start(to(1)), work("A", to(2)), Repeat(origin("All"), Way(3), Way(4), maximum=2), choose("On", to(1, "on")), end()
    )
    assert check_soundness(back).is_sound
    growing = program(
        start(to(1)), work("Check", to(2)), fork("Split", to(1, "back"), to(3)), Repeat(origin("All"), Way(4), Way(5), maximum=2),
        work("Tell", to(3, "again")), end(),
    )  # fmt: skip
    assert [(fault.operation, fault.unbounded) for fault in check_soundness(growing).unsynchronized] == [(4, True)]


def test_counted_turns_that_take_time_are_no_circle_to_be_cut() -> None:
    task = ("task", "task0")
    for block in (("series", ("series", task)), ("loop", ("series", task)), ("loop", ("each", task))):
        assert resting_ways(program_of(block)) == frozenset()
    assert len(resting_ways(program_of(("loop", ("series", ("seq",)))))) > 0


@pytest.mark.parametrize(
    "checked", [parallel("2"), parallel(None), parallel("9"), parallel("3", with_condition=True), counted("2"), counted("9"), counted(None)]
)
def test_multi_instance_activities_are_sound(checked: Program) -> None:
    soundness = check_soundness(checked)
    assert (soundness.deadlocks, soundness.livelocks, soundness.unsynchronized) == ((), (), ())
    assert soundness.can_complete
    assert not soundness.exhausted
    assert soundness.markings < 100
