"""Scopes that are cancelled, one inside another, too (H19, H20, H33), as hand-written Programs: every column of every row."""

from __future__ import annotations

import pytest

from bpmnmap.simulation.plan import Plan
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.sketch import HOUR, Travel, cancel, end, first_of, fork, join, plan, scope, start, take, wait, work
from tests.by_hand.tables import assert_log


def one_running_one_queued(pause: float) -> Plan:
    """A scope with A running and B queued on one pool, in whose queue C of another branch stands; after `pause` B is entered."""
    return plan(
        {
            "start": start("branches", at="FO"),
            "branches": fork("prepare", "delay"),
            "prepare": work("review", 60, at="FO", pool="FO.staff"),
            "review": scope("both", ["timer"], then="end", at="LE"),
            "both": fork("a", "pause", inside="review"),
            "a": work("a_ends", 300, at="LE", pool="LE.staff", inside="review"),
            "a_ends": end(inside="review"),
            "pause": wait("b", pause, inside="review"),
            "b": work("b_ends", 30, at="LE", pool="LE.staff", inside="review"),
            "b_ends": end(inside="review"),
            "timer": wait("interrupt", 120, inside="review"),
            "interrupt": cancel("escalate", inside="review"),
            "escalate": work("end", 15, at="LE", pool="LE.staff"),
            "delay": wait("c", 90),
            "c": work("end", 30, at="LE", pool="LE.staff"),
            "end": end(),
        },
        at=[7 * HOUR],
        hours={"FO": "", "LE": ""},
        pools={"FO.staff": 1, "LE.staff": 1},
    )


# The timer fires at 10:00: A is interrupted, B withdrawn; the freed person takes the queue's head C; then the new token moves, so Escalate
# stands behind C. B's state is the youngest (queued at 09:00), so its token is critical (H19); it waited 60 before B and 60 at it: event.
CANCELLED_LOG = """
[cases]
arrived          | ended
2026-01-05T07:00 | 2026-01-05T10:45

[instances]
scope             | element  | unit | pool     | person     | status      | enabled          | begin            | complete         | worked | contention
permit            | prepare  | FO   | FO.staff | FO.staff/1 | completed   | 2026-01-05T07:00 | 2026-01-05T07:00 | 2026-01-05T08:00 | PT1H   | PT0S
permit/review:0:0 | a        | LE   | LE.staff | LE.staff/1 | interrupted | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T10:00 | PT2H   | PT0S
permit            | c        | LE   | LE.staff | LE.staff/1 | completed   | 2026-01-05T08:30 | 2026-01-05T10:00 | 2026-01-05T10:30 | PT30M  | PT90M
permit/review:0:0 | b        | LE   | LE.staff |            | withdrawn   | 2026-01-05T09:00 | -                | 2026-01-05T10:00 | PT0S   | PT60M
permit            | escalate | LE   | LE.staff | LE.staff/1 | completed   | 2026-01-05T10:00 | 2026-01-05T10:30 | 2026-01-05T10:45 | PT15M  | PT30M

[movements]
from   | to   | left             | event  | critical
source | 0    | 2026-01-05T07:00 | PT0S   | yes
0      | 1    | 2026-01-05T08:00 | PT0S   | yes
source | 2    | 2026-01-05T07:00 | PT90M  | yes
1      | 4    | 2026-01-05T10:00 | PT0S   | no
0      | 4    | 2026-01-05T08:00 | PT120M | yes
2      | sink | 2026-01-05T10:30 | PT0S   | yes
4      | sink | 2026-01-05T10:45 | PT0S   | yes
"""

