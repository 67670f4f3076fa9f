"""Which table is for which element: by id, by name, by kind, by process."""

from __future__ import annotations

from dataclasses import replace

import pytest

import bpmnmap as bm
from bpmnmap.simulation.plan import Plan
from bpmnmap.simulation.scenario import ActivityTimes, Arrival, EventTimes, Fixed, GatewayChoices, ProcessTables
from tests.simulation.planning.inputs import MINUTE, chain, plan_of, read, worked

SECONDS = 1_000_000


def minutes(number: int) -> ActivityTimes:
    return ActivityTimes(processing_time=Fixed(value=number * MINUTE))


def times(plan: Plan, process: int = 0) -> dict[str, float]:
    """Minutes of work by element."""
    each = plan.processes[process]
    return {each.program.operations[index].origin.element: work.time.parameters[0] / (60 * SECONDS) for index, work in each.works.items()}


def told(error: bm.BpmnMapError) -> list[tuple[str, str | None]]:
    return [(finding.code, finding.location.key) for finding in error.findings]


def test_by_id_and_by_name() -> None:
    definitions = chain("task a 'Check form'", "task b 'Sign'", "task c", lanes={"FO": "a b c"})
    plan = plan_of(definitions, activities={"check  FORM": minutes(1), "Sign": minutes(2), "c": minutes(3)})
    assert times(plan) == {"a": 1, "b": 2, "c": 3}


def test_an_id_wins_over_another_element_s_name() -> None:
    definitions = chain("task a 'b'", "task b 'x'", lanes={"FO": "a b"})
    assert times(plan_of(definitions, activities={"b": minutes(1), "a": minutes(2)})) == {"a": 2, "b": 1}


def test_a_name_is_looked_up_among_elements_of_the_table_s_kind() -> None:
    """A start, a task, a gateway and an event of one name: each table finds its own."""
    nodes = ["startEvent s 'x'", "task a 'x'", "exclusiveGateway g 'x'", "timer w 'x'", "endEvent e 'x'"]
    definitions = read(nodes, {"f": "s a", "h": "a g", "on": "g w", "off": "g e", "i": "w e"}, lanes={"FO": "a"})
    plan = plan_of(
        definitions,
        arrivals={"x": Arrival(inter_arrival_time=Fixed(value=MINUTE))},
        activities={"X": minutes(4)},
        gateways={"x": GatewayChoices(probabilities={"on": 0.5, "off": 0.5})},
        events={"x": EventTimes(wait_time=Fixed(value=MINUTE))},
    )
    assert times(plan) == {"a": 4}
    each = plan.processes[0]
    assert (len(plan.sources), len(each.chooses), len(each.waits)) == (1, 1, 1)


def test_two_elements_of_one_name() -> None:
    definitions = chain("task a 'Check'", "task b 'check'", lanes={"FO": "a b"})
    with pytest.raises(bm.ScenarioError) as caught:
        plan_of(definitions, activities={"Check": minutes(1)})
    assert told(caught.value) == [("ambiguous-element", "activities.Check")]
    assert times(plan_of(definitions, activities={"a": minutes(1), "b": minutes(2)})) == {"a": 1, "b": 2}


def test_two_tables_for_one_element() -> None:
    definitions = chain("task a 'Check'", lanes={"FO": "a"})
    with pytest.raises(bm.ScenarioError) as caught:
        plan_of(
            definitions, activities={"a": minutes(1), "Check": minutes(2)}, processes={"p": ProcessTables(activities={"CHECK": minutes(3)})}
        )
    assert told(caught.value) == [("doubled-table", "activities.Check"), ("doubled-table", "processes.p.activities.CHECK")]


def test_a_table_by_process() -> None:
    definitions = chain("task a", "task b", lanes={"FO": "a b"})
    plan = plan_of(definitions, activities={"a": minutes(1)}, processes={"p": ProcessTables(activities={"b": minutes(2)})})
    assert times(plan) == {"a": 1, "b": 2}


