"""The vocabulary knows all that the OMG's schema knows, under the schema's names and in its order."""

from __future__ import annotations

from dataclasses import fields

import pytest
from lxml import etree

import bpmnmap.model as model
from bpmnmap.model import Definitions, Element
from bpmnmap.xmlio.qualified import QUALIFIED
from bpmnmap.xmlio.schema import schema_path
from bpmnmap.xmlio.schema_limits import CHOICES, NOT_IN, WITHOUT_FOREIGN_ATTRIBUTES, WITHOUT_ID
from bpmnmap.xmlio.vocabulary import (
    ABSTRACT,
    BPMNDI,
    CLASS_OF_TAG,
    DC,
    DI,
    GRAMMARS,
    MODEL,
    NOT_MODELED,
    Attribute,
    Child,
    camel_case,
    canonical_tag,
    xml_name,
)

XS = "{http://www.w3.org/2001/XMLSchema}"
FILES = {"BPMN20.xsd": MODEL, "Semantic.xsd": MODEL, "BPMNDI.xsd": BPMNDI, "DI.xsd": DI, "DC.xsd": DC}
PREFIXES = {"bpmndi": BPMNDI, "di": DI, "dc": DC}
# The schema's types of what the model keeps as plain text, as XML, or not at all.
TEXTS = {"tText", "tScript", "tExtensionElements"}


class Schema:
    """The OMG's schema: for each type the attributes and child elements of its own, and its base."""

    def __init__(self) -> None:
        self.types: dict[str, etree._Element] = {}
        self.elements: dict[str, str] = {}
        self.heads: dict[str, list[str]] = {}
        self.abstract: set[str] = set()
        for name, namespace in FILES.items():
            root = etree.parse(str(schema_path().with_name(name))).getroot()
            for node in root.iterfind(f"{XS}complexType"):
                self.types[f"{{{namespace}}}{node.get('name')}"] = node
            for node in root.iterfind(f"{XS}element"):
                full = f"{{{namespace}}}{node.get('name')}"
                self.elements[full] = self.expanded(node.get("type", ""), namespace)
                self.abstract |= {full} if node.get("abstract") == "true" else set()
                self.heads.setdefault(self.expanded(node.get("substitutionGroup", ""), namespace), []).append(full)

    def expanded(self, name: str, namespace: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{PREFIXES.get(prefix, namespace)}}}{local}"

    def chain(self, name: str) -> list[str]:
        """The type and its bases, from the base on."""
        extension = self.types[name].find(f".//{XS}extension")
        base = [] if extension is None else self.chain(self.expanded(extension.get("base", ""), name[1:].partition("}")[0]))
        return [*base, name]

    def attributes(self, name: str) -> set[str]:
        return {node.get("name", "") for each in self.chain(name) for node in self.types[each].iter(f"{XS}attribute")}

    def children(self, name: str) -> list[str]:
        """Names of the child elements that a type allows, in order, with all that may stand for one of them."""
        found = []
        for each in self.chain(name):
            namespace = each[1:].partition("}")[0]
            for node in self.types[each].iter(f"{XS}element"):
                if node.get("ref"):
                    names = self.substitutes(self.expanded(node.get("ref", ""), namespace))
                    found += [name for name in names if self.has_instances(name)]
                else:
                    found.append(f"{{{namespace}}}{node.get('name')}")
        return found

    def substitutes(self, name: str) -> list[str]:
        return [name] + [other for each in self.heads.get(name, ()) for other in self.substitutes(each)]

    def has_instances(self, name: str) -> bool:
        return name not in self.abstract and self.types[self.elements[name]].get("abstract") != "true"


SCHEMA = Schema()


