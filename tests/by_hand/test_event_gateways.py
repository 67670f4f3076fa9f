"""Event-based gateways, as Opens without a body (H13), as hand-written Programs: every column of every row."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bpmnmap.simulation.plan import Plan
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.sketch import HOUR, Step, Travel, cancel, end, first_of, fork, plan, send, start, take, wait, work
from tests.by_hand.tables import assert_log


def answered(prepare: float, register: float, patience: float, travel: Mapping[tuple[str, str] | str, Travel] | None = None) -> Plan:
    """Register leads to a gateway at the front office that waits for a letter, which Prepare sends, or for so many minutes."""
    return plan(
        {
            "start": start("split", at="FO"),
            "split": fork("prepare", "register"),
            "prepare": work("send", prepare, at="TO"),
            "send": send("sent", "letter"),
            "sent": end(),
            "register": work("race", register, at="FO"),
            "race": first_of("patience", "letter", at="FO"),
            "patience": wait("no_letter", patience, inside="race"),
            "no_letter": cancel("remind", own=True, inside="race"),
            "letter": take("came", inside="race"),
            "came": cancel("book", own=True, inside="race"),
            "remind": work("end", 15, at="FO"),
            "book": work("end", 15, at="FO"),
            "end": end(),
        },
        at=[8 * HOUR],
        hours={"FO": "", "TO": ""},
        travel=travel,
    )


INSTANCES = """
[cases]
arrived          | ended
2026-01-05T08:00 | {ended}

[instances]
element  | unit | enabled          | begin            | complete         | worked
prepare  | TO   | 2026-01-05T08:00 | 2026-01-05T08:00 | {prepared}       | {prepare}
register | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T09:00 | PT1H
{last}   | FO   | {at}             | {at}             | {finished}       | PT15M

[movements]
from   | to   | left             | dispatch   | event   | synchronization   | critical
source | 0    | 2026-01-05T08:00 | PT0S       | PT0S    | PT0S              | yes
source | 1    | 2026-01-05T08:00 | PT0S       | PT0S    | PT0S              | yes
"""


def log_text(prepare: int, last: str, at: str, finished: str, ended: str, *movements: str) -> str:
    """The log of a case whose Prepare takes so many minutes, and in which `last` is worked last."""
    hours, minutes = divmod(8 * 60 + prepare, 60)
    text = INSTANCES.format(
        ended=f"2026-01-05T{ended}", prepared=f"2026-01-05T{hours:02}:{minutes:02}", prepare=f"PT{prepare}M", last=last,
        at=f"2026-01-05T{at}", finished=f"2026-01-05T{finished}",
    )  # fmt: skip
    return text + "\n".join(movements)


# The letter comes at 10:00, before the patience ends at 13:00; Register's wait is event, the letter came last.
LETTER_FIRST_LOG = log_text(
    120, "book", "10:00", "10:15", "10:15",
    "1 | 2    | 2026-01-05T09:00 | PT0S | PT60M | PT0S | no",
    "0 | 2    | 2026-01-05T10:00 | PT0S | PT0S  | PT0S | yes",
    "0 | sink | 2026-01-05T10:00 | PT0S | PT0S  | PT0S | yes",
    "2 | sink | 2026-01-05T10:15 | PT0S | PT0S  | PT0S | yes",
)  # fmt: skip
# The patience ends at 13:00; the letter of 14:00 is never taken and makes no row.
PATIENCE_FIRST_LOG = log_text(
    360, "remind", "13:00", "13:15", "14:00",
    "1 | 2    | 2026-01-05T09:00 | PT0S | PT240M | PT0S | yes",
    "2 | sink | 2026-01-05T13:15 | PT0S | PT0S   | PT0S | yes",
    "0 | sink | 2026-01-05T14:00 | PT0S | PT0S   | PT0S | yes",
)  # fmt: skip
# The letter has been there since 08:30 when the gateway is entered at 09:00; Register came last.
LETTER_WAITS_LOG = log_text(
    30, "book", "09:00", "09:15", "09:15",
    "0 | 2    | 2026-01-05T08:30 | PT0S | PT0S | PT30M | no",
    "1 | 2    | 2026-01-05T09:00 | PT0S | PT0S | PT0S  | yes",
    "0 | sink | 2026-01-05T08:30 | PT0S | PT0S | PT0S  | yes",
    "2 | sink | 2026-01-05T09:15 | PT0S | PT0S | PT0S  | yes",
)  # fmt: skip
# At 13:00 both: the courier's letter was put on its way at 08:30, before the patience began at 09:00, so it is first (H33).
TIE_LETTER_LOG = log_text(
    30, "book", "13:00", "13:15", "13:15",
    "1 | 2    | 2026-01-05T09:00 | PT0S   | PT240M | PT0S | no",
    "0 | 2    | 2026-01-05T08:30 | PT270M | PT0S   | PT0S | yes",
    "0 | sink | 2026-01-05T08:30 | PT0S   | PT0S   | PT0S | yes",
    "2 | sink | 2026-01-05T13:15 | PT0S   | PT0S   | PT0S | yes",
)  # fmt: skip
# At 13:00 both: the letter was put on its way at 09:30, after the patience began.
TIE_PATIENCE_LOG = log_text(
    90, "remind", "13:00", "13:15", "13:15",
    "1 | 2    | 2026-01-05T09:00 | PT0S | PT240M | PT0S | yes",
    "0 | sink | 2026-01-05T09:30 | PT0S | PT0S   | PT0S | yes",
    "2 | sink | 2026-01-05T13:15 | PT0S | PT0S   | PT0S | yes",
)  # fmt: skip
COURIER: dict[tuple[str, str] | str, Travel] = {("TO", "FO"): Travel(rounds="Mon-Fri 13:00")}

# Two letters wait, the gateway is entered: document order decides; the other letter stays where it is.
TWO_LETTERS = plan(
    {
        "start": start("first", at="FO"),
        "first": work("send_b", 30, at="FO"),
        "send_b": send("send_a", "b", channel=1),
        "send_a": send("second", "a", channel=0),
        "second": work("race", 30, at="FO"),
        "race": first_of("a", "b", at="FO"),
        "a": take("a_came", channel=0, inside="race"),
        "a_came": cancel("book_a", own=True, inside="race"),
        "b": take("b_came", channel=1, inside="race"),
        "b_came": cancel("book_b", own=True, inside="race"),
        "book_a": work("end", 15, at="FO"),
        "book_b": work("end", 15, at="FO"),
        "end": end(),
    },
    at=[8 * HOUR],
    hours={"FO": ""},
)
TWO_LETTERS_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T09:15

[instances]
element | unit | enabled          | begin            | complete         | worked
first   | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
second  | FO   | 2026-01-05T08:30 | 2026-01-05T08:30 | 2026-01-05T09:00 | PT30M
book_a  | FO   | 2026-01-05T09:00 | 2026-01-05T09:00 | 2026-01-05T09:15 | PT15M

[movements]
from   | to   | left             | synchronization | critical
source | 0    | 2026-01-05T08:00 | PT0S            | yes
0      | 1    | 2026-01-05T08:30 | PT0S            | yes
0      | 2    | 2026-01-05T08:30 | PT30M           | no
1      | 2    | 2026-01-05T09:00 | PT0S            | yes
2      | sink | 2026-01-05T09:15 | PT0S            | yes
"""


