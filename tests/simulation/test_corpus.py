"""Maps of many tools and people: each runs from what is assumed for it, or says by name why not.

The files are no part of the repository; without them these tests are skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmnmap as bm
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_once
from tests.xmlio.maps import CORPUS

FILES = sorted(CORPUS.rglob("*.bpmn"))
pytestmark = pytest.mark.skipif(not FILES, reason=f"the corpus is not there: {CORPUS}")

RUNS = {
    "A.1.0", "A.2.0", "C.1.1", "omnitracker-bpmn-12-3__A.1.0-export", "w4-bpmn-composer-v-10-4__A.2.0-export",
    "de-01-Warenversand_5fd6090723cc4173b22d05b78a00614c",
}  # fmt: skip
FAULTY = {
    "de-01-Warenversand_03d1bc781b564145ba968e57297757a9": {"half-attached-flow"},
    "de-01-warenversand_35faa7b4083b4cd58f117b7acff3683f": {"half-attached-flow"},
    "de-02-Regressnahme_c53fc5edc3494128943e31288adbc429": {"no-start"},
    "de-03-Schufascoring_b2e81447f40f4574a0aeab9579844709": {"half-attached-flow"},
    "de-04-SB_Res_06e77a083e464850a392cb977b9b4a96": {"half-attached-flow"},
    "sap-signavio-process-manager-19-9-0__B.2.0-export": {"dangling-reference"},
}
"""Maps that are wrong themselves, and the codes of their errors, beside those of what is not simulated."""


def verdict(path: Path, folder: Path) -> tuple[str, set[str]]:
    """How a map fares: runs, refused or faulty; and the codes of what stops it."""
    definitions = bm.read_bpmn(path)
    try:
        template = bm.scenario_template(definitions, assume=True)
        (folder / "org.toml").write_text(template.organization, encoding="utf-8")
        (folder / "as_is.toml").write_text(template.scenario, encoding="utf-8")
        plan = make_plan([definitions], bm.read_scenario(folder / "as_is.toml"))
    except (bm.MapError, bm.UnsupportedElementError) as error:
        codes = {finding.code for finding in error.findings if finding.severity is bm.Severity.ERROR and finding.element_id and finding.fix}
        return "refused" if codes == {"unsupported-element"} else "faulty", codes - {"unsupported-element"}
    assert plan.assumed[0] == plan.assumed[1] > 0
    log = run_once(plan, 1, 1)
    statuses = log.cases.categorical("status")
    assert {statuses.categories[code] for code in statuses.codes[log.cases.counted]} == {"completed"}
    return "runs", set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_map_runs_or_says_why_not(path: Path, tmp_path: Path) -> None:
    expected = ("runs", set()) if path.stem in RUNS else ("faulty", FAULTY[path.stem]) if path.stem in FAULTY else ("refused", set())
    assert verdict(path, tmp_path) == expected
