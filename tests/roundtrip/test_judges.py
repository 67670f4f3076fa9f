"""Independent judges of what the writer writes: bpmn-moddle and bpmn-js, whose verdicts are recorded, and the schema of BPMN 2.0.

A recorded verdict holds for the very bytes that were judged. Of the corpus, which is no part of the repository, only digests and
verdicts are kept; without it its maps are skipped.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

import bpmnmap as bm
from bpmnmap.xmlio.document import load
from bpmnmap.xmlio.schema import schema_findings
from tests.roundtrip.judges.edits import EDITS, originals, written
from tests.roundtrip.judges.judging import HERE
from tests.roundtrip.judges.verdicts import kept, kept_versions
from tests.xmlio.maps import CORPUS

RECORD = "python -m tests.roundtrip.judges.record"
JUDGES = ("bpmn-moddle", "bpmn-js")
KEPT = kept()
ORIGINALS = originals()
NAMES = sorted(KEPT.keys() | ORIGINALS.keys())

# Neither finds anything by a name with a prefix, and this file writes each such name with one: what is added is written alike.
ALL_WITH_A_PREFIX = "corpus/miwg/tools/genmymodel-0-47__C.1.0-export.bpmn"
EXPECTED = {
    ("bpmn-moddle", ALL_WITH_A_PREFIX, "added"): ["unresolved reference <bpmn2:judged_flow>", "unresolved reference <bpmn2:judged_task>"],
    ("bpmn-js", ALL_WITH_A_PREFIX, "added"): [
        'no bpmnElement referenced in <bpmndi:BPMNEdge id="judged_edge" />',
        'no bpmnElement referenced in <bpmndi:BPMNShape id="judged_shape" />',
        "unresolved reference <bpmn2:judged_flow>",
        "unresolved reference <bpmn2:judged_task>",
    ],
}


class Judged(NamedTuple):
    """A map, and the files written after each edit."""

    name: str
    files: dict[str, Path]


@pytest.fixture(scope="module", params=NAMES)
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    name = str(request.param)
    if name not in ORIGINALS and name.startswith("corpus/") and not CORPUS.is_dir():
        pytest.skip(f"the corpus is not there: {CORPUS}")
    assert name in ORIGINALS, f"there is no such map any more; once more: {RECORD}"
    return Judged(name, written(ORIGINALS[name], tmp_path_factory.mktemp("judged")))


def test_verdicts_are_those_of_the_pinned_versions() -> None:
    assert kept_versions() == json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert kept_versions().keys() == set(JUDGES)


def test_untouched_maps_are_written_as_they_were(judged: Judged) -> None:
    assert judged.files["untouched"].read_bytes() == ORIGINALS[judged.name]


def test_the_files_are_those_that_were_judged(judged: Judged) -> None:
    now = {edit: hashlib.sha256(path.read_bytes()).hexdigest() for edit, path in judged.files.items()}
    before = {edit: entry.sha256 for edit, entry in KEPT.get(judged.name, {}).items()}
    assert now == before, f"other bytes than those that were judged: look at what changed, then {RECORD}"
    for edit, entry in KEPT[judged.name].items():
        assert entry.said.keys() == set(JUDGES), f"a judge has not seen {judged.name} after {edit}: {RECORD}"


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("name", KEPT)
def test_no_new_warnings(name: str, judge: str) -> None:
    before = KEPT[name]["untouched"].said[judge]
    new = {edit: KEPT[name][edit].said[judge].new_warnings(before) for edit in EDITS}
    assert new == {edit: EXPECTED.get((judge, name, edit), []) for edit in EDITS}


def test_bpmn_moddle_knows_the_ids_of_the_model(judged: Judged) -> None:
    for edit, path in judged.files.items():
        said = KEPT[judged.name][edit].said["bpmn-moddle"]
        ids = {element.id for element in bm.read_bpmn(path).walk()} - {None}
        assert said.count == len(ids) - sum(": illegal ID <" in warning for warning in said.warnings)


@pytest.mark.parametrize("name", [name for name in KEPT if KEPT[name]["untouched"].said["bpmn-js"].count])
def test_bpmn_js_draws_the_edited_maps(name: str) -> None:
    drawn = {edit: entry.said["bpmn-js"].count for edit, entry in KEPT[name].items()}
    whole = drawn["untouched"]
    assert drawn == {"untouched": whole, "renamed": whole, "extended": whole, "added": whole + 2, "removed": drawn["removed"]}
    assert drawn["removed"] < whole


def test_no_edit_breaks_a_rule_of_the_schema_that_was_kept(judged: Judged) -> None:
    broken = {edit: broken_rules(path.read_bytes()) for edit, path in judged.files.items()}
    assert {edit: rules - broken["untouched"] for edit, rules in broken.items()} == {edit: Counter() for edit in EDITS}


def broken_rules(data: bytes) -> Counter[tuple[str | None, str | None, str]]:
    return Counter((finding.element_kind, finding.element_id, finding.message) for finding in schema_findings(load(data)[0]))
