from __future__ import annotations

import pytest

from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Cancel, Open, Send, Take, Wait
from bpmnmap.semantics.token_game import TokenGame, initial, is_completed, moves, replay
from tests.semantics import programs
from tests.semantics.playing import NO_FLOWS, begun, completing, done, told
from tests.semantics.programs import choose, end, fork, join, program, start, to, work


def test_a_token_rests_at_its_start_and_at_each_task() -> None:
    marking = initial(programs.SEQUENCE, 0)
    seen = []
    while found := moves(programs.SEQUENCE, marking):
        assert not is_completed(programs.SEQUENCE, marking)
        seen += told(programs.SEQUENCE, found)
        marking = found[0].marking
    assert seen == [("start", "start"), ("complete", "check"), ("complete", "sign")]
    assert is_completed(programs.SEQUENCE, marking)
    assert marking == Marking(-1, ())


def test_each_way_of_a_choice_is_a_move() -> None:
    back, out = moves(programs.REWORK, begun(programs.REWORK))[::-1]
    assert (out.chosen, out.entered, out.marking) == (((2, 0),), (2, 3), Marking(-1, ()))
    assert (back.chosen, back.entered, back.marking) == (((2, 1),), (2, 1), begun(programs.REWORK))


def test_impossible_ways_are_not_taken() -> None:
    (move,) = moves(programs.REWORK, begun(programs.REWORK), impossible=frozenset({(2, 1)}))
    assert move.chosen == ((2, 0),)


def test_one_way_must_be_possible() -> None:
    with pytest.raises(ValueError, match=r"one way of operation 2 \(complete\) must be possible \(got none\)"):
        TokenGame(programs.REWORK, impossible=frozenset({(2, 0), (2, 1)}))


def test_choices_of_several_branches_are_combined_in_order() -> None:
    both = program(
        start(to(1)), fork("Split", to(2), to(3)),
        choose("One", to(4, "a"), to(5, "b")), choose("Two", to(4, "c"), to(5, "d"), to(5, "e")), work("Left", to(6)), work("Right", to(6)), end(),
    )  # fmt: skip
    found = moves(both, initial(both, 0))
    assert [move.chosen for move in found] == [((2, first), (3, second)) for first in range(2) for second in range(3)]
    assert [move.marking.tokens for move in found] == [(4, 4), (4, 5), (4, 5), (4, 5), (5, 5), (5, 5)]


def test_a_join_waits_for_each_entry() -> None:
    inspect, memo = moves(programs.PARALLEL, begun(programs.PARALLEL))
    assert told(programs.PARALLEL, (inspect, memo)) == [("complete", "inspect"), ("complete", "memo")]
    (rest,) = moves(programs.PARALLEL, inspect.marking)
    assert (rest.entered, rest.marking) == ((4, 5), Marking(-1, (5,)))


def test_two_tokens_at_one_entry_do_not_make_a_join() -> None:
    doubled = program(
        start(to(1)), fork("Split", to(2), to(2), to(3)), work("A", to(4, "a", 0)), work("B", to(4, "b", 1)), join("Meet", 2, to(5)), end()
    )  # fmt: skip
    entry = TokenGame(doubled).sites.first_entry[4]
    (found,) = replay(doubled, 0, completing("a", "a")).markings
    assert found.tokens == (3, entry, entry)
    (found,) = replay(doubled, 0, completing("a", "a", "b")).markings
    assert found.tokens == (entry,)


def test_equal_tokens_make_one_move() -> None:
    doubled = program(start(to(1)), fork("Split", to(2), to(2)), work("A", to(3)), end())
    assert told(doubled, moves(doubled, begun(doubled))) == [("complete", "a")]


def test_a_circle_without_time_is_cut() -> None:
    found = moves(programs.IDLE_CIRCLE, initial(programs.IDLE_CIRCLE, 0))
    assert [move.chosen for move in found] == [((1, 0), (2, 0)), ((1, 0), (2, 1)), ((1, 1),)]
    assert told(programs.IDLE_CIRCLE, moves(programs.IDLE_CIRCLE, found[0].marking)) == [("arrive", "one")] * 3
    turns = [("flow", "on"), ("flow", "back")] * 5
    trace = [*turns, ("flow", "out"), ("complete", "check")]
    assert replay(programs.IDLE_CIRCLE, 0, trace).markings == {Marking(-1, ())}
    assert replay(programs.IDLE_CIRCLE, 0, [*turns, ("flow", "off")]).matched == 10


