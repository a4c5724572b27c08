"""What a planner starts: for which service, which process, with whom and when; and what is wrong with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import Connection, RowMapping

from engine import feel, forms
from engine.queries import people, services
from engine.runtime import calendars, cases
from engine.runtime.cases import Case
from engine.starting import Door, Terms
from web import edge, roles
from web.access import me
from web.offers import Offer, offered
from web.pages import typed_fields

SECURE = "secure children's home"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who is asked for: the field, its words, and whose holders can be chosen."""

    variable: str
    field: str
    label: str
    missing: str
    roles: tuple[str, ...]
    secure_only: bool = False


ONE_PERSON = (
    Question(
        variable="lead_inspector",
        field="lead",
        label="Lead inspector",
        missing="Choose the lead inspector",
        roles=(roles.LEAD_INSPECTOR,),
    ),
    Question(
        variable="education_inspector",
        field="education",
        label="Education inspector",
        missing="Choose the education inspector",
        roles=(roles.EDUCATION_INSPECTOR,),
        secure_only=True,
    ),
    Question(
        variable="health_inspector",
        field="health",
        label="Health inspector",
        missing="Choose the health inspector",
        roles=(roles.HEALTH_INSPECTOR,),
        secure_only=True,
    ),
)
TEAM, DAY = "inspection_team", "planned_first_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with what can be answered: people as (id, name)."""

    question: Question
    people: list[tuple[str, str]]
    optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything the form asks of one service and one process."""

    service: RowMapping
    offer: Offer
    people: list[Asked]
    team: list[tuple[str, str]] | None
    day: bool
    teams: list[str]
    form: forms.Form | None
    context: Mapping[str, feel.Value]
    environment: feel.Environment

    def typed(self) -> dict[str, Any]:
        """The answers to the page's own questions, as they were sent."""
        names = [*(each.question.field for each in self.people), "team_name"]
        names += [f"day-{part}" for part in ("day", "month", "year")]
        sent: dict[str, Any] = {name: request.form.get(name, "").strip() for name in names}
        return sent | {"team": request.form.getlist("team")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was planned and found right."""

    team: str
    variables: dict[str, feel.Value]


def wrong_choice(connection: Connection, urn: str, process_id: str) -> dict[str, str]:
    """What is wrong with the choice of service and process, by the id of the field."""
    service = connection.execute(services.service(urn)).mappings().first()
    named = {each.id: each for each in offered(connection, Door.PLANNING)}.get(process_id)
    errors = {} if service else {"service": "Choose the service"}
    if named is None:
        return errors | {"process": "Choose what to start"}
    if service and not named.terms.offered(Door.PLANNING, service["setting"]):
        what = f"“{named.name}” is not for this service, {_article(service['setting'])}"
        return {"process": f"{what}. Choose another"}
    return errors


def sheet(connection: Connection, urn: str, process_id: str) -> Sheet:
    """What is asked; service and process are right."""
    service = connection.execute(services.service(urn)).mappings().one()
    found = offered(connection, Door.PLANNING, setting=service["setting"])
    offer = next(each for each in found if each.id == process_id)
    terms = offer.terms
    calendar = edge.library().calendar(connection, calendars.newest(connection))
    return Sheet(
        service=service,
        offer=offer,
        people=[
            Asked(
                question=each,
                people=people.holders(connection, each.roles),
                optional=each.variable in terms.optional,
            )
            for each in ONE_PERSON
            if each.variable in terms.variables and (service["setting"] == SECURE or not each.secure_only)
        ],
        team=people.holders(connection, [roles.TEAM_INSPECTOR, roles.LEAD_INSPECTOR])
        if TEAM in terms.variables
        else None,
        day=DAY in terms.variables,
        teams=people.teams(connection),
        form=offer.form(connection),
        context={"service": cases.service_context(service), "setting": service["setting"]},
        environment=feel.Environment(at=edge.now(), calendar=calendar),
    )


def read(asked: Sheet) -> tuple[Plan | None, dict[str, str], forms.Submission | None]:
    """The plan sent, or what is wrong by the id of the field, and the answers to the start event's form."""
    sent = asked.typed()
    day, day_error = _day(sent) if asked.day else (None, "")
    errors = _wrong_choices(sent, asked) | ({"day-day": day_error} if day_error else {})
    answers = None
    if asked.form is not None:
        answers = forms.submit(asked.form, typed_fields(), asked.context, asked.environment)
        errors |= answers.errors
    if errors:
        return None, errors, answers
    variables = dict(answers.values) if answers is not None else {}
    return Plan(team=sent["team_name"], variables=variables | _people(sent, asked, day)), {}, answers


def begin(connection: Connection, asked: Sheet, planned: Plan) -> Case:
    """Starts what was planned."""
    return cases.start(
        connection,
        edge.library(),
        process_id=asked.offer.id,
        service_urn=asked.service["urn"],
        variables=planned.variables,
        team=planned.team,
        by=me().id,
        at=edge.now(),
    )


def _people(sent: Mapping[str, Any], asked: Sheet, day: date | None) -> dict[str, feel.Value]:
    terms: Terms = asked.offer.terms
    given = {each.question.variable: sent[each.question.field] or None for each in asked.people}
    found: dict[str, feel.Value] = {
        each.variable: given.get(each.variable) for each in ONE_PERSON if each.variable in terms.variables
    }
    if asked.team is not None:
        lead = sent.get("lead", "")
        found[TEAM] = list(dict.fromkeys([lead, *sent["team"]] if lead else sent["team"]))
    if asked.day:
        found[DAY] = feel.Date.of(day) if day else None
    return found


def _wrong_choices(sent: Mapping[str, Any], asked: Sheet) -> dict[str, str]:
    errors = {
        each.question.field: each.question.missing
        for each in asked.people
        if not _chosen(sent[each.question.field], dict(each.people), optional=each.optional)
    }
    if asked.team is not None and not set(sent["team"]) <= dict(asked.team).keys():
        errors["team"] = "Choose the team from the list"
    if sent["team_name"] not in asked.teams:
        errors["team_name"] = "Choose the team whose manager oversees the inspection"
    return errors


def _chosen(value: str, known: Collection[str], *, optional: bool) -> bool:
    return value in known or (optional and not value)


def _article(setting: str) -> str:
    return f"{'an' if setting[0] in 'aeiou' else 'a'} {setting}"


def _day(sent: Mapping[str, Any]) -> tuple[date | None, str]:
    """The planned first day, which may be left open, and what is wrong with it."""
    parts = [sent["day-year"], sent["day-month"], sent["day-day"]]
    if not any(parts):
        return None, ""
    try:
        return date(*(int(part) for part in parts)), ""
    except ValueError:
        return None, "The planned first day must be a real date, like 3 12 2026, or left empty"
