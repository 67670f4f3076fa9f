"""Every class of the vocabulary: added to a map, edited in it, removed from it; the reverse gives the first bytes."""

from __future__ import annotations

from collections import deque
from dataclasses import fields
from typing import Any

import pytest

from bpmnmap.model import DataAssociation, Definitions, Element
from bpmnmap.model.elements import defaults
from bpmnmap.xmlio.reader import parse_bpmn
from bpmnmap.xmlio.schema_limits import NOT_IN, WITHOUT_ID
from bpmnmap.xmlio.vocabulary import CLASS_OF_TAG, GRAMMARS, Child
from bpmnmap.xmlio.writer import format_bpmn


def chains() -> dict[type[Element], list[tuple[str, Child]]]:
    """For each class the shortest way down to it from definitions: fields, and the slot that takes it."""
    found: dict[type[Element], list[tuple[str, Child]]] = {Definitions: []}
    pending: deque[type[Element]] = deque([Definitions])
    while pending:
        cls = pending.popleft()
        for slot in GRAMMARS[cls].children.values():
            kept_out = NOT_IN.get((cls, slot.field), ((), "", ""))[0]
            is_allowed = slot.form == "element" and slot.cls not in kept_out and cls not in WITHOUT_ID
            if is_allowed and slot.cls not in found:
                found[slot.cls] = [*found[cls], (slot.field, slot)]
                pending.append(slot.cls)
    return found


CHAINS = chains()
CLASSES = sorted((cls for cls in CLASS_OF_TAG.values() if cls is not Definitions and cls in CHAINS), key=lambda cls: cls.__name__)
VALUES = {"text": "Größe < 3", "reference": "id_1", "bool": True, "int": 7, "float": 12.5, "id": "other"}


def map_with(element: Element) -> Definitions:
    """A map that holds an element and the elements around it, which are known by their ids."""
    inner: Element = element
    classes: list[type[Element]] = [Definitions, *(slot.cls for _, slot in CHAINS[type(element)])]
    for depth, (field, slot) in reversed(list(enumerate(CHAINS[type(element)]))):
        inner = classes[depth](**_values(f"id_{depth}", **{field: (inner,) if slot.many else inner}))
    assert isinstance(inner, Definitions)
    data = format_bpmn(inner.replace(inner, target_namespace="urn:permits"))
    return parse_bpmn(data.replace(b"\n", b"\r\n"))


def one(cls: type[Element]) -> Element:
    """An element of a class, with the id "one" if the schema gives it one."""
    return cls() if cls in WITHOUT_ID else cls(**_values("one"))


def it(definitions: Definitions, cls: type[Element]) -> Element:
    """The element of a class in a map made for it."""
    found: Any = definitions
    for field, slot in CHAINS[cls]:
        found = getattr(found, field)[0] if slot.many else getattr(found, field)
    assert type(found) is cls
    return found


def _values(element_id: str, **others: object) -> dict[str, Any]:
    return {"id": element_id, **others}


def test_every_class_of_the_vocabulary_is_reached() -> None:
    assert set(CLASS_OF_TAG.values()) - {Definitions, DataAssociation} - set(CLASSES) == set()  # nothing in BPMN holds a bare data association
    assert len(CLASSES) == 112


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_add_and_remove(cls: type[Element]) -> None:
    full = map_with(one(cls))
    data = format_bpmn(full)
    without = full.remove(it(full, cls))
    bare = parse_bpmn(format_bpmn(without))
    assert bare == without
    with pytest.raises((IndexError, AssertionError)):
        it(bare, cls)
    chain = CHAINS[cls]
    parent = f"id_{len(chain) - 1}"
    again = bare.add(one(cls), into=parent, field=chain[-1][0])
    assert format_bpmn(again) == data
    assert format_bpmn(again.remove(it(again, cls))) == format_bpmn(bare)
    assert format_bpmn(without.add(one(cls), into=parent, field=chain[-1][0])) == data


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_edit(cls: type[Element]) -> None:
    full = map_with(one(cls))
    data = format_bpmn(full)
    rules = GRAMMARS[cls]
    changes: dict[str, object] = {attribute.field: VALUES[attribute.form] for attribute in rules.attributes.values() if attribute.form != "id"}
    changes |= {slot.field: ("id_0",) if slot.many else "id_0" for slot in rules.children.values() if slot.form in ("text", "reference")}
    if rules.content is not None:
        changes[rules.content] = "a & b\nc"
    for field, value in changes.items():
        edited = full.replace(it(full, cls), **{field: value})
        written = format_bpmn(edited)
        assert parse_bpmn(written) == edited
        assert outside(data, written) >= len(data) - 2, field  # "/>" becomes ">"
        assert format_bpmn(edited.replace(it(edited, cls), **{field: getattr(it(full, cls), field)})) == data
    everything = full.replace(it(full, cls), **changes)
    assert parse_bpmn(format_bpmn(everything)) == everything


@pytest.mark.parametrize("cls", [cls for cls in CLASSES if cls not in WITHOUT_ID], ids=lambda cls: cls.__name__)
def test_new_id(cls: type[Element]) -> None:
    full = map_with(one(cls))
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
