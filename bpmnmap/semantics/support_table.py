"""The rows of the registry: what each BPMN element does, and the map that shows it; printed as docs/reference/semantics.md.

What `support.refusal` accepts has a row here, what it refuses has one too: tests compare them.
"""

from __future__ import annotations

from typing import Final

from bpmnmap.semantics import support_events as events
from bpmnmap.semantics.support import Support

TASKS: Final = (
    Support("task", "one activity instance: it queues for its people, is worked, is completed", ("task",)),
    Support("userTask", "as a task", ("user_task",)),
    Support("manualTask", "as a task", ("manual_task",)),
    Support("serviceTask", "as a task; nothing is called. `pools = {}` for work that needs nobody", ("service_task",)),
    Support("scriptTask", "as a task; the script is not run", ("script_task",)),
    Support("businessRuleTask", "as a task; the rules are not run", ("business_rule_task",)),
    Support("sendTask", "as a task; its messages leave when it is completed", ("send_task",)),
    Support(
        "receiveTask",
        "waits for its message, then is worked; a message that no one in the map sends comes from outside, after `events.ID.wait_time`",
        ("receive_task", "receive_task_from_outside", "receive_task_without_message_flow"),
    ),
    Support(
        "userTask with message",
        "any activity to which a message flow of another pool leads takes a message before it is worked",
        ("user_task_with_message",),
    ),
)

SCOPES: Final = (
    Support(
        "subProcess",
        "a scope, and no instance: it goes on when all in it has ended; entered again, it is a new one",
        ("sub_process", "sub_process_in_a_loop", "sub_process_nested", "sub_process_with_two_ends", "sub_process_without_start"),
    ),
    Support("subProcess empty", "one that is drawn without content is worked as a task (H2)", ("sub_process_empty",)),
    Support(
        "callActivity",
        "the called process, of any given map, as a scope; also by `zeebe:calledElement`; what calls itself is an error: `recursive-call`",
        ("call_activity", "call_activity_nested", "call_activity_twice", "call_activity_zeebe", "call_activity_error_absorbed"),
    ),
    Support(
        "callActivity with other starts",
        "the called process begins at its start of no kind; starts by messages and the like are for those who send them",
        ("call_activity_with_a_message_start",),
    ),
    Support("callActivity globalTask", "a called task is worked as one task", ("call_activity_global_task",)),
    Support(
        "callActivity unknown",
        "a process that no given map has: worked as one task, with the warning `unknown-called-process`",
        ("call_activity_unknown",),
    ),
)

REPEATED: Final = (
    Support(
        "standardLoopCharacteristics",
        "turn after turn, each a scope of its own, while `loopCondition` holds, or as the scenario's `repeat` or `count` says",
        ("loop_test_after", "loop_sub_process", "loop_call_activity"),
        check="after each turn both",
    ),
    Support("standardLoopCharacteristics testBefore", "perhaps no turn at all", ("loop_test_before",), check="none, or more"),
    Support(
        "standardLoopCharacteristics loopMaximum",
        "not more turns than this",
        ("loop_maximum",),
        check="up to the maximum; one above 3 as none",
    ),
    Support("standardLoopCharacteristics testBefore loopMaximum", "both", ("loop_maximum_test_before",), check="none up to the maximum"),
    Support(
        "multiInstanceLoopCharacteristics parallel",
        "so many instances at once as `loopCardinality` or the scenario's `count` says; it goes on when all have ended",
        ("multi_instance_parallel_task", "multi_instance_parallel_sub_process", "multi_instance_call_activity"),
        check="the map's number, up to 3; else 1, 2 and 3",
    ),
    Support(
        "multiInstanceLoopCharacteristics sequential",
        "one instance after the other",
        ("multi_instance_sequential_task", "multi_instance_sequential_sub_process"),
        check="the map's number, up to 3; else 1, 2 and 3",
    ),
    Support(
        "multiInstanceLoopCharacteristics parallel completionCondition",
        "asked after each instance that is completed; when it holds, the others are taken out and it goes on (H20)",
        ("multi_instance_parallel_completion_condition", "multi_instance_completion_condition_sub_process"),
        check="after each instance both",
    ),
    Support(
        "multiInstanceLoopCharacteristics sequential completionCondition",
        "when it holds, there is no next instance",
        ("multi_instance_sequential_completion_condition",),
        check="after each instance both",
    ),
)

