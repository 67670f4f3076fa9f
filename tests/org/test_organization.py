from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bpmnmap.errors import OrganizationError
from bpmnmap.findings import Location
from bpmnmap.org.organization import Calendar, Organization, OtherHours, ResourcePool, Unit, folded, read_organization
from bpmnmap.org.tables import Table, shown

GOOD = """
format = 1
name = "Kota"
timezone = "Asia/Jakarta"
source = "decree 12"
[calendars.office]
hours = "Mon-Thu 08:00-12:00 13:00-16:00, Fri 08:00-11:30"
holidays = "ID"
exceptions = [{ from = 2026-02-18, to = 2026-03-19, hours = "Mon-Fri 08:00-14:00", source = "circular" }]
closed = [2026-03-20, "2026-03-23/2026-03-24"]
assumed = true
[units.DPM]
name = "Permit Office"
aliases = ["Dinas Perizinan", "DPMPTSP"]
calendar = "office"
[units.FO]
parent = "DPM"
pools.staff = { quantity = 3, name = "Clerks", calendar = "always" }
pools.head.quantity = 1
[units.APPLICANT]
external = true
"""


def write(folder: Path, text: str, name: str = "org.toml") -> str:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def faults_of(folder: Path, text: str) -> list[tuple[str | None, str, str]]:
    """Key, code and message of each fault of a file; each must point into the file and have a fix."""
    path = write(folder, text)
    with pytest.raises(OrganizationError) as caught:
        read_organization(path)
    assert all(finding.location.path == path and finding.fix for finding in caught.value.findings)
    return [(finding.location.key, finding.code, finding.message) for finding in caught.value.findings]


def test_a_whole_file(tmp_path: Path) -> None:
    city = read_organization(Path(write(tmp_path, GOOD)))
    assert (city.name, city.timezone, city.source, city.assumed, city.format) == ("Kota", "Asia/Jakarta", "decree 12", False, 1)
    assert city.calendars == {
        "office": Calendar(
            hours="Mon-Thu 08:00-12:00 13:00-16:00, Fri 08:00-11:30",
            holidays="ID",
            exceptions=(OtherHours(from_=date(2026, 2, 18), to=date(2026, 3, 19), hours="Mon-Fri 08:00-14:00", source="circular"),),
            closed=((date(2026, 3, 20), date(2026, 3, 20)), (date(2026, 3, 23), date(2026, 3, 24))),
            assumed=True,
        )
    }
    assert list(city.units) == ["DPM", "FO", "APPLICANT"]
    assert city.units["FO"].pools == {
        "staff": ResourcePool(quantity=3, name="Clerks", calendar="always"),
        "head": ResourcePool(quantity=1, name="head"),
    }


def test_defaults(tmp_path: Path) -> None:
    city = read_organization(write(tmp_path, "[units.A]\ncalendar = 'always'\n[units.B]\nexternal = true\n", "kota/org.toml"))
    assert (city.name, city.timezone, city.calendars) == ("kota", None, {})
    assert city.units == {"A": Unit(name="A", calendar="always"), "B": Unit(name="B", external=True)}
    assert (city.units["A"].parent, city.units["A"].pools, city.units["A"].aliases) == (None, {}, ())


def test_calendars_of_units_and_pools(tmp_path: Path) -> None:
    city = read_organization(write(tmp_path, GOOD))
    assert [city.calendar_of(unit) for unit in city.units] == ["office", "office", "always"]
    assert (city.calendar_of_pool("FO", "staff"), city.calendar_of_pool("FO", "head")) == ("always", "office")
    assert city.calendar("always") is None
    assert city.calendar("office") is city.calendars["office"]


def test_an_outside_party_is_always_open() -> None:
    calendars = {"o": Calendar(hours="Mon 08:00-12:00")}
    city = Organization(
        calendars=calendars, units={"X": Unit(external=True, calendar="o"), "Y": Unit(parent="X"), "Z": Unit(parent="Y", calendar="o")}
    )
    assert [city.calendar_of(unit) for unit in "XYZ"] == ["always", "always", "o"]


def test_folded() -> None:
    assert folded("  Dinas\n PERIZINAN") == "dinas perizinan"


