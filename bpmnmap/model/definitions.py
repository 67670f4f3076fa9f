"""Definitions: a whole map, with what was found wrong in it (section 8.1)."""

from __future__ import annotations

import hashlib
from dataclasses import field
from typing import Protocol, TypeVar

from bpmnmap.findings import Finding
from bpmnmap.model.collaboration import Collaboration
from bpmnmap.model.diagram import BPMNDiagram
from bpmnmap.model.elements import BaseElement, Documentation, Element, RootElement, bpmn_element
from bpmnmap.model.process import Process

AnyRootElement = TypeVar("AnyRootElement", bound=RootElement)


class Source(Protocol):
    """Where a map was read from; the model only asks for the digest of its bytes."""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        ...


@bpmn_element
class Import(Element):
    """Another file that the map uses (section 8.1.2); bpmnmap never opens it."""

    namespace: str | None = None
    location: str | None = None
    import_type: str | None = None


@bpmn_element
class Extension(Element):
    """An extension of BPMN that the map uses (section 8.2.3)."""

    definition: str | None = None
    must_understand: bool = False
    documentation: tuple[Documentation, ...] = ()


@bpmn_element
class Relationship(BaseElement):
    """How elements of this map relate to others, in a vendor's sense (section 8.2.5)."""

    type: str | None = None
    direction: str | None = None
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()


@bpmn_element
class Definitions(BaseElement):
    """A map: all that one BPMN file says, as it says it.

    Dangling references and ids that occur twice are kept and told in ``findings``.

    Attributes
    ----------
    root_elements
        Processes, collaborations, messages, … in document order.
    findings
        What was found wrong when the map was read, in document order.
    path
        The file it was read from.
    source
        What its file held; opaque.

    Examples
    --------
    >>> definitions = Definitions(root_elements=(Process(id="permit"),))
    >>> definitions.element("permit")
    Process(id='permit')
    >>> len(definitions.digest)
    64
    """

    name: str | None = None
    target_namespace: str | None = None
    expression_language: str = "http://www.w3.org/1999/XPath"
    type_language: str = "http://www.w3.org/2001/XMLSchema"
    exporter: str | None = None
    exporter_version: str | None = None
    imports: tuple[Import, ...] = ()
    extensions: tuple[Extension, ...] = ()
    root_elements: tuple[RootElement, ...] = ()
    diagrams: tuple[BPMNDiagram, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), compare=False, repr=False)
    path: str | None = field(default=None, compare=False, repr=False)
    source: Source | None = field(default=None, compare=False, repr=False)
    _index: dict[str, Element] | None = field(default=None, init=False, compare=False, repr=False)

    @property
    def processes(self) -> tuple[Process, ...]:
        """The processes, in document order."""
        return self.of_type(Process)

    @property
    def collaborations(self) -> tuple[Collaboration, ...]:
        """The collaborations, in document order."""
        return self.of_type(Collaboration)

    def of_type(self, root_class: type[AnyRootElement]) -> tuple[AnyRootElement, ...]:
        """The root elements of a class, in document order."""
        return tuple(element for element in self.root_elements if isinstance(element, root_class))

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the bytes that were read; of the canonical text for a map made in code."""
        if self.source is not None:
            return self.source.digest
        return hashlib.sha256(repr(self).encode()).hexdigest()

    def element(self, element_id: str) -> Element | None:
        """The first element with an id, in document order; None if there is none."""
        return self.index().get(element_id)

    def index(self) -> dict[str, Element]:
        """The first element of each id; not to be changed."""
        if self._index is None:
            found: dict[str, Element] = {}
            for element in self.walk():
                if element.id is not None:
                    found.setdefault(element.id, element)
            object.__setattr__(self, "_index", found)  # a cache: the map itself stays as it is
            return found
        return self._index
