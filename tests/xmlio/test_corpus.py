"""Files of many tools: all are read, whole, and what is found in them is what is wrong with them.

The files are no part of the repository; without them these tests are skipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from bpmnmap.model import Element
from bpmnmap.xmlio.document import Document
from bpmnmap.xmlio.reader import read_bpmn
from bpmnmap.xmlio.vocabulary import NAMESPACES
from tests.xmlio.maps import CORPUS

FILES = sorted(CORPUS.rglob("*.bpmn"))
pytestmark = pytest.mark.skipif(not FILES, reason=f"the corpus is not there: {CORPUS}")

# What the manifest of the corpus says of these files.
FINDINGS = {
    "genmymodel-0-47__C.1.0-export": Counter({"wrong-encoding": 1}),
    "ibm-process-designer-8-0-1__A.3.0-export": Counter({"faulty-namespace": 1}),
    "bizagi-modeler-2-8-0-8__B.1.0-roundtrip": Counter({"dangling-reference": 6}),
    "bonita-bpm-7-2-3__A.3.0-export": Counter({"invalid-id": 1}),
    "modelio-3-5__B.2.0-export": Counter({"invalid-id": 1, "wrong-reference": 1}),
    "sap-signavio-process-manager-19-9-0__B.2.0-export": Counter({"dangling-reference": 12, "wrong-reference": 1}),
    "de-01-Warenversand_03d1bc781b564145ba968e57297757a9": Counter({"half-attached-flow": 13}),
    "de-01-warenversand_35faa7b4083b4cd58f117b7acff3683f": Counter({"half-attached-flow": 3}),
    "de-02-Regress_516fe3b63ce34a15855cf24b3843a4f7": Counter({"inner-message-flow": 1}),
    "de-03-Schufascoring_b2e81447f40f4574a0aeab9579844709": Counter({"half-attached-flow": 1}),
    "de-04-SB_Res_06e77a083e464850a392cb977b9b4a96": Counter({"half-attached-flow": 9}),
    "de-04-Uebung8_1d2c633443394e3ea2590dda61e8e657": Counter({"inner-message-flow": 1}),
}


def test_the_corpus_is_whole() -> None:
    assert len(FILES) >= 35


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_findings(path: Path) -> None:
    assert Counter(finding.code for finding in read_bpmn(path).findings) == FINDINGS.get(path.stem, Counter())


# Elements of BPMN that are nothing but a text, and those that only wrap what is foreign: in the model they are fields.
TEXTS = frozenset(
    [
        "categoryValueRef",
        "choreographyRef",
        "correlationPropertyRef",
        "dataInputRefs",
        "dataOutputRefs",
        "endPointRef",
        "errorRef",
        "eventDefinitionRef",
        "extension",
        "extensionElements",
        "flowNodeRef",
        "inMessageRef",
        "incoming",
        "innerParticipantRef",
        "inputSetRefs",
        "interfaceRef",
        "loopDataInputRef",
        "loopDataOutputRef",
        "operationRef",
        "optionalInputRefs",
        "optionalOutputRefs",
        "outMessageRef",
        "outerParticipantRef",
        "outgoing",
        "outputSetRefs",
        "participantRef",
        "resourceRef",
        "script",
        "source",
        "sourceRef",
        "supportedInterfaceRef",
        "supports",
        "target",
        "targetRef",
        "text",
        "whileExecutingInputRefs",
        "whileExecutingOutputRefs",
    ]
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_element_and_attribute_of_bpmn_is_in_the_model(path: Path) -> None:
    definitions = read_bpmn(path)
    assert isinstance(definitions.source, Document)
    tree = list(of_bpmn(definitions.source.root()))
    walked = list(definitions.walk())
    assert len(walked) == sum(1 for node in tree if etree.QName(node).localname not in TEXTS)
    for kind, field in (("incoming", "incoming"), ("outgoing", "outgoing"), ("flowNodeRef", "flow_node_refs")):
        written = [(node.text or "").strip() for node in tree if etree.QName(node).localname == kind]
        assert sorted(ref.rpartition(":")[2] for each in walked for ref in getattr(each, field, ())) == sorted(
            ref.rpartition(":")[2] for ref in written if ref
        )
    # Whatever the vocabulary does not know would stand here.
    assert [other for each in walked for other in each.other_elements if isinstance(other, Element) or other.namespace in NAMESPACES] == []
    assert [
        name
        for each in walked
        for name, _ in each.extension_attributes
        if not name.startswith("{") or name[1:].partition("}")[0] in NAMESPACES
    ] == []


def of_bpmn(root: etree._Element) -> Iterator[etree._Element]:
    """The elements of BPMN outside extensions."""
    pending = [root]
    while pending:
        node = pending.pop()
        if etree.QName(node).namespace in NAMESPACES:
            yield node
            if etree.QName(node).localname not in ("extensionElements", "extension"):
                pending += list(node.iterchildren(etree.Element))
