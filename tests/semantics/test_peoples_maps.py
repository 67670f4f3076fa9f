"""What people's maps contain runs: every map of the folder, from nothing but what `scenario_template` assumes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_once

HERE = Path(__file__).parent / "peoples_maps"


@dataclass(frozen=True, slots=True)
class Told:
    """What is asserted of one map: units of tasks, warnings as (code, element), starts and transfers, and how many numbers it needs."""

    units: dict[str, str]
    starts: tuple[str, ...]
    transfers: tuple[tuple[str, str], ...]
    numbers: int
    warnings: tuple[tuple[str, str], ...] = ()


ONE_UNIT_EACH = {
    "cycles": Told({"Draft": "Drafts", "Check": "Drafts", "Note": "Drafts"}, ("In",), (), 7),
    "empty_sub_process": Told({"Review": "Review"}, ("In",), (), 3),
    "implicit": Told(
        dict.fromkeys(("Receive", "Scan", "Answer", "Archive", "Report"), "Complaints"),
        ("Receive",),
        (),
        7,
        (("unsynchronized", "Answer"), ("unsynchronized", "Archive"), ("unsynchronized", "Report")),
    ),
    "join_and_fork": Told(dict.fromkeys(("Site", "Papers", "Fee", "Letter", "Mend"), "Permit"), ("In",), (), 8),
    "starts_and_ends": Told({"Open": "Desk", "Handle": "Desk"}, ("Walk_in", "Letter", "Monthly"), (), 7),
}
SEVERAL_UNITS = {
    "lanes": Told(
        {"Register": "Counter", "Sign": "Permit Office", "Stamp": "Permit Office", "Post": "City Hall"},
        ("In",),
        (("Counter", "Permit Office"), ("Permit Office", "City Hall")),
        10,
        (("lane-without-unit", "Nameless"),),
    ),
    "performers": Told(
        {"Visit": "Inspectors", "Approve": "heads", "Pay": "treasury", "File": "Inspection"},
        ("In",),
        (("Inspection", "Inspectors"), ("Inspectors", "heads"), ("heads", "treasury"), ("treasury", "Inspection")),
        13,
    ),
    "pools": Told(
        {"Test": "Laboratory", "Ask": "Office", "Decide": "Office"},
        ("In",),
        (("Office", "Laboratory"),),
        8,
        (("unsent-message", "Result"),),
    ),
    "same_names": Told(
        {"a_first": "Front", "a_second": "Front", "a_third": "Front", "b_first": "Back"}, ("a_in", "b_in"), (), 9
    ),
}  # fmt: skip
EXPECTED = ONE_UNIT_EACH | SEVERAL_UNITS


def given(name: str, folder: Path) -> tuple[bm.Definitions, bm.Scenario]:
    """A map, and what is assumed for it."""
    definitions = bm.read_bpmn(HERE / f"{name}.bpmn")
    template = bm.scenario_template(definitions, assume=True)
    (folder / "org.toml").write_text(template.organization, encoding="utf-8")
    (folder / "as_is.toml").write_text(template.scenario, encoding="utf-8")
    return definitions, bm.read_scenario(folder / "as_is.toml")


def test_no_map_is_forgotten() -> None:
    assert {path.stem for path in HERE.glob("*.bpmn")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_map_runs(name: str, tmp_path: Path) -> None:
    expected = EXPECTED[name]
    definitions, scenario = given(name, tmp_path)
    plan = make_plan([definitions], scenario)
    assert tuple((finding.code, finding.element_id) for finding in plan.findings) == expected.warnings
    assert all(finding.severity is bm.Severity.WARNING for finding in plan.findings)
    operations = [(process, index) for process in plan.processes for index in range(len(process.program.operations))]
    works = [(process, index) for process, index in operations if index in process.works]
    assert {
        process.program.operations[index].origin.element: plan.units[process.units[index]] for process, index in works
    } == expected.units
    starts = [plan.processes[source.process].program.operations[source.operation].origin.element for source in plan.sources]
    assert tuple(starts) == expected.starts
    assert {(each.from_, each.to) for each in scenario.transfers} == set(expected.transfers)
    assert plan.assumed == (expected.numbers, expected.numbers)
    log = run_once(plan, 1, 1)
    status = log.cases.categorical("status")
    counted = [status.categories[code] for code in status.codes[log.cases.counted]]
    assert len(counted) > 500
    assert set(counted) == {"completed"}
    assert {element.rpartition("/")[2] for element in log.instances.categorical("element").categories} == expected.units.keys()


def test_pools_that_talk_run_as_one_program(tmp_path: Path) -> None:
    definitions, scenario = given("pools", tmp_path)
    plan = make_plan([definitions], scenario)
    assert [process.program.processes for process in plan.processes] == [("office", "lab")]
    assert len(plan.map_digests) == 2
    assert [program.processes for program in bm.lower(definitions)] == [("office", "lab")]


def test_a_faulty_process_is_told_and_so_is_the_other() -> None:
    text = (HERE / "pools.bpmn").read_text(encoding="utf-8")
    text = text.replace('<task id="Test" name="Work"/>', '<transaction id="Test" name="Work"/>').replace(
        '<task id="Ask" name="Work"/>', '<task id="Ask" name="Work" startQuantity="2"/>'
    )
    definitions = bm.parse_bpmn(text.encode())
    with pytest.raises(bm.UnsupportedElementError) as caught:
        bm.lower(definitions)
    assert [finding.element_id for finding in caught.value.findings] == ["Ask", "Test"]
    with pytest.raises(bm.UnsupportedElementError) as caught:
        bm.scenario_template(definitions)
    assert [finding.element_id for finding in caught.value.findings] == ["Ask", "Test"]  # what is not run sends nothing


def test_two_processes_of_one_id_cannot_run_together() -> None:
    text = (HERE / "pools.bpmn").read_text(encoding="utf-8").replace('<process id="lab">', '<process id="office">')
    with pytest.raises(bm.MapError) as caught:
        bm.scenario_template(bm.parse_bpmn(text.encode()))
    codes = [finding.code for finding in caught.value.findings if finding.severity is bm.Severity.ERROR]
    assert codes == ["dangling-reference", "duplicate-id", "duplicate-process"]


def test_a_table_for_elements_of_two_processes_is_told(tmp_path: Path) -> None:
    definitions, scenario = given("same_names", tmp_path)
    del scenario
    text = (tmp_path / "as_is.toml").read_text(encoding="utf-8").replace("[arrivals.a_in]", "[arrivals.START]")
    (tmp_path / "as_is.toml").write_text(text, encoding="utf-8")
    with pytest.raises(bm.ScenarioError) as caught:
        make_plan([definitions], bm.read_scenario(tmp_path / "as_is.toml"))
    (finding,) = caught.value.findings
    assert (finding.code, finding.message) == ("ambiguous-element", "'START' may be 'a/a_in', 'b/b_in'")
