"""Templates: what they hold, that any name survives them, that what they assume runs and overloads nobody."""

from __future__ import annotations

import itertools
import json
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bpmnmap as bm
from bpmnmap import model as m
from bpmnmap.durations import HOUR_US
from bpmnmap.simulation.planning import make_plan
from bpmnmap.simulation.replications import run_once
from bpmnmap.simulation.templates import toml_text
from bpmnmap.simulation.templates.loads import Loads, chances, loads, visits
from bpmnmap.simulation.templates.page import ASKED, SOURCE
from bpmnmap.simulation.templates.schemas import schema_text
from tests.simulation.file_schemas import SCHEMAS, text
from tests.simulation.test_scenario_conditions import WHOLE
from tests.simulation.test_scenario_numbers import AMOUNTS, NUMBERS

ROOT = Path(__file__).parents[2]
SAMPLES = sorted(ROOT.glob("bpmn_samples/*/*.bpmn"))
SCENARIOS = [*sorted(ROOT.glob("simulations/*/*.toml")), ROOT / "simulations/both.toml"]


def written(template: bm.ScenarioTemplate, folder: Path) -> bm.Scenario:
    (folder / "org.toml").write_text(template.organization, encoding="utf-8", newline="")
    (folder / "as_is.toml").write_text(template.scenario, encoding="utf-8", newline="")
    return bm.read_scenario(folder / "as_is.toml")


def without_marks(page: str) -> str:
    return "\n".join(line.removeprefix(ASKED) for line in page.split("\n"))


# ---------------------------------------------------------------- TOML as text


@given(st.text())
def test_any_text_and_any_key_survive(name: str) -> None:
    line = f"[{toml_text.key('a', name, 'b')}]\nvalue = {toml_text.text(name)} {toml_text.comment(name)}\nunits = {toml_text.array([name, ''])}\n"
    table = toml_text.inline_table({name: toml_text.text(name), f"{name}'": "1"})
    assert len(line.splitlines()) == 3
    assert tomllib.loads(f"{line}table = {table}") == {
        "a": {name: {"b": {"value": name, "units": [name, ""], "table": {name: name, f"{name}'": 1}}}}
    }


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert tomllib.loads(f"a = {toml_text.text(chr(0xD83D))}") == {"a": "\ufffd"}


NAMES = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        ["*", "always", "office", " Check\nform ", 'say "no"', "a.b", "t1", "g", "no", "Front", "front ", "#?", "\ufeff", "é\u0301\u2028"]
    ),
)


def process(names: list[str | None], process_id: str) -> m.Process:
    """Two tasks, a gateway with a way back, a catch event, in two lanes; named as given."""
    called = iter(names)
    nodes = (
        m.StartEvent(id="s", name=next(called)),
        m.Task(id="t1", name=next(called)),
        m.ExclusiveGateway(id="g", name=next(called)),
        m.IntermediateCatchEvent(id="c", name=next(called), event_definitions=(m.MessageEventDefinition(id="d"),)),
        m.Task(id="t2", name=next(called)),
        m.EndEvent(id="e"),
    )
    ends = (("s", "t1"), ("t1", "g"), ("g", "t1"), ("g", "c"), ("g", "t2"), ("c", "t2"), ("t2", "e"))
    flows = tuple(m.SequenceFlow(id=f"{a}{b}", source_ref=a, target_ref=b, name=next(called)) for a, b in ends)
    inner = m.LaneSet(id="inner", lanes=(m.Lane(id="l2", name=next(called), flow_node_refs=("t2",)),))
    lanes = (m.Lane(id="l1", name=next(called), flow_node_refs=("s", "t1", "t2"), child_lane_set=inner),)
    return m.Process(id=process_id, name=next(called), flow_elements=(*nodes, *flows), lane_sets=(m.LaneSet(id="ls", lanes=lanes),))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NAMES, min_size=32, max_size=32), st.booleans())
def test_maps_of_any_names_give_files_that_run(tmp_path: Path, names: list[str | None], two: bool) -> None:
    participants = (m.Participant(id="P", name=names[15], process_ref="p"), m.Participant(id="Q", name=names[31]))
    collaboration = m.Collaboration(id="k", participants=participants)
    others = (process(names[16:31], "q é"),) if two else ()
    definitions = m.Definitions(root_elements=(collaboration, process(names, "p"), *others))
    assumed = bm.scenario_template(definitions, assume=True)
    plan = make_plan([definitions], written(assumed, tmp_path))
    assert plan.assumed[0] == plan.assumed[1] > 0
    assert not [finding for finding in plan.findings if finding.code not in ("lane-without-unit", "unit-replaced")]
    asked = bm.scenario_template(definitions)
    figures = {"assumed": True, "source": SOURCE}
    for page, other in ((asked.organization, assumed.organization), (asked.scenario, assumed.scenario)):
        tomllib.loads(page)
        assert tomllib.loads(without_marks(page)) == stripped(tomllib.loads(other), figures)


