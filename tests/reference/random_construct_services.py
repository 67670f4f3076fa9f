"""Random scenarios over random maps of every construct: times that hardly ever meet, calendars, transfers by pair and flow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from bpmnmap.org.organization import Organization
from tests.reference.random_beds import BLOCKS
from tests.reference.random_constructs import grown_maps, xml_of
from tests.reference.random_services import RandomService, accepted

CALENDARS: dict[str, Any] = {"office": {"hours": "Mon-Fri 08:00-16:00"}, "lunch": {"hours": "Mon-Sat 07:30-12:10 13:05-17:45"}}
HOURS = st.sampled_from(["always", "always", "office", "lunch"])
KINDS = (*BLOCKS, "event_sub")


@st.composite
def construct_services(draw: st.DrawFn, kinds: tuple[str, ...] = KINDS, *, random_transfers: bool = True) -> RandomService:
    names = ["U1", "U2", "U3"][: draw(st.integers(2, 3))]
    units = {name: {"calendar": draw(HOURS), "pools": {"staff": {"quantity": draw(st.integers(1, 2))}}} for name in names}
    organization: dict[str, Any] = {"calendars": CALENDARS, "units": units}
    growing = draw(grown_maps(names, kinds))
    tables: dict[str, Any] = {key: value for key, value in growing.tables.items() if value}
    (start,) = [name for name in growing.lanes["P"] if name.startswith("b")][:1]
    gaps = {"distribution": "exponential", "mean": draw(st.sampled_from(["PT30M", "PT2H", "PT8H"]))}
    tables["arrivals"] = {start: {"inter_arrival_time": gaps}}
    tables |= {"start": datetime(2026, 1, 5, 6), "event_budget": 20_000, "cases": draw(st.integers(1, 5))}
    tables["processes"] = {"P": {"unit": names[0]}}
    flows = [*growing.flows, *(name for name, _, _ in growing.message_flows)]
    given = draw(st.lists(travel(names, flows, is_random=random_transfers), max_size=4))
    tables["transfers"] = accepted(Organization(**organization), tables, given)
    return RandomService([xml_of(growing)], organization, tables, draw(st.integers(0, 3)))


@st.composite
def travel(draw: st.DrawFn, units: list[str], flows: list[str], *, is_random: bool) -> dict[str, Any]:
    seconds = draw(st.integers(1, 20_000))
    times: list[Any] = [f"PT{seconds}.{seconds:06d}S"]
    if is_random:
        times.append({"distribution": "uniform", "min": "PT1M", "max": "PT3H"})
    table: dict[str, Any] = {"transfer_time": draw(st.sampled_from(times)), "calendar": draw(st.sampled_from(["always", "always", "office"]))}
    if draw(st.integers(0, 3)) == 0:
        table["dispatch"] = "Mon-Fri 10:00 14:00"
    if draw(st.booleans()):
        return table | {"flow": draw(st.sampled_from(flows))}
    first, *others = draw(st.permutations(units))
    return table | {"from": draw(st.sampled_from([first, "*"])), "to": draw(st.sampled_from([others[0], "*"]))}
