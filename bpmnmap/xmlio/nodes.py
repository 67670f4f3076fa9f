"""Nodes of a tree as the reader sees them: their text, and how they are kept where the model does not know them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from dataclasses import fields
from typing import Protocol

from bpmnmap.model import XmlElement
from bpmnmap.xmlio.refusals import MAXIMUM_ATTRIBUTES, MAXIMUM_DEPTH, too_deep, too_many_attributes

# An XmlElement is filled by its slots: its own way to make one takes twice as long, and some maps hold little else.
_new = object.__new__
_put_name, _put_attributes, _put_text, _put_children, _put_tail, _put_line = (vars(XmlElement)[f.name].__set__ for f in fields(XmlElement))


class Node(Protocol):
    """What is used of lxml's nodes; comments and processing instructions have a function for a tag."""

    @property
    def tag(self) -> str | Callable[..., object]:
        """Name in Clark notation."""

    @property
    def text(self) -> str | None:
        """Text before the first child."""

    @property
    def tail(self) -> str | None:
        """Text after the node."""

    @property
    def attrib(self) -> Sized:
        """The attributes."""

    @property
    def sourceline(self) -> int | None:
        """Line of the start tag."""

    @property
    def nsmap(self) -> dict[str | None, str]:
        """Namespaces by prefix."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Node]: ...

    def items(self) -> list[tuple[str, str]]:
        """Attributes with their values."""

    def get(self, key: str) -> str | None:
        """Value of an attribute."""

    def xpath(self, path: str) -> object:
        """What an XPath gives here."""


def name(node: Node) -> str:
    """A node's name in Clark notation; "" for comments and processing instructions."""
    return node.tag if isinstance(node.tag, str) else ""


def elements(node: Node) -> Iterator[Node]:
    """A node's child elements: not its comments and processing instructions."""
    return (child for child in node if isinstance(child.tag, str))


def attributes(node: Node, path: str | None) -> list[tuple[str, str]]:
    """A node's attributes with their values, in document order.

    Raises
    ------
    BpmnReadError
        There are too many.
    """
    if len(node.attrib) > MAXIMUM_ATTRIBUTES:
        raise too_many_attributes(path, node.sourceline)
    return node.items()


def own_text(node: Node) -> str:
    """The text directly in a node."""
    text = node.text or ""
    return text + "".join(child.tail or "" for child in node) if len(node) else text


def whole_text(node: Node) -> str:
    """The text in a node and in all below it."""
    return str(node.xpath("string()")) if len(node) else node.text or ""


def xml_element(node: Node, depth: int, path: str | None) -> XmlElement:
    """A node as it stands, without comments and processing instructions; white space beside child elements is left out.

    Raises
    ------
    BpmnReadError
        The node's descendants stand too deep within each other.
    """
    if depth > MAXIMUM_DEPTH:
        raise too_deep(path, node.sourceline)
    text, tail = node.text or "", node.tail
    children: tuple[XmlElement, ...] = ()
    if len(node):
        text, children = _content(node, text, depth, path)
    element = _new(XmlElement)
    _put_name(element, name(node))
    _put_attributes(element, tuple(attributes(node, path)))
    _put_text(element, text)
    _put_children(element, children)
    _put_tail(element, tail if tail and tail.strip() else "")
    _put_line(element, node.sourceline)
    return element


def _content(node: Node, text: str, depth: int, path: str | None) -> tuple[str, tuple[XmlElement, ...]]:
    """A node's text before its first child, and its child elements with the text behind them."""
    children: list[XmlElement] = []
    for child in node:
        if isinstance(child.tag, str):
            children.append(xml_element(child, depth + 1, path))
        elif children:
            _put_tail(children[-1], children[-1].tail + _unless_blank(child.tail or ""))
        else:
            text += child.tail or ""
    return _unless_blank(text) if children else text, tuple(children)


def _unless_blank(text: str) -> str:
    return text if text.strip() else ""
