"""One change between two maps: an element that is new, gone, elsewhere, in other lanes or otherwise than before."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from bpmnmap.findings import Location
from bpmnmap.model.elements import Element, XmlElement

Value: TypeAlias = "str | int | float | bool | Element | XmlElement | tuple[object, ...] | None"
"""What a field holds."""
LONGEST: Final = 60
"""Signs of a text that are shown at most."""


class Aspect(enum.StrEnum):
    """What a change touches.

    Attributes
    ----------
    MEANING
        What the map says.
    LAYOUT
        How it is drawn.
    INCIDENTAL
        Nothing of its own: it repeats another change (``incoming`` and ``outgoing`` repeat sequence flows, a lane's list of nodes the
        lanes of the nodes, references follow a new id), or nobody relies on it (the exporter, white space around a text).
    """

    MEANING = "meaning"
    LAYOUT = "layout"
    INCIDENTAL = "incidental"


@dataclass(frozen=True, slots=True)
class Mention:
    """What an element is called: BPMN name of its type, id and name.

    Examples
    --------
    >>> str(Mention("userTask", "Task_Sign", "Sign permit")), str(Mention("laneSet"))
    ("userTask 'Task_Sign' (Sign permit)", 'laneSet without id')
    """

    kind: str
    id: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        called = f"{self.kind} without id" if self.id is None else f"{self.kind} '{shortened(self.id)}'"
        return f"{called} ({shortened(self.name)})" if self.name else called


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element stands.

    Parameters
    ----------
    parent
        The element that holds it.
    field
        The field of the parent.
    index, previous
        Its place among the siblings whose order says something, and the one before it, None for the first. ``index`` is None where
        the order says nothing.
    lanes
        The lanes that name it, in document order.
    """

    parent: Mention
    field: str
    index: int | None = None
    previous: Mention | None = None
    lanes: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that is another one now.

    Parameters
    ----------
    field
        Name of the field; ``time_duration.body`` of a part, ``event_definitions[1].message_ref`` of one of several parts, ``kind``
        for the type of the element itself.
    old, new
        The values; None if there is none.
    """

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Insert:
    """An element that only the second map has; ``value`` is the element itself, with all that it holds."""

    element: Mention
    place: Place
    location: Location
    aspect: Aspect
    value: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Remove:
    """An element that only the first map has; ``value`` is the element itself, with all that it held."""

    element: Mention
    place: Place
    location: Location
    aspect: Aspect
    value: Element = field(repr=False)


@dataclass(frozen=True, slots=True)
class Move:
    """An element that stands in another element now, or elsewhere among siblings whose order says something."""

    element: Mention
    old: Place
    new: Place
    location: Location
    aspect: Aspect


@dataclass(frozen=True, slots=True)
class LaneMove:
    """A flow node that other lanes name now: mostly the work of another unit."""

    element: Mention
    old: tuple[Mention, ...]
    new: tuple[Mention, ...]
    location: Location
    aspect: Aspect = Aspect.MEANING


@dataclass(frozen=True, slots=True)
class Update:
    """An element of which fields are otherwise; all of one aspect."""

    element: Mention
    changes: tuple[FieldChange, ...]
    location: Location
    aspect: Aspect


def shortened(text: str) -> str:
    """A text that can be read at a glance: of a long one, its beginning and end."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 21]}…{text[-20:]}"


Change: TypeAlias = Insert | Remove | Move | LaneMove | Update

VERBS: dict[type, str] = {Insert: "insert", Remove: "remove", Move: "move", LaneMove: "lane_move", Update: "update"}
"""Names of the kinds of change, as JSON has them."""


def mention(element: Element) -> Mention:
    """What an element is called."""
    name = getattr(element, "name", None)
    return Mention(element.kind, element.id, name if isinstance(name, str) else None)
