"""Checks of a scenario against itself and its organization; they see plain values, perhaps faulty, and find all they can."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from itertools import combinations
from typing import Any, Final, TypeAlias

from bpmnmap.org.organization_checks import ALWAYS, unknown
from bpmnmap.org.tables import Fault, did_you_mean, fault, shown, tables_of
from bpmnmap.org.toml_files import Key
from bpmnmap.simulation.scenario_checks import ANY_UNIT
from bpmnmap.simulation.scenario_expressions import moved, name_faults

Ends: TypeAlias = str | Collection[str]
"""A unit, several units, or `ANY_UNIT`."""

WINDOW: Final = ("duration", "warm_up", "follow_up")


def rank(from_: Ends, to: Ends) -> tuple[int, int]:
    """Return how general a transfer is, lowest first: pair before array before ``*``, and the more general end counts first."""
    first, second = (2 if end == ANY_UNIT else 0 if isinstance(end, str) else 1 for end in (from_, to))
    return max(first, second), min(first, second)


def holds_for(end: Ends, unit: str) -> bool:
    """Whether an end of a transfer is, or includes, a unit."""
    return end == ANY_UNIT or (end == unit if isinstance(end, str) else unit in end)


def scenario_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find faults between the keys at the top of a scenario."""
    given = [key for key in WINDOW if key in table]
    if "cases" in table and given:
        fix = "give cases, or duration with warm_up and follow_up"
        yield fault([given[0]], "contradicting-keys", f"'{given[0]}' is given beside 'cases'", fix)
    elif "cases" not in table and "duration" not in table:
        yield fault(["duration"], "missing-key", "'duration' is missing, and so is 'cases'", "add duration and warm_up, or cases")
    attributes = table.get("attributes")
    for each in name_faults(attributes if isinstance(attributes, dict) else {}):
        yield moved(each, ("attributes",))
    start = _instant(table.get("start"))
    for prefix, part in _parts(table):
        for name, arrival in tables_of(part, "arrivals").items():
            instants = arrival.get("at")
            for place, value in enumerate(instants if isinstance(instants, list) else []):
                instant = _instant(value)
                if start is not None and instant is not None and instant < start:
                    key = (*prefix, "arrivals", name, "at", place)
                    message = f"{shown(instant)} lies before the start {shown(start)}"
                    yield fault(key, "out-of-range", message, "give an instant from start on")
        yield from _doubled(part.get("transfers"), (*prefix, "transfers"))


def reference_faults(table: Mapping[str, Any], organization: Mapping[str, Any]) -> Iterator[Fault]:
    """Find calendars, units and pools that the organization does not have, and pairs of units with two transfers."""
    units, calendars = tables_of(organization, "units"), [ALWAYS, *tables_of(organization, "calendars")]
    for prefix, part in _parts(table):
        if isinstance(part.get("unit"), str) and part["unit"] not in units:
            yield unknown((*prefix, "unit"), part["unit"], "unit", units)
        for kind in ("arrivals", "activities", "events"):
            for name, element in tables_of(part, kind).items():
                key = (*prefix, kind, name)
                if isinstance(element.get("calendar"), str) and element["calendar"] not in calendars:
                    yield unknown((*key, "calendar"), element["calendar"], "calendar", calendars)
                if isinstance(element.get("unit"), str) and element["unit"] not in units:
                    yield unknown((*key, "unit"), element["unit"], "unit", units)
                yield from _pool_faults((*key, "pools"), element, units)
        for name, participant in tables_of(part, "participants").items():
            if isinstance(participant.get("calendar"), str) and participant["calendar"] not in calendars:
                yield unknown((*prefix, "participants", name, "calendar"), participant["calendar"], "calendar", calendars)
        transfers = part.get("transfers")
        for place, transfer in enumerate(transfers if isinstance(transfers, list) else []):
            if isinstance(transfer, dict):
                yield from _transfer_references((*prefix, "transfers", place), transfer, units, calendars)
    yield from _ambiguous(table.get("transfers"), units)


def warnings_of(table: Mapping[str, Any], organization: Mapping[str, Any]) -> Iterator[tuple[Key, str, str, str]]:
    """Find what is allowed, but hardly meant: key, code, message and fix."""
    if "duration" in table and "warm_up" not in table:
        fix = "add warm_up, long enough for queues to fill; warm_up = 'PT0S' says that an empty start is meant"
        yield ("warm_up",), "no-warm-up", "'warm_up' is missing: the run starts with empty queues, and counts from there", fix
    fix = "write a working day of 8 hours as PT8H"
    for key, value in _in_open_time(table, organization):
        for text_key, text in _texts(key, value):
            if re.search(r"[DW]", text):
                message = f"{shown(text)} runs in opening hours, and a day in it is 24 of them"
                yield text_key, "day-of-24-hours", message, fix


