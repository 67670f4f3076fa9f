"""A map as a whole: its processes, its ids, its digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bpmnmap.findings import Finding
from bpmnmap.model import (
    BPMNDiagram,
    BPMNPlane,
    BPMNShape,
    Collaboration,
    Definitions,
    EndEvent,
    Message,
    MessageEventDefinition,
    Participant,
    Process,
    StartEvent,
    Task,
    TerminateEventDefinition,
    TimerEventDefinition,
)


@dataclass(frozen=True)
class Bytes:
    digest: str


def some_map() -> Definitions:
    process = Process(id="permit", flow_elements=(Task(id="Check", name="first"), Task(id="Check", name="second")))
    collaboration = Collaboration(id="all", participants=(Participant(id="pool", process_ref="permit"),))
    diagram = BPMNDiagram(id="drawing", plane=BPMNPlane(id="plane", elements=(BPMNShape(id="shape", bpmn_element="Check"),)))
    return Definitions(id="map", root_elements=(collaboration, Message(id="form"), process), diagrams=(diagram,))


def test_processes_and_collaborations() -> None:
    definitions = some_map()
    assert [process.id for process in definitions.processes] == ["permit"]
    assert [collaboration.id for collaboration in definitions.collaborations] == ["all"]
    assert [message.id for message in definitions.of_type(Message)] == ["form"]


def test_element_is_the_first_with_its_id() -> None:
    definitions = some_map()
    assert definitions.element("Check") == Task(id="Check", name="first")
    assert definitions.element("shape") == BPMNShape(id="shape", bpmn_element="Check")
    assert definitions.element("map") is definitions
    assert definitions.element("Sign") is None


def test_index_holds_each_id_once() -> None:
    assert list(some_map().index()) == ["map", "all", "pool", "form", "permit", "Check", "drawing", "plane", "shape"]


def test_index_is_made_once_and_is_no_part_of_the_value() -> None:
    definitions = some_map()
    assert definitions.index() is definitions.index()
    assert definitions == some_map()
    assert repr(definitions) == repr(some_map())


def test_digest_of_a_map_made_in_code_follows_its_content() -> None:
    definitions = some_map()
    assert definitions.digest == hashlib.sha256(repr(definitions).encode()).hexdigest()
    assert definitions.digest == some_map().digest
    assert definitions.digest != Definitions(id="map").digest


def test_digest_of_a_file_is_that_of_its_bytes() -> None:
    assert Definitions(source=Bytes("abc")).digest == "abc"


def test_where_it_was_read_and_what_was_found_is_no_part_of_the_value() -> None:
    read = Definitions(id="map", path="a.bpmn", source=Bytes("abc"), findings=(Finding("missing-id", "has no id"),))
    assert read == Definitions(id="map")
    assert repr(read) == "Definitions(id='map')"


def test_event_definitions_are_those_of_the_event_and_those_that_it_names() -> None:
    monthly, own = TimerEventDefinition(id="monthly"), MessageEventDefinition(message_ref="form")
    start = StartEvent(id="start", event_definitions=(own,), event_definition_refs=("monthly", "gone", "form", "monthly"))
    end = EndEvent(id="end", event_definition_refs=("stop",))
    process = Process(id="permit", flow_elements=(start, end, StartEvent(id="plain")))
    stop = TerminateEventDefinition(id="stop")
    definitions = Definitions(root_elements=(process, Message(id="form"), monthly, stop))
    assert definitions.event_definitions(start) == (own, monthly, monthly)
    assert definitions.event_definitions(end) == (stop,)
    assert definitions.event_definitions(StartEvent(id="plain")) == ()
