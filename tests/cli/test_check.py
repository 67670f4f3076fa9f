"""`bpmnmap check`: what comes out where, in which order, and the exit status."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.bad_input.reports import Outcome, command, told
from tests.cli.program import run
from tests.xmlio.maps import text_of_process

GOOD = text_of_process('<startEvent id="in"/>')
WARNED = text_of_process('\n<task id="1st" name="Prüfen"/>')
FAULTY = text_of_process('<startEvent id="in"/>\n<sequenceFlow id="on" name="to\n sign" sourceRef="in" targetRef="inn"/>')


def write(**files: str) -> None:
    for name, text in files.items():
        path = Path(name.replace("__", "/") + ".bpmn")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("maps"))


def codes(outcome: Outcome) -> list[tuple[str, str]]:
    return [(each.place, each.code) for each in told(outcome.output)]


def test_nothing_wrong() -> None:
    write(permit=GOOD)
    assert command("check", "permit.bpmn") == Outcome(0, "", "1 file, 0 errors, 0 warnings\n")


def test_warnings_are_allowed() -> None:
    write(permit=WARNED)
    outcome = command("check", "permit.bpmn")
    assert (outcome.status, outcome.errors) == (0, "1 file, 0 errors, 2 warnings\n")
    assert codes(outcome) == [("permit.bpmn:4", "invalid-id"), ("permit.bpmn:4", "schema-violation")]
    assert " task '1st' (Prüfen): the id is no XML name" in outcome.output


def test_errors() -> None:
    write(permit=FAULTY)
    outcome = command("check", "permit.bpmn")
    assert outcome == Outcome(
        1,
        "permit.bpmn:5: error[dangling-reference] sequenceFlow 'on' (to sign): targetRef 'inn' names no element\n"
        "    fix: point targetRef at a flow node of process 'p'; did you mean 'in'?\n",
        "1 file, 1 error, 0 warnings\n",
    )


def test_a_deadlock_is_told_with_a_shortest_way_to_it() -> None:
    inside = """<startEvent id="in"/><inclusiveGateway id="who"/><task id="a" name="Check"/><task id="b"/>
        <parallelGateway id="both" name="All checked"/>
        <sequenceFlow id="f" sourceRef="in" targetRef="who"/><sequenceFlow id="g" sourceRef="who" targetRef="a"/>
        <sequenceFlow id="h" sourceRef="who" targetRef="b"/><sequenceFlow id="i" sourceRef="a" targetRef="both"/>
        <sequenceFlow id="j" sourceRef="b" targetRef="both"/>"""
    write(permit=text_of_process(inside))
    assert command("check", "permit.bpmn") == Outcome(
        0,
        "permit.bpmn:4: warning[deadlock] parallelGateway 'both' (All checked): a case gets stuck: tokens wait at 'All checked' for flow 'j'; "
        "e.g. after 'Check'\n"
        "    fix: let a token come by each flow into it, or make it an exclusive gateway where only one of them is taken\n",
        "1 file, 0 errors, 1 warning\n",
    )
    (result,) = json.loads(command("check", "permit.bpmn", "--format", "sarif").output)["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("deadlock", "warning")
    assert result["message"]["text"].endswith(
        "e.g. after 'Check'\nfix: let a token come by each flow into it, or make it an exclusive gateway where only one of them is taken"
    )
    (finding,) = json.loads(command("check", "permit.bpmn", "--format", "json").output)["findings"]
    assert (finding["code"], finding["element_id"], finding["element_name"]) == ("deadlock", "both", "All checked")
    assert finding["related_element_ids"] == ["j", "g"]


def test_no_case_can_be_completed() -> None:
    inside = '<startEvent id="in"/><task id="a"/><sequenceFlow id="f" sourceRef="in" targetRef="a"/>'
    write(permit=text_of_process(inside + '<sequenceFlow id="g" sourceRef="a" targetRef="a"/>'))
    outcome = command("check", "permit.bpmn")
    assert (outcome.status, codes(outcome)) == (1, [("permit.bpmn:3", "no-completion")])


def test_what_is_not_simulated_is_no_fault_of_a_map() -> None:
    write(permit=text_of_process('<startEvent id="in"/><complexGateway id="x"/><sequenceFlow id="f" sourceRef="in" targetRef="x"/>'))
    outcome = command("check", "permit.bpmn")
    assert (outcome.status, outcome.errors) == (0, "1 file, 0 errors, 0 warnings\n")
    assert outcome.output.startswith("permit.bpmn:3: info[unsupported-element] complexGateway 'x': is not simulated yet\n")


def test_folders_are_walked_and_files_sorted() -> None:
    write(b=FAULTY, a__z=WARNED, a_b=FAULTY, a__b__c=FAULTY)
    write(**{".git__x": FAULTY, "a__.venv__x": FAULTY})
    for name, text in (
        ("a/d.bpmn20.xml", FAULTY),
        ("a/e.XML", FAULTY),
        ("a/f.xml", "<project/>"),
        ("a/g.xml", "<broken"),
        ("a/h.txt", FAULTY),
    ):
        Path(name).write_text(text, encoding="utf-8")
    outcome = command("check", ".")
    places = [place for place, code in codes(outcome) if code == "dangling-reference"]
    assert places == [
        os.path.join(".", *name.split("/")) + ":5" for name in ("a/b/c.bpmn", "a/d.bpmn20.xml", "a/e.XML", "a_b.bpmn", "b.bpmn")
    ]
    assert outcome.errors == "6 files, 5 errors, 2 warnings\n"
    assert outcome == command("check", ".")


def test_a_file_is_checked_once_however_often_it_is_named() -> None:
    write(maps__permit=FAULTY)
    Path("other.bpmn").symlink_to("maps/permit.bpmn")
    outcome = command("check", "maps", "maps/permit.bpmn", "./maps//permit.bpmn", "other.bpmn")
    assert outcome.errors == "1 file, 1 error, 0 warnings\n"


def test_a_named_file_is_read_whatever_its_name_is() -> None:
    Path("permit.txt").write_text(FAULTY, encoding="utf-8")
    assert codes(command("check", "permit.txt")) == [("permit.txt:5", "dangling-reference")]


def test_a_file_that_cannot_be_read_is_a_finding_among_others() -> None:
    write(a="no map", b=WARNED, c="<definitions/>")
    outcome = command("check", ".")
    assert outcome.status == 1
    assert [code for _, code in codes(outcome)] == ["not-xml", "invalid-id", "schema-violation", "not-bpmn"]
    assert outcome.errors == "3 files, 2 errors, 2 warnings\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            ('<?xml version="1.0" encoding="UTF-8"?>' + text_of_process('<task id="t" name="Größe prüfen"/>')).encode("cp1252"),
            "map.bpmn:1: warning[wrong-encoding] declared as 'utf-8' but not written in it; read as 'windows-1252'\n"
            "    fix: save the file in the encoding that its first line declares, best UTF-8\n",
        ),
        (
            text_of_process("").replace('xmlns:own="urn:permits"', 'xmlns:own="http://town hall/permits"').encode(),
            "map.bpmn:1: warning[faulty-namespace] xmlns:own: 'http://town hall/permits' is not a valid URI; read all the same\n"
            "    fix: declare the namespace, with a valid URI\n",
        ),
        (
            b"\n" + ('<?xml version="1.0" encoding="UTF-8"?>' + text_of_process("")).encode(),
            "map.bpmn:2: warning[misplaced-declaration] white space stands before the XML declaration; overlooked\n"
            "    fix: let the file begin with '<?xml'\n",
        ),
    ],
    ids=["wrong encoding", "space in a namespace", "misplaced declaration"],
)
def test_what_was_repaired_to_read_a_file_is_told(data: bytes, expected: str) -> None:
    Path("map.bpmn").write_bytes(data)
    assert command("check", "map.bpmn") == Outcome(0, expected, "1 file, 0 errors, 1 warning\n")


def test_maps_in_utf_16_are_found_in_folders() -> None:
    Path("maps").mkdir()
    Path("maps/map.xml").write_bytes(FAULTY.encode("utf-16"))
    assert codes(command("check", "maps")) == [(os.path.join("maps", "map.xml:5"), "dangling-reference")]


def test_a_doctype_is_refused() -> None:
    write(map="<!DOCTYPE definitions SYSTEM 'file:///etc/passwd'>\n" + GOOD)
    outcome = command("check", "map.bpmn")
    assert (outcome.status, codes(outcome)) == (2, [("map.bpmn:1", "doctype")])


@pytest.mark.parametrize(
    ("paths", "code"),
    [(["gone.bpmn"], "file-missing"), (["empty"], "no-maps"), (["bad.bpmn"], "not-xml"), (["good.bpmn", "gone.bpmn"], "file-missing")],
)
def test_nothing_to_work_on(paths: list[str], code: str) -> None:
    Path("empty").mkdir()
    write(bad="no map", good=GOOD)
    outcome = command("check", *paths)
    assert outcome.status == 2
    assert [told for _, told in codes(outcome)] == [code]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="everything may be read")
def test_a_folder_that_may_not_be_read_is_told() -> None:
    write(maps__permit=GOOD, maps__shut__x=GOOD)
    Path("maps/shut").chmod(0)
    outcome = command("check", "maps")
    Path("maps/shut").chmod(0o700)
    assert (outcome.status, codes(outcome)) == (1, [("maps/shut", "file-unreadable")])


@pytest.mark.parametrize("arguments", [[], [""], ["permit.bpmn", ""]])
def test_wrong_use(arguments: list[str]) -> None:
    write(permit=GOOD)
    outcome = command("check", *arguments)
    assert (outcome.status, outcome.output, [each.code for each in outcome.told]) == (2, "", ["wrong-use"])


def test_an_output_that_cannot_be_written_is_told_before_anything_is_read() -> None:
    write(permit=FAULTY)
    outcome = command("check", "permit.bpmn", "--output", "no/such/folder.txt")
    assert (outcome.status, outcome.output, [each.code for each in outcome.told]) == (2, "", ["not-written"])


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_output_goes_into_a_file(form: str) -> None:
    write(permit=FAULTY)
    printed = command("check", "permit.bpmn", "--format", form)
    written = command("check", "permit.bpmn", "--format", form, "--output", "found")
    assert written == Outcome(1, "", printed.errors)
    assert Path("found").read_text(encoding="utf-8") == printed.output


def test_json() -> None:
    write(permit=FAULTY)
    outcome = command("check", "permit.bpmn", "--format", "json")
    assert outcome.status == 1
    assert json.loads(outcome.output) == {
        "format": 1,
        "files": ["permit.bpmn"],
        "counts": {"error": 1, "warning": 0, "info": 0},
        "findings": [
            {
                "code": "dangling-reference",
                "severity": "error",
                "path": "permit.bpmn",
                "line": 5,
                "element_kind": "sequenceFlow",
                "element_id": "on",
                "element_name": "to sign",
                "related_element_ids": [],
                "message": "targetRef 'inn' names no element",
                "fix": "point targetRef at a flow node of process 'p'; did you mean 'in'?",
            }
        ],
    }


def test_strange_names_keep_to_their_lines() -> None:
    flow = '<sequenceFlow id="on" name="&#155;31m" sourceRef="a&#10;b" targetRef="on"/>'
    write(**{"strange\n\x1b[31m": text_of_process(flow)})
    outcome = command("check", ".")
    assert outcome.status == 1
    assert [each.code for each in told(outcome.output)] == ["dangling-reference", "wrong-reference", "schema-violation"]
    assert all(sign.isprintable() for sign in outcome.output.replace("\n", ""))
    assert json.loads(command("check", ".", "--format", "json").output)["files"] == ["./strange\n\x1b[31m.bpmn"]


@pytest.mark.skipif(sys.platform != "linux", reason="only there are file names bytes")
def test_names_that_are_no_text() -> None:
    name = os.fsdecode(b"m\xfcll.bpmn")
    Path(name).write_text(FAULTY, encoding="utf-8")
    assert b"m\\udcfcll.bpmn:5: error[dangling-reference]" in run("check", name).stdout
    assert json.loads(run("check", name, "--format", "json").stdout)["files"] == ["m?ll.bpmn"]
    (result,) = json.loads(run("check", name, "--format", "sarif").stdout)["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": "m%FCll.bpmn"}


def test_a_reader_that_goes_away_is_no_fault() -> None:
    write(**{f"m{number}": FAULTY for number in range(40)})
    assert run("check", ".", "--format", "json").returncode == 1
