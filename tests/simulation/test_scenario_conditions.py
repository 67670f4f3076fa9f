"""What scenarios say of loops, conditions, changes of attributes, events that may not happen, and pools that answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bpmnmap.errors import ScenarioError
from bpmnmap.findings import Location
from bpmnmap.org.organization import Calendar, Organization, ResourcePool, Unit
from bpmnmap.simulation.scenario import (
    ActivityTimes,
    EventTimes,
    Exponential,
    Fixed,
    GatewayChoices,
    ParticipantResponse,
    Scenario,
    TimeWhen,
    UniformNumber,
    read_scenario,
)
from tests.simulation.scenario_folder import BASE, Files

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CITY = Organization(
    calendars={"office": Calendar(hours="Mon-Fri 08:00-16:00")},
    units={"FO": Unit(calendar="office", pools={"staff": ResourcePool(quantity=1)})},
)


def built(**tables: Any) -> Scenario:
    return Scenario(organization=CITY, start=datetime(2026, 1, 5), cases=1, **tables)


def faults(kind: str, table: dict[str, Any]) -> list[tuple[str | None, str, str, str | None]]:
    """Key below the element's table, code, message and fix of each fault."""
    with pytest.raises(ScenarioError) as caught:
        built(**{kind: {"x": table}})
    found = caught.value.findings
    assert all(str(each.location.key).startswith(f"{kind}.x") for each in found)
    return [(str(each.location.key).removeprefix(f"{kind}.x").lstrip("."), each.code, each.message, each.fix) for each in found]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


WHOLE = """
[activities.Check]
count = { distribution = "uniform", min = 1, max = 3, integer = true }
completion_condition = "approvals >= 2"
set = { approved = true, amount = 5, fee = 0.5, district = "'north'", total = "amount + fee" }
[[activities.Check.processing_time]]
when = "amount > 1000"
time = { distribution = "exponential", mean = "PT1H" }
[[activities.Check.processing_time]]
time = "PT5M"
[activities.Loop]
repeat = 0.25
[activities.While]
repeat = "not approved"
[activities.Each]
count = "documents"
[activities.Twice]
count = 2
[events.Late]
wait_time = "P2D"
probability = 0.1
[events.Big]
condition = "amount > 1000000"
[gateways.Size]
conditions = { Flow_big = "amount > 1000", "to the south" = "=district = \\"south\\"", Flow_small = "default" }
[participants.Applicant]
response_time = "PT5H"
calendar = "office"
probabilities = { Flow_yes = 0.7, Flow_no = 0.3 }
assumed = true
[participants."The bank"]
response_time = { distribution = "exponential", mean = "P2D" }
[processes.P.activities.Check]
set = { approved = "amount < 5" }
[processes.P.events.Late]
probability = 0
[processes.P.gateways.Size]
conditions = { a = "${amount > 5}", b = "default" }
"""


def test_a_whole_file(files: Files) -> None:
    scenario = files.over(WHOLE)
    assert {name: activity for name, activity in scenario.activities.items() if name != "A"} == {
        "Check": ActivityTimes(
            processing_time=(TimeWhen(when="amount > 1000", time=Exponential(mean=HOUR)), TimeWhen(time=Fixed(value=5 * MINUTE))),
            count=UniformNumber(min=1, max=3, integer=True),
            completion_condition="approvals >= 2",
            set={"approved": True, "amount": 5, "fee": 0.5, "district": "'north'", "total": "amount + fee"},
        ),
        "Loop": ActivityTimes(repeat=0.25),
        "While": ActivityTimes(repeat="not approved"),
        "Each": ActivityTimes(count="documents"),
        "Twice": ActivityTimes(count=2),
    }
    assert scenario.events == {
        "Late": EventTimes(wait_time=Fixed(value=timedelta(2)), probability=0.1),
        "Big": EventTimes(condition="amount > 1000000"),
    }
    assert scenario.gateways["Size"] == GatewayChoices(
        conditions={"Flow_big": "amount > 1000", "to the south": '=district = "south"', "Flow_small": "default"}
    )
    assert scenario.participants == {
        "Applicant": ParticipantResponse(
            response_time=Fixed(value=5 * HOUR), calendar="office", probabilities={"Flow_yes": 0.7, "Flow_no": 0.3}, assumed=True
        ),
        "The bank": ParticipantResponse(response_time=Exponential(mean=timedelta(2))),
    }
    process = scenario.processes["P"]
    assert process.activities["Check"].set == {"approved": "amount < 5"}
    assert process.events["Late"].probability == 0
    assert process.gateways["Size"].conditions == {"a": "${amount > 5}", "b": "default"}
    assert scenario.replace(seed=5).replace(seed=1) == scenario


