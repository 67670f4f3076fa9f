from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmnmap.errors import OrganizationError
from bpmnmap.org.hours import DAYS, WEEK_MINUTES, is_full_week, overlap, parse_hours, parse_rounds


def faults(parse: object, text: str) -> list[tuple[str, str, str | None]]:
    assert callable(parse)
    with pytest.raises(OrganizationError) as caught:
        parse(text)
    return [(finding.code, finding.message, finding.fix) for finding in caught.value.findings]


def test_hours_of_the_format_page() -> None:
    week = parse_hours("Mon-Thu 08:00-12:00 13:00-16:00, Fri 08:00-11:30")
    assert week == (((480, 720), (780, 960)),) * 4 + (((480, 690),), (), ())


@pytest.mark.parametrize(
    ("text", "open_days"),
    [
        ("Tue Thu 09:00-12:00", "Tue Thu"),
        ("Fri-Mon 09:00-12:00", "Mon Fri Sat Sun"),  # wraps
        ("Sun-Sat 09:00-12:00", "Mon Tue Wed Thu Fri Sat Sun"),
        ("Wed-Wed 09:00-12:00", "Wed"),
        ("mon TUE 9:00-12:00", "Mon Tue"),
        ("Mon - Tue 09:00 - 12:00", "Mon Tue"),
        ("Mon-Tue Thu-Fri 09:00-12:00", "Mon Tue Thu Fri"),
    ],
)
def test_days(text: str, open_days: str) -> None:
    week = parse_hours(text)
    assert [day for day, spans in zip(DAYS, week, strict=True) if spans == ((540, 720),)] == open_days.split()


@pytest.mark.parametrize(
    ("span", "minutes"),
    [
        ("00:00-24:00", (0, 1440)),
        ("22:00-06:00", (1320, 1800)),  # overnight
        ("08:00-08:00", (480, 1920)),  # to <= from: the next day
        ("00:00-00:00", (0, 1440)),
        ("18:00-24:00", (1080, 1440)),
        ("18:00-00:00", (1080, 1440)),
    ],
)
def test_midnight(span: str, minutes: tuple[int, int]) -> None:
    assert parse_hours(f"Wed {span}")[2] == (minutes,)


def test_spans_are_put_in_order() -> None:
    assert parse_hours("Mon 13:00-16:00 08:00-12:00, Mon 16:00-17:00")[0] == ((480, 720), (780, 960), (960, 1020))


SPAN_FIX = "write days, then spans, like 'Mon-Thu 08:00-12:00 13:00-16:00, Fri 08:00-11:30'"
DAY_FIX = "write Mon, Tue, Wed, Thu, Fri, Sat or Sun"


@pytest.mark.parametrize(
    ("text", "code", "message", "fix"),
    [
        ("FUNDAY 08:00-12:00", "unknown-weekday", "'FUNDAY' is no day of the week", f"{DAY_FIX}; did you mean 'Sun'?"),
        ("Xyz 08:00-12:00", "unknown-weekday", "'Xyz' is no day of the week", DAY_FIX),
        ("Monday 08:00-12:00", "unknown-weekday", "'Monday' is no day of the week", f"{DAY_FIX}; did you mean 'Mon'?"),
        ("Mon-Wed-Fri 08:00-12:00", "unknown-weekday", "'Mon-Wed-Fri' is no range of days", "write a range like 'Mon-Fri'"),
        ("Mon 25:99-23:00", "invalid-time", "'25:99' is no time of the day", "write a time from 00:00 to 24:00"),
        ("Mon 08:00-24:01", "invalid-time", "'24:01' is no time of the day", "write a time from 00:00 to 24:00"),
        ("Mon 08:60-10:00", "invalid-time", "'08:60' is no time of the day", "write a time from 00:00 to 24:00"),
        ("Mon 24:00-02:00", "invalid-time", "'24:00-02:00' begins at 24:00", "write 00:00 of the next day"),
        ("", "invalid-hours", "'' has an empty part", SPAN_FIX),
        ("Mon 08:00-12:00,", "invalid-hours", "'Mon 08:00-12:00,' has an empty part", SPAN_FIX),
        ("08:00-12:00", "invalid-hours", "'08:00-12:00' names no day", SPAN_FIX),
        ("Mon", "invalid-hours", "'Mon' gives days without hours", SPAN_FIX),
        ("Mon 08:00", "invalid-hours", "'08:00' is no span", SPAN_FIX),
        ("Mon 8-12", "invalid-hours", "'8-12' is not of the form HH:MM-HH:MM", SPAN_FIX),
        ("Mon 08:00-12:00-13:00", "invalid-hours", "'08:00-12:00-13:00' is not of the form HH:MM-HH:MM", SPAN_FIX),
        (
            "Mon 08:00-12:00 Tue 08:00-12:00", "invalid-hours", "'Tue' stands behind times in 'Mon 08:00-12:00 Tue 08:00-12:00'",
            "begin a new part with a comma before it",
        ),
        ("Mon 08:00-12:00, Mon-Tue 11:00-13:00", "overlapping-hours", "'Mon 08:00-12:00' and 'Mon 11:00-13:00' overlap", None),
        ("Mon Mon 08:00-12:00", "overlapping-hours", "'Mon 08:00-12:00' and 'Mon 08:00-12:00' overlap", None),
        ("Mon 22:00-06:00, Tue 05:00-09:00", "overlapping-hours", "'Mon 22:00-06:00' and 'Tue 05:00-09:00' overlap", None),
        ("Sun 22:00-06:00, Mon 05:59-09:00", "overlapping-hours", "'Sun 22:00-06:00' and 'Mon 05:59-09:00' overlap", None),
        ("Mon-Sun 00:00-24:00, Wed 12:00-13:00", "overlapping-hours", "'Wed 00:00-24:00' and 'Wed 12:00-13:00' overlap", None),
    ],
)  # fmt: skip
def test_faulty_hours(text: str, code: str, message: str, fix: str | None) -> None:
    assert faults(parse_hours, text) == [(code, message, fix or "let spans begin where the one before has ended")]


