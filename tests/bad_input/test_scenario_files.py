"""Scenarios that are wrong in themselves or against their organization, whatever the map."""

from __future__ import annotations

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Fault, assert_refused
from tests.bad_input.triple import GOOD, SCENARIO, Triple

GAPS = 'inter_arrival_time = { distribution = "exponential", mean = "PT2H" }\ncalendar = "office"\n'
START = "start = 2026-01-05T00:00:00\n"
GAMMA = '{ distribution = "gamma", mean = "PT30M", standard_deviation = "PT15M" }'
P = "probabilities = { no = 0.2, yes = 0.8 }"
ISO = "write ISO 8601 text of weeks, days, hours, minutes and seconds"


def register(time: str) -> Triple:
    return GOOD.in_scenario('processing_time = "PT10M"', f"processing_time = {time}")


def check(time: str) -> Triple:
    return GOOD.in_scenario(GAMMA, time)


def start(line: str) -> Triple:
    return GOOD.in_scenario(START, line)


def arrivals(lines: str) -> Triple:
    return GOOD.in_scenario(GAPS, lines)


DURATIONS = {
    "negative": (register('"-PT10M"'), Fault("invalid-duration", "[activities.Register.processing_time]", "'-PT10M' is no duration", ISO)),
    "unitless": (register("10"), Fault("invalid-duration", "[activities.Register.processing_time]", "'10': a bare number is no duration", ISO)),
    "unitless text": (register('"10"'), Fault("invalid-duration", "[activities.Register.processing_time]", "'10' is no duration", ISO)),
    "months": (register('"P1M"'), Fault("invalid-duration", "[activities.Register.processing_time]", "'P1M' is no duration", ISO)),
    "years": (register('"P1Y"'), Fault("invalid-duration", "[activities.Register.processing_time]", "'P1Y' is no duration", ISO)),
    "empty": (register('""'), Fault("invalid-duration", "[activities.Register.processing_time]", "''", ISO)),
    "longer than the calendar": (register('"P9999999D"'), Fault("invalid-duration", "[activities.Register.processing_time]", "'P9999999D'", ISO)),
    "5000 digits": (register(f'"PT{"1" * 5000}M"'), Fault("invalid-duration", "[activities.Register.processing_time]", "'PT1111", ISO)),
    "a boolean": (register("true"), Fault("invalid-duration", "[activities.Register.processing_time]", "'true'", ISO)),
    "negative parameter": (
        check('{ distribution = "exponential", mean = "-PT1H" }'),
        Fault("invalid-duration", "[activities.Check.processing_time.mean]", "'-PT1H' is no duration", ISO),
    ),
    "no distribution": (
        check('{ mean = "PT1H" }'),
        Fault("missing-key", "[activities.Check.processing_time.distribution]", "'distribution' is missing", "name the distribution"),
    ),
    "unknown distribution": (
        check('{ distribution = "expo", mean = "PT1H" }'),
        Fault("unknown-distribution", "[activities.Check.processing_time.distribution]", "no distribution 'expo'", "did you mean 'exponential'?"),
    ),
    "a [later] distribution": (
        check('{ distribution = "normal", mean = "PT1H", standard_deviation = "PT1M" }'),
        Fault("not-supported-yet", "[activities.Check.processing_time.distribution]", "'normal' is not supported yet", "use one of fixed"),
    ),
    "min above max": (
        check('{ distribution = "uniform", min = "PT2H", max = "PT1H" }'),
        Fault("invalid-distribution", "[activities.Check.processing_time]", "are not in order", "let min <= max"),
    ),
    "half of a gamma": (
        check('{ distribution = "gamma", mean = "PT2H" }'),
        Fault("invalid-distribution", "[activities.Check.processing_time]", "gamma is given by 'mean'", "give mean and standard_deviation"),
    ),
    "gaps of nothing": (
        GOOD.in_scenario('{ distribution = "exponential", mean = "PT2H" }', '"PT0S"'),
        Fault("out-of-range", "[arrivals.Start.inter_arrival_time]", "lets cases arrive without end", "give gaps with a mean above 0"),
    ),
}  # fmt: skip

