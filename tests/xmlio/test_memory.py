"""Reading leaves nothing behind: no circle of garbage, and the search for such circles as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from bpmnmap.errors import BpmnReadError
from bpmnmap.xmlio.checking import map_findings
from bpmnmap.xmlio.reader import parse_bpmn
from tests.xmlio.maps import text_of_process

MAP = text_of_process('<task id="1"/><sequenceFlow id="f" sourceRef="1" targetRef="own:gone"/><x/>').encode()


@pytest.fixture(autouse=True)
def _collection() -> Iterator[None]:
    yield
    gc.enable()


@pytest.mark.parametrize("data", [MAP, MAP[:-30], MAP.replace(b"definitions", b"other")], ids=["read", "no XML", "no BPMN"])
def test_no_circles_are_left(data: bytes) -> None:
    def read() -> None:
        try:
            map_findings(parse_bpmn(data))
        except BpmnReadError as error:
            error.__traceback__ = None

    read()  # what is cached once stays
    gc.collect()
    gc.disable()
    read()
    assert gc.collect() == 0


@pytest.mark.parametrize("is_enabled", [True, False])
@pytest.mark.parametrize("data", [MAP, MAP.replace(b"<x/>", b"<x>" * 210 + b"</x>" * 210)], ids=["read", "too deep"])
def test_the_search_for_circles_is_as_it_was(data: bytes, *, is_enabled: bool) -> None:
    if not is_enabled:
        gc.disable()
    try:
        parse_bpmn(data)
    except BpmnReadError:
        assert b"<x><x>" in data
    assert gc.isenabled() is is_enabled


def test_garbage_of_others_is_still_found() -> None:
    """However many maps are read one after the other, Python goes on to look for circles."""

    class Circle:
        def __init__(self) -> None:
            self.itself = self

    for _ in range(1_000):
        Circle()
        parse_bpmn(MAP)
    assert sum(isinstance(each, Circle) for each in gc.get_objects()) < 500
