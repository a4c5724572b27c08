"""What a move to another version makes of jobs, tasks, due dates and conditions, and what taking it back."""

from datetime import timedelta

import pytest

from engine import feel
from engine.db.tables import Incident, Job, Timer, Token, UserTask
from engine.runtime import migration, operator, user_tasks
from engine.runtime.migration.moving import NothingToMoveError
from engine.runtime.migration.undoing import ClaimedSinceError, MovedOnError, OtherMoveError
from engine.runtime.operator import OperatorRefusedError
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker.handlers import Outcome
from tests.engine.operations.conftest import ADA, ANA, MONA, WHY, Office
from tests.engine.operations.drawing import (
    begin,
    call,
    condition,
    drawn,
    job,
    move,
    node,
    put,
    task,
    timer,
    undo,
    way,
)

DUE = '<zeebe:taskSchedule dueDate="=today() + duration(&#34;P5D&#34;)" />'


def with_job(type: str, told: str = "=lead", id: str = "A") -> bytes:
    return drawn(
        node("startEvent", "S"), job(id, type, told), task("B"), node("endEvent", "E"), way("S", id, "B", "E")
    )


def one_task(name: str = "E", extensions: str = "", beside: str = "") -> bytes:
    return drawn(
        node("startEvent", "S"),
        task("A", extensions),
        node("endEvent", name),
        way("S", "A", name),
        beside,
    )


@pytest.fixture
def worker(office: Office, driver: Driver) -> Driver:
    """A driver whose worker knows one type of job."""
    return Driver(office.tools, driver.at, handlers={"good": lambda job, tools: Outcome()})


def test_a_job_of_a_wrong_type_is_done_after_a_move_to_the_version_that_corrects_it(
    office: Office, worker: Driver
) -> None:
    put(office, p=with_job("bad"))
    case = begin(office)
    worker.travel(worker.at + timedelta(minutes=1))
    (incident,) = office.rows(Incident)
    put(office, p=with_job("good", told="=setting", id="A2"))
    move(office, case, rename={"A": "A2"})
    (waiting,) = office.rows(Job)
    assert (waiting.element, waiting.type, waiting.state) == ("A2", "good", "failed")
    assert waiting.headers == {"told": "secure children's home"}
    assert office.rows(Incident)[0].element == "A2"
    office.order(operator.retry_incident, incident_id=incident.id, by=ADA)
    worker.travel(worker.at + timedelta(minutes=1))
    assert (worker.incidents(case), worker.open(case)) == ([], ["B"])


def test_a_move_taken_back_gives_a_job_its_earlier_type(office: Office, driver: Driver) -> None:
    broken = Driver(office.tools, driver.at, handlers={})
    put(office, p=with_job("bad"))
    case = begin(office)
    broken.travel(broken.at + timedelta(minutes=1))
    put(office, p=with_job("good", id="A2"))
    move(office, case, rename={"A": "A2"})
    undo(office, case)
    (waiting,) = office.rows(Job)
    assert (waiting.element, waiting.type, office.rows(Incident)[0].element) == ("A", "bad", "A")


def test_a_retried_job_is_told_what_the_variables_say_now(office: Office, driver: Driver) -> None:
    broken = Driver(office.tools, driver.at, handlers={})
    put(office, p=with_job("bad", told="=note"))
    case = begin(office, note="nobody@example.org")
    broken.travel(broken.at + timedelta(minutes=1))
    change = {"instance_id": case, "name": "note", "reason": WHY, "by": ADA}
    office.order(operator.set_variable, value=None, **change)
    (incident,) = office.rows(Incident)
    with pytest.raises(OperatorRefusedError, match="told"):
        office.order(operator.retry_incident, incident_id=incident.id, by=ADA)
    office.order(operator.set_variable, value="ada@example.org", **change)
    office.order(operator.retry_incident, incident_id=incident.id, by=ADA)
    assert office.rows(Job)[0].headers == {"told": "ada@example.org"}


