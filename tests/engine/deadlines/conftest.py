"""A process with deadlines of every kind, the product's table of changes, and a hand on the clock."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from copying import copy_of
from sqlalchemy import Row, insert, select

from engine import check, feel
from engine.clock import LONDON
from engine.db import Database
from engine.db.tables import Deadline, Service, User
from engine.history import HistoryEvent
from engine.runtime import calendars, deployments
from engine.runtime.library import Library
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker.handlers import Tools
from engine.worker.mail import FolderMail

MODELS = Path(__file__).parent / "models"
CHANGES = Path(__file__).parents[3] / "bpmn" / "decisions" / "deadline_changes.dmn"
REGION, TEAM = "North", "Team North"

IVY = Actor("ivy", (Role("lead_inspector"),))
MONA = Actor("mona", (Role("manager", team=TEAM),))
MAX = Actor("max", (Role("manager", team="Team South"),))
RITA = Actor("rita", (Role("rim", region=REGION),))
DORA = Actor("dora", (Role("director"),))


def nine(day: date) -> datetime:
    """Nine in the morning, in London."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=LONDON)


@pytest.fixture
def mail_folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture(scope="session")
def deployed(clone: Callable[[], str]) -> str:
    """The URL of a database with the process and two services; only ever copied."""
    at, url = nine(date(2024, 1, 2)), clone()
    database = Database(url, pool_size=1)
    files = {**check.read_folder(MODELS), "decisions/deadline_changes.dmn": CHANGES.read_bytes()}
    with database.begin() as connection:
        calendars.ensure_first(connection, at=at)
        deployments.deploy(connection, files=files, by="analyst", at=at)
        for urn, setting in (("SC000001", "secure children's home"), ("CH000001", "children's home")):
            connection.execute(
                insert(Service).values(
                    urn=urn,
                    name="Example House",
                    setting=setting,
                    region=REGION,
                    local_authority="Exampleshire",
                    provider_name="Example Care",
                    provider_email="provider@example.org",
                )
            )
        connection.execute(
            insert(User).values(
                id="ivy", name="Ivy", email="ivy@example.org", password_hash="", created_at=at
            )
        )
    database.dispose()
    return url


@pytest.fixture(scope="session")
def library() -> Library:
    """What is compiled once serves every copy: their definitions have the same ids."""
    return Library()


@pytest.fixture
def copied(deployed: str, server_url: str) -> Iterator[Database]:
    """A copy of the deployed database, of the test's own."""
    with copy_of(deployed, server_url) as database:
        yield database


@pytest.fixture
def tools(copied: Database, library: Library, mail_folder: Path) -> Tools:
    return Tools(
        database=copied,
        library=library,
        mail=FolderMail(mail_folder),
        sender="inspections@example.org",
        address="http://127.0.0.1",
        secret_key="only for tests, long enough to be taken",
    )


@dataclass
class Office:
    """One case at a time, and everything one does with its deadlines."""

    driver: Driver
    tools: Tools
    case: int = 0

    def visited(self, day: date, *, report_days: int = 18, urn: str = "SC000001") -> "Office":
        """A case whose home was visited that day, told the same morning."""
        self.driver.travel(nine(day))
        self.case = self.driver.start(
            "visit_and_finish",
            urn,
            {
                "lead_inspector": "ivy",
                "report_days": Decimal(report_days),
                "rim_email": "rim@example.org",
                "director_email": "director@example.org",
            },
            team=TEAM,
            by="planner",
        )
        self.do("Task_Visit", visited_on=feel.Date.of(day))
        return self

    def do(self, element: str, **answers: feel.Value) -> "Office":
        self.driver.do(self.case, element, **answers)
        assert not self.driver.incidents(self.case), self.driver.incidents(self.case)
        return self

    def on(self, day: date) -> "Office":
        self.driver.travel(nine(day))
        return self

    def row(self, key: str) -> Row[tuple[object, ...]]:
        (found,) = self.rows(key)
        return found

    def rows(self, key: str) -> Sequence[Row[tuple[object, ...]]]:
        """Of each scope that has the deadline."""
        query = select(*Deadline.__table__.columns).where(
            Deadline.instance_id == self.case, Deadline.key == key
        )
        with self.tools.database.read() as connection:
            return connection.execute(query).all()

    def state(self, key: str) -> tuple[date | None, str]:
        row = self.row(key)
        return row.due_on, row.state

    def events(self, kind: str, key: str = "") -> list[HistoryEvent]:
        return [
            event
            for event in self.driver.history(self.case)
            if event.kind == kind and key in ("", event.fields.get("deadline"))
        ]

    def command(self, verb: Callable[..., object], key: str = "", **given: object) -> object:
        """Give a command of `engine.runtime.deadlines` now."""
        named = {"deadline_id": self.row(key).id} if key else {"instance_id": self.case}
        with self.tools.database.begin() as connection:
            return verb(connection, self.tools.library, **named, **given, at=self.driver.at)


@pytest.fixture
def office(tools: Tools) -> Office:
    return Office(Driver(tools, nine(date(2024, 1, 2))), tools)
