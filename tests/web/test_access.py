"""Who may use which route: the whole list, both ways."""

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask

from engine.runtime.cases import Case
from tests.web.browser import Browser
from tests.web.office import PEOPLE
from web import access, roles

Open = Callable[[str], Browser]

CASEWORK = ", ".join(sorted(roles.CASEWORK))
OVERSEERS = ", ".join(sorted((roles.PLANNER, *roles.OVERSIGHT)))
READERS = ", ".join(sorted((*roles.CASEWORK, roles.ADMINISTRATOR)))
RECORDERS = ", ".join(sorted((*roles.INSPECTION, *roles.OVERSIGHT)))
REPAIR = ", ".join(sorted(roles.REPAIR))
SENIOR = "administrator, director, rim"
MENDERS = "administrator, rim"
LIBRARY = "administrator, analyst"

LIFE = "/cases/<reference>/manage/<any(suspend, resume, cancel):order>"

ROUTES = {
    "GET /": "anyone",
    "GET /sign-in": "anyone",
    "POST /sign-in": "anyone",
    "POST /sign-out": "anyone",
    "GET /healthz": "anyone",
    "GET /readyz": "anyone",
    "GET /metrics": "anyone",
    "GET /static/<path:filename>": "anyone",
    "GET /provider/<token>": "anyone",
    "POST /provider/<token>": "anyone",
    "POST /provider/<token>/save": "anyone",
    "POST /provider/<token>/redraw": "anyone",
    "GET /provider/<token>/draft-report": "anyone",
    "GET /provider/<token>/thanks": "anyone",
    "GET /tasks": "signed in",
    "GET /tasks/team": "signed in",
    "GET /tasks/done": "signed in",
    "GET /tasks/<int:task_id>": "signed in",
    "POST /tasks/<int:task_id>/claim": "signed in",
    "POST /tasks/<int:task_id>/release": "signed in",
    "POST /tasks/<int:task_id>/draft": "signed in",
    "POST /tasks/<int:task_id>/complete": "signed in",
    "POST /tasks/<int:task_id>/redraw": "signed in",
    "GET /guidance": "signed in",
    "GET /guidance/<rule_id>": "signed in",
    "GET /cases": READERS,
    "GET /cases/<reference>": READERS,
    "GET /cases/<reference>/diagram": READERS,
    "GET /cases/<reference>/diagram/<int:definition_id>": READERS,
    "GET /cases/<reference>/diagram/<int:definition_id>/states.json": READERS,
    "GET /cases/<reference>/diagram/<int:definition_id>/process.bpmn": READERS,
    "GET /cases/<reference>/history": READERS,
    "GET /cases/<reference>/deadlines": READERS,
    "GET /cases/<reference>/evidence": READERS,
    "POST /cases/<reference>/evidence": RECORDERS,
    "GET /cases/<reference>/documents": READERS,
    "GET /cases/<reference>/documents/<int:document_id>": READERS,
    "GET /cases/<reference>/deadlines/<int:deadline_id>": READERS,
    "POST /cases/<reference>/deadlines/<int:deadline_id>/pause": RECORDERS,
    "POST /cases/<reference>/deadlines/<int:deadline_id>/resume": RECORDERS,
    "POST /cases/<reference>/deadlines/<int:deadline_id>/extend": RECORDERS,
    "POST /cases/<reference>/deadlines/<int:deadline_id>/miss": RECORDERS,
    "GET /cases/<reference>/dates": READERS,
    "POST /cases/<reference>/dates": RECORDERS,
    "GET /deadlines": OVERSEERS,
    "GET /deadlines/mine": CASEWORK,
    "GET /deadlines/deadlines.csv": OVERSEERS,
    "GET /deadlines/settings": CASEWORK,
    "POST /deadlines/settings": CASEWORK,
    "POST /deadlines/feed": CASEWORK,
    "POST /deadlines/feed/revoke": CASEWORK,
    "GET /deadlines/feed/<token>.ics": "anyone",
    "GET /follow-up-visits": CASEWORK,
    "GET /working-days": READERS,
    "GET /working-days/closure": "administrator, director",
    "POST /working-days/closure": "administrator, director",
    "GET /cases/<reference>/manage": REPAIR,
    f"GET {LIFE}": SENIOR,
    f"POST {LIFE}": SENIOR,
    "GET /cases/<reference>/manage/move": MENDERS,
    "POST /cases/<reference>/manage/move": MENDERS,
    "GET /cases/<reference>/manage/restart": MENDERS,
    "POST /cases/<reference>/manage/restart": MENDERS,
    "GET /cases/<reference>/manage/variables": MENDERS,
    "POST /cases/<reference>/manage/variables": MENDERS,
    "GET /cases/<reference>/manage/variables/<int:scope_id>/<name>": MENDERS,
    "POST /cases/<reference>/manage/variables/<int:scope_id>/<name>": MENDERS,
    "GET /cases/<reference>/manage/lead": REPAIR,
    "POST /cases/<reference>/manage/lead": REPAIR,
    "GET /cases/<reference>/manage/release/<int:task_id>": REPAIR,
    "POST /cases/<reference>/manage/release/<int:task_id>": REPAIR,
    "GET /incidents": REPAIR,
    "GET /incidents/<int:incident_id>": REPAIR,
    "POST /incidents/<int:incident_id>/resolve": REPAIR,
    "POST /incidents/<int:incident_id>/retry": REPAIR,
    "GET /cases/<reference>/record": CASEWORK,
    "POST /cases/<reference>/record": CASEWORK,
    "GET /services/<urn>": READERS,
    "POST /inspections/start/redraw": "planner",
    "GET /inspections/start": "planner",
    "POST /inspections/start": "planner",
    "GET /models": LIBRARY,
    "GET /models/processes/<int:definition_id>": LIBRARY,
    "GET /models/processes/<int:definition_id>/changes.json": LIBRARY,
    "GET /models/decisions/<int:definition_id>": LIBRARY,
    "POST /models/decisions/<int:definition_id>": LIBRARY,
    "GET /models/forms/<int:definition_id>": LIBRARY,
    "GET /models/files/<int:resource_id>": LIBRARY,
    "GET /models/processes/<int:definition_id>/cases": LIBRARY,
    "POST /models/processes/<int:definition_id>/cases": LIBRARY,
    "POST /models/processes/<int:definition_id>/cases/undo": LIBRARY,
    "GET /models/upload": "analyst",
    "POST /models/upload": "analyst",
    "POST /models/deploy": "analyst",
    "GET /models/templates.json": "analyst",
    "GET /models/<any(processes, decisions, forms):kind>/<int:definition_id>/edit": "analyst",
    "POST /models/<any(processes, decisions, forms):kind>/<int:definition_id>/edit": "analyst",
}


