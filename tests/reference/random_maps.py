"""Random maps: blocks that fit into each other, and nets that do not; short enough to read when a test fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from hypothesis import strategies as st

AnyT = TypeVar("AnyT")
NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"
TIMES = ("PT0S", "PT15M", "PT30M", "PT1H", "PT2H", "PT7H")
TAGS = {"start": "startEvent", "end": "endEvent", "xor": "exclusiveGateway", "and": "parallelGateway", "catch": "intermediateCatchEvent"}
TASK_TAGS = ("task", "userTask", "manualTask", "serviceTask")


@dataclass
class RandomNode:
    id: str
    kind: str
    unit: str | None
    timer: str | None = None


@dataclass
class RandomMap:
    """A map as it grows."""

    process: str
    draw: st.DrawFn
    units: list[str]
    nodes: list[RandomNode] = field(default_factory=list)
    flows: list[tuple[str, str, str]] = field(default_factory=list)
    backward: set[str] = field(default_factory=set)
    nested: bool = False
    implicit: bool = False
    """Whether it has neither start nor end events."""
    laned: bool = True
    participant: str | None = None
    """Unit after which the pool of a map without lanes is named."""
    named: bool = False
    """Whether scenarios call elements by their names."""

    def pick(self, *values: AnyT) -> AnyT:
        return self.draw(st.sampled_from(values))

    def node(self, kind: str) -> RandomNode:
        unit = self.pick(*self.units) if kind == "task" or self.pick(True, True, False) else None
        timer = self.pick(*TIMES, None, None) if kind == "catch" else None
        made = RandomNode(f"{kind[0]}{len(self.nodes)}", kind, unit, timer)
        self.nodes.append(made)
        return made

    def flow(self, source: RandomNode, target: RandomNode) -> str:
        self.flows.append((f"f{len(self.flows)}", source.id, target.id))
        return self.flows[-1][0]

    def flow_back(self, source: RandomNode, target: RandomNode) -> None:
        """Close a circle; if it holds nothing but gateways, by way of a task: how tokens in bare circles overtake others is not told."""
        bare, met = [target.id], set()
        while bare:
            met.add(bare.pop())
            bare += [to for _, at, to in self.flows if at in met and to not in met and to[0] in "xa"]
        task = self.node("task") if source.id in met else None
        self.backward.add(self.flow(source, task or target))
        if task:
            self.flow(task, target)

    def out_of(self, node: RandomNode) -> list[str]:
        return [flow for flow, source, _ in self.flows if source == node.id]

    def called(self, element_id: str) -> str:
        """What a scenario calls an element or flow: its id, or its name with other spaces and letters."""
        return f"THE {element_id.upper()}" if self.named else element_id

    def named_as(self, element_id: str) -> str:
        return f' name="The  {element_id}"' if self.named else ""

    def starts(self) -> list[RandomNode]:
        targets = {target for _, _, target in self.flows}
        if self.implicit:  # the first stands for all
            return [node for node in self.nodes if node.id not in targets][:1]
        return [node for node in self.nodes if node.kind == "start"]

    def start(self) -> RandomNode:
        return self.node("task" if self.implicit else "start")

    # ---------------------------------------------------------------- blocks

    def block(self, depth: int) -> tuple[RandomNode, RandomNode]:
        """First and last node of a part with one way in and one way out."""
        simple = ("task", "task", "catch")
        kind = self.pick(*simple, *(("row", "row", "xor", "and", "loop", "fork", "meet") if depth else ()))
        if kind in simple:
            node = self.node(kind)
            return node, node
        if kind == "row":
            first, middle = self.block(depth - 1)
            following, last = self.block(depth - 1)
            self.flow(middle, following)
            return first, last
        if kind == "loop":
            merge = self.node("xor")
            first, last = self.block(depth - 1)
            split = self.node("xor")
            self.flow(merge, first)
            self.flow(last, split)
            self.flow_back(split, merge)
            return merge, split
        opening = self.node("task" if kind == "fork" else "xor" if kind == "meet" else kind)
        branches = [self.block(depth - 1) if self.pick(True, True, False) else None for _ in range(self.pick(2, 2, 3))]
        closing = self.node("and" if kind == "fork" else "task" if kind == "meet" else kind)
        for branch in branches:
            self.flow(opening, branch[0] if branch else closing)
            if branch:
                self.flow(branch[1], closing)
        return opening, closing

    def grow_blocks(self) -> None:
        start = self.start()
        first, last = self.block(3)
        self.flow(start, first)
        self.flow(last, self.node("task" if self.implicit else "end"))
        if self.pick(True, False, False):  # a second way in
            self.flow(self.start(), first)

    # ------------------------------------------------------------------ nets

    def grow_net(self) -> None:
        """Each node hangs on an earlier one; further flows run forwards, or back out of exclusive gateways."""
        nodes = [self.start()]
        if self.pick(True, False, False):
            nodes.append(self.start())
        starts = len(nodes)
        for _ in range(self.draw(st.integers(2, 9))):
            node = self.node(self.pick("task", "task", "task", "xor", "xor", "and", "and", "catch", "task" if self.implicit else "end"))
            sources = [each for each in nodes if each.kind != "end"]
            bare = [each for each in sources if not self.out_of(each)]
            self.flow(self.pick(*(bare or sources)), node)
            nodes.append(node)
        back = []
        for _ in range(self.draw(st.integers(0, 5))):
            source = self.pick(*[each for each in nodes if each.kind != "end"])
            place = nodes.index(source)
            later = nodes[max(starts, place + 1) :]
            if source.kind == "xor" and self.pick(True, False):
                back.append((source, self.pick(*nodes[starts : place + 1])))
            elif later:
                self.flow(source, self.pick(*later))
        for source, target in back:
            self.flow_back(source, target)
        for node in nodes:
            if node.kind != "end" and not set(self.out_of(node)) - self.backward and not (self.implicit and node.kind == "task"):
                self.flow(node, self.node("end"))

    # ------------------------------------------------------------------- xml

    def xml(self) -> str:
        lines = [f'<process id="{self.process}">']
        if self.participant:
            pool = f'<participant id="{self.process}_pool" name="{self.participant}" processRef="{self.process}"/>'
            lines = [f'<collaboration id="{self.process}_all">{pool}</collaboration>', *lines]
        if self.laned:
            lines += [f'<laneSet id="{self.process}_lanes">', *self.lanes(), "</laneSet>"]
        for node in self.nodes:
            tag = TAGS.get(node.kind) or TASK_TAGS[len(node.id) % 2 + int(node.id[1:]) % 3]
            inner = ""
            if node.kind == "catch":
                timer = f"<timerEventDefinition><timeDuration>{node.timer}</timeDuration></timerEventDefinition>"
                inner = timer if node.timer else "<messageEventDefinition/>"
            lines.append(f'<{tag} id="{node.id}"{self.named_as(node.id)}>{inner}</{tag}>')
        for flow, source, target in self.flows:
            lines.append(f'<sequenceFlow id="{flow}"{self.named_as(flow)} sourceRef="{source}" targetRef="{target}"/>')
        return "\n".join(
            [f'<definitions xmlns="{NAMESPACE}" id="D_{self.process}" targetNamespace="x">', *lines, "</process></definitions>"]
        )

    def lanes(self) -> list[str]:
        """One lane for each unit; nested ones stand in the lane of the unit before."""
        text: list[str] = []
        for unit in self.units:
            refs = "".join(f"<flowNodeRef>{node.id}</flowNodeRef>" for node in self.nodes if node.unit == unit)
            inner = f'<childLaneSet id="{self.process}_in_{unit}">{"".join(text)}</childLaneSet>' if self.nested and text else ""
            lane = f'<lane id="{self.process}_{unit}" name="{unit}">{refs}{inner}</lane>'
            text = [lane] if self.nested else [*text, lane]
        return text


@st.composite
def random_map(draw: st.DrawFn, process: str, units: list[str]) -> RandomMap:
    rare = st.sampled_from([False] * 5 + [True])
    made = RandomMap(process, draw, units, nested=draw(st.booleans()), implicit=draw(rare), laned=not draw(rare), named=draw(rare))
    made.participant = draw(st.sampled_from([None, *units])) if not made.laned else None
    if draw(st.booleans()):
        made.grow_blocks()
    else:
        made.grow_net()
    return made