def stripped(table: Any, figures: dict[str, Any]) -> Any:
    """A table without the marks of what is assumed."""
    if isinstance(table, list):
        return [stripped(each, figures) for each in table]
    if not isinstance(table, dict):
        return table
    return {key: stripped(value, figures) for key, value in table.items() if figures.get(key) is None or value != figures[key]}


# ------------------------------------------------------------- what is assumed


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_samples_run_and_nobody_is_overloaded(path: Path, tmp_path: Path) -> None:
    definitions = bm.read_bpmn(path)
    plan = make_plan([definitions], written(bm.scenario_template(definitions, assume=True), tmp_path))
    assert plan.assumed[0] == plan.assumed[1]
    log = run_once(plan, 1, 1)
    people = {pool.key: pool.quantity for pool in plan.pools}
    worked: Counter[str] = Counter()
    for row in range(len(log.instances)):
        each = log.instances.row(row)
        worked[each["pool"]] += each["worked_us"]
    (calendar,) = {pool.calendar for pool in plan.pools}
    open_us = plan.calendars[calendar].open_time(0, log.run.end_us)
    busy = {pool: worked[pool] / open_us / quantity for pool, quantity in people.items()}
    assert 0.2 < max(busy.values()) <= 0.7, busy


def test_ways_back_are_rare_and_others_equal() -> None:
    definitions = m.Definitions(root_elements=(process([None] * 16, "p"),))
    (program,) = bm.lower(definitions)
    assert list(chances(program).values()) == [(0.2, 0.4, 0.4)]
    assert [round(count, 6) for count in visits(program)] == [1, 1.25, 1.25, 0.5, 1, 1]


def test_shares_sum_to_one_whatever_their_number() -> None:
    for ways in range(2, 13):
        flows = [m.SequenceFlow(id=f"f{way}", source_ref="g", target_ref="e") for way in range(ways)]
        elements = (
            m.StartEvent(id="s"),
            m.ExclusiveGateway(id="g"),
            m.EndEvent(id="e"),
            m.SequenceFlow(id="a", source_ref="s", target_ref="g"),
        )
        (program,) = bm.lower(m.Definitions(root_elements=(m.Process(id="p", flow_elements=(*elements, *flows)),)))
        (shares,) = chances(program).values()
        assert abs(sum(shares) - 1) < 1e-9
        assert max(shares) - min(shares) < 2e-4


def test_nested_loops_end() -> None:
    """Twenty gateways in a row, each with a way back to the very first task: at even chances a case would take a million turns."""
    elements: list[m.FlowElement] = [
        m.StartEvent(id="s"),
        m.Task(id="t"),
        m.EndEvent(id="e"),
        m.SequenceFlow(id="st", source_ref="s", target_ref="t"),
    ]
    last = "t"
    for number in range(20):
        gateway = f"g{number}"
        elements += [m.ExclusiveGateway(id=gateway), m.SequenceFlow(id=f"on{number}", source_ref=last, target_ref=gateway)]
        elements.append(m.SequenceFlow(id=f"back{number}", source_ref=gateway, target_ref="t"))
        last = gateway
    elements.append(m.SequenceFlow(id="out", source_ref=last, target_ref="e"))
    (program,) = bm.lower(m.Definitions(root_elements=(m.Process(id="p", flow_elements=tuple(elements)),)))
    assert visits(program)[1] == pytest.approx(1 / 0.8**20, rel=1e-5)


def test_long_work_gets_more_people_not_rarer_cases() -> None:
    """A hundred tasks in a row are 25 hours of work: with a case each working day of 8 hours, 60 % of 6 people's time."""
    tasks = tuple(m.Task(id=f"t{number}") for number in range(100))
    ids = ["s", *(task.id or "" for task in tasks), "e"]
    flows = tuple(m.SequenceFlow(id=f"f{number}", source_ref=a, target_ref=b) for number, (a, b) in enumerate(itertools.pairwise(ids)))
    elements = (m.StartEvent(id="s"), *tasks, m.EndEvent(id="e"), *flows)
    (program,) = bm.lower(m.Definitions(root_elements=(m.Process(id="p", flow_elements=elements),)))
    assert loads([program], [["A" if operation.origin.kind == "task" else None for operation in program.operations]]) == Loads(
        8 * HOUR_US, {"A": 6}
    )


def test_several_maps_share_one_pair_of_files(tmp_path: Path) -> None:
    maps = [bm.read_bpmn(path) for path in SAMPLES]
    plan = make_plan(maps, written(bm.scenario_template(maps, assume=True), tmp_path))
    assert len(plan.processes) == len(SAMPLES)
    assert plan.assumed[0] == plan.assumed[1]


