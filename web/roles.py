"""The roles that routes name, and how they are called on pages."""

PLANNER = "planner"
LEAD_INSPECTOR = "lead_inspector"
TEAM_INSPECTOR = "team_inspector"
EDUCATION_INSPECTOR = "education_inspector"
HEALTH_INSPECTOR = "health_inspector"
MANAGER = "manager"
RIM = "rim"
SECOND_RIM = "second_rim"
DIRECTOR = "director"
ANALYST = "analyst"
ADMINISTRATOR = "administrator"

OVERSIGHT = (MANAGER, RIM, SECOND_RIM, DIRECTOR)
INSPECTION = (LEAD_INSPECTOR, TEAM_INSPECTOR, EDUCATION_INSPECTOR, HEALTH_INSPECTOR)
CASEWORK = (PLANNER, *INSPECTION, *OVERSIGHT)
REPAIR = (*OVERSIGHT, ADMINISTRATOR)

NAMES = {
    PLANNER: "Planner",
    LEAD_INSPECTOR: "Lead inspector",
    TEAM_INSPECTOR: "Team inspector",
    EDUCATION_INSPECTOR: "Education inspector",
    HEALTH_INSPECTOR: "Health inspector",
    MANAGER: "Manager",
    RIM: "Regulatory inspection manager",
    SECOND_RIM: "Second regulatory inspection manager",
    DIRECTOR: "Director",
    ANALYST: "Analyst",
    ADMINISTRATOR: "Administrator",
    "provider": "Provider",
    "system": "System",
}


def name(role: str) -> str:
    """A role in words; one that only a deployed model knows, by its id made readable."""
    return NAMES.get(role, role.replace("_", " ").capitalize())
