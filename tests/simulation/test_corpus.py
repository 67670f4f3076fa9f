"""Maps of many tools and people: each runs from what is assumed for it, or says by name why not.

The files are no part of the repository; without them these tests are skipped. `python -m tests.simulation.corpus` prints the table.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.semantics.analyzer import needs_analyzer
from tests.simulation.corpus import FILES, OF_CASES, Row, row, running
from tests.xmlio.maps import CORPUS

pytestmark = pytest.mark.skipif(not FILES, reason=f"the corpus is not there: {CORPUS}")

STUCK, NOT_RUN, LOOSE = ("unsound", {"deadlock"}), ("refused", {"unsupported-element"}), ("faulty", {"half-attached-flow"})
GROWING = ("unsound", {"deadlock", "unsynchronized"})
NOT_RUNNING = {
    "de-01-Warenversand_03d1bc781b564145ba968e57297757a9": LOOSE,
    "de-01-Warenversand_1a889f8fa9304e2fa829b9d0dfd37914": STUCK,
    "de-01-warenversand_35faa7b4083b4cd58f117b7acff3683f": LOOSE,
    "de-01-warenversand_6eb9b8e457c04b4bb918c70832b5ecdb": NOT_RUN,
    "de-02-Regressnahme_c53fc5edc3494128943e31288adbc429": ("faulty", {"no-start"}),
    "de-02-_bung_3_Regressnahme_dd6d5c71ea094b6481dbf029c50c1218": NOT_RUN,
    "de-03-Schufascoring_1303f949a35a4cc98d43e111f3ffb0b4": STUCK,
    "de-03-Schufascoring_b2e81447f40f4574a0aeab9579844709": LOOSE,
    "de-04-AR_Selbstbedienungsrestaurant_0480957f29034d5890e1c7627876fb1a": STUCK,
    "de-04-SB_Res_06e77a083e464850a392cb977b9b4a96": LOOSE,
    "de-04-Uebung8_1d2c633443394e3ea2590dda61e8e657": ("faulty", {"event-gateway"}),
    "en-03-Credit_Scoring_1b37e3c83ccb4102baa284e941257249": NOT_RUN,
    "B.1.0": STUCK,
    "B.2.0": GROWING,
    "C.1.0": STUCK,
    "C.3.0": NOT_RUN,
    "C.6.0": NOT_RUN,
    "adonis-17-0__A.4.1-export": NOT_RUN,
    "aris-10-2025-07__B.2.0-export": GROWING,
    "bizagi-modeler-2-8-0-8__B.1.0-roundtrip": STUCK,
    "genmymodel-0-47__C.1.0-export": STUCK,
    "igrafx-flowcharter-2013-15-1-1-1580__B.1.0-export": STUCK,
    "modelio-3-5__B.2.0-export": ("unsound", {"unsynchronized"}),
    "sap-signavio-process-manager-19-9-0__B.2.0-export": ("faulty", {"dangling-reference"}),
}
"""Maps of which not every case is completed: what comes of them, and the codes of what tells it."""


@cache
def row_of(path: Path) -> Row:
    """How a map stands; each is run once."""
    return row(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_map_runs_or_says_why_not(path: Path) -> None:
    fate = row_of(path).fate
    assert (fate.result, {code for code, _ in fate.why}) == NOT_RUNNING.get(path.stem, ("runs", set()))
    assert all(element for _, element in fate.why)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_soundness_check_foresees_what_happens(path: Path) -> None:
    told = row_of(path)
    if told.judge == "ours":
        assert told.is_sound is (told.fate.result == "runs")
    if told.fate.result == "unsound":
        assert {code for code, _ in told.fate.why} <= OF_CASES


@needs_analyzer
def test_of_the_sound_processes_nearly_all_run() -> None:
    rows = [row_of(path) for path in FILES]
    run, of = running(rows)
    assert (run, of) == (54, 56)
    assert run >= 0.85 * of
    assert [told.name for told in rows if told.is_sound and told.fate.result != "runs"] == ["adonis-17-0__A.4.1-export"]
    assert [told.name for told in rows if not told.is_sound and told.fate.result == "runs"] == ["A.2.1", "cardanit-4-9-1__A.2.1-export"]
