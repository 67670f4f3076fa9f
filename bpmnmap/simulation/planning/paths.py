"""What cases can meet on their way, told before the run: loops that none can leave, and deadlocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bpmnmap.semantics.program import Choose, End, Fork, Join, Program, Start, Wait, Work
from bpmnmap.semantics.soundness import check_soundness, findings
from bpmnmap.simulation.plan import ChoosePlan, SelectPlan
from bpmnmap.simulation.planning.faults import Faults, quoted
from bpmnmap.simulation.planning.loops import EndlessLoop, endless_loops, possible_ways
from bpmnmap.simulation.planning.tables import Found
from bpmnmap.simulation.scenario import GatewayChoices

BUDGET: Final = 2_000
"""Markings that are looked at before a run: what a deadlock of people's maps needs, in well under a second."""
SIMPLE: Final = (Start, Work, Wait, Choose, Fork, Join, End)
"""Where tokens only go by ways, loops without a way out are found by these."""


def check_paths(
    faults: Faults,
    program: Program,
    chooses: Mapping[int, ChoosePlan],
    selects: Mapping[int, SelectPlan],
    tables: Mapping[str, Found[GatewayChoices]],
    starts: tuple[int, ...],
) -> None:
    """Tell loops that no case can leave and, where there are none, what the token game finds.

    Parameters
    ----------
    tables
        What the scenario says of the program's gateways, by element id.
    starts
        Operations at which cases arrive.
    """
    loops = endless_loops(program, chooses) if all(isinstance(operation, SIMPLE) for operation in program.operations) else []
    for loop in loops:
        _tell(faults, program, loop, tables)
    if loops or not starts:
        return
    impossible = frozenset(
        (index, way)
        for index, operation in enumerate(program.operations)
        if isinstance(operation, Choose)
        for way in set(range(len(operation.ways))) - set(possible_ways(operation, chooses.get(index)))
    ) | frozenset(
        (index, way)
        for index, plan in selects.items()
        for way, probability in enumerate(plan.probabilities)
        if probability == 0 and way != plan.default and way not in plan.always
    )
    faults.in_maps += findings(program, check_soundness(program, impossible=impossible, starts=starts, budget=BUDGET), program.path)


def _tell(faults: Faults, program: Program, loop: EndlessLoop, tables: Mapping[str, Found[GatewayChoices]]) -> None:
    origin = program.operations[loop.operation].origin
    found = tables.get(origin.element)
    if not loop.never_taken or found is None:
        message = "no case that comes here can ever reach an end"
        faults.map_error("endless-loop", program.path, origin, message, "give the loop a way out to an end event")
        return
    flows = quoted(loop.never_taken, " or ")
    message = f"no case that comes here can ever reach an end: {flows} would lead there and is never taken"
    fix = f"give {flows} a probability above 0" if found.table.choices is None else f"name {flows} in choices"
    faults.error("endless-loop", found.key, message, fix, origin)
