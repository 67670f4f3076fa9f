"""Microseconds of a run as ISO 8601 instants in the organization's time zone (H30)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from bpmnmap.durations import DAY_US
from bpmnmap.errors import EventLogError
from bpmnmap.eventlog.columns import Array
from bpmnmap.eventlog.log import Run
from bpmnmap.findings import Finding

_MICROSECOND = timedelta(microseconds=1)


class Instants:
    """Formats whole columns of microseconds since a run's start.

    Without a time zone instants are naive local time; with one they are local time with its offset from UTC, which
    may change within the run. Microseconds are written where they are not zero. −1 is the empty text.

    Parameters
    ----------
    run
        Whose clock it is.

    Raises
    ------
    EventLogError
        The run's time zone is not known here.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> run = SimpleNamespace(start=datetime(2026, 3, 29), time_zone="Europe/Berlin", end_us=DAY_US)
    >>> Instants(run).texts(np.array([0, 2 * 3_600_000_000 + 500_000, -1]))
    ['2026-03-29T00:00:00+01:00', '2026-03-29T03:00:00.500000+02:00', '']
    """

    def __init__(self, run: Run) -> None:
        zone = None if run.time_zone is None else _time_zone(run.time_zone)
        if zone is None:
            self._start = np.datetime64(run.start.replace(tzinfo=None), "us")
            self._changes, self._shifts, self._suffixes = np.array([], dtype=np.int64), np.zeros(1, dtype=np.int64), [""]
            return
        start = (run.start.replace(tzinfo=zone) if run.start.tzinfo is None else run.start).astimezone(UTC)
        self._start = np.datetime64(start.replace(tzinfo=None), "us")
        changes, offsets = _offsets(start, zone, run.end_us)
        self._changes = np.array(changes, dtype=np.int64)
        self._shifts = np.array([offset // _MICROSECOND for offset in offsets], dtype=np.int64)
        self._suffixes = [_suffix(offset) for offset in offsets]

    def texts(self, times_us: Array) -> list[str]:
        """One text per time."""
        spans = np.searchsorted(self._changes, times_us, side="right")
        local = self._start + (times_us + self._shifts[spans]).astype("timedelta64[us]")
        plain = [text.removesuffix(".000000") for text in np.datetime_as_string(local, unit="us").tolist()]
        if len(self._suffixes) == 1:
            suffix = self._suffixes[0]
            texts = [text + suffix for text in plain] if suffix else plain
        else:
            texts = [text + self._suffixes[span] for text, span in zip(plain, spans.tolist(), strict=True)]
        for index in np.flatnonzero(times_us == -1).tolist():
            texts[index] = ""
        return texts


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        finding = Finding("unknown-timezone", f"'{name}' is no time zone that this machine knows", fix="install the package tzdata")
        raise EventLogError([finding]) from error


def _offsets(start: datetime, zone: ZoneInfo, end_us: int) -> tuple[list[int], list[timedelta]]:
    """Microseconds at which the offset from UTC changes until a day after the end, and the offsets before, between and after."""

    def offset_at(time_us: int) -> timedelta:
        offset = (start + timedelta(microseconds=time_us)).astimezone(zone).utcoffset()
        return offset if offset is not None else timedelta(0)

    changes: list[int] = []
    offsets = [offset_at(0)]
    for day_us in range(0, end_us + DAY_US, DAY_US):
        low, high = day_us, day_us + DAY_US
        if offset_at(high) != offsets[-1]:
            while high - low > 1:  # offset_at(low) is the old one, offset_at(high) the new one
                middle = (low + high) // 2
                low, high = (middle, high) if offset_at(middle) == offsets[-1] else (low, middle)
            changes.append(high)
            offsets.append(offset_at(high))
    return changes, offsets


def _suffix(offset: timedelta) -> str:
    """``+01:00``, as `datetime.isoformat` writes it."""
    return datetime(2000, 1, 1, tzinfo=timezone(offset)).isoformat()[len("2000-01-01T00:00:00") :]
