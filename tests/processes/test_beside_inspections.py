"""What happens beside an inspection: who is told, in which order, who decides, and who never sees it."""

from collections.abc import Callable
from datetime import date

import pytest

from engine.simulation import Driver
from engine.simulation.driver import FormRefusedError
from engine.worker.handlers import Tools
from tests.processes.beside import ABOUT, Record
from tests.processes.conftest import BEFORE
from tests.processes.inspection import day

pytestmark = pytest.mark.database
Begin = Callable[..., Record]
CHILDRENS_HOME, AGENCY = "CH000001", "AS000001"
SAFE = {"telling_endangers": "no", "staff_accused": "no", "fgm_told": "no"}


@pytest.fixture
def begin(tools: Tools) -> Begin:
    """Begins a record of a process, for a secure home unless another URN is given."""
    driver = Driver(tools, BEFORE)
    return lambda process, urn="SC000001": Record.of(driver, tools, process, urn=urn)


# --- advice -------------------------------------------------------------------------------------------


def test_an_answer_still_open_waits_for_whoever_was_asked(begin: Begin) -> None:
    record = begin("advice").do("Task_RecordAdvice", advice_from="compliance_inspector", advice_answered="no")
    assert record.open == ["Task_GiveAdvice"]
    assert record.do("Task_GiveAdvice", advice_given="Go on").state == "completed"


def test_who_looked_after_a_distressed_person_is_asked_only_then(begin: Begin) -> None:
    care = {"advice_care": "Her deputy sat with her"}
    begin("advice").do("Task_RecordAdvice", advice_about="distress", **care)
    with pytest.raises(FormRefusedError):
        begin("advice").do("Task_RecordAdvice", advice_about="inspection", no_such_question="x")


# --- safeguarding -------------------------------------------------------------------------------------


def test_the_person_in_charge_is_told_first_unless_that_endangers_someone(begin: Begin) -> None:
    assert begin("safeguarding_referral").do("Task_RecordConcern", **SAFE).open == ["Task_TellPersonInCharge"]
    danger = SAFE | {"telling_endangers": "yes"}
    record = begin("safeguarding_referral").do("Task_RecordConcern", **danger)
    assert record.open == ["Task_ReferConcern"]
    record.do("Task_ReferConcern", person_told_later="The police, when it is safe")


def test_the_senior_hmi_follows_up_what_the_authority_did(begin: Begin) -> None:
    record = begin("safeguarding_referral", AGENCY).do("Task_RecordConcern", **SAFE, at_risk=["adult"])
    record.do("Task_TellPersonInCharge").do("Task_ReferConcern", adults_referral="Duty desk")
    assert record.open == ["Task_FollowUpAuthority"]
    assert record.do("Task_FollowUpAuthority").state == "completed"


# --- possible offences ----------------------------------------------------------------------------------


def test_an_offence_is_seen_by_managers_of_the_region_and_compliance_inspectors_alone(begin: Begin) -> None:
    assert begin("record_offence").seen_by() == (True, ["rim", "compliance_inspector"])


def test_only_the_provider_or_the_registered_manager_of_a_childrens_home_is_cautioned(begin: Begin) -> None:
    record = begin("record_offence", CHILDRENS_HOME).do("Task_RecordOffence")
    record.do("Task_AdviseOnOffence", interview_way="now")
    with pytest.raises(FormRefusedError):
        record.do("Task_RecordCaution", cautioned="a member of staff")
    assert record.do("Task_RecordCaution", cautioned="registered manager").state == "completed"


@pytest.mark.parametrize("urn", ["SC000001", AGENCY])
def test_elsewhere_an_offence_leads_to_advice_and_no_caution(urn: str, begin: Begin) -> None:
    record = begin("record_offence", urn).do("Task_RecordOffence")
    assert record.do("Task_AdviseOnOffence").state == "completed"


# --- concerns about the inspection ------------------------------------------------------------------------


def test_a_concern_climbs_from_the_inspector_to_a_manager_to_someone_with_no_part_in_it(begin: Begin) -> None:
    record = begin("handle_concern").do("Task_LogConcern", concern_stage="during", concern_settled="no")
    assert record.open == ["Task_DiscussConcern"]
    assert record.do("Task_DiscussConcern", concern_settled="no").open == ["Task_AnswerConcern"]
    with pytest.raises(FormRefusedError):
        record.do("Task_AnswerConcern", no_part=False)
    assert record.do("Task_AnswerConcern").state == "completed"


@pytest.mark.parametrize("stage", ["after", "final"])
def test_after_its_end_a_concern_goes_straight_to_someone_with_no_part_in_it(
    stage: str, begin: Begin
) -> None:
    assert begin("handle_concern").do("Task_LogConcern", concern_stage=stage).open == ["Task_AnswerConcern"]


