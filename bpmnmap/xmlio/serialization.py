"""Elements of the model → text of XML, in the style of the document that they come into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bpmnmap.model import Bounds, Documentation, Element, Expression, FormalExpression, Waypoint, XmlElement
from bpmnmap.model.elements import defaults
from bpmnmap.xmlio.escaping import PLAIN, Spelling, escaped_text, escaped_value, unwritable, value_text
from bpmnmap.xmlio.qualified import prefixed_values, unknown_prefix
from bpmnmap.xmlio.schema_limits import refuse_surplus
from bpmnmap.xmlio.scope import Scope
from bpmnmap.xmlio.vocabulary import GRAMMARS, MODEL, XSI, Attribute, Child, Grammar, tag

_ALWAYS = (Bounds, Waypoint)
"""Classes whose attributes the schema demands even where they are 0."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is written.

    Parameters
    ----------
    spelling
        How it writes characters.
    unit
        What an element is indented by against the one around it.
    reference
        Gives the text of a reference: for what holds it, as `holder` tells or the name of an element, and the id.
    is_id
        Whether a text is an id of the map.
    is_known
        Whether the document has something already that the schema does not allow, by the message that would refuse it.
    """

    spelling: Spelling = PLAIN
    unit: str = "  "
    reference: Callable[[str, str], str] = lambda _name, value: value
    is_id: Callable[[str], bool] = lambda _value: False
    is_known: Callable[[str], bool] = lambda _message: False


@dataclass(frozen=True, slots=True)
class Serializer:
    """Writes elements in one style.

    A ``lead`` is what stands before a tag: a line end and the indentation, "" where all stands in one line.
    """

    style: Style

    def element(self, name: str, element: Element, scope: Scope, lead: str, *, like: str | None = None, slot: Child | None = None) -> str:
        """An element under a name, in Clark notation."""
        rules = GRAMMARS[type(element)]
        refuse_surplus(element, self.style.is_known)
        scope = scope.inner()
        written, declared = scope.element_name(name, like)
        declared += self.declarations(element, prefixed_values(element), scope)
        attributes = [*self._attributes(element, rules), *element.extension_attributes]
        if isinstance(element, FormalExpression) and slot is not None and slot.cls is Expression and name != tag(FormalExpression):
            type_name, more = scope.element_name(f"{{{MODEL}}}tFormalExpression")
            declared += more
            attributes.insert(0, (f"{{{XSI}}}type", type_name))
        opening = self._opening(written, declared, attributes, scope)
        if isinstance(element, Documentation):
            return _closed(opening, written, self.documentation(element, scope))
        text = "" if rules.content is None else escaped_text(getattr(element, rules.content), self.style.spelling)
        lead = lead if rules.content is None else ""  # white space would be part of the text
        return self._around(opening, written, text, self._children(element, rules, scope, lead, written), lead)

    def xml(self, element: XmlElement, scope: Scope, lead: str, *, like: str | None = None) -> str:
        """An element that the model does not know, without its tail."""
        scope = scope.inner()
        written, declared = scope.element_name(element.name, like)
        opening = self._opening(written, declared, element.attributes, scope)
        return self._around(opening, written, *self.xml_content(element, scope, lead, written))

    def xml_content(self, element: XmlElement, scope: Scope, lead: str, written: str) -> tuple[str, Iterator[str], str]:
        """The text before the children, the children, and the lead of the end tag, of an element that the model does not know."""
        inline = not lead or bool(element.text) or any(child.tail for child in element.children)
        inner, prefix = "" if inline else lead + self.style.unit, _prefix(written)
        spelling = self.style.spelling
        children = (inner + self.xml(each, scope, inner, like=prefix) + escaped_text(each.tail, spelling) for each in element.children)
        return escaped_text(element.text, spelling), children, "" if inline else lead

    def documentation(self, element: Documentation, scope: Scope) -> str:
        """What stands between the tags of documentation, whose text is that of the elements in it too."""
        inside = "".join(_whole_text(child) + child.tail for child in element.content)
        text = element.text.removesuffix(inside) if inside else element.text
        parts = (self.xml(child, scope, "") + escaped_text(child.tail, self.style.spelling) for child in element.content)
        return escaped_text(text, self.style.spelling) + "".join(parts)

    def child(self, name: str, slot: Child, value: object, scope: Scope, lead: str, like: str | None) -> str:
        """One child element, by what its slot in the grammar holds."""
        if isinstance(value, Element):
            return self.element(name, value, scope, lead, like=like, slot=slot)
        if isinstance(value, XmlElement):
            return self.xml(value, scope, lead, like=like)
        written, declared = scope.inner().element_name(name, like)
        text = str(value) if slot.form != "reference" else self.style.reference(name.rpartition("}")[2], str(value))
        return _closed(f"<{written}{declared}", written, escaped_text(text, self.style.spelling))

    def extensions(self, name: str, elements: tuple[XmlElement, ...], scope: Scope, lead: str, like: str | None) -> str:
        """Extension elements with the element that wraps them."""
        scope = scope.inner()
        written, declared = scope.element_name(name, like)
        wrapper = XmlElement(name, children=elements)
        return self._around(f"<{written}{declared}", written, *self.xml_content(wrapper, scope, lead, ""))

    def declarations(self, element: Element, values: Iterable[str], scope: Scope) -> str:
        """The declarations that names with a prefix in an element's values need."""
        declared = ""
        for value in values:
            declaration = scope.value_prefix(value.partition(":")[0])
            if declaration is None and not self.style.is_id(value) and not self.style.is_known(unknown_prefix(value)):
                fix = "leave the prefix out if it means an element of this map; types are named as 'xsd:string'"
                raise unwritable(unknown_prefix(value), element.kind, element.id, fix)
            declared += declaration or ""
        return declared

    def _attributes(self, element: Element, rules: Grammar) -> Iterator[tuple[str, str]]:
        default = defaults(type(element))
        for name, attribute in rules.attributes.items():
            value = getattr(element, attribute.field)
            if value is not None and (value != default[attribute.field] or (isinstance(element, _ALWAYS) and attribute.field != "id")):
                yield name, self.attribute_text(element.kind, name, attribute, value)

    def attribute_text(self, kind: str, name: str, attribute: Attribute, value: object) -> str:
        """The text of an attribute's value, not yet escaped."""
        return self.style.reference(holder(kind, name), str(value)) if attribute.form == "reference" else value_text(value)

    def _opening(self, written: str, declared: str, attributes: list[tuple[str, str]] | tuple[tuple[str, str], ...], scope: Scope) -> str:
        text = ""
        for name, value in attributes:
            attribute, more = scope.attribute_name(name)
            declared += more
            text += f' {attribute}="{escaped_value(value, chr(34), self.style.spelling)}"'
        return f"<{written}{declared}{text}"

    def _children(self, element: Element, rules: Grammar, scope: Scope, lead: str, written: str) -> Iterator[str]:
        inner, like = "" if not lead else lead + self.style.unit, _prefix(written)
        for name, slot, value in children_of(element, rules):
            if slot.form == "extensions":
                assert isinstance(value, tuple)
                yield inner + self.extensions(name, value, scope, inner, like)
            else:
                yield inner + self.child(name, slot, value, scope, inner, like)

    def _around(self, opening: str, written: str, text: str, children: Iterator[str], lead: str) -> str:
        inside = "".join(children)
        return _closed(opening, written, text + inside + (lead if inside else ""))


