"""Timers at activities against Erlang-A; those who gave up and come back; parties outside as stations without a queue."""

from __future__ import annotations

import math

import pytest

import bpmnmap as bm
from bpmnmap.eventlog.log import EventLog
from bpmnmap.simulation.scenario import EventTimes, Fixed, Lognormal, ParticipantResponse
from tests.oracles.exact import impatience, retrial
from tests.oracles.figures import HOUR_US, Figures, station_figures
from tests.oracles.models import HOUR, Station, exponential, network
from tests.oracles.truths import Effort, assert_truths, both_efforts, precise_only

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="http://example.org/oracles">'
TIMER = '<boundaryEvent id="late" attachedToRef="A"><timerEventDefinition id="d"/></boundaryEvent>'
GIVES_UP = f"""{HEAD}<process id="P"><startEvent id="start"/><task id="A"/>{TIMER}<endEvent id="end"/><endEvent id="lost"/>
<sequenceFlow id="f" sourceRef="start" targetRef="A"/><sequenceFlow id="g" sourceRef="A" targetRef="end"/>
<sequenceFlow id="h" sourceRef="late" targetRef="lost"/></process></definitions>"""
COMES_BACK = GIVES_UP.replace(
    '<endEvent id="lost"/>', '<intermediateCatchEvent id="lost"><timerEventDefinition id="d2"/></intermediateCatchEvent>'
).replace("</process>", '<sequenceFlow id="i" sourceRef="lost" targetRef="A"/></process>')
OUTSIDE = f"""{HEAD}<collaboration id="c"><participant id="us" processRef="P"/><participant id="bank" name="Bank"/>
<messageFlow id="order" sourceRef="Ask" targetRef="bank"/><messageFlow id="paid" sourceRef="bank" targetRef="heard"/></collaboration>
<process id="P"><startEvent id="start"/><sendTask id="Ask"/><task id="Book"/><endEvent id="end"/>
<intermediateCatchEvent id="heard"><messageEventDefinition id="d"/></intermediateCatchEvent>
<sequenceFlow id="f" sourceRef="start" targetRef="Ask"/><sequenceFlow id="g" sourceRef="Ask" targetRef="heard"/>
<sequenceFlow id="h" sourceRef="heard" targetRef="Book"/><sequenceFlow id="i" sourceRef="Book" targetRef="end"/></process></definitions>"""


def statuses(log: EventLog) -> Figures:
    """Shares of instances of A by how they ended, their number per case, and the mean times of a case, in all and at A."""
    cases, instances = log.cases, log.instances
    counted = cases.counted[instances.case]
    status = instances.categorical("status")
    ended = status.codes[counted]
    figures = {name: float((ended == code).mean()) for code, name in enumerate(status.categories)}
    at_us = (instances.complete_us - instances.enabled_us)[counted]
    assert at_us.min() >= 0, "each instance of a counted case has ended"
    of = int(cases.counted.sum())
    return figures | {
        "visits": len(ended) / of,
        "W": float((cases.ended_us - cases.arrived_us)[cases.counted].mean()) / HOUR_US,
        "time at A": float(at_us.sum()) / of / HOUR_US,
    }


@both_efforts
@pytest.mark.parametrize(("servers", "arrivals", "hours"), [(2, 2.0, 2_500), (1, 3.0, 1_000)])
def test_patience_is_erlang_a(effort: Effort, servers: int, arrivals: float, hours: float) -> None:
    exact = impatience(arrivals, service=1, patience=0.5, servers=servers)
    scenario = network(
        {"A": Station(exponential(1), servers)},
        arrivals={"start": arrivals},
        hours=effort.hours(hours),
        events={"late": EventTimes(wait_time=exponential(0.5))},
    )
    truths = {
        "completed": exact.served,
        "interrupted": exact.interrupted,
        "withdrawn": exact.withdrawn,
        "W": exact.number / arrivals,  # L = λ W
    }
    assert math.isclose(exact.served + exact.interrupted + exact.withdrawn, 1)
    assert_truths([bm.parse_bpmn(GIVES_UP.encode())], scenario, truths, effort, measure=statuses)


@precise_only
def test_those_who_gave_up_come_back(effort: Effort) -> None:
    at_station, away = retrial(0.6, service=1, patience=0.3, back=0.5, servers=1)
    scenario = network(
        {"A": Station(exponential(1))},
        arrivals={"start": 0.6},
        hours=effort.hours(6_000),
        events={"late": EventTimes(wait_time=exponential(0.3)), "lost": EventTimes(wait_time=exponential(0.5))},
    )
    truths = {"time at A": at_station / 0.6, "W": (at_station + away) / 0.6, "visits": 1 + 0.5 * away / 0.6}
    assert_truths([bm.parse_bpmn(COMES_BACK.encode())], scenario, truths, effort, measure=statuses)


def responses(log: EventLog) -> Figures:
    """Mean event part on the way to Book, and the mean number of cases on their way."""
    movements = log.movements
    event_us = movements.event_us[log.cases.counted[movements.case] & (movements.event_us > 0)]
    assert len(event_us) == log.cases.counted.sum()
    return {"event": float(event_us.mean()) / HOUR_US, "L": station_figures(log)["L"]}


@precise_only
def test_a_party_outside_answers_everybody_at_once(effort: Effort) -> None:
    scenario = network(
        {name: Station(Fixed(value=0 * HOUR), None) for name in ("Ask", "Book")},
        arrivals={"start": 2},
        hours=effort.hours(500),
        participants={"bank": ParticipantResponse(response_time=Lognormal(mean=3 * HOUR, standard_deviation=4 * HOUR))},
    )
    # M/G/∞: whatever the distribution, as many are on their way as L = λ W says, and nobody waits for another
    assert_truths([bm.parse_bpmn(OUTSIDE.encode())], scenario, {"event": 3.0, "L": 6.0}, effort, measure=responses)
