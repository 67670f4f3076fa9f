"""What random maps grow from: processes and sub-processes, and the blocks that hold neither scopes nor messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

from hypothesis import strategies as st

AnyT = TypeVar("AnyT")
NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SIMPLE = ("task", "task", "timer")
BLOCKS = ("row", "row", "xor", "and", "or", "back", "sub", "sub", "items", "loop", "race", "guarded", "guarded", "call", "ask", "party")


@dataclass
class Growing:
    """All maps of a service as they grow: what stands in them, and what the scenario must say."""

    draw: st.DrawFn
    units: list[str]
    kinds: tuple[str, ...]
    count: int = 0
    processes: dict[str, list[str]] = field(default_factory=dict)
    lanes: dict[str, dict[str, str]] = field(default_factory=dict)
    """By process, the unit of each node that stands in a lane."""
    message_flows: list[tuple[str, str, str]] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    tables: dict[str, dict[str, Any]] = field(
        default_factory=lambda: {"activities": {}, "events": {}, "gateways": {}, "participants": {}, "attributes": {}}
    )

    def pick(self, *values: AnyT) -> AnyT:
        return self.draw(st.sampled_from(values))

    def new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def time(self) -> dict[str, Any] | str:
        """Mostly one that no other one equals."""
        longest = self.pick("PT20M", "PT1H", "PT3H", "PT8H")
        return self.pick({"distribution": "uniform", "min": "PT1M", "max": longest}, {"distribution": "exponential", "mean": longest})

    def odd(self) -> str:
        """A fixed time, in minutes that are hardly ever met twice."""
        self.count += 1
        return f"PT{self.draw(st.integers(1, 600))}M{self.count}.{self.count:06d}S"


@dataclass
class Bed:
    """A process or sub-process as it grows."""

    growing: Growing
    process: str
    is_root: bool
    depth: int
    lines: list[str] = field(default_factory=list)

    def pick(self, *values: AnyT) -> AnyT:
        return self.growing.pick(*values)

    def node(self, tag: str, kind: str, inner: str = "", more: str = "") -> str:
        name = self.growing.new(kind)
        self.lines.append(f'<{tag} id="{name}"{more}>{inner}</{tag}>')
        if self.is_root and tag != "boundaryEvent":
            self.growing.lanes[self.process][name] = self.pick(*self.growing.units)
        return name

    def flow(self, source: str, target: str, more: str = "") -> str:
        name = f"{source}_{target}"
        self.lines.append(f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}"/>')
        self.growing.flows.append(name)
        return name

    def activity(self, name: str, **more: Any) -> None:
        table = {"processing_time": self.growing.time()} | more
        if not self.is_root and self.pick(True, False):
            table["unit"] = self.pick(*self.growing.units)
        if self.pick(True, *[False] * 5):
            table["pools"] = {}
        self.growing.tables["activities"][name] = table

    def task(self, tag: str = "task", inner: str = "", **more: Any) -> str:
        name = self.node(tag, "t", inner)
        self.activity(name, **more)
        return name

    def end(self, inner: str = "", kind: str = "e") -> str:
        return self.node("endEvent", kind, inner)

    def timer(self, name: str) -> str:
        """The inside of a timer event: its time in the map, or in the scenario."""
        if self.pick(True, False):
            self.growing.tables["events"][name] = {"wait_time": self.growing.time(), "calendar": self.pick("always", "office")}
        return f"<timerEventDefinition><timeDuration>{self.growing.odd()}</timeDuration></timerEventDefinition>"

    # ---------------------------------------------------------------- blocks

    def block(self, depth: int) -> tuple[str, str]:
        """First and last node of a part with one way in and one way out."""
        blocks = [kind for kind in self.growing.kinds if kind != "event_sub"]
        allowed = [kind for kind in blocks if kind not in ("call", "ask", "party") or self.may(kind)]
        kind = self.pick(*SIMPLE, *(allowed if depth > 0 else ()))
        first_and_last: tuple[str, str] = getattr(self, f"block_{kind}")(depth - 1)
        return first_and_last

    def may(self, kind: str) -> bool:
        if kind == "call":
            return len(self.growing.called) < 2 and self.process not in self.growing.called
        return self.process not in self.growing.called and len(self.growing.processes) < 3

    def block_task(self, depth: int) -> tuple[str, str]:
        name = self.task()
        return name, name

    def block_timer(self, depth: int) -> tuple[str, str]:
        name = self.growing.new("c")
        inner = self.timer(name) if self.pick(True, False) else "<messageEventDefinition/>"
        if "timer" not in inner:
            self.growing.tables["events"][name] = {"wait_time": self.growing.time(), "calendar": self.pick("always", "office")}
        self.lines.append(f'<intermediateCatchEvent id="{name}">{inner}</intermediateCatchEvent>')
        if self.is_root and self.pick(True, True, False):
            self.growing.lanes[self.process][name] = self.pick(*self.growing.units)
        return name, name

    def block_row(self, depth: int) -> tuple[str, str]:
        first, middle = self.block(depth)
        following, last = self.block(depth)
        self.flow(middle, following)
        return first, last

    def branches(self, opening: str, closing: str, depth: int, *, ends: bool = False) -> list[str]:
        flows: list[str] = []
        for _ in range(self.pick(2, 2, 3)):
            kind = self.pick("block", "block", "block", "bare", *(("end",) if ends and flows else ()))
            if kind == "bare":
                if f"{opening}_{closing}" in flows:
                    continue
                flows.append(self.flow(opening, closing))
                continue
            first, last = self.block(depth)
            flows.append(self.flow(opening, first))
            self.flow(last, self.some_end() if kind == "end" else closing)
        if len(flows) < 2:
            first, last = self.block(0)
            flows.append(self.flow(opening, first))
            self.flow(last, closing)
        return flows

    def some_end(self) -> str:
        if self.pick(True, False, False):
            return self.end("<terminateEventDefinition/>", "x")
        return self.end()

    def block_xor(self, depth: int) -> tuple[str, str]:
        opening, closing = self.node("exclusiveGateway", "g"), self.node("exclusiveGateway", "g")
        flows = self.branches(opening, closing, depth, ends=True)
        if self.pick(True, True, False):
            self.growing.tables["gateways"][opening] = {"probabilities": dict.fromkeys(flows, 1 / len(flows))}
        else:
            self.growing.tables["attributes"]["amount"] = {"distribution": "uniform", "min": 0, "max": 100}
            conditions = {flow: f"amount > {40 * (at + 1)}" for at, flow in enumerate(flows[1:])}
            self.growing.tables["gateways"][opening] = {"conditions": {flows[0]: "default", **conditions}}
        return opening, closing

    def block_and(self, depth: int) -> tuple[str, str]:
        opening, closing = self.node("parallelGateway", "a"), self.node("parallelGateway", "a")
        self.branches(opening, closing, depth)
        return opening, closing

    def block_or(self, depth: int) -> tuple[str, str]:
        name, closing = self.growing.new("o"), self.node("inclusiveGateway", "o")
        if self.is_root:
            self.growing.lanes[self.process][name] = self.pick(*self.growing.units)
        flows = self.branches(name, closing, depth)
        default = f' default="{flows[0]}"' if self.pick(True, False) else ""
        self.lines.append(f'<inclusiveGateway id="{name}"{default}/>')
        drawn = flows[1:] if default else flows
        self.growing.tables["gateways"][name] = {"probabilities": {flow: self.pick(0.3, 0.6, 1.0) for flow in drawn}}
        return name, closing

    def block_back(self, depth: int) -> tuple[str, str]:
        merge, split = self.node("exclusiveGateway", "g"), self.node("exclusiveGateway", "g")
        first, last = self.block(depth)
        self.flow(merge, first)
        self.flow(last, split)
        again = self.task()
        back = self.flow(split, again)
        self.flow(again, merge)
        onward = self.growing.new("t")
        self.lines.append(f'<task id="{onward}"/>')
        if self.is_root:
            self.growing.lanes[self.process][onward] = self.pick(*self.growing.units)
        self.activity(onward)
        self.growing.tables["gateways"][split] = {"probabilities": {back: 0.3, self.flow(split, onward): 0.7}}
        return merge, onward
