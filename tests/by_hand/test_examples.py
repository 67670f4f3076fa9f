"""handoff.md's examples 3, 4 and 5 as hand-written Programs: every column of every row, times in the comments as the page tells them."""

from __future__ import annotations

import pytest

from bpmnmap.simulation.plan import Plan
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.sketch import HOUR, Travel, cancel, end, fork, plan, scope, send, start, take, wait, work
from tests.by_hand.tables import assert_log

# Example 3. Timer PT48H on Review (legal), still queued: entered Monday 09:00, fires Wednesday 09:00; Escalate (head, another place:
# dispatch 60, transfer 60) starts Thursday 09:00: event 2880 + dispatch 60 + transfer 60 + unavailability 1320.
TIMER_ON_QUEUED_WORK = plan(
    {
        "start": start("prepare", at="FO"),
        "prepare": work("guarded", 60, at="FO", pool="FO.staff"),
        "guarded": scope("review", ["timer"], then="end", at="LE", grouping=False),
        "review": work("reviewed", 30, at="LE", pool="LE.staff", inside="guarded"),
        "reviewed": end(inside="guarded"),
        "timer": wait("interrupt", 48 * HOUR, inside="guarded"),
        "interrupt": cancel("escalate", inside="guarded"),
        "escalate": work("end", 15, at="HD", pool="HD.head"),
        "end": end(),
    },
    at=[8 * HOUR],
    hours={"FO": "", "LE": "Fri 09:00-12:00", "HD": "Thu 09:00-12:00"},
    pools={"FO.staff": 1, "LE.staff": 1, "HD.head": 1},
    travel={("LE", "HD"): Travel(60, "Mon-Fri 10:00")},
)
TIMER_ON_QUEUED_WORK_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-08T09:15

[instances]
element  | unit | pool     | person     | status    | enabled          | begin            | complete         | worked | unavailability
prepare  | FO   |          | FO.staff/1 | completed | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT60M  | PT0S
review   | LE   | LE.staff |            | withdrawn | 2026-01-05T09:00 | -                | 2026-01-07T09:00 | PT0S   | PT48H
escalate | HD   |          | HD.head/1  | completed | 2026-01-07T11:00 | 2026-01-08T09:00 | 2026-01-08T09:15 | PT15M  | PT1320M

[movements]
from   | to   | left             | event   | dispatch | transfer
source | 0    | 2026-01-05T08:00 | PT0S    | PT0S     | PT0S
0      | 2    | 2026-01-05T09:00 | PT2880M | PT60M    | PT60M
2      | sink | 2026-01-08T09:15 | PT0S    | PT0S     | PT0S
"""


def message(prepare: float, register: float) -> Plan:
    """Prepare (technical office) sends a message to a catch event of the front office, which Register leads to."""
    return plan(
        {
            "start": start("split", at="FO"),
            "split": fork("prepare", "register"),
            "prepare": work("send", prepare, at="TO", pool="TO.staff"),
            "send": send("sent", "catch"),
            "sent": end(),
            "register": work("catch", register, at="FO", pool="FO.staff"),
            "catch": take("book", at="FO"),
            "book": work("end", 10, at="FO", pool="FO.staff"),
            "end": end(),
        },
        at=[8 * HOUR],
        hours={"FO": "", "TO": ""},
        pools={"FO.staff": 1, "TO.staff": 1},
        travel={("TO", "FO"): Travel(60, "Mon-Fri 14:00")},
    )


# Example 4. Message: Prepare left 10:00, sent 14:00, arrived 15:00; Register left 17:00 enters the catch: Prepare → Book has dispatch
# 240 + transfer 60 + synchronization 120; Register → Book came last and is critical.
MESSAGE_WAITS = message(prepare=120, register=540)
MESSAGE_WAITS_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T17:10

[instances]
element  | unit | person     | enabled          | begin            | complete         | worked
prepare  | TO   | TO.staff/1 | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T10:00 | PT2H
register | FO   | FO.staff/1 | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T17:00 | PT9H
book     | FO   | FO.staff/1 | 2026-01-05T17:00 | 2026-01-05T17:00 | 2026-01-05T17:10 | PT10M

[movements]
from   | to   | left             | dispatch | transfer | event | synchronization | critical
source | 0    | 2026-01-05T08:00 | PT0S     | PT0S     | PT0S  | PT0S            | yes
source | 1    | 2026-01-05T08:00 | PT0S     | PT0S     | PT0S  | PT0S            | yes
0      | 2    | 2026-01-05T10:00 | PT240M   | PT60M    | PT0S  | PT120M          | no
1      | 2    | 2026-01-05T17:00 | PT0S     | PT0S     | PT0S  | PT0S            | yes
0      | sink | 2026-01-05T10:00 | PT0S     | PT0S     | PT0S  | PT0S            | yes
2      | sink | 2026-01-05T17:10 | PT0S     | PT0S     | PT0S  | PT0S            | yes
"""

