"""The skeleton: three tasks, one timer, one table, one e-mail, all on rows."""

from collections.abc import Callable
from datetime import date
from email import message_from_bytes
from pathlib import Path

from engine import history
from engine.history import EventKind
from engine.simulation import Driver
from engine.worker.handlers import Tools

DUE = date(2026, 12, 31)


def test_a_case_runs_from_its_first_task_to_its_end(driver: Driver, start: Callable[[], int]) -> None:
    case = start()
    for element in ("Task_Visit", "Task_Write", "Task_Approve"):
        assert driver.open(case) == [element]
        driver.do(case, element)
    assert (driver.open(case), driver.state(case)) == ([], "completed")


def test_a_deadline_starts_when_its_date_is_known_and_is_met_in_time(
    driver: Driver, start: Callable[[], int]
) -> None:
    case = start()
    assert driver.deadlines(case) == {"report": (None, "waiting")}
    driver.do(case, "Task_Visit")
    assert driver.deadlines(case) == {"report": (DUE, "running")}
    driver.do(case, "Task_Write")
    driver.travel(DUE)
    driver.do(case, "Task_Approve")
    assert driver.deadlines(case) == {"report": (DUE, "met")}


def test_a_deadline_is_missed_at_midnight_after_its_day_and_not_before(
    driver: Driver, start: Callable[[], int]
) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    driver.travel(DUE)
    assert driver.deadlines(case)["report"] == (DUE, "running")
    driver.travel(date(2027, 1, 1))
    assert driver.deadlines(case)["report"] == (DUE, "missed")


def test_a_timer_written_with_a_deadline_fires_on_its_day(driver: Driver, start: Callable[[], int]) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    driver.do(case, "Task_Write")
    driver.travel(date(2026, 12, 30))
    assert driver.open(case) == ["Task_Approve"]
    driver.travel(DUE)
    assert driver.open(case) == ["Task_Approve", "Task_Chase"]


def test_the_decision_row_and_its_guidance_are_in_the_history(
    driver: Driver, start: Callable[[], int]
) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    made = next(event for event in driver.history(case) if event.kind == EventKind.DECISION_MADE)
    assert made.fields["matched"] == [
        {"row": 1, "rule": "row_sch", "annotations": {"Guidance": "SCH-XC-176"}}
    ]
    assert made.personal["value"] == 18


def test_the_letter_leaves_as_an_e_mail_to_the_provider(
    driver: Driver, start: Callable[[], int], mail_folder: Path
) -> None:
    case = start()
    for element in ("Task_Visit", "Task_Write", "Task_Approve"):
        driver.do(case, element)
    (file,) = mail_folder.glob("*.eml")
    message = message_from_bytes(file.read_bytes())
    assert message["To"] == "provider@example.org"
    assert "We visited on Thursday 3 December 2026." in message.get_payload()


def test_the_history_of_a_case_is_a_whole_chain(
    driver: Driver, start: Callable[[], int], tools: Tools
) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    with tools.database.read() as connection:
        held, breaks = history.verify(connection, case)
    assert (held, breaks) == (len(driver.history(case)), [])


def test_a_changed_history_row_is_found(driver: Driver, start: Callable[[], int], tools: Tools) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    with tools.database.begin() as connection:
        connection.exec_driver_sql("UPDATE history SET actor = 'nobody' WHERE seq = 3")
    with tools.database.read() as connection:
        (found,) = history.verify(connection, case)[1]
    assert (found.seq, found.why) == (3, "row 3 is not what was recorded")


def test_redacted_personal_data_leaves_the_chain_whole(
    driver: Driver, start: Callable[[], int], tools: Tools
) -> None:
    case = start()
    driver.do(case, "Task_Visit")
    with tools.database.begin() as connection:
        connection.exec_driver_sql("UPDATE history SET personal = NULL, salt = NULL WHERE seq = 1")
    with tools.database.read() as connection:
        assert history.verify(connection, case)[1] == []
