"""Where a case stands: what to do next, by when, what is stopped, and who is on it."""

from typing import Any

from sqlalchemy import Connection

from engine.queries import case_file, chains, inbox, incidents, people
from engine.queries.case_file import CaseFacts
from web import edge
from web.access import me
from web.cases.opening import reach_condition
from web.cases.timeline import element_names
from web.presenters import cases as case_rows
from web.presenters import chains as chain_rows
from web.presenters import deadlines as deadline_rows
from web.presenters import tasks


def shown(connection: Connection, case: CaseFacts) -> dict[str, Any]:
    """What the summary template needs."""
    today, at = edge.today(), edge.now()
    lines = inbox.page(connection, inbox.of_case(case.id, me().id), 1).rows
    deadlines = [
        deadline_rows.row(each, today=today)
        for each in connection.execute(case_file.deadlines(case.id)).mappings()
    ]
    names = element_names(connection, case.id)
    return {
        "tasks": [tasks.row(line, today=today, at=at, user_id=me().id) for line in lines],
        "deadlines": [row for row in deadlines if row.open],
        "incidents": [case_rows.incident(each, names) for each in incidents.of_case(connection, case.id)],
        "people": _people(connection, case),
        "beside": chain_rows.beside(
            chains.next_to(connection, case.id, reach_condition(connection)), case.id
        ),
    }


def _people(connection: Connection, case: CaseFacts) -> tuple[tuple[str, str], ...]:
    """The lead and the team, by name."""
    variables = case_file.variables(connection, case.id)
    lead, team = variables.get("lead_inspector"), variables.get("inspection_team")
    members = [each for each in team if isinstance(each, str)] if isinstance(team, list) else []
    leads = [lead] if isinstance(lead, str) else []
    names = people.names(connection, [*leads, *members])
    said = (("Lead inspector", leads), ("Inspection team", members))
    return tuple((title, ", ".join(names.get(each, each) for each in ids)) for title, ids in said if ids)
