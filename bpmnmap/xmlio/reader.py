"""Document → Definitions: what a file says, as it says it, with a finding for each fault."""

from __future__ import annotations

import functools
import math
import os
import re
from collections.abc import Callable
from typing import Any

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.model import Definitions, Documentation, Element, Expression, FormalExpression, MessageFlow, Process, SequenceFlow, XmlElement
from bpmnmap.model.collection import collection_paused
from bpmnmap.model.elements import fill
from bpmnmap.xmlio.document import Document, file_bytes, load
from bpmnmap.xmlio.encodings import bytes_of
from bpmnmap.xmlio.ids import Ids, Place
from bpmnmap.xmlio.nodes import Node, elements, name, own_text, whole_text, xml_element
from bpmnmap.xmlio.refusals import MAXIMUM_ATTRIBUTES, MAXIMUM_DEPTH, refusal, too_deep, too_many_attributes
from bpmnmap.xmlio.vocabulary import (
    CLASS_OF_TAG,
    DRAWN,
    GRAMMARS,
    IDENTIFIED,
    MODEL,
    NAMESPACES,
    NOT_MODELED,
    POINTS,
    XSI,
    Attribute,
    Child,
    Grammar,
    canonical_tag,
    xml_name,
)

_new = object.__new__
_put_line = vars(Element)["line"].__set__
_TYPE = f"{{{XSI}}}type"
_PLAIN_TYPES = frozenset({"tFormalExpression", "tExpression", "Point", "Bounds"})
_NCNAME = re.compile(r"[^\W\d][\w.\-]*")
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def read_bpmn(path: str | os.PathLike[str]) -> Definitions:
    """The map that a BPMN 2.0 file holds.

    Parameters
    ----------
    path
        A file of any BPMN 2.0 modeler.

    Returns
    -------
    Definitions
        All that the file says; ``findings`` tells what is wrong with it.

    Raises
    ------
    BpmnReadError
        No map can be had: no such file, not XML, no BPMN, or refused for safety or size.
    TypeError
        What was given is no path.
    """
    name = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
    if not isinstance(name, str):
        raise TypeError(f"path must be a path of text (got {_short(path)}); for what a file holds there is parse_bpmn")
    return parse_bpmn(file_bytes(name), name)


def parse_bpmn(data: str | bytes | bytearray | memoryview, path: str | os.PathLike[str] | None = None) -> Definitions:
    """The map that the text or the bytes of a BPMN 2.0 file hold.

    Parameters
    ----------
    data
        The bytes of the file, in the encoding that they declare; or its text, which is taken as it stands and is written in the
        encoding that it declares.
    path
        The name that findings give for them.

    Raises
    ------
    BpmnReadError
        No map can be had: not XML, no BPMN, or refused for safety or size.
    TypeError
        What was given is neither text nor bytes.

    Examples
    --------
    >>> text = '''<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:permits">
    ...   <process id="permit"><task id="Check"/><sequenceFlow id="on" sourceRef="Check" targetRef="Chek"/></process>
    ... </definitions>'''
    >>> definitions = parse_bpmn(text, "permit.bpmn")
    >>> definitions.processes[0].flow_nodes
    (Task(id='Check'),)
    >>> print(definitions.findings[0])
    permit.bpmn:2: error[dangling-reference] sequenceFlow 'on': targetRef 'Chek' names no element
        fix: point targetRef at a flow node of process 'permit'; did you mean 'Check'?
    """
    path = None if path is None else os.fspath(path)
    findings: tuple[Finding, ...] = ()
    if isinstance(data, str):
        data, findings = bytes_of(data, path)
    elif not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"data must be text or bytes of a map (got {_short(data)}); for a file there is read_bpmn")
    document, root = load(bytes(data), path, findings)
    if canonical_tag(name(root)) != f"{{{MODEL}}}definitions":
        message = f"the root element is '{name(root)}', not BPMN 2.0's definitions"
        raise refusal("not-bpmn", message, path, root.sourceline)
    with collection_paused():
        return _Reader(document, root).definitions()


