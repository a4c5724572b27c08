"""What people record beside an inspection, told in steps."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import select

from engine import feel
from engine.db.tables import Instance, Message
from engine.simulation import Driver
from engine.worker.handlers import Tools
from tests.processes.inspection import URN

ABOUT = "SAMPLE-2024-99999"
PEOPLE: dict[str, feel.Value] = {
    "lead_inspector": "ivy",
    "inspection_team": ["ivy", "ian"],
    "education_inspector": None,
    "health_inspector": None,
}


@dataclass
class Record:
    """A record that the lead inspector began on the page of a case."""

    driver: Driver
    tools: Tools
    case: int

    @classmethod
    def of(cls, driver: Driver, tools: Tools, process: str, *, urn: str = URN) -> Self:
        """A record of a process, as the page of a case begins it."""
        given: dict[str, feel.Value] = {"about": ABOUT, "recorded_by": "ivy", **PEOPLE}
        return cls(driver, tools, driver.start(process, urn, given, team="Secure homes", by="ivy"))

    def do(self, element: str, **answers: feel.Value) -> Self:
        self.driver.do(self.case, element, **answers)
        return self

    def reviewed(self, **decided: feel.Value) -> Self:
        """A case review that decides so, confirmed by another manager."""
        plain: dict[str, feel.Value] = {"enforcement": [], "review_actions": []}
        self.do("Task_CallReview").do("Task_HoldReview", review_serves=[])
        return self.do("Task_DecideAction", **(plain | decided)).do(
            "Task_ConfirmReview", review_confirmed="yes"
        )

    @property
    def open(self) -> list[str]:
        return self.driver.open(self.case)

    @property
    def state(self) -> str:
        return self.driver.state(self.case)

    def sent(self) -> list[tuple[str, object]]:
        """The messages it sent: name and payload."""
        query = select(Message.name, Message.payload).where(Message.sender_instance_id == self.case)
        with self.tools.database.read() as connection:
            return [(name, payload) for name, payload in connection.execute(query)]

    def seen_by(self) -> tuple[bool, list[str]]:
        """Whether it is restricted, and the roles it opens to."""
        query = select(Instance.restricted, Instance.restricted_to).where(Instance.id == self.case)
        with self.tools.database.read() as connection:
            restricted, roles = connection.execute(query).one()
        return restricted, roles
