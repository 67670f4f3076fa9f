"""One construct, one map: what its cases may do and what they may not, written down from BPMN 2.0.2 and the rules before the run.

Each map of the folder `constructs` has a TOML beside it: `element` says of what it is the fixture (the BPMN name, then the kind of
event, then how and where), `rule` whence the traces come, `start` where the case arrives (`process/start event`; the only one if left
out). `allowed` are whole cases. `forbidden_prefix`: no case begins like this. `forbidden_whole`: a case may go so far, but is not
completed then. Told are tasks completed, events fired by time or the outside world, and flows chosen; not told are deliveries of
messages, throws, joins, ends of scopes, and whether a loop goes on.
The maps in `constructs/refused` must be refused, element by element.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.findings import Severity
from bpmnmap.semantics.lowering import lower_map
from bpmnmap.semantics.program import Program, Start
from bpmnmap.semantics.support import UNSUPPORTED
from bpmnmap.semantics.token_game import Event, Replay, is_completed, replay

HERE = Path(__file__).parent / "constructs"
Trace = tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Construct:
    """What the TOML beside a map says."""

    title: str
    element: str
    rule: str
    allowed: tuple[Trace, ...]
    start: str | None = None
    forbidden_prefix: tuple[Trace, ...] = ()
    forbidden_whole: tuple[Trace, ...] = ()


def names(folder: Path) -> list[str]:
    """Names of the maps in a folder."""
    return sorted(path.stem for path in folder.glob("*.bpmn"))


@cache
def construct(name: str) -> Construct:
    """The TOML of a map; an unknown key is an error."""
    told = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    for kind in ("allowed", "forbidden_prefix", "forbidden_whole"):
        told[kind] = tuple(tuple(parsed(word) for word in trace) for trace in told.get(kind, ()))
    return Construct(**told)


def parsed(word: str) -> Event:
    """``"complete:a"`` as an event of the token game."""
    kind, _, element = word.partition(":")
    assert kind in {"complete", "fire", "flow"}, word
    assert element, word
    return kind, element


@cache
def lowered(name: str) -> tuple[Program, int]:
    """The Program of a map, and the index of the start at which its cases arrive."""
    definitions = bm.read_bpmn(HERE / f"{name}.bpmn")
    result = lower_map(definitions)
    errors = [str(finding) for finding in result.findings if finding.severity is Severity.ERROR]
    assert not errors, "\n".join(errors)
    starts = {
        f"{program.process_of(index)}/{operation.origin.element}": (program, index)
        for program in result.programs
        for index, operation in enumerate(program.operations)
        if isinstance(operation, Start)
    }
    start = construct(name).start
    if start is None:
        assert len(starts) == 1, f"say at which of {', '.join(starts)}"
        (start,) = starts
    return starts[start]


def numbered(kind: str) -> list[tuple[str, int]]:
    """One parameter for each trace of a kind, of all maps: name and number, from 1."""
    return [(name, number) for name in names(HERE) for number in range(1, len(getattr(construct(name), kind)) + 1)]


def played(name: str, trace: Trace) -> tuple[Replay, bool]:
    """How far the trace is a path of the game, and whether the case may be completed with it."""
    program, start = lowered(name)
    result = replay(program, start, trace)
    assert not result.exhausted
    return result, any(is_completed(program, marking) for marking in result.markings)


@pytest.mark.parametrize(("name", "number"), numbered("allowed"))
def test_allowed(name: str, number: int) -> None:
    trace = construct(name).allowed[number - 1]
    result, completed = played(name, trace)
    assert result.matched == len(trace), f"{trace[result.matched]} cannot happen after {trace[: result.matched]}"
    assert completed, "something is left to do"


@pytest.mark.parametrize(("name", "number"), numbered("forbidden_prefix"))
def test_forbidden_prefix(name: str, number: int) -> None:
    trace = construct(name).forbidden_prefix[number - 1]
    result, _ = played(name, trace)
    assert result.matched < len(trace), f"{trace} must not happen"


@pytest.mark.parametrize(("name", "number"), numbered("forbidden_whole"))
def test_forbidden_whole(name: str, number: int) -> None:
    trace = construct(name).forbidden_whole[number - 1]
    result, completed = played(name, trace)
    assert result.matched == len(trace), f"{trace[result.matched]} cannot happen after {trace[: result.matched]}"
    assert not completed, "the case must not be completed yet"


def test_each_map_has_its_text_and_each_text_its_map() -> None:
    for folder in (HERE, HERE / "refused"):
        assert names(folder) == sorted(path.stem for path in folder.glob("*.toml"))


@pytest.mark.parametrize("name", names(HERE))
def test_traces_say_enough(name: str) -> None:
    told = construct(name)
    forbidden = told.forbidden_prefix + told.forbidden_whole
    assert len(told.allowed) >= 2
    assert len(forbidden) >= 2
    assert len({*told.allowed, *forbidden}) == len(told.allowed) + len(forbidden)
    assert all((told.title, told.element, told.rule))
    for trace in told.allowed:
        assert not any(trace[: len(prefix)] == prefix for prefix in told.forbidden_prefix)


@pytest.mark.parametrize("name", names(HERE))
def test_traces_name_what_is_in_the_map(name: str) -> None:
    told = construct(name)
    definitions = bm.read_bpmn(HERE / f"{name}.bpmn")
    for _, element in {event for trace in (*told.allowed, *told.forbidden_prefix, *told.forbidden_whole) for event in trace}:
        assert definitions.element(element) is not None, element


def test_boundary_events_and_event_sub_processes_of_each_kind_have_a_map() -> None:
    elements = {construct(name).element for name in names(HERE)}
    both = ("timer", "message", "signal", "conditional", "escalation")
    wanted = {
        f"{host} {kind} {how}"
        for host in ("boundaryEvent", "eventSubProcess")
        for kind in both
        for how in ("interrupting", "non-interrupting")
    }
    missing = {name for name in wanted if not any(element == name or element.startswith(f"{name} ") for element in elements)}
    assert not missing
    assert {"boundaryEvent error interrupting", "eventSubProcess error interrupting"} <= elements


def test_maps_follow_the_schema() -> None:
    findings = bm.inspection(HERE).findings
    assert [str(finding) for finding in findings if finding.code == "schema-violation"] == []
    errors = [finding for finding in findings if finding.severity is Severity.ERROR and finding.code != UNSUPPORTED]
    assert [str(finding) for finding in errors if Path(finding.location.path or "").parent == HERE] == []


@pytest.mark.parametrize("name", names(HERE / "refused"))
def test_refused_by_name(name: str) -> None:
    elements = tomllib.loads((HERE / "refused" / f"{name}.toml").read_text(encoding="utf-8"))["elements"]
    findings = lower_map(bm.read_bpmn(HERE / "refused" / f"{name}.bpmn")).findings
    refused = {finding.element_id for finding in findings if finding.code == UNSUPPORTED}
    assert elements
    assert refused >= set(elements)
