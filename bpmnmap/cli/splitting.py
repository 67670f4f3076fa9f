"""``--split``: told before anything runs if cases have no such attribute, or it is no condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpmnmap.cli.inputs import UnusableError, wrong_use
from bpmnmap.cli.status import Status

if TYPE_CHECKING:
    from bpmnmap.eventlog.case_split import CaseSplit
    from bpmnmap.semantics.expressions import ExpressionError
    from bpmnmap.simulation.result import SimulationResult
    from bpmnmap.simulation.scenario import Scenario


def check_split(split: str, scenario: Scenario) -> None:
    """Read what cases are to be split by.

    Raises
    ------
    UnusableError
        It is no attribute of the scenario, not ``map``, and no condition over them.
    """
    from bpmnmap.semantics.expressions import ExpressionError
    from bpmnmap.simulation.splitting import split_key

    try:
        split_key(split, scenario.attributes)
    except ExpressionError as error:
        raise _unusable(split, error) from error


def split_runs(runs: SimulationResult, split: str) -> CaseSplit:
    """Return the runs' logs by group of cases.

    Raises
    ------
    UnusableError
        Attributes of a case do not fit the condition.
    """
    from bpmnmap.semantics.expressions import ExpressionError
    from bpmnmap.simulation.splitting import split_cases

    try:
        return split_cases(runs, split)
    except ExpressionError as error:
        raise _unusable(split, error) from error


def _unusable(split: str, error: ExpressionError) -> UnusableError:
    told = str(error).removesuffix(f"; {error.fix}")
    return UnusableError([wrong_use(f"--split '{split}'", f"cannot be used: {told}", error.fix)], Status.NOTHING)
