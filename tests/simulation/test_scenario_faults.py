from __future__ import annotations

from pathlib import Path

import pytest

from bpmnmap.errors import OrganizationError, ScenarioError
from bpmnmap.findings import Finding, Location
from bpmnmap.simulation.scenario import read_scenario

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


def findings_of(folder: Path, text: str) -> list[Finding]:
    path = write(folder, text)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert all(finding.location.path == path and finding.fix for finding in caught.value.findings)
    return list(caught.value.findings)


@pytest.mark.parametrize(
    ("text", "key", "code", "message"),
    [
        (HEAD, "duration", "missing-key", "'duration' is missing, and so is 'cases'"),
        ("start = 2026-01-05\ncases = 1", "organization", "missing-key", "'organization' is missing"),
        ("organization = 5\nstart = 2026-01-05\ncases = 1", "organization", "wrong-type", "'organization' must be text (got '5')"),
        ("organization = 'none.toml'\nstart = 2026-01-05\ncases = 1", "organization", "file-missing", None),
        ("organization = '.'\nstart = 2026-01-05\ncases = 1", "organization", "file-unreadable", None),
        ("organization = 'org.toml'\ncases = 1", "start", "missing-key", "'start' is missing"),
        ("organization = 'org.toml'\nstart = 2026-01-05T00:00:00+07:00\ncases = 1", "start", "invalid-instant", "'2026-01-05T00:00:00+07:00' has an offset from UTC"),
        ("organization = 'org.toml'\nstart = 08:00:00\ncases = 1", "start", "invalid-instant", "'08:00:00' is no date and time"),
        (SHORT + "format = 2", "format", "unknown-format", "format '2' is not known"),
        (SHORT + "extends = 5", "extends", "wrong-type", "'extends' must be text, or an array of texts (got '5')"),
        (SHORT + "remove = [5]", "remove", "wrong-type", "'remove' must be text, or an array of texts (got '5')"),
        (SHORT + "duration = 'P1D'", "duration", "contradicting-keys", "'duration' is given beside 'cases'"),
        (SHORT + "warm_up = 'P1D'", "warm_up", "contradicting-keys", "'warm_up' is given beside 'cases'"),
        (SHORT + "follow_up = 'P1D'", "follow_up", "contradicting-keys", "'follow_up' is given beside 'cases'"),
        (HEAD + "warm_up = 'P1D'", "duration", "missing-key", "'duration' is missing, and so is 'cases'"),
        (HEAD + "duration = 'PT0S'\nwarm_up = 'P1D'", "duration", "out-of-range", "'PT0S' is too short: it must be longer than 0"),
        (HEAD + "duration = 90\nwarm_up = 'P1D'", "duration", "invalid-duration", "'90': a bare number is no duration: it has no unit"),
        (HEAD + "cases = 0", "cases", "out-of-range", "'cases' must be >= 1 (got '0')"),
        (SHORT + "replications = 0", "replications", "out-of-range", "'replications' must be >= 1 (got '0')"),
        (SHORT + "seed = -1", "seed", "out-of-range", "'seed' must be >= 0 (got '-1')"),
        (SHORT + "seed = 9223372036854775808", "seed", "out-of-range", "'seed' must be <= 9223372036854775807 (got '9223372036854775808')"),
        (SHORT + "seed = '1'", "seed", "wrong-type", "'seed' must be a whole number (got '1')"),
        (SHORT + "event_budget = 0", "event_budget", "out-of-range", "'event_budget' must be >= 1 (got '0')"),
        (SHORT + "replication = 3", "replication", "unknown-key", "unknown key 'replication'"),
        (SHORT + "[activity.X]", "activity", "unknown-key", "unknown key 'activity'"),
        (SHORT + "[attributes.size]\ndistribution = 'x'", "attributes.size.distribution", "unknown-distribution", "no distribution 'x'"),
        (SHORT + "[participants.X]\nresponse_time = 5", "participants.X.response_time", "invalid-duration", "'5': a bare number is no duration: it has no unit"),
        (SHORT + "activities = 5", "activities", "wrong-type", "'activities' must be a table (got '5')"),
        (SHORT + "[arrivals.S]", "arrivals.S.inter_arrival_time", "missing-key", "'inter_arrival_time' is missing, and so are its alternatives"),
        (SHORT + "[arrivals.S]\nat = [2026-01-05]\ninter_arrival_time = 'PT1M'", "arrivals.S.at", "contradicting-keys", "'at' is given beside 'inter_arrival_time'"),
        (SHORT + "[arrivals.S]\nat = []", "arrivals.S.at", "out-of-range", "'at' is empty"),
        (SHORT + "[arrivals.S]\ntimetable = []", "arrivals.S.timetable", "out-of-range", "'timetable' is empty"),
        (SHORT + "[arrivals.S]\nat = 2026-01-05", "arrivals.S.at", "wrong-type", "'at' must be an array (got '2026-01-05')"),
        (SHORT + "[arrivals.S]\nat = [2026-01-05, 2026-01-04]", "arrivals.S.at[1]", "out-of-range", "'2026-01-04T00:00:00' lies before the start '2026-01-05T00:00:00'"),
        (SHORT + "[arrivals.S]\nat = [2026-01-05]\ncalendar = 'office'", "arrivals.S.calendar", "contradicting-keys", "'calendar' is given beside 'at'"),
        (SHORT + "[arrivals.S]\nat = [2026-01-05]\ncases = -1", "arrivals.S.cases", "out-of-range", "'cases' must be >= 0 (got '-1')"),
        (SHORT + "[arrivals.S]\ninter_arrival_time = 'PT1M'\ncalendar = 'ofice'", "arrivals.S.calendar", "unknown-calendar", "no calendar 'ofice'"),
        (SHORT + "[arrivals.S]\ntimetable = [{ hours = 'Mon 8', inter_arrival_time = 'PT1M' }]", "arrivals.S.timetable[0].hours", "invalid-hours", "'8' is no span"),
        (SHORT + "[arrivals.S]\ntimetable = [{ hours = 'Mon 08:00-09:00' }]", "arrivals.S.timetable[0].inter_arrival_time", "missing-key", "'inter_arrival_time' is missing"),
        (
            SHORT + "[arrivals.S]\ntimetable = [{ hours = 'Mon 08:00-12:00', inter_arrival_time = 'PT1M' }, { hours = 'Sun-Mon 11:00-13:00', inter_arrival_time = 'PT1M' }]",
            "arrivals.S.timetable[1].hours", "overlapping-hours", "'Mon 11:00' lies in the hours of two entries",
        ),
        (SHORT + "[activities.A]\nprocessing_time = 5", "activities.A.processing_time", "invalid-duration", "'5': a bare number is no duration: it has no unit"),
        (SHORT + "[activities.A]\nprocesing_time = 'PT5M'", "activities.A.procesing_time", "unknown-key", "unknown key 'procesing_time'"),
        (SHORT + "[activities.A]\nunit = 'XX'", "activities.A.unit", "unknown-unit", "no unit 'XX'"),
        (SHORT + "[activities.A]\npools = { 'TO.staff' = 2 }", 'activities.A.pools."TO.staff"', "not-supported-yet", "'2' people of 'TO.staff' at once are not supported yet"),
        (SHORT + "[activities.A]\npools = { 'TO.staff' = 1, 'FO.staff' = 1 }", "activities.A.pools", "not-supported-yet", "several pools at once ('TO.staff', 'FO.staff') are not supported yet"),
        (SHORT + "[activities.A]\npools = { 'TO.staff' = 0 }", 'activities.A.pools."TO.staff"', "out-of-range", "'TO.staff' must be >= 1 (got '0')"),
        (SHORT + "[activities.A]\npools = { 'TO.stuff' = 1 }", 'activities.A.pools."TO.stuff"', "unknown-pool", "no pool 'TO.stuff'"),
        (SHORT + "[activities.A]\npools = { boss = 1 }", "activities.A.pools.boss", "unknown-pool", "no pool 'boss'"),
        (SHORT + "[activities.A]\nunit = 'FO'\npools = { head = 1 }", "activities.A.pools.head", "unknown-pool", "no pool 'head' in unit 'FO'"),
        (SHORT + "[activities.A]\npools = 'TO.staff'", "activities.A.pools", "wrong-type", "'pools' must be a table (got 'TO.staff')"),
        (SHORT + "[activities.A]\nsplit = true", "activities.A.split", "not-supported-yet", "'split' is not supported yet"),
        (SHORT + "[activities.A]\npriority = 0", "activities.A.priority", "not-supported-yet", "'priority' is not supported yet"),
        (SHORT + "[activities.A.batch]\nsize = 2", "activities.A.batch", "not-supported-yet", "'batch' is not supported yet"),
        (SHORT + "[activities.A]\nsetup_time = 'PT1M'", "activities.A.setup_time", "not-supported-yet", "'setup_time' is not supported yet"),
        (SHORT + "[events.E]\nwait_time = 'PT1M'\ncalendar = 'x'", "events.E.calendar", "unknown-calendar", "no calendar 'x'"),
        (SHORT + "[events.E]\nunit = 'x'", "events.E.unit", "unknown-unit", "no unit 'x'"),
        (SHORT + "[gateways.G]", "gateways.G.probabilities", "missing-key", "'probabilities' is missing, and so are its alternatives"),
        (SHORT + "[gateways.G]\nprobabilities = {}", "gateways.G.probabilities", "out-of-range", "'probabilities' is empty"),
        (SHORT + "[gateways.G]\nprobabilities = { a = 1.5 }", "gateways.G.probabilities.a", "out-of-range", "'a' must be <= 1.0 (got '1.5')"),
        (SHORT + "[gateways.G]\nprobabilities = { a = nan }", "gateways.G.probabilities.a", "out-of-range", "'a' must be a finite number (got 'nan')"),
        (SHORT + "[gateways.G]\nprobabilities = { a = 'x' }", "gateways.G.probabilities.a", "wrong-type", "'a' must be a number (got 'x')"),
        (SHORT + "[gateways.G]\nprobabilities = { a = 1 }\nchoices = [['a']]", "gateways.G.choices", "contradicting-keys", "'choices' is given beside 'probabilities'"),
        (SHORT + "[gateways.G]\nchoices = []", "gateways.G.choices", "invalid-choices", "an array holds no case"),
        (SHORT + "[gateways.G]\nchoices = ['a']", "gateways.G.choices[0]", "invalid-choices", "'a' holds no visit"),
        (SHORT + "[gateways.G]\nchoices = [['a'], ['b', 5]]", "gateways.G.choices[1][1]", "invalid-choices", "'5' is no flow"),
        (SHORT + "[gateways.G]\nchoices = [[[]]]", "gateways.G.choices[0][0]", "invalid-choices", "an array is no flow"),
        (SHORT + "[gateways.G]\nconditions = { a = 'x >' }", "gateways.G.conditions.a", "invalid-expression", "'x >': column 4: the expression breaks off"),
        (SHORT + "[processes.P]\nunit = 'x'", "processes.P.unit", "unknown-unit", "no unit 'x'"),
        (SHORT + "[processes.P.activities.A]\nunit = 'x'", "processes.P.activities.A.unit", "unknown-unit", "no unit 'x'"),
        (SHORT + "[processes.P]\nfoo = 'x'", "processes.P.foo", "unknown-key", "unknown key 'foo'"),
        (SHORT + "[[processes.P.transfers]]\nfrom = 'FO'\nto = 'TO'", "processes.P.transfers[0]", "invalid-transfer", "transfers between units hold for all processes"),
        (SHORT + "[[processes.P.transfers]]\nflow = 'f'\n[[processes.P.transfers]]\nflow = 'f'", "processes.P.transfers[1]", "doubled-transfer", "a second transfer for flow 'f'"),
        (SHORT + "[transfers]\nfrom = 'FO'", "transfers", "wrong-type", "'transfers' must be an array (got a table)"),
        (SHORT + "[[transfers]]\nfrom = 'FO'", "transfers[0].to", "missing-key", "'to' is missing"),
        (SHORT + "[[transfers]]\nto = 'FO'", "transfers[0].from", "missing-key", "'from' is missing"),
        (SHORT + "[[transfers]]\ncalendar = 'office'", "transfers[0].from", "missing-key", "'from' is missing"),
        (SHORT + "[[transfers]]\nflow = 'f'\nfrom = 'FO'", "transfers[0].from", "contradicting-keys", "'from' is given beside 'flow'"),
        (SHORT + "[[transfers]]\nfrom_ = 'FO'\nfrom = 'FO'\nto = 'TO'", "transfers[0].from_", "unknown-key", "unknown key 'from_'"),
        (SHORT + "[[transfers]]\nfrom = 'FO'\nto = 'FO'", "transfers[0].to", "invalid-transfer", "'from' and 'to' are both 'FO'"),
        (SHORT + "[[transfers]]\nfrom = ['FO']\nto = 'FO'", "transfers[0].to", "invalid-transfer", "'from' and 'to' are both 'FO'"),
        (SHORT + "[[transfers]]\nfrom = []\nto = 'FO'", "transfers[0].from", "invalid-transfer", "an empty array names no unit"),
        (SHORT + "[[transfers]]\nfrom = ['TO', '*']\nto = 'FO'", "transfers[0].from[1]", "invalid-transfer", "'*' stands for all units and not in an array"),
        (SHORT + "[[transfers]]\nfrom = ['TO', 'TO']\nto = 'FO'", "transfers[0].from[1]", "invalid-transfer", "unit 'TO' is given twice"),
        (SHORT + "[[transfers]]\nfrom = ['TO', 5]\nto = 'FO'", "transfers[0].from[1]", "wrong-type", "'5' must be text"),
        (SHORT + "[[transfers]]\nfrom = 5\nto = 'FO'", "transfers[0].from", "wrong-type", "'5' must be text, or an array of texts"),
        (SHORT + "[[transfers]]\nfrom = 'FO'\nto = 'XX'", "transfers[0].to", "unknown-unit", "no unit 'XX'"),
        (SHORT + "[[transfers]]\nfrom = 'FO'\nto = ['TO', 'XX']", "transfers[0].to[1]", "unknown-unit", "no unit 'XX'"),
        (SHORT + "[[transfers]]\nfrom = 'FO'\nto = 'TO'\ncalendar = 'x'", "transfers[0].calendar", "unknown-calendar", "no calendar 'x'"),
        (SHORT + "[[transfers]]\nfrom = 'FO'\nto = 'TO'\ndispatch = 'Mon 10:00-11:00'", "transfers[0].dispatch", "invalid-rounds", "'10:00-11:00' is not of the form HH:MM"),
        (SHORT + "[[transfers]]\nfrom = 'FO'\nto = 'TO'\n[[transfers]]\nfrom = 'FO'\nto = ['TO']", "transfers[1]", "doubled-transfer", "a second transfer for 'FO' to ['TO']"),
        (SHORT + "[[transfers]]\nfrom = ['FO', 'PO']\nto = '*'\n[[transfers]]\nfrom = ['PO', 'FO']\nto = '*'", "transfers[1]", "doubled-transfer", "a second transfer for ['PO', 'FO'] to '*'"),
        (
            SHORT + "[[transfers]]\nfrom = ['FO', 'PO']\nto = '*'\n[[transfers]]\nfrom = ['TO', 'PO']\nto = '*'",
            "transfers[1]", "ambiguous-transfer", "'PO' to 'FO' is given by this transfer and by 'transfers[0]', and neither is nearer",
        ),
        (SHORT + "[units.XX]\nparent = 'YY'", "units.XX.parent", "unknown-unit", "no unit 'YY'"),
        (SHORT + "[units.FO]\npools.staff.quantity = 0", "units.FO.pools.staff.quantity", "out-of-range", "'quantity' must be >= 1 (got '0')"),
        (SHORT + "[units.FO]\npols.staff.quantity = 1", "units.FO.pols", "unknown-key", "unknown key 'pols'"),
        (SHORT + "[calendars.office]\nhours = 'Mon'", "calendars.office.hours", "invalid-hours", "'Mon' gives days without hours"),
        (SHORT + "[calendars.other]\nholidays = 'ID'", "calendars.other.hours", "missing-key", "'hours' is missing"),
    ],
)  # fmt: skip
def test_fault(tmp_path: Path, text: str, key: str, code: str, message: str | None) -> None:
    (finding,) = findings_of(tmp_path, text)
    assert (finding.location.key, finding.code, message or finding.message) == (key, code, finding.message)