# Without a pause both tokens changed their states last at 08:00: document order makes A critical.
CANCELLED_AT_A_TIE_LOG = """
[cases]
arrived          | ended
2026-01-05T07:00 | 2026-01-05T10:45

[instances]
scope             | element  | unit | pool     | person     | status      | enabled          | begin            | complete         | worked | contention
permit            | prepare  | FO   | FO.staff | FO.staff/1 | completed   | 2026-01-05T07:00 | 2026-01-05T07:00 | 2026-01-05T08:00 | PT1H   | PT0S
permit/review:0:0 | a        | LE   | LE.staff | LE.staff/1 | interrupted | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T10:00 | PT2H   | PT0S
permit/review:0:0 | b        | LE   | LE.staff |            | withdrawn   | 2026-01-05T08:00 | -                | 2026-01-05T10:00 | PT0S   | PT120M
permit            | c        | LE   | LE.staff | LE.staff/1 | completed   | 2026-01-05T08:30 | 2026-01-05T10:00 | 2026-01-05T10:30 | PT30M  | PT90M
permit            | escalate | LE   | LE.staff | LE.staff/1 | completed   | 2026-01-05T10:00 | 2026-01-05T10:30 | 2026-01-05T10:45 | PT15M  | PT30M

[movements]
from   | to   | left             | event  | critical
source | 0    | 2026-01-05T07:00 | PT0S   | yes
0      | 1    | 2026-01-05T08:00 | PT0S   | yes
source | 3    | 2026-01-05T07:00 | PT90M  | yes
0      | 4    | 2026-01-05T08:00 | PT120M | no
1      | 4    | 2026-01-05T10:00 | PT0S   | yes
3      | sink | 2026-01-05T10:30 | PT0S   | yes
4      | sink | 2026-01-05T10:45 | PT0S   | yes
"""


NESTED = plan(
    {
        "start": start("outer", at="LE"),
        "outer": scope("all", ["timer"], then="end", at="LE"),
        "all": fork("inner", "ask", "calculate", "post", inside="outer"),
        "inner": scope("both", ["later"], then="inner_ends", at="LE", inside="outer"),
        "both": fork("x", "y", inside="inner"),
        "x": work("x_ends", 300, at="LE", pool="LE.staff", inside="inner"),
        "x_ends": end(inside="inner"),
        "y": work("y_ends", 30, at="LE", pool="LE.staff", inside="inner"),
        "y_ends": end(inside="inner"),
        "later": wait("inner_interrupt", 600, inside="inner"),
        "inner_interrupt": cancel("inner_ends", inside="inner"),
        "inner_ends": end(inside="outer"),
        "ask": work("answer", 30, at="LE", inside="outer"),
        "answer": first_of("letter", "no_letter", at="LE", inside="outer"),
        "letter": take("letter_came", inside="answer"),
        "letter_came": cancel("ask_ends", own=True, inside="answer"),
        "no_letter": wait("no_letter_came", 600, inside="answer"),
        "no_letter_came": cancel("ask_ends", own=True, inside="answer"),
        "ask_ends": end(inside="outer"),
        "calculate": work("meet", 45, at="LE", inside="outer"),
        "meet": join("met", at="LE", inside="outer"),
        "met": end(inside="outer"),
        "post": work("sign", 15, at="LE", inside="outer"),
        "sign": work("meet.1", 15, at="HD", inside="outer"),
        "timer": wait("interrupt", 120, inside="outer"),
        "interrupt": cancel("escalate", inside="outer"),
        "escalate": work("end", 15, at="LE", pool="LE.staff"),
        "end": end(),
    },
    at=[8 * HOUR],
    hours={"LE": "", "HD": ""},
    pools={"LE.staff": 1},
    travel={("LE", "HD"): Travel(60, "Mon-Fri 11:00")},
)
# At 10:00, in order of their latest changes of state: Y's token queued and X running since 08:00 (the first in the document is the later
# one), the parcel waiting for the courier since 08:15, the token at the event-based gateway since 08:30, the one at the join since 08:45.
NESTED_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T10:15

[instances]
scope                      | element   | unit | pool     | person     | status      | enabled          | begin            | complete         | worked | contention
permit/outer:0:0/inner:0:0 | x         | LE   | LE.staff | LE.staff/1 | interrupted | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T10:00 | PT2H   | PT0S
permit/outer:0:0/inner:0:0 | y         | LE   | LE.staff |            | withdrawn   | 2026-01-05T08:00 | -                | 2026-01-05T10:00 | PT0S   | PT2H
permit/outer:0:0           | ask       | LE   |          |            | completed   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M  | PT0S
permit/outer:0:0           | calculate | LE   |          |            | completed   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:45 | PT45M  | PT0S
permit/outer:0:0           | post      | LE   |          |            | completed   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:15 | PT15M  | PT0S
permit                     | escalate  | LE   | LE.staff | LE.staff/1 | completed   | 2026-01-05T10:00 | 2026-01-05T10:00 | 2026-01-05T10:15 | PT15M  | PT0S

