"""A suspended case takes note of what happens and stands still; resumed, it follows what is true then."""

from datetime import timedelta

from engine.db.tables import Job, Variable
from engine.runtime import messages, operator
from engine.runtime.jobs import Leased
from engine.simulation import Driver
from engine.worker.handlers import HandlerError, Outcome, Tools
from tests.engine.conftest import MODELS
from tests.engine.operations.conftest import ADA, WHY, Office
from tests.engine.operations.drawing import (
    COMPLAINT,
    begin,
    condition,
    drawn,
    job,
    message,
    move,
    node,
    put,
    task,
    timer,
    way,
)


def waiting_for(event: str, beside: str = "") -> bytes:
    """A task with an event on its border, behind which another task is."""
    return drawn(
        node("startEvent", "S"), task("A"), node("endEvent", "E"), way("S", "A", "E"),
        node("boundaryEvent", "X", inner=event, attachedToRef="A"), task("B"), way("X", "B"),
        beside=beside,
    )  # fmt: skip


def suspend(office: Office, case: int) -> None:
    office.order(operator.suspend, instance_id=case, reason=WHY, by=ADA)


def resume(office: Office, case: int) -> None:
    office.order(operator.resume, instance_id=case, reason=WHY, by=ADA)
    office.driver.travel(office.driver.at + timedelta(minutes=1))


def test_a_timer_that_falls_due_meanwhile_fires_when_its_case_is_resumed(
    office: Office, driver: Driver
) -> None:
    put(office, p=waiting_for(timer("P2D")))
    case = begin(office)
    suspend(office, case)
    driver.pass_days(5)
    assert driver.open(case) == ["A"]
    resume(office, case)
    assert driver.open(case) == ["B"]


def test_a_message_waits_for_its_case_to_be_resumed(office: Office, driver: Driver) -> None:
    put(office, p=waiting_for(message("M"), COMPLAINT.format("M", "complaint")))
    case = begin(office)
    suspend(office, case)
    with office.tools.database.begin() as connection:
        messages.publish(
            connection,
            name="complaint",
            correlation_key=reference(office, case),
            payload={},
            expires_at=driver.at + timedelta(days=3),
            at=driver.at,
        )
    driver.pass_days(1)
    assert driver.open(case) == ["A"]
    resume(office, case)
    assert driver.open(case) == ["B"]


def reference(office: Office, case: int) -> str:
    (found,) = office.rows(Variable, Variable.instance_id == case, Variable.name == "reference")
    return str(found.value)


def test_a_job_that_failed_is_not_tried_again_before_its_case_is_resumed(
    office: Office, driver: Driver
) -> None:
    tried = []

    def fail_once(held: Leased, tools: Tools) -> Outcome:
        tried.append(driver.at)
        if len(tried) == 1:
            raise HandlerError("The post office is closed.")
        return Outcome()

    worker = Driver(office.tools, driver.at, handlers={"post": fail_once})
    twice = job("J", "post", "=lead").replace('retries="1"', 'retries="2"')
    put(office, p=drawn(node("startEvent", "S"), twice, task("A"), way("S", "J", "A")))
    case = begin(Office(office.tools, worker))
    suspend(office, case)
    worker.pass_days(2)
    assert (len(tried), office.rows(Job)[0].state) == (1, "waiting")
    office.order(operator.resume, instance_id=case, reason=WHY, by=ADA)
    worker.travel(worker.at + timedelta(minutes=1))
    assert (len(tried), worker.open(case)) == (2, ["A"])


def test_another_lead_is_recorded_and_followed_when_the_case_is_resumed(
    office: Office, driver: Driver, people: None
) -> None:
    put(office, p=waiting_for(condition('lead = "ian"')))
    case = begin(office)
    suspend(office, case)
    office.order(operator.change_lead, instance_id=case, role="lead", to="ian", reason=WHY, by=ADA)
    (named,) = office.rows(Variable, Variable.name == "lead")
    assert (named.value, driver.open(case)) == ("ian", ["A"])
    resume(office, case)
    assert driver.open(case) == ["B"]


def test_what_became_true_and_false_again_is_not_followed(
    office: Office, driver: Driver, people: None
) -> None:
    put(office, p=waiting_for(condition('lead = "ian"')))
    case = begin(office)
    suspend(office, case)
    for name in ("ian", "ivy"):
        office.order(operator.change_lead, instance_id=case, role="lead", to=name, reason=WHY, by=ADA)
    resume(office, case)
    assert driver.open(case) == ["A"]


def test_a_case_moved_to_another_version_follows_its_condition_when_it_is_resumed(
    office: Office, driver: Driver
) -> None:
    put(office, p=waiting_for(timer("P2D")))
    case = begin(office)
    suspend(office, case)
    put(office, p=waiting_for(condition('lead = "ivy"')))
    move(office, case)
    assert driver.open(case) == ["A"]
    resume(office, case)
    assert driver.open(case) == ["B"]


def test_a_fact_of_another_case_meets_a_deadline_and_moves_nothing(office: Office, driver: Driver) -> None:
    text = (MODELS / "skeleton.bpmn").read_text()
    report = '"deadline.report.metBy" value="{}"'
    skeleton = (
        text.replace(report.format("Task_Approve"), report.format("fact:visited"))
        .replace("<bpmn:definitions ", f"<bpmn:definitions {XSI} ", 1)
        .replace("</bpmn:process>", MET + "</bpmn:process>")
        .replace("<bpmn:flowNodeRef>Timer_Late", f"{ALSO}<bpmn:flowNodeRef>Timer_Late")
    )
    records = '<zeebe:properties><zeebe:property name="records" value="visited" /></zeebe:properties>'
    visit = drawn(node("startEvent", "S"), task("A", records), way("S", "A"), id="visit")
    put(office, skeleton=skeleton.encode(), visit=visit)
    case, other = begin(office, "skeleton"), begin(office, "visit")
    driver.do(case, "Task_Visit")
    suspend(office, case)
    driver.do(other, "A")
    driver.travel(driver.at + timedelta(minutes=1))
    assert driver.deadlines(case)["report"][1] == "met"
    assert driver.open(case) == ["Task_Write"]
    resume(office, case)
    assert driver.state(case) == "completed"


XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
MET = node(
    "boundaryEvent", "Met", inner=condition('deadline("report").state = "met"'), attachedToRef="Task_Write"
) + node("endEvent", "End_Met") + way("Met", "End_Met")  # fmt: skip
ALSO = "<bpmn:flowNodeRef>Met</bpmn:flowNodeRef><bpmn:flowNodeRef>End_Met</bpmn:flowNodeRef>"
