"""Inclusive splits and joins: `Select`, `Join.inclusive`, and what may still come to a join."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Cancel, Leave, Program, Send, Start, Take, Way
from bpmnmap.semantics.reachability import entries_by_way, entries_reachable, repeated_operations
from bpmnmap.semantics.soundness import check_soundness, findings
from bpmnmap.semantics.token_game import TokenGame, initial, moves, replay
from tests.semantics.playing import begins, does
from tests.semantics.programs import choose, end, fork, join, merge, origin, program, scope, select, start, timer, to, work


def split(*ways: Way, default: int | None = None, always: tuple[int, ...] = ()) -> Program:
    """An inclusive split into as many tasks as there are ways, each to its own end."""
    works = [work(f"W{at}", to(1 + len(ways) + 1)) for at in range(len(ways))]
    return program(start(to(1)), select("Which", *ways, default=default, always=always), *works, end())


def sets_chosen(checked: Program, impossible: frozenset[tuple[int, int]] = frozenset()) -> list[tuple[int, ...]]:
    return [tuple(way for _, way in move.chosen) for move in moves(checked, initial(checked, 0), impossible=impossible)]


def subsets(size: int) -> set[tuple[int, ...]]:
    return set(chain.from_iterable(combinations(range(size), number) for number in range(1, size + 1)))


THREE = (to(2, "a"), to(3, "b"), to(4, "c"))


@pytest.mark.parametrize("size", [1, 2, 3, 6, 8])
def test_each_set_of_ways_but_the_empty_one_is_chosen_once(size: int) -> None:
    found = sets_chosen(split(*(to(2 + at, f"f{at}") for at in range(size))))
    assert len(found) == len(set(found))
    assert set(found) == subsets(size)


def test_the_default_is_taken_only_if_nothing_else_is() -> None:
    assert set(sets_chosen(split(*THREE, default=1))) == {(0,), (2,), (0, 2), (1,)}


def test_ways_that_are_always_taken_are_not_chosen() -> None:
    always = split(*THREE, always=(0,))
    assert set(sets_chosen(always)) == {(), (1,), (2,), (1, 2)}
    assert {move.marking.tokens for move in moves(always, initial(always, 0))} == {(2,), (2, 3), (2, 4), (2, 3, 4)}
    assert set(sets_chosen(split(*THREE, default=2, always=(0,)))) == {(1,), (2,)}


def test_impossible_ways_are_never_chosen() -> None:
    assert set(sets_chosen(split(*THREE), frozenset({(1, 0)}))) == {(1,), (2,), (1, 2)}
    assert sets_chosen(split(*THREE, default=1), frozenset({(1, 0), (1, 2)})) == [(1,)]
    assert set(sets_chosen(split(*THREE, default=1), frozenset({(1, 1)}))) == {(0,), (2,), (0, 2)}
    with pytest.raises(ValueError, match=r"one way of operation 1 \(which\) must be possible \(got none\)"):
        sets_chosen(split(*THREE), frozenset({(1, 0), (1, 1), (1, 2)}))


def test_a_trace_tells_each_flow_chosen_in_order() -> None:
    checked = split(*THREE)
    assert replay(checked, 0, [("flow", "a"), ("flow", "c"), ("complete", "w2"), ("complete", "w0")]).markings == {Marking(-1, ())}
    assert replay(checked, 0, [("flow", "c"), ("flow", "a")]).matched == 1
    assert replay(checked, 0, [("flow", "a"), ("flow", "c"), ("complete", "w1")]).matched == 2


def test_copies_go_in_document_order() -> None:
    (first, *_) = moves(split(*THREE), initial(split(*THREE), 0))
    assert first.entered == (1, 2, 3, 4)


BLOCK = program(
    start(to(1)), select("Which", to(2, "a"), to(3, "b"), to(4, "c")),
    work("A", to(5, "from_a", 0)), work("B", to(5, "from_b", 1)), work("C", to(5, "from_c", 2)),
    merge("Meet", 3, to(6)), work("Decide", to(7)), end(),
)  # fmt: skip


@pytest.mark.parametrize("trace", ["a decide", "c decide", "a b decide", "b a decide", "c b a decide", "a b c decide"])
def test_an_inclusive_join_waits_for_what_was_chosen(trace: str) -> None:
    assert does(BLOCK, trace)


@pytest.mark.parametrize("trace", ["decide", "a a", "a decide b", "a decide decide", "a b decide c"])
def test_an_inclusive_join_goes_on_once(trace: str) -> None:
    assert not begins(BLOCK, trace)


def test_an_inclusive_block_is_sound() -> None:
    assert check_soundness(BLOCK).is_sound


# a branch that may go round or end on its own: the join cannot count
UNSTRUCTURED = program(
    start(to(1)), fork("Split", to(2), to(3)),
    work("A", to(6, "from_a", 0)), work("B", to(4)),
    choose("Again", to(3, "again"), to(6, "from_b", 1), to(5, "off")), end("Off"),
    merge("Meet", 2, to(7)), work("Decide", to(8)), end(),
)  # fmt: skip


@pytest.mark.parametrize("trace", ["a b decide", "b a decide", "a b b decide", "b b a decide", "a b b b decide"])
def test_an_inclusive_join_waits_while_a_token_may_still_come(trace: str) -> None:
    assert does(UNSTRUCTURED, trace)


def test_an_inclusive_join_goes_on_when_the_token_it_waited_for_has_ended() -> None:
    turned_off = [("complete", "a"), ("complete", "b"), ("flow", "off"), ("complete", "decide")]
    assert replay(UNSTRUCTURED, 0, turned_off).markings == {Marking(-1, ())}
    assert not begins(UNSTRUCTURED, "a decide")
    assert not begins(UNSTRUCTURED, "b decide a decide")
    assert check_soundness(UNSTRUCTURED).is_sound


def test_a_token_that_may_come_to_a_full_entry_as_well_is_not_waited_for() -> None:
    # the standard's second clause: B may come by the entry at which A's token waits, too
    either = program(
        start(to(1)), fork("Split", to(2), to(3)), work("A", to(5, "from_a", 0)), work("B", to(4)),
        choose("Where", to(5, "left", 0), to(5, "right", 1)), merge("Meet", 2, to(6)), work("Decide", to(7)), end(),
    )  # fmt: skip
    assert does(either, "a decide b decide")
    assert not begins(either, "a b decide decide decide")
    assert begins(either, "b a decide")


def test_tokens_at_one_entry_are_merged_one_by_one() -> None:
    doubled = program(
        start(to(1)), fork("Split", to(2), to(2), to(3)), work("A", to(4, "a", 0)), work("B", to(4, "b", 1)),
        merge("Meet", 2, to(5)), work("Decide", to(6)), end(),
    )  # fmt: skip
    assert does(doubled, "a a b decide decide")
    assert not begins(doubled, "a a b decide decide decide")
    assert not begins(doubled, "a a decide")


def test_an_inclusive_join_in_a_loop_does_not_wait_for_its_own_token() -> None:
    # the loop leads back to the join's first entry
    looping = program(
        start(to(1, "in", 0)), merge("Again", 2, to(2)), work("Check", to(3)), choose("Fine", to(4, "yes"), to(1, "no", 1)), end()
    )
    for trace in ("check", "check check", "check check check"):
        assert does(looping, trace)
    assert check_soundness(looping).is_sound


def test_joins_that_wait_for_each_other_are_a_deadlock() -> None:
    # each token may come to the other join only through this one: the standard's vicious circle
    vicious = program(
        start(to(1)), fork("Split", to(2), to(3)), work("A", to(4, "from_a", 0)), work("B", to(5, "from_b", 0)),
        merge("One", 2, to(6)), merge("Two", 2, to(7)),
        fork("Over", to(5, "one_two", 1), to(8)), fork("Back", to(4, "two_one", 1), to(8)), end(),
    )  # fmt: skip
    soundness = check_soundness(vicious)
    assert [(fault.operations, fault.missing, fault.run) for fault in soundness.deadlocks] == [((4, 5), ("two_one", "one_two"), ("A", "B"))]
    (finding,) = findings(vicious, soundness)
    assert (finding.code, finding.element_id) == ("deadlock", "one")
    assert finding.message == "a case gets stuck: tokens wait at 'One' for flows 'two_one', 'one_two'; e.g. after 'A', 'B'"


def test_a_stuck_branch_is_waited_for_and_only_its_flow_is_named() -> None:
    stuck = program(
        start(to(1)), fork("Split", to(2), to(3), to(8)), work("A", to(6, "from_a", 0)),
        Take(origin("Never"), to(4), channel=0), choose("On", to(6, "from_never", 1), to(5, "off")), end("Off"),
        merge("Meet", 3, to(7)), end(), choose("Extra", to(5, "without"), to(6, "from_extra", 2)),
    )  # fmt: skip
    (deadlock,) = check_soundness(stuck).deadlocks
    assert (deadlock.operations, deadlock.missing, deadlock.run) == ((3, 6), ("from_never",), ("A",))
    assert deadlock.flows == ("without",)  # nothing can come by 'from_extra', so nothing waits for it


def test_joins_go_on_one_after_the_other_within_a_move() -> None:
    chained = program(
        start(to(1)), select("Which", to(2, "a"), to(3, "b"), to(4, "c")),
        work("A", to(5, "a1", 0)), work("B", to(5, "b1", 1)), work("C", to(6, "c1", 1)),
        merge("One", 2, to(6, "on", 0)), merge("Two", 2, to(7)), work("Decide", to(8)), end(),
    )  # fmt: skip
    for trace in ("a decide", "c decide", "b a decide", "a c decide", "c a b decide"):
        assert does(chained, trace)
    assert not begins(chained, "c decide a")
    only_a = replay(chained, 0, [("flow", "a")]).markings
    (move,) = moves(chained, *only_a)
    assert (move.entered, move.marking.tokens) == ((5, 6, 7), (7,))


def test_a_token_in_an_inner_scope_is_waited_for_and_so_is_what_its_guards_may_do() -> None:
    # B stands in a sub-process whose timer leads past the join
    inner = program(
        start(to(1)), fork("Split", to(2), to(3)), work("A", to(8, "from_a", 0)),
        scope("Sub", to(4), to(6), then=to(10)), work("B", to(5)), end("Done"), timer("Late", to(7)),
        Cancel(origin("Late"), to(8, "late", 1)), merge("Meet", 2, to(9)), work("Decide", to(10)), end(),
        scopes=dict.fromkeys(range(4, 8), 3),
    )  # fmt: skip
    assert does(inner, "a b decide")
    assert does(inner, "a !late decide")
    assert does(inner, "!late a decide")
    assert not begins(inner, "a decide")


def test_a_join_within_a_scope_sees_its_own_instance_only() -> None:
    twice = program(
        start(to(1)), fork("Split", to(2), to(2)), scope("Sub", to(3), then=to(9)),
        select("Which", to(4, "a"), to(5, "b")), work("A", to(6, "a1", 0)), work("B", to(6, "b1", 1)),
        merge("Meet", 2, to(7)), work("Decide", to(8)), end("Done"), end(),
        scopes=dict.fromkeys(range(3, 9), 2),
    )  # fmt: skip
    assert does(twice, "a decide b decide")
    assert does(twice, "a b b decide decide")
    assert begins(twice, "a b a decide decide")
    assert not begins(twice, "a b a decide decide decide")


def test_a_message_on_its_way_is_not_waited_for() -> None:
    sent = program(
        start(to(1)), fork("Split", to(2), to(3)), work("A", to(5, "a", 0)), Send(origin("Ask"), None, channel=-1, taker=4),
        work("Answer", to(5, "answer", 1)), merge("Meet", 2, to(6)), work("Decide", to(7)), end(),
    )  # fmt: skip
    assert does(sent, "a decide answer decide")  # it was still on its way
    assert does(sent, "a answer decide")  # it was there at once


def test_tokens_rest_on_the_ways_to_a_join_and_are_waited_for_there() -> None:
    travelled = frozenset({"from_a"})
    game = TokenGame(BLOCK, travelled=travelled)
    marking = game.initial(0)
    both = next(move.marking for move in game.moves(marking) if move.chosen == ((1, 0), (1, 1)))
    on_way = next(move.marking for move in game.moves(both) if move.operation == 2)
    (waiting,) = [move.marking for move in game.moves(on_way) if move.operation == 3]
    assert game.sites.first_entry[5] + 1 in waiting.tokens  # B's token waits for A's, which is on its way
    (arrived,) = game.moves(waiting)
    assert (arrived.kind, arrived.marking.tokens) == ("arrive", (6,))


# reachability


def test_entries_reachable_in_a_block() -> None:
    entries = [sorted(each) for each in entries_reachable(BLOCK)[5]]
    assert entries == [[0, 1, 2], [0, 1, 2], [0], [1], [2], [], [], []]


def test_a_join_is_not_passed() -> None:
    looping = program(
        start(to(1, "in", 0)), merge("Again", 2, to(2)), work("Check", to(3)), choose("Fine", to(4, "yes"), to(1, "no", 1)), end()
    )
    assert [sorted(each) for each in entries_reachable(looping)[1]] == [[0], [], [1], [1], []]


def test_a_token_in_a_scope_counts_as_at_its_open() -> None:
    nested = program(
        start(to(1)), fork("Split", to(2), to(8, "b", 1)), scope("Outer", to(3), to(6), then=to(8, "a", 0)),
        scope("Inner", to(4), then=to(5)), end("Deep"), end("Done"), timer("Late", to(7)), Leave(origin("Late"), to(8, "late", 2)),
        merge("Meet", 3, to(9)), end(), scopes={3: 2, 4: 3, 5: 2, 6: 2, 7: 2},
    )  # fmt: skip
    entries = [sorted(each) for each in entries_reachable(nested)[8]]
    assert entries == [[0, 1, 2], [0, 1, 2], *[[0, 2]] * 6, [], []]


def test_what_is_outside_a_joins_scope_comes_to_it_never() -> None:
    inside = program(
        start(to(1)), scope("Sub", to(2), to(5), then=to(6)), fork("Split", to(3, "a", 0), to(3, "b", 1)), merge("Meet", 2, to(4)), end("Done"),
        Cancel(origin("Restart"), to(2), inside=True), end(), scopes=dict.fromkeys(range(2, 6), 1),
    )  # fmt: skip
    entries = [sorted(each) for each in entries_reachable(inside)[3]]
    assert entries == [[], [], [0, 1], [], [], [], []]  # what restarts the scope kills those who wait


def test_entries_by_way() -> None:
    reachable = entries_reachable(BLOCK)[5]
    assert entries_by_way(reachable, 5, to(5, "from_b", 1)) == {1}
    assert entries_by_way(reachable, 5, to(4)) == {2}


def test_a_program_without_inclusive_joins_has_nothing_to_reach() -> None:
    assert entries_reachable(program(start(to(1)), fork("F", to(2, "a", 0), to(2, "b", 1)), join("J", 2, to(3)), end())) == {}


def test_operations_behind_guards_that_fire_again() -> None:
    reminded = program(
        start(to(1)), scope("Sub", to(2), to(4), to(8), then=to(7)), work("A", to(3)), end("Done"), timer("Daily", to(5), repeats=0),
        Leave(origin("Daily"), to(6)), work("Remind", to(7)), end(), Take(origin("Asked"), to(9), channel=0, again=True),
        Leave(origin("Asked"), to(2), inside=True), scopes=dict.fromkeys((2, 3, 4, 5, 8, 9), 1),
    )  # fmt: skip
    assert repeated_operations(reminded) == {5, 6, 9}
    assert repeated_operations(BLOCK) == frozenset()
    assert isinstance(reminded.operations[0], Start)
