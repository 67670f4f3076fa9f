"""Messages and signals: to an operation, to a channel, to all that wait."""

from __future__ import annotations

from itertools import islice

import pytest

from bpmnmap.semantics.marking import Marking
from bpmnmap.semantics.program import Cancel, Choose, Leave, Open, Operation, Program, Send, Spread, Take, Wait, Way
from bpmnmap.semantics.soundness import check_soundness
from bpmnmap.semantics.token_game import TokenGame, initial, moves, replay
from tests.semantics.playing import begins, begun, does
from tests.semantics.programs import choose, end, fork, origin, program, scope, start, timer, to, work


def tell(name: str, next_way: Way | None, channel: int, taker: int = -1) -> Send:
    return Send(origin(name), next_way, channel, taker)


def signal(name: str, next_way: Way | None, channel: int, *openers: int) -> Send:
    return Send(origin(name), next_way, channel, -1, broadcast=True, openers=openers)


def take(name: str, next_way: Way, channel: int, *, again: bool = False) -> Take:
    return Take(origin(name), next_way, channel, again)


# the office asks; the laboratory is a process instance that the message opens, and answers
ASKED = program(
    start(to(1)), work("Write", to(2)), tell("Ask", to(3), -1, 6), take("Answer", to(4), 0), work("Read", to(5)), end(),
    Open(origin("Laboratory"), to(7), (), None), work("Test", to(8)), tell("Result", to(9), 0), work("File", to(10)), end("Tested"),
    scopes=dict.fromkeys(range(7, 11), 6),
)  # fmt: skip


@pytest.mark.parametrize("trace", ["write test read file", "write test file read"])
def test_a_message_opens_a_process_instance_that_answers(trace: str) -> None:
    assert does(ASKED, trace)


@pytest.mark.parametrize("trace", ["test", "write read", "write test test", "write test read read", "write test file file"])
def test_a_message_opens_one_process_instance(trace: str) -> None:
    assert not begins(ASKED, trace)


def test_a_message_to_an_operation_is_on_its_way_or_there_at_once() -> None:
    game = TokenGame(ASKED)
    slow, quick = game.moves(begun(ASKED))
    in_transit = game.sites.in_transit[~6]
    assert slow.marking == Marking(-1, (3, in_transit))
    assert quick.marking == Marking(-1, (3,), (Marking(6, (7,)),))
    assert quick.entered == (2, 6, 7, 3)  # it is there before the sender goes on
    (delivered,) = game.moves(slow.marking)
    assert (delivered.kind, delivered.operation, delivered.marking) == ("deliver", 2, quick.marking)


def test_talking_processes_are_sound() -> None:
    assert check_soundness(ASKED).is_sound


# a party outside: it takes its time, then sends one of its answers
PARTY = program(
    start(to(1)), tell("Ask", to(2), -1, 8), Open(origin("Which"), None, (to(3), to(5)), None, grouping=False), take("Yes", to(4), 0),
    Cancel(origin("Yes"), to(7), own=True), take("No", to(6), 1), Cancel(origin("No"), to(12), own=True), work("Grant", to(12)),
    Wait(origin("Bank", "participant"), Way(9), "answer"),
    Choose(origin("Bank", "participant"), (Way(10, ("yes",)), Way(11, ("no",))), ("yes", "no"), decides="answer"),
    tell("Bank", None, 0), tell("Bank", None, 1), end(), scopes=dict.fromkeys(range(3, 7), 2),
)  # fmt: skip


def test_a_party_outside_answers_in_its_time() -> None:
    assert does(PARTY, "!bank grant")
    assert does(PARTY, "!bank")
    assert not begins(PARTY, "grant")
    assert not begins(PARTY, "!bank !bank")
    assert replay(PARTY, 0, [("fire", "bank"), ("flow", "yes"), ("complete", "grant")]).markings == {Marking(-1, ())}
    assert replay(PARTY, 0, [("fire", "bank"), ("flow", "no"), ("complete", "grant")]).matched == 2
    assert check_soundness(PARTY).is_sound


def test_a_token_that_is_a_message_closes_its_scope_if_it_was_the_last() -> None:
    last = program(
        start(to(1)), scope("Sub", to(2), then=to(4)), work("A", to(3)), tell("Tell", None, 0), take("Heard", to(5), 0), end(),
        scopes={2: 1, 3: 1},
    )  # fmt: skip
    assert does(last, "a")
    slow, quick = moves(last, begun(last))
    assert (slow.entered, quick.entered) == ((3, 4), (3, 4, 5))


# signals


