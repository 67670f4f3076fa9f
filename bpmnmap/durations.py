"""ISO 8601 durations ↔ timedelta ↔ whole microseconds."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
WEEK_US = 7 * DAY_US

_NUMBER = r"\d{1,12}(?:[.,]\d{1,12})?"
_DURATION = re.compile(
    rf"P(?:(?P<W>{_NUMBER})W)?(?:(?P<D>{_NUMBER})D)?(?P<T>T(?:(?P<H>{_NUMBER})H)?(?:(?P<M>{_NUMBER})M)?(?:(?P<S>{_NUMBER})S)?)?",
    re.ASCII,
)
_UNITS_US = {"W": WEEK_US, "D": DAY_US, "H": HOUR_US, "M": MINUTE_US, "S": SECOND_US}
_MAX_US = 9_999 * 366 * DAY_US  # the calendar's last year: nothing longer fits a clock of dates


def parse_duration(text: str) -> int:
    """Whole microseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds.

    A day is 24 hours. Years and months are refused, as they have no fixed length; so are signs. Only the last
    number may have a fraction; what is finer than a microsecond is rounded half-even.

    Raises
    ------
    ValueError
        The text is no such duration.

    Examples
    --------
    >>> parse_duration("PT5M30S"), parse_duration("P1DT2H")
    (330000000, 93600000000)

    References
    ----------
    ISO 8601-1:2019, 5.5.2.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None or match["T"] == "T":
        raise ValueError(f"'{text}' is no duration of weeks, days, hours, minutes and seconds like 'PT5M30S' or 'P1DT2H'")
    given = [(unit, value) for unit in "WDHMS" if (value := match[unit]) is not None]
    if not given:
        raise ValueError(f"'{text}' gives no number")
    if any("." in value or "," in value for _, value in given[:-1]):
        raise ValueError(f"'{text}': only the last number may have a fraction")
    total = round(sum((Fraction(value.replace(",", ".")) * _UNITS_US[unit] for unit, value in given), Fraction(0)))
    if total > _MAX_US:
        raise ValueError(f"'{text}' is longer than 9999 years")
    return total


def format_duration(duration_us: int) -> str:
    """ISO 8601 text of whole microseconds ≥ 0; `parse_duration` gives them back.

    Examples
    --------
    >>> format_duration(330_000_000), format_duration(93_600_000_000), format_duration(0), format_duration(1_500_000)
    ('PT5M30S', 'P1DT2H', 'PT0S', 'PT1.5S')
    """
    if duration_us < 0:
        raise ValueError(f"duration_us must be >= 0 (got {duration_us})")
    days, rest = divmod(duration_us, DAY_US)
    hours, rest = divmod(rest, HOUR_US)
    minutes, rest = divmod(rest, MINUTE_US)
    seconds, micro = divmod(rest, SECOND_US)
    date = f"{days}D" if days else ""
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if micro:
        time += f"{seconds}.{micro:06d}".rstrip("0") + "S"
    elif seconds or not (date or time):
        time += f"{seconds}S"
    return f"P{date}" + (f"T{time}" if time else "")


def to_microseconds(duration: timedelta | str) -> int:
    """Whole microseconds of a duration as users give it: a timedelta ≥ 0 or ISO 8601 text.

    Raises
    ------
    ValueError
        Negative, or text that is no duration.
    TypeError
        A bare number: durations carry their unit.

    Examples
    --------
    >>> to_microseconds(timedelta(minutes=2)) == to_microseconds("PT2M") == 120_000_000
    True
    """
    if isinstance(duration, str):
        return parse_duration(duration)
    if isinstance(duration, timedelta):
        value = duration // timedelta(microseconds=1)
        if value < 0:
            raise ValueError(f"duration must be >= 0 (got {duration})")
        return value
    raise TypeError(f"a duration is ISO 8601 text like 'PT15M' or a timedelta (got {duration!r})")
