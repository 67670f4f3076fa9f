"""The base classes of BPMN 2.0: what every element has (OMG formal/2011-01-03, chapter 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import FrozenInstanceError, dataclass, field, fields
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar, dataclass_transform

T = TypeVar("T")

fill = object.__setattr__
"""Sets a field of an element that nobody has seen yet: for the reader, which makes many.

An element from ``cls.__new__(cls)`` need only be given the fields that differ from their defaults; the others are filled when they are
first asked for. Most fields of most elements never are.
"""


@dataclass_transform(frozen_default=True, kw_only_default=True, eq_default=False, field_specifiers=(field,))
def bpmn_element(cls: type[T]) -> type[T]:
    """Class decorator: a slotted dataclass that is frozen, made, compared and printed by what it inherits from `Element`.

    Were these methods generated for each of some 130 classes, importing the model would take five times as long.
    """
    return dataclass(init=False, eq=False, repr=False, slots=True, kw_only=True)(cls)


@dataclass(frozen=True, slots=True)
class XmlElement:
    """An element of XML that is no part of the model: a vendor's extension, a name that BPMN 2.0 does not know.

    Parameters
    ----------
    name
        Name in Clark notation: ``{namespace}local``.
    attributes
        Pairs of name (in Clark notation) and value, in document order.
    text, tail
        Text before the first child, and after the element's end; "" where there is only white space beside children.
    children
        The child elements.
    line
        Line of the start tag.
    """

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    text: str = ""
    children: tuple[XmlElement, ...] = ()
    tail: str = ""
    line: int | None = field(default=None, compare=False, repr=False)

    @property
    def kind(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition("}")[2]

    @property
    def namespace(self) -> str:
        """The namespace, "" if none."""
        return self.name[1:].rpartition("}")[0]

    @property
    def id(self) -> str | None:
        """The attribute ``id``."""
        return self.attribute("id")

    def attribute(self, name: str) -> str | None:
        """Value of an attribute (name in Clark notation), None if it is not there."""
        return next((value for key, value in self.attributes if key == name), None)

    def walk(self) -> Iterator[XmlElement]:
        """The element itself and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


@bpmn_element
class Element:
    """What semantic elements and elements of the diagram have in common.

    Attributes
    ----------
    kind : str
        XML name of the class (``exclusiveGateway``), as findings print it.
    id
        The id, None where the map gives none.
    line
        Line of the start tag in the file; plays no part in comparisons.
    extension_attributes
        Attributes that BPMN does not define, as pairs of name in Clark notation and value.
    other_elements
        Child elements that BPMN does not allow here: of the model where it knows them, else as XML.
    """

    kind: ClassVar[str] = "element"

    id: str | None = None
    line: int | None = field(default=None, compare=False, repr=False)
    extension_attributes: tuple[tuple[str, str], ...] = ()
    other_elements: tuple[Element | XmlElement, ...] = ()

    def __init_subclass__(cls) -> None:
        if "kind" not in cls.__dict__:
            cls.kind = cls.__name__[0].lower() + cls.__name__[1:]

    if not TYPE_CHECKING:  # a type checker sees the methods that `bpmn_element` stands for

        def __init__(self, **values: object) -> None:
            known = defaults(type(self))
            for name, value in values.items():
                if name not in known or name.startswith("_"):
                    message = f"{type(self).__name__}() got an unexpected keyword argument {name!r}"
                    raise TypeError(message)
                fill(self, name, value)

        def __getattr__(self, name: str) -> object:
            # Only called for a slot that is empty: see `fill`.
            try:
                default = defaults(type(self))[name]
            except KeyError:
                message = f"{type(self).__name__!r} has no attribute {name!r}"
                raise AttributeError(message, name=name, obj=self) from None
            fill(self, name, default)
            return default

        def __setattr__(self, name: str, value: object) -> None:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")

        def __delattr__(self, name: str) -> None:
            raise FrozenInstanceError(f"cannot delete field {name!r}")

    def __getstate__(self) -> dict[str, object]:
        state = {name: getattr(self, name) for name in defaults(type(self)) if not name.startswith("_")}
        return {name: value for name, value in state.items() if value is not defaults(type(self))[name]}

    def __setstate__(self, state: dict[str, object]) -> None:
        for name, value in state.items():
            fill(self, name, value)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not type(self):
            return NotImplemented
        # Loops instead of generators: these three call each other once per level of nesting, and Python's stack is not deep.
        for name in compared_fields(type(self)):  # noqa: SIM110
            if getattr(self, name) != getattr(other, name):
                return False
        return True

    def __hash__(self) -> int:
        values: list[object] = [type(self).__name__]
        for name in compared_fields(type(self)):
            values.append(getattr(self, name))  # noqa: PERF401
        return hash(tuple(values))

    def __repr__(self) -> str:
        texts = []
        for f in fields(self):
            value = getattr(self, f.name)
            if f.repr and value != f.default:
                texts.append(f"{f.name}={value!r}")
        return f"{type(self).__name__}({', '.join(texts)})"

    def extension_attribute(self, name: str) -> str | None:
        """Value of an extension attribute (name in Clark notation), None if it is not there."""
        return next((value for key, value in self.extension_attributes if key == name), None)

    def children(self) -> list[Element]:
        """The elements of the model directly below this one, in document order."""
        found: list[Element] = []
        for name in fields_with_elements(type(self)):
            value = getattr(self, name)
            if isinstance(value, Element):
                found.append(value)
            elif value:
                found.extend(item for item in value if isinstance(item, Element))
        # By line, so that a map whose elements do not stand in the schema's order is still walked in its own.
        if len(found) > 1 and all(child.line is not None for child in found):
            found.sort(key=_line)
        return found

    def walk(self) -> Iterator[Element]:
        """The element itself and all elements of the model below it, in document order.

        Elements that stand in one line, and elements made in code, come in the order of the schema.
        """
        pending = [self]
        while pending:
            element = pending.pop()
            yield element
            pending.extend(reversed(element.children()))