class _Reader:
    """One reading of one document."""

    def __init__(self, document: Document, root: Node) -> None:
        self.document = document
        self.path = document.path
        self.root = root
        self.prefixes: dict[str | None, str] = root.nsmap
        self.findings: list[Finding] = list(document.findings)
        self.ids = Ids(document.path, functools.partial(_all_ids, root))  # not a method of its own: no circle, so the tree goes at once
        self.use = self.ids.use
        self.place = Place(None)

    def definitions(self) -> Definitions:
        """The map."""
        definitions = self.element(self.root, GRAMMARS[Definitions], 1)
        assert isinstance(definitions, Definitions)
        if canonical_tag(name(self.root)) != name(self.root):
            message = f"namespace '{name(self.root)[1:].rpartition('}')[0]}' is not that of BPMN 2.0; read as if it were"
            self.tell("draft-namespace", self.root, message, f"write '{MODEL}'")
        self.findings += self.ids.findings()
        self.findings.sort(key=lambda finding: finding.location.line or 0)
        fill(definitions, "findings", tuple(self.findings))
        fill(definitions, "path", self.path)
        fill(definitions, "source", self.document)
        return definitions

    # The next four make every element of a map and are written for speed: little is called, and nothing looked up twice.

    def element(self, node: Node, rules: Grammar, depth: int) -> Element:
        """The element that a node stands for."""
        if depth > MAXIMUM_DEPTH:
            raise too_deep(self.path, node.sourceline)
        element = _new(rules.cls)
        _put_line(element, node.sourceline)
        if (count := len(node.attrib)) > MAXIMUM_ATTRIBUTES:
            raise too_many_attributes(self.path, node.sourceline)
        if count:
            self.attributes(node, rules.attributes, element)
        if rules.checked:
            self.check(element, rules)
        if rules.content is not None:
            fill(element, rules.content, own_text(node) if rules.children else whole_text(node))
        if len(node):
            if rules.container:
                outside = self.place
                self.place = Place(element.id if rules.cls is Process else outside.process)
                self.children(node, rules, element, depth + 1)
                self.place = outside
            else:
                self.children(node, rules, element, depth + 1)
        return element

    def attributes(self, node: Node, known: dict[str, Attribute], element: Element) -> None:
        """Take a node's attributes into the element."""
        foreign = []
        for attribute, value in node.items():
            if attribute not in known:
                if attribute != _TYPE or value.rpartition(":")[2] not in _PLAIN_TYPES:  # these say no more than the class
                    foreign.append((attribute, value))
                continue
            field, form, target, put = known[attribute]
            if form == "text":
                put(element, value)
            elif form == "reference" or form == "id":
                value = value.strip()
                if value:
                    if ":" in value:
                        value = self.qualified(node, value)
                    put(element, value)
                    if target is None:
                        self.identify(element, value)
                    else:
                        self.use(element, self.place, field, value, target)
            else:
                try:
                    number = float(value) if form == "float" else _CONVERTERS[form](value)
                except ValueError:
                    number = math.nan
                if number - number or "_" in value:  # none, an infinite one, or one as only Python writes it
                    self.wrong_value(node, attribute, form, value)
                else:
                    put(element, number)
        if foreign:
            fill(element, "extension_attributes", tuple(foreign))

    def point(self, node: Node, cls: type[Element]) -> Element | None:
        """A point or box with nothing but its numbers; None if it is any other."""
        element, known = _new(cls), POINTS[cls]
        if len(node.attrib) != len(known):
            return None
        _put_line(element, node.sourceline)
        for attribute, value in node.items():
            try:
                number = float(value)
                known[attribute](element, number)
            except (KeyError, ValueError):
                return None
            if number - number or "_" in value:
                return None
        return element

    def children(self, node: Node, rules: Grammar, element: Element, depth: int) -> None:
        """Take a node's child elements into the element."""
        allowed = rules.children
        found: dict[str, list[Any] | None] = {}  # fields met, with their values where there may be several
        value: Any
        for child in node:
            tag = child.tag
            if tag in allowed:
                known = allowed[tag]
            elif isinstance(tag, str):
                known = allowed.get(canonical_tag(tag)) or self.other(child, rules)
            else:
                continue  # a comment or processing instruction
            field, many, form, cls, _ = known
            if field in found and not many:
                self.tell("repeated-element", child, "stands here twice; the first one counts", "keep one of them")
                field, many, value = "other_elements", True, self.xml(child, depth)
            elif form == "element":
                value = self.point(child, cls) if cls in POINTS and not len(child) else None
                if value is None:
                    value = self.element(child, GRAMMARS[cls if cls is not Expression else _class_of_expression(child)], depth)
            elif form == "extensions":
                found[field] = (found.get(field) or []) + [self.xml(inner, depth + 1) for inner in elements(child)]
                continue
            else:
                value = self.value(child, known, element, depth)
            if not many:
                found[field] = None
                fill(element, field, value)
            elif value is not None:
                values = found.get(field)
                if values is None:
                    found[field] = [value]
                else:
                    values.append(value)
        for field, values in found.items():
            if values is not None:
                fill(element, field, tuple(values))

    def value(self, node: Node, known: Child, element: Element, depth: int) -> Any:  # noqa: ANN401 - a text or XML
        """What a child that is no element of the model gives to its parent; None if it is an empty reference."""
        if known.target is None:
            return self.xml(node, depth) if known.form == "xml" else whole_text(node)
        text = own_text(node).strip()
        if not text:
            return None
        text = text if ":" not in text else self.qualified(node, text)
        self.use(element, self.place, known.field, text, known.target)
        return text

    def qualified(self, node: Node, value: str) -> str:
        """A reference with a prefix: without it, unless that is of a namespace in which elements of other files are.

        This holds whether there is such an element or not, so that a map that lost it reads as what it is.
        """
        if value in self.ids:
            return value
        prefix, _, local = value.partition(":")
        namespace = self.prefixes.get(prefix) or node.nsmap.get(prefix)
        if namespace is None:  # no prefix at all, where ids have colons
            return value if self.ids.has_prefix(prefix) else local
        if namespace == self.root.get("targetNamespace") or namespace in NAMESPACES:
            return local
        self.ids.external.add(value)
        return value

    def xml(self, node: Node, depth: int) -> XmlElement:
        """A node kept as XML."""
        return xml_element(node, depth, self.path)

    def other(self, node: Node, rules: Grammar) -> Child:
        """What becomes of a child element that the vocabulary does not allow here."""
        if rules.cls is Documentation:
            return Child("content", many=True, form="xml")
        tag, parent = canonical_tag(name(node)), rules.cls.kind
        if tag in CLASS_OF_TAG:
            message = f"does not belong in a {parent}; kept, but without effect"
            self.tell("misplaced-element", node, message, "move it where BPMN 2.0 allows it")
            return Child("other_elements", many=True, form="element", cls=CLASS_OF_TAG[tag])
        if tag in NOT_MODELED:
            message = "choreographies and conversations are not modeled; kept as it is"
            self.tell("not-modeled", node, message, "nothing, if it is for people only")
        elif tag[1:].rpartition("}")[0] in NAMESPACES:
            message = f"BPMN 2.0 knows no element of this name in a {parent}; kept as it is"
            self.tell("unknown-element", node, message, "remove it, or move it into extensionElements in a namespace of its own")
        elif rules.cls not in DRAWN:
            message = f"'{tag}' stands in a {parent} outside extensionElements; kept as it is"
            self.tell("foreign-element", node, message, "move it into extensionElements")
        return Child("other_elements", many=True, form="xml")

    def tell(self, code: str, node: Node, message: str, fix: str) -> None:
        """Note a warning about a node."""
        kind, place = name(node).rpartition("}")[2], Location(self.path, node.sourceline)
        self.findings.append(Finding(code, message, place, Severity.WARNING, kind, node.get("id"), fix))

    def wrong_value(self, node: Node, attribute: str, form: str, value: str) -> None:
        """Note a number or truth value that is none."""
        wanted = {"bool": "true or false", "int": "a whole number", "float": "a number"}[form]
        message = f"{attribute} '{value}' is not {wanted}; taken as not given"
        self.tell("wrong-value", node, message, f"write {wanted}, or leave it out")

    def identify(self, element: Element, element_id: str) -> None:
        """Note the id of an element."""
        self.ids.add(element, element_id, self.place)
        # Most ids are Python's names too, but for "-"; asking so is faster than the expression.
        if (not element_id.replace("-", "_").isidentifier() or element_id[0] == "-") and not _NCNAME.fullmatch(element_id):
            message = "the id is no XML name: letters, digits, '_', '-' and '.', not beginning with a digit, '-' or '.'"
            fix = "give it another id, and change the references to it"
            self.lack("invalid-id", element, message, fix, Severity.WARNING)

    def check(self, element: Element, rules: Grammar) -> None:
        """Note what an element lacks."""
        for field, target in rules.required:
            if getattr(element, field) is None:
                wanted = xml_name(rules.cls, field)
                code = "half-attached-flow" if field in ("source_ref", "target_ref") else "missing-reference"
                fix = f"point {wanted} at {target.wording}, or remove the {element.kind}"
                self.lack(code, element, f"has no {wanted}", fix, target.severity)
        if element.id is None and isinstance(element, IDENTIFIED):
            self.lack("missing-id", element, "has no id", f"give the {element.kind} an id of its own", Severity.ERROR)
        if isinstance(element, (SequenceFlow, MessageFlow)):
            self.ids.connect(element)

    def lack(self, code: str, element: Element, message: str, fix: str, severity: Severity) -> None:
        """Note something about an element."""
        place = Location(self.path, element.line)
        self.findings.append(Finding(code, message, place, severity, element.kind, element.id, fix))


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _all_ids(root: Node) -> frozenset[str]:
    """Every id of the file, those outside the model included."""
    found = root.xpath("//@id")
    return frozenset(str(value).strip() for value in found) if isinstance(found, list) else frozenset()


def _class_of_expression(node: Node) -> type[Expression]:
    is_formal = "tFormalExpression" in (node.get(_TYPE) or "") or node.get("language")
    return FormalExpression if is_formal else Expression


def _truth(text: str) -> bool:
    truth = _BOOLEANS.get(text.strip())
    if truth is None:
        raise ValueError(text)
    return truth


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text.strip()):
        raise ValueError(text)
    return int(text)


_CONVERTERS: dict[str, Callable[[str], bool | int]] = {"bool": _truth, "int": _integer}
