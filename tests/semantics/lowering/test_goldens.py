"""Each map of the folders `lowered` and `refused` gives the texts beside it; `goldens.py` says how texts are written anew."""

from __future__ import annotations

import pytest

from bpmnmap.errors import MapError, UnsupportedElementError
from bpmnmap.semantics.lowering import lower
from bpmnmap.xmlio.reader import read_bpmn
from tests.semantics.lowering.goldens import FOLDERS, HERE, explained, maps, recorded

ANEW = "written anew by: python -m tests.semantics.lowering.goldens"


@pytest.mark.parametrize(("folder", "name"), [(folder, name) for folder in FOLDERS for name in maps(folder)])
def test_explain_says_what_is_recorded(folder: str, name: str) -> None:
    status, texts = explained(folder, name)
    assert texts == recorded(folder, name), ANEW
    assert status == (0 if folder == "lowered" else 1)
    assert (f"{name}.program.txt" in texts) == (folder == "lowered")


def test_every_text_has_its_map() -> None:
    for folder in FOLDERS:
        texts = {path.name.partition(".")[0] for path in (HERE / folder).glob("*.txt")}
        assert texts == set(maps(folder)), ANEW
        assert len(texts) > 5


def test_texts_hold_no_path_but_the_maps_name() -> None:
    for path in HERE.glob("*/*.txt"):
        assert str(HERE.parent) not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", maps("lowered"))
def test_programs_are_hashable_and_the_same_each_time(name: str) -> None:
    path = HERE / "lowered" / f"{name}.bpmn"
    programs = lower(read_bpmn(path))
    assert programs == lower(read_bpmn(path))
    assert hash(programs) == hash(lower(read_bpmn(path)))
    assert {program.path for program in programs} == {str(path)}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("activities", UnsupportedElementError),
        ("events", UnsupportedElementError),
        ("gateways", UnsupportedElementError),
        ("circle_without_a_start", MapError),
        ("circle_of_gateways", MapError),
        ("no_flow_node", MapError),
        ("two_kinds_of_faults", MapError),
        ("recursive_call", MapError),
        ("unknown_link", MapError),
        ("event_gateway_before_a_task", MapError),
    ],
)
def test_kind_of_error(name: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        lower(read_bpmn(HERE / "refused" / f"{name}.bpmn"))
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("name", "elements"),
    [
        ("activities", "transaction ad_hoc undo pairs doubles throws deep by_nothing"),
        ("events", "by_two at_a untyped_at_a undo two untyped cancel"),
        ("gateways", "race both complex"),
    ],
)
def test_all_that_is_not_simulated_is_told_at_once_in_document_order(name: str, elements: str) -> None:
    with pytest.raises(UnsupportedElementError) as caught:
        lower(read_bpmn(HERE / "refused" / f"{name}.bpmn"))
    findings = caught.value.findings
    assert [finding.element_id for finding in findings] == elements.split()
    assert {finding.code for finding in findings} == {"unsupported-element"}
    assert all(finding.location.line and finding.fix for finding in findings)


def test_what_no_start_leads_to_is_left_out() -> None:
    (program,) = lower(read_bpmn(HERE / "lowered" / "unreachable.bpmn"))
    assert {"lost", "lost_too"}.isdisjoint(operation.origin.element for operation in program.operations)
