"""Random maps of every construct: blocks that fit into each other, with scopes, guards, races, messages between pools; short enough to read."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.reference.random_beds import NAMESPACE, Bed, Growing


class Place(Bed):
    """A process or sub-process with scopes, and with messages to others."""

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
