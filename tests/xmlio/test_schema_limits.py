"""What the schema of BPMN 2.0 does not allow is refused where an edit brings it in, and left alone where a file has it."""

from __future__ import annotations

from typing import Any

import pytest

import bpmnmap as bm
from bpmnmap.model import (
    Bounds,
    BPMNLabel,
    BPMNPlane,
    BPMNShape,
    Definitions,
    Documentation,
    Element,
    Expression,
    FormalExpression,
    ItemDefinition,
    PotentialOwner,
    Process,
    ResourceAssignmentExpression,
    Task,
    TimerEventDefinition,
    XmlElement,
)
from bpmnmap.xmlio.document import load
from bpmnmap.xmlio.reader import parse_bpmn
from bpmnmap.xmlio.schema import schema_findings
from bpmnmap.xmlio.schema_limits import WITHOUT_FOREIGN_ATTRIBUTES, WITHOUT_ID
from bpmnmap.xmlio.vocabulary import DRAWN, GRAMMARS
from bpmnmap.xmlio.writer import format_bpmn
from tests.roundtrip.test_vocabulary import CHAINS, CLASSES, it, map_with, one
from tests.xmlio.maps import read, text_of_map, text_of_process

OWN = "{urn:own}note"


def refusal(definitions: Definitions) -> str:
    with pytest.raises(bm.MapError) as caught:
        format_bpmn(definitions)
    (finding,) = caught.value.findings
    assert finding.code == "unwritable"
    assert finding.fix
    return f"{finding.element_kind}: {finding.message}"


def violations(definitions: Definitions) -> list[str]:
    return [finding.message for finding in schema_findings(load(format_bpmn(definitions))[0])]


@pytest.mark.parametrize("cls", WITHOUT_ID, ids=lambda cls: cls.__name__)
def test_ids(cls: type[Element]) -> None:
    definitions = map_with(cls())
    message = f"{cls.kind}: BPMN 2.0 gives it no id"
    assert refusal(definitions.replace(it(definitions, cls), id="one")) == message
    assert refusal(_made_in_code(definitions.replace(it(definitions, cls), id="one"))) == message


def _made_in_code(definitions: Definitions) -> Definitions:
    """The same map without its file, so that all of it is written anew."""
    names = ("target_namespace", "imports", "extensions", "root_elements", "diagrams", "relationships")
    values: dict[str, Any] = {name: getattr(definitions, name) for name in names}
    return Definitions(**values)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_foreign_attributes(cls: type[Element]) -> None:
    definitions = map_with(one(cls))
    element = it(definitions, cls)
    bare = definitions.replace(element, extension_attributes=(("note", "x"),))
    named = definitions.replace(element, extension_attributes=((OWN, "x"),))
    if issubclass(cls, WITHOUT_FOREIGN_ATTRIBUTES):
        for edited in (bare, named):
            assert refusal(edited) == f"{cls.kind}: BPMN 2.0 gives it no attribute 'note'"
            assert refusal(_made_in_code(edited)) == f"{cls.kind}: BPMN 2.0 gives it no attribute 'note'"
    else:
        assert refusal(bare) == f"{cls.kind}: the attribute 'note' is in no namespace of its own"
        assert violations(named) == violations(definitions)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_elements_that_belong_elsewhere(cls: type[Element]) -> None:
    definitions = map_with(one(cls))
    for other in (XmlElement(OWN), Task(id="stray")):
        edited = definitions.replace(it(definitions, cls), other_elements=(other,))
        assert refusal(edited) == f"{cls.kind}: '{other.kind}' does not belong in it"
        assert refusal(_made_in_code(edited)) == f"{cls.kind}: '{other.kind}' does not belong in it"


