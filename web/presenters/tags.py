"""Coloured words: each state has one word and one colour, the same on every page."""

from dataclasses import dataclass

from engine.db.tables import DeadlineState, InstanceState, UserTaskState


@dataclass(frozen=True, slots=True)
class Tag:
    """A GOV.UK tag; `colour` is one of its colour names, empty for the default blue."""

    text: str
    colour: str = ""

    @property
    def classes(self) -> str:
        return f"govuk-tag--{self.colour}" if self.colour else ""


LATE = Tag("Late", "red")
TODAY = Tag("Today", "orange")
RESTRICTED = Tag("Restricted", "purple")
DRAFT = Tag("Draft saved", "grey")
INCIDENT = Tag("Stopped", "red")

CASE = {
    InstanceState.RUNNING: Tag("Running", "blue"),
    InstanceState.COMPLETED: Tag("Complete", "green"),
    InstanceState.CANCELLED: Tag("Cancelled", "grey"),
    InstanceState.SUSPENDED: Tag("Suspended", "yellow"),
}

TASK = {
    UserTaskState.OPEN: Tag("To claim", "yellow"),
    UserTaskState.CLAIMED: Tag("Claimed", "blue"),
    UserTaskState.COMPLETED: Tag("Complete", "green"),
    UserTaskState.CANCELLED: Tag("No longer needed", "grey"),
}

DEADLINE = {
    DeadlineState.WAITING: Tag("Not started", "grey"),
    DeadlineState.RUNNING: Tag("Running", "blue"),
    DeadlineState.MET: Tag("Met", "green"),
    DeadlineState.MISSED: Tag("Missed", "red"),
    DeadlineState.PAUSED: Tag("Paused", "yellow"),
    DeadlineState.EXTENDED: Tag("Extended", "turquoise"),
    DeadlineState.VOID: Tag("No longer applies", "grey"),
}

ELEMENT = {
    "done": Tag("Done", "green"),
    "current": Tag("Now", "yellow"),
    "coming": Tag("Coming", "grey"),
    "incident": INCIDENT,
    "late": LATE,
}