def timer(duration: str) -> m.Definitions:
    wait = m.TimerEventDefinition(id="d", time_duration=m.FormalExpression(body=duration))
    nodes = (m.StartEvent(id="s"), m.IntermediateCatchEvent(id="w", event_definitions=(wait,)), m.Task(id="t"), m.EndEvent(id="e"))
    flows = tuple(m.SequenceFlow(id=a + b, source_ref=a, target_ref=b) for a, b in ("sw", "wt", "te"))
    return m.Definitions(root_elements=(m.Process(id="p", flow_elements=(*nodes, *flows)),))


def test_a_time_that_the_map_gives_is_not_assumed(tmp_path: Path) -> None:
    template = bm.scenario_template(timer("PT48H"), assume=True)
    assert "events" not in tomllib.loads(template.scenario)
    assert "# intermediateCatchEvent w, p: waits PT48H, as the map says; [events.w] with wait_time would win over it" in template.scenario
    assert make_plan([timer("PT48H")], written(template, tmp_path)).assumed == (3, 4)


@pytest.mark.parametrize("duration", ["P1M", "${delay}", " "])
def test_a_time_of_the_map_that_cannot_be_used_is_replaced(duration: str, tmp_path: Path) -> None:
    template = bm.scenario_template(timer(duration), assume=True)
    assert make_plan([timer(duration)], written(template, tmp_path)).assumed == (4, 4)


def test_no_map_at_all() -> None:
    with pytest.raises(ValueError, match=r"^definitions must hold at least one map \(got none\)$"):
        bm.scenario_template([])


# ----------------------------------------------------------- what is asked for


def test_what_is_missing_is_told_each_once(tmp_path: Path) -> None:
    definitions = bm.read_bpmn(ROOT / "bpmn_samples/building_approval/building_approval.bpmn")
    template = bm.scenario_template(definitions)
    with pytest.raises(bm.MapError) as caught:
        make_plan([definitions], written(template, tmp_path))
    told = Counter(finding.code for finding in caught.value.findings)
    assumed = tomllib.loads(bm.scenario_template(definitions, assume=True).scenario)
    assert told["missing-arrivals"] == len(assumed["arrivals"]) == 1
    assert told["missing-processing-time"] == told["no-unit"] == len(assumed["activities"])
    assert told["missing-probabilities"] == len(assumed["gateways"])
    assert told["missing-wait-time"] == len(assumed["events"])
    codes = {"missing-arrivals", "missing-processing-time", "no-unit", "missing-probabilities", "missing-wait-time", "lane-without-unit"}
    assert told.keys() == codes


def test_tables_are_named_by_name_with_the_id_above() -> None:
    lines = bm.scenario_template(bm.read_bpmn(ROOT / "bpmn_samples/building_approval/building_approval.bpmn")).scenario.split("\n")
    at = lines.index('#? [activities."Check completeness"]')
    assert lines[at - 1] == "# userTask Task_Check_complete 'Check completeness', Technical Secretariat"


# -------------------------------------------------------------------- schemas


