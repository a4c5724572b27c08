"""The pages that a person's roles open, for the bar at the top."""

from flask import request, url_for

from engine.queries.people import Person
from web import roles

ITEMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Tasks", "inbox.mine", ()),
    ("Cases", "manage.cases", (*roles.CASEWORK, roles.ADMINISTRATOR)),
    ("Deadlines", "deadlines.mine", roles.CASEWORK),
    ("Start an inspection", "planning.start", (roles.PLANNER,)),
    ("Incidents", "manage.incidents", roles.REPAIR),
    ("Models", "models.library", (roles.ANALYST, roles.ADMINISTRATOR)),
)
"""Text, endpoint, and the roles that see it (none named: everyone signed in)."""


def navigation(person: Person | None) -> list[dict[str, object]]:
    """The items for the person, in the form of the GOV.UK service navigation."""
    if person is None:
        return []
    return [
        {"text": text, "href": url_for(endpoint), "active": _active(endpoint)}
        for text, endpoint, wanted in ITEMS
        if not wanted or person.role_ids & set(wanted)
    ]


def _active(endpoint: str) -> bool:
    here = request.endpoint or ""
    if endpoint == "manage.cases":
        return here == endpoint or here.startswith(("cases.", "case_deadlines."))
    if endpoint == "deadlines.mine":
        return here.startswith(("deadlines.", "working_days.", "visits."))
    if endpoint == "manage.incidents":
        return here.startswith("manage.incident")
    return here.partition(".")[0] == endpoint.partition(".")[0]