NAMES = {
    "unknown unit": (
        GOOD.in_scenario('to = "TO"\ndispatch', 'to = "TOO"\ndispatch'),
        Fault("unknown-unit", "[transfers[0].to]", "no unit 'TOO'", "did you mean 'TO'?"),
    ),
    "unknown unit of a task": (
        GOOD.in_scenario('processing_time = "PT5M"', 'processing_time = "PT5M"\nunit = "T0"'),
        Fault("unknown-unit", "[activities.Sign.unit]", "no unit 'T0'", "did you mean 'TO'?"),
    ),
    "unknown pool": (
        GOOD.in_scenario('processing_time = "PT5M"', 'processing_time = "PT5M"\npools = { "TO.stuff" = 1 }'),
        Fault("unknown-pool", '[activities.Sign.pools."TO.stuff"]', "no pool 'TO.stuff'", "did you mean 'TO.staff'?"),
    ),
    "unknown calendar": (
        GOOD.in_scenario('mean = "PT2H" }\ncalendar = "office"', 'mean = "PT2H" }\ncalendar = "offcie"'),
        Fault("unknown-calendar", "[arrivals.Start.calendar]", "no calendar 'offcie'", "did you mean 'office'?"),
    ),
    "unknown key": (
        GOOD.in_scenario("wait_time", "wait_tim"),
        Fault("unknown-key", "[events.Pay.wait_tim]", "unknown key 'wait_tim'", "did you mean 'wait_time'?"),
    ),
    "unknown table": (
        GOOD.in_scenario("[events.Pay]", "[event.Pay]"),
        Fault("unknown-key", "[event]", "unknown key 'event'", "did you mean 'events'?"),
    ),
    "a [later] key": (
        GOOD.in_scenario('processing_time = "PT5M"', 'processing_time = "PT5M"\nsplit = false'),
        Fault("not-supported-yet", "[activities.Sign.split]", "'split' is not supported yet", "remove split"),
    ),
    "a [later] table": (
        GOOD.in_scenario("[events.Pay]", "[activities.Sign.batch]\nsize = 3\n\n[events.Pay]"),
        Fault("not-supported-yet", "[activities.Sign.batch]", "'batch' is not supported yet", "remove batch"),
    ),
    "an attribute whose name has a blank": (
        GOOD.in_scenario("[events.Pay]", '[attributes."the size"]\nvalue = 3\n\n[events.Pay]'),
        Fault("invalid-name", '[attributes."the size"]', "attribute 'the size' cannot be named in expressions", "write a name of letters, digits and _"),
    ),
    "a condition that breaks off": (
        GOOD.in_scenario(P, 'conditions = { yes = "size >", no = "default" }'),
        Fault("invalid-expression", "[gateways.Ok.conditions.yes]", "'size >': column 7: the expression breaks off", "write a value, like amount > 100"),
    ),
    "two people at once": (
        GOOD.in_scenario('processing_time = "PT5M"', 'processing_time = "PT5M"\npools = { "TO.staff" = 2 }'),
        Fault("not-supported-yet", '[activities.Sign.pools."TO.staff"]', "'2' people of 'TO.staff' at once", "let one person work on it"),
    ),
    "from a unit to itself": (
        GOOD.in_scenario('from = "FO"\nto = "TO"', 'from = "TO"\nto = "TO"'),
        Fault("invalid-transfer", "[transfers[0].to]", "'from' and 'to' are both 'TO'", "give flow"),
    ),
    "two transfers for one pair": (
        GOOD.in_scenario('from = "TO"\nto = "FO"', 'from = "FO"\nto = "TO"'),
        Fault("doubled-transfer", "[transfers[1]]", "a second transfer for 'FO' to 'TO'", "keep one of them"),
    ),
    "a round at 25:99": (
        GOOD.in_scenario("10:00 14:00", "10:00 25:99"),
        Fault("invalid-time", "[transfers[0].dispatch]", "'25:99' is no time of the day", "write a time from 00:00 to 24:00"),
    ),
}  # fmt: skip

