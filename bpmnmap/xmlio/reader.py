"""Document → Definitions: what a file says, as it says it, with a finding for each fault."""

from __future__ import annotations

import math
import os
import re
from typing import Any

from bpmnmap.findings import Finding, Location, Severity
from bpmnmap.model import Definitions, Documentation, Element, Expression, FlowNode, FormalExpression, Process, SequenceFlow, XmlElement
from bpmnmap.model.process import FlowElementsContainer
from bpmnmap.model.references import reference
from bpmnmap.xmlio.document import Document, file_bytes, load
from bpmnmap.xmlio.ids import Holder, Ids
from bpmnmap.xmlio.nodes import Node, elements, name, own_text, whole_text, xml_element
from bpmnmap.xmlio.refusals import MAXIMUM_DEPTH, refusal, too_deep
from bpmnmap.xmlio.vocabulary import (
    CLASS_OF_TAG,
    DRAWN,
    MODEL,
    NAMESPACES,
    NOT_MODELED,
    XSI,
    Child,
    Grammar,
    canonical_tag,
    grammar,
    xml_name,
)

_QUALIFIED = f"{{{MODEL}}}"
_TYPE = f"{{{XSI}}}type"
_PLAIN_TYPES = frozenset({"tFormalExpression", "tExpression", "Point", "Bounds"})
_NCNAME = re.compile(r"[^\W\d][\w.\-]*")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
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
    """
    return parse_bpmn(file_bytes(path), os.fspath(path))


def parse_bpmn(data: bytes, path: str | None = None) -> Definitions:
    """The map that the bytes of a BPMN 2.0 file hold.

    Parameters
    ----------
    data
        The bytes of the file, in the encoding that they declare.
    path
        The name that findings give for them.

    Raises
    ------
    BpmnReadError
        No map can be had: not XML, no BPMN, or refused for safety or size.

    Examples
    --------
    >>> text = '''<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:permits">
    ...   <process id="permit"><task id="Check"/><sequenceFlow id="on" sourceRef="Check" targetRef="Chek"/></process>
    ... </definitions>'''
    >>> definitions = parse_bpmn(text.encode(), "permit.bpmn")
    >>> definitions.processes[0].flow_nodes
    (Task(id='Check'),)
    >>> print(definitions.findings[0])
    permit.bpmn:2: error[dangling-reference] sequenceFlow 'on': targetRef 'Chek' names no element
        fix: point targetRef at a flow node of process 'permit'; did you mean 'Check'?
    """
    document, root = load(data, path)
    if canonical_tag(name(root)) != f"{{{MODEL}}}definitions":
        message = f"the root element is '{name(root)}', not BPMN 2.0's definitions"
        raise refusal("not-bpmn", message, path, root.sourceline)
    return _Reader(document, root).definitions()


class _Reader:
    """One reading of one document."""

    def __init__(self, document: Document, root: Node) -> None:
        self.document = document
        self.root = root
        self.prefixes: dict[str | None, str] = root.nsmap
        self.findings: list[Finding] = list(document.findings)
        self.ids = Ids(document.path, self.all_ids)
        self.process: str | None = None
        self.scope = self.scopes = 0

    def all_ids(self) -> frozenset[str]:
        """Every id of the file, those outside the model included."""
        found = self.root.xpath("//@id")
        return frozenset(str(value).strip() for value in found) if isinstance(found, list) else frozenset()

    def definitions(self) -> Definitions:
        """The map."""
        values = self.values(self.root, grammar(Definitions), 1)
        self.findings += self.ids.findings()
        self.findings.sort(key=lambda finding: finding.location.line or 0)
        return Definitions(**values, findings=tuple(self.findings), path=self.document.path, source=self.document)

    def element(self, node: Node, cls: type[Element], depth: int) -> Element:
        """The element of the model that a node stands for."""
        if cls is Expression and ("tFormalExpression" in (node.get(_TYPE) or "") or node.get("language")):
            cls = FormalExpression
        if not issubclass(cls, FlowElementsContainer):
            return cls(**self.values(node, grammar(cls), depth))
        outside = self.process, self.scope
        values = self.values(node, grammar(cls), depth)
        self.process, self.scope = outside
        return cls(**values)

    def values(self, node: Node, rules: Grammar, depth: int) -> dict[str, Any]:
        """Values of the fields of the element that a node stands for."""
        if depth > MAXIMUM_DEPTH:
            raise too_deep(self.document.path, node.sourceline)
        values: dict[str, Any] = {"line": node.sourceline}
        references = self.attributes(node, rules, values)
        holder = Holder(rules.cls, values.get("id"), values["line"], self.process, self.scope)
        if holder.id is not None:
            self.ids.add(holder)
        for field in references:
            self.ids.use(holder, field, values[field])
        self.check(holder, rules, values)
        if rules.cls is Process:
            self.process = holder.id
        if issubclass(rules.cls, FlowElementsContainer):
            self.scope = self.scopes = self.scopes + 1
        if rules.content is not None:
            values[rules.content] = own_text(node) if rules.children else whole_text(node)
        if len(node):
            self.children(node, rules, holder, values, depth)
        return values

    def attributes(self, node: Node, rules: Grammar, values: dict[str, Any]) -> list[str]:
        """Take a node's attributes into the values; the fields that are references."""
        references = []
        foreign = []
        for attribute, value in node.items():
            known = rules.attributes.get(attribute) or rules.attributes.get(attribute.removeprefix(_QUALIFIED))
            if known is None:
                if attribute != _TYPE or value.rpartition(":")[2] not in _PLAIN_TYPES:
                    foreign.append((attribute, value))
            elif known.form == "text":
                values[known.field] = value
            elif known.form == "reference":
                found = self.reference(node, value)
                if found is not None:
                    values[known.field] = found
                    if known.field != "id":
                        references.append(known.field)
            elif (converted := _converted(known.form, value.strip())) is not None:
                values[known.field] = converted
            else:
                self.wrong_value(node, attribute, known.form, value)
        if foreign:
            values["extension_attributes"] = tuple(foreign)
        return references

    def reference(self, node: Node, value: str) -> str | None:
        """An id as a map refers to it, without the prefix of the map's own namespace; None if it is empty."""
        value = value.strip()
        if ":" not in value or value in self.ids:
            return value or None
        prefix, _, local = value.partition(":")
        namespace = self.prefixes.get(prefix) or node.nsmap.get(prefix)
        if namespace is None or namespace == self.root.get("targetNamespace") or namespace in NAMESPACES:
            return local if local in self.ids else value
        self.ids.external.add(value)
        return value

    def children(self, node: Node, rules: Grammar, holder: Holder, values: dict[str, Any], depth: int) -> None:
        """Take a node's child elements into the values."""
        several: dict[str, list[Any]] = {}
        for child in node:
            if not isinstance(child.tag, str):
                continue  # a comment or processing instruction
            known = rules.children.get(child.tag) or rules.children.get(canonical_tag(child.tag)) or self.other(child, rules)
            if known.form == "extensions":
                several.setdefault(known.field, []).extend(self.xml(inner, depth + 2) for inner in elements(child))
                continue
            value = self.child(child, known, holder, depth + 1)
            if known.many:
                several.setdefault(known.field, []).append(value)
            elif known.field in values:
                self.tell("repeated-element", child, "stands here twice; the first one counts", "keep one of them")
                several.setdefault("other_elements", []).append(self.xml(child, depth + 1))
            else:
                values[known.field] = value
        for field, found in several.items():
            values[field] = tuple(item for item in found if item is not None)

    def child(self, node: Node, known: Child, holder: Holder, depth: int) -> Element | XmlElement | str | None:
        """What becomes of a child element."""
        if known.form == "element":
            return self.element(node, known.cls, depth)
        if known.form == "xml":
            return self.xml(node, depth)
        if known.form == "text":
            return whole_text(node)
        found = self.reference(node, own_text(node))
        if found is not None:
            self.ids.use(holder, known.field, found)
        return found

    def xml(self, node: Node, depth: int) -> XmlElement:
        """A node kept as XML."""
        return xml_element(node, depth, self.document.path)

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
        kind, place = name(node).rpartition("}")[2], Location(self.document.path, node.sourceline)
        self.findings.append(Finding(code, message, place, Severity.WARNING, kind, node.get("id"), fix))

    def wrong_value(self, node: Node, attribute: str, form: str, value: str) -> None:
        """Note a number or truth value that is none."""
        wanted = {"bool": "true or false", "int": "a whole number", "float": "a number"}[form]
        self.tell("wrong-value", node, f"{attribute} '{value}' is not {wanted}; taken as not given", f"write {wanted}, or leave it out")

    def check(self, holder: Holder, rules: Grammar, values: dict[str, Any]) -> None:
        """Note what an element lacks."""
        place = Location(self.document.path, holder.line)
        for field in rules.required:
            if field not in values:
                target = reference(holder.cls, field)
                assert target is not None
                wanted, severity = xml_name(holder.cls, field), target.severity
                code = "half-attached-flow" if field in ("source_ref", "target_ref") else "missing-reference"
                fix = f"point {wanted} at {target.wording}, or remove the {holder.cls.kind}"
                self.findings.append(Finding(code, f"has no {wanted}", place, severity, holder.cls.kind, holder.id, fix))
        if holder.id is None and issubclass(holder.cls, FlowNode | SequenceFlow | Process):
            fix = f"give the {holder.cls.kind} an id of its own"
            self.findings.append(Finding("missing-id", "has no id", place, Severity.ERROR, holder.cls.kind, None, fix))
        elif holder.id is not None and not _NCNAME.fullmatch(holder.id):
            message = "the id is no XML name: letters, digits, '_', '-' and '.', not beginning with a digit, '-' or '.'"
            fix = "give it another id, and change the references to it"
            self.findings.append(Finding("invalid-id", message, place, Severity.WARNING, holder.cls.kind, holder.id, fix))


def _converted(form: str, text: str) -> bool | int | float | None:
    """A truth value or number; None if the text is none."""
    if form == "bool":
        return _BOOLEANS.get(text)
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    if not math.isfinite(value):
        return None
    if form == "float":
        return value
    return int(text) if _INTEGER.fullmatch(text) else None
