"""Maps drawn at random: tasks, gateways of three kinds, loops and sub-processes; nested blocks, and what becomes of them when they are spoiled.

No circle of a map is without a task, so that none takes no time; no two flows lead from one node to the same other one, since
SpiffWorkflow knows flows by their two ends. Where a block has nothing to do, an intermediate throw event stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count, pairwise
from random import Random
from typing import Final

GATEWAYS: Final = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")


@dataclass(slots=True)
class Node:
    """A flow node; `inner`: what a sub-process is made of; `repeated`: "series", "each" or "turns"."""

    id: str
    kind: str
    inner: Chart | None = None
    repeated: str | None = None


@dataclass(slots=True)
class Chart:
    """Nodes by id, and flows: id, source, target."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, tuple[str, str]] = field(default_factory=dict)

    def out(self, node: str) -> list[str]:
        """Ids of the flows out of a node."""
        return [flow for flow, (source, _) in self.flows.items() if source == node]

    def into(self, node: str) -> list[str]:
        """Ids of the flows into a node."""
        return [flow for flow, (_, target) in self.flows.items() if target == node]

    def charts(self) -> list[Chart]:
        """It and all within it."""
        return [self, *(chart for node in self.nodes.values() if node.inner for chart in node.inner.charts())]

    def all_nodes(self) -> dict[str, tuple[Chart, Node]]:
        """Each node by its id, with the chart that it is in."""
        return {name: (chart, node) for chart in self.charts() for name, node in chart.nodes.items()}


@dataclass(frozen=True, slots=True)
class Kinds:
    """What blocks are drawn, and how often maps are spoiled."""

    blocks: tuple[str, ...] = ("seq", "xor", "and", "loop", "sub")
    spoiled: int = 0


class Draw:
    """One map is drawn."""

    def __init__(self, random: Random, kinds: Kinds, size: int) -> None:
        self.random, self.kinds, self.left, self.numbers = random, kinds, size, count()

    def chart(self, *, repeated: bool = False) -> Chart:
        """A chart from start to end, around one block; before it a task, if it is repeated."""
        chart = Chart()
        start, end = self.node(chart, "startEvent"), self.node(chart, "endEvent")
        tasks = [self.task(chart)] if repeated else []
        first, last = self.row(chart, [*tasks, self.block(chart, 0)])
        self.flow(chart, start, first)
        self.flow(chart, last, end)
        return chart

    def node(self, chart: Chart, kind: str) -> str:
        name = f"n{next(self.numbers)}"
        chart.nodes[name] = Node(name, kind)
        return name

    def flow(self, chart: Chart, source: str, target: str) -> None:
        chart.flows[f"f{next(self.numbers)}"] = (source, target)

    def block(self, chart: Chart, depth: int) -> tuple[str, str]:
        """Draw a block; its first and its last node."""
        self.left -= 1
        if self.left <= 0 or depth > 4 or self.random.random() < 0.2:
            node = self.node(chart, "manualTask" if self.random.random() < 0.85 else "intermediateThrowEvent")
            return node, node
        kind = self.random.choice(self.kinds.blocks)
        if kind in {"sub", "series", "each", "turns"}:
            return self.activity(chart, kind)
        if kind == "seq":
            return self.row(chart, [self.block(chart, depth + 1) for _ in range(2)])
        if kind == "loop":
            return self.loop(chart, depth)
        gateway = {"xor": "exclusiveGateway", "and": "parallelGateway", "or": "inclusiveGateway"}[kind]
        split, join = self.node(chart, gateway), self.node(chart, gateway)
        for _ in range(self.random.choice((2, 2, 3))):
            first, last = self.block(chart, depth + 1)
            self.flow(chart, split, first)
            self.flow(chart, last, join)
        return split, join

    def activity(self, chart: Chart, kind: str) -> tuple[str, str]:
        repeated = None if kind == "sub" else kind
        name = self.node(chart, "manualTask" if repeated and self.random.random() < 0.5 else "subProcess")
        chart.nodes[name].repeated = repeated
        if chart.nodes[name].kind == "subProcess":
            chart.nodes[name].inner = self.chart(repeated=repeated is not None)
        return name, name

    def row(self, chart: Chart, blocks: list[tuple[str, str]]) -> tuple[str, str]:
        for (_, last), (first, _) in pairwise(blocks):
            self.flow(chart, last, first)
        return blocks[0][0], blocks[-1][1]

    def loop(self, chart: Chart, depth: int) -> tuple[str, str]:
        """A block once or more, with a task on the way round."""
        join, split = self.node(chart, "exclusiveGateway"), self.node(chart, "exclusiveGateway")
        self.row(chart, [(join, join), self.block(chart, depth + 1), (split, split), self.task(chart), (join, join)])
        return join, split

    def task(self, chart: Chart) -> tuple[str, str]:
        task = self.node(chart, "manualTask")
        return task, task

    def spoil(self, whole: Chart) -> None:
        """Give a gateway another kind, or lead a way out of one flow into another or to an end of its own."""
        chart = self.random.choice(whole.charts())
        gateways = [node for node in chart.nodes.values() if node.kind in GATEWAYS]
        how = self.random.random()
        if gateways and how < 0.5:
            self.random.choice(gateways).kind = self.random.choice(self.gateways())
        elif how < 0.9:
            source, target = self.inserted(chart), self.inserted(chart)
            self.row(chart, [(source, source), self.task(chart), (target, target)])
        else:
            source = self.inserted(chart)
            self.row(chart, [(source, source), self.task(chart), (self.node(chart, "endEvent"),) * 2])

    def gateways(self) -> tuple[str, ...]:
        return GATEWAYS if "or" in self.kinds.blocks else GATEWAYS[:2]

    def inserted(self, chart: Chart) -> str:
        """A gateway put into a flow."""
        flow = self.random.choice(list(chart.flows))
        source, target = chart.flows[flow]
        gateway = self.node(chart, self.random.choice(self.gateways()))
        chart.flows[flow] = (source, gateway)
        self.flow(chart, gateway, target)
        return gateway


def draw(seed: int, kinds: Kinds, size: int) -> Chart:
    """Draw a map; the same for the same arguments."""
    drawing = Draw(Random(seed), kinds, size)
    chart = drawing.chart()
    for _ in range(kinds.spoiled):
        drawing.spoil(chart)
    return chart


__all__ = ["GATEWAYS", "Chart", "Draw", "Kinds", "Node", "draw"]
