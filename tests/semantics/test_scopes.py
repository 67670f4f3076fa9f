"""What ends, empties and outlives a scope: `End.kills`, `Cancel.inside`, `Leave`, guards that fire again, process instances."""

from __future__ import annotations

import pytest

from bpmnmap.semantics.cardinality import Limits
from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Cancel, End, Leave, Open, Program, Send, Take
from bpmnmap.semantics.token_game import TokenGame, moves
from tests.semantics.playing import begins, begun, does
from tests.semantics.programs import choose, end, fork, origin, program, scope, start, timer, to, work


def terminate(name: str) -> End:
    return End(origin(name, "endEvent"), kills=True)


# a sub-process with two branches; one of them terminates it; a guard stands beside
TERMINATED = program(
    start(to(1)), scope("Sub", to(2), to(7), then=to(9)), fork("Split", to(3), to(5)),
    work("A", to(4)), terminate("Stop"), work("B", to(6)), end("Done"), timer("Late", to(8)), Cancel(origin("Late"), to(10)),
    work("After", to(10)), end(), scopes=dict.fromkeys(range(2, 9), 1),
)  # fmt: skip


@pytest.mark.parametrize("trace", ["a after", "b a after", "!late", "b !late"])
def test_a_terminate_end_takes_out_the_rest_of_its_scope(trace: str) -> None:
    assert does(TERMINATED, trace)


@pytest.mark.parametrize("trace", ["b after", "a b", "a !late", "a after after"])
def test_nothing_goes_on_in_a_scope_that_was_terminated(trace: str) -> None:
    assert not begins(TERMINATED, trace)


def test_a_terminate_end_takes_inner_scopes_along() -> None:
    nested = program(
        start(to(1)), scope("Outer", to(2), then=to(8)), fork("Split", to(3), to(6)), scope("Inner", to(4), then=to(7)),
        work("A", to(5)), end("Deep"), work("B", to(9)), end("Done"), end(), terminate("Stop"),
        scopes={2: 1, 3: 1, 4: 3, 5: 3, 6: 1, 7: 1, 9: 1},
    )  # fmt: skip
    assert does(nested, "b")
    assert does(nested, "a b")
    assert not begins(nested, "b a")


def test_what_comes_to_a_terminate_end_at_once_kills_what_would_pass_next() -> None:
    at_once = program(
        start(to(1)), scope("Sub", to(2), then=to(5)), fork("Split", to(3), to(4)), terminate("Stop"), work("Never", to(3)), end(),
        scopes={2: 1, 3: 1, 4: 1},
    )  # fmt: skip
    assert begun(at_once) == Marking(-1, ())


def test_what_empties_a_scope_at_once_kills_what_would_pass_next_in_it() -> None:
    in_case = program(start(to(1)), fork("Split", to(2), to(3)), terminate("Stop"), work("Never", to(2)))
    assert begun(in_case) == Marking(-1, ())
    restarted = program(
        start(to(1)), scope("Sub", to(2), then=to(6)), fork("Split", to(3), to(4)), Cancel(origin("Only"), to(5), inside=True),
        work("Never", to(5)), end("Done"), work("After", to(7)), end(), scopes=dict.fromkeys(range(2, 6), 1),
    )  # fmt: skip
    assert begun(restarted) == Marking(-1, (6,))


def test_a_terminate_end_of_the_case_leaves_its_messages() -> None:
    ending = program(
        start(to(1)), fork("Split", to(2), to(3), to(4)), Send(origin("Tell"), None, channel=-1, taker=6), work("A", to(5)), work("B", to(5)),
        terminate("Stop"), work("Later", to(7)), end(),
    )  # fmt: skip
    assert does(ending, "a later")  # it was still on its way
    assert not begins(ending, "a b")
    assert not does(ending, "later a b")
    in_transit = TokenGame(ending).sites.in_transit[~6]
    assert Marking(-1, (in_transit,)) in {move.marking for move in moves(ending, Marking(-1, (3, 4, in_transit)))}


# an event sub-process: the start of the handler is a guard of the normal content's scope
def handled(leads_in: Cancel | Leave, repeats: int = 1) -> Program:
    return program(
        start(to(1)), scope("Sub", to(2), to(6), then=to(11)), fork("Split", to(3), to(4)), work("A", to(5)), work("B", to(5)), end("Done"),
        timer("Alarm", to(7), repeats), leads_in, scope("Handler", to(9), then=to(5)), work("H", to(10)), end("Handled"),
        work("After", to(12)), end(), scopes={**dict.fromkeys(range(2, 9), 1), 9: 8, 10: 8},
    )  # fmt: skip


INTERRUPTING = handled(Cancel(origin("Alarm"), to(8), inside=True))
BESIDE = handled(Leave(origin("Alarm"), to(8), inside=True))


@pytest.mark.parametrize("trace", ["a b after", "!alarm h after", "b !alarm h after"])
def test_an_interrupting_event_sub_process_is_all_that_is_left(trace: str) -> None:
    assert does(INTERRUPTING, trace)


@pytest.mark.parametrize("trace", ["!alarm a", "!alarm !alarm", "!alarm after", "a b !alarm", "a !alarm b"])
def test_an_interrupting_event_sub_process_kills_its_scope_and_guards(trace: str) -> None:
    assert not begins(INTERRUPTING, trace)


@pytest.mark.parametrize("trace", ["a b after", "!alarm a b h after", "!alarm h a b after", "a !alarm b h after", "a !alarm h b after"])
def test_an_event_sub_process_beside_keeps_its_scope_open(trace: str) -> None:
    assert does(BESIDE, trace)