# --- someone else -----------------------------------------------------------------------------------------


def test_a_concern_about_an_authority_goes_at_once_to_its_director(begin: Begin) -> None:
    record = begin("concern_elsewhere").do("Task_RecordElsewhere", elsewhere_kind="authority")
    assert record.open == ["Task_TellElsewhere"]


def test_an_unregistered_service_goes_to_the_region_once_the_provider_knows(begin: Begin) -> None:
    record = begin("concern_elsewhere")
    with pytest.raises(FormRefusedError):
        record.do("Task_RecordElsewhere", elsewhere_kind="unregistered", elsewhere_explained=False)
    assert record.do("Task_RecordElsewhere", elsewhere_kind="unregistered").open == ["Task_TakeOn"]


# --- controlled drugs -----------------------------------------------------------------------------------


def test_an_incident_not_reported_is_reviewed_and_then_referred_whatever_the_review_decides(
    begin: Begin, mail: Callable[[], list[str]]
) -> None:
    record = begin("controlled_drugs_incident").do("Task_RecordIncident", drugs_reported="no")
    record.reviewed(monitoring_decided="no")
    assert record.open == ["Task_CheckAndSendReferral"]
    record.do("Task_CheckAndSendReferral", officer_email="officer@example.org")
    assert any("Controlled drugs incident: Example Lodge" in subject for subject in mail())
    assert record.state == "completed"


def test_an_incident_the_provider_reported_needs_no_review(begin: Begin) -> None:
    record = begin("controlled_drugs_incident", AGENCY).do("Task_RecordIncident", drugs_reported="yes")
    assert record.state == "completed"


# --- absent managers ----------------------------------------------------------------------------------------


def test_a_known_absence_notified_less_than_a_month_before_is_late_for_an_agency(begin: Begin) -> None:
    away = {
        "absence_kind": "known",
        "absent_from": day(date(2024, 6, 24)),
        "notified_on": day(date(2024, 5, 27)),
    }
    fine = {"arrangements": "yes", "unregistered_manager": "no", "manager_qualified": "yes"}
    assert begin("absent_manager", AGENCY).do("Task_RecordAbsence", **away, **fine).open == [
        "Task_DecideOnAbsence"
    ]
    assert begin("absent_manager").do("Task_RecordAbsence", **away, **fine).state == "completed"


def test_a_failure_can_bring_the_visit_forward(begin: Begin) -> None:
    record = begin("absent_manager").do("Task_RecordAbsence", manager_qualified="no")
    record.do("Task_DecideOnAbsence", visit_sooner="yes", absence_reason="Nobody leads the home")
    ((name, payload),) = record.sent()
    assert name == "Visit needed sooner"
    assert isinstance(payload, dict)
    assert payload["service"]["urn"] == "SC000001"
    assert payload["why"] == "The manager is away or not qualified: Nobody leads the home"


# --- pauses -------------------------------------------------------------------------------------------------


def test_a_manager_decides_on_a_pause_and_on_its_end(begin: Begin) -> None:
    record = begin("incomplete_inspection").do("Task_AskToPause")
    assert record.do("Task_DecideOnPause", pause_decision="pause").open == ["Task_DecideToResume"]
    assert record.do("Task_DecideToResume", resume_decision="resume").sent() == []
    assert record.state == "completed"


def test_an_inspection_that_stays_incomplete_asks_for_another(begin: Begin) -> None:
    record = begin("incomplete_inspection").do("Task_AskToPause")
    record.do("Task_DecideOnPause", pause_decision="incomplete", pause_reason="A flood")
    ((name, payload),) = record.sent()
    assert name == "Visit needed sooner"
    assert isinstance(payload, dict)
    assert payload["why"] == f"Inspection {ABOUT} stayed incomplete: A flood"


# --- sources that stay unnamed --------------------------------------------------------------------------


def test_only_the_agreed_words_leave_the_record_of_a_source(begin: Begin) -> None:
    record = begin("whistle_blower")
    assert record.seen_by() == (True, ["rim"])
    record.do("Task_RecordSource", source_name="Sam Source", source_words="Sam saw it on Monday")
    record.do("Task_AgreeSharing", can_be_shared="yes", shared_text="Records may have been changed")
    ((name, payload),) = record.sent()
    assert name == "Information received"
    assert isinstance(payload, dict)
    assert payload["information"] == "Records may have been changed"
    assert "Sam" not in str(payload)


def test_what_is_shared_holds_no_names_dates_periods_or_places(begin: Begin) -> None:
    record = begin("whistle_blower").do("Task_RecordSource")
    with pytest.raises(FormRefusedError):
        record.do("Task_AgreeSharing", can_be_shared="yes", shared_without=False)
    assert record.do("Task_AgreeSharing", can_be_shared="no").sent() == []
