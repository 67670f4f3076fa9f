"""Origins of tokens that merged (H5, H7, H8), from rows that were made by hand."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmnmap.eventlog import rows as r
from bpmnmap.eventlog.origins import walk
from tests.eventlog.row_builder import RowBuilder

Movement = tuple[int, int, tuple[int, ...], bool]


def movements(build: RowBuilder, *, chunk: int = r.CHUNK) -> list[tuple[int, Movement]]:
    """Row to which a movement leads; row from which, left, parts (dispatch, transfer, event, synchronization), critical."""
    rows = build.rows()
    kinds = (rows["code"] & r.KIND_MASK).astype(np.uint8)
    found = walk(rows, kinds, np.flatnonzero(kinds <= r.LAST_INSTANCE_KIND), chunk=chunk)
    parts = [
        found.parts.get(state, np.zeros(len(found.left), dtype=np.int64)) for state in (r.DISPATCH, r.TRANSFER, r.EVENT, r.SYNCHRONIZATION)
    ]
    return [
        (
            int(found.to_row[at]),
            (int(found.from_row[at]), int(found.left[at]), tuple(int(part[at]) for part in parts), bool(found.critical[at])),
        )
        for at in range(len(found.left))
    ]


def into(build: RowBuilder, row: int) -> list[Movement]:
    return [movement for to, movement in movements(build) if to == row]


def two_branches(build: RowBuilder) -> tuple[int, int, int]:
    """A case with two instances, left at 10 and 20."""
    case = build.arrival(0)
    return case, build.instance(case, case, 0, 10), build.instance(case, case, 0, 20)


def test_at_a_merge_the_earlier_token_waits_and_the_last_one_is_critical() -> None:
    build = RowBuilder()
    case, early, late = two_branches(build)
    both = build.merge(case, late, early, 20)
    goal = build.instance(case, both, 25, 30)
    assert into(build, goal) == [(early, 10, (0, 0, 0, 10), False), (late, 20, (0, 0, 0, 0), True)]


def test_what_happened_to_a_token_before_and_after_the_merge_is_in_its_account() -> None:
    build = RowBuilder()
    case, early, late = two_branches(build)
    sent = build.step(r.DISPATCH, case, early, 15)
    there = build.step(r.TRANSFER, case, sent, 18)
    fired = build.step(r.EVENT, case, late, 26)
    both = build.merge(case, fired, there, 26)
    onward = build.step(r.DISPATCH, case, both, 30)
    arrived = build.step(r.TRANSFER, case, onward, 40)
    goal = build.instance(case, arrived, 40, 50)
    assert into(build, goal) == [(early, 10, (5 + 4, 3 + 10, 0, 8), False), (late, 20, (4, 10, 6, 0), True)]


def test_a_copy_of_one_token_that_merges_with_the_other_stands_once() -> None:
    """One instance, split in two; one copy waited for the other: the account is that of the one that came last."""
    build = RowBuilder()
    case = build.arrival(0)
    task = build.instance(case, case, 0, 10)
    slow = build.step(r.EVENT, case, task, 40)
    both = build.merge(case, slow, task, 40)
    goal = build.instance(case, both, 40, 50)
    assert into(build, goal) == [(task, 10, (0, 0, 30, 0), True)]


def test_an_origin_that_comes_in_doubled_and_is_not_critical_has_the_account_of_the_later_token() -> None:
    """X = task with early; Y = late: X comes first, then a second copy of task, then Y, which fires."""
    build = RowBuilder()
    case, task, late = two_branches(build)
    early = build.instance(case, case, 0, 12)
    first = build.merge(case, early, task, 12)
    second = build.step(r.EVENT, case, task, 15)
    x = build.merge(case, second, first, 15)
    y = build.merge(case, late, x, 20)
    goal = build.instance(case, y, 20, 30)
    assert into(build, goal) == [
        (early, 12, (0, 0, 0, 3 + 5), False),
        (task, 10, (0, 0, 5, 5), False),
        (late, 20, (0, 0, 0, 0), True),
    ]


def test_origins_stand_as_they_joined_also_where_merges_are_nested() -> None:
    """((a, b), (c, d)), in which each second fires: a b c d; a wait of the inner merge's origins goes on at the outer one."""
    build = RowBuilder()
    case = build.arrival(0)
    a, b, c, d = (build.instance(case, case, 0, at) for at in (10, 11, 12, 13))
    inner = build.merge(case, b, a, 11)
    outer = build.merge(case, d, c, 13)
    all_four = build.merge(case, outer, inner, 13)
    goal = build.instance(case, all_four, 14, 15)
    assert into(build, goal) == [
        (a, 10, (0, 0, 0, 3), False),
        (b, 11, (0, 0, 0, 2), False),
        (c, 12, (0, 0, 0, 1), False),
        (d, 13, (0, 0, 0, 0), True),
    ]


def test_a_join_of_three_is_two_merges_in_a_row() -> None:
    build = RowBuilder()
    case = build.arrival(0)
    a, b, c = (build.instance(case, case, 0, at) for at in (10, 11, 12))
    last_two = build.merge(case, c, b, 12)
    goal = build.instance(case, build.merge(case, last_two, a, 12), 12, 15)
    assert [(origin, critical) for origin, _, _, critical in into(build, goal)] == [(a, False), (b, False), (c, True)]


def test_a_split_copies_all_origins_and_the_critical_mark() -> None:
    build = RowBuilder()
    case, early, late = two_branches(build)
    both = build.merge(case, late, early, 20)
    goals = [build.instance(case, both, 20, 30), build.instance(case, build.step(r.EVENT, case, both, 25), 25, 30)]
    assert into(build, goals[0]) == [(early, 10, (0, 0, 0, 10), False), (late, 20, (0, 0, 0, 0), True)]
    assert into(build, goals[1]) == [(early, 10, (0, 0, 5, 10), False), (late, 20, (0, 0, 5, 0), True)]


