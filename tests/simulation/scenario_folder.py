"""A folder of scenario files that extend each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpmnmap.errors import ScenarioError
from bpmnmap.simulation.scenario import Scenario, read_scenario

ORG = """
[calendars.office]
hours = "Mon-Fri 08:00-16:00"
source = "decree"
[calendars.head]
hours = "Tue Thu 09:00-12:00"
[units.FO]
calendar = "office"
pools.staff.quantity = 3
pools.staff.source = "staff list"
[units.TO]
calendar = "office"
pools.staff.quantity = 4
pools.head = { quantity = 1, calendar = "head" }
[units.PO]
calendar = "office"
"""
BASE = """
organization = "org.toml"
start = 2026-01-05
duration = "P90D"
warm_up = "P14D"
follow_up = "P30D"
source = "workshop"
assumed = true
[arrivals.S]
inter_arrival_time = { distribution = "exponential", mean = "PT15M", source = "counter" }
calendar = "office"
[activities.A]
processing_time = { distribution = "exponential", mean = "PT10M", assumed = true }
unit = "TO"
pools = { "TO.staff" = 1 }
source = "clerks"
assumed = true
[gateways.X]
probabilities = { a = 0.2, b = 0.8 }
source = "files"
[[transfers]]
from = "FO"
to = "TO"
transfer_time = "PT1H"
dispatch = "Mon-Fri 10:00"
source = "mail room"
[[transfers]]
from = ["TO", "PO"]
to = "FO"
transfer_time = "PT2H"
[[transfers]]
flow = "F"
transfer_time = "PT3H"
"""


class Files:
    """A folder of scenario files, `base.toml` and `org.toml` among them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("org.toml", ORG)
        self.write("base.toml", BASE)

    def write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def over(self, text: str) -> Scenario:
        """The base with this text laid over it."""
        return read_scenario(self.write("over.toml", 'extends = "base.toml"\n' + text))

    def faults(self, name: str = "over.toml") -> list[tuple[str, str | None, str, str]]:
        with pytest.raises(ScenarioError) as caught:
            read_scenario(self.folder / name)
        assert all(finding.fix for finding in caught.value.findings)
        return [
            (Path(str(each.location.path)).relative_to(self.folder).as_posix(), each.location.key, each.code, each.message)
            for each in caught.value.findings
        ]
