"""Checks of organizations, between tables and within texts; they see plain values, perhaps faulty, and find all they can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from bpmnmap.errors import OrganizationError
from bpmnmap.findings import Finding
from bpmnmap.org.hours import parse_hours
from bpmnmap.org.tables import Fault, did_you_mean, fault, hint, raise_faults, shown, tables_of
from bpmnmap.org.toml_files import Key

ALWAYS: Final = "always"
"""Id of the built-in calendar that never closes."""


def folded(name: str) -> str:
    """Return a name as names are compared (H3): white space and case folded.

    Examples
    --------
    >>> folded("Front  Office ") == folded("front office")
    True
    """
    return " ".join(name.split()).casefold()


def text_with_letters(text: str) -> str:
    """Return a text that is not blank, as it is."""
    if not text.strip():
        raise OrganizationError([Finding("empty-text", f"{shown(text)} is blank", fix="write a text, or leave the key out")])
    return text


def valid_hours(text: str) -> str:
    """Return a text of weekly hours as it is."""
    parse_hours(text)
    return text


def valid_timezone(name: str) -> str:
    """Return a name of a time zone as it is."""
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: the name is a folder of the data base
        nearest = hint(name, sorted(zoneinfo.available_timezones()))
        fix = f"write an IANA name like 'Asia/Jakarta'{nearest}"
        raise OrganizationError([Finding("unknown-timezone", f"{shown(name)} is no time zone", fix=fix)]) from None
    return name


def valid_holidays(code: str) -> str:
    """Return a code of public holidays as it is."""
    from bpmnmap.org.public_holidays import holiday_codes, is_holiday_code

    if is_holiday_code(code):
        return code
    country, codes = code.partition("-")[0], holiday_codes()
    if codes.get(country):
        fix = f"write '{country}', or '{country}-' and one of " + ", ".join(codes[country])
    elif country in codes:
        fix = f"write '{country}'"
    else:
        upper = code.upper()
        fix = "write a country's two letters, like 'ID', or a part's code, like 'DE-BY'" + (
            f"; did you mean '{upper}'?" if is_holiday_code(upper) else ""
        )
    message = f"{shown(code)} is no country or part of one with known public holidays"
    raise OrganizationError([Finding("unknown-holidays", message, fix=fix)])


def closed_ranges(value: Any) -> Any:  # noqa: ANN401
    """Return closed dates and texts of two dates as pairs of first and last day."""
    if not isinstance(value, (list, tuple)):
        return value
    ranges: list[tuple[date, date]] = []
    faults: list[Fault] = []
    for place, entry in enumerate(value):
        days = _range(entry)
        if days is None:
            fix = "write a date like 2026-03-20, or '2026-03-20/2026-03-24'"
            faults.append(fault([place], "invalid-dates", f"{shown(entry)} is no date and no range of dates", fix))
        elif days[0] > days[1]:
            faults.append(fault([place], "invalid-dates", f"{shown(entry)} ends before it begins", "put the earlier date first"))
        else:
            ranges.append(days)
    raise_faults(faults)
    return tuple(ranges)


def exception_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find exceptions of a calendar that end before they begin, or share a day."""
    entries = table.get("exceptions")
    valid: list[tuple[date, date]] = []
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        first, last = (entry.get("from"), entry.get("to")) if isinstance(entry, dict) else (None, None)
        if type(first) is not date or type(last) is not date:
            continue
        if first > last:
            message = f"{shown(first)} to {shown(last)} ends before it begins"
            yield fault(["exceptions", place], "invalid-dates", message, "put the earlier date first")
            continue
        for begin, end in valid:
            if first <= end and begin <= last:
                message = f"{shown(max(first, begin))} lies in two exceptions"
                yield fault(["exceptions", place], "overlapping-exceptions", message, "let one end before the other begins")
                break
        valid.append((first, last))


