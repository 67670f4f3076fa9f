from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.analysis.handoff_rows import PARTS, Delay, HandoffRow
from bpmnmap.analysis.handoffs import handoff_delays
from bpmnmap.durations import HOUR_US, MINUTE_US
from bpmnmap.errors import EventLogError
from bpmnmap.eventlog.log import EventLog, OpenSpans
from tests.analysis.random_logs import random_log
from tests.analysis.slow_table import Key, slow_rows
from tests.eventlog.log_builder import LogBuilder, joined_branches

T_1 = math.tan(math.pi * 0.475)  # t(0.975, 1): one degree of freedom is Cauchy's distribution
MINUTE = 60.0
HOURS = {"FO": OpenSpans(np.array([8, 32]) * HOUR_US, np.array([15, 39]) * HOUR_US)}


def near(value: float | None, rel: float = 1e-12) -> Any:
    return pytest.approx(value, rel=rel)


def one_handoff(*delays: int, status: str = "completed", counted: bool = True, builder: LogBuilder | None = None) -> LogBuilder:
    """A case per delay: Check (FO) for 10 minutes, on to Inspect (TO) for 20, to the end; all waiting is contention."""
    builder = builder or LogBuilder()
    for delay in delays:
        ended = 30 + delay
        case = builder.case(0, ended if status == "completed" else None, status, counted=counted)
        check = builder.instance(case, "Check", "FO", 0, 10)
        inspect = builder.instance(case, "Inspect", "TO", 10 + delay, ended, contention=delay)
        builder.movement(None, check, case, 0)
        builder.movement(check, inspect, case, 10)
        builder.movement(inspect, None, case, ended)
    return builder


def by_pair(rows: Sequence[HandoffRow]) -> dict[tuple[str | None, str | None], HandoffRow]:
    assert len({(row.from_, row.to) for row in rows}) == len(rows)
    return {(row.from_, row.to): row for row in rows}


def test_two_replications_by_hand() -> None:
    table = handoff_delays([one_handoff(0, 10, 20).log(replication=0), one_handoff(14).log(replication=1)])
    (row,) = table.rows
    assert (row.from_, row.to, row.count, row.per_case, row.replications_with_rows) == ("FO", "TO", 4, 1.0, 2)
    # per replication: means 10 and 14, p50 10 and 14, p90 18 and 14; half width = t · |difference| ÷ 2
    assert (row.delay.mean, row.delay.p50, row.delay.p90) == (12 * MINUTE, 12 * MINUTE, 16 * MINUTE)
    half_width = near(T_1 * 2 * MINUTE)
    assert (row.delay.half_width, row.delay.p50_half_width, row.delay.p90_half_width) == (half_width, half_width, half_width)
    assert row.parts == dict.fromkeys(PARTS, 0.0) | {"contention": 12 * MINUTE}
    assert row.parts_half_width == dict.fromkeys(PARTS, 0.0) | {"contention": half_width}
    assert row.critical == 1.0
    assert row.share_of_cycle_time == near((30 / 120 + 14 / 44) / 2, rel=1e-15)
    assert table.cycle_time == Delay(42 * MINUTE, half_width, 42 * MINUTE, half_width, 46 * MINUTE, half_width)
    assert table.cases == {"started": 4, "completed": 4, "unfinished": 0, "stuck": 0}
    assert (table.totals.per_case.mean, table.totals.delay_per_case.mean) == (1.0, 12 * MINUTE)
    assert table.totals.share_of_cycle_time.mean == row.share_of_cycle_time


def test_one_replication_has_no_intervals() -> None:
    table = handoff_delays(one_handoff(5, 7).log())
    (row,) = table
    assert row.delay == Delay(6 * MINUTE, None, 6 * MINUTE, None, near(6.8 * MINUTE), None)
    assert row.parts_half_width == dict.fromkeys(PARTS)
    assert table.totals.per_case.half_width is table.cycle_time.half_width is None