[movements]
from   | to   | left             | dispatch | event  | synchronization | critical
source | 0    | 2026-01-05T08:00 | PT0S     | PT0S   | PT0S            | yes
source | 2    | 2026-01-05T08:00 | PT0S     | PT0S   | PT0S            | yes
source | 3    | 2026-01-05T08:00 | PT0S     | PT0S   | PT0S            | yes
source | 4    | 2026-01-05T08:00 | PT0S     | PT0S   | PT0S            | yes
source | 5    | 2026-01-05T08:00 | PT0S     | PT120M | PT0S            | no
0      | 5    | 2026-01-05T10:00 | PT0S     | PT0S   | PT0S            | no
4      | 5    | 2026-01-05T08:15 | PT105M   | PT0S   | PT0S            | no
2      | 5    | 2026-01-05T08:30 | PT0S     | PT90M  | PT0S            | no
3      | 5    | 2026-01-05T08:45 | PT0S     | PT0S   | PT75M           | yes
5      | sink | 2026-01-05T10:15 | PT0S     | PT0S   | PT0S            | yes
"""

# H20: an error from inside keeps its own origins; A is interrupted and makes no movement. The branch that the split had not reached yet
# when the error was thrown (Late) is never entered.
ERROR_INSIDE = plan(
    {
        "start": start("sub", at="LE"),
        "sub": scope("both", then="end", at="LE"),
        "both": fork("a", "check", inside="sub"),
        "a": work("a_ends", 300, at="LE", pool="LE.staff", inside="sub"),
        "a_ends": end(inside="sub"),
        "check": work("again", 30, at="LE", inside="sub"),
        "again": fork("error", "late", inside="sub"),
        "error": cancel("handle", own=True, inside="sub"),
        "late": work("late_ends", 30, at="LE", inside="sub"),
        "late_ends": end(inside="sub"),
        "handle": work("end", 15, at="LE", pool="LE.staff"),
        "end": end(),
    },
    at=[8 * HOUR],
    hours={"LE": ""},
    pools={"LE.staff": 1},
)
ERROR_INSIDE_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T08:45

[instances]
scope          | element | unit | person     | status      | enabled          | begin            | complete         | worked
permit/sub:0:0 | a       | LE   | LE.staff/1 | interrupted | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
permit/sub:0:0 | check   | LE   |            | completed   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
permit         | handle  | LE   | LE.staff/1 | completed   | 2026-01-05T08:30 | 2026-01-05T08:30 | 2026-01-05T08:45 | PT15M

[movements]
from   | to   | left
source | 0    | 2026-01-05T08:00
source | 1    | 2026-01-05T08:00
1      | 2    | 2026-01-05T08:30
2      | sink | 2026-01-05T08:45
"""

# H33: freed people take their queue's heads in document order of the killed elements: A's person, who is the second one, takes C.
FREED_IN_DOCUMENT_ORDER = plan(
    {
        "start": start("all", at="LE"),
        "all": fork("sub", "c", "d"),
        "sub": scope("both", ["timer"], then="end", at="LE"),
        "both": fork("pause", "b", inside="sub"),
        "pause": wait("a", 0, inside="sub"),
        "a": work("a_ends", 300, at="LE", pool="LE.staff", inside="sub"),
        "a_ends": end(inside="sub"),
        "b": work("b_ends", 300, at="LE", pool="LE.staff", inside="sub"),
        "b_ends": end(inside="sub"),
        "timer": wait("interrupt", 60, inside="sub"),
        "interrupt": cancel("end", inside="sub"),
        "c": wait("c_work", 10),
        "c_work": work("end", 15, at="LE", pool="LE.staff"),
        "d": wait("d_work", 20),
        "d_work": work("end", 15, at="LE", pool="LE.staff"),
        "end": end(),
    },
    at=[8 * HOUR],
    hours={"LE": ""},
    pools={"LE.staff": 2},
)
FREED_IN_DOCUMENT_ORDER_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T09:15

