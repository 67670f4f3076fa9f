"""Organizations that are wrong in themselves: calendars, units, pools."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Fault, assert_refused, command
from tests.bad_input.triple import GOOD, Triple

HOURS = 'hours = "Mon-Fri 08:00-16:00"\n'
CLERKS = "[units.FO.pools.clerks]\nquantity = 2\n"
FO_CALENDAR = 'name = "Front Office"\ncalendar = "office"'


def hours(text: str) -> Triple:
    return GOOD.in_org("Mon-Fri 08:00-16:00", text)


def office(lines: str) -> Triple:
    return GOOD.in_org(HOURS, HOURS + lines)


FAULTS = {
    "weekday FUNDAY": (
        hours("FUNDAY 08:00-16:00"),
        Fault("unknown-weekday", "org.toml [calendars.office.hours]", "'FUNDAY' is no day of the week", "did you mean 'Sun'?"),
    ),
    "25:99": (
        hours("Mon-Fri 08:00-25:99"),
        Fault("invalid-time", "org.toml [calendars.office.hours]", "'25:99' is no time of the day", "write a time from 00:00 to 24:00"),
    ),
    "overlapping spans": (
        hours("Mon 08:00-16:00 15:00-17:00"),
        Fault("overlapping-hours", "org.toml [calendars.office.hours]", "'Mon 08:00-16:00' and 'Mon 15:00-17:00' overlap", "let spans begin"),
    ),
    "days without hours": (
        hours("Mon-Fri"),
        Fault("invalid-hours", "org.toml [calendars.office.hours]", "'Mon-Fri'", "write days, then spans"),
    ),
    "no hours": (GOOD.in_org(HOURS, ""), Fault("missing-key", "org.toml [calendars.office.hours]", "'hours' is missing", "add hours")),
    "quantity 0": (
        GOOD.in_org("quantity = 2", "quantity = 0"),
        Fault("out-of-range", "org.toml [units.FO.pools.clerks.quantity]", "'quantity' must be >= 1 (got '0')", "give a number >= 1"),
    ),
    "quantity -5": (
        GOOD.in_org("quantity = 2", "quantity = -5"),
        Fault("out-of-range", "org.toml [units.FO.pools.clerks.quantity]", "'quantity' must be >= 1 (got '-5')", "give a number >= 1"),
    ),
    "quantity 10^20": (
        GOOD.in_org("quantity = 2", f"quantity = {10**20}"),
        Fault("out-of-range", "org.toml [units.FO.pools.clerks.quantity]", "must be <= 1000000", "give a number <= 1000000"),
    ),
    "half a person": (
        GOOD.in_org("quantity = 2", "quantity = 2.5"),
        Fault("wrong-type", "org.toml [units.FO.pools.clerks.quantity]", "must be a whole number (got '2.5')", "write a whole number"),
    ),
    "quantity as text": (
        GOOD.in_org("quantity = 2", 'quantity = "2"'),
        Fault("wrong-type", "org.toml [units.FO.pools.clerks.quantity]", "must be a whole number (got '2')", "write a whole number"),
    ),
    "unknown calendar": (
        GOOD.in_org(FO_CALENDAR, 'name = "Front Office"\ncalendar = "offcie"'),
        Fault("unknown-calendar", "org.toml [units.FO.calendar]", "no calendar 'offcie'", "did you mean 'office'?"),
    ),
    "no calendar": (
        GOOD.in_org(FO_CALENDAR, 'name = "Front Office"'),
        Fault("missing-calendar", "org.toml [units.FO.calendar]", "'FO'", "calendar"),
    ),
    "unknown parent": (
        GOOD.in_org(FO_CALENDAR, FO_CALENDAR + '\nparent = "TOO"'),
        Fault("unknown-unit", "org.toml [units.FO.parent]", "no unit 'TOO'", "did you mean 'TO'?"),
    ),
    "units in a circle": (
        GOOD.in_org('name = "Front Office"', 'parent = "TO"\nname = "Front Office"').in_org('name = "Technical Office"', 'parent = "FO"'),
        Fault("circular-parents", "org.toml [units.FO.parent]", "'FO' → 'TO' → 'FO'", "remove one of these parents"),
    ),
    "two units of one name": (
        GOOD.in_org('name = "Technical Office"', 'name = "front  office"'),
        Fault("doubled-name", "org.toml [units.TO.name]", "units 'FO' and 'TO' are both called 'front  office'", "give one of them another name"),
    ),
    "unknown key": (
        GOOD.in_org(CLERKS, CLERKS + "quantities = 2\n"),
        Fault("unknown-key", "org.toml [units.FO.pools.clerks.quantities]", "unknown key 'quantities'", "did you mean 'quantity'?"),
    ),
    "unknown table": (
        GOOD.in_org("[units.FO.pools.clerks]", "[unit.FO]\n[units.FO.pools.clerks]"),
        Fault("unknown-key", "org.toml [unit]", "unknown key 'unit'", "did you mean 'units'?"),
    ),
    "a [later] key": (
        GOOD.in_org(CLERKS, CLERKS + "cost_per_hour = 30\n"),
        Fault("not-supported-yet", "org.toml [units.FO.pools.clerks.cost_per_hour]", "'cost_per_hour' is not supported yet", "remove"),
    ),
    "unknown time zone": (
        GOOD.in_org("Asia/Jakarta", "Asia/Jakata"),
        Fault("unknown-timezone", "org.toml [timezone]", "'Asia/Jakata' is no time zone", "did you mean 'Asia/Jakarta'?"),
    ),
    "time zone as a path": (
        GOOD.in_org("Asia/Jakarta", "../../../etc/passwd"),
        Fault("unknown-timezone", "org.toml [timezone]", "'../../../etc/passwd' is no time zone", "write an IANA name"),
    ),
    "unknown holidays": (
        office('holidays = "XX"\n'),
        Fault("unknown-holidays", "org.toml [calendars.office.holidays]", "'XX' is no country", "write a country's two letters"),
    ),
    "closed backwards": (
        office('closed = ["2026-03-24/2026-03-20"]\n'),
        Fault("invalid-dates", "org.toml [calendars.office.closed[0]]", "'2026-03-24/2026-03-20'", "first"),
    ),
    "a calendar never open": (
        office("closed = [2026-01-01]\n").in_org("closed = [2026-01-01]", 'closed = ["1999-01-01/2199-01-01"]'),
        Fault("never-open", "org.toml [calendars.office]", "does not open in the ten years from 2026-01-05 on", "give it hours"),
    ),
    "another format": (
        GOOD.in_org('name = "City"', "format = 2"),
        Fault("unknown-format", "org.toml [format]", "format '2' is not known", "install a newer bpmnmap"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("triple", "fault"), FAULTS.values(), ids=FAULTS)
def test_faulty_organizations(triple: Triple, fault: Fault) -> None:
    assert_refused(triple, 1, bm.OrganizationError, fault)


def test_a_misspelled_key_is_told_with_the_one_that_it_leaves_missing() -> None:
    place = "org.toml [units.FO.pools.clerks"
    assert_refused(
        GOOD.in_org("quantity = 2", "quantiy = 2"), 1, bm.OrganizationError,
        Fault("unknown-key", f"{place}.quantiy]", "unknown key 'quantiy'", "did you mean 'quantity'?"),
        Fault("missing-key", f"{place}.quantity]", "'quantity' is missing", "add quantity"),
    )  # fmt: skip


def test_an_empty_organization_lacks_what_the_scenario_names() -> None:
    assert_refused(
        Triple(org=""), 1, bm.ScenarioError,
        Fault("unknown-calendar", "scenario.toml [arrivals.Start.calendar]", "no calendar 'office'", "known are always"),
        Fault("unknown-unit", "scenario.toml [transfers[0].from]", "no unit 'FO'", "known are none"),
        Fault("unknown-unit", "scenario.toml [transfers[0].to]", "no unit 'TO'", "known are none"),
        Fault("unknown-unit", "scenario.toml [transfers[1].from]", "no unit 'TO'", "known are none"),
        Fault("unknown-unit", "scenario.toml [transfers[1].to]", "no unit 'FO'", "known are none"),
    )  # fmt: skip


NEVER = '[calendars.never]\nhours = "Mon 08:00-09:00"\nclosed = ["1999-01-01/2199-01-01"]\n'


def test_a_unit_never_open_is_told_even_where_nobody_works() -> None:
    """The log gives each unit's opening hours."""
    assert_refused(
        GOOD.in_org("[units.FO]\n", f'{NEVER}[units.old]\ncalendar = "never"\n[units.FO]\n'), 1, bm.OrganizationError,
        Fault("never-open", "org.toml [calendars.never]", "does not open in the ten years", "give it hours"),
    )  # fmt: skip


def test_a_calendar_that_nobody_has_may_be_closed_for_ever() -> None:
    GOOD.in_org("[units.FO]\n", f"{NEVER}[units.FO]\n").write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert (outcome.status, outcome.told) == (0, [])