# Not in the model: what is kept as text or XML; choreographies and conversations; a point, which only stands in edges, as "waypoint";
# and "callableElement", which the schema lets stand nowhere.
APART = NOT_MODELED | {f"{{{DC}}}Point", f"{{{MODEL}}}callableElement"}
MODELED = sorted(
    name
    for name in SCHEMA.elements
    if SCHEMA.has_instances(name) and name not in APART and SCHEMA.elements[name].rpartition("}")[2] not in TEXTS
)
# Children that the model takes where the schema does not, as files have them: nothing of the kind is written anew.
LENIENT = {
    "definitions": {f"{{{MODEL}}}documentation", f"{{{MODEL}}}extensionElements"},
    "BPMNPlane": {f"{{{BPMNDI}}}BPMNPlane", f"{{{BPMNDI}}}BPMNLabel"},
}


def local(name: str) -> str:
    return name.rpartition("}")[2]


def test_every_element_of_the_schema_has_its_class() -> None:
    assert [name for name in MODELED if name not in CLASS_OF_TAG] == []
    assert len(MODELED) == 113


def test_every_class_is_an_element_of_the_schema() -> None:
    assert CLASS_OF_TAG.keys() - SCHEMA.elements.keys() == {f"{{{DI}}}waypoint"}
    assert NOT_MODELED - SCHEMA.elements.keys() == set()


@pytest.mark.parametrize("name", MODELED, ids=local)
def test_attributes_are_those_of_the_schema(name: str) -> None:
    known = set(GRAMMARS[CLASS_OF_TAG[name]].attributes)
    wanted = SCHEMA.attributes(SCHEMA.elements[name])
    assert wanted - known == set()
    # In the model every element may have an id; in the schema some few have none.
    assert known - wanted == ({"id"} if CLASS_OF_TAG[name] in WITHOUT_ID else set())


@pytest.mark.parametrize("name", MODELED, ids=local)
def test_children_are_those_of_the_schema(name: str) -> None:
    known = set(GRAMMARS[CLASS_OF_TAG[name]].children)
    wanted = set(SCHEMA.children(SCHEMA.elements[name]))
    assert wanted - known - NOT_MODELED == set()
    assert known - wanted == LENIENT.get(local(name), set())
    assert {slot for cls, slot in NOT_IN if cls is CLASS_OF_TAG[name]} == {
        grammar.field for child, grammar in GRAMMARS[CLASS_OF_TAG[name]].children.items() if child in known - wanted
    }


@pytest.mark.parametrize("name", MODELED, ids=local)
def test_foreign_attributes_stand_where_the_schema_allows_them(name: str) -> None:
    types = [SCHEMA.types[each] for each in SCHEMA.chain(SCHEMA.elements[name])]
    is_open = any(node.find(f".//{XS}anyAttribute") is not None for node in types)
    assert is_open != issubclass(CLASS_OF_TAG[name], WITHOUT_FOREIGN_ATTRIBUTES)


@pytest.mark.parametrize("name", MODELED, ids=local)
def test_choices_are_those_of_the_schema(name: str) -> None:
    cls = CLASS_OF_TAG[name]
    found = [node for each in SCHEMA.chain(SCHEMA.elements[name]) for node in SCHEMA.types[each].iter(f"{XS}choice")]
    wanted = []
    for choice in found:
        for group in choice:
            nodes = group if group.tag == f"{XS}sequence" else [group]
            names = [f"{{{MODEL}}}{node.get('name') or node.get('ref')}" for node in nodes]
            wanted.append(tuple(GRAMMARS[cls].children[child].field for child in names))
    assert [group for base, groups in CHOICES.items() if issubclass(cls, base) for group in groups] == wanted


@pytest.mark.parametrize("name", MODELED, ids=local)
def test_names_with_a_prefix_are_those_of_the_schema(name: str) -> None:
    cls = CLASS_OF_TAG[name]
    qualified = {
        node.get("name", "")
        for each in SCHEMA.chain(SCHEMA.elements[name])
        for node in SCHEMA.types[each].iter(f"{XS}attribute", f"{XS}element")
        if node.get("type") == "xsd:QName"
    }
    rules = GRAMMARS[cls]
    forms: dict[str, str] = {child: slot.form for child, slot in rules.attributes.items()}
    forms |= {local(child): slot.form for child, slot in rules.children.items()}
    found = {child for child in forms if (cls, _field(cls, child)) in QUALIFIED}
    assert found == {child for child in qualified if forms[child] != "reference"}


