from __future__ import annotations

from pathlib import Path

from bpmnmap.findings import Location, Severity
from bpmnmap.simulation.scenario import read_scenario

ORG = """
[calendars.office]
hours = "Mon-Fri 08:00-16:00"
[units.FO]
calendar = "office"
pools.staff.quantity = 3
[units.TO]
calendar = "office"
pools.staff.quantity = 4
pools.head.quantity = 1
[units.PO]
calendar = "always"
"""
HEAD = 'organization = "org.toml"\nstart = 2026-01-05\n'
SHORT = HEAD + "cases = 10\n"


def write(folder: Path, text: str, name: str = "as_is.toml", org: str = ORG) -> str:
    (folder / "org.toml").write_text(org, encoding="utf-8")
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_no_warm_up(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "duration = 'P90D'\n")
    (finding,) = read_scenario(path).findings
    assert (finding.code, finding.severity, finding.location) == ("no-warm-up", Severity.WARNING, Location(path, key="warm_up"))
    assert finding.message == "'warm_up' is missing: the run starts with empty queues, and counts from there"
    assert finding.fix == "add warm_up, long enough for queues to fill; warm_up = 'PT0S' says that an empty start is meant"
    assert read_scenario(write(tmp_path, HEAD + "duration = 'P90D'\nwarm_up = 'PT0S'\n")).findings == ()
    assert read_scenario(write(tmp_path, SHORT)).findings == ()


def test_days_in_opening_hours(tmp_path: Path) -> None:
    text = (
        SHORT
        + """
[arrivals.S]
inter_arrival_time = { distribution = "exponential", mean = "P2D" }
calendar = "office"
[arrivals.T]
timetable = [{ hours = "Mon 08:00-16:00", inter_arrival_time = "P1W" }]
[arrivals.Always]
inter_arrival_time = "P2D"
[activities.A]
processing_time = { distribution = "uniform", min = "PT8H", max = "P1DT2H" }
[activities.Auto]
processing_time = "P1D"
pools = {}
[events.E]
wait_time = "P1D"
calendar = "office"
[events.F]
wait_time = "P1D"
[[transfers]]
from = "FO"
to = "TO"
transfer_time = "P1D"
calendar = "office"
[[processes.P.transfers]]
flow = "x"
transfer_time = "P1D"
calendar = "office"
"""
    )
    findings = read_scenario(write(tmp_path, text)).findings
    assert {finding.code for finding in findings} == {"day-of-24-hours"}
    assert {finding.fix for finding in findings} == {"write a working day of 8 hours as PT8H"}
    assert sorted(str(finding.location.key) for finding in findings) == [
        "activities.A.processing_time.max", "arrivals.S.inter_arrival_time.mean", "arrivals.T.timetable[0].inter_arrival_time",
        "events.E.wait_time", "processes.P.transfers[0].transfer_time", "transfers[0].transfer_time",
    ]  # fmt: skip
    assert findings[0].message == "'P1DT2H' runs in opening hours, and a day in it is 24 of them"


def test_days_where_nobody_goes_home(tmp_path: Path) -> None:
    path = write(
        tmp_path, SHORT + "[activities.A]\nprocessing_time = 'P1D'\n", org="[units.A]\ncalendar = 'always'\npools.s.quantity = 1\n"
    )
    assert read_scenario(path).findings == ()