def test_defaults() -> None:
    activity, event = ActivityTimes(), EventTimes()
    assert (activity.count, activity.repeat, activity.completion_condition, activity.set) == (None, None, None, {})
    assert (event.probability, event.condition) == (1.0, None)
    assert GatewayChoices(probabilities={"a": 1}).conditions is None
    answer = ParticipantResponse()
    assert (answer.response_time, answer.calendar, answer.probabilities) == (None, "always", None)
    assert (built().attributes, built().participants) == ({}, {})


def test_values_keep_their_kind() -> None:
    assert [type(value) for value in ActivityTimes(set={"a": True, "b": 1, "c": 1.0, "d": "1"}).set.values()] == [bool, int, float, str]
    assert type(ActivityTimes(repeat=0).repeat) is float
    assert GatewayChoices(conditions={"a": " default "}).conditions == {"a": "default"}


# ---- faults ----------------------------------------------------------------------------------------------------------------

BROKEN = ("invalid-expression", "'amount >': column 9: the expression breaks off", "write a value, like amount > 100")
NO_TEXT = ("wrong-type", "'5' must be text", 'write an expression in quotes, like "amount > 1000"')
A_NUMBER = ("invalid-expression", "'5': column 1: a condition is true or false, not a number", "write a comparison, like amount > 0")
TIME = {"time": "PT1M"}