def _parts(table: Mapping[str, Any]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """The scenario itself and what it says of single processes."""
    yield (), {key: value for key, value in table.items() if key != "unit"}
    for name, part in tables_of(table, "processes").items():
        yield ("processes", name), part


def _instant(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return None if value.tzinfo is not None else value
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None


def _ends(transfer: object) -> tuple[Ends, Ends] | None:
    """Where a transfer leads from and to, if it says so without fault; one unit is that unit, several are a set."""
    if not isinstance(transfer, dict) or "flow" in transfer:
        return None
    ends: list[Ends] = []
    for end in (transfer.get("from"), transfer.get("to")):
        if isinstance(end, str):
            ends.append(end)
        elif isinstance(end, list) and end and all(isinstance(unit, str) for unit in end):
            ends.append(end[0] if len(set(end)) == 1 else frozenset(end))
        else:
            return None
    return ends[0], ends[1]


def transfer_identity(transfer: object) -> object:
    """Return what two transfers share if one replaces the other: the flow, or both ends; None for a faulty one."""
    if isinstance(transfer, dict) and isinstance(transfer.get("flow"), str):
        return transfer["flow"]
    return _ends(transfer)


def _doubled(transfers: object, key: Key) -> Iterator[Fault]:
    seen: set[object] = set()
    for place, transfer in enumerate(transfers if isinstance(transfers, list) else []):
        identity = transfer_identity(transfer)
        if identity is not None and identity in seen:
            told = f"flow {shown(identity)}" if isinstance(identity, str) else f"{_told(transfer['from'])} to {_told(transfer['to'])}"
            yield fault((*key, place), "doubled-transfer", f"a second transfer for {told}", "keep one of them")
        seen.add(identity)


def _told(end: object) -> str:
    return "[" + ", ".join(shown(unit) for unit in end) + "]" if isinstance(end, list) else shown(end)


def _ambiguous(transfers: object, units: Collection[str]) -> Iterator[Fault]:
    """Find pairs of units for which two transfers are equally near."""
    listed = enumerate(transfers if isinstance(transfers, list) else [])
    entries = [(place, ends) for place, each in listed if (ends := _ends(each)) is not None]
    for (first, one), (second, other) in combinations(entries, 2):
        if one == other or rank(*one) != rank(*other):
            continue
        nearer = [ends for _, ends in entries if rank(*ends) < rank(*one)]
        shared = [[unit for unit in units if holds_for(one[side], unit) and holds_for(other[side], unit)] for side in (0, 1)]
        pair = next(
            (
                (from_, to)
                for from_ in shared[0]
                for to in shared[1]
                if from_ != to and not any(holds_for(ends[0], from_) and holds_for(ends[1], to) for ends in nearer)
            ),
            None,
        )
        if pair is not None:
            message = f"'{pair[0]}' to '{pair[1]}' is given by this transfer and by 'transfers[{first}]', and neither is nearer"
            yield fault(("transfers", second), "ambiguous-transfer", message, "add a transfer for this pair, or name fewer units in one")


def _transfer_references(key: Key, transfer: Mapping[str, Any], units: Mapping[str, Any], calendars: list[str]) -> Iterator[Fault]:
    if isinstance(transfer.get("calendar"), str) and transfer["calendar"] not in calendars:
        yield unknown((*key, "calendar"), transfer["calendar"], "calendar", calendars)
    for end in ("from", "to"):
        value = transfer.get(end)
        if isinstance(value, str) and value not in units and value != ANY_UNIT:
            yield unknown((*key, end), value, "unit", units)
        for place, unit in enumerate(value if isinstance(value, list) else []):
            if isinstance(unit, str) and unit not in units and unit != ANY_UNIT:
                yield unknown((*key, end, place), unit, "unit", units)


def _pool_faults(key: Key, element: Mapping[str, Any], units: Mapping[str, dict[str, Any]]) -> Iterator[Fault]:
    pools = element.get("pools")
    unit = element.get("unit")
    by_name = {f"{unit_id}.{pool}" for unit_id, each in units.items() for pool in tables_of(each, "pools")}
    for name in pools if isinstance(pools, dict) else ():
        homes = [unit] if isinstance(unit, str) and unit in units else list(units)
        inside = [pool for home in homes for pool in tables_of(units[home], "pools")]
        if name in by_name or name in inside:
            continue
        nearest = did_you_mean(name, [*inside, *sorted(by_name)])
        fix = "name a pool as UNIT.POOL, or as POOL inside its own unit; " + (
            f"did you mean '{nearest}'?" if nearest is not None else "known are " + (", ".join(sorted(by_name)) or "none")
        )
        yield fault((*key, name), "unknown-pool", f"no pool {shown(name)}" + (f" in unit '{unit}'" if homes == [unit] else ""), fix)


def _in_open_time(table: Mapping[str, Any], organization: Mapping[str, Any]) -> Iterator[tuple[Key, object]]:
    """Times that run in the open time of a calendar that closes."""
    closes = any(
        (pool.get("calendar") or unit.get("calendar") or "") != ALWAYS
        for unit in tables_of(organization, "units").values()
        for pool in tables_of(unit, "pools").values()
    )
    for prefix, part in _parts(table):
        for name, activity in tables_of(part, "activities").items():
            if closes and activity.get("pools") != {}:
                yield from _times((*prefix, "activities", name, "processing_time"), activity.get("processing_time"))
        for kind, time in (("arrivals", "inter_arrival_time"), ("events", "wait_time"), ("participants", "response_time")):
            for name, element in tables_of(part, kind).items():
                if element.get("calendar", ALWAYS) != ALWAYS:
                    yield (*prefix, kind, name, time), element.get(time)
        for name, arrival in tables_of(part, "arrivals").items():
            for place, entry in enumerate(arrival.get("timetable", ())):
                yield (*prefix, "arrivals", name, "timetable", place, "inter_arrival_time"), entry.get("inter_arrival_time")
        for place, transfer in enumerate(part.get("transfers", ())):
            if transfer.get("calendar", ALWAYS) != ALWAYS:
                yield (*prefix, "transfers", place, "transfer_time"), transfer.get("transfer_time")


def _times(key: Key, value: object) -> Iterator[tuple[Key, object]]:
    """The one time that is given, or several with their conditions."""
    if not isinstance(value, list):
        yield key, value
        return
    for place, entry in enumerate(value):
        yield (*key, place, "time"), entry.get("time")


def _texts(key: Key, value: object) -> Iterator[tuple[Key, str]]:
    """Durations of a distribution that are given as text."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, each in value.items():
            if isinstance(each, str) and name not in ("distribution", "source"):
                yield (*key, name), each
