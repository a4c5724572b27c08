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
SECURE_HOME = "secure children's home"


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
    DemoPerson(
        "national",
        "Nora National",
        "decides on suspending and cancelling registrations",
        _roles("national_director"),
    ),
    DemoPerson("compliance", "Cora Compliance", "advises on offences", _roles("compliance_inspector")),
    DemoPerson("senior", "Saul Senior", "follows up referrals (Senior HMI)", _roles("senior_hmi")),
    DemoPerson("office", "Olive Office", "writes to authorities for the region", _roles("regional_office")),
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
class DemoService:
    """A service to inspect."""

    urn: str
    name: str
    setting: str


SERVICES = (
    *(DemoService(f"SC0000{number:02}", name, SECURE_HOME) for number, name in enumerate(HOMES, start=1)),
    DemoService("CH000001", "Nettle Example House", "children's home"),
    DemoService("CH000002", "Oak Example Lodge", "children's home"),
    DemoService("AS000001", "Poplar Example Adoption Support", "adoption support agency"),
    DemoService("AS000002", "Quince Example Adoption Support", "adoption support agency"),
)


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A service's case: its process and scenario, how many working days ago it began, where it waits."""

    urn: str
    scenario: str
    days_ago: int
    waits_at: str | None


CASES = (
    DemoCase("SC000001", "full_inspection/good", 60, None),
    DemoCase("SC000002", "full_inspection/complaint", 48, None),
    DemoCase("SC000003", "full_inspection/capped", 45, None),
    DemoCase("SC000004", "full_inspection/complaint", 24, "Task_AnswerComplaint"),
    DemoCase("SC000005", "full_inspection/good", 20, "Task_ApproveFinal"),
    DemoCase("SC000006", "full_inspection/good", 15, "Task_CommentOnDraft"),
    DemoCase("SC000007", "full_inspection/good", 26, "Task_CheckAndSendDraft"),  # and late
    DemoCase("SC000008", "full_inspection/capped", 9, "Task_CheckReport"),
    DemoCase("SC000009", "full_inspection/good", 5, "Task_CollateReport"),
    DemoCase("SC000010", "full_inspection/good", 3, "Task_JudgeLeadership"),
    DemoCase("SC000011", "full_inspection/good", 1, "Task_CheckAnnexA"),
    DemoCase("SC000012", "full_inspection/good", 0, "Task_WriteBriefing"),
    DemoCase("SC000005", "assurance_inspection/no_concerns", 5, "Task_CheckReport"),
    DemoCase("CH000001", "interim_inspection/sustained", 7, "Task_CheckReport"),
    DemoCase("CH000002", "interim_inspection/declined", 14, "Task_CheckAndSendDraft"),
    DemoCase("AS000001", "agency_inspection/good", 17, "Task_SubmitReport"),
    DemoCase("AS000002", "agency_inspection/good", 4, "Task_ReturnForms"),
)


def fill(database: Database, tools: Tools, models: Path, *, tell: Callable[[str], None]) -> None:
    """Fill a database that holds no service yet; nothing happens otherwise."""
    with database.begin() as connection:
        if connection.execute(select(Service.urn).limit(1)).first() is not None:
            return
        tell("Making invented services and cases …")
        add_people(connection)
        add_services(connection)
        revision = calendars.newest(connection)
        calendar = tools.library.calendar(connection, revision)
    scenarios = {each: simulation.read(_file(models, each)) for each in {case.scenario for case in CASES}}
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


def add_services(connection: Connection) -> None:
    """Makes SERVICES; the first has the URN SC000001."""
    connection.execute(
        insert(Service),
        [
            {
                "urn": each.urn,
                "name": each.name,
                "setting": each.setting,
                "region": REGION,
                "local_authority": "Exampleshire",
                "provider_name": f"{each.name.split()[0]} Example Care",
                "provider_email": f"provider{number}@care.example",
                "registered_manager": "Mae Example",
                "responsible_individual": "Ria Example",
            }
            for number, each in enumerate(SERVICES, start=1)
        ],
    )


def _file(models: Path, scenario: str) -> Path:
    process, _, name = scenario.partition("/")
    return models / process / "scenarios" / f"{name}.yaml"


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
            case = CASES[number]
            tell(f"  {next(each.name for each in SERVICES if each.urn == case.urn)}")
            first_day = calendar.next_working_day(at.date())
            started[number] = _start(driver, case, scenarios[case.scenario], first_day)
        else:
            simulation.perform(driver, started[number], step)
    driver.travel(present)


def _working_day(calendar: Calendar, days_ago: int) -> date:
    today = london_date(now())
    newest = today if calendar.is_working_day(today) else calendar.previous_working_day(today)
    return calendar.add(newest, -days_ago) if days_ago else newest


def _start(driver: Driver, case: DemoCase, scenario: simulation.Scenario, first_day_on_site: date) -> int:
    experts: dict[str, feel.Value] = dict.fromkeys(("education_inspector", "health_inspector"))
    if scenario.setting == SECURE_HOME:
        experts = {"education_inspector": "education", "health_inspector": "health"}
    return driver.start(
        scenario.process,
        case.urn,
        {
            "lead_inspector": "inspector",
            "inspection_team": ["inspector", "teammate", *(each for each in experts.values() if each)],
            **experts,
            "planned_first_day": feel.Date.of(first_day_on_site),
            **scenario.variables,
        },
        team=TEAM,
        by="planner",
    )