@pytest.mark.parametrize(
    ("kind", "table", "key", "fault"),
    [
        ("gateways", {"conditions": {"a": "amount >"}}, "conditions.a", BROKEN),
        ("gateways", {"conditions": {"a": 5}}, "conditions.a", NO_TEXT),
        ("gateways", {"conditions": {"a": "5"}}, "conditions.a", A_NUMBER),
        ("gateways", {"conditions": {}}, "conditions", ("out-of-range", "'conditions' is empty", "name every outgoing flow")),
        ("gateways", {"conditions": ["amount > 5"]}, "conditions", ("wrong-type", "'conditions' must be a table (got an array)", "write a table")),
        ("gateways", {"conditions": {"a": "default", "b": "x", "c": "default "}}, "conditions.c", ("contradicting-keys", "'c' is default beside 'a'", "let one flow be default")),
        ("gateways", {"conditions": {"a": "x"}, "choices": [["a"]]}, "conditions", ("contradicting-keys", "'conditions' is given beside 'choices'", "give one of probabilities, choices, conditions")),
        ("gateways", {"conditions": {"a": "x"}, "probabilities": {"a": 1}}, "conditions", ("contradicting-keys", "'conditions' is given beside 'probabilities'", "give one of probabilities, choices, conditions")),
        ("gateways", {}, "probabilities", ("missing-key", "'probabilities' is missing, and so are its alternatives", "add probabilities, choices or conditions")),
        ("events", {"condition": "amount >"}, "condition", BROKEN),
        ("events", {"condition": 5}, "condition", NO_TEXT),
        ("events", {"condition": "x", "wait_time": "PT1M"}, "condition", ("contradicting-keys", "'condition' is given beside 'wait_time'", "give wait_time with calendar, or the condition of a conditional event")),
        ("events", {"condition": "x", "calendar": "office"}, "condition", ("contradicting-keys", "'condition' is given beside 'calendar'", "give wait_time with calendar, or the condition of a conditional event")),
        ("events", {"probability": 1.1}, "probability", ("out-of-range", "'probability' must be <= 1.0 (got '1.1')", "give a number <= 1.0")),
        ("events", {"probability": -1}, "probability", ("out-of-range", "'probability' must be >= 0.0 (got '-1')", "give a number >= 0.0")),
        ("events", {"probability": "x"}, "probability", ("wrong-type", "'probability' must be a number (got 'x')", "write a number")),
        ("activities", {"count": "amount >"}, "count", BROKEN),
        ("activities", {"count": "amount > 5"}, "count", ("invalid-expression", "'amount > 5' is true or false, and a number is needed", "write an expression that is a number, like 'documents + 1'")),
        ("activities", {"count": "'five'"}, "count", ("invalid-expression", "''five'' is a text, and a number is needed", "write an expression that is a number, like 'documents + 1'")),
        ("activities", {"repeat": 1}, "repeat", ("out-of-range", "'1' is no probability of another turn", "give a number from 0 on and below 1, so that the loop ends; or an expression")),
        ("activities", {"repeat": -0.1}, "repeat", ("out-of-range", "'-0.1' is no probability of another turn", "give a number from 0 on and below 1, so that the loop ends; or an expression")),
        ("activities", {"repeat": True}, "repeat", ("wrong-type", "'true' must be a number", "write a number")),
        ("activities", {"repeat": "amount >"}, "repeat", BROKEN),
        ("activities", {"repeat": "5"}, "repeat", A_NUMBER),
        ("activities", {"repeat": 0.5, "count": 2}, "repeat", ("contradicting-keys", "'repeat' is given beside 'count'", "give the turns, or what decides on another one")),
        ("activities", {"completion_condition": "amount >"}, "completion_condition", BROKEN),
        ("activities", {"completion_condition": 5}, "completion_condition", NO_TEXT),
        ("activities", {"set": {"a": "amount >"}}, "set.a", BROKEN),
        ("activities", {"set": {"a": ["x"]}}, "set.a", ("wrong-type", "an array must be a number", "write a number")),
        ("activities", {"set": {"a": float("nan")}}, "set.a", ("out-of-range", "'nan' is no number from -1e+15 to 1e+15", "give a number from -1e+15 to 1e+15")),
        ("activities", {"set": "a = 5"}, "set", ("wrong-type", "'set' must be a table (got 'a = 5')", "write a table")),
        ("activities", {"processing_time": []}, "processing_time", ("out-of-range", "an empty array gives no time", "write a distribution, or entries { when = …, time = … } with a last one without when")),
        ("activities", {"processing_time": ["PT5M"]}, "processing_time[0]", ("wrong-type", "'PT5M' must be a table", "write { when = …, time = … }")),
        ("activities", {"processing_time": [{"when": "x", **TIME}]}, "processing_time[0].when", ("contradicting-keys", "the last entry has a 'when': no time holds in all other cases", "add an entry { time = … } without when behind it")),
        ("activities", {"processing_time": [TimeWhen(when="x", time=Fixed(value=MINUTE))]}, "processing_time[0].when", ("contradicting-keys", "the last entry has a 'when': no time holds in all other cases", "add an entry { time = … } without when behind it")),
        ("activities", {"processing_time": [TIME, TIME]}, "processing_time[0].when", ("missing-key", "'when' is missing: what stands behind this entry would never hold", "add when, or put this entry last")),
        ("activities", {"processing_time": [{"when": "amount >", **TIME}, TIME]}, "processing_time[0].when", BROKEN),
        ("activities", {"processing_time": [{"when": "x", "time": 5}, TIME]}, "processing_time[0].time", ("invalid-duration", "'5': a bare number is no duration: it has no unit", "write ISO 8601 text of weeks, days, hours, minutes and seconds like 'PT15M' or 'P1DT2H'")),
        ("activities", {"processing_time": [{"when": "x", **TIME}, {}]}, "processing_time[1].time", ("missing-key", "'time' is missing", "add time")),
        ("activities", {"processing_time": [{"time": {"distribution": "exponential", "mean": 5}}]}, "processing_time[0].time.mean", ("invalid-duration", "'5': a bare number is no duration: it has no unit", "write ISO 8601 text of weeks, days, hours, minutes and seconds like 'PT15M' or 'P1DT2H'")),
        ("participants", {"calendar": "office"}, "response_time", ("missing-key", "'response_time' is missing", "add response_time, from delivery to sending; PT0S answers at once")),
        ("participants", {"probabilities": {"f": 1}}, "response_time", ("missing-key", "'response_time' is missing", "add response_time, from delivery to sending; PT0S answers at once")),
        ("participants", {"response_time": "PT1H", "probabilities": {}}, "probabilities", ("out-of-range", "'probabilities' is empty", "name the message flows along which it answers")),
        ("participants", {"response_time": "PT1H", "probabilities": {"f": 2}}, "probabilities.f", ("out-of-range", "'f' must be <= 1.0 (got '2')", "give a number <= 1.0")),
        ("participants", {"response_time": 5}, "response_time", ("invalid-duration", "'5': a bare number is no duration: it has no unit", "write ISO 8601 text of weeks, days, hours, minutes and seconds like 'PT15M' or 'P1DT2H'")),
        ("participants", {"response_time": "PT1H", "calendar": "ofice"}, "calendar", ("unknown-calendar", "no calendar 'ofice'", "name a calendar of the organization; did you mean 'office'?")),
        ("participants", {"response_time": "PT1H", "unit": "FO"}, "unit", ("unknown-key", "unknown key 'unit'", "remove it; known here are assumed, calendar, probabilities, response_time, source")),
        ("processes", {"attributes": {"amount": {"value": 5}}}, "attributes", ("unknown-key", "'attributes' holds for all processes", "move it to the top, as [attributes.…]")),
        ("processes", {"participants": {"a": {}}}, "participants", ("unknown-key", "'participants' holds for all processes", "move it to the top, as [participants.…]")),
    ],
)  # fmt: skip
def test_fault(kind: str, table: dict[str, Any], key: str, fault: tuple[str, str, str]) -> None:
    assert faults(kind, table) == [(key, *fault)]


