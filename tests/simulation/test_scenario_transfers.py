from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bpmnmap.errors import ScenarioError
from bpmnmap.org.organization import Organization, Unit
from bpmnmap.simulation.scenario import Scenario, Transfer

CITY = Organization(units={unit: Unit(calendar="always") for unit in ("FO", "TO", "PO")})
START = datetime(2026, 1, 5)


def test_nearest_transfer() -> None:
    scenario = Scenario(
        organization=CITY,
        start=START,
        cases=1,
        transfers=(
            Transfer(from_="*", to="*"),
            Transfer(from_="FO", to="*"),
            Transfer(from_=("FO", "PO"), to=("TO", "PO")),
            Transfer(flow="FO"),
            Transfer(from_="FO", to="PO"),
        ),
    )
    between = scenario.transfer_between
    assert between("FO", "PO") == 4  # pair
    assert (between("FO", "TO"), between("PO", "TO")) == (2, 2)  # array
    assert between("TO", "FO") == between("TO", "PO") == 0
    assert between("FO", "FO") is None
    assert scenario.replace(transfers=()).transfer_between("FO", "TO") is None


@pytest.mark.parametrize(
    ("ends", "ambiguous"),
    [
        ([("FO", "*"), ("*", "TO")], ("FO", "TO")),
        ([("FO", "*"), ("*", "TO"), ("FO", "TO")], None),  # a nearer one decides
        ([("FO", "*"), ("*", "TO"), (("FO", "PO"), ("TO", "PO"))], None),
        ([("FO", "*"), ("*", "FO")], None),  # share no pair
        ([(("FO", "TO"), "PO"), (("FO", "PO"), "TO")], None),
        ([(("FO", "TO"), ("FO", "TO")), (("TO", "FO"), ("FO", "PO"))], ("TO", "FO")),
        ([("*", "*"), ("FO", "*"), (("FO", "TO"), "*")], None),  # each more general than the other
    ],
)
def test_ambiguous_transfers(ends: list[tuple[Any, Any]], ambiguous: tuple[str, str] | None) -> None:
    transfers = tuple(Transfer(from_=from_, to=to) for from_, to in ends)
    if ambiguous is None:
        assert Scenario(organization=CITY, start=START, cases=1, transfers=transfers).transfers == transfers
        return
    with pytest.raises(ScenarioError) as caught:
        Scenario(organization=CITY, start=START, cases=1, transfers=transfers)
    (finding,) = caught.value.findings
    assert (finding.code, finding.location.key) == ("ambiguous-transfer", "transfers[1]")
    assert finding.message == f"'{ambiguous[0]}' to '{ambiguous[1]}' is given by this transfer and by 'transfers[0]', and neither is nearer"
    assert finding.fix == "add a transfer for this pair, or name fewer units in one"