def test_a_circle_around_a_scope_without_work_is_cut() -> None:
    circle = program(
        start(to(1)), Open(programs.origin("Sub"), to(2), (), to(3)), end("Done"), choose("Again", to(1, "yes"), to(4, "no")), end(),
        scopes={2: 1},
    )  # fmt: skip
    found = moves(circle, initial(circle, 0))
    assert {(move.chosen, is_completed(circle, move.marking)) for move in found} == {(((3, 1),), True)} | {(((3, 0),), False)}


def test_a_circle_of_joins_without_time_is_cut() -> None:
    circle = program(start(to(1)), fork("Split", to(2, "a", 0), to(2, "b", 1)), join("Meet", 2, to(1, "back")))
    marking = begun(circle)
    for _ in range(3):
        (move,) = moves(circle, marking)
        marking = move.marking
    assert move.kind == "arrive"
    assert marking == begun(circle)


def test_messages_without_end_spend_the_budget() -> None:
    circle = program(
        start(to(1)), Send(programs.origin("Tell"), to(2), channel=0, taker=0), choose("Again", to(1, "yes"), to(3, "no")), end()
    )
    found = replay(circle, 0, completing("check"), kinds=NO_FLOWS, budget=500)
    assert found == (0, frozenset(), True)
    found = replay(circle, 0, [("flow", "yes"), ("flow", "no")])
    assert Marking(-1, ()) in found.markings
    assert not found.exhausted


# handoff.md, examples 3–5


def test_boundary_timer_takes_the_task_away() -> None:
    assert done(programs.BOUNDARY_TIMER, ("complete", "review"))
    assert done(programs.BOUNDARY_TIMER, ("fire", "deadline"), ("complete", "escalate"))
    assert not done(programs.BOUNDARY_TIMER, ("fire", "deadline"), ("complete", "review"))
    assert replay(programs.BOUNDARY_TIMER, 0, [("complete", "review"), ("fire", "deadline")]).matched == 1
    assert begun(programs.BOUNDARY_TIMER) == Marking(-1, (), (Marking(1, (2, 4)),))


def test_a_message_and_its_taker_meet_in_either_order() -> None:
    assert done(programs.MESSAGE, *completing("prepare", "register", "book"))
    assert done(programs.MESSAGE, *completing("register", "prepare", "book"))
    assert replay(programs.MESSAGE, 0, completing("register", "book")).matched == 1


def test_a_message_is_on_its_way_or_there_at_once() -> None:
    inspect = moves(programs.MESSAGE, begun(programs.MESSAGE))[0]
    in_transit, waiting = TokenGame(programs.MESSAGE).sites.in_transit[0], TokenGame(programs.MESSAGE).sites.waiting[0]
    found = [move.marking.tokens for move in moves(programs.MESSAGE, begun(programs.MESSAGE)) if move.operation == inspect.operation]
    assert found == [(5, in_transit), (5, waiting)]
    deliver = moves(programs.MESSAGE, Marking(-1, (5, in_transit)))[1]
    assert (deliver.kind, deliver.operation, deliver.marking.tokens) == ("deliver", 3, (5, waiting))
    (deliver,) = moves(programs.MESSAGE, Marking(-1, (6, in_transit)))
    assert deliver.marking.tokens == (7,)


def test_a_message_on_its_way_keeps_a_case_open_and_one_that_waits_does_not() -> None:
    game = TokenGame(programs.MESSAGE)
    assert not game.is_completed(Marking(-1, (game.sites.in_transit[0],)))
    assert game.is_completed(Marking(-1, (game.sites.waiting[0],)))
    assert not game.is_completed(Marking(-1, (6,)))
    assert not game.is_completed(Marking(-1, (), (Marking(1, ()),)))


