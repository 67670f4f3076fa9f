"""Timers as maps write them: ISO 8601 durations, instants and intervals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bpmnmap.durations import parse_duration


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer's value.

    Parameters
    ----------
    time_us
        From entering, in microseconds.
    at, until
        The instant before which, and the one after which, it does not fire; local if they have no offset.
    """

    time_us: int = 0
    at: datetime | None = None
    until: datetime | None = None


def parse_timer(text: str) -> Timer:
    """Read ``PT48H``, ``2026-03-01T12:00:00``, ``2026-03-01/PT1H`` or ``PT1H/2026-12-31``.

    Raises
    ------
    ValueError
        It is none of these.

    Examples
    --------
    >>> parse_timer("PT1H/2026-12-31").time_us, parse_timer("2026-03-01T12:00").at
    (3600000000, datetime.datetime(2026, 3, 1, 12, 0))
    """
    first, slash, second = text.strip().partition("/")
    if not slash:
        return Timer(parse_duration(first)) if first.startswith("P") else Timer(at=_instant(first))
    if first.startswith("P"):
        return Timer(parse_duration(first), until=_instant(second))
    return Timer(parse_duration(second), at=_instant(first))


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"'{text}' is no ISO 8601 duration or instant") from error
