"""Small random maps of which every element that is told on its own has an id: two of them have much in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st

import bpmnmap.model as m

IDS = tuple(f"e{number}" for number in range(24))
NAMES = (None, "Check", "Sign", "Sign  it", "Sign it")
NODES: tuple[type[m.FlowNode], ...] = (
    m.Task,
    m.UserTask,
    m.ServiceTask,
    m.ExclusiveGateway,
    m.ParallelGateway,
    m.StartEvent,
    m.BoundaryEvent,
)


@dataclass
class _Drawing:
    """One map in the making."""

    random: Random
    fresh: list[str] = field(default_factory=list)
    rename: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fresh = list(IDS)
        self.random.shuffle(self.fresh)
        self.rename = {name: f"x{name}" for name in IDS if self.random.random() < 0.1}

    def id(self) -> str:
        name = self.fresh.pop()
        return self.rename.get(name, name)

    def reference(self) -> str | None:
        name = self.random.choice((None, *IDS))
        return self.rename.get(name, name) if name else None

    def references(self) -> tuple[str, ...]:
        return tuple(name for _ in range(self.random.randint(0, 3)) if (name := self.reference()))

    def some(self, make: Callable[[], Any], most: int) -> tuple[Any, ...]:
        wanted = self.random.randint(0, most)
        return tuple(make() for _ in range(wanted) if len(self.fresh) > 3)

    def called(self) -> dict[str, Any]:
        values: dict[str, Any] = {"id": self.id(), "name": self.random.choice(NAMES)}
        if self.random.random() < 0.2:
            values["documentation"] = tuple(
                m.Documentation(text=text) for text in self.random.choices(("a", "b", " a "), k=self.random.randint(1, 2))
            )
        if self.random.random() < 0.2:
            attributes = (("{urn:v}a", "1"), ("{urn:v}b", self.random.choice("12")))
            values["extension_attributes"] = attributes if self.random.random() < 0.5 else attributes[::-1]
            values["extension_elements"] = tuple(m.XmlElement(f"{{urn:v}}{name}", attributes) for name in self.random.choices("pq", k=2))
        return values

    def flow_element(self, depth: int = 0) -> m.FlowElement:
        which = self.random.random()
        if which < 0.3:
            ends: dict[str, Any] = {"source_ref": self.reference(), "target_ref": self.reference()}
            body = self.random.choice(
                (None, m.Expression(body="x"), m.FormalExpression(body="x"), m.FormalExpression(body=" y ", language="js"))
            )
            return m.SequenceFlow(**self.called(), **ends, condition_expression=body)
        if which < 0.4:
            return m.DataObject(**self.called(), is_collection=self.random.random() < 0.5)
        if which < 0.6 and depth < 2:
            values = self.called()
            inside = self.some(lambda: self.flow_element(depth + 1), 3)
            return m.SubProcess(**values, flow_elements=inside, lane_sets=self.lane_sets())
        return self.flow_node()

    def flow_node(self) -> m.FlowNode:
        cls = self.random.choice(NODES)
        values = self.called() | {"incoming": self.references(), "outgoing": self.references()}
        if issubclass(cls, m.CatchEvent):
            timer = m.TimerEventDefinition(
                id=self.random.choice((None, "t1", "t2")), time_duration=m.Expression(body=self.random.choice(("PT1H", "PT2H")))
            )
            values["event_definitions"] = tuple(
                self.random.choices((timer, m.SignalEventDefinition(signal_ref=self.reference())), k=self.random.randint(0, 2))
            )
        elif issubclass(cls, m.Activity):
            values["default"] = self.reference()
            values["loop_characteristics"] = self.random.choice(
                (
                    None,
                    m.StandardLoopCharacteristics(loop_maximum=3),
                    m.MultiInstanceLoopCharacteristics(loop_cardinality=m.Expression(body="3")),
                )
            )
        if issubclass(cls, (m.UserTask, m.ServiceTask)):
            values["implementation"] = self.random.choice(("##unspecified", "##WebService", "own"))
        return cls(**values)

    def lane_sets(self, depth: int = 0) -> tuple[m.LaneSet, ...]:
        return self.some(lambda: m.LaneSet(id=self.id(), lanes=self.some(lambda: self.lane(depth), 2)), 1)

    def lane(self, depth: int) -> m.Lane:
        values, inner = self.called(), self.lane_sets(depth + 1) if depth < 1 else ()
        return m.Lane(**values, flow_node_refs=self.references(), child_lane_set=inner[0] if inner else None)

    def root_element(self) -> m.RootElement:
        values = self.called()
        if self.random.random() < 0.3:
            return m.Message(**values)
        return m.Process(
            **values, lane_sets=self.lane_sets(), flow_elements=self.some(self.flow_element, 6), artifacts=self.some(self.note, 1)
        )

    def note(self) -> m.Artifact:
        return m.TextAnnotation(id=self.id(), text=self.random.choice(("a", "b", "a ")))

    def drawn(self) -> m.DiagramElement:
        if self.random.random() < 0.3:
            return m.BPMNEdge(id=self.id(), bpmn_element=self.reference(), waypoints=(m.Waypoint(x=self.random.choice((1.0, 2.0))),))
        return m.BPMNShape(id=self.id(), bpmn_element=self.reference(), bounds=m.Bounds(x=self.random.choice((1.0, 2.0))))

    def definitions(self) -> m.Definitions:
        roots = self.some(self.root_element, 3)
        plane = m.BPMNPlane(id="plane", bpmn_element=self.reference(), elements=self.some(self.drawn, 4))
        exporter = self.random.choice((None, "one", "other"))
        return m.Definitions(id="map", exporter=exporter, root_elements=roots, diagrams=(m.BPMNDiagram(id="diagram", plane=plane),))


def maps() -> st.SearchStrategy[m.Definitions]:
    """Strategy of maps with at most 24 elements, whose ids are among as many; a tenth of them bear an "x" in front."""
    return st.randoms(use_true_random=False).map(lambda random: _Drawing(random).definitions())
