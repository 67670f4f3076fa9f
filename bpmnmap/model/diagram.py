"""The drawing: shapes, edges and labels with their coordinates (chapter 12, BPMN DI)."""

from __future__ import annotations

from bpmnmap.model.elements import Element, XmlElement, bpmn_element


@bpmn_element
class Bounds(Element):
    """A rectangle; x grows to the right, y downward (DC)."""

    kind = "Bounds"

    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0


@bpmn_element
class Waypoint(Element):
    """A point of an edge (DC Point)."""

    x: float = 0.0
    y: float = 0.0


@bpmn_element
class Font(Element):
    """How a label is written (DC)."""

    kind = "Font"

    name: str | None = None
    size: float | None = None
    is_bold: bool | None = None
    is_italic: bool | None = None
    is_underline: bool | None = None
    is_strike_through: bool | None = None


@bpmn_element
class DiagramElement(Element):
    """Base of all that is drawn (DI)."""

    extension_elements: tuple[XmlElement, ...] = ()


@bpmn_element
class BPMNLabel(DiagramElement):
    """The text of a shape or edge."""

    kind = "BPMNLabel"

    label_style: str | None = None
    bounds: Bounds | None = None


@bpmn_element
class BPMNShape(DiagramElement):
    """How a node is drawn."""

    kind = "BPMNShape"

    bpmn_element: str | None = None
    is_horizontal: bool | None = None
    is_expanded: bool | None = None
    is_marker_visible: bool | None = None
    is_message_visible: bool | None = None
    participant_band_kind: str | None = None
    choreography_activity_shape: str | None = None
    bounds: Bounds | None = None
    label: BPMNLabel | None = None


@bpmn_element
class BPMNEdge(DiagramElement):
    """How a flow or association is drawn."""

    kind = "BPMNEdge"

    bpmn_element: str | None = None
    source_element: str | None = None
    target_element: str | None = None
    message_visible_kind: str | None = None
    waypoints: tuple[Waypoint, ...] = ()
    label: BPMNLabel | None = None


@bpmn_element
class BPMNPlane(DiagramElement):
    """What one diagram shows: a process, sub-process or collaboration."""

    kind = "BPMNPlane"

    bpmn_element: str | None = None
    elements: tuple[DiagramElement, ...] = ()


@bpmn_element
class BPMNLabelStyle(Element):
    """A font that labels share."""

    kind = "BPMNLabelStyle"

    font: Font | None = None


@bpmn_element
class BPMNDiagram(Element):
    """One drawing of the map."""

    kind = "BPMNDiagram"

    name: str | None = None
    documentation: str | None = None
    resolution: float | None = None
    plane: BPMNPlane | None = None
    label_styles: tuple[BPMNLabelStyle, ...] = ()
