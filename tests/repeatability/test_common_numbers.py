"""Common random numbers (H31): what changes beside an element leaves all that is drawn for it as it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

import bpmnmap as bm
from bpmnmap.eventlog.log import CASE_COLUMNS, INSTANCE_COLUMNS, MOVEMENT_COLUMNS, EventLog
from bpmnmap.org.organization import Organization, ResourcePool, Unit
from bpmnmap.simulation.scenario import ActivityTimes, Arrival, EventTimes, Exponential, Gamma, GatewayChoices, Scenario, Transfer
from tests.oracles.maps import process_map
from tests.oracles.models import START, exponential
from tests.repeatability.drawn_numbers import Drawn, drawn, legs

CASES = 300
MINUTE = timedelta(minutes=1)
HEAD, TAIL = "start > A > B > timer1 > and1", "and2 > D > xor1 > xor2 > end"
# a wait for the outside world, two branches, and rework over everything, so that each element is entered several times
MAP = (HEAD, "and1 > C > and2", "and1 > E > and2", TAIL, "xor1 > A")
BESIDE = ("startQ > V > timerQ > W > endQ",)
SHARED = {"V": "A", "W": "B"}  # whose people work them


@dataclass(frozen=True, slots=True)
class Change:
    """A map after a change, between which activities something new stands, and other values of the scenario."""

    chains: tuple[str, ...] = MAP
    cut: frozenset[tuple[str, str]] = frozenset()
    values: dict[str, Any] = field(default_factory=dict)


CHANGES = {
    "activity before": Change(("start > N > A > B > timer1 > and1", *MAP[1:])),
    "activity between": Change(("start > A > N > B > timer1 > and1", *MAP[1:]), frozenset({("A", "B")})),
    "activity within a branch": Change((HEAD, "and1 > C > N > and2", *MAP[2:]), frozenset({("C", "D")})),
    "activity behind": Change((*MAP[:3], "and2 > D > xor1 > xor2 > N > end", MAP[4])),
    "branch in parallel": Change((*MAP, "and1 > N > and2")),
    "first branch in parallel": Change((HEAD, "and1 > N > and2", *MAP[1:])),
    "activity in parallel to all": Change(
        ("start > and3 > N > and4 > end", "and3 > A > B > timer1 > and1", *MAP[1:3], f"{TAIL[:-3]}and4", MAP[4])
    ),
    "event between": Change(("start > A > timerN > B > timer1 > and1", *MAP[1:]), frozenset({("A", "B")})),
    "event behind": Change((*MAP[:3], "and2 > D > xor1 > xor2 > timerN > end", MAP[4])),
    "people": Change(values={"units": {"UB": {"pools": {"staff": {"quantity": 1}}}}}),
    "hours": Change(values={"calendars": {"late": {"hours": "Mon-Sun 12:00-22:00"}}, "units": {"UC": {"calendar": "late"}}}),
}


def scenario_of(chains: tuple[str, ...], *, pool: str = "staff", **values: Any) -> Scenario:
    """Everything is random: gaps, times, waits, ways, transfers by pair and by flow."""
    names = dict.fromkeys(name for chain in chains for name in chain.split(" > "))
    tasks = [name for name in names if len(name) == 1]
    units = {f"U{name}": Unit(calendar="always", pools={pool: ResourcePool(quantity=2)}) for name in "ABCDEN"} | {"UX": Unit(external=True)}
    time = Gamma(mean=30 * MINUTE, standard_deviation=20 * MINUTE)
    scenario = Scenario(
        organization=Organization(units=units),
        start=START,
        cases=CASES,
        arrivals={name: Arrival(inter_arrival_time=exponential(1)) for name in names if name.startswith("start")},
        activities={name: ActivityTimes(processing_time=time, unit=f"U{SHARED.get(name, name)}") for name in tasks},
        events={name: EventTimes(wait_time=Exponential(mean=90 * MINUTE), unit="UX") for name in names if name.startswith("timer")},
        gateways={name: GatewayChoices(probabilities={"xor1_A": 0.4, "xor1_xor2": 0.6}) for name in names if name == "xor1"},
        transfers=(
            Transfer(from_="*", to="*", transfer_time=Exponential(mean=20 * MINUTE)),
            *([Transfer(flow="xor1_A", transfer_time=Exponential(mean=50 * MINUTE))] if "xor1" in names else []),
        ),
    )
    return scenario.replace(**values) if values else scenario


def run(*chains: str, **values: Any) -> EventLog:
    """Return the log of one map."""
    return bm.simulate(process_map(*chains), scenario_of(chains, **values), replications=1, seed=3)[0]


@pytest.fixture(scope="module")
def base() -> Drawn:
    return drawn(run(*MAP))


def test_base_draws_everything(base: Drawn) -> None:
    assert len(base["arrival"]) == CASES
    assert max(visit for _, _, visit in base["worked"]) > 3, "later visits are drawn one by one"
    assert legs(base["transfer"]) == {("A", "B"), ("B", "C"), ("B", "E"), ("C", "D"), ("E", "D"), ("D", "A")}
    for kind in ("worked", "transfer"):
        assert len(set(base[kind].values())) > 0.8 * len(base[kind]), "numbers differ; rows to both branches share the leg to the event"
    assert {wait > 0 for key, wait in base["wait"].items() if key[1] == "B"} == {True}


@pytest.mark.parametrize("name", CHANGES)
def test_change_beside(base: Drawn, name: str) -> None:
    change = CHANGES[name]
    changed = drawn(run(*change.chains, **change.values))
    assert legs(base["transfer"]) - legs(changed["transfer"]) <= change.cut
    for kind, numbers in base.items():
        kept = {key: value for key, value in numbers.items() if kind not in ("wait", "transfer") or (key[1], key[3]) not in change.cut}
        assert {key: changed[kind].get(key) for key in kept} == kept, kind


def test_pool_renamed() -> None:
    before, after = run(*MAP), run(*MAP, pool="people")
    for table, names in (("cases", CASE_COLUMNS), ("instances", INSTANCE_COLUMNS), ("movements", MOVEMENT_COLUMNS)):
        for name in names:
            expected, found = getattr(before, table)[name], getattr(after, table)[name]
            if name in ("pool", "person"):
                expected = np.char.replace(expected, ".staff", ".people")
            assert np.array_equal(expected, found), name


def test_second_map_beside(base: Drawn) -> None:
    maps = [process_map(*MAP), process_map(*BESIDE, process="Q")]
    both = bm.simulate(maps, scenario_of((*MAP, *BESIDE)), replications=1, seed=3)[0]
    assert drawn(both) == base
    (alone,) = bm.simulate(maps[1], scenario_of(BESIDE), replications=1, seed=3)
    assert drawn(both, "Q") == drawn(alone, "Q")
    assert not np.array_equal(both.cases.ended_us[both.cases.map == "P"], run(*MAP).cases.ended_us), "they do share people"
