"""Transfers: named flows and pairs of units, as far as the maps travel them (H12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bpmnmap import model as m
from bpmnmap.org.organization import Organization
from bpmnmap.org.toml_files import Key
from bpmnmap.semantics.program import Program, Send
from bpmnmap.simulation.plan import TransferPlan, processes_in
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
        owners = _owners(maps)
        for key, transfer, flow, only in self._entries(maps):
            mine = [owner for owner in owners.get(flow, []) if only is None or only in owner.processes]
            if len(mine) == 1:
                for p in mine[0].programs:
                    if flow in found[p]:
                        self.faults.error("doubled-transfer", key, f"flow '{flow}' has two transfers", "keep one of the two")
                    found[p][flow] = (key, transfer)
            elif mine:
                message = f"'{flow}' is a flow of several processes"
                self.faults.error("ambiguous-flow", (*key, "flow"), message, "put it under [[processes.PROCESS_ID.transfers]]")
            elif flow not in _flows_of(maps.faulty):
                fix = did_you_mean(flow, list(owners), "name a sequence or message flow of the map by its id")
                self.faults.error("unknown-flow", (*key, "flow"), f"'{flow}' is no flow of the maps", fix)
        return found

    def _entries(self, maps: Maps) -> Iterator[tuple[Key, Transfer, str, str | None]]:
        """Yield transfers by flow: key, transfer, flow, and the process that it is for; None = the one that has the flow."""
        for at, transfer in enumerate(self.scenario.transfers):
            if transfer.flow is not None:
                yield ("transfers", at), transfer, transfer.flow, None
        for process in dict.fromkeys(process for program in maps.programs for process in processes_in(program)):
            inner = self.scenario.processes.get(process)
            for at, transfer in enumerate(() if inner is None else inner.transfers):
                if transfer.flow is not None:
                    yield ("processes", process, "transfers", at), transfer, transfer.flow, process

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


@dataclass(slots=True)
class _Owner:
    """Whose a flow is: the process by which it may be told from others of its id, of a message flow several; in which Programs it is."""

    processes: tuple[str, ...]
    programs: list[int]


def _owners(maps: Maps) -> dict[str, list[_Owner]]:
    """Return whose each flow is, by its id; one of a called process is in the Programs of all that call it."""
    programs_of: dict[str, list[int]] = {}
    found: dict[str, list[_Owner]] = {}
    for p, program in enumerate(maps.programs):
        for process in processes_in(program):
            programs_of.setdefault(process, []).append(p)
    unsent: set[int] = set()
    sent = [{operation.flow for operation in program.operations if isinstance(operation, Send)} for program in maps.programs]
    for p, program in enumerate(maps.programs):
        for definitions in {id(maps.map_of[process]): maps.map_of[process] for process in program.processes}.values():
            for flow in _message_flows(definitions):
                if flow.id in sent[p] or (not any(flow.id in each for each in sent) and id(flow) not in unsent):
                    unsent.add(id(flow))  # one that nobody sends along is no fault
                    found.setdefault(flow.id or "", []).append(_Owner(program.processes, [p]))
    for process, programs in programs_of.items():
        if process in maps.process_of:
            for each in maps.flows(process):
                found.setdefault(each.id or "", []).append(_Owner((process,), programs))
    return found


def _flows_of(maps: Sequence[m.Definitions]) -> set[str | None]:
    flows: set[str | None] = set()
    for definitions in maps:
        flows |= {flow.id for process in definitions.processes for scope in process.scopes() for flow in scope.sequence_flows}
        flows |= {flow.id for flow in _message_flows(definitions)}
    return flows


def _message_flows(definitions: m.Definitions) -> Iterator[m.MessageFlow]:
    return (flow for collaboration in definitions.collaborations for flow in collaboration.message_flows)
