"""Changes as text for people: one line each, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from bpmnmap.findings import printable
from bpmnmap.model.changes import (
    LONGEST,
    Aspect,
    Change,
    FieldChange,
    Insert,
    LaneMove,
    Mention,
    Move,
    Place,
    Remove,
    Update,
    Value,
    shortened,
)
from bpmnmap.model.diagram import Waypoint
from bpmnmap.model.elements import Documentation, Element, Expression, XmlElement

_CONTEXT: Final = 15
_VERBS: Final[dict[type, str]] = {Insert: "insert", Remove: "remove", Move: "move", LaneMove: "move between lanes", Update: "change"}
_PLURALS: Final = {
    "insert": "inserts",
    "remove": "removes",
    "move": "moves",
    "move between lanes": "moves between lanes",
    "change": "changes",
}


def change_line(change: Change) -> str:
    """Where, what, old → new.

    Examples
    --------
    >>> from bpmnmap.findings import Location
    >>> print(change_line(LaneMove(Mention("task", "Sign"), (Mention("lane", "L1", "Office"),), (), Location("permit.bpmn", 12))))
    permit.bpmn:12: move task 'Sign' from lane 'L1' (Office) to no lane
    """
    match change:
        case Insert(element, place, _, _, value):
            what = f"insert {element}{_ends(value)} into {_place(place)}"
        case Remove(element, place, _, _, value):
            what = f"remove {element}{_ends(value)} from {_place(place)}"
        case Move(element, old, new):
            what = f"move {element} {_way(old, new)}"
        case LaneMove(element, before, after):
            what = f"move {element} from {_lanes(before, after)} to {_lanes(after, before)}"
        case Update(element, changes):
            what = f"change {element}: {'; '.join(map(_field_change, changes))}"
    return printable(f"{change.location}: {what}")


def summary(changes: Sequence[Change]) -> str:
    """How many changes there are, and of which kind.

    Examples
    --------
    >>> summary([])
    'no difference'
    """
    if not changes:
        return "no difference"
    counts = Counter(_VERBS[type(change)] for change in changes if change.aspect is Aspect.MEANING)
    kinds = ", ".join(_counted(counts[verb], verb, plural) for verb, plural in _PLURALS.items() if counts[verb])
    total = _counted(counts.total(), "difference", "differences") if counts else "no difference"
    parts = [f"{total} in meaning{': ' if kinds else ''}{kinds}", _layout(changes)]
    echoes = sum(change.aspect is Aspect.INCIDENTAL for change in changes)
    parts.append(f"{echoes} incidental" if echoes else "")
    return "; ".join(filter(None, parts))


def _layout(changes: Sequence[Change]) -> str:
    counts = Counter(_drawing(change) for change in changes if change.aspect is Aspect.LAYOUT)
    words = (
        ("shape moved", "shapes moved"), ("edge redrawn", "edges redrawn"), ("label moved", "labels moved"), ("drawn anew", "drawn anew"),
        ("no longer drawn", "no longer drawn"), ("other change of the drawing", "other changes of the drawing"),
    )  # fmt: skip
    return ", ".join(_counted(counts[one], one, many) for one, many in words if counts[one])


def _drawing(change: Change) -> str:
    if isinstance(change, (Insert, Remove)):
        return "drawn anew" if isinstance(change, Insert) else "no longer drawn"
    fields = [each.field.partition(".")[0] for each in change.changes] if isinstance(change, Update) else []
    for field, words in (("bounds", "shape moved"), ("waypoints", "edge redrawn"), ("label", "label moved")):
        if field in fields:
            return words
    return "other change of the drawing"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _ends(element: Element) -> str:
    """What a flow or association connects."""
    source, target = getattr(element, "source_ref", None), getattr(element, "target_ref", None)
    return f" from '{source}' to '{target}'" if isinstance(source, str) and isinstance(target, str) else ""


def _place(place: Place) -> str:
    return f"{place.parent}{', ' if place.lanes else ''}{_lanes(place.lanes) if place.lanes else ''}"


def _lanes(lanes: tuple[Mention, ...], others: tuple[Mention, ...] = ()) -> str:
    """The lanes that are not also among others: lanes around these name their nodes too."""
    shown = [lane for lane in lanes if lane not in others] or lanes
    return ", ".join(map(str, shown)) or "no lane"


def _way(old: Place, new: Place) -> str:
    if (old.parent.id, old.field) != (new.parent.id, new.field):
        return f"from {_place(old)} to {_place(new)}"
    return f"in document order: {_position(new)}, was {_position(old)}"


def _position(place: Place) -> str:
    return "first" if place.previous is None else f"after {place.previous}"


def _field_change(change: FieldChange) -> str:
    old, new = _texts(change.old, change.new)
    return f"{_camel_case(change.field)} {old} → {new}"


def _camel_case(field: str) -> str:
    if field.startswith("extension_attributes["):
        return field.removeprefix("extension_attributes[").rpartition("}")[2].removesuffix("]")
    first, *rest = field.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _texts(old: Value, new: Value) -> tuple[str, str]:
    """Two values as text, short, but with what tells them apart."""
    if isinstance(old, str) and isinstance(new, str):
        return _quoted_apart(old, new)
    if isinstance(old, tuple) and isinstance(new, tuple):
        start = _common(old, new)
        end = _common(old[start:][::-1], new[start:][::-1])
        before, after = (_several(value[start : len(value) - end], bool(start), bool(end)) for value in (old, new))
        return before, after
    return _value(old), _value(new)


def _several(values: tuple[object, ...], is_cut_before: bool = False, is_cut_after: bool = False) -> str:
    shown = ["…"] * is_cut_before + [_value(value) for value in values] + ["…"] * is_cut_after
    return shortened(", ".join(shown)) or "none"


def _value(value: object) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{shortened(value)}'"
        case int() | float():
            return f"{value:g}"
        case Documentation(text=text) | Expression(body=text):
            return f"'{shortened(text)}'"
        case Waypoint(x=x, y=y):
            return f"({x:g}, {y:g})"
        case Element():
            return str(Mention(value.kind, value.id)) if value.id else value.kind
        case XmlElement():
            given = "".join(f' {name.rpartition("}")[2]}="{text}"' for name, text in value.attributes)
            return shortened(f"<{value.kind}{given}>{value.text.strip()}")
        case tuple():
            return _several(value)
    return str(value)


def _quoted_apart(old: str, new: str) -> tuple[str, str]:
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    if max(len(old), len(new)) <= LONGEST:
        start = end = 0
    start, end = max(0, start - _CONTEXT), max(0, end - _CONTEXT)
    shown = [f"{'…' if start else ''}{shortened(text[start : len(text) - end])}{'…' if end else ''}" for text in (old, new)]
    return f"'{shown[0]}'", f"'{shown[1]}'"


def _common(old: Sequence[object], new: Sequence[object]) -> int:
    """How many items two sequences begin with in common."""
    most = min(len(old), len(new))
    return next((place for place in range(most) if old[place] != new[place]), most)