RUN = {
    "no start": (start(""), Fault("missing-key", "[start]", "'start' is missing", "add start")),
    "start with an offset": (start("start = 2026-01-05T00:00:00Z\n"), Fault("invalid-instant", "[start]", "has an offset from UTC", "without an offset")),
    "start as text": (start('start = "2026-01-05"\n'), Fault("invalid-instant", "[start]", "'2026-01-05' is text", "without quotes")),
    "no organization": (
        GOOD.in_scenario('organization = "org.toml"\n', ""),
        Fault("missing-key", "[organization]", "'organization' is missing", "add organization"),
    ),
    "no duration": (
        GOOD.in_scenario('warm_up = "P7D"\nduration = "P14D"\n', ""),
        Fault("missing-key", "[duration]", "'duration' is missing, and so is 'cases'", "add duration and warm_up, or cases"),
    ),
    "duration of nothing": (
        GOOD.in_scenario('duration = "P14D"', 'duration = "PT0S"'),
        Fault("out-of-range", "[duration]", "'PT0S' is too short", "give a longer duration"),
    ),
    "cases beside duration": (
        GOOD.in_scenario('warm_up = "P7D"\n', "cases = 5\n"),
        Fault("contradicting-keys", "[duration]", "'duration' is given beside 'cases'", "give cases, or duration"),
    ),
    "0 cases": (
        GOOD.in_scenario('warm_up = "P7D"\nduration = "P14D"\n', "cases = 0\n"),
        Fault("out-of-range", "[cases]", "'cases' must be >= 1 (got '0')", "give a number >= 1"),
    ),
    "0 replications": (
        GOOD.in_scenario("replications = 2", "replications = 0"),
        Fault("out-of-range", "[replications]", "'replications' must be >= 1 (got '0')", "give a number >= 1"),
    ),
    "-5 replications": (
        GOOD.in_scenario("replications = 2", "replications = -5"),
        Fault("out-of-range", "[replications]", "'replications' must be >= 1 (got '-5')", "give a number >= 1"),
    ),
    "seed -1": (
        GOOD.in_scenario("replications = 2", "seed = -1"),
        Fault("out-of-range", "[seed]", "'seed' must be >= 0 (got '-1')", "give a number >= 0"),
    ),
    "seed 10^30": (
        GOOD.in_scenario("replications = 2", f"seed = {10**30}"),
        Fault("out-of-range", "[seed]", "'seed' must be <= ", "give a number <= "),
    ),
    "budget of nothing": (
        GOOD.in_scenario("replications = 2", "event_budget = 0"),
        Fault("out-of-range", "[event_budget]", "'event_budget' must be >= 1 (got '0')", "give a number >= 1"),
    ),
}  # fmt: skip

ARRIVALS = {
    "no way of arriving": (
        arrivals(""),
        Fault("missing-key", "[arrivals.Start.inter_arrival_time]", "'inter_arrival_time' is missing", "add inter_arrival_time, timetable or at"),
    ),
    "two ways of arriving": (
        arrivals(f"{GAPS}at = [2026-01-13]\n"),
        Fault("contradicting-keys", "[arrivals.Start.at]", "'at' is given beside 'inter_arrival_time'", "give one of"),
    ),
    "before the start": (
        arrivals("at = [2025-12-31]\n"),
        Fault("out-of-range", "[arrivals.Start.at[0]]", "lies before the start '2026-01-05T00:00:00'", "give an instant from start on"),
    ),
    "at no instant": (arrivals("at = []\n"), Fault("out-of-range", "[arrivals.Start.at]", "'at' is empty", "give an entry")),
    "overlapping timetable": (
        arrivals('timetable = [{ hours = "Mon 08:00-12:00", inter_arrival_time = "PT1H" }, { hours = "Mon 11:00-13:00", inter_arrival_time = "PT2H" }]\n'),
        Fault("overlapping-hours", "[arrivals.Start.timetable[1].hours]", "'Mon 11:00' lies in the hours of two entries", "let hours of entries not overlap"),
    ),
    "weekday FUNDAY in a timetable": (
        arrivals('timetable = [{ hours = "FUNDAY 08:00-12:00", inter_arrival_time = "PT1H" }]\n'),
        Fault("unknown-weekday", "[arrivals.Start.timetable[0].hours]", "'FUNDAY' is no day of the week", "write Mon, Tue"),
    ),
}  # fmt: skip

