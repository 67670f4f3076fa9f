"""The text that an edited map came from, and where in it each element of the model stands."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, cast

from lxml import etree

from bpmnmap.model import Definitions, Documentation, Element, XmlElement
from bpmnmap.xmlio.document import Document
from bpmnmap.xmlio.escaping import encoded, spelling_of, unwritable
from bpmnmap.xmlio.markup import Tag, tags
from bpmnmap.xmlio.nodes import Node, elements, name, own_text
from bpmnmap.xmlio.qualified import prefixed_values, unknown_prefix
from bpmnmap.xmlio.schema_limits import fault, surplus
from bpmnmap.xmlio.scope import Scope
from bpmnmap.xmlio.serialization import OTHER, holder
from bpmnmap.xmlio.vocabulary import GRAMMARS, NAMESPACES, Child, canonical_tag

_CONTENT = Child("content", many=True, form="xml")
_FIRST_BYTES = (
    *((b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"), (b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be")),
    *((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")),
    *((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be")),
)
_TWO_TAGS = re.compile(r"<([^ \t\r\n/>!?]+)[^<>]*></\1[ \t\r\n]*>")


class Held(NamedTuple):
    """A child element: its slot, the value that the model has for it, and where it stands.

    ``wrapper`` is the element around it where it is an extension element.
    """

    slot: Child
    value: object
    tag: Tag
    node: Node
    wrapper: Tag | None = None


class Original:
    """A document as text.

    Parameters
    ----------
    definitions
        The map that was read from it.
    document
        The document.

    Raises
    ------
    MapError
        The bytes cannot be edited in place.
    """

    def __init__(self, definitions: Definitions, document: Document) -> None:
        self.definitions = definitions
        root = document.root()
        self.root = cast("Node", root)
        self.encoding = _encoding_of(document, root)
        self.text = _decoded(document, self.encoding)
        self.tags = tags(self.text)
        self.nodes = _elements_below(self.root)
        if [_local(each.name) for each in self.tags] != [_local(name(node)) for node in self.nodes]:
            raise _not_editable("its tags cannot be told apart")
        self.newline = _newline(self.text)
        self.spelling = spelling_of(self.text, self.newline)
        self.unit = self._unit()
        self.empty_end = _empty_end(self.text)
        self.node_of = dict(zip(self.tags, self.nodes, strict=True))
        self._styles: dict[str, str] | None = None
        self._faults: frozenset[str] | None = None

    @functools.cached_property
    def uses(self) -> Counter[tuple[str, str | None]]:
        """How often each namespace is written with each prefix."""
        return Counter((name(node)[1:].rpartition("}")[0], each.prefix) for each, node in zip(self.tags, self.nodes, strict=True))

    def scope(self, node: Node) -> Scope:
        """The prefixes bound at a node."""
        return Scope({prefix: uri or "" for prefix, uri in node.nsmap.items()}, lambda: self.uses)

    def lead(self, tag: Tag) -> str:
        """The line end and indentation before a tag; "" if it does not begin its line."""
        blank = self.text[tag.blank_before() : tag.start]
        break_at = max(blank.rfind("\n"), blank.rfind("\r"))
        return "" if break_at < 0 else self.newline + blank[break_at + 1 :]

    def inner_lead(self, tag: Tag) -> str:
        """The lead for a first child of an element."""
        if tag.parent is None:
            return self.newline + self.unit if self.newline in self.text[: tag.end] else ""
        lead = self.lead(tag)
        return lead + self.unit if lead else ""

    def _unit(self) -> str:
        for tag in self.tags:
            if tag.parent is not None:
                inner, outer = self.lead(tag), self.lead(tag.parent) or self.newline
                if inner.startswith(outer) and len(inner) > len(outer):
                    return inner.removeprefix(outer)
        return "  "

    def reference_prefix(self, of: str) -> str:
        """The prefix, with its colon, that references of one holder have in the document; "" if none."""
        if self._styles is None:
            self._styles = {}
            for node in self.nodes:
                local = _local(name(node))
                held = [(holder(local, key), value) for key, value in node.items()]
                for key, value in [*held, *([(local, (node.text or "").strip())] if not len(node) else [])]:
                    prefix, colon, rest = value.partition(":")
                    if colon and key not in self._styles and rest in self.definitions.index() and self._is_own(prefix):
                        self._styles[key] = prefix + colon
        return self._styles.get(of, "")

    def _is_own(self, prefix: str) -> bool:
        namespace = self.root.nsmap.get(prefix)
        return namespace is not None and (namespace == self.root.get("targetNamespace") or namespace in NAMESPACES)

    def is_known_fault(self, message: str) -> bool:
        """Return whether the document has something that the schema does not allow, by the message that would refuse it."""
        if self._faults is None:
            faults: set[str] = set()
            for element in self.definitions.walk():
                faults.update(fault(element, message) for message, _ in surplus(element))
                faults.update(map(unknown_prefix, prefixed_values(element)))
            self._faults = frozenset(faults)
        return message in self._faults

    def held(self, element: Element | XmlElement, tag: Tag, node: Node) -> Iterator[Held]:
        """The child elements of an element, in document order, each with what the model has for it."""
        pairs = zip(tag.children, elements(node), strict=True)
        if isinstance(element, XmlElement):
            for value, (child_tag, child) in zip(element.children, pairs, strict=True):
                yield Held(OTHER, value, child_tag, child)
            return
        rules = GRAMMARS[type(element)]
        taken: Counter[str] = Counter()
        for child_tag, child in pairs:
            slot = rules.children.get(name(child)) or rules.children.get(canonical_tag(name(child)))
            slot = slot or (_CONTENT if isinstance(element, Documentation) else OTHER)
            if slot.form == "extensions":
                for inner_tag, inner in zip(child_tag.children, elements(child), strict=True):
                    yield Held(slot, getattr(element, slot.field)[taken[slot.field]], inner_tag, inner, child_tag)
                    taken[slot.field] += 1
                if not child_tag.children:
                    yield Held(slot, None, child_tag, child, child_tag)
                continue
            if not slot.many and taken[slot.field]:
                slot = OTHER  # the second of what may stand there once
            if slot.many and slot.form == "reference" and not own_text(child).strip():
                yield Held(slot, None, child_tag, child)
                continue
            value = getattr(element, slot.field)
            yield Held(slot, value[taken[slot.field]] if slot.many else value, child_tag, child)
            taken[slot.field] += 1


def _encoding_of(document: Document, root: etree._Element) -> str:
    """The encoding that a document is read in, byte order mark included in the text."""
    for mark, encoding in _FIRST_BYTES:
        if document.data.startswith(mark):
            return encoding
    if document.encoding is not None:
        return document.encoding
    declared = root.getroottree().docinfo.encoding
    return (declared or "utf-8").lower()


def _decoded(document: Document, encoding: str) -> str:
    try:
        text = document.data.decode(encoding, "surrogateescape")
        if encoded(text, encoding) == document.data:
            return text
    except (LookupError, UnicodeError) as error:
        raise _not_editable(f"its encoding '{encoding}' is not known") from error
    raise _not_editable(f"its encoding '{encoding}' writes one text in several ways")


def _not_editable(why: str) -> Exception:
    return unwritable(f"the file cannot be edited: {why}", fix="save it as UTF-8")


def _elements_below(root: Node) -> list[Node]:
    return cast("list[Node]", list(cast("etree._Element", root).iter(etree.Element)))


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


def _newline(text: str) -> str:
    pairs = text.count("\r\n")
    if pairs and 2 * pairs >= text.count("\n"):
        return "\r\n"
    return "\r" if "\n" not in text and "\r" in text else "\n"


def _empty_end(text: str) -> str:
    """How empty elements end: "/>" or " />"; "" if they have two tags."""
    count = text.count("/>")
    if not count:
        return "" if _TWO_TAGS.search(text) else "/>"
    return " />" if 2 * text.count(" />") > count else "/>"