GATEWAYS: Final = (
    Support(
        "exclusiveGateway",
        "one way: by probability, or the first in document order whose condition holds, else the default",
        ("exclusive_gateway", "exclusive_gateway_default"),
        check="each way that is not impossible",
    ),
    Support("exclusiveGateway merge", "each token passes, nobody waits", ("exclusive_merge",)),
    Support(
        "parallelGateway",
        "waits for a token by each flow into it, then a copy takes each flow out of it",
        ("parallel_gateway", "parallel_join_and_fork", "parallel_join_after_inclusive_split"),
    ),
    Support(
        "inclusiveGateway",
        "a copy takes each way that is chosen, by conditions or by probabilities each by itself; never none; the default where no other is",
        ("inclusive_gateway", "inclusive_gateway_default", "inclusive_gateway_without_join"),
        check="each set of ways, at least one",
    ),
    Support(
        "inclusiveGateway after",
        "the join waits as long as a token can still come to an empty entry of it, through whatever it passes (BPMN 2.0.2, 13.4.3)",
        (
            "inclusive_join_of_parallel_branches",
            "inclusive_join_of_exclusive_branches",
            "inclusive_join_waits_for_a_sub_process",
            "inclusive_join_waits_for_a_call",
            "inclusive_join_waits_for_an_event",
        ),
    ),
    Support("inclusiveGateway join and split", "it may wait and choose at once", ("inclusive_join_and_split",)),
    Support("inclusiveGateway nested", "an inclusive block in a branch of another", ("inclusive_joins_nested",)),
    Support(
        "inclusiveGateway in a loop",
        "each turn waits for its own tokens; a join does not wait for itself",
        ("inclusive_join_in_a_loop", "inclusive_join_that_loops_to_itself"),
    ),
    Support("inclusiveGateway in multi-instance", "each instance has its own join", ("inclusive_join_in_multi_instance",)),
    Support(
        "inclusiveGateway unstructured",
        "a token that could as well come to an entry that is not empty is not waited for; nor is one that has ended elsewhere",
        ("inclusive_join_that_need_not_wait", "inclusive_join_whose_branch_ends"),
    ),
    Support(
        "eventBasedGateway",
        "arms its events; the first one takes the token along, the others are gone; each entry arms them anew (H13)",
        ("event_gateway", "event_gateway_in_a_loop"),
        check="each event may be the first",
    ),
    Support("eventBasedGateway message", "answers of another pool", ("event_gateway_messages_of_another_pool",)),
    Support("eventBasedGateway signal", "a signal of the same run", ("event_gateway_signal",)),
    Support("eventBasedGateway receiveTask", "the message chooses, then the task is worked", ("event_gateway_receive_tasks",)),
)

FLOWS: Final = (
    Support("sequenceFlow conditional", "out of an activity: an inclusive split", ("conditional_flows", "conditional_flows_default")),
    Support(
        "sequenceFlow conditional beside plain",
        "flows without a condition beside conditional ones are always taken",
        ("conditional_flow_beside_plain_flow",),
    ),
    Support("activity with several incoming flows", "each token passes by itself, nobody waits", ("implicit_merge",)),
    Support("activity with several outgoing flows", "a copy takes each, in document order", ("implicit_fork",)),
    Support("activity without outgoing flow", "its token ends there", ("end_implicit",)),
)

