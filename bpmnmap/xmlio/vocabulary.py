"""Names in XML ↔ classes and fields of the model: one rule and tables of its exceptions, for reading and writing.

The rule: a class bears its XML name with a capital letter (`bpmnmap.model.elements.Element.kind`); a field is an attribute whose name
is the field's in camelCase; a field with elements takes child elements, named like their classes if there may be several and like the
field if there is one; a tuple of texts is a child element for each, in the singular. Fields stand in the schema's order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple

import bpmnmap.model as model
from bpmnmap.model.elements import Element
from bpmnmap.model.references import Reference, reference

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACES = frozenset({MODEL, BPMNDI, DC, DI})

# Namespaces as drafts and careless tools write them: "http://schema.omg.org/spec/BPMN/2.0", other dates, "https", a "/" at the end.
_DRAFT = re.compile(r"https?://(?:www|schema)\.omg\.org/spec/(?:(BPMN|DD)/\d+/(MODEL|DI|DC)|BPMN/2\.0(?:\.\d)?)/?")
_STANDARD = {("BPMN", "DI"): BPMNDI, ("BPMN", "DC"): DC, ("DD", "DI"): DI, ("DD", "DC"): DC}

ABSTRACT = frozenset(
    {
        model.Element,
        model.BaseElement,
        model.RootElement,
        model.FlowElement,
        model.FlowNode,
        model.Activity,
        model.Event,
        model.CatchEvent,
        model.ThrowEvent,
        model.EventDefinition,
        model.Gateway,
        model.Artifact,
        model.LoopCharacteristics,
        model.CallableElement,
        model.DiagramElement,
    }
)
"""Classes that no element of XML has."""

_NAMESPACE_OF: dict[type[Element], str] = {
    model.Bounds: DC,
    model.Font: DC,
    model.Waypoint: DI,
    model.BPMNDiagram: BPMNDI,
    model.BPMNPlane: BPMNDI,
    model.BPMNShape: BPMNDI,
    model.BPMNEdge: BPMNDI,
    model.BPMNLabel: BPMNDI,
    model.BPMNLabelStyle: BPMNDI,
}

DRAWN = frozenset({*_NAMESPACE_OF, model.DiagramElement})
"""Classes of the diagram, in which elements of vendors may stand anywhere."""

_NAMES: dict[str, str] = {
    "data_input_refs": "dataInputRefs",
    "data_output_refs": "dataOutputRefs",
    "from_": "from",
    "input_set_refs": "inputSetRefs",
    "optional_input_refs": "optionalInputRefs",
    "optional_output_refs": "optionalOutputRefs",
    "output_set_refs": "outputSetRefs",
    "properties": "property",
    "supports": "supports",
    "while_executing_input_refs": "whileExecutingInputRefs",
    "while_executing_output_refs": "whileExecutingOutputRefs",
}
"""Fields whose XML name is not theirs in camelCase and the singular."""

IDENTIFIED = (model.FlowNode, model.SequenceFlow, model.Process)
"""Classes whose elements are nothing without an id."""

_NAMED_BY_CLASS = frozenset({"bounds", "expression", "font", "label", "loop_characteristics", "plane"})
"""Fields with one element that is named like its class all the same."""

_TEXT_CHILDREN: frozenset[tuple[type[Element], str]] = frozenset(
    {
        (model.DataAssociation, "target_ref"),
        (model.GlobalScriptTask, "script"),
        (model.LinkEventDefinition, "target"),
        (model.MessageEventDefinition, "operation_ref"),
        (model.MultiInstanceLoopCharacteristics, "loop_data_input_ref"),
        (model.MultiInstanceLoopCharacteristics, "loop_data_output_ref"),
        (model.Operation, "in_message_ref"),
        (model.Operation, "out_message_ref"),
        (model.ParticipantAssociation, "inner_participant_ref"),
        (model.ParticipantAssociation, "outer_participant_ref"),
        (model.ResourceRole, "resource_ref"),
        (model.ScriptTask, "script"),
        (model.TextAnnotation, "text"),
    }
)
"""Fields with a text that is a child element, not an attribute."""

_CONTENT: frozenset[tuple[type[Element], str]] = frozenset({(model.Documentation, "text"), (model.Expression, "body")})
"""Fields with the text of the element itself."""

_APART = frozenset({"line", "extension_attributes", "other_elements", "findings", "path", "source", "_index"})
"""Fields that are no single attribute or child; ``source`` only of definitions."""

Put = Callable[[Element, object], None]
Form = Literal["text", "id", "reference", "bool", "int", "float"]
ChildForm = Literal["element", "text", "reference", "xml", "extensions"]


class Attribute(NamedTuple):
    """An attribute: the field that takes it, how its value is written, what it must name if it is a reference.

    ``put`` sets the field of an element that nobody has seen yet, faster than `bpmnmap.model.elements.fill` does.
    """

    field: str
    form: Form
    target: Reference | None
    put: Put


class Child(NamedTuple):
    """A child element: the field that takes it, whether one of several, and what becomes of it.

    ``form`` is "element" with the class in ``cls``; "text" or "reference" where the child is nothing but a text; "xml" where it is
    kept as XML; "extensions" where its own children are.
    """

    field: str
    many: bool
    form: ChildForm
    cls: type[Element] = Element
    target: Reference | None = None


@dataclass(frozen=True, slots=True)
class Grammar:
    """How elements of one class look in XML.

    Parameters
    ----------
    cls
        The class.
    attributes, children
        By XML name; children's names in Clark notation.
    content
        The field that takes the element's own text.
    required
        Fields with a reference that may not be missing, and what they must name.
    container
        Whether it is a scope for sequence flows.
    checked
        Whether an element can lack something: a required reference, or an id where it is nothing without one.
    """

    cls: type[Element]
    attributes: dict[str, Attribute] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    content: str | None = None
    required: tuple[tuple[str, Reference], ...] = ()
    container: bool = False
    checked: bool = False


def camel_case(name: str) -> str:
    """A field's name in camelCase.

    Examples
    --------
    >>> camel_case("attached_to_ref")
    'attachedToRef'
    """
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def xml_name(cls: type[Element], field_name: str) -> str:
    """Local XML name of a field, as messages print it.

    Examples
    --------
    >>> xml_name(model.Lane, "flow_node_refs"), xml_name(model.Process, "is_executable")
    ('flowNodeRef', 'isExecutable')
    """
    if field_name in _NAMES:
        return _NAMES[field_name]
    annotation = next(str(f.type) for f in fields(cls) if f.name == field_name)
    name = camel_case(field_name)
    return name.removesuffix("s") if annotation.startswith("tuple[") else name


def tag(cls: type[Element]) -> str:
    """Name of a class's elements, in Clark notation."""
    return f"{{{_NAMESPACE_OF.get(cls, MODEL)}}}{cls.kind}"