@pytest.mark.parametrize("cls", [cls for cls in CLASSES if hasattr(cls, "extension_elements")], ids=lambda cls: cls.__name__)
def test_extension_elements(cls: type[Element]) -> None:
    definitions = map_with(one(cls))
    edited = definitions.replace(it(definitions, cls), extension_elements=(XmlElement("bare"),))
    assert refusal(edited) == f"{cls.kind}: the extension element 'bare' is in no namespace of its own"
    named = definitions.replace(it(definitions, cls), extension_elements=(XmlElement(OWN),))
    # In drawings the schema wants the vendor's schema too, and then allows it.
    strict = "no matching global element declaration available, but demanded by the strict wildcard"
    found = schema_findings(load(format_bpmn(named))[0])
    told = {each.message.partition(" (in ")[0] for each in found if each.element_kind in ("note", "extension", "extensionElements")}
    assert told <= ({strict} if cls in DRAWN else set())


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_all_other_attributes_are_allowed(cls: type[Element]) -> None:
    """What is not refused is nothing that the schema does not know: values apart, which it may restrict."""
    values = {"text": "x", "reference": "id_0", "bool": True, "int": 7, "float": 12.5}
    definitions = map_with(one(cls))
    changes = {each.field: values[each.form] for each in GRAMMARS[cls].attributes.values() if each.form != "id"}
    edited = definitions.replace(it(definitions, cls), **changes)
    assert [message for message in violations(edited) if "not allowed" in message] == []


def test_the_map_itself_has_no_documentation_and_no_extension_elements() -> None:
    definitions = read(text_of_process('<task id="t"/>'))
    documented = definitions.replace(definitions, documentation=(Documentation(text="x"),))
    assert refusal(documented) == "definitions: BPMN 2.0 gives it no documentation"
    extended = definitions.add(XmlElement(OWN))
    assert refusal(extended) == "definitions: BPMN 2.0 gives it no extension elements"
    made = Definitions(target_namespace="urn:a", documentation=(Documentation(text="x"),))
    assert refusal(made) == "definitions: BPMN 2.0 gives it no documentation"


def test_a_refusal_says_where_and_how_to_mend() -> None:
    with pytest.raises(bm.MapError) as caught:
        format_bpmn(read(text_of_process("")).replace("p", extension_attributes=(("note", "x"),)))
    assert str(caught.value) == (
        "<input>: error[unwritable] process 'p': the attribute 'note' is in no namespace of its own\n"
        "    fix: name it '{NAMESPACE}note', with a namespace of yours"
    )


DRAWING = (
    '<process id="p"/><bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="pl">\n'
    '<bpmndi:BPMNShape id="s"><dc:Bounds {}x="1" y="2" width="3" height="4"/></bpmndi:BPMNShape>\n'
    "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
)


def test_planes_hold_shapes_and_edges() -> None:
    definitions = read(text_of_map(DRAWING.format("")))
    for inner in (BPMNLabel(), BPMNPlane()):
        assert refusal(definitions.add(inner, into="pl", field="elements")) == "BPMNPlane: BPMN 2.0 lets it hold shapes and edges only"


def test_what_a_file_has_may_be_edited_and_moved() -> None:
    definitions = read(text_of_map(DRAWING.format('id="b" ')))
    edited = definitions.replace("b", x=5.0)
    assert b'<dc:Bounds id="b" x="5" y="2"' in format_bpmn(edited)
    shape = definitions.element("s")
    assert isinstance(shape, BPMNShape)
    like = BPMNShape(id="t", bounds=Bounds(id="c", x=1.0, width=2.0, height=3.0))
    more = definitions.remove("s").add(like, into="pl", field="elements").add(shape, into="pl", field="elements")
    assert parse_bpmn(format_bpmn(more)) == more


def test_faults_of_a_file_stay_through_other_edits() -> None:
    text = text_of_map(
        '<documentation>old</documentation><extensionElements><note/></extensionElements><process id="p" note="1"><thing/></process>'
    )
    definitions = read(text)
    edited = definitions.replace("p", name="new", documentation=(Documentation(text="said"),))
    edited = edited.replace(edited, documentation=(Documentation(text="new"),))
    written = format_bpmn(edited)
    assert b"<documentation>new</documentation><extensionElements><note/></extensionElements>" in written
    assert b'<process id="p" name="new" note="1">' in written
    assert parse_bpmn(written) == edited
    assert refusal(definitions.replace("p", id="q", other_elements=(XmlElement(OWN),))) == "process: 'note' does not belong in it"


def test_what_a_file_has_cannot_be_carried_into_a_new_map() -> None:
    (process,) = read(text_of_process("<thing/>")).processes
    assert refusal(Definitions(target_namespace="urn:a", root_elements=(process,))) == "process: 'thing' does not belong in it"


