"""Parties outside that answer: which table of the scenario is for which participant."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bpmnmap.semantics.program import Choose, Wait
from bpmnmap.simulation.planning.faults import Faults, did_you_mean
from bpmnmap.simulation.planning.maps import Maps, participants
from bpmnmap.simulation.planning.tables import Found, folded
from bpmnmap.simulation.scenario import ParticipantResponse, Scenario


@dataclass(slots=True)
class Parties:
    """Looks up participants."""

    maps: Maps
    scenario: Scenario
    faults: Faults
    found: dict[tuple[str, str], Found[ParticipantResponse]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        parties = [
            (process.id or "", party)
            for definitions, process in zip(self.maps.definitions, self.maps.processes, strict=True)
            for party in participants(definitions)
            if party.process_ref not in self.maps.process_of
        ]
        names = {party.id or "": folded(party.name or "") for _, party in parties}
        counts = Counter(name for name in names.values() if name)
        for called, table in self.scenario.participants.items():
            key = ("participants", called)
            matches = {identifier for identifier in names if identifier == called}
            matches = matches or {identifier for identifier, name in names.items() if name and name == folded(called)}
            if not matches:
                if parties or self.maps.programs:
                    known = [text for _, party in parties for text in (party.id, party.name) if text]
                    fix = did_you_mean(called, known, "name a participant of the maps that has no process")
                    self.faults.error("unknown-participant", key, f"'{called}' names no party outside", fix)
            elif len(matches) > 1 and counts[folded(called)] > 1:
                self.faults.error(
                    "ambiguous-element", key, f"'{called}' is the name of several participants", "use the id instead of the name"
                )
            for process, party in parties:
                if party.id in matches:
                    self.found[process, party.id or ""] = Found(table, key)

    def response(self, process: str, operation: Wait | Choose) -> Found[ParticipantResponse]:
        """Return the table of a party that answers: that it answers is known from there."""
        return self.found[process, operation.origin.element]
