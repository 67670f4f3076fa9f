"""Differences between a map as it was read and as it is now → changes of its text, and of nothing else in it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterable, Iterator

from bpmnmap.model import Definitions, Documentation, Element, Expression, XmlElement
from bpmnmap.xmlio.alignment import alignment, is_same_kind, key
from bpmnmap.xmlio.attribute_edits import change_attributes
from bpmnmap.xmlio.escaping import escaped_text
from bpmnmap.xmlio.markup import BLANK, Tag
from bpmnmap.xmlio.nodes import Node, own_text
from bpmnmap.xmlio.original import Held, Original
from bpmnmap.xmlio.qualified import prefixed_values
from bpmnmap.xmlio.schema_limits import refuse_surplus
from bpmnmap.xmlio.serialization import Serializer, Style, children_of, slot_of
from bpmnmap.xmlio.surgery import Now, Surgery
from bpmnmap.xmlio.vocabulary import GRAMMARS, Child, Grammar

Removed = dict[Hashable, tuple[Element, Tag, Node]]


class Editor:
    """Edits of one text.

    Parameters
    ----------
    original
        The text.
    definitions
        The map as it is now.
    removed
        What no longer stands where it stood: it may stand elsewhere.
    """

    def __init__(self, original: Original, definitions: Definitions, removed: Removed | None = None) -> None:
        self.original = original
        self.definitions = definitions
        self.text = Surgery(original)
        style = Style(original.spelling, original.unit, self.reference, self.is_id, original.is_known_fault)
        self.serializer = Serializer(style)
        self.removed: Removed = {} if removed is None else removed

    def reference(self, holder: str, value: str) -> str:
        """A reference as the document writes it."""
        prefix = self.original.reference_prefix(holder)
        return prefix + value if prefix and ":" not in value and value in self.definitions.index() else value

    def is_id(self, value: str) -> bool:
        """Return whether a text is an id of the map as it is now."""
        return value in self.definitions.index()

    def edited(self) -> str:
        """The text of the map as it is now."""
        self.change(self.original.definitions, self.definitions, self.original.tags[0], self.original.root)
        return self.text.splices.result(0, len(self.original.text))

    def change(self, old: Element, new: Element, tag: Tag, node: Node) -> None:
        """Make an element in the text another of its class."""
        rules = GRAMMARS[type(new)]
        refuse_surplus(new, self.original.is_known_fault)
        change_attributes(self.text.splices, tag, node, old, new, self.original.scope(node), self.serializer)
        values = [value for value in prefixed_values(new) if value not in prefixed_values(old)]
        if declared := self.serializer.declarations(new, values, self.original.scope(node)):
            self.text.splices.put(tag.name_end, tag.name_end, declared)
        if isinstance(new, Documentation) and isinstance(old, Documentation):
            if (old.text, old.content) != (new.text, new.content):
                scope = self.original.scope(node)
                is_plain = not new.content and not tag.children
                self.text.fill(tag, self.text.characters(tag, new.text) if is_plain else self.serializer.documentation(new, scope))
        elif rules.content is not None and getattr(old, rules.content) != getattr(new, rules.content):
            self.text.change_text(tag, getattr(new, rules.content))
        if not isinstance(new, Documentation):
            self.change_children(old, new, tag, node, rules)

    def change_children(self, old: Element, new: Element, tag: Tag, node: Node, rules: Grammar) -> None:
        """Make the child elements of an element those of another."""
        fields = [*dict.fromkeys(slot.field for slot in rules.children.values()), "other_elements"]
        if all(_same(getattr(old, field), getattr(new, field)) for field in fields):
            return
        is_empty = not list(children_of(new, rules))  # refuses what may not stand there, too
        if is_empty and self.text.is_all(tag) and rules.content is None:
            self.forget(self.original.held(old, tag, node))
            self.text.empty(tag)
            return
        held: dict[str, list[Held]] = {field: [] for field in fields}
        for each in self.original.held(old, tag, node):
            held[each.slot.field].append(each)
        now: list[Now] = []
        for order, field in enumerate(fields):
            before, after, here = getattr(old, field), getattr(new, field), held[field]
            if _same(before, after):
                now += [Now(order, each.wrapper or each.tag, _nothing) for each in here]
            elif here and here[0].slot.form == "extensions":
                now += [Now(order, wrapper, _nothing) for wrapper in self.change_extensions(here, before, after)]
            elif field == "extension_elements":
                name, slot = next((name, slot) for name, slot in rules.children.items() if slot.field == field)
                now.append(Now(order, None, self.writer(name, slot, after, tag, node)))
            else:
                values = after if isinstance(after, tuple) else () if after is None else (after,)
                slot_for = functools.partial(slot_of, new, rules, field)
                now += [Now(order, *each) for each in self.change_field(here, values, slot_for, tag, node)]
        self.text.place(tag, now, isinstance(new, Expression))

    def change_field(
        self, here: list[Held], values: tuple[object, ...], slot: Callable[[object], tuple[str, Child]], tag: Tag, node: Node
    ) -> Iterator[tuple[Tag | None, Callable[[str], str]]]:
        """Make what stands in one field other values; gives what stands there then, in its order."""
        empty = [each for each in here if each.value is None]
        here = [each for each in here if each.value is not None]
        found = alignment([each.value for each in here], values)
        kept = {place for place in found if place is not None}
        gone = [each for place, each in enumerate(here) if place not in kept]
        self.forget(gone)
        # A value of another class comes where the only one of before stood.
        stand_in = gone.pop() if len(here) == len(values) == 1 and gone else None
        for each in [*gone, *(empty if len(here) + len(values) == 1 else [])]:
            self.text.take_out(each.tag)
        for value, place in zip(values, found, strict=True):
            if place is not None:
                self.change_value(here[place], value)
                yield here[place].tag, _nothing
            elif stand_in is not None:
                write = self.writer(*slot(value), value, tag, node)
                lead = self.original.lead(stand_in.tag)
                self.text.splices.put(stand_in.tag.start, stand_in.tag.end, _without_lead(write, lead))
                yield stand_in.tag, _nothing
            else:
                yield None, self.writer(*slot(value), value, tag, node)

    def forget(self, gone: Iterable[Held]) -> None:
        """Keep in mind what no longer stands where it stood."""
        for each in gone:
            if isinstance(each.value, Element) and each.value.id is not None:
                self.removed.setdefault(key(each.value), (each.value, each.tag, each.node))

    def change_value(self, held: Held, value: object) -> None:
        """Make one child element another of its kind."""
        old, tag, node = held.value, held.tag, held.node
        if old is value or old == value:
            return
        if isinstance(old, Element) and isinstance(value, Element):
            self.change(old, value, tag, node)
        elif isinstance(old, XmlElement) and isinstance(value, XmlElement):
            self.change_xml(old, value, tag, node)
        elif held.slot.form == "reference":
            raw, text = own_text(node).strip(), str(value)
            prefix = raw.removesuffix(str(old)) if raw.endswith(f":{old}") and ":" not in text else ""
            content = tag.content
            blank = len(content) - len(content.lstrip(BLANK)), len(content.rstrip(BLANK))
            new = content[: blank[0]] + escaped_text(prefix + text, self.original.spelling) + content[blank[1] :]
            self.text.fill(tag, new)
        else:
            self.text.fill(tag, self.text.characters(tag, str(value)))

    def change_xml(self, old: XmlElement, new: XmlElement, tag: Tag, node: Node) -> None:
        """Make an element that the model does not know another of its name."""
        change_attributes(self.text.splices, tag, node, old, new, self.original.scope(node), self.serializer)
        if (old.text, old.children) == (new.text, new.children):
            return
        if not old.children and not new.children:
            self.text.fill(tag, self.text.characters(tag, new.text))
        elif not new.children and not new.text:
            self.text.empty_but_remarks(tag)
        elif old.text or new.text or any(child.tail for child in (*old.children, *new.children)):
            text, children, _ = self.serializer.xml_content(new, self.original.scope(node), "", tag.name)
            self.text.fill(tag, text + "".join(children))
        else:
            here = list(self.original.held(old, tag, node))
            self.text.place(tag, [Now(0, *each) for each in self.change_field(here, new.children, _foreign, tag, node)], False)

    def change_extensions(self, here: list[Held], old: tuple[XmlElement, ...], new: tuple[XmlElement, ...]) -> list[Tag]:
        """Make extension elements others; gives the elements that wrap them then."""
        wrappers = list(dict.fromkeys(each.wrapper for each in here if each.wrapper is not None))
        if not new:
            empty = [wrapper for wrapper in wrappers if "<!--" not in wrapper.content and "<?" not in wrapper.content]
            for wrapper in empty:
                self.text.take_out(wrapper)
            for each in here:
                if each.wrapper not in empty and each.value is not None:
                    self.text.take_out(each.tag)
            return [wrapper for wrapper in wrappers if wrapper not in empty]
        last = wrappers[-1]
        inside = [each for each in here if each.value is not None]
        now = list(self.change_field(inside, new, _foreign, last, self.original.node_of[last]))
        groups: dict[Tag, list[Now]] = {wrapper: [] for wrapper in wrappers}
        current = wrappers[0] if inside and now[0][0] is not None else last
        for tag, text in now:
            current = tag.parent if tag is not None and tag.parent is not None else current
            groups[current].append(Now(0, tag, text))
        for wrapper in wrappers:
            self.text.place(wrapper, groups[wrapper], False)
        return wrappers

    def writer(self, name: str, slot: Child, value: object, tag: Tag, node: Node) -> Callable[[str], str]:
        """What writes a child element into an element, once it is known what has been taken out elsewhere."""

        def write(lead: str) -> str:
            if isinstance(value, Element) and key(value) in self.removed and value.id is not None:
                old, old_tag, old_node = self.removed[key(value)]
                if is_same_kind(old, value) and old_node.nsmap == node.nsmap:
                    moved = Editor(self.original, self.definitions, self.removed)
                    moved.change(old, value, old_tag, old_node)
                    return lead + moved.text.splices.result(old_tag.start, old_tag.end)
            scope = self.original.scope(node)
            if slot.form == "extensions":
                assert isinstance(value, tuple)
                return lead + self.serializer.extensions(name, value, scope, lead, tag.prefix)
            return lead + self.serializer.child(name, slot, value, scope, lead, tag.prefix)

        return write


def _same(old: object, new: object) -> bool:
    return old is new or old == new


def _nothing(_lead: str) -> str:
    return ""


def _without_lead(text: Callable[[str], str], lead: str) -> Callable[[], str]:
    return lambda: text(lead).removeprefix(lead)


def _foreign(value: object) -> tuple[str, Child]:
    assert isinstance(value, XmlElement)
    return value.name, Child("other_elements", many=True, form="xml")
