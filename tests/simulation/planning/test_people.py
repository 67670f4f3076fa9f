"""Whose work a task is (H3), and which pool does it."""

from __future__ import annotations

import pytest

import bpmnmap as bm
from bpmnmap.findings import Severity
from bpmnmap.org.organization import Organization, ResourcePool, Unit
from bpmnmap.simulation.scenario import ActivityTimes, EventTimes, Fixed, ProcessTables
from tests.simulation.planning.inputs import CITY, MINUTE, chain, codes, plan_of, pool_of, unit_of, worked

PERFORMER = (
    '<performer id="r"><resourceAssignmentExpression><formalExpression>{}</formalExpression></resourceAssignmentExpression></performer>'
)


def test_lane_by_id_name_or_alias() -> None:
    nodes = ("task a", "task b", "task c", "task d")
    lanes = {"FO": "a", "front  OFFICE": "b", "Bureau": "c", "Expert": "d"}
    plan = plan_of(chain(*nodes, lanes=lanes), activities=worked("a", "b", "d") | worked("c", pools={"staff": 1}))
    assert [unit_of(plan, element) for element in "abcd"] == ["FO", "FO", "TO", "EX"]
    assert codes(plan) == ["missing-transfer", "missing-transfer"]


def test_participant_where_no_lane_names_a_unit() -> None:
    pool = '<collaboration id="C"><participant id="P" name="Mail Room" processRef="p"/></collaboration>'
    plan = plan_of(chain("task a", "task b", lanes={"Front Office": "a"}, around=pool), activities=worked("a", "b"))
    assert [unit_of(plan, "a"), unit_of(plan, "b")] == ["FO", "MR"]


def test_the_scenario_s_process_is_the_last_resort() -> None:
    plan = plan_of(chain("task a", "task b", lanes={"FO": "a"}), activities=worked("a", "b"), processes={"p": ProcessTables(unit="MR")})
    assert [unit_of(plan, "a"), unit_of(plan, "b")] == ["FO", "MR"]


def test_the_scenario_s_activity_wins_and_says_so() -> None:
    plan = plan_of(chain("task a", lanes={"FO": "a"}), activities=worked("a", unit="MR"))
    assert unit_of(plan, "a") == "MR"
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("unit-replaced", Severity.INFO)


def test_the_scenario_s_unit_of_an_event() -> None:
    plan = plan_of(chain("timer:PT1H w", "task a", lanes={"FO": "a w"}), activities=worked("a"), events={"w": EventTimes(unit="MR")})
    assert [unit_of(plan, "w"), unit_of(plan, "a")] == ["MR", "FO"]


def test_an_event_may_stand_nowhere() -> None:
    plan = plan_of(chain("timer:PT1H w", "task a", lanes={"FO": "a"}), activities=worked("a"))
    assert [unit_of(plan, "w"), unit_of(plan, "a")] == [None, "FO"]


def test_a_lane_that_names_no_unit_is_a_warning_where_the_scenario_says_more() -> None:
    plan = plan_of(chain("task a", lanes={"Nobody": "a"}), activities=worked("a", unit="FO"))
    assert (codes(plan), unit_of(plan, "a")) == (["lane-without-unit"], "FO")


def test_no_unit_at_all() -> None:
    with pytest.raises(bm.MapError) as caught:
        plan_of(chain("task a", "task b"), activities=worked("a", "b"))
    assert [(finding.code, finding.element_id) for finding in caught.value.findings] == [("no-unit", "a"), ("no-unit", "b")]


def test_the_only_pool_of_the_unit_works() -> None:
    assert pool_of(plan_of(chain("task a", lanes={"FO": "a"}), activities=worked("a")), "a") == "FO.clerks"


@pytest.mark.parametrize("name", ["staff", "TO.staff"])
def test_a_pool_by_its_own_name_or_with_its_unit_s(name: str) -> None:
    plan = plan_of(chain("task a", lanes={"TO": "a"}), activities=worked("a", pools={name: 1}))
    assert pool_of(plan, "a") == "TO.staff"


def test_a_pool_of_another_unit_leaves_the_unit_as_it_is() -> None:
    plan = plan_of(chain("task a", lanes={"FO": "a"}), activities=worked("a", pools={"TO.heads": 1}))
    assert (unit_of(plan, "a"), pool_of(plan, "a")) == ("FO", "TO.heads")


