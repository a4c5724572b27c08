"""Opens a case for its pages: within the visitor's reach, and noted in the access log."""

from typing import Any

from sqlalchemy import Connection

from engine.db.tables import InstanceState
from engine.history import EventKind
from engine.queries import case_file, people
from engine.queries.case_file import CaseFacts
from engine.queries.reach import cases_seen_by
from engine.runtime.errors import NotFoundError
from web import roles
from web.access import me
from web.presenters.cases import head, stands_still
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


MANAGE = ("Manage", "operating.overview")
"""For those who may have something to manage."""

STANDS_STILL = {
    InstanceState.SUSPENDED: EventKind.CASE_SUSPENDED,
    InstanceState.CANCELLED: EventKind.CASE_CANCELLED,
}
"""States that somebody ordered, and the fact that tells who and why."""


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
    held = me().role_ids
    return {
        "case": head(case, started_by=started_by),
        "case_pages": (*PAGES, MANAGE) if held & set(roles.REPAIR) else PAGES,
        "manages": bool(held & set(roles.REPAIR)),
        "may_record": bool(held & set(roles.CASEWORK)),
        "stands_still": why_still(connection, case.id, case.state),
        **context,
    }


def why_still(connection: Connection, instance_id: int, state: str) -> str:
    """Who suspended or cancelled the case, when and why; empty for a case in any other state."""
    kind = STANDS_STILL.get(InstanceState(state))
    order = None if kind is None else case_file.last_order(connection, instance_id, kind)
    if order is None:
        return ""
    names = people.names(connection, [order.by])
    return stands_still(order, InstanceState(state), names.get(order.by, order.by))
