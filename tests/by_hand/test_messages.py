"""Messages (H14), as hand-written Programs: every column of every row."""

from __future__ import annotations

import pytest

from bpmnmap.simulation.plan import Plan
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.sketch import HOUR, Travel, cancel, end, fork, plan, scope, send, start, take, wait, work
from tests.by_hand.tables import assert_log


def post(first: float, second: float, third: float, one: float, other: float) -> Plan:
    """Three senders and two tokens that take, one after the other, at one catch event; the minutes at which each comes there."""
    return plan(
        {
            "start": start("split", at="FO"),
            "split": fork("first", "second", "third", "one", "other"),
            "first": work("send", first, at="FO"),
            "second": work("send", second, at="FO"),
            "third": work("send", third, at="FO"),
            "send": send("sent", "catch"),
            "sent": end(),
            "one": work("catch", one, at="FO"),
            "other": work("catch", other, at="FO"),
            "catch": take("book", at="FO"),
            "book": work("end", 10, at="FO"),
            "end": end(),
        },
        at=[8 * HOUR],
        hours={"FO": ""},
    )


# Messages of 08:10, 08:20, 08:30; tokens of 08:25 and 08:26: each takes the oldest message; the last message is never taken, and makes
# no row; the case ends with its last token.
MESSAGES_WAIT_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T08:36

[instances]
element | unit | enabled          | begin            | complete         | worked
first   | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:10 | PT10M
second  | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:20 | PT20M
third   | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
one     | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:25 | PT25M
other   | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:26 | PT26M
book    | FO   | 2026-01-05T08:25 | 2026-01-05T08:25 | 2026-01-05T08:35 | PT10M
book    | FO   | 2026-01-05T08:26 | 2026-01-05T08:26 | 2026-01-05T08:36 | PT10M

[movements]
from   | to   | left             | synchronization | critical
source | 0    | 2026-01-05T08:00 | PT0S            | yes
source | 1    | 2026-01-05T08:00 | PT0S            | yes
source | 2    | 2026-01-05T08:00 | PT0S            | yes
source | 3    | 2026-01-05T08:00 | PT0S            | yes
source | 4    | 2026-01-05T08:00 | PT0S            | yes
0      | 5    | 2026-01-05T08:10 | PT15M           | no
3      | 5    | 2026-01-05T08:25 | PT0S            | yes
1      | 6    | 2026-01-05T08:20 | PT6M            | no
4      | 6    | 2026-01-05T08:26 | PT0S            | yes
0      | sink | 2026-01-05T08:10 | PT0S            | yes
1      | sink | 2026-01-05T08:20 | PT0S            | yes
2      | sink | 2026-01-05T08:30 | PT0S            | yes
5      | sink | 2026-01-05T08:35 | PT0S            | yes
6      | sink | 2026-01-05T08:36 | PT0S            | yes
"""

# Tokens of 08:05 and 08:07 wait: the first takes the message of 08:10, the second that of 08:20. At 08:20 Second, scheduled at 08:00, is
# completed before the first Book, scheduled at 08:10 (H33).
TAKERS_WAIT_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T08:30

[instances]
element | unit | enabled          | begin            | complete         | worked
first   | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:10 | PT10M
second  | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:20 | PT20M
third   | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
one     | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:07 | PT7M
other   | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:05 | PT5M
book    | FO   | 2026-01-05T08:10 | 2026-01-05T08:10 | 2026-01-05T08:20 | PT10M
book    | FO   | 2026-01-05T08:20 | 2026-01-05T08:20 | 2026-01-05T08:30 | PT10M

[movements]
from   | to   | left             | event | critical
source | 0    | 2026-01-05T08:00 | PT0S  | yes
source | 1    | 2026-01-05T08:00 | PT0S  | yes
source | 2    | 2026-01-05T08:00 | PT0S  | yes
source | 3    | 2026-01-05T08:00 | PT0S  | yes
source | 4    | 2026-01-05T08:00 | PT0S  | yes
4      | 5    | 2026-01-05T08:05 | PT5M  | no
0      | 5    | 2026-01-05T08:10 | PT0S  | yes
3      | 6    | 2026-01-05T08:07 | PT13M | no
1      | 6    | 2026-01-05T08:20 | PT0S  | yes
0      | sink | 2026-01-05T08:10 | PT0S  | yes
1      | sink | 2026-01-05T08:20 | PT0S  | yes
5      | sink | 2026-01-05T08:20 | PT0S  | yes
2      | sink | 2026-01-05T08:30 | PT0S  | yes
6      | sink | 2026-01-05T08:30 | PT0S  | yes
"""

