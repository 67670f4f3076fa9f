"""What is to be simulated, looked up in map, scenario and organization: nodes with their units, times, ways and travel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bpmnmap.durations import parse_duration
from bpmnmap.model import (
    Definitions,
    EndEvent,
    ExclusiveGateway,
    FlowNode,
    IntermediateCatchEvent,
    Lane,
    LaneSet,
    ParallelGateway,
    Process,
    SequenceFlow,
    StartEvent,
    Task,
    TimerEventDefinition,
)
from bpmnmap.org.organization import Organization
from bpmnmap.simulation import draws
from bpmnmap.simulation.scenario import Arrival, Scenario, Transfer
from tests.reference.addressed import drawn

TableT = TypeVar("TableT")
KINDS: dict[type, str] = {
    StartEvent: "start",
    EndEvent: "end",
    IntermediateCatchEvent: "catch",
    ExclusiveGateway: "xor",
    ParallelGateway: "and",
}


@dataclass
class Flow:
    id: str
    target: str
    transfer: Transfer | None = None


@dataclass
class Node:
    """A node of a map and all that the scenario says of it."""

    process: str
    id: str
    kind: str
    incoming: list[str] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    unit: str | None = None
    pool: str | None = None
    time: draws.Distribution = field(default_factory=lambda: draws.fixed(0))
    calendar: str = "always"
    probabilities: list[float] = field(default_factory=list)
    choices: list[list[str]] = field(default_factory=list)
    place: str | None = None
    arrival: Arrival | None = None

    @property
    def is_join(self) -> bool:
        return self.kind == "and" and len(self.incoming) > 1


def folded(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def entry(tables: Iterable[Mapping[str, TableT]], element_id: str, name: str | None) -> TableT | None:
    """The table of an element: by id first, then by name."""
    tables = list(tables)
    for table in tables:
        if element_id in table:
            return table[element_id]
    for table in tables:
        for key, value in table.items():
            if name and folded(key) == folded(name):
                return value
    return None


class Service:
    """One process under a scenario."""

    def __init__(self, definitions: Definitions, process: Process, scenario: Scenario) -> None:
        self.definitions, self.process, self.scenario = definitions, process, scenario
        self.organization: Organization = scenario.organization
        self.own = scenario.processes.get(str(process.id))
        self.nodes = {str(each.id): self.bare(each) for each in process.flow_nodes}
        for flow in process.sequence_flows:
            self.nodes[str(flow.source_ref)].outgoing.append(Flow(str(flow.id), str(flow.target_ref), self.transfer_of(flow)))
            self.nodes[str(flow.target_ref)].incoming.append(str(flow.id))
        for each in process.flow_nodes:
            self.look_up(each, self.nodes[str(each.id)])
        for node in self.nodes.values():
            node.place = self.place_of(node)

    def bare(self, element: FlowNode) -> Node:
        return Node(str(self.process.id), str(element.id), "task" if isinstance(element, Task) else KINDS[type(element)])

    def tables(self, kind: str) -> list[Mapping[str, object]]:
        return [getattr(each, kind) for each in (self.own, self.scenario) if each is not None]

    def transfer_of(self, flow: SequenceFlow) -> Transfer | None:
        transfers = [*(self.own.transfers if self.own else ()), *self.scenario.transfers]
        return next((each for each in transfers if each.flow is not None and each.flow == flow.id), None)

    def look_up(self, element: FlowNode, node: Node) -> None:
        """Fill in what the scenario says."""
        scenarios = [each for each in (self.own, self.scenario) if each is not None]
        if node.kind == "task":
            times = entry([each.activities for each in scenarios], node.id, element.name)
            assert times is not None
            assert times.processing_time is not None
            node.time, node.unit = drawn(times.processing_time), times.unit or self.unit_of(element)
            node.pool = self.pool_of(node.unit, times.pools)
        elif node.kind in ("catch", "start"):
            event = entry([each.events for each in scenarios], node.id, element.name)
            node.unit = (event.unit if event else None) or self.unit_of(element)
            if node.kind == "catch":
                node.time = drawn(event.wait_time) if event and event.wait_time else draws.fixed(timer(element))
                node.calendar = event.calendar if event else "always"
        elif node.kind == "xor" and len(node.outgoing) > 1:
            ways = entry([each.gateways for each in scenarios], node.id, element.name)
            assert ways is not None
            ids = {folded(flow.name): str(flow.id) for flow in self.process.sequence_flows if flow.source_ref == node.id and flow.name}
            if ways.probabilities is not None:
                by_flow = {ids.get(folded(key), key): value for key, value in ways.probabilities.items()}
                node.probabilities = [by_flow[flow.id] for flow in node.outgoing]
            for row in ways.choices or ():
                node.choices.append([ids.get(folded(str(flow)), str(flow)) for flow in row])
        if node in self.starts():
            node.arrival = entry([each.arrivals for each in scenarios], node.id, element.name)

    def starts(self) -> list[Node]:
        """Where cases arrive (H43, H44), in document order; without start events the first node stands for all that nothing leads to."""
        events = [node for node in self.nodes.values() if node.kind == "start" and not node.incoming]
        return events or self.implicit_starts()[:1]

    def implicit_starts(self) -> list[Node]:
        return [node for node in self.nodes.values() if not node.incoming]

    def unit_of(self, element: FlowNode) -> str | None:
        """H3: lanes from the innermost outwards, participant, performer, the scenario's last resort."""
        names = [lane.name for lane in lanes_around(self.process.lane_sets, str(element.id))]
        for collaboration in self.definitions.collaborations:
            names += [each.name for each in collaboration.participants if each.process_ref == self.process.id]
        names += [each.name for each in getattr(element, "resources", ())]
        for name in names:
            for unit_id, unit in self.organization.units.items():
                if name and folded(name) in {folded(each) for each in (unit_id, unit.name, *unit.aliases)}:
                    return unit_id
        return self.own.unit if self.own else None

    def pool_of(self, unit_id: str | None, pools: Mapping[str, int] | None) -> str | None:
        """UNIT.POOL, None for nobody."""
        assert unit_id is not None
        unit = self.organization.units[unit_id]
        if pools is None:
            return f"{unit_id}.{next(iter(unit.pools))}" if unit.pools and not unit.external else None
        for key in pools:
            return f"{unit_id}.{key}" if key in unit.pools else key
        return None

    def place_of(self, node: Node) -> str | None:
        """H11: where a node stands, None where a token passes it wherever it is."""
        if not node.is_join:
            return node.unit
        places = self.first_places(node, {node.id})
        return next(iter(places)) if len(places) == 1 else None

    def first_places(self, node: Node, seen: set[str]) -> set[str | None]:
        """Places to which paths from a node first lead; None for one that leads to an end."""
        found: set[str | None] = set() if node.outgoing else {None}
        for flow in node.outgoing:
            target = self.nodes[flow.target]
            if target.id in seen:
                continue
            seen.add(target.id)
            found |= {target.unit} if target.unit is not None else self.first_places(target, seen)
        return found

    def transfer_between(self, from_unit: str | None, to_unit: str | None) -> Transfer | None:
        """Pair before array before "*", the first in the file among equals."""
        if from_unit is None or to_unit is None or from_unit == to_unit:
            return None
        best = None
        for transfer in self.scenario.transfers:
            general = [generality(end, unit) for end, unit in ((transfer.from_, from_unit), (transfer.to, to_unit))]
            if None not in general:
                key = sorted((each for each in general if each is not None), reverse=True)
                if best is None or key < best[0]:
                    best = (key, transfer)
        return best[1] if best else None


def generality(end: str | Sequence[str] | None, unit: str) -> int | None:
    """How general an end of a transfer is that holds for a unit, None where it does not."""
    if end == unit:
        return 0
    if end == "*":
        return 2
    return 1 if end is not None and not isinstance(end, str) and unit in end else None


def lanes_around(lane_sets: Iterable[LaneSet], node_id: str) -> list[Lane]:
    """Lanes that hold a node, the innermost first."""
    for lane_set in lane_sets:
        for lane in lane_set.lanes:
            inner = lanes_around([lane.child_lane_set], node_id) if lane.child_lane_set else []
            if inner or node_id in lane.flow_node_refs:
                return [*inner, lane]
    return []


def timer(element: FlowNode) -> int:
    """The map's own waiting time."""
    assert isinstance(element, IntermediateCatchEvent)
    for definition in element.event_definitions:
        if isinstance(definition, TimerEventDefinition) and definition.time_duration is not None:
            return parse_duration(definition.time_duration.text)
    raise AssertionError(f"{element.id} has no waiting time")
