"""Files that are not there, are no files, hold other than text, or lead to each other in a circle."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Fault, Outcome, assert_told, command, python
from tests.bad_input.triple import GOOD, MAP, ORGANIZATION, SCENARIO

BINARY = bytes(range(256)) * 4
BASE = SCENARIO.replace('organization = "org.toml"\n', "")


def ran() -> Outcome:
    return command("handoffs", "map.bpmn", "scenario.toml")


def assert_unreadable(fault: Fault, error: type[bm.BpmnMapError], status: int = 2) -> None:
    outcome = ran()
    assert_told(outcome.told, [fault])
    assert (outcome.status, outcome.output) == (status, "")
    raised, findings = python()
    assert raised is error
    printed = outcome.errors.partition("; bpmnmap scenario new")[0]  # a command; nothing that Python is to be told
    assert [str(finding) for finding in findings] == [printed.rstrip("\n")]


def test_the_good_triple_runs_without_a_word() -> None:
    GOOD.write(Path())
    outcome = ran()
    assert (outcome.status, outcome.errors) == (0, "")
    assert outcome.output.startswith("Handoff delay in hours")


def test_no_map() -> None:
    GOOD.write(Path())
    Path("map.bpmn").unlink()
    assert_unreadable(Fault("file-missing", "map.bpmn", "there is no such file", "check the path"), bm.BpmnReadError)


def test_no_scenario() -> None:
    GOOD.write(Path())
    Path("scenario.toml").unlink()
    fault = Fault("file-missing", "scenario.toml", "no file 'scenario.toml'", "give the path of a TOML file that exists")
    assert_unreadable(fault, bm.ScenarioError)


def test_no_organization() -> None:
    GOOD.write(Path())
    Path("org.toml").unlink()
    fault = Fault("file-missing", "scenario.toml [organization]", "no file 'org.toml'", "give the path of a TOML file that exists")
    assert_unreadable(fault, bm.ScenarioError)


def test_no_base() -> None:
    GOOD.in_scenario('organization = "org.toml"', 'extends = "bases/as_is.toml"').write(Path())
    fault = Fault(
        "file-missing", "scenario.toml [extends]", f"no file '{Path('bases/as_is.toml')}'", "give the path of a TOML file that exists"
    )
    assert_unreadable(fault, bm.ScenarioError)


def test_a_folder_instead_of_a_map() -> None:
    GOOD.write(Path())
    Path("map.bpmn").unlink()
    Path("map.bpmn").mkdir()
    assert_unreadable(Fault("not-a-file", "map.bpmn", "is a folder", "name a .bpmn file"), bm.BpmnReadError)


def test_a_folder_instead_of_a_scenario() -> None:
    GOOD.write(Path())
    Path("scenario.toml").unlink()
    Path("scenario.toml").mkdir()
    fault = Fault("file-unreadable", "scenario.toml", "'scenario.toml' is a folder", "give the path of a TOML file in it")
    assert_unreadable(fault, bm.ScenarioError)


def test_a_folder_instead_of_an_organization() -> None:
    GOOD.in_scenario('"org.toml"', '"."').write(Path())
    fault = Fault("file-unreadable", "scenario.toml [organization]", "'.' is a folder", "give the path of a TOML file in it")
    assert_unreadable(fault, bm.ScenarioError)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
@pytest.mark.parametrize("name", ["map.bpmn", "scenario.toml"])
def test_a_device_without_end(name: str) -> None:
    GOOD.write(Path())
    Path(name).unlink()
    Path(name).symlink_to("/dev/zero")
    outcome = ran()
    (found,) = outcome.told
    assert (outcome.status, outcome.output) == (2, "")
    assert (found.code, found.message) in {
        ("not-a-file", "is not a file"),
        ("file-unreadable", "'scenario.toml' holds more than 33554432 bytes"),
    }


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever runs this may read all files")
@pytest.mark.parametrize("name", ["map.bpmn", "scenario.toml", "org.toml"])
def test_a_file_that_may_not_be_read(name: str) -> None:
    GOOD.write(Path())
    Path(name).chmod(0)
    outcome = ran()
    assert [each.code for each in outcome.told] == ["file-unreadable"]
    assert (outcome.status, outcome.output) == (2, "")


BYTES = {
    "a binary map": ("map.bpmn", BINARY, Fault("not-xml", "map.bpmn:1", "not well-formed XML", "export the map"), bm.BpmnReadError),
    "a map of zeros": ("map.bpmn", bytes(1000), Fault("not-xml", "map.bpmn:1", "not well-formed XML", "export the map"), bm.BpmnReadError),
    "a picture": ("map.bpmn", b"\x89PNG\r\n\x1a\n" + bytes(40), Fault("not-xml", "map.bpmn:1", "'<' not found", "export the map"), bm.BpmnReadError),
    "a binary scenario": ("scenario.toml", BINARY, Fault("not-utf-8", "scenario.toml:2", "byte '0x80' is not UTF-8", "save the file as UTF-8"), bm.ScenarioError),
    "a binary organization": ("org.toml", BINARY, Fault("not-utf-8", "org.toml:2", "byte '0x80' is not UTF-8", "save the file as UTF-8"), bm.OrganizationError),
    "a scenario in Latin-1": (
        "scenario.toml", f"# Büro\n{SCENARIO}".encode("latin-1"),
        Fault("not-utf-8", "scenario.toml:1", "byte '0xfc' is not UTF-8", "save the file as UTF-8"), bm.ScenarioError,
    ),
    "a scenario in UTF-16": (
        "scenario.toml", SCENARIO.encode("utf-16"),
        Fault("not-utf-8", "scenario.toml:1", "byte '0xff' is not UTF-8", "save the file as UTF-8"), bm.ScenarioError,
    ),
    "no value": (
        "scenario.toml", SCENARIO.replace("replications = 2", "replications =").encode(),
        Fault("toml-syntax", "scenario.toml:5", "'replications ='", "correct this line"), bm.ScenarioError,
    ),
    "text without quotes": (
        "org.toml", ORGANIZATION.replace('"City"', "City").encode(),
        Fault("toml-syntax", "org.toml:1", "'name = City'", "correct this line"), bm.OrganizationError,
    ),
    "a table twice": (
        "org.toml", ORGANIZATION.replace("[units.TO]\n", "[units.FO]\n").encode(),
        Fault("toml-syntax", "org.toml:13", "'[units.FO]'", "correct this line"), bm.OrganizationError,
    ),
    "a number of 5000 digits": (
        "scenario.toml", SCENARIO.replace("replications = 2", f"replications = {'9' * 5000}").encode(),
        Fault("toml-syntax", "scenario.toml", "a number has too many digits", "write a shorter number"), bm.ScenarioError,
    ),
    "tables 60 deep": (
        "scenario.toml", f"{SCENARIO}[{'.'.join('a' * 60)}]\n".encode(),
        Fault("toml-syntax", "scenario.toml", "nested too deeply", "nest less deeply"), bm.ScenarioError,
    ),
    "tables 3000 deep": (
        "scenario.toml", f"{SCENARIO}[{'.'.join('a' * 3000)}]\n".encode(),
        Fault("toml-syntax", "scenario.toml", "nested too deeply", "nest less deeply"), bm.ScenarioError,
    ),
    "arrays 3000 deep": (
        "scenario.toml", SCENARIO.replace("replications = 2", f"replications = {'[' * 3000}{']' * 3000}").encode(),
        Fault("toml-syntax", "scenario.toml", "nested too deeply", "nest less deeply"), bm.ScenarioError,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "fault", "error"), BYTES.values(), ids=BYTES)
def test_files_that_cannot_be_read_as_text(name: str, content: bytes, fault: Fault, error: type[bm.BpmnMapError]) -> None:
    GOOD.write(Path())
    Path(name).write_bytes(content)
    assert_unreadable(fault, error)


@pytest.mark.parametrize(
    "change", [lambda text: text.replace("\n", "\r\n"), lambda text: f"\ufeff{text}"], ids=["line ends of Windows", "byte order marks"]
)
def test_what_other_editors_write_is_read(change: object) -> None:
    assert callable(change)
    GOOD.write(Path())
    plain = ran()
    for name, text in (("map.bpmn", MAP), ("org.toml", ORGANIZATION), ("scenario.toml", SCENARIO)):
        Path(name).write_bytes(change(text).encode())
    assert ran() == plain


def test_a_scenario_that_extends_itself() -> None:
    GOOD.in_scenario('organization = "org.toml"', 'organization = "org.toml"\nextends = "scenario.toml"').write(Path())
    fault = Fault("extends-circle", "scenario.toml [extends]", "'scenario.toml' → 'scenario.toml'", "remove one of these extends")
    assert_unreadable(fault, bm.ScenarioError, 1)


def test_scenarios_that_extend_each_other() -> None:
    GOOD.in_scenario('organization = "org.toml"', 'organization = "org.toml"\nextends = "base.toml"').write(Path())
    Path("base.toml").write_text('extends = "scenario.toml"\n', encoding="utf-8")
    fault = Fault("extends-circle", "base.toml [extends]", "'scenario.toml' → 'base.toml' → 'scenario.toml'", "remove one of these extends")
    assert_unreadable(fault, bm.ScenarioError, 1)


def test_a_fault_in_a_base_is_told_there() -> None:
    Path("bases").mkdir()
    GOOD.write(Path("bases"))
    Path("map.bpmn").write_text(MAP, encoding="utf-8")
    Path("scenario.toml").write_text(
        'extends = "bases/scenario.toml"\n[gateways.Ok]\nprobabilities = { no = 0.2, yes = 0.7 }\n', encoding="utf-8"
    )
    assert_unreadable(
        Fault("probabilities", "scenario.toml [gateways.Ok]", "0.2 + 0.7 = 0.9", "so that they sum to 1"), bm.ScenarioError, 1
    )
    Path("scenario.toml").write_text('extends = "bases/scenario.toml"\n', encoding="utf-8")
    base = Path("bases", "scenario.toml")
    base.write_text(SCENARIO.replace("yes = 0.8", "yes = 0.7"), encoding="utf-8")
    assert_unreadable(Fault("probabilities", f"{base} [gateways.Ok]", "0.2 + 0.7 = 0.9", "so that they sum to 1"), bm.ScenarioError, 1)


def test_nothing_to_remove() -> None:
    GOOD.in_scenario('organization = "org.toml"', 'organization = "org.toml"\nremove = ["gateways.OK"]').write(Path())
    fault = Fault("nothing-to-remove", "scenario.toml [remove]", "'gateways.OK' is not there", "name a key that a file in extends gives")
    assert_unreadable(fault, bm.ScenarioError, 1)
