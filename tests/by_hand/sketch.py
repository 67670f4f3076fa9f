"""Programs and Plans written down by hand: steps by name, ways by the names of the steps that they lead to.

A way is ``"target"``, with an entry of a join ``"target.1"``, with sequence flows ``"flow flow > target"``. An operation's element has the
step's name. Times are minutes; the clock starts on Monday, 5 January 2026, 00:00.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpmnmap.durations import MINUTE_US
from bpmnmap.org.calendars import ExpandedCalendar
from bpmnmap.org.organization import Calendar
from bpmnmap.org.rounds import ExpandedRounds
from bpmnmap.semantics.program import (
    Cancel,
    Choose,
    End,
    Fork,
    Join,
    Leave,
    Open,
    Operation,
    Origin,
    Program,
    Send,
    Start,
    Take,
    Wait,
    Way,
    Work,
)
from bpmnmap.simulation.draws import Distribution, fixed
from bpmnmap.simulation.plan import NOBODY, ChoosePlan, GapPlan, Plan, PoolPlan, ProcessPlan, SourcePlan, TransferPlan, WaitPlan, WorkPlan

MONDAY = datetime(2026, 1, 5)
DAY, HOUR = 24 * 60, 60
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = 1 * DAY, 2 * DAY, 3 * DAY, 4 * DAY

Minutes = float | Distribution


@dataclass(frozen=True, slots=True)
class Step:
    """An operation by name: its kind, the scope that it is in, the unit at which it stands, who works it and how long."""

    kind: type[Operation]
    ways: tuple[str, ...] = ()
    inside: str = ""
    at: str = ""
    pool: str = ""
    time: Minutes = 0
    more: Mapping[str, Any] = field(default_factory=dict)


def start(way: str, *, at: str = "") -> Step:
    return Step(Start, (way,), at=at)


def work(way: str, time: Minutes, *, at: str, pool: str = "", inside: str = "") -> Step:
    return Step(Work, (way,), inside, at, pool, time)


def wait(way: str, time: Minutes, *, at: str = "", inside: str = "", hours: str = "") -> Step:
    return Step(Wait, (way,), inside, at, time=time, more={"hours": hours})


def choose(*ways: str, choices: Sequence[Sequence[int]] = (), bounds: Sequence[float] = (), inside: str = "") -> Step:
    return Step(Choose, ways, inside, more={"plan": ChoosePlan(tuple(bounds), tuple(map(tuple, choices)))})


def fork(*ways: str, inside: str = "") -> Step:
    return Step(Fork, ways, inside)


def join(way: str, entries: int = 2, *, at: str = "", inside: str = "") -> Step:
    return Step(Join, (way,), inside, at, more={"entries": entries})


def end(*, inside: str = "") -> Step:
    return Step(End, (), inside)


def scope(body: str, guards: Sequence[str] = (), *, then: str, at: str = "", inside: str = "", grouping: bool = True) -> Step:
    """An `Open` with a body."""
    return Step(Open, (body, *guards, then), inside, at, more={"guards": len(guards), "grouping": grouping})


def first_of(*guards: str, at: str = "", inside: str = "") -> Step:
    """An event-based gateway: an `Open` without a body."""
    return Step(Open, guards, inside, at, more={"guards": len(guards), "grouping": False})


def cancel(way: str, *, inside: str, own: bool = False) -> Step:
    return Step(Cancel, (way,), inside, more={"own": own})


def leave(way: str, *, inside: str) -> Step:
    return Step(Leave, (way,), inside)


def send(way: str, taker: str, *, channel: int = 0, flow: str | None = None, inside: str = "") -> Step:
    return Step(Send, (way,), inside, more={"taker": taker, "channel": channel, "flow": flow})


def take(way: str, *, at: str = "", channel: int = 0, inside: str = "") -> Step:
    return Step(Take, (way,), inside, at, more={"channel": channel})


@dataclass(frozen=True, slots=True)
class Travel:
    """A transfer: rounds, then minutes in the open time of hours ("" always)."""

    minutes: Minutes = 0
    rounds: str = ""
    hours: str = ""


def program(process: str, steps: Mapping[str, Step]) -> Program:
    """The Program of some steps, in their order."""
    numbers = {name: number for number, name in enumerate(steps)}
    scopes = tuple(numbers[step.inside] if step.inside else -1 for step in steps.values())
    return Program(process, tuple(_operation(name, step, numbers) for name, step in steps.items()), scopes)


def _operation(name: str, step: Step, numbers: Mapping[str, int]) -> Operation:
    origin, more = Origin(name, step.kind.__name__.lower()), step.more
    ways = tuple(_way(text, numbers) for text in step.ways)
    if step.kind is End:
        return End(origin)
    if step.kind is Open:
        guards = more["guards"]
        body = ways[0] if len(ways) > guards else None
        first = 0 if body is None else 1
        return Open(origin, body, ways[first : first + guards], None if body is None else ways[-1], more["grouping"])
    if step.kind is Choose:
        return Choose(origin, ways, tuple(way.flows[-1] if way.flows else f"way {at}" for at, way in enumerate(ways)))
    if step.kind is Fork:
        return Fork(origin, ways)
    match step.kind.__name__:
        case "Join":
            return Join(origin, more["entries"], ways[0])
        case "Wait":
            return Wait(origin, ways[0], "timer")
        case "Cancel":
            return Cancel(origin, ways[0], more["own"])
        case "Leave":
            return Leave(origin, ways[0])
        case "Send":
            return Send(origin, ways[0], more["channel"], numbers[more["taker"]], more["flow"])
        case "Take":
            return Take(origin, ways[0], more["channel"])
        case "Start":
            return Start(origin, ways[0])
        case _:
            return Work(origin, ways[0])


def _way(text: str, numbers: Mapping[str, int]) -> Way:
    flows, _, target = text.rpartition(">")
    name, _, entry = target.strip().partition(".")
    return Way(numbers[name], tuple(flows.split()), int(entry or 0))


class Planner:
    """Numbers units, calendars and rounds."""

    def __init__(self, hours: Mapping[str, str]) -> None:
        self.units = tuple(sorted(hours))
        self.hours = hours
        self.calendars: list[ExpandedCalendar] = []
        self.rounds: list[ExpandedRounds] = []
        self._numbers: dict[str, int] = {}

    def calendar(self, hours: str) -> int:
        """Number of the calendar of some hours; −1: always open."""
        if not hours:
            return -1
        if hours not in self._numbers:
            self._numbers[hours] = len(self.calendars)
            self.calendars.append(ExpandedCalendar(Calendar(hours=hours), None, MONDAY, name=hours))
        return self._numbers[hours]

    def transfer(self, travel: Travel) -> TransferPlan:
        """A transfer."""
        number = -1
        if travel.rounds:
            number = len(self.rounds)
            self.rounds.append(ExpandedRounds(travel.rounds, None, None, MONDAY))
        return TransferPlan(number, _time(travel.minutes), self.calendar(travel.hours))


def _time(time: Minutes) -> Distribution:
    return time if isinstance(time, Distribution) else fixed(round(time * MINUTE_US))


def plan(
    steps: Mapping[str, Step],
    *,
    at: Sequence[float] = (),
    gaps: Sequence[tuple[str, Distribution]] = (),
    cases: int | None = None,
    hours: Mapping[str, str],
    pools: Mapping[str, int] | None = None,
    travel: Mapping[tuple[str, str] | str, Travel] | None = None,
    window: tuple[float, float, float] | None = None,
    process: str = "permit",
    **more: Any,
) -> Plan:
    """A Plan of one process whose cases arrive at given minutes, or by gaps in the open time of hours.

    Parameters
    ----------
    hours
        By unit, "" = always open; pools are of their unit's hours.
    travel
        By pair of units, or by flow.
    window
        Warm-up, duration and follow-up.
    """
    planner = Planner(hours)
    made = program(process, steps)
    keys = sorted(pools or {})
    pool_plans = tuple(PoolPlan(key, (pools or {})[key], planner.calendar(hours[key.partition(".")[0]])) for key in keys)
    works = {
        number: WorkPlan(keys.index(step.pool) if step.pool else NOBODY, _time(step.time))
        for number, step in enumerate(steps.values())
        if step.kind is Work
    }
    waits = {
        number: WaitPlan(_time(step.time), planner.calendar(step.more["hours"]))
        for number, step in enumerate(steps.values())
        if step.kind is Wait
    }
    chooses = {number: step.more["plan"] for number, step in enumerate(steps.values()) if step.kind is Choose}
    flows = {name: planner.transfer(each) for name, each in (travel or {}).items() if isinstance(name, str)}
    pairs = {
        (planner.units.index(ends[0]), planner.units.index(ends[1])): planner.transfer(each)
        for ends, each in (travel or {}).items()
        if not isinstance(ends, str)
    }
    standing = tuple(planner.units.index(step.at) if step.at else -1 for step in steps.values())
    unit_calendars = tuple(planner.calendar(hours[unit]) for unit in planner.units)
    first = next(number for number, step in enumerate(steps.values()) if step.kind is Start)
    source = SourcePlan(
        0,
        first,
        tuple(GapPlan(planner.calendar(when), gap) for when, gap in gaps),
        tuple(round(minute * MINUTE_US) for minute in at),
        cases,
    )
    times = (0.0, None, None) if window is None else (window[0], window[0] + window[1], sum(window))
    warm_up, window_us, limit = (None if time is None else round(time * MINUTE_US) for time in times)
    return Plan(
        processes=(ProcessPlan(made, standing, works, waits, chooses, flows),),
        units=planner.units,
        pools=pool_plans,
        calendars=tuple(planner.calendars),
        rounds=tuple(planner.rounds),
        sources=(source,),
        pair_transfers=pairs,
        start=MONDAY,
        warm_up_us=warm_up or 0,
        window_us=window_us,
        limit_us=limit,
        event_budget=more.pop("event_budget", 100_000),
        unit_calendars=unit_calendars,
        **more,
    )
