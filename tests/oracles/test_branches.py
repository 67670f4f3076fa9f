"""Splits, joins, loops and several instances against exact values; maps that share a pool against M/M/c."""

from __future__ import annotations

import pytest

import bpmnmap as bm
from bpmnmap.simulation.scenario import ActivityTimes, Arrival, Fixed, ProcessTables
from tests.oracles.exact import inclusive, mean_maximum
from tests.oracles.maps import process_map
from tests.oracles.models import HOUR, Station, exponential, network
from tests.oracles.truths import Effort, assert_truths, both_efforts, precise_only

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://example.org/oracles">'


def repeated(how: str) -> bm.Definitions:
    """A map of one task that is done several times."""
    flows = '<sequenceFlow id="f" sourceRef="start" targetRef="A"/><sequenceFlow id="g" sourceRef="A" targetRef="end"/>'
    task = f'<startEvent id="start"/><task id="A">{how}</task><endEvent id="end"/>{flows}'
    return bm.parse_bpmn(f'{HEAD}<process id="P">{task}</process></definitions>'.encode())


@precise_only
def test_fork_and_join_of_two_stations(effort: Effort) -> None:
    both = process_map("start > and1 > A > and2 > end", "and1 > B > and2")
    stations = {name: Station(exponential(1)) for name in ("A", "B")}
    scenario = network(stations, arrivals={"start": 0.6}, hours=effort.hours(8_000))
    # L. Flatto, S. Hahn, "Two Parallel Queues Created by Arrivals with Two Demands", 1984; the mean by R. Nelson, A. Tantawi,
    # "Approximate Analysis of Fork/Join Synchronization in Parallel Queues", 1988: (12 − ρ) / 8 times the one of M/M/1
    assert_truths([both], scenario, {"W": (12 - 0.6) / 8 / (1 - 0.6), "Wq:A": 1.5, "Wq:B": 1.5}, effort)


@precise_only
def test_three_maps_on_one_pool_are_m_m_3_of_all_their_arrivals(effort: Effort) -> None:
    rates = {"one": 0.8, "two": 1.0, "three": 0.6}
    maps = [process_map("start > A > end", process=name) for name in rates]
    tables = {
        name: ProcessTables(
            arrivals={"start": Arrival(inter_arrival_time=exponential(rate))},
            activities={"A": ActivityTimes(processing_time=exponential(1), unit="A")},
        )
        for name, rate in rates.items()
    }
    alone = network({"A": Station(exponential(1), servers=3)}, arrivals={}, hours=effort.hours(10_500))
    truths = {f"Wq:{name}/A": 1.078652 for name in rates}  # Erlang C of 2.4, each map's cases wait like the others'
    assert_truths(maps, alone.replace(activities={}, processes=tables), {**truths, "W": 2.078652}, effort)


@precise_only
def test_turns_of_a_loop_are_visits_of_a_network(effort: Effort) -> None:
    scenario = network({"A": Station(exponential(1))}, arrivals={"start": 0.4}, hours=effort.hours(11_000))
    scenario = scenario.replace(activities={"A": ActivityTimes(processing_time=exponential(1), unit="A", repeat=0.3)})
    visits = 1 / (1 - 0.3)
    wait = 1 / (1 - 0.4 * visits) - 1
    truths = {"visits:A": visits, "Wq:A": wait, "W": visits * (wait + 1)}
    assert_truths([repeated("<standardLoopCharacteristics/>")], scenario, truths, effort)


@precise_only
@pytest.mark.parametrize(
    ("is_sequential", "servers", "time"),
    [
        pytest.param("false", 4, mean_maximum(1, 1, 1, 1), id="all at once"),
        pytest.param("false", 2, 3 / 2 + 1, id="two at a time"),  # of 4, 3, 2 left two are worked, of 1 one
        pytest.param("true", 4, 4.0, id="one by one"),
    ],
)
def test_instances(effort: Effort, is_sequential: str, servers: int, time: float) -> None:
    how = f'<multiInstanceLoopCharacteristics isSequential="{is_sequential}"><loopCardinality>4</loopCardinality></multiInstanceLoopCharacteristics>'
    scenario = network({"A": Station(exponential(1), servers)}, arrivals={}, hours=effort.hours(2_500), warm_up=60)
    # so far apart that no case meets another
    scenario = scenario.replace(arrivals={"start": Arrival(inter_arrival_time=Fixed(value=60 * HOUR))})
    assert_truths([repeated(how)], scenario, {"visits:A": 4.0, "W": time}, effort)


@both_efforts
def test_inclusive_split(effort: Effort) -> None:
    branches = {"A": (0.5, 1.0), "B": (0.3, 2.0), "C": (0.8, 0.5)}
    visits, time = inclusive(branches)
    text = "".join(
        f'<task id="{name}"/><sequenceFlow id="to{name}" sourceRef="split" targetRef="{name}"/>'
        f'<sequenceFlow id="from{name}" sourceRef="{name}" targetRef="join"/>'
        for name in branches
    )
    split = '<startEvent id="start"/><inclusiveGateway id="split"/><inclusiveGateway id="join"/><endEvent id="end"/>'
    ends = '<sequenceFlow id="f" sourceRef="start" targetRef="split"/><sequenceFlow id="g" sourceRef="join" targetRef="end"/>'
    scenario = network(
        {name: Station(exponential(rate), None) for name, (_, rate) in branches.items()},
        arrivals={"start": 2},
        chances={"split": {f"to{name}": chance for name, (chance, _) in branches.items()}},
        hours=effort.hours(150),
        warm_up=60,
    )
    maps = [bm.parse_bpmn(f'{HEAD}<process id="P">{split}{text}{ends}</process></definitions>'.encode())]
    assert_truths(maps, scenario, {f"visits:{name}": share for name, share in visits.items()} | {"W": time}, effort)