# A message is on its way when the scope of its sender is cancelled: it arrives nevertheless. It goes by its message flow, named in the
# transfers, not by the pair.
SENDER_KILLED = plan(
    {
        "start": start("split", at="TO"),
        "split": fork("sub", "catch"),
        "sub": scope("prepare", ["timer"], then="end", at="TO"),
        "prepare": work("send", 30, at="TO", inside="sub"),
        "send": send("rest", "catch", flow="letter", inside="sub"),
        "rest": work("done", 300, at="TO", inside="sub"),
        "done": end(inside="sub"),
        "timer": wait("interrupt", 60, inside="sub"),
        "interrupt": cancel("end", inside="sub"),
        "catch": take("book", at="FO"),
        "book": work("end", 10, at="FO"),
        "end": end(),
    },
    at=[8 * HOUR],
    hours={"FO": "", "TO": ""},
    travel={"letter": Travel(30, "Mon-Fri 10:00"), ("TO", "FO"): Travel(5)},
)
SENDER_KILLED_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T10:40

[instances]
scope          | element | unit | status      | enabled          | begin            | complete         | worked
permit/sub:0:0 | prepare | TO   | completed   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
permit/sub:0:0 | rest    | TO   | interrupted | 2026-01-05T08:30 | 2026-01-05T08:30 | 2026-01-05T09:00 | PT30M
permit         | book    | FO   | completed   | 2026-01-05T10:30 | 2026-01-05T10:30 | 2026-01-05T10:40 | PT10M

[movements]
from   | to   | left             | dispatch | transfer | event  | critical
source | 0    | 2026-01-05T08:00 | PT0S     | PT0S     | PT0S   | yes
0      | 1    | 2026-01-05T08:30 | PT0S     | PT0S     | PT0S   | yes
source | 2    | 2026-01-05T08:00 | PT0S     | PT5M     | PT145M | no
0      | 2    | 2026-01-05T08:30 | PT90M    | PT30M    | PT0S   | yes
1      | sink | 2026-01-05T09:00 | PT0S     | PT0S     | PT0S   | yes
2      | sink | 2026-01-05T10:40 | PT0S     | PT0S     | PT0S   | yes
"""

# The message that A sends to a guard of its own scope kills the scope before A's token goes on: Rest is never entered.
RECALLS_ITSELF = plan(
    {
        "start": start("sub", at="FO"),
        "sub": scope("a", ["recall"], then="end", at="FO"),
        "a": work("send", 30, at="FO", inside="sub"),
        "send": send("rest", "recall", inside="sub"),
        "rest": work("done", 300, at="FO", inside="sub"),
        "done": end(inside="sub"),
        "recall": take("interrupt", inside="sub"),
        "interrupt": cancel("handle", inside="sub"),
        "handle": work("end", 10, at="FO"),
        "end": end(),
    },
    at=[8 * HOUR],
    hours={"FO": ""},
)
RECALLS_ITSELF_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T08:40

[instances]
scope          | element | unit | enabled          | begin            | complete         | worked
permit/sub:0:0 | a       | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
permit         | handle  | FO   | 2026-01-05T08:30 | 2026-01-05T08:30 | 2026-01-05T08:40 | PT10M

[movements]
from   | to   | left
source | 0    | 2026-01-05T08:00
0      | 1    | 2026-01-05T08:30
1      | sink | 2026-01-05T08:40
"""

EXAMPLES = {
    "messages wait": (post(10, 20, 30, 25, 26), MESSAGES_WAIT_LOG),
    "takers wait": (post(10, 20, 30, 7, 5), TAKERS_WAIT_LOG),
    "its sender is killed": (SENDER_KILLED, SENDER_KILLED_LOG),
    "its sender kills itself": (RECALLS_ITSELF, RECALLS_ITSELF_LOG),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_column_of_every_row(example: str) -> None:
    run, text = EXAMPLES[example]
    assert_log(log_of(run), text, "permit")


@pytest.mark.parametrize("example", EXAMPLES)
def test_saved_and_loaded_at_every_instant(example: str) -> None:
    assert_saved_and_loaded(EXAMPLES[example][0])