def as_json(value: Any) -> Any:
    """A value of TOML as editors check it: dates are texts."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def faults(name: str, page: str) -> list[str]:
    validator = jsonschema.Draft7Validator(json.loads(schema_text(name)))
    found: list[str] = sorted(error.json_path for error in validator.iter_errors(as_json(tomllib.loads(page))))
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas_say_what_the_models_say(name: str) -> None:
    assert schema_text(name) == text(name), "written anew by: python -m tests.simulation.file_schemas"
    jsonschema.Draft7Validator.check_schema(json.loads(schema_text(name)))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_samples_obey_the_schemas(path: Path) -> None:
    assert faults("scenario.schema.json", path.read_text(encoding="utf-8")) == []
    assert faults("org.schema.json", (ROOT / "simulations/org.toml").read_text(encoding="utf-8")) == []


def test_files_with_every_key_of_attributes_and_conditions_obey_the_schema() -> None:
    assert faults("scenario.schema.json", HEAD + WHOLE) == []
    assert faults("scenario.schema.json", HEAD + AMOUNTS) == []
    for number, (value, _) in enumerate(NUMBERS):
        table = toml_text.inline_table({key: json.dumps(each) for key, each in value.items()})
        assert faults("scenario.schema.json", f"{HEAD}[attributes]\na{number} = {table}\n[activities.A]\ncount = {table}\n") == []


@pytest.mark.parametrize("assume", [True, False])
def test_templates_obey_the_schemas_that_they_name(assume: bool) -> None:
    template = bm.scenario_template([bm.read_bpmn(path) for path in SAMPLES], assume=assume)
    for page, name in ((template.organization, "org.schema.json"), (template.scenario, "scenario.schema.json")):
        assert page.startswith(f"#:schema ./{name}\n")
        assert faults(name, page) == []
        assert faults(name, without_marks(page)) == []


HEAD = 'organization = "org.toml"\nstart = 2026-01-05\n'


@pytest.mark.parametrize(
    ("name", "page", "place"),
    [
        ("org.schema.json", "[units.A]\ncalender = 'office'", "$.units.A"),
        ("org.schema.json", "[units.A.pools.p]\nquantity = 0", "$.units.A.pools.p.quantity"),
        ("org.schema.json", "[units.A.pools.p]\nquantity = 1\ncost_per_hour = 3", "$.units.A.pools.p"),
        ("org.schema.json", "[units.A.pools.p]", "$.units.A.pools.p"),
        ("org.schema.json", "[calendars.c]", "$.calendars.c"),
        ("org.schema.json", "[calendars.c]\nhours = 8", "$.calendars.c.hours"),
        ("org.schema.json", "[calendars.c]\nhours = 'Mon 08:00-09:00'\nclosed = ['tomorrow']", "$.calendars.c.closed[0]"),
        ("org.schema.json", "format = 2", "$.format"),
        ("scenario.schema.json", "start = 2026-01-05", "$"),
        ("scenario.schema.json", "extends = 3", "$.extends"),
        ("scenario.schema.json", HEAD + "replications = 0", "$.replications"),
        ("scenario.schema.json", HEAD + "duration = 90", "$.duration"),
        ("scenario.schema.json", HEAD + "duration = 'P1M'", "$.duration"),
        ("scenario.schema.json", HEAD + "[activity.A]", "$"),
        ("scenario.schema.json", HEAD + "[activities.A]\nprocessing_time = 'PT'", "$.activities.A.processing_time"),
        ("scenario.schema.json", HEAD + "[activities.A]\nprocessing_time = { distribution = 'gama', mean = 'PT1M' }", "$.activities.A.processing_time"),
        ("scenario.schema.json", HEAD + "[activities.A]\nprocessing_time = { distribution = 'gamma', mean = 'PT1M' }", "$.activities.A.processing_time"),
        ("scenario.schema.json", HEAD + "[activities.A]\npriority = 3", "$.activities.A"),
        ("scenario.schema.json", HEAD + "[gateways.G]\nprobabilities = { yes = 1.5 }", "$.gateways.G.probabilities.yes"),
        ("scenario.schema.json", HEAD + "[gateways.G]\nchoices = [[]]", "$.gateways.G.choices[0]"),
        ("scenario.schema.json", HEAD + "[[transfers]]\nfrom = 'A'\nto = ['B', '*']", "$.transfers[0].to"),
        ("scenario.schema.json", HEAD + "[gateways.G]\nconditions = { yes = ' ' }", "$.gateways.G.conditions.yes"),
        ("scenario.schema.json", HEAD + "[events.E]\nprobability = 2", "$.events.E.probability"),
        ("scenario.schema.json", HEAD + "[activities.A]\nrepeat = 1", "$.activities.A.repeat"),
        ("scenario.schema.json", HEAD + "[activities.A]\ncount = -1", "$.activities.A.count"),
        ("scenario.schema.json", HEAD + "[activities.A]\ncount = { distribution = 'uniform', min = 1 }", "$.activities.A.count"),
        ("scenario.schema.json", HEAD + "[activities.A]\nset = { a = [1] }", "$.activities.A.set.a"),
        ("scenario.schema.json", HEAD + "[activities.A]\nprocessing_time = [{ when = 'x' }]", "$.activities.A.processing_time"),
        ("scenario.schema.json", HEAD + "[attributes]\na = 5", "$.attributes.a"),
        ("scenario.schema.json", HEAD + "[attributes.a]\ncategories = { x = 2 }", "$.attributes.a"),
        ("scenario.schema.json", HEAD + "[attributes.a]\nvalue = 'x'\ninteger = true", "$.attributes.a"),
        ("scenario.schema.json", HEAD + "[participants.P]\nresponse = 'PT1H'", "$.participants.P"),
        ("scenario.schema.json", HEAD + "[processes.p.participants.P]\nresponse_time = 'PT1H'", "$.processes.p"),
        ("scenario.schema.json", HEAD + "[[transfers]]\nwhence = 'A'", "$.transfers[0]"),
        ("scenario.schema.json", HEAD + "[units.A.pools.p]\nquantity = 'two'", "$.units.A.pools.p.quantity"),
        ("scenario.schema.json", HEAD + "[processes.p.events.e]\nwait = 'P1D'", "$.processes.p.events.e"),
    ],
)  # fmt: skip
def test_bad_files_break_the_schemas(name: str, page: str, place: str) -> None:
    assert faults(name, page) == [place]
