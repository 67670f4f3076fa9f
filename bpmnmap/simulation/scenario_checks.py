"""Checks within the tables of scenario files; they see plain values, perhaps faulty, and find all they can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bpmnmap.errors import OrganizationError
from bpmnmap.org.hours import WeeklyHours, overlap, parse_hours
from bpmnmap.org.tables import Fault, Table, fault, plain, raise_faults, shown
from bpmnmap.simulation.scenario_expressions import DEFAULT, moved, name_faults

ANY_UNIT: Final = "*"
ARRIVAL_WAYS: Final = ("inter_arrival_time", "timetable", "at")
GATEWAY_WAYS: Final = ("probabilities", "choices", "conditions")
COUNT_WAYS: Final = ("count", "repeat")
EVENT_WAYS: Final = ("wait_time", "condition")


def as_units(value: Any) -> Any:  # noqa: ANN401
    """Return one unit as its id, several as a tuple of ids."""
    if isinstance(value, str):
        return value
    if not isinstance(value, (list, tuple)):
        raise_faults(
            [fault([], "wrong-type", f"{shown(value)} must be text, or an array of texts", "write the id of a unit, several, or '*'")]
        )
    faults = []
    for place, unit in enumerate(value):
        if not isinstance(unit, str):
            faults.append(fault([place], "wrong-type", f"{shown(unit)} must be text", "write the id of a unit"))
        elif unit == ANY_UNIT:
            faults.append(fault([place], "invalid-transfer", "'*' stands for all units and not in an array", "write '*' without the array"))
        elif unit in value[:place]:
            faults.append(fault([place], "invalid-transfer", f"unit {shown(unit)} is given twice", "name each unit once"))
    if not value:
        faults.append(fault([], "invalid-transfer", "an empty array names no unit", "write the ids of units, or '*'"))
    raise_faults(faults)
    return value[0] if len(value) == 1 else tuple(value)


def as_choices(value: Any) -> Any:  # noqa: ANN401
    """Return arrays of flows by case and visit as tuples."""
    fix = "write an array of cases, each an array of flows by visit, like [['Flow_back', 'Flow_on']]"
    if not isinstance(value, (list, tuple)) or not value:
        raise_faults([fault([], "invalid-choices", f"{shown(value)} holds no case", fix)])
    faults = []
    for case, visits in enumerate(value):
        if not isinstance(visits, (list, tuple)) or not visits:
            faults.append(fault([case], "invalid-choices", f"{shown(visits)} holds no visit", fix))
            continue
        for visit, flows in enumerate(visits):
            several = isinstance(flows, (list, tuple))
            if not flows or not all(isinstance(flow, str) for flow in (flows if several else [flows])):
                faults.append(fault([case, visit], "invalid-choices", f"{shown(flows)} is no flow", fix))
    raise_faults(faults)
    return tuple(tuple(tuple(flows) if isinstance(flows, (list, tuple)) else flows for flows in visits) for visits in value)


def arrival_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find none or several of the three ways of arriving, and timetables that overlap."""
    ways = [way for way in ARRIVAL_WAYS if way in table]
    if len(ways) > 1:
        yield fault([ways[1]], "contradicting-keys", f"'{ways[1]}' is given beside '{ways[0]}'", "give one of " + ", ".join(ARRIVAL_WAYS))
    if not ways and table.get("cases") != 0:
        fix = "add inter_arrival_time, timetable or at; or cases = 0, which switches this start off"
        yield fault(["inter_arrival_time"], "missing-key", "'inter_arrival_time' is missing, and so are its alternatives", fix)
    if ways and "inter_arrival_time" not in ways and "calendar" in table:
        fix = "use calendar with inter_arrival_time only"
        yield fault(["calendar"], "contradicting-keys", f"'calendar' is given beside '{ways[0]}'", fix)
    for way in ("timetable", "at"):
        if table.get(way) == []:
            yield fault([way], "out-of-range", f"'{way}' is empty", "give an entry; or cases = 0, which switches this start off")
    yield from _timetable_faults(table.get("timetable"))


def gateway_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find none or several of the three ways of choosing, and several defaults."""
    ways = [way for way in GATEWAY_WAYS if way in table]
    if len(ways) > 1:
        yield fault([ways[1]], "contradicting-keys", f"'{ways[1]}' is given beside '{ways[0]}'", "give one of " + ", ".join(GATEWAY_WAYS))
    if not ways:
        message = "'probabilities' is missing, and so are its alternatives"
        yield fault(["probabilities"], "missing-key", message, "add probabilities, choices or conditions")
    for way in ("probabilities", "conditions"):
        if table.get(way) == {}:
            yield fault([way], "out-of-range", f"'{way}' is empty", "name every outgoing flow")
    conditions = table.get("conditions")
    flows = list(conditions.items()) if isinstance(conditions, dict) else []
    defaults = [flow for flow, condition in flows if isinstance(condition, str) and condition.strip() == DEFAULT]
    for flow in defaults[1:]:
        message = f"{shown(flow)} is default beside {shown(defaults[0])}"
        yield fault(["conditions", flow], "contradicting-keys", message, "let one flow be default")


def event_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find a condition to wait for beside a time."""
    for key in ("wait_time", "calendar"):
        if "condition" in table and key in table:
            fix = "give wait_time with calendar, or the condition of a conditional event"
            yield fault(["condition"], "contradicting-keys", f"'condition' is given beside '{key}'", fix)
            return


