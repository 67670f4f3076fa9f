"""Deliveries and firings: one by one, in the order of H33."""

from __future__ import annotations

import simpy
from simpy.events import EventPriority

from bpmnmap.simulation.engine.agenda import DEAD, SITE, Agenda, Entry
from bpmnmap.simulation.engine.scopes import Scope
from tests.by_hand.runs import log_of
from tests.by_hand.sketch import HOUR, end, fork, plan, start, wait, work
from tests.by_hand.tables import cells

Seen = list[tuple[float, int]]


def recording_agenda() -> tuple[simpy.Environment, Agenda, int, Seen]:
    """An agenda with one site, which notes when it takes up which ref."""
    environment = simpy.Environment()
    agenda = Agenda(environment, EventPriority(2))
    seen: Seen = []

    def resume(now: int, _scope: Scope, ref: int, _entry: Entry) -> None:
        assert now == environment.now
        seen.append((now, ref))

    return environment, agenda, agenda.site(resume, 7), seen


def test_earliest_first_and_at_one_instant_as_scheduled() -> None:
    environment, agenda, site, seen = recording_agenda()
    for ref, due in enumerate((50, 20, 50, 90, 20)):
        agenda.add(0, due, site, [], ref, [0])
    environment.run()
    assert seen == [(20, 1), (20, 4), (50, 0), (50, 2), (90, 3)]
    assert agenda.heap == []


def test_an_earlier_entry_that_is_added_later_is_not_late() -> None:
    environment, agenda, site, seen = recording_agenda()
    agenda.add(0, 100, site, [], 0, [0])
    environment.run(until=30)
    agenda.add(30, 40, site, [], 1, [0])
    agenda.add(30, 30, site, [], 2, [0])
    environment.run()
    assert seen == [(30, 2), (40, 1), (100, 0)]


def test_entries_added_at_their_own_instant_come_after_those_that_were_there() -> None:
    environment = simpy.Environment()
    agenda = Agenda(environment, EventPriority(2))
    seen: list[int] = []

    def resume(now: int, scope: Scope, ref: int, _entry: Entry) -> None:
        seen.append(ref)
        if ref < 10:
            agenda.add(now, now, site, scope, ref + 10, [0])

    site = agenda.site(resume, 0)
    for ref in (1, 2):
        agenda.add(0, 5, site, [], ref, [0])
    environment.run()
    assert seen == [1, 2, 11, 12]


def test_a_dead_entry_does_not_fire_and_is_not_living() -> None:
    environment, agenda, site, seen = recording_agenda()
    entries = [agenda.add(0, due, site, [], due, [0]) for due in (10, 20, 20, 30)]
    entries[0][SITE] = entries[2][SITE] = DEAD
    assert [entry[0] for entry in agenda.living()] == [20, 30]
    environment.run()
    assert seen == [(20, 20), (30, 30)]


def test_an_entry_that_fires_can_no_longer_be_killed() -> None:
    environment, agenda, site, seen = recording_agenda()
    entry = agenda.add(0, 10, site, [], 0, [0])
    environment.run()
    assert seen == [(10, 0)]
    assert entry[SITE] == DEAD


def test_one_simpy_event_for_each_instant_of_one_entry() -> None:
    environment, agenda, site, seen = recording_agenda()
    for ref in range(5):
        agenda.add(0, 10 * (ref + 1), site, [], ref, [0])
    steps = 0
    while environment.peek() != float("inf"):
        environment.step()
        steps += 1
    assert (steps, len(seen)) == (5, 5)


def test_completions_that_a_firing_sets_off_come_before_the_next_firing() -> None:
    """Both waits end at 08:10; the first one's automatic task takes no time, so its token is at Sign before the second one's."""
    run = plan(
        {
            "start": start("split", at="FO"),
            "split": fork("first", "second"),
            "first": wait("automatic", 10),
            "automatic": work("sign_first", 0, at="FO"),
            "second": wait("sign_second", 10),
            "sign_first": work("end", 5, at="FO", pool="FO.staff"),
            "sign_second": work("end", 5, at="FO", pool="FO.staff"),
            "end": end(),
        },
        at=[8 * HOUR],
        hours={"FO": ""},
        pools={"FO.staff": 1},
    )
    assert cells(log_of(run), "instances", "element", "begin") == [
        ("automatic", "2026-01-05T08:10"),
        ("sign_first", "2026-01-05T08:10"),
        ("sign_second", "2026-01-05T08:15"),
    ]
