from __future__ import annotations

import csv
import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmnmap.durations import DAY_US, HOUR_US, SECOND_US
from bpmnmap.errors import EventLogError
from bpmnmap.eventlog.csv_format import write_event_log
from bpmnmap.eventlog.instants import Instants
from bpmnmap.eventlog.log import EventLog
from tests.eventlog.log_builder import LogBuilder, make_run


def small_log(**run: object) -> EventLog:
    """Times in milliseconds: one completed case with a withdrawn instance, one that has just arrived."""
    builder = LogBuilder(unit=1_000)
    case = builder.case(0, 90_500)
    check = builder.instance(case, "Check", "FO", 1_250, 60_000, contention=250, unavailability=1_000)
    builder.instance(case, "Review", "TO", None, 70_000, status="withdrawn")
    builder.movement(None, check, case, 0)
    builder.movement(check, None, case, 60_000, transfer=30_500)
    builder.case(3_600_000, None, "unfinished", counted=False)
    return builder.log(**run)


def test_directory_holds_the_three_tables(tmp_path: Path) -> None:
    write_event_log(small_log(replication=3), tmp_path / "new" / "runs")
    written = {path.name: path.read_bytes().decode() for path in (tmp_path / "new" / "runs").iterdir()}
    assert written == {
        "cases.csv": (
            "replication,case,map,start,number,arrived,ended,status,counted\n"
            "3,0,permit,Start,0,2026-01-05T00:00:00,2026-01-05T00:01:30.500000,completed,true\n"
            "3,1,permit,Start,1,2026-01-05T01:00:00,,unfinished,false\n"
        ),
        "instances.csv": (
            "replication,instance,case,scope,element,unit,pool,person,status,enabled,released,start,complete,"
            "worked_s,batching_s,unavailability_s,prioritization_s,contention_s\n"
            "3,0,0,permit,Check,FO,FO.staff,FO.staff/1,completed,2026-01-05T00:00:00,2026-01-05T00:00:00,"
            "2026-01-05T00:00:01.250000,2026-01-05T00:01:00,58.75,0,1,0,0.25\n"
            "3,1,0,permit,Review,TO,TO.staff,,withdrawn,,,,2026-01-05T00:01:10,0,0,0,0,0\n"
        ),
        "movements.csv": (
            "replication,from_instance,to_instance,case,left,dispatch_s,transfer_s,event_s,synchronization_s,critical\n"
            "3,source,0,0,2026-01-05T00:00:00,0,0,0,0,true\n"
            "3,0,sink,0,2026-01-05T00:01:00,0,30.5,0,0,true\n"
        ),
    }


def test_one_file_has_the_usual_columns_and_names(tmp_path: Path) -> None:
    write_event_log(small_log(element_names={"Check": 'Check, "formally"'}), tmp_path / "log.csv")
    assert (tmp_path / "log.csv").read_bytes().decode() == (
        "case_id,activity,resource,unit,enable_time,start_time,end_time\n"
        '0,"Check, ""formally""",FO.staff/1,FO,2026-01-05T00:00:00,2026-01-05T00:00:01.250000,2026-01-05T00:01:00\n'
        "0,Review,,TO,,,2026-01-05T00:01:10\n"
    )


def test_several_logs_are_told_apart(tmp_path: Path) -> None:
    write_event_log(iter([small_log(replication=0), small_log(replication=1)]), str(tmp_path / "LOG.CSV"))
    rows = list(csv.DictReader((tmp_path / "LOG.CSV").read_text().splitlines()))
    assert [(row["replication"], row["activity"]) for row in rows] == [("0", "Check"), ("0", "Review"), ("1", "Check"), ("1", "Review")]
    write_event_log([small_log(replication=0), small_log(replication=1)], tmp_path)
    rows = list(csv.DictReader((tmp_path / "movements.csv").read_text().splitlines()))
    assert [(row["replication"], row["from_instance"], row["to_instance"]) for row in rows] == [
        ("0", "source", "0"), ("0", "0", "sink"), ("1", "source", "0"), ("1", "0", "sink"),
    ]  # fmt: skip


def test_empty_log_writes_headers(tmp_path: Path) -> None:
    write_event_log(LogBuilder().log(), tmp_path)
    assert [len((tmp_path / name).read_text().splitlines()) for name in ("cases.csv", "instances.csv", "movements.csv")] == [1, 1, 1]


def test_long_tables_are_written_in_slices(tmp_path: Path) -> None:
    builder = LogBuilder(unit=1)
    for number in range(70_000):
        builder.case(number, None, "unfinished")
    write_event_log(builder.log(), tmp_path)
    lines = (tmp_path / "cases.csv").read_text().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == [str(number) for number in range(70_000)]


