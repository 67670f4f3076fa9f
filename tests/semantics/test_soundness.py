from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bpmnmap.findings import Finding, Severity
from bpmnmap.semantics.program import Cancel, Choose, Join, Open, Operation, Program, Send, Take, Wait, Work
from bpmnmap.semantics.soundness import Deadlock, Livelock, Soundness, Unsynchronized, check_soundness, findings
from tests.semantics import programs
from tests.semantics.blocks import Block, blocks, has, parts, program_of
from tests.semantics.programs import choose, end, fork, join, origin, program, start, to, work

SOUND = ["SEQUENCE", "PARALLEL", "REWORK", "IDLE_CIRCLE", "BOUNDARY_TIMER", "MESSAGE", "SUB_PROCESS", "REMINDER", "ANSWER_OR_TIMER"]


def told(checked: Program, impossible: frozenset[tuple[int, int]] = frozenset()) -> tuple[Finding, ...]:
    return findings(checked, check_soundness(checked, impossible=impossible), "map.bpmn")


@pytest.mark.parametrize("name", SOUND)
def test_sound_programs_have_no_findings(name: str) -> None:
    checked: Program = getattr(programs, name)
    soundness = check_soundness(checked)
    assert soundness.is_sound
    assert findings(checked, soundness) == ()


def test_an_exclusive_split_before_a_parallel_join_is_an_error() -> None:
    soundness = check_soundness(programs.WRONG_JOIN)
    assert soundness == Soundness(
        False,
        deadlocks=(Deadlock((4,), ("from_right",), ("Left",), ("a",)), Deadlock((4,), ("from_left",), ("Right",), ("b",))),
        dead=(5, 6),
        markings=5,
    )
    assert soundness.never_completes
    (finding,) = findings(programs.WRONG_JOIN, soundness)
    assert str(finding) == (
        "test.bpmn: error[deadlock] parallelGateway 'meet': a case gets stuck: tokens wait at 'Meet' for flow 'from_right'; e.g. after 'Left'\n"
        "    fix: let a token come by each flow into it, or make it an exclusive gateway where only one of them is taken"
    )
    assert finding.related_element_ids == ("from_right", "a")


def test_a_deadlock_that_is_only_possible_is_a_warning() -> None:
    checked = program(
        start(to(1)), fork("Split", to(2), to(4, "short", 1)), work("Check", to(3)), choose("Fine", to(4, "yes", 0), to(6, "no")),
        join("Meet", 2, to(5)), work("Decide", to(6)), end(),
    )  # fmt: skip
    soundness = check_soundness(checked)
    assert soundness.deadlocks == (Deadlock((4,), ("yes",), ("Check",), ("no",)),)
    assert (soundness.can_complete, soundness.dead) == (True, ())
    (finding,) = findings(checked, soundness)
    assert (finding.code, finding.severity, finding.element_id) == ("deadlock", Severity.WARNING, "meet")
    assert told(checked, impossible=frozenset({(3, 1)})) == ()


def test_the_counterexample_is_a_shortest_run() -> None:
    checked = program(
        start(to(1)), choose("Way", to(2, "long"), to(4, "short")), work("A", to(3)), work("B", to(5, "b", 0)), work("C", to(5, "c", 1)),
        join("Meet", 2, to(6)), end(),
    )  # fmt: skip
    first, second = check_soundness(checked).deadlocks
    assert (first.run, first.flows, first.missing) == (("C",), ("short",), ("b",))
    assert (second.run, second.flows, second.missing) == (("A", "B"), ("long",), ("c",))
    assert "e.g. after 'C'" in told(checked)[0].message


def test_a_deadlock_right_after_the_start() -> None:
    checked = program(start(to(1)), choose("Way", to(2, "a", 0), to(2, "b", 1)), join("Meet", 2, to(3)), end())
    (finding,) = told(checked)
    assert finding.message == "a case gets stuck: tokens wait at 'Meet' for flow 'b'; e.g. right after the start"