def _line(element: Element) -> int:
    return element.line or 0


def defaults(cls: type[Element]) -> dict[str, object]:
    """Defaults of a class's fields."""
    if cls not in _DEFAULTS:
        _DEFAULTS[cls] = {f.name: f.default for f in fields(cls)}
    return _DEFAULTS[cls]


_DEFAULTS: dict[type, dict[str, object]] = {}
_COMPARED: dict[type, tuple[str, ...]] = {}
_HOLDING: dict[type, tuple[str, ...]] = {}
_WITHOUT_ELEMENTS = (
    *("str", "int", "bool", "float", "dict", "XmlElement", "Source"),
    *("tuple[str", "tuple[tuple", "tuple[XmlElement", "tuple[Finding"),
)


def compared_fields(cls: type[Element]) -> tuple[str, ...]:
    """Names of the fields that take part in ``==``."""
    if cls not in _COMPARED:
        _COMPARED[cls] = tuple(f.name for f in fields(cls) if f.compare)
    return _COMPARED[cls]


def fields_with_elements(cls: type[Element]) -> tuple[str, ...]:
    """Names of the fields that may hold elements of the model."""
    if cls not in _HOLDING:
        _HOLDING[cls] = tuple(f.name for f in fields(cls) if not str(f.type).startswith(_WITHOUT_ELEMENTS))
    return _HOLDING[cls]


@bpmn_element
class Documentation(Element):
    """Text for people about the element that holds it (section 8.3.1)."""

    text: str = ""
    text_format: str = "text/plain"
    content: tuple[XmlElement, ...] = ()


@bpmn_element
class BaseElement(Element):
    """Base of all semantic elements (section 8.3.1)."""

    documentation: tuple[Documentation, ...] = ()
    extension_elements: tuple[XmlElement, ...] = ()


@bpmn_element
class RootElement(BaseElement):
    """Base of what may stand directly in definitions (section 8.3.2)."""


@bpmn_element
class Expression(BaseElement):
    """An expression in natural language (section 8.3.6).

    ``body`` is the text exactly as written; `text` is free of white space around it.
    """

    body: str = ""

    @property
    def text(self) -> str:
        """The body without white space around it."""
        return self.body.strip()


@bpmn_element
class FormalExpression(Expression):
    """An expression in a formal language (section 8.3.6.1)."""

    language: str | None = None
    evaluates_to_type_ref: str | None = None


@bpmn_element
class Auditing(BaseElement):
    """Hook for auditing data of vendors (section 8.3.9)."""


@bpmn_element
class Monitoring(BaseElement):
    """Hook for monitoring data of vendors (section 8.3.9)."""


@bpmn_element
class FlowElement(BaseElement):
    """Base of all that may stand in a process or sub-process (section 8.3.7)."""

    name: str | None = None
    auditing: Auditing | None = None
    monitoring: Monitoring | None = None
    category_value_refs: tuple[str, ...] = ()


@bpmn_element
class FlowNode(FlowElement):
    """Base of activities, gateways and events: what sequence flows connect (section 8.3.13).

    ``incoming`` and ``outgoing`` are what the map's child elements say; many tools leave them out. The truth is in the flows'
    ``source_ref`` and ``target_ref``.
    """

    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()


@bpmn_element
class SequenceFlow(FlowElement):
    """The order of two flow nodes (section 8.3.13).

    Examples
    --------
    >>> SequenceFlow(id="Flow_1", source_ref="Check", target_ref="Sign")
    SequenceFlow(id='Flow_1', source_ref='Check', target_ref='Sign')
    """

    source_ref: str | None = None
    target_ref: str | None = None
    condition_expression: Expression | None = None
    is_immediate: bool | None = None
