"""Races whose times are drawn: what wins keeps the time that it has where nothing else runs against it (H13, H15, H31)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.eventlog.log import EventLog
from bpmnmap.simulation.planning import make_plan
from tests.by_hand.runs import log_of

RACE = Path(__file__).parent / "race"
CASES = 200


@cache
def log(scenario: str) -> EventLog:
    """The log of the one map by a scenario."""
    return log_of(make_plan([bm.read_bpmn(RACE / "race.bpmn")], bm.read_scenario(RACE / f"{scenario}.toml")))


def waited(scenario: str) -> list[tuple[str, int]]:
    """By case, what followed the event-based gateway and the event's time before it."""
    instances, movements = log(scenario).instances, log(scenario).movements
    found = [("", -1)] * CASES
    for to, case, event in zip(movements.to_instance, movements.case, movements.event_us, strict=True):
        element = str(instances.element[to]) if to >= 0 else ""
        if element in {"correct", "book"}:
            found[case] = (element, int(event))
    return found


def reviewed(scenario: str) -> list[tuple[str, int]]:
    """By case, how its review ended, and after which time."""
    rows = [row for row in log(scenario).instances.rows() if row["element"] == "review"]
    return [(row["status"], row["complete_us"] - row["start_us"]) for row in sorted(rows, key=lambda row: row["case"])]


def earlier(one: list[tuple[str, int]], other: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """By case, what comes first."""
    return [min(pair, key=lambda each: each[1]) for pair in zip(one, other, strict=True)]


def test_an_event_that_wins_at_a_gateway_keeps_its_time() -> None:
    found = waited("drawn")
    assert found == earlier(waited("only_revised"), waited("only_paid"))
    assert min(sum(element == each for element, _ in found) for each in ("correct", "book")) >= 50


def test_what_wins_at_a_host_keeps_its_time() -> None:
    found = reviewed("drawn")
    assert found == earlier(reviewed("only_reviewed"), reviewed("only_withdrawn"))
    assert min(sum(status == each for status, _ in found) for each in ("completed", "interrupted")) >= 50


@pytest.mark.parametrize("scenario", ["only_revised", "only_paid"])
def test_alone_each_wins_every_time(scenario: str) -> None:
    assert {element for element, _ in waited(scenario)} == {{"only_revised": "correct", "only_paid": "book"}[scenario]}
