from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bpmnmap.errors import ScenarioError
from bpmnmap.findings import Location
from bpmnmap.simulation.scenario import Exponential, Fixed, Transfer, read_scenario
from tests.simulation.scenario_folder import BASE, ORG, Files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_nothing_over_a_base(files: Files) -> None:
    scenario, base = files.over(""), read_scenario(files.path("base.toml"))
    assert scenario.digest == base.digest
    assert scenario.path == files.path("over.toml")
    assert (scenario.source, scenario.assumed) == ("workshop", True)


# ---- merging ---------------------------------------------------------------------------------------------------------------


def test_tables_merge_key_by_key(files: Files) -> None:
    activity = files.over("[activities.A]\nunit = 'FO'\npools = { 'FO.staff' = 1 }\n[activities.B]\nprocessing_time = 'PT1M'\n").activities[
        "A"
    ]
    assert activity.unit == "FO"
    assert activity.processing_time == Exponential(mean=timedelta(minutes=10), assumed=True)


@pytest.mark.parametrize("text", ["processing_time = 'PT5M'", "processing_time = { distribution = 'fixed', value = 'PT5M' }"])
def test_a_distribution_is_replaced_whole(files: Files, text: str) -> None:
    assert files.over(f"[activities.A]\n{text}\n").activities["A"].processing_time == Fixed(value=timedelta(minutes=5))


def test_a_duration_gives_way_to_a_distribution(files: Files) -> None:
    files.write("base.toml", BASE + "[activities.B]\nprocessing_time = 'PT5M'\n")
    times = files.over("[activities.B.processing_time]\ndistribution = 'exponential'\nmean = 'PT7M'\n").activities["B"].processing_time
    assert times == Exponential(mean=timedelta(minutes=7))


def test_tables_of_probabilities_and_pools_are_replaced_whole(files: Files) -> None:
    scenario = files.over("[gateways.X.probabilities]\nc = 1.0\n[activities.A.pools]\n'TO.head' = 1\n")
    assert scenario.gateways["X"].probabilities == {"c": 1.0}
    assert scenario.activities["A"].pools == {"TO.head": 1}
    assert files.over("[activities.A]\npools = {}\n").activities["A"].pools == {}


def test_elements_called_like_keys_merge(files: Files) -> None:
    files.write(
        "base.toml", BASE + "[activities.pools]\nunit = 'FO'\nprocessing_time = 'PT1M'\n[gateways.probabilities]\nchoices = [['a']]\n"
    )
    scenario = files.over("[activities.pools]\nprocessing_time = 'PT2M'\n")
    assert scenario.activities["pools"].unit == "FO"
    assert scenario.gateways["probabilities"].choices == (("a",),)


def test_arrays_are_replaced_whole(files: Files) -> None:
    files.write("base.toml", BASE + "[arrivals.T]\nat = [2026-01-06, 2026-01-07]\n[gateways.Y]\nchoices = [['a'], ['b']]\n")
    scenario = files.over("[arrivals.T]\nat = [2026-01-08]\n[gateways.Y]\nchoices = [['c']]\n")
    assert scenario.arrivals["T"].at == (datetime(2026, 1, 8),)
    assert scenario.gateways["Y"].choices == (("c",),)


def test_a_table_that_sets_a_value_does_not_inherit_source_and_assumed(files: Files) -> None:
    scenario = files.over(
        "seed = 2\n[activities.A]\nunit = 'FO'\npools = {}\n[gateways.X]\nprobabilities = { a = 1.0 }\nsource = 'guess'\n"
    )
    assert (scenario.source, scenario.assumed) == (None, False)
    assert (scenario.activities["A"].source, scenario.activities["A"].assumed) == (None, False)
    assert scenario.gateways["X"].source == "guess"


def test_a_table_that_sets_none_inherits_them(files: Files) -> None:
    scenario = files.over("[activities.A]\nsource = 'time sheet'\n[activities.B]\nunit = 'FO'\n")
    assert (scenario.activities["A"].source, scenario.activities["A"].assumed) == ("time sheet", True)
    assert (scenario.source, scenario.assumed) == ("workshop", True)  # activities.B is not a value of the top


