"""Where nobody queues: the longer of two branches at a join, the wait for the next round of a courier."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import bpmnmap as bm
from bpmnmap.eventlog.log import EventLog
from bpmnmap.simulation.scenario import ActivityTimes, Fixed, Transfer
from tests.oracles.figures import HOUR_US, Figures, station_figures
from tests.oracles.maps import process_map
from tests.oracles.models import HOUR, Station, exponential, network
from tests.oracles.truths import Effort, assert_truths, both_efforts


def synchronization_figures(log: EventLog) -> Figures:
    """How long the earlier branch of a case waits for the later one, besides all else."""
    counted = log.cases.counted[log.movements.case]
    waited_us = int(log.movements.synchronization_us[counted].sum())
    return station_figures(log) | {"synchronization": waited_us / HOUR_US / int(log.cases.counted.sum())}


@both_efforts
@pytest.mark.parametrize("servers", ["outside party", "nobody"])
def test_split_and_join(effort: Effort, servers: str) -> None:
    split = process_map("start > and1 > A > and2 > end", "and1 > B > and2")
    scenario = network(
        {"A": Station(exponential(1), None), "B": Station(exponential(0.5), None)},
        arrivals={"start": 2},
        warm_up=50,
        hours=effort.hours(100),
    )
    if servers == "nobody":  # the unit's people have no part in it
        automatic = {
            name: ActivityTimes(processing_time=times.processing_time, unit=name, pools={}) for name, times in scenario.activities.items()
        }
        units = {name: {"external": False, "calendar": "always", "pools": {"staff": {"quantity": 1}}} for name in "AB"}
        scenario = scenario.replace(activities=automatic, units=units)
    longer = 1 / 1 + 1 / 0.5 - 1 / (1 + 0.5)
    truths = {"W": 2.333333, "L": 2 * longer, "synchronization": 2 * longer - 1 / 1 - 1 / 0.5}  # |A − B| = 2 max(A, B) − A − B
    assert_truths([split], scenario, truths, effort, measure=synchronization_figures)


def delay_figures(log: EventLog, *, part: str) -> Figures:
    """One part of the delay of all handoffs, as the table tells it."""
    (row,) = bm.handoff_delays(log)
    assert row.delay.mean is not None
    assert row.parts is not None
    assert row.delay.mean == row.parts[part], "there is no other part"
    left = log.movements[f"{part}_us"][(log.movements.from_instance >= 0) & (log.movements.to_instance >= 0)]
    return {"mean": row.delay.mean / 3600, "p95": float(np.quantile(left, 0.95)) / HOUR_US}


@both_efforts
def test_dispatch_every_8_hours(effort: Effort) -> None:
    courier = process_map("start > A > B > end")
    scenario = network(
        {"A": Station(exponential(1), None), "B": Station(Fixed(value=HOUR), None)},
        arrivals={"start": 1},
        hours=effort.hours(400),
        warm_up=24,
        transfers=[Transfer(from_="A", to="B", dispatch="Mon-Sun 00:00 08:00 16:00")],
    )
    assert_truths([courier], scenario, {"mean": 4.0, "p95": 0.95 * 8}, effort, measure=partial(delay_figures, part="dispatch"))
