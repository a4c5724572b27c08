"""Planning: which inspection is due by when, with whom, and that planning ends by starting it."""

from datetime import date

import pytest

from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.conftest import BEFORE
from tests.processes.inspection import day
from tests.processes.planning import FIRST_DAY, TODAY, Planning
from tests.processes.reporting import AGENCY, CHILDRENS_HOME

pytestmark = pytest.mark.database


@pytest.fixture
def planning(tools: Tools) -> Planning:
    return Planning.begin(Driver(tools, BEFORE), tools)


def of_an_agency(tools: Tools) -> Planning:
    return Planning.begin(Driver(tools, BEFORE), tools, AGENCY)


def test_a_secure_home_is_inspected_by_31_march_as_the_law_asks(planning: Planning) -> None:
    planning.situated("operating")

    assert planning.deadline("inspection_year")[0] == date(2025, 3, 31)
    assert planning.offered("Task_PlanInspection", "planned_kind") == ["full", "assurance"]


def test_planning_ends_by_starting_the_inspection_with_its_people(planning: Planning) -> None:
    planning.situated("operating").planned("assurance").agreed().started()

    assert planning.state == "completed"
    assert planning.followed_by == ["assurance_inspection"]
    assert planning.deadline("inspection_year")[1] == "met"


@pytest.mark.parametrize(
    ("situation", "window"),
    [
        ("newly registered", date(2025, 6, 3)),
        ("requires improvement to be good", date(2025, 12, 3)),
        ("inadequate", date(2025, 6, 3)),
    ],
)
def test_an_agency_has_a_usual_window_in_months(tools: Tools, situation: str, window: date) -> None:
    planning = of_an_agency(tools).situated(situation)

    assert planning.deadline("inspection_window")[0] == window


def test_a_good_agency_is_inspected_within_three_years_from_the_next_1_april(tools: Tools) -> None:
    planning = of_an_agency(tools).situated("good or outstanding")

    assert planning.deadline("inspection_year")[0] == date(2028, 3, 31)


def test_nothing_is_due_while_nobody_receives_a_service(tools: Tools) -> None:
    assert of_an_agency(tools).situated("nobody receives a service").state == "completed"


def test_more_than_three_in_a_row_is_a_warning_with_a_reason_and_no_bar(planning: Planning) -> None:
    planning.situated("operating")
    refused = planning.refused(
        "Task_PlanInspection",
        planned_kind="full",
        **{
            f"planned_first_day-{part}": value
            for part, value in (("day", "3"), ("month", "9"), ("year", "2024"))
        },
        lead_inspector="ivy",
        team_names="ivy",
        more_than_three="yes",
    )
    assert refused == ["more_than_three_reason"]

    planning.planned("full", more_than_three="yes", more_than_three_reason="Enforcement is under way.")

    assert planning.open == ["Task_AgreeResources"]


def test_the_manager_of_the_region_can_send_a_plan_back(planning: Planning) -> None:
    planning.situated("operating").planned("full")
    planning.do("Task_AgreeResources", resources_agreed="no", resources_comment="Two more days.")

    assert planning.open == ["Task_PlanInspection"]


def test_a_deferral_that_is_granted_leads_to_a_new_plan(planning: Planning) -> None:
    planning.situated("operating").planned("full").agreed()
    planning.do("Task_StartInspection", start_decision="deferral", change_because="Flood.")
    planning.do("Task_DecideDeferral", deferral_granted="yes", deferral_reason="No child is there.")

    assert planning.open == ["Task_PlanInspection"]


def test_a_deferral_that_is_refused_does_not_stop_the_inspection(planning: Planning) -> None:
    planning.situated("operating").planned("full").agreed()
    planning.do("Task_StartInspection", start_decision="deferral", change_because="Holidays.")
    planning.do("Task_DecideDeferral", deferral_granted="no", deferral_reason="It can go ahead.")

    assert planning.followed_by == ["full_inspection"]


def test_a_home_without_children_is_exempt_only_once_the_condition_is_in_force(planning: Planning) -> None:
    planning.situated("no children for 3 months or more")
    planning.do(
        "Task_DecideCondition",
        condition_proposed="yes",
        proposal_served_on=day(TODAY),
        decision_served_on=None,
    )
    assert planning.open == ["Task_PlanInspection"]


def test_a_condition_that_is_in_force_ends_routine_planning(planning: Planning) -> None:
    planning.situated("no children for 3 months or more")
    planning.do(
        "Task_DecideCondition",
        condition_proposed="yes",
        proposal_served_on=day(TODAY),
        decision_served_on=day(TODAY),
    )
    assert planning.state == "completed"


def test_after_a_lifting_before_october_one_inspection_is_usual_by_31_march(planning: Planning) -> None:
    planning.situated("condition lifted 1 April to 30 September")

    assert planning.deadline("after_lifting")[0] == date(2025, 3, 31)


def test_an_interim_inspection_says_where_its_day_comes_from(tools: Tools) -> None:
    planning = Planning.begin(Driver(tools, BEFORE), tools, CHILDRENS_HOME).situated("as planned elsewhere")
    planning.planned("interim", first_day=FIRST_DAY, window_source="The region's plan.").agreed()

    assert planning.open == ["Task_StartInspection"]
