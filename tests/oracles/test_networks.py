"""Open networks: a tandem (Burke), a rework loop, a network with branches and returns (Jackson), two maps on one pool."""

from __future__ import annotations

from bpmnmap.simulation.scenario import ActivityTimes, Arrival, ProcessTables
from tests.oracles.maps import process_map
from tests.oracles.models import Station, exponential, network
from tests.oracles.truths import Effort, assert_truths, both_efforts, precise_only


@precise_only
def test_tandem(effort: Effort) -> None:
    tandem = process_map("start > A > B > end")
    stations = {"A": Station(exponential(1)), "B": Station(exponential(1.25))}
    scenario = network(stations, arrivals={"start": 0.8}, hours=effort.hours(22_000))
    assert_truths([tandem], scenario, {"W": 7.222222, "Wq:A": 4.0, "Wq:B": 2.222222 - 0.8, "L": 0.8 * 7.222222}, effort)


@precise_only
def test_rework_loop(effort: Effort) -> None:
    rework = process_map("start > A > xor > end", "xor > A")
    scenario = network(
        {"A": Station(exponential(1))},
        arrivals={"start": 0.64},  # 0.64 / (1 - 0.2) = 0.8 visits an hour
        chances={"xor": {"xor_A": 0.2, "xor_end": 0.8}},
        hours=effort.hours(26_000),
    )
    assert_truths([rework], scenario, {"visits:A": 1.25, "Wq:A": 4.0, "W": 1.25 * 5, "L": 4.0}, effort)


@both_efforts
def test_jackson_network(effort: Effort) -> None:
    jackson = process_map("start > N1 > xor1 > N2 > xor2 > N3 > end", "xor1 > end", "xor2 > N1")
    scenario = network(
        {"N1": Station(exponential(1)), "N2": Station(exponential(0.8)), "N3": Station(exponential(0.6))},
        arrivals={"start": 0.5},
        chances={"xor1": {"xor1_N2": 0.7, "xor1_end": 0.3}, "xor2": {"xor2_N1": 0.2, "xor2_N3": 0.8}},
        hours=effort.hours(14_500),
    )
    truths = {
        "visits:N1": 0.581395 / 0.5,
        "visits:N2": 0.406977 / 0.5,
        "visits:N3": 0.325581 / 0.5,
        "L:N1": 1.388889,
        "L:N2": 1.035503,
        "L:N3": 1.186441,
        "Wq:N1": 1.388889 / 0.581395 - 1,
        "Wq:N2": 1.035503 / 0.406977 - 1 / 0.8,
        "Wq:N3": 1.186441 / 0.325581 - 1 / 0.6,
        "W": 7.221665,
    }
    assert_truths([jackson], scenario, truths, effort)


@both_efforts
def test_two_copies_of_a_map_on_one_pool_are_m_m_2_of_twice_the_load(effort: Effort) -> None:
    copies = [process_map("start > A > end", process=process) for process in ("one", "two")]
    alone = network({"A": Station(exponential(1), servers=2)}, arrivals={}, hours=effort.hours(11_500))
    tables = ProcessTables(
        arrivals={"start": Arrival(inter_arrival_time=exponential(0.8))},
        activities={"A": ActivityTimes(processing_time=exponential(1), unit="A")},
    )
    scenario = alone.replace(activities={}, processes={"one": tables, "two": tables})
    truths = {"Wq:one/A": 1.777778, "Wq:two/A": 1.777778, "W": 2.777778, "L": 1.6 * 2.777778}
    assert_truths(copies, scenario, truths, effort)