def test_only_the_moved_process_has_its_jobs_renamed(office: Office, driver: Driver) -> None:
    broken = Driver(office.tools, driver.at, handlers={})
    outer = drawn(
        node("startEvent", "S"),
        node("parallelGateway", "G"),
        job("A", "bad", "=lead"),
        call("Call", "inner"),
        node("endEvent", "E"),
        way("S", "G", "A", "E"),
        way("G", "Call"),
    )
    inner = with_job("bad").replace(b'id="p" name="p"', b'id="inner" name="inner"')
    put(office, p=outer, inner=inner)
    case = begin(office)
    broken.travel(broken.at + timedelta(minutes=1))
    put(office, p=outer, inner=inner.replace(b'"A"', b'"A9"'))
    move(office, case, "inner", rename={"A": "A9"})
    standing = {(row.id, row.element) for row in office.rows(Token)}
    found = [(row.token_id, row.element) for row in office.rows(Job) + office.rows(Incident)]
    assert len(found) == 4
    assert set(found) <= standing
    undo(office, case)
    assert {row.element for row in office.rows(Job) + office.rows(Incident)} == {"A"}


def test_a_due_date_that_counts_from_today_is_set_once(office: Office, driver: Driver) -> None:
    both = drawn(
        node("startEvent", "S"),
        node("parallelGateway", "G"),
        task("A", DUE),
        task("B"),
        way("S", "G", "A"),
        way("G", "B"),
    )
    put(office, p=both)
    case = begin(office)
    (due,) = [row.due_date for row in office.rows(UserTask) if row.element == "A"]
    assert due == driver.at.date() + timedelta(days=5)
    driver.travel(driver.at + timedelta(days=3))
    driver.do(case, "B")
    put(office, p=both.replace(b"P5D", b"P50D"))
    move(office, case)
    assert [row.due_date for row in office.rows(UserTask) if row.element == "A"] == [due]


def test_a_due_date_follows_the_variable_it_is_written_in_when_that_is_corrected(
    office: Office, driver: Driver
) -> None:
    put(office, p=one_task(extensions='<zeebe:taskSchedule dueDate="=note" />'))
    case = begin(office, note=feel.Date.of(driver.at.date()))
    later = driver.at.date() + timedelta(days=9)
    change = {"instance_id": case, "reason": WHY, "by": ADA}
    office.order(operator.set_variable, name="note", value=feel.Date.of(later), **change)
    assert office.rows(UserTask)[0].due_date == later


def test_a_due_date_that_could_not_be_computed_is_when_its_variable_is_corrected(
    office: Office, driver: Driver
) -> None:
    put(office, p=one_task(extensions='<zeebe:taskSchedule dueDate="=note" />'))
    case = begin(office, note="soon")
    change = {"instance_id": case, "name": "note", "reason": WHY, "by": ADA}
    office.order(operator.set_variable, value=feel.Date.of(driver.at.date()), **change)
    assert office.rows(UserTask)[0].due_date == driver.at.date()
    (incident,) = office.rows(Incident)
    office.order(operator.retry_incident, incident_id=incident.id, by=ADA)
    assert (driver.incidents(case), office.rows(UserTask)[0].due_date) == ([], driver.at.date())


def test_a_condition_that_is_true_when_its_case_is_moved_is_met_at_once_and_for_good(
    office: Office, driver: Driver
) -> None:
    put(office, p=one_task())
    case = begin(office)
    border = node("boundaryEvent", "C", inner=condition('lead = "ivy"'), attachedToRef="A")
    put(office, p=one_task(beside=border + task("B") + way("C", "B")))
    move(office, case)
    assert driver.open(case) == ["B"]
    with pytest.raises(MovedOnError):
        undo(office, case)


def test_a_timer_drawn_beside_another_task_waits_there_and_no_more_here(
    office: Office, driver: Driver
) -> None:
    def two_tasks(host: str) -> bytes:
        late = node("boundaryEvent", "T", inner=timer("P5D"), attachedToRef=host)
        return drawn(
            node("startEvent", "S"), task("A"), task("B"), late, task("L"), node("endEvent", "E"),
            way("S", "A", "B", "E"), way("T", "L"),
        )  # fmt: skip

    put(office, p=two_tasks("A"))
    first, second = begin(office), begin(office)
    driver.do(second, "A")
    before = office.rows(Timer)
    put(office, p=two_tasks("B"))
    move(office, first)
    move(office, second)
    assert [(row.instance_id, row.key) for row in office.rows(Timer)] == [(second, "T")]
    undo(office, first)
    undo(office, second)
    assert [(row.instance_id, row.token_id, row.due_at) for row in office.rows(Timer)] == [
        (row.instance_id, row.token_id, row.due_at) for row in before
    ]


