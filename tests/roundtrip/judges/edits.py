"""The maps that are judged, and the edits after which they are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import bpmnmap as bm
from bpmnmap.model import (
    BaseElement,
    BPMNDiagram,
    BPMNEdge,
    BPMNShape,
    Definitions,
    Documentation,
    Element,
    EndEvent,
    FlowNode,
    Participant,
    Process,
    RootElement,
    SequenceFlow,
    SubProcess,
    UserTask,
    XmlElement,
)
from bpmnmap.model.diagram import Bounds, BPMNPlane, Waypoint
from tests.roundtrip.judges.traps import traps
from tests.xmlio.maps import CORPUS

ROOT = Path(__file__).parents[3]
FOLDERS = ("bpmn_samples", "tests/reference/fixtures", "tests/semantics/peoples_maps")
NAME = 'Prüfen "<x>" & é\n2'
OWN = "urn:judged"


def originals() -> dict[str, bytes]:
    """Bytes by name: of the corpus, as far as it is there, of our own maps, and of the traps."""
    found = {f"corpus/{path.relative_to(CORPUS).as_posix()}": path.read_bytes() for path in sorted(CORPUS.rglob("*.bpmn"))}
    for folder in FOLDERS:
        found |= {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in sorted((ROOT / folder).rglob("*.bpmn"))}
    return found | {f"trap/{name}": data for name, data in traps().items()}


def renamed(definitions: Definitions) -> Definitions:
    """Three elements have another name, and a documentation more."""
    for element in _some(definitions):
        new = (Documentation(text="Größe < 3"), *element.documentation)
        definitions = definitions.replace(_current(definitions, element), name=NAME, documentation=new)
    return definitions


def extended(definitions: Definitions) -> Definitions:
    """Three elements have a vendor's element and attribute more, and their shapes are moved."""
    for element in _some(definitions):
        note = XmlElement(f"{{{OWN}}}note", attributes=(("by", "me"),), text="a < b")
        now = _current(definitions, element)
        assert isinstance(now, BaseElement)
        attributes = (*now.extension_attributes, (f"{{{OWN}}}mark", "x & y"))
        definitions = definitions.replace(now, extension_elements=(*now.extension_elements, note), extension_attributes=attributes)
        shape = _shape(definitions, element)
        if shape is not None and shape.bounds is not None:
            definitions = definitions.replace(shape.bounds, x=shape.bounds.x + 12.5, y=shape.bounds.y - 7)
    return definitions


def added(definitions: Definitions) -> Definitions:
    """A task and a flow to it, both drawn where their neighbor is."""
    process, node = _place(definitions)
    if process is None:
        plane = _plane(definitions)
        if plane is not None and plane.bpmn_element is None:
            definitions = definitions.replace(plane, bpmn_element="judged_process")
        return definitions.add(Process(id="judged_process", flow_elements=(UserTask(id="judged_task", name=NAME),)))
    definitions = definitions.add(UserTask(id="judged_task", name=NAME), into=_current(definitions, process))
    if node is None or node.id is None:
        return definitions
    shape = _shape(definitions, node)
    flow = SequenceFlow(id="judged_flow", source_ref=node.id, target_ref="judged_task")
    definitions = definitions.add(flow, into=_current(definitions, process))
    if shape is None or shape.bounds is None:
        return definitions
    at = shape.bounds
    drawn = BPMNShape(id="judged_shape", bpmn_element="judged_task", bounds=Bounds(x=at.x + 60, y=at.y + 160, width=100, height=80))
    definitions = definitions.add(drawn, into=_plane(definitions))
    points = (Waypoint(x=at.x + at.width, y=at.y), Waypoint(x=at.x + 60, y=at.y + 160))
    return definitions.add(BPMNEdge(id="judged_edge", bpmn_element="judged_flow", waypoints=points), into=_plane(definitions))


def removed(definitions: Definitions) -> Definitions:
    """Three elements are gone, with all that names them."""
    for element in _some(definitions):
        if element.id is not None and definitions.element(element.id) is not None:
            definitions = definitions.remove(element.id, with_references=True)
    return definitions


EDITS: dict[str, Callable[[Definitions], Definitions]] = {
    "untouched": lambda definitions: definitions,
    "renamed": renamed,
    "extended": extended,
    "added": added,
    "removed": removed,
}


def written(data: bytes, folder: Path) -> dict[str, Path]:
    """The files into which a map is written after each edit, by the edit's name."""
    definitions = bm.parse_bpmn(data)
    paths = {edit: folder / f"{edit}.bpmn" for edit in EDITS}
    for edit, change in EDITS.items():
        bm.write_bpmn(change(definitions), paths[edit])
    return paths


def _some(definitions: Definitions) -> list[BaseElement]:
    """The first, the middle and the last flow node; of a map without any, its participants or processes."""
    ids = Counter(each.id for each in definitions.walk())
    for cls in (FlowNode, Participant, Process, RootElement):
        found = [each for each in definitions.walk() if isinstance(each, cls) and each.id and ids[each.id] == 1 and hasattr(each, "name")]
        if found:
            return [found[place] for place in sorted({0, len(found) // 2, len(found) - 1})]
    return []


def _current(definitions: Definitions, element: Element) -> Element:
    """The element as it is after earlier edits."""
    return next(each for each in definitions.walk() if type(each) is type(element) and each.id == element.id)


def _place(definitions: Definitions) -> tuple[Process | SubProcess | None, FlowNode | None]:
    """Where to add a node, and the node that is to lead to it: a drawn one, if any is."""
    ids = Counter(each.id for each in definitions.walk())
    places = [each for each in definitions.walk() if isinstance(each, Process | SubProcess)]
    nodes = [
        (place, node)
        for place in places
        for node in place.flow_elements
        if isinstance(node, FlowNode) and not isinstance(node, EndEvent) and ids[node.id] == 1 and ids[place.id] == 1
    ]
    plane = _plane(definitions)
    shown = {
        None if plane is None else plane.bpmn_element,
        *(each.process_ref for each in definitions.walk() if isinstance(each, Participant)),
    }
    drawn = [(place, node) for place, node in nodes if place.id in shown and _shape(definitions, node) is not None]
    for found in (*drawn, *nodes):
        return found
    return (places[0] if places else None), None


def _plane(definitions: Definitions) -> BPMNPlane | None:
    """That of the first diagram: bpmn-js opens this one."""
    return next((diagram.plane for diagram in definitions.diagrams if isinstance(diagram, BPMNDiagram)), None)


def _shape(definitions: Definitions, node: Element) -> BPMNShape | None:
    plane = _plane(definitions)
    shapes: Iterator[Element] = iter(()) if plane is None else iter(plane.elements)
    return next((each for each in shapes if isinstance(each, BPMNShape) and (each.bpmn_element or "").rpartition(":")[2] == node.id), None)