def test_rows_of_source_sink_and_within_a_unit_are_kept_apart() -> None:
    builder = LogBuilder()
    case = builder.case(0, 100)
    check = builder.instance(case, "Check", "FO", 5, 10, unavailability=5)
    file = builder.instance(case, "File", "FO", 12, 20, batching=1, prioritization=1)
    builder.movement(None, check, case, 0)
    builder.movement(check, file, case, 10)
    builder.movement(file, None, case, 20, dispatch=30, event=50)
    builder.movement(None, None, builder.case(0, 3), 0, transfer=3)
    table = handoff_delays(builder.log())
    assert table.rows == ()
    assert [(row.kind, row.from_, row.to, row.count, row.delay.mean) for row in table.other_rows] == [
        ("internal", "FO", "FO", 1, 2 * MINUTE),
        ("source", None, "FO", 1, 5 * MINUTE),
        ("sink", "FO", None, 1, 80 * MINUTE),
        ("sink", None, None, 1, 3 * MINUTE),  # source → sink counts as sink
    ]
    internal, source, sink, through = table.other_rows
    assert internal.parts == dict.fromkeys(PARTS, 0.0) | {"batching": MINUTE, "prioritization": MINUTE}
    assert source.parts == dict.fromkeys(PARTS, 0.0) | {"unavailability": 5 * MINUTE}
    assert sink.parts == dict.fromkeys(PARTS, 0.0) | {"dispatch": 30 * MINUTE, "event": 50 * MINUTE}
    assert through.parts == dict.fromkeys(PARTS, 0.0) | {"transfer": 3 * MINUTE}
    assert sum(row.share_of_cycle_time or 0 for row in table.other_rows) == near((100 + 3 - 13) / 103)
    assert (table.totals.per_case.mean, table.totals.delay_per_case.mean, table.totals.share_of_cycle_time.mean) == (0, 0, 0)


def test_courier() -> None:
    """handoff.md, example 1: dispatch 150 + transfer 60 + unavailability 1020 = 1230."""
    builder = LogBuilder()
    case = builder.case(660, 1930)
    check = builder.instance(case, "Check", "PO", 660, 690)
    register = builder.instance(case, "Register", "FO", 1920, 1930, unavailability=1020)
    builder.movement(None, check, case, 660)
    builder.movement(check, register, case, 690, dispatch=150, transfer=60)
    builder.movement(register, None, case, 1930)
    (row,) = handoff_delays(builder.log())
    assert row.delay.mean == 1230 * MINUTE
    assert row.parts == dict.fromkeys(PARTS, 0.0) | {"dispatch": 150 * MINUTE, "transfer": 60 * MINUTE, "unavailability": 1020 * MINUTE}


def test_join_gives_the_receivers_parts_to_each_row() -> None:
    """handoff.md, example 2: Inspect → Decide 120 + 60 + 60 + 10, not critical; Memo → Decide 10, internal, critical."""
    table = handoff_delays(joined_branches().log(), by="activity")
    (handoff,), (internal, *_) = table.rows, table.other_rows
    assert (handoff.from_, handoff.to, handoff.delay.mean, handoff.critical, handoff.share_of_cycle_time) == (
        "Inspect",
        "Decide",
        250 * MINUTE,
        0,
        0,
    )
    parts = {"dispatch": 120 * MINUTE, "transfer": 60 * MINUTE, "synchronization": 60 * MINUTE, "contention": 10 * MINUTE}
    assert handoff.parts == dict.fromkeys(PARTS, 0.0) | parts
    assert (internal.kind, internal.from_, internal.to, internal.delay.mean, internal.critical) == (
        "internal",
        "Memo",
        "Decide",
        10 * MINUTE,
        1,
    )
    assert internal.share_of_cycle_time == 10 / 380


