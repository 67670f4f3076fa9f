"""Soundness of processes that work together: messages never taken or never sent, starts, guards that fire again and again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bpmnmap.findings import Finding, Severity
from bpmnmap.semantics.program import Cancel, Leave, Open, Origin, Program, Send, Start, Take, Work
from bpmnmap.semantics.soundness import Unmet, check_soundness, findings
from tests.semantics.programs import choose, end, fork, join, origin, program, scope, start, timer, to, work


def told(checked: Program) -> tuple[Finding, ...]:
    return findings(checked, check_soundness(checked), "map.bpmn")


def tell(name: str, next_way: int | None, channel: int) -> Send:
    return Send(origin(name), None if next_way is None else to(next_way), channel, -1)


# messages never taken


def test_a_message_that_nobody_ever_takes() -> None:
    # the only one who would take it is interrupted before: the race is decided by another message
    checked = program(
        start(to(1)), work("Ask", to(2)), tell("Sent", 3, 0), work("Close", to(4)), end(),
    )  # fmt: skip
    soundness = check_soundness(checked)
    assert (soundness.untaken, soundness.unsent) == ((Unmet(2, ("Ask",)),), ())
    assert soundness.is_sound  # each case can be completed
    (finding,) = findings(checked, soundness)
    assert (finding.code, finding.severity, finding.element_id, finding.related_element_ids) == (
        "message-not-taken", Severity.WARNING, "sent", (),
    )  # fmt: skip
    assert finding.message == "nobody ever takes what is sent here; e.g. after 'Ask'"


# the office sends, and has ended when the answer comes; B takes only what comes by the other way
LATE = program(
    start(to(1)), fork("Split", to(2), to(5)), work("Ask", to(3)), tell("Sent", 4, 0), end("Asked"),
    choose("Need", to(6, "yes"), to(4, "no")), work("Look", to(7)), Take(origin("Heard"), to(4), channel=1),
)  # fmt: skip


def test_a_message_on_the_wrong_channel() -> None:
    soundness = check_soundness(LATE)
    assert soundness.untaken == (Unmet(3, ("Ask",)),)
    assert soundness.unsent == (Unmet(7, ("Look",)),)
    # the deadlock tells already that nothing comes to 'Heard'
    assert [(finding.code, finding.element_id) for finding in findings(LATE, soundness)] == [
        ("message-not-taken", "sent"),
        ("deadlock", "heard"),
    ]


def guarded_by_message(*more: Send) -> Program:
    """A review that a message may interrupt; what is sent comes after it."""
    return program(
        start(to(1)), scope("Sub", to(2), to(4), then=to(7)), work("Review", to(3)), end("Reviewed"),
        Take(origin("Stop"), to(5), channel=0), Cancel(origin("Stop"), to(6)), work("Close", to(8)),
        more[0] if more else work("File", to(8)), end(), scopes=dict.fromkeys(range(2, 6), 1),
    )  # fmt: skip


def test_a_guard_to_which_no_message_comes() -> None:
    soundness = check_soundness(guarded_by_message())
    assert (soundness.deadlocks, soundness.unsent, soundness.untaken) == ((), (Unmet(4, ()),), ())
    (not_sent, dead) = told(guarded_by_message())
    assert (not_sent.code, not_sent.severity, not_sent.element_id) == ("message-not-sent", Severity.WARNING, "stop")
    assert not_sent.message == "nothing is ever sent that is waited for here; e.g. right after the start"
    assert (dead.code, dead.element_id) == ("dead-activity", "close")


def test_a_message_that_is_sent_too_late_is_told_at_both_ends() -> None:
    checked = guarded_by_message(tell("Sent", 8, 0))
    soundness = check_soundness(checked)
    assert (soundness.untaken, soundness.unsent) == ((Unmet(7, ("Review",)),), (Unmet(4, ()),))
    related = {finding.code: finding.related_element_ids for finding in told(checked)}
    assert related == {"message-not-sent": ("sent",), "dead-activity": (), "message-not-taken": ("stop",)}


def test_a_message_that_is_taken_in_some_run_is_taken() -> None:
    checked = program(
        start(to(1)), fork("Split", to(2), to(4)), work("Ask", to(3)), tell("Sent", 7, 0),
        Open(origin("Which"), None, (to(5), to(8)), None, grouping=False), Take(origin("Heard"), to(6), channel=0),
        Cancel(origin("Heard"), to(7), own=True), end(), timer("Late", to(9)), Cancel(origin("Late"), to(7), own=True),
        scopes=dict.fromkeys((5, 6, 8, 9), 4),
    )  # fmt: skip
    assert told(checked) == ()


def test_a_signal_that_always_comes_too_early() -> None:
    checked = program(
        start(to(1)), work("A", to(2)), Send(origin("Alarm"), to(3), 0, -1, broadcast=True),
        scope("Sub", to(4), to(6), then=to(8)), work("B", to(5)), end("Done"), Take(origin("Heard"), to(7), channel=0),
        Cancel(origin("Heard"), to(8)), end(), scopes=dict.fromkeys(range(4, 8), 3),
    )  # fmt: skip
    assert [(finding.code, finding.element_id, finding.message.partition("; ")[2]) for finding in told(checked)] == [
        ("message-not-taken", "alarm", "e.g. after 'A'"),
        ("message-not-sent", "heard", "e.g. after 'A'"),
    ]


def test_what_opens_a_process_is_taken() -> None:
    for send in (Send(origin("Tell"), to(2), -1, 3), Send(origin("Tell"), to(2), 0, -1, broadcast=True, openers=(3,))):
        opened = program(
            start(to(1)), send, end(), Open(origin("Other"), to(4), (), None), work("B", to(5)), end("Done"), scopes={4: 3, 5: 3},
        )  # fmt: skip
        assert check_soundness(opened).is_sound
        assert told(opened) == ()


def test_nothing_is_said_of_messages_where_not_all_was_seen_or_nothing_is_completed() -> None:
    assert check_soundness(LATE, budget=4).untaken == ()
    stuck = program(
        start(to(1)), tell("Sent", 2, 0), choose("Way", to(3, "a", 0), to(3, "b", 1)), join("Meet", 2, to(4)), Take(origin("Heard"), to(5), channel=0),
        end(),
    )  # fmt: skip
    assert [finding.code for finding in told(stuck)] == ["deadlock"]


# several processes


def test_starts_that_are_expected_are_looked_at() -> None:
    two = program(
        start(to(2)), Start(origin("Letter", "startEvent"), to(3), expected=False), work("A", to(4)),
        Open(origin("Other"), to(5), (), None), Send(origin("Tell"), None, -1, 3), work("B", to(6)), end("Done"), scopes={5: 3, 6: 3},
    )  # fmt: skip
    soundness = check_soundness(two)
    assert soundness.is_sound
    assert soundness.dead == ()  # the start by itself is none that is looked at
    assert soundness.markings < check_soundness(two, starts=(0, 1)).markings
    assert check_soundness(two, starts=(1,)).dead == (0, 2, 4)


def test_starts_are_looked_at_if_none_is_expected() -> None:
    only = program(Start(origin("Letter", "startEvent"), to(1), expected=False), work("A", to(2)), end())
    assert check_soundness(only).is_sound


def test_findings_name_the_file_of_their_element() -> None:
    first, *_ = told(LATE)
    assert first.location.path == "map.bpmn"
    moved = Program(
        LATE.process,
        tuple(replace(each, origin=replace(each.origin, process="other", path="other.bpmn", line=7)) for each in LATE.operations),
        LATE.scopes, LATE.path, ("other",),
    )  # fmt: skip
    assert {str(finding.location) for finding in told(moved)} == {"other.bpmn:7"}
    assert {str(finding.location) for finding in findings(moved, check_soundness(moved))} == {"other.bpmn:7"}


def test_a_spent_budget_names_all_processes() -> None:
    together = Program("p", LATE.operations, LATE.scopes, "map.bpmn", ("q", "r"))
    finding = findings(together, check_soundness(together, budget=2))[-1]
    assert (finding.code, finding.element_id, finding.related_element_ids) == ("soundness-unknown", "p", ("q", "r"))


# guards that fire again and again


def reminded(repeats: int, body: Work | Take) -> Program:
    """A review with reminders; they lead to a task outside."""
    return program(
        start(to(1)), scope("Sub", to(2), to(4), then=to(7)), body, end("Done"), timer("Daily", to(5), repeats),
        Leave(origin("Daily"), to(6)), work("Remind", to(8)), work("File", to(8)), end(), scopes=dict.fromkeys(range(2, 6), 1),
    )  # fmt: skip


@pytest.mark.parametrize("repeats", [1, 2, 3, 0])
def test_reminders_are_no_fault(repeats: int) -> None:
    checked = reminded(repeats, work("Review", to(3)))
    assert check_soundness(checked).is_sound
    assert told(checked) == ()


@pytest.mark.parametrize("repeats", [1, 2, 3, 0])
def test_a_case_that_only_gets_reminders_is_stuck(repeats: int) -> None:
    soundness = check_soundness(reminded(repeats, Take(origin("Never"), to(3), channel=0)))
    assert [fault.operations for fault in soundness.deadlocks] == [(2,)]
    assert soundness.deadlocks[0].run == (() if repeats in {0, 3} else ("Daily", "Remind") * repeats)
    assert (soundness.can_complete, soundness.livelocks) == (False, ())


def test_reminders_that_lead_back_to_the_main_path_do_it_twice() -> None:
    back = program(
        start(to(1)), scope("Sub", to(2), to(4), then=to(6)), work("Review", to(3)), end("Done"), timer("Daily", to(5), 0),
        Leave(origin("Daily"), to(6)), work("File", to(7)), end(), scopes=dict.fromkeys(range(2, 6), 1),
    )  # fmt: skip
    assert [(finding.code, finding.element_id) for finding in told(back)] == [("unsynchronized", "file")]


def test_a_second_reminder_may_be_one_too_many() -> None:
    # the join takes the first reminder's token; the second one's waits there for ever
    joined = program(
        start(to(1)), scope("Sub", to(2), to(4), then=to(6, "main", 0)), work("Review", to(3)), end("Done"), timer("Daily", to(5), 0),
        Leave(origin("Daily"), to(6, "reminded", 1)), join("Meet", 2, to(7)), end(), scopes=dict.fromkeys(range(2, 6), 1),
    )  # fmt: skip
    runs = {deadlock.missing: deadlock.run for deadlock in check_soundness(joined).deadlocks}
    assert runs == {("reminded",): ("Review",), ("main",): ("Daily", "Daily", "Review")}


def test_a_guard_that_might_help_by_firing_again_is_no_deadlock() -> None:
    # three letters are waited for, each comes with a reminder
    letters = program(
        start(to(1)), scope("Sub", to(2), to(6), then=to(9)), Take(origin("One"), to(3), 0), Take(origin("Two"), to(4), 0),
        Take(origin("Three"), to(5), 0), end("Done"), timer("Daily", to(7), 0), Leave(origin("Daily"), to(8)), tell("Letter", None, 0), end(),
        scopes=dict.fromkeys(range(2, 8), 1),
    )  # fmt: skip
    soundness = check_soundness(letters)
    assert (soundness.deadlocks, soundness.livelocks, soundness.never_completes) == ((), (), False)
    (finding,) = findings(letters, soundness)
    assert (finding.code, finding.severity) == ("soundness-unknown", Severity.INFO)
    assert finding.message == "the search for deadlocks let no event fire more than 2 times beside its scope; there may be more"


def test_names_of_a_run_are_those_of_the_elements() -> None:
    unnamed = Program("p", (Start(Origin("s", "startEvent"), to(1)), Work(Origin("t", "task"), to(2)), tell("Sent", 3, 0), end()), (-1,) * 4)
    assert check_soundness(unnamed).untaken == (Unmet(2, ("t",)),)