def _field(cls: type[Element], child: str) -> str:
    rules = GRAMMARS[cls]
    slots: dict[str, Attribute | Child] = {**rules.attributes, **rules.children}
    return next(slot.field for name, slot in slots.items() if local(name) == child)


@pytest.mark.parametrize("name", MODELED, ids=local)
def test_children_stand_in_the_order_of_the_schema(name: str) -> None:
    grammar = GRAMMARS[CLASS_OF_TAG[name]]
    order = {child: place for place, child in reversed(list(enumerate(SCHEMA.children(SCHEMA.elements[name]))))}
    first: dict[str, int] = {}
    for child, known in grammar.children.items():
        if child in order:
            first[known.field] = min(order[child], first.get(known.field, order[child]))
    assert list(first.values()) == sorted(first.values())


def test_every_field_is_an_attribute_a_child_or_the_text() -> None:
    apart = {"line", "extension_attributes", "other_elements", "content", "findings", "path", "_index"}
    for cls in CLASS_OF_TAG.values():
        grammar = GRAMMARS[cls]
        known = {attribute.field for attribute in grammar.attributes.values()} | {child.field for child in grammar.children.values()}
        known.add(grammar.content or "")
        source = {"source"} if cls is Definitions else set()
        assert {f.name for f in fields(cls)} - known - apart - source == set(), cls


def test_abstract_classes_have_no_tag() -> None:
    assert ABSTRACT & set(CLASS_OF_TAG.values()) == set()
    assert len(CLASS_OF_TAG) + len(ABSTRACT) == sum(
        isinstance(found, type) and issubclass(found, Element) for found in map(vars(model).get, model.__all__)
    )


@pytest.mark.parametrize(
    ("cls", "field", "expected"),
    [
        (model.Lane, "flow_node_refs", "flowNodeRef"),
        (model.Activity, "properties", "property"),
        (model.InputSet, "data_input_refs", "dataInputRefs"),
        (model.Assignment, "from_", "from"),
        (model.Process, "supports", "supports"),
        (model.BoundaryEvent, "attached_to_ref", "attachedToRef"),
    ],
)
def test_xml_name(cls: type[Element], field: str, expected: str) -> None:
    assert xml_name(cls, field) == expected


def test_camel_case() -> None:
    assert [camel_case(name) for name in ("id", "is_for_compensation", "bpmn_element")] == ["id", "isForCompensation", "bpmnElement"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("{http://schema.omg.org/spec/BPMN/2.0}task", f"{{{MODEL}}}task"),
        ("{http://www.omg.org/spec/BPMN/20100501/MODEL}task", f"{{{MODEL}}}task"),
        ("{https://www.omg.org/spec/BPMN/20100524/MODEL/}task", f"{{{MODEL}}}task"),
        ("{http://www.omg.org/spec/BPMN/20100501/DI}BPMNShape", f"{{{BPMNDI}}}BPMNShape"),
        ("{http://www.omg.org/spec/DD/20100501/DI}waypoint", f"{{{DI}}}waypoint"),
        ("{http://www.omg.org/spec/DD/20100501/DC}Bounds", f"{{{DC}}}Bounds"),
        ("{http://www.omg.org/spec/BPMN/non-normative/color/1.0}color", "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}color"),
        (f"{{{MODEL}}}task", f"{{{MODEL}}}task"),
        ("task", "task"),
    ],
)
def test_canonical_tag(name: str, expected: str) -> None:
    assert canonical_tag(name) == expected