def test_a_message_that_nothing_takes_is_gone_when_it_arrives() -> None:
    untaken = program(start(to(1)), Send(programs.origin("Tell"), to(2), channel=3, taker=0), end())
    found = moves(untaken, initial(untaken, 0))
    assert [is_completed(untaken, move.marking) for move in found] == [False, True]
    (deliver,) = moves(untaken, found[0].marking)
    assert deliver.marking == Marking(-1, ())


def test_any_of_several_takers_may_get_a_message() -> None:
    two = program(
        start(to(1)), fork("Split", to(2), to(4), to(5)), work("Write", to(3)),
        Send(programs.origin("Sent"), to(8), channel=0, taker=4),
        Take(programs.origin("First"), to(6), channel=0), Take(programs.origin("Second"), to(7), channel=0),
        work("A", to(8)), work("B", to(8)), end(),
    )  # fmt: skip
    game = TokenGame(two)
    found = {move.marking.tokens for move in moves(two, begun(two))}
    assert found == {(4, 5, game.sites.in_transit[0]), (5, 6), (4, 7)}


def test_a_sub_process_goes_on_when_all_its_tokens_have_ended() -> None:
    assert done(programs.SUB_PROCESS, *completing("inspect", "calculate", "draft"))
    assert done(programs.SUB_PROCESS, *completing("calculate", "inspect", "draft"))
    assert replay(programs.SUB_PROCESS, 0, completing("inspect", "draft")).matched == 1
    (found,) = replay(programs.SUB_PROCESS, 0, completing("inspect")).markings
    assert found == Marking(-1, (), (Marking(1, (5,)),))


@pytest.mark.parametrize("branches", [(3, 4), (4, 3)])
def test_a_sub_process_waits_for_tokens_that_are_still_passing_and_for_inner_scopes(branches: tuple[int, int]) -> None:
    nested = program(
        start(to(1)), Open(programs.origin("Outer"), to(2), (), to(7)), fork("Split", *map(to, branches)), end("At once"),
        Open(programs.origin("Inner"), to(5), (), to(3)), work("A", to(6)), end("Done"), work("B", to(8)), end(),
        scopes={2: 1, 3: 1, 4: 1, 5: 4, 6: 4},
    )  # fmt: skip
    assert begun(nested) == Marking(-1, (), (Marking(1, (), (Marking(4, (5,)),)),))
    assert done(nested, *completing("a", "b"))


def test_equal_scopes_make_one_move() -> None:
    twice = program(
        start(to(1)),
        fork("Split", to(2), to(2)),
        Open(programs.origin("Sub"), to(3), (), to(5)),
        work("A", to(4)),
        end("Done"),
        end(),
        scopes={3: 2, 4: 2},
    )
    assert told(twice, moves(twice, begun(twice))) == [("complete", "a")]
    assert done(twice, *completing("a", "a"))


def test_what_a_guard_does_keeps_no_scope_open() -> None:
    # the guard's path: a sub-process of its own and a task, then the rest is cancelled
    handled = program(
        start(to(1)), Open(programs.origin("Sub"), to(2), (to(4),), to(10)), work("A", to(3)), end("Done"),
        Wait(programs.origin("Alarm"), to(5), "timer"), Open(programs.origin("Handler"), to(6), (), to(8)), work("B", to(7)), end("Handled"),
        work("C", to(9)), Cancel(programs.origin("Alarm"), to(10)), end(), scopes={**dict.fromkeys((2, 3, 4, 5, 8, 9), 1), 6: 5, 7: 5},
    )  # fmt: skip
    assert done(handled, ("fire", "alarm"), ("complete", "a"))
    assert done(handled, ("fire", "alarm"), *completing("b", "a"))
    assert done(handled, ("fire", "alarm"), *completing("b", "c"))
    slow = program(
        *(operation if index != 4 else Wait(operation.origin, to(5, "walk"), "timer") for index, operation in enumerate(programs.BOUNDARY_TIMER.operations)),
        scopes={2: 1, 3: 1, 4: 1, 5: 1},
    )  # fmt: skip
    trace = (("fire", "deadline"), ("complete", "review"))
    assert not done(slow, *trace)
    assert done(slow, *trace, travelled=frozenset({"walk"}))