@pytest.mark.parametrize(
    ("element", "table"),
    [("arrivals", "cases = 0"), ("activities", "unit = 'FO'"), ("events", "unit = 'FO'"), ("gateways", "probabilities = { a = 1 }")],
)
def test_faults_within_processes_stand_there(tmp_path: Path, element: str, table: str) -> None:
    (finding,) = findings_of(tmp_path, SHORT + f"[processes.P.{element}.'a b']\nfoo = 1\n{table}\n")
    assert (finding.location.key, finding.code) == (f'processes.P.{element}."a b".foo', "unknown-key")


def test_fixes(tmp_path: Path) -> None:
    text = (
        HEAD + "caces = 1\n[activities.A]\npools = { 'TO.stuff' = 1 }\n[[transfers]]\nfrom = 'FO'\nto = 'T0'\n[gateways.G]\nchoices = 5\n"
    )
    assert [(finding.code, finding.fix) for finding in findings_of(tmp_path, text)] == [
        ("unknown-key", "rename it; did you mean 'cases'?"),
        ("unknown-pool", "name a pool as UNIT.POOL, or as POOL inside its own unit; did you mean 'TO.staff'?"),
        ("unknown-unit", "name a unit of the organization; did you mean 'TO'?"),
        ("invalid-choices", "write an array of cases, each an array of flows by visit, like [['Flow_back', 'Flow_on']]"),
        ("missing-key", "add duration and warm_up, or cases"),
    ]


