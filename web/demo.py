"""Invented services, people and cases, made by running the real processes with a clock of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, insert, select

from engine import feel, simulation
from engine.clock import LONDON, london_date, now
from engine.db import Database
from engine.db.tables import Service
from engine.queries.people import HeldRole
from engine.runtime import calendars
from engine.simulation import Driver
from engine.workdays import Calendar
from engine.worker.handlers import Tools
from web.auth import accounts

PASSWORD = "demonstration only"
TEAM = "Secure homes"
REGION = "North"
SETTING = "secure children's home"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone to sign in as."""

    user_id: str
    name: str
    title: str
    roles: tuple[HeldRole, ...]


def _roles(*names: str) -> tuple[HeldRole, ...]:
    return tuple(HeldRole(role=name, team=TEAM, region=REGION) for name in names)


PEOPLE = (
    DemoPerson("planner", "Pia Planner", "plans inspections", _roles("planner")),
    DemoPerson("inspector", "Ivy Inspector", "leads inspections", _roles("lead_inspector", "team_inspector")),
    DemoPerson("teammate", "Ian Inspector", "inspects in a team", _roles("lead_inspector", "team_inspector")),
    DemoPerson("education", "Edda Education", "inspects education", _roles("education_inspector")),
    DemoPerson("health", "Hale Health", "inspects health care", _roles("health_inspector")),
    DemoPerson("manager", "Mona Manager", "checks and approves reports", _roles("manager")),
    DemoPerson("rim", "Rory Regional", "manages a region (RIM) and checks reports", _roles("rim", "manager")),
    DemoPerson("second", "Sela Second", "answers complaints (second RIM)", _roles("second_rim")),
    DemoPerson("director", "Dara Director", "decides on withholding reports", _roles("director")),
    DemoPerson("analyst", "Ana Analyst", "changes diagrams, tables and forms", _roles("analyst")),
    DemoPerson("admin", "Ada Admin", "looks after the installation", _roles("administrator")),
)

HOMES = (
    "Acorn Example House",
    "Birch Example Lodge",
    "Cedar Example Centre",
    "Damson Example House",
    "Elder Example Lodge",
    "Fern Example Centre",
    "Gorse Example House",
    "Hazel Example Lodge",
    "Ivy Example Centre",
    "Juniper Example House",
    "Larch Example Lodge",
    "Maple Example Centre",
)


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A home's case: its scenario, how many working days ago it began, and the task it waits at."""

    home: int
    scenario: str
    days_ago: int
    waits_at: str | None


CASES = (
    DemoCase(0, "good", 60, None),
    DemoCase(1, "complaint", 48, None),
    DemoCase(2, "capped", 45, None),
    DemoCase(3, "complaint", 24, "Task_AnswerComplaint"),
    DemoCase(4, "good", 20, "Task_ApproveFinal"),
    DemoCase(5, "good", 15, "Task_CommentOnDraft"),
    DemoCase(6, "good", 26, "Task_CheckAndSendDraft"),  # and late
    DemoCase(7, "capped", 9, "Task_CheckReport"),
    DemoCase(8, "good", 5, "Task_CollateReport"),
    DemoCase(9, "good", 3, "Task_JudgeLeadership"),
    DemoCase(10, "good", 1, "Task_CheckAnnexA"),
    DemoCase(11, "good", 0, "Task_WriteBriefing"),
)


def fill(database: Database, tools: Tools, models: Path, *, tell: Callable[[str], None]) -> None:
    """Fill a database that holds no service yet; nothing happens otherwise."""
    with database.begin() as connection:
        if connection.execute(select(Service.urn).limit(1)).first() is not None:
            return
        tell("Making invented services and cases …")
        add_people(connection)
        add_homes(connection)
        revision = calendars.newest(connection)
        calendar = tools.library.calendar(connection, revision)
    scenarios = {
        path.stem: simulation.read(path)
        for path in sorted((models / "full_inspection" / "scenarios").glob("*.yaml"))
    }
    _play(tools, calendar, scenarios, tell)


def add_people(connection: Connection) -> None:
    """Makes the accounts of PEOPLE."""
    for person in PEOPLE:
        accounts.add(
            connection,
            user_id=person.user_id,
            name=person.name,
            email=f"{person.user_id}@inspect.example",
            password=PASSWORD,
            roles=person.roles,
            at=now(),
        )


def add_homes(connection: Connection) -> None:
    """Makes a service of each of HOMES; the first has the URN SC000001."""
    connection.execute(
        insert(Service),
        [
            {
                "urn": f"SC0000{number:02}",
                "name": name,
                "setting": SETTING,
                "region": REGION,
                "local_authority": "Exampleshire",
                "provider_name": f"{name.split()[0]} Example Care",
                "provider_email": f"provider{number}@care.example",
                "registered_manager": "Mae Example",
                "responsible_individual": "Ria Example",
            }
            for number, name in enumerate(HOMES, start=1)
        ],
    )


def _play(
    tools: Tools,
    calendar: Calendar,
    scenarios: Mapping[str, simulation.Scenario],
    tell: Callable[[str], None],
) -> None:
    """Play all cases in the order of time, since they share one clock."""
    moves: list[tuple[datetime, int, simulation.Step | None]] = []
    for number, case in enumerate(CASES):
        first = _working_day(calendar, case.days_ago)
        moves.append((datetime(first.year, first.month, first.day, 8, tzinfo=LONDON), number, None))
        for at, planned in scenarios[case.scenario].moments(first, calendar):
            if planned.element == case.waits_at:
                break
            moves.append((at, number, planned))
    moves.sort(key=lambda move: (move[0], move[1]))
    present = now()
    driver = Driver(tools, min(moves[0][0], present))
    started: dict[int, int] = {}
    for at, number, step in moves:
        if at > present:
            break
        driver.travel(at)
        if step is None:
            tell(f"  {HOMES[CASES[number].home]}")
            started[number] = _start(driver, CASES[number], calendar.next_working_day(at.date()))
        else:
            simulation.perform(driver, started[number], step)
    driver.travel(present)


def _working_day(calendar: Calendar, days_ago: int) -> date:
    today = london_date(now())
    newest = today if calendar.is_working_day(today) else calendar.previous_working_day(today)
    return calendar.add(newest, -days_ago) if days_ago else newest


def _start(driver: Driver, case: DemoCase, first_day_on_site: date) -> int:
    return driver.start(
        "full_inspection",
        f"SC0000{case.home + 1:02}",
        {
            "lead_inspector": "inspector",
            "inspection_team": ["inspector", "teammate", "education", "health"],
            "education_inspector": "education",
            "health_inspector": "health",
            "planned_first_day": feel.Date.of(first_day_on_site),
        },
        team=TEAM,
        by="planner",
    )
