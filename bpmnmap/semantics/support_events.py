"""The rows of the registry for events: starts, catching and throwing ones, ends, those at activities and those of event sub-processes."""

from __future__ import annotations

from typing import Final

from bpmnmap.semantics.support import Support

STARTS: Final = (
    Support("startEvent", "cases arrive as `arrivals.ID` of the scenario says", ("start_none", "implicit_fork_at_start")),
    Support("startEvent several", "each starts cases of its own", ("start_several",)),
    Support(
        "startEvent message",
        "a message of another pool starts the partner's instance in the same case; each message one more",
        ("start_message", "start_message_twice"),
    ),
    Support(
        "startEvent message from outside",
        "a message that nothing in the run sends: cases arrive as the scenario says",
        ("start_message_from_outside",),
    ),
    Support("startEvent message without message flow", "as from outside", ("start_message_without_message_flow",)),
    Support(
        "startEvent timer",
        "cases arrive as the scenario says; without `arrivals.ID`, at the map's date, or at each turn of its cycle",
        ("start_timer",),
    ),
    Support("startEvent signal", "a signal that the map throws starts an instance in the same case", ("start_signal",)),
    Support("startEvent signal from outside", "cases arrive as the scenario says", ("start_signal_from_outside",)),
    Support("startEvent conditional", "cases arrive as the scenario says", ("start_conditional",)),
    Support("startEvent with incoming flow", "passed like a merge, and starts no case (H44)", ("start_with_incoming_flow",)),
    Support("process without startEvent", "all nodes without an incoming flow start together (H43)", ("start_implicit",)),
    Support(
        "process without startEvent receiveTask",
        "a task to which a message flow leads, and nothing else, starts with its message",
        ("start_receive_task",),
    ),
)

CATCHES: Final = (
    Support(
        "intermediateCatchEvent message",
        "takes the oldest message that is there, or waits for the next (H14)",
        ("catch_message",),
    ),
    Support(
        "intermediateCatchEvent message from outside",
        "a message of a pool without a process: after `events.ID.wait_time`, or when that pool answers",
        ("catch_message_from_outside",),
        check="comes at any time",
    ),
    Support(
        "intermediateCatchEvent message without message flow",
        "comes from outside, after `events.ID.wait_time`",
        ("catch_message_without_message_flow",),
        check="comes at any time",
    ),
    Support(
        "intermediateCatchEvent timer",
        "fires after its duration, or the scenario's `wait_time`; at its date; after one turn of its cycle",
        ("catch_timer", "catch_timer_date"),
        check="fires at any time",
    ),
    Support("intermediateCatchEvent signal", "waits until the signal is thrown; nothing keeps it", ("catch_signal", "signal_not_kept")),
    Support(
        "intermediateCatchEvent signal from outside",
        "a signal that nothing throws comes after `events.ID.wait_time`",
        ("catch_signal_from_outside",),
        check="comes at any time",
    ),
    Support(
        "intermediateCatchEvent conditional",
        "fires as soon as its condition holds of the case's attributes; one that is not given comes after `events.ID.wait_time`",
        ("catch_conditional",),
        check="fires at any time",
    ),
    Support("intermediateCatchEvent link", "where the link's throw events lead", ("catch_link",)),
)

THROWS: Final = (
    Support("intermediateThrowEvent", "a milestone: passed at once", ("throw_none",)),
    Support(
        "intermediateThrowEvent message",
        "a copy of the token leaves along each message flow; the token goes on",
        ("throw_message", "throw_message_to_black_box"),
    ),
    Support(
        "intermediateThrowEvent signal", "reaches all that wait now, in all processes of its case", ("throw_signal", "signal_reaches_all")
    ),
    Support(
        "intermediateThrowEvent escalation",
        "goes to the nearest scope around it that catches it; if that interrupts, the thrower ends too",
        ("throw_escalation", "throw_escalation_non_interrupting"),
    ),
    Support(
        "intermediateThrowEvent escalation uncaught",
        "has no effect, with the warning `uncaught-escalation`",
        ("throw_escalation_uncaught",),
    ),
    Support("intermediateThrowEvent link", "goes on behind the catch event of the same name", ("throw_link",)),
)