def test_a_running_instance_that_a_token_left_is_the_origin_at_that_moment() -> None:
    build = RowBuilder()
    case = build.arrival(0)
    task = build.instance(case, case, 0, 100)
    left = build.left(case, task, 40)
    goal = build.instance(case, build.step(r.TRANSFER, case, left, 45), 45, 50)
    assert into(build, goal) == [(task, 40, (0, 5, 0, 0), True)]


def test_an_instance_that_was_left_twice_stands_once_with_the_later_token() -> None:
    """Copies left at 40 and at 60 merge: one row, left 60."""
    build = RowBuilder()
    case = build.arrival(0)
    task = build.instance(case, case, 0, 100)
    early, late = build.left(case, task, 40), build.left(case, task, 60)
    goal = build.instance(case, build.merge(case, late, early, 60), 60, 70)
    assert into(build, goal) == [(task, 60, (0, 0, 0, 0), True)]


def test_source_is_an_origin_like_any_other() -> None:
    build = RowBuilder()
    case, early, _ = two_branches(build)
    waited = build.step(r.EVENT, case, case, 30)
    goal = build.end(case, build.merge(case, waited, early, 30), 30)
    assert into(build, goal) == [(early, 10, (0, 0, 0, 20), False), (case, 0, (0, 0, 30, 0), True)]


def test_instances_in_the_tables_order_then_ends_in_order_of_time() -> None:
    build = RowBuilder()
    case = build.arrival(0)
    first_end = build.end(case, case, 5)
    task = build.instance(case, case, 0, 10)
    last_end = build.end(case, task, 10)
    assert [to for to, _ in movements(build)] == [task, first_end, last_end]


def diamonds(count: int, *, wait: int) -> tuple[RowBuilder, int, int]:
    """A token that splits and merges again so often: one copy waits in an event, the other for it."""
    build = RowBuilder()
    case = build.arrival(0)
    task = ref = build.instance(case, case, 0, 1)
    for number in range(1, count + 1):
        slow = build.step(r.EVENT, case, ref, 1 + number * wait)
        ref = build.merge(case, slow, ref, 1 + number * wait)
    return build, task, build.instance(case, ref, 1 + count * wait, 1 + count * wait)


@pytest.mark.parametrize("count", [1, 6, 64, 65, 2_000])
def test_many_splits_and_merges_in_a_row_do_not_double_the_walks(count: int) -> None:
    build, task, goal = diamonds(count, wait=3)
    assert into(build, goal) == [(task, 1, (0, 0, 3 * count, 0), True)]


Steps = list[tuple[int, int, int, int]]


def tangle(steps: Steps) -> RowBuilder:
    """Any tokens in any states that merge with any that were there before."""
    build = RowBuilder()
    case = build.arrival(0)
    tokens = [case, build.instance(case, case, 0, 1), build.instance(case, case, 0, 2)]
    now = 2
    for last, other, time, kind in steps:
        now += time
        tokens.append(build.step(kind, case, tokens[last % len(tokens)], now))
        tokens.append(build.merge(case, tokens[-1], tokens[other % (len(tokens) - 1)], now))
        build.instance(case, tokens[-1], now, now + 1)
    return build


def by_definition(build: RowBuilder) -> list[tuple[int, Movement]]:
    """What the page says, row by row: at a merge the other token's origins, then those of the one that fired; doubled ones once."""
    rows = build.rows()
    kinds = rows["code"] & r.KIND_MASK
    states = (r.DISPATCH, r.TRANSFER, r.EVENT, r.SYNCHRONIZATION)

    @cache
    def behind(row: int) -> list[Movement]:
        kind, end, ref = int(kinds[row]), int(rows["end"][row]), int(rows["ref"][row]) >> r.ROW_SHIFT
        if kind < r.DISPATCH:
            return [(row, end, (0, 0, 0, 0), True)]
        if kind == r.MERGE:
            other = int(rows["start"][row]) >> r.ROW_SHIFT
            waited = spent(behind(other), r.SYNCHRONIZATION, end - int(rows["end"][other]), critical=False)
            joined = [*waited, *behind(ref)]
            return [each for at, each in enumerate(joined) if each[0] not in {later[0] for later in joined[at + 1 :]}]
        return spent(behind(ref), kind, end - int(rows["end"][ref]))

    def spent(movements: list[Movement], state: int, time: int, *, critical: bool = True) -> list[Movement]:
        added = [time if each == state else 0 for each in states]
        return [
            (origin, left, tuple(map(sum, zip(parts, added, strict=True))), mark and critical) for origin, left, parts, mark in movements
        ]

    instances = np.flatnonzero(kinds <= r.LAST_INSTANCE_KIND).tolist()
    return [(row, movement) for row in instances for movement in behind(int(rows["ref"][row]) >> r.ROW_SHIFT)]


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 5), st.sampled_from([r.DISPATCH, r.TRANSFER, r.EVENT])),
        max_size=30,
    ),
    chunk=st.sampled_from([1, 3, r.CHUNK]),
)
def test_any_tangle_of_tokens_is_as_defined(steps: Steps, chunk: int) -> None:
    build = tangle(steps)
    found = movements(build, chunk=chunk)
    assert found == by_definition(build)
    rows = build.rows()
    for to, (_, left, parts, _) in found:
        assert left + sum(parts) == int(rows["end"][int(rows["ref"][to]) >> r.ROW_SHIFT])  # H21, up to enabling