def canonical_tag(name: str) -> str:
    """A name in Clark notation; a namespace of a draft of BPMN 2.0 is replaced by the standard's.

    Examples
    --------
    >>> canonical_tag("{http://schema.omg.org/spec/BPMN/2.0}process")
    '{http://www.omg.org/spec/BPMN/20100524/MODEL}process'
    """
    namespace, _, local = name[1:].rpartition("}")
    if namespace in NAMESPACES:
        return name
    match = _DRAFT.fullmatch(namespace)
    return name if match is None else f"{{{_STANDARD.get((match[1], match[2]), MODEL)}}}{local}"


class _Grammars(dict[type[Element], Grammar]):
    def __missing__(self, cls: type[Element]) -> Grammar:
        self[cls] = found = _grammar(cls)
        return found


GRAMMARS: dict[type[Element], Grammar] = _Grammars()
"""The grammar of each class; made when first asked for."""


def _grammar(cls: type[Element]) -> Grammar:
    attributes: dict[str, Attribute] = {}
    children: dict[str, Child] = {}
    content = None
    required = []
    for f in fields(cls):
        if f.name in _APART and not (f.name == "source" and cls is not model.Definitions):
            continue
        annotation = str(f.type).removesuffix(" | None")
        if _is_one_of(cls, f.name, _CONTENT):
            content = f.name
        elif annotation in ("str", "int", "bool", "float") and not _is_one_of(cls, f.name, _TEXT_CHILDREN):
            put: Put = getattr(cls, f.name).__set__
            attributes[xml_name(cls, f.name)] = Attribute(f.name, _form(cls, f.name, annotation), reference(cls, f.name), put)
        else:
            children |= _children(cls, f.name, annotation)
        target = reference(cls, f.name)
        if target is not None and target.required:
            required.append((f.name, target))
    checked = bool(required) or issubclass(cls, IDENTIFIED)
    return Grammar(cls, attributes, children, content, tuple(required), issubclass(cls, model.FlowElementsContainer), checked)


