"""Random maps of every construct: blocks that fit into each other, with scopes, guards, races, messages between pools; short enough to read."""

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
class Place:
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
        flows = []
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

    # ------------------------------------------------------------- activities

    def block_sub(self, depth: int, repeats: str = "") -> tuple[str, str]:
        name = self.growing.new("s")
        inner = Place(self.growing, self.process, False, self.depth + 1)
        throws = inner.fill(depth, can_throw=True)
        self.lines.append(f'<subProcess id="{name}">{repeats}{"".join(inner.lines)}</subProcess>')
        if self.is_root:
            self.growing.lanes[self.process][name] = self.pick(*self.growing.units)
        last = name
        if throws:
            last = self.guard(name, last, "<errorEventDefinition/>", True)
        if self.pick(True, False):
            last = self.guard(name, last)
        return name, last

    def fill(self, depth: int, *, can_throw: bool = False, start: str = "<startEvent id={}/>") -> bool:
        """Start, content, ends, event sub-processes; return whether it throws errors."""
        begin = self.growing.new("b")
        self.lines.append(start.format(f'"{begin}"'))
        if self.is_root:
            self.growing.lanes[self.process][begin] = self.pick(*self.growing.units)
        first, last = self.block(depth)
        self.flow(begin, first)
        throws = can_throw and self.pick(True, False, False)
        if self.pick(True, False, False) or throws:
            fork = self.node("parallelGateway", "a")
            self.flow(last, fork)
            for _ in range(2):
                first, last = self.block(min(depth, 1))
                self.flow(fork, first)
                self.flow(last, self.some_end())
            if throws:
                wrong = self.node("exclusiveGateway", "g")
                self.flow(fork, wrong)
                flows = [self.flow(wrong, self.end("<errorEventDefinition/>", "w")), self.flow(wrong, self.some_end())]
                self.growing.tables["gateways"][wrong] = {"probabilities": dict.fromkeys(flows, 0.5)}
        else:
            self.flow(last, self.some_end())
        if "event_sub" in self.growing.kinds and self.pick(True, False, False):
            self.event_sub(depth)
        return throws

    def event_sub(self, depth: int) -> None:
        name = self.growing.new("v")
        inner = Place(self.growing, self.process, False, self.depth + 1)
        begin = self.growing.new("b")
        interrupting = self.pick("true", "false")
        timer = self.timer(begin)
        inner.lines.append(f'<startEvent id="{begin}" isInterrupting="{interrupting}">{timer}</startEvent>')
        first, last = inner.block(min(depth, 1))
        inner.flow(begin, first)
        inner.flow(last, inner.end())
        self.lines.append(f'<subProcess id="{name}" triggeredByEvent="true">{"".join(inner.lines)}</subProcess>')
        if self.is_root:
            self.growing.lanes[self.process][name] = self.pick(*self.growing.units)

    def guard(self, host: str, last: str, inner: str = "", interrupting: bool | None = None) -> str:
        """A boundary event; what goes on behind it meets the way out of its host again, or ends by itself. Return the new last node."""
        name = self.growing.new("y")
        if interrupting is None:
            interrupting = self.pick(True, True, False)
        if not inner:
            cycle = f"<timerEventDefinition><timeCycle>R3/{self.growing.odd()}</timeCycle></timerEventDefinition>"
            inner = cycle if not interrupting and self.pick(True, False) else self.timer(name)
            if "timeCycle" not in inner and self.pick(True, False):
                self.growing.tables["events"].setdefault(name, {"wait_time": self.growing.time()})["probability"] = 0.5
        self.lines.append(f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">{inner}</boundaryEvent>')
        first, end = self.block(0)
        self.flow(name, first)
        if interrupting and self.pick(True, True, False):
            meet = self.node("exclusiveGateway", "g")
            self.flow(last, meet)
            self.flow(end, meet)
            return meet
        self.flow(end, self.end())
        return last

    def block_guarded(self, depth: int) -> tuple[str, str]:
        name = last = self.task()
        for _ in range(self.pick(1, 1, 2)):
            last = self.guard(name, last)
        return name, last

    def repeats(self) -> tuple[str, dict[str, Any]]:
        kind = self.pick("parallel", "parallel", "sequential")
        count: Any = self.pick(0, 1, 2, 3, {"distribution": "uniform", "min": 0, "max": 3, "integer": True})
        sequential = ' isSequential="true"' if kind == "sequential" else ""
        return f"<multiInstanceLoopCharacteristics{sequential}/>", {"count": count}

    def block_items(self, depth: int) -> tuple[str, str]:
        inner, table = self.repeats()
        return self.repeated(depth, inner, table)

    def block_loop(self, depth: int) -> tuple[str, str]:
        before = ' testBefore="true"' if self.pick(True, False) else ""
        most = ' loopMaximum="2"' if self.pick(True, False) else ""
        table: dict[str, Any] = {"repeat": 0.4}
        if not most and self.pick(True, False):
            table = {"count": self.pick(0, 1, 3)}
        return self.repeated(depth, f"<standardLoopCharacteristics{before}{most}/>", table)

    def repeated(self, depth: int, inner: str, table: dict[str, Any]) -> tuple[str, str]:
        if self.pick(True, False):
            name, last = self.block_sub(min(depth, 1), inner)
            self.growing.tables["activities"].setdefault(name, {}).update(table)
            return name, last
        name = last = self.task("userTask", inner, **table)
        if self.pick(True, False, False):
            last = self.guard(name, last)
        return name, last

    def block_call(self, depth: int) -> tuple[str, str]:
        process = f"Q{len(self.growing.called)}"
        self.growing.called.append(process)
        self.growing.lanes[process] = {}
        inner = Place(self.growing, process, False, 1)
        throws = inner.fill(min(depth, 2), can_throw=True)
        self.growing.processes[process] = inner.lines
        name = self.node("callActivity", "k", more=f' calledElement="{process}"')
        last = name
        if throws:
            last = self.guard(name, last, "<errorEventDefinition/>", True)
        if self.pick(True, False):
            last = self.guard(name, last)
        return name, last

    # ---------------------------------------------------------------- waiting

    def block_race(self, depth: int) -> tuple[str, str]:
        gateway, closing = self.node("eventBasedGateway", "r"), self.node("exclusiveGateway", "g")
        for _ in range(self.pick(2, 2, 3)):
            event, _ = self.block_timer(0)
            self.race_on(gateway, event, closing, depth)
        return gateway, closing

    def race_on(self, gateway: str, event: str, closing: str, depth: int) -> None:
        self.flow(gateway, event)
        if self.pick(True, False):
            first, last = self.block(min(depth, 1))
            self.flow(event, first)
            self.flow(last, closing)
        else:
            self.flow(event, closing)

    def sender(self) -> str:
        kind = self.pick("throw", "send", "task")
        if kind == "throw":
            return self.node("intermediateThrowEvent", "m", "<messageEventDefinition/>")
        return self.task("sendTask" if kind == "send" else "task")

    def taker(self) -> tuple[str, str, str]:
        """What takes a message, and the first and last node of the block that it stands in."""
        kind = self.pick("catch", "receive", "task", "race")
        if kind == "race":
            gateway, closing = self.node("eventBasedGateway", "r"), self.node("exclusiveGateway", "g")
            event = self.node("intermediateCatchEvent", "n", "<messageEventDefinition/>")
            self.race_on(gateway, event, closing, 0)
            patience, _ = self.block_timer(0)
            self.race_on(gateway, patience, closing, 0)
            return event, gateway, closing
        if kind == "catch":
            name = self.node("intermediateCatchEvent", "n", "<messageEventDefinition/>")
            return name, name, name
        name = last = self.task("receiveTask" if kind == "receive" else "task")
        if self.pick(True, False):
            last = self.guard(name, last)
        return name, name, last

    def block_ask(self, depth: int) -> tuple[str, str]:
        """Another pool is asked, works, and answers."""
        process = f"R{len(self.growing.processes)}"
        self.growing.processes[process] = []
        self.growing.lanes[process] = {}
        first = self.sender()
        last = first
        if self.pick(True, False):
            middle, last = self.block(depth)
            self.flow(first, middle)
        taken, taker, end = self.taker()
        self.flow(last, taker)
        other = Place(self.growing, process, True, 0)
        begin = self.growing.new("b")
        other.lines.append(f'<startEvent id="{begin}"><messageEventDefinition/></startEvent>')
        self.growing.lanes[process][begin] = self.pick(*self.growing.units)
        content, done = other.block(min(depth, 2))
        other.flow(begin, content)
        if self.pick(True, False):
            answering = other.end("<messageEventDefinition/>", "m")
            other.flow(done, answering)
        else:
            answering = other.sender()
            other.flow(done, answering)
            other.flow(answering, other.end())
        if "event_sub" in self.growing.kinds and self.pick(True, False, False, False):
            other.event_sub(1)
        self.growing.processes[process] = other.lines
        self.growing.message_flows += [(self.growing.new("mf"), first, begin), (self.growing.new("mf"), answering, taken)]
        return first, end

    def block_party(self, depth: int) -> tuple[str, str]:
        """A party outside is asked and answers."""
        party = self.growing.new("party")
        self.growing.parties.append(party)
        first = self.sender()
        last = first
        if self.pick(True, False):
            middle, last = self.block(0)
            self.flow(first, middle)
        taken, taker, end = self.taker()
        self.flow(last, taker)
        self.growing.message_flows += [(self.growing.new("mf"), first, party), (self.growing.new("mf"), party, taken)]
        self.growing.tables["participants"][party] = {"response_time": self.growing.time(), "calendar": self.pick("always", "office")}
        return first, end


def lanes_of(growing: Growing, process: str) -> str:
    """One lane for each unit."""
    lanes = ""
    for unit in growing.units:
        refs = "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name, own in growing.lanes[process].items() if own == unit)
        lanes += f'<lane id="{process}_{unit}" name="{unit}">{refs}</lane>' if refs else ""
    return f'<laneSet id="{process}_lanes">{lanes}</laneSet>' if lanes else ""


def xml_of(growing: Growing) -> str:
    participants = "".join(
        f'<participant id="of_{process}" name="{growing.units[0]}" processRef="{process}"/>'
        for process in growing.processes
        if process not in growing.called
    )
    participants += "".join(f'<participant id="{party}" name="{party}"/>' for party in growing.parties)
    flows = "".join(f'<messageFlow id="{name}" sourceRef="{a}" targetRef="{b}"/>' for name, a, b in growing.message_flows)
    processes = [
        "\n".join([f'<process id="{name}">{lanes_of(growing, name)}', *lines, "</process>"]) for name, lines in growing.processes.items()
    ]
    head = f'<definitions xmlns="{NAMESPACE}" id="D" targetNamespace="x"><collaboration id="all">{participants}{flows}</collaboration>'
    return "\n".join([head, *processes, "</definitions>"])


@st.composite
def grown_maps(draw: st.DrawFn, units: list[str], kinds: tuple[str, ...]) -> Growing:
    growing = Growing(draw, units, kinds)
    growing.processes["P"], growing.lanes["P"] = [], {}
    place = Place(growing, "P", True, 0)
    place.fill(draw(st.integers(1, 3)))
    growing.processes["P"] = place.lines
    return growing
