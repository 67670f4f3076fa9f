"""Every class of the vocabulary: added to a map, edited in it, removed from it; the reverse gives the first bytes."""

from __future__ import annotations

from collections import deque
from dataclasses import fields
from typing import Any

import pytest

from bpmnmap.model import DataAssociation, Definitions, Element
from bpmnmap.model.elements import defaults
from bpmnmap.xmlio.reader import parse_bpmn
from bpmnmap.xmlio.vocabulary import CLASS_OF_TAG, GRAMMARS, Child
from bpmnmap.xmlio.writer import format_bpmn


def chains() -> dict[type[Element], list[tuple[str, Child]]]:
    """For each class the shortest way down to it from definitions: fields, and the slot that takes it."""
    found: dict[type[Element], list[tuple[str, Child]]] = {Definitions: []}
    pending: deque[type[Element]] = deque([Definitions])
    while pending:
        cls = pending.popleft()
        for slot in GRAMMARS[cls].children.values():
            if slot.form == "element" and slot.cls not in found:
                found[slot.cls] = [*found[cls], (slot.field, slot)]
                pending.append(slot.cls)
    return found


CHAINS = chains()
CLASSES = sorted((cls for cls in CLASS_OF_TAG.values() if cls is not Definitions and cls in CHAINS), key=lambda cls: cls.__name__)
VALUES = {"text": "Größe < 3", "reference": "id_1", "bool": True, "int": 7, "float": 12.5, "id": "other"}


def map_with(element: Element) -> Definitions:
    """A map that holds an element and the elements around it, which are known by their ids."""
    inner: Element = element
    classes = [Definitions, *(slot.cls for _, slot in CHAINS[type(element)])]
    for depth, (field, slot) in reversed(list(enumerate(CHAINS[type(element)]))):
        inner = classes[depth](**_values(f"id_{depth}", **{field: (inner,) if slot.many else inner}))
    assert isinstance(inner, Definitions)
    data = format_bpmn(inner.replace(inner, target_namespace="urn:permits"))
    return parse_bpmn(data.replace(b"\n", b"\r\n"))


def _values(element_id: str, **others: object) -> dict[str, Any]:
    return {"id": element_id, **others}


def test_every_class_of_the_vocabulary_is_reached() -> None:
    assert set(CLASS_OF_TAG.values()) - {Definitions, DataAssociation} - set(CLASSES) == set()  # nothing in BPMN holds a bare data association
    assert len(CLASSES) == 112


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_add_and_remove(cls: type[Element]) -> None:
    full = map_with(cls(**_values("one")))
    data = format_bpmn(full)
    without = full.remove("one")
    bare = parse_bpmn(format_bpmn(without))
    assert bare == without
    assert b'id="one"' not in format_bpmn(bare)
    chain = CHAINS[cls]
    parent = f"id_{len(chain) - 1}"
    again = bare.add(cls(**_values("one")), into=parent, field=chain[-1][0])
    assert format_bpmn(again) == data
    assert format_bpmn(again.remove("one")) == format_bpmn(bare)
    assert format_bpmn(without.add(cls(**_values("one")), into=parent, field=chain[-1][0])) == data


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_edit(cls: type[Element]) -> None:
    full = map_with(cls(**_values("one")))
    data = format_bpmn(full)
    rules = GRAMMARS[cls]
    changes: dict[str, object] = {attribute.field: VALUES[attribute.form] for attribute in rules.attributes.values() if attribute.form != "id"}
    changes |= {slot.field: ("id_0",) if slot.many else "id_0" for slot in rules.children.values() if slot.form in ("text", "reference")}
    if rules.content is not None:
        changes[rules.content] = "a & b\nc"
    for field, value in changes.items():
        edited = full.replace("one", **{field: value})
        written = format_bpmn(edited)
        assert parse_bpmn(written) == edited
        assert outside(data, written) >= len(data) - 2, field  # "/>" becomes ">"
        assert format_bpmn(edited.replace("one", **{field: getattr(full.element("one"), field)})) == data
    everything = full.replace("one", **changes)
    assert parse_bpmn(format_bpmn(everything)) == everything


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_new_id(cls: type[Element]) -> None:
    full = map_with(cls(**_values("one")))
    assert format_bpmn(full.replace("one", id="two")) == format_bpmn(full).replace(b'id="one"', b'id="two"')


def outside(one: bytes, other: bytes) -> int:
    """How many bytes the two have in common at their beginnings and ends."""
    most = min(len(one), len(other))
    start = next((place for place in range(most) if one[place] != other[place]), most)
    end = next((place for place in range(most - start) if one[-1 - place] != other[-1 - place]), most - start)
    return start + end


def test_fields_of_the_map_itself() -> None:
    read = parse_bpmn(format_bpmn(Definitions(id="all", target_namespace="urn:a")))
    edited = read.replace("all", name="Größe", exporter="x", target_namespace="urn:b")
    assert parse_bpmn(format_bpmn(edited)) == edited
    assert {f.name for f in fields(Definitions)} >= set(defaults(Definitions)) - {"line"}