def _is_one_of(cls: type[Element], field_name: str, table: frozenset[tuple[type[Element], str]]) -> bool:
    return any((base, field_name) in table for base in cls.__mro__)


def _form(cls: type[Element], field_name: str, annotation: str) -> Form:
    if field_name == "id":
        return "id"
    forms: dict[str, Form] = {"bool": "bool", "int": "int", "float": "float"}
    return forms.get(annotation) or ("reference" if reference(cls, field_name) else "text")


def _children(cls: type[Element], field_name: str, annotation: str) -> dict[str, Child]:
    many = annotation.startswith("tuple[")
    inner = annotation.removeprefix("tuple[").removesuffix(", ...]")
    if field_name == "extension_elements":
        name = f"{{{DI}}}extension" if issubclass(cls, model.DiagramElement) else f"{{{MODEL}}}extensionElements"
        return {name: Child(field_name, many, "extensions")}
    local = f"{{{MODEL}}}{xml_name(cls, field_name)}"
    if inner == "str":
        target = reference(cls, field_name)
        return {local: Child(field_name, many, "reference" if target else "text", target=target)}
    if inner == "XmlElement":
        return {} if cls is model.Documentation else {local: Child(field_name, many, "xml")}
    item: type[Element] = getattr(model, inner)
    if many or field_name in _NAMED_BY_CLASS:
        return {tag(sub): Child(field_name, many, "element", sub) for sub in _CLASSES if issubclass(sub, item) and sub not in ABSTRACT}
    return {local: Child(field_name, many, "element", item)}


# Not Element.__subclasses__(): slots=True makes each class twice, and the first one lives on there.
_CLASSES: tuple[type[Element], ...] = tuple(
    found for name in model.__all__ if isinstance(found := getattr(model, name), type) and issubclass(found, Element)
)

POINTS: dict[type[Element], dict[str, Put]] = {
    cls: {name: found.put for name, found in GRAMMARS[cls].attributes.items() if found.form == "float"}
    for cls in (model.Bounds, model.Waypoint)
}
"""Where the numbers of points and boxes go: two of five elements of a map with a diagram are such."""

CLASS_OF_TAG: dict[str, type[Element]] = {tag(cls): cls for cls in _CLASSES if cls not in ABSTRACT}
"""Classes by the name of their elements, in Clark notation."""

NOT_MODELED = frozenset(
    f"{{{MODEL}}}{name}"
    for name in (
        "callChoreography",
        "callConversation",
        "choreography",
        "choreographyTask",
        "conversation",
        "conversationAssociation",
        "conversationLink",
        "globalChoreographyTask",
        "globalConversation",
        "subChoreography",
        "subConversation",
    )
)
"""Elements of choreographies and conversations: kept as XML."""