def holder(kind: str, name: str) -> str:
    """What holds a reference in an attribute: whatever has the same writes its references in the same way.

    The ends of a sequence flow are ids, which have no prefix; those of associations and message flows are qualified names.
    """
    return f"{kind}@{name}" if kind == "sequenceFlow" else f"@{name}"


def children_of(element: Element, rules: Grammar) -> Iterator[tuple[str, Child, object]]:
    """The children of an element in the order of the schema: name in Clark notation, slot, value.

    Raises
    ------
    MapError
        A field holds an element that may not stand there.
    """
    done = set()
    for name, slot in rules.children.items():
        if slot.field in done:
            continue
        done.add(slot.field)
        value = getattr(element, slot.field)
        if slot.form == "extensions":
            if value:
                yield name, slot, value
            continue
        for item in value if slot.many else () if value is None else (value,):
            yield *slot_of(element, rules, slot.field, item), item
    for item in element.other_elements:
        yield (tag(type(item)) if isinstance(item, Element) else item.name), OTHER, item


OTHER = Child("other_elements", many=True, form="xml")


def slot_of(element: Element, rules: Grammar, field: str, value: object) -> tuple[str, Child]:
    """The name that a value of a field has as a child element, and its slot in the grammar.

    Raises
    ------
    MapError
        It may not stand there.
    """
    slots = [(name, slot) for name, slot in rules.children.items() if slot.field == field]
    if not isinstance(value, Element):
        wanted = {"text": str, "reference": str, "xml": XmlElement, "extensions": XmlElement}.get(slots[0][1].form) if slots else XmlElement
        is_named = not slots or slots[0][1].form != "xml" or getattr(value, "name", "") == slots[0][0]
        if wanted is not None and isinstance(value, wanted) and is_named:
            return slots[0] if slots else (getattr(value, "name", ""), OTHER)
    else:
        name = tag(type(value))
        if field == "other_elements":
            return name, OTHER
        for each in slots:
            if each[0] == name or (len(slots) == 1 and each[1].form == "element" and isinstance(value, each[1].cls)):
                return each
    kind = value.kind if isinstance(value, (Element, XmlElement)) else repr(value)
    raise unwritable(f"{field} cannot hold a {kind}", element.kind, element.id, "give it an element that BPMN 2.0 allows there")


def _whole_text(element: XmlElement) -> str:
    return element.text + "".join(_whole_text(child) + child.tail for child in element.children)


def _prefix(written: str) -> str | None:
    return written.rpartition(":")[0] or None


def _closed(opening: str, written: str, inside: str) -> str:
    return f"{opening}>{inside}</{written}>" if inside else f"{opening}/>"
