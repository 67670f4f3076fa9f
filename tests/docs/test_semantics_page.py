"""docs/reference/semantics.md is what the registry of supported elements holds, and the registry is what is lowered, refused and shown."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

import pytest

import bpmnmap as bm
from bpmnmap import model as m
from bpmnmap.semantics import support
from bpmnmap.semantics.support import Support
from bpmnmap.semantics.support_table import ROWS, SECTIONS
from tests.docs.blocks import ROOT
from tests.docs.semantics_page import BEGIN, FIXTURES, PAGE, element_text, page, table

FOLDER = ROOT / FIXTURES
GUARDS = ("boundaryEvent", "eventSubProcess")
CODE = re.compile(r"`([a-z]+(?:-[a-z]+)+)`")


def fixtures(*, refused: bool) -> set[str]:
    return {path.stem for path in (FOLDER / "refused" if refused else FOLDER).glob("*.bpmn")}


def told(name: str) -> str:
    """Of what a map is the fixture, in its own words."""
    return str(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["element"])


def kind_of(node: type[m.FlowNode]) -> str:
    return node.kind


NODES: list[type[m.FlowNode]] = sorted(support._LOWERED, key=kind_of)


def definitions_at(position: type[m.FlowNode]) -> list[str]:
    """The event definitions that are lowered at a kind of event: ``timer``, …"""
    return [definition.kind.removesuffix("EventDefinition") for definition in support._ALLOWED[position]]


def has_row(element: str) -> bool:
    return any(not row.refused and (row.element == element or row.element.startswith(f"{element} ")) for row in ROWS)


def test_the_page_is_what_the_registry_holds() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert BEGIN in text
    assert text == page(text), "written anew by: python -m tests.docs.semantics_page"


@pytest.mark.parametrize("refused", [False, True])
def test_each_row_names_maps_that_exist_and_each_map_is_named(refused: bool) -> None:
    named = Counter(name for row in ROWS if row.refused == refused for name in row.fixtures)
    assert set(named) == fixtures(refused=refused)
    assert all(row.fixtures for row in ROWS)
    if not refused:
        assert [name for name, times in named.items() if times > 1] == []


@pytest.mark.parametrize("row", [row for row in ROWS if not row.refused], ids=lambda row: row.element)
def test_the_maps_of_a_row_are_of_its_element(row: Support) -> None:
    assert [name for name in row.fixtures if not (told(name) == row.element or told(name).startswith(f"{row.element} "))] == []
    longer = [other.element for other in ROWS if not other.refused and other.element.startswith(f"{row.element} ")]
    nearer = [(name, other) for name in row.fixtures for other in longer if told(name) == other]
    assert nearer == [], "the row of this very element shows it"


def test_each_element_once_and_none_without_words() -> None:
    assert [element for element, times in Counter(row.element for row in ROWS).items() if times > 1] == []
    assert [row.element for row in ROWS if not row.refused and not row.meaning] == []
    assert [row.element for row in ROWS if "|" in row.meaning + row.check] == []


@pytest.mark.parametrize("node", NODES, ids=kind_of)
def test_what_is_lowered_has_a_row(node: type[m.FlowNode]) -> None:
    assert support.refusal(node(id="n"), m.Definitions()) is None or issubclass(node, (m.CatchEvent, m.ThrowEvent))
    assert has_row(node.kind)


@pytest.mark.parametrize("position", [m.IntermediateCatchEvent, m.IntermediateThrowEvent, m.EndEvent])
def test_each_event_that_is_lowered_has_a_row(position: type[m.FlowNode]) -> None:
    assert [each for each in definitions_at(position) if not has_row(f"{position.kind} {each}")] == []


def test_each_start_that_is_lowered_has_a_row() -> None:
    kinds = definitions_at(m.StartEvent)
    outside = [each for each in kinds if each not in ("error", "escalation")]  # these set off event sub-processes only
    assert [each for each in outside if not has_row(f"startEvent {each}")] == []


@pytest.mark.parametrize("guard", GUARDS)
def test_each_guard_has_a_row_interrupting_and_not(guard: str) -> None:
    kinds = definitions_at(m.BoundaryEvent)
    assert kinds == definitions_at(m.StartEvent)
    wanted = [(each, how) for each in kinds for how in ("interrupting", "non-interrupting") if (each, how) != ("error", "non-interrupting")]
    assert [pair for pair in wanted if not has_row(f"{guard} {' '.join(pair)}")] == []


def test_each_kind_of_node_is_lowered_or_refused() -> None:
    kinds: set[type[m.FlowNode]] = set()
    pending = [m.FlowNode]
    while pending:
        for each in pending.pop().__subclasses__():
            pending.append(each)
            if not each.__subclasses__() or each in support._LOWERED:
                kinds.add(each)
    refused = {row.element.partition(" ")[0] for row in ROWS if row.refused}
    assert {each.kind for each in kinds - support._LOWERED} == {"complexGateway", "transaction", "adHocSubProcess", "implicitThrowEvent"}
    assert {each.kind for each in kinds - support._LOWERED} <= refused


def test_codes_that_rows_name_are_told_on_their_page() -> None:
    findings = (ROOT / "docs/reference/findings.md").read_text(encoding="utf-8")
    codes = {code for row in ROWS for code in CODE.findall(row.meaning)}
    assert {"recursive-call", "uncaught-error"} <= codes
    assert [code for code in sorted(codes) if f"### `{code}`\n" not in findings] == []


@pytest.mark.parametrize(("name", "code"), [("call_activity_unknown", "unknown-called-process"), ("end_error_uncaught", "uncaught-error")])
def test_warnings_that_rows_name_are_told(name: str, code: str) -> None:
    assert code in {finding.code for finding in bm.inspection([FOLDER / f"{name}.bpmn"]).findings}


def test_text_of_a_table() -> None:
    assert element_text(Support("startEvent timer", "x")) == "`startEvent` timer"
    rows = (Support("a b", "does", ("one", "two")), Support("c", "waits", ("three",), check="at any time"))
    assert table(rows).splitlines()[2:] == ["| `a` b | does | the same | `one`, `two` |", "| `c` | waits | at any time | `three` |"]
    (refused,) = table((Support("d", "", ("four",), refused=True),)).splitlines()[2:]
    assert refused == "| `d` | | [`unsupported-element`](findings.md#unsupported-element) | `refused/four` |"


def test_sections_have_titles_of_their_own() -> None:
    assert len({title for title, _ in SECTIONS}) == len(SECTIONS) >= 10
