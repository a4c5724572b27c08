"""The life of a job: done after commit by real SMTP, tried again with a pause, an incident in the end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import Message

import pytest
from aiosmtpd.handlers import Message as MessageHandler
from peers import mail_server
from sqlalchemy import select, update

from engine.db.tables import Incident, Job
from engine.runtime import jobs, operator
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker.handlers import HANDLERS, Outcome, Tools
from engine.worker.mail import mail_for

RIM = Actor("rita", (Role("administrator"),))
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=5)


class Mailbox(MessageHandler):
    """Keeps what arrives; takes nothing while `full`."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self.full = False

    async def handle_RCPT(  # noqa: N802 - the name is the server library's
        self, server: object, session: object, envelope: "object", address: str, options: list[str]
    ) -> str:
        if self.full:
            return "452 no room"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Message) -> None:
        self.messages.append(message)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def posting(tools: Tools, mailbox: Mailbox) -> Iterator[Tools]:
    """The tools, with a real SMTP server to post to."""
    with mail_server(mailbox) as port:
        yield replace(tools, mail=mail_for(f"smtp://127.0.0.1:{port}"))


@pytest.fixture
def driver(posting: Tools, driver: Driver) -> Driver:
    return Driver(posting, driver.at)


def _to_the_letter(driver: Driver) -> int:
    case = driver.start("skeleton", "SC000001", {"lead": "ivy"}, team="Team 1", by="planner")
    for element in ("Task_Visit", "Task_Write", "Task_Approve"):
        driver.do(case, element)
    return case


def _lease(tools: Tools, driver: Driver, worker: str) -> jobs.Leased:
    with tools.database.begin() as connection:
        held = jobs.lease(connection, worker=worker, at=driver.at + MINUTE, lasting=LEASE)
        assert held is not None
        return jobs.read(connection, tools.library, job=held, at=driver.at + MINUTE)


def test_an_e_mail_leaves_by_smtp_once_and_names_its_case(driver: Driver, mailbox: Mailbox) -> None:
    _to_the_letter(driver)
    (message,) = mailbox.messages
    assert (message["To"], message["Subject"]) == ("provider@example.org", "Your report (SCH-2026-00001)")


def test_a_refused_e_mail_is_tried_again_after_a_pause_and_then_is_an_incident(
    driver: Driver, mailbox: Mailbox
) -> None:
    mailbox.full = True
    case = _to_the_letter(driver)
    assert driver.incidents(case) == [], "the model allows two tries"
    driver.travel(driver.at + MINUTE)
    (incident,) = driver.incidents(case)
    assert incident.startswith("Send_Report: The mail server did not take the e-mail")
    assert driver.state(case) == "running"


def test_a_retried_incident_goes_on_after_repair(driver: Driver, mailbox: Mailbox, posting: Tools) -> None:
    mailbox.full = True
    case = _to_the_letter(driver)
    driver.travel(driver.at + MINUTE)
    mailbox.full = False
    with posting.database.begin() as connection:
        incident = connection.execute(select(Incident.id)).scalar_one()
        operator.retry_incident(connection, posting.library, incident_id=incident, by=RIM, at=driver.at)
    driver.travel(driver.at)
    assert (driver.incidents(case), driver.state(case), len(mailbox.messages)) == ([], "completed", 1)


def test_an_e_mail_sent_again_after_a_crash_keeps_its_identity(
    driver: Driver, mailbox: Mailbox, posting: Tools
) -> None:
    mailbox.full = True
    _to_the_letter(driver)
    mailbox.full = False
    HANDLERS["email"](_lease(posting, driver, "dies before it records"), posting)
    with posting.database.begin() as connection:
        connection.execute(update(Job).values(leased_until=None, attempts=1))
    driver.travel(driver.at + MINUTE)
    first, second = mailbox.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_a_worker_whose_lease_has_gone_records_nothing(
    driver: Driver, mailbox: Mailbox, posting: Tools
) -> None:
    mailbox.full = True
    case = _to_the_letter(driver)
    late = _lease(posting, driver, "slow")
    with posting.database.begin() as connection:
        connection.execute(update(Job).values(leased_by="quick"))
        recorded = jobs.finish(
            connection, posting.library, job=late, worker="slow", result=Outcome().result, at=driver.at
        )
    assert (recorded, driver.state(case)) == (False, "running")


def test_a_job_type_without_a_handler_is_an_incident_that_says_so(driver: Driver, posting: Tools) -> None:
    case = driver.start("skeleton", "SC000001", {"lead": "ivy"}, team="Team 1", by="planner")
    for element in ("Task_Visit", "Task_Write"):
        driver.do(case, element)
    unskilled = Driver(posting, driver.at, handlers={})
    unskilled.do(case, "Task_Approve")
    unskilled.travel(unskilled.at + MINUTE)
    (incident,) = unskilled.incidents(case)
    assert "No handler does jobs of type 'email'" in incident