def test_activities_of_one_name_in_several_units_make_rows_of_both_kinds() -> None:
    builder = LogBuilder()
    for unit in ("FO", "TO"):
        case = builder.case(0, 20)
        check, sign = builder.instance(case, "Check", "FO", 0, 10), builder.instance(case, "Sign", unit, 10, 20)
        builder.movement(check, sign, case, 10)
    table = handoff_delays(builder.log(), by="activity")
    assert [(row.kind, row.from_, row.to) for row in (*table.rows, *table.other_rows)] == [
        ("handoff", "Check", "Sign"),
        ("internal", "Check", "Sign"),
    ]


def test_only_counted_cases_count_and_unfinished_ones_do() -> None:
    builder = one_handoff(4)
    one_handoff(8, status="unfinished", builder=builder)
    one_handoff(12, status="stuck", builder=builder)
    one_handoff(1000, counted=False, builder=builder)
    table = handoff_delays(builder.log())
    (row,) = table
    assert (row.count, row.per_case, row.delay.mean) == (3, 1.0, 8 * MINUTE)
    assert (row.critical, row.share_of_cycle_time) == (1.0, 4 / 34)  # of completed cases
    assert table.cycle_time.mean == 34 * MINUTE
    assert table.cases == {"started": 3, "completed": 1, "unfinished": 1, "stuck": 1}


def test_pair_without_a_completed_case_has_no_critical_share() -> None:
    table = handoff_delays(one_handoff(8, status="unfinished").log())
    (row,) = table
    assert (row.count, row.critical, row.share_of_cycle_time) == (1, None, None)
    assert table.cycle_time == Delay(None, None, None, None, None, None)


def test_replication_without_the_pair_counts_nothing_per_case_and_is_left_out_elsewhere() -> None:
    without = LogBuilder()
    without.movement(None, None, without.case(0, 10), 0, event=10)
    table = handoff_delays([one_handoff(6).log(), without.log(), one_handoff(10).log()])
    (row,) = table
    assert (row.count, row.replications_with_rows, table.replications) == (2, 2, 3)
    assert row.per_case == near(2 / 3, rel=1e-15)
    assert (row.delay.mean, row.delay.half_width) == (8 * MINUTE, near(T_1 * 2 * MINUTE))
    assert row.share_of_cycle_time == near((6 / 36 + 10 / 40) / 2, rel=1e-15)
    assert table.totals.per_case.mean == near(2 / 3, rel=1e-15)
    assert table.totals.share_of_cycle_time.mean == near((6 / 36 + 10 / 40) / 3, rel=1e-15)


def test_replication_without_counted_cases_is_left_out_and_counted() -> None:
    table = handoff_delays([one_handoff(6).log(), one_handoff(99, counted=False).log(), LogBuilder().log()])
    (row,) = table
    assert (row.per_case, row.delay.mean, row.delay.half_width, row.replications_with_rows) == (1.0, 6 * MINUTE, None, 1)
    assert (table.replications, table.replications_without_cases, table.totals.per_case.n) == (3, 2, 1)


def test_widest_mean_delay_comes_first_then_names() -> None:
    builder = LogBuilder()
    case = builder.case(0, None, "unfinished")
    for origin, goal, delay in (("B", "C", 5), ("A", "D", 5), ("A", "B", 9), ("A", "C", 5)):
        left = builder.instance(case, origin, origin, 0, 10)
        builder.movement(left, builder.instance(case, goal, goal, 10 + delay, 20, contention=delay), case, 10)
    assert [(row.from_, row.to) for row in handoff_delays(builder.log())] == [("A", "B"), ("A", "C"), ("A", "D"), ("B", "C")]


