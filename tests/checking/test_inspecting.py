"""What `inspection` gives: all findings with the names of their elements, and the same as SARIF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import bpmnmap as bm
from bpmnmap.checking.inspecting import inspection
from bpmnmap.version import __version__
from tests.xmlio.maps import CORPUS, text_of_map, text_of_process

FILES = sorted(CORPUS.rglob("*.bpmn"))


def test_one_path_may_be_given_alone(tmp_path: Path) -> None:
    path = tmp_path / "permit.bpmn"
    path.write_text(text_of_process('<task id="1"/>'))
    assert inspection(path) == inspection(str(path)) == inspection([path]) == bm.inspection([str(tmp_path)])
    assert inspection(path).files == (str(path),)
    assert inspection([]) == bm.Inspection()


def test_print_gives_all_findings(tmp_path: Path) -> None:
    (tmp_path / "a.bpmn").write_text(text_of_map('<collaboration id="c">\n<messageFlow id="m" sourceRef="x"/></collaboration>'))
    lines = str(inspection(tmp_path)).splitlines()
    assert [line for line in lines if not line.startswith("    fix: ")] == [
        f"{tmp_path}/a.bpmn:3: error[half-attached-flow] messageFlow 'm': has no targetRef",
        f"{tmp_path}/a.bpmn:3: error[dangling-reference] messageFlow 'm': sourceRef 'x' names no element",
        f"{tmp_path}/a.bpmn:3: warning[schema-violation] messageFlow 'm': the attribute 'targetRef' is required but missing",
    ]
    assert len(lines) == 6


def sarif(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> dict[str, Any]:
    monkeypatch.chdir(tmp_path)
    folder = Path("my maps")
    folder.mkdir()
    (folder / "a:1.bpmn").write_text(text)
    log: dict[str, Any] = json.loads(inspection(folder).to_sarif())
    return log


def test_sarif(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = sarif(
        tmp_path, monkeypatch, text_of_process('<task id="1" name="Check"/>\n<sequenceFlow id="f" sourceRef="gone" targetRef="p"/>')
    )
    assert (log["$schema"], log["version"]) == ("https://json.schemastore.org/sarif-2.1.0.json", "2.1.0")
    (run,) = log["runs"]
    assert set(run) == {"tool", "columnKind", "results"}
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("bpmnmap", __version__)
    assert [rule["id"] for rule in driver["rules"]] == ["dangling-reference", "invalid-id", "schema-violation", "wrong-reference"]
    assert driver["rules"][0]["shortDescription"] == {"text": "dangling reference"}
    assert "docs/reference/findings.md#dangling-reference" in driver["rules"][0]["help"]["text"]
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [
        ("invalid-id", "warning"),
        ("schema-violation", "warning"),
        ("dangling-reference", "error"),
        ("wrong-reference", "error"),
    ]
    assert all(driver["rules"][each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
    assert run["results"][0]["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "my%20maps/a%3A1.bpmn"}, "region": {"startLine": 3}},
            "logicalLocations": [{"kind": "task", "fullyQualifiedName": "1", "name": "Check"}],
        }
    ]
    assert run["results"][0]["message"]["text"].startswith("task '1' (Check): the id is no XML name: letters")
    assert run["results"][3]["properties"] == {"relatedElementIds": ["p"]}


def test_sarif_of_files_that_cannot_be_read(tmp_path: Path) -> None:
    log = json.loads(inspection([tmp_path / "gone.bpmn", tmp_path]).to_sarif())
    missing, empty = sorted(log["runs"][0]["results"], key=lambda result: result["ruleId"])
    assert (missing["ruleId"], empty["ruleId"]) == ("file-missing", "no-maps")
    assert missing["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": (tmp_path / "gone.bpmn").as_uri()}}}]


def test_sarif_of_nothing_is_a_log_too() -> None:
    (run,) = json.loads(bm.Inspection().to_sarif())["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


@pytest.mark.skipif(not FILES, reason=f"the corpus is not there: {CORPUS}")
def test_the_corpus() -> None:
    told = inspection(CORPUS)
    assert told.files == tuple(sorted(map(str, FILES), key=lambda path: path.split("/")))
    assert told.unread == 0
    assert told.findings == tuple(finding for path in told.files for finding in inspection(path).findings)
    invalid = {finding.location.path for finding in told.findings if finding.code == "schema-violation"}
    manifest = (CORPUS / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()
    assert invalid == {str(CORPUS / line.partition("\t")[0]) for line in manifest if "fails BPMN20.xsd" in line}
    assert all(finding.fix and finding.location.line for finding in told.findings)
