"""Opens a case for its pages: within the visitor's reach, and noted in the access log."""

from typing import Any

from sqlalchemy import Connection

from engine.queries import case_file, people
from engine.queries.case_file import CaseFacts
from engine.queries.reach import cases_seen_by
from engine.runtime.errors import NotFoundError
from web import roles
from web.access import me
from web.presenters.cases import head
from web.reach import reach
from web.sightings import seen

PAGES = (
    ("Summary", "cases.summary"),
    ("Diagram", "cases.diagram"),
    ("History", "cases.history"),
    ("Deadlines", "cases.deadlines"),
    ("Evidence", "cases.evidence"),
    ("Documents", "cases.documents"),
)


def open_case(connection: Connection, reference: str, what: str) -> CaseFacts:
    """The case, if the visitor's roles reach it. `what` names the view in the access log.

    Raises NotFoundError, which does not tell a case that is out of reach from one that is not there.
    """
    case = case_file.facts(connection, reference, reach_condition(connection))
    if case is None:
        raise NotFoundError(f"case {reference} among those your roles reach")
    seen(case.id, what)
    return case


def reach_condition(connection: Connection) -> Any:
    """Which cases the visitor may see, as a condition on `instance`."""
    return cases_seen_by(reach(connection))


def framed(connection: Connection, case: CaseFacts, **context: Any) -> dict[str, Any]:
    """What every page of a case shows around its own content."""
    started_by = people.names(connection, [case.started_by]).get(case.started_by, case.started_by)
    may_record = bool(me().role_ids & set(roles.CASEWORK))
    shown = {"case": head(case, started_by=started_by), "case_pages": PAGES, "may_record": may_record}
    return shown | context