@pytest.mark.parametrize("trace", ["!alarm a b after", "!alarm !alarm", "a b !alarm", "!alarm h after"])
def test_the_scope_waits_for_an_event_sub_process_beside(trace: str) -> None:
    assert not begins(BESIDE, trace)


def test_a_guard_fires_as_often_as_it_is_told() -> None:
    twice = handled(Leave(origin("Alarm"), to(8), inside=True), repeats=2)
    assert does(twice, "!alarm !alarm a b h h after")
    assert does(twice, "!alarm a b !alarm h h after")  # the handler keeps the scope open, and so the guard armed
    assert not begins(twice, "!alarm !alarm !alarm")
    assert not begins(twice, "!alarm !alarm a b h after")
    assert not begins(twice, "a b !alarm")


def test_a_guard_without_end_fires_again_and_again() -> None:
    endless = handled(Leave(origin("Alarm"), to(8), inside=True), repeats=0)
    assert does(endless, "!alarm " * 5 + "a b " + "h " * 5 + "after")
    assert not does(endless, "!alarm " * 3 + "a b " + "h " * 2 + "after")
    assert does(endless, "!alarm !alarm a b h h after", Limits(firings=2))
    assert not does(endless, "!alarm !alarm !alarm a b h h h after", Limits(firings=2))


def test_an_event_that_is_no_guard_fires_once() -> None:
    waits = program(start(to(1)), timer("Later", to(2)), work("A", to(3)), end())
    assert does(waits, "!later a")
    assert not begins(waits, "!later !later")


# an escalation out of a sub-process that runs on: `Leave` with the token's own origins
ESCALATION = program(
    start(to(1)), scope("Sub", to(2), then=to(8)), work("A", to(3)), fork("Raise", to(4), to(5)), Leave(origin("Raise"), to(7), own=True),
    work("B", to(6)), end("Done"), work("Head", to(9)), work("After", to(9)), end(), scopes=dict.fromkeys(range(2, 7), 1),
)  # fmt: skip


@pytest.mark.parametrize("trace", ["a head b after", "a b head after", "a b after head"])
def test_an_escalation_lets_its_scope_run_on(trace: str) -> None:
    assert does(ESCALATION, trace)


@pytest.mark.parametrize("trace", ["a after", "head", "a head head", "a b after after"])
def test_an_escalation_is_one_token_more(trace: str) -> None:
    assert not begins(ESCALATION, trace)


def test_a_token_that_leaves_closes_its_scope_if_it_was_the_last() -> None:
    last = program(
        start(to(1)), scope("Sub", to(2), then=to(5)), work("A", to(3)), Leave(origin("Out"), to(4), own=True), work("Head", to(6)),
        work("After", to(6)), end(), scopes={2: 1, 3: 1},
    )  # fmt: skip
    assert does(last, "a head after")
    assert does(last, "a after head")
    (move,) = moves(last, begun(last))
    assert move.entered == (3, 4, 5)


def test_an_error_goes_up_through_several_scopes() -> None:
    failing = program(
        start(to(1)), scope("Outer", to(2), then=to(9)), fork("Split", to(3), to(7)), scope("Inner", to(4), then=to(8)),
        choose("Fails", to(5, "yes"), to(6, "no")), Cancel(origin("Error"), to(10), own=True), end("Fine"), work("B", to(8)), end("Done"),
        end(), Cancel(origin("Caught"), to(11), own=True), work("Mend", to(9)),
        scopes={2: 1, 3: 1, 4: 3, 5: 3, 6: 3, 7: 1, 8: 1, 10: 1},
    )  # fmt: skip
    assert does(failing, "b")
    assert does(failing, "mend")
    assert not begins(failing, "mend b")


# process instances


INSTANCE = program(
    start(to(1)), Open(origin("Process"), to(2), (to(6),), None), fork("Split", to(3), to(4)), work("A", to(5)), work("B", to(5)), end("Done"),
    timer("Alarm", to(7)), Cancel(origin("Alarm"), to(8), inside=True), work("H", to(5)), scopes=dict.fromkeys(range(2, 9), 1),
)  # fmt: skip


@pytest.mark.parametrize("trace", ["a b", "b a", "!alarm h", "a !alarm h"])
def test_a_process_instance_is_gone_when_all_but_guards_have_ended(trace: str) -> None:
    assert does(INSTANCE, trace)


@pytest.mark.parametrize("trace", ["a b !alarm", "!alarm a", "!alarm !alarm"])
def test_a_process_instance_is_a_scope(trace: str) -> None:
    assert not begins(INSTANCE, trace)
    assert not does(INSTANCE, "a")


def test_a_process_instance_that_vanishes_closes_the_scope_around_it() -> None:
    nested = program(
        start(to(1)), scope("Sub", to(2), then=to(5)), Open(origin("Process"), to(3), (), None), work("A", to(4)), end("Done"),
        work("After", to(6)), end(), scopes={2: 1, 3: 2, 4: 2},
    )  # fmt: skip
    assert does(nested, "a after")


def test_a_race_whose_guards_end_is_still_no_process_instance() -> None:
    lost = program(
        start(to(1)), Open(origin("Race"), None, (to(2), to(4)), None, grouping=False), timer("One", to(3)), end("Lost"),
        Take(origin("Two"), to(3), channel=0), scopes=dict.fromkeys(range(2, 5), 1),
    )  # fmt: skip
    assert begins(lost, "!one")
    assert not does(lost, "!one")
