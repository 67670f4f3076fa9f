"""Partners: which message flow goes from which element to which, which signals have throwers, who answers whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.semantics.lowering.given import Given
from bpmnmap.semantics.lowering.kinds import definition_of, event_definitions, is_link_target


@dataclass(frozen=True, slots=True)
class MessageWay:
    """A message flow from an element that sends to one that takes; or to a party outside that answers at some of `answers`.

    Parameters
    ----------
    target
        Id of the element that takes it, or of the participant.
    answers
        Message flows, with the elements that they lead to, by which the participant answers.
    """

    flow: str
    source: str
    target: str
    participant: m.Participant | None = None
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Partners:
    """What passes between the processes of one map.

    Attributes
    ----------
    sent
        By sender: what it sends to elements of other processes, and to parties that answer; in document order.
    taken
        Elements that take messages from within the run.
    asking
        Activities that wait for the answer to what they send: they send it on entering, not when they are completed.
    thrown, caught
        Keys of signals that something in the map throws, or catches.
    findings
        Message flows that are not followed.
    """

    definitions: m.Definitions
    processes: Sequence[m.Process]
    given: Given
    sent: dict[str, list[MessageWay]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    asking: set[str] = field(default_factory=set)
    thrown: set[str] = field(default_factory=set)
    caught: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    nodes: dict[str, m.FlowNode] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    _flows: list[m.MessageFlow] = field(default_factory=list)
    _next: dict[str, list[str]] = field(default_factory=dict)
    _scope_of: dict[str, m.Process | m.SubProcess] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for process in self.processes:
            for scope in process.scopes():
                for node in scope.flow_nodes:
                    if node.id is not None:
                        self.nodes.setdefault(node.id, node)
                        self.homes.setdefault(node.id, process.id or "")
        for node in self.nodes.values():
            self._note_signal(node)
        self._link_nodes()
        participants = {
            each.id: each for collaboration in self.definitions.collaborations for each in collaboration.participants if each.id is not None
        }
        self._flows = [flow for collaboration in self.definitions.collaborations for flow in collaboration.message_flows]
        runs = {process.id for process in self.processes}
        outside = {name: each for name, each in participants.items() if each.process_ref not in runs}
        pools = set(participants) - set(outside)
        for flow in self._flows:
            self._add(flow, outside, pools)
        self.asking = {name for name in self.sent if name in self.taken and self._asks(name)}

    def _note_signal(self, node: m.FlowNode) -> None:
        definition = definition_of(node, self.definitions)
        if isinstance(definition, m.SignalEventDefinition):
            key = signal_key(definition, self.definitions)
            (self.thrown if isinstance(node, m.ThrowEvent) else self.caught).add(key)

    def _add(self, flow: m.MessageFlow, outside: dict[str, m.Participant], pools: set[str]) -> None:
        source, target = flow.source_ref or "", flow.target_ref or ""
        if source in outside or (target not in self.nodes and target not in pools and target not in outside):
            return  # the outside world has its times in the scenario; a flow half attached is told in reading
        if target in outside:
            if target in self.given.answering and source in self.nodes:
                answers = tuple((flow, taker) for flow, taker in self._answers(source, target) if not self._waits(taker))
                if answers:
                    self.sent.setdefault(source, []).append(MessageWay(flow.id or "", source, target, outside[target], answers))
                    self.taken.update(taker for _, taker in answers)
            return
        if source not in self.nodes and source not in pools:
            return
        sends, takes = source in self.nodes and can_send(self.nodes[source]), target in self.nodes
        takes = takes and can_take(self.nodes[target], self.definitions)
        if sends and takes and self.homes[source] != self.homes[target]:
            self.sent.setdefault(source, []).append(MessageWay(flow.id or "", source, target))
            self.taken.add(target)
        elif self.homes.get(source) != self.homes.get(target) or not (sends and takes):
            self.findings.append(self._unsent(flow, sends))

    def _waits(self, taker: str) -> bool:
        """Whether the scenario gives a taker a time of its own, so that no answer is awaited there."""
        return (self.homes[taker], taker) in self.given.waiting

    def _unsent(self, flow: m.MessageFlow, sends: bool) -> Finding:
        end = "taken by" if sends else "sent by"
        message = f"nothing is sent along it: it is not {end} an activity or an event for messages"
        return Finding(
            "unsent-message",
            message,
            Location(self.definitions.path, flow.line),
            Severity.WARNING,
            element_kind=flow.kind,
            element_id=flow.id,
            fix="let it lead from an activity or throwing event to an activity, catching or start event for messages of another pool",
            element_name=flow.name or None,
        )

    def _asks(self, name: str) -> bool:
        """Whether an activity waits for what can only come after what it sends itself has been taken."""
        if not isinstance(self.nodes[name], m.Activity):
            return False
        replies = [way.source for ways in self.sent.values() for way in ways if way.target == name and way.participant is None]
        asked = [way.target for way in self.sent[name] if way.participant is None]
        if any(taker == name for way in self.sent[name] for _, taker in way.answers):
            return True
        return bool(replies) and all(any(self._only_behind(reply, target) for target in asked) for reply in replies)

    def _only_behind(self, name: str, first: str) -> bool:
        """Whether tokens come to a node only after they were at another one of its process."""
        home = self.homes[name]
        if self.homes[first] != home or name == first:
            return self.homes[first] == home
        process = next(each for each in self.processes if each.id == home)
        targets = {flow.target_ref for flow in process.sequence_flows}
        pending = [node.id for node in process.flow_nodes if node.id is not None and node.id not in targets]
        pending = [each for each in pending if not isinstance(self.nodes[each], m.BoundaryEvent)]
        seen = {first}
        while pending:
            each = pending.pop()
            if each == name:
                return False
            if each not in seen:
                seen.add(each)
                pending += self._following(each)
        return True

    def _answers(self, source: str, participant: str) -> Iterator[tuple[str, str]]:
        """Yield the message flows by which a party may answer what an element sends: those to the takers that come next."""
        asking = {flow.source_ref for flow in self._flows if flow.target_ref == participant}
        answers = {flow.target_ref: flow.id or "" for flow in self._flows if flow.source_ref == participant}
        seen = {source}
        pending = list(self._following(source))
        found: set[str] = set()
        if source in answers and isinstance(self.nodes[source], m.Activity):
            found, pending = {source}, []  # the activity asks, and waits for the answer itself
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in answers and can_take(self.nodes[name], self.definitions):
                found.add(name)
            elif name not in asking:
                pending += self._following(name)
        yield from ((answers[name], name) for name in self.nodes if name in found)

    def _following(self, name: str) -> Iterator[str]:
        """Yield the nodes to which a token may come next from a node, into and out of sub-processes."""
        yield from self._next.get(name, ())
        scope = self._scope_of[name]
        if name not in self._next and isinstance(scope, m.SubProcess) and scope.id in self._scope_of:
            yield from self._following(scope.id)

    def _link_nodes(self) -> None:
        """Note where tokens go on from each node, and which scope it is in."""
        for process in self.processes:
            for scope in process.scopes():
                if not isinstance(scope, (m.Process, m.SubProcess)):
                    continue
                inside = [node for node in scope.flow_nodes if node.id is not None]
                links = [node.id for node in inside if is_link_target(node, self.definitions)]
                for node in inside:
                    assert node.id is not None
                    self._scope_of.setdefault(node.id, scope)
                    if isinstance(node, m.BoundaryEvent) and node.attached_to_ref is not None:
                        self._next.setdefault(node.attached_to_ref, []).append(node.id)
                    elif isinstance(node, m.ThrowEvent) and isinstance(definition_of(node, self.definitions), m.LinkEventDefinition):
                        self._next.setdefault(node.id, []).extend(link for link in links if link is not None)
                    elif isinstance(node, m.SubProcess):
                        targets = {flow.target_ref for flow in node.sequence_flows}
                        first = [each.id for each in node.flow_nodes if each.id is not None and each.id not in targets]
                        self._next.setdefault(node.id, []).extend(first)
                for flow in scope.sequence_flows:
                    if flow.source_ref is not None and flow.target_ref in self.nodes:
                        self._next.setdefault(flow.source_ref, []).append(flow.target_ref)

    def groups(self, called: set[str]) -> list[list[m.Process]]:
        """Return the processes that work together, in document order, without those that only are called."""
        mine = [process for process in self.processes if process.id not in called]
        group_of = {process.id or "": number for number, process in enumerate(mine)}

        def unite(one: str, other: str) -> None:
            if one in group_of and other in group_of:
                low, high = sorted((group_of[one], group_of[other]))
                for name, number in group_of.items():
                    if number == high:
                        group_of[name] = low

        for ways in self.sent.values():
            for way in ways:
                if way.participant is None:
                    unite(self.homes[way.source], self.homes[way.target])
        by_signal: dict[str, list[str]] = {}
        for name, node in self.nodes.items():
            definition = definition_of(node, self.definitions)
            if isinstance(definition, m.SignalEventDefinition):
                key = signal_key(definition, self.definitions)
                if key in self.thrown and key in self.caught:
                    by_signal.setdefault(key, []).append(self.homes[name])
        for homes in by_signal.values():
            for home in homes[1:]:
                unite(homes[0], home)
        groups: dict[int, list[m.Process]] = {}
        for process in mine:
            groups.setdefault(group_of[process.id or ""], []).append(process)
        return [groups[number] for number in sorted(groups)]


def can_send(node: m.FlowNode) -> bool:
    """Whether messages come from a node."""
    return isinstance(node, (m.Activity, m.ThrowEvent))


def can_take(node: m.FlowNode, definitions: m.Definitions) -> bool:
    """Whether a node takes messages: an activity, or an event of a message or of nothing that is told."""
    if isinstance(node, m.Activity):
        return True
    if not isinstance(node, m.CatchEvent):
        return False
    kinds = [type(definition) for definition in event_definitions(node, definitions)]
    return kinds == [m.MessageEventDefinition] or (not kinds and isinstance(node, (m.StartEvent, m.IntermediateCatchEvent)))


def signal_key(definition: m.SignalEventDefinition, definitions: m.Definitions) -> str:
    """Return what tells signals apart: the signal's name, else its id."""
    signal = None if definition.signal_ref is None else definitions.element(definition.signal_ref)
    name = signal.name if isinstance(signal, m.Signal) else None
    return (name or "").strip() or definition.signal_ref or ""