@pytest.mark.usefixtures("people")
def test_a_move_taken_back_leaves_the_lead_who_was_named_since(office: Office, driver: Driver) -> None:
    put(office, p=one_task())
    case = begin(office)
    put(office, p=one_task("End"))
    move(office, case)
    office.order(operator.change_lead, instance_id=case, role="lead", to="ian", reason=WHY, by=MONA)
    undo(office, case)
    (found,) = office.rows(UserTask)
    assert (found.assignee, found.candidate_users) == ("ian", ["ian"])
    driver.do(case, "A")
    assert driver.state(case) == "completed"


def test_a_move_taken_back_leaves_a_corrected_variable_and_what_follows_from_it(
    office: Office, driver: Driver
) -> None:
    border = node("boundaryEvent", "C", inner=condition('note = "calm"'), attachedToRef="A")
    put(office, p=one_task(beside=border + task("B") + way("C", "B")))
    case = begin(office)
    put(office, p=one_task())
    move(office, case)
    office.order(operator.set_variable, instance_id=case, name="note", value="calm", reason=WHY, by=ADA)
    undo(office, case)
    assert driver.open(case) == ["B"]


def for_role(role: str, name: str = "E") -> bytes:
    return one_task(name).replace(b'candidateGroups="lead"', f'candidateGroups="{role}"'.encode())


def test_a_move_is_not_taken_back_under_the_hands_of_who_claimed_the_task_since(
    office: Office, driver: Driver
) -> None:
    put(office, p=for_role("manager"))
    case = begin(office)
    put(office, p=for_role("lead, manager", "End"))
    move(office, case)
    (found,) = office.rows(UserTask)
    office.order(user_tasks.claim, task_id=found.id, by=Actor("ivy", (Role("lead"),)))
    with pytest.raises(ClaimedSinceError, match="ivy has claimed “A” since"):
        undo(office, case)
    office.order(operator.release_claim, task_id=found.id, reason=WHY, by=ADA)
    undo(office, case)
    assert office.rows(UserTask)[0].candidate_groups == ["manager"]


def test_a_claim_made_since_stays_where_the_same_people_do_the_task(office: Office, driver: Driver) -> None:
    put(office, p=for_role("manager"))
    case = begin(office)
    put(office, p=for_role("manager", "End"))
    move(office, case)
    (found,) = office.rows(UserTask)
    office.order(user_tasks.claim, task_id=found.id, by=MONA)
    undo(office, case)
    assert office.rows(UserTask)[0].assignee == "mona"


def test_a_move_taken_back_closes_the_incident_that_it_opened_about_a_task(
    office: Office, driver: Driver
) -> None:
    put(office, p=one_task())
    case = begin(office)
    put(office, p=for_role("=[&#34;nobody_knows&#34;]"))
    move(office, case)
    assert len(driver.incidents(case)) == 1
    undo(office, case)
    assert driver.incidents(case) == []


def test_a_case_that_runs_the_version_already_is_not_moved_again(office: Office, driver: Driver) -> None:
    put(office, p=one_task())
    case = begin(office)
    put(office, p=one_task("End"))
    move(office, case)
    with pytest.raises(NothingToMoveError, match="runs another version of 'p'"):
        move(office, case)
    assert [event.kind for event in driver.history(case)].count("case migrated") == 1


def test_a_move_and_its_taking_back_need_a_reason(office: Office, driver: Driver) -> None:
    put(office, p=one_task())
    case = begin(office)
    put(office, p=one_task("End"))
    with office.tools.database.read() as connection:
        to = migration.target(connection, office.tools.library, process_id="p", version=2, rename={})
    with pytest.raises(OperatorRefusedError, match="The reason is missing"):
        office.order(migration.migrate, instance_id=case, to=to, reason=" ", by=ANA)
    move(office, case)
    with pytest.raises(OperatorRefusedError, match="The reason is missing"):
        office.order(migration.undo, instance_id=case, reason="", by=ANA)


def test_only_the_move_that_is_meant_is_taken_back(office: Office, driver: Driver) -> None:
    put(office, p=one_task())
    case = begin(office)
    first = office.rows(Token)[0].definition_id
    put(office, p=one_task("End"))
    move(office, case)
    with pytest.raises(OtherMoveError, match="last moved to version 2 of 'p'"):
        office.order(migration.undo, instance_id=case, reason=WHY, by=ANA, to=first)