GATEWAYS = {
    "negative probability": (
        GOOD.in_scenario(P, "probabilities = { no = -0.2, yes = 1 }"),
        Fault("out-of-range", "[gateways.Ok.probabilities.no]", "must be >= 0.0 (got '-0.2')", "give a number >= 0.0"),
    ),
    "probability above 1": (
        GOOD.in_scenario(P, "probabilities = { no = 0, yes = 80 }"),
        Fault("out-of-range", "[gateways.Ok.probabilities.yes]", "must be <= 1.0 (got '80')", "give a number <= 1.0"),
    ),
    "probability nan": (
        GOOD.in_scenario(P, "probabilities = { no = 0, yes = nan }"),
        Fault("out-of-range", "[gateways.Ok.probabilities.yes]", "must be a finite number (got 'nan')", "give a finite number"),
    ),
    "no probability at all": (
        GOOD.in_scenario(P, "probabilities = {}"),
        Fault("out-of-range", "[gateways.Ok.probabilities]", "'probabilities' is empty", "name every outgoing flow"),
    ),
    "probabilities and choices": (
        GOOD.in_scenario(P, f'{P}\nchoices = [["yes"]]'),
        Fault("contradicting-keys", "[gateways.Ok.choices]", "'choices' is given beside 'probabilities'", "give one of probabilities, choices, conditions"),
    ),
    "no choice": (
        GOOD.in_scenario(P, "choices = [[]]"),
        Fault("invalid-choices", "[gateways.Ok.choices[0]]", "holds no visit", "write an array of cases"),
    ),
    "flat choices": (
        GOOD.in_scenario(P, 'choices = ["yes"]'),
        Fault("invalid-choices", "[gateways.Ok.choices[0]]", "'yes' holds no visit", "write an array of cases"),
    ),
}  # fmt: skip

FAULTS = {**DURATIONS, **NAMES, **RUN, **ARRIVALS, **GATEWAYS}


@pytest.mark.parametrize(("triple", "fault"), FAULTS.values(), ids=FAULTS)
def test_faulty_scenarios(triple: Triple, fault: Fault) -> None:
    assert_refused(triple, 1, bm.ScenarioError, fault._replace(place=f"scenario.toml {fault.place}"))


def test_no_variant_hides_another() -> None:
    assert len(FAULTS) == sum(map(len, (DURATIONS, NAMES, RUN, ARRIVALS, GATEWAYS)))


def test_an_empty_scenario() -> None:
    assert_refused(
        Triple(scenario=""), 1, bm.ScenarioError,
        Fault("missing-key", "scenario.toml [organization]", "'organization' is missing", "add organization"),
        Fault("missing-key", "scenario.toml [start]", "'start' is missing", "add start"),
        Fault("missing-key", "scenario.toml [duration]", "'duration' is missing, and so is 'cases'", "add duration and warm_up, or cases"),
    )  # fmt: skip


def test_all_faults_of_a_file_are_told_in_its_order() -> None:
    text = SCENARIO.replace('mean = "PT2H"', 'mean = "-PT2H"').replace('"PT10M"', "10").replace("0.8", "1.8").replace('"P2D"', '"P2M"')
    assert_refused(
        Triple(scenario=text.replace('to = "FO"', 'to = "F0"')), 1, bm.ScenarioError,
        Fault("invalid-duration", "scenario.toml [arrivals.Start.inter_arrival_time.mean]", "'-PT2H'", ISO),
        Fault("invalid-duration", "scenario.toml [activities.Register.processing_time]", "'10'", ISO),
        Fault("out-of-range", "scenario.toml [gateways.Ok.probabilities.yes]", "'1.8'", "give a number <= 1.0"),
        Fault("invalid-duration", "scenario.toml [events.Pay.wait_time]", "'P2M'", ISO),
        Fault("unknown-unit", "scenario.toml [transfers[1].to]", "'F0'", "did you mean 'FO'?"),
    )  # fmt: skip