@pytest.mark.parametrize(
    ("element", "both", "message"),
    [
        (
            TimerEventDefinition(id="one", time_date=Expression(body="2026-01-05")),
            {"time_cycle": Expression(body="R/P1D")},
            "timerEventDefinition: it can have time_date or time_cycle, not both",
        ),
        (
            PotentialOwner(id="one", resource_ref="id_0"),
            {"resource_assignment_expression": ResourceAssignmentExpression(expression=FormalExpression(body="FO"))},
            "potentialOwner: it can have resource_ref or resource_assignment_expression, not both",
        ),
    ],
)
def test_one_of_a_choice(element: Element, both: dict[str, object], message: str) -> None:
    definitions = map_with(element)
    assert refusal(definitions.replace("one", **both)) == message
    first = next(name for name in element.__getstate__() if name != "id")
    instead = definitions.replace("one", **both, **{first: None})
    assert parse_bpmn(format_bpmn(instead)) == instead


def test_documentation_holds_one_element() -> None:
    definitions = map_with(Task(id="one", documentation=(Documentation(id="doc"),)))
    html = "{http://www.w3.org/1999/xhtml}p"
    once = definitions.replace("doc", text="ab", content=(XmlElement(html, text="ab"),))
    assert violations(once) == violations(definitions)
    twice = definitions.replace("doc", text="ab", content=(XmlElement(html, text="a"), XmlElement(html, text="b")))
    assert refusal(twice) == "documentation: BPMN 2.0 lets it hold one element, not several"


def test_every_class_is_tried() -> None:
    assert set(CLASSES) >= set(WITHOUT_ID)
    assert {cls for cls, chain in CHAINS.items() if chain} >= set(CLASSES)
    assert Process in CLASSES


def types(definitions: Definitions) -> list[str | None]:
    return [item.structure_ref for item in definitions.of_type(ItemDefinition)]


def test_prefixes_in_values_are_declared_in_a_new_map() -> None:
    items = (ItemDefinition(id="a", structure_ref="xsd:string"), ItemDefinition(id="b", structure_ref="xs:int"))
    made = Definitions(target_namespace="urn:a", root_elements=(*items, ItemDefinition(id="c", structure_ref="plain")))
    written = format_bpmn(made)
    assert b'xmlns:xsd="http://www.w3.org/2001/XMLSchema"' in written
    assert written.count(b"xmlns:xs=") == 1
    assert violations(made) == []
    assert types(parse_bpmn(written)) == ["xsd:string", "xs:int", "plain"]


def test_prefixes_in_values_are_declared_in_an_edited_map() -> None:
    definitions = read(text_of_map('<itemDefinition id="a" />\n<process id="p"/>'))
    edited = definitions.replace("a", structure_ref="xsd:string").add(ItemDefinition(id="b", structure_ref="xsd:date"))
    written = format_bpmn(edited)
    declaration = b'xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    assert b'<itemDefinition %s id="a" structureRef="xsd:string" />' % declaration in written
    assert b'<itemDefinition %s id="b" structureRef="xsd:date"/>' % declaration in written
    assert violations(edited) == []
    assert parse_bpmn(written) == edited
    assert format_bpmn(edited.remove("b").replace("a", structure_ref=None)) == format_bpmn(definitions)
    declared = read(text_of_map('<itemDefinition id="a"/>', declaration.decode()))
    assert format_bpmn(declared.replace("a", structure_ref="xsd:string")).count(b"xmlns:xsd") == 1


def test_prefixes_that_mean_nothing_are_refused() -> None:
    message = "itemDefinition: the prefix 'ns1' of a name in it is that of no namespace"
    item = ItemDefinition(id="a", structure_ref="ns1:Order")
    assert refusal(Definitions(target_namespace="urn:a", root_elements=(item,))) == message
    assert refusal(read(text_of_process("")).add(item)) == message
    declared = read(text_of_map('<process id="p"/>', 'xmlns:ns1="urn:orders"'))
    assert violations(declared.add(item)) == []


def test_ids_with_a_colon_are_no_names_with_a_prefix() -> None:
    made = Definitions(target_namespace="urn:a", root_elements=(ItemDefinition(id="item:1"), Process(id="p", properties=())))
    edited = made.add(bm.parse_bpmn(text_of_map('<message id="m" itemRef="item:1"/>')).root_elements[0])
    assert parse_bpmn(format_bpmn(edited)) == edited