# three wait, each in its way; one more throws
CALLED = program(
    start(to(1)), fork("Split", to(2), to(3), to(5)), take("First", to(6), 0), scope("Sub", to(4), to(9), then=to(7)), work("B", to(8)),
    work("Throw", to(11)), work("A", to(7)), end(), end("Done"), take("Stop", to(10), 0), Cancel(origin("Stop"), to(12)),
    signal("Alarm", to(7), 0, 13), work("C", to(7)), Open(origin("Other"), to(14), (), None), work("D", to(15)), end("Other done"),
    scopes={4: 3, 8: 3, 9: 3, 10: 3, 14: 13, 15: 13},
)  # fmt: skip


@pytest.mark.parametrize("trace", ["throw a c d", "throw d c a"])
def test_a_signal_reaches_all_that_wait_and_opens_what_it_opens(trace: str) -> None:
    assert does(CALLED, trace)


@pytest.mark.parametrize("trace", ["a", "c", "d", "throw b", "b throw c", "throw a a", "throw d d"])
def test_a_signal_reaches_nobody_else(trace: str) -> None:
    assert not begins(CALLED, trace)


def test_a_signal_is_taken_at_once_in_document_order() -> None:
    (throw,) = [move for move in moves(CALLED, begun(CALLED)) if move.operation == 5]
    assert throw.entered == (11, 6, 10, 12, 13, 14, 7)
    assert throw.taken == (2, 9)
    assert throw.marking == Marking(-1, (6, 12), (Marking(13, (14,)),))


def test_a_signal_is_taken_in_document_order_whatever_the_scope() -> None:
    inner_first = program(
        start(to(1)), fork("Split", to(2), to(5), to(7)), scope("Sub", to(3), then=to(9)), take("Inner", to(4), 0), end("Done"),
        take("Outer", to(6), 0), work("A", to(9)), work("Throw", to(8)), signal("Alarm", to(9), 0), end(), scopes={3: 2, 4: 2},
    )  # fmt: skip
    (throw,) = moves(inner_first, begun(inner_first))
    assert throw.entered == (8, 4, 9, 6, 9)
    assert throw.taken == (3, 5)


def test_a_signal_is_lost_if_nobody_waits() -> None:
    late = program(start(to(1)), work("A", to(2)), signal("Alarm", to(3), 0), work("B", to(4)), take("Late", to(5), 0), end())
    assert begins(late, "a b")
    assert not does(late, "a b")
    (stuck,) = check_soundness(late).deadlocks
    assert (stuck.operations, stuck.run) == ((4,), ("A", "B"))


def test_whom_a_signal_kills_it_does_not_reach() -> None:
    # the first to take it cancels the scope in which the second waits
    race = program(
        start(to(1)), fork("Split", to(2), to(8)), Open(origin("Race"), None, (to(3), to(5)), None, grouping=False),
        take("One", to(4), 0), Cancel(origin("One"), to(7), own=True), take("Two", to(6), 0), Cancel(origin("Two"), to(10), own=True),
        work("A", to(11)), work("Throw", to(9)), signal("Alarm", to(11), 0), work("Never", to(11)), end(), scopes=dict.fromkeys(range(3, 7), 2),
    )  # fmt: skip
    assert does(race, "throw a")
    assert not begins(race, "throw never")


def test_those_who_come_to_wait_through_a_signal_do_not_get_it() -> None:
    # who takes it comes to wait for the next one
    again = program(
        start(to(1)), fork("Split", to(2), to(4)), take("One", to(3), 0), take("Two", to(6), 0), work("Throw", to(5)), signal("Alarm", to(6), 0),
        end(),
    )  # fmt: skip
    (throw,) = moves(again, begun(again))
    assert throw.marking == Marking(-1, (3,))


# guards that take again


REMINDED = program(
    start(to(1)), fork("Split", to(2), to(8)), scope("Sub", to(3), to(5), then=to(12)), work("A", to(4)), end("Done"),
    take("Asked", to(6), 0, again=True), Leave(origin("Asked"), to(7)), work("Reply", to(12)),
    work("Ask", to(9)), tell("Sent", to(10), 0), choose("More", to(8, "yes"), to(11, "no")), work("Last", to(12)), end(),
    scopes=dict.fromkeys(range(3, 7), 2),
)  # fmt: skip


@pytest.mark.parametrize("trace", ["ask last a", "ask reply last a", "ask reply ask reply last a", "ask ask reply reply last a", "a ask last"])
def test_a_guard_takes_one_message_after_the_other(trace: str) -> None:
    assert does(REMINDED, trace)


@pytest.mark.parametrize("trace", ["reply", "ask reply reply", "a ask reply", "ask a last reply reply"])
def test_a_guard_takes_no_more_than_was_sent(trace: str) -> None:
    assert not begins(REMINDED, trace)