def organization_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find faults between the tables of an organization."""
    units, calendars = tables_of(table, "units"), tables_of(table, "calendars")
    if ALWAYS in calendars:
        yield fault(["calendars", ALWAYS], "reserved-name", "calendar 'always' is built in", "give this calendar another id")
    for unit_id, unit in units.items():
        yield from _reference(("units", unit_id, "calendar"), unit.get("calendar"), "calendar", [ALWAYS, *calendars])
        yield from _reference(("units", unit_id, "parent"), unit.get("parent"), "unit", units)
        for pool_id, pool in tables_of(unit, "pools").items():
            yield from _reference(("units", unit_id, "pools", pool_id, "calendar"), pool.get("calendar"), "calendar", [ALWAYS, *calendars])
    yield from _parent_faults(units)
    yield from _name_faults(units)


def _reference(key: Key, name: object, kind: str, known: Mapping[str, Any] | list[str]) -> Iterator[Fault]:
    """Find a name that nothing bears."""
    if isinstance(name, str) and name not in known:
        yield unknown(key, name, kind, known)


def unknown(key: Key, name: str, kind: str, known: Mapping[str, Any] | list[str]) -> Fault:
    """Return the fault that no calendar, unit or pool bears a name."""
    nearest = did_you_mean(name, known)
    way_out = f"did you mean '{nearest}'?" if nearest is not None else "known are " + (", ".join(known) or "none")
    return fault(key, f"unknown-{kind}", f"no {kind} {shown(name)}", f"name a {kind} of the organization; {way_out}")


def _parent_faults(units: Mapping[str, dict[str, Any]]) -> Iterator[Fault]:
    """Find circles of parents, each once, and units that have no calendar from anywhere."""
    told: set[str] = set()
    for unit_id in units:
        chain = [unit_id]
        while True:
            unit = units[chain[-1]]
            parent = unit.get("parent")
            if not isinstance(parent, str) or parent not in units or parent in chain:
                break
            chain.append(parent)
        if parent in chain:
            circle = chain[chain.index(parent) :]
            if not told & set(circle):
                told |= set(circle)
                way = " → ".join(f"'{each}'" for each in [*circle, circle[0]])
                message = f"units are their own parents: {way}"
                yield fault(["units", circle[0], "parent"], "circular-parents", message, "remove one of these parents")
        elif parent is None and not any("calendar" in units[each] or units[each].get("external") is True for each in chain):
            fix = "give it, or a unit above it, a calendar; 'always' is built in"
            message = f"unit '{unit_id}' has no calendar, nor has a unit above it"
            yield fault(["units", unit_id, "calendar"], "missing-calendar", message, fix)


def _name_faults(units: Mapping[str, dict[str, Any]]) -> Iterator[Fault]:
    """Find units that maps cannot tell apart; an id is a name, too."""
    bearers: dict[str, tuple[str, str]] = {folded(unit_id): (unit_id, unit_id) for unit_id in reversed(list(units))}
    for unit_id, unit in units.items():
        aliases = unit.get("aliases")
        names: list[tuple[Key, object]] = [(("units", unit_id), unit_id)]
        if unit.get("name") != unit_id:
            names.append((("units", unit_id, "name"), unit.get("name")))
        if isinstance(aliases, list):
            names += [(("units", unit_id, "aliases", place), alias) for place, alias in enumerate(aliases)]
        for key, name in names:
            if not isinstance(name, str) or not name.strip():
                continue
            bearer, first = bearers.setdefault(folded(name), (unit_id, name))
            if bearer != unit_id:
                spelling = "" if first == name else f" ({shown(first)})"
                message = f"units '{bearer}' and '{unit_id}' are both called {shown(name)}{spelling}"
                yield fault(key, "doubled-name", message, "give one of them another name, or take the alias away")


def _range(entry: object) -> tuple[date, date] | None:
    """First and last day of an entry of `closed`."""
    if isinstance(entry, str):
        texts = [text.strip() for text in entry.split("/")]
        try:
            days = [date.fromisoformat(text) for text in texts]
        except ValueError:
            return None
    elif isinstance(entry, (list, tuple)):
        days = list(entry)
    else:
        days = [entry]  # type: ignore[list-item]
    if len(days) not in (1, 2) or any(type(day) is not date for day in days):
        return None
    return days[0], days[-1]