ENDS: Final = (
    Support("endEvent", "the token ends; the case ends with its last one", ("end_none",)),
    Support("endEvent message", "sends, then ends", ("end_message",)),
    Support("endEvent signal", "throws, then ends", ("end_signal",)),
    Support(
        "endEvent error",
        "the nearest scope around it that catches the error ends with all that is in it; its own token alone goes on there",
        ("end_error_sub_process", "error_from_within", "error_caught_by_the_nearest"),
    ),
    Support(
        "endEvent error uncaught",
        "ends the whole process instance, not its partners, with the warning `uncaught-error`",
        (
            "end_error_uncaught",
            "end_error_uncaught_in_sub_process",
            "end_error_uncaught_in_called_process",
            "end_error_other_pool",
        ),
    ),
    Support(
        "endEvent escalation",
        "as an escalation thrown in between; its token ends where nothing interrupts",
        ("end_escalation", "end_escalation_non_interrupting", "escalation_from_within"),
    ),
    Support("endEvent escalation uncaught", "as an end of no kind, with the warning", ("end_escalation_uncaught",)),
    Support(
        "endEvent terminate",
        "ends all that goes on in its process instance, and in nothing else (H20)",
        ("end_terminate", "end_terminate_kills_scopes", "end_terminate_other_pool"),
    ),
    Support(
        "endEvent terminate in",
        "in a sub-process, a called process, an event sub-process or one instance of several: ends this alone",
        (
            "end_terminate_sub_process",
            "end_terminate_called_process",
            "end_terminate_event_sub_process",
            "end_terminate_in_multi_instance",
        ),
    ),
)

BOUNDARIES: Final = (
    Support(
        "boundaryEvent timer interrupting",
        "armed when the host is entered (H15); it ends the host, started or only queued, and takes its place (H16, H18)",
        ("boundary_timer_interrupting",),
        check="fires or not, at any time",
    ),
    Support(
        "boundaryEvent timer non-interrupting",
        "a token more goes on from it, the host goes on too (H17)",
        ("boundary_timer_non_interrupting",),
        check="fires or not, at any time",
    ),
    Support(
        "boundaryEvent timer cycle interrupting",
        "one turn of the cycle, then as a duration",
        ("boundary_timer_cycle_interrupting",),
        check="fires or not",
    ),
    Support(
        "boundaryEvent timer cycle non-interrupting",
        "again and again while the host goes on, as often as the cycle says",
        ("boundary_timer_cycle", "boundary_timer_cycle_without_end"),
        check="fires up to twice",
    ),
    Support(
        "boundaryEvent message interrupting",
        "a message of another pool; it may lie there already (H45)",
        ("boundary_message_interrupting",),
    ),
    Support("boundaryEvent message non-interrupting", "takes each message while the host goes on", ("boundary_message_non_interrupting",)),
    Support(
        "boundaryEvent message interrupting from outside",
        "after `events.ID.wait_time`, with `probability` at each visit",
        ("boundary_message_interrupting_from_outside",),
        check="comes or not, at any time",
    ),
    Support(
        "boundaryEvent message non-interrupting from outside",
        "the same, and the host goes on",
        ("boundary_message_non_interrupting_from_outside",),
        check="comes or not, at any time",
    ),
    Support(
        "boundaryEvent signal interrupting", "a signal of the same case, thrown while the host goes on", ("boundary_signal_interrupting",)
    ),
    Support("boundaryEvent signal non-interrupting", "each such signal", ("boundary_signal_non_interrupting",)),
    Support(
        "boundaryEvent signal interrupting from outside",
        "a signal that nothing throws: as a message from outside",
        ("boundary_signal_interrupting_from_outside",),
        check="comes or not, at any time",
    ),
    Support(
        "boundaryEvent signal non-interrupting from outside",
        "the same, and the host goes on",
        ("boundary_signal_non_interrupting_from_outside",),
        check="comes or not, at any time",
    ),
    Support(
        "boundaryEvent conditional interrupting",
        "as soon as its condition holds of the case's attributes, or after `wait_time`",
        ("boundary_conditional_interrupting",),
        check="fires or not, at any time",
    ),
    Support(
        "boundaryEvent conditional non-interrupting",
        "the same, and the host goes on",
        ("boundary_conditional_non_interrupting",),
        check="fires or not, at any time",
    ),
    Support(
        "boundaryEvent error interrupting",
        "catches errors of its code from the host's content, or every one where it names none; all in the host ends (H20)",
        (
            "boundary_error",
            "boundary_error_catches_all",
            "error_by_code",
            "boundary_error_on_multi_instance",
            "boundary_error_call_activity",
        ),
    ),
    Support(
        "boundaryEvent error interrupting on task",
        "an error of the work itself: after `events.ID.wait_time`, with `probability`",
        ("boundary_error_task",),
        check="fires or not, at any time",
    ),
    Support(
        "boundaryEvent escalation interrupting",
        "catches escalations of its code from the host's content, and ends it",
        ("boundary_escalation_interrupting", "escalation_by_code"),
    ),
    Support(
        "boundaryEvent escalation non-interrupting",
        "catches each, and the host goes on",
        ("boundary_escalation_non_interrupting", "throw_escalation_twice"),
    ),
    Support("boundaryEvent several", "all are armed; an interrupting one ends the others", ("boundary_several",)),
    Support(
        "boundaryEvent timer interrupting on subProcess",
        "ends all that goes on in it, however deep; the new token merges the origins of all killed (H19)",
        ("boundary_on_sub_process_interrupting", "nested_cancellation"),
    ),
    Support(
        "boundaryEvent timer non-interrupting on subProcess",
        "copies of all tokens in it go on from it",
        ("boundary_on_sub_process_non_interrupting",),
    ),
    Support("boundaryEvent timer interrupting on callActivity", "ends the called process", ("boundary_on_call_activity",)),
    Support("boundaryEvent timer interrupting on loop", "ends the whole loop", ("boundary_on_loop",)),
    Support("boundaryEvent timer interrupting on multi-instance", "ends all instances", ("boundary_on_multi_instance_interrupting",)),
    Support(
        "boundaryEvent timer non-interrupting on multi-instance",
        "fires once for all instances",
        ("boundary_on_multi_instance_non_interrupting",),
    ),
    Support("boundaryEvent timer interrupting on receiveTask", "armed before the message has come", ("boundary_on_receive_task",)),
)

