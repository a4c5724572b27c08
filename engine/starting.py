"""From which page and for which services people start a process, and who sees it: said in its properties."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.dialect import split_list

SETTINGS = {
    "secure children's home": "SCH",
    "children's home": "CH",
    "adoption support agency": "ASA",
}
"""The settings the guidance covers, with what their cases' references begin with."""

ASKED = ("lead_inspector", "inspection_team", "education_inspector", "health_inspector", "planned_first_day")
"""The variables that the planner's page has a question for; a form of the start event asks for others."""

OF_THE_CASE = ("about", "recorded_by", *ASKED[:4])
"""The variables that starting from a case gives: its reference, who starts it, and its people."""

ALWAYS_OPTIONAL = frozenset({"planned_first_day"})


class Door(StrEnum):
    """A page from which people start processes."""

    PLANNING = "planning"
    CASE = "case"


class Property(StrEnum):
    """The properties of a process that this module reads."""

    DOORS = "startFrom"
    SETTINGS = "settings"
    VARIABLES = "startVariables"
    OPTIONAL = "startOptional"
    CONFIDENTIAL = "confidential"
    CONFIDENTIAL_TO = "confidentialTo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms a process is started. No `settings` means every setting."""

    doors: tuple[str, ...]
    settings: tuple[str, ...]
    variables: tuple[str, ...]
    optional: frozenset[str]
    confidential: bool
    confidential_to: tuple[str, ...]

    def offered(self, door: Door, setting: str) -> bool:
        """Whether a page offers the process for a service of this setting."""
        return door in self.doors and (not self.settings or setting in self.settings)


def read_terms(properties: Mapping[str, str]) -> Terms:
    """What the properties of a process say; `engine.check` tells what is wrong with them."""

    def listed(name: Property) -> tuple[str, ...]:
        return split_list(properties.get(name, ""))

    return Terms(
        doors=listed(Property.DOORS),
        settings=listed(Property.SETTINGS),
        variables=listed(Property.VARIABLES),
        optional=ALWAYS_OPTIONAL | frozenset(listed(Property.OPTIONAL)),
        confidential=properties.get(Property.CONFIDENTIAL) == "true",
        confidential_to=listed(Property.CONFIDENTIAL_TO),
    )
