"""Definitions: a whole map, with what was found wrong in it (section 8.1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from bpmnmap.findings import Finding
from bpmnmap.model.collaboration import Collaboration
from bpmnmap.model.diagram import BPMNDiagram
from bpmnmap.model.edits import at, changed, copied, ids_in, path_to, rebuilt, with_child
from bpmnmap.model.elements import BaseElement, Documentation, Element, RootElement, XmlElement, bpmn_element
from bpmnmap.model.events import CatchEvent, EventDefinition, ThrowEvent
from bpmnmap.model.process import Process
from bpmnmap.model.removal import without

AnyRootElement = TypeVar("AnyRootElement", bound=RootElement)


class Source(Protocol):
    """Where a map was read from; the model only asks for the digest of its bytes."""

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hexadecimal."""
        ...


@dataclass(frozen=True, slots=True)
class Edited:
    """The source of an edited map: the map as it was before its first edit, with the file that it came from."""

    original: Definitions

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the file that the map was before it was edited."""
        return self.original.digest


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
        What its file held, opaque; of an edited map, the map as it was before.

    Examples
    --------
    >>> definitions = Definitions(root_elements=(Process(id="permit"),))
    >>> definitions.element("permit")
    Process(id='permit')
    >>> len(definitions.digest)
    64
    >>> edited = definitions.replace("permit", name="Building permit")
    >>> edited.element("permit"), definitions.element("permit")
    (Process(id='permit', name='Building permit'), Process(id='permit'))
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

    def event_definitions(self, event: CatchEvent | ThrowEvent) -> tuple[EventDefinition, ...]:
        """The event definitions of an event (section 10.4.1): those in it, and then those at the map's root that it names.

        Some modelers write no definition into an event and name one by ``eventDefinitionRef`` instead. References that name no event
        definition are left out; they are among the ``findings``.

        Examples
        --------
        >>> from bpmnmap.model import IntermediateCatchEvent, TimerEventDefinition
        >>> noon = TimerEventDefinition(id="noon")
        >>> wait = IntermediateCatchEvent(id="wait", event_definition_refs=("noon",))
        >>> Definitions(root_elements=(Process(id="permit", flow_elements=(wait,)), noon)).event_definitions(wait)
        (TimerEventDefinition(id='noon'),)
        """
        named = (self.index().get(each) for each in event.event_definition_refs)
        return (*event.event_definitions, *(each for each in named if isinstance(each, EventDefinition)))

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the bytes that were read; of the canonical text for a map made or edited in code."""
        if isinstance(self.source, Edited):
            if self.source.original == self:
                return self.source.digest
        elif self.source is not None:
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

    def replace(self, which: str | Element, /, **changes: object) -> Definitions:
        """The map with other values in some fields of one element.

        Parameters
        ----------
        which
            The element's id, or the element itself: so are those reached that have no id.
        changes
            New values by field. Elements without an id are also changed through their parent, as in
            ``replace("Sign", documentation=(Documentation(text="By hand."),))``.

        Raises
        ------
        ValueError
            The map has no such element.
        TypeError
            The element has no such field, or the field takes values of another type.

        Notes
        -----
        A new id is not carried into the references to the old one. ``findings`` of an edited map is empty: read what is written
        to learn what is wrong with it now.
        """
        steps = path_to(self, which)
        element = at(steps[-1]) if steps else self
        return self._edited(rebuilt(self, steps, changed(element, changes)))

    def add(
        self,
        element: Element | XmlElement,
        into: str | Element | None = None,
        *,
        before: str | Element | XmlElement | None = None,
        field: str | None = None,
    ) -> Definitions:
        """The map with one element more.

        Parameters
        ----------
        element
            What to add; an `XmlElement` is added to the extension elements.
        into
            Id of the element to hold it, or that element itself; by default the map.
        before
            What comes next after it there; by default it comes last.
        field
            The field to hold it, where the class allows several.

        Raises
        ------
        ValueError
            The map has no such element, or that has no place for the new one.
        """
        steps = [] if into is None else path_to(self, into)
        parent = at(steps[-1]) if steps else self
        return self._edited(rebuilt(self, steps, with_child(parent, element, before, field)))

    def remove(self, which: str | Element, *, with_references: bool = False) -> Definitions:
        """The map without an element and all that stands in it.

        Parameters
        ----------
        which
            The element's id, or the element itself.
        with_references
            Whether all that names it goes too: flows that begin or end there, events attached to it, its shapes and edges; from
            other elements only the name goes. If not, references to it are left dangling.

        Raises
        ------
        ValueError
            The map has no such element, or it is the map itself.
        """
        steps = path_to(self, which)
        if not steps:
            raise ValueError("the map itself cannot be removed from it")
        removed = at(steps[-1])
        rest = rebuilt(self, steps, None)
        return self._edited(without(rest, ids_in([removed]) - rest.index().keys()) if with_references else rest)

    def _edited(self, new: Definitions) -> Definitions:
        source = self.source if self.source is None or isinstance(self.source, Edited) else Edited(self)
        return copied(new, {"findings": (), "source": source})