def test_all_faults_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        SHORT
        + "[gateways.G]\nprobabilities = { a = 2 }\n[activities.B]\nunit = 'x'\n[activities.A]\nfoo = 1\nprocessing_time = 1\n[units.FO]\nx = 1\n"
    )
    assert [(finding.location.key, finding.code) for finding in findings_of(tmp_path, text)] == [
        ("gateways.G.probabilities.a", "out-of-range"),
        ("activities.B.unit", "unknown-unit"),
        ("activities.A.foo", "unknown-key"),
        ("activities.A.processing_time", "invalid-duration"),
        ("units.FO.x", "unknown-key"),
    ]


def test_faults_of_both_files_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, SHORT + "foo = 1\n", org=ORG + "bar = 1\n")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert [finding.location for finding in caught.value.findings] == [
        Location(path, key="foo"),
        Location(str(tmp_path / "org.toml"), key="units.PO.bar"),
    ]


def test_faults_of_the_organization_alone(tmp_path: Path) -> None:
    path = write(tmp_path, SHORT, org=ORG + "bar = 1\n")
    with pytest.raises(OrganizationError) as caught:
        read_scenario(path)
    assert [finding.location.path for finding in caught.value.findings] == [str(tmp_path / "org.toml")]
    path = write(tmp_path, SHORT, org="[units\n")
    with pytest.raises(OrganizationError) as caught:
        read_scenario(path)
    assert [(finding.code, finding.location.line) for finding in caught.value.findings] == [("toml-syntax", 1)]


def test_references_are_checked_though_the_organization_is_faulty(tmp_path: Path) -> None:
    path = write(tmp_path, SHORT + "[activities.A]\nunit = 'FOO'\n", org=ORG + "bar = 1\n")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert [finding.code for finding in caught.value.findings] == ["unknown-unit", "unknown-key"]


@pytest.mark.parametrize(("text", "code"), [(None, "file-missing"), ("a = = 1", "toml-syntax")])
def test_scenario_that_cannot_be_read(tmp_path: Path, text: str | None, code: str) -> None:
    path = tmp_path / "as_is.toml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path)
    assert [(finding.code, finding.location.path) for finding in caught.value.findings] == [(code, str(path))]
