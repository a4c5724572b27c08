"""The running service that people visit: web server, worker and mail on one database, and a clock to move."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from datetime import time as of_day
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path

import waitress
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import select

from engine import feel, simulation
from engine.clock import LONDON
from engine.db import Database
from engine.db.tables import Instance
from engine.runtime import calendars
from engine.runtime.library import Library
from engine.workdays import Calendar
from engine.worker import Worker
from engine.worker.handlers import Tools
from engine.worker.mail import mail_for
from web import demo, running
from web.app import create_app
from web.settings import Settings

MODELS = Path(__file__).parents[2] / "bpmn"
SCENARIOS = MODELS / "full_inspection" / "scenarios"
SECRET = "a key for journeys only, of more than 32 characters"
DEMO_HOME = demo.HOMES[0]
URN = "SC000001"
BEFORE = datetime(2026, 11, 30, 8, tzinfo=LONDON)
"""Monday; the visit is on Tuesday to Thursday, and Christmas lies before the draft is due."""

FIRST_DAY, FEEDBACK_DAY = date(2026, 12, 1), date(2026, 12, 3)

PATIENCE = 60.0
"""Seconds that the worker is given for what it does beside the pages."""


class Clock:
    """A clock that stands still until a journey moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Mailbox:
    """Takes every e-mail that arrives by SMTP."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        letter = message_from_bytes(envelope.content or b"", policy=modern)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 taken"

    def letter(self, subject: str) -> EmailMessage:
        """The last letter whose subject begins so, as soon as it is there."""
        found = eventually(lambda: self._last(subject), f"an e-mail “{subject}”")
        assert found is not None
        return found

    def _last(self, subject: str) -> EmailMessage | None:
        fitting = [each for each in self.letters if str(each["Subject"]).startswith(subject)]
        return fitting[-1] if fitting else None


def eventually(look: Callable[[], object], what: str) -> object:
    """The first answer that is something; fails when patience ends."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited in vain for {what}")


@dataclass
class Office:
    """The service as people reach it at `address`."""

    tools: Tools
    clock: Clock
    mailbox: Mailbox
    address: str
    _work: list[tuple[threading.Thread, threading.Event]] = field(default_factory=list)

    def the_day_is(self, day: date) -> None:
        """Moves the clock to 09:00 of the day; the worker does what falls due."""
        self.clock.at = max(self.clock.at, datetime.combine(day, of_day(9), LONDON))

    def case_at(self, task: str, *, scenario: str = "good") -> "Case":
        """A case of the scenario, carried to where `task` waits."""
        case = Case(self, scenario)
        case.carry_on(until=task)
        return case

    @contextmanager
    def driven(self) -> Iterator[simulation.Driver]:
        """A hand on the clock; the worker rests meanwhile, since the hand does its work."""
        self._rest()
        driver = simulation.Driver(self.tools, self.clock.at)
        try:
            yield driver
        finally:
            self.clock.at = driver.at
            self.start_work()

    def start_work(self) -> None:
        """The worker does what is due, in a thread of its own, until the office closes."""
        stop = threading.Event()
        worker = Worker(self.tools, self.clock, name="journeys")
        thread = threading.Thread(target=worker.run, args=[stop], name="worker")
        thread.start()
        self._work.append((thread, stop))

    def close(self) -> None:
        self._rest()

    def _rest(self) -> None:
        while self._work:
            thread, stop = self._work.pop()
            stop.set()
            thread.join()


class Case:
    """An inspection that a scenario carries on where nobody does it by hand."""

    def __init__(self, office: Office, scenario: str) -> None:
        script = simulation.read(SCENARIOS / f"{scenario}.yaml")
        calendar = Calendar.england(calendars.FIRST_YEAR, calendars.LAST_YEAR)
        self._office = office
        self._moments = list(script.moments(BEFORE.date(), calendar))
        with office.driven() as driver:
            self.number = driver.start("full_inspection", URN, _people(), team=demo.TEAM, by="planner")
        with office.tools.database.read() as connection:
            query = select(Instance.reference).where(Instance.id == self.number)
            self.reference = connection.execute(query).scalar_one()

    def carry_on(self, *, until: str = "", by_hand: tuple[str, ...] = ()) -> None:
        """Takes the next steps, without those `by_hand`, to where `until` waits (to the end, without it)."""
        with self._office.driven() as driver:
            while self._moments and self._moments[0][1].element != until:
                at, step = self._moments.pop(0)
                if step.element not in by_hand:
                    driver.travel(at)
                    simulation.perform(driver, self.number, step)
            if self._moments:
                driver.travel(self._moments[0][0])  # to the day on which the next step is taken

    def weeks_pass(self) -> None:
        """Long enough for what was sent to be published."""
        with self._office.driven() as driver:
            driver.pass_days(21)


@contextmanager
def opened(database: Database, library: Library) -> Iterator[Office]:
    """The office on a prepared database, until the block ends."""
    clock, mailbox = Clock(BEFORE), Mailbox()
    settings = Settings(secret_key=SECRET, secure_cookies=False, clock=clock)
    with _received(mailbox) as mail, _served(create_app(database, library, settings)) as address:
        tools = Tools(
            database=database,
            library=library,
            mail=mail_for(mail),
            sender="inspections@inspect.example",
            address=address,
            secret_key=SECRET,
        )
        office = Office(tools, clock, mailbox, address)
        office.start_work()
        try:
            yield office
        finally:
            office.close()


@contextmanager
def _received(mailbox: Mailbox) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]  # the post wants to be told one
    post = Controller(mailbox, hostname="127.0.0.1", port=port)
    post.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        post.stop()


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=running.THREADS, ident=None)
    thread = threading.Thread(target=server.run, name="web")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # The loop's own thread closes what it watches: then it has nothing left to watch, and ends.
        server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map, ignore_all=True))
        thread.join()
        server.task_dispatcher.shutdown()


def _people() -> dict[str, feel.Value]:
    return {
        "lead_inspector": "inspector",
        "inspection_team": ["inspector", "teammate", "education", "health"],
        "education_inspector": "education",
        "health_inspector": "health",
        "planned_first_day": feel.Date.of(FIRST_DAY),
    }
