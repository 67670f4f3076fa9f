from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bpmnmap.errors import ScenarioError
from bpmnmap.findings import Location
from bpmnmap.org.organization import Calendar, Organization, ResourcePool, Unit
from bpmnmap.simulation.scenario import (
    ActivityTimes,
    Arrival,
    EventTimes,
    Exponential,
    Fixed,
    GatewayChoices,
    ProcessTables,
    Scenario,
    TimetableEntry,
    Transfer,
    read_scenario,
)

ORG = """
[calendars.office]
hours = "Mon-Fri 08:00-16:00"
[units.FO]
calendar = "office"
pools.staff.quantity = 3
[units.TO]
calendar = "office"
pools.staff.quantity = 4
pools.head.quantity = 1
[units.PO]
calendar = "always"
"""
HEAD = 'organization = "org.toml"\nstart = 2026-01-05\n'
SHORT = HEAD + "cases = 10\n"


def write(folder: Path, text: str, name: str = "as_is.toml", org: str = ORG) -> str:
    (folder / "org.toml").write_text(org, encoding="utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


CITY = Organization(
    calendars={"office": Calendar(hours="Mon-Fri 08:00-16:00")},
    units={
        "FO": Unit(calendar="office", pools={"staff": ResourcePool(quantity=3)}),
        "TO": Unit(calendar="office", pools={"staff": ResourcePool(quantity=4), "head": ResourcePool(quantity=1)}),
        "PO": Unit(calendar="always"),
    },
)
START = datetime(2026, 1, 5)


def test_a_whole_file(tmp_path: Path) -> None:
    text = """
format = 1
organization = "org.toml"
start = 2026-01-05T08:00:00
warm_up = "P14D"
duration = "P90D"
follow_up = "P30D"
replications = 20
seed = 0
event_budget = 1000
source = "workshop"
[arrivals.Start]
inter_arrival_time = { distribution = "exponential", mean = "PT15M", source = "counter" }
calendar = "office"
[arrivals.Second]
timetable = [{ hours = "Mon-Fri 08:00-12:00", inter_arrival_time = "PT10M" }, { hours = "Mon-Fri 12:00-16:00", inter_arrival_time = "PT20M" }]
cases = 5
[arrivals.Third]
at = [2026-01-07, 2026-01-06T10:00:00]
[arrivals.Off]
cases = 0
[activities.Check]
processing_time = "PT10M"
unit = "TO"
pools = { head = 1 }
assumed = true
[activities.Auto]
processing_time = "PT0S"
pools = {}
[events.Paid]
wait_time = "PT3H"
calendar = "office"
unit = "FO"
[gateways.Complete]
probabilities = { Flow_back = 0.2, Flow_on = 0.8 }
[gateways.Other]
choices = [["a", "b"], ["b"]]
[processes.Permit]
unit = "PO"
activities.Sign = { processing_time = "PT5M", pools = { "TO.head" = 1 } }
[[processes.Permit.transfers]]
flow = "Flow_7"
transfer_time = "PT1H"
[[transfers]]
from = "PO"
to = "TO"
dispatch = "Mon-Fri 10:00 14:00"
transfer_time = "PT90M"
calendar = "office"
[[transfers]]
from = ["FO", "TO"]
to = "*"
"""
    scenario = read_scenario(Path(write(tmp_path, text)))
    assert scenario.start == datetime(2026, 1, 5, 8)
    assert (scenario.warm_up, scenario.duration, scenario.follow_up) == (timedelta(14), timedelta(90), timedelta(30))
    assert (scenario.cases, scenario.replications, scenario.seed, scenario.event_budget) == (None, 20, 0, 1000)
    assert scenario.source == "workshop"
    assert scenario.organization.units == CITY.units
    assert scenario.arrivals == {
        "Start": Arrival(inter_arrival_time=Exponential(mean=timedelta(minutes=15), source="counter"), calendar="office"),
        "Second": Arrival(
            timetable=(
                TimetableEntry(hours="Mon-Fri 08:00-12:00", inter_arrival_time=Fixed(value=timedelta(minutes=10))),
                TimetableEntry(hours="Mon-Fri 12:00-16:00", inter_arrival_time=Fixed(value=timedelta(minutes=20))),
            ),
            cases=5,
        ),
        "Third": Arrival(at=(datetime(2026, 1, 6, 10), datetime(2026, 1, 7))),  # in order of time
        "Off": Arrival(cases=0),
    }
    assert scenario.activities == {
        "Check": ActivityTimes(processing_time=Fixed(value=timedelta(minutes=10)), unit="TO", pools={"head": 1}, assumed=True),
        "Auto": ActivityTimes(processing_time=Fixed(value=timedelta(0)), pools={}),
    }
    assert scenario.events == {"Paid": EventTimes(wait_time=Fixed(value=timedelta(hours=3)), calendar="office", unit="FO")}
    assert scenario.gateways == {
        "Complete": GatewayChoices(probabilities={"Flow_back": 0.2, "Flow_on": 0.8}),
        "Other": GatewayChoices(choices=(("a", "b"), ("b",))),
    }
    assert scenario.processes == {
        "Permit": ProcessTables(
            unit="PO",
            activities={"Sign": ActivityTimes(processing_time=Fixed(value=timedelta(minutes=5)), pools={"TO.head": 1})},
            transfers=(Transfer(flow="Flow_7", transfer_time=Fixed(value=timedelta(hours=1))),),
        )
    }
    assert scenario.transfers == (
        Transfer(from_="PO", to="TO", dispatch="Mon-Fri 10:00 14:00", transfer_time=Fixed(value=timedelta(minutes=90)), calendar="office"),
        Transfer(from_=("FO", "TO"), to="*"),
    )
    assert scenario.findings == ()


def test_defaults(tmp_path: Path) -> None:
    scenario = read_scenario(write(tmp_path, HEAD + 'duration = "P90D"\nwarm_up = "PT0S"\n'))
    assert (scenario.warm_up, scenario.follow_up, scenario.cases) == (timedelta(0), timedelta(90), None)
    assert (scenario.replications, scenario.seed, scenario.event_budget) == (30, 1, 100_000_000)
    assert scenario.transfers == ()
    transfer = Transfer(from_="A", to="B")
    assert (transfer.transfer_time, transfer.dispatch, transfer.calendar) == (Fixed(value=timedelta(0)), None, "always")
    assert (Arrival(cases=0).calendar, EventTimes().calendar, ActivityTimes().pools) == ("always", "always", None)


# ---- built in code ---------------------------------------------------------------------------------------------------------


def test_built_in_code() -> None:
    scenario = Scenario(organization=CITY, start=START, duration=timedelta(90))
    assert (scenario.path, scenario.location("start"), scenario.follow_up) == (None, Location(None, key="start"), timedelta(90))
    assert [finding.code for finding in scenario.findings] == ["no-warm-up"]


@pytest.mark.parametrize(
    ("values", "key", "code"),
    [
        ({"organization": "org.toml"}, "organization", "wrong-type"),
        ({"units": {"FO": {"calendar": "x"}}}, "units.FO.calendar", "unknown-calendar"),
        ({"calendars": {"office": Calendar(hours="Mon 08:00-09:00"), "always": Calendar(hours="Mon 08:00-09:00")}}, "calendars.always", "reserved-name"),
        ({"activities": {"A": ActivityTimes(unit="x")}}, "activities.A.unit", "unknown-unit"),
        ({"transfers": [{"from_": "FO", "to": "FO"}]}, "transfers[0].to", "invalid-transfer"),
        ({"seed": 1.0}, "seed", "wrong-type"),
        ({"arrivals": {5: Arrival(cases=0)}}, 'arrivals[5]."[key]"', "wrong-type"),
        ({"warm_up": timedelta(1)}, "warm_up", "contradicting-keys"),
        ({"start": date(2026, 1, 7), "arrivals": {"S": Arrival(at=(datetime(2026, 1, 6),))}}, "arrivals.S.at[0]", "out-of-range"),
    ],
)  # fmt: skip
def test_faults_in_code_are_ours(values: dict[str, Any], key: str, code: str) -> None:
    given = {"organization": CITY, "start": START, "cases": 1, **values}
    with pytest.raises(ScenarioError) as caught:
        Scenario(**given)
    (finding,) = caught.value.findings
    assert (finding.location, finding.code) == (Location(None, key=key), code)
    assert finding.fix


def test_values_that_are_none_are_not_given() -> None:
    scenario = Scenario(organization=CITY, start=START, cases=1, duration=None, transfers=(Transfer(from_="FO", to="TO", flow=None),))
    assert scenario.duration is None


def test_overrides_in_code() -> None:
    given: dict[str, Any] = {
        "units": {"TO": {"pools": {"staff": {"quantity": 5}}}, "NEW": Unit(parent="TO")},
        "calendars": {"office": {"closed": [date(2026, 1, 6)]}},
    }
    scenario = Scenario(organization=CITY, start=START, cases=1, **given)
    city = scenario.organization
    assert {pool: each.quantity for pool, each in city.units["TO"].pools.items()} == {"staff": 5, "head": 1}
    assert (city.units["TO"].calendar, city.calendar_of("NEW"), city.units["NEW"].name) == ("office", "office", "NEW")
    assert city.calendars["office"] == Calendar(hours="Mon-Fri 08:00-16:00", closed=((date(2026, 1, 6), date(2026, 1, 6)),))
    assert CITY.units["TO"].pools["staff"].quantity == 4


def test_replace(tmp_path: Path) -> None:
    scenario = read_scenario(write(tmp_path, HEAD + "duration = 'P90D'\nwarm_up = 'P14D'\n"))
    assert (scenario.replace(seed=7).seed, scenario.seed) == (7, 1)
    short = scenario.replace(cases=5)
    assert (short.cases, short.duration, short.warm_up, short.follow_up) == (5, None, timedelta(0), None)
    long = short.replace(duration="P10D", warm_up=timedelta(1))
    assert (long.cases, long.duration, long.follow_up) == (None, timedelta(10), timedelta(10))
    assert short.path == scenario.path
    assert short.location("start") == scenario.location("start")
    with pytest.raises(ScenarioError) as caught:
        scenario.replace(seed=-1)
    assert [finding.code for finding in caught.value.findings] == ["out-of-range"]


def test_frozen_and_pickled(tmp_path: Path) -> None:
    scenario = read_scenario(write(tmp_path, HEAD + "duration = 'P90D'\n[activities.A]\nprocessing_time = 'PT5M'\n"))
    with pytest.raises(AttributeError, match="Scenario is frozen: make a new one with another seed"):
        setattr(scenario, "seed", 2)  # noqa: B010  # as a slip would
    other = pickle.loads(pickle.dumps(scenario))
    assert other == scenario
    assert (other.digest, other.path, other.findings) == (scenario.digest, scenario.path, scenario.findings)
    assert other.location("activities.A") == scenario.location("activities.A")


# ---- digest ----------------------------------------------------------------------------------------------------------------

CONTENT = """
duration = "P90D"
warm_up = "P14D"
[activities.A]
processing_time = { distribution = "exponential", mean = "PT60M" }
source = "clerks"
[gateways.G]
probabilities = { a = 1, b = 0 }
[[transfers]]
from = "FO"
to = "TO"
[[transfers]]
from = "TO"
to = "FO"
"""


def test_digest_is_of_the_content_alone(tmp_path: Path) -> None:
    scenario = read_scenario(write(tmp_path, HEAD + CONTENT))
    turned = """
warm_up = "P2W"
duration = "P90D"
replications = 30
follow_up = "P90D"
start = 2026-01-05T00:00:00
organization = "../org.toml"
[gateways.G]
probabilities = { b = 0.0, a = 1.0 }
[[transfers]]
from = ["TO"]
to = "FO"
[[transfers]]
from = "FO"
to = "TO"
transfer_time = "PT0S"
[activities.A]
processing_time = { distribution = "exponential", mean = "PT1H", source = "other" }
"""
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "b.toml").write_text(turned)
    same = read_scenario(tmp_path / "inner" / "b.toml")
    assert same.digest == scenario.digest
    assert len(same.digest) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("P90D", "P91D"),
        ("PT60M", "PT61M"),
        ("a = 1, b = 0", "a = 0, b = 1"),
        ('source = "clerks"', "assumed = true"),
        ('to = "FO"', 'to = "PO"'),
    ],
)
def test_digest_changes_with_the_content(tmp_path: Path, old: str, new: str) -> None:
    digests = {read_scenario(write(tmp_path, HEAD + text)).digest for text in (CONTENT, CONTENT.replace(old, new))}
    assert len(digests) == 2


def test_digest_changes_with_the_organization(tmp_path: Path) -> None:
    digests = {read_scenario(write(tmp_path, SHORT, org=org)).digest for org in (ORG, ORG.replace("quantity = 4", "quantity = 5"))}
    assert len(digests) == 2