def test_pools_called() -> None:
    staff = {"staff": ResourcePool(quantity=1)}
    city = Organization(
        units={
            "A": Unit(calendar="always", pools=staff),
            "A.b": Unit(calendar="always", pools=staff),
            "B": Unit(calendar="always", pools={"b.staff": ResourcePool(quantity=1), "A.staff": ResourcePool(quantity=2)}),
        }
    )
    assert city.pools_called("A.staff") == (("A", "staff"),)
    assert city.pools_called("A.b.staff") == (("A.b", "staff"),)
    assert city.pools_called("staff") == ()
    assert city.pools_called("staff", "A.b") == (("A.b", "staff"),)
    assert city.pools_called("A.staff", "B") == (("B", "A.staff"), ("A", "staff"))  # two things that it can mean


def test_location(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    city = read_organization(path)
    assert city.location("units.FO.parent") == city.location(("units", "FO", "parent")) == Location(path, key="units.FO.parent")
    assert city.path == path
    assert Organization().location("units.FO") == Location(None, key="units.FO")


# ---- faults ----------------------------------------------------------------------------------------------------------------

OFFICE = "[calendars.office]\nhours = 'Mon-Fri 08:00-16:00'\n"
UNIT = "[units.A]\ncalendar = 'always'\n"


@pytest.mark.parametrize(
    ("text", "key", "code", "message"),
    [
        ("nmae = 'x'", "nmae", "unknown-key", "unknown key 'nmae'"),
        ("[unit.A]", "unit", "unknown-key", "unknown key 'unit'"),
        (UNIT + "pool.staff.quantity = 1", "units.A.pool", "unknown-key", "unknown key 'pool'"),
        (UNIT + "pools.staff.quantity = 1\npools.staff.'x y' = 1", 'units.A.pools.staff."x y"', "unknown-key", "unknown key 'x y'"),
        ("format = 2", "format", "unknown-format", "format '2' is not known"),
        ("name = 5", "name", "wrong-type", "'name' must be text (got '5')"),
        ("name = ' '", "name", "empty-text", "' ' is blank"),
        ("source = ['x']", "source", "wrong-type", "'source' must be text (got an array)"),
        ("assumed = 'yes'", "assumed", "wrong-type", "'assumed' must be true or false (got 'yes')"),
        ("timezone = 'Europe/Berln'", "timezone", "unknown-timezone", "'Europe/Berln' is no time zone"),
        ("timezone = 'Europe'", "timezone", "unknown-timezone", "'Europe' is no time zone"),
        ("timezone = '../zone'", "timezone", "unknown-timezone", "'../zone' is no time zone"),
        ("timezone = 7", "timezone", "wrong-type", "'timezone' must be text (got '7')"),
        ("calendars = 5", "calendars", "wrong-type", "'calendars' must be a table (got '5')"),
        ("units.A = 'x'", "units.A", "wrong-type", "must be a table (got 'x')"),
        ("[calendars.o]", "calendars.o.hours", "missing-key", "'hours' is missing"),
        ("[calendars.o]\nhours = 8", "calendars.o.hours", "wrong-type", "'hours' must be text (got '8')"),
        ("[calendars.o]\nhours = 'FUNDAY 08:00-12:00'", "calendars.o.hours", "unknown-weekday", "'FUNDAY' is no day of the week"),
        ("[calendars.o]\nhours = 'Mon 25:99-23:00'", "calendars.o.hours", "invalid-time", "'25:99' is no time of the day"),
        ("[calendars.o]\nhours = 'Mon'", "calendars.o.hours", "invalid-hours", "'Mon' gives days without hours"),
        (
            "[calendars.o]\nhours = 'Mon 08:00-12:00 11:00-13:00'",
            "calendars.o.hours", "overlapping-hours", "'Mon 08:00-12:00' and 'Mon 11:00-13:00' overlap",
        ),
        (OFFICE + "holidays = 'XX'", "calendars.office.holidays", "unknown-holidays", "'XX' is no country or part of one with known public holidays"),
        (OFFICE + "holidays = 'DE-XX'", "calendars.office.holidays", "unknown-holidays", "'DE-XX' is no country or part of one with known public holidays"),
        (OFFICE + "closed = 2026-01-01", "calendars.office.closed", "wrong-type", "'closed' must be an array (got '2026-01-01')"),
        (OFFICE + "closed = ['soon']", "calendars.office.closed[0]", "invalid-dates", "'soon' is no date and no range of dates"),
        (OFFICE + "closed = [2026-01-01, 2026-01-01T00:00:00]", "calendars.office.closed[1]", "invalid-dates", "'2026-01-01T00:00:00' is no date and no range of dates"),
        (OFFICE + "closed = ['2026-01-03/2026-01-02']", "calendars.office.closed[0]", "invalid-dates", "'2026-01-03/2026-01-02' ends before it begins"),
        (OFFICE + "closed = ['2026-01-01/2026-01-02/2026-01-03']", "calendars.office.closed[0]", "invalid-dates", "'2026-01-01/2026-01-02/2026-01-03' is no date and no range of dates"),
        (OFFICE + "closed = ['0001-01-01/9999-12-31']", "calendars.office.closed", "never-open", "the closed days leave no day on which it opens"),
        (OFFICE + "exceptions = [{ from = 2026-01-03, to = 2026-01-02, hours = 'Mon 08:00-09:00' }]", "calendars.office.exceptions[0]", "invalid-dates", "'2026-01-03' to '2026-01-02' ends before it begins"),
        (OFFICE + "exceptions = [{ from = 2026-01-03, hours = 'Mon 08:00-09:00' }]", "calendars.office.exceptions[0].to", "missing-key", "'to' is missing"),
        (OFFICE + "exceptions = [{ from = 2026-01-03, to = 'x', hours = 'Mon 08:00-09:00' }]", "calendars.office.exceptions[0].to", "wrong-type", "'to' must be a date (got 'x')"),
        (OFFICE + "exceptions = [{ from_ = 2026-01-03, from = 2026-01-03, to = 2026-01-03, hours = 'Mon 08:00-09:00' }]", "calendars.office.exceptions[0].from_", "unknown-key", "unknown key 'from_'"),
        (
            OFFICE + "exceptions = [{ from = 2026-01-01, to = 2026-01-09, hours = 'Mon 08:00-09:00' }, { from = 2026-01-09, to = 2026-01-10, hours = 'Mon 08:00-09:00' }]",
            "calendars.office.exceptions[1]", "overlapping-exceptions", "'2026-01-09' lies in two exceptions",
        ),
        ("[calendars.always]\nhours = 'Mon 08:00-09:00'", "calendars.always", "reserved-name", "calendar 'always' is built in"),
        ("[units.A]", "units.A.calendar", "missing-calendar", "unit 'A' has no calendar, nor has a unit above it"),
        ("[units.A]\ncalendar = 'offcie'\n" + OFFICE, "units.A.calendar", "unknown-calendar", "no calendar 'offcie'"),
        (UNIT + "pools.s = { quantity = 1, calendar = 'x' }", "units.A.pools.s.calendar", "unknown-calendar", "no calendar 'x'"),
        (UNIT + "parent = 'B'", "units.A.parent", "unknown-unit", "no unit 'B'"),
        (UNIT + "parent = 'A'", "units.A.parent", "circular-parents", "units are their own parents: 'A' → 'A'"),
        ("[units]\nA.parent = 'B'\nB.parent = 'C'\nC.parent = 'B'\n", "units.B.parent", "circular-parents", "units are their own parents: 'B' → 'C' → 'B'"),
        (UNIT + "[units.a]\ncalendar = 'always'", "units.a", "doubled-name", "units 'A' and 'a' are both called 'a' ('A')"),
        (UNIT + "[units.B]\ncalendar = 'always'\nname = 'A'", "units.B.name", "doubled-name", "units 'A' and 'B' are both called 'A'"),
        (UNIT + "[units.B]\ncalendar = 'always'\naliases = ['b', ' a ']", "units.B.aliases[1]", "doubled-name", "units 'A' and 'B' are both called ' a ' ('A')"),
        (UNIT + "[units.B]\ncalendar = 'always'\nname = 'x'\n[units.C]\ncalendar = 'always'\nname = 'b'", "units.C.name", "doubled-name", "units 'B' and 'C' are both called 'b' ('B')"),
        (UNIT + "aliases = 'B'", "units.A.aliases", "wrong-type", "'aliases' must be an array (got 'B')"),
        (UNIT + "aliases = ['']", "units.A.aliases[0]", "empty-text", "'' is blank"),
        (UNIT + "external = 1", "units.A.external", "wrong-type", "'external' must be true or false (got '1')"),
        (UNIT + "pools.staff.quantity = 0", "units.A.pools.staff.quantity", "out-of-range", "'quantity' must be >= 1 (got '0')"),
        (UNIT + "pools.staff.quantity = 1_000_001", "units.A.pools.staff.quantity", "out-of-range", "'quantity' must be <= 1000000 (got '1000001')"),
        (UNIT + "pools.staff.quantity = 1.0", "units.A.pools.staff.quantity", "wrong-type", "'quantity' must be a whole number (got '1.0')"),
        (UNIT + "pools.staff.quantity = true", "units.A.pools.staff.quantity", "wrong-type", "'quantity' must be a whole number (got 'true')"),
        (UNIT + "pools.staff.name = 'x'", "units.A.pools.staff.quantity", "missing-key", "'quantity' is missing"),
        (UNIT + "pools.staff = { quantity = 1, cost_per_hour = 2 }", "units.A.pools.staff.cost_per_hour", "not-supported-yet", "'cost_per_hour' is not supported yet"),
    ],
)  # fmt: skip
def test_fault(tmp_path: Path, text: str, key: str, code: str, message: str) -> None:
    assert faults_of(tmp_path, text) == [(key, code, message)]


def test_fixes(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "nmae = 'x'\ntimezone = 'Europe/Berln'\nzzz = 1\n[calendars.office]\nhours = 'Mon 08:00-09:00'\nholidays = 'id'\n[units.A]\ncalendar = 'offcie'\nparent = 'Q'\n",
    )
    with pytest.raises(OrganizationError) as caught:
        read_organization(path)
    assert [finding.fix for finding in caught.value.findings] == [
        "rename it; did you mean 'name'?",
        "write an IANA name like 'Asia/Jakarta'; did you mean 'Europe/Berlin'?",
        "remove it; known here are assumed, calendars, format, name, source, timezone, units",
        "write a country's two letters, like 'ID', or a part's code, like 'DE-BY'; did you mean 'ID'?",
        "name a calendar of the organization; did you mean 'office'?",
        "name a unit of the organization; known are A",
    ]


def test_all_faults_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = (
        "[units.B]\ncalendar = 'x'\npools.s.quantity = 0\n[units.A]\nfoo = 1\nparent = 'A'\n[calendars.o]\nhours = 'Mon 8'\nclosed = [1]\n"
    )
    assert [(key, code) for key, code, _ in faults_of(tmp_path, text)] == [
        ("units.B.calendar", "unknown-calendar"),
        ("units.B.pools.s.quantity", "out-of-range"),
        ("units.A.foo", "unknown-key"),
        ("units.A.parent", "circular-parents"),
        ("calendars.o.hours", "invalid-hours"),
        ("calendars.o.closed[0]", "invalid-dates"),
    ]


def test_text_of_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, UNIT + "pools.staff.quantity = 0")
    with pytest.raises(OrganizationError) as caught:
        read_organization(path)
    assert str(caught.value) == (
        f"{path} [units.A.pools.staff.quantity]: error[out-of-range] 'quantity' must be >= 1 (got '0')\n    fix: give a number >= 1"
    )


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.toml", "file-missing"), (tmp_path, "file-unreadable")):
        with pytest.raises(OrganizationError) as caught:
            read_organization(path)
        assert [(finding.code, finding.location) for finding in caught.value.findings] == [(code, Location(str(path)))]
    path = tmp_path / "org.toml"
    path.write_text("[units.A\n")
    with pytest.raises(OrganizationError) as caught:
        read_organization(path)
    assert [(finding.code, finding.location) for finding in caught.value.findings] == [("toml-syntax", Location(str(path), line=1))]


