"""A small good triple of map, organization and scenario; variants of it break one thing, or several."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

MAP = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             id="Permits" targetNamespace="urn:permits">
  <process id="permit" name="Permit">
    <laneSet id="Lanes">
      <lane id="Lane_FO" name="Front Office">
        <flowNodeRef>Start</flowNodeRef>
        <flowNodeRef>Register</flowNodeRef>
      </lane>
      <lane id="Lane_TO" name="Technical Office">
        <flowNodeRef>Check</flowNodeRef>
        <flowNodeRef>Ok</flowNodeRef>
        <flowNodeRef>Pay</flowNodeRef>
        <flowNodeRef>Sign</flowNodeRef>
        <flowNodeRef>Done</flowNodeRef>
      </lane>
    </laneSet>
    <startEvent id="Start" name="Application"/>
    <task id="Register" name="Register"/>
    <task id="Check" name="Check form"/>
    <exclusiveGateway id="Ok" name="Complete?"/>
    <intermediateCatchEvent id="Pay" name="Payment">
      <timerEventDefinition id="Pay_timer"/>
    </intermediateCatchEvent>
    <task id="Sign" name="Sign permit"/>
    <endEvent id="Done" name="Issued"/>
    <sequenceFlow id="f1" sourceRef="Start" targetRef="Register"/>
    <sequenceFlow id="f2" sourceRef="Register" targetRef="Check"/>
    <sequenceFlow id="f3" sourceRef="Check" targetRef="Ok"/>
    <sequenceFlow id="no" name="incomplete" sourceRef="Ok" targetRef="Register"/>
    <sequenceFlow id="yes" name="complete" sourceRef="Ok" targetRef="Pay"/>
    <sequenceFlow id="f4" sourceRef="Pay" targetRef="Sign"/>
    <sequenceFlow id="f5" sourceRef="Sign" targetRef="Done"/>
  </process>
</definitions>
"""

ORGANIZATION = """\
name = "City"
timezone = "Asia/Jakarta"

[calendars.office]
hours = "Mon-Fri 08:00-16:00"

[units.FO]
name = "Front Office"
calendar = "office"
[units.FO.pools.clerks]
quantity = 2

[units.TO]
name = "Technical Office"
calendar = "office"
[units.TO.pools.staff]
quantity = 3
"""

SCENARIO = """\
organization = "org.toml"
start = 2026-01-05T00:00:00
warm_up = "P7D"
duration = "P14D"
replications = 2

[arrivals.Start]
inter_arrival_time = { distribution = "exponential", mean = "PT2H" }
calendar = "office"

[activities.Register]
processing_time = "PT10M"

[activities.Check]
processing_time = { distribution = "gamma", mean = "PT30M", standard_deviation = "PT15M" }

[activities.Sign]
processing_time = "PT5M"

[gateways.Ok]
probabilities = { no = 0.2, yes = 0.8 }

[events.Pay]
wait_time = "P2D"

[[transfers]]
from = "FO"
to = "TO"
dispatch = "Mon-Fri 10:00 14:00"
transfer_time = "PT30M"

[[transfers]]
from = "TO"
to = "FO"
transfer_time = "PT0S"
"""


@dataclass(frozen=True)
class Triple:
    """Three texts that together make a run."""

    map: str = MAP
    org: str = ORGANIZATION
    scenario: str = SCENARIO

    def in_map(self, old: str, new: str) -> Self:
        """Replace what stands in the map exactly once."""
        return replace(self, map=replaced(self.map, old, new))

    def in_org(self, old: str, new: str) -> Self:
        """Replace what stands in the organization exactly once."""
        return replace(self, org=replaced(self.org, old, new))

    def in_scenario(self, old: str, new: str) -> Self:
        """Replace what stands in the scenario exactly once."""
        return replace(self, scenario=replaced(self.scenario, old, new))

    def map_line(self, part: str) -> int:
        """Number of the first line of the map that holds a text."""
        return self.map[: self.map.index(part)].count("\n") + 1

    def write(self, folder: Path) -> None:
        """Write the three files, byte for byte as the texts are."""
        for name, text in (("map.bpmn", self.map), ("org.toml", self.org), ("scenario.toml", self.scenario)):
            (folder / name).write_bytes(text.encode())


GOOD = Triple()


def replaced(text: str, old: str, new: str) -> str:
    """Replace a part that stands in a text exactly once: a variant that changes nothing tests nothing."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)