def test_several_missing_flows_are_all_named() -> None:
    checked = program(start(to(1)), choose("Way", to(2, "a", 0), to(2, "b", 1), to(2, "c", 2)), join("Meet", 3, to(3)), end())
    assert "for flows 'b', 'c'" in told(checked)[0].message


def test_messages_that_wait_are_not_stuck() -> None:
    checked = program(
        start(to(1)), Send(origin("Told"), to(2), channel=1, taker=3), Take(origin("Never"), to(3), channel=0), Take(origin("Heard"), to(4), channel=1), end()
    )  # fmt: skip
    assert [deadlock.operations for deadlock in check_soundness(checked).deadlocks] == [(2,)]


def test_a_message_that_is_not_sent_on_every_path() -> None:
    checked = program(
        start(to(1)), choose("Tell", to(2, "yes"), to(3, "no")), Send(origin("Told"), to(3), channel=0, taker=3),
        Take(origin("Heard"), to(4), channel=0), end(),
    )  # fmt: skip
    (finding,) = told(checked)
    assert (finding.code, finding.severity, finding.element_id) == ("deadlock", Severity.WARNING, "heard")
    assert finding.message == "a case gets stuck: a token waits at 'Heard' for a message that will not come; e.g. right after the start"
    assert finding.fix == "let the message be sent on every path, or add a timer"


def test_a_deadlock_within_a_scope_names_what_is_stuck_there_not_its_guards() -> None:
    checked = program(
        start(to(1)), Open(origin("Sub", "subProcess"), to(2), (to(6),), to(8)), choose("Way", to(3, "a"), to(4, "b", 1)),
        work("A", to(4, "c", 0)), join("Meet", 2, to(5)), end("Done"), Take(origin("Stop", "boundaryEvent"), to(7), channel=0),
        Cancel(origin("Stop", "boundaryEvent"), to(8)), end(), scopes=dict.fromkeys(range(2, 8), 1),
    )  # fmt: skip
    assert [(deadlock.operations, deadlock.missing) for deadlock in check_soundness(checked).deadlocks] == [((4,), ("c",)), ((4,), ("b",))]


def test_an_event_that_cannot_come_is_named_by_its_event() -> None:
    checked = program(
        start(to(1)), Open(origin("Race", "eventBasedGateway"), None, (to(2),), None, grouping=False),
        Take(origin("Letter"), to(3), channel=0), Cancel(origin("Letter"), to(4)), end(), scopes={2: 1, 3: 1},
    )  # fmt: skip
    (finding,) = told(checked)
    assert (finding.element_id, finding.severity) == ("letter", Severity.ERROR)


def test_a_circle_without_a_way_out_is_an_error() -> None:
    checked = program(start(to(1)), work("Check", to(2)), work("Correct", to(1)))
    soundness = check_soundness(checked)
    assert soundness.livelocks == (Livelock((1, 2), ()),)
    (finding,) = findings(checked, soundness)
    assert str(finding) == (
        "test.bpmn: error[no-completion] task 'check': no case can ever be completed: it goes on at 'Check', 'Correct' without end\n"
        "    fix: give the circle a way out to an end event"
    )
    assert finding.related_element_ids == ("correct",)


def test_a_way_out_of_probability_zero_is_none() -> None:
    assert [finding.code for finding in told(programs.REWORK, impossible=frozenset({(2, 0)}))] == ["no-completion"]


def test_what_leads_to_a_circle_is_no_part_of_it() -> None:
    checked = program(start(to(1)), work("Open", to(2)), work("Check", to(3)), work("Correct", to(2, "back")))
    assert check_soundness(checked).livelocks == (Livelock((2, 3), ("Open",)),)


def test_a_circle_that_only_some_cases_enter_is_a_warning() -> None:
    checked = program(start(to(1)), work("Check", to(2)), choose("Fine", to(4, "yes"), to(3, "no")), work("Correct", to(3, "again")), end())
    (finding,) = told(checked)
    assert (finding.code, finding.severity, finding.element_id) == ("livelock", Severity.WARNING, "correct")
    assert finding.message == "a case can go on at 'Correct' without end; e.g. after 'Check'"