EVENT_SUB_PROCESSES: Final = (
    Support(
        "eventSubProcess timer interrupting",
        "armed with its scope; it ends all in it, other event sub-processes too, and takes its place; then the scope is completed (H19)",
        (
            "event_sub_process_timer_interrupting",
            "event_sub_process_timer_interrupting_in_sub_process",
            "event_sub_process_interrupts_another",
        ),
        check="fires or not, at any time",
    ),
    Support(
        "eventSubProcess timer non-interrupting",
        "runs beside the scope's content; the scope waits for both; what ends the scope ends it too",
        (
            "event_sub_process_timer_non_interrupting",
            "event_sub_process_timer_non_interrupting_in_sub_process",
            "event_sub_process_ended_from_outside",
        ),
        check="fires or not, at any time",
    ),
    Support(
        "eventSubProcess timer cycle non-interrupting",
        "again and again, as often as the cycle says",
        ("event_sub_process_timer_cycle",),
        check="fires up to twice",
    ),
    Support("eventSubProcess message interrupting", "a message of another pool", ("event_sub_process_message_interrupting",)),
    Support("eventSubProcess message non-interrupting", "each message of another pool", ("event_sub_process_message_non_interrupting",)),
    Support(
        "eventSubProcess message interrupting from outside",
        "after `events.ID.wait_time`, with `probability`, of its start event",
        ("event_sub_process_message_interrupting_from_outside",),
        check="comes or not, at any time",
    ),
    Support(
        "eventSubProcess message non-interrupting from outside",
        "the same, beside the content",
        ("event_sub_process_message_non_interrupting_from_outside",),
        check="comes or not, at any time",
    ),
    Support(
        "eventSubProcess signal interrupting",
        "a signal of the same case; it may end the scope from which it is thrown",
        ("event_sub_process_signal_interrupting", "signal_interrupts_its_thrower"),
    ),
    Support("eventSubProcess signal non-interrupting", "each such signal", ("event_sub_process_signal_non_interrupting",)),
    Support(
        "eventSubProcess signal interrupting from outside",
        "a signal that nothing throws: as a message from outside",
        ("event_sub_process_signal_interrupting_from_outside",),
        check="comes or not, at any time",
    ),
    Support(
        "eventSubProcess signal non-interrupting from outside",
        "the same, beside the content",
        ("event_sub_process_signal_non_interrupting_from_outside",),
        check="comes or not, at any time",
    ),
    Support(
        "eventSubProcess conditional interrupting",
        "as soon as its condition holds of the case's attributes, or after `wait_time`",
        ("event_sub_process_conditional_interrupting",),
        check="fires or not, at any time",
    ),
    Support(
        "eventSubProcess conditional non-interrupting",
        "the same, beside the content",
        ("event_sub_process_conditional_non_interrupting",),
        check="fires or not, at any time",
    ),
    Support(
        "eventSubProcess error interrupting",
        "catches errors of its code from its scope; what it throws itself goes on outward",
        ("event_sub_process_error", "event_sub_process_error_in_sub_process", "event_sub_process_throws_on"),
    ),
    Support(
        "eventSubProcess escalation interrupting",
        "catches escalations of its code, and ends the scope's content",
        ("event_sub_process_escalation_interrupting",),
    ),
    Support(
        "eventSubProcess escalation non-interrupting",
        "catches each, beside the thrower",
        ("event_sub_process_escalation_non_interrupting",),
    ),
    Support("eventSubProcess content", "anything that a sub-process may hold", ("event_sub_process_with_a_flow",)),
)