def test_all_faults_at_once(files: Files) -> None:
    files.write(
        "over.toml",
        """extends = "base.toml"
[processes.P]
participants.a.response_time = "PT1H"
activities.Check.repeat = 2
activities.Check.set = { "a b" = 1, c = "x y" }
[activities.Check]
count = -1
completion_condition = "("
processing_time = [{ time = "5" }, { when = 5, time = "PT5M", then = 1 }]
[events.E]
probability = 2
condition = ""
""",
    )
    assert [(key, code) for _, key, code, _ in files.faults()] == [
        ("processes.P.participants", "unknown-key"),
        ("processes.P.activities.Check.repeat", "out-of-range"),
        ('processes.P.activities.Check.set."a b"', "invalid-name"),
        ("processes.P.activities.Check.set.c", "invalid-expression"),
        ("activities.Check.count", "out-of-range"),
        ("activities.Check.completion_condition", "invalid-expression"),
        ("activities.Check.processing_time[0].time", "invalid-duration"),
        ("activities.Check.processing_time[0].when", "missing-key"),
        ("activities.Check.processing_time[1].when", "contradicting-keys"),
        ("activities.Check.processing_time[1].when", "wrong-type"),
        ("activities.Check.processing_time[1].then", "unknown-key"),
        ("events.E.probability", "out-of-range"),
        ("events.E.condition", "invalid-expression"),
    ]


# ---- extends ---------------------------------------------------------------------------------------------------------------

EXTENDED = """
[gateways.Y]
conditions = { a = "x > 5", b = "default" }
source = "statute"
[events.E]
wait_time = "P2D"
calendar = "office"
probability = 0.5
[events.F]
condition = "x > 5"
[activities.L]
repeat = 0.5
set = { a = 1, b = 2 }
[activities.M]
count = 3
processing_time = [{ when = "x > 5", time = "PT1H" }, { time = "PT5M" }]
[participants.Bank]
response_time = "PT1H"
calendar = "office"
probabilities = { f = 0.5, g = 0.5 }
source = "bank"
"""


@pytest.fixture
def extended(files: Files) -> Files:
    files.write("base.toml", BASE + EXTENDED)
    return files


def test_ways_of_choosing_drop_each_other(extended: Files) -> None:
    gateways = extended.over(
        "[gateways.Y]\nprobabilities = { a = 1.0 }\n[gateways.X]\nconditions = { a = 'x > 5', b = 'default' }\n"
    ).gateways
    assert gateways["Y"] == GatewayChoices(probabilities={"a": 1.0})
    assert gateways["X"] == GatewayChoices(conditions={"a": "x > 5", "b": "default"})
    gateways = extended.over("[gateways.Y]\nchoices = [['a']]\n[gateways.X]\nsource = 'files'\n").gateways
    assert gateways["Y"] == GatewayChoices(choices=(("a",),))
    assert gateways["X"].probabilities == {"a": 0.2, "b": 0.8}


def test_conditions_are_replaced_whole(extended: Files) -> None:
    gateway = extended.over("[gateways.Y]\nconditions = { c = 'y' }\n").gateways["Y"]
    assert (gateway.conditions, gateway.source) == ({"c": "y"}, None)


def test_time_and_condition_of_an_event_drop_each_other(extended: Files) -> None:
    events = extended.over("[events.E]\ncondition = 'x > 5'\n[events.F]\nwait_time = 'PT1H'\n").events
    assert events["E"] == EventTimes(condition="x > 5", probability=0.5)
    assert events["F"] == EventTimes(wait_time=Fixed(value=HOUR))
    events = extended.over("[events.E]\nprobability = 0.25\n[events.F]\nprobability = 0.75\n").events
    assert events["E"] == EventTimes(wait_time=Fixed(value=timedelta(2)), calendar="office", probability=0.25)
    assert events["F"] == EventTimes(condition="x > 5", probability=0.75)