def test_a_task_that_no_case_reaches() -> None:
    checked = program(
        start(to(1)), choose("Way", to(2, "a"), to(3, "b")), work("Left", to(5)), work("Right", to(4)), Wait(origin("Later"), to(6), "timer"), end(), end()
    )  # fmt: skip
    assert check_soundness(checked, impossible=frozenset({(1, 1)})).dead == (3, 4, 6)
    (finding,) = told(checked, impossible=frozenset({(1, 1)}))
    assert (finding.code, finding.severity, finding.element_id) == ("dead-activity", Severity.WARNING, "right")
    assert finding.message == "no case ever comes here"


def test_a_task_that_two_tokens_reach_at_once() -> None:
    checked = program(start(to(1)), fork("Split", to(2), to(3)), work("A", to(4)), work("B", to(4)), work("Decide", to(5)), end())
    soundness = check_soundness(checked)
    assert soundness.unsynchronized == (Unsynchronized(4, False, ("A", "B")),)
    (finding,) = findings(checked, soundness)
    assert (finding.code, finding.severity, finding.element_id) == ("unsynchronized", Severity.WARNING, "decide")
    assert finding.message == "two tokens of a case can be here at once, so that it is done twice; e.g. after 'A', 'B'"


def test_events_may_be_waited_for_twice_at_once() -> None:
    checked = program(start(to(1)), fork("Split", to(2), to(2)), Wait(origin("Later"), to(3), "timer"), end())
    assert check_soundness(checked).is_sound


def test_two_scopes_may_do_the_same_at_once() -> None:
    checked = program(
        start(to(1)), fork("Split", to(2), to(2)), Open(origin("Sub"), to(3), (), to(5)), work("A", to(4)), end("Done"), end(),
        scopes={3: 2, 4: 2},
    )  # fmt: skip
    assert check_soundness(checked).unsynchronized == ()


def test_tokens_that_grow_without_limit() -> None:
    checked = program(start(to(1)), work("Check", to(2)), fork("Split", to(1, "back"), to(3)), work("Tell", to(4)), end())
    soundness = check_soundness(checked)
    assert soundness.unsynchronized == (Unsynchronized(3, True, ("Check",)),)
    assert (soundness.exhausted, soundness.livelocks, soundness.dead) == (False, (), ())
    assert not soundness.never_completes  # not all was seen, so nothing is claimed
    (finding,) = findings(checked, soundness)
    assert finding.message == "ever more tokens of a case can come here; e.g. after 'Check'"


def test_a_circle_that_may_be_left_by_growing_is_not_called_endless() -> None:
    checked = program(
        start(to(1)),
        work("Check", to(2)),
        choose("More", to(1, "no"), to(3, "yes")),
        fork("Split", to(1, "back"), to(4)),
        work("Tell", to(5)),
        end(),
    )
    soundness = check_soundness(checked)
    assert [fault.operation for fault in soundness.unsynchronized] == [4]
    assert soundness.livelocks == ()


def test_scopes_that_grow_without_limit() -> None:
    checked = program(
        start(to(1)), work("Check", to(2)), fork("Split", to(1, "back"), to(3)), Open(origin("Sub"), to(4), (), to(6)),
        work("Tell", to(5)), end("Done"), end(), scopes={4: 3, 5: 3},
    )  # fmt: skip
    assert [(fault.operation, fault.unbounded) for fault in check_soundness(checked).unsynchronized] == [(3, True), (4, True)]


def test_growth_within_a_scope() -> None:
    checked = program(
        start(to(1)), Open(origin("Sub"), to(2), (), to(6)), work("Check", to(3)), fork("Split", to(2, "back"), to(4)),
        work("Tell", to(5)), end("Done"), end(), scopes=dict.fromkeys(range(2, 6), 1),
    )  # fmt: skip
    assert [(fault.operation, fault.unbounded) for fault in check_soundness(checked).unsynchronized] == [(4, True)]