def test_every_route_declares_who_may_use_it_and_this_is_the_list(app: Flask) -> None:
    declared = {
        f"{method} {rule.rule}": str(access.access_of(app, rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }
    assert declared == ROUTES


def test_a_route_that_declares_nothing_is_an_error() -> None:
    app = Flask(__name__)
    blueprint = Blueprint("bare", __name__)
    blueprint.add_url_rule("/bare", "view", lambda: "")
    app.register_blueprint(blueprint)
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == "bare.view")
    with pytest.raises(access.UndeclaredRouteError, match="/bare"):
        access.access_of(app, rule)


@pytest.mark.parametrize("user_id", PEOPLE)
def test_each_person_opens_what_their_role_opens_and_nothing_else(
    user_id: str, browser: Open, case: Case
) -> None:
    person, role = browser(user_id), PEOPLE[user_id][1].role
    for path in ("/tasks", "/cases", "/incidents", "/inspections/start", "/models", "/models/upload"):
        declared = ROUTES[f"GET {path}"]
        allowed = declared == "signed in" or role in declared.split(", ")
        assert person.get(path).status == (200 if allowed else 403), f"{role} at {path}"


@pytest.mark.parametrize(
    ("user_id", "sees"),
    [
        ("planner", True), ("ivy", True), ("ian", True), ("mona", True), ("max", False),
        ("rita", True), ("dora", True), ("ada", True), ("edda", False),
    ],
)  # fmt: skip
def test_a_case_is_seen_by_those_whom_its_relations_reach(
    user_id: str, sees: bool, browser: Open, case: Case
) -> None:
    person = browser(user_id)
    assert (case.reference in person.get("/cases").text) is sees
    assert person.get(f"/cases/{case.reference}").status == (200 if sees else 404)
    assert person.get(f"/cases/{case.reference}/evidence").status == (200 if sees else 404)