def test_count_and_repeat_drop_each_other(extended: Files) -> None:
    activities = extended.over("[activities.L]\ncount = 2\n[activities.M]\nrepeat = 'x > 5'\n").activities
    assert (activities["L"].count, activities["L"].repeat) == (2, None)
    assert (activities["M"].count, activities["M"].repeat) == (None, "x > 5")


def test_what_an_activity_sets_and_its_times_are_replaced_whole(extended: Files) -> None:
    activities = extended.over("[activities.L]\nset = { c = 3 }\n[activities.M]\nprocessing_time = 'PT2M'\n").activities
    assert (activities["L"].set, activities["L"].repeat) == ({"c": 3}, 0.5)
    assert (activities["M"].processing_time, activities["M"].count) == (Fixed(value=2 * MINUTE), 3)
    times = extended.over("[[activities.A.processing_time]]\ntime = 'PT9M'\n").activities["A"]
    assert (times.processing_time, times.unit) == ((TimeWhen(time=Fixed(value=9 * MINUTE)),), "TO")


def test_participants_merge(extended: Files) -> None:
    answer = extended.over("[participants.Bank]\nresponse_time = 'PT2H'\n").participants["Bank"]
    assert answer == ParticipantResponse(response_time=Fixed(value=2 * HOUR), calendar="office", probabilities={"f": 0.5, "g": 0.5})
    answer = extended.over("[participants.Bank]\nprobabilities = { h = 1 }\n").participants["Bank"]
    assert (answer.probabilities, answer.calendar, answer.source) == ({"h": 1.0}, "office", None)


def test_within_processes_too(files: Files) -> None:
    files.write(
        "base.toml",
        BASE
        + "[processes.P]\ngateways.Y.conditions = { a = 'x' }\nevents.E = { wait_time = 'PT1H', calendar = 'office' }\nactivities.L.repeat = 0.5\n",
    )
    process = files.over("[processes.P]\ngateways.Y.choices = [['a']]\nevents.E.condition = 'x'\nactivities.L.count = 2\n").processes["P"]
    assert process.gateways["Y"] == GatewayChoices(choices=(("a",),))
    assert process.events["E"] == EventTimes(condition="x")
    assert process.activities["L"] == ActivityTimes(count=2)


# ---- warnings, digest ------------------------------------------------------------------------------------------------------


def test_days_in_opening_hours(files: Files) -> None:
    scenario = files.over(
        "[activities.B]\nprocessing_time = [{ when = 'x', time = { distribution = 'exponential', mean = 'P1D' } }, { time = 'P2D' }]\n"
        "[participants.Bank]\nresponse_time = 'P3D'\ncalendar = 'office'\n[participants.Applicant]\nresponse_time = 'P4D'\n"
    )
    assert [(finding.code, finding.location) for finding in scenario.findings] == [
        ("day-of-24-hours", Location(files.path("over.toml"), key=key))
        for key in ("activities.B.processing_time[0].time.mean", "activities.B.processing_time[1].time", "participants.Bank.response_time")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"x > 5", b', '"x > 6", b'),
        ("probability = 0.5", "probability = 0.6"),
        ('condition = "x > 5"', 'condition = "x > 6"'),
        ("repeat = 0.5", "repeat = 0.6"),
        ("a = 1,", "a = true,"),
        ("count = 3", "count = 4"),
        ('when = "x > 5"', 'when = "x > 6"'),
        ('time = "PT5M"', 'time = "PT6M"'),
        ("f = 0.5, g = 0.5", "f = 0.6, g = 0.4"),
        ('response_time = "PT1H"', 'response_time = "PT2H"'),
    ],
)
def test_digest(extended: Files, old: str, new: str) -> None:
    first = read_scenario(extended.path("base.toml")).digest
    assert EXTENDED.count(old) == 1
    assert read_scenario(extended.write("base.toml", BASE + EXTENDED.replace(old, new))).digest != first


def test_digest_does_not_count_defaults(extended: Files) -> None:
    first = read_scenario(extended.path("base.toml")).digest
    written = (
        EXTENDED.replace("[events.F]", "[events.F]\nprobability = 1").replace("count = 3", "count = 3\nset = {}").replace("PT1H", "PT60M")
    )
    assert read_scenario(extended.write("base.toml", BASE + written)).digest == first