def test_ways_of_arriving_drop_each_other(files: Files) -> None:
    arrival = files.over("[arrivals.S]\nat = [2026-01-06]\n").arrivals["S"]
    assert (arrival.inter_arrival_time, arrival.calendar, len(arrival.at)) == (None, "always", 1)
    arrival = files.over("[arrivals.S]\ntimetable = [{ hours = 'Mon 08:00-09:00', inter_arrival_time = 'PT1M' }]\n").arrivals["S"]
    assert (arrival.inter_arrival_time, arrival.calendar, len(arrival.timetable)) == (None, "always", 1)
    arrival = files.over("[arrivals.S]\ninter_arrival_time = 'PT1M'\n").arrivals["S"]
    assert (arrival.inter_arrival_time, arrival.calendar) == (Fixed(value=timedelta(minutes=1)), "office")
    arrival = files.over("[arrivals.S]\ncases = 4\n").arrivals["S"]
    assert (arrival.inter_arrival_time is not None, arrival.calendar, arrival.cases) == (True, "office", 4)
    files.write("base.toml", BASE + "[arrivals.T]\nat = [2026-01-06]\n")
    assert files.over("[arrivals.T]\ninter_arrival_time = 'PT1M'\n").arrivals["T"].at == ()


def test_probabilities_and_choices_drop_each_other(files: Files) -> None:
    gateway = files.over("[gateways.X]\nchoices = [['a']]\n").gateways["X"]
    assert (gateway.probabilities, gateway.choices) == (None, (("a",),))
    files.write("middle.toml", "extends = 'base.toml'\n[gateways.X]\nchoices = [['a']]\n")
    files.write("over.toml", "extends = 'middle.toml'\n[gateways.X]\nprobabilities = { a = 1.0 }\n")
    gateway = read_scenario(files.path("over.toml")).gateways["X"]
    assert (gateway.probabilities, gateway.choices) == ({"a": 1.0}, None)


def test_cases_and_duration_drop_each_other(files: Files) -> None:
    scenario = files.over("cases = 5\n")
    assert (scenario.cases, scenario.duration, scenario.warm_up, scenario.follow_up) == (5, None, timedelta(0), None)
    files.write("middle.toml", "extends = 'base.toml'\ncases = 5\n")
    files.write("over.toml", "extends = 'middle.toml'\nduration = 'P10D'\n")
    scenario = read_scenario(files.path("over.toml"))
    assert (scenario.cases, scenario.duration, scenario.warm_up, scenario.follow_up) == (None, timedelta(10), timedelta(0), timedelta(10))