def test_spans_may_touch() -> None:
    assert parse_hours("Sun 22:00-06:00, Mon 06:00-12:00 12:00-13:00, Sat 22:00-22:00")[0] == ((360, 720), (720, 780))


def test_all_faults_of_a_text_at_once() -> None:
    assert [fault[0] for fault in faults(parse_hours, "Foo 08:00-12:00, Tue 25:00-26:00, 9")] == [
        "unknown-weekday", "invalid-time", "invalid-time", "invalid-hours", "invalid-hours",
    ]  # fmt: skip


def test_rounds() -> None:
    assert parse_rounds("Mon-Fri 14:00 10:00, Sun 00:00") == ((600, 840),) * 5 + ((), (0,))


ROUND_FIX = "write days, then instants, like 'Mon-Fri 10:00 14:00'"


@pytest.mark.parametrize(
    ("text", "code", "message", "fix"),
    [
        ("Mon 24:00", "invalid-time", "a round at '24:00' is one of the next day", "write 00:00 of the next day"),
        ("Mon 10:75", "invalid-time", "'10:75' is no time of the day", "write a time from 00:00 to 24:00"),
        ("Mon 10:00, Mon-Tue 10:00", "repeated-round", "'Mon 10:00' is given twice", "name each round once"),
        ("Mon 10:00-11:00", "invalid-rounds", "'10:00-11:00' is not of the form HH:MM", ROUND_FIX),
        ("Mon", "invalid-rounds", "'Mon' gives days without rounds", ROUND_FIX),
        ("Foo 10:00", "unknown-weekday", "'Foo' is no day of the week", DAY_FIX),
    ],
)
def test_faulty_rounds(text: str, code: str, message: str, fix: str) -> None:
    assert faults(parse_rounds, text) == [(code, message, fix)]


def test_full_week() -> None:
    assert is_full_week(parse_hours("Mon-Sun 00:00-24:00"))
    assert is_full_week(parse_hours("Mon-Sun 06:00-06:00"))
    assert not is_full_week(parse_hours("Mon-Sun 00:00-23:59"))


def test_overlap_of_two_weeks() -> None:
    assert overlap(parse_hours("Mon 08:00-12:00"), parse_hours("Mon 12:00-16:00, Tue 08:00-12:00")) is None
    assert overlap(parse_hours("Mon 08:00-12:00"), parse_hours("Mon 11:00-16:00")) == "Mon 11:00"
    assert overlap(parse_hours("Mon 05:00-12:00"), parse_hours("Sun 22:00-06:00")) == "Mon 05:00"  # over the week's wrap


@given(st.text(alphabet="MonTueSat 0123456789:-,", max_size=40))
def test_any_text_is_hours_or_has_a_fix(text: str) -> None:
    try:
        week = parse_hours(text)
    except OrganizationError as error:
        told = [finding.fix for finding in error.findings]
    else:
        told = ["open" if 0 < sum(end - begin for spans in week for begin, end in spans) <= WEEK_MINUTES else None]
    assert told
    assert None not in told
