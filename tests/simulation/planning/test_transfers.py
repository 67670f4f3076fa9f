"""Travel (H12): flow before pair before array before ``*``; what is missing, and how much of all is assumed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

import bpmnmap as bm
from bpmnmap.findings import Severity
from bpmnmap.simulation.plan import Plan, TransferPlan
from bpmnmap.simulation.scenario import (
    ActivityTimes,
    Arrival,
    EventTimes,
    Exponential,
    Fixed,
    GatewayChoices,
    ProcessTables,
    TimetableEntry,
    Transfer,
)
from tests.simulation.planning.inputs import CITY, MINUTE, START, chain, codes, plan_of, read, worked

ROUND_TRIP = chain("task a", "task b", "task c", lanes={"FO": "a c", "MR": "b"})  # FO → MR → FO
MAIL = Transfer(from_="FO", to="MR", transfer_time=Fixed(value=MINUTE))


def minutes(transfer: TransferPlan) -> float:
    return transfer.time.parameters[0] / 60_000_000


def planned(*transfers: Transfer, definitions: bm.Definitions = ROUND_TRIP, **tables: Any) -> Plan:
    tasks = [node.id or "" for node in definitions.processes[0].flow_nodes if node.kind == "task"]
    return plan_of(definitions, activities=worked(*tasks), transfers=transfers, **tables)


def pairs(plan: Plan) -> dict[tuple[str, str], float]:
    """Minutes of travel by pair of units."""
    return {(plan.units[left], plan.units[right]): minutes(transfer) for (left, right), transfer in plan.pair_transfers.items()}


def by_flow(plan: Plan, process: int = 0) -> dict[str, float]:
    return {flow: minutes(transfer) for flow, transfer in plan.processes[process].flow_transfers.items()}


def timed(from_: Any, to: Any, time: int) -> Transfer:
    return Transfer(from_=from_, to=to, transfer_time=Fixed(value=time * MINUTE))


def test_each_pair_travelled_without_an_entry_is_told_once_by_name() -> None:
    definitions = chain("task a", "task b", "task c", "task d", lanes={"FO": "a c", "MR": "b d"})
    plan = planned(definitions=definitions)
    told = [(finding.code, finding.severity, finding.message.split(":")[0]) for finding in plan.findings]
    assert told == [
        ("missing-transfer", Severity.WARNING, "Front Office → Mail Room"),
        ("missing-transfer", Severity.WARNING, "Mail Room → Front Office"),
    ]
    assert plan.findings[0].fix == 'add [[transfers]] with from = "FO", to = "MR"; transfer_time = "PT0S" where it is electronic'
    assert plan.pair_transfers == {}


def test_pairs_that_are_not_travelled_are_not_told() -> None:
    assert codes(planned(MAIL, timed("MR", "FO", 2))) == []
    assert codes(plan_of(chain("task a", lanes={"FO": "a"}), activities=worked("a"))) == []


def test_pair_before_array_before_all() -> None:
    general = [timed("*", "*", 9), timed("*", ["FO", "MR"], 7), timed(["FO", "TO"], ["MR", "EX"], 5)]
    assert pairs(planned(*general, timed("FO", "MR", 1))) == {("FO", "MR"): 1, ("MR", "FO"): 7}
    assert pairs(planned(*general)) == {("FO", "MR"): 5, ("MR", "FO"): 7}
    assert pairs(planned(timed(["FO", "TO"], "*", 6), *general[:1])) == {("FO", "MR"): 6, ("MR", "FO"): 9}
    assert pairs(planned(timed("*", "*", 9), timed("FO", "*", 8))) == {("FO", "MR"): 8, ("MR", "FO"): 9}
    assert pairs(planned(timed("*", "*", 9))) == {("FO", "MR"): 9, ("MR", "FO"): 9}


def test_a_flow_before_the_pair() -> None:
    flow = Transfer(flow="f1", transfer_time=Fixed(value=3 * MINUTE))
    plan = planned(flow, timed("*", "*", 9))
    assert by_flow(plan) == {"f1": 3}
    assert pairs(plan) == {("MR", "FO"): 9}  # FO → MR goes by f1 alone


def test_a_flow_within_one_unit_travels_too() -> None:
    plan = planned(Transfer(flow="f1", transfer_time=Fixed(value=3 * MINUTE)), definitions=chain("task a", "task b", lanes={"FO": "a b"}))
    assert (by_flow(plan), codes(plan)) == ({"f1": 3}, [])


def test_a_leg_that_passes_gateways_is_one_pair() -> None:
    nodes = ["startEvent s", "task a", "exclusiveGateway g", "task b", "task c", "endEvent e"]
    flows = {"f": "s a", "h": "a g", "x": "g b", "y": "g c", "i": "b e", "j": "c e"}
    definitions = read(nodes, flows, lanes={"FO": "a", "MR": "b", "TO": "c g"})
    gateways = {"g": GatewayChoices(probabilities={"x": 0.5, "y": 0.5})}
    activities = worked("a", "b") | worked("c", pools={"staff": 1})
    plan = plan_of(definitions, activities=activities, gateways=gateways, transfers=(timed("*", "*", 1),))
    assert pairs(plan) == {("FO", "MR"): 1, ("FO", "TO"): 1}
    named = (timed("*", "*", 1), Transfer(flow="x", transfer_time=Fixed(value=3 * MINUTE)))
    plan = plan_of(definitions, activities=activities, gateways=gateways, transfers=named)
    assert (pairs(plan), by_flow(plan)) == ({("FO", "TO"): 1}, {"x": 3})


def test_from_a_start_and_to_an_event() -> None:
    definitions = chain("timer:PT1H w", "task a", lanes={"FO": "s", "MR": "w", "EX": "a"})
    plan = planned(timed("*", "*", 1), definitions=definitions)
    assert pairs(plan) == {("FO", "MR"): 1, ("MR", "EX"): 1}


def test_rounds_and_calendars() -> None:
    plan = planned(Transfer(from_="FO", to="MR", dispatch="Mon-Fri 10:00", calendar="office"), timed("MR", "FO", 0))
    (transfer,) = plan.pair_transfers.values()
    assert (transfer.rounds, minutes(transfer)) == (0, 0)
    assert plan.rounds[0].next_round(0) == 10 * 3_600_000_000
    assert plan.calendars[transfer.calendar].next_opening(0) == 8 * 3_600_000_000
    assert codes(plan) == []  # MR → FO takes no time: given, and no leg


def test_flows_of_several_processes() -> None:
    one, two = chain("task a", lanes={"FO": "a"}, process="one"), chain("task b", lanes={"FO": "b"}, process="two")
    gaps = Arrival(inter_arrival_time=Fixed(value=MINUTE))
    flow = Transfer(flow="f0", transfer_time=Fixed(value=MINUTE))

    def plan(plain: tuple[Transfer, ...], own: dict[str, tuple[Transfer, ...]]) -> Plan:
        processes = {name: ProcessTables(arrivals={"s": gaps}, transfers=own.get(name, ())) for name in ("one", "two")}
        return plan_of(one, two, arrivals={}, activities=worked("a", "b"), transfers=plain, processes=processes)

    with pytest.raises(bm.ScenarioError, match=r"\[transfers\[0\].flow\]: error\[ambiguous-flow\] 'f0' is a flow of several processes"):
        plan((flow,), {})
    planned = plan((), {"two": (flow,)})
    assert (by_flow(planned, 0), by_flow(planned, 1)) == ({}, {"f0": 1})
    with pytest.raises(bm.ScenarioError, match=r"unknown-flow\] 'f9' is no flow of the maps"):
        plan((Transfer(flow="f9"),), {})


def test_two_transfers_of_one_flow() -> None:
    tables = {"p": ProcessTables(transfers=(Transfer(flow="f1"),))}
    with pytest.raises(bm.ScenarioError, match=r"\[processes.p.transfers\[0\]\]: error\[doubled-transfer\] flow 'f1' has two transfers"):
        planned(Transfer(flow="f1"), timed("*", "*", 1), processes=tables)


def test_numbers_assumed_counted_by_hand() -> None:
    """Of 14 numbers that the run uses: what the tables mark, a pool that is marked, and a pair without an entry."""
    nodes = ["startEvent s", "task a", "task b", "exclusiveGateway g", "timer w", "timer:PT1H v", "task c", "endEvent e"]
    flows = {"f": "s a", "h": "a b", "i": "b g", "no": "g a", "yes": "g w", "j": "w v", "k": "v c", "l": "c e"}
    definitions = read(nodes, flows, lanes={"FO": "a", "MR": "b", "TO": "c", "EX": "w v"})
    plan = plan_of(
        definitions,
        arrivals={"s": Arrival(timetable=(
            TimetableEntry(hours="Mon-Fri 08:00-12:00", inter_arrival_time=Fixed(value=MINUTE)),  # 1
            TimetableEntry(hours="Mon-Fri 12:00-16:00", inter_arrival_time=Fixed(value=MINUTE), assumed=True),  # 2 assumed
        ))},
        activities={
            "a": ActivityTimes(processing_time=Fixed(value=MINUTE)),  # 3
            "b": ActivityTimes(processing_time=Exponential(mean=MINUTE, assumed=True)),  # 4 assumed
            "c": ActivityTimes(processing_time=Fixed(value=MINUTE), pools={"heads": 1}, assumed=True),  # 5 assumed
        },
        gateways={"g": GatewayChoices(probabilities={"no": 0.5, "yes": 0.5}, assumed=True)},  # 6 assumed
        events={"w": EventTimes(wait_time=Fixed(value=MINUTE))},  # 7; 8 is the map's PT1H
        transfers=(
            Transfer(from_="FO", to="MR", transfer_time=Fixed(value=MINUTE), assumed=True),  # 9 assumed
            Transfer(from_="EX", to="*", transfer_time=Fixed(value=MINUTE)),  # 10
            Transfer(from_="TO", to="FO", transfer_time=Fixed(value=MINUTE), assumed=True),  # not travelled
        ),
        # 11 FO.clerks, 12 MR.clerks, 13 TO.heads assumed, 14 MR → FO, 15 MR → EX: pairs without an entry, assumed
    )  # fmt: skip
    assert [finding.message.split(":")[0] for finding in plan.findings] == ["Mail Room → Expert", "Mail Room → Front Office"]
    assert plan.assumed == (8, 15)


def test_one_transfer_for_several_pairs_is_one_number() -> None:
    assert planned(Transfer(from_="*", to="*", transfer_time=Fixed(value=MINUTE), assumed=True)).assumed == (
        1,
        7,
    )  # 3 tasks, 1 gap, 2 pools


def test_choices_and_instants_are_no_numbers() -> None:
    definitions = read(
        ["startEvent s", "exclusiveGateway g", "task a", "endEvent e"], {"f": "s g", "x": "g a", "y": "g e", "h": "a e"}, lanes={"FO": "a"}
    )
    gateways = {"g": GatewayChoices(choices=(("x",),))}
    plan = plan_of(definitions, arrivals={"s": Arrival(at=(START,))}, activities=worked("a"), gateways=gateways)
    assert plan.assumed == (0, 2)  # a task and its pool


def test_a_unit_that_is_assumed_makes_its_pools_so() -> None:
    units = {"FO": {"assumed": True}}
    plan = plan_of(chain("task a", lanes={"FO": "a"}), activities=worked("a"), units=units)
    assert plan.assumed == (1, 3)
    assert CITY.units["FO"].assumed is False


def test_long_transfers_are_refused() -> None:
    slow = Transfer(from_="*", to="*", transfer_time=Exponential(mean=timedelta(days=200_000)))
    with pytest.raises(bm.ScenarioError, match=r"\[transfers\[0\].transfer_time\]: error\[out-of-range\] times of more than 9000 years"):
        planned(slow)


def test_a_flow_of_a_called_process_is_travelled_wherever_it_is_called() -> None:
    """Its flows are no other process's; the map that calls it knows them too."""
    called = (
        '<process id="called"><startEvent id="cs"/><task id="ct"/><endEvent id="ce"/>'
        '<sequenceFlow id="cs_ct" sourceRef="cs" targetRef="ct"/><sequenceFlow id="ct_ce" sourceRef="ct" targetRef="ce"/></process>'
    )
    caller = (
        '<process id="{0}"><startEvent id="{0}s"/><callActivity id="{0}k" calledElement="called"/><endEvent id="{0}e"/>'
        '<sequenceFlow id="{0}f" sourceRef="{0}s" targetRef="{0}k"/><sequenceFlow id="{0}g" sourceRef="{0}k" targetRef="{0}e"/></process>'
    )
    definitions = read(["startEvent s", "endEvent e"], {"f": "s e"}, process="o", around=called + caller.format("p") + caller.format("q"))
    plan = plan_of(
        definitions,
        activities=worked("ct"),
        arrivals={"ps": Arrival(at=(START,)), "qs": Arrival(at=(START,)), "cs": Arrival(cases=0), "s": Arrival(cases=0)},
        processes={process: ProcessTables(unit="FO") for process in ("called", "o", "p", "q")},
        transfers=(Transfer(flow="cs_ct", transfer_time=Fixed(value=7 * MINUTE)),),
    )
    programs = {process.program.process: by_flow(plan, at) for at, process in enumerate(plan.processes)}
    assert programs["p"] == programs["q"] == {"cs_ct": 7.0}