# The other way round, Register's wait is event and the message's row critical.
TAKER_WAITS = message(prepare=120, register=240)
TAKER_WAITS_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T15:10

[instances]
element  | unit | person     | enabled          | begin            | complete         | worked
prepare  | TO   | TO.staff/1 | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T10:00 | PT2H
register | FO   | FO.staff/1 | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T12:00 | PT4H
book     | FO   | FO.staff/1 | 2026-01-05T15:00 | 2026-01-05T15:00 | 2026-01-05T15:10 | PT10M

[movements]
from   | to   | left             | dispatch | transfer | event  | synchronization | critical
source | 0    | 2026-01-05T08:00 | PT0S     | PT0S     | PT0S   | PT0S            | yes
source | 1    | 2026-01-05T08:00 | PT0S     | PT0S     | PT0S   | PT0S            | yes
1      | 2    | 2026-01-05T12:00 | PT0S     | PT0S     | PT180M | PT0S            | no
0      | 2    | 2026-01-05T10:00 | PT240M   | PT60M    | PT0S   | PT0S            | yes
0      | sink | 2026-01-05T10:00 | PT0S     | PT0S     | PT0S   | PT0S            | yes
2      | sink | 2026-01-05T15:10 | PT0S     | PT0S     | PT0S   | PT0S            | yes
"""

# Example 5. Sub-process in the technical office, Inspect ∥ Calculate inside, Draft (permit office) after it: the earlier token waits at
# the scope's end in the technical office (synchronization), one parcel travels on, both origins have its dispatch and transfer.
SUB_PROCESS = plan(
    {
        "start": start("examine", at="TO"),
        "examine": scope("both", then="draft", at="TO"),
        "both": fork("inspect", "calculate", inside="examine"),
        "inspect": work("inspected", 120, at="TO", pool="TO.staff", inside="examine"),
        "inspected": end(inside="examine"),
        "calculate": work("calculated", 180, at="TO", pool="TO.staff", inside="examine"),
        "calculated": end(inside="examine"),
        "draft": work("end", 60, at="PO", pool="PO.staff"),
        "end": end(),
    },
    at=[8 * HOUR],
    hours={"PO": "", "TO": ""},
    pools={"PO.staff": 1, "TO.staff": 2},
    travel={("TO", "PO"): Travel(60, "Mon-Fri 14:00")},
)
SUB_PROCESS_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T16:00

[instances]
scope              | element   | unit | person     | enabled          | begin            | complete         | worked
permit/examine:0:0 | inspect   | TO   | TO.staff/1 | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T10:00 | PT2H
permit/examine:0:0 | calculate | TO   | TO.staff/2 | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T11:00 | PT3H
permit             | draft     | PO   | PO.staff/1 | 2026-01-05T15:00 | 2026-01-05T15:00 | 2026-01-05T16:00 | PT1H

[movements]
from   | to   | left             | dispatch | transfer | synchronization | critical
source | 0    | 2026-01-05T08:00 | PT0S     | PT0S     | PT0S            | yes
source | 1    | 2026-01-05T08:00 | PT0S     | PT0S     | PT0S            | yes
0      | 2    | 2026-01-05T10:00 | PT180M   | PT60M    | PT60M           | no
1      | 2    | 2026-01-05T11:00 | PT180M   | PT60M    | PT0S            | yes
2      | sink | 2026-01-05T16:00 | PT0S     | PT0S     | PT0S            | yes
"""

EXAMPLES = {
    "3": (TIMER_ON_QUEUED_WORK, TIMER_ON_QUEUED_WORK_LOG),
    "4": (MESSAGE_WAITS, MESSAGE_WAITS_LOG),
    "4, the other way round": (TAKER_WAITS, TAKER_WAITS_LOG),
    "5": (SUB_PROCESS, SUB_PROCESS_LOG),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_column_of_every_row(example: str) -> None:
    run, text = EXAMPLES[example]
    assert_log(log_of(run), text, "permit")


@pytest.mark.parametrize("example", EXAMPLES)
def test_saved_and_loaded_at_every_instant(example: str) -> None:
    assert_saved_and_loaded(EXAMPLES[example][0])
