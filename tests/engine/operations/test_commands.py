"""What those in charge may do to a case, who may, and what the history says of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from engine import check, feel, history
from engine.db.tables import Incident, Instance, Job, Subscription, Timer, Token, UserTask, Variable
from engine.runtime import deployments, messages, operator, user_tasks
from engine.runtime.errors import CaseNotRunningError, NotPermittedError
from engine.runtime.operator import Command, OperatorRefusedError
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from tests.engine.conftest import MODELS
from tests.engine.operations.conftest import ADA, ANA, MONA, STRANGER, WHY, Office
from tests.engine.operations.drawing import COMPLAINT, begin, drawn, message, node, put, task, way
from tests.engine.operations.test_migration import CALLER

Start = Callable[[], int]


def _told(driver: Driver, case: int, kind: str) -> dict[str, object]:
    (event,) = [event for event in driver.history(case) if event.kind == kind]
    return event.fields


def test_a_suspended_case_stands_still_until_it_is_resumed(
    office: Office, driver: Driver, start: Start
) -> None:
    case = start()
    office.order(operator.suspend, instance_id=case, reason=WHY, by=ADA)
    with pytest.raises(CaseNotRunningError):
        driver.do(case, "Task_Visit")
    office.order(operator.resume, instance_id=case, reason="Mended", by=ADA)
    driver.do(case, "Task_Visit")
    assert _told(driver, case, "case suspended") == {"reason": WHY}


def test_a_cancelled_case_has_nothing_open_and_its_deadlines_are_void(
    office: Office, driver: Driver, start: Start
) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    office.order(operator.cancel, instance_id=case, reason=WHY, by=ADA)
    assert (driver.state(case), driver.open(case)) == ("cancelled", [])
    assert {state for _, state in driver.deadlines(case).values()} == {"void"}
    assert (office.rows(Token), office.rows(Timer)) == ([], [])


def test_a_token_moved_by_hand_takes_its_task_and_timers_along(
    office: Office, driver: Driver, start: Start
) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    driver.do(case, "Task_Write")
    (token,) = [each for each in office.rows(Token) if each.element == "Task_Approve"]
    office.order(
        operator.move_token, instance_id=case, token_id=token.id, element="Task_Write", reason=WHY, by=ADA
    )
    assert driver.open(case) == ["Task_Write"]
    assert [timer for timer in office.rows(Timer) if timer.token_id is not None] == []
    assert _told(driver, case, "token moved") == {"from": "Task_Approve", "reason": WHY}
    for element in ("Task_Write", "Task_Approve"):
        driver.do(case, element)
    assert driver.state(case) == "completed"


def test_a_token_goes_only_where_one_can_begin(office: Office, driver: Driver, start: Start) -> None:
    case = start()
    (token,) = office.rows(Token)
    for element in ("Timer_Late", "Start", "Nowhere"):
        with pytest.raises(OperatorRefusedError, match=element):
            office.order(
                operator.move_token, instance_id=case, token_id=token.id, element=element, reason=WHY, by=ADA
            )
    assert driver.open(case) == ["Task_Visit"]


def test_a_case_taken_back_keeps_its_variables_and_what_was_recorded(
    office: Office, driver: Driver, start: Start
) -> None:
    case = start()
    driver.do(case, "Task_Visit", notes="A calm home")
    driver.do(case, "Task_Write")
    office.order(operator.restart, instance_id=case, element="Task_Visit", reason=WHY, by=ADA)
    assert driver.open(case) == ["Task_Visit"]
    assert [event.element for event in driver.history(case) if event.kind == "task completed"] == [
        "Task_Visit",
        "Task_Write",
    ]


def test_a_corrected_variable_moves_the_deadline_that_is_counted_from_it(
    office: Office, driver: Driver, start: Start
) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    before = driver.deadlines(case)["report"][0]
    earlier = feel.evaluate('date("2026-12-01")', {})
    office.order(
        operator.set_variable, instance_id=case, name="visited_on", value=earlier, reason=WHY, by=ADA
    )
    after = driver.deadlines(case)["report"][0]
    assert before is not None
    assert after == before - timedelta(days=2)
    assert _told(driver, case, "variable corrected")["reason"] == WHY


def test_a_withdrawn_job_takes_its_incident_along(office: Office, driver: Driver, start: Start) -> None:
    broken = Driver(office.tools, driver.at, handlers={})
    case = start()
    for element in ("Task_Visit", "Task_Write", "Task_Approve"):
        broken.do(case, element)
    broken.travel(broken.at + timedelta(minutes=1))
    assert len(broken.incidents(case)) == 1
    office.order(operator.restart, instance_id=case, element="Task_Approve", reason=WHY, by=ADA)
    assert (broken.incidents(case), [job.state for job in office.rows(Job)]) == ([], ["cancelled"])
    driver.do(case, "Task_Approve")
    assert driver.state(case) == "completed"


def test_the_claim_of_somebody_absent_is_released_by_their_manager_with_a_reason(
    office: Office, driver: Driver, start: Start
) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    driver.do(case, "Task_Write")
    (task,) = office.rows(UserTask, UserTask.element == "Task_Approve")
    with office.tools.database.begin() as connection:
        mark = Actor("mark", MONA.roles)
        user_tasks.claim(connection, office.tools.library, task_id=task.id, by=mark, at=driver.at)
    office.order(operator.release_claim, task_id=task.id, reason="On leave", by=MONA)
    (task,) = office.rows(UserTask, UserTask.element == "Task_Approve")
    assert (task.state, task.assignee) == ("open", None)
    assert _told(driver, case, "task released")["held by"] == "mark"


def test_a_task_that_only_one_named_person_can_do_is_not_released_to_nobody(
    office: Office, start: Start
) -> None:
    start()
    (task,) = office.rows(UserTask)
    with pytest.raises(OperatorRefusedError, match="Name another lead"):
        office.order(operator.release_claim, task_id=task.id, reason="On leave", by=MONA)


@pytest.mark.usefixtures("people")
def test_another_lead_takes_over_the_leads_open_tasks(office: Office, driver: Driver, start: Start) -> None:
    case = start()
    change = {"instance_id": case, "role": "lead", "reason": "On leave", "by": MONA}
    office.order(operator.change_lead, to="ian", **change)
    (task,) = office.rows(UserTask)
    assert (task.assignee, task.candidate_users) == ("ian", ["ian"])
    assert _told(driver, case, "lead changed") == {
        "role": "lead", "was": "ivy", "now": "ian", "reason": "On leave"
    }  # fmt: skip
    with pytest.raises(OperatorRefusedError, match="does not hold the role"):
        office.order(operator.change_lead, to="mona", **change)


def test_a_message_that_nobody_took_is_resolved_by_hand_and_never_tried_again(
    office: Office, driver: Driver, start: Start
) -> None:
    case = start()
    with office.tools.database.begin() as connection:
        number = messages.publish(
            connection, name="asked", correlation_key="x", payload={}, expires_at=driver.at, at=driver.at
        )
        sender = messages.Message.__table__.update().where(messages.Message.id == number)
        connection.execute(sender.values(sender_instance_id=case, sender_token_id=1))
    driver.travel(driver.at + timedelta(minutes=1))
    (incident,) = office.rows(Incident)
    with pytest.raises(OperatorRefusedError, match="cannot be tried again"):
        office.order(operator.retry_incident, incident_id=incident.id, by=MONA)
    office.order(operator.resolve_incident, incident_id=incident.id, reason="Told them by telephone", by=MONA)
    assert driver.incidents(case) == []
    assert _told(driver, case, "incident resolved")["reason"] == "Told them by telephone"


def test_a_task_for_whom_nobody_is_found_is_one_incident_until_somebody_is(
    office: Office, driver: Driver
) -> None:
    case = driver.start("skeleton", "SC000001", {"lead": None}, team="Team 1", by="planner")
    change = {"instance_id": case, "reason": WHY, "by": ADA}
    for value in ("Calm", "Busy"):
        office.order(operator.set_variable, name="notes", value=value, **change)
    (incident,) = office.rows(Incident)
    office.order(operator.retry_incident, incident_id=incident.id, by=ADA)
    (again,) = office.rows(Incident, Incident.resolved_at.is_(None))
    office.order(operator.set_variable, name="lead", value="ivy", **change)
    office.order(operator.retry_incident, incident_id=again.id, by=ADA)
    assert driver.incidents(case) == []
    (task,) = office.rows(UserTask)
    assert task.candidate_users == ["ivy"]


def test_a_corrected_variable_is_corrected_in_the_copies_that_called_processes_were_handed(
    office: Office, driver: Driver
) -> None:
    files = dict(check.read_folder(MODELS)) | {"outer.bpmn": CALLER.encode()}
    with office.tools.database.begin() as connection:
        deployments.deploy(connection, files=files, by="ana", at=driver.at)
    variables = {"lead": "ivy", "notes": "Calm"}
    case = driver.start("outer", "SC000001", variables, team="Team 1", by="planner")
    held = {row.scope_id for row in office.rows(Variable, Variable.name == "notes")}
    assert len(held) == 2
    change = {"instance_id": case, "name": "notes", "reason": WHY, "by": ADA}
    office.order(operator.set_variable, value="Busy", **change)
    assert [row.value for row in office.rows(Variable, Variable.name == "notes")] == ["Busy", "Busy"]
    office.order(operator.set_variable, value="Loud", scope_id=max(held), **change)
    office.order(operator.set_variable, value="Shut", **change)
    found = {row.scope_id: row.value for row in office.rows(Variable, Variable.name == "notes")}
    assert found == {0: "Shut", max(held): "Loud"}


def test_a_deadline_that_still_cannot_be_counted_is_an_incident_again_when_it_is_retried(
    office: Office, driver: Driver, start: Start
) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    far = feel.evaluate('date("2999-12-01")', {})
    office.order(operator.set_variable, instance_id=case, name="visited_on", value=far, reason=WHY, by=ADA)
    (first,) = office.rows(Incident, Incident.resolved_at.is_(None))
    assert first.kind == "deadline"
    office.order(operator.retry_incident, incident_id=first.id, by=ADA)
    (again,) = office.rows(Incident, Incident.resolved_at.is_(None))
    assert (again.id != first.id, again.message) == (True, first.message)
    near = feel.evaluate('date("2026-12-01")', {})
    office.order(operator.set_variable, instance_id=case, name="visited_on", value=near, reason=WHY, by=ADA)
    assert driver.incidents(case) == []


def test_every_command_names_the_roles_that_may_give_it() -> None:
    assert set(operator.RIGHTS) == set(Command)
    assert all(operator.RIGHTS.values())


@pytest.mark.parametrize("by", [STRANGER, Actor("ivy", ())], ids=["another team's manager", "no role"])
def test_those_whom_the_table_does_not_name_are_refused(by: Actor, office: Office, start: Start) -> None:
    case = start()
    orders = (
        (operator.suspend, {}),
        (operator.cancel, {}),
        (operator.set_variable, {"name": "x", "value": None}),
        (operator.restart, {"element": "Task_Visit"}),
        (operator.move_token, {"token_id": 1, "element": "Task_Visit"}),
        (operator.change_lead, {"role": "lead", "to": "ian"}),
    )
    for command, given in orders:
        with pytest.raises(NotPermittedError):
            office.order(command, instance_id=case, reason=WHY, by=by, **given)


def test_a_command_without_its_reason_is_refused(office: Office, start: Start) -> None:
    case = start()
    with pytest.raises(OperatorRefusedError, match="The reason is missing"):
        office.order(operator.cancel, instance_id=case, reason="  ", by=ADA)


def test_the_history_of_a_mended_case_still_verifies(office: Office, driver: Driver, start: Start) -> None:
    case = start()
    office.order(operator.suspend, instance_id=case, reason=WHY, by=ADA)
    office.order(operator.resume, instance_id=case, reason=WHY, by=ADA)
    office.order(operator.restart, instance_id=case, element="Task_Write", reason=WHY, by=ADA)
    with office.tools.database.read() as connection:
        assert history.verify(connection)[1] == []


def test_a_name_that_every_model_can_call_is_no_variable(
    office: Office, driver: Driver, start: Start
) -> None:
    case = start()
    change = {"instance_id": case, "value": "x", "reason": WHY, "by": ADA}
    for name in ("deadline", "deadline_calendar"):
        with pytest.raises(OperatorRefusedError, match="is a function that every model can use"):
            office.order(operator.set_variable, name=name, **change)


def test_whom_a_case_names_as_its_lead_is_changed_with_the_leads_tasks_only(
    office: Office, driver: Driver, start: Start
) -> None:
    case = start()
    change = {"instance_id": case, "name": "lead", "reason": WHY, "by": ADA}
    with pytest.raises(OperatorRefusedError, match="Name another lead"):
        office.order(operator.set_variable, value="ian", **change)
    office.order(operator.set_variable, value=None, **change)
    office.order(operator.set_variable, value="ivy", **change)
    driver.do(case, "Task_Visit")


COMPLAINED = drawn(
    node("startEvent", "S"), task("A"), task("A2"), node("endEvent", "E"), way("S", "A", "A2", "E"),
    node(
        "subProcess", "Handle", triggeredByEvent="true",
        inner=node("startEvent", "Complained", inner=message("M"), isInterrupting="true")
        + task("Answer") + node("endEvent", "Answered") + way("Complained", "Answer", "Answered"),
    ),
    node(
        "subProcess", "Note", triggeredByEvent="true",
        inner=node("startEvent", "Praised", inner=message("N"), isInterrupting="false")
        + task("Thank") + node("endEvent", "Thanked") + way("Praised", "Thank", "Thanked"),
    ),
    beside=COMPLAINT.format("M", "complaint") + COMPLAINT.format("N", "praise"),
)  # fmt: skip


@pytest.mark.parametrize("back", ["restart", "move"])
def test_a_case_taken_out_of_an_event_sub_process_that_interrupted_it_waits_for_its_events_again(
    back: str, office: Office, driver: Driver
) -> None:
    put(office, p=COMPLAINED)
    case = begin(office)
    before = {row.key for row in office.rows(Subscription)}
    send(office, case, "complaint")
    assert (driver.open(case), office.rows(Subscription)) == (["Answer"], [])
    (handling,) = [row.id for row in office.rows(Token) if row.element == "Handle"]
    given = {"instance_id": case, "element": "A", "reason": WHY, "by": ADA}
    if back == "restart":
        office.order(operator.restart, **given)
    else:
        office.order(operator.move_token, token_id=handling, **given)
    assert driver.open(case) == ["A"]
    assert {row.key for row in office.rows(Subscription)} == before
    send(office, case, "praise")
    assert driver.open(case) == ["A", "Thank"]
    send(office, case, "complaint")
    assert driver.open(case) == ["Answer"]


def send(office: Office, case: int, name: str) -> None:
    (key,) = office.rows(Variable, Variable.instance_id == case, Variable.name == "reference")
    at = office.driver.at
    with office.tools.database.begin() as connection:
        messages.publish(
            connection,
            name=name,
            correlation_key=key.value,
            payload={},
            expires_at=at + timedelta(hours=1),
            at=at,
        )
    office.driver.travel(at + timedelta(minutes=1))


RIM_OF_THE_NORTH = Actor("rita", (Role("rim", region="North"),))
RIM_OF_THE_SOUTH = Actor("rob", (Role("rim", region="South"),))


def test_a_region_is_the_reach_of_those_who_manage_one(office: Office, start: Start) -> None:
    files = dict(check.read_folder(MODELS))
    files["groups.yaml"] += b"  - {id: rim, name: RIM, lanes: [RIM], relation: region}\n"
    with office.tools.database.begin() as connection:
        deployments.deploy(connection, files=files, by="ana", at=office.driver.at)
    case = start()
    with pytest.raises(NotPermittedError):
        office.order(operator.suspend, instance_id=case, reason=WHY, by=RIM_OF_THE_SOUTH)
    office.order(operator.suspend, instance_id=case, reason=WHY, by=RIM_OF_THE_NORTH)


def test_a_restricted_case_is_closed_to_those_who_reach_every_other(office: Office, start: Start) -> None:
    case = start()
    with office.tools.database.begin() as connection:
        connection.execute(update(Instance).where(Instance.id == case).values(restricted=True))
    (token,), (held,) = office.rows(Token), office.rows(UserTask)
    of_case = (
        (operator.suspend, {}),
        (operator.cancel, {}),
        (operator.move_token, {"token_id": token.id, "element": "Task_Write"}),
        (operator.restart, {"element": "Task_Write"}),
        (operator.set_variable, {"name": "notes", "value": None}),
        (operator.change_lead, {"role": "lead", "to": "ian"}),
    )
    for by in (ADA, ANA, RIM_OF_THE_SOUTH):
        for command, given in of_case:
            with pytest.raises(NotPermittedError):
                office.order(command, instance_id=case, reason=WHY, by=by, **given)
        with pytest.raises(NotPermittedError):
            office.order(operator.release_claim, task_id=held.id, reason=WHY, by=by)
