"""The plan of an inspection: what must be chosen, and what is wrong with what was."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from sqlalchemy import Connection

from engine import feel
from engine.queries import people, services
from web import roles

PROCESS = "full_inspection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a planner can choose from; people as (id, name)."""

    services: list[Any]
    leads: list[tuple[str, str]]
    team: list[tuple[str, str]]
    education: list[tuple[str, str]]
    health: list[tuple[str, str]]
    teams: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An inspection as it was planned and found right."""

    service_urn: str
    team: str
    variables: dict[str, feel.Value]


def choices(connection: Connection) -> Choices:
    """Everything the form offers."""
    return Choices(
        services=list(connection.execute(services.all_services())),
        leads=people.holders(connection, [roles.LEAD_INSPECTOR]),
        team=people.holders(connection, [roles.TEAM_INSPECTOR, roles.LEAD_INSPECTOR]),
        education=people.holders(connection, [roles.EDUCATION_INSPECTOR]),
        health=people.holders(connection, [roles.HEALTH_INSPECTOR]),
        teams=people.teams(connection),
    )


def typed() -> dict[str, Any]:
    """The plan as it was sent."""
    names = ("service", "lead", "education", "health", "team_name", "day-day", "day-month", "day-year")
    sent: dict[str, Any] = {name: request.form.get(name, "").strip() for name in names}
    return sent | {"team": request.form.getlist("team")}


def read(sent: dict[str, Any], offered: Choices) -> tuple[Plan | None, dict[str, str]]:
    """The plan sent, or what is wrong with it by the id of the field."""
    day, day_error = _day(sent)
    errors = _wrong_choices(sent, offered) | ({"day-day": day_error} if day_error else {})
    if errors:
        return None, errors
    team = list(dict.fromkeys([sent["lead"], *sent["team"]]))
    variables: dict[str, feel.Value] = {
        "lead_inspector": sent["lead"],
        "inspection_team": list(team),
        "education_inspector": sent["education"] or None,
        "health_inspector": sent["health"] or None,
        "planned_first_day": feel.Date.of(day) if day else None,
    }
    return Plan(service_urn=sent["service"], team=sent["team_name"], variables=variables), {}


def _wrong_choices(sent: dict[str, Any], offered: Choices) -> dict[str, str]:
    checks = (
        (
            "service",
            "Choose the service to inspect",
            sent["service"] in {each.urn for each in offered.services},
        ),
        ("lead", "Choose the lead inspector", sent["lead"] in dict(offered.leads)),
        ("team", "Choose the team from the list", set(sent["team"]) <= dict(offered.team).keys()),
        ("education", "Choose the education inspector", sent["education"] in dict(offered.education)),
        ("health", "Choose the health inspector", sent["health"] in dict(offered.health)),
        (
            "team_name",
            "Choose the team whose manager oversees the inspection",
            sent["team_name"] in offered.teams,
        ),
    )
    return {name: message for name, message, right in checks if not right}


def _day(sent: dict[str, Any]) -> tuple[date | None, str]:
    """The planned first day, which may be left open, and what is wrong with it."""
    parts = [sent["day-year"], sent["day-month"], sent["day-day"]]
    if not any(parts):
        return None, ""
    try:
        return date(*(int(part) for part in parts)), ""
    except ValueError:
        return None, "The planned first day must be a real date, like 3 12 2026, or left empty"
