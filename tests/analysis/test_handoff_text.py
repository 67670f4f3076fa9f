from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.analysis.handoffs import handoff_delays
from bpmnmap.durations import DAY_US
from bpmnmap.eventlog.log import EventLog
from tests.analysis.random_logs import random_log
from tests.eventlog.log_builder import LogBuilder

NAMES = {"FO": "Front Office", "TO": "Technical\n Unit", "LE": "Legal"}


def permit_log(scale: int = 1, replication: int = 0) -> EventLog:
    """FO → TO with transfer and contention, within TO, TO → LE with a wait until opening, to the end."""
    builder = LogBuilder(unit=60_000_000 * scale)
    case = builder.case(0, 600 + replication)
    a = builder.instance(case, "A", "FO", 30, 60, contention=30)
    b = builder.instance(case, "B", "TO", 240, 250, contention=20)
    c = builder.instance(case, "C", "TO", 250, 300)
    d = builder.instance(case, "D", "LE", 500, 600, unavailability=200)
    builder.movement(None, a, case, 0)
    builder.movement(a, b, case, 60, transfer=160)
    builder.movement(b, c, case, 250)
    builder.movement(c, d, case, 300)
    builder.movement(d, None, case, 600, dispatch=replication)
    builder.case(700, None, "unfinished")
    return builder.log(
        replication=replication, unit_names=NAMES, assumed=(17, 42), duration_us=90 * DAY_US, warm_up_us=14 * DAY_US,
        opening=dict.fromkeys(("FO", "TO", "LE")),
    )  # fmt: skip


def test_text_of_two_replications() -> None:
    assert (
        str(handoff_delays([permit_log(), permit_log(replication=2)]))
        == """\
Handoff delay in hours, mean per handoff ± 95 % interval; 2 replications of P90D after P14D of warm-up, seed 1
from            to              handoffs/case  dispatch  transfer  unavailability  contention        total   p90  critical
Technical Unit  Legal                    0.50      0.00      0.00            3.33        0.00  3.33 ± 0.00  3.33      1.00
Front Office    Technical Unit           0.50      0.00      2.67            0.00        0.33  3.00 ± 0.00  3.00      1.00

Waiting that is no handoff: within a unit, from arrival to the first start, to the end
Technical Unit  Technical Unit           0.50      0.00      0.00            0.00        0.00  0.00 ± 0.00  0.00      1.00
(arrival)       Front Office             0.50      0.00      0.00            0.00        0.50  0.50 ± 0.00  0.50      1.00
Legal           (end)                    0.50      0.02      0.00            0.00        0.00  0.02 ± 0.21  0.02      1.00

handoffs per case: 1.00 ± 0.00, delay per case: 3.17 ± 0.00 h, on the critical path 63.2 ± 1.3 % of the cycle time
cycle time: 10.02 ± 0.21 h, p90 10.02 ± 0.21 h
cases: 4 started = 2 completed + 2 unfinished + 0 stuck
17 of 42 numbers assumed"""
    )


def test_text_of_working_time() -> None:
    assert (
        str(handoff_delays(permit_log(), time="working"))
        == """\
Handoff delay in working time, in hours, mean per handoff; 1 replication of P90D after P14D of warm-up, seed 1
from            to              handoffs/case  total   p90
Technical Unit  Legal                    0.50   3.33  3.33
Front Office    Technical Unit           0.50   3.00  3.00

Waiting that is no handoff: within a unit, from arrival to the first start, to the end
Technical Unit  Technical Unit           0.50   0.00  0.00
(arrival)       Front Office             0.50   0.50  0.50
Legal           (end)                    0.50   0.00  0.00

handoffs per case: 1.00, delay per case: 3.17 h
cases: 2 started = 1 completed + 1 unfinished + 0 stuck
17 of 42 numbers assumed"""
    )


def test_text_of_an_empty_log() -> None:
    assert (
        str(handoff_delays(LogBuilder().log(seed=None)))
        == """\
Handoff delay in seconds, mean per handoff; 1 replication
from  to  handoffs/case  total  p90  critical
(no handoff)

handoffs per case: –, delay per case: – s
cases: 0 started = 0 completed + 0 unfinished + 0 stuck
1 of 1 replications left out: no counted case"""
    )


def test_what_lacks_in_some_replications_is_told() -> None:
    lines = str(handoff_delays([permit_log(), permit_log(), LogBuilder().log(), only_a_source()])).splitlines()
    assert "1 of 4 replications left out: no counted case" in lines
    assert "2 of 2 pairs do not occur in every replication: means over those in which they do" in lines


def only_a_source() -> EventLog:
    builder = LogBuilder()
    case = builder.case(0, None, "unfinished")
    builder.movement(None, builder.instance(case, "A", "FO", 0, 10), case, 0)
    return builder.log()


