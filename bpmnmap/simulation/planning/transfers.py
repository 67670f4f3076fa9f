"""Transfers: named flows and pairs of units, as far as the maps travel them (H12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bpmnmap import model as m
from bpmnmap.org.organization import Organization
from bpmnmap.org.toml_files import Key
from bpmnmap.semantics.program import Program
from bpmnmap.simulation.plan import TransferPlan
from bpmnmap.simulation.planning.calendars import Calendars
from bpmnmap.simulation.planning.faults import Faults, did_you_mean
from bpmnmap.simulation.planning.legs import travelled_pairs
from bpmnmap.simulation.planning.maps import Maps
from bpmnmap.simulation.planning.times import drawn, used
from bpmnmap.simulation.scenario import Scenario, Transfer


@dataclass(slots=True)
class Transfers:
    """Plans transfers, and counts those that the run uses."""

    scenario: Scenario
    organization: Organization
    calendars: Calendars
    faults: Faults
    used: set[Key] = field(default_factory=set)

    def named(self, maps: Maps) -> list[dict[str, tuple[Key, Transfer]]]:
        """Return for each process the transfers of its flows, with their keys."""
        found: list[dict[str, tuple[Key, Transfer]]] = [{} for _ in maps.programs]
        owners: dict[str, list[int]] = {}
        for p, program in enumerate(maps.programs):
            for process in program.processes:
                for each in maps.flows(process):
                    owners.setdefault(each.id or "", []).append(p)
            for definitions in {id(maps.map_of[process]): maps.map_of[process] for process in program.processes}.values():
                for sent in _message_flows(definitions):
                    owners.setdefault(sent.id or "", []).append(p)
        for key, transfer, flow, only in self._entries(maps.programs):
            mine = sorted({p for p in owners.get(flow, []) if only in (None, p)})
            if len(mine) == 1:
                if flow in found[mine[0]]:
                    self.faults.error("doubled-transfer", key, f"flow '{flow}' has two transfers", "keep one of the two")
                found[mine[0]][flow] = (key, transfer)
            elif mine:
                message = f"'{flow}' is a flow of several processes"
                self.faults.error("ambiguous-flow", (*key, "flow"), message, "put it under [[processes.PROCESS_ID.transfers]]")
            elif flow not in _flows_of(maps.faulty):
                fix = did_you_mean(flow, list(owners), "name a sequence or message flow of the map by its id")
                self.faults.error("unknown-flow", (*key, "flow"), f"'{flow}' is no flow of the maps", fix)
        return found

    def _entries(self, programs: tuple[Program, ...]) -> Iterator[tuple[Key, Transfer, str, int | None]]:
        """Yield transfers by flow: key, transfer, flow, and the process that it is for; None = the one that has the flow."""
        for at, transfer in enumerate(self.scenario.transfers):
            if transfer.flow is not None:
                yield ("transfers", at), transfer, transfer.flow, None
        for p, program in enumerate(programs):
            for process in program.processes:
                inner = self.scenario.processes.get(process)
                for at, transfer in enumerate(() if inner is None else inner.transfers):
                    if transfer.flow is not None:
                        yield ("processes", process, "transfers", at), transfer, transfer.flow, p

    def plan(
        self, programs: tuple[Program, ...], units: list[list[int]], unit_ids: tuple[str, ...], named: list[dict[str, tuple[Key, Transfer]]]
    ) -> tuple[list[dict[str, TransferPlan]], dict[tuple[int, int], TransferPlan]]:
        """Return the plans of named flows by process, and of pairs; pairs without an entry are told once by name."""
        flows: list[dict[str, TransferPlan]] = []
        pairs: dict[tuple[int, int], None] = {}
        for program, places, names in zip(programs, units, named, strict=True):
            theirs, passed = travelled_pairs(program, places, names.__contains__)
            pairs |= theirs
            flows.append({flow: self._plan(*names[flow]) for flow in names if flow in passed})
        planned: dict[tuple[int, int], TransferPlan] = {}
        for from_unit, to_unit in sorted(pairs):
            place = self.scenario.transfer_between(unit_ids[from_unit], unit_ids[to_unit])
            if place is None:
                self._tell_missing(unit_ids[from_unit], unit_ids[to_unit])
                continue
            plan = self._plan(("transfers", place), self.scenario.transfers[place])
            if plan.rounds >= 0 or not plan.time.is_fixed or plan.time.parameters[0] > 0:
                planned[from_unit, to_unit] = plan  # a leg that takes no time is no leg
        return flows, planned

    def _plan(self, key: Key, transfer: Transfer) -> TransferPlan:
        if key not in self.used:
            self.used.add(key)
            used(self.faults, transfer.transfer_time, (*key, "transfer_time"), transfer.assumed)
        rounds = -1
        if transfer.dispatch is not None:
            rounds = self.calendars.round_number(transfer.dispatch, transfer.calendar, (*key, "dispatch"))
        return TransferPlan(rounds, drawn(transfer.transfer_time), self.calendars.number(transfer.calendar))

    def _tell_missing(self, from_unit: str, to_unit: str) -> None:
        self.faults.count(True)
        names = [self.organization.units[unit].name for unit in (from_unit, to_unit)]
        self.faults.warning(
            "missing-transfer",
            ("transfers",),
            f"{names[0]} → {names[1]}: no transfer is given, so it is assumed to take no time",
            f'add [[transfers]] with from = "{from_unit}", to = "{to_unit}"; transfer_time = "PT0S" where it is electronic',
        )


def _flows_of(maps: Sequence[m.Definitions]) -> set[str | None]:
    flows: set[str | None] = set()
    for definitions in maps:
        flows |= {flow.id for process in definitions.processes for scope in process.scopes() for flow in scope.sequence_flows}
        flows |= {flow.id for flow in _message_flows(definitions)}
    return flows


def _message_flows(definitions: m.Definitions) -> Iterator[m.MessageFlow]:
    return (flow for collaboration in definitions.collaborations for flow in collaboration.message_flows)