def test_a_guard_takes_all_that_has_waited_for_it() -> None:
    game = TokenGame(REMINDED)
    waiting = game.sites.waiting[0]
    (move,) = game.moves(Marking(-1, (0, waiting, waiting)))
    assert move.marking == Marking(-1, (7, 7, 8), (Marking(2, (3, 5)),))
    assert move.taken == (5, 5)


def test_a_guard_that_does_not_take_again_takes_one() -> None:
    once = program(
        *(take("Asked", to(6), 0) if index == 5 else operation for index, operation in enumerate(REMINDED.operations)),
        scopes=dict.fromkeys(range(3, 7), 2),
    )  # fmt: skip
    assert does(once, "ask reply ask last a")
    assert not begins(once, "ask reply ask reply")


# circles that take no time


def ends(checked: Program) -> None:
    """Each marking has finitely many moves, and few markings are seen."""
    soundness = check_soundness(checked, budget=500)
    assert soundness.markings <= 500
    assert not soundness.exhausted


def test_a_process_that_sends_to_itself_without_time_is_cut() -> None:
    circle = program(
        start(to(1)), Open(origin("Process"), to(2), (), None), choose("Again", to(3, "yes"), to(4, "no")), tell("Self", to(4), -1, 1), end("Done"),
        scopes=dict.fromkeys(range(2, 5), 1),
    )  # fmt: skip
    ends(circle)
    found = moves(circle, initial(circle, 0))
    assert [move.marking.tokens for move in found] == [(TokenGame(circle).sites.in_transit[~1],), ()]


def test_a_signal_that_opens_its_own_thrower_is_cut() -> None:
    circle = program(
        start(to(1)), Open(origin("Process"), to(2), (), None), choose("Again", to(3, "yes"), to(4, "no")), signal("Self", to(4), 0, 1), end("Done"),
        scopes=dict.fromkeys(range(2, 5), 1),
    )  # fmt: skip
    ends(circle)


def test_a_guard_that_takes_what_it_sends_is_cut() -> None:
    for sent in (signal("Echo", None, 0), tell("Echo", None, 0)):
        echo = program(
            start(to(1)), scope("Sub", to(2), to(5), then=to(4)), work("A", to(7)), end("Done"), end(),
            take("Heard", to(6), 0, again=True), Leave(origin("Heard"), to(8), inside=True), signal("Call", to(3), 0), sent,
            scopes=dict.fromkeys((2, 3, 5, 6, 7, 8), 1),
        )  # fmt: skip
        (call,) = moves(echo, begun(echo))[:1]
        assert len(call.entered) < 20


def test_two_that_ask_each_other_without_time_are_cut() -> None:
    ping_pong = program(
        start(to(1)), fork("Split", to(2), to(4), to(6)), take("Ping", to(3), 0), tell("To pong", to(2, "back"), 1), take("Pong", to(5), 1),
        tell("To ping", to(4, "back2"), 0), tell("Serve", None, 0),
    )  # fmt: skip
    soundness = check_soundness(ping_pong, budget=200)
    assert not soundness.exhausted
    assert soundness.livelocks


def test_a_message_to_a_start_without_time_is_cut() -> None:
    circle = program(start(to(1)), choose("Again", to(2, "yes"), to(3, "no")), tell("Self", to(3), -1, 0), end())
    ends(circle)
    assert [move.marking.tokens for move in moves(circle, initial(circle, 0))] == [(TokenGame(circle).sites.in_transit[~0],), ()]


ROUND: dict[str, Operation] = {"leave": Leave(origin("Out"), to(6), own=True), "send": tell("Out", None, -1, 6), "spread": Spread(origin("Out"), Way(7), "0")}


@pytest.mark.parametrize("last", ROUND)
def test_a_circle_around_a_scope_that_closes_without_an_end_is_cut(last: str) -> None:
    circle = program(
        start(to(1)), scope("Sub", to(2), then=to(3)), ROUND[last], choose("More", to(1, "yes"), to(4, "no")), end(), end("Never"), end("Out"),
        work("Item", to(8)), end("Done"), scopes={2: 1, 7: 1, 8: 1},
    )  # fmt: skip
    found = list(islice(TokenGame(circle).each_move(initial(circle, 0)), 20))
    assert len(found) < 20
    assert any(move.marking == Marking(-1, ()) for move in found)


def test_a_timer_beside_a_message_that_waits() -> None:
    both = program(
        start(to(1)), tell("Tell", to(2), 0), scope("Sub", to(3), to(5), then=to(9)), timer("Late", to(4)), end("Done"),
        take("Heard", to(6), 0), Cancel(origin("Heard"), to(7)), work("A", to(8)), end("Heard"), end(), scopes=dict.fromkeys(range(3, 7), 2),
    )  # fmt: skip
    assert does(both, "a")
    assert does(both, "!late")
    assert not begins(both, "!late a")