def test_a_guard_that_ends_closes_no_scope() -> None:
    lost = program(
        start(to(1)), Open(programs.origin("Race"), None, (to(2),), None, grouping=False), Wait(programs.origin("Timer"), to(3), "timer"), end("Lost"),
        scopes={2: 1, 3: 1},
    )  # fmt: skip
    (found,) = replay(lost, 0, [("fire", "timer")]).markings
    assert found == Marking(-1, (), (Marking(1, ()),))


def test_a_guard_that_leaves_lets_its_scope_run_on() -> None:
    assert done(programs.REMINDER, ("complete", "review"))
    assert done(programs.REMINDER, ("fire", "deadline"), *completing("review", "remind"))
    assert done(programs.REMINDER, ("fire", "deadline"), *completing("remind", "review"))
    assert replay(programs.REMINDER, 0, [("fire", "deadline"), ("fire", "deadline")]).matched == 1


def test_the_first_event_at_an_event_based_gateway_wins() -> None:
    asked = programs.ANSWER_OR_TIMER
    assert done(asked, *completing("answer", "read"))
    assert done(asked, ("fire", "timer"), *completing("answer", "close"))  # the answer comes too late and is never taken
    assert done(asked, ("complete", "answer"), ("fire", "timer"), ("complete", "close"))  # it was on its way
    assert not done(asked, *completing("answer", "read", "close"))
    assert not done(asked, ("fire", "timer"), *completing("answer", "read"))


def test_a_message_that_waits_is_taken_on_arming() -> None:
    waiting = TokenGame(programs.ANSWER_OR_TIMER).sites.waiting[7]
    late = program(*programs.ANSWER_OR_TIMER.operations, scopes=dict.fromkeys(range(6, 10), 5))
    again = program(start(to(5)), *late.operations[1:], scopes=dict.fromkeys(range(6, 10), 5))
    (move,) = moves(again, Marking(-1, (0, waiting)))
    assert (move.entered, move.marking) == ((5, 6, 7, 10), Marking(-1, (10,)))


def test_what_is_cancelled_while_tokens_pass_does_not_go_on() -> None:
    # an error end beside a task, at the very beginning of a sub-process
    failing = program(
        start(to(1)), Open(programs.origin("Sub"), to(2), (), to(5)), fork("Split", to(3), to(4)),
        Cancel(programs.origin("Error"), to(5), own=True), work("Never", to(6)), work("Mend", to(7)), end(), end("Done"),
        scopes={2: 1, 3: 1, 4: 1, 6: 1},
    )  # fmt: skip
    assert begun(failing) == Marking(-1, (5,))


def test_tokens_rest_on_ways_that_are_travelled() -> None:
    # with transfers the sub-task is over only when its token has arrived: the timer may still come first
    trace = (("complete", "review"), ("fire", "deadline"), ("complete", "escalate"))
    slow = program(
        *(programs.BOUNDARY_TIMER.operations[index] if index != 2 else work("Review", to(3, "post")) for index in range(8)),
        scopes={2: 1, 3: 1, 4: 1, 5: 1},
    )  # fmt: skip
    assert not done(slow, *trace)
    assert done(slow, *trace, travelled=frozenset({"post"}))
    assert done(programs.PARALLEL, *completing("inspect", "memo", "decide"), travelled=frozenset({"in0", "in1"}))


def test_a_trace_that_is_no_path_is_matched_as_far_as_it_goes() -> None:
    assert replay(programs.SEQUENCE, 0, completing("check", "sign", "sign")).matched == 2
    assert replay(programs.SEQUENCE, 0, completing("sign")) == (0, frozenset(), False)
    assert replay(programs.REWORK, 0, [("complete", "check"), ("flow", "no"), ("complete", "check"), ("flow", "yes")]).markings
    assert replay(programs.REWORK, 0, completing("check", "check")).matched == 0  # the flow chosen is missing
    assert replay(programs.REWORK, 0, completing("check", "check"), kinds=NO_FLOWS).matched == 2
