"""The soundness check against a wheel that others wrote, on models without messages and boundary events.

Both play tokens, so they must agree on who gets stuck and what is never done. They differ on one thing by definition: to the wheel
two tokens on one sequence flow are a fault. Here it is one where they meet at an activity, which is then done twice; two that meet
behind the last activity, at a join or an end event, do no harm, or get stuck, which is told as a deadlock.
Left out are models without bound, which the wheel explores until memory ends, and large ones, for which it takes minutes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

import pytest

import bpmnmap as bm
from bpmnmap.semantics.lowering import lower_map
from bpmnmap.semantics.program import Choose, End, Fork, Join, Program, Select, Start, Work, ways_of
from bpmnmap.semantics.soundness import Soundness, check_soundness
from tests.semantics.analyzer import Verdict, needs_analyzer, verdict
from tests.xmlio.maps import CORPUS

T = TypeVar("T")

FILES = sorted(CORPUS.rglob("*.bpmn"))
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="drawn">'
LARGEST = 150  # markings
COMPARED = (Start, Work, Choose, Select, Fork, Join, End)


@dataclass
class Model:
    """A process of tasks, exclusive and parallel gateways; now and then the two gateways of a block are not of one kind."""

    random: Random
    kinds: dict[str, str] = field(default_factory=dict)
    flows: list[tuple[str, str]] = field(default_factory=list)

    def node(self, kind: str) -> str:
        name = f"{kind}{len(self.kinds)}"
        self.kinds[name] = kind
        return name

    def one_of(self, *values: T) -> T:
        return values[int(self.random.random() * len(values))]  # the same in each Python, as `choice` need not be

    def gateway(self, kind: str, faulty: float) -> str:
        other = self.one_of("exclusiveGateway", "parallelGateway")
        return self.node(other if self.random.random() < faulty else kind)

    def block(self, depth: int) -> tuple[str, str]:
        """A task, a sequence, a split with its join, or a loop: its first and last node."""
        choice = self.random.random()
        if depth == 0 or choice < 0.35:
            task = self.node("task")
            return task, task
        if choice < 0.55:
            (first, end), (begin, last) = self.block(depth - 1), self.block(depth - 1)
            self.flows.append((end, begin))
            return first, last
        kind = "exclusiveGateway" if choice >= 0.88 else self.one_of("exclusiveGateway", "parallelGateway")
        first, last = self.gateway(kind, 0.15), self.gateway(kind, 0.0 if choice >= 0.88 else 0.15)
        for number in range(2 if choice >= 0.88 else self.one_of(2, 3)):
            begin, end = self.block(depth - 1)
            back = choice >= 0.88 and number == 1  # the way back of a loop
            self.flows += [(last, begin), (end, first)] if back else [(first, begin), (end, last)]
        return first, last

    def text(self) -> str:
        start, end = self.node("startEvent"), self.node("endEvent")
        first, last = self.block(self.one_of(1, 2, 3))
        self.flows += [(start, first), (last, end)]
        nodes = "".join(f'<{kind} id="{name}">{"".join(self._ends(name))}</{kind}>' for name, kind in self.kinds.items())
        flows = "".join(f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(self.flows))
        return f'{HEAD}<process id="p">{nodes}{flows}</process></definitions>'

    def _ends(self, name: str) -> Iterator[str]:
        """The wheel reads what goes in and out at the nodes."""
        yield from (f"<incoming>f{number}</incoming>" for number, (_, target) in enumerate(self.flows) if target == name)
        yield from (f"<outgoing>f{number}</outgoing>" for number, (source, _) in enumerate(self.flows) if source == name)


def found(text: str) -> tuple[Program, Soundness, set[str]] | None:
    """What the soundness check says of a map, and the tasks that no case comes to; None: it is not to be compared."""
    lowered = lower_map(bm.parse_bpmn(text.encode()))
    if len(lowered.programs) != 1 or not all(isinstance(each, COMPARED) for each in lowered.programs[0].operations):
        return None
    (program,) = lowered.programs
    soundness = check_soundness(program, budget=LARGEST)
    if soundness.exhausted or soundness.livelocks or any(fault.unbounded for fault in soundness.unsynchronized):
        return None
    dead = {program.operations[index].origin.element for index in soundness.dead if isinstance(program.operations[index], Work)}
    dead |= {finding.element_id or "" for finding in lowered.findings if finding.code == "unreachable"}
    return program, soundness, dead


def works_behind(program: Program, flow: str) -> bool:
    """Whether a token on a flow comes to an activity before it has to wait for others."""
    pending = [way.target for operation in program.operations for way in ways_of(operation) if flow in way.flows]
    seen: set[int] = set()
    while pending:
        index = pending.pop()
        if isinstance(program.operations[index], Work):
            return True
        if index not in seen and not isinstance(program.operations[index], Join):
            seen.add(index)
            pending += [way.target for way in ways_of(program.operations[index])]
    return False


def difference(program: Program, soundness: Soundness, dead: set[str], judged: Verdict) -> str:
    """What both say differently: nothing, or only what is meant to differ; anything else fails."""
    assert bool(soundness.deadlocks) != judged.can_complete
    assert dead == judged.dead
    if bool(soundness.unsynchronized) != judged.is_safe:
        return "none"
    assert not soundness.unsynchronized
    assert judged.unsafe
    assert not any(works_behind(program, flow) for flow in judged.unsafe)
    return "tokens meet where nothing is done twice"


def agreement(seeds: range) -> Counter[str]:
    """How often both agree on drawn models, and how often they find a fault."""
    counted: Counter[str] = Counter()
    for seed in seeds:
        text = Model(Random(seed)).text()
        checked = found(text)
        judged = None if checked is None else verdict(text)
        if checked is None or judged is None:
            counted["not compared"] += 1
            continue
        counted[difference(*checked, judged)] += 1
        counted.update({"stuck": not judged.can_complete, "dead": bool(judged.dead), "done twice": bool(checked[1].unsynchronized)})
    return counted


AGREED, DIFFERENT = "none", "tokens meet where nothing is done twice"


@needs_analyzer
def test_drawn_models() -> None:
    counted = {AGREED: 469, DIFFERENT: 21, "not compared": 10}
    assert agreement(range(500)) == {**counted, "stuck": 45, "dead": 19, "done twice": 1}


@needs_analyzer
@pytest.mark.slow
def test_many_drawn_models() -> None:
    counted = {AGREED: 8966, DIFFERENT: 366, "not compared": 168}
    assert agreement(range(500, 10_000)) == {**counted, "stuck": 765, "dead": 298, "done twice": 42}


@needs_analyzer
@pytest.mark.skipif(not FILES, reason=f"the corpus is not there: {CORPUS}")
def test_peoples_models() -> None:
    differences = {}
    for path in FILES:
        text = path.read_bytes().decode("utf-8", "replace")
        checked = found(text)
        judged = None if checked is None else verdict(text)
        if checked is not None and judged is not None:
            differences[path.stem] = difference(*checked, judged)
    assert differences == {
        "A.1.0": AGREED,
        "A.2.0": AGREED,
        "A.2.1": DIFFERENT,
        "C.1.1": AGREED,
        "cardanit-4-9-1__A.2.1-export": DIFFERENT,
        "de-01-Warenversand_5fd6090723cc4173b22d05b78a00614c": AGREED,
        "w4-bpmn-composer-v-10-4__A.2.0-export": AGREED,
        "yaoqiang-bpmn-editor-4-0__A.2.1-export": AGREED,
    }
