"""Pools that begin together (H67): which do, and at whose start their case arrives."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bpmnmap.semantics.lowering import lower_map
from bpmnmap.semantics.program import Fork, Open, Program, Start
from bpmnmap.semantics.soundness import check_soundness
from tests.xmlio.maps import read, text_of_map

MESSAGE, TIMER = "<messageEventDefinition/>", "<timerEventDefinition/>"


def process(name: str, *nodes: str, start: str = "") -> str:
    """A process of a start and tasks one behind the other; `start` is what is in its start event, "none" that it has none."""
    chain = [*([] if start == "none" else [f"{name}s"]), *nodes]
    parts = [] if start == "none" else [f'<startEvent id="{name}s">{start}</startEvent>']
    parts += [f'<task id="{node}"/>' for node in nodes]
    parts += [f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(chain)]
    return f'<process id="{name}">{"".join(parts)}</process>'


def programs(processes: list[str], *messages: str) -> list[Program]:
    """What processes a, b, … in pools of their own are run as, with message flows like ``a1 > b1``."""
    pools = "".join(f'<participant id="pool_{name}" processRef="{name}"/>' for name in "abcd"[: len(processes)])
    flows = "".join('<messageFlow id="{0}_to_{1}" sourceRef="{0}" targetRef="{1}"/>'.format(*message.split(" > ")) for message in messages)
    definitions = read(text_of_map(f'<collaboration id="all">{pools}{flows}</collaboration>{"".join(processes)}'))
    assert definitions.findings == ()
    return list(lower_map(definitions).programs)


def starts(program: Program) -> dict[str, list[str]]:
    """Where cases arrive → where the instances begin that this sets off."""
    found = {}
    for operation in program.operations:
        if isinstance(operation, Start):
            first = program.operations[operation.next.target]
            ways = first.ways if isinstance(first, Fork) else (operation.next,)
            found[operation.origin.element] = [program.operations[way.target].origin.element for way in ways]
    return found


PING, PONG = process("a", "a1", "a2"), process("b", "b1", "b2")


def test_two_that_wait_for_each_other() -> None:
    (program,) = programs([PING, PONG], "a1 > b1", "b2 > a2")
    assert starts(program) == {"as": ["a1", "b1"]}
    assert check_soundness(program).is_sound


def test_one_that_only_tells_the_other() -> None:
    (program,) = programs([PING, PONG], "b1 > a2")
    assert starts(program) == {"as": ["a1", "b1"]}
    assert check_soundness(program).is_sound


def test_what_a_message_sets_off_needs_no_start_of_its_own() -> None:
    (program,) = programs([PING, process("b", "b1", "b2", start=MESSAGE)], "a1 > bs", "b2 > a2")
    assert starts(program) == {"as": ["a1"], "bs": ["bs"]}  # cases may arrive at a message's start too


def test_each_case_meets_its_own_instance_of_what_both_may_set_off() -> None:
    service = process("c", "c1", start=MESSAGE)
    (program,) = programs([PING, PONG, service], "a1 > cs", "b1 > cs", "c1 > a2", "c1 > b2")
    assert starts(program) == {"as": ["a1"], "bs": ["b1"], "cs": ["cs"]}


def test_three_in_a_row_begin_together() -> None:
    (program,) = programs([PING, PONG, process("c", "c1")], "a1 > b1", "b2 > c1")
    assert starts(program) == {"as": ["a1", "b1", "c1"]}
    assert check_soundness(program).is_sound


def test_what_is_set_off_may_be_what_waits() -> None:
    (program,) = programs([PING, process("b", "b1", start=MESSAGE), process("c", "c1")], "a1 > bs", "c1 > b1")
    assert starts(program) == {"as": ["a1", "c1"], "bs": ["bs"]}


@pytest.mark.parametrize("start", [TIMER, MESSAGE, "<signalEventDefinition/>"])
def test_the_one_that_begins_at_a_time_or_by_something_from_outside_goes_first(start: str) -> None:
    (program,) = programs([PING, process("b", "b1", "b2", start=start)], "a1 > b1", "b2 > a2")
    assert starts(program) == {"bs": ["b1", "a1"]}


def test_two_that_begin_at_times_of_their_own_do_not_begin_together() -> None:
    (program,) = programs([process("a", "a1", "a2", start=TIMER), process("b", "b1", "b2", start=TIMER)], "a1 > b1", "b2 > a2")
    assert starts(program) == {"as": ["a1"], "bs": ["b1"]}
    assert check_soundness(program).never_completes


def test_without_start_events() -> None:
    one, other = (process(name, f"{name}1", f"{name}2", start="none") for name in "ab")
    (program,) = programs([one, other], "a1 > b2", "b1 > a2")
    assert starts(program) == {"a1": ["a1", "b1"]}


def test_each_of_several_starts_sets_off_the_other() -> None:
    several = process("b", "b1").replace(
        "</process>", '<startEvent id="bt"/><sequenceFlow id="x" sourceRef="bt" targetRef="b1"/></process>'
    )
    (program,) = programs([PING, several], "a1 > b1")
    assert starts(program) == {"bs": ["b1", "a1"], "bt": ["b1", "a1"]}


def test_two_senders_of_which_either_may_be_the_partner_do_not_begin_along() -> None:
    (program,) = programs([PING, PONG, process("c", "c1")], "a1 > c1", "b1 > c1")
    assert starts(program) == {"as": ["a1"], "bs": ["b1"], "cs": ["c1"]}


def test_an_instance_that_something_can_end_as_a_whole_is_a_scope() -> None:
    killed = process("b", "b1").replace(
        "</process>",
        '<endEvent id="be"><terminateEventDefinition/></endEvent><sequenceFlow id="x" sourceRef="b1" targetRef="be"/></process>',
    )
    (program,) = programs([PING, killed], "a1 > b1")
    assert starts(program) == {"as": ["a1", "b"]}
    assert sum(isinstance(operation, Open) for operation in program.operations) == 1
    assert check_soundness(program).is_sound