def test_row_of_one_replication_among_several_has_no_interval() -> None:
    text = str(handoff_delays([permit_log(), permit_log(), one_handoff("FO", "LE", 600)]))
    front = next(line for line in text.splitlines() if line.startswith("Front Office    Legal"))
    assert front.split()[3:] == ["0.33", "0.00", "0.00", "10.00", "10.00", "10.00", "1.00"]
    assert "10.00         10.00" in front  # where the others have their ± 0.00


def one_handoff(origin: str, goal: str, delay: int) -> EventLog:
    builder = LogBuilder()
    case = builder.case(0, delay)
    a, b = builder.instance(case, "A", origin, 0, 0), builder.instance(case, "B", goal, delay, delay, contention=delay)
    builder.movement(None, a, case, 0)
    builder.movement(a, b, case, 0)
    builder.movement(b, None, case, delay)
    return builder.log()


@pytest.mark.parametrize(
    ("minutes", "unit", "total"),
    [(0, "seconds", "0.00"), (1, "seconds", "60.00"), (2, "minutes", "2.00"), (119, "minutes", "119.00"), (120, "hours", "2.00"), (14399, "hours", "239.98"), (14400, "days", "10.00")],
)  # fmt: skip
def test_unit_of_time_fits(minutes: int, unit: str, total: str) -> None:
    heading, header, row, *_ = str(handoff_delays(one_handoff("FO", "TO", minutes))).splitlines()
    assert heading == f"Handoff delay in {unit}, mean per handoff; 1 replication, seed 1"
    assert row[: header.index("total") + len("total")].split()[-1] == total


def test_working_time_is_never_told_in_days() -> None:
    log = one_handoff("FO", "TO", 60 * 24 * 100)
    log.run.opening.update({"FO": None, "TO": None})
    assert str(handoff_delays(log, time="working")).startswith("Handoff delay in working time, in hours,")


def test_printed_parts_add_up_to_the_printed_total() -> None:
    builder = LogBuilder(unit=1_000)  # milliseconds
    case = builder.case(0, 9_999)
    a, b = builder.instance(case, "A", "FO", 0, 0), builder.instance(case, "B", "TO", 9_999, 9_999, contention=3_333)
    builder.movement(a, b, case, 0, dispatch=3_333, transfer=3_333)
    row = str(handoff_delays(builder.log())).splitlines()[2]
    assert row.split()[3:7] == ["3.34", "3.33", "3.33", "10.00"]  # rounded one by one they would give 9.99


def test_names_that_two_share_are_told_with_their_ids() -> None:
    builder = LogBuilder()
    case = builder.case(0, None, "unfinished")
    tasks = [builder.instance(case, name, unit, 0, 0) for name, unit in (("Task_1", "FO"), ("Task_2", "TO"), ("Task_3", "LE"))]
    builder.movement(tasks[0], tasks[1], case, 0)
    builder.movement(tasks[1], tasks[2], case, 0)
    names = {"Task_1": "Review", "Task_2": " Review\n", "Task_3": "Write the long answer to all who were heard in the case"}
    lines = str(handoff_delays(builder.log(element_names=names), by="activity")).splitlines()
    assert lines[2].startswith("Review (Task_1)  Review (Task_2)                                    1.00")
    assert lines[3].startswith("Review (Task_2)  Write the long answer to all who were h…           1.00")


def test_names_keep_to_their_lines_and_columns() -> None:
    builder = LogBuilder()
    case = builder.case(0, None, "unfinished")
    first, second = builder.instance(case, "A", "FO", 0, 0), builder.instance(case, "B", "TO", 0, 0)
    builder.movement(first, second, case, 0)
    names = {"A": "\x9b31mred", "B": "turned\u202e"}
    _, header, row, *_ = str(handoff_delays(builder.log(element_names=names), by="activity")).splitlines()
    assert row.startswith(r"\x9b31mred  turned\u202e ")
    assert header.startswith("from        to            ")


def test_typical_table_fits_a_wide_terminal() -> None:
    assert max(map(len, str(handoff_delays([permit_log(1000), permit_log(1000, 5)])).splitlines())) <= 140


@settings(max_examples=40, deadline=None)
@given(st.lists(random_log(), min_size=1, max_size=3), st.sampled_from(["unit", "activity"]))
def test_text_adds_up_and_leaves_out_only_what_is_zero(logs: list[EventLog], by: str) -> None:
    table = handoff_delays(logs, by=by)
    _, header, *lines = str(table).splitlines()
    names = header.split()
    parts = names[names.index("handoffs/case") + 1 : names.index("total")]
    rows = (*table.rows, *table.other_rows)
    shown = {name.replace("sync", "synchronization") for name in parts}
    assert shown == {name for row in rows for name, part in (row.parts or {}).items() if part}
    begin = header.index("handoffs/case") + len("handoffs/case")
    for line in lines[: lines.index("")]:
        if line != "(no handoff)":
            *own, total = [round(100 * float(text)) for text in line[begin:].split("±")[0].split()[: len(parts) + 1]]
            assert sum(own) == total or not parts
