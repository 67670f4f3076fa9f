"""Whole maps with every construct nested in every other, drawn at random.

A map is drawn block by block into *boxes*: a process, a sub-process, an event sub-process. A block has one way in and one way
out. What throws and what catches messages is noted, to be connected when all is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from hypothesis import strategies as st

UNITS: Final = ("U0", "U1", "U2")
TIMES: Final = (
    {"distribution": "fixed", "value": "PT10M"},
    {"distribution": "exponential", "mean": "PT30M"},
    {"distribution": "gamma", "mean": "PT20M", "standard_deviation": "PT15M"},
    {"distribution": "uniform", "min": "PT0S", "max": "PT1H"},
)
CONDITIONS: Final = ("amount > 40", "district == 'North'", "tally >= 2", "tally < 3 and amount < 80", "not (district in ['South'])")


@dataclass
class Box:
    """A process or sub-process while it is drawn; `pool`: which process it is in, −1: a called one, to which no message comes."""

    pool: int
    parts: list[str] = field(default_factory=list)


class Drawing:
    """Draws one service."""

    def __init__(self, draw: st.DrawFn, size: int) -> None:
        self.draw = draw
        self.left = size
        self.numbers = count()
        self.kinds: set[str] = set()
        self.signals = 0
        self.throwers: list[tuple[int, str]] = []
        self.catchers: list[tuple[int, str]] = []
        self.starts: list[tuple[int, str]] = []
        self.called: list[str] = []
        self.activities: dict[str, dict[str, Any]] = {}
        self.events: dict[str, dict[str, Any]] = {}
        self.gateways: dict[str, dict[str, Any]] = {}

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def chance(self, of: int) -> bool:
        """True once in so many times."""
        return bool(self.draw(st.integers(0, of - 1)) == of - 1)

    def id(self, prefix: str) -> str:
        return f"{prefix}{next(self.numbers)}"

    # ---------------------------------------------------------------- elements

    def node(self, box: Box, tag: str, prefix: str, inside: str = "", **attributes: str) -> str:
        name = self.id(prefix)
        box.parts.append(self.element(tag, name, inside, **attributes))
        return name

    @staticmethod
    def element(tag: str, name: str, inside: str = "", **attributes: str) -> str:
        told = "".join(f' {key}="{value}"' for key, value in attributes.items())
        return f'<{tag} id="{name}"{told}>{inside}</{tag}>'

    def flow(self, box: Box, source: str, target: str) -> str:
        name = self.id("f")
        box.parts.append(f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}"/>')
        return name

    def time(self) -> dict[str, str]:
        return dict(self.one(*TIMES))

    def trigger(self, box: Box, name: str, kind: str, *, repeats: bool = False) -> str:
        """The definition of an event that catches, and what the scenario says of it."""
        self.kinds.add(kind)
        if kind == "timer":
            if repeats and self.chance(2):
                return f'<timerEventDefinition id="{name}_d"><timeCycle>R2/PT25M</timeCycle></timerEventDefinition>'
            if self.chance(2):
                self.events[name] = {"wait_time": self.time()}
                return f'<timerEventDefinition id="{name}_d"/>'
            text = self.one("PT15M", "PT45M", "PT3H")
            return f'<timerEventDefinition id="{name}_d"><timeDuration>{text}</timeDuration></timerEventDefinition>'
        if kind == "message":
            if box.pool >= 0:
                self.catchers.append((box.pool, name))
            return f'<messageEventDefinition id="{name}_d"/>'
        if kind == "conditional":
            condition = self.one("tally >= 2", "tally >= 1 and amount < 70", "amount > 50")
            self.events[name] = {"condition": condition}
            return f'<conditionalEventDefinition id="{name}_d"><condition>{condition.replace("<", "&lt;")}</condition></conditionalEventDefinition>'
        return self.thrown(name, kind)

    def thrown(self, name: str, kind: str) -> str:
        """The definition of a signal, error or escalation."""
        self.signals += kind == "signal"
        self.kinds.add(kind)
        reference = f"{kind}_{self.one('a', 'b')}"
        return f'<{kind}EventDefinition id="{name}_d" {kind}Ref="{reference}"/>'

    # ------------------------------------------------------------------ blocks

    def block(self, box: Box, depth: int) -> tuple[str, str]:
        """Draw a block; return its first and last node."""
        self.left -= 1
        simple: list[Callable[[Box, int], tuple[str, str]]] = [self.task, self.task, self.catch, self.throw]
        nested = [self.link, self.doubled, self.conditional_flows, self.row, self.row, self.choice, self.parallel, self.inclusive, self.circle, self.race, self.sub_process, self.sub_process, self.exit]
        if self.called:
            nested.append(self.call)
        if depth <= 0 or self.left <= 0:
            return self.one(*simple)(box, 0)  # type: ignore[no-any-return]
        return self.one(*simple, *nested, *nested)(box, depth - 1)  # type: ignore[no-any-return]

    def row(self, box: Box, depth: int) -> tuple[str, str]:
        former, latter = self.block(box, depth), self.block(box, depth)
        self.flow(box, former[1], latter[0])
        return former[0], latter[1]

    def task(self, box: Box, depth: int) -> tuple[str, str]:
        name = self.id("t")
        self.works(name)
        tag = self.one("task", "task", "userTask", "serviceTask", "sendTask", "receiveTask")
        if tag == "sendTask" and box.pool >= 0:
            self.throwers.append((box.pool, name))
        elif tag == "receiveTask":
            if box.pool < 0:
                tag = "manualTask"
            else:
                self.catchers.append((box.pool, name))
        return self.hosting(box, tag, name, "", depth, ("timer", "message", "signal", "conditional", "error"))

    def works(self, name: str) -> None:
        unit = self.one(*UNITS)
        table: dict[str, Any] = {"processing_time": self.time(), "unit": unit}
        if self.chance(6):
            table["pools"] = {}
        if self.chance(3):
            table["set"] = self.one({"tally": "tally + 1"}, {"amount": "max(0, amount - 30)"}, {"tally": 0, "amount": "amount + 10"})
        if self.chance(8):
            table["processing_time"] = [{"when": "amount > 50", "time": self.time()}, {"time": self.time()}]
        self.activities[name] = table

    def repeating(self, name: str) -> str:
        """Loop characteristics, drawn now and then."""
        if not self.chance(4):
            return ""
        table = self.activities.setdefault(name, {})
        kind = self.one("loop", "parallel", "sequential")
        self.kinds.add(kind)
        if kind == "loop":
            table["repeat"] = self.one(0.4, "loopCounter < 2", "tally < 2 and loopCounter < 3")
            return f'<standardLoopCharacteristics id="{name}_l" testBefore="{self.one("true", "false")}"/>'
        table["count"] = self.one(0, 1, 2, 3, {"distribution": "uniform", "min": 0, "max": 3, "integer": True}, "1 if amount > 40 else 2")
        if isinstance(table["count"], str):
            table["count"] = "min(3, tally + 1)"
        if self.chance(2):
            table["completion_condition"] = self.one("nrOfCompletedInstances >= 2", "amount > 60", "numberOfActiveInstances < 1")
        return f'<multiInstanceLoopCharacteristics id="{name}_l" isSequential="{"true" if kind == "sequential" else "false"}"/>'

    def hosting(self, box: Box, tag: str, name: str, inside: str, depth: int, kinds: tuple[str, ...], **attributes: str) -> tuple[str, str]:
        """Put an activity into its box, with boundary events now and then."""
        after = self.repeating(name) if tag != "receiveTask" else ""
        # BPMN's schema wants loop characteristics before the flow elements of a sub-process
        box.parts.append(self.element(tag, name, after + inside, **attributes))
        if not self.chance(2):
            return name, name
        ends = [name]
        for _ in range(self.one(1, 1, 2)):
            ends += self.boundary(box, name, depth, self.one(*kinds))
        if len(ends) == 1:
            return name, name
        merge = self.node(box, "exclusiveGateway", "m")
        for end in ends:
            self.flow(box, end, merge)
        return name, merge

    def boundary(self, box: Box, host: str, depth: int, kind: str) -> list[str]:
        """Draw a boundary event and what it leads to; return where that goes on with what the host leads to."""
        interrupts = kind == "error" or not self.chance(3)
        self.kinds.add(f"boundary {kind} {'interrupting' if interrupts else 'beside'}")
        name = self.id("b")
        box.parts.append(
            self.element(
                "boundaryEvent", name, self.trigger(box, name, kind, repeats=not interrupts), attachedToRef=host, cancelActivity=str(interrupts).lower()
            )
        )
        first, last = self.block(box, depth)
        self.flow(box, name, first)
        if interrupts and self.chance(2):
            return [last]
        self.end(box, last)
        return []

    def catch(self, box: Box, depth: int) -> tuple[str, str]:
        name = self.id("c")
        kind = self.one("timer", "timer", "message", "signal", "conditional")
        box.parts.append(self.element("intermediateCatchEvent", name, self.trigger(box, name, kind)))
        return name, name

    def throw(self, box: Box, depth: int) -> tuple[str, str]:
        kind = self.one("message", "signal", "escalation")
        name = self.id("i")
        box.parts.append(self.element("intermediateThrowEvent", name, self.throwing(box, name, kind)))
        return name, name

    def throwing(self, box: Box, name: str, kind: str) -> str:
        if kind == "message":
            if box.pool >= 0:
                self.throwers.append((box.pool, name))
            return f'<messageEventDefinition id="{name}_d"/>'
        return self.thrown(name, kind)

    def end(self, box: Box, last: str) -> None:
        """Let a block end: mostly just so."""
        kind = self.one("none", "none", "none", "none", "message", "signal", "escalation", "error", "terminate")
        self.kinds.add(f"end {kind}")
        name = self.id("e")
        inside = "" if kind == "none" else f'<terminateEventDefinition id="{name}_d"/>' if kind == "terminate" else self.throwing(box, name, kind)
        box.parts.append(self.element("endEvent", name, inside))
        self.flow(box, last, name)

    def exit(self, box: Box, depth: int) -> tuple[str, str]:
        """An exclusive split one of whose ways ends here."""
        split = self.node(box, "exclusiveGateway", "x")
        inside = self.block(box, depth)
        out = self.block(box, 0)
        ways = (self.flow(box, split, inside[0]), self.flow(box, split, out[0]))
        self.end(box, out[1])
        self.choosing(split, ways)
        return split, inside[1]

    def choosing(self, gateway: str, flows: tuple[str, ...]) -> None:
        if self.chance(3):
            self.gateways[gateway] = {"conditions": {flows[0]: self.one(*CONDITIONS), flows[1]: "default"}}
        else:
            share = self.one(0.3, 0.5, 0.8)
            self.gateways[gateway] = {"probabilities": {flows[0]: share, flows[1]: 1 - share}}

    def split(self, box: Box, depth: int, opening: str, closing: str) -> tuple[str, str, tuple[str, str]]:
        first, last = self.node(box, opening, "g"), self.node(box, closing, "j")
        flows = []
        for _ in range(2):
            branch = self.block(box, depth)
            flows.append(self.flow(box, first, branch[0]))
            self.flow(box, branch[1], last)
        return first, last, (flows[0], flows[1])

    def link(self, box: Box, depth: int) -> tuple[str, str]:
        """Two blocks, from the one to the other by a link."""
        former, latter, name = self.block(box, depth), self.block(box, depth), self.id("l")
        for tag, node, ends in (("intermediateThrowEvent", f"{name}t", (former[1], f"{name}t")), ("intermediateCatchEvent", f"{name}c", (f"{name}c", latter[0]))):
            box.parts.append(self.element(tag, node, f'<linkEventDefinition id="{node}_d" name="{name}"/>'))
            self.flow(box, *ends)
        return former[0], latter[1]

    def doubled(self, box: Box, depth: int) -> tuple[str, str]:
        """A parallel split that nothing joins: what follows is done twice."""
        if not self.chance(3):
            return self.parallel(box, depth)
        self.kinds.add("doubled")
        return self.split(box, depth, "parallelGateway", "exclusiveGateway")[:2]

    def conditional_flows(self, box: Box, depth: int) -> tuple[str, str]:
        """A task with conditional flows, and one that is the default or always taken."""
        self.kinds.add("conditional flows")
        name, last = self.id("t"), self.node(box, "inclusiveGateway", "j")
        self.works(name)
        flows = []
        for number in range(3):
            flow, (first, end) = self.id("f"), self.block(box, depth - 1)
            condition = f'<conditionExpression xsi:type="tFormalExpression">{self.one("amount > 40", "tally >= 1")}</conditionExpression>'
            told = f'<sequenceFlow id="{flow}" sourceRef="{name}" targetRef="{first}">{condition if number else ""}</sequenceFlow>'
            box.parts.append(told)
            self.flow(box, end, last)
            flows.append(flow)
        box.parts.append(self.element("task", name, **({"default": flows[0]} if self.chance(2) else {})))
        return name, last

    def choice(self, box: Box, depth: int) -> tuple[str, str]:
        first, last, flows = self.split(box, depth, "exclusiveGateway", "exclusiveGateway")
        self.choosing(first, flows)
        return first, last

    def parallel(self, box: Box, depth: int) -> tuple[str, str]:
        self.kinds.add("parallel gateway")
        return self.split(box, depth, "parallelGateway", self.one("parallelGateway", "parallelGateway", "inclusiveGateway"))[:2]

    def inclusive(self, box: Box, depth: int) -> tuple[str, str]:
        self.kinds.add("inclusive gateway")
        first, last, flows = self.split(box, depth, "inclusiveGateway", "inclusiveGateway")
        if self.chance(3):
            self.gateways[first] = {"conditions": {flows[0]: self.one(*CONDITIONS), flows[1]: "default"}}
        else:
            self.gateways[first] = {"probabilities": {flow: self.one(0.3, 0.7, 1.0) for flow in flows}}
        return first, last

    def circle(self, box: Box, depth: int) -> tuple[str, str]:
        """Rework: back by an exclusive gateway; what throws signals takes time, since H52 leaves open where a circle of no time is cut."""
        self.kinds.add("circle")
        merge, split, on = (self.node(box, "exclusiveGateway", prefix) for prefix in ("m", "x", "m"))
        signals = self.signals
        first, last = self.block(box, depth)
        if self.signals > signals:
            task = self.node(box, "task", "t")
            self.works(task)
            self.flow(box, last, task)
            last = task
        self.flow(box, merge, first)
        self.flow(box, last, split)
        flows = self.flow(box, split, merge), self.flow(box, split, on)
        self.gateways[split] = {"probabilities": {flows[0]: 0.3, flows[1]: 0.7}}
        return merge, on

    def race(self, box: Box, depth: int) -> tuple[str, str]:
        """An event-based gateway."""
        self.kinds.add("event gateway")
        gateway, merge = self.node(box, "eventBasedGateway", "g"), self.node(box, "exclusiveGateway", "m")
        for kind in (self.one("timer", "message"), self.one("timer", "message", "signal", "conditional")):
            name = self.id("c")
            if kind == "message" and box.pool >= 0 and self.chance(2):
                self.works(name)
                self.catchers.append((box.pool, name))
                box.parts.append(self.element("receiveTask", name))
            else:
                box.parts.append(self.element("intermediateCatchEvent", name, self.trigger(box, name, kind)))
            self.flow(box, gateway, name)
            first, last = self.block(box, depth)
            self.flow(box, name, first)
            self.flow(box, last, merge)
        return gateway, merge

    def sub_process(self, box: Box, depth: int) -> tuple[str, str]:
        self.kinds.add("sub-process")
        inner = Box(box.pool)
        self.body(inner, depth, "startEvent")
        kinds = ("timer", "message", "signal", "conditional", "error", "error", "escalation", "escalation")
        return self.hosting(box, "subProcess", self.id("p"), "".join(inner.parts), depth, kinds)

    def body(self, inner: Box, depth: int, start: str, trigger: str = "", **attributes: str) -> str:
        """Fill a box: start, block, end, and event sub-processes now and then."""
        name = self.id("s")
        inner.parts.append(self.element(start, name, trigger, **attributes))
        first, last = self.block(inner, depth)
        self.flow(inner, name, first)
        self.end(inner, last)
        if depth > 0 and self.chance(3):
            self.event_sub_process(inner, depth - 1)
        return name

    def event_sub_process(self, box: Box, depth: int) -> None:
        kind = self.one("timer", "message", "signal", "conditional", "error", "escalation")
        interrupts = kind == "error" or self.chance(2)
        self.kinds.add(f"event sub-process {kind} {'interrupting' if interrupts else 'beside'}")
        inner, start = Box(box.pool), self.id("s")
        inner.parts.append(self.element("startEvent", start, self.trigger(box, start, kind, repeats=not interrupts), isInterrupting=str(interrupts).lower()))
        first, last = self.block(inner, depth)
        self.flow(inner, start, first)
        self.end(inner, last)
        box.parts.append(self.element("subProcess", self.id("p"), "".join(inner.parts), triggeredByEvent="true"))

    def call(self, box: Box, depth: int) -> tuple[str, str]:
        self.kinds.add("call")
        kinds = ("timer", "signal", "error", "escalation")
        return self.hosting(box, "callActivity", self.id("k"), "", depth, kinds, calledElement=self.one(*self.called))