def working_log() -> EventLog:
    """FO is open 08:00 to 15:00 (the second day too), TO always; two rows into FO, one into TO, one to sink from FO."""
    builder = LogBuilder()
    case = builder.case(0, 2340)
    a = builder.instance(case, "A", "TO", 0, 840)  # left at 14:00
    b = builder.instance(case, "B", "FO", 1980, 2000, unavailability=1140)  # starts 09:00 next day: 60 + 60 open
    c = builder.instance(case, "C", "FO", 2005, 2280, contention=5)
    d = builder.instance(case, "D", "TO", 2290, 2300, contention=10)
    builder.movement(None, a, case, 0)
    builder.movement(a, b, case, 840)
    builder.movement(b, c, case, 2000)
    builder.movement(c, d, case, 2280)
    builder.movement(c, None, case, 2280, event=120, critical=False)  # FO closes at 2340: 60 open
    builder.movement(None, None, case, 0, event=2340)
    return builder.log(opening=HOURS | {"TO": None})


def test_working_time_is_open_time_of_the_receiver() -> None:
    table = handoff_delays(working_log(), time="working")
    assert {(row.kind, row.from_, row.to): row.delay.mean for row in (*table.rows, *table.other_rows)} == {
        ("handoff", "TO", "FO"): 120 * MINUTE,
        ("handoff", "FO", "TO"): 10 * MINUTE,
        ("internal", "FO", "FO"): 5 * MINUTE,
        ("source", None, "TO"): 0.0,
        ("sink", "FO", None): 60 * MINUTE,
        ("sink", None, None): 2340 * MINUTE,
    }
    for row in (*table.rows, *table.other_rows):
        assert (row.parts, row.parts_half_width, row.critical, row.share_of_cycle_time) == (None, None, None, None)
    assert table.cycle_time == Delay(None, None, None, None, None, None)
    assert (table.totals.delay_per_case.mean, table.totals.share_of_cycle_time.mean) == (130 * MINUTE, None)


def test_working_time_by_activity_looks_at_each_rows_unit() -> None:
    rows = by_pair(handoff_delays(working_log(), by="activity", time="working").rows)
    assert {pair: row.delay.mean for pair, row in rows.items()} == {("A", "B"): 120 * MINUTE, ("C", "D"): 10 * MINUTE}


def test_elapsed_time_of_the_same_log() -> None:
    rows = by_pair(handoff_delays(working_log()).rows)
    assert {pair: row.delay.mean for pair, row in rows.items()} == {("TO", "FO"): 1140 * MINUTE, ("FO", "TO"): 10 * MINUTE}


def test_working_time_needs_opening_hours() -> None:
    with pytest.raises(EventLogError) as caught:
        handoff_delays(one_handoff(5).log(opening={"FO": None}), time="working")
    (finding,) = caught.value.findings
    assert (finding.code, finding.message) == (
        "unknown-hours",
        "working time needs the opening hours of unit 'TO', which the log does not know",
    )


def test_log_without_rows_gives_an_empty_table() -> None:
    for time in ("elapsed", "working"):
        for by in ("unit", "activity"):
            table = handoff_delays(LogBuilder().log(), by=by, time=time)
            assert (table.rows, table.other_rows, table.cases["started"], table.replications_without_cases) == ((), (), 0, 1)
            assert table.totals.per_case.mean is None


