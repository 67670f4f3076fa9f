"""Maps with every construct whose whole logs were computed by hand: each ``NAME.toml`` in a folder of ``maps/`` has its ``NAME.txt``."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.planning import make_plan
from tests.by_hand.runs import assert_saved_and_loaded, log_of
from tests.by_hand.tables import assert_log

MAPS = Path(__file__).parent / "maps"
SCENARIOS = sorted(MAPS.glob("*/*.toml"))
# messages that nobody took (H14), where tokens of stuck cases stand (H26): map, element, how many; of all other examples none
UNTAKEN = {
    "event_gateway/patience_first": (("permit", "letter", 1),),
    "event_gateway/patience_scheduled_first": (("permit", "letter", 1),),
    "receive_deadline/waiting": (("permit", "take_reply", 1),),
    "recall/on_its_way": (("technical", "recalled", 1),),
    "recall/too_late": (("technical", "recalled", 1),),
}
STUCK = {"signal_too_late/scenario": (("permit", "one", 1),)}


def plan_of(scenario: Path) -> Plan:
    """The plan of a scenario and all maps in its folder."""
    return make_plan([bm.read_bpmn(path) for path in sorted(scenario.parent.glob("*.bpmn"))], bm.read_scenario(scenario))


def name_of(scenario: Path) -> str:
    return f"{scenario.parent.name}/{scenario.stem}"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=name_of)
def test_every_column_of_every_row(scenario: Path) -> None:
    assert_log(log_of(plan_of(scenario)), scenario.with_suffix(".txt").read_text(encoding="utf-8"), "permit")


@pytest.mark.parametrize("scenario", SCENARIOS, ids=name_of)
def test_saved_and_loaded_at_every_instant(scenario: Path) -> None:
    assert_saved_and_loaded(plan_of(scenario))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=name_of)
def test_what_nobody_took_and_where_cases_are_stuck(scenario: Path) -> None:
    run = log_of(plan_of(scenario)).run
    assert run.untaken == UNTAKEN.get(name_of(scenario), ())
    assert run.stuck_at == STUCK.get(name_of(scenario), ())


def test_none_is_forgotten() -> None:
    assert len(SCENARIOS) >= 40
    assert {path.with_suffix(".toml") for path in MAPS.glob("*/*.txt")} == set(SCENARIOS)
