"""Attributes of one element as they were and as they are now → changes of its start tag."""

from __future__ import annotations

from bpmnmap.model import Element, XmlElement
from bpmnmap.xmlio.escaping import Spelling, escaped_value
from bpmnmap.xmlio.markup import MarkupAttribute, Tag
from bpmnmap.xmlio.nodes import Node
from bpmnmap.xmlio.scope import Scope
from bpmnmap.xmlio.serialization import Serializer
from bpmnmap.xmlio.splices import Splices
from bpmnmap.xmlio.vocabulary import GRAMMARS


def change_attributes(
    splices: Splices,
    tag: Tag,
    node: Node,
    old: Element | XmlElement,
    new: Element | XmlElement,
    scope: Scope,
    serializer: Serializer,
) -> None:
    """Make the attributes in a start tag those of another element."""
    changes, spelling = _changes(old, new, node, serializer), serializer.style.spelling
    if not changes:
        return
    written = [each for each in tag.attributes() if each.name != "xmlns" and not each.name.startswith("xmlns:")]
    present = {name: each for (name, _), each in zip(node.items(), written, strict=True)}
    order = list(GRAMMARS[type(new)].attributes) if isinstance(new, Element) else []
    for name, value in changes.items():
        place = present.get(name)
        if place is not None and value is None:
            splices.put(place.before, place.end, "")
        elif place is not None and value is not None:
            splices.put(place.value_start, place.value_end, escaped_value(value, place.quote, spelling))
        elif value is not None:
            staying = {each: present[each] for each in present if changes.get(each, "") is not None}
            _insert(splices, tag, (name, value), staying, order, scope, spelling)


def _changes(old: Element | XmlElement, new: Element | XmlElement, node: Node, serializer: Serializer) -> dict[str, str | None]:
    """The new text of each attribute that changed, by name in Clark notation; None if it goes."""
    changes: dict[str, str | None] = {}
    if isinstance(new, Element):
        for name, attribute in GRAMMARS[type(new)].attributes.items():
            before, after = getattr(old, attribute.field), getattr(new, attribute.field)
            if before == after and type(before) is type(after):
                continue
            text = None if after is None else serializer.attribute_text(new.kind, name, attribute, after)
            raw = (node.get(name) or "").strip()
            if attribute.form == "reference" and text == after and raw.endswith(f":{before}") and ":" not in str(after):
                text = raw.removesuffix(str(before)) + str(after)
            changes[name] = text
    pairs = [dict(each.attributes if isinstance(each, XmlElement) else each.extension_attributes) for each in (old, new)]
    for name in dict.fromkeys([*pairs[0], *pairs[1]]):
        if pairs[0].get(name) != pairs[1].get(name):
            changes[name] = pairs[1].get(name)
    return changes


def _insert(
    splices: Splices,
    tag: Tag,
    attribute: tuple[str, str],
    present: dict[str, MarkupAttribute],
    order: list[str],
    scope: Scope,
    spelling: Spelling,
) -> None:
    """Put an attribute that was not there where the schema's order wants it."""
    name, value = attribute
    place = order.index(name) if name in order else len(order)
    lower = [present[each] for each in order[:place] if each in present]
    higher = [present[each] for each in order[place:] if each in present]
    written, declaration = scope.attribute_name(name)
    if name in order and not lower and higher:
        beside = min(higher, key=lambda each: each.start)
        text = f"{written}={beside.quote}{escaped_value(value, beside.quote, spelling)}{beside.quote}"
        splices.put(beside.start, beside.start, text + splices.text[beside.before : beside.start])
        return
    everything = tag.attributes()
    neighbors = lower if name in order and lower else everything
    last = max(neighbors, key=lambda each: each.start, default=None)
    position, blank, quote = tag.name_end, " ", '"'
    if last is not None:
        position, blank, quote = last.end, splices.text[last.before : last.start], last.quote
    splices.put(position, position, f"{declaration}{blank}{written}={quote}{escaped_value(value, quote, spelling)}{quote}")
