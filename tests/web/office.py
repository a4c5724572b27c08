"""A small office to try the web in: a service, people of every role, a short inspection."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from engine import check, feel
from engine.db import Database
from engine.db.tables import Service
from engine.queries.people import HeldRole
from engine.runtime import calendars, cases, deployments
from engine.runtime.library import Library
from web import roles
from web.auth import accounts

MODELS = Path(__file__).parent / "models"
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
SECRET = "a key for tests only, of more than 32 characters"

PEOPLE = {
    "planner": ("Pia Planner", HeldRole(roles.PLANNER, "", "")),
    "ivy": ("Ivy Inspector", HeldRole(roles.LEAD_INSPECTOR, "", "")),
    "ian": ("Ian Inspector", HeldRole(roles.TEAM_INSPECTOR, "", "")),
    "edda": ("Edda Education", HeldRole(roles.EDUCATION_INSPECTOR, "", "")),
    "hal": ("Hal Health", HeldRole(roles.HEALTH_INSPECTOR, "", "")),
    "mona": ("Mona Manager", HeldRole(roles.MANAGER, "Team North", "")),
    "max": ("Max Manager", HeldRole(roles.MANAGER, "Team South", "")),
    "rita": ("Rita Rim", HeldRole(roles.RIM, "", "North")),
    "sam": ("Sam Second", HeldRole(roles.SECOND_RIM, "", "North")),
    "dora": ("Dora Director", HeldRole(roles.DIRECTOR, "", "")),
    "ana": ("Ana Analyst", HeldRole(roles.ANALYST, "", "")),
    "ada": ("Ada Administrator", HeldRole(roles.ADMINISTRATOR, "", "")),
}

SERVICE = {
    "urn": "SC000001",
    "name": "Example House",
    "setting": "secure children's home",
    "region": "North",
    "local_authority": "Exampleshire",
    "provider_name": "Example Care Limited",
    "provider_email": "office@provider.example",
    "registered_manager": "Robin Registered",
    "responsible_individual": None,
    "manager_vacant_since": None,
    "last_inspection": None,
    "last_overall": None,
}


def furnish(database: Database) -> None:
    """Deploys the short inspection and lets everyone in."""
    with database.begin() as connection:
        calendars.ensure_first(connection, at=MONDAY)
        deployments.deploy(connection, files=check.read_folder(MODELS), by="ana", at=MONDAY)
        connection.execute(insert(Service), [SERVICE])
        for user_id, (name, held) in PEOPLE.items():
            accounts.add(
                connection,
                user_id=user_id,
                name=name,
                email=f"{user_id}@inspect.example",
                password=PASSWORD,
                roles=[held],
                at=MONDAY,
            )


def start_case(database: Database, library: Library) -> cases.Case:
    """A case of which Ivy is the lead and Ian a team member."""
    with database.begin() as connection:
        return cases.start(
            connection,
            library,
            process_id="full_inspection",
            service_urn="SC000001",
            variables={
                "lead_inspector": "ivy",
                "inspection_team": ["ivy", "ian"],
                "planned_first_day": feel.Date(2026, 12, 1),
            },
            team="Team North",
            by="planner",
            at=MONDAY,
        )