[instances]
scope          | element | unit | person     | status      | enabled          | begin            | complete         | worked | contention
permit/sub:0:0 | b       | LE   | LE.staff/1 | interrupted | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H   | PT0S
permit/sub:0:0 | a       | LE   | LE.staff/2 | interrupted | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H   | PT0S
permit         | c_work  | LE   | LE.staff/2 | completed   | 2026-01-05T08:10 | 2026-01-05T09:00 | 2026-01-05T09:15 | PT15M  | PT50M
permit         | d_work  | LE   | LE.staff/1 | completed   | 2026-01-05T08:20 | 2026-01-05T09:00 | 2026-01-05T09:15 | PT15M  | PT40M

[movements]
from   | to   | left             | event | critical
source | 0    | 2026-01-05T08:00 | PT0S  | yes
source | 1    | 2026-01-05T08:00 | PT0S  | yes
source | 2    | 2026-01-05T08:00 | PT10M | yes
source | 3    | 2026-01-05T08:00 | PT20M | yes
0      | sink | 2026-01-05T09:00 | PT0S  | no
1      | sink | 2026-01-05T09:00 | PT0S  | yes
2      | sink | 2026-01-05T09:15 | PT0S  | yes
3      | sink | 2026-01-05T09:15 | PT0S  | yes
"""


# Two tokens at one task since one instant, one worked and one queued: as they came, so the one that is worked is critical (H19).
TWO_AT_ONE_TASK = plan(
    {
        "start": start("sub", at="LE"),
        "sub": scope("both", ["timer"], then="end", at="LE"),
        "both": fork("a", "a", inside="sub"),
        "a": work("done", 300, at="LE", pool="LE.staff", inside="sub"),
        "done": end(inside="sub"),
        "timer": wait("interrupt", 60, inside="sub"),
        "interrupt": cancel("escalate", inside="sub"),
        "escalate": work("end", 15, at="LE", pool="LE.staff"),
        "end": end(),
    },
    at=[8 * HOUR],
    hours={"LE": ""},
    pools={"LE.staff": 1},
)
TWO_AT_ONE_TASK_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T09:15

[instances]
scope          | element  | unit | pool     | person     | status      | enabled          | begin            | complete         | worked | contention
permit/sub:0:0 | a        | LE   | LE.staff | LE.staff/1 | interrupted | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H   | PT0S
permit/sub:0:0 | a        | LE   | LE.staff |            | withdrawn   | 2026-01-05T08:00 | -                | 2026-01-05T09:00 | PT0S   | PT1H
permit         | escalate | LE   | LE.staff | LE.staff/1 | completed   | 2026-01-05T09:00 | 2026-01-05T09:00 | 2026-01-05T09:15 | PT15M  | PT0S

[movements]
from   | to   | left             | event | critical
source | 0    | 2026-01-05T08:00 | PT0S  | yes
source | 2    | 2026-01-05T08:00 | PT60M | no
0      | 2    | 2026-01-05T09:00 | PT0S  | yes
2      | sink | 2026-01-05T09:15 | PT0S  | yes
"""

EXAMPLES = {
    "two tokens at one task": (TWO_AT_ONE_TASK, TWO_AT_ONE_TASK_LOG),
    "one running, one queued": (one_running_one_queued(60), CANCELLED_LOG),
    "one running, one queued, since one instant": (one_running_one_queued(0), CANCELLED_AT_A_TIE_LOG),
    "nested": (NESTED, NESTED_LOG),
    "error inside": (ERROR_INSIDE, ERROR_INSIDE_LOG),
    "freed in document order": (FREED_IN_DOCUMENT_ORDER, FREED_IN_DOCUMENT_ORDER_LOG),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_column_of_every_row(example: str) -> None:
    run, text = EXAMPLES[example]
    assert_log(log_of(run), text, "permit")


@pytest.mark.parametrize("example", EXAMPLES)
def test_saved_and_loaded_at_every_instant(example: str) -> None:
    assert_saved_and_loaded(EXAMPLES[example][0])