def test_duration_alone_keeps_warm_up(files: Files) -> None:
    scenario = files.over("duration = 'P10D'\n")
    assert (scenario.duration, scenario.warm_up, scenario.follow_up) == (timedelta(10), timedelta(14), timedelta(30))


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        ("cases = 5\nduration = 'P1D'\n", "duration", "contradicting-keys"),
        ("[gateways.X]\nchoices = [['a']]\nprobabilities = { a = 1.0 }\n", "gateways.X.choices", "contradicting-keys"),
        ("[arrivals.S]\nat = [2026-01-06]\ninter_arrival_time = 'PT1M'\n", "arrivals.S.at", "contradicting-keys"),
    ],
)
def test_one_file_that_gives_both(files: Files, text: str, key: str, code: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        files.over(text)
    assert (Location(files.path("over.toml"), key=key), code) in [(each.location, each.code) for each in caught.value.findings]


def test_a_transfer_replaces_that_of_the_same_ends_or_flow_whole(files: Files) -> None:
    scenario = files.over(
        "[[transfers]]\nflow = 'F'\ntransfer_time = 'PT9H'\n[[transfers]]\nfrom = 'FO'\nto = 'TO'\ntransfer_time = 'PT7H'\n"
        "[[transfers]]\nfrom = ['PO', 'TO']\nto = ['FO']\ntransfer_time = 'PT8H'\n[[transfers]]\nfrom = 'TO'\nto = 'FO'\n"
    )
    assert scenario.transfers == (
        Transfer(from_="FO", to="TO", transfer_time=Fixed(value=timedelta(hours=7))),  # without dispatch and source
        Transfer(from_=("PO", "TO"), to="FO", transfer_time=Fixed(value=timedelta(hours=8))),
        Transfer(flow="F", transfer_time=Fixed(value=timedelta(hours=9))),
        Transfer(from_="TO", to="FO"),
    )


def test_transfers_within_a_process_replace_those_of_the_same_process(files: Files) -> None:
    files.write("base.toml", BASE + "[[processes.P.transfers]]\nflow = 'G'\n[[processes.Q.transfers]]\nflow = 'G'\n")
    scenario = files.over("[[processes.P.transfers]]\nflow = 'G'\ntransfer_time = 'PT1H'\n")
    assert [transfer.transfer_time for transfer in scenario.processes["P"].transfers] == [Fixed(value=timedelta(hours=1))]
    assert [transfer.transfer_time for transfer in scenario.processes["Q"].transfers] == [Fixed(value=timedelta(0))]
    assert len(scenario.transfers) == 3


def test_two_transfers_of_one_file_do_not_replace_each_other(files: Files) -> None:
    files.write("over.toml", "extends = 'base.toml'\n" + "[[transfers]]\nflow = 'F'\n" * 2)
    assert files.faults() == [("over.toml", "transfers[1]", "doubled-transfer", "a second transfer for flow 'F'")]


def test_several_bases_the_later_one_wins(files: Files) -> None:
    files.write("fast.toml", "seed = 5\n[activities.A]\nprocessing_time = 'PT1M'\n")
    files.write("slow.toml", "[activities.A]\nprocessing_time = 'PT99M'\n")
    files.write("over.toml", "extends = ['base.toml', 'fast.toml', 'slow.toml']\n")
    scenario = read_scenario(files.path("over.toml"))
    assert scenario.activities["A"].processing_time == Fixed(value=timedelta(minutes=99))
    assert (scenario.activities["A"].unit, scenario.seed) == ("TO", 5)


def test_a_base_may_be_extended_twice(files: Files) -> None:
    files.write("one.toml", "extends = 'base.toml'\nseed = 5\n")
    files.write("two.toml", "extends = 'base.toml'\nreplications = 3\n")
    files.write("over.toml", "extends = ['one.toml', 'two.toml']\n")
    scenario = read_scenario(files.path("over.toml"))
    assert (scenario.seed, scenario.replications) == (5, 3)


def test_paths_are_seen_from_the_file_in_which_they_stand(files: Files) -> None:
    files.write("inner/org.toml", ORG.replace("quantity = 3", "quantity = 9"))
    files.write("inner/over.toml", "extends = '../base.toml'\n")
    assert read_scenario(files.path("inner/over.toml")).organization.units["FO"].pools["staff"].quantity == 3
    files.write("inner/over.toml", "extends = '../base.toml'\norganization = 'org.toml'\n")
    scenario = read_scenario(files.path("inner/over.toml"))
    assert scenario.organization.units["FO"].pools["staff"].quantity == 9
    assert (scenario.organization.name, scenario.organization.path) == ("inner", files.path("inner/org.toml"))


# ---- remove ----------------------------------------------------------------------------------------------------------------


def test_remove(files: Files) -> None:
    scenario = files.over("remove = ['gateways.X.probabilities', 'activities.A.pools', 'warm_up']\n[gateways.Y]\nchoices = [['a']]\n")
    assert list(scenario.gateways) == ["Y"]  # what holds no value any more is gone
    assert scenario.activities["A"].pools is None
    assert scenario.warm_up == timedelta(0)


def test_remove_acts_before_the_own_keys(files: Files) -> None:
    activity = files.over("remove = 'activities.A'\n[activities.A]\nprocessing_time = 'PT1M'\n").activities["A"]
    assert (activity.unit, activity.assumed, activity.processing_time) == (None, False, Fixed(value=timedelta(minutes=1)))


def test_remove_with_quotes_and_within_tables(files: Files) -> None:
    files.write("base.toml", BASE + "[activities.'Check form']\nunit = 'FO'\nprocessing_time = 'PT1M'\n")
    scenario = files.over("""remove = ['activities."Check form".unit', "activities . A . pools . 'TO.staff'", "transfers"]\n""")
    assert (scenario.activities["Check form"].unit, scenario.activities["A"].pools, scenario.transfers) == (None, None, ())


def test_remove_acts_on_the_overrides_of_bases(files: Files) -> None:
    files.write("middle.toml", "extends = 'base.toml'\n[units.TO.pools.staff]\nquantity = 9\n[units.FO]\ncalendar = 'head'\n")
    files.write("over.toml", "extends = 'middle.toml'\nremove = ['units.TO.pools.staff.quantity']\n")
    city = read_scenario(files.path("over.toml")).organization
    assert (city.units["TO"].pools["staff"].quantity, city.units["FO"].calendar) == (4, "head")


@pytest.mark.parametrize(
    ("key", "code", "message"),
    [
        ("gateways.Y", "nothing-to-remove", "'gateways.Y' is not there"),
        ("gateways.X.choices", "nothing-to-remove", "'gateways.X.choices' is not there"),
        ("seed.x", "nothing-to-remove", "'seed.x' is not there"),
        ("units.FO", "nothing-to-remove", "'units.FO' is not there"),  # the organization's, not a base's
        ("a b", "invalid-key", "'a b' is no dotted key of TOML"),
        ("", "invalid-key", "'' is no dotted key of TOML"),
        ("transfers[0]", "nothing-to-remove", "'transfers[0]' is not there"),
    ],
)
def test_faulty_remove(files: Files, key: str, code: str, message: str) -> None:
    files.write("over.toml", f"extends = 'base.toml'\nremove = ['{key}', 'gateways.X']\n")
    assert files.faults() == [("over.toml", "remove", code, message)]


def test_remove_without_bases(files: Files) -> None:
    files.write("over.toml", BASE.replace("start", "remove = ['start']\nstart", 1))
    assert files.faults() == [("over.toml", "remove", "nothing-to-remove", "'start' is not there")]


# ---- overrides of the organization -----------------------------------------------------------------------------------------


def test_overrides(files: Files) -> None:
    scenario = files.over(
        '[units.TO.pools.staff]\nquantity = 5\n[calendars.head]\nhours = "Tue-Thu 09:00-12:00"\n[units.NEW]\nparent = "TO"\npools.x.quantity = 2\n'
    )
    city = scenario.organization
    assert {pool: each.quantity for pool, each in city.units["TO"].pools.items()} == {"staff": 5, "head": 1}
    assert city.calendars["head"].hours == "Tue-Thu 09:00-12:00"
    assert (city.units["TO"].calendar, city.calendar_of("NEW"), list(city.units)) == ("office", "office", ["FO", "TO", "PO", "NEW"])
    assert city.path == files.path("org.toml")
    assert city.name == files.folder.name


def test_overrides_do_not_inherit_the_source(files: Files) -> None:
    city = files.over("[units.FO.pools.staff]\nquantity = 5\n[calendars.office]\nclosed = [2026-01-06]\n").organization
    assert (city.units["FO"].pools["staff"].source, city.calendars["office"].source) == (None, None)
    assert city.calendars["office"].hours == "Mon-Fri 08:00-16:00"


def test_overrides_of_bases_merge(files: Files) -> None:
    files.write("middle.toml", "extends = 'base.toml'\n[units.TO.pools.staff]\nquantity = 9\n[units.FO]\ncalendar = 'head'\n")
    files.write("over.toml", "extends = 'middle.toml'\n[units.TO.pools.staff]\nquantity = 8\n")
    scenario = read_scenario(files.path("over.toml"))
    assert (scenario.organization.units["TO"].pools["staff"].quantity, scenario.organization.units["FO"].calendar) == (8, "head")
    assert scenario.location("units.TO.pools.staff.quantity").path == files.path("over.toml")
    assert scenario.location("units.FO.calendar").path == files.path("middle.toml")
    assert scenario.location("units.FO.pools.staff.quantity").path == files.path("org.toml")
