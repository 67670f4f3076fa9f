"""Hypothesis strategies that draw whole maps: sound ones, and broken ones with every class of the vocabulary anywhere it may stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from bpmnmap.model import (
    Bounds,
    BPMNDiagram,
    BPMNEdge,
    BPMNPlane,
    BPMNShape,
    Collaboration,
    Definitions,
    Documentation,
    Element,
    EndEvent,
    ExclusiveGateway,
    Expression,
    FlowElement,
    FormalExpression,
    Lane,
    LaneSet,
    ParallelGateway,
    Participant,
    Process,
    SequenceFlow,
    StartEvent,
    Task,
    UserTask,
    Waypoint,
    XmlElement,
)
from bpmnmap.model.elements import compared_fields
from bpmnmap.xmlio.qualified import QUALIFIED
from bpmnmap.xmlio.schema_limits import CHOICES, NOT_IN, WITHOUT_FOREIGN_ATTRIBUTES, WITHOUT_ID
from bpmnmap.xmlio.vocabulary import GRAMMARS, Attribute, Child, Grammar

# What XML can hold; the letters often, and what must be escaped, folded or kept now and then.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("abÜß€"),
        st.sampled_from("<>&\"'\n\r\t ]{}\u00a0\U0001f600"),
        st.characters(min_codepoint=0x20, max_codepoint=0xD7FF),
    ),
    max_size=8,
)
NAMES = st.one_of(TEXTS, st.sampled_from(["Check form", "Prüfen", "a & b", "x\ny"]))
IDS = st.from_regex(r"[A-Za-z_][A-Za-z0-9_\-.]{0,5}", fullmatch=True)
QUALIFIED_NAMES = st.one_of(IDS, st.sampled_from(["xsd:string", "xs:int"]))
FOREIGN_NAMES = st.sampled_from(
    ["{urn:own}note", "{urn:own}item", "{urn:other}note", "{http://camunda.org/schema/1.0/bpmn}property", "bare"]
)
FOREIGN_ATTRIBUTES = st.lists(
    st.tuples(st.sampled_from(["{urn:own}kind", "{urn:other}kind", "{http://camunda.org/schema/1.0/bpmn}assignee"]), TEXTS),
    max_size=2,
    unique_by=lambda pair: pair[0],
).map(tuple)


def visible(text: str) -> str:
    """The text, if it is more than white space: beside child elements that says nothing, and is not kept."""
    return text if text.strip() else ""


@st.composite
def foreign_elements(draw: st.DrawFn, depth: int = 2, *, tail: bool = False) -> XmlElement:
    """An element that the model does not know, with all that it may have; only one inside another may be in no namespace."""
    children = draw(st.lists(foreign_elements(depth - 1, tail=True), max_size=2)) if depth else []
    text = draw(TEXTS)
    return XmlElement(
        draw(FOREIGN_NAMES if tail else FOREIGN_NAMES.filter(lambda name: name != "bare")),
        draw(FOREIGN_ATTRIBUTES),
        visible(text) if children else text,
        tuple(children),
        visible(draw(st.one_of(st.just(""), TEXTS))) if tail else "",
    )


def meaning(value: object) -> object:
    """All that an element says, in a form in which the order of foreign attributes plays no part, as in XML."""
    if isinstance(value, tuple):
        return tuple(meaning(item) for item in value)
    if isinstance(value, XmlElement):
        return (value.name, frozenset(value.attributes), value.text, meaning(value.children), value.tail)
    if isinstance(value, Element):
        others = (name for name in compared_fields(type(value)) if name != "extension_attributes")
        return (type(value).__name__, frozenset(value.extension_attributes), *((name, meaning(getattr(value, name))) for name in others))
    return value


@dataclass
class Draw:
    """What a drawing of a map has drawn so far: how much more it may draw, and the ids in it."""

    draw: st.DrawFn
    left: int
    ids: list[str] = field(default_factory=list)

    def element(self, cls: type[Element], depth: int) -> Element:
        """An element of a class, with some of what its grammar allows."""
        rules = GRAMMARS[cls]
        self.left -= 1
        values: dict[str, Any] = {}
        for attribute in rules.attributes.values():
            if attribute.field == "id" and issubclass(cls, WITHOUT_ID):
                continue
            if self.draw(st.integers(0, 3)) == 0 or attribute.field == "id":
                values[attribute.field] = self.attribute(attribute, cls)
        if rules.content is not None and cls is not Documentation:
            values[rules.content] = self.draw(TEXTS)
        if cls is Documentation:
            values["text"] = self.draw(TEXTS)
        elif depth > 0:
            self.children(rules, depth, values)
        if not issubclass(cls, WITHOUT_FOREIGN_ATTRIBUTES):
            values["extension_attributes"] = self.draw(FOREIGN_ATTRIBUTES) if self.draw(st.integers(0, 5)) == 0 else ()
        return cls(**values)

    def attribute(self, attribute: Attribute, cls: type[Element]) -> object:
        """A value of an attribute."""
        if (cls, attribute.field) in QUALIFIED:
            return self.draw(QUALIFIED_NAMES)
        if attribute.form == "id":
            new = self.draw(st.one_of(IDS, st.sampled_from(self.ids) if self.ids else st.none(), st.none()))
            self.ids += [new] if new is not None else []
            return new
        forms: dict[str, st.SearchStrategy[object]] = {
            "text": NAMES,
            "reference": st.one_of(IDS, st.sampled_from(self.ids)) if self.ids else IDS,
            "bool": st.booleans(),
            "int": st.integers(-3, 10**6),
            "float": st.one_of(st.integers(-500, 5000).map(float), st.floats(allow_nan=False, allow_infinity=False)),
        }
        return self.draw(forms[attribute.form])

    def children(self, rules: Grammar, depth: int, values: dict[str, Any]) -> None:
        """Values of some fields with child elements."""
        fields: dict[str, list[Child]] = {}
        for slot in rules.children.values():
            # "xml" is partitionElement: of this name, with anything in it
            if slot.form != "xml" and not any(issubclass(slot.cls, cls) for cls in _kept_out(rules.cls, slot.field)):
                fields.setdefault(slot.field, []).append(slot)
        chosen = self.draw(st.lists(st.sampled_from(sorted(fields)), max_size=3, unique=True)) if fields else []
        chosen = _one_of_each_choice(rules.cls, chosen)
        for name in chosen:
            slots = fields[name]
            if self.left <= 0:
                return
            if slots[0].many:
                values[name] = tuple(
                    self.child(self.draw(st.sampled_from(slots)), depth, rules.cls) for _ in range(self.draw(st.integers(1, 3)))
                )
            else:
                values[name] = self.child(self.draw(st.sampled_from(slots)), depth, rules.cls)

    def child(self, slot: Child, depth: int, parent: type[Element]) -> object:
        """A value for a child element."""
        if (parent, slot.field) in QUALIFIED:
            return self.draw(QUALIFIED_NAMES)
        if slot.form == "element":
            cls = slot.cls
            if cls is Expression and self.draw(st.booleans()):
                cls = FormalExpression
            return self.element(cls, depth - 1)
        if slot.form == "extensions":
            return self.draw(foreign_elements())
        return self.draw(IDS) if slot.form == "reference" else self.draw(TEXTS)


def _kept_out(cls: type[Element], field: str) -> tuple[type, ...]:
    """What the schema of BPMN 2.0 does not allow in a field of a class."""
    if (cls, field) == (Definitions, "extension_elements"):
        return (Element,)  # no class of the model says what stands there
    return NOT_IN[cls, field][0] if (cls, field) in NOT_IN else ()


def _one_of_each_choice(cls: type[Element], chosen: list[str]) -> list[str]:
    for base, groups in CHOICES.items():
        if issubclass(cls, base):
            met = [group for group in groups if any(field in chosen for field in group)]
            chosen = [field for field in chosen if not any(field in group for group in met[1:])]
    return chosen


@st.composite
def broken_maps(draw: st.DrawFn, size: int = 25) -> Definitions:
    """A map of which nothing need fit: every class anywhere its grammar allows it, dangling references, ids that occur twice."""
    drawing = Draw(draw, size)
    values: dict[str, Any] = {
        "id": draw(IDS),
        "name": draw(NAMES),
        "target_namespace": draw(st.sampled_from(["", "urn:permits", "urn:a&b"])),
    }
    drawing.children(GRAMMARS[Definitions], 5, values)
    if draw(st.booleans()):
        processes = []
        for _ in range(draw(st.integers(1, 2))):
            process: dict[str, Any] = {"id": draw(IDS)}
            drawing.children(GRAMMARS[Process], 4, process)
            slots = [slot for slot in GRAMMARS[Process].children.values() if slot.field == "flow_elements"]
            process["flow_elements"] = tuple(
                drawing.child(draw(st.sampled_from(slots)), 4, Process) for _ in range(draw(st.integers(0, 4)))
            )
            processes.append(Process(**process))
        values["root_elements"] = (*values.get("root_elements", ()), *processes)
    return Definitions(**values)


@st.composite
def sound_maps(draw: st.DrawFn) -> Definitions:
    """A map that follows the schema and runs: blocks of tasks, choices and parallel branches, in lanes of a pool, and drawn."""
    elements: list[FlowElement] = []
    number = iter(range(10**6))

    def flow(source: str, target: str) -> None:
        elements.append(
            SequenceFlow(id=f"Flow_{next(number)}", source_ref=source, target_ref=target, name=draw(st.one_of(st.none(), NAMES)))
        )

    def block(depth: int) -> tuple[str, str]:
        kind = draw(st.sampled_from(["task", "task", "row", "choice", "parallel"])) if depth else "task"
        if kind == "task":
            cls = draw(st.sampled_from([Task, UserTask]))
            elements.append(
                cls(
                    id=f"Task_{next(number)}",
                    name=draw(NAMES),
                    documentation=tuple(Documentation(text=text) for text in draw(st.lists(TEXTS, max_size=1))),
                )
            )
            return str(elements[-1].id), str(elements[-1].id)
        if kind == "row":
            former, latter = block(depth - 1), block(depth - 1)
            flow(former[1], latter[0])
            return former[0], latter[1]
        gateway = ExclusiveGateway if kind == "choice" else ParallelGateway
        opening, closing = gateway(id=f"Gateway_{next(number)}"), gateway(id=f"Gateway_{next(number)}")
        elements.extend([opening, closing])
        for _ in range(draw(st.integers(2, 3))):
            entry, way_out = block(depth - 1)
            flow(str(opening.id), entry)
            flow(way_out, str(closing.id))
        return str(opening.id), str(closing.id)

    first, last = block(2)
    elements.insert(0, StartEvent(id="Start"))
    elements.append(EndEvent(id="End"))
    flow("Start", first)
    flow(last, "End")
    return _drawn(elements)


def _drawn(elements: list[FlowElement]) -> Definitions:
    nodes = [str(each.id) for each in elements if not isinstance(each, SequenceFlow)]
    half = len(nodes) // 2
    lanes = (
        Lane(id="Lane_1", name="Front Office", flow_node_refs=tuple(nodes[:half])),
        Lane(id="Lane_2", flow_node_refs=tuple(nodes[half:])),
    )
    shapes = [
        BPMNShape(id=f"{node}_di", bpmn_element=node, bounds=Bounds(x=120.0 * place, y=80.0, width=100.0, height=80.0))
        for place, node in enumerate(nodes)
    ]
    edges = [
        BPMNEdge(id=f"{each.id}_di", bpmn_element=each.id, waypoints=(Waypoint(x=0.0, y=0.5), Waypoint(x=10.0, y=0.5)))
        for each in elements
        if isinstance(each, SequenceFlow)
    ]
    return Definitions(
        id="Definitions",
        target_namespace="urn:permits",
        root_elements=(
            Collaboration(id="Collaboration", participants=(Participant(id="Pool", name="City Hall", process_ref="Process"),)),
            Process(id="Process", lane_sets=(LaneSet(id="Lanes", lanes=lanes),), flow_elements=tuple(elements)),
        ),
        diagrams=(BPMNDiagram(id="Diagram", plane=BPMNPlane(id="Plane", bpmn_element="Collaboration", elements=(*shapes, *edges))),),
    )