def test_counted_case_without_a_row() -> None:
    builder = LogBuilder()
    builder.case(0, None, "unfinished")
    table = handoff_delays(builder.log())
    assert (table.rows, table.totals.per_case.mean, table.cases["unfinished"]) == ((), 0.0, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"by": "person"}, "by must be 'unit' or 'activity' (got 'person', which is not supported yet)"),
        ({"by": "both"}, "by must be 'unit' or 'activity' (got 'both', which is not supported yet)"),
        ({"by": "color"}, "by must be 'unit' or 'activity' (got 'color')"),
        ({"time": "waking"}, "time must be 'elapsed' or 'working' (got 'waking')"),
        ({"confidence": 2}, "confidence must be between 0 and 1 (got 2)"),
        ({"confidence": 1 - 2**-53}, "confidence must be between 0 and 1 (got 0.9999999999999999)"),
        ({"confidence": 0}, "confidence must be between 0 and 1 (got 0)"),
        ({"confidence": float("nan")}, "confidence must be between 0 and 1 (got nan)"),
    ],
)
def test_wrong_arguments(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  the whole text is compared below
        handoff_delays(LogBuilder().log(), **arguments)  # type: ignore[call-overload]
    assert str(caught.value) == message


def test_times_beyond_53_bits_are_summed_exactly() -> None:
    builder = LogBuilder(unit=1)
    for delay in (2**61, 1, 1):  # the sum is no float
        case = builder.case(0, delay)
        builder.movement(None, builder.instance(case, "A", "FO", delay, delay, contention=delay), case, 0)
    (row,) = handoff_delays(builder.log()).other_rows
    assert row.delay.mean == (2**61 + 2) / 3_000_000
    assert row.parts is not None
    assert row.parts["contention"] == row.delay.mean


@settings(max_examples=40, deadline=None)
@given(st.lists(random_log(), min_size=1, max_size=3), st.sampled_from(["unit", "activity"]))
def test_table_equals_a_slow_recomputation(logs: list[EventLog], by: str) -> None:
    table = handoff_delays(logs, by=by)
    expected = slow_rows(logs, by)
    rows: dict[Key, HandoffRow] = {(row.kind, row.from_, row.to): row for row in (*table.rows, *table.other_rows)}
    assert rows.keys() == expected.keys()
    for key, row in rows.items():
        truth = expected[key]
        assert (row.count, row.replications_with_rows) == (truth["count"], truth["replications"])
        assert row.parts is not None
        found = [row.per_case, row.delay.mean, row.delay.p50, row.delay.p90, row.critical, row.share_of_cycle_time, *row.parts.values()]
        names = ("per_case", "mean", "p50", "p90", "critical", "share")
        for value, fraction in zip(found, [*(truth[name] for name in names), *truth["parts"]], strict=True):
            assert value == (None if fraction is None else near(float(fraction), rel=1e-14))


@settings(max_examples=40, deadline=None)
@given(st.lists(random_log(), min_size=1, max_size=3), st.sampled_from(["unit", "activity"]))
def test_parts_add_up_and_order_is_by_delay(logs: list[EventLog], by: str) -> None:
    table = handoff_delays(logs, by=by)
    for row in (*table.rows, *table.other_rows):
        assert row.parts is not None
        assert sum(part or 0.0 for part in row.parts.values()) == near(row.delay.mean)
    assert [row.delay.mean for row in table.rows] == sorted((row.delay.mean for row in table.rows), key=lambda mean: -(mean or 0.0))
    assert all(row.kind == "handoff" for row in table.rows)


@settings(max_examples=40, deadline=None)
@given(random_log())
def test_one_replication_is_exact_to_the_bit(log: EventLog) -> None:
    """Integer sums and one division: each figure is the float nearest to the truth."""
    expected = slow_rows([log], "unit")
    table = handoff_delays(log)
    for row in (*table.rows, *table.other_rows):
        truth = expected[row.kind, row.from_, row.to]
        for value, name in ((row.per_case, "per_case"), (row.delay.mean, "mean"), (row.delay.p50, "p50"), (row.delay.p90, "p90")):
            assert value == float(Fraction(truth[name]))


@settings(max_examples=40, deadline=None)
@given(st.lists(random_log(), min_size=2, max_size=3))
def test_order_of_replications_changes_no_bit(logs: list[EventLog]) -> None:
    assert handoff_delays(logs).to_json() == handoff_delays(logs[::-1]).to_json()


def test_equal_weight_of_replications() -> None:
    """A replication counts once, however many cases it has."""
    table = handoff_delays([one_handoff(*[10] * 9).log(), one_handoff(20).log()])
    assert table.rows[0].delay.mean == 15 * MINUTE
    assert MINUTE_US == 60_000_000
