"""Tasks that are interrupted, withdrawn or left by a timer at them, and a scope that is left (H15–H18), as hand-written Programs: every column of every row."""

from __future__ import annotations

import pytest

from bpmnmap.simulation.plan import Plan
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.sketch import HOUR, Travel, cancel, end, fork, leave, plan, scope, start, wait, work
from tests.by_hand.tables import assert_log


def guarded_review(legal_hours: str, *, interrupts: bool, minutes: float) -> Plan:
    """Review, with a timer of an hour at it, from which it goes to the head's, half an hour away."""
    goes_on = cancel("remind", inside="guarded") if interrupts else leave("remind", inside="guarded")
    return plan(
        {
            "start": start("prepare", at="FO"),
            "prepare": work("guarded", 60, at="FO", pool="FO.staff"),
            "guarded": scope("review", ["timer"], then="file", at="LE", grouping=False),
            "review": work("reviewed", minutes, at="LE", pool="LE.staff", inside="guarded"),
            "reviewed": end(inside="guarded"),
            "timer": wait("goes_on", 60, inside="guarded"),
            "goes_on": goes_on,
            "remind": work("end", 15, at="HD", pool="HD.head"),
            "file": work("end", 15, at="FO", pool="FO.staff"),
            "end": end(),
        },
        at=[8 * HOUR],
        hours={"FO": "", "LE": legal_hours, "HD": ""},
        pools={"FO.staff": 1, "LE.staff": 1, "HD.head": 1},
        travel={("LE", "HD"): Travel(30)},
    )


# H16: the new token has the interrupted instance as its only origin, left = now; the movement into it stays.
INTERRUPTED_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T10:45

[instances]
element | unit | person     | status      | enabled          | begin            | complete         | worked
prepare | FO   | FO.staff/1 | completed   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H
review  | LE   | LE.staff/1 | interrupted | 2026-01-05T09:00 | 2026-01-05T09:00 | 2026-01-05T10:00 | PT1H
remind  | HD   | HD.head/1  | completed   | 2026-01-05T10:30 | 2026-01-05T10:30 | 2026-01-05T10:45 | PT15M

[movements]
from   | to   | left             | transfer
source | 0    | 2026-01-05T08:00 | PT0S
0      | 1    | 2026-01-05T09:00 | PT0S
1      | 2    | 2026-01-05T10:00 | PT30M
2      | sink | 2026-01-05T10:45 | PT0S
"""

# H17, started: the running instance is the new token's only origin, left = now; it goes on, and is left once more.
LEFT_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T12:15

[instances]
element | unit | person     | enabled          | begin            | complete         | worked
prepare | FO   | FO.staff/1 | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H
review  | LE   | LE.staff/1 | 2026-01-05T09:00 | 2026-01-05T09:00 | 2026-01-05T12:00 | PT3H
remind  | HD   | HD.head/1  | 2026-01-05T10:30 | 2026-01-05T10:30 | 2026-01-05T10:45 | PT15M
file    | FO   | FO.staff/1 | 2026-01-05T12:00 | 2026-01-05T12:00 | 2026-01-05T12:15 | PT15M

[movements]
from   | to   | left             | transfer
source | 0    | 2026-01-05T08:00 | PT0S
0      | 1    | 2026-01-05T09:00 | PT0S
1      | 2    | 2026-01-05T10:00 | PT30M
1      | 3    | 2026-01-05T12:00 | PT0S
2      | sink | 2026-01-05T10:45 | PT0S
3      | sink | 2026-01-05T12:15 | PT0S
"""

# H17, queued until 12:00: a copy of the token that entered, the time since entering is event.
LEFT_IN_THE_QUEUE_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T15:15

[instances]
element | unit | person     | enabled          | begin            | complete         | worked | unavailability
prepare | FO   | FO.staff/1 | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H   | PT0S
review  | LE   | LE.staff/1 | 2026-01-05T09:00 | 2026-01-05T12:00 | 2026-01-05T15:00 | PT3H   | PT3H
remind  | HD   | HD.head/1  | 2026-01-05T10:30 | 2026-01-05T10:30 | 2026-01-05T10:45 | PT15M  | PT0S
file    | FO   | FO.staff/1 | 2026-01-05T15:00 | 2026-01-05T15:00 | 2026-01-05T15:15 | PT15M  | PT0S

[movements]
from   | to   | left             | event | transfer
source | 0    | 2026-01-05T08:00 | PT0S  | PT0S
0      | 1    | 2026-01-05T09:00 | PT0S  | PT0S
0      | 2    | 2026-01-05T09:00 | PT60M | PT30M
1      | 3    | 2026-01-05T15:00 | PT0S  | PT0S
2      | sink | 2026-01-05T10:45 | PT0S  | PT0S
3      | sink | 2026-01-05T15:15 | PT0S  | PT0S
"""

# H15: the timer at Review counts from its entering, at 11:00, when the courier has brought it; not from 09:00, when Prepare was left.
ENTERED_AFTER_TRAVEL = plan(
    {
        "start": start("prepare", at="FO"),
        "prepare": work("guarded", 60, at="FO", pool="FO.staff"),
        "guarded": scope("review", ["timer"], then="end", at="LE", grouping=False),
        "review": work("reviewed", 300, at="LE", pool="LE.staff", inside="guarded"),
        "reviewed": end(inside="guarded"),
        "timer": wait("interrupt", 60, inside="guarded"),
        "interrupt": cancel("escalate", inside="guarded"),
        "escalate": work("end", 15, at="LE", pool="LE.staff"),
        "end": end(),
    },
    at=[8 * HOUR],
    hours={"FO": "", "LE": ""},
    pools={"FO.staff": 1, "LE.staff": 1},
    travel={("FO", "LE"): Travel(60, "Mon-Fri 10:00")},
)
ENTERED_AFTER_TRAVEL_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T12:15

[instances]
element  | unit | person     | status      | enabled          | begin            | complete         | worked
prepare  | FO   | FO.staff/1 | completed   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H
review   | LE   | LE.staff/1 | interrupted | 2026-01-05T11:00 | 2026-01-05T11:00 | 2026-01-05T12:00 | PT1H
escalate | LE   | LE.staff/1 | completed   | 2026-01-05T12:00 | 2026-01-05T12:00 | 2026-01-05T12:15 | PT15M

[movements]
from   | to   | left             | dispatch | transfer
source | 0    | 2026-01-05T08:00 | PT0S     | PT0S
0      | 1    | 2026-01-05T09:00 | PT60M    | PT60M
1      | 2    | 2026-01-05T12:00 | PT0S     | PT0S
2      | sink | 2026-01-05T12:15 | PT0S     | PT0S
"""

