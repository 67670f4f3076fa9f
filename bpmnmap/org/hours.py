"""Texts of weekly hours and rounds ↔ minutes of the week."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from bpmnmap.errors import OrganizationError
from bpmnmap.findings import Finding

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY_MINUTES: Final = 24 * 60
WEEK_MINUTES: Final = 7 * DAY_MINUTES

DayHours: TypeAlias = tuple[tuple[int, int], ...]
"""Open spans that begin on one day, in minutes since its midnight; an overnight span ends after `DAY_MINUTES`."""
WeeklyHours: TypeAlias = tuple[DayHours, ...]
"""The spans of the seven days, from Monday."""
WeeklyRounds: TypeAlias = tuple[tuple[int, ...], ...]
"""The rounds of the seven days, from Monday, in minutes since midnight."""

_TIME = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_DASH = re.compile(r"\s*-\s*", re.ASCII)
_SPAN_FIX: Final = "write days, then spans, like 'Mon-Thu 08:00-12:00 13:00-16:00, Fri 08:00-11:30'"
_ROUND_FIX: Final = "write days, then instants, like 'Mon-Fri 10:00 14:00'"


def parse_hours(text: str) -> WeeklyHours:
    """Open spans of each day of the week.

    A span ``[from, to)`` with ``to`` ≤ ``from`` ends on the next day. Spans of a day are in order.

    Raises
    ------
    OrganizationError
        All faults of the text: codes ``invalid-hours``, ``invalid-time``, ``unknown-weekday``, ``overlapping-hours``.

    Examples
    --------
    >>> parse_hours("Fri 08:00-11:30 13:00-16:00, Sat 22:00-06:00")[4:6]
    (((480, 690), (780, 960)), ((1320, 1800),))
    """
    faults: list[Finding] = []
    week: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for days, tokens in _parts(text, "hours", _SPAN_FIX, faults):
        for token in tokens:
            span = _span(token, faults)
            if span is not None:
                for day in days:
                    week[day].append(span)
    hours = tuple(tuple(sorted(spans)) for spans in week)
    if not faults:
        faults += _overlaps(hours)
    if faults:
        raise OrganizationError(dict.fromkeys(faults))
    return hours


def parse_rounds(text: str) -> WeeklyRounds:
    """Rounds of each day of the week, in minutes since midnight, in order.

    Raises
    ------
    OrganizationError
        All faults of the text: codes ``invalid-rounds``, ``invalid-time``, ``unknown-weekday``, ``repeated-round``.

    Examples
    --------
    >>> parse_rounds("Mon 10:00 14:00, Sun 09:30")
    ((600, 840), (), (), (), (), (), (570,))
    """
    faults: list[Finding] = []
    week: list[list[int]] = [[] for _ in DAYS]
    for days, tokens in _parts(text, "rounds", _ROUND_FIX, faults):
        for token in tokens:
            minute = _minute(token, token, faults, _ROUND_FIX, "invalid-rounds")
            if minute == DAY_MINUTES:
                faults.append(Finding("invalid-time", f"a round at '{token}' is one of the next day", fix="write 00:00 of the next day"))
            elif minute is not None:
                for day in days:
                    if minute in week[day]:
                        faults.append(Finding("repeated-round", f"'{DAYS[day]} {token}' is given twice", fix="name each round once"))
                    week[day].append(minute)
    if faults:
        raise OrganizationError(dict.fromkeys(faults))
    return tuple(tuple(sorted(minutes)) for minutes in week)


def is_full_week(hours: WeeklyHours) -> bool:
    """Whether the spans leave no minute of the week closed.

    Examples
    --------
    >>> is_full_week(parse_hours("Mon-Sun 08:00-08:00")), is_full_week(parse_hours("Mon-Sun 00:00-23:59"))
    (True, False)
    """
    return sum(end - begin for spans in hours for begin, end in spans) == WEEK_MINUTES  # they never overlap


def overlap(first: WeeklyHours, second: WeeklyHours) -> str | None:
    """Day and time at which two weeks are both open, as text; None if at no time.

    Examples
    --------
    >>> overlap(parse_hours("Sun 22:00-06:00"), parse_hours("Mon 05:00-12:00"))
    'Mon 05:00'
    """
    left, right = _flat(first), _flat(second)
    for begin, end in left:
        for start, stop in right:
            for shift in (-WEEK_MINUTES, 0, WEEK_MINUTES):
                if begin < stop + shift and start + shift < end:
                    return _when(max(begin, start + shift))
    return None


def _parts(text: str, kind: str, fix: str, faults: list[Finding]) -> Iterator[tuple[list[int], list[str]]]:
    """Days and times of each part between commas."""
    code = f"invalid-{kind}"
    for part in text.split(","):
        words = _DASH.sub("-", part).split()
        cut = next((place for place, word in enumerate(words) if _has_digit(word)), len(words))
        days, times = words[:cut], words[cut:]
        if not words:
            faults.append(Finding(code, f"'{text}' has an empty part", fix=fix))
        elif not days:
            faults.append(Finding(code, f"'{part.strip()}' names no day", fix=fix))
        elif not times:
            faults.append(Finding(code, f"'{part.strip()}' gives days without {kind}", fix=fix))
        late = [word for word in times if not _has_digit(word)]
        if late:
            fix_late = "begin a new part with a comma before it"
            faults.append(Finding(code, f"'{late[0]}' stands behind times in '{part.strip()}'", fix=fix_late))
        found = [day for word in days for day in _days(word, faults)]
        yield found, [word for word in times if _has_digit(word)]


def _has_digit(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _days(word: str, faults: list[Finding]) -> list[int]:
    """Numbers of the days that 'Tue' or 'Fri-Mon' names."""
    numbers = []
    for name in word.split("-"):
        number = next((place for place, day in enumerate(DAYS) if day.casefold() == name.casefold()), None)
        if number is None:
            close = difflib.get_close_matches(name[:3].capitalize(), DAYS, 1)
            fix = "write Mon, Tue, Wed, Thu, Fri, Sat or Sun" + (f"; did you mean '{close[0]}'?" if close else "")
            faults.append(Finding("unknown-weekday", f"'{name}' is no day of the week", fix=fix))
            return []
        numbers.append(number)
    if len(numbers) > 2:
        faults.append(Finding("unknown-weekday", f"'{word}' is no range of days", fix="write a range like 'Mon-Fri'"))
        return []
    return [(numbers[0] + step) % 7 for step in range((numbers[-1] - numbers[0]) % 7 + 1)]


def _span(token: str, faults: list[Finding]) -> tuple[int, int] | None:
    """Begin and end of '22:00-06:00' in minutes; the end of an overnight span lies beyond the day."""
    begin_text, dash, end_text = token.partition("-")
    if not dash:
        faults.append(Finding("invalid-hours", f"'{token}' is no span", fix=_SPAN_FIX))
        return None
    begin = _minute(begin_text, token, faults, _SPAN_FIX, "invalid-hours")
    end = _minute(end_text, token, faults, _SPAN_FIX, "invalid-hours")
    if begin is None or end is None:
        return None
    if begin == DAY_MINUTES:
        faults.append(Finding("invalid-time", f"'{token}' begins at 24:00", fix="write 00:00 of the next day"))
        return None
    return begin, end if end > begin else end + DAY_MINUTES


def _minute(text: str, token: str, faults: list[Finding], fix: str, code: str) -> int | None:
    """Minutes since midnight of 'HH:MM'."""
    match = _TIME.fullmatch(text)
    if match is None:
        faults.append(Finding(code, f"'{token}' is not of the form {'HH:MM' if text == token else 'HH:MM-HH:MM'}", fix=fix))
        return None
    hour, minute = int(match[1]), int(match[2])
    if minute > 59 or hour * 60 + minute > DAY_MINUTES:
        faults.append(Finding("invalid-time", f"'{text}' is no time of the day", fix="write a time from 00:00 to 24:00"))
        return None
    return hour * 60 + minute


def _flat(hours: WeeklyHours) -> list[tuple[int, int]]:
    """The spans in order, in minutes since Monday 00:00; the last may run beyond the week."""
    return [(day * DAY_MINUTES + begin, day * DAY_MINUTES + end) for day, spans in enumerate(hours) for begin, end in spans]


def _overlaps(hours: WeeklyHours) -> list[Finding]:
    spans = _flat(hours)
    if not spans:
        return []
    following = [*spans[1:], (spans[0][0] + WEEK_MINUTES, spans[0][1] + WEEK_MINUTES)]
    fix = "let spans begin where the one before has ended"
    return [
        Finding("overlapping-hours", f"'{_text(one)}' and '{_text(other)}' overlap", fix=fix)
        for one, other in zip(spans, following, strict=True)
        if other[0] < one[1]
    ]


def _when(minute: int) -> str:
    day, rest = divmod(minute % WEEK_MINUTES, DAY_MINUTES)
    return f"{DAYS[day]} {rest // 60:02d}:{rest % 60:02d}"


def _text(span: tuple[int, int]) -> str:
    end = span[1] % DAY_MINUTES
    return f"{_when(span[0])}-{f'{end // 60:02d}:{end % 60:02d}' if end else '24:00'}"
