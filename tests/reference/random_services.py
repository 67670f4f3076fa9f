"""Random organizations and scenarios over random maps; times from a small set, so that ties abound."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bpmnmap.errors import ScenarioError
from bpmnmap.org.organization import Organization
from bpmnmap.simulation.scenario import Scenario
from bpmnmap.xmlio.reader import parse_bpmn
from tests.reference.random_maps import TIMES, RandomMap, RandomNode, random_map

STARTS = [  # a Monday; Fridays before the clocks change
    (datetime(2026, 1, 5, 6), None),
    (datetime(2026, 1, 5, 6), None),
    (datetime(2026, 1, 5, 6), "Asia/Jakarta"),
    (datetime(2026, 3, 27, 6), "Europe/Berlin"),
    (datetime(2026, 10, 23, 6), "Europe/Berlin"),
]
CALENDARS: dict[str, Any] = {
    "office": {"hours": "Mon-Fri 08:00-16:00"},
    "lunch": {"hours": "Mon-Thu 08:00-12:00 13:00-16:00, Fri 08:00-11:30", "closed": ["2026-01-07"]},
    "night": {"hours": "Mon Wed-Sat 20:00-04:00"},
    "shut": {"hours": "Mon Wed-Sat 20:00-04:00", "closed": ["2026-01-05", "2026-01-08", "2026-03-27"]},
    "dawn": {"hours": "Fri-Mon 02:30-05:00 23:00-02:00"},
    "round": {"hours": "Mon-Sun 00:00-24:00", "closed": ["2026-01-06/2026-01-07"]},
    "short": {
        "hours": "Tue Thu 09:00-10:00",
        "holidays": "DE-BY",
        "exceptions": [{"from": date(2026, 1, 7), "to": date(2026, 1, 9), "hours": "Mon-Fri 10:30-11:00"}],
    },
}
CALENDAR = st.sampled_from(["always", *CALENDARS])
RANDOM_TIMES: list[dict[str, Any]] = [
    {"distribution": "exponential", "mean": "PT40M"},
    {"distribution": "uniform", "min": "PT0S", "max": "PT2H"},
    {"distribution": "triangular", "min": "PT10M", "mode": "PT15M", "max": "PT1H"},
    {"distribution": "lognormal", "mean": "PT1H", "standard_deviation": "PT30M"},
    {"distribution": "gamma", "mean": "PT1H", "standard_deviation": "PT45M"},
    {"distribution": "gamma", "shape": 0.7, "scale": "PT30M"},
    {"distribution": "erlang", "mean": "PT1H", "k": 3},
]
TIME = st.one_of(st.sampled_from(TIMES), st.sampled_from(TIMES), st.sampled_from(RANDOM_TIMES))
GAP = st.one_of(st.sampled_from(["PT15M", "PT30M", "PT1H", "PT3H"]), st.sampled_from(RANDOM_TIMES))
CHANCES: dict[int, list[tuple[float, ...]]] = {
    2: [(0.5, 0.5), (0.25, 0.75), (0.0, 1.0), (1.0, 0.0)],
    3: [(0.25, 0.25, 0.5), (0.1, 0.2, 0.7)],
    4: [(0.25,) * 4],
}


class RandomService:
    """What to simulate; no dataclass, so that a test that fails prints it as below."""

    def __init__(self, texts: list[str], organization: dict[str, Any], tables: dict[str, Any], seed: int) -> None:
        self.texts, self.tables, self.seed = texts, {"organization": organization["units"]} | tables, seed
        self.maps = [parse_bpmn(text.encode()) for text in texts]
        self.scenario = Scenario(organization=Organization(**organization), **tables)

    def __repr__(self) -> str:
        tables = [f"{key} = {value!r}" for key, value in self.tables.items()]
        return "\n".join([*self.texts, *tables, f"seed {self.seed}"])


@st.composite
def organizations(draw: st.DrawFn) -> dict[str, Any]:
    units: dict[str, Any] = {}
    for name in ("U1", "U2", "U3", "U4")[: draw(st.integers(2, 4))]:
        pools: dict[str, Any] = {"staff": {"quantity": draw(st.integers(1, 3))}}
        if draw(st.booleans()):
            pools["staff"]["calendar"] = draw(CALENDAR)
        if draw(st.integers(0, 3)) == 0:
            pools["head"] = {"quantity": 1, "calendar": draw(CALENDAR)}
        units[name] = {"calendar": draw(CALENDAR), "pools": pools}
    if draw(st.integers(0, 2)) == 0:
        units["EX"] = {"external": True}
    return {"calendars": CALENDARS, "units": units}


def activity(draw: st.DrawFn, unit: str, units: dict[str, Any]) -> dict[str, Any]:
    table: dict[str, Any] = {"processing_time": draw(TIME)}
    if draw(st.integers(0, 7)) == 0:
        unit = table["unit"] = draw(st.sampled_from(sorted(units)))
    pools = units[unit].get("pools", {})
    shared = [f"{name}.{pool}" for name, each in units.items() for pool in each.get("pools", {})]
    way = draw(st.integers(0, 5))
    if way == 0:
        table["pools"] = {}
    elif way == 1 or (len(pools) > 1 and way < 4):
        table["pools"] = {draw(st.sampled_from(shared)): 1}
    elif len(pools) > 1:
        table["pools"] = {draw(st.sampled_from(sorted(pools))): 1}
    return table


def gateway(draw: st.DrawFn, grown: RandomMap, node: RandomNode) -> dict[str, Any]:
    flows = [grown.called(flow) for flow in grown.out_of(node)]
    onward = [grown.called(flow) for flow in grown.out_of(node) if flow not in grown.backward]
    if draw(st.integers(0, 3)) == 0:
        rows = draw(st.lists(st.lists(st.sampled_from(flows), max_size=2), min_size=1, max_size=3))
        return {"choices": [[*row, draw(st.sampled_from(onward))] for row in rows]}
    if len(onward) < len(flows):
        back = 0.25 / (len(flows) - len(onward))
        return {"probabilities": {flow: 0.75 / len(onward) if flow in onward else back for flow in flows}}
    if len(flows) in CHANCES:
        return {"probabilities": dict(zip(flows, draw(st.sampled_from(CHANCES[len(flows)])), strict=True))}
    return {"probabilities": {flow: 1 / len(flows) for flow in flows}}


def arrival(draw: st.DrawFn, start: datetime) -> dict[str, Any]:
    way = draw(st.integers(0, 3))
    if way == 0:
        hours = st.integers(0, 60).map(lambda halves: start + timedelta(minutes=30 * halves))
        return {"at": draw(st.lists(hours, min_size=1, max_size=8))}
    if way == 1:
        entries = [
            {"hours": hours, "inter_arrival_time": draw(GAP)} for hours in ("Mon-Fri 08:00-12:00", "Mon-Sat 12:00-14:00 20:00-02:00")
        ]
        return {"timetable": entries}
    table = {"inter_arrival_time": draw(GAP), "calendar": draw(CALENDAR)}
    return table | ({"cases": draw(st.integers(0, 9))} if draw(st.integers(0, 4)) == 0 else {})


def travel(draw: st.DrawFn) -> dict[str, Any]:
    table: dict[str, Any] = {"transfer_time": draw(TIME), "calendar": draw(CALENDAR)}
    dispatch = draw(st.sampled_from([None, None, "Mon-Fri 10:00 14:00", "Mon-Sun 02:30 08:00", "Tue Thu 09:30 12:00 16:00"]))
    return table | ({"dispatch": dispatch} if dispatch else {})


@st.composite
def by_flow(draw: st.DrawFn, grown: RandomMap) -> dict[str, Any]:
    return travel(draw) | {"flow": draw(st.sampled_from([flow for flow, _, _ in grown.flows] or ["none"]))}


@st.composite
def between(draw: st.DrawFn, units: list[str]) -> dict[str, Any]:
    first, *others = draw(st.permutations(units))
    ends = {"from": draw(st.sampled_from([first, [first, *others[1:]], "*"])), "to": draw(st.sampled_from([others[0], others, "*"]))}
    return travel(draw) | ends


def window(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        return {"cases": draw(st.integers(1, 8))}
    table = {"duration": draw(st.sampled_from(["PT12H", "P1D", "P2D"])), "follow_up": draw(st.sampled_from(["PT0S", "PT6H", "P1D", "P4D"]))}
    return table | {"warm_up": draw(st.sampled_from(["PT0S", "PT6H", "P1D"]))}


def tables_of(draw: st.DrawFn, grown: RandomMap, units: dict[str, Any], unit: str, start: datetime) -> dict[str, Any]:
    """What the scenario says of one map; `unit` is whose it is if it has no lanes."""
    tables: dict[str, Any] = {"arrivals": {}, "activities": {}, "events": {}, "gateways": {}}
    for node in grown.starts():
        tables["arrivals"][grown.called(node.id)] = arrival(draw, start)
    for node in grown.nodes:
        if node.kind == "task":
            tables["activities"][grown.called(node.id)] = activity(
                draw, str(node.unit) if grown.laned else grown.participant or unit, units
            )
        elif node.kind == "catch":
            event = {} if node.timer and draw(st.booleans()) else {"wait_time": draw(TIME), "calendar": draw(CALENDAR)}
            if draw(st.integers(0, 5)) == 0:
                event["unit"] = draw(st.sampled_from(sorted(units)))
            if event:
                tables["events"][grown.called(node.id)] = event
        elif node.kind == "xor" and len(grown.out_of(node)) > 1:
            tables["gateways"][grown.called(node.id)] = gateway(draw, grown, node)
    return tables


@st.composite
def random_services(draw: st.DrawFn) -> RandomService:
    start, zone = draw(st.sampled_from(STARTS))
    organization = draw(organizations()) | ({"timezone": zone} if zone else {})
    units = organization["units"]
    grown = [draw(random_map(process, list(units))) for process in draw(st.sampled_from([["P1"], ["P1"], ["P2", "P1"]]))]
    tables: dict[str, Any] = {"start": start, "event_budget": 20_000, **window(draw), "processes": {}}
    for each in grown:
        unit = draw(st.sampled_from(sorted(units)))
        own = tables_of(draw, each, units, unit, start)
        if len(grown) == 1:
            tables |= own
        else:
            own["transfers"] = draw(st.lists(by_flow(each), max_size=2, unique_by=lambda table: table["flow"]))
        tables["processes"][each.process] = {"unit": unit} | (own if len(grown) > 1 else {})
    ways = st.one_of(between(list(units)), by_flow(grown[0])) if len(grown) == 1 else between(list(units))
    tables["transfers"] = accepted(Organization(**organization), tables, draw(st.lists(ways, max_size=4)))
    return RandomService([each.xml() for each in grown], organization, tables, draw(st.integers(0, 3)))


def accepted(organization: Organization, tables: dict[str, Any], transfers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Transfers that can stand beside each other: two of one flow or pair, or of which neither is nearer, are refused."""
    kept: list[dict[str, Any]] = []
    for each in transfers:
        try:
            Scenario(organization=organization, **(tables | {"transfers": [*kept, each]}))
        except ScenarioError:
            continue
        kept.append(each)
    return kept