def test_messages_that_pile_up() -> None:
    checked = program(
        start(to(1)), fork("Split", to(2), to(5)), work("Ask", to(3)), Send(origin("Asked"), to(4), channel=0, taker=6),
        choose("Again", to(2, "yes"), to(7, "no")), work("Read", to(6)), Take(origin("Heard"), to(7), channel=0), end(),
    )  # fmt: skip
    faults = check_soundness(checked).unsynchronized
    assert [(fault.operation, fault.unbounded) for fault in faults] == [(3, True), (6, True)]
    assert [finding.message for finding in told(checked)] == [
        "ever more messages can wait to be taken; e.g. after 'Ask'",
        "ever more messages can wait to be taken; e.g. after 'Ask'",
    ]


def test_only_the_starts_named_are_looked_at() -> None:
    checked = program(start(to(2)), start(to(3)), work("A", to(4)), work("B", to(3, "again")), end())
    assert check_soundness(checked, starts=(0,)).dead == (1, 3)
    both = check_soundness(checked)
    assert (both.can_complete, both.livelocks, both.dead) == (True, (Livelock((3,), ()),), ())
    with pytest.raises(ValueError, match=r"starts must name at least one start \(got none\)"):
        check_soundness(checked, starts=())


def wide(branches: int) -> Program:
    """Branches of three tasks each, side by side: 4 ** branches markings."""
    operations: list[Operation] = [start(to(1)), fork("Split", *(to(4 + 3 * branch) for branch in range(branches)))]
    operations += [join("Meet", branches, to(3)), end()]
    for branch in range(branches):
        first = 4 + 3 * branch
        operations += [
            work(f"A{branch}", to(first + 1)),
            work(f"B{branch}", to(first + 2)),
            work(f"C{branch}", to(2, f"c{branch}", branch)),
        ]
    return program(*operations)


def test_all_markings_are_looked_at_once() -> None:
    soundness = check_soundness(wide(3))
    assert (soundness.markings, soundness.is_sound) == (4**3 + 1, True)


def test_a_spent_budget_is_told() -> None:
    checked = wide(3)
    soundness = check_soundness(checked, budget=50)
    assert (soundness.exhausted, soundness.markings, soundness.dead, soundness.never_completes) == (True, 50, (), False)
    (finding,) = findings(checked, soundness)
    assert (finding.code, finding.severity, finding.element_id) == ("soundness-unknown", Severity.INFO, "test")
    assert finding.message == "the search for deadlocks ended after 50 markings; there may be more"
    assert check_soundness(checked, budget=65).is_sound
    with pytest.raises(ValueError, match=r"budget must be >= 1 \(got 0\)"):
        check_soundness(checked, budget=0)


def test_what_the_budget_left_out_may_lead_out_of_a_circle() -> None:
    checked = program(start(to(1)), work("Check", to(2)), choose("Fine", to(1, "no"), to(3, "yes")), work("Sign", to(4)), end())
    soundness = check_soundness(checked, budget=2)
    assert (soundness.exhausted, soundness.livelocks) == (True, ())


def test_very_many_moves_end_the_search() -> None:
    # twenty branches that all choose the same: a million moves to few markings
    chooses = [choose(f"Way{at}", to(22, f"a{at}"), to(22, f"b{at}")) for at in range(20)]
    checked = program(start(to(1)), fork("Split", *(to(2 + at) for at in range(20))), *chooses, end())
    soundness = check_soundness(checked, budget=10)
    assert (soundness.exhausted, soundness.markings) == (True, 2)


def test_large_markings_end_the_search_however_large_the_budget() -> None:
    soundness = check_soundness(wide(12), budget=10**9)
    assert soundness.exhausted
    assert soundness.markings < 20_000


def test_the_budget_holds_for_all_starts_together() -> None:
    checked = program(start(to(2)), start(to(3)), work("A", to(4)), work("B", to(4)), end())
    assert check_soundness(checked, budget=6).exhausted is False
    assert check_soundness(checked, budget=5).exhausted is True