POOLS: Final = (
    Support(
        "messageFlow",
        "a copy of the sender's token travels along it to the partner's instance of the same case (H14)",
        ("messages_ping_pong", "messages_three_pools"),
        check="is on its way for any time",
    ),
    Support(
        "messageFlow between tasks", "sent when one is completed, taken before the other can be worked", ("messages_from_a_task_to_a_task",)
    ),
    Support("messageFlow buffered", "a message that comes before anyone waits is kept", ("messages_buffered",)),
    Support(
        "messageFlow several",
        "each entry takes one, the oldest; several takers get one each",
        ("messages_one_for_each_entry", "messages_two_takers", "messages_to_two_instances"),
        check="any of several tokens that wait may take it",
    ),
    Support("messageFlow not taken", "counted and told: `message-not-taken`; the case is completed (H1)", ("messages_nobody_takes",)),
    Support(
        "participant without process",
        "a party outside: answers after `participants.ID.response_time` to the taker that comes next; else see `events.ID.wait_time`",
        ("black_box_partner",),
        check="answers at any time",
    ),
    Support(
        "participant that begins with another",
        "pools with a plain start each, whose messages would meet no partner otherwise, begin with one case (H67)",
        ("pools_that_begin_together",),
    ),
)


KEPT: Final = (
    Support("lane", "says which unit is responsible (H3); nothing else", ("lanes",)),
    Support(
        "dataObject",
        "data, artifacts, documentation and foreign attributes are read and kept, and change nothing",
        ("data_and_artifacts",),
    ),
)

REFUSED: Final = (
    Support("complexGateway", "", ("complex_gateway",), refused=True),
    Support(
        "eventBasedGateway instantiating",
        "one that starts a process, exclusive or parallel",
        ("event_gateway_instantiating",),
        refused=True,
    ),
    Support("transaction", "with its cancel events", ("transaction",), refused=True),
    Support("adHocSubProcess", "", ("ad_hoc_sub_process",), refused=True),
    Support("compensateEventDefinition throw", "as thrown in between and as an end", ("compensation_throw",), refused=True),
    Support("compensateEventDefinition boundary", "and the activity that is for compensation", ("compensation_boundary",), refused=True),
    Support("compensateEventDefinition event sub-process", "", ("compensation_event_sub_process",), refused=True),
    Support("cancelEventDefinition", "as an end and at a transaction", ("transaction",), refused=True),
    Support("implicitThrowEvent", "multi-instance activities have them, maps draw none", ("implicit_throw",), refused=True),
    Support("events of several kinds", "any of them, or all (`parallelMultiple`)", ("multiple_events",), refused=True),
    Support("eventSubProcess of several kinds", "", ("multiple_event_sub_process",), refused=True),
    Support("eventSubProcess without an event", "no start event says by what it is set off", ("event_sub_process_untyped",), refused=True),
    Support(
        "catching event without a definition",
        "in between or at an activity: nothing says what it waits for",
        ("untyped_events",),
        refused=True,
    ),
    Support(
        "multiInstanceLoopCharacteristics behavior",
        "one that throws events as its instances end",
        ("multi_instance_behavior",),
        refused=True,
    ),
    Support(
        "startQuantity, completionQuantity",
        "of an activity that takes or gives several tokens at once",
        ("token_quantities",),
        refused=True,
    ),
)

SECTIONS: Final = (
    ("Tasks", TASKS),
    ("Sub-processes and calls", SCOPES),
    ("Loops and multi-instance", REPEATED),
    ("Gateways", GATEWAYS),
    ("Sequence flows", FLOWS),
    ("Starts", events.STARTS),
    ("Catching events", events.CATCHES),
    ("Throwing events", events.THROWS),
    ("Ends", events.ENDS),
    ("Boundary events", events.BOUNDARIES),
    ("Event sub-processes", events.EVENT_SUB_PROCESSES),
    ("Pools and messages", POOLS),
    ("Read, kept, of no effect on the run", KEPT),
    ("Refused by name", REFUSED),
)
"""Title and rows, as the page has them."""

ROWS: Final = tuple(row for _, rows in SECTIONS for row in rows)
