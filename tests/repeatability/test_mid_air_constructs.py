"""Each construct, saved in mid-air at several instants and gone on with in a new run, reaches the digest of the uninterrupted one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpmnmap.simulation.engine.snapshot import load, save
from tests.by_hand.runs import assert_saved_and_loaded, happening, log_of, logged, started
from tests.semantics.test_constructs import HERE, names
from tests.simulation.test_every_construct import plan_of, scenarios

INSTANTS = 12


@pytest.mark.parametrize("name", names(HERE))
def test_relay(name: str, tmp_path: Path) -> None:
    """One run after the other, each loaded from the one before; a run just loaded saves to the same bytes."""
    plan = plan_of(name, scenarios(name, tmp_path)[-1])
    whole = log_of(plan)
    instants = happening(plan, whole)
    run = started(plan)
    for instant in instants[:: max(1, len(instants) // INSTANTS)]:
        if run.advance(instant):
            break
        saved = save(run)
        run = load(plan, saved)
        assert save(run) == saved, f"at {instant}"
    assert logged(plan, run.finish()).digest == whole.digest


@pytest.mark.slow
@pytest.mark.parametrize("name", names(HERE))
def test_every_instant(name: str, tmp_path: Path) -> None:
    assert_saved_and_loaded(plan_of(name, scenarios(name, tmp_path)[-1].replace(cases=4)))