def test_findings_stand_in_document_order() -> None:
    checked = program(
        start(to(1)), choose("Which", to(2, "a"), to(3, "b")), work("Turn", to(2, "again")), fork("Split", to(4), to(4)), work("Twice", to(5)),
        choose("Way", to(6, "c", 0), to(6, "d", 1)), join("Meet", 2, to(7)), end(),
    )  # fmt: skip
    found = told(checked)
    assert [(finding.code, finding.element_id) for finding in found] == [
        ("livelock", "turn"),
        ("unsynchronized", "twice"),
        ("deadlock", "meet"),
    ]


def test_where_no_case_is_completed_deadlocks_are_errors_and_circles_warnings() -> None:
    checked = program(
        start(to(1)), choose("Which", to(2, "a"), to(3, "b"), to(3, "c", 1)), work("Turn", to(2, "again")), join("Meet", 2, to(4)), work("Dead", to(5)), end()
    )  # fmt: skip
    found = told(checked)
    assert [(finding.code, finding.severity) for finding in found] == [("livelock", Severity.WARNING), ("deadlock", Severity.ERROR)]


# random block-structured processes


def can_avoid(block: Block) -> bool:
    """Whether a case can be completed without entering a broken block."""
    if block[0] == "broken":
        return False
    return (any if block[0] in {"xor", "or"} else all)(map(can_avoid, parts(block)))


BROKEN: Block = ("broken", ("task",), ("seq",))


@given(blocks(("xor", "and", "loop", "sub", "or", "turns", "series", "each"), special=BROKEN).filter(lambda block: has(block, "broken")))
def test_a_broken_block_anywhere_is_found(block: Block) -> None:
    checked = program_of(block)
    soundness = check_soundness(checked)
    assume(not soundness.exhausted)
    broken = {
        index
        for index, operation in enumerate(checked.operations)
        if isinstance(operation, Join) and operation.origin.element == "broken-join"
    }
    assert soundness.deadlocks
    assert all(broken & set(deadlock.operations) for deadlock in soundness.deadlocks)
    assert all(deadlock.missing for deadlock in soundness.deadlocks)
    assert soundness.can_complete == can_avoid(block)
    severities = {finding.severity for finding in findings(checked, soundness) if finding.code == "deadlock"}
    assert severities == {Severity.WARNING if can_avoid(block) else Severity.ERROR}


@given(blocks(("xor", "and", "loop", "sub"), 5, ("doubled", ("task",), ("wait",))).filter(lambda block: has(block, "doubled")))
def test_branches_that_are_never_joined_are_found(block: Block) -> None:
    checked = program_of(block)
    soundness = check_soundness(checked, budget=2_000)
    assume(not soundness.exhausted)
    doubled = {
        index
        for index, operation in enumerate(checked.operations)
        if isinstance(operation, Work) and operation.origin.element.startswith("doubled")
    }
    found = {fault.operation for fault in soundness.unsynchronized}
    assert found >= doubled or any(fault.unbounded for fault in soundness.unsynchronized)
    assert found


@given(blocks(("xor", "loop")), st.data())
def test_an_impossible_way_leaves_just_what_is_reached_without_it(block: Block, data: st.DataObject) -> None:
    checked = program_of(block)
    ways = [(index, way) for index, operation in enumerate(checked.operations) if isinstance(operation, Choose) for way in range(2)]
    assume(ways)
    impossible = data.draw(st.sampled_from(ways))
    reached, pending = set(), [0]
    while pending:
        index = pending.pop()
        if index not in reached:
            reached.add(index)
            operation = checked.operations[index]
            ways_on = operation.ways if isinstance(operation, Choose) else getattr(operation, "next", None)
            listed = ways_on if isinstance(ways_on, tuple) else (ways_on,) if ways_on else ()
            pending += [way.target for at, way in enumerate(listed) if (index, at) != impossible]
    soundness = check_soundness(checked, impossible=frozenset({impossible}))
    assert set(soundness.dead) == set(range(len(checked.operations))) - reached
