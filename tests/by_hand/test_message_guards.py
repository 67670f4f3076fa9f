"""Messages that interrupt or leave a task (H16–H18, H8), as hand-written Programs: every column of every row."""

from __future__ import annotations

import pytest

from bpmnmap.simulation.plan import Plan
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.sketch import HOUR, cancel, end, fork, leave, plan, scope, send, start, take, work
from tests.by_hand.tables import assert_log


def recalled(prepare: float, register: float, *, interrupts: bool) -> Plan:
    """Review, with a message event at it; Prepare sends the message, Register leads to Review."""
    goes_on = cancel("recall", inside="guarded") if interrupts else leave("recall", inside="guarded")
    return plan(
        {
            "start": start("split", at="FO"),
            "split": fork("prepare", "register"),
            "prepare": work("send", prepare, at="FO"),
            "send": send("end", "message"),
            "register": work("guarded", register, at="FO"),
            "guarded": scope("review", ["message"], then="end", at="FO", grouping=False),
            "review": work("reviewed", 300, at="FO", pool="FO.staff", inside="guarded"),
            "reviewed": end(inside="guarded"),
            "message": take("goes_on", inside="guarded"),
            "goes_on": goes_on,
            "recall": work("end", 15, at="FO"),
            "end": end(),
        },
        at=[8 * HOUR],
        hours={"FO": ""},
        pools={"FO.staff": 1},
    )


# What a message brings joins, and came last (H16, H8).
RECALLED_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T10:15

[instances]
element  | unit | person     | status      | enabled          | begin            | complete         | worked
prepare  | FO   |            | completed   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T10:00 | PT2H
register | FO   |            | completed   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H
review   | FO   | FO.staff/1 | interrupted | 2026-01-05T09:00 | 2026-01-05T09:00 | 2026-01-05T10:00 | PT1H
recall   | FO   |            | completed   | 2026-01-05T10:00 | 2026-01-05T10:00 | 2026-01-05T10:15 | PT15M

[movements]
from   | to   | left             | critical
source | 0    | 2026-01-05T08:00 | yes
source | 1    | 2026-01-05T08:00 | yes
1      | 2    | 2026-01-05T09:00 | yes
2      | 3    | 2026-01-05T10:00 | no
0      | 3    | 2026-01-05T10:00 | yes
0      | sink | 2026-01-05T10:00 | yes
3      | sink | 2026-01-05T10:15 | yes
"""

# The message has waited for an hour when Review is entered: Review is withdrawn at once; the token that entered came last.
RECALLED_AT_ONCE_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T09:15

[instances]
element  | unit | pool     | person | status    | enabled          | begin            | complete         | worked
prepare  | FO   |          |        | completed | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
register | FO   |          |        | completed | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H
review   | FO   | FO.staff |        | withdrawn | 2026-01-05T09:00 | -                | 2026-01-05T09:00 | PT0S
recall   | FO   |          |        | completed | 2026-01-05T09:00 | 2026-01-05T09:00 | 2026-01-05T09:15 | PT15M

[movements]
from   | to   | left             | synchronization | critical
source | 0    | 2026-01-05T08:00 | PT0S            | yes
source | 1    | 2026-01-05T08:00 | PT0S            | yes
0      | 3    | 2026-01-05T08:30 | PT30M           | no
1      | 3    | 2026-01-05T09:00 | PT0S            | yes
0      | sink | 2026-01-05T08:30 | PT0S            | yes
3      | sink | 2026-01-05T09:15 | PT0S            | yes
"""

# The same, not interrupting: Recall has a copy of the token that entered, and Review is worked.
COPIED_AT_ONCE_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T14:00

[instances]
element  | unit | person     | enabled          | begin            | complete         | worked
prepare  | FO   |            | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
register | FO   |            | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H
review   | FO   | FO.staff/1 | 2026-01-05T09:00 | 2026-01-05T09:00 | 2026-01-05T14:00 | PT5H
recall   | FO   |            | 2026-01-05T09:00 | 2026-01-05T09:00 | 2026-01-05T09:15 | PT15M

[movements]
from   | to   | left             | synchronization | critical
source | 0    | 2026-01-05T08:00 | PT0S            | yes
source | 1    | 2026-01-05T08:00 | PT0S            | yes
1      | 2    | 2026-01-05T09:00 | PT0S            | yes
0      | 3    | 2026-01-05T08:30 | PT30M           | no
1      | 3    | 2026-01-05T09:00 | PT0S            | yes
0      | sink | 2026-01-05T08:30 | PT0S            | yes
3      | sink | 2026-01-05T09:15 | PT0S            | yes
2      | sink | 2026-01-05T14:00 | PT0S            | yes
"""

EXAMPLES = {
    "message interrupts": (recalled(120, 60, interrupts=True), RECALLED_LOG),
    "message interrupts at once": (recalled(30, 60, interrupts=True), RECALLED_AT_ONCE_LOG),
    "message copies at once": (recalled(30, 60, interrupts=False), COPIED_AT_ONCE_LOG),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_column_of_every_row(example: str) -> None:
    run, text = EXAMPLES[example]
    assert_log(log_of(run), text, "permit")


@pytest.mark.parametrize("example", EXAMPLES)
def test_saved_and_loaded_at_every_instant(example: str) -> None:
    assert_saved_and_loaded(EXAMPLES[example][0])
