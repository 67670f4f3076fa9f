"""What is to be simulated: the nodes of every place that holds some (process, sub-process, called process), and what the scenario says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from bpmnmap.durations import parse_duration
from bpmnmap.model import (
    BoundaryEvent,
    CallActivity,
    Definitions,
    EndEvent,
    EventBasedGateway,
    ExclusiveGateway,
    FlowNode,
    InclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ParallelGateway,
    Process,
    SequenceFlow,
    StartEvent,
    SubProcess,
)
from bpmnmap.model.activities import Activity, LoopCharacteristics
from bpmnmap.model.events import CatchEvent, ThrowEvent
from bpmnmap.simulation import draws
from bpmnmap.simulation.scenario import ActivityTimes, Arrival, EventTimes, GatewayChoices, ProcessTables, Scenario, Transfer
from tests.reference.addressed import drawn
from tests.reference.units import folded, pool_of, unit_of

TableT = TypeVar("TableT")
STARTS_INSIDE_ARE_PLACES = False
"""H11 lets starts stand at their unit; the product passes those of sub-processes and called processes where the token is."""
KINDS: dict[type, str] = {
    StartEvent: "start",
    EndEvent: "end",
    IntermediateCatchEvent: "catch",
    IntermediateThrowEvent: "throw",
    BoundaryEvent: "boundary",
    ExclusiveGateway: "xor",
    ParallelGateway: "and",
    InclusiveGateway: "or",
    EventBasedGateway: "race",
}


@dataclass(eq=False)
class Flow:
    id: str
    name: str | None
    source: Node
    target: Node
    transfer: Transfer | None = None
    condition: str | None = None


@dataclass(eq=False)
class Node:
    """A node of a level and all that the scenario says of it."""

    level: Level
    element: FlowNode
    kind: str
    order: tuple[int, ...]
    """Its place in the document, after those of what holds it; maps go by process id."""
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    unit: str | None = None
    pool: str | None = None
    times: ActivityTimes | None = None
    event: EventTimes | None = None
    choices: GatewayChoices | None = None
    arrival: Arrival | None = None
    guards: list[Node] = field(default_factory=list)
    """Boundary events at it, in document order."""
    host: Node | None = None

    @property
    def id(self) -> str:
        return str(self.element.id)

    @property
    def process(self) -> str:
        """Id of the process that it stands in."""
        return self.level.process

    @property
    def name(self) -> str:
        return f"{self.process}/{self.id}" if len(self.level.world.processes) > 1 else self.id

    @property
    def is_join(self) -> bool:
        return self.kind in ("and", "or") and len(self.incoming) > 1

    @property
    def is_activity(self) -> bool:
        return self.kind in ("task", "sub", "call")

    @property
    def is_interrupting(self) -> bool:
        if isinstance(self.element, BoundaryEvent):
            return self.element.cancel_activity
        return not isinstance(self.element, StartEvent) or self.element.is_interrupting

    @property
    def repeats(self) -> LoopCharacteristics | None:
        return self.element.loop_characteristics if isinstance(self.element, Activity) else None

    @cached_property
    def trigger(self) -> str:
        """timer, message, error, terminate, …; nothing for none."""
        element = self.element
        if not isinstance(element, (CatchEvent, ThrowEvent)):
            return ""
        kinds = [each.kind.removesuffix("EventDefinition") for each in self.level.definitions.event_definitions(element)]
        return kinds[0] if kinds else ""

    @cached_property
    def definition(self) -> object:
        element = self.element
        assert isinstance(element, (CatchEvent, ThrowEvent))
        return self.level.definitions.event_definitions(element)[0]

    @property
    def takes(self) -> bool:
        """Whether it takes a message from within the run."""
        return (self.process, self.id) in self.level.world.takers and not (self.event and self.event.wait_time)

    @property
    def flows_of_messages(self) -> list[MessageWay]:
        return self.level.world.sent.get((self.process, self.id), [])

    @cached_property
    def inner(self) -> Level:
        """What a sub-process or called process holds."""
        if self.kind == "call":
            definitions, process = self.level.world.processes[called_by(self.element)]
            return Level(self.level.world, definitions, process, process, self)
        assert isinstance(self.element, SubProcess)
        return Level(self.level.world, self.level.definitions, self.level.root, self.element, self)

    @cached_property
    def place(self) -> str | None:
        """H11: where it stands, None where a token passes it wherever it is."""
        if self.kind in ("task", "race"):
            return self.unit
        if self.kind == "boundary":
            assert self.host is not None
            return self.host.unit
        if self.kind == "start":
            holder = self.level.holder
            if holder is not None and holder.kind != "event_sub" and not STARTS_INSIDE_ARE_PLACES:
                return None
            return holder.level.unit if holder is not None and holder.kind == "event_sub" else self.unit
        if self.kind == "catch":
            return self.incoming[0].source.unit if self.is_raced else self.unit
        if self.is_join:
            places = first_places(self, {id(self)})
            return next(iter(places)) if len(places) == 1 else None
        return None

    @property
    def is_raced(self) -> bool:
        """Whether an event-based gateway leads to it."""
        return any(flow.source.kind == "race" for flow in self.incoming)

    @cached_property
    def cycle(self) -> int:
        """How often a timer fires at one visit; -1 for ever."""
        timer = getattr(self.definition, "time_cycle", None) if self.trigger == "timer" else None
        if timer is None or (self.event and self.event.wait_time):
            return 1
        times = timer.text.split("/")[0][1:]
        return int(times) if times else -1

    @cached_property
    def wait(self) -> draws.Distribution | None:
        """Time from entering to firing, None if nothing but what happens in the run sets it off."""
        if self.event and self.event.wait_time:
            return drawn(self.event.wait_time)
        if self.trigger == "timer":
            given = getattr(self.definition, "time_duration", None) or getattr(self.definition, "time_cycle", None)
            assert given is not None, f"{self.id}: dates are not simulated here"
            return draws.fixed(parse_duration(given.text.split("/")[-1]))
        return None


def first_places(node: Node, seen: set[int]) -> set[str | None]:
    """Places to which paths from a node first lead; None for one that leads to an end, a sub-process or a call."""
    found: set[str | None] = set() if node.outgoing else {None}
    for flow in node.outgoing:
        target = flow.target
        if id(target) in seen:
            continue
        seen.add(id(target))
        if target.kind in ("sub", "call"):
            found.add(None)
        else:
            place = None if target.is_join else target.place
            found |= {place} if place is not None else first_places(target, seen)
    return found


@dataclass(eq=False)
class MessageWay:
    """A message flow between two processes of the run, or a party outside that answers."""

    id: str
    name: str | None
    source: tuple[str, str]
    """Process and element; of a party outside, "" and its id."""
    target: tuple[str, str]
    transfer: Transfer | None


class Level:
    """One process, or what one sub-process or call activity holds."""

    def __init__(
        self, world: World, definitions: Definitions, root: Process, container: Process | SubProcess, holder: Node | None = None
    ) -> None:
        self.world, self.definitions, self.root, self.container, self.holder = world, definitions, root, container, holder
        self.process = str(root.id)
        self.own: ProcessTables | None = world.scenario.processes.get(self.process)
        self.tables = [each for each in (self.own, world.scenario) if each is not None]
        self.unit: str | None = holder.unit if holder is not None else unit_of(None, self)
        self.nodes = {str(each.id): self.bare(each) for each in container.flow_nodes}
        for flow in container.sequence_flows:
            self.connect(flow)
        for node in self.nodes.values():
            self.look_up(node)

    def bare(self, element: FlowNode) -> Node:
        kind = KINDS.get(type(element), "task")
        if isinstance(element, SubProcess) and element.flow_nodes:
            kind = "event_sub" if element.triggered_by_event else "sub"
        elif isinstance(element, CallActivity) and called_by(element) in self.world.processes:
            kind = "call"
        around = self.holder.order if self.holder is not None else ()
        return Node(self, element, kind, (*around, self.world.order[self.process, str(element.id)]))

    def connect(self, flow: SequenceFlow) -> None:
        source, target = self.nodes[str(flow.source_ref)], self.nodes[str(flow.target_ref)]
        transfers = [*(self.own.transfers if self.own else ()), *self.world.scenario.transfers]
        transfer = next((each for each in transfers if each.flow is not None and each.flow == flow.id), None)
        condition = flow.condition_expression.text if flow.condition_expression is not None else None
        made = Flow(str(flow.id), flow.name, source, target, transfer, condition)
        source.outgoing.append(made)
        target.incoming.append(made)

    def look_up(self, node: Node) -> None:
        """Fill in what the scenario says."""
        element = node.element
        if node.is_activity or node.kind == "event_sub":
            node.times = entry([each.activities for each in self.tables], node.id, element.name)
            node.unit = (node.times.unit if node.times else None) or unit_of(element, self)
            if node.kind == "task":
                node.pool = pool_of(self.world.scenario.organization, node.unit, node.times.pools if node.times else None)
        elif node.kind in ("catch", "start", "boundary", "throw", "race"):
            node.event = entry([each.events for each in self.tables], node.id, element.name)
            node.unit = (node.event.unit if node.event else None) or unit_of(element, self)
        elif node.kind in ("xor", "or") and len(node.outgoing) > 1:
            node.choices = entry([each.gateways for each in self.tables], node.id, element.name)
        if isinstance(element, BoundaryEvent):
            node.host = self.nodes[str(element.attached_to_ref)]
            node.host.guards.append(node)
        if (node.kind == "start" and self.holder is None) or node in self.implicit_starts()[:1]:
            node.arrival = entry([each.arrivals for each in self.tables], node.id, element.name)

    def starts(self) -> list[Node]:
        """Where cases or tokens come in (H43, H44), in document order; without start events the first node stands for all."""
        events = [node for node in self.nodes.values() if node.kind == "start" and not node.incoming]
        return events or self.implicit_starts()[:1]

    def implicit_starts(self) -> list[Node]:
        return [node for node in self.nodes.values() if not node.incoming and node.kind not in ("boundary", "event_sub")]

    def event_subs(self) -> list[Node]:
        return [node for node in self.nodes.values() if node.kind == "event_sub"]

    def find(self, element_id: str) -> Node | None:
        """A node of this level or of one inside it."""
        if element_id in self.nodes:
            return self.nodes[element_id]
        for node in self.nodes.values():
            if node.kind in ("sub", "event_sub") and (found := node.inner.find(element_id)):
                return found
        return None


class World:
    """All maps of a run under a scenario."""

    def __init__(self, maps: Iterable[Definitions], scenario: Scenario) -> None:
        self.scenario = scenario
        found = {str(process.id): (each, process) for each in maps for process in each.processes}
        self.processes = dict(sorted(found.items()))
        self.order: dict[tuple[str, str], int] = {}
        for name, (_, process) in self.processes.items():
            for element in process.walk():
                self.order.setdefault((name, str(element.id)), len(self.order))
        self.takers: set[tuple[str, str]] = set()
        self.sent: dict[tuple[str, str], list[MessageWay]] = {}
        for definitions in {id(each): each for each, _ in self.processes.values()}.values():
            self.read_messages(definitions)
        self.levels = {name: Level(self, *each, each[1]) for name, each in self.processes.items()}

    def read_messages(self, definitions: Definitions) -> None:
        for collaboration in definitions.collaborations:
            outside = {str(each.id) for each in collaboration.participants if each.process_ref is None}
            answering = {each for each in outside if self.answers(collaboration.participants, each)}
            for flow in collaboration.message_flows:
                ends = [self.end_of(str(end), outside) for end in (flow.source_ref, flow.target_ref)]
                if any(end[0] == "" and end[1] not in answering for end in ends):
                    continue
                transfer = next((each for each in self.scenario.transfers if each.flow == flow.id), None)
                self.sent.setdefault(ends[0], []).append(MessageWay(str(flow.id), flow.name, ends[0], ends[1], transfer))
                self.takers.add(ends[1])

    def end_of(self, element_id: str, outside: set[str]) -> tuple[str, str]:
        if element_id in outside:
            return "", element_id
        return next((process, element) for process, element in self.order if element == element_id)

    def answers(self, participants: Iterable[object], participant_id: str) -> bool:
        names = {str(getattr(each, "id", "")): getattr(each, "name", None) for each in participants}
        given = entry([self.scenario.participants], participant_id, names[participant_id])
        return given is not None and given.response_time is not None

    def participant(self, participant_id: str) -> tuple[str | None, Definitions]:
        """A participant's name, and the map that it stands in."""
        for definitions, _ in self.processes.values():
            for collaboration in definitions.collaborations:
                for each in collaboration.participants:
                    if each.id == participant_id:
                        return each.name, definitions
        raise KeyError(participant_id)

    def find(self, process: str, element_id: str) -> Node:
        node = self.levels[process].find(element_id)
        assert node is not None, element_id
        return node


def called_by(element: FlowNode) -> str:
    return (getattr(element, "called_element", None) or "").rpartition(":")[2]


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
