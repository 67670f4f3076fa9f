"""Who is responsible (H3), who works, and how work travels between units (H12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bpmnmap.model import FlowNode, Lane, LaneSet
from bpmnmap.org.organization import Organization
from bpmnmap.simulation.scenario import Scenario, Transfer

if TYPE_CHECKING:
    from tests.reference.levels import Level


def folded(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()


def named_unit(organization: Organization, names: Iterable[str | None]) -> str | None:
    """The unit that the first name of one that is known means."""
    for name in names:
        for unit_id, unit in organization.units.items():
            if name and folded(name) in {folded(each) for each in (unit_id, unit.name, *unit.aliases)}:
                return unit_id
    return None


def unit_of(element: FlowNode | None, level: Level) -> str | None:
    """H3: lanes from the innermost outwards, the scope around, participant, performer, the scenario's last resort; None: the process itself."""
    organization = level.world.scenario.organization
    names: list[str | None] = []
    holder: Level | None = level
    while element is not None and holder is not None:
        names += [lane.name for lane in lanes_around(holder.container.lane_sets, str(element.id))]
        holder = holder.holder.level if holder.holder is not None and holder.holder.kind != "call" else None
    found = named_unit(organization, names)
    if found is None and level.holder is not None:
        found = level.holder.unit
    if found is None and level.container is level.root:
        names = [each.name for all_ in level.definitions.collaborations for each in all_.participants if each.process_ref == level.root.id]
        performers = [each.name for each in getattr(element if element is not None else level.root, "resources", ())]
        found = named_unit(organization, [*names, *performers])
    return found or (level.own.unit if level.own else None)


def lanes_around(lane_sets: Iterable[LaneSet], node_id: str) -> list[Lane]:
    """Lanes that hold a node, the innermost first."""
    for lane_set in lane_sets:
        for lane in lane_set.lanes:
            inner = lanes_around([lane.child_lane_set], node_id) if lane.child_lane_set else []
            if inner or node_id in lane.flow_node_refs:
                return [*inner, lane]
    return []


def pool_of(organization: Organization, unit_id: str | None, pools: Mapping[str, int] | None) -> str | None:
    """UNIT.POOL, None for nobody."""
    if unit_id is None:  # only within a process that is called, which has the unit of the call
        return None
    unit = organization.units[unit_id]
    if pools is None:
        return f"{unit_id}.{next(iter(unit.pools))}" if unit.pools and not unit.external else None
    for key in pools:
        return f"{unit_id}.{key}" if key in unit.pools else key
    return None


def transfer_between(scenario: Scenario, from_unit: str | None, to_unit: str | None) -> Transfer | None:
    """Pair before array before "*", the first in the file among equals."""
    if from_unit is None or to_unit is None or from_unit == to_unit:
        return None
    best = None
    for transfer in scenario.transfers:
        general = [generality(end, unit) for end, unit in ((transfer.from_, from_unit), (transfer.to, to_unit))]
        if None not in general:
            key = sorted((each for each in general if each is not None), reverse=True)
            if best is None or key < best[0]:
                best = (key, transfer)
    return best[1] if best else None


def generality(end: str | Sequence[str] | None, unit: str) -> int | None:
    """How general an end of a transfer is that holds for a unit, None where it does not."""
    if end == unit:
        return 0
    if end == "*":
        return 2
    return 1 if end is not None and not isinstance(end, str) and unit in end else None
