from __future__ import annotations

from pathlib import Path

import pytest

from bpmnmap.errors import ScenarioError
from bpmnmap.findings import Location
from bpmnmap.simulation.scenario import read_scenario
from tests.simulation.scenario_folder import BASE, ORG, Files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_location(files: Files) -> None:
    scenario = files.over(
        "seed = 4\n[activities.A]\nunit = 'FO'\npools = {}\n[[transfers]]\nfrom = 'TO'\nto = 'FO'\n[[transfers]]\nflow = 'F'\n"
    )
    base, over = files.path("base.toml"), files.path("over.toml")
    assert {
        key: (scenario.location(key).path, scenario.location(key).key)
        for key in (
            "seed", "start", "activities.A.unit", "activities.A.processing_time", "activities.A.processing_time.mean", "activities.A.setup_time",
            "activities.B", "gateways.X.probabilities.a", "transfers[0].to", "transfers[2]", "transfers[3].from", "units.FO.parent", "calendars.head.hours",
        )
    } == {
        "seed": (over, "seed"),
        "start": (base, "start"),
        "activities.A.unit": (over, "activities.A.unit"),
        "activities.A.processing_time": (base, "activities.A.processing_time"),
        "activities.A.processing_time.mean": (base, "activities.A.processing_time.mean"),
        "activities.A.setup_time": (over, "activities.A.setup_time"),  # not there: the file that spoke of A last
        "activities.B": (over, "activities.B"),
        "gateways.X.probabilities.a": (base, "gateways.X.probabilities.a"),
        "transfers[0].to": (base, "transfers[0].to"),
        "transfers[2]": (over, "transfers[1]"),
        "transfers[3].from": (over, "transfers[0].from"),
        "units.FO.parent": (files.path("org.toml"), "units.FO.parent"),
        "calendars.head.hours": (files.path("org.toml"), "calendars.head.hours"),
    }  # fmt: skip
    assert scenario.location(("activities", "A", "unit")) == scenario.location("activities.A.unit")


def test_faults_stand_in_the_file_that_gives_the_value(files: Files) -> None:
    files.write(
        "base.toml",
        BASE.replace('unit = "TO"', 'unit = "TOO"').replace("a = 0.2", "a = 2") + "[foo]\n[[transfers]]\nfrom = 'FO'\nto = 'XX'\n",
    )
    files.write("over.toml", "extends = 'base.toml'\nseed = -1\n[activities.A]\nsource = 'x'\n[[transfers]]\nfrom = 'FO'\nto = 'YY'\n")
    files.write("org.toml", ORG + "bar = 1\n")
    assert files.faults() == [
        ("over.toml", "seed", "out-of-range", "'seed' must be >= 0 (got '-1')"),
        ("over.toml", "transfers[0].to", "unknown-unit", "no unit 'YY'"),
        ("base.toml", "activities.A.unit", "unknown-unit", "no unit 'TOO'"),
        ("base.toml", "gateways.X.probabilities.a", "out-of-range", "'a' must be <= 1.0 (got '2')"),
        ("base.toml", "transfers[3].to", "unknown-unit", "no unit 'XX'"),
        ("base.toml", "foo", "unknown-key", "unknown key 'foo'"),
        ("org.toml", "units.PO.bar", "unknown-key", "unknown key 'bar'"),
    ]


def test_what_is_overridden_or_removed_is_not_looked_at(files: Files) -> None:
    files.write("base.toml", BASE.replace('"PT10M"', '"ten"').replace("a = 0.2", "a = 2"))
    assert files.over("remove = ['gateways.X']\n[activities.A]\nprocessing_time = 'PT5M'\n").gateways == {}


# ---- files as such ---------------------------------------------------------------------------------------------------------


def test_a_circle(files: Files) -> None:
    files.write("a.toml", "extends = 'inner/b.toml'\n")
    files.write("inner/b.toml", "extends = 'c.toml'\n")
    files.write("inner/c.toml", "extends = '../inner/b.toml'\n")
    chain = " → ".join(f"'{files.path(f'inner/{name}.toml')}'" for name in "bcb")
    assert files.faults("a.toml") == [("inner/c.toml", "extends", "extends-circle", f"files extend each other: {chain}")]


def test_a_file_that_extends_itself(files: Files) -> None:
    files.write("a.toml", "extends = 'a.toml'\n")
    (fault,) = files.faults("a.toml")
    assert fault[:3] == ("a.toml", "extends", "extends-circle")


def test_a_base_that_is_not_there(files: Files) -> None:
    files.write("over.toml", "extends = ['none.toml', 'base.toml']\nseed = -1\nremove = ['activities.Z']\n")
    assert files.faults() == [
        ("over.toml", "extends", "file-missing", f"no file '{files.path('none.toml')}'"),
        ("over.toml", "seed", "out-of-range", "'seed' must be >= 0 (got '-1')"),  # activities.Z may stand in none.toml
    ]


def test_a_base_with_a_syntax_error(files: Files) -> None:
    files.write("base.toml", "start = = 1\n")
    files.write("over.toml", "extends = 'base.toml'\n")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(files.path("over.toml"))
    assert [(each.location, each.code) for each in caught.value.findings] == [(Location(files.path("base.toml"), line=1), "toml-syntax")]


def test_a_base_of_another_format(files: Files) -> None:
    files.write("base.toml", "format = 2\n" + BASE)
    files.write("over.toml", "extends = 'base.toml'\nformat = 1\n")
    assert files.faults() == [("base.toml", "format", "unknown-format", "format '2' is not known")]
