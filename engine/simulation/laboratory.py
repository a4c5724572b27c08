"""A database of its own, thrown away afterwards, with the models deployed and one invented service."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from engine import check, postgres
from engine.clock import LONDON, london_date, now
from engine.db import Database, migrate
from engine.db.tables import Service, User
from engine.feel import Date
from engine.runtime import calendars, deployments
from engine.runtime.library import Library
from engine.simulation.driver import Driver
from engine.simulation.scenario import OPENING, Scenario, perform, value_of
from engine.workdays import Calendar
from engine.worker.handlers import Tools
from engine.worker.mail import FolderMail

URN = "SC000001"
LEAD, EDUCATION, HEALTH = "lead", "education", "health"


@contextmanager
def laboratory(models: Path, at: datetime, setting: str) -> Iterator[Driver]:
    """A driver whose clock stands at `at`, with one service of `setting`.

    Raises `deployments.RefusedError`, `postgres.LauncherError`.
    """
    with (
        tempfile.TemporaryDirectory(prefix="sccif-simulation-") as folder,
        postgres.start(Path(folder) / "postgres", log=_unsaid, fsync=False) as server,
    ):
        migrate(server.url)
        database = Database(server.url, pool_size=2)
        try:
            with database.begin() as connection:
                calendars.ensure_first(connection, at=at)
                deployments.deploy(connection, files=check.read_folder(models), by="simulation", at=at)
                connection.execute(insert(Service).values(_service(setting)))
                connection.execute(insert(User), [_person(each, at) for each in (LEAD, EDUCATION, HEALTH)])
            yield Driver(_tools(database, Path(folder) / "mail"), at)
        finally:
            database.dispose()


def carry_through(scenario: Scenario, models: Path, *, first_day: date | None = None) -> list[dict[str, Any]]:
    """Play a scenario from `first_day` (the next working day by default) to its end; what happened, in order.

    Raises `ScenarioError`, `NotOpenError`, `FormRefusedError`, and what `laboratory` raises.
    """
    calendar = Calendar.england(calendars.FIRST_YEAR, calendars.LAST_YEAR)
    first = first_day or calendar.next_working_day(london_date(now()))
    begin = datetime.combine(first, OPENING, LONDON) - timedelta(hours=1)
    with laboratory(models, begin, scenario.setting) as driver:
        given = {name: value_of(value, driver.environment) for name, value in scenario.variables.items()}
        people = _people(calendar.next_working_day(first))
        case = driver.start(scenario.process, URN, people | given, team="Team", by="planner")
        for at, step in scenario.moments(first, calendar):
            driver.travel(at)
            perform(driver, case, step)
        driver.pass_days(60)  # until what was sent is published
        return [
            {
                "at": event.at.astimezone(LONDON),
                "kind": event.kind,
                "what": _what(event.element, event.fields),
            }
            for event in driver.history(case)
        ]


def _what(element: str | None, fields: dict[str, Any]) -> str:
    name = fields.get("name") or element or fields.get("process") or ""
    due = fields.get("due")
    return f"{name} (due {due})" if due else str(name)


def _people(first_day_on_site: date) -> dict[str, Any]:
    return {
        "lead_inspector": LEAD,
        "inspection_team": [LEAD, EDUCATION, HEALTH],
        "education_inspector": EDUCATION,
        "health_inspector": HEALTH,
        "planned_first_day": Date.of(first_day_on_site),
    }


def _service(setting: str) -> dict[str, str]:
    return {
        "urn": URN,
        "name": "Example House",
        "setting": setting,
        "region": "North",
        "local_authority": "Exampleshire",
        "provider_name": "Example Care",
        "provider_email": "provider@example.org",
        "registered_manager": "Mae Example",
        "responsible_individual": "Ria Example",
    }


def _person(user_id: str, at: datetime) -> dict[str, Any]:
    email = f"{user_id}@example.org"
    return {"id": user_id, "name": user_id.title(), "email": email, "password_hash": "", "created_at": at}


def _tools(database: Database, mail: Path) -> Tools:
    return Tools(
        database=database,
        library=Library(),
        mail=FolderMail(mail),
        sender="inspections@example.org",
        address="http://127.0.0.1",
        secret_key="simulations sign links that nobody opens",
    )


def _unsaid(sentence: str) -> None:
    """The launcher's words are for administrators."""
