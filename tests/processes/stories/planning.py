"""Plans and information between inspections that together take every flow of their diagrams."""

from engine import feel
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.inspection import day
from tests.processes.planning import TODAY, Between, Planning


def a_plan_that_is_sent_back_changed_deferred_and_started(driver: Driver, tools: Tools) -> None:
    planning = Planning.begin(driver, tools).situated("operating").planned("full")
    planning.do("Task_AgreeResources", resources_agreed="no").planned("full").agreed()
    planning.do("Task_StartInspection", start_decision="change").planned("full").agreed()
    planning.do("Task_StartInspection", start_decision="deferral")
    planning.do("Task_DecideDeferral", deferral_granted="yes").planned("full").agreed().started()
    assert planning.state == "completed"


def a_deferral_that_is_refused(driver: Driver, tools: Tools) -> None:
    planning = Planning.begin(driver, tools).situated("operating").planned("full").agreed()
    planning.do("Task_StartInspection", start_decision="deferral")
    planning.do("Task_DecideDeferral", deferral_granted="no")
    assert planning.state == "completed"


def a_home_whose_condition_comes_into_force(driver: Driver, tools: Tools) -> None:
    planning = Planning.begin(driver, tools).situated("no children for 3 months or more")
    served: feel.Value = day(TODAY)
    planning.do(
        "Task_DecideCondition",
        condition_proposed="yes",
        proposal_served_on=served,
        decision_served_on=served,
    )
    assert planning.state == "completed"


def a_notification_asked_after_and_told(driver: Driver, tools: Tools) -> None:
    between = Between.begin(driver, tools).recorded("notification", at_risk=True, enquiry=True)
    between.reviewed(enough=False).do("Task_CheckAndSendInformationRequest").do("Task_RecordAnswer")
    between.reviewed().do("Task_CheckAndSendNotification").do("Task_RecordEnquiryOutcome")
    assert between.decided("nothing more").state == "completed"


def a_concern_that_brings_the_inspection_forward(driver: Driver, tools: Tools) -> None:
    assert Between.begin(driver, tools).recorded("concern").reviewed().decided("visit").state == "completed"


def concerns_that_go_to_a_case_review(driver: Driver, tools: Tools) -> None:
    action: feel.Value = {"what": "Call the home.", "owner": "rim", "by": day(TODAY)}
    for monitored in ("yes", "no"):
        between = Between.begin(driver, tools).recorded("concern").reviewed().decided("case review")
        between.do("Task_CallReview").do("Task_HoldReview")
        between.do("Task_DecideAction", enforcement=[], review_actions=[action], monitoring_decided=monitored)
        between.do("Task_ConfirmReview", review_confirmed="yes").do("Task_DoAction")
        assert between.state == "completed"


STORIES = (
    a_plan_that_is_sent_back_changed_deferred_and_started,
    a_deferral_that_is_refused,
    a_home_whose_condition_comes_into_force,
    a_notification_asked_after_and_told,
    a_concern_that_brings_the_inspection_forward,
    concerns_that_go_to_a_case_review,
)