def participant_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find answers without a time."""
    if "response_time" not in table and {"calendar", "probabilities"} & table.keys():
        fix = "add response_time, from delivery to sending; PT0S answers at once"
        yield fault(["response_time"], "missing-key", "'response_time' is missing", fix)
    if table.get("probabilities") == {}:
        yield fault(["probabilities"], "out-of-range", "'probabilities' is empty", "name the message flows along which it answers")


def case_faults(entries: Sequence[Any]) -> Iterator[Fault]:
    """Find that the entry for all other cases is missing, and entries that would never hold."""
    if not entries:
        fix = "write a distribution, or entries { when = …, time = … } with a last one without when"
        yield fault([], "out-of-range", "an empty array gives no time", fix)
        return
    for place, entry in enumerate(entries[:-1]):
        if isinstance(entry, (Mapping, Table)) and "when" not in plain(entry):
            message = "'when' is missing: what stands behind this entry would never hold"
            yield fault([place, "when"], "missing-key", message, "add when, or put this entry last")
    if isinstance(entries[-1], (Mapping, Table)) and "when" in plain(entries[-1]):
        message = "the last entry has a 'when': no time holds in all other cases"
        yield fault([len(entries) - 1, "when"], "contradicting-keys", message, "add an entry { time = … } without when behind it")


def activity_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find what contradicts itself in what is said of an activity, and attributes that cannot be named."""
    yield from _people_faults(table)
    if "count" in table and "repeat" in table:
        yield fault(["repeat"], "contradicting-keys", "'repeat' is given beside 'count'", "give the turns, or what decides on another one")
    assigned = table.get("set")
    for each in name_faults(assigned if isinstance(assigned, dict) else {}):
        yield moved(each, ("set",))


def misplaced_tables(table: Mapping[str, Any]) -> dict[str, Fault]:
    """Find tables within a process that stand at the top only: by key, its fault."""
    return {
        key: fault([key], "unknown-key", f"'{key}' holds for all processes", f"move it to the top, as [{key}.…]")
        for key in ("attributes", "participants")
        if key in table
    }


def _people_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find more people, or pools, than can work on one activity at once so far."""
    pools = table.get("pools")
    if not isinstance(pools, dict):
        return
    if len(pools) > 1:
        names = ", ".join(f"'{name}'" for name in pools)
        yield fault(["pools"], "not-supported-yet", f"several pools at once ({names}) are not supported yet", "name one pool")
    for name, people in pools.items():
        if isinstance(people, int) and people > 1:
            message = f"{shown(people)} people of '{name}' at once are not supported yet"
            yield fault(["pools", name], "not-supported-yet", message, "let one person work on it")


def transfer_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find transfers that do not say from where to where, and those that go nowhere."""
    ends = [end for end in ("from", "to") if end in table]
    if "flow" in table and ends:
        yield fault([ends[0]], "contradicting-keys", f"'{ends[0]}' is given beside 'flow'", "give from and to, or flow")
    elif "flow" not in table and len(ends) < 2:
        lacking = "to" if ends == ["from"] else "from"
        yield fault([lacking], "missing-key", f"'{lacking}' is missing", "give from and to, or flow")
    elif ends and _one(table["from"]) == _one(table["to"]) != ANY_UNIT and isinstance(_one(table["from"]), str):
        fix = "give flow for what travels within a unit"
        yield fault(["to"], "invalid-transfer", f"'from' and 'to' are both {shown(_one(table['to']))}", fix)


def process_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Find transfers of a process that are not by flow."""
    transfers = table.get("transfers")
    for place, transfer in enumerate(transfers if isinstance(transfers, list) else []):
        if isinstance(transfer, dict) and "flow" not in transfer and {"from", "to"} & set(transfer):
            message = "transfers between units hold for all processes"
            yield fault(["transfers", place], "invalid-transfer", message, "move it to [[transfers]], or give flow instead of from and to")


def _one(end: object) -> object:
    """The unit that an array of one names; all else as it is."""
    return end[0] if isinstance(end, list) and len(end) == 1 else end


def _timetable_faults(entries: object) -> Iterator[Fault]:
    weeks: list[WeeklyHours] = []
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        hours = entry.get("hours") if isinstance(entry, dict) else None
        try:
            week = parse_hours(hours) if isinstance(hours, str) else None
        except OrganizationError:
            continue  # told where it stands
        if week is None:
            continue
        shared = next((when for other in weeks if (when := overlap(other, week)) is not None), None)
        if shared is not None:
            message = f"'{shared}' lies in the hours of two entries"
            yield fault(["timetable", place, "hours"], "overlapping-hours", message, "let hours of entries not overlap")
        weeks.append(week)
