"""People who may mend cases, and a case of the skeleton to mend."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import insert, select

from engine.db.tables import User, UserRole
from engine.runtime.user_tasks import Actor, Role
from engine.simulation import Driver
from engine.worker.handlers import Tools

ADA = Actor("ada", (Role("administrator"),))
ANA = Actor("ana", (Role("analyst"),))
MONA = Actor("mona", (Role("manager", team="Team 1"),))
STRANGER = Actor("max", (Role("manager", team="Team 2"),))
WHY = "It went to the wrong place"


@dataclass(frozen=True)
class Office:
    """Gives commands, each in its own transaction at the driver's moment."""

    tools: Tools
    driver: Driver

    def order(self, command: Callable[..., Any], **given: Any) -> Any:
        with self.tools.database.begin() as connection:
            return command(connection, self.tools.library, at=self.driver.at, **given)

    def rows(self, table: Any, *conditions: Any) -> list[Any]:
        query = select(table.__table__).where(*conditions).order_by(*table.__table__.primary_key)
        with self.tools.database.read() as connection:
            return list(connection.execute(query))


@pytest.fixture
def office(tools: Tools, driver: Driver) -> Office:
    return Office(tools, driver)


@pytest.fixture
def people(tools: Tools, driver: Driver) -> None:
    """Ivy and Ian, who may lead."""
    with tools.database.begin() as connection:
        for name in ("ivy", "ian"):
            connection.execute(insert(User).values(**_person(name, driver.at)))
            connection.execute(insert(UserRole).values(user_id=name, role="lead"))


def _person(name: str, at: datetime) -> dict[str, Any]:
    email = f"{name}@inspect.example"
    return {"id": name, "name": name.title(), "email": email, "password_hash": "", "created_at": at}
