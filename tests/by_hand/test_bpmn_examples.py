"""Maps of all constructs whose whole logs were computed by hand: each ``NAME.toml`` in a folder of ``maps/`` has its ``NAME.txt``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.eventlog.log import EventLog
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.tables import assert_log

MAPS = Path(__file__).parent / "maps"
SCENARIOS = {f"{path.parent.name}/{path.stem}": path for path in sorted(MAPS.glob("*/*.toml"))}
# messages that nobody took (H14), where tokens of stuck cases stand (H26): map, element, how many; in all other examples none
UNTAKEN = {
    "event_gateway/patience_first": (("permit", "letter", 1),),
    "event_gateway/patience_scheduled_first": (("permit", "letter", 1),),
    "recall/on_its_way": (("technical", "recalled", 1),),
    "recall/too_late": (("technical", "recalled", 1),),
    "receive_deadline/waiting": (("permit", "take_reply", 1),),
}
STUCK = {"signal_too_late/scenario": (("permit", "one", 1),)}


@cache
def plan_of(name: str) -> Plan:
    """The plan of a scenario and all maps in its folder."""
    path = SCENARIOS[name]
    return make_plan([bm.read_bpmn(each) for each in sorted(path.parent.glob("*.bpmn"))], bm.read_scenario(path))


@cache
def example(name: str) -> EventLog:
    """The log of the one run."""
    return log_of(plan_of(name))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_column_of_every_row(name: str) -> None:
    assert_log(example(name), SCENARIOS[name].with_suffix(".txt").read_text(encoding="utf-8"), "permit")


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_nobody_took_and_where_cases_are_stuck(name: str) -> None:
    assert example(name).run.untaken == UNTAKEN.get(name, ())
    assert example(name).run.stuck_at == STUCK.get(name, ())


@pytest.mark.parametrize("name", SCENARIOS)
def test_saved_and_loaded_at_every_instant(name: str) -> None:
    assert_saved_and_loaded(plan_of(name))


def test_none_is_forgotten() -> None:
    assert len(SCENARIOS) >= 75
    assert {path.with_suffix(".toml") for path in MAPS.glob("*/*.txt")} == set(SCENARIOS.values())
    assert set(UNTAKEN) | set(STUCK) <= set(SCENARIOS)