def without_a_place(at: str) -> dict[str, Step]:
    """Check leads to a gateway, at a unit or at none, and on to Archive, at another unit."""
    return {
        "start": start("check", at="FO"),
        "check": work("named > race", 30, at="FO"),
        "race": first_of("hour", at=at),
        "hour": wait("over", 60, inside="race"),
        "over": cancel("archive", own=True, inside="race"),
        "archive": work("end", 15, at="AR"),
        "end": end(),
    }


TO_ARCHIVE: dict[tuple[str, str] | str, Travel] = {"named": Travel(10), ("FO", "AR"): Travel(100), ("TO", "AR"): Travel(30)}
# A gateway that stands nowhere is passed where the token is: one leg, in which a named flow is travelled, so the pair is ignored (H12).
ONE_LEG_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T09:55

[instances]
element | unit | enabled          | begin            | complete         | worked
check   | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
archive | AR   | 2026-01-05T09:40 | 2026-01-05T09:40 | 2026-01-05T09:55 | PT15M

[movements]
from   | to   | left             | transfer | event
source | 0    | 2026-01-05T08:00 | PT0S     | PT0S
0      | 1    | 2026-01-05T08:30 | PT10M    | PT60M
1      | sink | 2026-01-05T09:55 | PT0S     | PT0S
"""
# One that stands at the technical office ends the first leg there, and a second one begins.
TWO_LEGS_LOG = """
[cases]
arrived          | ended
2026-01-05T08:00 | 2026-01-05T10:25

[instances]
element | unit | enabled          | begin            | complete         | worked
check   | FO   | 2026-01-05T08:00 | 2026-01-05T08:00 | 2026-01-05T08:30 | PT30M
archive | AR   | 2026-01-05T10:10 | 2026-01-05T10:10 | 2026-01-05T10:25 | PT15M

[movements]
from   | to   | left             | transfer | event
source | 0    | 2026-01-05T08:00 | PT0S     | PT0S
0      | 1    | 2026-01-05T08:30 | PT40M    | PT60M
1      | sink | 2026-01-05T10:25 | PT0S     | PT0S
"""

THREE_UNITS = {"FO": "", "TO": "", "AR": ""}
EXAMPLES = {
    "letter first": (answered(120, 60, 240), LETTER_FIRST_LOG),
    "patience first": (answered(360, 60, 240), PATIENCE_FIRST_LOG),
    "letter waits": (answered(30, 60, 240), LETTER_WAITS_LOG),
    "both at once, letter scheduled first": (answered(30, 60, 240, COURIER), TIE_LETTER_LOG),
    "both at once, patience scheduled first": (answered(90, 60, 240, COURIER), TIE_PATIENCE_LOG),
    "two letters wait": (TWO_LETTERS, TWO_LETTERS_LOG),
    "one leg through a gateway": (plan(without_a_place(""), at=[8 * HOUR], hours=THREE_UNITS, travel=TO_ARCHIVE), ONE_LEG_LOG),
    "two legs": (plan(without_a_place("TO"), at=[8 * HOUR], hours=THREE_UNITS, travel=TO_ARCHIVE), TWO_LEGS_LOG),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_column_of_every_row(example: str) -> None:
    run, text = EXAMPLES[example]
    assert_log(log_of(run), text, "permit")


@pytest.mark.parametrize("example", EXAMPLES)
def test_saved_and_loaded_at_every_instant(example: str) -> None:
    assert_saved_and_loaded(EXAMPLES[example][0])
