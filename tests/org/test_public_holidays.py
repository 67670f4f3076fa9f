from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from bpmnmap.org.public_holidays import holiday_codes, is_holiday_code, public_holidays


def days(code: str, year: int) -> set[str]:
    found = public_holidays(code, year)
    assert found is not None
    return {date.fromordinal(day).isoformat() for day in found}


def test_indonesia() -> None:
    assert {"2026-01-01", "2026-03-21", "2026-05-27", "2026-08-17", "2026-12-25"} <= days("ID", 2026)
    assert all(day.startswith("2027-") for day in days("ID", 2027))


def test_part_of_a_country() -> None:
    assert days("DE-BY", 2026) - days("DE", 2026) == {"2026-01-06", "2026-06-04", "2026-11-01"}


def test_observed_days_of_the_next_year() -> None:
    assert "2021-12-31" in days("US", 2021)  # New Year's Day 2022 is a Saturday


@pytest.mark.parametrize("year", [1900, 2101, 9999])
def test_years_that_nobody_knows(year: int) -> None:
    assert public_holidays("ID", year) is None


@pytest.mark.parametrize(
    ("code", "known"),
    [("ID", True), ("DE-BY", True), ("DE-", False), ("IDN", False), ("id", False), ("XX", False), ("ID-XX", False), ("", False)],
)
def test_codes(code: str, known: bool) -> None:
    assert is_holiday_code(code) is known
    assert (code.split("-")[0] in holiday_codes()) or not known


def test_the_package_is_imported_only_when_used() -> None:
    program = (
        "import sys; from bpmnmap.org.organization import Organization, Calendar, Unit; from bpmnmap.org import calendars;"
        "Organization(calendars={'o': Calendar(hours='Mon 08:00-09:00')}, units={'A': Unit(calendar='o')});"
        "print('holidays' in sys.modules); Calendar(hours='Mon 08:00-09:00', holidays='ID'); print('holidays' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