def test_quoted_ids_in_keys(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "[units.'Dinas PU']\nexternal = 0\n") == [
        ('units."Dinas PU".external', "wrong-type", "'external' must be true or false (got '0')"),
        ('units."Dinas PU".calendar', "missing-calendar", "unit 'Dinas PU' has no calendar, nor has a unit above it"),
    ]


# ---- built in code ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "values", "key", "code"),
    [
        (ResourcePool, {"quantity": 0}, "quantity", "out-of-range"),
        (ResourcePool, {"quantity": 1, "qty": 1}, "qty", "unknown-key"),
        (Unit, {"pools": {"s": {"quantity": "3"}}}, "pools.s.quantity", "wrong-type"),
        (Calendar, {"hours": "Mon"}, "hours", "invalid-hours"),
        (Calendar, {"hours": "Mon 08:00-09:00", "closed": [(date.min, date.max)]}, "closed", "never-open"),
        (OtherHours, {"from_": "x", "to": date.max, "hours": "Mon 08:00-09:00"}, "from", "wrong-type"),
        (Organization, {"units": {"A": Unit()}}, "units.A.calendar", "missing-calendar"),
        (Organization, {"units": {"A": 5}}, "units.A", "wrong-type"),
        (Organization, {"units": []}, "units", "wrong-type"),
    ],
)
def test_faults_in_code_are_ours(table: type[Table], values: dict[str, Any], key: str, code: str) -> None:
    with pytest.raises(OrganizationError) as caught:
        table(**values)
    (finding,) = caught.value.findings
    assert (finding.location, finding.code) == (Location(None, key=key), code)
    assert finding.fix