def test_plain_tables_must_be_unique_over_all_maps() -> None:
    one, two = chain("task a", "task b", lanes={"FO": "a b"}, process="one"), chain("task a", lanes={"FO": "a"}, process="two")
    gaps = Arrival(inter_arrival_time=Fixed(value=MINUTE))
    starts = {name: ProcessTables(arrivals={"s": gaps}) for name in ("one", "two")}
    with pytest.raises(bm.ScenarioError) as caught:
        plan_of(one, two, arrivals={}, activities=worked("a", "b"), processes=starts)
    assert told(caught.value) == [("ambiguous-element", "activities.a")]
    assert "'one/a', 'two/a'" in str(caught.value)
    assert "put the table under [processes.PROCESS_ID]" in str(caught.value)
    apart = {
        "one": ProcessTables(arrivals={"s": gaps}, activities={"a": minutes(1)}),
        "two": ProcessTables(arrivals={"s": gaps}, activities={"a": minutes(2)}),
    }
    plan = plan_of(one, two, arrivals={}, activities={"b": minutes(3)}, processes=apart)
    assert [times(plan, 0), times(plan, 1)] == [{"a": 1, "b": 3}, {"a": 2}]


def test_maps_go_by_process_id_whatever_their_order() -> None:
    maps = [chain(f"task t{name}", lanes={"FO": f"t{name}"}, process=name) for name in ("b", "a", "c")]
    gaps = Arrival(inter_arrival_time=Fixed(value=MINUTE))
    tables = {
        "arrivals": {},
        "processes": {name: ProcessTables(arrivals={"s": gaps}) for name in "abc"},
        "activities": worked("ta", "tb", "tc"),
    }
    plan = plan_of(*maps, **tables)
    assert [each.program.process for each in plan.processes] == ["a", "b", "c"]
    assert [(source.process, source.operation) for source in plan.sources] == [(0, 0), (1, 0), (2, 0)]
    assert replace(plan_of(*reversed(maps), **tables), calendars=()) == replace(plan, calendars=())
    assert plan.map_digests == tuple(definitions.digest for definitions in (maps[1], maps[0], maps[2]))


def test_two_maps_of_one_process_id() -> None:
    one, two = chain("task a", lanes={"FO": "a"}), chain("task b", lanes={"FO": "b"})
    with pytest.raises(bm.MapError) as caught:
        plan_of(one, two, activities=worked("a", "b"))
    assert [finding.code for finding in caught.value.findings] == ["duplicate-process"]


def test_an_implicit_start_is_the_first_node() -> None:
    definitions = read(["task a", "endEvent e"], {"f": "a e"}, lanes={"FO": "a"})
    plan = plan_of(definitions, arrivals={"a": Arrival(inter_arrival_time=Fixed(value=MINUTE))}, activities=worked("a"))
    assert [(source.process, source.operation) for source in plan.sources] == [(0, 0)]


@pytest.mark.parametrize(
    ("tables", "wanted"),
    [
        ({"activities": {**worked("a"), "g": minutes(1)}}, ("wrong-element", "activities.g")),
        ({"activities": {**worked("a"), "s": minutes(1)}}, ("wrong-element", "activities.s")),
        ({"activities": {**worked("a"), "zzz": minutes(1)}}, ("unknown-element", "activities.zzz")),
        ({"activities": worked("a"), "events": {"a": EventTimes(wait_time=Fixed(value=MINUTE))}}, ("wrong-element", "events.a")),
        ({"activities": worked("a"), "events": {"e": EventTimes(wait_time=Fixed(value=MINUTE))}}, ("wrong-element", "events.e")),
        ({"activities": worked("a"), "gateways": {"m": GatewayChoices(probabilities={"k": 1})}}, ("wrong-element", "gateways.m")),
        ({"activities": worked("a"), "processes": {"q": ProcessTables(unit="FO")}}, ("unknown-process", "processes.q")),
    ],
)
def test_tables_for_what_is_not_there(tables: dict[str, object], wanted: tuple[str, str]) -> None:
    """`g` splits in parallel and `m` only merges: neither chooses."""
    nodes = ["startEvent s", "parallelGateway g", "task a", "exclusiveGateway m", "endEvent e"]
    definitions = read(nodes, {"f": "s g", "h": "g a", "i": "g m", "j": "a m", "k": "m e"}, lanes={"FO": "a"})
    with pytest.raises(bm.ScenarioError) as caught:
        plan_of(definitions, **tables)
    assert [each for each in told(caught.value) if each[0] != "unsynchronized"] == [wanted]


def test_a_misspelt_name_is_not_told_as_missing_too() -> None:
    definitions = chain("task Check", "task Register", lanes={"FO": "Check Register"})
    with pytest.raises(bm.ScenarioError) as caught:
        plan_of(definitions, activities={"Chek": minutes(1)})
    assert told(caught.value) == [("unknown-element", "activities.Chek"), ("missing-processing-time", "activities.Register")]