LEFT_SCOPE = plan(
    {
        "start": start("prepare", at="FO"),
        "prepare": work("review", 60, at="FO", pool="FO.staff"),
        "review": scope("all", ["timer"], then="file", at="LE"),
        "all": fork("a", "c", "pause", inside="review"),
        "a": work("a_ends", 240, at="LE", pool="LE.staff", inside="review"),
        "a_ends": end(inside="review"),
        "c": work("c_ends", 30, at="FO", pool="FO.staff", inside="review"),
        "c_ends": end(inside="review"),
        "pause": wait("b", 60, inside="review"),
        "b": work("b_ends", 30, at="LE", pool="LE.staff", inside="review"),
        "b_ends": end(inside="review"),
        "timer": wait("aside", 120, inside="review"),
        "aside": leave("remind", inside="review"),
        "remind": work("end", 15, at="HD", pool="HD.head"),
        "file": work("end", 15, at="FO", pool="FO.staff"),
        "end": end(),
    },
    at=[7 * HOUR],
    hours={"FO": "", "LE": "", "HD": ""},
    pools={"FO.staff": 1, "LE.staff": 1, "HD.head": 1},
)
# At 10:00 A runs (since 08:00), C waits at the scope's end (since 08:30), B is queued (since 09:00, after a pause of 60): Remind has copies
# of all three. The scope runs on: A ends 12:00, B 12:30, and all merge.
LEFT_SCOPE_LOG = """
[cases]
arrived          | ended
2026-01-05T07:00 | 2026-01-05T12:45

[instances]
scope             | element | unit | person     | enabled          | begin            | complete         | worked | contention
permit            | prepare | FO   | FO.staff/1 | 2026-01-05T07:00 | 2026-01-05T07:00 | 2026-01-05T08:00 | PT1H   | PT0S
permit/review:0:0 | a       | LE   | LE.staff/1 | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T12:00 | PT4H   | PT0S
permit/review:0:0 | c       | FO   | FO.staff/1 | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M  | PT0S
permit/review:0:0 | b       | LE   | LE.staff/1 | 2026-01-05T09:00 | 2026-01-05T12:00 | 2026-01-05T12:30 | PT30M  | PT3H
permit            | remind  | HD   | HD.head/1  | 2026-01-05T10:00 | 2026-01-05T10:00 | 2026-01-05T10:15 | PT15M  | PT0S
permit            | file    | FO   | FO.staff/1 | 2026-01-05T12:30 | 2026-01-05T12:30 | 2026-01-05T12:45 | PT15M  | PT0S

[movements]
from   | to   | left             | event  | synchronization | critical
source | 0    | 2026-01-05T07:00 | PT0S   | PT0S            | yes
0      | 1    | 2026-01-05T08:00 | PT0S   | PT0S            | yes
0      | 2    | 2026-01-05T08:00 | PT0S   | PT0S            | yes
0      | 3    | 2026-01-05T08:00 | PT60M  | PT0S            | yes
1      | 4    | 2026-01-05T10:00 | PT0S   | PT0S            | no
2      | 4    | 2026-01-05T08:30 | PT0S   | PT90M           | no
0      | 4    | 2026-01-05T08:00 | PT120M | PT0S            | yes
2      | 5    | 2026-01-05T08:30 | PT0S   | PT240M          | no
1      | 5    | 2026-01-05T12:00 | PT0S   | PT30M           | no
3      | 5    | 2026-01-05T12:30 | PT0S   | PT0S            | yes
4      | sink | 2026-01-05T10:15 | PT0S   | PT0S            | yes
5      | sink | 2026-01-05T12:45 | PT0S   | PT0S            | yes
"""

EXAMPLES = {
    "interrupted": (guarded_review("", interrupts=True, minutes=180), INTERRUPTED_LOG),
    "left while running": (guarded_review("", interrupts=False, minutes=180), LEFT_LOG),
    "left while queued": (guarded_review("Mon-Fri 12:00-18:00", interrupts=False, minutes=180), LEFT_IN_THE_QUEUE_LOG),
    "a scope left": (LEFT_SCOPE, LEFT_SCOPE_LOG),
    "entered after travel": (ENTERED_AFTER_TRAVEL, ENTERED_AFTER_TRAVEL_LOG),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_column_of_every_row(example: str) -> None:
    run, text = EXAMPLES[example]
    assert_log(log_of(run), text, "permit")


@pytest.mark.parametrize("example", EXAMPLES)
def test_saved_and_loaded_at_every_instant(example: str) -> None:
    assert_saved_and_loaded(EXAMPLES[example][0])