def test_frozen() -> None:
    pool = ResourcePool(quantity=1)
    with pytest.raises(AttributeError, match="ResourcePool is frozen: make a new one with another quantity"):
        setattr(pool, "quantity", 2)  # noqa: B010  # as a slip would
    assert pool.quantity == 1


def test_pickled(tmp_path: Path) -> None:
    city = read_organization(write(tmp_path, GOOD))
    other = pickle.loads(pickle.dumps(city))
    assert other == city
    assert (other.path, other.name, other.digest) == (city.path, city.name, city.digest)
    with pytest.raises(OrganizationError) as caught:
        read_organization(tmp_path / "none.toml")
    assert pickle.loads(pickle.dumps(caught.value)).findings == caught.value.findings


# ---- digest ----------------------------------------------------------------------------------------------------------------


def test_digest_is_of_the_content_alone(tmp_path: Path) -> None:
    city = read_organization(write(tmp_path, GOOD))
    turned = GOOD.replace("external = true", "external = true\npools = {}\nassumed = false").replace(
        '"Dinas Perizinan", "DPMPTSP"', '"DPMPTSP", "Dinas Perizinan"'
    )
    head, _, rest = turned.partition("[calendars.office]")
    calendar, _, units = rest.partition("[units.DPM]")
    turned = head.replace('"decree 12"', '"another decree"') + "[units.DPM]" + units + "[calendars.office]" + calendar
    same = read_organization(write(tmp_path, turned, "elsewhere/other.toml"))
    assert same.digest == city.digest
    assert len(city.digest) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Kota"', '"Kabupaten"'),
        ("quantity = 3", "quantity = 4"),
        ("11:30", "11:00"),
        ("2026-03-24", "2026-03-25"),
        ("assumed = true", "assumed = false"),
    ],
)
def test_digest_changes_with_the_content(tmp_path: Path, old: str, new: str) -> None:
    assert read_organization(write(tmp_path, GOOD)).digest != read_organization(write(tmp_path, GOOD.replace(old, new), "b.toml")).digest


def test_digest_does_not_know_the_folder(tmp_path: Path) -> None:
    text = "[units.A]\ncalendar = 'always'\n"
    first, second = (read_organization(write(tmp_path, text, f"{folder}/org.toml")) for folder in ("a", "b"))
    assert (first.name, second.name) == ("a", "b")
    assert first.digest == second.digest == Organization(units={"A": Unit(calendar="always")}).digest


def test_values_in_messages() -> None:
    assert shown("a\x1b[31mb") == "'a\\x1b[31mb'"
    assert shown("x" * 100) == "'" + "x" * 59 + "…'"
    assert shown(date(2026, 1, 2)) == "'2026-01-02'"
    assert shown(16**5000) == "'0x1" + "0" * 56 + "…'"
    assert shown({}) == shown(ResourcePool(quantity=1)) == "a table"