def test_nobody_works_an_automatic_task() -> None:
    assert pool_of(plan_of(chain("task a", lanes={"TO": "a"}), activities=worked("a", pools={})), "a") is None


def test_an_outside_party_needs_no_pool() -> None:
    plan = plan_of(chain("task a", lanes={"EX": "a"}), activities=worked("a"))
    assert (pool_of(plan, "a"), plan.pools) == (None, ())


def test_an_outside_party_may_have_a_pool_called_for() -> None:
    city = Organization(units={"EX": Unit(external=True, pools={"labs": ResourcePool(quantity=2)})})
    plan = plan_of(chain("task a", lanes={"EX": "a"}), organization=city, activities=worked("a", pools={"labs": 1}))
    assert [(pool.key, pool.quantity, pool.calendar) for pool in plan.pools] == [("EX.labs", 2, -1)]


def test_dots_in_ids_of_units_and_pools() -> None:
    units = {
        "A.B": Unit(calendar="always", pools={"C": ResourcePool(quantity=1)}),
        "A": Unit(calendar="always", pools={"B.D": ResourcePool(quantity=1)}),
    }
    city = Organization(units=units)
    plan = plan_of(
        chain("task a", "task b", lanes={"A": "a b"}),
        organization=city,
        activities=worked("a", pools={"A.B.C": 1}) | worked("b", pools={"B.D": 1}),
    )
    assert (pool_of(plan, "a"), pool_of(plan, "b")) == ("A.B.C", "A.B.D")


def test_pools_in_order_of_unit_and_pool_only_those_that_work() -> None:
    activities = worked("a", "c") | worked("b", pools={"TO.staff": 1}) | worked("d", pools={"TO.heads": 1})
    plan = plan_of(chain("task a", "task b", "task c", "task d", lanes={"MR": "a", "TO": "b d", "FO": "c"}), activities=activities)
    assert [(pool.key, pool.quantity) for pool in plan.pools] == [("FO.clerks", 2), ("MR.clerks", 1), ("TO.heads", 1), ("TO.staff", 3)]
    office, morning = plan.pools[0].calendar, plan.pools[2].calendar
    assert [pool.calendar for pool in plan.pools] == [office, office, morning, office]
    assert office != morning
    assert plan.units == ("EX", "FO", "MR", "TO")
    assert plan.unit_calendars == (-1, office, office, office)


def test_a_time_without_a_pool_and_a_pool_without_a_time() -> None:
    with pytest.raises(bm.ScenarioError) as caught:
        plan_of(chain("task a", "task b", lanes={"TO": "a b"}), activities=worked("a") | {"b": ActivityTimes(pools={"staff": 1})})
    assert [(finding.code, finding.location.key) for finding in caught.value.findings] == [
        ("several-pools", "activities.a"),
        ("missing-processing-time", "activities.b"),
    ]


def test_the_organization_of_the_scenario_counts() -> None:
    """What the scenario lays over it: a second pool makes the choice unclear."""
    with pytest.raises(bm.ScenarioError, match="several-pools"):
        plan_of(chain("task a", lanes={"FO": "a"}), activities=worked("a"), units={"FO": {"pools": {"trainees": {"quantity": 1}}}})
    plan = plan_of(chain("task a", lanes={"FO": "a"}), activities=worked("a"), units={"FO": {"pools": {"clerks": {"quantity": 7}}}})
    assert plan.pools[0].quantity == 7


def test_performer_where_nothing_else_names_a_unit() -> None:
    text = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="urn:d"><process id="p">'
        '<startEvent id="s"/><userTask id="a">' + PERFORMER.format("FO") + '</userTask><endEvent id="e"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow id="g" sourceRef="a" targetRef="e"/></process></definitions>'
    )
    assert unit_of(plan_of(bm.parse_bpmn(text.encode(), "p.bpmn"), activities=worked("a")), "a") == "FO"


def test_times_are_microseconds() -> None:
    plan = plan_of(chain("task a", lanes={"FO": "a"}), activities={"a": ActivityTimes(processing_time=Fixed(value=90 * MINUTE))})
    (work,) = plan.processes[0].works.values()
    assert (work.time.family, work.time.parameters) == ("fixed", (5_400_000_000,))
    assert CITY.units["FO"].pools["clerks"].quantity == 2