def test_existing_files_are_replaced_and_others_kept(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("old")
    (tmp_path / "notes.txt").write_text("mine")
    write_event_log(small_log(), tmp_path)
    assert sorted(os.listdir(tmp_path)) == ["cases.csv", "instances.csv", "movements.csv", "notes.txt"]
    assert (tmp_path / "cases.csv").read_text().startswith("replication,")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_equal_logs_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        write_event_log(small_log(time_zone="Asia/Tokyo", end_us=DAY_US), tmp_path / name)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_failure_leaves_the_old_files(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("old")
    with pytest.raises(EventLogError, match="'Nowhere/Land' is no time zone"):
        write_event_log(small_log(time_zone="Nowhere/Land"), tmp_path)
    assert os.listdir(tmp_path) == ["cases.csv"]
    assert (tmp_path / "cases.csv").read_text() == "old"


@pytest.mark.parametrize(
    ("existing", "path", "message"),
    [
        ("file", "taken", "a directory is to be written, but this is a file"),
        ("file", "taken/runs", "the log cannot be written: Not a directory"),
        ("directory", "taken.csv", "a file is to be written, but this is a directory"),
        (None, "missing/log.csv", "the log cannot be written: No such file or directory"),
    ],
)
def test_places_that_cannot_be_written(tmp_path: Path, existing: str | None, path: str, message: str) -> None:
    if existing == "file":
        (tmp_path / "taken").write_text("")
    elif existing == "directory":
        (tmp_path / path).mkdir()
    with pytest.raises(EventLogError) as caught:
        write_event_log(small_log(), tmp_path / path)
    (finding,) = caught.value.findings
    assert (finding.code, finding.message, finding.location.path) == ("not-written", message, str(tmp_path / path))
    assert finding.fix


def test_no_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^logs must hold at least one event log \(got none\)$"):
        write_event_log([], tmp_path / "log.csv")
    assert os.listdir(tmp_path) == []


def test_summer_time_begins_and_ends_within_the_run() -> None:
    # Berlin: 29 March 2026 02:00 → 03:00, 25 October 03:00 → 02:00
    run = make_run(start=datetime(2026, 3, 29), time_zone="Europe/Berlin", end_us=300 * DAY_US)
    autumn = 209 * DAY_US + 23 * HOUR_US  # 25 October 00:00 local: one hour less has passed than the clock says
    times = [2 * HOUR_US - 1, 2 * HOUR_US, autumn + 2 * HOUR_US, autumn + 3 * HOUR_US - SECOND_US, autumn + 3 * HOUR_US]
    assert Instants(run).texts(np.array(times)) == [
        "2026-03-29T01:59:59.999999+01:00",
        "2026-03-29T03:00:00+02:00",
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:59:59+02:00",
        "2026-10-25T02:00:00+01:00",
    ]


@settings(deadline=None)
@given(
    st.lists(st.integers(-1, 800 * DAY_US), min_size=1, max_size=20),
    st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(lambda start: start.replace(microsecond=0)),
    st.sampled_from([None, "UTC", "Europe/Berlin", "America/St_Johns", "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_instants_equal_those_of_datetime(times: list[int], start: datetime, zone: str | None) -> None:
    texts = Instants(make_run(start=start, time_zone=zone, end_us=800 * DAY_US)).texts(np.array(times, dtype=np.int64))
    if zone is None:
        expected = [start + timedelta(microseconds=time) for time in times]
    else:
        utc = start.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
        expected = [(utc + timedelta(microseconds=time)).astimezone(ZoneInfo(zone)) for time in times]
    assert texts == ["" if time == -1 else instant.isoformat() for time, instant in zip(times, expected, strict=True)]


@settings(deadline=None)
@given(st.lists(st.integers(-1, 10**15), min_size=1, max_size=20))
def test_spans_are_exact_decimals(tmp_path_factory: pytest.TempPathFactory, spans: list[int]) -> None:
    builder = LogBuilder(unit=1)
    case = builder.case(0, 0)
    for span in spans:
        builder.movement(None, None, case, 0, transfer=span)
    path = tmp_path_factory.mktemp("spans")
    write_event_log(builder.log(), path)
    rows = list(csv.DictReader((path / "movements.csv").read_text().splitlines()))
    for span, row in zip(spans, rows, strict=True):
        text = row["transfer_s"]
        if span == -1:
            assert text == ""
        else:
            whole, _, fraction = text.partition(".")
            assert int(whole) * 10**6 + int(fraction.ljust(6, "0")) == span
            assert not fraction.endswith("0")
            assert "." not in text or fraction
