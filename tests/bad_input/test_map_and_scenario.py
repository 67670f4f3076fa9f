"""Maps and scenarios that are right in themselves and do not fit each other."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmnmap as bm
from tests.bad_input.reports import Fault, assert_refused, command
from tests.bad_input.triple import GOOD, MAP, Triple

GAPS = 'inter_arrival_time = { distribution = "exponential", mean = "PT2H" }\ncalendar = "office"\n'
P = "probabilities = { no = 0.2, yes = 0.8 }"
CLERKS = "[units.FO.pools.clerks]\nquantity = 2\n"
REGISTER = '[activities.Register]\nprocessing_time = "PT10M"\n\n'
GATEWAY = f"[gateways.Ok]\n{P}\n\n"
PAY = '[events.Pay]\nwait_time = "P2D"\n\n'
TIMER = '<timerEventDefinition id="Pay_timer"/>'


def ways(text: str) -> Triple:
    return GOOD.in_scenario(P, text)


def arrivals(lines: str) -> Triple:
    return GOOD.in_scenario(GAPS, lines)


SCENARIO_FAULTS = {
    "probabilities 0.9": (
        ways("probabilities = { no = 0.2, yes = 0.7 }"),
        Fault("probabilities", "[gateways.Ok]", "exclusiveGateway 'Complete?': 0.2 + 0.7 = 0.9, must be 1", "set the probabilities of no and yes"),
    ),
    "probabilities 1 + 1e-8": (
        ways("probabilities = { no = 0.2, yes = 0.80000001 }"),
        Fault("probabilities", "[gateways.Ok]", "= 1.00000001, must be 1", "so that they sum to 1"),
    ),
    "a flow without probability": (
        ways("probabilities = { no = 1 }"),
        Fault("missing-probability", "[gateways.Ok]", "exclusiveGateway 'Complete?': no probability for 'yes'", "name every outgoing flow"),
    ),
    "an unknown flow": (
        ways("probabilities = { no = 0.2, yess = 0.8 }"),
        Fault("unknown-flow", "[gateways.Ok.probabilities.yess]", "'yess' is no outgoing flow of this gateway", "did you mean 'yes'?"),
    ),
    "a flow of another gateway": (
        ways("probabilities = { no = 0.2, f5 = 0.8 }"),
        Fault("unknown-flow", "[gateways.Ok.probabilities.f5]", "'f5' is no outgoing flow of this gateway", "name one of its flows: no, yes"),
    ),
    "a flow by id and by name": (
        ways("probabilities = { no = 0.2, yes = 0.4, complete = 0.4 }"),
        Fault("doubled-flow", "[gateways.Ok.probabilities.complete]", "'complete' is 'yes', given twice", "give it once"),
    ),
    "flows of one name": (
        GOOD.in_map('name="incomplete"', 'name="complete"').in_scenario(P, "probabilities = { no = 0.2, complete = 0.8 }"),
        Fault("ambiguous-flow", "[gateways.Ok.probabilities.complete]", "'complete' is the name of 'no' and 'yes'", "use the flow's id"),
    ),
    "an unknown flow chosen": (
        ways('choices = [["no", "maybe"]]'),
        Fault("unknown-flow", "[gateways.Ok.choices[0][1]]", "'maybe' is no outgoing flow of this gateway", "name one of its flows: no, yes"),
    ),
    "both flows chosen at once": (
        ways('choices = [["no", ["no", "yes"]]]'),
        Fault("invalid-choices", "[gateways.Ok.choices[0][1]]", "several flows ('no', 'yes') at once", "takes one flow"),
    ),
    "an endless loop of p = 1": (
        ways("probabilities = { no = 1, yes = 0 }"),
        Fault("endless-loop", "[gateways.Ok]", "can ever reach an end: 'yes' would lead there and is never taken", "give 'yes' a probability above 0"),
    ),
    "an endless loop by choice": (
        ways('choices = [["no"]]'),
        Fault("endless-loop", "[gateways.Ok]", "'yes' would lead there and is never taken", "name 'yes' in choices"),
    ),
    "nothing about a gateway": (
        GOOD.in_scenario(GATEWAY, ""),
        Fault("missing-probabilities", "[gateways.Ok]", "nothing says which way cases take", "set probabilities = { no = …, yes = … } that sum to 1"),
    ),
    "nothing about a task": (
        GOOD.in_scenario(REGISTER, ""),
        Fault("missing-processing-time", "[activities.Register]", "task 'Register': nothing says how long it is worked", "set processing_time"),
    ),
    "nothing about a task's time": (
        GOOD.in_scenario('[activities.Sign]\nprocessing_time = "PT5M"', '[activities.Sign]\nunit = "TO"'),
        Fault("missing-processing-time", "[activities.Sign]", "task 'Sign permit': nothing says how long it is worked", "set processing_time"),
    ),
    "nothing about an event": (
        GOOD.in_scenario(PAY, ""),
        Fault("missing-wait-time", "[events.Pay]", "intermediateCatchEvent 'Payment': nothing says how long it lets wait", "under [events.Pay]"),
    ),
    "nothing about arrivals": (
        GOOD.in_scenario(f"[arrivals.Start]\n{GAPS}\n", ""),
        Fault("missing-arrivals", "[arrivals.Start]", "startEvent 'Application': nothing says when cases arrive here", "add [arrivals.Start] with"),
    ),
    "an unknown element": (
        GOOD.in_scenario("[activities.Sign]", "[activities.Sing]"),
        Fault("unknown-element", "[activities.Sing]", "'Sing' names no activity of the map", "did you mean 'Sign'?"),
    ),
    "an unknown name": (
        GOOD.in_scenario("[activities.Sign]", '[activities."Sign permits"]'),
        Fault("unknown-element", '[activities."Sign permits"]', "'Sign permits' names no activity", "did you mean 'Sign permit'?"),
    ),
    "two elements of one name": (
        GOOD.in_map('name="Register"/>', 'name="Check form"/>').in_scenario("[activities.Check]", '[activities."check  FORM"]'),
        Fault("ambiguous-element", '[activities."check  FORM"]', "may be 'permit/Register', 'permit/Check'", "use the id instead of the name"),
    ),
    "two tables for one element": (
        GOOD.in_scenario("[activities.Sign]", '[activities."Sign Permit"]\nprocessing_time = "PT1M"\n\n[activities.Sign]'),
        Fault("doubled-table", "[activities.Sign]", "'Sign' and [activities.\"Sign Permit\"] are for one element, 'Sign'", "keep one of the two tables"),
    ),
    "two tables for one element, one by its process": (
        GOOD.in_scenario("[events.Pay]", '[processes.permit.activities.Sign]\nprocessing_time = "PT1M"\n\n[events.Pay]'),
        Fault("doubled-table", "[processes.permit.activities.Sign]", "'Sign' and [activities.Sign] are for one element", "keep one of the two tables"),
    ),
    "an unknown process": (
        GOOD.in_scenario("[events.Pay]", "[processes.permits.events.Pay]"),
        Fault("unknown-process", "[processes.permits]", "'permits' names no process of the maps", "did you mean 'permit'?"),
    ),
    "a table of arrivals for a task": (
        GOOD.in_scenario("[activities.Register]", '[arrivals.Register]\ninter_arrival_time = "PT1H"\n\n[activities.Register]'),
        Fault("wrong-element", "[arrivals.Register]", "'Register' is a task, no start", "remove the table, or name a start"),
    ),
    "a table of gateways for an event": (
        GOOD.in_scenario("[gateways.Ok]", "[gateways.Pay]\nprobabilities = { f4 = 1 }\n\n[gateways.Ok]"),
        Fault("wrong-element", "[gateways.Pay]", "'Pay' is an intermediateCatchEvent, no gateway that chooses", "remove the table, or name a gateway"),
    ),
    "a unit without a pool": (
        GOOD.in_org(CLERKS, ""),
        Fault("no-pool", "[activities.Register]", "task 'Register': unit 'FO' has no pool", "give the unit a pool in org.toml"),
    ),
    "a unit of two pools": (
        GOOD.in_org(CLERKS, CLERKS + "[units.FO.pools.trainees]\nquantity = 1\n"),
        Fault("several-pools", "[activities.Register]", "unit 'FO' has several pools (clerks, trainees)", 'set pools = { "FO.clerks" = 1 }'),
    ),
    "a pool of another unit by its bare name": (
        GOOD.in_scenario('processing_time = "PT10M"', 'processing_time = "PT10M"\npools = { staff = 1 }'),
        Fault("unknown-pool", "[activities.Register.pools.staff]", "'staff' names no pool of unit 'FO'", "did you mean 'TO.staff'?"),
    ),
    "an unknown flow travelled": (
        GOOD.in_scenario('[[transfers]]\nfrom = "TO"', '[[transfers]]\nflow = "f99"\n\n[[transfers]]\nfrom = "TO"'),
        Fault("unknown-flow", "[transfers[1].flow]", "'f99' is no flow of the maps", "name a sequence or message flow of the map by its id"),
    ),
    "arrivals after the run": (
        arrivals("at = [2027-01-01]\n"),
        Fault("no-arrivals", "[arrivals.Start]", "no case can arrive before the end of warm_up and duration", "move an instant into the run"),
    ),
    "arrivals in warm_up only": (
        arrivals("at = [2026-01-06]\n"),
        Fault("no-arrivals", "[warm_up]", "every case arrives during warm_up", "give a shorter warm_up"),
    ),
    "a gap longer than the run": (
        arrivals('inter_arrival_time = "P30D"\n'),
        Fault("no-arrivals", "[arrivals.Start]", "no case can arrive before the end", "shorter gaps"),
    ),
    "arrivals outside every opening": (
        GOOD.in_org('[units.FO]\n', '[calendars.later]\nhours = "Mon 08:00-16:00"\nclosed = ["2026-01-01/2026-12-31"]\n\n[units.FO]\n')
        .in_scenario('"PT2H" }\ncalendar = "office"', '"PT2H" }\ncalendar = "later"'),
        Fault("no-arrivals", "[arrivals.Start]", "no case can arrive before the end", "choose hours that open within the run"),
    ),
    "every start switched off": (
        arrivals("cases = 0\n"),
        Fault("no-arrivals", "[arrivals]", "every start is switched off", "give one start cases > 0"),
    ),
    "a run beyond the year 9999": (
        GOOD.in_scenario("start = 2026-01-05T00:00:00", "start = 9999-12-20"),
        Fault("past-last-year", "[duration]", "the run goes on into the year 9999", "give a shorter duration"),
    ),
    "a run that would end beyond the year 9999": (
        GOOD.in_scenario('duration = "P14D"', 'duration = "P3000000D"'),
        Fault("past-last-year", "[duration]", "the run goes on into the year 9999", "give a shorter duration"),
    ),
    "a start on the first day of all": (
        GOOD.in_scenario("start = 2026-01-05T00:00:00", "start = 0001-01-01"),
        Fault("out-of-range", "[start]", "'0001-01-01T00:00:00' is too early", "let the run start on 0001-01-02 or later"),
    ),
    "more cases than the calendar has years": (
        GOOD.in_scenario('warm_up = "P7D"\nduration = "P14D"\n', f"cases = {10**9}\n"),
        Fault("past-last-year", "[arrivals.Start]", "1000000000 cases with such gaps arrive until the year 9999 and on", "let fewer cases arrive"),
    ),
    "times of ten thousand years": (
        GOOD.in_scenario('wait_time = "P2D"', 'wait_time = "P3650000D"'),
        Fault("out-of-range", "[events.Pay.wait_time]", "times of more than 9000 years may be drawn", "give a shorter mean"),
    ),
    "a gamma without a shape": (
        GOOD.in_scenario('mean = "PT30M", standard_deviation = "PT15M"', 'mean = "PT1S", standard_deviation = "PT10000H"'),
        Fault("out-of-range", "[activities.Check.processing_time]", "is not within 1e-05 and 1e+15", "bring mean and standard_deviation nearer"),
    ),
    "rounds that never leave": (
        GOOD.in_scenario('dispatch = "Mon-Fri 10:00 14:00"', 'dispatch = "Sun 10:00"\ncalendar = "office"'),
        Fault("never-leaves", "[transfers[0].dispatch]", "rounds 'Sun 10:00' do not leave in ten years", "name rounds on days"),
    ),
}  # fmt: skip

MAP_FAULTS = {
    "no unit for a task": (
        Triple(MAP.replace("<flowNodeRef>Register</flowNodeRef>", "")),
        Fault("no-unit", "map.bpmn:19", "task 'Register': nothing says which unit is responsible", "set unit under [activities.Register] or [processes.permit]"),
    ),
    "a month in the map": (
        GOOD.in_map(TIMER, f"{TIMER[:-2]}><timeDuration>P1M</timeDuration></timerEventDefinition>").in_scenario(PAY, ""),
        Fault("invalid-duration", "map.bpmn:22", "intermediateCatchEvent 'Pay': its time: 'P1M' is no duration", "set wait_time under [events.Pay]"),
    ),
    "tasks in a circle without a way out": (
        GOOD.in_map('sourceRef="Sign" targetRef="Done"', 'sourceRef="Sign" targetRef="Pay"').in_map('sourceRef="Ok" targetRef="Register"', 'sourceRef="Ok" targetRef="Done"'),
        Fault("endless-loop", "map.bpmn:22", "intermediateCatchEvent 'Pay': no case that comes here can ever reach an end", "give the loop a way out"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("triple", "fault"), SCENARIO_FAULTS.values(), ids=SCENARIO_FAULTS)
def test_scenarios_that_do_not_fit_the_map(triple: Triple, fault: Fault) -> None:
    assert_refused(triple, 1, bm.ScenarioError, fault._replace(place=f"scenario.toml {fault.place}"))


@pytest.mark.parametrize(("triple", "fault"), MAP_FAULTS.values(), ids=MAP_FAULTS)
def test_maps_that_the_scenario_does_not_complete(triple: Triple, fault: Fault) -> None:
    assert_refused(triple, 1, bm.MapError, fault)


def test_a_lane_that_names_no_unit_is_told_beside_the_tasks_that_have_none() -> None:
    assert_refused(
        GOOD.in_map('name="Front Office"', 'name="Back Office"'), 1, bm.MapError,
        Fault("lane-without-unit", "map.bpmn:6", "lane 'Lane_FO': 'Back Office' names no unit", "give it the name of a unit", "warning"),
        Fault("no-unit", "map.bpmn:19", "task 'Register': nothing says which unit is responsible", "put it into a lane"),
    )  # fmt: skip


def test_a_table_of_another_kind_leaves_its_element_without_one() -> None:
    assert_refused(
        GOOD.in_scenario("[activities.Sign]", "[activities.Ok]"), 1, bm.ScenarioError,
        Fault("wrong-element", "scenario.toml [activities.Ok]", "'Ok' is an exclusiveGateway, no activity", "remove the table, or name an activity"),
        Fault("missing-processing-time", "scenario.toml [activities.Sign]", "task 'Sign permit'", "set processing_time"),
    )  # fmt: skip


def test_the_same_map_twice() -> None:
    GOOD.write(Path())
    outcome = command("handoffs", "map.bpmn", "map.bpmn", "scenario.toml")
    (found,) = outcome.told
    assert (found.code, found.place) == ("duplicate-process", "map.bpmn:4")
    assert found.message.startswith("process 'permit': 'map.bpmn' has a process of this id too")
    assert found.fix == "give one of the two processes another id, or name the map once"
    assert (outcome.status, outcome.output) == (1, "")


def test_two_maps_of_one_process_id() -> None:
    """The second map's elements are told of once: that it cannot be run says it all."""
    GOOD.write(Path())
    text = MAP.replace('"Sign"', '"Stamp"').replace(">Sign<", ">Stamp<")
    Path("other.bpmn").write_text(text, encoding="utf-8")
    Path("scenario.toml").write_text(GOOD.scenario.replace("[events.Pay]", '[activities.Stamp]\nprocessing_time = "PT1M"\n\n[events.Pay]'))
    outcome = command("handoffs", "map.bpmn", "other.bpmn", "scenario.toml")
    assert [(each.code, each.place) for each in outcome.told] == [("duplicate-process", "other.bpmn:4")]
    assert (outcome.status, outcome.output) == (1, "")
    maps = [bm.read_bpmn("map.bpmn"), bm.read_bpmn("other.bpmn")]
    with pytest.raises(bm.MapError, match=r"other\.bpmn:4: error\[duplicate-process\]"):
        bm.simulate(maps, bm.read_scenario("scenario.toml"))


def test_a_second_process_of_the_map_needs_its_own_tables() -> None:
    triple = GOOD.in_map("  </process>", '  </process>\n  <process id="other">\n    <task id="T"/>\n  </process>')
    assert_refused(
        triple, 1, bm.MapError,
        Fault("no-unit", "map.bpmn:36", "task 'T': nothing says which unit is responsible", "set unit under [activities.T] or [processes.other]"),
        Fault("missing-arrivals", "scenario.toml [arrivals.T]", "nothing says when cases arrive here", "add [arrivals.T] with"),
        Fault("missing-processing-time", "scenario.toml [activities.T]", "nothing says how long it is worked", "set processing_time"),
    )  # fmt: skip
    tables = '[processes.other]\nunit = "FO"\n\n[arrivals.T]\ncases = 0\n\n[activities.T]\nprocessing_time = "PT1M"\n\n[events.Pay]'
    triple.in_scenario("[events.Pay]", tables).write(Path())
    outcome = command("handoffs", "map.bpmn", "scenario.toml")
    assert (outcome.status, outcome.told) == (0, [])
