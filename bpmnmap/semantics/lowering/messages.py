"""Pass 6: what is drawn between the processes of a map, and is not simulated yet, is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpmnmap import model as m
from bpmnmap.findings import Finding, Location, Severity


def unsent_messages(definitions: m.Definitions, processes: Sequence[m.Process]) -> Iterator[Finding]:
    """Yield a warning for each message flow between two processes that run, in document order.

    A message from or to a pool without a process belongs to the outside world, which has its times in the scenario.
    """
    homes = _homes(definitions, processes)
    for collaboration in definitions.collaborations:
        for flow in collaboration.message_flows:
            sender, taker = homes.get(flow.source_ref or ""), homes.get(flow.target_ref or "")
            if sender is not None and taker is not None and sender != taker:
                yield Finding(
                    "unsent-message",
                    f"'{sender}' sends nothing to '{taker}' yet: what takes it gets its time from the scenario",
                    Location(definitions.path, flow.line),
                    Severity.WARNING,
                    element_kind=flow.kind,
                    element_id=flow.id,
                    fix="give its taker arrivals or a wait_time that fit the sender's; a case ends where its own process ends",
                    element_name=flow.name or None,
                )


def _homes(definitions: m.Definitions, processes: Sequence[m.Process]) -> dict[str, str]:
    """Return the process of each element that a message flow may name: of flow nodes and of participants."""
    homes = {node.id: process.id for process in processes for scope in process.scopes() for node in scope.flow_nodes}
    runs = {process.id for process in processes}
    participants = (each for collaboration in definitions.collaborations for each in collaboration.participants)
    homes |= {each.id: each.process_ref for each in participants if each.process_ref in runs}
    return {element: process for element, process in homes.items() if element is not None and process is not None}
